"""The questions of one sitting, drawn from a bank by a blueprint's shares and a seed.

Chance is a hash of the seed and an id. So the same seed draws the same form on every machine and in every version of
Python, and adding a question to the bank changes only what it displaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import zip_longest
from math import floor

from studyapp.exams.blueprint import Blueprint, Objective, ancestry
from studyapp.questions.question import Question
from studyapp.questions.variants import count_variants, pick_variant

SEEDS = 1_000_000
"""Seeds of questions are below this: short enough to be read aloud and typed in again."""

TRIES = 64
"""Seeds tried for each variant of a family: missing one that is left has a chance of e to the power of -64."""


class FormError(Exception):
    """The bank cannot fill the form; the message says which objective lacks how much."""


@dataclass(frozen=True, slots=True)
class FormItem:
    """One question: the variant that `seed` picks, counted for `objective`, which is one that the blueprint draws."""

    question_id: str
    seed: int
    objective: str


@dataclass(frozen=True, slots=True)
class Form:
    """The questions of a sitting in their order, with what scores it later, whatever becomes of the pack."""

    blueprint_id: str
    seed: int
    items: tuple[FormItem, ...]
    pass_mark: int
    pass_share: float


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


def draw_form(blueprint: Blueprint, questions: Sequence[Question], objectives: Sequence[Objective], seed: int) -> Form:
    """Draw the questions of one sitting.

    An objective's share is filled from its own questions and those of its children, in turn, so that no child is
    forgotten. Each family is asked once before any is asked again, and never twice in the same variant.

    Raises:
        FormError: the bank has too few variants for an objective.
    """
    counts = largest_remainder(blueprint.questions, [share for _, share in blueprint.draw])
    pools = {
        objective: [each for each in questions if objective in ancestry(each.objective, objectives)]
        for objective, _ in blueprint.draw
    }
    wanted = {objective: count for (objective, _), count in zip(blueprint.draw, counts, strict=True)}
    bank = _Bank(seed)
    # The narrow objectives choose first: a wide one can do without what they need.
    for objective in sorted(wanted, key=lambda each: (len(pools[each]), each)):
        bank.draw(objective, pools[objective], wanted[objective])
    items = sorted(bank.items, key=lambda item: chance(seed, "order", item.question_id, item.seed))
    return Form(blueprint.id, seed, tuple(items), blueprint.pass_mark, blueprint.pass_share)


class _Bank:
    """What has been drawn so far, and how to draw more without asking the same twice."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.items: list[FormItem] = []
        self.taken: dict[str, set[int]] = {}

    def draw(self, objective: str, pool: Sequence[Question], count: int) -> None:
        """Add `count` questions of a pool."""
        left = count
        waiting = in_turn(pool, self.seed)
        while left and waiting:
            fewest = min(len(self.taken.get(each.id, ())) for each in waiting)
            for question in [each for each in waiting if len(self.taken.get(each.id, ())) == fewest]:
                if not left:
                    break
                if self._take(objective, question):
                    left -= 1
                else:
                    waiting.remove(question)
        if left:
            raise FormError(f"{objective} has {count - left} variants to ask, and {count} are to be drawn")

    def _take(self, objective: str, question: Question) -> bool:
        """Add a variant of a family that has not been drawn; False when there is none left."""
        taken = self.taken.setdefault(question.id, set())
        variants = count_variants(question)
        if len(taken) >= variants:
            return False
        for attempt in range(TRIES * variants):
            seed = chance(self.seed, "variant", question.id, attempt) % SEEDS
            number = pick_variant(question, seed).number
            if number not in taken:
                taken.add(number)
                self.items.append(FormItem(question.id, seed, objective))
                return True
        return False
