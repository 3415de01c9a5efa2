"""What people commonly believe instead: each replaces one rule, and a run under it gives what they would predict.

How each is told kindly stands in `data/misconceptions.toml`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from studyapp.cluster import view
from studyapp.cluster.nodes import membership
from studyapp.cluster.roles.placement import MANUAL
from studyapp.cluster.rules import Rules
from studyapp.cluster.scenario import PortRule
from studyapp.cluster.truth import TRUTH
from studyapp.cluster.votes import Table
from studyapp.cluster.world import World


@dataclass(frozen=True, slots=True)
class Misconception:
    """`rule` names the field of `Rules` that `instead` replaces."""

    name: str
    rule: str
    instead: Callable[..., Any]


def _no_application_failed(world: World, machine: str) -> bool:
    return not any(key[0] == "app" and key[2] == machine and value for key, value in world.state.items())


def _heartbeat_sees_applications(world: World, node: str) -> bool:
    return view.answers(world.state, node) and _no_application_failed(world, node)


def _one_missed_heartbeat(world: World, cluster: str, a: str, b: str) -> int:
    if cluster in world.scenario.nlb:
        return world.setting(cluster, "AliveMsgPeriod")
    return membership.heartbeat_value(world, cluster, "SameSubnetDelay")


def _majority_of_survivors(world: World, cluster: str, side: frozenset[str]) -> int:
    return view.votes_present(world.scenario, world.state, cluster, tuple(side))


def _from_the_top(world: World, role: str, reason: str, able: tuple[str, ...]) -> tuple[str, ...]:
    preferred = world.scenario.role[role].preferred
    if not preferred or reason == MANUAL:
        return TRUTH.successors(world, role, reason, able)
    return tuple(n for n in (*preferred, *able) if n in able)[:1]


def _goes_home(world: World, role: str, node: str) -> bool:
    return node == world.scenario.role[role].owner or TRUTH.goes_back(world, role, node)


def _apart_by_default(world: World, role: str) -> frozenset[str]:
    vm = world.scenario.role[role].vm
    clusters = view.clusters_of(world.scenario, world.state, vm) if vm is not None else ()
    return TRUTH.kept_apart(world, role) | {cluster.name for cluster in clusters}


def _nlb_checks_applications(world: World, cluster: str, node: str) -> bool:
    return view.answers(world.state, node) and not any(
        view.application_fails(world.state, service.name, node)
        for service in world.scenario.services
        if service.target == cluster
    )


def _has_affinity(rule: PortRule | None) -> bool:
    return rule is not None and rule.filter == "multiple" and rule.affinity != "none"


def _votes_never_change(world: World, cluster: str, side: tuple[str, ...], before: Table, witness: bool) -> Table:
    everyone = view.nodes(world.scenario, world.state, cluster)
    voters = frozenset(n for n in everyone if view.weight(world.scenario, world.state, cluster, n))
    vote = int(world.scenario.failover[cluster].witness is not None)
    return Table(before.epoch + 1, voters, None, vote, before.settings)


def _witness_always_votes(world: World, cluster: str, side: tuple[str, ...], before: Table, witness: bool) -> Table:
    table = TRUTH.recount(world, cluster, side, before, witness)
    if world.scenario.failover[cluster].witness is None:
        return table
    return table._replace(witness=1, without=None)


ALL = (
    Misconception("heartbeat-sees-applications", "heartbeat_shows", _heartbeat_sees_applications),
    Misconception("one-missed-heartbeat-is-death", "silence_limit", _one_missed_heartbeat),
    Misconception("half-is-enough", "majority", lambda present, total: present * 2 >= total),
    Misconception("majority-of-survivors", "votes_total", _majority_of_survivors),
    Misconception("votes-never-change", "recount", _votes_never_change),
    Misconception("witness-always-votes", "recount", _witness_always_votes),
    Misconception("host-cluster-sees-guests", "guest_seen", lambda world, role, what: True),
    Misconception("guest-cluster-restarts-the-vm", "guest_cluster_boots", lambda: True),
    Misconception("live-migration-saves-a-dead-host", "lost_host_moves", lambda world, role: True),
    Misconception("preferred-owner-from-the-top", "successors", _from_the_top),
    Misconception("failback-by-itself", "goes_back", _goes_home),
    Misconception("anti-affinity-by-default", "kept_apart", _apart_by_default),
    Misconception("failover-shares-load", "servers", lambda owner, members: members()),
    Misconception("failover-keeps-memory", "memory_lost", lambda: False),
    Misconception("nlb-checks-applications", "nlb_heartbeat_shows", _nlb_checks_applications),
    Misconception("nlb-needs-quorum", "nlb_serves", lambda heard, in_all: heard * 2 > in_all),
    Misconception("nlb-moves-sessions", "sessions_move", lambda: True),
    Misconception("affinity-saves-state", "affinity_keeps_state", _has_affinity),
    Misconception("no-rule-drops-traffic", "default_host_serves", lambda: False),
    Misconception("resume-starts-the-host", "resumed_host_starts", lambda: True),
)

MISCONCEPTIONS: dict[str, Misconception] = {m.name: m for m in ALL}


def believing(name: str | None) -> Rules:
    """The rules under a misconception, or the truth for None.

    Raises KeyError for a name that is not in `MISCONCEPTIONS`.
    """
    if name is None:
        return TRUTH
    held = MISCONCEPTIONS[name]
    return replace(TRUTH, **{held.rule: held.instead})
