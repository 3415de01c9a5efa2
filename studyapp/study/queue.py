"""What to ask next.

First what is due, and after every few of it one question that was never asked, so that a backlog does not keep what is
new away for weeks; then the rest of what was never asked, then what is not due yet, the soonest first. Of what is due
comes first what is most likely still known: where more has piled up than there is time for, that keeps the most. Before
an exam the order is that of its plan. In any order, two questions of one objective do not follow each other where
another can come between; and when an answer shows a misconception, the next question is another one that it would get
wrong.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from heapq import heapify, heappop, heappush
from itertools import islice

from studyapp.exams.form import SEEDS, chance, in_turn
from studyapp.questions.grading import judge, predicted
from studyapp.questions.question import Question, Variant
from studyapp.questions.variants import count_variants, pick_variant
from studyapp.study.agenda import DUE_TO_NEW, is_due
from studyapp.study.day import day_after
from studyapp.study.exam_plan import ExamPlan
from studyapp.study.schedule import Memory, retrievability

TRIES = 8
"""Seeds tried for a variant that differs from the last one; a family of few variants may repeat it."""

Item = tuple[str, int]
"""A question's id and the seed of its variant."""


def choose(
    questions: Sequence[Question],
    memories: Mapping[str, Memory],
    size: int,
    seed: int,
    now: datetime,
    zone: tzinfo,
    plan: ExamPlan | None = None,
) -> tuple[Item, ...]:
    """The questions of a practice session, each family at most once; one asked before comes in another variant."""
    asked = islice(upcoming(questions, memories, seed, now, zone, plan), max(0, size))
    return tuple((each.id, fresh_seed(each, memories.get(each.id), seed)) for each in asked)


def upcoming(
    questions: Sequence[Question],
    memories: Mapping[str, Memory],
    seed: int,
    now: datetime,
    zone: tzinfo,
    plan: ExamPlan | None = None,
) -> Iterator[Question]:
    """Every family in the order in which it is to be asked. Sorting is done at the first; the rest come at once."""
    if plan is None:
        return _apart(_piles(questions, memories, seed, now, zone))
    called = {each.id: each for each in questions}
    return _apart(
        [called[each] for each in ids if each in called] for ids in (plan.order, plan.late, plan.enough, plan.off)
    )


def _piles(
    questions: Sequence[Question], memories: Mapping[str, Memory], seed: int, now: datetime, zone: tzinfo
) -> Iterator[list[Question]]:
    """What is due with some of what is new, the rest of what is new, what is neither; each in its order."""
    ends = day_after(now, zone)
    due: list[tuple[float, int, Question]] = []
    later: list[tuple[datetime, int, Question]] = []
    new: list[Question] = []
    for question in questions:
        memory = memories.get(question.id)
        if memory is None:
            new.append(question)
        elif is_due(memory, now, ends):
            due.append((-retrievability(memory, now), chance(seed, "family", question.id), question))
        else:
            later.append((memory.due, chance(seed, "family", question.id), question))
    fresh = deque(in_turn(new, seed))
    woven: list[Question] = []
    for place, (_, _, question) in enumerate(sorted(due, key=lambda each: each[:2]), start=1):
        woven.append(question)
        if fresh and place % DUE_TO_NEW == 0:
            woven.append(fresh.popleft())
    yield woven
    yield list(fresh)
    yield [question for _, _, question in sorted(later, key=lambda each: each[:2])]


def _apart(piles: Iterable[list[Question]]) -> Iterator[Question]:
    """The piles one after another, each in its order as nearly as can be where no objective is to follow itself."""
    last: str | None = None
    for pile in piles:
        groups: dict[str, deque[tuple[int, Question]]] = {}
        for place, question in enumerate(pile):
            groups.setdefault(question.objective, deque()).append((place, question))
        heads = [(group[0][0], objective) for objective, group in groups.items()]
        heapify(heads)
        while heads:
            head = heappop(heads)
            if head[1] == last and heads:
                other = heappop(heads)
                heappush(heads, head)
                head = other
            last = head[1]
            group = groups[last]
            yield group.popleft()[1]
            if group:
                heappush(heads, (group[0][0], last))


def fresh_seed(question: Question, memory: Memory | None, seed: int) -> int:
    """A seed for a family, whose variant is not the one last answered where that can be helped."""
    tries = [chance(seed, "variant", question.id, attempt) % SEEDS for attempt in range(TRIES)]
    if memory is not None and count_variants(question) > 1:
        for each in tries:
            if pick_variant(question, each).number != memory.variant_number:
                return each
    return tries[0]


def tempts(variant: Variant, belief: str) -> bool:
    """Whether somebody with a misconception would get wrong a variant that has been judged."""
    if variant.scenario is None:
        return False
    pairs = zip(judge(variant), predicted(variant, belief), strict=True)
    return any(foreseen is not None and foreseen != right for right, foreseen in pairs)
