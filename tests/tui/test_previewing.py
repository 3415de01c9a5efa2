"""What is shown of a file is worked out whatever is wrong with it, and so is what is said around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.packs.check import check_pack
from studyapp.packs.draft import Draft
from studyapp.packs.facts import load_facts
from studyapp.tui.previewing import View, named_variants, view_of
from studyapp.tui.screens.preview_words import found_pieces, head_pieces
from studyapp.tui.widgets.claims import below_question, beside_options, claim_lines
from studyapp.tui.widgets.shown import FACES
from tests.packs.cases import GOLDEN, RIGHT, Case, cases, write_pack

CASES = [case for path in sorted(GOLDEN.glob("*.txt")) for case in cases(path.name)]


def said(view: View) -> str:
    """Everything that is said of a view, as text."""
    pieces = [
        *head_pieces(view, view, FACES[0]),
        *below_question(view),
        *(piece for judged in beside_options(view).values() for piece in judged.reason),
        *claim_lines(view.claims),
        *found_pieces(view.page.problems, view, running=False, fresh=True),
    ]
    return "\n".join(line.plain for piece in pieces for line in piece.lines(60))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_file_of_every_broken_pack_can_be_looked_at(case: Case, tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "pack", case.files)
    draft = Draft(folder)
    facts = load_facts()
    for name in [file.name for file in draft.files]:
        view = view_of(draft, facts, name, 0)
        told = said(view)
        assert told
        assert all(character == "\n" or character.isprintable() for character in told), name
        if not view.good:
            assert view.page.problems or view.page.told or view.trouble, f"{name}: nothing says why it is not shown"
        for number in range(1, min(view.total, 3)):
            said(view_of(draft, facts, name, number))


def test_what_reading_a_file_finds_is_what_a_check_finds_in_it(tmp_path: Path) -> None:
    """Nothing that is found while a file is shown goes away once the pack has been proved."""
    for number, case in enumerate(CASES):
        folder = write_pack(tmp_path / str(number), case.files)
        report = check_pack(folder, beliefs=False)
        if not report.ran or any(problem.path == "pack.yaml" for problem in report.problems):
            continue
        draft = Draft(folder)
        for file in draft.files:
            for problem in draft.read(file.name).problems:
                assert problem in report.problems, f"{case.name}: {problem.format()}"


def test_a_variant_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    text = RIGHT["questions/good.md"].replace("host: [host1, host2, host3]", "host: [host1, nowhere]")
    draft = Draft(write_pack(tmp_path / "pack", {"questions/good.md": text}))
    first, second = (view_of(draft, load_facts(), "questions/good.md", number) for number in (0, 1))
    assert first.variant is not None
    assert second.variant is None
    assert second.total == 2
    assert "nowhere" in second.trouble


def test_a_family_without_variants_says_so(tmp_path: Path) -> None:
    text = RIGHT["questions/good.md"].replace("timeline:", 'where: host == "none"\ntimeline:')
    view = view_of(
        Draft(write_pack(tmp_path / "pack", {"questions/good.md": text})), load_facts(), "questions/good.md", 5
    )
    assert "no combination of the varied values meets where" in view.trouble


def test_a_number_beyond_the_last_is_that_of_the_last(tmp_path: Path) -> None:
    view = view_of(Draft(write_pack(tmp_path / "pack", {})), load_facts(), "questions/good.md", 99)
    assert (view.number, view.total) == (2, 3)


def test_the_variants_that_findings_name_are_found(tmp_path: Path) -> None:
    text = RIGHT["questions/good.md"].replace('- [not moved("sql")]', '- [moved("sql")]')
    folder = write_pack(tmp_path / "pack", {"questions/good.md": text})
    found = check_pack(folder, beliefs=False).problems
    view = view_of(Draft(folder), load_facts(), "questions/good.md", 0)
    # Each finding names the first variant that shows it: both options hold when host1 is lost, none when host2 is.
    assert named_variants(view, found) == (0, 1)
    assert named_variants(view, ()) == ()
