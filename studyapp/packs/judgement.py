"""What the judged variants of a question must be: answerable, beyond doubt, and different only where it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from studyapp.cluster.doubt import inspects
from studyapp.cluster.kinds import Value
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.trace import Outcome
from studyapp.packs.findings import Findings, in_short
from studyapp.packs.kinds.source import believing
from studyapp.packs.questions import QuestionSource
from studyapp.packs.worlds import Worlds
from studyapp.questions.grader import Key
from studyapp.questions.question import Variant


@dataclass(frozen=True, slots=True)
class Judged:
    """A variant, what is right about it, and what the learner sees of the answer part. `outcome` is None without a
    scenario.
    """

    variant: Variant
    key: Key
    face: tuple[object, ...]
    outcome: Outcome | None

    @property
    def shown(self) -> tuple[object, ...]:
        """What the learner sees of it: the words, and the scenario that is drawn."""
        return self.variant.prompt, self.face, self.variant.names.get("scenario")


def check_doubt(source: QuestionSource, judged: Judged, scenario: Scenario, worlds: Worlds, findings: Findings) -> None:
    """Nothing that is right rests on a fact that may be otherwise."""
    answer, variant = source.answer, judged.variant
    others = tuple(answer.scenarios(variant, judged.key))
    for doubt in worlds.doubts(scenario, others, inspected=inspects(each.claim for _, each in answer.claims)):
        for index in answer.doubtful(variant, judged.key, doubt.supposed.scenario, worlds.outcome):
            message = f"{answer.words(judged.key, index)} only while {doubt.supposed.words()}"
            hint = "say it in the scenario, or ask for something else"
            place = answer.places[index]
            findings.say(place, "doubtful-fact", message, hint, values=variant.names, outcome=doubt.outcome)


@dataclass(slots=True)
class Foresight:
    """Wrong options over all variants, how many of them a misconception predicts, and which do for each option; `tried`
    are the misconceptions that bear on some variant.
    """

    wrong: int = 0
    foreseen: int = 0
    beliefs: dict[int, dict[str, None]] | None = None
    tried: set[str] = field(default_factory=set)

    def look(self, source: QuestionSource, judged: Judged, scenario: Scenario, worlds: Worlds) -> None:
        """Count the wrong options of one variant."""
        self.beliefs = self.beliefs if self.beliefs is not None else {}
        answer = source.answer
        if not source.question.options:
            return
        wrong = {index for index, _ in answer.claims if not judged.key[index]}
        predicted: set[int] = set()
        for name in worlds.beliefs(scenario):
            self.tried.add(name)
            for index, holds in enumerate(answer.grader.foreseen(judged.variant, believing(worlds, name))):
                if index in wrong and holds:
                    predicted.add(index)
                    self.beliefs.setdefault(index, {})[name] = None
        self.wrong += len(wrong)
        self.foreseen += len(predicted)


def check_variation(source: QuestionSource, tried: Sequence[Judged], total: int, findings: Findings) -> None:
    """What changes the answer is shown; what is varied changes something."""
    _hidden(source, tried, findings)
    for name, word in source.vary.items():
        if _idle(name, tried):
            what = "which option holds" if source.question.options else "the answer"
            message = f"{name} changes neither what is shown nor {what}"
            findings.say((word.line, word.column), "idle-variation", message)
    if total > 1 and len(tried) == total and len({judged.key for judged in tried}) == 1:
        what = "the same options hold" if source.question.options else "the answer is the same"
        message = f"{what} in all {total} variants"
        findings.say(source.answer.places[0], "same-answer", message)


def _hidden(source: QuestionSource, tried: Sequence[Judged], findings: Findings) -> None:
    seen: dict[tuple[object, ...], Judged] = {}
    for judged in tried:
        other = seen.setdefault(judged.shown, judged)
        if other.key == judged.key:
            continue
        mine, others = judged.variant.names, other.variant.names
        names = [name for name in source.vary if mine[name] != others[name]]
        word = source.vary[names[0]]
        which = " and ".join(names)
        what, are = ("which option holds", "options that hold are others")
        if not source.question.options:
            what, are = ("the answer", "answer is another")
        message = f"{which} changes {what}, and nothing that is shown tells"
        hint = f"the {are} with {in_short({name: others[name] for name in names})}"
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
        if (other.key, other.shown) != (judged.key, judged.shown):
            return False
    return compared
