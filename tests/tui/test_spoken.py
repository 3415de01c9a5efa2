"""Texts that name keys: they name those in force."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from studyapp.packs.lesson_parts import LessonPart, Prose
from studyapp.packs.pack import load_pack
from studyapp.packs.places import content_folder
from studyapp.packs.prose import Paragraph
from studyapp.tui.keymap import places, sound
from studyapp.tui.spoken import keys_of, quietly, spoken, written_keys
from studyapp.tui.widgets.section import keys_after
from studyapp.wiring import FIRST_PACK
from tests.house.tree import ROOT
from tests.tui.room import Room, Visit

TUI = ROOT / "studyapp" / "tui"
NAMES_A_KEY = re.compile(
    r"\b(?:esc|enter|tab|space|backspace|ctrl\+\w|page (?:up|down)|F\d+|arrows)\b"
    r"|\b[Pp]ress (?!a )[a-z.,!?]\b|\bwith (?!a )[a-z.,](?= |$)"
)
ACTION = re.compile(r"\{([a-z-]+\.[a-z-]+)\}")
ITS_OWN = {
    "Press the new key. esc leaves it as it is.": "the dialog that takes any key keeps this one for itself",
    "ctrl+q": "no text",
    "ctrl+c": "no text",
    "escape,enter,space,w,l,q": "keys, no text",
    "escape,question_mark,f1,q,enter": "keys, no text",
}
WHERE_KEYS_ARE_MADE = ("keys.py", "keymap.py", "diagram_keys.py")


def texts() -> Iterator[tuple[str, str]]:
    """Every text of the full screen that is no docstring, with its file."""
    for path in sorted(TUI.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
                yield path.name, node.value


def test_no_text_names_a_key_that_may_have_been_changed() -> None:
    found = [
        (name, text)
        for name, text in texts()
        if name not in WHERE_KEYS_ARE_MADE
        and text not in ITS_OWN
        and NAMES_A_KEY.search(re.sub(r"\{[^}]*\}", "KEY", text))
    ]
    assert not found, "write the id of the action in braces, and let spoken() name its key"


def test_every_action_that_a_text_names_is_there() -> None:
    known = {binding.id for _, bindings in places() for binding in bindings}
    named = {action for _, text in texts() for action in ACTION.findall(text)}
    assert len(named) > 20
    assert not named - known


@pytest.mark.parametrize(
    "text, keymap, said",
    [
        ("Press {question.retry}.", {}, "Press r."),
        ("Press {question.retry}.", {"question.retry": "z"}, "Press z."),
        ("{feedback.step-back} and {feedback.step}", {"feedback.step": "f5"}, ", and F5"),
        ("{scroll.page-down}", {}, "page down"),
        ("{diagram.play} {last} {x}", {}, "space {last} {x}"),
    ],
)
def test_an_action_is_named_by_its_first_key(text: str, keymap: dict[str, str], said: str) -> None:
    assert spoken(text, keymap) == said


def test_a_key_in_quiet_words_is_bold() -> None:
    told = quietly("step with {feedback.step-back} and {feedback.step}", {"feedback.step": "left_square_bracket"})
    assert told.plain == "step with , and left_square_bracket"
    bold = [told.plain[span.start : span.end] for span in told.spans if "bold" in str(span.style)]
    assert bold == [",", "left_square_bracket"]


def test_all_keys_of_an_action() -> None:
    assert keys_of("certainty.think-so", {}) == ("2", "enter")
    assert keys_of("certainty.think-so", {"certainty.think-so": "t"}) == ("t",)


@pytest.mark.parametrize(
    "where, keymap, written",
    [
        (("Diagram", "Feedback"), {}, {}),
        (("Diagram", "Feedback"), {"diagram.why": "y"}, {"w": "y"}),
        (("Diagram", "Feedback"), {"feedback.what-if": "y"}, {}),
        (("Feedback", "Diagram"), {"feedback.what-if": "y"}, {"w": "y"}),
        (("Lesson",), {"diagram.why": "y"}, {}),
        (("Lesson", "Everywhere"), {"app.commands": "f7"}, {"ctrl+p": "F7"}),
    ],
)
def test_a_key_in_prose_is_that_of_the_first_place_where_it_works(
    where: tuple[str, ...], keymap: dict[str, str], written: dict[str, str]
) -> None:
    assert written_keys(keymap, where) == written


# -- on the screens ---------------------------------------------------------------------------------------------------

OTHERS = {
    "options.toggle": "ctrl+n",
    "options.up": "ctrl+e",
    "options.down": "ctrl+d",
    "options.lock": "ctrl+l",
    "certainty.guess": "f6",
    "certainty.think-so": "f7",
    "certainty.sure": "f8",
    "feedback.step": "ctrl+f",
    "feedback.step-back": "ctrl+b",
    "diagram.break": "ctrl+x",
    "diagram.play": "ctrl+y",
    "diagram.repair": "ctrl+r",
    "diagram.why": "ctrl+w",
    "diagram.undo": "ctrl+u",
    "diagram.start-over": "ctrl+o",
    "home.packs": "f4",
    "app.settings": "f12",
    "list.choose": "ctrl+g",
    "exam.start": "ctrl+s",
    "exam.extra": "ctrl+a",
    "scroll.page-up": "ctrl+j",
}
"""Keys of a person's own for every action that a text on the main screens names."""


