"""Something to be read that may be longer than the place there is."""

from __future__ import annotations

from typing import ClassVar

from textual.containers import VerticalScroll

from studyapp.tui import keys


class Page(VerticalScroll, inherit_bindings=False):
    """Scrolls by the keys that scroll everywhere."""

    BINDINGS: ClassVar[keys.Keys] = [*keys.SCROLL]
