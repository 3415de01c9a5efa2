"""What was proved is remembered in the user's cache folder, by content, so that it is not proved again.

A file of the cache is plain JSON below a line with its checksum. It is used only if it is whole and was written by the
very same program over the same facts; on any doubt it is thrown away. Nothing is ever read from a pack's own folder.
"""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from studyapp.packs.facts import model_version
from studyapp.packs.families import Family
from studyapp.packs.folder import PackFile
from studyapp.packs.places import PACKAGE, data_folder
from studyapp.packs.report import CheckReport, NotWhole, family_data, family_from, report_data, report_from

MOST_BYTES = 256 * 1024 * 1024
"""Bytes of a file of the cache beyond which it is not read."""


@cache
def program_digest() -> str:
    """A hash of the program, of the facts it runs on and of the version of the model: what was found by another one is
    not used.
    """
    whole = sha256(model_version().encode())
    for folder, pattern in ((PACKAGE, "**/*.py"), (data_folder(), "**/*.toml")):
        for path in sorted(folder.glob(pattern)):
            whole.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
            whole.update(path.read_bytes())
    return whole.hexdigest()


def files_digest(files: tuple[PackFile, ...]) -> str:
    """A hash of all files of a pack, names and bytes. Raises OSError."""
    whole = sha256()
    for file in files:
        raw = file.path.read_bytes()
        whole.update(f"{file.name}\0{len(raw)}\0".encode("utf-8", "surrogatepass"))
        whole.update(raw)
    return whole.hexdigest()


class Memory:
    """What is remembered of the pack in one folder. `cache` is where the user's cache is."""

    def __init__(self, cache: Path, pack: Path) -> None:
        name = sha256(str(pack.resolve()).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        self.path = cache / "checks" / f"{name}.json"
        self._whole = ""
        self._report: Any = None
        self._families: dict[str, Any] = {}
        self._read()

    def report(self, digest: str) -> CheckReport | None:
        """The report on a pack with just these files."""
        if digest != self._whole:
            return None
        try:
            return report_from(self._report)
        except NotWhole:
            self.forget()
            return None

    def family(self, key: str) -> Family | None:
        """What was found of a question with this content."""
        if key not in self._families:
            return None
        try:
            return family_from(self._families[key])
        except NotWhole:
            self.forget()
            return None

    def keep(self, digest: str, report: CheckReport | None, families: dict[str, Family]) -> None:
        """Remember this and nothing else. Where it cannot be written there is no memory, and nothing is said."""
        body = {
            "of": program_digest(),
            "whole": digest,
            "report": report_data(report) if report is not None else None,
            "families": {key: family_data(family) for key, family in families.items()},
        }
        raw = json.dumps(body, separators=(",", ":")).encode()
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            _replace(self.path, sha256(raw).hexdigest().encode() + b"\n" + raw)

    def forget(self) -> None:
        """Throw away what is remembered."""
        self._whole, self._report, self._families = "", None, {}
        with suppress(OSError):
            self.path.unlink(missing_ok=True)

    def _read(self) -> None:
        try:
            if self.path.stat().st_size > MOST_BYTES:
                return self.forget()
            checksum, _, raw = self.path.read_bytes().partition(b"\n")
        except OSError:
            return None
        if checksum != sha256(raw).hexdigest().encode():
            return self.forget()
        try:
            body = json.loads(raw)
        except (ValueError, RecursionError):
            return self.forget()
        if not isinstance(body, dict) or body.get("of") != program_digest():
            return self.forget()
        if not isinstance(body.get("whole"), str) or not isinstance(body.get("families"), dict):
            return self.forget()
        self._whole, self._report, self._families = body["whole"], body.get("report"), body["families"]
        return None


def _replace(path: Path, raw: bytes) -> None:
    """Write a file in one step: it is there whole, or as it was. Raises OSError."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
        Path(name).replace(path)
    finally:
        with suppress(OSError):
            Path(name).unlink()
