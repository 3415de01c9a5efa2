"""Lets only packs through that are right."""

from __future__ import annotations

from pathlib import Path

from studyapp.packs.archives.refusals import Refused
from studyapp.packs.check import check_pack
from studyapp.packs.pack import Pack, load_pack
from studyapp.packs.proving import Progress


def checked(folder: Path, progress: Progress | None = None) -> Pack:
    """The pack in a folder, with nothing wrong; `progress` is told of every step of the check.

    Raises:
        Refused: there is none, or a check finds an error in it.
    """
    report = check_pack(folder, beliefs=False, progress=progress)
    if not report.ran:
        raise Refused("no-pack", why="; ".join(problem.message for problem in report.problems))
    errors = tuple(problem for problem in report.problems if problem.severity == "error")
    pack, _ = load_pack(folder)
    if errors or pack is None:
        raise Refused("check", problems=errors, count=len(errors))
    return pack
