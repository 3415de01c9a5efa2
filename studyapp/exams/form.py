"""The questions of one sitting, drawn from a bank by a blueprint's shares and a seed.

Chance is a hash of the seed and an id. So the same seed draws the same form on every machine and in every version of
Python, and adding a question to the bank changes only what it displaces.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import zip_longest
from math import floor

from studyapp.exams.blueprint import Blueprint, Objective, ancestry
from studyapp.questions.question import Question
from studyapp.questions.variants import count_variants, pick_number, variants_on

SEEDS = 1_000_000
"""Seeds of questions are below this: short enough to be read aloud and typed in again."""

TRIES = 64
"""Seeds tried for each variant of a family: missing one that is left has a chance of e to the power of -64."""


class FormError(Exception):
    """The bank cannot fill the form; the message says what lacks how much. `section` is the place of the section that
    cannot be filled, None where it is the `objective` that is drawn.
    """

    def __init__(self, message: str, section: int | None = None, objective: str | None = None) -> None:
        super().__init__(message)
        self.section = section
        self.objective = objective


@dataclass(frozen=True, slots=True)
class FormItem:
    """One question: the variant that `seed` picks, counted for `objective`: one that the blueprint draws, except in a
    section about something else.
    """

    question_id: str
    seed: int
    objective: str


@dataclass(frozen=True, slots=True)
class FormSection:
    """The questions of a section: those from number `first` up to `end`, which is not among them."""

    title: str
    scenario: str | None
    locked: bool
    first: int
    end: int

    @property
    def items(self) -> range:
        """The numbers of its questions."""
        return range(self.first, self.end)


@dataclass(frozen=True, slots=True)
class Form:
    """The questions of a sitting in their order, with what scores it later, whatever becomes of the pack."""

    blueprint_id: str
    seed: int
    items: tuple[FormItem, ...]
    pass_mark: int
    pass_share: float
    sections: tuple[FormSection, ...] = ()

    def section(self, item: int) -> FormSection | None:
        """The section that a question is in."""
        return next((section for section in self.sections if item in section.items), None)


def chance(*parts: object) -> int:
    """A number that stands for chance: the same for the same parts, for ever."""
    return int.from_bytes(sha256("\x1f".join(map(str, parts)).encode()).digest()[:8], "big")


def largest_remainder(total: int, shares: Sequence[float]) -> tuple[int, ...]:
    """Whole numbers that sum to `total`, as near to the shares as can be; of equal remainders the first goes up."""
    whole = sum(shares)
    exact = [total * share / whole for share in shares]
    counts = [floor(each + 1e-9) for each in exact]
    by_remainder = sorted(range(len(shares)), key=lambda i: (-round(exact[i] - counts[i], 9), i))
    for i in by_remainder[: total - sum(counts)]:
        counts[i] += 1
    return tuple(counts)


def in_turn(questions: Iterable[Question], seed: int) -> list[Question]:
    """Questions in an order of chance that goes round their objectives, so that any beginning spreads."""
    groups: dict[str, list[Question]] = {}
    for question in sorted(questions, key=lambda each: chance(seed, "family", each.id)):
        groups.setdefault(question.objective, []).append(question)
    order = sorted(groups, key=lambda objective: chance(seed, "objective", objective))
    rounds = zip_longest(*(groups[objective] for objective in order))
    return [question for each in rounds for question in each if question is not None]


@dataclass(frozen=True, slots=True)
class _Part:
    """What is drawn together: `count` questions of a pool, for an objective or a section.

    `objective` is what they count for, None where each counts for its own. `name` is what the part is called.
    """

    name: str
    pool: tuple[Question, ...]
    count: int
    objective: str | None
    section: int | None = None
    scenario: str | None = None

    @property
    def width(self) -> tuple[int, str, int]:
        """The narrow parts choose first: a wide one can do without what they need."""
        return len(self.pool), self.name, self.section or 0


def draw_form(blueprint: Blueprint, questions: Sequence[Question], objectives: Sequence[Objective], seed: int) -> Form:
    """Draw the questions of one sitting: those outside sections, then each section in its turn.

    An objective's share is filled from its own questions and those of its children, in turn, so that no child is
    forgotten. Each family is asked once before any is asked again, and never twice in the same variant. Where there
    are sections no family is asked twice: what is asked in one must not be given away by another variant of it.

    Raises:
        FormError: the bank has too few variants for an objective, or too few families for a section. With sections
            that depends on the bank alone, and on no seed.
    """
    parts = sorted(_parts(blueprint, questions, objectives), key=lambda part: part.width)
    if blueprint.sections:
        parts = _shared_out(parts, seed)
    bank = _Bank(seed, tuple(objective for objective, _ in blueprint.draw), objectives)
    drawn: dict[int | None, list[FormItem]] = {None: []}
    for part in parts:
        drawn.setdefault(part.section, []).extend(bank.draw(part))
    for found in drawn.values():
        found.sort(key=lambda item: chance(seed, "order", item.question_id, item.seed))
    items, sections = drawn[None], []
    for number, section in enumerate(blueprint.sections):
        first, items = len(items), items + drawn[number]
        sections.append(FormSection(section.title, section.scenario, section.locked, first, len(items)))
    return Form(blueprint.id, seed, tuple(items), blueprint.pass_mark, blueprint.pass_share, tuple(sections))


def _parts(blueprint: Blueprint, questions: Sequence[Question], objectives: Sequence[Objective]) -> Iterable[_Part]:
    """What a blueprint draws, each with all questions that would do."""
    within = {each.id: ancestry(each.objective, objectives) for each in questions}
    counts = largest_remainder(blueprint.outside, [share for _, share in blueprint.draw])
    for (objective, _), count in zip(blueprint.draw, counts, strict=True):
        yield _Part(objective, tuple(each for each in questions if objective in within[each.id]), count, objective)
    drawn = {objective for objective, _ in blueprint.draw}
    for number, section in enumerate(blueprint.sections):
        if section.scenario is None:
            pool = tuple(each for each in questions if drawn.intersection(within[each.id]))
        else:
            pool = tuple(each for each in questions if variants_on(each, section.scenario))
        yield _Part(f'the section "{section.title}"', pool, section.questions, None, number, section.scenario)


def _shared_out(parts: Sequence[_Part], seed: int) -> list[_Part]:
    """The parts, each with as many families as it asks, and none with one of another's. Raises FormError.

    Who finds nothing free takes what another part can do without (Kuhn's augmenting paths), so that whether all can be
    filled is no matter of chance.
    """
    pools = [in_turn(part.pool, seed) for part in parts]
    holder: dict[str, int] = {}
    for number, part in enumerate(parts):
        for found in range(part.count):
            if not _take_one(number, pools, holder):
                message = f"there are too few questions for {part.name} that no other part of the exam needs"
                raise FormError(f"{message}: {found} of {part.count}", part.section, part.objective)
    return [
        replace(part, pool=tuple(each for each in pool if holder.get(each.id) == number))
        for number, (part, pool) in enumerate(zip(parts, pools, strict=True))
    ]


def _take_one(number: int, pools: Sequence[Sequence[Question]], holder: dict[str, int]) -> bool:
    """Give one more family to a part, and others to the parts from which it was taken; False when that cannot be."""
    lost: dict[int, str] = {}
    wanted_by: dict[str, int] = {}
    waiting = deque([number])
    while waiting:
        part = waiting.popleft()
        for question in pools[part]:
            if question.id in wanted_by:
                continue
            wanted_by[question.id] = part
            other = holder.get(question.id)
            if other is None:
                family: str | None = question.id
                while family is not None:
                    holder[family] = wanted_by[family]
                    family = lost.get(holder[family])
                return True
            if other != number and other not in lost:
                lost[other] = question.id
                waiting.append(other)
    return False


class _Bank:
    """What has been drawn so far, and how to draw more without asking the same twice."""

    def __init__(self, seed: int, drawn: Collection[str], objectives: Sequence[Objective]) -> None:
        self.seed = seed
        self.drawn = drawn
        self.objectives = objectives
        self.taken: dict[str, set[int]] = {}

    def draw(self, part: _Part) -> list[FormItem]:
        """The questions of a part. Raises FormError."""
        found: list[FormItem] = []
        waiting = in_turn(part.pool, self.seed)
        while len(found) < part.count and waiting:
            fewest = min(len(self.taken.get(each.id, ())) for each in waiting)
            for question in [each for each in waiting if len(self.taken.get(each.id, ())) == fewest]:
                if len(found) == part.count:
                    break
                seed = self._take(question, part.scenario)
                if seed is None:
                    waiting.remove(question)
                else:
                    found.append(FormItem(question.id, seed, part.objective or self._counts_for(question)))
        if len(found) < part.count:
            message = f"{part.name} has {len(found)} variants to ask, and {part.count} are to be drawn"
            raise FormError(message, part.section, part.objective)
        return found

    def _counts_for(self, question: Question) -> str:
        """The nearest objective that is drawn, of which a question is a part; the topmost where none is."""
        within = ancestry(question.objective, self.objectives)
        return next((each for each in within if each in self.drawn), within[-1])

    def _take(self, question: Question, scenario: str | None) -> int | None:
        """The seed of a variant that has not been drawn, on the scenario that is asked for; None when none is left."""
        taken = self.taken.setdefault(question.id, set())
        variants = count_variants(question)
        allowed = frozenset(range(variants)) if scenario is None else variants_on(question, scenario)
        if allowed <= taken:
            return None
        for attempt in range(TRIES * variants):
            seed = chance(self.seed, "variant", question.id, attempt) % SEEDS
            number = pick_number(question, seed)
            if number in allowed and number not in taken:
                taken.add(number)
                return seed
        return None
