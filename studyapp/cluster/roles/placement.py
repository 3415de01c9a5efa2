"""Where a role may run and where it goes: members that take roles, possible owners, storage, memory, roles that are
kept apart, and the documented order of nodes.
"""

from __future__ import annotations

from typing import Final

from studyapp.cluster import paths, view
from studyapp.cluster.chance import OneOf, candidates, decided, is_among
from studyapp.cluster.scenario import Role
from studyapp.cluster.trace import State, Trace
from studyapp.cluster.world import World

NODE, RESOURCE, START, MANUAL = "node", "resource", "start", "manual"
"""Why a role is placed: its node was lost, its resource failed, it starts, or it is moved to the best possible node."""

MOST_HINDERED = 3
"""Nodes of which it is told what keeps a role from them."""
NO_OWNER, NO_STORAGE, NO_MEMORY, CONFLICT = "owner", "storage", "memory", "conflict"
"""What keeps a role from a member that takes roles."""


def last_owner(world: World, role_name: str) -> str:
    """The node that has the role, or had it last. Raises Undecided while chance has left it open."""
    return decided(world.state, world.state[("last-owner", role_name)])


def documented_order(world: World, role_name: str, reason: str, able: tuple[str, ...]) -> tuple[str, ...]:
    """Which of the able nodes gets a role; several mean that chance decides.

    With preferred owners it is the next able node below the last owner, in the list of preferred owners followed by the
    others by id; without, the next id after a resource failure, and any after the loss of a node. The best possible
    node is the first preferred owner that is able, else any.
    """
    role = world.scenario.role[role_name]
    if reason == MANUAL:
        return tuple(n for n in role.preferred if n in able)[:1] or able
    if not role.preferred and reason != RESOURCE:
        return able
    nodes = view.nodes(world.scenario, world.state, role.cluster)
    order = role.preferred + tuple(n for n in nodes if n not in role.preferred)
    last = last_owner(world, role_name)
    start = order.index(last) + 1 if last in order else 0
    below = order[start:] + order[:start]
    return tuple(n for n in below if n in able)[:1]


def classes_in_common(world: World, role_name: str) -> frozenset[str]:
    """The anti-affinity class names of a role: it is kept apart from roles with which it shares one."""
    names = world.by_hand(role_name, "AntiAffinityClassNames")
    return frozenset(names) if isinstance(names, tuple) else frozenset()


def priority(world: World, role: Role) -> int:
    """The priority of a role; in releases that know none every role has the same."""
    if not world.has("group_priority", role.cluster):
        return world.number("priority.medium", role.cluster)
    return world.setting(role.name, "Priority", role.cluster)


def open_nodes(world: World, cluster: str) -> tuple[str, ...]:
    """The members of the side that runs that take roles: those that answer and are neither paused nor leaving."""
    scenario, state = world.scenario, world.state
    sides = view.sides(scenario, state, cluster)
    return tuple(
        n
        for n in (view.running_nodes(scenario, state, cluster) if sides else ())
        if n in sides[0] and not state.get(("paused", cluster, n)) and not state.get(("drain", cluster, n))
    )


def memory_of(world: World, role: Role) -> int:
    """The memory in GB that a role takes on its node."""
    return (world.scenario.vm[role.vm].memory or 0) if role.vm is not None else 0


