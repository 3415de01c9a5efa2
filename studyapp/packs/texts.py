"""The text of an author's file: its bytes, once they are known to be few, UTF-8, and nothing that hides or acts."""

from __future__ import annotations

import os
import re
import stat
from itertools import islice
from pathlib import Path

from studyapp.packs.characters import hostile_characters, hostile_entity, is_plain
from studyapp.packs.problems import Problem

MAX_BYTES = 1024 * 1024
"""Bytes of one file or document."""
MAX_HOSTILE = 10
"""Hostile characters of one file that are named."""
BYTE_ORDER_MARK = "\ufeff"
REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]|\r(?!\n)")
"""What no YAML may hold."""

_SAVE = "save the file as UTF-8 without a byte order mark"
_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
"""How a file is opened: it is not waited for, should it be none, and no byte of it is changed."""


def read_text(file: str | Path, path: str, problems: list[Problem]) -> str | None:
    """The text of a file, or None with a problem: not readable, too big, not UTF-8. `path` is its name in problems."""
    try:
        raw = _bytes(file)
    except OSError as error:
        problems.append(Problem(path, 0, 0, "not-readable", f"the file cannot be read: {error.strerror or error}"))
        return None
    if raw is None:
        problems.append(Problem(path, 0, 0, "not-a-file", "there is no such file"))
        return None
    return decode(raw, path, problems)


def read_clean(file: str | Path, path: str, problems: list[Problem]) -> str | None:
    """The text of a file of a pack, its lines ending in a newline; None with a problem: as for `read_text`, and where
    it holds hostile characters.
    """
    text = read_text(file, path, problems)
    if text is None or is_plain(text):
        return text
    if text.startswith(BYTE_ORDER_MARK):
        message = "a byte order mark is not allowed"
        problems.append(Problem(path, 1, 1, "character", message, "save the file as UTF-8 without it"))
        text = text.removeprefix(BYTE_ORDER_MARK)
    hostile = list(islice(hostile_characters(text), MAX_HOSTILE))
    problems.extend(_hostile(path, each.line, each.column, each.name) for each in hostile)
    return None if hostile else text.replace("\r\n", "\n")


def hidden_problem(path: str, line: int, column: int, entity: str) -> Problem:
    """What is said of an HTML entity that stands for a character that hides or acts."""
    return _hostile(path, line, column, f"{entity}, {hostile_entity(entity)},")


def _hostile(path: str, line: int, column: int, what: str) -> Problem:
    message = f"{what} is not allowed: it hides or acts"
    return Problem(path, line, column, "hostile-character", message, "remove it")


def _bytes(file: str | Path) -> bytes | None:
    """What a file holds, or one byte more than is read of any; None where there is no file. Raises OSError."""
    try:
        descriptor = os.open(file, os.O_RDONLY | _AT_ONCE)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return None
        raw = b""
        while len(raw) <= MAX_BYTES and (more := os.read(descriptor, min(status.st_size, MAX_BYTES) + 1)):
            raw += more
            if len(raw) == status.st_size:
                break
        return raw
    finally:
        os.close(descriptor)


def decode(raw: bytes, path: str, problems: list[Problem]) -> str | None:
    """Bytes as text, or None with a problem."""
    if len(raw) > MAX_BYTES:
        problems.append(too_big(path, 0))
        return None
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        problems.append(Problem(path, 1, 1, "encoding", "the file is UTF-16, not UTF-8", _SAVE))
        return None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _place(raw[: error.start].decode("utf-8"))
        message = f"byte 0x{raw[error.start]:02x} is not UTF-8"
        problems.append(Problem(path, line, column, "encoding", message, _SAVE))
        return None


def check_characters(text: str, path: str, problems: list[Problem], line_offset: int = 0) -> bool:
    """True when the text holds no byte order mark and no control character; else one problem for the first."""
    found = REFUSED.search(text)
    if found is None:
        return True
    line, column = _place(text[: found.start()])
    code = ord(found[0])
    if code == 0xFEFF:
        what, hint = "a byte order mark", _SAVE
    elif code == 0x0D:
        what, hint = "a carriage return without a line feed", "end lines with a line feed"
    else:
        what, hint = f"the control character U+{code:04X}", "remove it"
    problems.append(Problem(path, line + line_offset, column, "character", f"{what} is not allowed", hint))
    return False


def too_big(path: str, line: int) -> Problem:
    """What is said of a text that is too long, at a line of its file."""
    return Problem(path, line, min(line, 1), "too-big", f"more than {MAX_BYTES // 1024 // 1024} MiB of text")


def _place(before: str) -> tuple[int, int]:
    """Line and column of what follows this text."""
    return before.count("\n") + 1, len(before) - before.rfind("\n")
