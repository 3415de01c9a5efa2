"""Claims as sentences: each function reads well both ways, and a sentence says what its claim says."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given

from studyapp.cluster import parse_claim
from studyapp.cluster.claims.sentences import sentence
from studyapp.cluster.claims.vocabulary import FUNCTIONS
from studyapp.cluster.claims.wording import CLAUSES, COMPONENTS, COUNTED, EVENTS, NOUNS, SECONDS
from studyapp.cluster.kinds import COMPONENT_KINDS, EVENT_KINDS
from tests.cluster.test_claims import NAMES, expressions
from tests.house.tree import ROOT

GOLDEN = (ROOT / "tests" / "golden" / "sentences.txt").read_text(encoding="utf-8")
"""Each claim, and below it the sentence."""
SAID = re.findall(r"^([^#\s].*)\n {4}(.+)$", GOLDEN, re.MULTILINE)


@pytest.mark.parametrize("text, said", SAID, ids=[text for text, _ in SAID])
def test_what_a_claim_says(text: str, said: str) -> None:
    assert sentence(parse_claim(text)) == said


NAMED: list[tuple[str, dict[str, Any], str]] = [
    ("detected(vm)", {"vm": "vm2"}, "A cluster has found that vm2 failed."),
    ("detected(vm)", {}, "A cluster has found that vm failed."),
    ("owner(role) == node", {"role": "sql", "node": "n3"}, "The owner of sql is n3."),
    ("restarts(vm) >= many", {"vm": "vm2", "many": 3}, "vm2 is restarted where it is at least 3 times."),
    ("yes", {"yes": True}, "yes is true."),
    ("yes and detected(vm)", {"yes": True, "vm": "n1"}, "yes is true and a cluster has found that n1 failed."),
    ("speed < 5", {"speed": 2}, "speed is less than 5."),
    ("fault in [\"crash\", \"hang\"]", {"fault": "crash"}, "fault is crash or hang."),
    ("up(vm)", {"vm": "the"}, "the is powered on."),
    ("up(vm)", {"vm": "web server"}, '"web server" is powered on.'),
    ("share(s, n) == part", {"s": "web", "n": "w1", "part": 0.5}, "The share of w1 in new connections to web is 50%."),
    ("members(k) == all_of", {"k": "hv", "all_of": ("a", "b")}, "The members of hv are a and b."),
    ("names", {"names": ()}, "Nothing."),
    ("names == [True]", {"names": (True, 2.5)}, "true is the only one of names."),
]  # fmt: skip


@pytest.mark.parametrize("text, names, said", NAMED)
def test_names_of_a_variant_stand_for_their_values(text: str, names: dict[str, Any], said: str) -> None:
    assert sentence(parse_claim(text), names) == said


def test_there_are_many() -> None:
    assert len(SAID) > 90


def test_every_function_has_words() -> None:
    told = {name.removesuffix("+") for name in (*CLAUSES, *NOUNS)} | {"happens", "before", "time_of"}
    assert told == set(FUNCTIONS)
    logical = {name for name, function in FUNCTIONS.items() if function.gives == "true or false"}
    assert {name.removesuffix("+") for name in CLAUSES} == logical - {"happens", "before"}
    for name in (*COUNTED, *SECONDS):
        assert FUNCTIONS[name].gives == "a number"
    for name, function in FUNCTIONS.items():
        if len(function.counts) > 1 and name != "property":
            assert f"{name}+" in {*CLAUSES, *NOUNS}


def test_every_kind_of_event_and_of_component_has_words() -> None:
    assert tuple(EVENTS) == EVENT_KINDS
    assert tuple(COMPONENTS) == COMPONENT_KINDS


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_sentence_names_every_argument(name: str) -> None:
    for kinds in FUNCTIONS[name].takes:
        given_ = [f"arg{number}" if kind.takes == "a name" else str(70 + number) for number, kind in enumerate(kinds)]
        call = f"{name}({', '.join(g if g.isdigit() else repr(g) for g in given_)})"
        for text in (call, f"not {call}") if FUNCTIONS[name].gives == "true or false" else (call,):
            said = sentence(parse_claim(text))
            assert all(argument in said for argument in given_), said
            assert not re.search(r"[{}]|  ", said)


@given(expressions())
def test_any_claim_becomes_one_line(text: str) -> None:
    said = sentence(parse_claim(text), NAMES)
    assert said.endswith(".")
    assert "\n" not in said
    assert not re.search(r"[{}]", said)
