"""Every screen at every size, without colours, in both themes, and full of text that would like to be obeyed."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from textual.color import Color
from textual.theme import Theme

from studyapp.packs.content import Pack
from studyapp.tui.folding import in_ascii
from studyapp.tui.screens.base import Cover
from studyapp.tui.themes import THEMES
from studyapp.tui.widgets.options import Options
from tests.plain.test_harmless import hostile
from tests.tui.room import Room, Visit
from tests.tui.test_keys import keys_are_told
from tests.tui.tour import LARGE, MAIN, SCREENS, back_home, grand, tour, tour_room

HIDDEN = set("\u202e\u2066\u200b\ufeff")
TOLD = {
    "home": "The first lesson",
    "help": "Keys that work here",
    "commands found": "Small things",
    "settings": "What it looks like",
    "a day to type": "When is your exam?",
    "a new key": "Press the new key.",
    "search": "Type some words",
    "found": "place",
    "packs": "Small things",
    "a path to type": "Install a pack",
    "free play": "Choose a cluster",
    "a cluster": "free play",
    "what goes wrong": "What goes wrong with",
    "why": "Why",
    "signs": "What the signs mean",
    "lesson": "Here is a pair.",
    "prediction": "Before you watch",
    "how sure of a prediction": "How sure are you?",
    "predicted": "You said",
    "note": "Note",
    "terms": "Terms",
    "glossary": "Glossary",
    "end of the lesson": "Next lesson",
    "practice": "How many questions?",
    "placement": "Placement quiz",
    "question design": "Choose all",
    "feedback text": "Wrong.",
    "nothing chosen": "Nothing is chosen yet",
    "hint": "Hint",
    "how sure": "How sure are you?",
    "replay": "▸",
    "report": "What is wrong with this question?",
    "end of practice": "0 of 1 right",
    "statistics": "Altogether",
    "rules": "10 min",
    "exam": "Question 1 of 2",
    "all questions": "flagged",
    "review": "Hand in",
    "confirmation": "Hand in now?",
    "result": "of 1000",
    "looking back": "looking back",
}
"""What can be read on a screen of the small pack."""


def small(pack: Pack) -> Pack:
    """As it is."""
    return pack


CHANGES: Mapping[str, Callable[[Pack], Pack]] = {"small": small, "hostile": hostile, "grand": grand}
QUICK = [
    ("small", MAIN, (60, 16)),
    ("hostile", (*MAIN, "feedback list", "glossary"), (80, 24)),
    ("grand", LARGE, (60, 16)),
]
SLOW = [(name, SCREENS, size) for name in CHANGES for size in ((60, 16), (80, 24), (140, 45), (200, 60))]


@pytest.mark.parametrize(
    "name, places, size", [*QUICK, *(pytest.param(*each, marks=pytest.mark.nightly) for each in SLOW)]
)
def test_every_screen_fits_tells_its_keys_and_obeys_nothing(
    tmp_path: Path, name: str, places: Iterable[str], size: tuple[int, int]
) -> None:
    """Also with a pack that would like to be obeyed, and with one that has as much of everything as there may be."""
    room = tour_room(tmp_path)
    room.pack = CHANGES[name](room.pack)
    seen: dict[str, str] = {}

    async def hand(visit: Visit) -> None:
        async for where in tour(visit, places):
            seen[where] = visit.text
            lines = visit.text.split("\n")
            assert len(lines) <= size[1], where
            assert all(cell_len(line) <= size[0] for line in lines), f"{where}:\n{visit.text}"
            assert not [c for c in visit.text if unicodedata.category(c) == "Cc" and c != "\n"], where
            assert not HIDDEN & set(visit.text), where
            keys_are_told(visit.app.screen, where)
            # A click on a word of the pack does no more than a click.
            await visit.pilot.hover(offset=(10, 5))
        await back_home(visit)

    room.enter(hand, size=size)
    if name == "small":
        for where, text in ((each, TOLD[each]) for each in seen if each in TOLD):
            assert text in seen[where], f"{where}:\n{seen[where]}"
    if name == "hostile":
        for where in ("home", "lesson", "question crash", "feedback list", "free play", "glossary", "rules", "result"):
            assert "[/]" in seen[where] or "␛[2J" in seen[where], f"{where}:\n{seen[where]}"


def test_a_window_that_is_too_small_says_so_and_nothing_is_lost(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("p", "enter", "1")
        before = visit.text
        chosen = visit.app.screen.query_one(Options).response
        await visit.pilot.resize_terminal(40, 10)
        await visit.until(lambda: bool(visit.app.screen.query(Cover)))
        await visit.pilot.pause()
        assert visit.text.strip() == "The window must be 60×16 (now 40×10)."
        await visit.press("2", "enter", "2", "escape", "q", "question_mark")
        await visit.pilot.resize_terminal(80, 24)
        await visit.until(lambda: not visit.app.screen.query(Cover))
        await visit.pilot.pause()
        assert visit.app.screen.query_one(Options).response == chosen
        assert visit.text == before

    room.enter(hand)
    assert not room.reviews


def test_a_program_started_too_small_can_be_used_once_it_is_larger(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        assert "The window must be 60×16" in visit.text
        await visit.pilot.resize_terminal(80, 24)
        await visit.sees("Start here")
        await visit.press("enter")
        await visit.sees("Here is a pair.")

    room.enter(hand, size=(40, 10))


def test_without_colours_everything_is_there_in_words_and_signs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        assert visit.app.no_color
        assert visit.app.theme == THEMES["dark"].name
        assert "❯ Lesson 1" in visit.text, "the cursor is a mark"
        assert style_of(visit, "Start here").color == style_of(visit, "Statistics").color, "as clear as the words"
        await visit.press("p", "enter")
        assert "❯ 1" in visit.text
        await visit.press("1")
        assert "[x]" in visit.text or "(●)" in visit.text
        await visit.press("enter", "2")
        assert "right" in visit.text
        assert "✔" in visit.text or "✖" in visit.text or "◐" in visit.text

    room.enter(hand)


def test_the_palette_tells_without_colours_which_command_is_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def hand(visit: Visit) -> None:
        for _ in THEMES:
            await visit.press("ctrl+p")
            await visit.sees("Do what the row says", "Go to the lessons")
            marked, other = (style_of(visit, text).bgcolor for text in ("Do what the row says", "Go to the lessons"))
            assert marked is not None
            assert other is not None
            assert contrast(marked.get_truecolor().hex, other.get_truecolor().hex) >= 4.5, visit.app.theme
            await visit.press("escape", "ctrl+t")

    Room(tmp_path).enter(hand)


def style_of(visit: Visit, text: str) -> Style:
    """The look of a text on the screen."""
    segments = (segment for strip in visit.app.screen._compositor.render_strips() for segment in strip)
    style = next(segment.style for segment in segments if text in segment.text)
    assert style is not None
    return style


def test_without_unicode_everything_is_ascii(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "C")
    places = ("home", "help", "settings", "what goes wrong", "prediction", "feedback crash", "replay", "all questions")

    async def hand(visit: Visit) -> None:
        async for where in tour(visit, places):
            assert visit.text.isascii(), f"{where}: {sorted({c for c in visit.text if not c.isascii()})}"
            assert "  " in visit.text, where

    tour_room(tmp_path).enter(hand)


@pytest.mark.parametrize(
    "text, told",
    [
        ("❯ 1 (●) vm1 · …", "> 1 (*) vm1 - ~"),
        ("╭──┬─╮│┃║", "+--+-+|||"),
        ("é ü ß ﬁ", "e u ? f"),
        ("東京", "????"),
        ("e\u0301", "e"),
        ("▁▂█▓▒░", "  ##+."),
    ],
)
def test_what_stands_for_a_sign_takes_as_many_columns(text: str, told: str) -> None:
    assert in_ascii(text) == told
    assert len(told) == cell_len(text)


def test_every_theme_can_be_had_and_words_stand_out(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        for theme in (*THEMES.values(), THEMES["dark"]):
            assert visit.app.theme == theme.name
            await visit.press("ctrl+t")

    room.enter(hand)
    for name, theme in THEMES.items():
        words, marks, quiet, grounds = parts(theme)
        for ground in grounds:
            for word, least in [
                *((w, 7.0) for w in words),
                *((w, 7.0 if name == "high-contrast" else 4.5) for w in (*marks, *quiet)),
            ]:
                ratio = contrast(word, ground)
                assert ratio >= least, f"{theme.name}: {word} on {ground} is {ratio:.1f}"


def parts(theme: Theme) -> tuple[list[str], list[str], list[str], list[str]]:
    """The colours of a theme: of words, of marks, of quiet words, and of what is behind all of them."""
    marks = (theme.primary, theme.secondary, theme.accent, theme.success, theme.warning, theme.error)
    quiet = [theme.variables["quiet"], theme.variables["code"]]
    grounds = (theme.background, theme.surface, theme.panel, theme.variables["chosen"])
    return [str(theme.foreground)], [*map(str, marks)], quiet, [*map(str, grounds)]


# The colours that xterm shows for the 16 (`XTerm-col.ad`).
SIXTEEN = TerminalTheme(
    (0, 0, 0),
    (229, 229, 229),
    [(0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229)],
    [
        *[(127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0)],
        *[(92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255)],
    ],
)


@pytest.mark.parametrize("no_color", [False, True])
@pytest.mark.parametrize("system", [ColorSystem.EIGHT_BIT, ColorSystem.STANDARD])
@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_words_stand_out_where_a_terminal_has_few_colours(theme: Theme, system: ColorSystem, no_color: bool) -> None:
    """Grey is the one of 16 colours that lies between, and stands out from white by no more than 3.9 to 1."""

    def seen(colour: str) -> str:
        shown = Color.parse(colour).monochrome.hex if no_color else colour
        return RichColor.parse(shown).downgrade(system).get_truecolor(SIXTEEN).hex

    words, marks, quiet, grounds = parts(theme)
    for ground in grounds:
        for word in (*words, *marks, *quiet):
            grey = seen(word) == "#7f7f7f"
            ratio = contrast(seen(word), seen(ground))
            assert ratio >= (3.9 if grey else 4.5), f"{theme.name}: {word} on {ground} is {ratio:.1f}"


def contrast(one: str, other: str) -> float:
    """The ratio of contrast of two colours, as the web's rules for accessibility define it."""

    def light(colour: str) -> float:
        parts = [
            part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
            for part in Color.parse(colour).normalized
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
