"""How answers are kept: what was ever written is read for ever, and every form comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.exams.form import FormSection
from studyapp.questions.response import NOTHING, Number, Ordered, Paired, Picked, Response, Said, Text
from studyapp.store.encoding import response_of, response_text, sitting_of, sitting_row
from studyapp.store.rows import TABLES, fault
from studyapp.store.tables import moment_text
from tests.exams.bank import sitting

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


BEGUN = '{"seed":1,"pass_mark":700,"pass_share":0.7,"items":[["q0",0,"nlb"],["q1",1,"nlb"]]'
SECTIONS = (FormSection("Case", "east", False, 0, 1), FormSection("Series", None, True, 1, 2))
SAT: list[tuple[tuple[FormSection, ...], str]] = [
    ((), f"{BEGUN}}}"),
    (SECTIONS, f'{BEGUN},"sections":[["Case","east",false,0,1],["Series",null,true,1,2]]}}'),
]
"""Exams that somebody has begun: these rows never change either."""


@pytest.mark.parametrize("sections, text", SAT)
def test_an_exam_that_was_begun_is_read_for_ever(sections: tuple[FormSection, ...], text: str) -> None:
    begun = sitting(2, sections=sections)
    row = sitting_row(begun)
    assert row.form == text
    assert sitting_of(row) == begun


@pytest.mark.parametrize(
    "sections",
    [
        pytest.param('["S",null,true,1,3]', id="beyond the last question"),
        pytest.param('["S",null,true,1,1]', id="of nothing"),
        pytest.param('["S",null,true,-1,1]', id="before the first question"),
        pytest.param('["S",null,true,0,2],["T",null,true,1,2]', id="over one another"),
        pytest.param('["S",null,true,1,2],["T",null,true,0,1]', id="in no order"),
        pytest.param('["",null,true,0,1]', id="without a name"),
        pytest.param('["\\u001b[2J",null,true,0,1]', id="that acts on a terminal"),
        pytest.param('["S",null,"yes",0,1]', id="locked by a word"),
        pytest.param('["S",7,true,0,1]', id="about a number"),
        pytest.param('["S",null,true]', id="that ends nowhere"),
        pytest.param("", id="none, and yet said"),
    ],
)
def test_an_exam_with_a_section_that_cannot_be_is_refused(sections: str) -> None:
    row = sitting_row(sitting(2))
    times = {"started": moment_text(row.started), "ends": moment_text(row.ends)}
    values = {"id": row.id, "pack": row.pack, "blueprint_id": row.blueprint_id, "form": row.form, **times}
    assert fault(TABLES[0], {**values, "extra": 1.0}) is None
    told = fault(TABLES[0], {**values, "form": f'{BEGUN},"sections":[{sections}]}}', "extra": 1.0})
    assert told is not None
    assert told.startswith("it says nothing that could have happened")
