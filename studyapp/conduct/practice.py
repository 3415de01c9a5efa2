"""Practice: a question, an answer that is on disk before anything is said about it, then the feedback."""

from __future__ import annotations

from datetime import datetime

from studyapp.conduct.agenda import agenda, counted, reasons
from studyapp.conduct.feedback import Feedback, compose
from studyapp.conduct.reviewing import review_of
from studyapp.conduct.trouble import BadResponse, ConductError, asking, check_response
from studyapp.packs.characters import clean_text
from studyapp.packs.pack import Pack
from studyapp.packs.problems import nearest
from studyapp.questions.grading import grade, judge
from studyapp.questions.question import Question, Variant
from studyapp.questions.response import Response
from studyapp.questions.variants import pick_variant
from studyapp.study import session
from studyapp.study.queue import choose, tempts
from studyapp.study.review import Review
from studyapp.wiring import Services

CONTRASTS = 12
"""Questions that are looked at for one that a misconception would get wrong: nobody waits long for them."""

TAGS_TOLD = 10
"""Tags that are named to somebody who asks for one that there is not."""


class Practice:
    """A practice session.

    Ask `current`, hand in with `answer`, show what it returns, `advance`; until `phase` is `session.DONE`. When the
    store fails, the answer is kept here and the phase is `session.UNSAVED` until `retry` has recorded it. Questions of
    the pack that cannot be asked are not part of the session: `left_out` says which, and why. When an answer shows a
    misconception, another question that it would get wrong comes next, if the session has one.
    """

    def __init__(
        self,
        services: Services,
        pack: Pack,
        size: int,
        seed: int,
        *,
        tag: str = "",
        items: tuple[tuple[str, int], ...] | None = None,
    ) -> None:
        """Choose the questions, of those with a `tag` where one is given; or take `items` (question id, seed).

        Raises:
            StoreError: what was answered before cannot be read.
            ConductError: none of the questions can be asked, or none has the tag.
        """
        self._services = services
        self._pack = pack
        self.seed = seed
        self.left_out: tuple[ConductError, ...] = ()
        self.why: tuple[str, ...] = ()
        """Why these questions, in sentences."""
        if items is None:
            now = services.now()
            known = agenda(services, pack, now)
            self.why = tuple(reasons(known, now, services))
            bank = pack.questions
            if tag:
                bank = tagged(pack, tag)
                self.why = (f"Only questions with the tag {tag}: {counted(len(bank), 'question')}.",)
            with asking(f"A question of {pack.id}"):
                items = choose(bank, known.memories, size, seed, now, services.zone, known.plan)
        self._variants = self._asked(items)
        self._session = session.begin(tuple((each.question.id, each.seed) for each in self._variants))
        self._shown_at = services.now()
        self._confusion: str | None = None
        self._unsaved: tuple[Review, Feedback] | None = None
        self.feedback: Feedback | None = None
        """What there is to say about the current question, once its answer is saved."""

    # -- what is going on ---------------------------------------------------------------------------------------------

    @property
    def phase(self) -> str:
        """One of the phases of `study.session`."""
        return self._session.phase

    @property
    def current(self) -> Variant | None:
        """The question that is asked or looked back on; None when the session is over."""
        return None if self.phase == session.DONE else self._variants[self._session.index]

    @property
    def number(self) -> int:
        """The number of the current question, from 1; after the last it stays."""
        return self._session.index + 1 if self._variants else 0

    @property
    def total(self) -> int:
        """How many questions the session has."""
        return len(self._variants)

    @property
    def verdicts(self) -> tuple[str, ...]:
        """The verdicts so far, in the order of the answers; a question that was skipped has none."""
        return self._session.verdicts

    @property
    def variants(self) -> tuple[Variant, ...]:
        """All questions of the session, in order."""
        return self._variants

    # -- what can be done ---------------------------------------------------------------------------------------------

    def answer(self, response: Response, certainty: str | None, now: datetime) -> Feedback:
        """Answer the current question. The answer is on disk when this returns.

        Raises:
            IllegalMove: nothing is asked now.
            BadResponse: the answer does not fit the question, or is empty.
            ConductError: it cannot be graded; `skip` goes on.
            StoreError: it could not be recorded; it is kept here, and `retry` records it.
        """
        answered = session.apply(self._session, "answer")
        variant = self._variants[self._session.index]
        check_response(variant, response)
        if not response:
            raise BadResponse("Answer first.")
        with asking(f"The question {variant.question.id}"):
            graded = grade(variant, response)
        review = review_of(
            self._services,
            variant,
            response,
            graded,
            id=self._services.new_id(),
            pack=self._pack.id,
            shown_at=min(self._shown_at, now),
            answered_at=now,
            certainty=certainty,
        )
        feedback = compose(self._services.facts, variant, response, graded)
        self._session, self._unsaved = answered, (review, feedback)
        return self.retry()

    def retry(self) -> Feedback:
        """Record the answer that is kept here; recording it twice counts once.

        Raises:
            IllegalMove: there is none.
            StoreError: it could not be recorded this time either; it is still kept.
        """
        saved = session.apply(self._session, "saved", self._unsaved[0].verdict if self._unsaved else None)
        assert self._unsaved is not None, "the phase says that there is an answer"
        review, feedback = self._unsaved
        self._services.store.record_review(review)
        self._session, self._unsaved, self.feedback = saved, None, feedback
        self._confusion = review.misconception
        return feedback

    def advance(self) -> None:
        """Go on to the next question, or end the session after the last.

        Raises:
            IllegalMove: the current one has not been answered, or its answer is not saved.
        """
        confusion, self._confusion = self._confusion, None
        if confusion is not None and self.phase == session.FEEDBACK:
            self._contrast(confusion)
        self._go_on("advance")

    def skip(self) -> None:
        """Go on without an answer: nothing is recorded.

        Raises:
            IllegalMove: the current one has been answered.
        """
        self._go_on("skip")

    def _go_on(self, move: str) -> None:
        self._session = session.apply(self._session, move)
        self._shown_at = self._services.now()
        self.feedback = None

    def _contrast(self, confusion: str) -> None:
        """Ask next, of what is left of the session, a question that the same misconception would get wrong."""
        after = self._session.index + 1
        for place in range(after, min(after + CONTRASTS, len(self._variants))):
            variant = self._variants[place]
            if tempts(variant, confusion):
                rest = (variant, *self._variants[after:place], *self._variants[place + 1 :])
                self._variants = (*self._variants[:after], *rest)
                self._session = session.rearranged(self._session, tuple((each.question.id, each.seed) for each in rest))
                return

    def _asked(self, items: tuple[tuple[str, int], ...]) -> tuple[Variant, ...]:
        """The variants, without those that cannot be made or judged."""
        asked: list[Variant] = []
        left_out: list[ConductError] = []
        for question_id, seed in items:
            try:
                with asking(f"The question {question_id}"):
                    variant = pick_variant(self._pack.question(question_id), seed)
                    judge(variant)
            except ConductError as error:
                left_out.append(error)
            else:
                asked.append(variant)
        self.left_out = tuple(left_out)
        if left_out and not asked:
            raise left_out[0]
        return tuple(asked)


def tagged(pack: Pack, tag: str) -> tuple[Question, ...]:
    """The questions that have a tag. Raises ConductError where there are none."""
    found = pack.tagged(tag)
    if not found:
        hint = nearest(tag, [each for each, _ in pack.tags])
        there = (
            f"Its tags are: {', '.join(each for each, _ in pack.tags[:TAGS_TOLD])}."
            if pack.tags
            else "Its questions have no tags."
        )
        what = f'No question of {pack.id} has the tag "{clean_text(tag)}".'
        raise ConductError(what, "Nothing was asked.", f"{hint[0].upper()}{hint[1:]}" if hint else there)
    return found


def checkpoint(services: Services, pack: Pack, question_id: str, seed: int) -> Practice:
    """A session of one question, as lessons ask them.

    Raises:
        KeyError: the pack has no such question.
        ConductError: it cannot be asked.
    """
    pack.question(question_id)
    return Practice(services, pack, 1, seed, items=((question_id, seed),))
