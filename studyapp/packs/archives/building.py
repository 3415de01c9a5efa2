"""Makes the archive of a pack that is right, and puts it where it is wanted in one step."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from studyapp.packs.archives.archive import archive_chunks, archive_sum, read_folder
from studyapp.packs.archives.checking import checked
from studyapp.packs.archives.disk import replace_file
from studyapp.packs.archives.refusals import Refused
from studyapp.packs.folder import SUFFIX
from studyapp.packs.proving import Progress


@dataclass(frozen=True, slots=True)
class Built:
    """An archive: where it is, how many files of the pack it holds, its bytes, and its SHA-256 sum."""

    file: Path
    files: int
    size: int
    sum: str


def build(folder: Path, output: Path | None = None, progress: Progress | None = None) -> Built:
    """Write the archive of the pack in a folder, as `output` or as ID-VERSION.studypack where the program runs;
    `progress` is told of every step of the check.

    Raises:
        Refused: the pack has errors, or the archive cannot be written; what was at its place is as it was.
    """
    if not folder.is_dir():
        raise Refused("no-folder")
    try:
        files = read_folder(folder)
        pack = checked(folder, progress)
        if read_folder(folder) != files:
            raise Refused("changed")
    except OSError as error:
        raise Refused("not-readable", why=error.strerror or error) from error
    file = output if output is not None else Path(f"{pack.id}-{pack.version}{SUFFIX}")
    if file.resolve() in {(folder / name).resolve() for name in files}:
        raise Refused("not-written", where=file, why="it is a file of the pack")
    if file.is_dir():
        raise Refused("not-written", where=file, why="it is a folder")
    whole = b"".join(archive_chunks(files))
    try:
        replace_file(file, whole, file.with_name(f"{file.name}.new"))
    except OSError as error:
        raise Refused("not-written", where=file, why=error.strerror or error) from error
    return Built(file, len(files), len(whole), archive_sum(files))
