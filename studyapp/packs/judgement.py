"""What the judged variants of a question must be: answerable, beyond doubt, and different only where it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studyapp.cluster.kinds import Value
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.trace import Outcome
from studyapp.packs.findings import Findings, in_short
from studyapp.packs.questions import QuestionSource
from studyapp.packs.worlds import Worlds, truth_if
from studyapp.questions.question import Variant


@dataclass(frozen=True, slots=True)
class Judged:
    """A variant, and which of its options hold, in the author's order. `outcome` is None without a scenario."""

    variant: Variant
    held: tuple[bool, ...]
    outcome: Outcome | None

    @property
    def shown(self) -> tuple[object, ...]:
        """What the learner sees of it: the words, and the scenario that is drawn."""
        options = sorted(self.variant.options, key=lambda option: option.index)
        drawn = self.variant.names.get("scenario")
        return self.variant.prompt, tuple(option.text for option in options), drawn


def check_kind(source: QuestionSource, judged: Judged, findings: Findings) -> None:
    """One option of `choice` holds; of `multi` at least one does and one does not."""
    right = [index for index, holds in enumerate(judged.held) if holds]
    options = source.question.options
    values, outcome = judged.variant.names, judged.outcome
    first = options[0].line, options[0].column
    if not right:
        findings.say(first, "no-right-option", "no option holds", values=values, outcome=outcome)
    elif source.question.kind == "choice" and len(right) > 1:
        second = options[right[1]]
        which = " and ".join(str(index + 1) for index in right)
        message = f"more than one option holds: {which}"
        hint = "a choice has one right option; with several it is of the kind multi"
        place = (second.line, second.column)
        findings.say(place, "several-right-options", message, hint, values=values, outcome=outcome)
    elif source.question.kind == "multi" and len(right) == len(options):
        hint = "of a multi at least one option does not hold"
        findings.say(first, "all-right", "every option holds", hint, values=values, outcome=outcome)


def check_doubt(source: QuestionSource, judged: Judged, scenario: Scenario, worlds: Worlds, findings: Findings) -> None:
    """No option's truth rests on a fact that may be otherwise."""
    names = judged.variant.names
    for doubt in worlds.doubts(scenario):
        for index, claim in enumerate(source.options):
            if claim is None:
                continue
            truth = truth_if(claim.claim, doubt.outcome, names)
            if truth is not None and truth.holds == judged.held[index]:
                continue
            option = source.question.options[index]
            holds = "holds" if judged.held[index] else "does not hold"
            message = f"the option {holds} only while {doubt.supposed.words()}"
            place = (option.line, option.column)
            hint = "say it in the scenario, or ask for something else"
            findings.say(place, "doubtful-fact", message, hint, values=names, outcome=doubt.outcome)


@dataclass(slots=True)
class Foresight:
    """Wrong options over all variants, how many of them a misconception predicts, and which do for each option."""

    wrong: int = 0
    foreseen: int = 0
    beliefs: dict[int, dict[str, None]] | None = None

    def look(self, source: QuestionSource, judged: Judged, scenario: Scenario, worlds: Worlds) -> None:
        """Count the wrong options of one variant."""
        self.beliefs = self.beliefs if self.beliefs is not None else {}
        names = judged.variant.names
        wrong = {index for index, holds in enumerate(judged.held) if not holds and source.options[index] is not None}
        predicted: set[int] = set()
        for name, outcome in worlds.beliefs(scenario):
            for index in wrong:
                claim = source.options[index]
                truth = truth_if(claim.claim, outcome, names) if claim is not None else None
                if truth is not None and truth.holds:
                    predicted.add(index)
                    self.beliefs.setdefault(index, {})[name] = None
        self.wrong += len(wrong)
        self.foreseen += len(predicted)


def check_variation(source: QuestionSource, tried: Sequence[Judged], total: int, findings: Findings) -> None:
    """What changes the answer is shown; what is varied changes something."""
    _hidden(source, tried, findings)
    for name, word in source.vary.items():
        if _idle(name, tried):
            message = f"{name} changes neither what is shown nor which option holds"
            findings.say((word.line, word.column), "idle-variation", message, severity="warning")
    if total > 1 and len(tried) == total and len({judged.held for judged in tried}) == 1:
        option = source.question.options[0]
        message = f"the same options hold in all {total} variants"
        findings.say((option.line, option.column), "same-answer", message, severity="info")


def _hidden(source: QuestionSource, tried: Sequence[Judged], findings: Findings) -> None:
    seen: dict[tuple[object, ...], Judged] = {}
    for judged in tried:
        other = seen.setdefault(judged.shown, judged)
        if other.held == judged.held:
            continue
        mine, others = judged.variant.names, other.variant.names
        names = [name for name in source.vary if mine[name] != others[name]]
        word = source.vary[names[0]]
        which = " and ".join(names)
        message = f"{which} changes which option holds, and nothing that is shown tells"
        hint = f"the options that hold are others with {in_short({name: others[name] for name in names})}"
        findings.say((word.line, word.column), "hidden-variation", message, hint, values=mine, outcome=judged.outcome)


def _idle(name: str, tried: Sequence[Judged]) -> bool:
    """Variants that differ in this name alone show the same and have the same answer; and there are such."""
    groups: dict[tuple[tuple[str, Value], ...], Judged] = {}
    compared = False
    varied: Mapping[str, None] = {}
    for judged in tried:
        varied = varied or dict.fromkeys(n for n, _ in judged.variant.question.vary)
        rest = tuple((n, v) for n, v in judged.variant.values if n != name and n in varied)
        other = groups.setdefault(rest, judged)
        if other is judged:
            continue
        compared = True
        if (other.held, other.shown) != (judged.held, judged.shown):
            return False
    return compared


def longest_is_right(source: QuestionSource, tried: Sequence[Judged]) -> float | None:
    """The share of variants in which the right option of a choice is longer than every other; None of other kinds."""
    if source.question.kind != "choice" or not tried:
        return None
    count = 0
    for judged in tried:
        lengths = {option.index: len(option.text) for option in judged.variant.options}
        longest = max(lengths.values())
        right = [index for index, holds in enumerate(judged.held) if holds]
        count += right == [index for index, length in lengths.items() if length == longest]
    return count / len(tried)
