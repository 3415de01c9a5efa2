"""Proves a question: every variant of it, or a seeded sample where there are too many."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from studyapp.cluster.claims.checking import check_claim, never_given
from studyapp.cluster.claims.claim import ClaimError
from studyapp.cluster.claims.evaluation import evaluate
from studyapp.cluster.describe import describe
from studyapp.cluster.effort import TooMuchWork, at_hand, counted
from studyapp.cluster.kinds import Value
from studyapp.cluster.reasons.explain import MOST_SENTENCES
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.trace import Outcome
from studyapp.packs.advice import Looks, advise, looks_of
from studyapp.packs.findings import Findings, Place, in_short
from studyapp.packs.judgement import Foresight, Judged, check_doubt, check_variation
from studyapp.packs.problems import Problem, nearest, quoted
from studyapp.packs.questions import QuestionSource
from studyapp.packs.worlds import CannotRun, Worlds
from studyapp.questions.filling import PLACEHOLDER
from studyapp.questions.grader import Key
from studyapp.questions.question import StageError, Variant
from studyapp.questions.runs import EMPTY
from studyapp.questions.steps import GAP, MOST_STEPS, REASONED, evidence_of, replay_of, steps_of
from studyapp.questions.variants import TooManyVariants, bare_variant, combinations, combined

MAX_VARIANTS = 2_000
"""Variants of one family that are all tried; of a larger family as many are drawn."""
MAX_WORK = 400_000
"""Steps that one variant may take, and that a family has taken when the rest of its variants is not tried."""
VARIANT_STEPS = 10
"""Steps that a variant takes of which nothing is asked."""
CHARACTERS_A_STEP = 1_000
"""Characters of a question that are filled in and compared in the time of a step."""
VALUES_A_STEP = 20
"""Values of a scenario's state that are built in the time of a step."""
MAX_FINDINGS = 30
"""Findings about one family after which the rest of its variants is not tried."""
_CODE = re.compile(r"`[^`]*`")
_MARKUP = re.compile(r"[*_`\\\s]+")


@dataclass(frozen=True, slots=True)
class Family:
    """What the proof of one question found.

    `kind` is `modelled`, `mixed` or `static`; `variants` their number, `tried` how many were looked at and `proved` in
    how many of these nothing is wrong; `looks` tells how the options of a choice look; `wrong`
    counts their wrong options, `foreseen` those that a misconception predicts, and `beliefs` names these by option.
    `solution` is one of its first variant, where the kind has solutions that had to be found; `reasoned` counts the
    steps of reasoning behind what is right, in the variant that has the fewest; `spent` are the steps of work.
    """

    id: str
    kind: str
    problems: tuple[Problem, ...]
    variants: int
    tried: int
    proved: int
    looks: Looks | None
    wrong: int
    foreseen: int
    beliefs: tuple[tuple[int, tuple[str, ...]], ...]
    solution: str = ""
    reasoned: int = 0
    spent: int = 0

    @property
    def sampled(self) -> bool:
        """Some variants were not looked at."""
        return self.tried < self.variants


def kind_of(source: QuestionSource) -> str:
    """Who decides what is right: the model (`modelled`), the author (`static`), or each in part (`mixed`)."""
    modelled = source.answer.decided.values()
    return "modelled" if all(modelled) else "mixed" if any(modelled) else "static"


def _nothing() -> None:
    """Nobody is told."""


def prove_family(
    source: QuestionSource, worlds: Worlds, *, beliefs: bool = True, tell: Callable[[], None] = _nothing
) -> Family:
    """Try the variants of a question; with `beliefs` also under every misconception that bears on them. After each
    variant `tell` is called.
    """
    with counted() as effort:
        found = _Proof(source, worlds, beliefs, tell).run()
    return replace(found, spent=effort.steps)


def prove_lab(source: QuestionSource, worlds: Worlds) -> tuple[Problem, ...]:
    """Try the variants of a lab: that its scenario runs, and that its goals can be told and do not all hold already."""
    with counted():
        proof = _Proof(source, worlds, False, _nothing)
        proof.placeholders()
        proof.try_all(proof.count())
        return proof.told()


