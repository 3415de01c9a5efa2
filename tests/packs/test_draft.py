"""One file of a pack at a time, whatever is wrong with the others; and its claims in words with their values."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.exams.blueprint import Blueprint
from studyapp.packs.claimed import claimed, claimed_in_lesson
from studyapp.packs.content import Lesson
from studyapp.packs.draft import GONE, KEPT, NO_OBJECTIVES, NOT_WHOLE, Draft
from studyapp.packs.manifest import Manifest
from studyapp.packs.questions import QuestionSource
from studyapp.packs.watching import CannotWatch, look
from studyapp.questions.variants import make_variant
from tests.plain.desk import write_pack


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small pack."""
    return write_pack(tmp_path / "small")


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_files_stand_in_the_order_of_the_format(folder: Path) -> None:
    write(folder, "assets/picture.txt", "x")
    write(folder, "README.md", "x")
    names = [file.name for file in Draft(folder).files]
    assert names == [
        "pack.yaml",
        "README.md",
        "lessons/01-first.md",
        "lessons/02-second.md",
        "scenarios/alone.yaml",
        "scenarios/pair.yaml",
        "questions/crash.md",
        "questions/votes.md",
        "exams/short.yaml",
        "assets/picture.txt",
    ]


@pytest.mark.parametrize(
    "name,kind",
    [
        ("pack.yaml", Manifest),
        ("lessons/01-first.md", Lesson),
        ("questions/crash.md", QuestionSource),
        ("exams/short.yaml", Blueprint),
    ],
)
def test_each_kind_of_file_is_read(folder: Path, name: str, kind: type) -> None:
    page = Draft(folder).read(name)
    assert isinstance(page.content, kind)
    assert not page.problems
    assert not page.told


def test_a_file_is_read_whatever_is_wrong_with_the_others(folder: Path) -> None:
    write(folder, "pack.yaml", "nothing: [")
    write(folder, "questions/votes.md", "\x1b[2J")
    write(folder, "scenarios/alone.yaml", "hosts: 3\n")
    draft = Draft(folder)
    assert isinstance(draft.read("questions/crash.md").content, QuestionSource)
    assert draft.read("pack.yaml").content is None
    assert {problem.code for problem in draft.read("questions/votes.md").problems} == {"hostile-character"}
    assert draft.read("scenarios/alone.yaml").problems


def test_what_is_wrong_is_told_with_the_file_that_it_is_in(folder: Path) -> None:
    write(folder, "scenarios/pair.yaml", "hosts: 3\n")
    page = Draft(folder).read("questions/crash.md")
    assert page.content is None
    assert page.problems == ()
    assert page.told == NOT_WHOLE
    assert {(problem.path, problem.code) for problem in page.others} >= {("scenarios/pair.yaml", "wrong-type")}
    write(folder, "pack.yaml", "format: 1\n")
    assert Draft(folder).read("exams/short.yaml").told == NO_OBJECTIVES
    write(folder, "assets/note.txt", "x")
    draft = Draft(folder)
    assert draft.read("assets/note.txt").told == KEPT
    assert draft.read("lessons/99-none.md").told == GONE


BASE = """\
---
kind: choice
objective: hosts
---
Is it so?

- [x] Yes.
- [ ] No.

## Why
It is.
"""
BROKEN_BASES = {
    "scenarios/over.yaml": ("extends: pair\n", "scenarios/pair.yaml", "release: ws2012r2\nhosts: 3\n"),
    "scenarios/hidden.yaml": ("extends: pair\n", "scenarios/pair.yaml", "title: a\u202eb\n"),
    "questions/over.md": ("---\nextends: base\n---\nAnd now?\n", "questions/base.md", BASE.replace("kind", "k\u200b")),
    "lessons/over.md": (
        *("---\nextends: base\n---\nText.\n", "lessons/base.md"),
        "---\ntitle: [\n---\nText.\n",
    ),
    "exams/over.yaml": ("extends: short\n", "exams/short.yaml", "title: [\n"),
}


