"""The README keeps what it promises, and the scripts run what it says."""

from __future__ import annotations

import re
import stat
import subprocess

import pytest

from tests.house.tree import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The fenced blocks of one language, in order."""
    return [block.strip() for block in re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)]


def test_two_commands_of_one_line_each() -> None:
    run, check = blocks("sh")
    for command in (run, check):
        assert "\n" not in command
        assert command.startswith("python3 -m venv .venv && ")
    assert run.endswith(".venv/bin/studyapp")
    assert ".venv/bin/python -m pytest" in check


def test_the_windows_commands_say_the_same() -> None:
    for posix, windows in zip(blocks("sh"), blocks("bat"), strict=True):
        assert posix.replace("python3 -m venv", "py -m venv").replace(".venv/bin/", ".venv\\Scripts\\") == windows


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)", text):
        if not target.startswith("https://"):
            assert (ROOT / target).exists(), target


@pytest.mark.parametrize("script", ["run", "nightly"])
def test_scripts_are_ready_to_run(script: str) -> None:
    path = ROOT / ".ci" / script
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert "set -euo pipefail" in lines
    assert "exec </dev/null" in lines, "a script that waits for an answer hangs for ever where nobody sits"
    assert path.stat().st_mode & stat.S_IXUSR
    subprocess.run(["bash", "-n", str(path)], check=True, timeout=10)
