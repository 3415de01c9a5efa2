"""What is said about an answer: composed here once, so that both faces say the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from studyapp.cluster.reasons.explain import Explanation, at_time
from studyapp.cluster.trace import Trace
from studyapp.packs.facts import Facts
from studyapp.packs.prose import parse_prose, plain_text
from studyapp.questions.grading import Grade
from studyapp.questions.question import Response, Variant


@dataclass(frozen=True, slots=True)
class OptionFeedback:
    """One option after the answer.

    `label` is its number as shown, `index` its place in the author's order. `word` is `right` for an option that holds
    and `wrong` for one that does not, whether it was chosen or not. `text` and `reason` are Markdown. `belief` is the
    sentence on what would make a wrong option right, if the model knows such a belief.
    """

    label: str
    index: int
    text: str
    chosen: bool
    holds: bool
    word: str
    reason: str
    belief: str | None


@dataclass(frozen=True, slots=True)
class ReplayStep:
    """One step of the replay: after the event `seq` (0: before any), at `time`, which is `at_ms` as `mm:ss`."""

    seq: int
    at_ms: int
    time: str
    text: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """Everything there is to say about an answer.

    `verdict_line` is one sentence or two; `chosen` the options chosen, as plain text with their labels; `options` are
    all of them in the order shown. `belief` says what one would have to believe to answer so, and what is true instead;
    `lesson` is the id of the lesson on it. `rules` are pairs of a rule and its source. `why` is Markdown.
    """

    grade: Grade
    verdict_line: str
    chosen: tuple[str, ...]
    options: tuple[OptionFeedback, ...]
    belief: str | None
    lesson: str | None
    replay: tuple[ReplayStep, ...]
    rules: tuple[tuple[str, str], ...]
    why: str
    seed: int
    variant_number: int
    trace: Trace | None


def compose(facts: Facts, variant: Variant, response: Response, grade: Grade) -> Feedback:
    """What to say about an answer to a variant that has been graded."""
    parts = {part.index: part for part in grade.parts}
    options = []
    for number, shown in enumerate(variant.options, start=1):
        part = parts[shown.index]
        options.append(
            OptionFeedback(
                label=str(number),
                index=shown.index,
                text=shown.text,
                chosen=part.chosen,
                holds=part.holds,
                word="right" if part.holds else "wrong",
                reason=part.reason,
                belief=None if part.holds else _option_belief(facts, part.believed, grade.misconception),
            )
        )
    belief = facts.misconceptions.get(grade.misconception) if grade.misconception is not None else None
    return Feedback(
        grade=grade,
        verdict_line=verdict_line(grade, options, bool(response)),
        chosen=tuple(f"{option.label}. {_plain(option.text)}" for option in options if option.chosen),
        options=tuple(options),
        belief=None if belief is None else f"To answer so you would have to believe that {belief.says}. {belief.truth}",
        lesson=None if belief is None else belief.lesson,
        replay=tuple(_replay(grade.evidence)),
        rules=_rules(facts, grade.evidence),
        why=variant.why,
        seed=variant.seed,
        variant_number=variant.number,
        trace=grade.trace,
    )


def verdict_line(grade: Grade, options: Sequence[OptionFeedback], answered: bool) -> str:
    """The verdict in words, with what would have been right."""
    if grade.verdict == "right":
        return "Right."
    labels = [option.label for option in options if option.holds]
    if not labels:
        right = "None of the options is right."
    elif len(labels) == 1:
        right = f"The right answer is {labels[0]}."
    else:
        right = f"The right answers are {', '.join(labels[:-1])} and {labels[-1]}."
    if not answered:
        return f"Not answered. {right}"
    if grade.verdict == "wrong":
        return f"Wrong. {right}"
    chosen_right = sum(option.chosen and option.holds for option in options)
    chosen_wrong = sum(option.chosen and not option.holds for option in options)
    if not chosen_wrong:
        return f"Partly right: {chosen_right} of {len(labels)}. {right}"
    return f"Partly right, with {chosen_wrong} too many. {right}"


def _option_belief(facts: Facts, believed: Sequence[str], first: str | None) -> str | None:
    """The belief under which a wrong option would be right; the one behind the whole answer before others."""
    known = [name for name in believed if name in facts.misconceptions]
    if not known:
        return None
    name = first if first in known else known[0]
    return f"It would be right if {facts.misconceptions[name].says}."


def _replay(evidence: Explanation | None) -> Iterator[ReplayStep]:
    """The sentences of an explanation, each with the event that it follows: a sentence on silence tells of the last."""
    if evidence is None:
        return
    events = iter(evidence.events)
    seq, at_ms = 0, 0
    for sentence in evidence.sentences:
        timed, _, text = sentence.partition("  ")
        if text and not text.startswith("… "):
            event = next(events)
            seq, at_ms = event.seq, event.at_ms
        yield ReplayStep(seq, at_ms, at_time(at_ms), text or timed)


def _rules(facts: Facts, evidence: Explanation | None) -> tuple[tuple[str, str], ...]:
    """The rules at work, each once, with its source."""
    if evidence is None:
        return ()
    known = [facts.rules[name] for name in evidence.rules if name in facts.rules]
    return tuple(dict.fromkeys((rule.text, rule.source) for rule in known))


def _plain(markdown: str) -> str:
    """Markdown as one line of plain text."""
    return " ".join(plain_text(parse_prose(markdown)).split())
