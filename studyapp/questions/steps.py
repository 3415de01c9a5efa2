"""The reasoning behind what is right as steps: what the scenario does, what follows or why nothing does, what was read.

Each is the model's own. What comes next can be asked where a misconception leads to another step, which is then to be
had as an answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from studyapp.cluster.claims.claim import ClaimError
from studyapp.cluster.misconceptions import ALL
from studyapp.cluster.reasons.explain import Explanation, at_time, explain_claims, told
from studyapp.cluster.trace import Outcome
from studyapp.cluster.world import RunTooLong
from studyapp.questions.grader import Key
from studyapp.questions.kinds import grader_of
from studyapp.questions.question import Variant
from studyapp.questions.response import NOTHING
from studyapp.questions.runs import EMPTY, Run, simulated

GIVEN, EVENT, SILENCE, READ, GAP = "given", "event", "silence", "read", "gap"
"""What a step is: what the timeline does; what follows; why nothing follows; what was read at the end; that there are
more than can be told.
"""
REASONED = (EVENT, SILENCE)
"""Steps that somebody can reason out."""
MOST_STEPS = 7
"""Steps of a replay that can be kept in mind."""
MOST_OTHERS = 3
"""Other steps that are offered beside the right one."""
ENDED = "Nothing more happens."
THE_LEARNERS_OWN = ("break", "design")
"""Kinds in which what happens is up to the learner: there is nothing to reason about before."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step: after the event `seq` (0: before any), at `at_ms`, and what it is. `cause` is the event that it follows
    from, where it is an event itself.
    """

    seq: int
    at_ms: int
    text: str
    kind: str = READ
    cause: int | None = None

    @property
    def time(self) -> str:
        """When, as `mm:ss`."""
        return at_time(self.at_ms)

    @property
    def line(self) -> str:
        """The step as a sentence; one that happens begins with its time."""
        if self.kind in (READ, GAP):
            return self.text
        if self.kind == SILENCE:
            return f"{self.time} Nothing follows: {self.text.removeprefix('… ')}"
        return f"{self.time} {self.text}"


@dataclass(frozen=True, slots=True)
class Next:
    """A question about what comes next: after so many steps (`after`), the right one, and others, each with the
    misconceptions that lead to it.
    """

    after: int
    right: Step
    others: Mapping[str, tuple[str, ...]]


def steps_of(evidence: Explanation) -> Iterator[Step]:
    """The sentences of an explanation as steps: a sentence on silence tells of the event before it."""
    events = iter(evidence.events)
    seq, at_ms, cause = 0, 0, None
    for sentence in evidence.sentences:
        timed, _, text = sentence.partition("  ")
        kind = SILENCE if text.startswith("… ") else EVENT if text else GAP if timed.startswith("(") else READ
        if kind == EVENT:
            event = next(events)
            seq, at_ms, cause = event.seq, event.at_ms, event.cause
            kind = GIVEN if event.rule == "timeline" and event.cause is None else EVENT
        yield Step(seq, at_ms, text or timed, kind, cause if kind in (GIVEN, EVENT) else None)


def replay_of(evidence: Explanation) -> tuple[Step, ...]:
    """The same as they are replayed. Of more than can be kept in mind, what follows at once from one step is told with
    it; each step has then two events at most.
    """
    steps = tuple(steps_of(evidence))
    if len(steps) <= MOST_STEPS:
        return steps
    lines: list[list[Step]] = []
    for step in steps:
        line = next((each for each in lines if _at_once(each, step)), None)
        if line is not None:
            line.append(step)
        else:
            lines.append([step])
    lines.sort(key=lambda line: line[-1].seq)
    return tuple(replace(each[-1], text="; ".join(step.text for step in each)) for each in lines)


def _at_once(line: Sequence[Step], step: Step) -> bool:
    """A step follows from the only one of a line, in the same moment."""
    return len(line) == 1 and step.cause is not None and line[0].seq == step.cause and line[0].at_ms == step.at_ms


def evidence_of(variant: Variant, key: Key, run: Run) -> Explanation | None:
    """What decides what is right; None where the model does not, or the learner's own deeds do. Raises ClaimError."""
    if variant.scenario is None or variant.question.kind in THE_LEARNERS_OWN:
        return None
    grader = grader_of(variant)
    claims = grader.claims(variant, grader.mark(variant, key, NOTHING, run))
    return explain_claims(claims, run(variant.scenario).trace, variant.names) if claims else None


def to_ask(variant: Variant, key: Key, steps: Sequence[Step]) -> tuple[Next, ...]:
    """The steps of a variant that can be left to somebody, in order."""
    outcome = simulated(variant.scenario or EMPTY)
    true = {told(event) for branch in outcome.branches for event in branch.trace.events}
    true.update(step.line for step in steps)
    believed = dict(_believed(variant, key, outcome))
    found = []
    for after, step in enumerate(steps):
        others = _others(steps, after, believed, true) if step.kind in REASONED else {}
        if others:
            found.append(Next(after, step, {**others, **({ENDED: ()} if step.kind == EVENT else {})}))
    return tuple(found)


def _others(
    steps: Sequence[Step], after: int, believed: Mapping[str, tuple[Step, ...]], true: set[str]
) -> dict[str, tuple[str, ...]]:
    """What misconceptions lead to after so many steps; if there are such, only those under which it comes as far."""
    before = [step.line for step in steps[:after]]
    since = steps[after - 1].at_ms if after else 0
    as_far: dict[str, tuple[str, ...]] = {}
    others: dict[str, tuple[str, ...]] = {}
    for name, course in believed.items():
        line = next((each.line for each in course if _instead(each, steps[after], since, true)), None)
        found = as_far if [each.line for each in course[:after]] == before else others
        if line is not None and (line in found or len(found) < MOST_OTHERS):
            found[line] = (*found.get(line, ()), name)
    return as_far or others


def _instead(step: Step, right: Step, since: int, true: set[str]) -> bool:
    """A step under a misconception could be taken for the next, and is not so."""
    if step.kind == SILENCE:
        return right.kind == EVENT and step.line not in true
    return step.kind == EVENT and step.at_ms >= since and f"{step.time}  {step.text}" not in true


def _believed(variant: Variant, key: Key, outcome: Outcome) -> Iterator[tuple[str, tuple[Step, ...]]]:
    """What would happen under each misconception that bears on the answer."""
    grader = grader_of(variant)
    for misconception in ALL:
        if grader.bears(misconception.rule, outcome):
            try:
                evidence = evidence_of(variant, key, partial(simulated, believed=misconception.name))
            except (ClaimError, RunTooLong):
                continue
            if evidence is not None:
                yield misconception.name, tuple(steps_of(evidence))
