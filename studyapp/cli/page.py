"""A page of text: its width and signs, its sections, lines that wrap beside what stands before them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import wrap

from studyapp.cli.lanes import ASCII, UNICODE, Signs
from studyapp.tui.widgets.diagram_canvas import cells

TWO_COLUMNS = 100
"""Columns from which on two things stand side by side."""
LEAST_TEXT = 16


@dataclass(frozen=True, slots=True)
class Page:
    """How the text is to be: its width, and whether the terminal shows ASCII only."""

    width: int = 80
    ascii_only: bool = False

    @property
    def signs(self) -> Signs:
        """The characters to draw runs with."""
        return ASCII if self.ascii_only else UNICODE

    def half(self) -> Page:
        """One of two columns, with a separator of three between them."""
        return Page((self.width - 3) // 2, self.ascii_only)


def wrapped(text: str, width: int) -> list[str]:
    """The words of a text in lines; a path or a name with hyphens stays whole where it can."""
    return wrap(text, max(LEAST_TEXT, width), break_on_hyphens=False) or [""]


def hanging(first: str, text: str, width: int) -> list[str]:
    """A text beside what stands before its first line."""
    lines = wrapped(text, width - cells(first))
    return [first + lines[0], *(" " * cells(first) + line for line in lines[1:])]


def section(title: str, lines: Iterable[str]) -> Iterator[str]:
    """A title with lines below it; nothing where there are none."""
    found = list(lines)
    if found:
        yield title
        yield from (f"  {line}".rstrip() for line in found)
        yield ""
