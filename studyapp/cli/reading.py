"""Reading a file, or standard input, that a command was given."""

from __future__ import annotations

import sys
from pathlib import Path

MAX_INPUT = 100 * 1024 * 1024
"""Bytes of input read at most; a document has its own, smaller limit."""


def read_input(name: str, command: str) -> str | int:
    """The input's text (`-`: standard input), or the exit code after saying why it cannot be read."""
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(MAX_INPUT + 1)
        else:
            with Path(name).open("rb") as file:
                raw = file.read(MAX_INPUT + 1)
    except OSError as error:
        return stop(f"{name}: {error.strerror or error}", command)
    if len(raw) > MAX_INPUT:
        return stop(f"{name}: larger than {MAX_INPUT // 1024 // 1024} MiB", command)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return stop(f"{name}: not UTF-8 at byte {error.start}", command)


def stop(message: str, command: str) -> int:
    """Say why a command stops; gives its exit code."""
    print(f"studyapp {command}: {message}", file=sys.stderr)
    return 2
