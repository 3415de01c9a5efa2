"""The program's own two themes. Words stand out from what is behind them by 7 to 1, quiet words by 4.5 to 1."""

from __future__ import annotations

from textual.theme import Theme

DARK_NAME = "studyapp-dark"
LIGHT_NAME = "studyapp-light"

DARK = Theme(
    name=DARK_NAME,
    dark=True,
    background="#11151a",
    surface="#181d24",
    panel="#222932",
    foreground="#eef2f6",
    primary="#82bdff",
    secondary="#c3aaff",
    accent="#ffbf66",
    success="#86dd97",
    warning="#ffd07a",
    error="#ff9a96",
    variables={
        "quiet": "#a8b3c0",
        "line": "#46515f",
        "code": "#ffd9a8",
        "track": "#39434f",
        "chosen": "#2b3a4d",
        "block-cursor-background": "#2b3a4d",
        "block-cursor-foreground": "#eef2f6",
        "block-cursor-blurred-background": "#222932",
        "block-hover-background": "#222932",
        "footer-background": "#181d24",
        "footer-key-foreground": "#ffbf66",
        "footer-description-foreground": "#d3dbe4",
        "scrollbar": "#39434f",
        "scrollbar-hover": "#56646f",
        "scrollbar-active": "#82bdff",
        "scrollbar-background": "#11151a",
        "scrollbar-background-hover": "#181d24",
        "scrollbar-background-active": "#181d24",
        "scrollbar-corner-color": "#11151a",
        "border": "#82bdff",
        "border-blurred": "#46515f",
    },
)

LIGHT = Theme(
    name=LIGHT_NAME,
    dark=False,
    background="#fbfbf8",
    surface="#f2f2ed",
    panel="#e6e7e1",
    foreground="#15191e",
    primary="#0a4a94",
    secondary="#5a2ea6",
    accent="#7a3d00",
    success="#0c5423",
    warning="#6b4400",
    error="#8f1414",
    variables={
        "quiet": "#4d5763",
        "line": "#a9b0b8",
        "code": "#6d2f00",
        "track": "#c9cdd2",
        "chosen": "#d3e3f6",
        "block-cursor-background": "#d3e3f6",
        "block-cursor-foreground": "#15191e",
        "block-cursor-blurred-background": "#e6e7e1",
        "block-hover-background": "#e6e7e1",
        "footer-background": "#e6e7e1",
        "footer-key-foreground": "#7a3d00",
        "footer-description-foreground": "#15191e",
        "scrollbar": "#b4bac1",
        "scrollbar-hover": "#8b949e",
        "scrollbar-active": "#0a4a94",
        "scrollbar-background": "#fbfbf8",
        "scrollbar-background-hover": "#f2f2ed",
        "scrollbar-background-active": "#f2f2ed",
        "scrollbar-corner-color": "#fbfbf8",
        "border": "#0a4a94",
        "border-blurred": "#a9b0b8",
    },
)

THEMES = (DARK, LIGHT)
