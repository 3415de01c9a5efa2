"""Quorum: more than half of the votes, so that after a split at most one side goes on.

In a static mode the votes are those configured. With dynamic quorum the side that goes on counts them anew: who is gone
has no vote any more, and the number is kept odd by the witness, or else by taking one node's vote.
"""

from __future__ import annotations

from studyapp.cluster import view
from studyapp.cluster.chance import OneOf, is_among
from studyapp.cluster.scenario import Setting
from studyapp.cluster.votes import Table
from studyapp.cluster.world import World


def more_than_half(present: int, total: int) -> bool:
    """A majority is strictly more than half."""
    return present * 2 > total


def votes_of_table(world: World, cluster: str, side: frozenset[str]) -> int:
    """All votes that count now, present or not."""
    return view.table_of(world.state, cluster, side).total


def recount(world: World, cluster: str, side: tuple[str, ...], before: Table, witness: bool) -> Table:
    """The votes after a change that the side has survived; `witness` tells whether it holds the witness.

    A node whose vote an administrator removed never gets one. A failed witness has no vote where the release adjusts
    it, and a present one only where the nodes' votes are even.
    """
    scenario, state, made_of = world.scenario, world.state, world.scenario.failover[cluster]
    dynamic = view.is_dynamic(scenario, state, cluster)
    counted = side if dynamic else view.nodes(scenario, state, cluster)
    voters = frozenset(n for n in counted if view.weight(scenario, state, cluster, n))
    if made_of.quorum == "disk-only":
        voters = frozenset()
    vote = int(made_of.witness is not None)
    if not dynamic:
        return Table(before.epoch + 1, voters, None, vote, before.settings)
    if vote and world.has("dynamic_witness", cluster):
        vote = int(witness and len(voters) % 2 == 0)
        if witness and len(voters) == 1 and world.number("witness.fewest_votes", cluster) > 1:
            return before
    without: str | OneOf | None = None
    if voters and not vote and len(voters) % 2 == 0 and world.has("tie_breaker", cluster):
        named = world.by_hand(cluster, "LowerQuorumPriorityNodeID")
        if isinstance(named, str) and named in voters:
            without = named
        elif is_among(state, before.without, voters):
            without = before.without
        else:
            without = world.draw(_may_lose_its_vote(world, cluster, voters))
    return Table(before.epoch + 1, voters, without, vote, before.settings)


def _may_lose_its_vote(world: World, cluster: str, voters: frozenset[str]) -> tuple[str, ...]:
    """The nodes of which chance takes one's vote; whether a preferred site keeps its own nothing confirms."""
    found = tuple(n for n in view.nodes(world.scenario, world.state, cluster) if n in voters)
    preferred = world.by_hand(cluster, "PreferredSite")
    if preferred is None or not world.number("tie_breaker.preferred_site", cluster):
        return found
    hosts = world.scenario.host
    return tuple(n for n in found if n not in hosts or hosts[n].site != preferred) or found


def votes_of(world: World, cluster: str, side: tuple[str, ...]) -> tuple[int, int]:
    """The votes that a side has, and all that count."""
    world.consulted.update(("majority", "votes_total"))
    present = view.votes_present(world.scenario, world.state, cluster, side)
    return present, world.rules.votes_total(world, cluster, frozenset(side))


def judge(world: World, cluster: str, *, cause: int | None) -> None:
    """Give the witness to the side that holds it, stop the sides without quorum, count the votes of the others anew,
    let roles follow.
    """
    scenario, state = world.scenario, world.state
    sides = view.sides(scenario, state, cluster)
    made_of = scenario.failover[cluster]
    if made_of.witness is not None:
        claimants = witness_claimants(world, cluster, sides)
        numbers = tuple(str(n) for n in range(len(claimants)))
        world.set(("witness-holder", cluster), frozenset(claimants[int(world.pick(numbers))]) if numbers else None)
    left = sides
    for side in sides:
        alive = view.alive_in(scenario, state, cluster, side)
        present, total = votes_of(world, cluster, side)
        enough = world.rules.majority(present, total)
        forced = any(state.get(("forced", cluster, n)) for n in alive)
        if not enough and not forced:
            stop_side(world, cluster, side, alive, f"{present} of the {total} votes of {cluster}", cause)
            left = view.sides(scenario, state, cluster)
            continue
        silent = someone_is_silent(world, cluster, alive)
        if forced and enough and not silent:
            unforce(world, cluster, side, cause)
        known = view.table_of(state, cluster, side)
        why = cause
        if len(side) < state[("counted", cluster)] and enough:
            why = keep_side(world, cluster, side, f"{present} of the {total} votes of {cluster}", cause)
        if enough and not silent:
            count_anew(world, cluster, side, known, why)
            present, total = votes_of(world, cluster, side)
            if not forced and not world.rules.majority(present, total):
                # A node that was added, or given a vote, while it is not there counts from now on.
                stop_side(world, cluster, side, alive, f"{present} of the {total} votes of {cluster}", why)
                left = view.sides(scenario, state, cluster)
    if sides:
        world.set(("counted", cluster), len(sides[0]))
    holder = state.get(("witness-holder", cluster))
    if holder is not None and not any(holder <= set(side) for side in left):
        # A side that has stopped lets go of the witness.
        world.set(("witness-holder", cluster), None)
        if left:
            world.once("judge", cluster, cause=cause)
    if len(left) > 1:
        world.once("meet", cluster, cause=cause)
    world.once("pools", cluster, cause=cause)
    world.once("take-over", cluster, cause=cause)


def someone_is_silent(world: World, cluster: str, alive: tuple[str, ...]) -> bool:
    """A member is silent and not yet dropped: what is lost at the same time is judged together with it."""
    return any(a in alive for a, _ in world.memo.get(("silent", cluster), ()))


