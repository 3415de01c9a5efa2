"""Files of the user's cache: data and no code, used only when they are whole and were written by the very same program.

On any doubt a file is thrown away, and what cannot be written is not remembered; nothing is said of either. A file is
there whole or as it was, whoever else writes it. Nothing is ever read from a pack's own folder.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

from studyapp.packs.places import PACKAGE, data_folder

MOST_BYTES = 256 * 1024 * 1024
"""Bytes of a file of the cache beyond which it is not read."""
SUM = 65
"""Bytes of the line with the checksum."""


@cache
def program_digest() -> str:
    """A hash of the program and of the facts it runs on, the version of the model among them."""
    whole = sha256()
    for folder, pattern in ((PACKAGE, "**/*.py"), (data_folder(), "**/*.toml")):
        for path in sorted(folder.glob(pattern)):
            raw = path.read_bytes()
            whole.update(f"{path.relative_to(folder).as_posix()}\0{len(raw)}\0".encode())
            whole.update(raw)
    return whole.hexdigest()


def file_name(of: str) -> str:
    """The name, without an ending, of the file about something that has this name or place."""
    return sha256(of.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def read_cached(path: Path) -> bytes | None:
    """What this program has written; None when there is nothing, or something else."""
    try:
        with path.open("rb") as file:
            checksum, raw = file.readline(SUM), file.read(MOST_BYTES)
    except OSError:
        return None
    if checksum == _checksum(raw):
        return raw
    forget(path)
    return None


def write_cached(path: Path, raw: bytes) -> None:
    """Put this in the place of what is there."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_checksum(raw))
                file.write(raw)
            Path(name).replace(path)
        finally:
            with suppress(OSError):
                Path(name).unlink()


def forget(path: Path) -> None:
    """Throw a file away."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _checksum(raw: bytes) -> bytes:
    """A checksum of what is kept and of who keeps it, as a line."""
    whole = sha256(program_digest().encode())
    whole.update(raw)
    return whole.hexdigest().encode() + b"\n"
