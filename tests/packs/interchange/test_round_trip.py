"""What goes out comes back: pack to GIFT or CSV and back gives the same questions, whatever signs their texts hold."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from studyapp.packs.interchange.exporting import WRITERS
from studyapp.packs.interchange.gift_reading import PART_MARKS
from studyapp.packs.interchange.importing import READERS, decoded, import_text
from studyapp.packs.interchange.items import EXACT, REFUSED, Choice, Entry, Item, Refused
from studyapp.packs.interchange.writing import fitting_bullet
from studyapp.questions.parts import LONGEST_RUN, PER_OPTION

SIGNS = "~=#{}:\\%[]<>()*_`|\"',;@+-&!.$^/\n\t abAB01é你🙂"
WORDS = (
    *(
        "->",
        "####",
        "::",
        "//",
        "\\n",
        "\\\\",
        "%50%",
        "[html]",
        "[markdown]",
        "{{a}}",
        "{a}",
        "- [x] b",
        "## Why",
        "T",
    ),
    *(
        "$CATEGORY: a",
        "=1+1",
        "@x",
        "'=1",
        "''",
        '""',
        "\n\n",
        "> q",
        "| a | b |",
        "`c`",
        "**d**",
        "1. e",
        "\\~",
        "&lt;",
    ),
)
texts = (
    st.lists(st.one_of(st.sampled_from(WORDS), st.text(SIGNS, min_size=1, max_size=6)), min_size=1, max_size=5)
    .map("".join)
    .map(str.strip)
    .filter(bool)
)
lines = texts.map(lambda text: " ".join(text.split()))
maybe = st.one_of(st.just(""), texts)
ids = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True)
tags = (
    st.one_of(
        st.sampled_from(("difficulty-9", "id:x", "=1+1", "'", "C#", "12", "no", "ä ö")),
        st.text("abAB01 -_./#é🙂'=\"\\:;~|{}", min_size=1, max_size=40),
    )
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
common = {
    "prompt": texts,
    "id": ids,
    "objective": st.lists(ids, min_size=1, max_size=3).map(tuple),
    "difficulty": st.integers(1, 5),
    "why": maybe,
    "tags": st.lists(tags, max_size=3, unique_by=str.casefold).map(tuple),
}
numbers = st.decimals(-10_000, 10_000, places=3).map(float).map(lambda number: number + 0.0)


def options(some: int = 1) -> st.SearchStrategy[tuple[Choice, ...]]:
    return st.lists(
        st.builds(Choice, texts, st.booleans(), maybe), min_size=2, max_size=5, unique_by=lambda choice: choice.text
    ).map(tuple)


def one_right(found: tuple[Choice, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(each.text, number == 0, each.reason) for number, each in enumerate(found))


ITEMS = {
    "choice": st.builds(Item, st.just("choice"), options=options().map(one_right), **common),
    "multi": st.builds(
        Item, st.just("multi"), options=options(), scoring=st.sampled_from(["all-or-nothing", PER_OPTION]), **common
    ),
    "number": st.builds(Item, st.just("number"), number=numbers, tolerance=numbers.map(abs), **common),
    "text": st.builds(Item, st.just("text"), texts=st.lists(lines, min_size=1, max_size=4).map(tuple), **common),
    "match": st.builds(
        Item,
        st.just("match"),
        pairs=st.lists(st.tuples(lines, lines), min_size=2, max_size=5).map(tuple),
        **common,
    ),
}
SHEET_ITEMS = {
    **ITEMS,
    "yes-no": st.builds(
        Item,
        st.just("yes-no"),
        options=options(),
        scoring=st.sampled_from(["all-or-nothing", PER_OPTION]),
        shuffle=st.booleans(),
        hints=st.lists(texts, max_size=3).map(tuple),
        **common,
    ),
    "order": st.builds(
        Item,
        st.just("order"),
        texts=st.lists(texts, min_size=2, max_size=5, unique=True).map(tuple),
        scoring=st.sampled_from(["all-or-nothing", LONGEST_RUN]),
        **common,
    ),
}


def fits(item: Item) -> bool:
    """A pack can hold the item: its own reader reads it as it is meant."""
    try:
        fitting_bullet(item)
    except Refused:
        return False
    return True


def carried(item: Item, form: str) -> None:
    """An item that a pack can hold and that is told to be exact comes back as it is."""
    assume(fits(item))
    text, told = WRITERS[form]([Entry(1, 1, item.id, item)])
    back = READERS[form](decoded(text.encode()))
    (entry,) = told
    if entry.fate == REFUSED:
        assert back.entries == ()
        return
    assert len(back.entries) == 1
    if entry.fate == EXACT or entry.notes == (PART_MARKS,):
        assert back.items == (item,), text
        imported = import_text(decoded(text.encode()), form, "back")
        assert imported.account.count(REFUSED) == 0


@pytest.mark.parametrize("kind", ITEMS)
def test_what_gift_carries_comes_back_as_it_was(kind: str) -> None:
    @given(ITEMS[kind])
    def holds(item: Item) -> None:
        carried(item, "gift")

    holds()


@pytest.mark.parametrize("verdicts", [(True, True, False), (False, False), (True, True, True, True)])
def test_a_series_of_statements_comes_back_from_gift_with_what_is_so(verdicts: tuple[bool, ...]) -> None:
    options = tuple(Choice(f"Statement {number}", holds) for number, holds in enumerate(verdicts))
    series = Item(
        "yes-no", "Judge.", "series", options=options, scoring=PER_OPTION, objective=("one",), why="So it is."
    )
    text, _ = WRITERS["gift"]([Entry(1, 1, series.id, series)])
    imported = import_text(decoded(text.encode()), "gift", "back")
    assert imported.account.count(REFUSED) == 0
    assert READERS["gift"](decoded(text.encode())).items == (series,)


@pytest.mark.parametrize("kind", SHEET_ITEMS)
def test_what_a_sheet_carries_comes_back_as_it_was(kind: str) -> None:
    @given(SHEET_ITEMS[kind])
    def holds(item: Item) -> None:
        carried(item, "csv")

    holds()
