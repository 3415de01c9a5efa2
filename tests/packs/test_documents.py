"""Scenarios from files and from many documents: each as right or wrong as it is, with what is given beside them."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from studyapp.cluster.scenario import Act, Step
from studyapp.packs import load_scenario as offered
from studyapp.packs.durations import BadDuration, parse_duration
from studyapp.packs.scenarios import BadScenario, load_documents, load_scenario

ONE = "release: ws2008r2\nhosts: {a: , b: }\n"


def codes(text: str, release: str | None = None) -> list[list[tuple[str, int, int]]]:
    documents = load_documents(text, "some.yaml", release=release)
    return [[(p.code, p.line, p.column) for p in document.problems] for document in documents]


def test_a_scenario_from_text_and_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "one.yaml"
    file.write_text(ONE, encoding="utf-8")
    assert load_scenario(ONE) == load_scenario(file) == load_scenario(str(file)) == offered(file)


def test_problems_of_a_file_name_the_file(tmp_path: Path) -> None:
    file = tmp_path / "one.yaml"
    with pytest.raises(BadScenario, match=r"one\.yaml:0:0: error: not-a-file: there is no such file"):
        load_scenario(file)
    file.write_bytes(b"release: \xff\n")
    with pytest.raises(BadScenario, match=r"one\.yaml:1:10: error: encoding: byte 0xff is not UTF-8"):
        load_scenario(file)
    file.write_text(ONE.replace("ws2008r2", "ws2008r3"), encoding="utf-8")
    with pytest.raises(BadScenario) as raised:
        load_scenario(file)
    assert raised.value.problems[0].hint == 'did you mean "ws2008r2"?'


def test_a_release_that_is_asked_for_goes_before_the_scenarios_own() -> None:
    assert load_scenario(ONE, release="ws2016").release == "ws2016"
    assert load_scenario("hosts: {a: }", release="ws2016").fact["heartbeat.same_subnet_threshold"].value == 10
    assert codes(ONE, release="ws2017") == [[("unknown-word", 1, 1)]]
    assert codes("hosts: {a: }") == [[("missing-key", 1, 1)]]
    assert codes("release: ws2008") == [[("missing-key", 1, 1)]]


def test_events_go_on_with_the_timeline() -> None:
    text = ONE + "timeline:\n- {at: 5s, crash: a}\n"
    scenario = load_scenario(text, events=["hang: b", "- {at: 9s, start: a}\n- {at: 9s, start: b}\n"])
    assert scenario.timeline == (
        Step((Act("crash", ("a",)),), 5000),
        Step((Act("hang", ("b",)),)),
        Step((Act("start", ("a",)), Act("start", ("b",))), 9000),
    )
    with pytest.raises(BadScenario) as raised:
        load_scenario(text, events=["hang: b", "hang: c", "{at: 1s, hang: b}", "hang: ["])
    assert [(p.path, p.code, p.line, p.column) for p in raised.value.problems] == [
        ("<event 2>", "unknown-name", 1, 7),
        ("<event 3>", "at-decreases", 1, 6),
        ("<event 4>", "yaml", 1, 8),
    ]


def test_until_replaces_the_scenarios_own() -> None:
    assert load_scenario(ONE + "until: 1h\n", until="90s").until_ms == 90_000
    assert load_scenario(ONE + "until: 1h\n").until_ms == 3_600_000
    with pytest.raises(BadScenario, match=r'<until>:1:1: error: duration: until cannot be "90": it has no unit'):
        load_scenario(ONE, until="90")


def test_a_bad_document_does_not_stop_the_others() -> None:
    text = (
        f"id: first\n{ONE}---\nid: second\nhosts: [\n---\nid: third\nrelease: ws2008\n--- # fourth\n{ONE}id: fourth\n"
    )
    documents = load_documents(text, "some.yaml")
    assert [document.id for document in documents] == ["first", "second", "third", "fourth"]
    assert [document.scenario is not None for document in documents] == [True, False, False, True]
    assert codes(text) == [[], [("yaml", 7, 1)], [("missing-key", 8, 1)], []]
    assert all(problem.path == "some.yaml" for document in documents for problem in document.problems)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("", [[("yaml-empty", 1, 1)]]),
        ("---\n", [[("yaml-empty", 1, 1)]]),
        (f"{ONE}---\n", [[]]),
        (f"---\n{ONE}", [[]]),
        (f"# remark\n---\n{ONE}...\n", [[]]),
        (f"{ONE}---\n---\n{ONE}", [[], [("yaml-empty", 3, 1)], []]),
        (f"{ONE}...\nmore: 1\n", [[("yaml", 4, 1)]]),
        ("--- a\n--- b\n", [[("wrong-type", 1, 5)], [("wrong-type", 2, 5)]]),
        ("a: |\n  x\n  ---\n", [[("unknown-key", 1, 1)]]),
        (ONE + "x---: 1\n", [[("unknown-key", 3, 1)]]),
    ],
)
def test_where_documents_begin(text: str, expected: list[list[tuple[str, int, int]]]) -> None:
    found = codes(text)
    assert [sorted(problems, key=lambda p: p[1:])[:1] for problems in found] == expected


def test_a_document_has_its_id_and_claims() -> None:
    text = ONE + 'id: 7\nclaims:\n- up("a")\n- \'not up("b")\'\n- >\n  up("a")\n  and up("b")\n'
    [document] = load_documents(text, "some.yaml")
    assert not document.problems
    assert document.id == "7"
    assert document.claims == (('up("a")', 5, 3), ('not up("b")', 6, 4), ('up("a") and up("b")', 7, 3))


@pytest.mark.parametrize(
    "claims, problem",
    [
        ('claims: up("a")', ("wrong-type", 3, 9)),
        ("claims: [[a]]", ("wrong-type", 3, 10)),
        ("claims: [a: b]", ("wrong-type", 3, 10)),
        ("claims: [~]", ("wrong-type", 3, 10)),
        ('claims: ["up(\\u200b)"]', ("hostile-character", 3, 10)),
        ("claims: [a]\nid: [b]", ("wrong-type", 4, 5)),
    ],
)
def test_claims_that_are_no_text(claims: str, problem: tuple[str, int, int]) -> None:
    assert codes(ONE + claims) == [[problem]]


def test_documents_go_to_other_processes() -> None:
    documents = load_documents(f"{ONE}---\n{ONE}x: 1\n", "some.yaml")
    assert pickle.loads(pickle.dumps(documents)) == documents


@pytest.mark.parametrize(
    "text, ms",
    [
        ("250ms", 250),
        ("10s", 10_000),
        ("5min", 300_000),
        ("6h", 21_600_000),
        ("1.5s", 1_500),
        ("0.25 h", 900_000),
        ("0s", 0),
        ("8784h", 31_622_400_000),
    ],
)
def test_durations(text: str, ms: int) -> None:
    assert parse_duration(text) == ms


@pytest.mark.parametrize(
    "text, message, hint",
    [
        ("5", "it has no unit", "write 5s, 5min or another unit: ms s min h"),
        ("5m", "its unit is not known", "write 5min"),
        ("5 Seconds", "its unit is not known", "write 5s"),
        ("5S", "its unit is not known", "the units are ms s min h"),
        ("5d", "its unit is not known", "the units are ms s min h"),
        ("-5s", "it is not a duration", "write a number and a unit: 250ms 10s 5min 6h"),
        ("s", "it is not a duration", "write a number and a unit: 250ms 10s 5min 6h"),
        ("", "it is not a duration", "write a number and a unit: 250ms 10s 5min 6h"),
        ("1e3s", "it is not a duration", "write a number and a unit: 250ms 10s 5min 6h"),
        ("٣s", "it is not a duration", "write a number and a unit: 250ms 10s 5min 6h"),
        ("9999999999999s", "it is not a duration", "write a number and a unit: 250ms 10s 5min 6h"),
        ("0.5ms", "it is finer than a millisecond", None),
        ("8785h", "it is longer than a year", None),
    ],
)
def test_what_is_no_duration(text: str, message: str, hint: str | None) -> None:
    with pytest.raises(BadDuration) as raised:
        parse_duration(text)
    assert (str(raised.value), raised.value.hint) == (message, hint)