class _Proof:
    """One question under proof."""

    def __init__(self, source: QuestionSource, worlds: Worlds, beliefs: bool, tell: Callable[[], None]) -> None:
        worlds.begin()
        self.tell = tell
        self.source = source
        self.question = source.question
        self.answer = source.answer
        self.worlds = worlds
        self.findings = Findings(source.question.path)
        self.foresight = Foresight() if beliefs else None
        self.tried: list[Judged] = []
        self.least = VARIANT_STEPS + sum(len(text) for text, _ in source.texts) // CHARACTERS_A_STEP
        self.solution = ""
        self.reasoned: list[int] = []

    def run(self) -> Family:
        self.placeholders()
        self.static_parts()
        total = self.count()
        tried, proved = self.try_all(total)
        self.never_given()
        check_variation(self.source, self.tried, total, self.findings)
        if not self.findings.seen:
            # What is advised takes no more than a variant may, and what is left of it then is left unsaid.
            with suppress(TooMuchWork), counted(MAX_WORK):
                advise(self.source, self.tried, self.foresight, self.worlds, self.findings)
        foresight = self.foresight or Foresight()
        return Family(
            id=self.question.id,
            kind=kind_of(self.source),
            problems=self.told(),
            variants=total,
            tried=tried,
            proved=proved,
            looks=looks_of(self.source, self.tried),
            wrong=foresight.wrong,
            foreseen=foresight.foreseen,
            beliefs=tuple((index, tuple(names)) for index, names in sorted((foresight.beliefs or {}).items())),
            solution=self.solution,
            reasoned=min(self.reasoned, default=0),
        )

    def try_all(self, total: int) -> tuple[int, int]:
        """Try every variant, or a seeded sample where these are too many or too much work; how many were tried, and how
        many of them have nothing wrong.
        """
        chance = random.Random(f"check:{self.question.id}")
        numbers: Sequence[int] = range(total)
        if total > MAX_VARIANTS:
            numbers = sorted(chance.sample(numbers, MAX_VARIANTS))
        waiting = list(reversed(numbers))
        tried = proved = 0
        while waiting and len(self.findings) <= MAX_FINDINGS:
            if self.spent > MAX_WORK:
                message = f"proved {proved:,} of {total:,} variants: the rest takes more work than is allowed"
                hint = "vary less, or ask about a smaller scenario in which less happens"
                self.findings.say((self.question.line, 1), "not-all-proved", message, hint)
                break
            before = self.findings.seen
            if not self.within_bounds(waiting.pop()):
                break
            if not tried and self.spent * len(waiting) > MAX_WORK:
                # The work may not do for all of them: those that are tried are drawn.
                chance.shuffle(waiting)
            tried += 1
            proved += self.findings.seen == before
            self.tell()
        return tried, proved

    @property
    def spent(self) -> int:
        """The steps of work so far."""
        return at_hand().steps

    def within_bounds(self, number: int) -> bool:
        """Whether a variant could be tried without too much work; else that is reported."""
        try:
            with counted(MAX_WORK) as effort:
                effort.spend(self.least)
                self.one(number)
        except TooMuchWork:
            message = f"one variant takes more than {MAX_WORK:,} steps to prove"
            hint = "ask about a smaller scenario in which less happens, or about fewer things at once"
            values = dict(combinations(self.question)[number])
            self.findings.say((self.question.line, 1), "too-much-work", message, hint, values=values)
            return False
        return True

    def told(self) -> tuple[Problem, ...]:
        """What was found, each thing at its place in the file."""
        origin, found = self.source.origin, self.findings.problems()
        return tuple(map(origin.told, found)) if origin is not None else found

    # -- the family as it is written --------------------------------------------------------------------------------

    def placeholders(self) -> None:
        """Every `{word}` outside code is a name of `vary` or `let`; a brace that is meant is written `{{word}}`."""
        names = {*self.source.vary, *self.source.let}
        for text, line in self.source.texts if names else ():
            for number, row in enumerate(text.split("\n"), start=line):
                bare = _CODE.sub(lambda code: " " * len(code[0]), row)
                for match in PLACEHOLDER.finditer(bare):
                    if match[2] is not None and match[2] not in names:
                        place = number, self.source.column(number, row) + match.start()
                        hint = nearest(match[2], names) or f"write {{{match[0]}}} if the braces are meant"
                        message = f"there is no name {quoted(match[2])} to fill in"
                        self.findings.say(place, "unfilled-placeholder", message, hint)
                        if len(self.findings) > MAX_FINDINGS:
                            return

    def static_parts(self) -> None:
        """Where the model could decide, the author says why it does not."""
        if self.question.stage is None or self.question.static_reason is not None:
            return
        what = "option" if self.question.options else "answer"
        for index, modelled in self.answer.decided.items():
            if not modelled:
                message = f"the author decides this {what}, though the question has a scenario"
                hint = "write a claim about it, or give the reason as 'static:' in the front matter"
                self.findings.say(self.answer.places[index], "static-option", message, hint)

    def count(self) -> int:
        """The number of variants; 0 with a finding when there are none."""
        where = self.source.where
        place: Place = next(((word.line, word.column) for word in self.source.vary.values()), (1, 1))
        try:
            if where is not None:
                first = {name: values[0] for name, values in self.question.vary}
                errors = check_claim(where.claim, None, first)
                for error in errors:
                    self.findings.claim(error, where)
                if errors:
                    return 0
            found, steps = combined(self.question)
            at_hand().spend(steps)
            total = len(found)
        except TooManyVariants as error:
            self.findings.say(place, "too-many-variants", str(error))
            return 0
        except ClaimError as error:
            if where is not None:
                self.findings.claim(error, where)
            return 0
        if total == 0:
            place = where.place(1) if where is not None else place
            self.findings.say(place, "no-variants", "no combination of the varied values meets where")
        return total

    def never_given(self) -> None:
        """A text that a function is compared with is one that it may give in some variant."""
        scenarios = [judged.variant.scenario for judged in self.tried if judged.variant.scenario is not None]
        for source in (*(claim for _, claim in self.answer.claims), *self.source.let.values()) if scenarios else ():
            found = {error.column: error for error in never_given(source.claim, scenarios[0])}
            for scenario in scenarios[1:] if found else ():
                also = {error.column for error in never_given(source.claim, scenario)}
                found = {column: error for column, error in found.items() if column in also}
            for error in found.values():
                self.findings.claim(error, source)

    # -- one variant ------------------------------------------------------------------------------------------------

    def one(self, number: int) -> None:
        """Make and judge one variant."""
        variant = self.made(number)
        if variant is None:
            return
        scenario, names = variant.scenario, variant.names
        self.same_text(self.answer.texts(variant), names)
        sound = self.answer.check_names(variant, self.findings)
        wrong: set[int] = set()
        for index, source in self.answer.claims:
            for error in check_claim(source.claim, scenario, names):
                self.findings.claim(error, source, names)
                wrong.add(index)
        try:
            outcome = self.worlds.outcome(scenario or EMPTY)
            at_hand().spend(len(outcome.trace.end) // VALUES_A_STEP)
            key = self.key(variant, wrong) if sound else None
        except CannotRun as error:
            self.findings.say((self.question.line, 1), error.code, str(error), values=names)
            return
        if key is None:
            return
        self.same_text(self.answer.right_texts(key), names)
        self.solution = self.solution or self.answer.solution(variant, key)
        judged = Judged(variant, key, self.face(variant, key, outcome), outcome if scenario is not None else None)
        self.tried.append(judged)
        self.answer.check(variant, key, self.worlds, self.findings)
        if scenario is not None:
            self.refused(outcome, names)
            self.replay(variant, key)
            check_doubt(self.source, judged, scenario, self.worlds, self.findings)
            if self.foresight is not None:
                self.foresight.look(self.source, judged, scenario, self.worlds)

    def refused(self, outcome: Outcome, names: Mapping[str, Value]) -> None:
        """An order that is refused changes nothing: a prompt that speaks of it as done says what is not so."""
        for event in outcome.trace.events:
            if event.kind == "refused" and event.rule == "timeline":
                message = f"Windows refuses an order of the timeline: {event.detail.removeprefix('refused: ')}"
                self.findings.say((self.question.line, 1), "refused-order", message, values=names)

    def replay(self, variant: Variant, key: Key) -> None:
        """What decides the question is told in few steps."""
        try:
            evidence = evidence_of(variant, key, self.worlds.outcome)
        except ClaimError:
            return
        if evidence is None:
            return
        self.reasoned.append(sum(step.kind in REASONED for step in steps_of(evidence)))
        steps = replay_of(evidence)
        cut = any(step.kind == GAP for step in steps)
        if cut or len(steps) > MOST_STEPS:
            many = f"more than {MOST_SENTENCES}" if cut else len(steps)
            message = f"the replay of what decides it has {many} steps; more than {MOST_STEPS} are hard to follow"
            hint = "ask about less at a time, or let less happen"
            self.findings.say((self.question.line, 1), "long-replay", message, hint, values=variant.names)

    def face(self, variant: Variant, key: Key, outcome: Outcome) -> tuple[object, ...]:
        """What the learner sees of the answer part; and of the cluster, where the question says that otherwise."""
        shown = self.answer.shown(variant, key)
        if self.source.stage is None or not self.source.stage.says_otherwise:
            return shown
        return (*shown, *describe(outcome.trace.scenario, outcome.trace.start))

    def key(self, variant: Variant, wrong: set[int]) -> Key | None:
        """What is right; None where an entry cannot be found, which is reported, or its claim was. Raises CannotRun."""
        places = range(self.answer.grader.size(self.question))
        found = [self.answer.entry(variant, i, self.worlds, self.findings) if i not in wrong else None for i in places]
        return tuple(found) if all(entry is not None for entry in found) else None

    def made(self, number: int) -> Variant | None:
        """The variant, or None with findings when it cannot be made."""
        values: dict[str, Value] = dict(combinations(self.question)[number])
        stage = self.source.stage
        try:
            before = replace(stage.initial(values), timeline=(), until_ms=None) if stage is not None else None
            if not self.lets_hold(before, values):
                return None
            return bare_variant(self.question, number)
        except StageError as error:
            variant = in_short(values) or None
            for problem in error.problems:
                if isinstance(problem, Problem):
                    self.findings.add(replace(problem, variant=variant))
                else:
                    self.findings.say((self.question.line, 1), "scenario", str(problem), values=values)
            return None

    def lets_hold(self, scenario: Scenario | None, values: dict[str, Value]) -> bool:
        """Every `let` has one value in the scenario before its timeline; `values` grows by them."""
        if not self.source.let:
            return True
        try:
            before = self.worlds.outcome(scenario or EMPTY)
        except CannotRun as error:
            self.findings.say((self.question.line, 1), error.code, str(error), values=values)
            return False
        for name, source in self.source.let.items():
            try:
                wrong = check_claim(source.claim, scenario, values)
                if wrong:
                    raise wrong[0]
                value = evaluate(source.claim, before, values).certain
            except ClaimError as error:
                self.findings.claim(error, source, values)
                return False
            if value is None:
                self.findings.say(source.place(1), "depends", f"{name} depends on chance", values=values)
                return False
            values[name] = value
        return True

    def same_text(self, texts: Iterable[tuple[str, Place, str]], names: Mapping[str, Value]) -> None:
        """No two of these texts read the same."""
        seen: dict[str, int] = {}
        for number, (text, place, what) in enumerate(texts, start=1):
            words = _MARKUP.sub(" ", text).strip().casefold()
            other = seen.setdefault(words, number)
            if other != number:
                message = f"the {what} reads the same as {what} {other}: {quoted(text)}"
                self.findings.say(place, "same-text", message, values=names)
