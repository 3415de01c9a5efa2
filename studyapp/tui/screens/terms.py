"""Terms of the glossary with what they mean: those that were asked for, or all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content

from studyapp.conduct.terms import NONE_HERE
from studyapp.packs.content import Pack
from studyapp.packs.terms import Term
from studyapp.tui import keys
from studyapp.tui.screens.base import Dialog
from studyapp.tui.text import words
from studyapp.tui.widgets.flow import Flow, Gap, Piece, Run
from studyapp.tui.widgets.keybar import KeyBar
from studyapp.tui.widgets.prose import term_pieces
from studyapp.tui.widgets.reading import Page


class Terms(Dialog):
    """Shows some terms, and all of them on a key; where there are none to show, it says so."""

    CSS_PATH = "../styles/dialogs.tcss"
    BINDINGS: ClassVar[keys.Keys] = [*keys.TERMS]

    def __init__(self, pack: Pack, heading: str, terms: Sequence[Term]) -> None:
        super().__init__()
        self._pack = pack
        self._heading = heading
        self._terms = terms
        self._all = False

    def compose(self) -> ComposeResult:
        """The heading, the terms, the keys."""
        with Page(id="box"):
            yield Flow(id="told")
            yield KeyBar(id="keys")

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        self._tell()
        self.query_one(Page).focus()

    def _tell(self) -> None:
        heading = f"Glossary · {self._pack.title}" if self._all else self._heading
        none: list[Piece] = [Run(Content(NONE_HERE))]
        told = term_pieces(self._pack.glossary if self._all else self._terms)
        self.query_one("#told", Flow).show([Run(words(heading, "bold")), Gap(), *(told or none), Gap()])
        self.query_one(Page).scroll_home(animate=False)

    def action_all(self) -> None:
        """Show all terms, or those again that were asked for."""
        self._all = not self._all
        self._tell()

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)
