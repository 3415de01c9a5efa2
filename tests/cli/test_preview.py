"""`studyapp pack preview`: opened where there is a screen; where there is none it says what to do instead."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from studyapp.cli import preview as command
from studyapp.cli.terminal import no_full_screen
from studyapp.tui import preview
from studyapp.wiring import Services
from tests.cli.packs import Told, run
from tests.packs.cases import write_pack


@pytest.mark.parametrize(
    "words,why",
    [
        ((), "there is no terminal for a full screen"),
        (("--plain",), "the preview is a full screen"),
    ],
)
def test_without_a_screen_it_says_what_to_do_instead(
    words: tuple[str, ...], why: str, here: Path, capsys: Told
) -> None:
    code, out, err = run(capsys, "preview", write_pack(here / "mine", {}), *words)
    assert (code, out) == (2, [])
    instead = f"studyapp pack check {here / 'mine'} --watch tells the same findings line by line"
    assert err == [f"studyapp pack preview: {why}; {instead}, again after every change"]


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    "stream,term,why",
    [
        (Terminal(), "xterm", None),
        (Terminal(), "dumb", "this terminal cannot show a full screen"),
        (io.StringIO(), "xterm", "there is no terminal for a full screen"),
        (None, "xterm", "there is no terminal for a full screen"),
    ],
)
def test_whether_there_is_a_screen(
    stream: io.StringIO | None, term: str, why: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(sys, "stdin", stream)
    monkeypatch.setattr(sys, "stdout", stream)
    assert no_full_screen() == why


def test_it_is_opened_by_folder_or_id(here: Path, home: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []

    def shown(services: Services, folder: Path) -> int:
        assert services.paths.cache == home / "studyapp" / "cache"
        opened.append(folder)
        return 0

    monkeypatch.setattr(command, "no_full_screen", lambda: None)
    monkeypatch.setattr(preview, "run", shown)
    folder = write_pack(here / "mine", {})
    assert run(capsys, "preview", folder)[0] == 0
    assert run(capsys, "preview", "windows-clustering")[0] == 0
    assert opened[0] == folder
    assert opened[1].name == "windows-clustering"


def test_what_is_no_pack_is_refused(here: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "no_full_screen", lambda: None)
    code, out, err = run(capsys, "preview", "no\x1bwhere")
    assert (code, out) == (2, [])
    assert err == [
        "studyapp pack preview: no\\x1bwhere: there is no such folder, and no pack with this id is installed"
    ]
