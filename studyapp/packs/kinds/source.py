"""What reading the answer part of any kind needs, and what a check asks of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from studyapp.cluster.claims.claim import ClaimError
from studyapp.cluster.scenario import Scenario
from studyapp.packs.body import Body
from studyapp.packs.boxes import AnswerPart, find_answer_part
from studyapp.packs.claims import ClaimSource, read_claim
from studyapp.packs.fields import Fields
from studyapp.packs.findings import Findings, Place
from studyapp.packs.source import Node, Scalar
from studyapp.packs.worlds import CannotRun, Worlds
from studyapp.questions import parts
from studyapp.questions.grader import Grader, Key
from studyapp.questions.kinds import KINDS
from studyapp.questions.question import Variant
from studyapp.questions.runs import Run, Unanswerable

MOST_ITEMS = 9
"""Options, steps or rows of one question: each has a digit on the keyboard."""


@dataclass(slots=True)
class Reading:
    """A question file while its answer part is read."""

    kind: str
    fields: Fields
    body: Body

    def say(self, node: Node | Scalar, code: str, message: str, hint: str | None = None) -> None:
        """Report an error at a place in the front matter."""
        self.fields.say(node, code, message, hint)

    @property
    def head(self) -> Place:
        """Where the kind of the question is written."""
        key = self.fields.key("kind")
        return key.line, key.column

    def whole_body(self) -> None:
        """The answer part is in the front matter: all of the body is the prompt, and options in it are out of place."""
        self.body.take_all()
        found = find_answer_part(self.body.question, self.body.tokens)
        if isinstance(found, AnswerPart) and found.options:
            message = f"a question of the kind {self.kind} has no options"
            first = found.options[0]
            self.body.say(first.line, first.column, "not-for-this", message)

    def claim(self, name: str) -> ClaimSource | None:
        """The claim under a key that must be there."""
        node = self.fields.get(name, needed=True)
        return read_claim(self.fields, node) if node is not None else None

    def one_of_each(self, name: str, known: Iterable[str], *, needed: bool = False) -> tuple[str, ...]:
        """The words of a list, each one of some that are known."""
        node = self.fields.get(name, needed=needed)
        if node is None:
            return ()
        found = self.fields.read.words(node, name)
        read = self.fields.read
        return tuple(word for word, at in found if read.choice(replace(at, value=word, text=word), name, known))


class AnswerSource:
    """An answer part with the places of what it is made of. `claims` pairs each claim with the entry of the key that
    it decides; `places` has the place of each entry.
    """

    def __init__(
        self,
        kind: str,
        part: parts.AnswerPart,
        places: tuple[Place, ...],
        claims: tuple[tuple[int, ClaimSource], ...] = (),
    ) -> None:
        self.grader: Grader[Any, Any, Any] = KINDS[kind]
        self.kind = kind
        self.part = part
        self.places = places
        self.claims = claims

    # -- the family as it is written ----------------------------------------------------------------------------------

    @property
    def decided(self) -> dict[int, bool]:
        """For each entry that a learner is asked about: whether the model decides it."""
        return {index: self._modelled(index) for index in range(len(self.places))}

    def _modelled(self, index: int) -> bool:
        return any(source.claim.calls_model for entry, source in self.claims if entry == index)

    def texts(self, variant: Variant) -> Iterator[tuple[str, Place, str]]:
        """What must read differently: each text, its place, and what it is called."""
        yield from ()

    def right_texts(self, key: Key) -> Iterator[tuple[str, Place, str]]:
        """The same for texts that only the model gives."""
        yield from ()

    def check_names(self, variant: Variant, findings: Findings) -> bool:
        """Whether every name outside claims exists; one that does not is reported."""
        return True

    # -- one variant --------------------------------------------------------------------------------------------------

    def place(self, error: Unanswerable) -> Place:
        """Where what is wrong with the key is shown."""
        if error.code == "bad-claim":
            return next((source.place(1) for index, source in self.claims if index == error.index), self.places[0])
        return self.places[error.index]

    def entry(self, variant: Variant, index: int, worlds: Worlds, findings: Findings) -> Any:
        """An entry of the key; None with a finding when it has none. Raises CannotRun."""
        values = variant.names
        run = worlds.outcome
        try:
            return self.grader.entry(variant, index, run)
        except ClaimError as error:
            source = next(source for entry, source in self.claims if entry == index)
            findings.claim(error, source, values)
        except Unanswerable as error:
            outcome = run(variant.scenario) if variant.scenario is not None else None
            findings.say(
                self.place(error), error.code, error.message, error.hint or None, values=values, outcome=outcome
            )
        return None

    def check(self, variant: Variant, key: Key, worlds: Worlds, findings: Findings) -> None:
        """What must hold of the key of each variant."""

    def shown(self, variant: Variant, key: Key) -> tuple[object, ...]:
        """What the learner sees of the answer part."""
        return tuple(option.text for option in sorted(variant.options, key=lambda option: option.index))

    def words(self, key: Key, index: int) -> str:
        """What is right about an entry, as the beginning of a sentence."""
        return "the answer is right"

    def solution(self, variant: Variant, key: Key) -> str:
        """A solution in words, where one had to be looked for; else empty."""
        return ""

    # -- doubt --------------------------------------------------------------------------------------------------------

    def scenarios(self, variant: Variant, key: Key) -> Iterator[Scenario]:
        """The scenarios besides the variant's own that the answer rests on."""
        yield from ()

    def doubtful(self, variant: Variant, key: Key, supposed: Scenario, run: Run) -> Iterator[int]:
        """The entries that are otherwise in a scenario that is only supposed."""
        other = replace(variant, scenario=supposed)
        for index in sorted({index for index, _ in self.claims}):
            try:
                found = self.grader.entry(other, index, run)
            except (ClaimError, Unanswerable, CannotRun):
                found = None
            if found is None or self.differs(key[index], found):
                yield index

    def differs(self, entry: Any, other: Any) -> bool:
        """Whether somebody who is right by one entry may be wrong by the other."""
        return bool(entry != other)


def believing(worlds: Worlds, name: str) -> Run:
    """Runs under a misconception."""
    return partial(worlds.outcome, believed=name)
