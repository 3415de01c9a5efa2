"""What was proved is remembered in the user's cache folder, by content, so that it is not proved again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from studyapp.packs.cache import file_name, forget, read_cached, write_cached
from studyapp.packs.families import Family
from studyapp.packs.folder import PackFile
from studyapp.packs.report import CheckReport, NotWhole, family_data, family_from, report_data, report_from


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
        self.path = cache / "checks" / f"{file_name(str(pack.resolve()))}.json"
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

    def keep(self, digest: str, report: CheckReport | None, families: Mapping[str, Family]) -> None:
        """Remember this and nothing else. Where it cannot be written there is no memory, and nothing is said."""
        body = {
            "whole": digest,
            "report": report_data(report) if report is not None else None,
            "families": {key: family_data(family) for key, family in families.items()},
        }
        write_cached(self.path, json.dumps(body, separators=(",", ":")).encode())

    def forget(self) -> None:
        """Throw away what is remembered."""
        self._whole, self._report, self._families = "", None, {}
        forget(self.path)

    def _read(self) -> None:
        raw = read_cached(self.path)
        if raw is None:
            return
        try:
            body = json.loads(raw)
        except (ValueError, RecursionError):
            body = None
        if (
            not isinstance(body, dict)
            or not isinstance(body.get("whole"), str)
            or not isinstance(body.get("families"), dict)
        ):
            self.forget()
            return
        self._whole, self._report, self._families = body["whole"], body.get("report"), body["families"]
