"""What can be set: the theme, whether anything moves by itself, and keys of one's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from studyapp.store.errors import StoreError
from studyapp.store.settings import THEMES, Settings
from studyapp.study.agenda import LONGEST, MINUTES, Goal, read_day
from studyapp.tui import keys
from studyapp.tui.desk import Desk
from studyapp.tui.keeping import keep
from studyapp.tui.keymap import FIXED, binding_of, changed, clashes, misfit, places, usual
from studyapp.tui.screens.base import Dialog, StudyScreen
from studyapp.tui.screens.confirm import AskLine
from studyapp.tui.spoken import spoken
from studyapp.tui.text import words
from studyapp.tui.widgets.flow import BLANK, Flow, Gap, Run
from studyapp.tui.widgets.reading import Page
from studyapp.tui.widgets.rows import Row, Rows, heading

SWITCHED = {True: "on", False: "off"}


class SettingsScreen(StudyScreen):
    """A row for each setting; `enter` changes it, and it holds and is saved at once."""

    CSS_PATH = "../styles/settings.tcss"
    BINDINGS: ClassVar[keys.Keys] = [*keys.SETTINGS]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def body(self) -> Iterator[Widget]:
        """One list."""
        with Page(id="page", can_focus=False):
            yield Rows(id="rows")

    def on_mount(self) -> None:
        """Show what is set."""
        self.top.say(Content("Settings"), Content("saved as you change them"))
        self.query_one(Rows).focus()
        self.tell()

    def tell(self) -> None:
        """Show what is set."""
        self.query_one(Rows).show(list(self._rows()))

    def _rows(self) -> Iterator[Row]:
        settings = self.desk.settings
        yield heading("What it looks like")
        yield _setting("theme", "Colours", settings.theme.replace("-", " "))
        yield _setting("animation", "Movement, as in playing diagrams", SWITCHED[settings.animation])
        yield Row(BLANK)
        yield heading("How you learn")
        goal = self._goal()
        day = goal.exam_day.isoformat() if goal.exam_day is not None else "none"
        yield _setting("exam-day", "Day of your exam", day)
        yield _setting("minutes", "Minutes that you have on a day", str(goal.minutes))
        yield _setting("predict", "Lessons ask what will happen before you watch", SWITCHED[settings.predict])
        yield Row(BLANK)
        yield heading(spoken("Keys: {list.choose}, then press the new one", settings.keys))
        for place, bindings in places():
            yield Row(Content.styled(place, "$quiet"))
            for names, binding in keys.by_action(changed(bindings, settings.keys)):
                own = binding.id in settings.keys
                fixed = "  fixed" if binding.id in FIXED else "  yours" if own else ""
                shown = " ".join(keys.shown(name) for name in names)
                yield Row(
                    Content(f"{'    ' if binding.id in FIXED else '  '}{binding.description}"),
                    Content.assemble(Content.styled(shown, "bold $accent"), Content.styled(fixed.ljust(7), "$quiet")),
                    id=None if binding.id in FIXED else f"key:{binding.id}:{place}",
                )
        yield Row(BLANK)
        yield heading("Where it is kept")
        yield Row(words(str(self.desk.services.paths.settings), "$quiet"))

    # -- what is done --------------------------------------------------------------------------------------------------

    @on(Rows.Chosen)
    def change(self, event: Rows.Chosen) -> None:
        """The next value, or another key."""
        what, _, rest = event.row.partition(":")
        if what == "key":
            action = rest.partition(":")[0]
            self.app.push_screen(NewKey(self.desk.settings, action), self._given)
        elif what == "exam-day":
            told = "as 2026-12-14, or none: practice then brings first what adds most to your score on that day"
            self.app.push_screen(AskLine("When is your exam?", told, wrong_day), self._set_day)
        elif what == "minutes":
            self.app.push_screen(
                AskLine("How many minutes do you have on a day?", "a whole number", wrong_minutes), self._set_minutes
            )
        else:
            self._step(what, 1)

    def _goal(self) -> Goal:
        usual = Goal(self.desk.pack_id, None, MINUTES, self.desk.now())
        try:
            return (self.desk.store.goal(self.desk.pack_id) if self.desk.store is not None else None) or usual
        except StoreError:
            return usual

    def _set_day(self, typed: object) -> None:
        if isinstance(typed, str):
            self._set_goal(replace(self._goal(), exam_day=None if typed == "none" else read_day(typed)))

    def _set_minutes(self, typed: object) -> None:
        if isinstance(typed, str):
            self._set_goal(replace(self._goal(), minutes=int(typed)))

    def _set_goal(self, goal: Goal) -> None:
        try:
            self.desk.services.store.set_goal(replace(goal, at=self.desk.now()))
        except StoreError as error:
            self.notify(str(error), severity="error", markup=False, timeout=10)
        self.tell()

    def action_step(self, by: int) -> None:
        """The value before or after."""
        self._step(self.query_one(Rows).current or "", by)

    def _step(self, what: str, by: int) -> None:
        settings = self.desk.settings
        if what == "theme":
            self._set(replace(settings, theme=THEMES[(THEMES.index(settings.theme) + by) % len(THEMES)]))
        elif what == "animation":
            self._set(replace(settings, animation=not settings.animation))
        elif what == "predict":
            self._set(replace(settings, predict=not settings.predict))

    def action_find(self) -> None:
        """Put the cursor on an action, by a part of what it is called or does."""
        told = "a part of its name, or of what it does"
        self.app.push_screen(AskLine("Which action?", told, _nothing_like), self._go_to)

    def _go_to(self, typed: object) -> None:
        if isinstance(typed, str):
            self.query_one(Rows).move_to(_like(typed))

    def action_usual(self) -> None:
        """Give an action the program's own key again, or a setting its usual value."""
        what, _, rest = (self.query_one(Rows).current or "").partition(":")
        settings = self.desk.settings
        if what == "key":
            action = rest.partition(":")[0]
            kept = {each: key for each, key in settings.keys.items() if each != action}
            clash = next((why for key in usual(action).split(",") if (why := clashes(action, key, kept))), "")
            if clash:
                self.notify(clash, markup=False, timeout=6)
            else:
                self._set(replace(settings, keys=kept))
        elif what == "exam-day":
            self._set_goal(replace(self._goal(), exam_day=None))
        elif what == "minutes":
            self._set_goal(replace(self._goal(), minutes=MINUTES))
        elif what:
            self._set(replace(settings, **{what: getattr(Settings(), what)}))

    def _given(self, key: object) -> None:
        if isinstance(key, tuple):
            action, name = key
            self._set(replace(self.desk.settings, keys={**self.desk.settings.keys, action: name}))

    def _set(self, settings: Settings) -> None:
        keep(self.app, self.desk, settings)
        self.tell()


