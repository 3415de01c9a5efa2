"""Why a claim is as it is: short, in causal order, nothing invented, and in words that a person may read.

Read `tests/golden/explanations/` for the words. The cases of `tests/golden/outcomes/` give every other claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from studyapp.cli.outcome import as_json
from studyapp.cluster import evaluate, parse_claim, simulate
from studyapp.cluster.claims.claim import Claim
from studyapp.cluster.claims.vocabulary import FUNCTIONS
from studyapp.cluster.reasons.explain import (
    MOST_SENTENCES,
    Explanation,
    at_time,
    events_read,
    explain,
    explain_claims,
    explain_event,
    explain_silence,
    explain_things,
    stories_of,
    told,
)
from studyapp.cluster.reasons.parts import EXPLAINERS
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.trace import Event, Outcome, Trace
from studyapp.packs.facts import load_facts
from tests.cluster.build import act, given, host_cluster, machines, virtual
from tests.cluster.test_outcomes import CASES, Case, same
from tests.cluster.written import files_of, scenario_of

TIME = re.compile(r"(?:\d+:)?\d{2}:\d{2}(?:\.\d)?")
ANSWERS = ("answers clients", "gets an answer")
MOST_HOSTS = 12
FILES = files_of("explanations")
WORDS = [(topic, number) for topic, file in FILES.items() for number in range(len(file["cases"]))]


# -- words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("topic, number", WORDS, ids=[f"{topic} {number}" for topic, number in WORDS])
def test_the_words_are_those_for_a_learner(topic: str, number: int) -> None:
    case = FILES[topic]["cases"][number]
    outcome = simulate(
        scenario_of({"title": ""} | FILES[topic]["scenarios"][case["scenario"]] | {"timeline": case["timeline"]})
    )
    claim = parse_claim(str(case["claim"]))
    assert same(as_json(evaluate(claim, outcome)), case["value"]), "the case is about another value"
    assert list(explain(claim, outcome).sentences) == case["told"].splitlines()


def test_there_are_words_for_every_kind_of_claim() -> None:
    assert len(WORDS) >= 40


def test_every_function_is_explained() -> None:
    assert EXPLAINERS.keys() == FUNCTIONS.keys()


# -- every claim of every outcome -----------------------------------------------------------------------------------


@pytest.mark.parametrize("topic", dict.fromkeys(case.topic for case in CASES))
def test_every_claim_can_be_explained(topic: str) -> None:
    for case in CASES:
        if case.topic == topic:
            outcome = simulate(scenario_of(case.scenario))
            for written in case.expect:
                _check(case, parse_claim(written), outcome)


@pytest.mark.parametrize("topic", dict.fromkeys(case.topic for case in CASES))
def test_what_is_said_of_a_service_is_what_is_so(topic: str) -> None:
    """A service that answers is told to answer, and no other is: at the end, and after the first faults."""
    for case in CASES:
        if case.topic != topic or len(case.scenario["hosts"]) > MOST_HOSTS:
            continue
        outcome = simulate(scenario_of(case.scenario))
        scenario, trace = outcome.trace.scenario, outcome.trace
        for name in (*scenario.service, *scenario.role):
            asked = f'available("{name}")'
            times = dict.fromkeys(event.at_ms for event in trace.events[:4])
            for text in (asked, *(f"at({ms / 1000:g}, {asked})" for ms in times)):
                claim = parse_claim(text)
                answers = evaluate(claim, outcome).certain
                said = explain(claim, outcome).sentences[-1]
                assert answers is None or answers is any(words in said for words in ANSWERS), f"{case.name}: {text}"


def _check(case: Case, claim: Claim, outcome: Outcome) -> None:
    where = f"{case.name}: {claim.text}"
    found = explain(claim, outcome)
    assert 1 <= len(found.sentences) <= MOST_SENTENCES, where
    assert all(sentence.strip() and "\x02" not in sentence for sentence in found.sentences), where
    assert set(found.rules) <= set(load_facts().rules), where
    lines = [s for s in found.sentences if "  " in s and "  … " not in s]
    assert lines == [told(event) for event in found.events], where
    stories = stories_of(claim.tree, outcome, {})
    known = {at_time(event.at_ms) for story in stories for event in story.trace.events} | _times_asked(claim)
    known |= {at_time(ms) for s in stories for ms in (0, s.trace.end_ms, *(c.at_ms for c in s.trace.changes))}
    assert {time for s in found.sentences for time in TIME.findall(s)} <= known, where
    for course in _courses(found.events):
        assert _in_causal_order(course), where
    if len(stories) == 1:
        assert set(found.events) <= _behind_what_was_read(claim, stories[0].trace), where


def _times_asked(claim: Claim) -> set[str]:
    return {at_time(round(float(number) * 1000)) for number in re.findall(r"\d+(?:\.\d+)?", claim.text)}


def _courses(events: tuple[Event, ...]) -> Iterator[list[Event]]:
    """The events of each course that is told; the numbers begin anew in the second."""
    course: list[Event] = []
    for event in events:
        if course and event.seq <= course[-1].seq:
            yield course
            course = []
        course.append(event)
    yield course


def _in_causal_order(course: list[Event]) -> bool:
    numbers = [event.seq for event in course]
    return numbers == sorted(numbers) and all(e.cause is None or e.cause < e.seq for e in course)


def _behind_what_was_read(claim: Claim, trace: Trace) -> set[Event]:
    return {cause for event in events_read(claim, trace, {}) for cause in trace.why(event.seq)}


# -- what decides ---------------------------------------------------------------------------------------------------


def because(scenario: Scenario, text: str, **names: str | tuple[str, ...]) -> Explanation:
    """The explanation of a claim in a scenario."""
    return explain(parse_claim(text), simulate(scenario), names)


LOST = given(host_cluster(3, preferred=("h1", "h2")), act("crash", "h1"))


@pytest.mark.parametrize(
    "text, read",
    [
        ('quorum("c") and online("sql") and up("h1") and up("h2")', ["At the end h1 is off."]),
        ('up("h1") or up("h2") or online("sql")', ["At the end h2 is on and answers"]),
        ('all(up(n) for n in nodes("c"))', ["At the end h1 is off."]),
        ('any(not up(n) for n in nodes("c"))', ["At the end h1 is off."]),
        ('any([up("h2"), up("h3")])', ["At the end h2 is on", "At the end h3 is on"]),
        ('not up("h1")', ["At the end h1 is off."]),
        ('1 < votes("c") < 2', ["c has 3 votes in all, 2 are needed: h2 and h3 have 2."]),
        ('up("h2") if up("h1") else up("h3")', ["At the end h1 is off.", "At the end h3 is on"]),
        ('len([n for n in nodes("c") if up(n)]) == 2', ["h1 is off", "h2 is on", "h3 is on"]),
        ('len(members("c")) - 1 == 1', ["At the end the members of c are h2 and h3, without h1."]),
        ('[owner("sql")] == [node]', ["At the end sql is Online on h2."]),
        ('at(3, up("h2")) and at(2 + 1, detected("h1"))', ["c notices it only at 00:05."]),
        ('ever(owner("sql") == "h2")', ["At 00:05 sql is Online on h2.", "So it first holds at 00:05."]),
        ('always(up("h1"))', ["At 00:00 h1 is off.", "So it first fails to hold at 00:00."]),
        ('always(quorum("c"))', ["h2 and h3 have 2.", "It holds at every moment of the run."]),
        ('ever(up("h1") and detected("h1"))', ["At the end h1 is off.", "It holds at no moment of the run."]),
        ("2 > 1", ["It reads nothing of the scenario: it is so whatever happens."]),
    ],
)
def test_only_what_decides_is_told(text: str, read: list[str]) -> None:
    said = [s for s in because(LOST, text, node="h2").sentences if not re.match(r"\d\d:\d\d  ", s)]
    assert len(said) == len(read), said
    assert all(part in sentence for part, sentence in zip(read, said, strict=True)), said


def test_of_many_items_the_first_are_told() -> None:
    said = because(given(machines(9)), "all(up(h) for h in hosts())").sentences
    assert len([s for s in said if "is on and answers" in s]) == 3
    assert "The same was asked of h4, h5, h6, h7, h8 and h9." in said
    readings = because(given(machines(9)), " and ".join(f'up("h{n}")' for n in range(1, 10))).sentences
    assert readings[-1] == "And 5 more readings of the same kind."


def test_a_long_story_leaves_steps_out() -> None:
    nodes = [f"h{number}" for number in range(1, 7)]
    said = because(given(host_cluster(13), act("crash", *nodes)), " and ".join(f'detected("{n}")' for n in nodes))
    assert len(said.sentences) == MOST_SENTENCES
    assert any(re.fullmatch(r"\(\d+ more steps lie between\.\)", s) for s in said.sentences)


def test_in_short_what_was_read_last_is_said() -> None:
    """Of two courses that of each, with its heading; steps that are left out are no reading."""
    assert because(LOST, 'not up("h1")').in_short == ("At the end h1 is off.",)
    nodes = [f"h{number}" for number in range(1, 7)]
    long = because(given(host_cluster(13), act("crash", *nodes)), " and ".join(f'detected("{n}")' for n in nodes))
    assert len(long.in_short) == 1
    assert "lie between" not in long.in_short[0]
    drawn = because(given(host_cluster(3), act("crash", "h1")), 'owner("sql") == "h2"')
    read = "At the end sql is Online on {}. It has no preferred owners."
    assert drawn.in_short == (
        f"In 50 % of all cases it is true, as when sql goes to h2: {read.format('h2')}",
        f"In 50 % of all cases it is false, as when sql goes to h3: {read.format('h3')}",
    )


def test_chance_is_told_with_a_course_of_each_kind() -> None:
    any_node = given(host_cluster(3), act("crash", "h1"))
    said = because(any_node, 'owner("sql") == "h2"').sentences
    assert said[0] == "In 50 % of all cases it is true, as when sql goes to h2:"
    assert "In 50 % of all cases it is false, as when sql goes to h3:" in said
    assert len([s for s in said if "h1 loses its power" in s]) == 1, "what both courses share is told once"
    assert because(any_node, 'owner("sql") == "h2"') == because(any_node, 'owner("sql") == node', node="h2")
    for text, last in (
        ('certain(online("sql"))', "In 100 % of all cases it is true."),
        ('certain(owner("sql") == "h2")', "In 50 % of all cases it is true."),
        ('possible(owner("sql") == "h1")', "In 0 % of all cases it is true."),
    ):
        assert because(any_node, text).sentences[-1] == last
    wrong = because(any_node, 'certain(owner("sql") == "h2")').sentences
    assert "At the end sql is Online on h3. It has no preferred owners." in wrong


def test_what_chance_leaves_open_stays_open_where_it_does_not_matter() -> None:
    said = because(given(host_cluster(3), act("crash", "h1")), 'online("sql")').sentences
    assert said[-1] == "At the end sql is Online on h2 or h3. It has no preferred owners."
    assert not any("chance" in sentence for sentence in said)


# -- for those who show a trace -------------------------------------------------------------------------------------


def test_several_claims_together() -> None:
    trace = simulate(LOST).trace
    both = explain_claims([parse_claim('online("sql")'), parse_claim('up("h1")')], trace, {})
    assert both.events[0].kind == "crash"
    assert len(both.events) == len(set(both.events)) == len(both.sentences)
    nothing = explain_claims([parse_claim('property("c", "SameSubnetDelay") == 1000')], trace, {})
    assert [event.kind for event in nothing.events] == ["crash"], "where no event decides, what was done is told"
    assert nothing.sentences[-1].startswith("SameSubnetDelay of c is 1000")
    quiet = simulate(host_cluster(2)).trace
    assert explain_claims([], quiet, {}).sentences == ("Nothing happens, and everything goes on as it was.",)


def test_silence_is_told_once_for_each_fault_that_nothing_followed() -> None:
    trace = simulate(given(virtual(3), act("hang", "v2"))).trace
    [reason] = explain_silence(trace)
    assert reason.startswith("the heartbeat of hv runs between h1, h2, h3")
    quiet = explain_things(trace, frozenset())
    assert [event.subject for event in quiet.events] == ["v2"]
    assert quiet.sentences == ("00:00  v2 stops responding; it is still on", f"00:00  … {reason}")
    assert quiet.rules == ("guest-heartbeat",)
    assert explain_things(simulate(LOST).trace, frozenset({"sql"})).events[-1].kind == "online"
    assert explain_things(simulate(host_cluster(2)).trace, frozenset()).events == ()


def test_an_event_is_told_with_its_causes_and_its_number() -> None:
    trace = simulate(LOST).trace
    removed = next(event for event in trace.events if event.kind == "removed")
    assert explain_event(trace, removed.seq) == (
        "00:00  h1 loses its power",
        "00:05  c has not heard h1 for 5 s and takes it for failed",
        "00:05  h2, h3 remove h1 from the membership of c (event 1135)",
    )
    assert [at_time(ms) for ms in (61_250, 3_599_900, 3_600_000, 36_005_000)] == [
        "01:01.2", "59:59.9", "1:00:00", "10:00:05",
    ]  # fmt: skip
