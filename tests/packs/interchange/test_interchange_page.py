"""The page on interchange: its examples are read as it says, and its table of columns is that of the program."""

from __future__ import annotations

import re

from studyapp.packs.interchange.importing import READERS
from studyapp.packs.interchange.items import APPROXIMATED, EXACT
from studyapp.packs.interchange.sheet_columns import COLUMNS, NUMBERED
from tests.house.tree import ROOT

PAGE = (ROOT / "docs" / "interchange.md").read_text(encoding="utf-8")


def example(form: str) -> str:
    (block,) = re.findall(rf"^```{form}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(block)


def test_the_sheet_is_carried_exactly() -> None:
    account = READERS["csv"](example("csv"))
    assert [(entry.fate, entry.item.kind) for entry in account.entries if entry.item] == [
        (EXACT, "choice"),
        (EXACT, "number"),
        (EXACT, "text"),
        (EXACT, "match"),
    ]


def test_the_questions_in_gift_are_carried_as_the_page_says() -> None:
    account = READERS["gift"](example("gift"))
    kinds = ["choice", "choice", "choice", "number", "number", "text", "match", "multi"]
    assert [item.kind for item in account.items] == kinds
    assert [entry.fate for entry in account.entries] == [EXACT] * 7 + [APPROXIMATED]
    first = account.items[0]
    assert (first.id, first.difficulty, first.objective) == ("majority", 3, ("Clusters", "Quorum"))
    assert first.why == "A majority is more than half."


def test_every_column_is_told() -> None:
    told = dict(re.findall(r"^\| `(\w+?)1?`(?:, …)? \| (.+) \|$", PAGE.partition("## CSV")[2], re.MULTILINE))
    assert {name: told[name] for name in (*COLUMNS, *NUMBERED)} == {**COLUMNS, **NUMBERED}
