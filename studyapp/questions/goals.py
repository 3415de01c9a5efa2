"""A goal over what the learner did: faults that reach it and are no more than it takes, or edits that make it hold."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from studyapp.cluster.analysis.cutsets import minimal_cut_sets
from studyapp.cluster.analysis.families import TreeTooLarge
from studyapp.cluster.analysis.faulttree import down_of
from studyapp.cluster.analysis.survival import every_component
from studyapp.cluster.analysis.trials import after_faults
from studyapp.cluster.chance import Undecided
from studyapp.cluster.claims.claim import Claim, ClaimError
from studyapp.cluster.claims.evaluation import evaluate
from studyapp.cluster.claims.sentences import sentence
from studyapp.cluster.describe import join
from studyapp.cluster.edits import EditError, edited, in_imperative, slot
from studyapp.cluster.effort import at_hand, counted
from studyapp.cluster.kinds import Value
from studyapp.cluster.reasons.explain import explain
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.trace import Outcome
from studyapp.questions.grader import PARTLY, RIGHT, WRONG, EntryT, Grader, Marks, Part, PartT
from studyapp.questions.parts import Allowed, BreakPart, DesignPart
from studyapp.questions.question import FilledOption, Question, Variant
from studyapp.questions.response import Picked, Response
from studyapp.questions.runs import EMPTY, Run, Unanswerable
from studyapp.questions.values import not_there, picked_words

MOST_FAULTS = 5
"""Faults of one answer: all its subsets are tried."""
MOST_TRIED = 2_000
"""Sets of faults, or of edits, that the search for a solution tries."""
MOST_WORK = 300_000
"""Steps that this may take, over the runs of all of them and what the goals ask of each."""

Names = frozenset[str]


class _Goal(Grader[PartT, EntryT, Picked]):
    """What both have in common: something is picked, and the scenario that follows from it is judged."""

    form = Picked

    def foreseen(self, variant: Variant, run: Run) -> tuple[EntryT | None, ...]:
        """Not looked for: an answer is judged under a belief by itself."""
        return (None,)

    def told(self, variant: Variant, response: Picked) -> str:
        """What was picked, in the order shown."""
        return picked_words(variant, response)

    def picked(self, response: Response) -> Names:
        """The names of what was picked."""
        given = self.given(response)
        return given.names if given is not None else frozenset()


def holds(goal: Claim, scenario: Scenario, names: Mapping[str, Value], run: Run) -> bool:
    """The goal is true, whatever chance decides; one that has no answer in this scenario is not."""
    try:
        return evaluate(goal, run(scenario), names).certain is True
    except ClaimError:
        return False


class Search:
    """A search for a solution, which ends after so much work, whatever was asked before it. `what` is tried."""

    def __init__(self, goals: Sequence[Claim], names: Mapping[str, Value], run: Run, what: str, hint: str) -> None:
        self._goals = goals
        self._names = names
        self._run = run
        self._what = what
        self._hint = hint
        self._tried = self._spent = 0
        self._kept: dict[Any, Any] = {}
        """What is remembered from one to the next."""

    def solves(self, scenario: Scenario | None, index: int) -> bool:
        """All goals hold in a scenario (None: it cannot be made). Raises Unanswerable where enough have been tried."""
        if self._tried == MOST_TRIED or self._spent > MOST_WORK:
            message = f"no solution among the first {self._tried:,} {self._what}, and more are too much work"
            raise Unanswerable(index, "no-solution", message, self._hint)
        self._tried += 1
        if scenario is None:
            return False
        outcome = self._run(scenario)
        with counted(alone=True) as effort:
            effort.kept = self._kept
            good = all(holds(goal, scenario, self._names, lambda _: outcome) for goal in self._goals)
        self._spent += outcome.steps + effort.steps
        at_hand().spend(effort.steps)
        return good


# -- break --------------------------------------------------------------------------------------------------------


class BreakGrader(_Goal[BreakPart, frozenset[Names]]):
    """A smallest set of faults is picked that reaches a goal."""

    part_type = BreakPart

    def options(
        self, question: Question, values: Mapping[str, Value], scenario: Scenario | None
    ) -> tuple[FilledOption, ...]:
        """The components that may fail, in the order of the scenario."""
        names = every_component(scenario or EMPTY, self.part(question).among)
        return tuple(FilledOption(index, name) for index, name in enumerate(names))

    def entry(self, variant: Variant, index: int, run: Run) -> frozenset[Names]:
        """The solutions with the fewest faults: those of them that reach the goal."""
        reaches = self._reaches(variant, run)
        if reaches(frozenset()):
            raise Unanswerable(index, "holds-from-start", "the goal holds before anything has failed")
        goal, scenario = self.part(variant.question).goal, variant.scenario or EMPTY
        search = Search((goal,), variant.names, run, "sets of faults", "let fewer kinds of components fail")
        for size in range(1, MOST_FAULTS + 1):
            candidates = self._candidates(variant, run, size)
            found = frozenset(faults for faults in candidates if search.solves(broken(scenario, faults), index))
            if found:
                return found
        raise Unanswerable(index, "no-solution", f"no set of at most {MOST_FAULTS} faults reaches the goal")

    def _reaches(self, variant: Variant, run: Run) -> Callable[[Names], bool]:
        goal, scenario, names = self.part(variant.question).goal, variant.scenario or EMPTY, variant.names
        return lambda faults: holds(goal, broken(scenario, faults), names, run)

    def _candidates(self, variant: Variant, run: Run, size: int) -> Iterator[Names]:
        """The sets of so many faults that may be the smallest that reach the goal, in the order shown.

        Where the goal is that a service is not available, they can be read off the structure of many scenarios: no
        smaller set can do, and of their size no other.
        """
        names = [option.text for option in variant.options]
        cuts = _cuts(self.part(variant.question).goal, run(variant.scenario or EMPTY), names)
        least = min((len(cut) for cut in cuts), default=0) if cuts is not None else 0
        if cuts is not None and (not cuts or size < least):
            return iter(())
        if cuts is not None and size == least:
            return (frozenset(cut) for cut in cuts if len(cut) == size)
        return (frozenset(faults) for faults in combinations(names, size))

    def mark(self, variant: Variant, key: tuple[frozenset[Names] | None, ...], response: Response, run: Run) -> Marks:
        """Right when the goal holds under the faults, and under no part of them."""
        picked = self.picked(response)
        reaches = self._reaches(variant, run)
        reached = bool(picked) and reaches(picked)
        in_order = [option.text for option in variant.options if option.text in picked]
        smaller = next((part for part in _parts_of(in_order) if reaches(part)), None) if reached else None
        solutions = key[0] or frozenset()
        told = sorted(_in_words(variant, names) for names in solutions)
        spare = "" if smaller is None else f"{_in_words(variant, smaller)} would have been enough"
        parts = (
            Part(0, bool(picked), reached, text="The faults reach the goal."),
            Part(1, bool(picked), reached and smaller is None, text="None of them could be left out.", wanted=spare),
        )
        verdict = WRONG if not reached else RIGHT if smaller is None else PARTLY
        return Marks(float(verdict == RIGHT), verdict, parts, told[0] if told else "")

    def misfit(self, variant: Variant, response: Picked) -> str:
        """Components that there are, and not too many."""
        if len(response.names) > MOST_FAULTS:
            return f"Pick at most {MOST_FAULTS} of them: a smallest set is asked for."
        return not_there(variant, response)

    def claims(self, variant: Variant, marks: Marks) -> list[Claim]:
        """The goal."""
        return [self.part(variant.question).goal]

    def outcome(self, variant: Variant, response: Response, run: Run) -> Outcome:
        """The run with the faults."""
        return run(broken(variant.scenario or EMPTY, self.picked(response)))


def broken(scenario: Scenario, faults: Names) -> Scenario:
    """The scenario whose timeline ends with these faults, all at once."""
    in_order = (name for name in every_component(scenario, "all") if name in faults)
    return after_faults(scenario, in_order) if faults else scenario


def _cuts(goal: Claim, outcome: Outcome, names: Sequence[str]) -> tuple[tuple[str, ...], ...] | None:
    """The smallest sets of faults after which no client of the goal's service gets an answer, whatever chance decides;
    None where the goal is another, or they cannot be read off the structure of the scenario.
    """
    match goal.tree:
        case ast.UnaryOp(
            op=ast.Not(), operand=ast.Call(func=ast.Name(id="available"), args=[ast.Constant(value=str(name))])
        ):
            pass
        case _:
            return None
    try:
        down = down_of(outcome.trace, name) if len(outcome.branches) == 1 else None
        return minimal_cut_sets(down.surely, MOST_FAULTS, names) if down is not None else None
    except (TreeTooLarge, Undecided):
        return None


def _parts_of(faults: Sequence[str]) -> Iterator[Names]:
    """Every proper part of a set of faults but the empty one, smaller ones first."""
    for size in range(1, len(faults)):
        yield from map(frozenset, combinations(faults, size))


def _in_words(variant: Variant, names: Names) -> str:
    return join(tuple(option.text for option in variant.options if option.text in names))


# -- design -------------------------------------------------------------------------------------------------------


class DesignGrader(_Goal[DesignPart, Names]):
    """Edits are picked with which every goal holds."""

    part_type = DesignPart

    def options(
        self, question: Question, values: Mapping[str, Value], scenario: Scenario | None
    ) -> tuple[FilledOption, ...]:
        """The edits in words, each with what it costs where the costs are limited."""
        part = self.part(question)
        allowed = part.allowing(values, scenario or EMPTY)
        return tuple(FilledOption(index, offered(each, part)) for index, each in enumerate(allowed))

    def entry(self, variant: Variant, index: int, run: Run) -> Names:
        """The first of the smallest designs that meet every goal."""
        if all(self._met(variant, frozenset(), run)):
            raise Unanswerable(index, "holds-from-start", "every goal holds before anything is changed")
        names = [option.text for option in variant.options]
        part = self.part(variant.question)
        search = Search(part.goals, variant.names, run, "designs", "allow fewer edits, or less cost")
        for places in _designs(self._allowed(variant), part.budget):
            edits = frozenset(names[place] for place in places)
            if search.solves(self._made(variant, edits), index):
                return edits
        raise Unanswerable(index, "no-solution", "no design that is allowed meets every goal")

    def mark(self, variant: Variant, key: tuple[Names | None, ...], response: Response, run: Run) -> Marks:
        """Right when every goal holds and the cost is within bounds."""
        part, picked = self.part(variant.question), self.picked(response)
        met = self._met(variant, picked, run) if picked else [False] * len(part.goals)
        before = self._met(variant, frozenset(), run)
        parts = [
            Part(
                index,
                bool(picked),
                good,
                reason="" if good else self._proof(variant, goal, picked, run),
                text=sentence(goal, variant.names),
            )
            for index, (goal, good) in enumerate(zip(part.goals, met, strict=True))
        ]
        if part.budget is not None:
            cost = self.cost(variant, picked)
            text = f"It costs {cost} of at most {part.budget}."
            parts.append(Part(len(parts), bool(picked), cost <= part.budget, text=text))
        good = all(each.holds for each in parts)
        better = any(now and not then for now, then in zip(met, before, strict=True))
        solution = key[0]
        told = _in_words(variant, solution) if solution is not None else ""
        return Marks(float(good), RIGHT if good else PARTLY if better else WRONG, tuple(parts), told)

    def misfit(self, variant: Variant, response: Picked) -> str:
        """Edits that are allowed and can be made together."""
        missing = not_there(variant, response)
        try:
            self.designed(variant, response.names)
        except EditError as error:
            return missing or f"This design cannot be made: {error}."
        return missing

    def claims(self, variant: Variant, marks: Marks) -> list[Claim]:
        """The goals; where one is not met, those that are not."""
        goals = list(enumerate(self.part(variant.question).goals))
        failed = {part.index for part in marks.parts if not part.holds}
        return [goal for index, goal in goals if index in failed] or [goal for _, goal in goals]

    def outcome(self, variant: Variant, response: Response, run: Run) -> Outcome:
        """The run of the design."""
        try:
            return run(self.designed(variant, self.picked(response)))
        except EditError:
            return run(variant.scenario or EMPTY)

    def bears(self, rule: str, outcome: Outcome) -> bool:
        """Always: a goal may be about faults that are in no timeline."""
        return True

    def designed(self, variant: Variant, picked: Names) -> Scenario:
        """The scenario with the edits. Raises EditError."""
        return edited(variant.scenario or EMPTY, (each.edit for each in self._chosen(variant, picked)))

    def cost(self, variant: Variant, picked: Names) -> int:
        """What the edits cost together."""
        return sum(each.cost for each in self._chosen(variant, picked))

    def _allowed(self, variant: Variant) -> tuple[Allowed, ...]:
        return self.part(variant.question).allowing(variant.names, variant.scenario or EMPTY)

    def _chosen(self, variant: Variant, picked: Names) -> Iterator[Allowed]:
        part = self.part(variant.question)
        by_words: dict[str, Allowed] = {}
        for each in self._allowed(variant):
            by_words.setdefault(offered(each, part), each)
        return (each for words, each in by_words.items() if words in picked)

    def _met(self, variant: Variant, picked: Names, run: Run) -> list[bool]:
        """Which goals hold in the design; none in one that cannot be made."""
        goals, scenario = self.part(variant.question).goals, self._made(variant, picked)
        return [scenario is not None and holds(goal, scenario, variant.names, run) for goal in goals]

    def _made(self, variant: Variant, picked: Names) -> Scenario | None:
        """The scenario with the edits; None where it cannot be made."""
        try:
            return self.designed(variant, picked)
        except EditError:
            return None

    def _proof(self, variant: Variant, goal: Claim, picked: Names, run: Run) -> str:
        """What shows that a goal is not met: the last thing that was read of it."""
        try:
            outcome = run(self.designed(variant, picked))
            return explain(goal, outcome, variant.names).sentences[-1]
        except (EditError, ClaimError):
            return ""


def offered(allowed: Allowed, part: DesignPart) -> str:
    """An edit as it is offered."""
    words = in_imperative(allowed.edit)
    return words if part.budget is None else f"{words} (costs {allowed.cost})"


def _designs(allowed: Sequence[Allowed], budget: int | None) -> Iterator[tuple[int, ...]]:
    """The designs that can be made and paid for, by the places of their edits; those with fewer edits first."""
    slots = [slot(each.edit) for each in allowed]
    cheapest = sorted(each.cost for each in allowed)

    def of_size(size: int, start: int, left: float, settled: frozenset[tuple[str, ...]]) -> Iterator[tuple[int, ...]]:
        if not size:
            yield ()
            return
        for place in range(start, len(allowed) - size + 1):
            if allowed[place].cost <= left and slots[place] not in settled:
                rest = of_size(size - 1, place + 1, left - allowed[place].cost, settled | {slots[place]})
                yield from ((place, *others) for others in rest)

    for size in range(1, len(allowed) + 1):
        if budget is not None and sum(cheapest[:size]) > budget:
            return
        yield from of_size(size, 0, float("inf") if budget is None else budget, frozenset())
