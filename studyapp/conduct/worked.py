"""Worked examples that fade: first one with every step shown, then others of the family with the last steps left out.

How many are left out follows from the learner's own answers to the family: one, and one more for each in a row that
was right and no guess. A step that is left out is chosen among what misconceptions would have come next; for the last
stands the answer to the question itself. Both are on disk before anything is said about them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from studyapp.cluster.reasons.explain import Explanation
from studyapp.conduct.feedback import Feedback, compose
from studyapp.conduct.practice import Practice
from studyapp.conduct.trouble import BadResponse, asking, check_response
from studyapp.packs.content import Pack
from studyapp.packs.facts import Facts
from studyapp.packs.interchange.escaping import escaped
from studyapp.questions.grader import RIGHT, WRONG, Part
from studyapp.questions.grading import Grade, judge
from studyapp.questions.kinds import grader_of
from studyapp.questions.parts import Option, OptionsPart
from studyapp.questions.question import CERTAINTIES, Content, FilledOption, Question, Variant
from studyapp.questions.response import NOTHING, Response
from studyapp.questions.runs import simulated
from studyapp.questions.steps import EVENT, GIVEN, REASONED, Next, Step, evidence_of, steps_of, to_ask
from studyapp.questions.variants import count_variants, pick_variant
from studyapp.study import session
from studyapp.study.marks import NEXT_STEP, Prediction
from studyapp.wiring import Services

EXAMPLE = "A worked example: read it step by step. In the next one the last step is yours."
SAME = "Another of the same kind."
TRIES = 20
"""Seeds that are tried for another variant than that of the example."""


def right_in_a_row(services: Services, pack: Pack, question: Question) -> int:
    """How many of the last answers to a family were right, and none of them a guess. Raises StoreError."""
    reviews = [
        review for name in (question.id, *question.was) for review in services.store.reviews(pack.id, question_id=name)
    ]
    found = 0
    for review in sorted(reviews, key=lambda review: review.answered_at, reverse=True):
        if review.verdict != RIGHT or review.certainty == CERTAINTIES[0]:
            break
        found += 1
    return found


class Worked:
    """A worked example, then one to finish; used as a session of practice is. `feedback` is there from the start for
    what is shown as an example, for all else once it has been answered.
    """

    def __init__(self, services: Services, pack: Pack, lesson_id: str, question_id: str, seed: int) -> None:
        """Raises KeyError where the pack has no such question, ConductError where it cannot be asked, StoreError."""
        self._services = services
        self._pack = pack
        self._lesson_id = lesson_id
        question = pack.question(question_id)
        known = right_in_a_row(services, pack, question)
        with asking(f"The question {question_id}"):
            example = pick_variant(question, seed) if not known else None
            self._last = Practice(services, pack, 1, seed, items=((question.id, _other(question, seed, example)),))
            variant = self._last.current
            assert variant is not None, "a session of one question begins with it"
            key = judge(variant)
            self._evidence = evidence_of(variant, key, simulated)
            self._steps = tuple(steps_of(self._evidence)) if self._evidence is not None else ()
            hidden = [number for number, step in enumerate(self._steps) if step.kind in REASONED][-known - 1 :]
            # Once there are no more steps to be left out, it is solved alone.
            fades = len(hidden) > known
            asked = hidden[:-1] if fades else ()
            known_nexts = to_ask(variant, key, self._steps) if asked else ()
            self.feedback: Feedback | None = None
            if example is not None:
                example, self.feedback = example_of(services.facts, example)
        self._variant = variant
        self._nexts = tuple(each for each in known_nexts if each.after in asked)
        """The steps that are left out and asked for: all but the last, which the answer to the question stands for."""
        told = self._steps[: hidden[-1]] if fades else ()
        left = len(self._nexts) + 1 if fades else 0
        self._shown = (
            *((example,) if example is not None else ()),
            *(_asks(variant, each, self._steps, left) for each in self._nexts),
            replace(variant, prompt=_prompt(variant, told, left)),
        )
        self._at = 0
        self._phase = session.FEEDBACK if example is not None else session.ASKING
        self._unsaved: tuple[Prediction, Feedback] | None = None

    # -- what is going on ---------------------------------------------------------------------------------------------

    @property
    def more(self) -> bool:
        """Something comes after what is shown now."""
        return self._at + 1 < len(self._shown)

    @property
    def phase(self) -> str:
        """One of the phases of `study.session`."""
        return self._phase if self.more else self._last.phase

    @property
    def current(self) -> Variant | None:
        """The example, a step that is asked for, or the question; None at the end."""
        return None if self.phase == session.DONE else self._shown[self._at]

    # -- what can be done ---------------------------------------------------------------------------------------------

    def answer(self, response: Response, certainty: str | None, now: datetime) -> Feedback:
        """Answer what is asked now; the answer is on disk when this returns. Raises as a session of practice does."""
        if not self.more:
            return self._kept(self._last.answer(response, certainty, now))
        step = self._nexts[self._at - len(self._shown) + 1]
        variant = self._shown[self._at]
        check_response(variant, response)
        if not response or not isinstance(response, frozenset):
            raise BadResponse("Answer first.")
        lines = _lines(self._variant, step)
        said = lines[min(response)]
        claim = f"{NEXT_STEP} {self._variant.question.id}, variant {self._variant.number + 1}, after {step.after}"
        prediction = Prediction(
            self._services.new_id(),
            self._pack.id,
            self._lesson_id,
            claim,
            said,
            step.right.line,
            certainty or CERTAINTIES[0],
            now,
        )
        feedback = compose(self._services.facts, variant, response, self._judged(step, variant, response))
        # Who reports the question from here has not answered it yet.
        feedback = replace(feedback, response=NOTHING)
        self._phase, self._unsaved = session.UNSAVED, (prediction, feedback)
        return self.retry()

    def retry(self) -> Feedback:
        """Record the answer that is kept here. Raises as a session of practice does."""
        if not self.more:
            return self._kept(self._last.retry())
        assert self._unsaved is not None, "the phase says that there is an answer"
        prediction, feedback = self._unsaved
        self._services.store.record_prediction(prediction)
        self._phase, self._unsaved = session.FEEDBACK, None
        return self._kept(feedback)

    def advance(self) -> None:
        """Go on to what comes next."""
        if self.more:
            self._at, self._phase = self._at + 1, session.ASKING
        else:
            self._last.advance()
        self.feedback = None

    def skip(self) -> None:
        """Leave the rest out."""
        self._at = len(self._shown) - 1
        self._last.skip()

    def _kept(self, feedback: Feedback) -> Feedback:
        self.feedback = feedback
        return feedback

    def _judged(self, step: Next, variant: Variant, response: Response) -> Grade:
        """What a chosen step is worth, with the belief that leads to another; the replay goes as far as this one."""
        assert isinstance(response, frozenset), "a step is chosen"
        assert self._evidence is not None, "steps are those of an explanation"
        assert variant.scenario is not None, "and that tells of a scenario"
        lines = _lines(self._variant, step)
        parts = tuple(
            Part(
                option.index,
                option.index in response,
                lines[option.index] == step.right.line,
                believed=step.others.get(lines[option.index], ()),
                label=str(number),
                text=option.text,
            )
            for number, option in enumerate(variant.options, start=1)
        )
        right = any(part.chosen and part.holds for part in parts)
        behind = next((name for part in parts if part.chosen for name in part.believed), None)
        told = self._steps[: step.after + 1]
        events = self._evidence.events[: sum(each.kind in (GIVEN, EVENT) for each in told)]
        rules = (events[-1].rule,) if step.right.kind == EVENT else ()
        evidence = Explanation(events, self._evidence.sentences[: step.after + 1], rules)
        trace = simulated(variant.scenario).trace.decided()
        return Grade(float(right), 1.0, RIGHT if right else WRONG, parts, evidence, behind, trace)


# -- what is shown ----------------------------------------------------------------------------------------------------


def _other(question: Question, seed: int, example: Variant | None) -> int:
    """A seed for a variant other than the example's, where there is one."""
    seeds = range(seed + 1, seed + 1 + TRIES)
    if example is None or count_variants(question) == 1:
        return seeds[0]
    return next((each for each in seeds if pick_variant(question, each).number != example.number), seeds[0])


