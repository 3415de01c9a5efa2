"""A pack as its author looks at it while writing: files at the left, one of them as learners meet it, its findings.

Three things go on beside the screen, and none is ever waited for: in threads the files are looked at for changes and
the file that is shown is read, and in a process apart the whole pack is proved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from studyapp.packs.draft import Draft
from studyapp.packs.facts import load_facts
from studyapp.packs.problems import Problem
from studyapp.packs.watching import CannotWatch, State, look
from studyapp.tui import keys
from studyapp.tui.previewing import View, named_variants, view_of
from studyapp.tui.proof import Proof
from studyapp.tui.screens.base import StudyScreen
from studyapp.tui.screens.confirm import AskLine
from studyapp.tui.screens.preview_words import EMPTY, READING, found_pieces, head_pieces, note
from studyapp.tui.text import words
from studyapp.tui.widgets.files import FileList, Mark
from studyapp.tui.widgets.findings import sign_of
from studyapp.tui.widgets.flow import Flow, Piece
from studyapp.tui.widgets.reading import Page
from studyapp.tui.widgets.shown import CLAIMS, FACES, Shown

LOOKS_EVERY_S = 0.5
"""Seconds between two looks at the files."""


class PreviewScreen(StudyScreen):
    """Shows a pack while it is written. `cache` is where proofs are remembered."""

    CSS_PATH: ClassVar[keys.Styles] = ["../styles/question.tcss", "../styles/preview.tcss"]
    BINDINGS: ClassVar[keys.Keys] = [*keys.PREVIEW, keys.BACK]
    LEADS_ELSEWHERE = False

    @dataclass
    class Looked(Message):
        """The files have been looked at; `blind` says why they cannot be."""

        state: State
        blind: str

    @dataclass
    class Read(Message):
        """A file has been read; these files there are, with what is wrong with their names and kinds."""

        view: View | None
        names: tuple[str, ...]
        problems: tuple[Problem, ...]
        title: str

    def __init__(self, folder: Path, cache: Path) -> None:
        super().__init__()
        self.folder = folder
        self.proof = Proof(self, folder, cache)
        self.face = CLAIMS
        self.view: View | None = None
        """The file as it is now."""
        self.shown: View | None = None
        """What is shown of it: while it cannot be read, what it was before."""
        self.blind = ""
        """Why changes cannot be seen."""
        self._draft: Draft | None = None
        self._called = folder.resolve().name
        self._listed: tuple[str, ...] | None = None
        self._named: tuple[Problem, ...] = ()
        self._numbers: dict[str, int] = {}
        self._good: dict[str, View] = {}
        self._seen: State | None = None
        self._looking = self._reading = self._again = self._changed = False

    def body(self) -> Iterator[Widget]:
        """The files, the page, the findings."""
        with Horizontal(id="both"):
            with Vertical(id="aside"):
                yield FileList(id="files")
            with Vertical(id="right"):
                with Page(id="page"):
                    yield Flow(id="head")
                    yield Shown(id="shown")
                with Page(id="found"):
                    yield Flow(id="findings")

    def on_mount(self) -> None:
        """Begin to look, and go on."""
        self.query_one(FileList).focus()
        self.tell()
        self.look()
        self.set_interval(LOOKS_EVERY_S, self.look)

    def on_unmount(self) -> None:
        """Leave nothing running."""
        self.proof.stop()

    # -- changes -------------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Look at the files, unless that is being done."""
        if not self._looking:
            self._looking = True
            self._look()

    @work(thread=True, group="look")
    def _look(self) -> None:
        try:
            self.post_message(self.Looked(look(self.folder), ""))
        except CannotWatch as error:
            self.post_message(self.Looked(frozenset(), str(error)))

    @on(Looked)
    def see(self, event: Looked) -> None:
        """Read and prove again what has changed."""
        self._looking = False
        if event.blind != self.blind:
            self.blind, self._seen = event.blind, None
            self.tell()
        if not event.blind and event.state != self._seen:
            self._seen = event.state
            self._changed = True
            self.read()
            self.proof.begin(event.state)
            self.tell()

    # -- reading -------------------------------------------------------------------------------------------------------

    @property
    def file(self) -> str:
        """The path of the file under the cursor; empty without one."""
        return self.query_one(FileList).current or ""

    def read(self) -> None:
        """Read the file under the cursor; while one is being read, do so afterwards."""
        if self._reading:
            self._again = True
        else:
            self._reading = True
            changed, self._changed = self._changed, False
            self._read(self.file, self._numbers.get(self.file, 0), changed)

    @work(thread=True, group="read")
    def _read(self, name: str, number: int, changed: bool) -> None:
        if self._draft is None:
            self._draft = Draft(self.folder)
        draft = self._draft
        if changed:
            draft.look()
        manifest = draft.manifest
        names = [file.name for file in draft.files]
        names += sorted({problem.path for problem in draft.problems if problem.path not in names})
        view = view_of(draft, load_facts(), name, number) if name else None
        title = manifest.title if manifest is not None else ""
        self.post_message(self.Read(view, tuple(names), draft.problems, title))

    @on(Read)
    async def take(self, event: Read) -> None:
        """Show what has been read, if it is still what is wanted."""
        self._reading = False
        self._listed, self._named = event.names, event.problems
        self._called = event.title or self._called
        self.tell()
        if event.view is not None and event.view.page.name == self.file:
            await self.show(event.view)
        elif self.file:
            self._again = True
        if self._again:
            self._again = False
            self.read()

    async def show(self, view: View) -> None:
        """Show a file; where it cannot be read as it is, what it was when it last could."""
        name = view.page.name
        page = self.query_one("#page", Page)
        stay = page.scroll_y if self.shown is not None and self.shown.page.name == name else 0
        self.view = view
        if view.total:  # what cannot be read has no variants, and is looked at where it was once it is mended
            self._numbers[name] = view.number
        if view.good:
            self._good[name] = view
        self.shown = self._good.get(name, view)
        await self.query_one(Shown).show(self.shown, self.face)
        self.tell()
        self.call_after_refresh(lambda: page.scroll_to(y=stay, animate=False, force=True))

    @on(FileList.Moved)
    def turn(self) -> None:
        """Read another file."""
        self.read()

    # -- what is known -------------------------------------------------------------------------------------------------

    @on(Proof.Moved)
    @on(Proof.Ended)
    def hear(self, event: Proof.Moved | Proof.Ended) -> None:
        """The proof has gone on, or ended."""
        self.proof.hear(event)
        self.tell()

    @property
    def fresh(self) -> bool:
        """The proof is of the files as they are now."""
        return self.proof.report is not None and self.proof.state == self._seen

    def problems(self) -> tuple[Problem, ...]:
        """The findings of the file that is shown: of reading it now, and of the last proof if that still counts."""
        if self.view is None:
            return ()
        own = self.view.page.problems
        proved = tuple(problem for problem in self._proved() if problem.path == self.view.page.name)
        return tuple(dict.fromkeys((*own, *proved))) if self.fresh or not own else own

    def _proved(self) -> tuple[Problem, ...]:
        report = self.proof.report
        return report.problems if report is not None else ()

    def tell(self) -> None:
        """Say what is known now."""
        found: dict[str, list[Problem]] = defaultdict(list)
        for problem in dict.fromkeys((*self._named, *self._proved())):
            found[problem.path].append(problem)
        listed = self._listed or ()
        # What should be there and is not has findings too.
        missing = (path for path in sorted(found) if path not in listed) if self.fresh else ()
        self.query_one(FileList).show((*missing, *listed))
        if self.view is not None:
            found[self.view.page.name] = list(self.problems())
        marks = {path: Mark(*sign_of(problems)) for path, problems in found.items() if problems}
        if self.fresh and self.proof.report is not None and self.proof.report.ran:
            good, unproved = Mark("✔", "$success"), Mark("–", "$quiet")
            others = dict.fromkeys(self.proof.report.unproved, unproved)
            marks = {**dict.fromkeys(self.query_one(FileList).names, good), **others, **marks}
        self.query_one(FileList).mark(marks)
        where = f"{self._called} · {self.file}" if self.file else self._called
        self.top.say(words(where), self._state())
        self.query_one("#head", Flow).show(self._head())
        told = found_pieces(self.problems(), self.view, running=self.proof.running, fresh=self.fresh)
        self.query_one("#findings", Flow).show(told)
        self.refresh_bindings()

    def _head(self) -> list[Piece]:
        if self.view is not None and self.shown is not None:
            return head_pieces(self.view, self.shown, self.face)
        if self.blind:
            return note(f"{self.folder} cannot be looked at: {self.blind}. It is tried again and again.")
        return note(READING if self._listed is None or self.file else EMPTY)

    def _state(self) -> Content:
        if self.blind:
            return words(f"▲ cannot watch: {self.blind}", "bold $warning")
        report = self.proof.report
        sign, style = sign_of(report.problems) if report is not None and not self.proof.running else ("", "")
        return Content.styled(f"{sign}  " if sign else "", style) + words(self.proof.told(), "$quiet")

    # -- keys ----------------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Variants and claims are those of a question."""
        if action in ("variant", "go"):
            return self.view is not None and self.view.total > 1
        if action == "named":
            return any(problem.variant for problem in self.problems())
        if action == "face":
            return self.shown is not None and self.shown.variant is not None
        return True

    def action_variant(self, by: int) -> None:
        """Another variant; after the last comes the first."""
        if self.view is not None and self.view.total:
            self._to_variant((self._numbers.get(self.file, 0) + by) % self.view.total)

    def _to_variant(self, number: int) -> None:
        self._numbers[self.file] = number
        self.read()

    def action_named(self) -> None:
        """Go to the next variant that a finding names."""
        if self.view is None:
            return
        named = named_variants(self.view, self.problems())
        if named:
            here = self._numbers.get(self.file, 0)
            self._to_variant(next((number for number in named if number > here), named[0]))

    def action_go(self) -> None:
        """Ask for a variant by its number."""
        total = self.view.total if self.view is not None else 0

        def wrong(typed: str) -> str:
            good = typed.isascii() and typed.isdecimal() and len(typed) < 9 and 1 <= int(typed) <= total
            return "" if good else f"Type a number from 1 to {total}."

        def went(typed: object) -> None:
            if isinstance(typed, str):
                self._to_variant(int(typed) - 1)

        self.app.push_screen(AskLine("Go to which variant?", f"There are {total:,}.", wrong), went)

    async def action_face(self) -> None:
        """Look at a question in another way."""
        self.face = FACES[(FACES.index(self.face) + 1) % len(FACES)]
        if self.view is not None:
            await self.show(self.view)

    def action_flawed(self, by: int) -> None:
        """Go to another file with findings."""
        files = self.query_one(FileList)
        flawed = {problem.path for problem in (*self._named, *self._proved())}
        if self.problems():
            flawed.add(self.file)
        around = [(files.cursor + by * step) % len(files.names) for step in range(1, len(files.names))]
        there = next((place for place in around if files.names[place] in flawed), None)
        if there is None:
            self.notify("No other file has findings.", markup=False)
        else:
            files.cursor = there

    def action_find(self) -> None:
        """Find a file by a part of its name, from the one under the cursor on."""
        files = self.query_one(FileList)

        def places(typed: str) -> list[int]:
            after = [*range(files.cursor + 1, len(files.names)), *range(files.cursor + 1)]
            return [place for place in after if typed.casefold() in files.names[place].casefold()]

        def wrong(typed: str) -> str:
            return "" if places(typed) else "No file has that in its name."

        def found(typed: object) -> None:
            if isinstance(typed, str):
                files.cursor = places(typed)[0]

        self.app.push_screen(AskLine("Find a file", "A part of its name is enough.", wrong), found)

    def action_page(self, by: int) -> None:
        """Scroll the file while the list has the keys."""
        page = self.query_one("#page", Page)
        (page.scroll_page_down if by > 0 else page.scroll_page_up)(animate=False)

    def action_files(self) -> None:
        """Show or hide the list of files."""
        hidden = not self.has_class("-no-files")
        self.set_class(hidden, "-no-files")
        (self.query_one("#page", Page) if hidden else self.query_one(FileList)).focus(scroll_visible=False)

    def action_prove(self) -> None:
        """Stop the proof, or start it again."""
        if self.proof.running:
            self.proof.stop()
        else:
            self.proof.begin(self._seen)
        self.tell()

    def action_back(self) -> None:
        """Go back; where there is nothing to go back to, the program ends."""
        if len(self.app.screen_stack) > 1:
            super().action_back()
        else:
            self.app.exit(0)
