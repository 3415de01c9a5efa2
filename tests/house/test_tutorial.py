"""Whoever follows the tutorial to the letter ends with a pack that is proved, built, installed and studied."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.packs.archives.archive import read_folder
from studyapp.wiring import EXAMPLE_PACK, make_services
from tests.house import pages
from tests.house.tree import ROOT

TUTORIAL = ROOT / "docs" / "packs" / "tutorial.md"
EXAMPLE = ROOT / "content" / EXAMPLE_PACK
CHECK = "studyapp pack check example-pack"
TYPED = {
    "studyapp practice": "20\n3\n\n",
    "studyapp pack install": "yes\n",
    "studyapp learn": "1\nplay\n\n\n\n\n\n\n1\n2\n\n\nquit\n",
}


def test_the_tutorial_followed_to_the_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    done = pages.follow(TUTORIAL, here, monkeypatch, capsys, typed=TYPED, ends={f"1: {CHECK}": 1, f"2: {CHECK}": 1})
    commands = {" ".join(line.split()[1:3]) for line in done}
    assert commands >= {"pack check", "pack build", "pack install", "learn example-pack"}
    with make_services() as services:
        assert EXAMPLE_PACK in services.catalog.titles(), "whoever installs it is offered it"
        place = services.catalog.place(EXAMPLE_PACK)
        assert place.is_relative_to(services.paths.packs)
        assert read_folder(place) == read_folder(EXAMPLE)
        reviews = services.store.reviews(EXAMPLE_PACK)
        assert [review.question_id for review in reviews] == ["seconds-away", "server-lost"]
        assert reviews[0].verdict == "right"


def test_the_files_of_the_tutorial_are_the_example_pack() -> None:
    told = {path.removeprefix("example-pack/"): text.encode() for path, text in pages.files(TUTORIAL).items()}
    assert told == read_folder(EXAMPLE)


def test_learners_are_not_offered_the_example_pack_and_authors_find_it() -> None:
    with make_services() as services:
        assert EXAMPLE_PACK in services.catalog.ids()
        assert EXAMPLE_PACK not in services.catalog.titles()
        assert services.open_pack(EXAMPLE_PACK).id == EXAMPLE_PACK


@pytest.mark.parametrize(
    "expected, said, same",
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\nb\n", "a\n\nb \n", True),
        ("a\n…\nd\n", "a\nb\nc\nd\n", True),
        ("a\n…\n", "a\n", True),
        ("sum … bytes\n", "sum 12 bytes\n", True),
        ("sum … bytes\n", "sum  bytes\n", False),
        ("a\n", "a\nb\n", False),
        ("a\n…\nd\n", "a\nd\ne\n", False),
        ("a.c\n", "abc\n", False),
    ],
)
def test_what_a_page_shows_is_compared(expected: str, said: str, same: bool) -> None:
    assert pages.says(expected, said) is same
