"""One program at a time changes what is installed.

The lock is the system's own on an open file, so that it ends with the program that holds it, however that ends; a file
that a killed one has left is free for the next. Whoever has the lock removes the file before giving it up.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from studyapp.packs.archives.refusals import Refused

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        """Lock an open file, unless another program has."""
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        """Lock an open file, unless another program has."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


WAIT = 10.0
"""Seconds for which another program is waited for."""
_STEP = 0.05


@contextmanager
def locked(path: Path, wait: float | None = None) -> Iterator[None]:
    """Hold the lock whose file is at `path`, in a folder that is made where there is none; wait some seconds for it.

    Raises:
        Refused: another program holds it.
        OSError: the file cannot be made.
    """
    until = time.monotonic() + (WAIT if wait is None else wait)
    while (descriptor := _taken(path)) is None:
        if time.monotonic() >= until:
            raise Refused("busy")
        time.sleep(_STEP)
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()
        os.close(descriptor)
        if sys.platform == "win32":
            # An open file cannot be removed there, and one that another program has opened cannot be either.
            with suppress(OSError):
                path.unlink()


def _taken(path: Path) -> int | None:
    """The open file with the lock on it; None when another program has it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except FileNotFoundError:
        # Whoever had the lock has just removed the folder with it, as it was empty.
        return None
    held = False
    try:
        held = _lock(descriptor) and _stands_at(descriptor, path)
        return descriptor if held else None
    finally:
        if not held:
            os.close(descriptor)


def _stands_at(descriptor: int, path: Path) -> bool:
    """An open file is still the one at the path: whoever had the lock before has removed it, if it was theirs."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
