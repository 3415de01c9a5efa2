"""How a question is asked and answered with feedback, for every screen that does so: one table of what may happen when.

Asking: options are chosen; `enter` locks. Sure: how sure? Then the answer is recorded, and only what is on disk is
judged on the screen. Unsaved: it could not be recorded; the answer is kept, and recording it can be tried again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

from studyapp.conduct.feedback import Feedback, compose
from studyapp.conduct.practice import Practice
from studyapp.conduct.reporting import NotReported, report
from studyapp.conduct.trouble import CANNOT_BE_ASKED, ConductError
from studyapp.conduct.worked import Worked
from studyapp.packs.facts import Facts
from studyapp.questions.grading import grade
from studyapp.questions.kinds import misfit
from studyapp.questions.response import NOTHING
from studyapp.store.errors import StoreError
from studyapp.tui.desk import Desk
from studyapp.tui.screens.marking import NoteDialog
from studyapp.tui.spoken import Keymap, spoken
from studyapp.tui.widgets.question import QuestionPane

IDLE = "idle"
ASKING = "asking"
SURE = "sure"
UNSAVED = "unsaved"
TOLD = "told"
BROKEN = "broken"

ACTIONS: Mapping[str, frozenset[str]] = {
    IDLE: frozenset(),
    ASKING: frozenset({"hint"}),
    SURE: frozenset({"certain", "unlock"}),
    UNSAVED: frozenset({"retry"}),
    TOLD: frozenset({"next", "step", "what_if", "variant", "read", "report", "sources"}),
    BROKEN: frozenset({"next"}),
}
"""Phase to the actions of a question that it allows."""

UNSAVED_HERE = (
    "This answer is not saved yet. Press {question.retry} to try again, or {app.back} again to leave without it."
)

GO_ON = "{lesson.next-part} steps in here, and {feedback.next} goes on to the next of its kind."

OF_QUESTIONS: frozenset[str] = frozenset().union(*ACTIONS.values())


class Asker:
    """Leads one pane through the phases of one question after another.

    `changed` is called after each change of phase, `told` before that when an answer has been saved.
    """

    def __init__(
        self,
        pane: QuestionPane,
        desk: Desk,
        changed: Callable[[], None],
        told: Callable[[Practice | Worked, Feedback], None] | None = None,
    ) -> None:
        self.pane = pane
        self.phase = IDLE
        self.warned = False
        """It has been said that leaving would lose an answer."""
        self.session: Practice | Worked | None = None
        self._desk = desk
        self._changed = changed
        self._told = told

    def allows(self, action: str) -> bool:
        """Whether an action may happen now; one that has nothing to do with questions always may."""
        if action not in OF_QUESTIONS:
            return True
        feedback = self.pane.feedback
        if action == "hint" and not self.pane.more_hints:
            return False
        if action == "step" and (feedback is None or not feedback.replay):
            return False
        if action == "what_if" and (feedback is None or not feedback.wishes):
            return False
        if action == "sources" and (feedback is None or not feedback.rules):
            return False
        if action == "read" and (feedback is None or feedback.lesson is None):
            return False
        return action in ACTIONS[self.phase]

    @property
    def facts(self) -> Facts:
        """What the program knows of rules and findings."""
        return self._desk.services.facts

    @property
    def keymap(self) -> Keymap:
        """The keys that the person has given."""
        return self._desk.settings.keys

    # -- the phases ----------------------------------------------------------------------------------------------------

    def ask(self, session: Practice | Worked, *, focus: bool = True) -> None:
        """Ask the current question of a session."""
        variant = session.current
        if variant is None:
            self.rest()
            return
        self.session, self.warned = session, False
        told = session.feedback
        self.pane.ask(variant, NOTHING if told is None else told.response)
        if focus:
            self.pane.form.focus(scroll_visible=False)
        if told is not None:
            # Nothing is asked here: it is shown with all there is to say of it.
            self.pane.show_feedback(told, told.response, move=focus)
            if isinstance(session, Worked):
                self.pane.note(spoken(GO_ON, self.keymap))
        self._go(ASKING if told is None else TOLD)

    def lock(self) -> None:
        """The options are chosen: ask how sure the person is."""
        if self.phase != ASKING:
            return
        variant, response = self.pane.variant, self.pane.form.response
        wrong = misfit(variant, response) if variant is not None and response else self.pane.form.lacking
        if wrong:
            self.pane.say(wrong)
            return
        self.pane.ask_how_sure()
        self._go(SURE)
        # Most of the work of judging is done while the person thinks: what it finds is kept by those who found it.
        self.pane.call_after_refresh(self._warm)

    def _warm(self) -> None:
        variant, response = self.pane.variant, self.pane.form.response
        if self.phase != SURE or variant is None:
            return
        with suppress(*CANNOT_BE_ASKED):
            self.pane.prepare(compose(self._desk.services.facts, variant, response, grade(variant, response)))

    def unlock(self) -> None:
        """Choose again."""
        self.pane.unlock()
        self._go(ASKING)

    def submit(self, certainty: str) -> None:
        """Record the answer, then show what there is to say of it."""
        if self.session is not None:
            session, response = self.session, self.pane.form.response
            self._save(lambda: session.answer(response, certainty, self._desk.now()))

    def retry(self) -> None:
        """Try again to record the answer that is kept."""
        if self.session is not None:
            self._save(self.session.retry)

    def _save(self, answer: Callable[[], Feedback]) -> None:
        try:
            feedback = answer()
        except StoreError as error:
            self.pane.say(
                f"{error.what} Your answer is kept here, but not on disk. {error.try_} "
                + spoken("Press {question.retry} to try again.", self.keymap),
                "bold $error",
            )
            self._go(UNSAVED)
        except ConductError as error:
            self.pane.say(str(error), "bold $error")
            if self.session is not None:
                self.session.skip()
            self._go(BROKEN)
        else:
            if self._told is not None and self.session is not None:
                self._told(self.session, feedback)
            self.pane.tell(feedback, self.pane.form.response)
            self._go(TOLD)

    def report(self) -> None:
        """Ask what is wrong with the question, and write it to a file for its author."""
        variant, feedback, pack = self.pane.variant, self.pane.feedback, self._desk.pack
        if variant is None or feedback is None or pack is None:
            return

        def write(text: object) -> None:
            if not isinstance(text, str) or not text.strip():
                return
            try:
                path = report(self._desk.services, pack, variant, feedback.response, feedback.grade.verdict, text)
            except NotReported as error:
                self.pane.notify(str(error), markup=False, severity="error", timeout=10)
            else:
                self.pane.notify(f"Kept in {path}. Send it to the author of the pack.", markup=False, timeout=10)

        self.pane.app.push_screen(
            NoteDialog(
                "What is wrong with this question?",
                "",
                "{note.close} writes it to a file; with no words there is no file",
            ),
            write,
        )

    def rest(self) -> None:
        """Nothing is asked for the time being."""
        self.session = None
        self._go(IDLE)

    def _go(self, phase: str) -> None:
        self.phase = phase
        self._changed()


class AskingKeys:
    """What the keys of a question do, for screens that ask; `asker` is the one they work on now, if there is one."""

    @property
    def asker(self) -> Asker | None:
        """The asker that the keys work on."""
        raise NotImplementedError

    def allows(self, action: str) -> bool:
        """Whether an action may happen now; `esc` first takes the lock off an answer."""
        asker = self.asker
        if action == "back":
            return asker is None or asker.phase != SURE
        return asker.allows(action) if asker is not None else action not in OF_QUESTIONS

    def may_leave(self, askers: Iterable[Asker]) -> bool:
        """Whether nothing would be lost by leaving; the first time that something would, say so."""
        unsaved = [asker for asker in askers if asker.phase == UNSAVED and not asker.warned]
        for asker in unsaved:
            asker.warned = True
            asker.pane.say(spoken(UNSAVED_HERE, asker.keymap))
        return not unsaved

    def on_answer_form_changed(self) -> None:
        """Something is chosen: what was said before no longer holds."""
        if self.asker is not None and self.asker.phase == ASKING:
            self.asker.pane.guide()

    def on_answer_form_locked(self) -> None:
        """Ask how sure the person is."""
        if self.asker is not None:
            self.asker.lock()

    def action_certain(self, certainty: str) -> None:
        """Submit the answer."""
        if self.asker is not None:
            self.asker.submit(certainty)

    def action_unlock(self) -> None:
        """Choose again."""
        if self.asker is not None:
            self.asker.unlock()

    def action_retry(self) -> None:
        """Try again to save the answer."""
        if self.asker is not None:
            self.asker.retry()

    def action_hint(self) -> None:
        """Show a hint."""
        if self.asker is not None:
            self.asker.pane.hint()

    def action_step(self, by: int) -> None:
        """Step through the replay."""
        if self.asker is not None:
            self.asker.pane.move_step(by)

    def action_report(self) -> None:
        """Tell the author what is wrong."""
        if self.asker is not None:
            self.asker.report()

    def action_what_if(self) -> None:
        """Ask what would make a wrong answer right."""
        if self.asker is not None:
            self.asker.pane.what_if(self.asker.facts)

    def action_sources(self) -> None:
        """Say where the rules come from."""
        if self.asker is not None:
            self.asker.pane.show_sources()