@pytest.mark.parametrize("name", BROKEN_BASES)
def test_what_stands_on_a_file_that_is_wrong_tells_what_is_wrong_there(name: str, folder: Path) -> None:
    text, base, broken = BROKEN_BASES[name]
    write(folder, name, text)
    write(folder, base, broken)
    page = Draft(folder).read(name)
    assert (page.content, page.problems, page.told) == (None, (), NOT_WHOLE)
    assert page.others
    assert {problem.path for problem in page.others} == {base}
    assert page.others == tuple(problem for problem in Draft(folder).read(base).problems if problem in page.others)


def test_a_change_of_a_scenario_is_seen_by_what_stands_on_it(folder: Path) -> None:
    draft = Draft(folder)
    assert draft.read("questions/crash.md").content is not None
    write(folder, "scenarios/pair.yaml", "hosts: 3\n")
    assert draft.read("questions/crash.md").content is None


def test_what_may_not_be_in_a_pack_has_its_problem(folder: Path) -> None:
    (folder / "questions" / "link.md").symlink_to(folder / "pack.yaml")
    page = Draft(folder).read("questions/link.md")
    assert [problem.code for problem in page.problems] == ["link"]


def test_a_question_is_found_by_its_id(folder: Path) -> None:
    text = (folder / "questions" / "crash.md").read_text(encoding="utf-8")
    write(folder, "questions/named.md", text.replace("kind: choice", "kind: choice\nid: other-name"))
    draft = Draft(folder)
    for wanted in ("crash", "other-name"):
        found = draft.question(wanted)
        assert found is not None
        assert found.question.id == wanted
    assert draft.question("named") is None
    assert draft.question("nowhere") is None


def test_claims_are_told_in_words_with_their_values(folder: Path) -> None:
    source = Draft(folder).question("crash")
    assert source is not None
    first, second = claimed(source, make_variant(source.question, 0))
    assert (first.index, first.value, first.holds) == (0, "true", True)
    assert first.claim.text == 'host_of("vm1") == "host2" and up("vm1")'
    assert first.sentence == "The host of vm1 is host2 and vm1 is powered on."
    assert (second.index, second.value, second.holds) == (1, "false", False)
    assert any("vm1 is on" in sentence for sentence in second.read), "what decides it"
    assert not [sentence for sentence in (*first.read, *second.read) if sentence[:2].isdigit()], "no events"
    lines = (folder / "questions" / "crash.md").read_text(encoding="utf-8").split("\n")
    for each in (first, second):
        assert lines[each.line - 1][each.column - 1 :].startswith(each.claim.text)


def test_a_claim_without_a_value_says_why(folder: Path) -> None:
    text = (folder / "questions" / "crash.md").read_text(encoding="utf-8")
    write(folder, "questions/crash.md", text.replace('not up("vm1")', 'not up("vm9")'))
    source = Draft(folder).question("crash")
    assert source is not None
    found = claimed(source, make_variant(source.question, 0))[1]
    assert found.wrong
    assert found.holds is None
    assert "vm9" in found.value


def test_claims_of_a_lesson(folder: Path) -> None:
    write(
        folder,
        "lessons/03-claims.md",
        "---\ntitle: Claims\n---\nSo it is.\n\n```claim pair\n- crash: host1\n- claims:\n"
        '    - up("vm1")\n    - downtime("app") < 1\n```\n',
    )
    lesson = Draft(folder).read("lessons/03-claims.md").content
    assert isinstance(lesson, Lesson)
    found = list(claimed_in_lesson(lesson.claims[0]))
    assert [each.holds for each in found] == [True, False]
    assert [(each.line, each.column) for each in found] == [(9, 7), (10, 7)]


def test_watching_sees_changes_and_says_where_it_cannot(folder: Path) -> None:
    seen = look(folder)
    assert look(folder) == seen
    write(folder, "questions/new.md", "x")
    assert look(folder) != seen
    write(folder, ".hidden", "x")
    changed = look(folder)
    write(folder, ".hidden", "xx")
    assert look(folder) == changed, "hidden files are no part of a pack"
    with pytest.raises(CannotWatch):
        look(folder / "nowhere")
