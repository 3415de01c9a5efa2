"""Who may change what is installed, and what is cleared away: before a change, after it, and when studyapp starts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from studyapp.packs.archives.installed import LOCK, left_behind
from studyapp.packs.archives.lock import locked
from studyapp.packs.archives.refusals import Refused


@contextmanager
def changing(home: Path) -> Iterator[None]:
    """Have the folder of installed packs to oneself, with nothing left behind in it, before or after.

    Raises:
        Refused: another program has it, or it cannot be written.
    """
    made = [folder for folder in (home, *home.parents) if folder == home or not folder.exists()]
    try:
        with locked(home / LOCK):
            _clear(home)
            try:
                yield
            finally:
                _clear(home)
    except BrokenPipeError:
        # That is whoever is asked, and no disk.
        raise
    except OSError as error:
        raise Refused("not-writable", where=error.filename or home, why=error.strerror or error) from error
    finally:
        for folder in made:
            # One that holds something stays.
            with suppress(OSError):
                folder.rmdir()


def tidy(home: Path) -> None:
    """Remove what programs that were killed have left, unless another is at work. Never fails."""
    with suppress(OSError, Refused):
        if (home / LOCK).exists() or any(left_behind(home)):
            with locked(home / LOCK, wait=0):
                _clear(home)
            home.rmdir()


def _clear(home: Path) -> None:
    """Remove what is left behind; what another program has open may have to wait."""
    with suppress(FileNotFoundError):
        for path in left_behind(home):
            with suppress(OSError):
                _remove(path)


def _remove(path: Path) -> None:
    """Take away a file, a link or a folder with all that is in it; no link is followed. Raises OSError."""
    if path.is_dir() and not path.is_symlink():
        # Takes longer to import than to look whether anything is to be removed.
        import shutil

        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
