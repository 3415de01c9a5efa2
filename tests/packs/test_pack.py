"""A folder becomes a pack: its parts in order, its ids from its file names."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.packs.content import Objective
from studyapp.packs.pack import Pack, load_pack
from studyapp.packs.places import content_folder
from tests.packs.cases import RIGHT, write_pack

LESSON = "---\ntitle: T\n---\nText.\n"
EXAM = """title: Exam
minutes: 10
questions: 2
pass: 700
pass_share: 0.5
draw: [{objective: hosts, share: 100}]
"""
MANIFEST = """format: 1
id: small
title: 2008
version: 1.2.0-beta.1
authors: [A, B]
license: CC-BY-4.0
language: de
objectives:
  - id: hosts
    title: Hosts
    weight: 99.5
    children:
      - id: hosts/inner
        title: Inner
        children: [{id: hosts/inner/most, title: Most}]
  - {id: guests, title: Guests, weight: 0.5}
"""


def loaded(folder: Path) -> Pack:
    pack, problems = load_pack(folder)
    assert problems == ()
    assert pack is not None
    return pack


def test_the_manifest(tmp_path: Path) -> None:
    pack = loaded(write_pack(tmp_path / "pack", {"pack.yaml": MANIFEST}))
    assert (pack.id, pack.title, pack.version, pack.language) == ("small", "2008", "1.2.0-beta.1", "de")
    assert (pack.license, pack.authors, pack.folder) == ("CC-BY-4.0", ("A", "B"), tmp_path / "pack")
    assert pack.objectives == (
        Objective("hosts", "Hosts", 99.5, None),
        Objective("hosts/inner", "Inner", None, "hosts"),
        Objective("hosts/inner/most", "Most", None, "hosts/inner"),
        Objective("guests", "Guests", 0.5, None),
    )


def test_what_the_manifest_says_of_the_pack(tmp_path: Path) -> None:
    more = """description: >
  For administrators,
  who know   one host.

  And for others.
homepage: https://example.org/packs?of=mine#top
was: [tiny, smaller]
"""
    pack = loaded(write_pack(tmp_path / "pack", {"pack.yaml": RIGHT["pack.yaml"] + more}))
    assert pack.description == "For administrators, who know one host. And for others."
    assert (pack.homepage, pack.was) == ("https://example.org/packs?of=mine#top", ("tiny", "smaller"))
    bare = loaded(write_pack(tmp_path / "bare", {}))
    assert (bare.description, bare.homepage, bare.was) == ("", "", ())


@pytest.mark.parametrize(
    "address, good",
    [
        ("https://example.org", True),
        ("http://10.0.0.1:8080/a/b", True),
        ("https://example.org/?q=%20#x", True),
        ("HTTPS://example.org", False),
        ("https://", False),
        ("https:///etc/passwd", False),
        ("https://-x.example", False),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("//example.org", False),
        ("example.org", False),
        ("https://example.org/a b", False),
        ("https://learn.example.org@example.com/", False),
        ("https://ex\u00e4mple.org", False),
        ("https://example.org/" + "x" * 300, False),
    ],
)
def test_a_homepage_is_an_address_that_is_what_it_looks_like(address: str, good: bool, tmp_path: Path) -> None:
    manifest = RIGHT["pack.yaml"] + f'homepage: "{address}"\n'
    pack, problems = load_pack(write_pack(tmp_path / "pack", {"pack.yaml": manifest}))
    assert [problem.code for problem in problems] == ([] if good else ["bad-homepage"])
    assert pack is not None
    assert pack.homepage == (address if good else "")


def test_questions_are_found_by_their_tags(tmp_path: Path) -> None:
    good = RIGHT["questions/good.md"]
    tags = {"a": "[Quorum, two words]", "b": "[quorum]", "c": "[QUORUM, 2008, no]", "d": "[]"}
    files = {
        f"questions/{name}.md": good.replace("objective", f"tags: {own}\nobjective", 1) for name, own in tags.items()
    }
    pack = loaded(write_pack(tmp_path / "pack", files))
    assert pack.question("a").tags == ("Quorum", "two words")
    assert pack.question("c").tags == ("QUORUM", "2008", "no")
    assert pack.question("d").tags == pack.question("good").tags == ()
    assert pack.tags == (("Quorum", 3), ("2008", 1), ("no", 1), ("two words", 1))
    assert [each.id for each in pack.tagged(" quoruM ")] == ["a", "b", "c"]
    assert pack.tagged("quor") == pack.tagged("") == ()


def test_files_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    files = {
        "lessons/10-ten.md": LESSON,
        "lessons/02-two.md": LESSON,
        "lessons/none.md": LESSON,
        "lessons/03-other.md": LESSON.replace("title: T", "title: T\nid: own-id"),
        "exams/1_first.yaml": EXAM,
        "scenarios/2. other.yaml": RIGHT["scenarios/trio.yaml"],
    }
    pack = loaded(write_pack(tmp_path / "pack", files))
    assert [lesson.id for lesson in pack.lessons] == ["two", "own-id", "ten", "none"]
    assert [(exam.id, exam.minutes, exam.pass_share, exam.draw) for exam in pack.blueprints] == [
        ("first", 10, 0.5, (("hosts", 100.0),))
    ]
    assert list(pack.scenarios) == ["other", "trio"]
    assert pack.blueprint("first").title == "Exam"


def test_what_is_not_there_is_a_key_error(tmp_path: Path) -> None:
    pack = loaded(write_pack(tmp_path / "pack", {}))
    for find in (pack.question, pack.lesson, pack.blueprint):
        with pytest.raises(KeyError):
            find("nothing")


def test_a_file_that_is_wrong_is_left_out_and_the_rest_is_there(tmp_path: Path) -> None:
    pack, problems = load_pack(write_pack(tmp_path / "pack", {"questions/bad.md": "text", "lessons/a.md": LESSON}))
    assert [(problem.path, problem.code) for problem in problems] == [("questions/bad.md", "no-front-matter")]
    assert pack is not None
    assert [question.id for question in pack.questions] == ["good"]
    assert [lesson.id for lesson in pack.lessons] == ["a"]


def test_no_pack_at_all(tmp_path: Path) -> None:
    pack, problems = load_pack(tmp_path)
    assert pack is None
    assert [problem.code for problem in problems] == ["no-pack"]


@pytest.mark.parametrize("folder", sorted(path.parent for path in content_folder().glob("*/pack.yaml")))
def test_the_shipped_packs_are_read(folder: Path) -> None:
    pack = loaded(folder)
    assert pack.id == folder.name
    assert pack.lessons
    assert pack.questions
    assert pack.blueprints
