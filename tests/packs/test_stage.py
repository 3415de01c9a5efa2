"""The scenarios of a question's variants: placeholders filled, problems told in the question's file."""

from __future__ import annotations

import pytest

from studyapp.cluster.kinds import Value
from studyapp.cluster.scenario import Act, Step
from studyapp.packs.problems import Problem
from studyapp.packs.scenarios import PackStage, StageSource
from studyapp.packs.source import Mapping_, Node, Scalar, read_yaml
from studyapp.questions.question import StageError

HOSTS = """\
release: ws2008r2
hosts: {a: , b: , c: }
clusters: {group: {kind: failover, nodes: [a, b, c]}}
roles: {sql: {cluster: group, owner: a}}
timeline:
- hang: c
"""
FARM = "release: ws2012\nhosts: {a: , b: }\nclusters: {farm: {kind: nlb, nodes: [a, b]}}\n"
AT = Scalar("hosts", 3, 11)


def node(text: str, line_offset: int = 0) -> Node:
    problems: list[Problem] = []
    found = read_yaml(text, "x", problems, line_offset)
    assert found is not None, problems
    return found


def stage(timeline: str | None = None, release: str | None = None, *names: str) -> PackStage:
    written = {"hosts": HOSTS, "farm": FARM, "broken": HOSTS.replace("owner: a", "owner: d")}
    written["dynamic"] = HOSTS.replace("c]}}", "c], quorum: dynamic}}")
    sources = {name: StageSource(node(written[name]), f"scenarios/{name}.yaml") for name in names or ("hosts",)}
    return PackStage(
        sources,
        "questions/q.md",
        AT,
        timeline=node(timeline, 6) if timeline is not None else None,
        release=Scalar(release, 4, 10, release) if release is not None else None,
    )


def told(stage: PackStage, **values: Value) -> list[str]:
    with pytest.raises(StageError) as raised:
        stage(values)
    assert all(isinstance(problem, Problem) for problem in raised.value.problems)
    return [problem.format() for problem in raised.value.problems if isinstance(problem, Problem)]


def test_without_a_timeline_of_its_own_the_scenarios_holds() -> None:
    assert stage()({}).timeline == (Step((Act("hang", ("c",)),)),)
    assert stage("[]")({}).timeline == ()


def test_placeholders_are_filled_in_words_and_in_keys() -> None:
    timeline = '- "{verb}": ["{host}", c]\n- {at: "{n}s", fail: sql, lasting: "{last}"}\n'
    scenario = stage(timeline)({"verb": "crash", "host": "b", "n": 90, "last": True})
    assert scenario.timeline == (
        Step((Act("crash", ("b", "c")),)),
        Step((Act("fail", ("sql",), lasting=True),), 90_000),
    )


def test_a_scalar_that_is_one_placeholder_takes_the_values_type() -> None:
    assert stage('- crash: "{hosts}"')({"hosts": ("a", "b")}).timeline == (Step((Act("crash", ("a", "b")),)),)
    hint = " (write 90s, 90min or another unit: ms s min h)"
    problems = told(stage('- {at: "{n}", crash: a}'), n=90)
    assert problems == ['questions/q.md:7:8: error: duration: at cannot be "90": it has no unit' + hint]
    assert told(stage('- {fail: sql, lasting: "{last}!"}'), last=True) == [
        'questions/q.md:7:24: error: wrong-type: lasting of fail must be true or false, not the word "yes!"'
    ]


def test_braces_that_are_no_placeholder_are_text() -> None:
    assert told(stage('- crash: "{{host}}"'), host="a") == [
        'questions/q.md:7:10: error: unknown-name: there is no host or virtual machine called "{host}"'
    ]
    assert told(stage('- crash: "{hots}"'), host="a") == [
        'questions/q.md:7:10: error: unknown-name: there is no host or virtual machine called "{hots}"'
    ]
    assert "a placeholder is put in quotes" in told(stage("- crash: {host}"), host="a")[0]


def test_every_problem_of_a_variant_is_told_with_its_place() -> None:
    timeline = '- crash: "{host}"\n- hang: "{host}"\n- "{verb}": a\n'
    assert [line.split(": ")[0] for line in told(stage(timeline), host="d", verb="boot")] == [
        "questions/q.md:7:10",
        "questions/q.md:8:9",
        "questions/q.md:9:3",
    ]
    assert "duplicate-key" in told(stage('- {"{x}": a, "{y}": b}'), x="crash", y="crash")[0]


def test_a_release_that_varies() -> None:
    varied = stage()
    assert varied({"release": "ws2008"}).release == "ws2008"
    assert varied({"release": "ws2008r2"}).release == "ws2008r2"
    assert stage(None, "{r}")({"r": "ws2008"}).release == "ws2008"
    assert varied({"release": "ws2012"}).failover["group"].quorum == "dynamic"
    [problem] = told(stage(None, "{r}", "dynamic"), r="ws2008r2")
    assert problem.startswith(
        "questions/q.md:4:10: error: quorum-release: with release ws2008r2: Windows Server 2008 R2 "
    )
    assert problem.endswith("(scenarios/dynamic.yaml:3:62) (use node-majority)")
    assert told(stage(None, "ws2009"))[0].startswith(
        'questions/q.md:4:10: error: unknown-word: with release ws2009: there is no release "ws2009"'
    )


def test_a_scenario_that_varies() -> None:
    varied = stage("- crash: b\n", None, "hosts", "farm")
    assert "group" in varied({"scenario": "hosts"}).failover
    assert "farm" in varied({"scenario": "farm"}).nlb
    assert told(varied, scenario="frm") == [
        'questions/q.md:3:11: error: unknown-scenario: there is no scenario "frm" (did you mean "farm"?)'
    ]
    [problem] = told(stage(None, None, "broken"))
    assert problem.startswith('questions/q.md:3:11: error: not-a-node: scenario broken: owner of role "sql": "d" is ')
    assert problem.endswith("(scenarios/broken.yaml:4:38) (its nodes: a, b, c)")


