"""Pages that a reader follows to the letter: the files that they tell to write, the commands, and what these say.

A fenced block is a file when the paragraph before it is nothing but its path in backticks and a colon. A block `sh`
holds commands, one a line. A block `text` is what the commands before it say; in it `…` stands for some words, and on a
line of its own for some lines.
"""

from __future__ import annotations

import io
import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from studyapp.cli.main import main

FENCE = re.compile(r"^(`{3,})([^`\n]*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"(?:^|\n\n)`([^`\n]+)`:\n\n\Z")
SOME_LINES = "…"


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page. `file` is the path of the file that it is the whole of, "" when it is none."""

    language: str
    text: str
    line: int
    file: str = ""


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    for found in FENCE.finditer(text):
        before = text[: found.start()]
        named = _FILE.search(before)
        yield Block(found[2].strip(), found[3], before.count("\n") + 1, named[1] if named is not None else "")


def files(page: Path) -> dict[str, str]:
    """The files of a page, each as the last of its blocks has it."""
    return {block.file: block.text for block in blocks(page) if block.file}


def write(folder: Path, path: str, text: str) -> None:
    """Write a file of a page, which stays inside the folder."""
    place = (folder / path).resolve()
    assert place.is_relative_to(folder.resolve()), path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8", newline="\n")


def follow(
    page: Path,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    told: pytest.CaptureFixture[str],
    *,
    typed: Mapping[str, str] | None = None,
    ends: Mapping[str, int] | None = None,
) -> list[str]:
    """Do what a page says in an empty folder, and compare what the commands say. Gives the commands.

    `typed` are the lines that are typed at commands that begin so; `ends` tells by number and command how those end
    that do not end with 0.
    """
    monkeypatch.chdir(folder)
    done: list[str] = []
    said = ""
    for block in blocks(page):
        at = f"{page.name}:{block.line}"
        if block.file:
            write(folder, block.file, block.text)
        elif block.language == "sh":
            said = ""
            for line in block.text.splitlines():
                said += run(line, monkeypatch, told, typed or {}, (ends or {}).get(f"{len(done)}: {line}", 0))
                done.append(line)
        elif block.language == "text":
            assert says(block.text, said), f"{at}:\n{said}"
        else:
            pytest.fail(f"{at}: nobody tries a block {block.language!r} that is no file")
    return done


def run(
    line: str, monkeypatch: pytest.MonkeyPatch, told: pytest.CaptureFixture[str], typed: Mapping[str, str], end: int
) -> str:
    """What a command says on both its outputs, when it ends as it is to."""
    program, *words = shlex.split(line)
    assert program == "studyapp", line
    lines = next((text for begin, text in typed.items() if line.startswith(begin)), "")
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    told.readouterr()
    code = main(words)
    said = told.readouterr()
    assert code == end, f"{line} ended with {code}:\n{said.out}{said.err}"
    return said.out + said.err


def says(expected: str, said: str) -> bool:
    """The words are those that are expected. Spaces at the ends of lines, and empty lines, do not count."""
    wanted = [line.rstrip() for line in expected.splitlines() if line.strip()]
    lines = [line.rstrip() for line in said.splitlines() if line.strip()]
    pattern = "".join(
        "(?:[^\n]*\n)*?" if line == SOME_LINES else re.escape(line).replace("…", "[^\n]+") + "\n" for line in wanted
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in lines)) is not None
