"""Which files a pack is made of. Nothing leaves its folder: no link, no device name, no more than is sensible."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from studyapp.packs.portable import clashes, unsafe_path
from studyapp.packs.problems import Problem, nearest, quoted

FOLDERS = {
    "lessons": ".md",
    "scenarios": ".yaml",
    "questions": ".md",
    "exams": ".yaml",
    "labs": ".md",
    "assets": "",
}
"""The folders of a pack and how the names of their files end."""
GLOSSARY = "glossary.yaml"
"""The file that explains the terms of a pack; a pack may do without."""
MAX_FILES = 20_000
"""Files of a folder: 10,000 questions with all that they need. An archive holds fewer."""
MAX_TOTAL = 64 * 1024 * 1024
"""Bytes of all files together."""
SUMS = "SHA256SUMS"
"""The file that an archive has in addition to the pack's own."""
SUFFIX = ".studypack"
"""How the names of archives end."""

_NUMBER = re.compile(r"\A[0-9]+[-_. ]+(?=.)")


@dataclass(frozen=True, slots=True)
class PackFile:
    """A file of a pack: its path inside the folder, with slashes and in the normal form NFC, and where it is."""

    name: str
    where: str | Path

    @property
    def path(self) -> Path:
        """Where it is."""
        return Path(self.where)

    @property
    def id(self) -> str:
        """The file's name without extension and leading number."""
        return file_id(self.name.rpartition("/")[2])


def file_id(name: str) -> str:
    """The id that a file's name gives: without extension and leading number."""
    return _NUMBER.sub("", name.rpartition(".")[0])


def list_files(folder: Path, problems: list[Problem]) -> tuple[PackFile, ...]:
    """The files of a pack in name order; what may not be in one is added to `problems` and left out.

    Hidden files and folders are ignored, and at the top what making and unpacking an archive leaves there.
    """
    walk = _Walk(problems)
    walk.folder(folder, "")
    files = sorted(walk.files, key=lambda file: file.name)
    problems.extend(
        Problem(name, 0, 0, unsafe.code, unsafe.message) for name, unsafe in clashes(file.name for file in files)
    )
    return tuple(file for file in files if _belongs(file, problems))


def left_by_archives(name: str) -> bool:
    """The path is that of an archive at the top of the folder, or of the sums that one brings."""
    return "/" not in name and (name == SUMS or name.endswith(SUFFIX))


class _Walk:
    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self.files: list[PackFile] = []
        self.total = 0
        self.full = False

    def say(self, name: str, code: str, message: str, hint: str | None = None) -> None:
        self.problems.append(Problem(name, 0, 0, code, message, hint))

    def folder(self, folder: Path, inside: str) -> None:
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            self.say(inside or ".", "not-readable", f"the folder cannot be read: {error.strerror or error}")
            return
        for entry in entries:
            name = f"{inside}{entry.name}"
            name = name if name.isascii() else unicodedata.normalize("NFC", name)
            if not entry.name.startswith(".") and not left_by_archives(name) and not self.full:
                self.entry(entry, name)

    def entry(self, entry: os.DirEntry[str], name: str) -> None:
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError as error:
            self.say(name, "not-readable", f"it cannot be read: {error.strerror or error}")
            return
        if stat.S_ISLNK(status.st_mode) or _is_junction(status):
            self.say(name, "link", "links are not allowed: they may lead out of the pack", "put the file itself here")
        elif (unsafe := unsafe_path(name)) is not None:
            self.say(name, unsafe.code, unsafe.message)
        elif stat.S_ISDIR(status.st_mode):
            self.folder(Path(entry.path), f"{name}/")
        elif not stat.S_ISREG(status.st_mode):
            self.say(name, "not-a-file", "this is neither a file nor a folder")
        else:
            self.total += status.st_size
            self.files.append(PackFile(name, entry.path))
            if len(self.files) > MAX_FILES or self.total > MAX_TOTAL:
                self.full = True
                message = f"a pack has at most {MAX_FILES:,} files and {MAX_TOTAL // 1024 // 1024} MiB"
                self.say(name, "too-big", f"{message}; the rest is not looked at")


def _is_junction(status: os.stat_result) -> bool:
    """Windows has links of its own, which are no symbolic links."""
    return bool(getattr(status, "st_file_attributes", 0) & stat.FILE_ATTRIBUTE_REPARSE_POINT)


def _belongs(file: PackFile, problems: list[Problem]) -> bool:
    """The file has a place in the format; else it is reported."""
    top, slash, rest = file.name.partition("/")
    if top.casefold() in (GLOSSARY, "glossary.yml") and not slash and top != GLOSSARY:
        message = f"the file of the glossary is called {GLOSSARY}"
        problems.append(Problem(file.name, 0, 0, "unknown-file", message, "rename it"))
        return False
    if not slash or top == "assets":
        return True
    if top not in FOLDERS:
        hint = nearest(top, FOLDERS) or "put files that lessons link to in assets/"
        problems.append(Problem(file.name, 0, 0, "unknown-folder", f"a pack has no folder {quoted(top)}", hint))
    elif "/" in rest:
        message = f"{top}/ has no folders inside"
        problems.append(Problem(file.name, 0, 0, "unknown-folder", message, f"put the file into {top}/ itself"))
    elif not rest.endswith(FOLDERS[top]):
        message = f"the names of files in {top}/ end in {FOLDERS[top]}"
        problems.append(Problem(file.name, 0, 0, "unknown-file", message, "put other files in assets/"))
    else:
        return True
    return False