def test_what_let_sees_is_the_scenario_before_the_questions_timeline() -> None:
    asked = stage('- crash: "{host}"')
    assert asked.initial({"other": 1}).roles == asked({"host": "a"}).roles
    with pytest.raises(StageError):
        asked({})


def test_equal_values_give_the_same_scenario_and_types_are_told_apart() -> None:
    asked = stage('- {fail: sql, lasting: "{last}"}')
    first = asked({"last": True, "unused": 1})
    assert asked({"last": True, "unused": 2}) is first
    with pytest.raises(StageError):
        asked({"last": 1})
    timeline = node('- {fail: sql, lasting: "{last}"}')
    before = repr(timeline)
    asked({"last": False})
    assert repr(timeline) == before
    assert isinstance(node(HOSTS), Mapping_)


# -- what a question says of the scenario ---------------------------------------------------------------------------


def altered(over: str, timeline: str | None = None, release: str | None = None) -> PackStage:
    """The stage of a question that says something of the scenario, on line 9 of its file."""
    written = node(over, 8)
    assert isinstance(written, Mapping_)
    source = StageSource(node(HOSTS), "scenarios/hosts.yaml")
    return PackStage(
        {"hosts": source},
        "questions/q.md",
        AT,
        timeline=node(timeline, 20) if timeline is not None else None,
        release=Scalar(release, 4, 10, release) if release is not None else None,
        over=written,
    )


def test_what_is_said_is_merged_over_the_scenario() -> None:
    scenario = altered("{clusters: {group: {witness: {share: vault}, quorum: node-and-share-majority}}}")({})
    group = scenario.failover["group"]
    assert group.nodes == ("a", "b", "c")
    assert group.witness is not None
    assert group.witness.name == "vault"
    assert scenario.timeline == (Step((Act("hang", ("c",)),)),)


def test_it_takes_placeholders_and_what_let_sees_has_it() -> None:
    stage = altered('{roles: {sql: {owner: "{node}", starts_in: "{n}s"}}}')
    for owner, seconds in (("a", 10), ("b", 20), ("a", 20)):
        values: dict[str, Value] = {"node": owner, "n": seconds}
        for scenario in (stage(values), stage.initial(values)):
            role = scenario.role["sql"]
            assert (role.owner, role.starts_in_ms) == (owner, seconds * 1000)


def test_null_takes_away_and_a_timeline_of_its_own_replaces_that_about_it() -> None:
    over = "{hosts: {c: null}, clusters: {group: {nodes: [a, b]}}}"
    scenario = altered(over, "- crash: a")({})
    assert tuple(scenario.host) == ("a", "b")
    assert scenario.timeline == (Step((Act("crash", ("a",)),)),)
    [problem] = told(altered(over))
    assert problem.startswith("questions/q.md:3:11: error: unknown-name: scenario hosts: there is no host or virtual")
    assert problem.endswith('called "c" (scenarios/hosts.yaml:6:9)')


def test_it_goes_with_another_release() -> None:
    assert altered("{until: 3h}", release="ws2012")({}).release == "ws2012"
    assert altered("{until: 3h}")({}).until_ms == 3 * 3_600_000


@pytest.mark.parametrize(
    "own, question, ends_ms",
    [
        ("", None, None),
        ("until: 3h\n", None, 3 * 3_600_000),
        ("", "90s", 90_000),
        ("until: 3h\n", "90s", 90_000),
        ("until: 3h\n", "0s", 0),
        ("until: 3h\n", '"{end}"', 300_000),
        ("", '"{minutes}min"', 300_000),
    ],
)
def test_the_end_of_a_question_goes_before_that_of_its_scenario(
    own: str, question: str | None, ends_ms: int | None
) -> None:
    for timeline in (None, "- crash: a"):
        stage = PackStage(
            {"hosts": StageSource(node(HOSTS + own), "scenarios/hosts.yaml")},
            "questions/q.md",
            AT,
            timeline=node(timeline, 20) if timeline is not None else None,
            until=node(question, 6) if question is not None else None,
        )
        assert stage({"end": "5min", "minutes": 5}).until_ms == ends_ms


def test_an_end_that_is_none_is_told_where_it_stands() -> None:
    source = StageSource(node(HOSTS), "scenarios/hosts.yaml")
    stage = PackStage({"hosts": source}, "questions/q.md", AT, until=node('"{end}"', 6))
    with pytest.raises(StageError) as raised:
        stage({"end": "soon"})
    [problem] = raised.value.problems
    assert isinstance(problem, Problem)
    assert problem.format().startswith('questions/q.md:7:1: error: duration: until cannot be "soon"')


@pytest.mark.parametrize(
    "over, says",
    [
        ("{roles: {sql: {owner: z}}}", "questions/q.md:9:23: error: not-a-node: "),
        ("{hosts: {z: null}}", 'questions/q.md:9:10: error: nothing-to-remove: there is no "z" to take away'),
        ("{hosts: {a: {memori: 3}}}", 'questions/q.md:9:14: error: unknown-key: host "a" has no key "memori"'),
        ("{roles: {sql: {starts_in: soon}}}", "questions/q.md:9:27: error: duration: "),
        ("{roles: {sql: {cluster: farm}}}", "questions/q.md:9:25: error: unknown-name: "),
    ],
)
def test_what_is_wrong_with_it_is_told_where_it_stands(over: str, says: str) -> None:
    found = told(altered(over))
    assert found[0].startswith(says), found
