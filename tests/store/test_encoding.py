"""How answers are kept: what was ever written is read for ever, and every form comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.questions.response import NOTHING, Number, Ordered, Paired, Picked, Response, Said, Text
from studyapp.store.encoding import response_of, response_text

PLACES = st.integers(0, 30)
SETS = st.frozensets(PLACES)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)
FINITE = st.floats(allow_nan=False, allow_infinity=False)

FORMS: st.SearchStrategy[Response] = st.one_of(
    SETS,
    st.builds(Said, SETS, SETS),
    st.builds(Number, FINITE),
    st.builds(Text, TEXTS),
    st.builds(Ordered, st.lists(PLACES).map(tuple)),
    st.builds(Paired, st.lists(st.none() | PLACES).map(tuple)),
    st.builds(Picked, st.frozensets(TEXTS)),
)
"""An answer of any form."""

KEPT: list[tuple[Response, str]] = [
    (NOTHING, "[]"),
    (frozenset({3, 0}), "[0,3]"),
    (Said(frozenset({2, 0}), frozenset({1})), '{"yes":[0,2],"no":[1]}'),
    (Number(12.5), '{"number":12.5}'),
    (Text('A "majority".'), '{"text":"A \\"majority\\"."}'),
    (Ordered((2, 0, 1)), '{"order":[2,0,1]}'),
    (Paired((1, None)), '{"pairs":[1,null]}'),
    (Picked(frozenset({"vm2", "host1"})), '{"names":["host1","vm2"]}'),
]
"""What is on somebody's disk: these rows never change."""


@pytest.mark.parametrize("response, text", KEPT)
def test_what_was_written_is_read_for_ever(response: Response, text: str) -> None:
    assert response_text(response) == text
    assert response_of(text) == response


@given(FORMS)
def test_every_form_comes_back_as_it_was(response: Response) -> None:
    back = response_of(response_text(response))
    assert back == response
    assert type(back) is type(response)


NEVER = [
    '"text"',
    "3",
    "null",
    "{}",
    '{"maybe":[1]}',
    "[0, 1]",
    "[1,0]",
    "[0,0]",
    "[true]",
    "[-1]",
    "[0.5]",
    '["a"]',
    "[[0]]",
    '{"number":"1"}',
    '{"number":true}',
    '{"text":3}',
    '{"order":[null]}',
    '{"pairs":"ab"}',
    '{"names":["b","a"]}',
    '{"yes":[1]}',
    '{"yes":[1],"no":[],"more":[]}',
    "[" * 100_000,
]


@pytest.mark.parametrize("text", NEVER, ids=lambda text: text[:20])
def test_what_was_never_written_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no response|Expecting"):
        response_of(text)