class Board:
    """The nodes of a cluster that take roles now, and what is on them: gathered once, for placing many roles."""

    def __init__(self, world: World, cluster: str) -> None:
        self.world: Final = world
        self.open: Final = open_nodes(world, cluster)
        self._roles: Final = world.scenario.roles_of[cluster]
        self._enforced: Final = bool(world.setting(cluster, "ClusterEnforcedAntiAffinity"))
        self._limited: Final = {
            n: host.memory for n in self.open if (host := world.scenario.host.get(n)) and host.memory is not None
        }
        self._ways: dict[tuple[tuple[str, ...], str | None], tuple[str, ...]] = {}
        self._loads: Loads | None = None
        self._classes: dict[str, list[Role]] = {}

    def hindrance(self, role: Role, node: str) -> str:
        """What keeps a role from an open node, "" for nothing."""
        if role.possible and node not in role.possible:
            return NO_OWNER
        if node not in self._reaching(role):
            return NO_STORAGE
        if not self._has_room(role, node):
            return NO_MEMORY
        return CONFLICT if self._enforced and node in self.shared_with(role) else ""

    def able(self, role: Role) -> tuple[str, ...]:
        """The open nodes that may be given the role."""
        found = self._reaching(role)
        if self._limited and memory_of(self.world, role):
            found = tuple(n for n in found if self._has_room(role, n))
        if found and self._enforced and self._names(role):
            taken = self.shared_with(role)
            found = tuple(n for n in found if n not in taken)
        return found

    def apart(self, role: Role, able: tuple[str, ...]) -> tuple[str, ...]:
        """Of these nodes, those without a role that this one is kept apart from, where there are any."""
        if len(able) < 2 or not self._names(role):
            return able
        taken = self.shared_with(role)
        return tuple(n for n in able if n not in taken) or able

    def why_none(self, role: Role) -> str:
        """What keeps the role from the open nodes: NO_OWNER, NO_MEMORY or CONFLICT."""
        found = {self.hindrance(role, n) for n in self._reaching(role)}
        return CONFLICT if CONFLICT in found else NO_MEMORY if NO_MEMORY in found else NO_OWNER

    def shared_with(self, role: Role) -> set[str]:
        """The nodes that have, or are about to get, a role that this one is kept apart from."""
        if not self._classes:
            for other in self._roles:
                for name in self._names(other):
                    self._classes.setdefault(name, []).append(other)
        state = self.world.state
        found: set[str] = set()
        for name in self._names(role):
            for other in self._classes[name]:
                if other is not role:
                    found.add(decided(state, state[("owner", other.name)]))
                    found.add(decided(state, state.get(("moving-to", other.vm or "")) or "none"))
        return found

    def took(self, role: Role, node: str | OneOf) -> None:
        """The node has been given the role: its memory is taken."""
        if self._loads is not None:
            self._loads.put(self.world.state, memory_of(self.world, role), node)

    def _names(self, role: Role) -> frozenset[str]:
        self.world.consulted.add("kept_apart")
        return self.world.rules.kept_apart(self.world, role.name)

    def _reaching(self, role: Role) -> tuple[str, ...]:
        """The open nodes that may own the role and reach its storage."""
        scenario, state = self.world.scenario, self.world.state
        storage = view.storage_of(scenario, state, role.name)
        key = (role.possible, storage)
        found = self._ways.get(key)
        if found is None:
            found = self._ways[key] = tuple(
                n
                for n in self.open
                if (not role.possible or n in role.possible)
                and (storage is None or paths.storage_reached(scenario, state, storage, n))
            )
        return found

    def _has_room(self, role: Role, node: str) -> bool:
        need, limit, state = memory_of(self.world, role), self._limited.get(node), self.world.state
        if not need or limit is None:
            return True
        if self._loads is None:
            self._loads = memory_loads(self.world)
        own = any(is_among(state, place, (node,)) for place in _places(self.world, role.vm or ""))
        left = limit - (0 if own else need)
        return self._loads.at_most(node) <= left or self._loads.on(state, node) <= left


class Loads:
    """The memory in GB that virtual machines take on hosts. Of some it may be open which host that is: what is certain,
    and what there may be on each host at most, is known without deciding that.
    """

    def __init__(self) -> None:
        self._certain: dict[str, int] = {}
        self._perhaps: dict[str, int] = {}
        self._open: list[OneOf] = []

    def put(self, state: State, memory: int, place: str | OneOf) -> None:
        """A virtual machine takes memory at a place."""
        names = (place,) if isinstance(place, str) else candidates(state, place)
        if isinstance(place, OneOf) and len(names) > 1:
            self._open.append(place)
        found = self._certain if len(names) == 1 else self._perhaps
        for name in names:
            found[name] = found.get(name, 0) + memory

    def at_most(self, host: str) -> int:
        """What may be taken on a host."""
        return self._certain.get(host, 0) + self._perhaps.get(host, 0)

    def on(self, state: State, host: str) -> int:
        """What is taken on a host. Raises Undecided while it is open whether a virtual machine is there."""
        for place in self._open:
            is_among(state, place, (host,))
        return self._certain.get(host, 0)


