"""Options with truths: one or several are chosen, or each of a series is told true or false."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from studyapp.cluster.claims.claim import Claim, parse_claim
from studyapp.cluster.describe import join
from studyapp.cluster.kinds import Value
from studyapp.cluster.scenario import Scenario
from studyapp.questions.filling import fill
from studyapp.questions.grader import PARTLY, RIGHT, WRONG, FormT, Grader, Marks, Part, Wish, marked
from studyapp.questions.parts import PER_OPTION, OptionsPart
from studyapp.questions.question import FilledOption, Question, Variant
from studyapp.questions.response import NOTHING, Chosen, Response, Said
from studyapp.questions.runs import Run, truth_of

YES, NO = "yes", "no"


class _Options(Grader[OptionsPart, bool, FormT]):
    """What the two ways of answering have in common: the options, and which of them hold."""

    part_type = OptionsPart

    def options(
        self, question: Question, values: Mapping[str, Value], scenario: Scenario | None
    ) -> tuple[FilledOption, ...]:
        """The options, filled."""
        return tuple(
            FilledOption(index, fill(option.text, values), fill(option.reason, values))
            for index, option in enumerate(self.part(question).options)
        )

    def shuffles(self, question: Question) -> bool:
        """As the author asks."""
        return question.shuffle

    def size(self, question: Question) -> int:
        """One entry for each option."""
        return len(self.part(question).options)

    def entry(self, variant: Variant, index: int, run: Run) -> bool:
        """Whether an option holds."""
        option = self.part(variant.question).options[index]
        return bool(option.static) if option.claim is None else truth_of(option.claim, variant, run, index)

    def claims(self, variant: Variant, marks: Marks) -> list[Claim]:
        """Those of the options that hold, then of those that were chosen."""
        options = self.part(variant.question).options
        parts = sorted(marks.parts, key=lambda part: part.index)
        told = [part.index for part in parts if part.holds]
        told += [part.index for part in parts if part.mistaken and not part.holds]
        return [claim for index in told if (claim := options[index].claim) is not None]


class ChoiceGrader(_Options[Chosen]):
    """One option is chosen, or (`several`) all that hold."""

    form: type[Chosen] = frozenset

    def __init__(self, *, several: bool) -> None:
        self.several = several

    def mark(self, variant: Variant, key: tuple[bool | None, ...], response: Response, run: Run) -> Marks:
        """All or nothing; where the question says so, of several each option counts that is rightly chosen or left."""
        chosen = self.given(response) or NOTHING
        right = frozenset(index for index, holds in enumerate(key) if holds)
        parts = tuple(
            Part(
                option.index, option.index in chosen, option.index in right, option.reason, (), str(number), option.text
            )
            for number, option in enumerate(variant.options, start=1)
        )
        if self.part(variant.question).scoring == PER_OPTION:
            hits = sum(part.chosen == part.holds for part in parts) if chosen else 0
            return marked(parts, hits / len(parts))
        verdict = (
            RIGHT if chosen == right else PARTLY if chosen and (chosen < right or chosen > right > NOTHING) else WRONG
        )
        return Marks(float(chosen == right), verdict, parts)

    def wishes(self, variant: Variant, response: Chosen, parts: Sequence[Part]) -> Iterator[Wish]:
        """Each option that does not hold."""
        for part in sorted(parts, key=lambda part: not part.chosen):
            claim = self.part(variant.question).options[part.index].claim
            if claim is not None and not part.holds:
                yield Wish(f"{part.label} right", claim)

    def misfit(self, variant: Variant, response: Chosen) -> str:
        """Options that there are; one where one is right."""
        if not response <= frozenset(range(len(variant.options))):
            return f"Choose among 1 to {len(variant.options)}."
        return "" if self.several or len(response) < 2 else "Choose one: only one of them is right."

    def told(self, variant: Variant, response: Chosen) -> str:
        """The numbers shown: `2`, `1 and 3`."""
        numbered = enumerate(variant.options, start=1)
        return join(tuple(str(number) for number, option in numbered if option.index in response))


class SeriesGrader(_Options[Said]):
    """Each of a series of statements is told true or false."""

    form = Said

    def mark(self, variant: Variant, key: tuple[bool | None, ...], response: Response, run: Run) -> Marks:
        """All or nothing, or each statement, as the question says."""
        said = self.given(response) or Said()
        parts = tuple(
            Part(
                option.index,
                option.index in said.yes,
                bool(key[option.index]),
                option.reason,
                (),
                str(number),
                option.text,
                YES if option.index in said.yes else NO if option.index in said.no else "",
                YES if key[option.index] else NO,
            )
            for number, option in enumerate(variant.options, start=1)
        )
        hits = sum(part.given == part.wanted for part in parts)
        verdict = RIGHT if hits == len(parts) else PARTLY if hits else WRONG
        each = self.part(variant.question).scoring == PER_OPTION
        return Marks(hits / len(parts) if each else float(hits == len(parts)), verdict, parts)

    def wishes(self, variant: Variant, response: Said, parts: Sequence[Part]) -> Iterator[Wish]:
        """Each statement that was told wrongly."""
        for part in parts:
            claim = self.part(variant.question).options[part.index].claim
            if claim is not None and part.given and part.given != part.wanted:
                wanted = claim if part.given == YES else parse_claim(f"not ({claim.text})")
                yield Wish(f"{part.given} right for {part.label}", wanted)

    def misfit(self, variant: Variant, response: Said) -> str:
        """Statements that there are, each told one way."""
        if response.yes & response.no or not response.yes | response.no <= frozenset(range(len(variant.options))):
            return f"Answer yes or no to each of the {len(variant.options)} statements."
        return ""

    def told(self, variant: Variant, response: Said) -> str:
        """Each statement by its number: `1 yes, 2 no`."""
        told = []
        for number, option in enumerate(variant.options, start=1):
            if option.index in response.yes | response.no:
                told.append(f"{number} {YES if option.index in response.yes else NO}")
        return ", ".join(told)
