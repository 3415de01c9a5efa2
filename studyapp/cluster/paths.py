"""Ways to storage: a node's own, and, to a Cluster Shared Volume, that of another node of its cluster.

A node that has lost its own way to a shared volume goes on with it: what it reads and writes is redirected over the
cluster's networks through a node that reaches the volume. Slower, which the model does not know, but nothing stops.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from studyapp.cluster import view
from studyapp.cluster.scenario import Scenario, Storage
from studyapp.cluster.trace import State


def layers(scenario: Scenario, storage: str) -> Iterator[Storage]:
    """The storage, then what it lies within, to the outermost."""
    name: str | None = storage
    while name is not None:
        yield scenario.store[name]
        name = scenario.store[name].within


def is_shared_volume(scenario: Scenario, storage: str) -> bool:
    """A Cluster Shared Volume, or something on one."""
    return any(made_of.kind == "csv" for made_of in layers(scenario, storage))


def redirected_through(scenario: Scenario, state: State, storage: str, node: str) -> str | None:
    """The member of the node's cluster through which it would use a shared volume without a way of its own (a guest,
    through its host); None where there is none, before there were such volumes, and for any other storage.
    """
    if not is_shared_volume(scenario, storage):
        return None
    node = view.host_of(state, node) or node
    for cluster in scenario.failover:
        rows = scenario.facts_of[state.get(("level", cluster)) or scenario.level[cluster]]
        side = state.get(("side", cluster, node), frozenset())
        if not side or not rows["feature.redirected_io"].value:
            continue
        for other in view.running_nodes(scenario, state, cluster):
            near = other != node and other in side and view.storage_attached(scenario, state, storage, other)
            if near and view.joined_by_network(scenario, state, node, other):
                return other
    return None


def storage_reached(scenario: Scenario, state: State, storage: str, node: str) -> bool:
    """A node reaches a storage, by a way of its own or through another node."""
    if view.storage_attached(scenario, state, storage, node):
        return True
    return redirected_through(scenario, state, storage, node) is not None


@lru_cache(maxsize=16)
def shared_volumes(scenario: Scenario) -> tuple[str, ...]:
    """The Cluster Shared Volumes of a scenario, and what lies on them."""
    return tuple(name for name in scenario.store if is_shared_volume(scenario, name))


@lru_cache(maxsize=16)
def partly_attached(scenario: Scenario) -> frozenset[str]:
    """The shared volumes that some host is not attached to."""
    outermost = {name: tuple(layers(scenario, name))[-1].name for name in shared_volumes(scenario)}
    return frozenset(name for name, root in outermost.items() if any(root not in h.storage for h in scenario.hosts))


def used_through_others(scenario: Scenario, state: State) -> frozenset[str]:
    """The shared volumes that some host may have no way of its own to: it is not attached, or a partition lies between.
    Those that are lost to everybody are not told apart.
    """
    apart = frozenset[str]().union(*state.get(("partition",), ()))
    found = partly_attached(scenario)
    if not apart:
        return found
    return found.union(s for s in shared_volumes(scenario) if any(each.name in apart for each in layers(scenario, s)))
