"""Options with truths: `choice`, `multi`, `yes-no`. The box before an option holds its truth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from markdown_it.token import Token

from studyapp.packs.body import Body, Rows
from studyapp.packs.boxes import AnswerPart, BoxedOption, BoxError, find_answer_part
from studyapp.packs.claims import ClaimSource, claim_source
from studyapp.packs.findings import Findings, Place
from studyapp.packs.kinds.source import MOST_ITEMS, AnswerSource, Reading
from studyapp.packs.worlds import Worlds
from studyapp.questions.grader import Key
from studyapp.questions.parts import ALL_OR_NOTHING, PER_OPTION, Option, OptionsPart
from studyapp.questions.question import Variant


class OptionsSource(AnswerSource):
    """Options, each with its claim or None where the box is static."""

    def __init__(self, kind: str, part: OptionsPart, sources: tuple[ClaimSource | None, ...]) -> None:
        places = tuple((option.line, option.column) for option in part.options)
        claims = tuple((index, source) for index, source in enumerate(sources) if source is not None)
        super().__init__(kind, part, places, claims)
        self.sources = sources

    def texts(self, variant: Variant) -> Iterator[tuple[str, Place, str]]:
        """The options."""
        for option in sorted(variant.options, key=lambda each: each.index):
            yield option.text, self.places[option.index], "option"

    def words(self, key: Key, index: int) -> str:
        """Whether the option holds."""
        return "the option holds" if key[index] else "the option does not hold"

    def check(self, variant: Variant, key: Key, worlds: Worlds, findings: Findings) -> None:
        """One option of `choice` holds; of `multi` at least one does and one does not."""
        if self.kind == "yes-no":
            return
        right = [index for index, holds in enumerate(key) if holds]
        values = variant.names
        outcome = worlds.outcome(variant.scenario) if variant.scenario is not None else None
        if not right:
            findings.say(self.places[0], "no-right-option", "no option holds", values=values, outcome=outcome)
        elif self.kind == "choice" and len(right) > 1:
            which = " and ".join(str(index + 1) for index in right)
            message = f"more than one option holds: {which}"
            hint = "a choice has one right option; with several it is of the kind multi"
            place = self.places[right[1]]
            findings.say(place, "several-right-options", message, hint, values=values, outcome=outcome)
        elif self.kind == "multi" and len(right) == len(key):
            hint = "of a multi at least one option does not hold"
            findings.say(self.places[0], "all-right", "every option holds", hint, values=values, outcome=outcome)


def options_block(text: str, tokens: Sequence[Token]) -> tuple[int, int] | None:
    """The lines that the options take, from one to before another, counted from 1."""
    found = find_answer_part(text, tokens)
    return (found.line, found.end) if isinstance(found, AnswerPart) else None


def read_options(given: Reading) -> OptionsSource | None:
    """The options, from the last list all of whose items begin with a box."""
    body = given.body
    scoring = given.fields.one_of("scoring", (ALL_OR_NOTHING, PER_OPTION))
    found = find_answer_part(body.question, body.tokens)
    if isinstance(found, BoxError):
        body.say(found.line, found.column, "no-options", found.message, found.hint)
        return None
    body.take(found.line, found.end, "options")
    for boxed in found.options:
        body.texts.append((boxed.text, body.at(boxed.text_line)))
        body.texts.append((boxed.reason, body.at(boxed.reason_line)))
    for error in found.errors:
        body.say(error.line, error.column, "bad-box", error.message, error.hint)
    if not found.errors and not 2 <= len(found.options) <= MOST_ITEMS:
        message = f"a question has 2 to {MOST_ITEMS} options, not {len(found.options)}"
        body.say(found.line, 1, "number-of-options", message)
    read = [_option(boxed, body) for boxed in found.options]
    part = OptionsPart(tuple(option for option, _ in read), scoring or ALL_OR_NOTHING)
    return OptionsSource(given.kind, part, tuple(source for _, source in read))


def _option(boxed: BoxedOption, body: Body) -> tuple[Option, ClaimSource | None]:
    line = body.at(boxed.line)
    if boxed.static is not None:
        return Option(boxed.text, boxed.reason, None, boxed.static, line, boxed.column), None
    place = partial(_place, boxed, len(boxed.claim) - len(boxed.claim.lstrip()), body.rows)
    source = claim_source(boxed.claim.strip(), place, body.path, body.problems)
    claim = source.claim if source is not None else None
    return Option(boxed.text, boxed.reason, claim, None, line, boxed.column), source


def _place(boxed: BoxedOption, shift: int, rows: Rows, column: int) -> Place:
    """The place of a column of a claim, whose text begins `shift` characters into its box."""
    row, at = boxed.place(shift + column - 1)
    return rows.at(row), at
