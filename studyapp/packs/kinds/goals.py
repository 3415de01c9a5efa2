"""Goals over what the learner does: `break` and `design`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from studyapp.cluster.claims.claim import ClaimError
from studyapp.cluster.claims.evaluation import evaluate
from studyapp.cluster.edits import AddNode, Attach, Edit, EditError, edited
from studyapp.cluster.kinds import COMPONENT_KINDS
from studyapp.cluster.scenario import Scenario
from studyapp.packs.claims import ClaimSource, read_claim
from studyapp.packs.edits import AllowedEdits
from studyapp.packs.findings import Findings, Place
from studyapp.packs.kinds.source import AnswerSource, Reading
from studyapp.packs.source import Sequence
from studyapp.packs.worlds import CannotRun, Worlds
from studyapp.questions.goals import BreakGrader, DesignGrader, broken, holds
from studyapp.questions.grader import Key
from studyapp.questions.kinds import told
from studyapp.questions.parts import BreakPart, DesignPart
from studyapp.questions.question import Variant
from studyapp.questions.response import Picked
from studyapp.questions.runs import EMPTY, Run

MOST_GOALS = 10
MOST_COST = 10_000


class _GoalSource(AnswerSource):
    """What both have in common: claims that are goals, all of them about the one entry of the key."""

    def entry(self, variant: Variant, index: int, worlds: Worlds, findings: Findings) -> Any:
        """The solution or solutions; None with a finding where there is none, or a goal is none."""
        return super().entry(variant, index, worlds, findings) if self._sound(variant, worlds, findings) else None

    def _sound(self, variant: Variant, worlds: Worlds, findings: Findings) -> bool:
        """Whether each goal is true or false at the start; one that is neither is reported. Raises CannotRun."""
        good = True
        outcome = worlds.outcome(variant.scenario or EMPTY)
        for _, source in self.claims:
            try:
                values = evaluate(source.claim, outcome, variant.names).values
            except ClaimError as error:
                findings.claim(error, source, variant.names)
                good = False
                continue
            other = next((value for value, _ in values if not isinstance(value, bool)), None)
            if other is not None:
                message = f"the claim is {other!r}, neither true nor false"
                findings.say(source.place(1), "bad-claim", message, values=variant.names)
                good = False
        return good


class BreakSource(_GoalSource):
    """The goal of a set of faults."""

    grader: BreakGrader

    def __init__(self, part: BreakPart, source: ClaimSource) -> None:
        super().__init__("break", part, (source.place(1),), ((0, source),))

    def words(self, key: Key, index: int) -> str:
        """The smallest solutions."""
        return "the smallest sets of faults are what they are"

    def solution(self, variant: Variant, key: Key) -> str:
        """The first of the smallest solutions."""
        return min(told(variant, Picked(names)) for names in key[0])

    def scenarios(self, variant: Variant, key: Key) -> Iterator[Scenario]:
        """The runs with each of the solutions."""
        return (broken(variant.scenario or EMPTY, names) for names in key[0])


def read_break(given: Reading) -> BreakSource | None:
    """`goal`, a claim; `among`, the kinds of components that may fail."""
    source = given.claim("goal")
    among = given.one_of_each("among", COMPONENT_KINDS, needed=True)
    given.whole_body()
    return BreakSource(BreakPart(source.claim, among), source) if source is not None and among else None


class DesignSource(_GoalSource):
    """The goals of a design, and the edits that are allowed."""

    grader: DesignGrader

    def __init__(self, part: DesignPart, sources: tuple[ClaimSource, ...], edits: AllowedEdits) -> None:
        places = tuple(source.place(1) for source in sources)
        super().__init__("design", part, places, tuple((0, source) for source in sources))
        self.edits = edits

    @property
    def decided(self) -> dict[int, bool]:
        """All goals together."""
        return {0: self._modelled(0)}

    def texts(self, variant: Variant) -> Iterator[tuple[str, Place, str]]:
        """The edits."""
        places = self.edits.places(variant.names, variant.scenario or EMPTY)
        for option, place in zip(variant.options, places, strict=True):
            yield option.text, place, "edit"

    def check_names(self, variant: Variant, findings: Findings) -> bool:
        """Each edit can be made: alone, or once another has added or attached what it needs."""
        scenario = variant.scenario or EMPTY
        allowed = [each.edit for each in self.edits(variant.names, scenario)]
        first = [edit for edit in allowed if isinstance(edit, AddNode | Attach) and not _trouble(scenario, edit)]
        for edit, place in zip(allowed, self.edits.places(variant.names, scenario), strict=True):
            trouble = _trouble(scenario, edit)
            if trouble and all(_trouble(scenario, edit, other) for other in first):
                findings.say(place, "impossible-edit", trouble, values=variant.names)
        return True

    def words(self, key: Key, index: int) -> str:
        """The solution."""
        return "the design that is shown as a solution meets every goal"

    def solution(self, variant: Variant, key: Key) -> str:
        """The first of the smallest designs."""
        return told(variant, Picked(key[0]))

    def scenarios(self, variant: Variant, key: Key) -> Iterator[Scenario]:
        """The run of the solution."""
        yield self.grader.designed(variant, key[0])

    def doubtful(self, variant: Variant, key: Key, supposed: Scenario, run: Run) -> Iterator[int]:
        """The goals that the solution does not meet; the first where all are met before anything is changed."""
        other = replace(variant, scenario=supposed)
        goals = [source.claim for _, source in self.claims]
        try:
            solved = [holds(goal, self.grader.designed(other, key[0]), other.names, run) for goal in goals]
            from_start = all(holds(goal, supposed, other.names, run) for goal in goals)
        except (CannotRun, EditError):
            solved, from_start = [False], False
        failed = [index for index, good in enumerate(solved) if not good]
        yield from failed or ([0] if from_start else [])


class LabSource(DesignSource):
    """The goals of a lab: claims over the state that is reached, whatever is done to reach it."""

    def entry(self, variant: Variant, index: int, worlds: Worlds, findings: Findings) -> Any:
        """Nothing, for nobody knows what will be done; None with a finding where a goal is none, or all hold."""
        if not self._sound(variant, worlds, findings):
            return None
        scenario = variant.scenario or EMPTY
        if all(holds(source.claim, scenario, variant.names, worlds.outcome) for _, source in self.claims):
            message = "every goal holds before anything is done"
            findings.say(self.places[0], "holds-from-start", message, values=variant.names)
            return None
        return frozenset()

    def scenarios(self, variant: Variant, key: Key) -> Iterator[Scenario]:
        """Only that of the variant."""
        yield from ()

    def doubtful(self, variant: Variant, key: Key, supposed: Scenario, run: Run) -> Iterator[int]:
        """The first goal, where all are met from the start if a fact is otherwise."""
        if all(holds(source.claim, supposed, variant.names, run) for _, source in self.claims):
            yield 0

    def solution(self, variant: Variant, key: Key) -> str:
        """Nobody has looked for one."""
        return ""


def _trouble(scenario: Scenario, *edits: Edit) -> str:
    """Why these edits cannot be made together; empty where they can."""
    try:
        edited(scenario, edits)
    except EditError as error:
        return str(error)
    return ""


def _goals(given: Reading) -> tuple[ClaimSource, ...]:
    """The claims under `goal`, one or several; none where it is missing or wrong."""
    node = given.fields.get("goal", needed=True)
    written = node.items if isinstance(node, Sequence) else (node,) if node is not None else ()
    if node is not None and not 1 <= len(written) <= MOST_GOALS:
        given.say(node, "out-of-range", f"goal has 1 to {MOST_GOALS} claims")
    sources = [read_claim(given.fields, item) for item in written[:MOST_GOALS]]
    return tuple(source for source in sources if source is not None)


def read_lab(given: Reading) -> LabSource | None:
    """`goal`, one claim or several."""
    goals, edits = _goals(given), AllowedEdits((), given.fields.path)
    given.whole_body()
    part = DesignPart(tuple(source.claim for source in goals), edits, None)
    return LabSource(part, goals, edits) if goals else None


def read_design(given: Reading) -> DesignSource | None:
    """`allow`, the edits; `goal`, one claim or several; `cost`, the most that the edits may cost together."""
    goals = _goals(given)
    budget = given.fields.whole("cost", 0, MOST_COST)
    edits = AllowedEdits.read(given.fields)
    given.whole_body()
    if not goals or edits is None:
        return None
    part = DesignPart(tuple(source.claim for source in goals), edits, budget)
    return DesignSource(part, goals, edits)
