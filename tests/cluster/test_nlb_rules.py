"""Who answers which client of an NLB cluster: port rules, weights, priorities, affinity, addresses."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from studyapp.cluster import simulate
from studyapp.cluster.clients import port_rules, service
from studyapp.cluster.scenario import Fact, NlbCluster, PortRule, Scenario, Service
from studyapp.cluster.trace import Trace
from studyapp.cluster.truth import TRUTH
from tests.cluster import build
from tests.cluster.build import act, given
from tests.cluster.test_nlb import at, value

HTTP, HTTPS, TELNET = 80, 443, 23


def farm(nodes: int, *rules: PortRule, **options: object) -> Scenario:
    """An NLB cluster `f` over hosts with these port rules; the service `web` asks port 80, `any` names no port."""
    names = tuple(f"h{n + 1}" for n in range(nodes))
    made_of = NlbCluster("f", names, "multicast", rules=rules, **options)  # type: ignore[arg-type]  # options are NlbCluster's own fields
    services = (Service("web", "nlb", "f", HTTP), Service("any", "nlb", "f"))
    return replace(build.machines(nodes), clusters=(made_of,), services=services)


def shares(scenario: Scenario, name: str = "web", port: int | None = None) -> dict[str, Fraction]:
    trace = simulate(scenario).trace
    found: dict[str, Fraction] = {}
    for node, share, _ in service.spread(trace, trace.end, name, port):
        found[node] = found.get(node, Fraction(0)) + share
    return found


def targets(trace: Trace, *clients: str, port: int = 5000) -> list[str]:
    return [service.target(trace, trace.end, "web", client, port) for client in clients]


MANY = tuple(f"10.{a}.{b}.{c}" for a in range(3) for b in range(8) for c in range(1, 26))


# -- which rule ---------------------------------------------------------------------------------------------------


def test_a_rule_covers_its_ports_and_the_first_that_does_is_taken() -> None:
    low, high = PortRule(20, 21), PortRule(21, 80)
    chosen = {port: port_rules.rule_for((low, high), port) for port in (19, 20, 21, 22, 80, 81)}
    assert chosen == {19: None, 20: low, 21: low, 22: high, 80: high, 81: None}


def test_who_names_no_port_has_the_rule_for_all_ports_or_none() -> None:
    every = PortRule()
    assert port_rules.rule_for((PortRule(80, 80), every), None) == every
    assert port_rules.rule_for((PortRule(0, 65534),), None) is None
    assert port_rules.rule_for((PortRule(1, 65535),), None) is None
    assert shares(farm(2, PortRule(HTTP, HTTP)), "any") == {"h1": 1}
    assert shares(farm(2), "web") == {"h1": 1}, "no rules at all: everything is the default host's"


def test_a_rule_for_udp_covers_no_connection() -> None:
    assert shares(farm(2, PortRule(HTTP, HTTP, "udp"))) == {"h1": 1}
    assert shares(farm(2, PortRule(HTTP, HTTP, "udp"), PortRule(HTTP, HTTP, "tcp"))) == {
        "h1": Fraction(1, 2),
        "h2": Fraction(1, 2),
    }
    assert port_rules.rule_name("f", PortRule(HTTP, HTTP)) == "f:80"


# -- who takes what -----------------------------------------------------------------------------------------------


def test_shares_are_exact() -> None:
    thirds = farm(3, PortRule())
    assert shares(thirds) == {n: Fraction(1, 3) for n in ("h1", "h2", "h3")}
    sevenths = farm(3, PortRule(weights=(("h1", 10), ("h2", 20), ("h3", 40))))
    assert shares(sevenths) == {"h1": Fraction(1, 7), "h2": Fraction(2, 7), "h3": Fraction(4, 7)}
    assert shares(farm(3, PortRule(weights=(("h2", 100),))))["h2"] == Fraction(1, 2), "the others have the product's 50"


def test_weight_zero_takes_nothing_and_is_no_disabled_rule() -> None:
    zero = farm(3, PortRule(HTTP, HTTP, weights=(("h1", 0),)))
    assert shares(zero) == {"h2": Fraction(1, 2), "h3": Fraction(1, 2)}
    assert shares(zero, "web", HTTPS) == {"h1": 1}, "it is still the default host"
    nobody = farm(2, PortRule(weights=(("h1", 0), ("h2", 0))))
    assert shares(nobody) == {"none": 1}
    assert value(nobody, 'available("web")') is False


def test_one_host_takes_all_by_handling_priority() -> None:
    single = farm(3, PortRule(filter="single", priorities=(("h1", 3), ("h2", 1), ("h3", 2))))
    assert shares(single) == {"h2": 1}
    assert shares(given(single, act("crash", "h2"))) == {"h3": 1}
    assert shares(farm(3, PortRule(filter="single"))) == {"h1": 1}, "left out, the host priority"
    assert shares(farm(3, PortRule(filter="single", priorities=(("h3", 0),)))) == {"h3": 1}


def test_a_disabled_rule_answers_nobody() -> None:
    off = farm(2, PortRule(TELNET, TELNET, filter="disabled"), PortRule(HTTP, HTTP))
    assert shares(off, "web", TELNET) == {"none": 1}
    assert value(off, 'available("web", 23)') is False
    assert value(off, 'available("web")') is True
    assert value(off, 'share("web", "h1")') == 0.5


def test_the_default_host_is_the_lowest_number_that_shares_the_load() -> None:
    numbers = farm(3, PortRule(HTTP, HTTP), priorities=(("h1", 9), ("h2", 4), ("h3", 6)))
    assert value(numbers, 'default_host("f")') == "h2"
    crash = given(numbers, at(1000, act("crash", "h2")))
    assert value(crash, 'at(2, default_host("f"))') == "h2", "until the others have converged"
    assert value(crash, 'default_host("f")') == "h3"
    assert value(crash, 'available("any")') is True
    assert value(given(numbers, act("crash", "h1", "h2", "h3")), 'default_host("f")') == "none"


def test_a_place_belongs_to_hosts_in_the_order_of_their_priorities() -> None:
    numbers = farm(3, PortRule(), priorities=(("h1", 9), ("h2", 4), ("h3", 6)))
    trace = simulate(numbers).trace
    assert [node for node, _, _ in service.spread(trace, trace.end, "web")] == ["h2", "h3", "h1"]
    [part] = port_rules.parts(numbers, TRUTH, trace.end, "f", PortRule(), None)
    places = [Fraction(0), Fraction(1, 3), Fraction(2, 3), Fraction(999, 1000), Fraction(1)]
    assert [part.at(place) for place in places] == ["h2", "h3", "h1", "h1", None]


def test_a_service_whose_application_fails_keeps_its_share() -> None:
    broken = given(farm(3, PortRule()), act("fail", "web", node="h2", lasting=True))
    trace = simulate(broken).trace
    assert shares(broken)["h2"] == Fraction(1, 3)
    assert service.answered(trace, trace.end, "web") == Fraction(2, 3)
    assert service.answered(trace, trace.end, "any") == 1, "another application"


# -- affinity -----------------------------------------------------------------------------------------------------


def test_what_affinity_goes_by() -> None:
    made = farm(2)
    none, single, network = (PortRule(affinity=a) for a in ("none", "single", "network"))
    texts = [port_rules.affinity_text(made, rule, "10.1.2.3", 5000) for rule in (none, single, network, None)]
    assert texts == ["10.1.2.3:5000", "10.1.2.3", "10.1.2", "10.1.2.3"]
    assert port_rules.affinity_text(made, PortRule(filter="single", affinity="none"), "10.1.2.3", 5000) == "10.1.2.3"


@pytest.mark.parametrize(
    "affinity, same_port, same_network", [("none", False, False), ("single", True, False), ("network", True, True)]
)
def test_equal_clients_land_on_one_host(affinity: str, same_port: bool, same_network: bool) -> None:
    trace = simulate(farm(4, PortRule(affinity=affinity))).trace
    by_port = {service.target(trace, trace.end, "web", "10.0.0.1", port) for port in range(2000, 2100)}
    assert (len(by_port) == 1) is same_port
    assert (len(set(targets(trace, *(f"10.0.0.{n}" for n in range(1, 101))))) == 1) is same_network
    assert len(set(targets(trace, *MANY))) == 4


@pytest.mark.parametrize("weights", [(50, 50, 50), (50, 30, 20), (100, 0, 25)])
def test_many_clients_are_spread_as_the_weights_say(weights: tuple[int, int, int]) -> None:
    named = tuple((f"h{n + 1}", weight) for n, weight in enumerate(weights))
    trace = simulate(farm(3, PortRule(weights=named))).trace
    found = Counter(targets(trace, *MANY))
    for node, weight in named:
        assert found[node] / len(MANY) == pytest.approx(weight / sum(weights), abs=0.06)
        assert weight or not found[node]


def test_the_stand_in_for_the_hash_never_changes() -> None:
    """Golden cases, and what learners saw yesterday, rest on it."""
    texts = ("10.0.0.1", "10.0.0.2", "10.0.0.1:5000")
    assert [int(port_rules.place(text) * 1000) for text in texts] == [682, 285, 841]


def test_places_are_even_and_neighbours_lie_apart() -> None:
    places = [port_rules.place(f"10.0.0.{n}") for n in range(256)]
    assert all(0 <= place < 1 for place in places)
    assert all(18 <= sum(1 for p in places if int(p * 8) == eighth) <= 50 for eighth in range(8))
    assert len({int(p * 4) for p in places[:16]}) == 4


def test_without_a_timeout_a_change_of_hosts_moves_clients() -> None:
    before = simulate(farm(4, PortRule())).trace
    after = simulate(given(farm(4, PortRule()), act("crash", "h1"))).trace
    stays = [a == b for a, b in zip(targets(before, *MANY), targets(after, *MANY), strict=True) if a != "h1"]
    assert not all(stays)
    assert "h1" not in targets(after, *MANY)


# -- what clients reach -------------------------------------------------------------------------------------------


def test_until_they_have_converged_the_hosts_agree_on_the_dead_one() -> None:
    scenario = given(farm(2, PortRule()), at(0, act("crash", "h1")))
    trace = simulate(scenario).trace
    state = trace.at(4000)
    answers = {node: works for node, _, works in service.spread(trace, state, "web")}
    assert answers == {"h1": False, "h2": True}
    found = {service.target(trace, state, "web", client, 1) for client in MANY}
    assert found == {"h1", "h2"}, "a dead host keeps its clients"


def test_of_two_parts_that_both_answer_the_one_that_works_counts() -> None:
    """Healed, and not yet one again: v1 and v2 share all clients, v3 and v4 share all clients."""
    cut, heal = act("partition", sides=(("h1", "h2"), ("h3", "h4"))), act("heal")
    scenario = given(farm(4, PortRule()), at(0, cut), at(20_000, heal))
    state = (trace := simulate(scenario).trace).at(22_000)
    assert shares_at(trace, 22_000) == {"h1": Fraction(1, 2), "h2": Fraction(1, 2)}
    broken = given(
        scenario,
        *scenario.timeline[:1],
        at(10_000, act("fail", "web", node="h1", lasting=True)),
        *scenario.timeline[1:],
    )
    trace = simulate(broken).trace
    assert shares_at(trace, 22_000) == {"h2": Fraction(1, 2), "h3": Fraction(1, 2)}
    assert service.answered(trace, trace.at(22_000), "web") == 1
    assert service.answered(trace, state, "web") == 1


def shares_at(trace: Trace, ms: int) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for node, share, _ in service.spread(trace, trace.at(ms), "web"):
        found[node] = found.get(node, Fraction(0)) + share
    return found


def test_a_client_is_on_one_side_of_a_cut() -> None:
    trace = simulate(given(farm(4, PortRule()), act("partition", sides=(("h1", "h2"), ("h3", "h4"))))).trace
    found = Counter(targets(trace, *MANY))
    assert set(found) == {"h1", "h2", "h3", "h4"}
    sides = Counter(port_rules.side_of_client(trace.scenario, trace.end, client) for client in MANY)
    assert sides[0] / len(MANY) == pytest.approx(0.5, abs=0.06)
    assert found["h1"] + found["h2"] == sides[0]


def test_a_random_client_is_the_same_on_every_port_and_at_every_time() -> None:
    scenario = given(farm(2, PortRule(HTTP, HTTP), PortRule(HTTPS, HTTPS)), at(0, act("crash", "h1")))
    assert value(scenario, 'at(2, chance(available("web", 80) and available("web", 443)))') == 0.5
    assert value(scenario, 'chance(at(2, available("web")) and available("web"))') == 0.5
    assert value(scenario, 'at(2, chance(available("web") or available("web", 22)))') == 0.5


# -- addresses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mode, address, mac",
    [
        ("unicast", "10.1.2.3", "02-BF-0A-01-02-03"),
        ("multicast", "192.168.255.0", "03-BF-C0-A8-FF-00"),
        ("igmp", "172.31.254.10", "01-00-5E-7F-FE-0A"),
        ("igmp", None, "none"),
        ("unicast", "dhcp", "none"),
    ],
)
def test_the_mac_address_of_each_mode(mode: str, address: str | None, mac: str) -> None:
    made = replace(farm(2), clusters=(NlbCluster("f", ("h1", "h2"), mode, address=address),))
    assert service.mac(made, {}, "f") == mac


# -- extended affinity --------------------------------------------------------------------------------------------


def test_which_rules_remember_their_clients() -> None:
    made = farm(2)
    rules = {a: PortRule(affinity=a, timeout_ms=1000) for a in ("none", "single", "network")}
    assert {a: port_rules.remembers(made, rule) for a, rule in rules.items()} == {
        "none": False,
        "single": True,
        "network": True,
    }
    assert not port_rules.remembers(made, PortRule())
    assert not port_rules.remembers(made, PortRule(filter="single", timeout_ms=1000))
    early = replace(
        made,
        facts=(
            *(f for f in made.facts if f.key != "feature.extended_affinity"),
            Fact("feature.extended_affinity", False, "V", "test"),
        ),
    )
    assert not port_rules.remembers(early, rules["single"])
    assert port_rules.known_hosts(made, {}, "f", None) == {}


# -- whatever the rules -------------------------------------------------------------------------------------------


RULES = st.lists(
    st.builds(
        PortRule,
        first=st.sampled_from([0, 80]),
        last=st.sampled_from([80, 65535]),
        filter=st.sampled_from(["multiple", "multiple", "single", "disabled"]),
        affinity=st.sampled_from(["none", "single", "network"]),
        weights=st.dictionaries(st.sampled_from(["h1", "h2", "h3", "h4"]), st.integers(0, 100)).map(
            lambda d: tuple(d.items())
        ),
    ),
    max_size=2,
)


@settings(max_examples=60, deadline=None)
@examples(RULES, st.sets(st.sampled_from(["h1", "h2", "h3", "h4"])), st.integers(0, 20_000))
def test_every_client_has_one_place_and_targets_agree_with_shares(
    rules: list[PortRule], crashed: set[str], ms: int
) -> None:
    scenario = farm(4, *rules)
    if crashed:
        scenario = given(scenario, act("crash", *sorted(crashed)))
    trace = simulate(scenario).trace
    state = trace.at(ms)
    told = service.spread(trace, state, "web")
    assert sum(share for _, share, _ in told) == 1
    assert all(share > 0 for _, share, _ in told)
    able = {node for node, _, _ in told}
    assert {service.target(trace, state, "web", client, 7) for client in MANY[:60]} <= able
    assert not crashed & {node for node, _, works in told if works}


def test_clients_of_a_role_that_several_nodes_serve_are_spread_too() -> None:
    """Only under a misconception is there anything to spread."""
    broken = given(build.host_cluster(3), at(0, act("fail", "sql", lasting=True)))
    assert value(broken, 'at(1, chance(available("db")))', "failover-shares-load") == pytest.approx(2 / 3)
