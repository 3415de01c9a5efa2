"""Arrangements: `order` and `match`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from studyapp.cluster.kinds import EVENT, EVENT_KINDS, EVENT_MEANINGS, THING
from studyapp.packs.boxes import BoxError, find_plain_list
from studyapp.packs.claims import ClaimSource
from studyapp.packs.fields import Fields
from studyapp.packs.findings import Findings, Place
from studyapp.packs.kinds.source import MOST_ITEMS, AnswerSource, Reading
from studyapp.packs.kinds.tables import find_table
from studyapp.packs.source import Node, Scalar
from studyapp.questions.arrangements import event_of
from studyapp.questions.grader import Key
from studyapp.questions.parts import ALL_OR_NOTHING, LONGEST_RUN, MatchPart, MatchRow, OrderPart, OrderStep
from studyapp.questions.question import Variant
from studyapp.questions.runs import EMPTY, Unanswerable


class OrderSource(AnswerSource):
    """Steps; where the trace decides, `events` has for each the places of the kind of event and of the thing."""

    part: OrderPart

    def __init__(self, part: OrderPart, steps: tuple[Place, ...], events: tuple[tuple[Place, Place], ...] = ()) -> None:
        super().__init__("order", part, steps[:1])
        self.steps = steps
        self.events = events

    @property
    def decided(self) -> dict[int, bool]:
        """The trace decides, or the author."""
        return {0: bool(self.events)}

    def place(self, error: Unanswerable) -> Place:
        """The step that is meant."""
        return self.steps[error.index]

    def texts(self, variant: Variant) -> Iterator[tuple[str, Place, str]]:
        """The steps."""
        for option in sorted(variant.options, key=lambda each: each.index):
            yield option.text, self.steps[option.index], "step"

    def check_names(self, variant: Variant, findings: Findings) -> bool:
        """Each event is of a kind that there is, and happens to a thing that there is."""
        scenario = variant.scenario or EMPTY
        good = True
        for step, places in zip(self.part.steps, self.events, strict=False):
            for value, kind, place in zip(event_of(step, variant.names), (EVENT, THING), places, strict=True):
                problem = kind.problem(scenario, value)
                if problem is not None:
                    findings.say(place, "bad-event", problem[0], problem[1] or None, values=variant.names)
                    good = False
        return good

    def words(self, key: Key, index: int) -> str:
        """The order."""
        return f"the order is {', '.join(str(step + 1) for step in key[0])}"


def steps_block(text: str, tokens: Sequence[Token]) -> tuple[int, int] | None:
    """The lines that a list of steps takes, from one to before another, counted from 1."""
    found = find_plain_list(text, tokens)
    return (found.line, found.end) if not isinstance(found, BoxError) else None


def read_order(given: Reading) -> OrderSource | None:
    """`events`, whose order the trace decides, or a list that stands in the right order."""
    scoring = given.fields.one_of("scoring", (ALL_OR_NOTHING, LONGEST_RUN)) or ALL_OR_NOTHING
    if given.fields.has("events"):
        return _events(given, scoring)
    body = given.body
    found = find_plain_list(body.question, body.tokens)
    if isinstance(found, BoxError):
        body.say(found.line, found.column, "no-steps", found.message, found.hint)
        return None
    body.take(found.line, found.end, "list")
    body.texts.extend((item.text, body.at(item.line)) for item in found.items)
    if not 2 <= len(found.items) <= MOST_ITEMS:
        body.say(found.line, 1, "number-of-steps", _how_many(len(found.items)))
    places = tuple((body.at(item.line), item.column) for item in found.items)
    return OrderSource(OrderPart(tuple(OrderStep(item.text) for item in found.items), scoring), places)


def _how_many(found: int) -> str:
    return f"an order has 2 to {MOST_ITEMS} steps, not {found}"


def _events(given: Reading, scoring: str) -> OrderSource | None:
    given.whole_body()
    steps: list[OrderStep] = []
    places: list[Place] = []
    events: list[tuple[Place, Place]] = []
    for fields in given.fields.mappings("events", "an event"):
        event = _event(fields)
        if event is None:
            continue
        kind, thing = event
        text = fields.word("text")
        if text is not None:
            given.body.texts.append((text.text, text.line))
        words = text.text if text is not None else f"{thing.text}: {EVENT_MEANINGS.get(kind.text, kind.text)}"
        steps.append(OrderStep(words, (kind.text, thing.text)))
        places.append((kind.line, kind.column))
        events.append(((kind.line, kind.column), (thing.line, thing.column)))
    node = given.fields.key("events")
    if len(steps) == len(given.fields.items("events")) and not 2 <= len(steps) <= MOST_ITEMS:
        given.say(node, "number-of-steps", _how_many(len(steps)))
        return None
    return OrderSource(OrderPart(tuple(steps), scoring), tuple(places), tuple(events)) if steps else None


def _event(fields: Fields) -> tuple[Scalar, Scalar] | None:
    """The kind of event and the thing, of an entry with one kind as its key and perhaps a text."""
    kinds = [key for name, (key, _) in fields.node.entries.items() if name != "text"]
    if len(kinds) != 1:
        fields.say(fields.node, "bad-event", "an event is one kind of event with the thing that it happens to",
                   "write - {online: NAME}, and 'text:' beside it")  # fmt: skip
        return None
    thing: Node = fields.node.entries[kinds[0].text][1]
    if fields.read.word(thing, kinds[0].text) is None or not isinstance(thing, Scalar):
        return None
    if kinds[0].text not in EVENT_KINDS and not kinds[0].text.isdecimal():
        hint = fields.read.near(kinds[0].text, EVENT_KINDS)
        fields.say(kinds[0], "bad-event", f"there is no kind of event {kinds[0].text!r}", hint)
        return None
    return kinds[0], thing


class MatchSource(AnswerSource):
    """Rows of two cells; `lefts` are the places of the left cells, `places` those of the right."""

    part: MatchPart

    def __init__(
        self,
        part: MatchPart,
        lefts: tuple[Place, ...],
        rights: tuple[Place, ...],
        claims: tuple[tuple[int, ClaimSource], ...],
    ) -> None:
        super().__init__("match", part, rights, claims)
        self.lefts = lefts

    @property
    def decided(self) -> dict[int, bool]:
        """Of the rows that are asked."""
        return {index: self._modelled(index) for index, row in enumerate(self.part.rows) if row.left}

    def texts(self, variant: Variant) -> Iterator[tuple[str, Place, str]]:
        """The left cells."""
        for option in variant.options:
            yield option.text, self.lefts[option.index], "left cell"

    def right_texts(self, key: Key) -> Iterator[tuple[str, Place, str]]:
        """The right cells, which must be told apart in every variant."""
        for index, text in enumerate(key):
            yield text, self.places[index], "right cell"

    def shown(self, variant: Variant, key: Key) -> tuple[object, ...]:
        """Both columns, the right one in no order."""
        return (*super().shown(variant, key), tuple(sorted(key)))

    def words(self, key: Key, index: int) -> str:
        """The right cell."""
        return f"the cell is {key[index]}"


def read_match(given: Reading) -> MatchSource | None:
    """The last table of the body; a right cell may be a box with a claim."""
    body = given.body
    table = find_table(body)
    if table is None:
        return None
    body.take(table.line, table.end, "table")
    rows: list[MatchRow] = []
    claims: list[tuple[int, ClaimSource]] = []
    for index, (left, right) in enumerate(table.rows):
        source = right.claim
        if source is not None:
            claims.append((index, source))
        rows.append(MatchRow(left.text, "" if source is not None else right.text, source.claim if source else None))
        body.texts.extend((cell.text, cell.line) for cell in (left, right) if cell.text and cell.claim is None)
    asked = sum(bool(row.left) for row in rows)
    if asked < 2 or len(rows) > MOST_ITEMS:
        found = f"{asked} pairs" if asked < 2 else f"{len(rows)} rows"
        message = f"a match has at least 2 pairs and at most {MOST_ITEMS} rows, not {found}"
        body.say(table.line, 1, "number-of-pairs", message)
        return None
    lefts = tuple((left.line, left.column) for left, _ in table.rows)
    rights = tuple((right.line, right.column) for _, right in table.rows)
    return MatchSource(MatchPart(tuple(rows)), lefts, rights, tuple(claims))
