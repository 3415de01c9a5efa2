"""A question on the screen: the prompt, where it is answered, the picture, and what there is to say of the answer.

The same few widgets ask one question after another and show the feedback of each in place.
"""

from __future__ import annotations

from asyncio import sleep
from collections.abc import Iterator, Mapping, Sequence

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.worker import get_current_worker

from studyapp.conduct.feedback import Feedback
from studyapp.conduct.remedies import WhatIf, what_if
from studyapp.packs.facts import Facts
from studyapp.questions.grader import Wish
from studyapp.questions.question import Variant
from studyapp.questions.response import NOTHING, Response
from studyapp.tui.spoken import NamesKeys, keymap_of, keys_of, spoken
from studyapp.tui.text import words
from studyapp.tui.widgets.answering import AnswerForm, Judged
from studyapp.tui.widgets.diagram import Diagram
from studyapp.tui.widgets.diagram_menu import DiagramNote
from studyapp.tui.widgets.feedback import BEFORE_EVENTS, judged, replay, sources, verdict, why
from studyapp.tui.widgets.flow import Flow, Gap, Indented, Piece, Run
from studyapp.tui.widgets.options import Options
from studyapp.tui.widgets.prose import markdown
from studyapp.tui.widgets.sight import bring_into_sight
from studyapp.tui.widgets.typed import TypedAnswer
from studyapp.tui.widgets.what_if import pictured, searching, told

HOW_SURE = "How sure are you?"
TO_WRITE = 0.01
"""Seconds in which a frame reaches the terminal."""
CHOICES = (("guess", "guess"), ("think-so", "think so"), ("sure", "sure"))


