"""One line at a time: what is said and what is asked.

Everything that this face prints goes through `Talk`, and nothing but characters and newlines comes out of it: no
colour, no redraw, no movement of the cursor. Whatever a pack or a file name holds is made harmless here.
"""

from __future__ import annotations

import os
import select
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TextIO

from studyapp.packs.characters import clean_text
from studyapp.plain.wrapping import NARROWEST, WIDEST, wrap

LOOK_MS = 500
"""How often the clock is looked at while a line is waited for."""
LONGEST_LINE = 4096
"""Bytes of one line that are read; the rest of a longer one is left out."""


class Leave(Exception):
    """The person wants to leave, or there is no more input; the message says what is saved."""

    def __init__(self, saved: str = "Everything is saved.") -> None:
        super().__init__(saved)


class TimeIsUp(Exception):
    """What `ask` was told to look out for has happened, before a line was typed."""


@dataclass(frozen=True, slots=True)
class Word:
    """Something that may be typed at a prompt: how it is typed, and what it does (without a full stop)."""

    typed: str
    does: str


EVERYWHERE = (
    Word("help", "say what may be typed"),
    Word("quit", "leave; everything is saved"),
)


class Talk:
    """Says lines to `sink` and asks for lines from `source`.

    What is typed is repeated where no terminal shows it, so that a transcript reads well.
    """

    def __init__(self, source: TextIO, sink: TextIO, width: int | None = None) -> None:
        self._source = _Lines(source)
        self._sink = sink
        self._width = width
        self._repeats = not source.isatty()
        self._gap = True

    @property
    def width(self) -> int:
        """The columns that a line may take now."""
        found = self._width if self._width is not None else shutil.get_terminal_size((WIDEST, 24)).columns
        return max(NARROWEST, min(WIDEST, found))

    # -- saying -------------------------------------------------------------------------------------------------------

    def say(self, text: str, first: str = "", rest: str | None = None) -> None:
        """Say a paragraph, wrapped."""
        self.lines(wrap(clean_text(text), self.width, first, rest))

    def items(self, texts: Iterable[str], marker: str = "- ") -> None:
        """Say a list, each item beginning with the marker."""
        for text in texts:
            self.say(text, marker)

    def numbered(self, texts: Iterable[str], start: int = 1) -> None:
        """Say a numbered list."""
        for number, text in enumerate(texts, start=start):
            self.say(text, f"{number}. ")

    def lines(self, lines: Iterable[str]) -> None:
        """Say lines as they are."""
        for line in lines:
            if line or not self._gap:
                self._write(line + "\n")
            self._gap = not line

    def gap(self) -> None:
        """Leave a line empty, unless the last one is."""
        self.lines([""])

    def _write(self, text: str) -> None:
        self._sink.write(clean_text(text))
        self._sink.flush()

    # -- asking -------------------------------------------------------------------------------------------------------

    def ask(
        self, prompt: str, words: Sequence[Word] = (), until: Callable[[], bool] | None = None, blank: str = ""
    ) -> str:
        """Ask for one line; without the spaces around it. `help` is answered here.

        `blank` is what a line of nothing but spaces counts as.

        Raises:
            Leave: `quit` was typed, or the input has ended.
            TimeIsUp: `until` has come true while the line was waited for.
        """
        while True:
            self._write(f"{prompt}: ")
            self._gap = False
            try:
                raw = self._source.read(until)
            except TimeIsUp:
                self._write("\n")
                raise
            if raw is None:
                self._write("\n")
                raise Leave
            if self._repeats:
                self._write(raw.rstrip("\n") + "\n")
            typed = " ".join(raw.split())
            if typed.lower() in ("help", "?"):
                self.help(words)
            elif typed.lower() in ("quit", "exit", "bye", "q"):
                raise Leave
            else:
                return typed or (blank if raw.strip("\r\n") else "")

    def help(self, words: Sequence[Word]) -> None:
        """Say what may be typed."""
        self.say("You may type:")
        self.items(f"{word.typed}: {word.does}." for word in (*words, *EVERYWHERE))

    def puzzled(self, typed: str, wanted: str) -> None:
        """Say that something typed means nothing here; `wanted` is a sentence that says what does."""
        shown = typed if len(typed) <= 40 else typed[:39] + "…"
        self.say(f'"{shown}" means nothing here. {wanted} Type help for all that may be typed.')


class _Lines:
    """Lines of a stream. Of a terminal or pipe they are read so that a clock can be watched meanwhile."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._held = b""
        self._descriptor: int | None = None
        if os.name == "posix" and stream is sys.stdin:
            # What stands in for standard input, such as text in memory, has no descriptor.
            with suppress(OSError):
                self._descriptor = stream.fileno()

    def read(self, until: Callable[[], bool] | None) -> str | None:
        """The next line with its newline, if it has one; None at the end of the input."""
        if until is not None and until():
            raise TimeIsUp
        if self._descriptor is None:
            return self._stream.readline() or None
        while b"\n" not in self._held:
            if until is not None:
                while not select.select([self._descriptor], [], [], LOOK_MS / 1000)[0]:
                    if until():
                        self._forget()
                        raise TimeIsUp
            more = os.read(self._descriptor, 65536)
            if not more:
                rest, self._held = self._held, b""
                return _text(rest) or None
            self._held += more
            if b"\n" not in self._held:
                self._held = self._held[:LONGEST_LINE]
        line, _, self._held = self._held.partition(b"\n")
        return _text(line) + "\n"

    def _forget(self) -> None:
        """Drop what was typed and not sent: it was meant for the question that is over."""
        if self._descriptor is not None and os.isatty(self._descriptor):
            import termios

            termios.tcflush(self._descriptor, termios.TCIFLUSH)


def _text(raw: bytes) -> str:
    return raw[:LONGEST_LINE].decode("utf-8", errors="replace").rstrip("\r")
