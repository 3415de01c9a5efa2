"""Nothing leaves the machine: whatever the program does, it opens no connection and looks up no name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT

PACK = ROOT / "content" / "windows-clustering"

# Runs the program, and ends it with 99 at the first attempt to reach another machine.
WATCHED = """
import os, sys
REACHING = {"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request"}
def watch(event, arguments):
    if event in REACHING:
        print(event, arguments, file=sys.stderr, flush=True)
        os._exit(99)
sys.addaudithook(watch)
"""
RUN = "from studyapp.cli.main import main\nsys.exit(main())\n"


def watched(code: str, *arguments: str, cwd: Path, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run code under the watch, with what a person types."""
    return subprocess.run(
        [sys.executable, "-c", WATCHED + code, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    "arguments, typed",
    [
        (["simulate", str(PACK / "scenarios" / "three-hosts.yaml")], ""),
        (["learn", "--plain"], "\n\n\n"),
        (["practice", "--plain", "--size", "2", "--seed", "1"], "1\n2\n\n1\n2\n\n"),
        (["exam", "--plain", "--seed", "1"], "\n1\n"),
        (["pack", "install", str(PACK)], "yes\n"),
    ],
)
def test_no_command_reaches_out(arguments: list[str], typed: str, tmp_path: Path) -> None:
    result = watched(RUN, *arguments, cwd=tmp_path, typed=typed)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip()


def test_the_watch_sees_an_attempt(tmp_path: Path) -> None:
    reaching = "import socket\nsocket.socket().connect(('127.0.0.1', 9))\n"
    assert watched(reaching, cwd=tmp_path).returncode == 99