class QuestionPane(NamesKeys, VerticalScroll, can_focus=False):
    """Asks a variant and shows its feedback. The screen decides what is asked and when it is judged."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.variant: Variant | None = None
        self.feedback: Feedback | None = None
        self.step = 0
        self.hints = 0
        self._wish = 0
        self._message: Sequence[Piece] = ()

    def compose(self) -> ComposeResult:
        """What is said at the left or above, what is seen at the right or below."""
        with VerticalScroll(classes="said", can_focus=False):
            yield Flow(classes="verdict")
            yield Flow(classes="prompt")
            yield Options()
            typed = TypedAnswer()
            typed.display = False
            yield typed
            yield Flow(classes="status")
            yield Flow(classes="why")
        with VerticalScroll(classes="seen", can_focus=False):
            yield Diagram(classes="picture")
            yield Flow(classes="replay")

    # -- parts ---------------------------------------------------------------------------------------------------------

    @property
    def form(self) -> AnswerForm:
        """Where the question is answered."""
        kind = self.variant.question.kind if self.variant is not None else ""
        return self.query_one(TypedAnswer) if kind in TypedAnswer.KINDS else self.query_one(Options)

    @property
    def forms(self) -> Iterator[AnswerForm]:
        """Every form of answering, that of this question among them."""
        return self.query(AnswerForm).results(AnswerForm)

    def _flow(self, name: str) -> Flow:
        return self.query_one(f".{name}", Flow)

    # -- asking --------------------------------------------------------------------------------------------------------

    def ask(self, variant: Variant, response: Response = NOTHING) -> None:
        """Ask a variant, with what has been answered already."""
        self.variant, self.feedback, self.step, self.hints = variant, None, 0, 0
        self._wish = 0
        self._flow("prompt").show([*markdown(variant.prompt), Gap()])
        self._flow("verdict").show([])
        self._flow("why").show([])
        self._flow("replay").show([])
        for form in self.forms:
            form.display = form is self.form
        self.form.show(variant, response)
        self.guide()
        self._draw()
        self.scroll_home(animate=False)
        self.query_one(".said").scroll_home(animate=False)

    def _draw(self) -> None:
        variant = self.variant
        scenario = variant.scenario if variant is not None else None
        self.set_class(scenario is None, "-no-picture")
        if scenario is not None:
            self.query_one(Diagram).show_start(scenario)
            self._flow("replay").show([Run(Content.styled("The cluster before anything happens.", "$quiet"))])

    def guide(self) -> None:
        """Say how one answers."""
        if self.variant is None:
            return
        then = spoken(" Then {options.lock}.", keymap_of(self.app)) if self.form.can_lock else ""
        self._say([Run(words(f"{self.form.guide}{then}", "$quiet"))])

    def ask_how_sure(self) -> None:
        """Lock the answer and ask how sure the person is."""
        self.form.hold()
        choices = [Content.styled(HOW_SURE, "bold $accent")]
        for name, said in CHOICES:
            first, *others = keys_of(f"certainty.{name}", keymap_of(self.app))
            also = f" ({', '.join(others)})" if others else ""
            choices.append(Content.styled(first, "bold") + Content(f" {said}{also}"))
        self._say([Run(Content("  ").join(choices))])
        self._see_status()

    def name_keys(self) -> None:
        """Say with other keys how one answers, how sure one is, or how one steps."""
        if self.feedback is not None:
            self._flow("replay").show(replay(self.feedback, self.step, keymap_of(self.app)))
            self._flow("why").show(why(self.feedback, keymap_of(self.app)))
        elif self.form.locked:
            self.ask_how_sure()
        else:
            self.guide()

    def unlock(self) -> None:
        """Let the answer be changed."""
        self.form.hold(False)
        self.guide()

    def say(self, text: str, style: str = "bold $warning") -> None:
        """Say something below the options, until something else is to be said there."""
        self._say([Run(words(text, style))])
        self._see_status()

    def note(self, text: str) -> None:
        """Say something there that nobody need be led to."""
        self._say([Run(words(text, "$quiet")), Gap()])

    @property
    def more_hints(self) -> bool:
        """Whether there is a hint that has not been shown."""
        return self.variant is not None and self.hints < len(self.variant.hints)

    def hint(self) -> None:
        """Show one more hint, if there is one."""
        if self.more_hints:
            self.hints += 1
            self._say(self._message)
            self._see_status()
            self.refresh_bindings()

    def _say(self, pieces: Sequence[Piece]) -> None:
        self._message = pieces
        self._flow("status").show([Gap(), *self._hint_pieces(), *pieces])

    def _hint_pieces(self) -> Iterator[Piece]:
        hints = self.variant.hints if self.variant is not None else ()
        for number, hint in enumerate(hints[: self.hints], start=1):
            mark = Content.styled(f"Hint {number}: " if len(hints) > 1 else "Hint: ", "bold $secondary")
            yield Indented(tuple(markdown(hint)), mark, Content(" " * mark.cell_length))
            yield Gap()

    def _see_status(self) -> None:
        status = self._flow("status")
        self.call_after_refresh(lambda: bring_into_sight(status, 0, max(1, status.size.height)))

    # -- after the answer ----------------------------------------------------------------------------------------------

    def prepare(self, feedback: Feedback) -> None:
        """Read the texts of a feedback that may come, and plan its picture, so that it can be shown at once.

        Nothing of it can be seen: the picture stays at the start.
        """
        if feedback.trace is not None:
            self.query_one(Diagram).show_moment(feedback.trace, 0)
        for option in feedback.options:
            markdown(option.reason)
        markdown(feedback.why)

    def show_feedback(self, feedback: Feedback, response: Response, *, move: bool = True) -> None:
        """Show what there is to say of an answer, and the replay from its end; in a lesson, `move` there."""
        self._begin_feedback(feedback, response, move=move)
        self._show_rest(feedback)

    def tell(self, feedback: Feedback, response: Response) -> None:
        """Show the verdict and the reasons of what was chosen; once they have been painted, the rest as well."""
        self._begin_feedback(feedback, response)
        self.form.judge(judged(feedback, chosen_only=True))
        self.call_after_refresh(self._show_rest_soon, feedback)

    def _begin_feedback(self, feedback: Feedback, response: Response, *, move: bool = True) -> None:
        self.feedback = feedback
        self.step = len(feedback.replay)
        self.form.response = response
        self._flow("verdict").show([*verdict(feedback), Gap()])
        self._flow("status").show([])
        self.scroll_home(animate=False)
        self.query_one(".said").scroll_home(animate=False)
        if self.has_class("-inline") and move:
            said = self._flow("verdict")
            self.call_after_refresh(lambda: bring_into_sight(said, 0, max(1, said.size.height)))

    async def _show_rest_soon(self, feedback: Feedback) -> None:
        # What is painted is written to the terminal in a thread, which must not wait for this one's work.
        await sleep(TO_WRITE)
        self._show_rest(feedback)

    def _show_rest(self, feedback: Feedback) -> None:
        if feedback is not self.feedback or not self.is_attached:
            # Another question has been asked meanwhile.
            return
        self.form.judge(judged(feedback))
        self._flow("why").show(why(feedback, keymap_of(self.app)))
        self._show_step()

    def annotate(self, judged: Mapping[int, Judged], notes: Sequence[Piece]) -> None:
        """Show something at each line, and notes below: for somebody who looks at the question without answering it."""
        self.form.judge(judged)
        self._flow("status").show([])
        self._flow("why").show(notes)

    def move_step(self, by: int) -> None:
        """Step through the replay; after its end it begins again."""
        if self.feedback is None or not self.feedback.replay:
            return
        last = len(self.feedback.replay)
        self.step = 0 if by > 0 and self.step == last else max(0, min(last, self.step + by))
        self._show_step()
        seen = self._flow("replay")
        top = seen.line_of(BEFORE_EVENTS + self.step)
        bring_into_sight(seen, max(0, top - 1), seen.line_of(BEFORE_EVENTS + self.step + 1) - max(0, top - 1))

    def _show_step(self) -> None:
        if self.feedback is None:
            return
        self._flow("replay").show(replay(self.feedback, self.step, keymap_of(self.app)))
        if self.feedback.trace is not None:
            seq = self.feedback.replay[self.step - 1].seq if self.step else 0
            self.query_one(Diagram).show_moment(self.feedback.trace, seq)

    def show_sources(self) -> None:
        """Say where the rules at work come from, with whole addresses."""
        if self.feedback is not None and self.feedback.rules:
            self.app.push_screen(DiagramNote("Where the rules come from", sources(self.feedback)))

    # -- what would make it right --------------------------------------------------------------------------------------

    def what_if(self, facts: Facts) -> None:
        """Look for what would make a wrong answer right; asked again, the next wrong option."""
        if self.variant is None or self.feedback is None or not self.feedback.wishes:
            return
        wish = self.feedback.wishes[self._wish % len(self.feedback.wishes)]
        self._wish += 1
        self._flow("status").show([Gap(), *searching(wish)])
        self._see_status()
        self._look_for(facts, self.variant, wish)

    @work(thread=True, exclusive=True, group="what-if")
    def _look_for(self, facts: Facts, variant: Variant, wish: Wish) -> None:
        """Search in a thread: a second that no key has to wait for."""
        found = what_if(facts, variant, wish)
        worker = get_current_worker()
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show_what_if, variant, found)

    def _show_what_if(self, variant: Variant, found: WhatIf) -> None:
        if self.variant is not variant or self.feedback is None:
            return
        self._flow("status").show([Gap(), *told(found)])
        if found.trace is not None:
            self.query_one(Diagram).show_moment(found.trace, found.trace.events[-1].seq if found.trace.events else 0)
            self._flow("replay").show(pictured(found, keymap_of(self.app)))
        self._see_status()
