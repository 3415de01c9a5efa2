"""Exams that extend another, told of where they are written, in the pack and as its author looks at them."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.exams.blueprint import Blueprint, Section
from studyapp.packs.draft import Draft
from studyapp.packs.extending import MAX_CHAIN
from studyapp.packs.pack import load_pack
from tests.packs.cases import write_pack

BASE = """\
title: Base
was: [older]
minutes: 10
questions: 3
pass: 700
pass_share: 0.7
draw:
  - {objective: hosts, share: 100}
sections:
  - {title: Case, scenario: trio, questions: 1}
mode: practice
"""


def loaded(folder: Path, **files: str) -> tuple[dict[str, Blueprint], list[str]]:
    """The exams of a pack that has these files besides the base, and what is wrong with it."""
    texts = {f"exams/{name}.yaml": text for name, text in {"base": BASE, **files}.items()}
    pack, problems = load_pack(write_pack(folder, texts))
    assert pack is not None
    return {each.id: each for each in pack.blueprints}, [problem.format() for problem in problems]


@pytest.mark.parametrize(
    "text, changed",
    [
        ("", {}),
        ("title: Over\n", {"title": "Over"}),
        ("minutes: 20\nmode: exam\n", {"minutes": 20, "mode": "exam"}),
        ("sections:\n", {"sections": ()}),
        ("sections: []\n", {"sections": ()}),
        (
            "sections: [{title: Series, questions: 2, locked: true}]\n",
            {"sections": (Section("Series", 2, None, locked=True),)},
        ),
        ("was: [old]\n", {"was": ("old",)}),
    ],
)
def test_what_is_written_again_replaces_and_the_rest_stays(
    tmp_path: Path, text: str, changed: dict[str, object]
) -> None:
    exams, problems = loaded(tmp_path, over=f"extends: base\n{text}")
    assert problems == []
    known = exams["base"]
    wanted = {"id": "over", "was": (), **changed}
    assert {name: getattr(exams["over"], name) for name in Blueprint.__slots__} == {
        name: wanted.get(name, getattr(known, name)) for name in Blueprint.__slots__
    }


def test_an_exam_has_the_id_that_it_gives_itself_and_is_extended_by_it(tmp_path: Path) -> None:
    exams, problems = loaded(tmp_path, first="id: own\nextends: base\nminutes: 5\n", over="extends: own\n")
    assert problems == []
    assert sorted(exams) == ["base", "over", "own"]
    assert exams["over"].minutes == 5


@pytest.mark.parametrize(
    "over, base, told",
    [
        (
            "extends: base\n",
            BASE.replace("scenario: trio", "scenario: gone"),
            ['exams/base.yaml:10:29: error: unknown-scenario: the pack has no scenario "gone"'],
        ),
        (
            "extends: base\nquestions: 0\n",
            BASE,
            ["exams/over.yaml:2:12: error: out-of-range: questions must be 1 to 500, not 0"],
        ),
        (
            "extends: base\nquestions: 1\nsections: [{title: A, questions: 2}]\n",
            BASE,
            ["exams/over.yaml:3:11: error: blueprint: the sections have 2 questions together: the exam has 1"],
        ),
        (
            "extends: base\nquestions: 1\n",
            BASE.replace("questions: 1}", "questions: 2}"),
            ["exams/base.yaml:10:3: error: blueprint: the sections have 2 questions together: the exam has 1"],
        ),
        ("extends: base\n", "title: [\n", None),
    ],
)
def test_what_is_wrong_is_told_once_in_the_file_where_it_stands(
    tmp_path: Path, over: str, base: str, told: list[str] | None
) -> None:
    exams, problems = loaded(tmp_path, over=over, base=base)
    if told is None:
        assert len(problems) == 1
        assert problems[0].startswith("exams/base.yaml:")
    else:
        assert problems == told
    assert "over" not in exams


def test_a_chain_has_an_end(tmp_path: Path) -> None:
    links = {f"e{n}": f"extends: {'base' if n == 1 else f'e{n - 1}'}\n" for n in range(1, MAX_CHAIN + 1)}
    exams, problems = loaded(tmp_path, **links)
    assert problems == [f"exams/e1.yaml:1:10: error: too-deep: one exam is made of at most {MAX_CHAIN} files"]
    assert sorted(exams) == ["base", *(f"e{n}" for n in range(1, MAX_CHAIN))]


def test_an_author_sees_an_exam_that_extends_another(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, {"exams/base.yaml": BASE, "exams/over.yaml": "extends: base\nminutes: 7\n"})
    page = Draft(folder).read("exams/over.yaml")
    assert isinstance(page.content, Blueprint)
    assert (page.content.id, page.content.minutes, page.content.sections) == (
        "over",
        7,
        (Section("Case", 1, "trio"),),
    )
    (folder / "exams" / "base.yaml").write_text("title: [\n", encoding="utf-8")
    page = Draft(folder).read("exams/over.yaml")
    assert (page.content, page.problems) == (None, ())
    assert "stands on another file" in page.told
