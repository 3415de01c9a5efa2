"""Writes items as a sheet of questions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from studyapp.packs.interchange.items import DIFFICULTY, Entry, Item
from studyapp.packs.interchange.sheet import write_rows
from studyapp.packs.interchange.sheet_columns import COLUMNS, MOST_NUMBERED, NUMBERED
from studyapp.packs.interchange.sheet_reading import read_sheet
from studyapp.packs.interchange.writing import plain_number
from studyapp.questions.parts import ALL_OR_NOTHING

ORDER = (
    *("id", "kind", "objective", "difficulty", "tags", "prompt", "right", "unit", "tolerance", "scoring", "shuffle"),
    "why",
)


def write_sheet(entries: list[Entry]) -> tuple[str, list[Entry]]:
    """The text of a sheet, and what became of each entry."""
    rows: list[dict[str, str]] = []
    told: list[Entry] = []
    for entry in entries:
        row = _row(entry.item) if entry.item is not None else {}
        if any(int(name[len(kind) :]) > MOST_NUMBERED for kind in NUMBERED for name in row if _is(kind, name)):
            told.append(replace(entry, item=None, notes=(f"it has more than {MOST_NUMBERED} options",)))
            continue
        if row:
            rows.append(row)
            if not entry.notes and read_sheet(_text([row]).replace("\r\n", "\n")).items != (entry.item,):
                entry = replace(entry, notes=("spaces at the edges of its texts are lost",))
        told.append(entry)
    return _text(rows), told


def _text(rows: list[dict[str, str]]) -> str:
    used = {name for row in rows for name in row}
    columns = [name for name in ORDER if name in used or name in ("id", "kind", "prompt", "right")]
    columns.extend(name for number in range(1, MOST_NUMBERED + 1) for name in _family(number) if name in used)
    return write_rows([columns, *([row.get(name, "") for name in columns] for row in rows)])


def _family(number: int) -> Iterable[str]:
    return (f"{kind}{number}" for kind in NUMBERED)


def _is(kind: str, name: str) -> bool:
    return name not in COLUMNS and name.startswith(kind) and name[len(kind) :].isdecimal()


def _row(item: Item) -> dict[str, str]:
    row = {
        "id": item.id,
        "kind": item.kind,
        "objective": "/".join(item.objective),
        "difficulty": str(item.difficulty) if item.difficulty != DIFFICULTY else "",
        "prompt": item.prompt,
        "scoring": item.scoring if item.scoring != ALL_OR_NOTHING else "",
        "shuffle": "" if item.shuffle else "no",
        "unit": item.unit,
        "tolerance": plain_number(item.tolerance) if item.tolerance else "",
        "tags": ", ".join(item.tags),
        "why": item.why,
    }
    if item.kind == "number":
        row["right"] = plain_number(item.number)
    else:
        row["right"] = " ".join(str(number) for number, option in enumerate(item.options, start=1) if option.right)
    texts = item.texts or [left for left, _ in item.pairs] or [option.text for option in item.options]
    families = {
        "option": texts,
        "pair": [right for _, right in item.pairs],
        "reason": [option.reason for option in item.options],
        "hint": item.hints,
    }
    for kind, cells in families.items():
        row.update((f"{kind}{number}", cell) for number, cell in enumerate(cells, start=1))
    return {name: cell for name, cell in row.items() if cell}
