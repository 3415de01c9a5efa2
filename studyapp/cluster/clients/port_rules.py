"""Which host of an NLB cluster answers a client: port rules, weights, priorities, affinity. Pure functions of a state.

Every host hears every packet and decides for itself whether it is the one to answer. Here each client has a place
between 0 and 1, and the hosts that share the load divide that stretch by their weights, in the order of their host
priorities: the host on whose part the place lies is responsible. Hosts that agree on who takes part are one part of the
cluster; whoever reaches several parts is answered by each, and takes the first answer.

A stand-in: which client is where is decided in the product by a hash that is nobody's promise. Here it is FNV-1a over
the text that affinity goes by (address and source port, address, or its network), stirred by the end of MurmurHash3 so
that neighbours land far apart. Whether two clients hit the same host may be asked; which host it is means nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import NamedTuple

from studyapp.cluster import view
from studyapp.cluster.rules import Rules
from studyapp.cluster.scenario import PortRule, Scenario, Service
from studyapp.cluster.trace import State

Shares = tuple[tuple[str, Fraction], ...]
"""Hosts in the order of their host priorities, each with its share of the clients; together 1, or nothing."""
Cell = tuple[str, Fraction, bool]
"""A host, the share of the clients that it is responsible for, and whether it answers them."""
NOBODY = "none"
WORD = 1 << 32


def place(text: str) -> Fraction:
    """Where between 0 and 1 a text lands: the model's stand-in for the product's hash."""
    mixed = 0x811C9DC5
    for byte in text.encode():
        mixed = (mixed ^ byte) * 0x01000193 % WORD
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
        mixed = (mixed ^ mixed >> shift) * factor % WORD
    return Fraction(mixed, WORD)


# -- settings -----------------------------------------------------------------------------------------------------


def in_force(scenario: Scenario, state: State, cluster: str) -> tuple[PortRule, ...]:
    """The port rules that the hosts of a cluster go by: as they were when these converged last."""
    found: tuple[PortRule, ...] | None = state.get(("rules", cluster))
    return found if found is not None else scenario.nlb[cluster].rules


def as_set(scenario: Scenario, state: State, cluster: str) -> tuple[PortRule, ...]:
    """The port rules as they were set last, whether or not the hosts have converged since."""
    found: tuple[PortRule, ...] | None = state.get(("rules-set", cluster))
    return found if found is not None else scenario.nlb[cluster].rules


def rule_for(rules: tuple[PortRule, ...], port: int | None) -> PortRule | None:
    """The port rule that covers a port; without a port the one that covers all. None: no rule does.

    Services are asked over TCP, so a rule for UDP alone covers none.
    """
    every = PortRule()
    first, last = (every.first, every.last) if port is None else (port, port)
    return next((r for r in rules if r.first <= first and last <= r.last and r.protocol != "udp"), None)


def rule_of(scenario: Scenario, state: State, service: Service, port: int | None = None) -> PortRule | None:
    """The port rule for a balanced service, or for another port of its cluster."""
    return rule_for(in_force(scenario, state, service.target), service.port if port is None else port)


def rule_name(cluster: str, rule: PortRule) -> str:
    """The name of a port rule: its cluster and first port."""
    return f"{cluster}:{rule.first}"


def overlap(a: PortRule, b: PortRule) -> bool:
    """Two rules cover the same port of a protocol, which no cluster has."""
    same_protocol = "both" in (a.protocol, b.protocol) or a.protocol == b.protocol
    return same_protocol and a.first <= b.last and b.first <= a.last


def rule_state(state: State, rule: str, node: str) -> str:
    """`Enabled`, `Disabled` or `Draining`: what a host does with new clients of a rule."""
    return str(state.get(("rule-state", rule, node), "Enabled"))


def priority(scenario: Scenario, state: State, cluster: str, node: str) -> int:
    """The host priority of a host: the one it joined with, the one given, else its place among the nodes."""
    made_of = scenario.nlb[cluster]
    found = state.get(("nlb-priority", cluster, node))
    if found is None and made_of.priorities:
        found = dict(made_of.priorities).get(node)
    return int(found) if found is not None else made_of.nodes.index(node) + 1


def by_priority(scenario: Scenario, state: State, cluster: str, hosts: Iterable[str]) -> list[str]:
    """Hosts by their host priorities, the highest (lowest number) first."""
    wanted = frozenset(hosts)
    known = [n for n in view.nodes(scenario, state, cluster) if n in wanted]
    return sorted(known, key=lambda n: priority(scenario, state, cluster, n))


def load_weight(scenario: Scenario, rule: PortRule, node: str) -> int:
    """The load weight of a host in a rule: the one given, else the product's."""
    found = dict(rule.weights).get(node)
    return int(found if found is not None else scenario.fact["nlb.default_weight"].value)


def handling_priority(scenario: Scenario, state: State, cluster: str, rule: PortRule, node: str) -> int:
    """The handling priority of a host in a rule: the one given, else its host priority."""
    found = dict(rule.priorities).get(node)
    return found if found is not None else priority(scenario, state, cluster, node)


def is_deaf(scenario: Scenario, state: State, cluster: str, node: str) -> bool:
    """A guest in unicast mode that may not use the cluster's MAC address: nothing sent to the cluster reaches it."""
    unicast = view.nlb_mode(scenario, state, cluster, node) == "unicast"
    return unicast and node in scenario.vm and not view.may_spoof(scenario, state, node)


