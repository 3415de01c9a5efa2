"""What a screen says when something is to be opened; the app opens it."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message


@dataclass
class Wanted(Message):
    """Something is to be opened.

    `what` is `pack`, `packs` for all of them, `first` for whatever is most useful, or what `screens.opening` knows,
    which `which` says more of; `instead` of the screen that asks, or over that. What is on top already is opened
    `again` only where somebody chose that: a key that is held down asks often before its screen is there.
    """

    what: str
    which: str = ""
    instead: bool = False
    again: bool = False


class Changed(Message):
    """Something in the settings has been changed."""