def example_of(facts: Facts, variant: Variant) -> tuple[Variant, Feedback]:
    """A variant that nobody is asked, with its steps and its answer in its text, and all there is to say of it.

    Raises one of CANNOT_BE_ASKED where the model has no answer.
    """
    key = judge(variant)
    marks = grader_of(variant).mark(variant, key, NOTHING, simulated)
    trace = simulated(variant.scenario).trace.decided() if variant.scenario is not None else None
    evidence = evidence_of(variant, key, simulated)
    # Nobody has answered: what misconceptions lead to need not be looked for.
    graded = Grade(marks.points, 1.0, marks.verdict, marks.parts, evidence, None, trace, marks.solution)
    feedback = compose(facts, variant, NOTHING, graded)
    right = feedback.verdict_line.removeprefix("Not answered. ")
    shown = replace(variant, prompt="\n\n".join((variant.prompt, _listed(feedback.replay), f"**{escaped(right)}**")))
    return shown, replace(
        feedback,
        grade=replace(graded, verdict=RIGHT),
        verdict_line=EXAMPLE,
        options=tuple(replace(each, says=f"{each.word[0].upper()}{each.word[1:]}.") for each in feedback.options),
        wishes=(),
    )


def _lines(variant: Variant, step: Next) -> tuple[str, ...]:
    """The right step and the others, in an order that the seed of the variant decides."""
    lines = (step.right.line, *step.others)
    return tuple(sorted(lines, key=lambda line: sha256(f"{variant.seed}:{line}".encode()).digest()))


def _asks(variant: Variant, step: Next, steps: Sequence[Step], left: int) -> Variant:
    """A question about the next step, with those before it in its text."""
    lines = _lines(variant, step)
    options = tuple(Option(escaped(line), "", None, line == step.right.line, 1, 1) for line in lines)
    prompt = f"{_prompt(variant, steps[: step.after], left)}\n\n**What comes next?**"
    content = Content(prompt, OptionsPart(options), "", shuffle=False)
    question = replace(variant.question, kind="choice", content=lambda: content)
    filled = tuple(FilledOption(index, option.text) for index, option in enumerate(options))
    return replace(variant, question=question, prompt=prompt, options=filled, why="", hints=(), cells=())


def _prompt(variant: Variant, told: Sequence[Step], left: int) -> str:
    """The prompt, with how much is left to the learner, and the steps that are told."""
    steps = "the last step is" if left == 1 else f"the last {left} steps are"
    head = f"*{SAME} Here {steps} yours.*" if left else f"*{SAME} You know how this goes: all of it is yours.*"
    return "\n\n".join(part for part in (head, variant.prompt, _listed(told)) if part)


def _listed(steps: Sequence[Step]) -> str:
    return "\n".join(f"{number}. {escaped(step.line)}" for number, step in enumerate(steps, start=1))
