"""Quorum: more than half of the votes, so that after a split at most one side goes on. Static modes."""

from __future__ import annotations

from studyapp.cluster import view
from studyapp.cluster.membership import witness_reached
from studyapp.cluster.world import Choice, World


def more_than_half(present: int, total: int) -> bool:
    """A majority is strictly more than half."""
    return present * 2 > total


def all_configured_votes(world: World, cluster: str, side: frozenset[str]) -> int:
    """In a static mode every configured vote counts for ever, present or not."""
    return view.configured_votes(world.scenario.failover[cluster])


def has_quorum(world: World, cluster: str, side: tuple[str, ...]) -> bool:
    """The side has the majority."""
    world.consulted.update(("majority", "votes_total"))
    present = view.votes_present(world.scenario, world.state, cluster, side)
    return world.rules.majority(present, world.rules.votes_total(world, cluster, frozenset(side)))


def judge(world: World, cluster: str, holder: tuple[str, ...] | None = None, *, cause: int | None) -> Choice | None:
    """Give the witness to the side that holds it, stop the sides without quorum, let roles follow."""
    scenario, state = world.scenario, world.state
    sides = view.sides(scenario, state, cluster)
    if view.witness_counts(scenario.failover[cluster]):
        claimants = [holder] if holder is not None else witness_claimants(world, cluster, sides)
        if len(claimants) > 1:
            return Choice("judge", tuple((cluster, side) for side in claimants), cause)
        world.set(("witness-holder", cluster), frozenset(claimants[0]) if claimants else None)
    for side in sides:
        if not has_quorum(world, cluster, side):
            stop_side(world, cluster, side, cause)
        elif len(side) < state.get(("counted", cluster), len(scenario.failover[cluster].nodes)):
            cause = keep_side(world, cluster, side, cause)
    if sides:
        world.set(("counted", cluster), len(sides[0]))
    world.after(0, "take-over", cluster, cause=cause)
    return None


def witness_claimants(world: World, cluster: str, sides: tuple[tuple[str, ...], ...]) -> list[tuple[str, ...]]:
    """The sides that may hold the witness; several only where chance decides between equals that both need it."""
    alive = view.running_nodes(world.scenario, world.state, cluster)
    reach = [s for s in sides if any(witness_reached(world, cluster, n) for n in s if n in alive)]
    if len(reach) <= 1:
        return reach
    made_of = world.scenario.failover[cluster]
    votes = {s: 0 if made_of.quorum == "disk-only" else sum(view.weight(made_of, n) for n in s) for s in reach}
    most = max(votes.values())
    return [s for s in reach if votes[s] == most]


def keep_side(world: World, cluster: str, side: tuple[str, ...], cause: int | None) -> int:
    """A side that has lost members counts its votes and goes on."""
    made_of = world.scenario.failover[cluster]
    present = view.votes_present(world.scenario, world.state, cluster, side)
    total = world.rules.votes_total(world, cluster, frozenset(side))
    held = view.witness_counts(made_of) and view.holds_witness(world.state, cluster, side)
    names = [*side, f"the witness {made_of.witness.name}"] if held and made_of.witness is not None else side
    have, go = ("has", "goes") if len(names) == 1 else ("have", "go")
    return world.emit(
        "quorum-kept",
        cluster,
        f"{', '.join(names)} {have} {present} of the {total} votes of {cluster}, a majority, and {go} on",
        cause=cause,
        rule="majority",
        cluster=cluster,
    )


def stop_side(world: World, cluster: str, side: tuple[str, ...], cause: int | None) -> None:
    """A side without quorum stops its cluster service; its nodes wait until they reach a majority again."""
    present = view.votes_present(world.scenario, world.state, cluster, side)
    total = world.rules.votes_total(world, cluster, frozenset(side))
    alive = [n for n in side if n in view.running_nodes(world.scenario, world.state, cluster)]
    lost = world.emit(
        "quorum-lost",
        cluster,
        f"{', '.join(alive)} {'has' if len(alive) == 1 else 'have'} {present} of the {total} votes of {cluster}, "
        "no majority: the cluster service stops",
        cause=cause,
        rule="majority",
        cluster=cluster,
    )
    for node in alive:
        world.set(("cluster-service", cluster, node), "waiting")
        world.set(("side", cluster, node), frozenset())
        world.blame[f"stopped {cluster} {node}"] = lost
        for other in world.scenario.failover[cluster].nodes:
            world.silent.pop((cluster, node, other), None)