def test_the_main_screens_name_no_key_that_a_person_has_changed(tmp_path: Path) -> None:
    room = Room(tmp_path)
    assert sound(OTHERS) == (OTHERS, ())

    async def hand(visit: Visit) -> None:
        visit.app.desk.settings = replace(visit.app.desk.settings, keys=OTHERS)
        visit.app.obey()
        visit.app.tell()
        await visit.press("end")
        await visit.sees("Install, remove and check packs F4", "keys of your own F12")
        await visit.press("home", "ctrl+g")
        await visit.sees("Press ctrl+y to see what happens.")
        await visit.press("tab", "ctrl+y")
        await visit.sees("esc just watches")
        await visit.press("escape", "tab", "tab", "1")
        await visit.sees("or ctrl+e ctrl+d and ctrl+n. Then ctrl+l.")
        await visit.press("ctrl+l")
        await visit.sees("F6 guess F7 think so F8 sure")
        await visit.press("f8", "ctrl+b")
        await visit.sees("step with ctrl+b and ctrl+f")
        await visit.press("question_mark")
        await visit.sees("Keys that work here")
        await visit.press("end")
        await visit.sees("ctrl+j and page down scroll everywhere; esc closes this list.")
        await visit.press("escape", "escape", "escape", "b", "1")
        await visit.sees("break with ctrl+x, repair with ctrl+r, play with ctrl+y. ctrl+w says why, ctrl+u takes back")
        await visit.press("escape", "escape", "e")
        await visit.sees("ctrl+a changes it", "Press ctrl+s to start the clock")

    room.enter(hand, size=(120, 60))


def test_what_was_said_before_a_key_was_changed_is_said_anew(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("enter")
        await visit.sees("Press space to see what happens.")
        await visit.press("tab", "tab", "tab")
        await visit.sees("and space. Then enter.")
        await visit.press("f9")
        visit.app.desk.settings = replace(visit.app.desk.settings, keys={"options.toggle": "z", "diagram.play": "y"})
        visit.app.obey()
        await visit.press("escape")
        await visit.sees("and z. Then enter.")
        await visit.press("z")
        await visit.sees("(●)")
        await visit.press("shift+tab", "shift+tab")
        await visit.sees("Press y to see what happens.")

    room.enter(hand, size=(120, 60))


# -- in the course ----------------------------------------------------------------------------------------------------

OF_THE_TOUR = (
    *(
        ("esc", "app.back"),
        ("enter", "lesson.go-on"),
        ("esc", "app.back"),
        ("?", "app.help"),
        ("ctrl+p", "app.commands"),
    ),
    *(("tab", "lesson.next-part"), ("x", "diagram.break"), ("space", "diagram.play"), ("w", "diagram.why")),
    *(("r", "diagram.repair"), ("0", "diagram.start-over"), (".", "feedback.step"), (",", "feedback.step-back")),
    *(("w", "feedback.what-if"), ("v", "feedback.variant"), ("n", "lesson.note"), ("m", "lesson.bookmark")),
    *(("s", "lesson.search"), ("/", "lesson.find")),
)
"""The keys that the tour speaks of, in its order, and what it says that each does."""


def test_the_tour_names_the_key_of_what_it_speaks_of() -> None:
    pack, problems = load_pack(content_folder() / FIRST_PACK)
    assert pack is not None, problems
    named: list[tuple[str, tuple[str, ...]]] = []
    for section in pack.lesson("two-minutes").sections:
        after: LessonPart | None = None
        for part in section.parts:
            if isinstance(part, Prose):
                spans = (span for block in part.blocks if isinstance(block, Paragraph) for span in block.spans)
                named += [(span.text, keys_after(after)) for span in spans if "code" in span.style]
            after = part
    assert [key for key, _ in named] == [key for key, _ in OF_THE_TOUR]
    for (key, where), (_, action) in zip(named, OF_THE_TOUR, strict=True):
        assert written_keys({action: "f12"}, where).get(key) == "F12", (key, action)
