"""What is said about an answer: composed here once, so that both faces say the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from studyapp.cluster.reasons.explain import Explanation
from studyapp.cluster.trace import Trace
from studyapp.packs.facts import Facts, RuleText
from studyapp.packs.prose import parse_prose, plain_text
from studyapp.questions.grader import Wish
from studyapp.questions.grading import Grade, Part
from studyapp.questions.kinds import told
from studyapp.questions.question import Variant
from studyapp.questions.remedies import wishes
from studyapp.questions.response import NOTHING, Response
from studyapp.questions.steps import Step, replay_of


@dataclass(frozen=True, slots=True)
class OptionFeedback:
    """One part of the answer: an option, a statement, a step, a pair, a component; or a goal, which has no label.

    `label` is its number as shown, `index` its place in the author's order. `chosen`: it was answered that it holds;
    `holds`: it does; `good`: it was answered as it is. `word` says the truth in a word or two: `right` for an option
    that holds and `wrong` for one that does not, whether it was chosen or not; `says` in a sentence, with what was
    answered. `text` and `reason` are Markdown. `belief` is the sentence on what would make a wrong option right, if the
    model knows such a belief.
    """

    label: str
    index: int
    text: str
    chosen: bool
    holds: bool
    good: bool
    word: str
    says: str
    reason: str
    belief: str | None


@dataclass(frozen=True, slots=True)
class Feedback:
    """Everything there is to say about an answer.

    `kind` is that of the question; `verdict_line` is one sentence or two; `chosen` the options chosen, as plain text
    with their labels, or the answer in words; `options` are all parts that are shown with the question, in the order
    shown, `goals` those that are not. `belief` says what one would have to believe to answer so, and what is true
    instead; `lesson` is the id of the lesson on it. `rules` are those at work, with their sources. `why` is Markdown.
    `wishes` are what may be asked of `remedies.what_if`; `response` is the answer.
    """

    kind: str
    grade: Grade
    verdict_line: str
    chosen: tuple[str, ...]
    options: tuple[OptionFeedback, ...]
    goals: tuple[OptionFeedback, ...]
    belief: str | None
    lesson: str | None
    replay: tuple[Step, ...]
    rules: tuple[RuleText, ...]
    why: str
    seed: int
    variant_number: int
    trace: Trace | None
    wishes: tuple[Wish, ...] = ()
    response: Response = NOTHING


def compose(facts: Facts, variant: Variant, response: Response, grade: Grade) -> Feedback:
    """What to say about an answer to a variant that has been graded."""
    kind = variant.question.kind
    told_parts = [_part(facts, kind, part, grade.misconception) for part in grade.parts if part.text]
    options = [part for part in told_parts if part.label]
    belief = facts.misconceptions.get(grade.misconception) if grade.misconception is not None else None
    return Feedback(
        kind=kind,
        grade=grade,
        verdict_line=verdict_line(kind, grade, options, bool(response)),
        chosen=_chosen(variant, response, options),
        options=tuple(options),
        goals=tuple(part for part in told_parts if not part.label),
        belief=None
        if belief is None
        else f"To answer like this you would have to believe that {belief.says}. {belief.truth}",
        lesson=None if belief is None else belief.lesson,
        replay=replay_of(grade.evidence) if grade.evidence is not None else (),
        rules=_rules(facts, grade.evidence),
        why=variant.why,
        seed=variant.seed,
        variant_number=variant.number,
        trace=grade.trace,
        wishes=wishes(variant, response, grade.parts),
        response=response,
    )


def _part(facts: Facts, kind: str, part: Part, misconception: str | None) -> OptionFeedback:
    # A goal, which has no label, is good when it is reached, whether anything was answered or not.
    good = part.holds if not part.label else part.given == part.wanted if part.wanted else part.chosen == part.holds
    word, says = WORDS.get(kind, _of_option)(part, good)
    belief = None if part.holds else _option_belief(facts, part.believed, misconception)
    return OptionFeedback(
        part.label, part.index, part.text, part.chosen, part.holds, good, word, says, part.reason, belief
    )


def _of_option(part: Part, good: bool) -> tuple[str, str]:
    if part.chosen:
        says = "You chose it, and it is right." if part.holds else "You chose it, but it is wrong."
    else:
        says = "It is right; you did not choose it." if part.holds else "It is wrong."
    return "right" if part.holds else "wrong", says


def _of_statement(part: Part, good: bool) -> tuple[str, str]:
    if not part.given:
        return f"it is {part.wanted}", f"The right answer is {part.wanted}; you gave none."
    if good:
        return "right", f"You said {part.given}, and that is right."
    return f"it is {part.wanted}", f"You said {part.given}, but it is {part.wanted}."


def _of_step(part: Part, good: bool) -> tuple[str, str]:
    if good:
        return "right", f"You put it in place {part.given}, and that is right."
    put = f"You put it in place {part.given}; it" if part.given else "It"
    return f"place {part.wanted}", f"{put} belongs in place {part.wanted}."


def _of_pair(part: Part, good: bool) -> tuple[str, str]:
    if good:
        return "right", f"You paired it with {part.given}, and that is right."
    put = f"You paired it with {part.given}; " if part.given else ""
    return f"{part.wanted} is right", f"{put}{part.wanted} goes with it."


def _of_goal(part: Part, good: bool) -> tuple[str, str]:
    says = "That is so." if part.holds else "That is not so."
    return "so" if part.holds else "not so", f"{says} {part.wanted}." if part.wanted else says


WORDS: Mapping[str, Callable[[Part, bool], tuple[str, str]]] = {
    "yes-no": _of_statement,
    "order": _of_step,
    "match": _of_pair,
    "break": _of_goal,
    "design": _of_goal,
}
"""How a part of an answer is told, for kinds in which it is no option that is right or wrong."""
SOLUTIONS = {
    "number": "The right answer is {}.",
    "text": 'The right answer is "{}".',
    "order": "The right order is {}.",
    "match": "The right pairs are {}.",
    "point": "The right answer is {}.",
    "break": "This would do: {}.",
    "design": "This would do: {}.",
}
"""How a right answer is told that is more than the labels of options."""


def _chosen(variant: Variant, response: Response, options: Sequence[OptionFeedback]) -> tuple[str, ...]:
    if not isinstance(response, frozenset):
        return (told(variant, response),) if response else ()
    return tuple(f"{option.label}. {_plain(option.text)}" for option in options if option.chosen)


def verdict_line(kind: str, grade: Grade, options: Sequence[OptionFeedback], answered: bool) -> str:
    """The verdict in words, with what would have been right."""
    if grade.verdict == "right":
        return "Right."
    right = _right(kind, grade, options)
    if not answered:
        return f"Not answered. {right}"
    if grade.verdict == "wrong":
        return f"Wrong. {right}"
    if kind == "order":
        run = round(grade.points * (len(options) - 1)) + 1
        return f"Partly right: {run} of {len(options)} in a row. {right}"
    if kind not in ("choice", "multi", "point"):
        told_of = options or grade.parts
        good = sum(part.good if isinstance(part, OptionFeedback) else part.chosen and part.holds for part in told_of)
        return f"Partly right: {good} of {len(told_of)}. {right}"
    holding = sum(option.holds for option in options)
    chosen_right = sum(option.chosen and option.holds for option in options)
    chosen_wrong = sum(option.chosen and not option.holds for option in options)
    if not chosen_wrong:
        return f"Partly right: {chosen_right} of {holding}. {right}"
    return f"Partly right, with {chosen_wrong} too many. {right}"


def _right(kind: str, grade: Grade, options: Sequence[OptionFeedback]) -> str:
    """What would have been right, as a sentence."""
    if kind == "yes-no":
        told_of = ", ".join(f"{part.label} {part.wanted}" for part in grade.parts)
        return f"The right answers are {told_of}."
    if kind in SOLUTIONS:
        return SOLUTIONS[kind].format(grade.solution)
    labels = [option.label for option in options if option.holds]
    if not labels:
        return "None of the options is right."
    if len(labels) == 1:
        return f"The right answer is {labels[0]}."
    return f"The right answers are {', '.join(labels[:-1])} and {labels[-1]}."


def _option_belief(facts: Facts, believed: Sequence[str], first: str | None) -> str | None:
    """The belief under which a wrong option would be right; the one behind the whole answer before others."""
    known = [name for name in believed if name in facts.misconceptions]
    if not known:
        return None
    name = first if first in known else known[0]
    return f"It would be right if {facts.misconceptions[name].says}."


def _rules(facts: Facts, evidence: Explanation | None) -> tuple[RuleText, ...]:
    """The rules at work; those that are told in the same words once."""
    if evidence is None:
        return ()
    known = [facts.rules[name] for name in evidence.rules if name in facts.rules]
    return tuple({(rule.text, rule.sources): rule for rule in known}.values())


def _plain(markdown: str) -> str:
    """Markdown as one line of plain text."""
    return " ".join(plain_text(parse_prose(markdown)).split())
