"""What the terminal is: how wide it is, whether it takes more than ASCII, and whether it can show a full screen."""

from __future__ import annotations

import os
import shutil
import sys

LEAST_WIDTH = 40
"""Columns below which the text is not made narrower."""


def columns() -> int:
    """How wide lines may be."""
    return max(LEAST_WIDTH, shutil.get_terminal_size().columns)


def shows_unicode() -> bool:
    """Standard output can be written more than ASCII, and the locale does not say that nothing else is shown."""
    from studyapp.packs.characters import locale_shows_unicode

    try:
        "●│█≠…".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return locale_shows_unicode(os.environ)


def no_full_screen() -> str | None:
    """Why a full screen cannot be shown; None when it can."""
    if sys.stdin is None or sys.stdout is None or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return "there is no terminal for a full screen"
    return "this terminal cannot show a full screen" if os.environ.get("TERM") == "dumb" else None
