"""Every kind of block can be heard: what a page shows by its looks is a word here."""

from __future__ import annotations

from textwrap import dedent

import pytest

from studyapp.packs.lesson_parts import CheckpointPart, ComparePart, LessonPart, Prose
from studyapp.packs.pack import load_pack
from studyapp.packs.places import content_folder
from studyapp.packs.prose import Paragraph, parse_prose
from studyapp.packs.scenarios import load_scenario
from studyapp.plain.keys import in_words, words_after
from studyapp.plain.prose import one_line, prose_lines
from studyapp.tui.keymap import places
from studyapp.tui.keys import shown
from studyapp.wiring import FIRST_PACK
from tests.plain.desk import PACK

PAIR = load_scenario(PACK["scenarios/pair.yaml"])
DIAGRAM, QUESTION = ComparePart(PAIR, PAIR), CheckpointPart("votes")


def told(markdown: str, width: int = 60) -> str:
    return "\n".join(prose_lines(parse_prose(dedent(markdown).strip()), width))


def test_paragraphs_lose_their_marks_and_keep_their_words() -> None:
    assert told("The *hosts* are **clustered**; `app` runs in vm2.") == "The hosts are clustered; app runs in vm2."


def test_code_of_several_words_is_quoted() -> None:
    assert told("Type `Get-ClusterNode n1` now.") == 'Type "Get-ClusterNode n1" now.'


def test_a_link_is_followed_by_its_address() -> None:
    assert told("Read [this](https://example.test/x).") == "Read this (https://example.test/x)."
    assert told("<https://example.test/x>") == "https://example.test/x"


def test_a_heading_is_said_to_be_one() -> None:
    assert told("### Votes\n\nCount them.") == "Heading: Votes\n\nCount them."


def test_lists_keep_their_order_and_depth() -> None:
    text = """
    3. three
    4. four
       - inside
    """
    assert told(text) == "3. three\n\n4. four\n\n   - inside"


def test_an_alert_and_a_quotation_say_what_they_are() -> None:
    assert told("> [!WARNING]\n> Mind the gap.") == "Warning:\n  Mind the gap."
    assert told("> So it is.") == "Quotation:\n  So it is."


def test_code_stays_as_it_is_written() -> None:
    assert told("```powershell\nGet-ClusterNode |\n  Stop-Node\n```") == (
        "Code (powershell):\n    Get-ClusterNode |\n      Stop-Node"
    )


def test_a_table_is_told_row_by_row_with_names() -> None:
    table = "| role | owners |\n| --- | --- |\n| sql | n4, n2 |\n| files | |"
    assert told(table) == "Table, 2 rows:\n- role: sql; owners: n4, n2\n- role: files; owners: nothing"


def test_a_wide_row_has_a_line_for_each_cell() -> None:
    table = "| question | answer |\n| --- | --- |\n| Who notices a dead host? | The other hosts, by its silence |"
    assert told(table, 44) == (
        "Table, 1 row:\n- question: Who notices a dead host?\n  answer: The other hosts, by its silence"
    )


@pytest.mark.parametrize("width", [20, 40, 80])
def test_lines_fit(width: int) -> None:
    text = "> - Some words that are long enough to be wrapped, and `code` too.\n\n1. " + "word " * 40
    assert all(len(line) <= width for line in told(text, width).split("\n"))


def test_blocks_become_one_line_for_an_option() -> None:
    assert one_line(parse_prose("It starts **vm2**\nelsewhere.")) == "It starts vm2 elsewhere."


@pytest.mark.parametrize(
    "after, said, told",
    [
        (None, "Press `space` and watch; `0` starts over.", 'Type "play" and watch; "over" starts over.'),
        (DIAGRAM, "Select web2, press `x` and choose *hang*.", 'Select web2, type "break" and choose hang.'),
        (QUESTION, "Wrong? Then press `w`, or `v`.", 'Wrong? Then type "why not", or "variant".'),
        (QUESTION, "On the full screen `.` and `,` step.", "On the full screen . and , step."),
        (None, "If not, press `esc`. `?` helps.", 'If not, type "lessons". "help" helps.'),
        (None, "`tab` leads into it, and `enter` on.", "tab leads into it, and enter on."),
        (None, "Press home. *x* is no key, nor is `x1`.", "Press home. x is no key, nor is x1."),
    ],
)
def test_keys_in_lessons_are_told_by_the_words_to_type(after: LessonPart | None, said: str, told: str) -> None:
    assert one_line([in_words(block, words_after(after)) for block in parse_prose(said)]) == told


def test_every_key_of_the_tour_has_a_word_or_is_one_of_the_full_screen_alone() -> None:
    """Line by line a learner types everything that is told: no key is left over but on the full screen."""
    pack, problems = load_pack(content_folder() / FIRST_PACK)
    assert pack is not None, problems
    for lesson in pack.lessons:
        for section in pack.lesson(lesson.id).sections:
            before: LessonPart | None = None
            for part in section.parts:
                for block in part.blocks if isinstance(part, Prose) else ():
                    told = in_words(block, words_after(before))
                    spans = told.spans if isinstance(told, Paragraph) else ()
                    left = [span.text for span in spans if "code" in span.style and span.text in KEYS]
                    assert not left or "full screen" in one_line([told]), (lesson.id, left)
                before = part


KEYS = {shown(key) for _, bindings in places() for binding in bindings for key in binding.key.split(",")} - {"enter"}
