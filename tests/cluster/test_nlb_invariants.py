"""Whatever happens to balanced hosts and in whatever order, these hold."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studyapp.cluster import simulate, view
from studyapp.cluster.clients import service
from studyapp.cluster.scenario import Act, NlbCluster, PortRule, Scenario, Service, Step
from studyapp.cluster.trace import Trace
from tests.cluster import build

HOSTS = ("v1", "v2", "v3", "v4")
MACHINES = (*HOSTS, "h1", "h2", "h3", "h4")
ADDRESSES = tuple(f"10.0.0.{n}" for n in range(1, 9))
RULES = (
    (PortRule(),),
    (PortRule(filter="single"),),
    (PortRule(80, 80, affinity="none"),),
    (PortRule(timeout_ms=9000),),
    (),
)
SERVICES = (Service("web", "nlb", "f", 80, "in-memory"), Service("app", "runs_on", "v2", state="in-memory"))


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Four virtual machines, one a host; the last may be no node yet."""
    nodes = HOSTS[: draw(st.integers(3, 4))]
    mode = draw(st.sampled_from(["multicast", "multicast", "unicast"]))
    farm = NlbCluster("f", nodes, mode, rules=draw(st.sampled_from(RULES)))
    made = replace(build.machines(4, 4), clusters=(farm,), services=SERVICES)
    if mode == "unicast":
        made = replace(made, vms=tuple(replace(vm, mac_spoofing=vm.name != "v1") for vm in made.vms))
    clock = 0
    steps: list[Step] = []
    known = {f"f:{rule.first}" for rule in farm.rules}
    for act in (
        act for act in draw(st.lists(acts(), max_size=7)) if act.verb != "set" or known.issuperset(act.subjects)
    ):
        if draw(st.booleans()):
            clock += draw(st.integers(0, 12_000))
            steps.append(Step((act,), None if any(s.at_ms is None for s in steps) else clock))
        else:
            steps.append(Step((act,)))
    return replace(made, timeline=tuple(steps))


@st.composite
def acts(draw: st.DrawFn) -> Act:
    kind = draw(
        st.sampled_from(["machine", "machine", "host", "host", "network", "load", "join", "fail", "set", "set"])
    )
    if kind == "machine":
        verb = draw(st.sampled_from(["crash", "hang", "start", "rejoin"]))
        return Act(verb, (draw(st.sampled_from(MACHINES)),))
    if kind == "host":
        verb = draw(st.sampled_from(["stop-node", "start-node", "drain-stop", "suspend", "resume-node", "evict"]))
        limit = draw(st.sampled_from([None, 4000])) if verb == "drain-stop" else None
        return Act(verb, (draw(st.sampled_from(HOSTS)),), timeout_ms=limit)
    if kind == "network":
        cut = draw(st.integers(1, 3))
        return draw(
            st.sampled_from(
                [
                    Act("partition", sides=(("h1", "h2", "h3", "h4")[:cut], ("h1", "h2", "h3", "h4")[cut:])),
                    Act("partition", sides=(("h1",), ("h2", "h3"))),
                    Act("heal", ("all",)),
                    Act("lose", ("lan",)),
                    Act("restore", ("lan",)),
                    Act("isolate", ("v2",), direction=draw(st.sampled_from(["both", "in", "out"]))),
                ]
            )
        )
    if kind == "load":
        lasts = draw(st.sampled_from([None, 3000, 30_000]))
        name = draw(st.sampled_from(["web", "app"]))
        return Act("load", (name,), clients=draw(st.integers(1, 40)), addresses=ADDRESSES, lasts_ms=lasts)
    if kind == "set":
        return draw(rule_settings())
    if kind == "join":
        return Act("join", (draw(st.sampled_from(HOSTS)),), to="f", priority=draw(st.sampled_from([None, 1, 9])))
    return Act(draw(st.sampled_from(["fail", "repair"])), ("web",), node=draw(st.sampled_from(HOSTS)))