class NewKey(Dialog):
    """Waits for the key that an action shall have, and says why one cannot be had. Gives both, or None."""

    BINDINGS: ClassVar[keys.Keys] = []

    def __init__(self, settings: Settings, action: str) -> None:
        super().__init__()
        self.settings = settings
        self.action = action

    @property
    def binding(self) -> Binding:
        """The action as the program has it."""
        binding = binding_of(self.action)
        assert binding is not None, "the settings list actions that there are"
        return binding

    def compose(self) -> ComposeResult:
        """What is asked, and what came of it."""
        with Vertical(id="box"):
            yield Flow(
                [
                    Run(words(f"A key for: {self.binding.description}", "bold")),
                    Run(words(self.binding.tooltip, "$quiet")),
                    Gap(),
                    Run(Content("Press the new key. esc leaves it as it is.")),
                ]
            )
            yield Flow(id="why-not")

    def on_key(self, event: events.Key) -> None:
        """Take the key, or say why not."""
        event.stop()
        event.prevent_default()
        if event.key == "escape":
            self.dismiss(None)
            return
        why_not = misfit(self.action, event.key, self.settings.keys)
        if why_not:
            self.query_one("#why-not", Flow).show([Gap(), Run(words(why_not, "bold $warning"))])
        else:
            self.dismiss((self.action, event.key))


def wrong_day(typed: str) -> str:
    """Why something is no day of an exam, as a sentence; empty where it is."""
    try:
        if typed != "none":
            read_day(typed)
    except ValueError:
        return "Type a day as 2026-12-14, or none."
    return ""


def wrong_minutes(typed: str) -> str:
    """Why something is no number of minutes of a day, as a sentence; empty where it is."""
    good = typed.isascii() and typed.isdecimal() and 1 <= int(typed[:9]) <= LONGEST
    return "" if good else f"Type a whole number from 1 to {LONGEST}."


def _like(typed: str) -> str:
    """The row of the action that has these words in its name, or else in what it does; empty without one."""
    wanted = typed.casefold()
    rows = [(f"key:{each.id}:{place}", each) for place, bindings in places() for each in bindings]
    free = [(row, each) for row, each in rows if each.id not in FIXED]
    told = [*((row, each.description) for row, each in free), *((row, each.tooltip) for row, each in free)]
    return next((row for row, text in told if wanted and wanted in text.casefold()), "")


def _nothing_like(typed: str) -> str:
    """Why no action can be found, as a sentence; empty where one can."""
    return "" if _like(typed) else "No action has that in its name or in what it does."


def _setting(name: str, what: str, value: str) -> Row:
    return Row(Content(what), Content.styled(f"‹ {value} ›", "bold $accent"), id=name)
