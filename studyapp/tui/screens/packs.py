"""The packs that can be studied: what each is and holds; install, remove, check, preview, choose one.

What takes long is done in a process apart, one thing at a time, and can be stopped; until its end nothing is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import ClassVar

from textual import on, work
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from studyapp.packs import jobs
from studyapp.packs.apart import Apart, Stopped, WorkLost
from studyapp.packs.archives.installing import remove
from studyapp.packs.archives.listing import Listed, list_packs
from studyapp.packs.archives.refusals import Refused
from studyapp.packs.archives.telling import OPEN_EXAM
from studyapp.packs.manifest import MANIFEST
from studyapp.tui import keys
from studyapp.tui.desk import Desk
from studyapp.tui.proof import Proof, proving
from studyapp.tui.screens.base import StudyScreen
from studyapp.tui.screens.carrying import Carrying
from studyapp.tui.screens.confirm import AskLine, Confirm
from studyapp.tui.screens.packs_words import Outcome, about, rows, told
from studyapp.tui.screens.preview import PreviewScreen
from studyapp.tui.wanted import Wanted
from studyapp.tui.widgets.flow import Flow
from studyapp.tui.widgets.reading import Page
from studyapp.tui.widgets.rows import Rows

KEPT = "What was learned in it is kept, and counts again once it is installed again."
STOPPED = Outcome("not done", ("Stopped. Everything is as it was.",))


class PacksScreen(StudyScreen):
    """Lists the packs, with all there is to know of the one under the cursor, and does what is wanted with it."""

    CSS_PATH = "../styles/packs.tcss"
    BINDINGS: ClassVar[keys.Keys] = [*keys.PACKS, keys.BACK]
    LEADS_ELSEWHERE = False

    @dataclass
    class Found(Message):
        """The packs that there are now; the cursor goes to the one with the id `at`."""

        packs: tuple[Listed, ...]
        at: str | None

    @dataclass
    class Counted(Message):
        """How much the pack in a folder holds; None where it cannot be told."""

        folder: Path
        holds: jobs.Holds | None

    @dataclass
    class Asking(Message):
        """An installation waits for an answer."""

        asked: jobs.Asked
        answers: SimpleQueue[bool]

    @dataclass
    class Came(Message):
        """What is being done has come so far, or to its end; then `changed` is the pack that is another now, which may
        have been `installed`.
        """

        outcome: Outcome
        ended: bool = False
        changed: str = ""
        installed: bool = False

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.packs: tuple[Listed, ...] = ()
        self.outcome: Outcome | None = None
        self.held: dict[Path, jobs.Holds | None] = {}
        self._install: Apart[jobs.Done] | None = None
        self._count: Apart[None] | None = None
        self._proof: Proof | None = None
        self._answers: SimpleQueue[bool] | None = None
        self._removing = False
        self._carrying = Carrying(self, desk.services, self._carried)
        self._offered = ""
        """The id of a pack that has just been installed, until it is seen whether something can be copied to it."""
        self._reread = ""
        """The id of the pack that is studied, once it has become another."""

    def body(self) -> Iterator[Widget]:
        """The packs, what there is to know of one, what was done last."""
        with Page(id="page", can_focus=False):
            yield Rows(id="packs")
            yield Flow(id="about")
            yield Flow(id="told")

    def on_mount(self) -> None:
        """See which there are."""
        self.top.say(Content("Packs"))
        self.query_one(Rows).focus()
        self.find(self.desk.pack_id)

    def on_unmount(self) -> None:
        """Leave nothing running."""
        self.stop()
        if self._count is not None:
            self._count.stop()

    # -- what there is -------------------------------------------------------------------------------------------------

    @property
    def home(self) -> Path:
        """Where installed packs are."""
        return self.desk.services.paths.packs

    @property
    def shipped(self) -> Path:
        """Where the packs are that come with the program."""
        return self.desk.services.catalog.folder

    @property
    def current(self) -> Listed | None:
        """The pack under the cursor."""
        wanted = self.query_one(Rows).current
        return next((pack for pack in self.packs if pack.id == wanted), None)

    @work(thread=True, group="find")
    def find(self, at: str | None = None) -> None:
        """See which packs there are."""
        self.post_message(self.Found(list_packs(self.home, self.shipped), at))

    @on(Found)
    def take(self, event: Found) -> None:
        """Show them, and count what they hold."""
        self.packs = event.packs
        folder = self.desk.pack.folder if self.desk.pack is not None else None
        studied = self._reread or next((pack.id for pack in self.packs if pack.folder == folder), "")
        self.query_one(Rows).show(rows(self.packs, studied), at=event.at)
        self.tell()
        if self.current is not None and self.current.id == self._offered:
            self._offered = ""
            self._carrying.offer(self.current)
        self.count(tuple(pack.folder for pack in self.packs if pack.trouble is None and pack.folder not in self.held))

    @work(thread=True, group="count", exclusive=True)
    def count(self, folders: tuple[Path, ...]) -> None:
        """Count what packs hold."""

        def hear(told: tuple[Path, jobs.Holds | None]) -> None:
            self.post_message(self.Counted(*told))

        self._count = counting = Apart(jobs.count, folders)
        try:
            counting.run(hear)
        except (Stopped, WorkLost):
            return

    @on(Counted)
    def note(self, event: Counted) -> None:
        """One is counted."""
        self.held[event.folder] = event.holds
        self.tell()

    @on(Rows.Moved)
    def tell(self) -> None:
        """Say what is known of the pack under the cursor, and what was done last."""
        pack = self.current
        shadows = pack is not None and pack.installed and (self.shipped / pack.id / MANIFEST).is_file()
        self.query_one("#about", Flow).show(about(pack, self.held, shadows=shadows) if pack is not None else [])
        self.query_one("#told", Flow).show(told(self.outcome))
        self.refresh_bindings()

    # -- what is done --------------------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Something is being done that takes long."""
        return self._install is not None or self._removing or (self._proof is not None and self._proof.running)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """One thing at a time."""
        pack = self.current if self.is_mounted else None
        if action == "stop":
            return self.busy and not self._removing
        if action in ("install", "check", "remove") and self.busy:
            return False
        if action == "remove":
            return pack is not None and pack.installed
        if action in ("check", "preview"):
            return pack is not None
        if action == "carry":
            return pack is not None and bool(pack.was)
        return True

    @on(Came)
    def come(self, event: Came) -> None:
        """Say how far it is, or what has come of it."""
        if not self.busy:
            return
        self.outcome = event.outcome
        if event.ended:
            self._install, self._removing = None, False
            self.held = {folder: holds for folder, holds in self.held.items() if event.changed not in folder.parts}
            if event.changed:
                self._offered = event.changed if event.installed else ""
                self._see_studied(event.changed)
                self.find(event.changed)
        self.tell()
        if event.ended:
            self.call_after_refresh(self.query_one("#page", Page).scroll_end, animate=False)

    def _see_studied(self, changed: str) -> None:
        """The pack that is studied has to be read again once it is another; where it is gone, the first is studied."""
        if changed == self.desk.pack_id:
            ids = self.desk.services.catalog.ids()
            self._reread = changed if changed in ids else ids[0] if ids else changed

    @on(Rows.Chosen)
    def study(self, event: Rows.Chosen) -> None:
        """Study the pack that is chosen."""
        self.post_message(Wanted("pack", event.row))

    def action_stop(self) -> None:
        """Stop what is being done."""
        self.stop()
        self.outcome = STOPPED
        self.tell()

    def stop(self) -> None:
        """Break off what is being done."""
        if self._install is not None:
            self._install.stop()
            self._install = None
        if self._answers is not None:
            self._answers.put(False)
        if self._proof is not None:
            self._proof.stop()

    def action_back(self) -> None:
        """Go back; where the pack that is studied has become another, it is read again."""
        if self.busy:
            self.notify("What was being done has been stopped. Everything is as it was.", markup=False)
        if self._reread:
            self.post_message(Wanted("pack", self._reread))
        else:
            super().action_back()

    def action_carry(self) -> None:
        """Copy what was learned in the pack under the cursor when it had another name."""
        if self.current is not None:
            self._carrying.offer(self.current, wanted=True)

    def _carried(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.tell()

    def action_preview(self) -> None:
        """Look at the pack as its author does."""
        if self.current is not None:
            self.app.push_screen(PreviewScreen(self.current.folder, self.desk.services.paths.cache))

    # -- checking ------------------------------------------------------------------------------------------------------

    def action_check(self) -> None:
        """Prove the pack under the cursor."""
        if self.current is not None:
            self._proof = Proof(self, self.current.folder, self.desk.services.paths.cache)
            self._proof.begin()
            self.outcome = Outcome("going on", (f"{self.current.id}: {self._proof.told()}",))
            self.tell()

    @on(Proof.Moved)
    @on(Proof.Ended)
    def hear(self, event: Proof.Moved | Proof.Ended) -> None:
        """The check has gone on, or ended."""
        proof = self._proof
        if proof is None or not proof.hear(event):
            return
        if proof.running:
            self.outcome = Outcome("going on", (proof.told(),))
        elif proof.report is None:
            self.outcome = Outcome("not done", (proof.told(),))
        else:
            self.outcome = Outcome("done" if proof.report.ok else "not done", (proof.told(),), proof.report.problems)
        self.tell()

    # -- installing ----------------------------------------------------------------------------------------------------

    def action_install(self) -> None:
        """Ask what to install."""
        self.app.push_screen(
            AskLine(
                "Install a pack",
                "The path of a .studypack file, or of a pack's folder. It is checked in full first.",
                lambda typed: "" if typed else "Type a path.",
            ),
            self._named,
        )

    def _named(self, typed: object) -> None:
        if isinstance(typed, str) and not self.busy:
            self._install = installing = Apart(jobs.put, _path(typed), self.home, self.shipped)
            self.outcome = Outcome("going on", (f"reading {typed} …",))
            self.tell()
            self.run_worker(partial(self._put, installing, typed), thread=True, group="install")

    def _put(self, installing: Apart[jobs.Done], typed: str) -> None:
        """Install, in a thread: it waits for the process, and for answers."""

        def hear(so_far: tuple[int, int, int]) -> None:
            if not installing.stopped:
                self.post_message(self.Came(Outcome("going on", (proving(*so_far),))))

        def answer(asked: jobs.Asked) -> bool:
            answers: SimpleQueue[bool] = SimpleQueue()
            self.post_message(self.Asking(asked, answers))
            return answers.get()

        try:
            done = installing.run(hear, answer)
        except Stopped:
            return
        except WorkLost as error:
            done = jobs.Done(refused=str(error))
        outcome = Outcome("done", done.told) if done.told else Outcome("not done", (f"{typed}: {done.refused}",))
        if done.problems:
            outcome = Outcome(outcome.how, outcome.lines, done.problems)
        self.post_message(self.Came(outcome, True, done.pack, True))

    @on(Asking)
    def ask(self, event: Asking) -> None:
        """Ask what the command line asks."""
        asked, answers = event.asked, event.answers
        doubts = (*asked.doubts, *((OPEN_EXAM,) if self.desk.services.has_open_exam(asked.pack) else ()))
        if self._install is None or not doubts:
            answers.put(self._install is not None)
            return
        self._answers = answers
        question = f"Install {asked.pack} {asked.version} all the same?"
        said = (*asked.about, *map(_sentence, doubts))
        self._confirm(question, said, "Install it all the same", "Leave everything as it is", answers.put)

    def _confirm(self, question: str, said: tuple[str, ...], yes: str, no: str, then: Callable[[bool], None]) -> None:
        self.app.push_screen(Confirm(question, said, yes, no), lambda answer: then(answer is True))

    # -- removing ------------------------------------------------------------------------------------------------------

    def action_remove(self) -> None:
        """Ask once, and remove the pack under the cursor."""
        pack = self.current
        if pack is None:
            return
        said = (KEPT, *((_sentence(OPEN_EXAM),) if self.desk.services.has_open_exam(pack.id) else ()))

        def answered(yes: bool) -> None:
            if yes and not self.busy:
                self._removing = True
                self.tell()
                self._remove(pack.id)

        self._confirm(f"Remove {pack.id} {pack.version}?".replace(" ?", "?"), said, "Remove it", "Keep it", answered)

    @work(thread=True, group="remove")
    def _remove(self, pack: str) -> None:
        try:
            remove(pack, self.home, self.shipped)
        except Refused as error:
            self.post_message(self.Came(Outcome("not done", (f"{pack}: {error}",)), True))
            return
        lines = [f"removed {pack}; what was learned in it is kept"]
        if (self.shipped / pack / MANIFEST).is_file():
            lines.append("the one that comes with studyapp is used again")
        self.post_message(self.Came(Outcome("done", tuple(lines)), True, pack))


def _sentence(doubt: str) -> str:
    """A clause as a sentence."""
    return f"{doubt[:1].upper()}{doubt[1:].removesuffix('.')}."


def _path(typed: str) -> Path:
    """The path that somebody types, pastes or drops, with quotes or without."""
    if len(typed) > 1 and typed[0] == typed[-1] and typed[0] in "'\"":
        typed = typed[1:-1]
    return Path(typed).expanduser().absolute()
