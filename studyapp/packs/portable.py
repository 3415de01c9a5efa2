"""Paths that mean one file, the same on every system, inside a pack: the rules, and what breaks them.

They hold for what lies in an author's folder and for what stands in a stranger's archive alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from studyapp.packs.characters import character_name, hostile_characters
from studyapp.packs.problems import quoted

MAX_PATH = 200
"""Characters of a file's path inside the pack."""
MAX_PART = 255
"""Bytes of one part of a path: what file systems take."""

_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(?:\..*)?\Z", re.IGNORECASE)
_UNPORTABLE = re.compile(r'[<>:"\\|?*]|[ .]\Z|\A ')
_SURELY_SAFE = re.compile(r"(?:[a-z0-9-]{5,50}/){0,3}[a-z0-9-]{5,50}\.[a-z]{1,5}\Z", re.ASCII)
"""Nearly every path: no name of a device is so long, and nothing else can be wrong with it."""
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Unsafe:
    """Why a path may not be in a pack: a stable code, and what is wrong with it."""

    code: str
    message: str


def _hidden_sign(name: str) -> str | None:
    """The name of a character that hides, acts or breaks the line."""
    found = next(hostile_characters(name), None)
    return found.name if found is not None else next(map(character_name, re.findall("[\n\t]", name)), None)


_ABOUT_THE_PATH: tuple[tuple[Callable[[str], object], str], ...] = (
    (lambda path: "\\" in path, "{name} has a backslash, which is a slash on some systems"),
    (_DRIVE.match, "{name} begins with a drive letter"),
    (lambda path: path.startswith("/"), "{name} is absolute"),
    (lambda path: ".." in path.split("/"), "{name} leads out of the pack"),
    (lambda path: path.endswith("/"), "{name} is a folder, and an archive holds files only"),
    (lambda path: {"", "."} & set(path.split("/")), "{name} is no plain path"),
    (lambda path: len(path) > MAX_PATH, "the path has more than {longest} characters"),
    (lambda path: unicodedata.normalize("NFC", path) != path, "{name} is not in the normal form NFC"),
)
"""What breaks a rule about the path as a whole, and what is said of it; the first that does counts."""

_ABOUT_A_PART: tuple[tuple[Callable[[str], object], str], ...] = (
    (_DEVICE.match, "{name} is the name of a device under Windows"),
    (lambda part: part.startswith("."), "{name} is hidden, and a pack has no hidden files"),
    (_UNPORTABLE.search, "{name} cannot be a file's name on every system"),
    (lambda part: len(part.encode()) > MAX_PART, "{name} is longer than {bytes} bytes"),
)
"""The same for each part of it."""


def unsafe_path(path: str) -> Unsafe | None:
    """Why a path, with slashes, may not be that of a file in a pack; None when it may."""
    if _SURELY_SAFE.match(path):
        return None
    sign = _hidden_sign(path)
    if sign is not None:
        return Unsafe("hostile-character", f"the file's name holds {sign}")
    for rules, names in ((_ABOUT_THE_PATH, [path]), (_ABOUT_A_PART, path.split("/"))):
        for name in names:
            for breaks, says in rules:
                if breaks(name):
                    return Unsafe("unsafe-name", says.format(name=quoted(name), longest=MAX_PATH, bytes=MAX_PART))
    return None


def clashes(paths: Iterable[str]) -> Iterator[tuple[str, Unsafe]]:
    """Each path that stands for the same file or folder as one before it, on some system, and why."""
    seen: dict[str, tuple[str, bool]] = {}
    for path in paths:
        ends = [i for i, sign in enumerate(path) if sign == "/"]
        for end in (*ends, len(path)):
            name, is_file = path[:end], end == len(path)
            key = _one_case(name)
            if key not in seen:
                seen[key] = name, is_file
                continue
            message = _clash(name, is_file, *seen[key])
            if message is not None:
                yield path, Unsafe("unsafe-name", message)
                break


def _clash(name: str, is_file: bool, other: str, was_file: bool) -> str | None:
    """Why two names that are one on some system cannot both be there; None for a folder that is there already."""
    if other != name:
        what = "name" if is_file else f"folder {quoted(name)}"
        return f"the {what} differs from {quoted(other)} in case only: on some systems they are one file"
    if is_file != was_file:
        return f"{quoted(name)} is a file and a folder"
    return f"{quoted(name)} is there twice" if is_file else None


def _one_case(path: str) -> str:
    """The path as a file system sees it to which capital and small letters are one."""
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())