def count_anew(world: World, cluster: str, side: tuple[str, ...], known: Table, cause: int | None) -> None:
    """Count the votes after a change and tell every member of the side, and the witness, the result. The configuration
    is a newer one only where the count has changed: a node that merely leaves makes nobody's out of date.
    """
    holds = view.holds_witness(world.state, cluster, side)
    table: Table = world.rules.recount(world, cluster, side, known, holds)
    changed = table._replace(epoch=known.epoch) != known
    tell(world, cluster, side, table if changed else known)
    if changed:
        _tell_votes(world, cluster, table, cause)


def tell(world: World, cluster: str, side: tuple[str, ...], table: Table) -> None:
    """Every member of a side, and the witness that it holds, learns the configuration."""
    for node in side:
        world.set(("table", cluster, node), table)
    if view.holds_witness(world.state, cluster, side):
        world.set(("witness-epoch", cluster), table.epoch)
        world.set(("witness-table", cluster), table)


def write_down(world: World, cluster: str, setting: tuple[str, str, Setting]) -> None:
    """Every node that runs learns of a setting: it is part of the cluster's configuration."""
    for side in view.sides(world.scenario, world.state, cluster):
        table = view.table_of(world.state, cluster, side)
        kept = frozenset(known for known in table.settings if known[:2] != setting[:2])
        tell(world, cluster, side, table._replace(epoch=table.epoch + 1, settings=kept | {setting}))


def _tell_votes(world: World, cluster: str, table: Table, cause: int | None) -> None:
    made_of = world.scenario.failover[cluster]
    have = [n for n in view.nodes(world.scenario, world.state, cluster) if n in table.voters and n != table.without]
    names = ", ".join(have) if len(have) <= 8 else f"{len(have)} nodes"
    witness = f" and the witness {made_of.witness.name}" if table.witness and made_of.witness is not None else ""
    taken = f"; one of them, {table.without}, has none, which keeps the number odd"
    if isinstance(table.without, str):
        taken = f"; {table.without} has none, which keeps the number odd"
    world.emit(
        "votes",
        cluster,
        f"{cluster} counts its votes anew: {table.total}, of {names}{witness}{taken if table.without else ''}",
        cause=cause,
        rule="dynamic-quorum" if view.is_dynamic(world.scenario, world.state, cluster) else "majority",
        cluster=cluster,
    )


def witness_claimants(world: World, cluster: str, sides: tuple[tuple[str, ...], ...]) -> list[tuple[str, ...]]:
    """The sides that may hold the witness; several only where chance decides between equals that both need it. Who
    holds it already keeps it against an equal.
    """
    scenario, state = world.scenario, world.state
    reach = [
        s
        for s in sides
        if any(view.witness_reached(scenario, state, cluster, n) for n in view.alive_in(scenario, state, cluster, s))
    ]
    if len(reach) <= 1:
        return reach
    votes = {s: view.table_of(state, cluster, s).present(state, s) for s in reach}
    most = max(votes.values())
    best = [s for s in reach if votes[s] == most]
    holder = state.get(("witness-holder", cluster)) or frozenset()
    return [s for s in best if not holder.isdisjoint(s)] or best


def unforce(world: World, cluster: str, side: tuple[str, ...], cause: int | None) -> None:
    """A cluster that was started by force has votes enough: from here on it can lose its quorum again."""
    for node in side:
        world.set(("forced", cluster, node), False)
    detail = f"{cluster} has votes enough and leaves the forced state: from now on it needs its quorum again"
    world.emit("unforced", cluster, detail, cause=cause, rule="forced-quorum", cluster=cluster)


def keep_side(world: World, cluster: str, side: tuple[str, ...], votes: str, cause: int | None) -> int:
    """A side that has lost members counts its votes and goes on."""
    voters = _voters(world, cluster, side, side)
    have, go = ("has", "goes") if len(voters) == 1 else ("have", "go")
    return world.emit(
        "quorum-kept",
        cluster,
        f"{', '.join(voters)} {have} {votes}, a majority, and {go} on",
        cause=cause,
        rule="majority",
        cluster=cluster,
    )


def _voters(world: World, cluster: str, side: tuple[str, ...], nodes: tuple[str, ...]) -> tuple[str, ...]:
    """Nodes of a side in words, with the witness where the side has its vote."""
    witness = world.scenario.failover[cluster].witness
    held = view.holds_witness(world.state, cluster, side)
    voting = held and view.table_of(world.state, cluster, side).witness
    return (*nodes, f"the witness {witness.name}") if voting and witness is not None else nodes


def stop_side(
    world: World, cluster: str, side: tuple[str, ...], alive: tuple[str, ...], votes: str, cause: int | None
) -> None:
    """A side without quorum stops its cluster service; its nodes wait until they reach a majority again."""
    voters = _voters(world, cluster, side, alive)
    lost = world.emit(
        "quorum-lost",
        cluster,
        f"{', '.join(voters)} {'has' if len(voters) == 1 else 'have'} {votes}, no majority: the cluster service stops",
        cause=cause,
        rule="majority",
        cluster=cluster,
    )
    for node in alive:
        stop_service(world, cluster, node)
        world.accuse(f"stopped {cluster} {node}", lost)


def stop_service(world: World, cluster: str, node: str, to: str = "waiting") -> None:
    """The cluster service of a node stops; `waiting` starts again by itself when it can, `stopped` does not."""
    world.set(("cluster-service", cluster, node), to)
    world.set(("side", cluster, node), frozenset())
    if world.state.get(("forced", cluster, node)):
        world.set(("forced", cluster, node), False)
    records = world.memo.get(("silent", cluster), {})
    world.note(("silent", cluster), {pair: since for pair, since in records.items() if pair[0] != node})