def remembers(scenario: Scenario, rule: PortRule) -> bool:
    """Extended affinity: the rule keeps a client with its host for a time, where the release can."""
    affine = rule.filter == "multiple" and rule.affinity != "none"
    return affine and rule.timeout_ms > 0 and bool(scenario.fact["feature.extended_affinity"].value)


# -- who is responsible -------------------------------------------------------------------------------------------


def takers(
    scenario: Scenario, rules: Rules, state: State, cluster: str, rule: PortRule | None, table: Iterable[str]
) -> Shares:
    """How hosts that agree on who takes part divide the clients of a rule among themselves."""
    hosts = by_priority(scenario, state, cluster, table)
    if rule is None:
        return tuple((n, Fraction(1)) for n in hosts[:1]) if rules.default_host_serves() else ()
    left_out = state.get(("rule-left-out", rule_name(cluster, rule)), ())
    hosts = [n for n in hosts if n not in left_out]
    if rule.filter == "disabled" or not hosts:
        return ()
    if rule.filter == "single":
        first = min(hosts, key=lambda n: handling_priority(scenario, state, cluster, rule, n))
        return ((first, Fraction(1)),)
    weights = [(n, load_weight(scenario, rule, n)) for n in hosts]
    in_all = sum(weight for _, weight in weights)
    return tuple((n, Fraction(weight, in_all)) for n, weight in weights if weight)


def sides_of_clients(scenario: Scenario, state: State) -> tuple[int | None, ...]:
    """Where clients are: spread evenly over the sides of a partition that have a machine; all in one place without."""
    sides: tuple[frozenset[str], ...] = state.get(("partition",), ())
    machines = frozenset(scenario.machines)
    return tuple(number for number, side in enumerate(sides) if side & machines) or (None,)


def side_of_client(scenario: Scenario, state: State, address: str) -> int | None:
    """Where one client is."""
    sides = sides_of_clients(scenario, state)
    return sides[int(place(f"{address} is on side") * len(sides))]


def is_reached(scenario: Scenario, state: State, cluster: str, node: str, side: int | None) -> bool:
    """What clients on a side send to the cluster comes to this host, and its answer to them."""
    if is_deaf(scenario, state, cluster, node) or not view.reached_by_clients(scenario, state, node):
        return False
    own = view.side_of(scenario, state, node)
    return own is None or side is None or own == side


class Part(NamedTuple):
    """Hosts that agree on who takes part, and how these divide the clients; of them `hosts` are reached and answer."""

    shares: Shares
    hosts: tuple[str, ...]

    def at(self, where: Fraction) -> str | None:
        """The host on whose part a place lies."""
        for node, share in self.shares:
            where -= share
            if where < 0:
                return node
        return None


def parts(
    scenario: Scenario, rules: Rules, state: State, cluster: str, rule: PortRule | None, side: int | None
) -> tuple[Part, ...]:
    """The parts of a cluster that clients on a side reach, that of the highest host priority first."""
    found: dict[frozenset[str], list[str]] = {}
    name = rule_name(cluster, rule) if rule is not None else ""
    for node in by_priority(scenario, state, cluster, view.nodes(scenario, state, cluster)):
        table: frozenset[str] = state[("nlb-table", cluster, node)]
        if table and is_reached(scenario, state, cluster, node, side):
            hosts = found.setdefault(table, [])
            if state[("nlb", cluster, node)] != "Draining" and rule_state(state, name, node) == "Enabled":
                hosts.append(node)
    return tuple(
        Part(takers(scenario, rules, state, cluster, rule, table), tuple(hosts)) for table, hosts in found.items()
    )


def first_answer(
    found: tuple[Part, ...], where: Fraction, works: Callable[[str], bool], known: str | None = None
) -> tuple[str, bool]:
    """Who answers a client at a place: of the responsible hosts the first that works, else the first (False).

    `known` is the host that a rule with extended affinity remembers for it.
    """
    first = None
    for part in found:
        node = known if known in dict(part.shares) else part.at(where)
        if node is not None:
            if node in part.hosts and works(node):
                return node, True
            first = first or node
    return first or NOBODY, False


def cells(found: tuple[Part, ...], works: Callable[[str], bool]) -> tuple[Cell, ...]:
    """How new clients on one side fare, in the order of their places."""
    if len(found) == 1 and found[0].shares:
        (part,) = found
        return tuple((node, share, node in part.hosts and works(node)) for node, share in part.shares)
    edges = {Fraction(0), Fraction(1)}
    for part in found:
        edges.update(itertools.accumulate(share for _, share in part.shares))
    told = []
    for low, high in itertools.pairwise(sorted(edges)):
        node, answers = first_answer(found, low, works)
        told.append((node, high - low, answers))
    return tuple(told)


# -- clients ------------------------------------------------------------------------------------------------------


def affinity_text(scenario: Scenario, rule: PortRule | None, address: str, port: int) -> str:
    """What of a client decides its place: without affinity address and source port, else the address or its network."""
    affinity = rule.affinity if rule is not None and rule.filter == "multiple" else "single"
    if affinity == "network":
        octets = int(scenario.fact["nlb.affinity_network_bits"].value) // 8
        return ".".join(address.split(".")[:octets])
    return f"{address}:{port}" if affinity == "none" else address


def known_hosts(scenario: Scenario, state: State, cluster: str, rule: PortRule | None) -> dict[str, str]:
    """The hosts that a rule with extended affinity remembers, by what affinity goes by."""
    if rule is None or not remembers(scenario, rule):
        return {}
    return {text: host for text, host, _ in state.get(("known", rule_name(cluster, rule)), ())}
