"""Reads a sheet of questions: each row becomes an item, or is refused with its place and the reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from studyapp.packs.interchange.escaping import without_hostile
from studyapp.packs.interchange.items import (
    CARRIED,
    DIFFICULTY,
    MOST_ITEMS,
    Account,
    BadSource,
    Choice,
    Entry,
    Item,
    Notes,
    bounded,
    carried_tags,
    named,
)
from studyapp.packs.interchange.items import Refused as RefusedItem
from studyapp.packs.interchange.markup import from_markdown, with_lower_headings
from studyapp.packs.interchange.sheet import Cell, as_meant, read_rows
from studyapp.packs.interchange.sheet_columns import COLUMNS, NEEDED, NUMBERED, column_name, detected, is_column
from studyapp.packs.problems import nearest, quoted
from studyapp.questions.parts import ALL_OR_NOTHING, LONGEST_RUN, PER_OPTION

_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})\Z")
_NUMBERS = re.compile(r"[0-9]{1,2}(?:[\s,;]+[0-9]{1,2})*\Z")
_NO, _YES = ("no", "false", "0"), ("yes", "true", "1", "")
_SCORINGS = {"multi": (PER_OPTION,), "yes-no": (PER_OPTION,), "order": (LONGEST_RUN,)}


def read_sheet(text: str) -> Account:
    """The questions of a sheet whose lines end in newlines. Raises BadSource where its form or header is wrong."""
    rows = read_rows(text, detected(text.split("\n", 1)[0]))
    if not rows:
        raise BadSource("the sheet is empty: its first row names the columns", 1, 1)
    columns = _columns(rows[0])
    if len(rows) > MOST_ITEMS + 1:
        cell = rows[MOST_ITEMS + 1][0]
        raise BadSource(f"there are more than {MOST_ITEMS:,} questions: divide the file", cell.line, cell.column)
    return Account(tuple(_entry(row, columns) for row in rows[1:]))


def _columns(header: tuple[Cell, ...]) -> tuple[str, ...]:
    names: list[str] = []
    known = (*COLUMNS, *(f"{name}1" for name in NUMBERED))
    for cell in header:
        name = column_name(cell)
        if not is_column(name):
            hint = nearest(name, known) or f"there are {', '.join(known)}"
            raise BadSource(f"there is no column {quoted(cell.text.strip())} ({hint})", cell.line, cell.column)
        if name in names:
            raise BadSource(f"there are two columns {quoted(name)}", cell.line, cell.column)
        names.append(name)
    missing = next((name for name in NEEDED if name not in names), None)
    if missing is not None:
        raise BadSource(f"there is no column {quoted(missing)}, which every sheet needs", 1, 1)
    return tuple(names)


class Refused(RefusedItem):
    """A row that cannot be carried, with the cell that shows why."""

    def __init__(self, message: str, cell: Cell | None = None) -> None:
        super().__init__(message)
        self.cell = cell


def _entry(row: tuple[Cell, ...], columns: tuple[str, ...]) -> Entry:
    reader = _Row(row, columns)
    try:
        item = reader.item()
        return Entry(row[0].line, row[0].column, reader.name, item, reader.notes.told())
    except Refused as error:
        place, message = error.cell or row[0], error.message
    except RefusedItem as error:
        place, message = row[0], error.message
    return Entry(place.line, place.column, reader.name, notes=(message,))


@dataclass(slots=True)
class _Row:
    """One row while it is read; `used` are the columns that its kind asked for."""

    row: tuple[Cell, ...]
    columns: tuple[str, ...]
    notes: Notes = field(default_factory=Notes)
    used: set[str] = field(default_factory=set)
    cells: dict[str, Cell] = field(default_factory=dict)

    def __post_init__(self) -> None:
        meant = [replace(cell, text=as_meant(cell.text)) for cell in self.row]
        self.cells = {name: cell for name, cell in zip(self.columns, meant, strict=False) if cell.text.strip()}

    @property
    def name(self) -> str:
        """What the row is called in a report."""
        cell = self.cells.get("id") or self.cells.get("prompt")
        return named(without_hostile(cell.text)[0]) if cell is not None else ""

    def item(self) -> Item:
        """The question. Raises Refused."""
        extra = next((cell for cell in self.row[len(self.columns) :] if cell.text.strip()), None)
        if extra is not None:
            raise Refused("the row has more cells than the header has columns", extra)
        kind = self.word("kind").casefold()
        if kind not in CARRIED:
            hint = nearest(kind, CARRIED) or f"kinds are {', '.join(CARRIED)}"
            raise Refused(
                f"there is no kind {quoted(kind)} ({hint})" if kind else "the row has no kind", self.at("kind")
            )
        item = Item(kind, self.passage("prompt"), self.word("id"), self._objective(), self._difficulty())
        if not item.prompt:
            raise Refused("the row has no prompt", self.at("prompt"))
        item = replace(item, tags=carried_tags(self.word("tags").split(","), self.notes))
        item = replace(item, why=self.passage("why"), hints=self.series("hint", self.passage))
        item = _KINDS[kind](self, item)
        spare = next((name for name in self.cells if name not in self.used), None)
        if spare is not None:
            raise Refused(f"a question of the kind {kind} has no {spare}", self.at(spare))
        bounded(
            [item.prompt, item.why, *item.hints, *item.texts, *(t for o in item.options for t in (o.text, o.reason))]
        )
        return item

    def at(self, name: str) -> Cell | None:
        """The cell of a column, where it has text."""
        return self.cells.get(name)

    def word(self, name: str) -> str:
        """One line of plain text."""
        self.used.add(name)
        cell = self.cells.get(name)
        made, notes = without_hostile(cell.text.strip() if cell is not None else "")
        self.notes.add(*notes)
        if "\n" in made or "\t" in made:
            self.notes.add("line breaks in a line of plain text become spaces")
            made = " ".join(made.split())
        return made

    def text(self, name: str) -> str:
        """Markdown."""
        self.used.add(name)
        cell = self.cells.get(name)
        bounded([cell.text] if cell is not None else [])
        made, notes = from_markdown(cell.text if cell is not None else "")
        self.notes.add(*notes)
        return made

    def passage(self, name: str) -> str:
        """Markdown that is not part of a list."""
        made, notes = with_lower_headings(self.text(name))
        self.notes.add(*notes)
        return made

    def series(self, name: str, read: Callable[[str], str] | None = None) -> tuple[str, ...]:
        """The texts of numbered columns, up to the last one that has some; one between that has none is refused."""
        names = self.numbered(name)
        found = tuple((read or self.text)(each) for each in names)
        gap = next((each for each, text in zip(names, found, strict=True) if not text), None)
        if gap is not None:
            raise Refused(f"{gap} is empty, and a later one is not", self.at(names[-1]))
        return found

    def numbered(self, name: str) -> list[str]:
        """The names of numbered columns up to the last one that has text."""
        last = max((int(each.removeprefix(name)) for each in self.cells if re.match(rf"{name}\d", each)), default=0)
        return [f"{name}{number}" for number in range(1, last + 1)]

    def _objective(self) -> tuple[str, ...]:
        names = tuple(name.strip() for name in self.word("objective").split("/") if name.strip())
        if len(names) > 4:
            self.notes.add("objectives are kept 4 levels deep")
        return tuple(named(name, 100) for name in names[:4])

    def _difficulty(self) -> int:
        word = self.word("difficulty")
        if word and word not in ("1", "2", "3", "4", "5"):
            raise Refused(f"difficulty is 1 to 5, not {quoted(word)}", self.at("difficulty"))
        return int(word) if word else DIFFICULTY

    def scoring(self, kind: str) -> str:
        """How parts of an answer count."""
        word = self.word("scoring")
        known = (ALL_OR_NOTHING, *_SCORINGS[kind])
        if word and word not in known:
            raise Refused(f"scoring is {' or '.join(known)}, not {quoted(word)}", self.at("scoring"))
        return word or ALL_OR_NOTHING

    def number(self, name: str) -> float:
        """A number; 0 where the cell is empty."""
        word = self.word(name)
        if word and not _NUMBER.match(word):
            raise Refused(f"{name} is a number such as 2.5, not {quoted(word)}", self.at(name))
        return float(word) if word else 0.0


def _options(row: _Row, item: Item) -> Item:
    shuffle = row.word("shuffle").casefold()
    if shuffle not in (*_NO, *_YES):
        raise Refused(f"shuffle is yes or no, not {quoted(shuffle)}", row.at("shuffle"))
    texts = row.series("option")
    word = row.word("right")
    if word and not _NUMBERS.match(word):
        raise Refused(f"right names options by their numbers, such as 1 3, not {quoted(word)}", row.at("right"))
    right = {int(number) for number in re.findall(r"\d+", word)}
    if right - set(range(1, len(texts) + 1)):
        raise Refused(f"right names an option that is not there: {word}", row.at("right"))
    reasons = [row.text(f"reason{number}") for number in range(1, len(texts) + 1)]
    options = tuple(
        Choice(text, number in right, reason)
        for number, (text, reason) in enumerate(zip(texts, reasons, strict=True), start=1)
    )
    scoring = row.scoring(item.kind) if item.kind != "choice" else ALL_OR_NOTHING
    return replace(item, options=options, scoring=scoring, shuffle=shuffle not in _NO)


def _number(row: _Row, item: Item) -> Item:
    if "right" not in row.cells:
        raise Refused("right has no number")
    number, tolerance = row.number("right"), row.number("tolerance")
    return replace(item, number=number, tolerance=tolerance, unit=row.word("unit"))


def _text(row: _Row, item: Item) -> Item:
    return replace(item, texts=row.series("option", row.word))


def _order(row: _Row, item: Item) -> Item:
    return replace(item, texts=row.series("option"), scoring=row.scoring("order"))


def _match(row: _Row, item: Item) -> Item:
    rights = row.series("pair")
    lefts = [row.text(f"option{number}") for number in range(1, len(rights) + 1)]
    return replace(item, pairs=tuple(zip(lefts, rights, strict=True)))


_KINDS: Mapping[str, Callable[[_Row, Item], Item]] = MappingProxyType(
    {
        **dict.fromkeys(("choice", "multi", "yes-no"), _options),
        "number": _number,
        "text": _text,
        "order": _order,
        "match": _match,
    }
)
