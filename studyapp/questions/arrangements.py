"""An arrangement: steps in their order, or pairs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise

from studyapp.cluster.claims.claim import Claim, parse_claim
from studyapp.cluster.claims.readers import first_event
from studyapp.cluster.kinds import Value
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.trace import Event, Trace
from studyapp.questions.filling import fill, in_words
from studyapp.questions.grader import PARTLY, RIGHT, WRONG, Grader, Marks, Part, marked
from studyapp.questions.parts import LONGEST_RUN, MatchPart, OrderPart, OrderStep
from studyapp.questions.question import FilledOption, Question, Variant
from studyapp.questions.response import Ordered, Paired, Response
from studyapp.questions.runs import EMPTY, SETTLE, TOO_MANY, Run, Unanswerable, value_of

LETTERS = "ABCDEFGHI"
"""The labels of left cells; right cells have numbers."""


class OrderGrader(Grader[OrderPart, tuple[int, ...], Ordered]):
    """Steps are put in order."""

    part_type = OrderPart
    form = Ordered

    def options(
        self, question: Question, values: Mapping[str, Value], scenario: Scenario | None
    ) -> tuple[FilledOption, ...]:
        """The steps, filled."""
        return tuple(FilledOption(i, fill(step.text, values)) for i, step in enumerate(self.part(question).steps))

    def shuffles(self, question: Question) -> bool:
        """Always: as they stand they may be right."""
        return True

    def entry(self, variant: Variant, index: int, run: Run) -> tuple[int, ...]:
        """The steps in the right order: as they stand, or as their events come in every course of chance."""
        steps = self.part(variant.question).steps
        if all(step.event is None for step in steps):
            return tuple(range(len(steps)))
        outcome = run(variant.scenario or EMPTY)
        if outcome.bounded:
            raise Unanswerable(index, "depends", TOO_MANY, SETTLE)
        orders = {_order(steps, variant, branch.trace) for branch in outcome.branches}
        if len(orders) > 1:
            raise Unanswerable(index, "depends", "the order depends on chance", "leave out what chance decides")
        return orders.pop()

    def mark(self, variant: Variant, key: tuple[tuple[int, ...] | None, ...], response: Response, run: Run) -> Marks:
        """The same order; where the question says so, the longest run that is right counts in part."""
        given, right = self.given(response), key[0]
        answer = given.steps if given is not None else ()
        if right is None:
            right = ()
        texts = {option.index: option.text for option in variant.options}
        labels = {option.index: str(number) for number, option in enumerate(variant.options, start=1)}
        parts = [
            Part(
                step,
                step in answer,
                step in right and step in answer and answer.index(step) == right.index(step),
                label=labels[step],
                text=texts[step],
                given=str(answer.index(step) + 1) if step in answer else "",
                wanted=str(right.index(step) + 1) if step in right else "",
            )
            for step in (option.index for option in variant.options)
        ]
        exact = bool(answer) and answer == right
        run_of = longest_run(answer, right)
        in_part = (run_of - 1) / (len(right) - 1) if run_of > 1 and len(right) > 1 else 0.0
        credit = self.part(variant.question).scoring == LONGEST_RUN
        points = 1.0 if exact else in_part if credit else 0.0
        verdict = RIGHT if exact else PARTLY if in_part > 0 and credit else WRONG
        return Marks(points, verdict, tuple(parts), ", ".join(labels[step] for step in right))

    def misfit(self, variant: Variant, response: Ordered) -> str:
        """Each step once."""
        if sorted(response.steps) == list(range(len(variant.options))):
            return ""
        return f"Name each of the steps 1 to {len(variant.options)} once, the first one first."

    def told(self, variant: Variant, response: Ordered) -> str:
        """The numbers shown, in the order given: `2, 3, 1`."""
        labels = {option.index: str(number) for number, option in enumerate(variant.options, start=1)}
        return ", ".join(labels[step] for step in response.steps)

    def claims(self, variant: Variant, marks: Marks) -> list[Claim]:
        """The times of the events."""
        events = [event_of(step, variant.names) for step in self.part(variant.question).steps if step.event is not None]
        return [parse_claim(f"time_of({json.dumps(kind)}, {json.dumps(thing)})") for kind, thing in events]


def event_of(step: OrderStep, values: Mapping[str, Value]) -> tuple[str, str]:
    """The kind of event and the thing that a step stands for."""
    assert step.event is not None, "only steps whose order the trace decides are asked"
    kind, thing = step.event
    return kind, fill(thing, values)


def _order(steps: Sequence[OrderStep], variant: Variant, trace: Trace) -> tuple[int, ...]:
    """The steps in the order of their first events. Raises Unanswerable where one does not happen, or two at once."""
    found: list[tuple[Event, int]] = []
    for index, step in enumerate(steps):
        kind, thing = event_of(step, variant.names)
        event = first_event(trace.events, kind, thing)
        if event is None:
            raise Unanswerable(index, "never-happens", f"there is no {kind} of {thing} in the trace")
        found.append((event, index))
    found.sort(key=lambda each: each[0].seq)
    for (event, index), (after, other) in pairwise(found):
        if event.at_ms == after.at_ms and event not in trace.why(after.seq):
            message = f"steps {min(index, other) + 1} and {max(index, other) + 1} happen at the same time"
            hint = "leave one of them out: of two things at once none comes first, unless one is the cause of the other"
            raise Unanswerable(max(index, other), "tie", message, hint)
    return tuple(index for _, index in found)


def longest_run(answer: Sequence[int], right: Sequence[int]) -> int:
    """The length of the longest stretch of the answer whose steps follow one another as in the right order."""
    after = dict(pairwise(right))
    longest = length = 0
    before: int | None = None
    for step in answer:
        length = length + 1 if before is not None and after.get(before) == step else 1
        longest, before = max(longest, length), step
    return longest


class MatchGrader(Grader[MatchPart, str, Paired]):
    """Left cells are paired with right cells."""

    part_type = MatchPart
    form = Paired

    def options(
        self, question: Question, values: Mapping[str, Value], scenario: Scenario | None
    ) -> tuple[FilledOption, ...]:
        """The left cells, filled."""
        rows = enumerate(self.part(question).rows)
        return tuple(FilledOption(index, fill(row.left, values)) for index, row in rows if row.left)

    def cells(self, variant: Variant, run: Run) -> tuple[FilledOption, ...]:
        """The right cells."""
        rows = range(len(self.part(variant.question).rows))
        return tuple(FilledOption(index, self.entry(variant, index, run)) for index in rows)

    def size(self, question: Question) -> int:
        """One entry for each row."""
        return len(self.part(question).rows)

    def entry(self, variant: Variant, index: int, run: Run) -> str:
        """What the right cell says."""
        row = self.part(variant.question).rows[index]
        if row.claim is None:
            return fill(row.right, variant.names)
        return in_words(value_of(row.claim, variant, run, index))

    def mark(self, variant: Variant, key: tuple[str | None, ...], response: Response, run: Run) -> Marks:
        """Each pair counts."""
        given = self.given(response)
        cells = {cell.index: cell.text for cell in variant.cells}
        labels = {cell.text: str(number) for number, cell in enumerate(variant.cells, start=1)}
        parts = []
        for place, left in enumerate(variant.options):
            chosen = given.cells[place] if given is not None else None
            text = cells[chosen] if chosen is not None else ""
            right = key[left.index]
            parts.append(
                Part(
                    left.index,
                    chosen is not None,
                    chosen is not None and text == right,
                    label=LETTERS[place],
                    text=left.text,
                    given=labels[text] if chosen is not None else "",
                    wanted=labels.get(right or "", ""),
                )
            )
        return marked(
            parts, sum(part.holds for part in parts) / len(parts), ", ".join(f"{p.label} {p.wanted}" for p in parts)
        )

    def misfit(self, variant: Variant, response: Paired) -> str:
        """One right cell, or none yet, for each left one."""
        known = {cell.index for cell in variant.cells} | {None}
        if len(response.cells) == len(variant.options) and known.issuperset(response.cells):
            return ""
        return (
            f"Pair each of {LETTERS[0]} to {LETTERS[len(variant.options) - 1]} with one of 1 to {len(variant.cells)}."
        )

    def told(self, variant: Variant, response: Paired) -> str:
        """The labels shown: `A 2, B 1`."""
        numbers = {cell.index: number for number, cell in enumerate(variant.cells, start=1)}
        pairs = zip(LETTERS, response.cells, strict=False)
        return ", ".join(f"{letter} {numbers[cell]}" for letter, cell in pairs if cell is not None)

    def claims(self, variant: Variant, marks: Marks) -> list[Claim]:
        """Those of the right cells that have one."""
        return [row.claim for row in self.part(variant.question).rows if row.claim is not None]
