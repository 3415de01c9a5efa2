"""Load balancing of virtual machines: hosts whose memory is used beyond a threshold hand some of them to others, live.

The model's own definition of which: host by host in the order of node ids, the largest first, each to the host that has
most of its memory free and stays within the threshold.
"""

from __future__ import annotations

from studyapp.cluster import view
from studyapp.cluster.moves import migration
from studyapp.cluster.roles import placement
from studyapp.cluster.scenario import Role
from studyapp.cluster.world import Handler, World

AT_INTERVALS = 2
"""AutoBalancerMode: 0 never, 1 when a node joins, 2 also at intervals."""


def begin(world: World) -> None:
    """Set the clocks of the clusters that look at intervals; only where sizes are given is there anything to see."""
    for cluster in world.scenario.failover:
        if _has_sizes(world, cluster) and world.has("vm_load_balancing", cluster):
            _set_clock(world, cluster)


def _has_sizes(world: World, cluster: str) -> bool:
    scenario = world.scenario
    sized = any(n in scenario.host and scenario.host[n].memory for n in view.nodes(scenario, world.state, cluster))
    return sized and any(r.vm is not None and scenario.vm[r.vm].memory for r in scenario.roles_of[cluster])


def _set_clock(world: World, cluster: str) -> None:
    interval = world.number("balancer.interval", cluster)
    world.after(interval, "balance-at-intervals", cluster, cause=None, background=True)


def at_intervals(world: World, cluster: str, *, cause: int | None) -> None:
    """The time has come to look; nothing to see where nothing has changed."""
    looked = world.memo.get(("balanced", cluster))
    if world.setting(cluster, "AutoBalancerMode") == AT_INTERVALS and looked != len(world.changes):
        balance(world, cluster, None)
        world.note(("balanced", cluster), len(world.changes))
    _set_clock(world, cluster)


def newcomer(world: World, cluster: str, *, cause: int | None) -> None:
    """A node has joined: it may take a share."""
    if (
        _has_sizes(world, cluster)
        and world.has("vm_load_balancing", cluster)
        and world.setting(cluster, "AutoBalancerMode")
    ):
        balance(world, cluster, cause)


def balance(world: World, cluster: str, cause: int | None) -> None:
    """Move virtual machines off the hosts that are beyond the threshold. Where they are has to be known only when a
    host may be.
    """
    scenario = world.scenario
    limit = world.number(f"balancer.threshold.{world.setting(cluster, 'AutoBalancerLevel')}", cluster)
    hosts = [n for n in placement.open_nodes(world, cluster) if n in scenario.host and scenario.host[n].memory]
    size = {n: scenario.host[n].memory or 0 for n in hosts}
    loads = placement.memory_loads(world)
    beyond = [n for n in hosts if loads.at_most(n) * 100 > limit * size[n]]
    used = {n: loads.on(world.state, n) for n in (hosts if beyond else ())}
    for host in [n for n in beyond if used[n] * 100 > limit * size[n]]:
        for role in _largest_first(world, cluster, host):
            need = placement.memory_of(world, role)
            able = placement.possible_nodes(world, role)
            fit = [n for n in hosts if n in able and n != host and (used[n] + need) * 100 <= limit * size[n]]
            if used[host] * 100 <= limit * size[host] or not fit:
                continue
            to = max(fit, key=lambda n: size[n] - used[n])
            if migration.move_vm(world, role.name, to, migration.LIVE, cause, rule="balancing"):
                used[host] -= need
                used[to] += need


def _largest_first(world: World, cluster: str, host: str) -> list[Role]:
    found = [
        role
        for role in world.scenario.roles_of[cluster]
        if placement.memory_of(world, role) and view.is_owner(world.state, role.name, host)
    ]
    return sorted(found, key=lambda role: -placement.memory_of(world, role))


HANDLERS: dict[str, Handler] = {"balance-at-intervals": at_intervals, "newcomer": newcomer}
