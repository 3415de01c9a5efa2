"""The program's own themes. Words stand out from what is behind them by 7 to 1, quiet words by 4.5 to 1; with high
contrast quiet ones by 7 to 1 too.

Many terminals show 256 colours or 16, and the nearest of those must still be told apart: no brown on white, which
becomes yellow, and no grey behind the words of what is chosen, which becomes as light as they are.
"""

from __future__ import annotations

from dataclasses import replace

from textual.theme import Theme

DARK = Theme(
    name="studyapp-dark",
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
        "chosen": "#142472",
        "block-cursor-background": "#142472",
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
    name="studyapp-light",
    dark=False,
    background="#fbfbf8",
    surface="#f2f2ed",
    panel="#e6e7e1",
    foreground="#15191e",
    primary="#0a4a94",
    secondary="#5a2daa",
    accent="#782800",
    success="#054b19",
    warning="#692800",
    error="#8f1414",
    variables={
        "quiet": "#4d5763",
        "line": "#a9b0b8",
        "code": "#6e2800",
        "track": "#c9cdd2",
        "chosen": "#d3e3f6",
        "block-cursor-background": "#d3e3f6",
        "block-cursor-foreground": "#15191e",
        "block-cursor-blurred-background": "#e6e7e1",
        "block-hover-background": "#e6e7e1",
        "footer-background": "#e6e7e1",
        "footer-key-foreground": "#782800",
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

CONTRAST = Theme(
    name="studyapp-contrast",
    dark=True,
    background="#000000",
    surface="#000000",
    panel="#000000",
    foreground="#ffffff",
    primary="#9fe0ff",
    secondary="#f3c8ff",
    accent="#ffe45c",
    success="#7dff9b",
    warning="#ffe45c",
    error="#ffc2be",
    variables={
        "quiet": "#e6e6e6",
        "line": "#ffffff",
        "code": "#ffeeb0",
        "track": "#8f8f8f",
        "chosen": "#002a66",
        "block-cursor-background": "#002a66",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-blurred-background": "#000000",
        "block-hover-background": "#002a66",
        "footer-background": "#000000",
        "footer-key-foreground": "#ffe45c",
        "footer-description-foreground": "#ffffff",
        "scrollbar": "#8f8f8f",
        "scrollbar-hover": "#ffffff",
        "scrollbar-active": "#ffe45c",
        "scrollbar-background": "#000000",
        "scrollbar-background-hover": "#000000",
        "scrollbar-background-active": "#000000",
        "scrollbar-corner-color": "#000000",
        "border": "#ffffff",
        "border-blurred": "#ffffff",
    },
)

THEMES = {"dark": DARK, "light": LIGHT, "high-contrast": CONTRAST}
"""Each theme by what it is called in the settings, in the order in which a key changes them."""


def without_colours(theme: Theme) -> Theme:
    """The theme where there are none: what a colour would mark is as clear as words, not as grey as what is quiet."""
    clear = theme.foreground
    named = dict.fromkeys(("code", "border", "footer-key-foreground", "footer-description-foreground"), str(clear))
    return replace(
        theme,
        primary=str(clear),
        secondary=clear,
        accent=clear,
        success=clear,
        warning=clear,
        error=clear,
        variables={**theme.variables, **named},
    )