@st.composite
def rule_settings(draw: st.DrawFn) -> Act:
    """A setting of a port rule, for all hosts or for one."""
    choices: dict[str, tuple[int | str, ...]] = {
        "LoadWeight": (0, 1, 100, 101),
        "HandlingPriority": (1, 2, 32, 33),
        "Mode": ("Multiple", "Single", "Disabled"),
        "Affinity": ("Single", "Network"),
        "Timeout": (0, 1),
        "State": ("Enabled", "Disabled"),
    }
    name = draw(st.sampled_from(sorted(choices)))
    value = draw(st.sampled_from(choices[name]))
    act = Act("set", (draw(st.sampled_from(["f:0", "f:80"])),), property=name, value=value)
    if name in ("LoadWeight", "HandlingPriority", "State") and draw(st.booleans()):
        act = replace(act, value=None, values=((draw(st.sampled_from(HOSTS)), value),))
    if name == "State" and value == "Disabled" and draw(st.booleans()):
        act = replace(act, drain=True, timeout_ms=draw(st.sampled_from([None, 4000])))
    return act


def check(trace: Trace) -> None:
    asked = sum(act.clients for step in trace.scenario.timeline for act in step.acts)
    before = (0, 0)
    for event in trace.events:
        assert (event.cause is None) == (event.rule == "timeline"), f"nothing happens without a cause: {event}"
        assert event.cause is None or event.cause < event.seq
        assert "None" not in event.detail
    for _, state in trace.moments():
        nodes = view.nodes(trace.scenario, state, "f")
        for name in ("web", "app"):
            assert sum(share for _, share, _ in service.spread(trace, state, name)) == 1
        for node in nodes:
            table, raw = state["nlb-table", "f", node], state["nlb", "f", node]
            assert node in state["nlb-side", "f", node]
            assert not table or node in table or raw == "Draining"
            assert not table or raw in ("Converging", "Converged", "Draining")
            assert raw != "Converged" or table
        lost = tuple(
            sum(state.get((kind, s), 0) for s in ("web", "app")) for kind in ("requests-lost", "sessions-lost")
        )
        assert before[0] <= lost[0] <= asked
        assert before[1] <= lost[1] <= asked
        before = (lost[0], lost[1])
    shown = {n: view.nlb_state(trace.end, "f", n) for n in view.nodes(trace.scenario, trace.end, "f")}
    assert "Converging" not in shown.values(), "it has settled"
    parts = view.sides(trace.scenario, trace.end, "f")
    assert all(
        trace.end["nlb-table", "f", n] == {m for m in part if shown[m] == "Converged"}
        for part in parts
        for n in part
        if shown[n] == "Converged"
    )


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios())
def test_invariants_hold(scenario: Scenario) -> None:
    trace = simulate(scenario).trace
    check(trace)
    assert simulate(scenario, eager=True).trace.events == trace.events


@pytest.mark.nightly
@settings(max_examples=4000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios())
def test_invariants_hold_over_many(scenario: Scenario) -> None:
    check(simulate(scenario).trace)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios())
def test_repair_of_everything_brings_every_host_back(scenario: Scenario) -> None:
    whole = (
        Step((Act("heal", ("all",)), Act("rejoin", MACHINES), Act("restore", ("lan",)), Act("repair", ("web",)))),
        Step((Act("start", ("h1", "h2", "h3", "h4")),)),
        Step((Act("start", HOSTS),)),
        Step((Act("resume-node", HOSTS),)),
        Step((Act("start-node", HOSTS),)),
    )
    trace = simulate(replace(scenario, timeline=(*scenario.timeline, *whole))).trace
    nodes = view.nodes(scenario, trace.end, "f")
    assert view.members(scenario, trace.end, "f") == nodes, [e.detail for e in trace.events]
    deaf = [n for n in nodes if scenario.nlb["f"].mode == "unicast" and n == "v1"]
    together = tuple(n for n in nodes if n not in deaf)
    assert set(view.sides(scenario, trace.end, "f")) == {part for part in (together, tuple(deaf)) if part}