def _places(world: World, vm: str) -> set[str | OneOf]:
    """Where a VM takes memory: a clustered one on its owner, another on its host while it is on; one that is moved, on
    both.
    """
    state, role = world.state, world.scenario.ha_vms.get(vm)
    where = state[("owner", role)] if role is not None else state[("host", vm)] if state[("power", vm)] else "none"
    return {where, state.get(("moving-to", vm)) or "none"}


def memory_loads(world: World) -> Loads:
    """The memory that virtual machines take on hosts now."""
    loads = Loads()
    for vm in world.scenario.vms:
        if vm.memory is not None:
            for place in _places(world, vm.name):
                loads.put(world.state, vm.memory, place)
    return loads


def memory_used(world: World, hosts: tuple[str, ...]) -> dict[str, int]:
    """GB of memory that virtual machines take on each of these hosts."""
    loads = memory_loads(world)
    return {host: loads.on(world.state, host) for host in hosts}


# -- questions ------------------------------------------------------------------------------------------------------


def possible_nodes(world: World, role: Role) -> tuple[str, ...]:
    """The members that may be given the role now."""
    return Board(world, role.cluster).able(role)


def best_nodes(board: Board, role: Role, *, reached_from: str | None = None) -> tuple[str, ...]:
    """The best possible nodes for a planned move, of those that a node reaches; several are equally likely."""
    world = board.world
    owner = last_owner(world, role.name)
    others = tuple(n for n in board.able(role) if n != owner)
    if reached_from is not None:
        join = view.joined_by_network
        others = tuple(n for n in others if join(world.scenario, world.state, reached_from, n))
    able = board.apart(role, others)
    world.consulted.add("successors")
    return world.rules.successors(world, role.name, MANUAL, able) if able else ()


def obstacle(world: World, role: Role, node: str) -> str | None:
    """Why a role may not go to a node, as the end of a sentence; None where it may."""
    board = Board(world, role.cluster)
    if node not in board.open:
        if node not in view.members(world.scenario, world.state, role.cluster):
            return f"{node} is no member of {role.cluster} now"
        return f"{node} takes no roles now"
    reasons = {
        NO_OWNER: f"{node} is none of its possible owners",
        NO_STORAGE: f"{node} does not reach its storage",
        NO_MEMORY: f"{node} has not the memory for it",
        CONFLICT: f"{node} has a role that it must be kept apart from",
    }
    return reasons.get(board.hindrance(role, node))


def hindrances(world: World, role: Role, source: str) -> str:
    """Why the other members may not have a role, in brackets to end a sentence with; of many the first."""
    members = view.members(world.scenario, world.state, role.cluster)
    why = [told for n in members if n != source and (told := obstacle(world, role, n)) is not None]
    return f" ({'; '.join(why[:MOST_HINDERED])})" if why else ""


def can_host(trace: Trace, state: State, role_name: str, node: str) -> bool:
    """The role could run on this node as things stand in this state."""
    return obstacle(_seen(trace, state), trace.scenario.role[role_name], node) is None


def next_owners(trace: Trace, state: State, role_name: str) -> tuple[str, ...]:
    """The nodes that the role would go to if its owner were lost in this state; several are equally likely."""
    world, role = _seen(trace, state), trace.scenario.role[role_name]
    owner = last_owner(world, role_name)
    board = Board(world, role.cluster)
    able = board.apart(role, tuple(n for n in board.able(role) if n != owner))
    return world.rules.successors(world, role_name, NODE, able) if able else ()


def _seen(trace: Trace, state: State) -> World:
    """A world to ask questions of, that stands as the trace did in this state."""
    world = World(trace.scenario, trace.rules)
    world.state = dict(state)
    return world
