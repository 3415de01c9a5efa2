"""The claim language: what it accepts, what it refuses and where, and that its values are Python's own."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyapp.cluster import ClaimError, check_claim, evaluate, kinds, parse_claim, simulate
from studyapp.cluster.claims.checking import type_of
from studyapp.cluster.claims.vocabulary import FUNCTIONS
from studyapp.cluster.scenario import Network, Scenario
from tests.cluster import build
from tests.cluster.build import act

EMPTY = simulate(build.machines(0))
NAMES: dict[str, Any] = {"n": 3, "x": 2.5, "s": "vm1", "yes": True, "names": ("vm1", "vm2")}


def expressions() -> st.SearchStrategy[str]:
    """Well-typed expressions of the subset, as text that is also Python."""
    numbers = st.one_of(
        st.integers(-9, 9).map(lambda v: f"({v})" if v < 0 else str(v)),
        st.sampled_from(["n", "x", "2.5", "0", "len(names)"]),
    )
    names = st.sampled_from(["s", '"vm1"', '"vm2"', '"none"'])
    lists = st.one_of(
        st.just("names"),
        st.lists(names, max_size=3).map(lambda v: f"[{', '.join(v)}]"),
        st.just("[i for i in names if i != s]"),
    )

    def arithmetic(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.tuples(inner, st.sampled_from("+-*/%"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
            inner.map(lambda v: f"(-{v})"),
        )

    number = st.recursive(numbers, arithmetic, max_leaves=6)
    order = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    base = st.one_of(
        st.sampled_from(["True", "False", "yes"]),
        st.tuples(number, order, number).map(" ".join),
        st.tuples(number, order, number, order, number).map(" ".join),
        st.tuples(names, st.sampled_from(["==", "!="]), names).map(" ".join),
        st.tuples(names, st.sampled_from(["in", "not in"]), lists).map(" ".join),
        st.tuples(st.sampled_from(["all", "any"]), names).map(lambda t: f"{t[0]}(i == {t[1]} for i in names)"),
    ).map(lambda v: f"({v})")

    def logic(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({' '.join(t)})"),
            inner.map(lambda v: f"(not {v})"),
            st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})"),
        )

    return st.one_of(st.recursive(base, logic, max_leaves=6), number)


def agrees_with_python(text: str) -> None:
    try:
        expected: object = eval(text, {"__builtins__": {}, "len": len, "all": all, "any": any, **NAMES})
    except (ZeroDivisionError, OverflowError):
        expected = ClaimError
    try:
        claim = parse_claim(text)
        assert not check_claim(claim, build.machines(0), NAMES)
        found: object = evaluate(claim, EMPTY, NAMES).certain
    except ClaimError:
        found = ClaimError
    assert found == expected
    assert type(found) is type(expected)


@settings(max_examples=1_000, deadline=None)
@given(expressions())
def test_values_are_pythons_own(text: str) -> None:
    agrees_with_python(text)


@pytest.mark.nightly
@settings(max_examples=100_000, deadline=None)
@given(expressions())
def test_values_are_pythons_own_over_many(text: str) -> None:
    agrees_with_python(text)


REFUSED = [
    ("", 1, "not an expression"),
    ("1 + )", 5, "not an expression"),
    ("  1 + )", 7, "not an expression"),
    ("1and 2 == 2", 1, "not an expression"),
    ("1 +\x00", 1, "not an expression"),
    ("'\ud800'", 1, "not an expression"),
    ("(1 ==\n)", 7, "not an expression"),
    ("__import__('os')", 1, "no function __import__"),
    ("(1).real", 1, "an attribute"),
    ("names[0]", 1, "a subscript"),
    ("lambda: 1", 1, "a lambda"),
    ("[i for i in names for j in names]", 1, "no part of a claim"),
    ("(i for i in names)", 1, "a `for` outside"),
    ("[i for i, j in names]", 8, "write one `for name in list`"),
    ("[i async for i in names]", 14, "write one `for name in list`"),
    ("[i for i in names if yes if yes]", 8, "with at most one `if`"),
    ("['ü', 'ü' and\n'ü' and\nNone]", 23, "this literal"),
    ("{'a': 1}", 1, "no part of a claim"),
    ("(1, 2)", 1, "a tuple"),
    ("f'{s}'", 1, "an f-string"),
    ("2 ** 9999", 1, "no part of a claim"),
    ("1 is 1", 1, "only == != < <= > >= in"),
    ("(y := 1)", 2, "an assignment"),
    ("None", 1, "this literal"),
    ("up()", 1, "up() takes 1 argument, not 0"),
    ("up('a', 'b')", 1, "up() takes 1 argument, not 2"),
    ("at(1)", 1, "at() takes 2 arguments, not 1"),
    ("survives('a')", 1, "survives() takes 2 or 3 arguments, not 1"),
    ("up(machine='a')", 1, "such a call"),
    ("up(*names)", 4, "*"),
    ("avialable('web')", 1, "no function avialable"),
    ("(" * 40 + "1" + ")" * 40, 33, "brackets deep"),
    ("not " * 40 + "True", 129, "levels deep"),
    ("1 + " * 800 + "1", 1, "at most 2,000 characters"),
]


@pytest.mark.parametrize("text, column, message", REFUSED, ids=[repr(r[0][:20]) for r in REFUSED])
def test_what_is_no_claim_is_refused_where_it_is_wrong(text: str, column: int, message: str) -> None:
    with pytest.raises(ClaimError) as error:
        parse_claim(text)
    assert message in error.value.message
    assert error.value.column == column


@pytest.mark.parametrize(
    "text, column, hint",
    [
        ("owner('sql') = 'h1'", 14, "=="),
        ("up('h1') && up('h2')", 11, "`and`"),
        ("up('h1') || up('h2')", 11, "`or`"),
        ("!up('h1')", 1, "`not`"),
        ("up(“h1”)", 4, "straight quotes"),
        ("up('h1') up('h2')", 10, ""),
    ],
)
def test_signs_of_other_languages_and_word_processors_are_told_how_to_write(text: str, column: int, hint: str) -> None:
    with pytest.raises(ClaimError) as error:
        parse_claim(text)
    assert (error.value.column, hint in error.value.hint) == (column, True)


WRONG = [
    ("up('h9')", 4, "'h9' is not the name of a machine", "h1"),
    ("owner('h1')", 7, "'h1' is not the name of a role", "sql"),
    ("quorum('d')", 8, "'d' is not the name of a failover cluster", "c"),
    ("happens('explodes', 'h1')", 9, "not the name of an event kind", ""),
    ("who", 1, "there is no name who", ""),
    ("up(h1)", 4, "there is no name h1", 'in quotes: "h1"'),
    ("happens(crash, 'h1')", 9, "there is no name crash", 'in quotes: "crash"'),
    ("1 and True", 1, "true or false is needed here, not a number", ""),
    ("up(1)", 4, "the name of a machine is needed", ""),
    ("up(1 + 1)", 4, "the name of a machine is needed here, not a number", ""),
    ("up(all([]))", 4, "the name of a machine is needed here, not true or false", ""),
    ("available('db', owner('sql'))", 17, "a port from 0 to 65535 is needed here, not a name", ""),
    ("('ü' == 'ü' and\n up('h9'))", 21, "'h9' is not the name of a machine", "h1"),
    ("votes('c') == 'two'", 1, "a number cannot be compared with a name", ""),
    ("owner('sql') < 'h2'", 1, "has no order", ""),
    ("'h1' in 'h1'", 9, "`in` needs a list", ""),
    ("at('now', up('h1'))", 4, "a number is needed here", ""),
    ("False and up('h9')", 14, "'h9' is not the name of a machine", "h1"),
]


@pytest.mark.parametrize("text, column, message, hint", WRONG, ids=[w[0] for w in WRONG])
def test_names_and_types_are_checked_before_anything_runs(text: str, column: int, message: str, hint: str) -> None:
    problems = check_claim(parse_claim(text), build.host_cluster(3), {})
    assert [(p.column, message in p.message, hint in p.hint) for p in problems] == [(column, True, True)]


def test_without_a_scenario_nothing_can_be_asked_of_the_model() -> None:
    for text, messages in (("n + 1 == 2", []), ("up('h1') or up(s)", ["up() needs a scenario, and there is none"] * 2)):
        assert [problem.message for problem in check_claim(parse_claim(text), None, NAMES)] == messages


# What only shows when it runs: a name may be anything, and a value depends on what happens.
FAILS = [
    ("who", 1, "there is no name who here"),
    ("not [i for i in names if i]", 26, "true or false is needed here, not a name"),
    ("[not i for i in names]", 6, "true or false is needed here, not a name"),
    ("[-i for i in names]", 3, "a number is needed here, not a name"),
    ("[-i for i in [yes]]", 3, "a number is needed here, not true or false"),
    ("[all(i) for i in names]", 6, "a list is needed here, not a name"),
    ("[yes in i for i in names]", 9, "`in` needs a list, not a name"),
    ("[i < s for i in names]", 2, "a name cannot be compared so with a name"),
    ("[i == 1 for i in names]", 2, "a name cannot be compared so with a number"),
    ("[up(i) for i in [s]]", 5, "'vm1' is not the name of a machine"),
    ("all(i for i in names)", 4, "all() needs true or false, not a name"),
    ("any(names)", 5, "any() needs true or false, not a name"),
    ("[names for i in names]", 1, "a list holds no lists"),
    ("[names]", 2, "a list holds no lists"),
    ("1 / (n - 3)", 1, "division by zero"),
    ("1e308 * 10 * 0", 1, "this has no value: inf * 0"),
    ("n * " + "9" * 400, 5, "the number is too large"),
    ("9" * 400, 1, "the number is too large"),
    ("n + " + "9" * 300 + " * " + "9" * 300, 5, "the number is too large"),
    ("at(-1, yes)", 4, "a time from 0 s on"),
    ("at(1e12, yes)", 4, "of less than a thousand years"),
    ("certain(n)", 9, "true or false is needed here, not a number"),
    ("('ü' == 'ü' and\n who)", 18, "there is no name who here"),
]


@pytest.mark.parametrize("text, column, message", FAILS, ids=[repr(f[0][:20]) for f in FAILS])
def test_what_only_shows_when_it_runs_is_said_with_its_place(text: str, column: int, message: str) -> None:
    with pytest.raises(ClaimError) as error:
        evaluate(parse_claim(text), EMPTY, NAMES)
    assert message in error.value.message
    assert error.value.column == column


def test_what_may_be_of_two_kinds_may_be_compared_with_either() -> None:
    claim = parse_claim("('h1' if up('h1') else 1) == 'h1'")
    assert not check_claim(claim, build.host_cluster(3), {})
    assert evaluate(claim, simulate(build.host_cluster(3))).certain is True


def test_a_number_is_no_truth_value() -> None:
    one = evaluate(parse_claim("n - 2"), EMPTY, NAMES)
    assert one.share(1) == 1
    assert one.share(True) == 0


def test_what_would_take_too_long_to_find_is_refused_where_it_is_asked() -> None:
    """With two networks no tree tells what matters, and of 40 hosts there are 760,099 sets of at most five."""
    scenario = dataclasses.replace(build.host_cluster(40), networks=(Network("lan"), Network("other")))
    with pytest.raises(ClaimError) as error:
        evaluate(parse_claim("1 == 1 and survives('db', 5)"), simulate(scenario))
    assert (error.value.column, "sets of faults" in error.value.message) == (12, True)


def test_a_list_may_be_as_long_as_a_claim() -> None:
    longest = f"len([{','.join('1' * 996)}])"
    assert len(longest) <= 2_000
    assert evaluate(parse_claim(longest), EMPTY).certain == 996


WITHOUT_NAMES = {kinds.ADDRESS.word: '"10.0.0.1"', kinds.PORT.word: "80", kinds.COUNT.word: "1"} | {
    kinds.COMPONENTS.word: '"hosts"'
}


def _first(kind: kinds.Kind, scenario: Scenario) -> str | None:
    names = kind.names(scenario) if kind.names is not None else ()
    return f'"{names[0]}"' if names else None


def test_every_function_gives_the_type_that_it_says() -> None:
    """Each function of the vocabulary, called with the first name of each kind that a scenario has."""
    scenario = build.virtual(3)
    outcome = simulate(build.given(scenario, act("crash", "h1")))
    for name, function in FUNCTIONS.items():
        for takes in function.takes:
            given = [WITHOUT_NAMES.get(kind.word) or _first(kind, scenario) for kind in takes]
            if None in given:
                continue
            claim = parse_claim(f"{name}({', '.join(str(argument) for argument in given)})")
            assert not check_claim(claim, scenario, {}), claim.text
            for value, _ in evaluate(claim, outcome).values:
                assert function.gives in (type_of(value), "anything"), claim.text


def test_a_client_of_a_balanced_service_is_one_person_through_time() -> None:
    crashed = build.given(build.farm(3), act("crash", "v2"))
    outcome = simulate(crashed)
    share = evaluate(parse_claim('at(1, available("web"))'), outcome).share(True)
    same = evaluate(parse_claim('at(1, available("web")) == at(3, available("web"))'), outcome)
    assert float(share) == pytest.approx(2 / 3)
    assert same.certain is True
    assert evaluate(parse_claim('always(available("web"))'), outcome).share(True) == share


@pytest.mark.parametrize(
    "text, value",
    [
        ('time_of("crash", "h3")', math.inf),
        ('detection_time("h3")', math.inf),
        ('detection_time("h1")', 5.0),
        ('time_of("1135", "h1")', 5.0),
        ('before("crash", "h1", "removed", "h1")', True),
        ('before("removed", "h3", "crash", "h1")', False),
        ('certain(moved("sql"))', True),
        ('chance(owner("sql") == "h2")', 0.5),
        ('possible(owner("sql") == "h1")', False),
        ('downtime("db")', 5.0),
        ('outages("db")', 1),
        ('at(4, available("db"))', False),
        ('ever(not available("db")) and available("db")', True),
        ('property("c", "SameSubnetThreshold")', 5),
    ],
)
def test_values_over_time_and_chance(text: str, value: object) -> None:
    outcome = simulate(build.given(build.host_cluster(3), act("crash", "h1")))
    assert evaluate(parse_claim(text), outcome).certain == value


@pytest.mark.parametrize("small", [0, 200_000], ids=["nothing", "every moment and draw"])
def test_what_is_kept_of_a_trace_to_be_read_again_changes_no_value(small: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studyapp.cluster.trace.SMALL", small)
    outcome = simulate(build.given(build.host_cluster(3), act("crash", "h1")))
    for text, share in (
        ('owner("sql") == "h2"', 0.5),
        ('always(owner("sql") != "h3")', 0.5),
        ('ever(owner("sql") == "h2") and owner("sql") == "h3"', 0),
        ('ever(not available("db")) and not always(up("h1"))', 1),
    ):
        assert evaluate(parse_claim(text), outcome).share(True) == share, text


def test_a_service_that_stays_down_has_no_end_of_its_downtime() -> None:
    outcome = simulate(build.given(build.host_cluster(1), act("crash", "h1")))
    assert evaluate(parse_claim('downtime("db")'), outcome).certain == math.inf


def test_halves_of_a_farm_serve_the_clients_on_their_side() -> None:
    split = build.given(build.farm(4), act("partition", sides=(("h1", "h2"), ("h3", "h4"))))
    outcome = simulate(split)
    assert evaluate(parse_claim('available("web")'), outcome).certain is True
    assert evaluate(parse_claim('share("web", "v1")'), outcome).certain == 0.25
