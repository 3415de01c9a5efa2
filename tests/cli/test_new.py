"""`studyapp pack new`: a pack that is right, made whole or not at all; what it asks on a terminal."""

from __future__ import annotations

import io
import os
import shlex
import sys
from pathlib import Path

import pexpect
import pytest

from studyapp.packs.manifest import load_manifest
from tests.cli.packs import Told, run
from tests.house.tree import ROOT

pytestmark = pytest.mark.usefixtures("here")


class Terminal(io.StringIO):
    """Lines that somebody types."""

    def isatty(self) -> bool:
        """It says that it is a terminal."""
        return True


def typing(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Somebody sits at a terminal and types this."""
    monkeypatch.setattr(sys, "stdin", Terminal(text))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)


def said(folder: Path) -> tuple[str, ...]:
    """What a pack says of itself."""
    manifest = load_manifest(folder)
    assert manifest is not None
    return manifest.id, manifest.title, *manifest.authors, manifest.license, manifest.language


def test_without_a_terminal_nothing_is_asked(here: Path, capsys: Told) -> None:
    code, out, err = run(capsys, "new", "my-pack")
    assert (code, err) == (0, [])
    assert out == [
        "made my-pack in my-pack: 1 lesson, 2 scenarios, 4 questions, 1 exam",
        "its files explain themselves: begin with pack.yaml",
        "to prove it:     studyapp pack check my-pack",
        "to look into it: studyapp pack show my-pack",
        "to study it:     studyapp learn ./my-pack",
    ]
    assert said(here / "my-pack") == ("my-pack", "My pack", "Your name", "CC-BY-4.0", "en")
    assert [path.name for path in here.iterdir()] == ["my-pack"]


def test_what_is_said_to_do_next_works(here: Path, capsys: Told) -> None:
    _, out, _ = run(capsys, "new", "a folder with spaces", "--id", "mine")
    told = [run(capsys, *shlex.split(line.split("studyapp pack ")[1])) for line in out[2:4]]
    assert [(code, err) for code, _, err in told] == [(0, []), (0, [])]
    assert told[1][1][0].startswith("mine 0.1.0")


def test_flags_are_taken(here: Path, capsys: Told) -> None:
    words = (
        "--id",
        "quorum",
        "--title",
        "Votes: the basics",
        "--author",
        "Ada L.",
        "--license",
        "MIT",
        "--language",
        "de",
    )
    assert run(capsys, "new", "x/y", *words)[0] == 0
    assert said(here / "x" / "y") == ("quorum", "Votes: the basics", "Ada L.", "MIT", "de")


def test_in_this_folder(here: Path, capsys: Told) -> None:
    code, out, _ = run(capsys, "new", ".")
    assert code == 0
    assert out[0] == "made here in .: 1 lesson, 2 scenarios, 4 questions, 1 exam"
    assert said(here)[0] == "here"


def test_on_a_terminal_it_asks_for_what_is_not_given(here: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, "Not Good\nvotes\n\nAda\n\n\n")
    code, out, err = run(capsys, "new", "my-pack")
    assert (code, err) == (0, [])
    told = "\n".join(out)
    assert "Its id, which stays for ever [my-pack]: the id cannot be " in told
    assert "Its title [My pack]: " in told
    assert said(here / "my-pack") == ("votes", "My pack", "Ada", "CC-BY-4.0", "en")


def test_what_is_given_is_not_asked_for(here: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, "Ada\n\n\n")
    assert run(capsys, "new", "my-pack", "--id", "votes", "--title", "Votes")[0] == 0
    assert said(here / "my-pack")[:3] == ("votes", "Votes", "Ada")


@pytest.mark.parametrize("typed", ["", "votes\n", "votes\nVotes\nAda\n\n"])
def test_when_the_input_ends_nothing_is_made(
    here: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    typing(monkeypatch, typed)
    code, _, err = run(capsys, "new", "my-pack")
    assert (code, err) == (1, ["studyapp pack new: nothing is made"])
    assert list(here.iterdir()) == []


def test_an_interrupt_leaves_nothing(here: Path) -> None:
    """At a real terminal, with the keys that people press."""
    words = ["-c", "import sys; from studyapp.cli.main import main; sys.exit(main())", "pack", "new", "deep/my-pack"]
    child = pexpect.spawn(
        sys.executable, words, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=30, encoding="utf-8"
    )
    child.expect("Its id, which stays for ever")
    child.sendline("")
    child.expect("Its title")
    child.sendintr()
    child.expect("studyapp pack new: stopped; nothing is made")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    assert list(here.iterdir()) == []


def test_what_is_there_is_never_touched(here: Path, capsys: Told) -> None:
    (here / "full").mkdir()
    (here / "full" / "mine.txt").write_text("mine")
    (here / "file").write_text("mine")
    for name in ("full", "file"):
        code, out, err = run(capsys, "new", name)
        assert (code, out) == (2, [])
        assert err == [f"studyapp pack new: {name}: there is something already: name another folder"]
    code, _, err = run(capsys, "new", "file/inside")
    assert code == 2
    assert err == [f"studyapp pack new: {here / 'file'}: File exists"]
    assert sorted(path.name for path in here.rglob("*")) == ["file", "full", "mine.txt"]


@pytest.mark.parametrize(
    "words, says",
    [
        (["???"], "the folder's name gives no id: add --id"),
        (["x", "--id", "Big"], 'the id cannot be "Big"'),
        (["x", "--id", "aux"], 'the id cannot be "aux": "aux" is the name of a device under Windows'),
        (["x", "--title", "\x1b[2J"], "the title holds U+001B ESCAPE: leave it out"),
        (["x", "--author", "a\nid: b"], "the author holds U+000A NEWLINE: leave it out"),
        (["x", "--title", ""], "the title must have 1 to 1,000 characters"),
        (["x", "--language", "?"], "the language cannot be"),
        (["x\x1b[2J"], "the folder's name holds U+001B ESCAPE: leave it out"),
        (["x\x00y"], "the folder's name holds U+0000 NULL: leave it out"),
        ([""], "the folder has no name"),
        (["y" * 300], "yyy"),
    ],
)
def test_hostile_names_are_refused(here: Path, capsys: Told, words: list[str], says: str) -> None:
    code, out, err = run(capsys, "new", *words)
    assert (code, out) == (2, [])
    assert len(err) == 1
    assert err[0].startswith(f"studyapp pack new: {says}")
    assert list(here.iterdir()) == []
