"""Packs with one fault each: found with its code, file, line and column, and nothing else is found."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studyapp.packs.check import check_pack
from studyapp.packs.codes import CODES
from studyapp.packs.problems import Problem
from tests.packs.broken import SOUND, Broken, broken_packs

PACKS = tuple(broken_packs())


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is proved of the questions that a case leaves alone is remembered from case to case."""
    return tmp_path_factory.mktemp("cache")


def places(problems: tuple[Problem, ...]) -> list[str]:
    return [f"{p.path}:{p.line}:{p.column}: {p.severity}: {p.code}" for p in problems]


def test_the_pack_that_is_broken_is_sound() -> None:
    report = check_pack(SOUND)
    assert [problem.format() for problem in report.problems] == []
    assert report.ok


@pytest.mark.parametrize("pack", PACKS, ids=[f"{pack.topic}: {pack.name}" for pack in PACKS])
def test_the_fault_is_found_and_nothing_else(pack: Broken, cache: Path, tmp_path: Path) -> None:
    report = check_pack(pack.write(tmp_path / "pack"), cache=cache)
    assert places(report.problems) == [pack.expected], "\n".join(problem.format() for problem in report.problems)


# -- what no text file shows ----------------------------------------------------------------------------------------


def _link(pack: Path) -> None:
    (pack / "assets" / "more.txt").symlink_to(pack / "assets" / "note.txt")


def _pipe(pack: Path) -> None:
    os.mkfifo(pack / "questions" / "pipe.md")


def _unreadable(pack: Path) -> None:
    (pack / "scenarios" / "slow.yaml").chmod(0)


def _other_encoding(pack: Path) -> None:
    path = pack / "lessons" / "01-first.md"
    path.write_bytes(path.read_text(encoding="utf-8").replace("A book", "Ein Gerät").encode("latin-1"))


def _large(pack: Path) -> None:
    path = pack / "exams" / "one.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# more\n" * 160_000, encoding="utf-8")


MADE: dict[str, tuple[Callable[[Path], None], str]] = {
    "a link": (_link, "assets/more.txt:0:0: error: link"),
    "a pipe": (_pipe, "questions/pipe.md:0:0: error: not-a-file"),
    "a file that nobody may read": (_unreadable, "scenarios/slow.yaml:0:0: error: not-readable"),
    "a file in another encoding": (_other_encoding, "lessons/01-first.md:5:18: error: encoding"),
    "a file of more than a megabyte": (_large, "exams/one.yaml:0:0: error: too-big"),
}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes that are files")
@pytest.mark.parametrize("name", MADE)
def test_the_fault_of_a_file_is_found_and_nothing_else(name: str, cache: Path, tmp_path: Path) -> None:
    if name == "a file that nobody may read" and os.geteuid() == 0:
        pytest.skip("the superuser may read everything")
    breaks, expected = MADE[name]
    pack = Broken("files", name, {}, expected).write(tmp_path / "pack")
    breaks(pack)
    report = check_pack(pack, cache=cache)
    assert places(report.problems) == [expected], "\n".join(problem.format() for problem in report.problems)


# -- advice that takes many questions -------------------------------------------------------------------------------

OPTION = {
    "longest-option": ("It is the case whatever else may be said of it", "No"),
    "only-number": ("It takes 5 seconds", "It takes a little while"),
    "absolute-words": ("It is so", "It is always so"),
}
"""A right and a wrong option that give the answer away."""
QUESTION = """\
---
kind: choice
objective: hosts
---
What is true of {subject}?

- [x] {right} for {subject}
- [ ] {wrong} for {subject}
- [ ] {other} for {subject}
- [ ] {last} for {subject}

## Why
{subject} is like that.
"""
SUBJECTS = (
    *("votes", "nodes", "roles", "disks", "shares", "sites", "clouds", "hosts", "guests", "clients", "rules", "ports"),
    *("weights", "drains", "pools", "drives", "paths", "names", "clocks", "owners"),
)


def _telling(right: str, wrong: str) -> Iterator[tuple[str, str]]:
    for subject in SUBJECTS:
        others = {"right": right, "wrong": wrong, "other": "It is not so", "last": "It is seldom so"}
        yield f"questions/about-{subject}.md", QUESTION.format(subject=subject, **others)


@pytest.mark.parametrize("code", OPTION)
def test_what_gives_answers_away_is_found_and_nothing_else(code: str, cache: Path, tmp_path: Path) -> None:
    expected = f"pack.yaml:1:1: warning: {code}"
    pack = Broken("advice", code, dict(_telling(*OPTION[code])), expected).write(tmp_path / "pack")
    report = check_pack(pack, cache=cache)
    assert places(report.problems) == [expected], "\n".join(problem.format() for problem in report.problems)


# -- all of them ----------------------------------------------------------------------------------------------------

UNREACHED = {
    "bad-base": "a scenario that is a list is told of for itself as well",
    "not-all-proved": "so much work takes half a minute: test_bounded_work.py lowers the bound",
    "extends-nowhere": "a scenario of a pack always has others beside it",
    "scenario": "whatever is known to make a scenario impossible has a code of its own",
    "step-limit": "no timeline is known that the limits of a pack allow and that never ends",
    "too-much-work": "as not-all-proved",
    "too-many-problems": "it stands below a hundred others",
}
"""Codes that no broken pack has, each with the reason."""


def test_every_code_is_found_in_a_broken_pack() -> None:
    made = {expected.rpartition(": ")[2] for _, expected in MADE.values()}
    assert set(CODES) - {pack.code for pack in PACKS} - made - set(OPTION) == set(UNREACHED)


def test_there_are_enough_of_them() -> None:
    assert len({(pack.topic, pack.name) for pack in PACKS}) == len(PACKS) >= 60
    assert len({pack.expected.partition("/")[0].partition(":")[0] for pack in PACKS}) >= 6, "in all folders of a pack"
