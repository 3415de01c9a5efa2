"""Why clusters run or do not: members, votes, quorum, pools."""

from __future__ import annotations

from collections.abc import Callable

from studyapp.cluster import view
from studyapp.cluster.chance import OneOf, candidates
from studyapp.cluster.claims.readers import Moment
from studyapp.cluster.clients import port_rules
from studyapp.cluster.kinds import Value
from studyapp.cluster.nodes import pools
from studyapp.cluster.reasons.machines import condition, machine_events
from studyapp.cluster.reasons.reason import MEMBERSHIP, MOST_EVENTS, Look, Reason, lost, many, names, plural
from studyapp.cluster.votes import Table

# -- votes ----------------------------------------------------------------------------------------------------------


def electorate(look: Look, cluster: str) -> str:
    """Who has a vote, and who has none and why, as a sentence without its end."""
    scenario, state = look.scenario, look.state
    table = view.last_table(scenario, state, cluster)
    witness = scenario.failover[cluster].witness
    nodes = view.nodes(scenario, state, cluster)
    left = candidates(state, table.without) if isinstance(table.without, OneOf) else (table.without,)
    have = [n for n in nodes if n in table.voters and left != (n,)]
    voters = [*have, f"the witness {witness.name}"] if table.witness and witness is not None else have
    colon = ", of" if len(left) > 1 else ":"
    counts = "counts" if table.total == 1 else "count"
    said = f"{cluster} has {plural(table.total, 'vote')} that {counts}{colon} {names(voters)}"
    if scenario.failover[cluster].quorum == "disk-only":
        return said
    none = [f"{n} has none, as {why_none(look, cluster, n)}" for n in nodes if n not in have]
    one = [f"one of {names(map(str, left))} has none, to keep the number odd"] if len(left) > 1 else []
    return "; ".join((said, *none, *one, *_no_witness_vote(look, cluster, table)))


def why_none(look: Look, cluster: str, node: str) -> str:
    """Why a node has no vote, as the end of a sentence."""
    scenario, state = look.scenario, look.state
    if scenario.failover[cluster].quorum == "disk-only":
        return "only the disk votes"
    if not view.weight(scenario, state, cluster, node):
        return "its NodeWeight is 0"
    if node in view.last_table(scenario, state, cluster).voters:
        key = (cluster, "LowerQuorumPriorityNodeID")
        named = (look.state.get(("property", *key)) or scenario.settings.get(key)) == node
        return f"{cluster} took it to keep the number odd{', by LowerQuorumPriorityNodeID' if named else ''}"
    if node not in view.members(scenario, state, cluster):
        return "the votes were counted anew without it"
    return "it had none when the votes were counted last"


def _no_witness_vote(look: Look, cluster: str, table: Table) -> list[str]:
    why = _witness_silent(look, cluster, table)
    witness = look.scenario.failover[cluster].witness
    return [f"the witness {witness.name} has none: {why}"] if why and witness is not None else []


def _witness_silent(look: Look, cluster: str, table: Table) -> str:
    """Why the witness has no vote; "" where it has one, or where there is none."""
    made_of = look.scenario.failover[cluster]
    if made_of.witness is None or table.witness:
        return ""
    if len(table.voters) % 2:
        return f"beside {plural(len(table.voters), 'voting node')}, an odd number, it is not needed"
    if look.state.get(("witness-holder", cluster)) is None:
        return "nobody reaches it"
    return "it had none when the votes were counted last"


VOTE_RULES: dict[str, Callable[[Look, str, Table], bool]] = {
    "majority": lambda look, cluster, table: True,
    "dynamic-quorum": lambda look, cluster, table: view.is_dynamic(look.scenario, look.state, cluster),
    "dynamic-witness": lambda look, cluster, table: (
        view.is_dynamic(look.scenario, look.state, cluster)
        and look.scenario.failover[cluster].witness is not None
        and bool(look.scenario.facts_of[look.scenario.level[cluster]]["feature.dynamic_witness"].value)
    ),
    "tie-break": lambda look, cluster, table: table.without is not None,
}
"""The rules by which votes are counted, each with what tells whether it is at work."""


def _rules(look: Look, cluster: str) -> tuple[str, ...]:
    """The rules by which votes are counted."""
    table = view.last_table(look.scenario, look.state, cluster)
    return tuple(rule for rule, works in VOTE_RULES.items() if works(look, cluster, table))


def votes_total(look: Look, value: Value, cluster: str) -> Reason:
    """The votes that count."""
    return Reason(f"{electorate(look, cluster)}.", _counted(look, cluster), rules=_rules(look, cluster))


def votes_needed(look: Look, value: Value, cluster: str) -> Reason:
    """More than half of them."""
    said = f"{electorate(look, cluster)}. More than half of them is {value}."
    return Reason(said, _counted(look, cluster), rules=_rules(look, cluster))


def _counted(look: Look, cluster: str) -> tuple[int, ...]:
    """What changed the votes last: they were counted anew, or a node came or went for good."""
    nodes = (*look.scenario.failover[cluster].nodes, *view.nodes(look.scenario, look.state, cluster))
    return look.of_cluster(cluster, ("votes",)) or look.last(nodes, ("evict", "join"))


def votes(look: Look, value: Value, cluster: str) -> Reason:
    """The votes present on the side that runs."""
    return quorum(look, value, cluster)


def presence(look: Look, cluster: str) -> str:
    """Which sides run and what votes they have, as a sentence without its end."""
    scenario, state = look.scenario, look.state
    sides = view.sides(scenario, state, cluster)
    total = view.last_table(scenario, state, cluster).total
    if not sides:
        return f"{look.when} no node of {cluster} runs: {nodes_down(look, cluster)}"
    told = []
    for side in sides:
        present = view.votes_present(scenario, state, cluster, side)
        made_of = scenario.failover[cluster]
        held = view.holds_witness(state, cluster, side)
        voting = held and view.table_of(state, cluster, side).witness
        who = names((*side, f"the witness {made_of.witness.name}")) if voting and made_of.witness else names(side)
        told.append(f"{who} {'has' if len(side) == 1 and not voting else 'have'} {present}")
    may = look.now.trace.rules.majority
    needed = next((count for count in range(1, total + 1) if may(count, total)), total // 2 + 1)
    return f"{cluster} has {plural(total, 'vote')} in all, {needed} {'is' if needed == 1 else 'are'} needed: " + (
        ", and apart from them ".join(told)
    )


def nodes_down(look: Look, cluster: str) -> str:
    """What keeps each node of a cluster from running, the like together."""
    scenario, state = look.scenario, look.state
    alike: dict[str, list[str]] = {}
    for node in view.nodes(scenario, state, cluster):
        why = condition(look, node)
        if not why and cluster in scenario.nlb:
            deaf = port_rules.is_deaf(scenario, state, cluster, node)
            shown = view.nlb_state(state, cluster, node)
            why = "is not reached by clients without MAC address spoofing" if deaf else f"is {shown}"
        if not why:
            why = _waits(look, cluster, node) if state["cluster-service", cluster, node] == "waiting" else "is stopped"
        alike.setdefault(why, []).append(node)
    parts = []
    for why, found in alike.items():
        parts.append(f"{names(found)} {why if len(found) == 1 else _for_several(why)}")
    return ", ".join(parts)


def _waits(look: Look, cluster: str, node: str) -> str:
    """What a node waits for whose cluster service was started."""
    scenario, state = look.scenario, look.state
    if state.get(("prevented", cluster, node)):
        return "waits for a cluster to join, with quorum prevented"
    witness, known = scenario.failover[cluster].witness, state["table", cluster, node]
    outdated = known.epoch < state.get(("witness-epoch", cluster), 0)
    if outdated and witness is not None and witness.kind != "disk":
        return f"waits for a majority (the witness {witness.name} does not vote for an outdated configuration)"
    return "waits for a majority"


SEVERAL = {"is": "are", "waits": "wait", "stands": "stand"}
"""The verbs with which it is told what keeps a node from running, for several nodes."""


def _for_several(why: str) -> str:
    """What keeps several nodes from running."""
    verb, rest = why.split(" ", 1)
    return f"{SEVERAL[verb]} {rest}".replace("with its host", "with their host").replace("does not", "do not")


def quorum(look: Look, value: Value, cluster: str) -> Reason:
    """Whether some side runs with quorum."""
    counted = look.of_cluster(cluster, ("quorum-kept", "quorum-lost", "joined", "unforced"), MOST_EVENTS)
    events, alone = lost(look, cluster)
    quiet = () if events or counted else look.quiet(cluster)
    return Reason(
        f"{presence(look, cluster)}.", events, quiet, _rules(look, cluster), tuple(sorted({*counted, *alone}))
    )


def _witness_lost(look: Look, cluster: str) -> tuple[int, ...]:
    """The loss of the witness, where nobody holds it."""
    made_of = look.scenario.failover.get(cluster)
    if made_of is None or made_of.witness is None or look.state.get(("witness-holder", cluster)) is not None:
        return ()
    return look.last((made_of.witness.name,), ("lose",))


def forced(look: Look, value: Value, cluster: str) -> Reason:
    """Whether it runs by a forced start."""
    events = look.of_cluster(cluster, ("unforced",)) or look.last(
        view.nodes(look.scenario, look.state, cluster), ("force-quorum",)
    )
    if value:
        started = [e.seq for e in look.now.events if e.rule == "forced-quorum" and e.cluster == cluster]
        said = f"{cluster} was started by force, and has not votes enough yet. {presence(look, cluster)}."
        return Reason(said, tuple(started[-1:]))
    if events:
        return Reason(f"{look.when} {cluster} does not run by a forced start. {presence(look, cluster)}.", events)
    return Reason(f"Nobody has started {cluster} by force.")


def vote(look: Look, value: Value, node: str) -> Reason:
    """The vote of a node."""
    for cluster in look.scenario.failover:
        if node in view.nodes(look.scenario, look.state, cluster):
            total = view.last_table(look.scenario, look.state, cluster).total
            said = f"{node} has one of the {total} votes of {cluster} that count."
            if total == 1:
                said = f"{node} has the only vote of {cluster} that counts."
            if not value:
                said = f"{node} has no vote, as {why_none(look, cluster, node)}."
            return Reason(said, look.of_cluster(cluster, ("votes",)), rules=_rules(look, cluster))
    evicted = look.last((node,), ("evict",))
    return Reason(f"{look.when} {node} is no node of a failover cluster, so it has no vote.", evicted)


def witness_vote(look: Look, value: Value, cluster: str) -> Reason:
    """The vote of the witness."""
    witness = look.scenario.failover[cluster].witness
    if witness is None:
        return Reason(f"{cluster} has no witness.")
    table = view.last_table(look.scenario, look.state, cluster)
    if value:
        nodes = plural(len(table.voters), "voting node")
        said = f"The witness {witness.name} of {cluster} votes beside {nodes}, so {table.total} votes count."
    else:
        why = _witness_silent(look, cluster, table)
        said = f"The witness {witness.name} of {cluster} has no vote: {why}."
    return Reason(said, look.of_cluster(cluster, ("votes",)), rules=_rules(look, cluster))


# -- members --------------------------------------------------------------------------------------------------------


def members(look: Look, value: Value, cluster: str) -> Reason:
    """The nodes of the side that runs."""
    found = view.members(look.scenario, look.state, cluster)
    missing = [n for n in view.nodes(look.scenario, look.state, cluster) if n not in found]
    if not found:
        stopped = look.of_cluster(cluster, ("quorum-lost",), MOST_EVENTS)
        events, alone = lost(look, cluster)
        said = f"{look.when} {cluster} has no members: {nodes_down(look, cluster)}."
        return Reason(said, events, alone=tuple(sorted({*alone, *stopped, *_witness_lost(look, cluster)})))
    are = many(found, f"only member of {cluster} is", f"members of {cluster} are")
    said = f"{look.when} the {are} {names(found)}"
    refused = _refused(look, cluster)
    if missing:
        events, alone = lost(look, cluster)
        awake = [n for n in missing if view.answers(look.state, n)]
        counted = look.of_cluster(cluster, ("quorum-kept", "quorum-lost"), MOST_EVENTS) if awake else ()
        rules = _rules(look, cluster) if counted else ()
        apart = view.sides(look.scenario, look.state, cluster)[1:]
        others = "".join(
            f" {names(side)} {many(side, 'runs', 'run')} apart from {many(found, 'it', 'them')}." for side in apart
        )
        said = f"{said}, without {names(missing)}.{others}{_counted_then(look, cluster, counted)}"
        return Reason(said, events, alone=(*alone, *counted, *refused), rules=rules)
    parts = ", and apart from them ".join(names(side) for side in _parts(look, cluster))
    if parts:
        said = f"{said}: all its nodes, though not together: {parts}."
        return Reason(said, look.of_cluster(cluster, MEMBERSHIP), alone=refused, rules=("nlb-split",))
    events = look.of_cluster(cluster, ("joined", "converged"))
    if events:
        return Reason(f"{said}: all its nodes.", events, alone=refused)
    fault, later = look.unseen(cluster)
    if fault:
        return Reason(f"{said}: all its nodes.{later}", (fault,), alone=refused)
    return Reason(f"{said}: all its nodes, and none of them was dropped.", quiet=look.quiet(cluster), alone=refused)


KEPT = ("OPS001", "OPS002", "OPS003", "OPS007", "OPS008", "OPS018", "OPS021")
"""Findings of refused orders that would have changed who belongs to a cluster."""


def _refused(look: Look, cluster: str) -> tuple[int, ...]:
    """The latest order that would have changed who belongs to the cluster, and was refused."""
    acts = (act for step in look.scenario.timeline for act in step.acts)
    joining = {thing for act in acts if act.verb == "join" and act.to == cluster for thing in act.subjects}
    asked = {*view.nodes(look.scenario, look.state, cluster), *joining}
    kept = {thing for thing in asked if any(("finding", finding, thing) in look.state for finding in KEPT)}
    return look.last(kept, ("refused",))


def _parts(look: Look, cluster: str) -> tuple[tuple[str, ...], ...]:
    """The parts of a balanced cluster that has several; else none."""
    sides = view.sides(look.scenario, look.state, cluster) if cluster in look.scenario.nlb else ()
    return sides if len(sides) > 1 else ()


def _counted_then(look: Look, cluster: str, counted: tuple[int, ...]) -> str:
    """Whose votes counted when sides were judged, as a sentence of its own, where one node had lost its vote."""
    if not counted:
        return ""
    first = look.event(counted[0])
    then = Look(Moment(look.now.trace, look.now.trace.after(first.seq - 1), first.at_ms, first.at_ms), look.clients)
    if view.last_table(look.scenario, then.state, cluster).without is None:
        return ""
    return f" Before that: {electorate(then, cluster)}."


def formed(look: Look, value: Value, cluster: str) -> Reason:
    """How many sides run."""
    if cluster in look.scenario.failover:
        return quorum(look, bool(value), cluster)
    sides = view.sides(look.scenario, look.state, cluster)
    events = look.of_cluster(cluster, MEMBERSHIP)
    if len(sides) > 1:
        apart = ", and apart from them ".join(names(side) for side in sides)
        return Reason(f"{look.when} {cluster} serves in {len(sides)} parts: {apart}.", events, rules=("nlb-split",))
    who = f"serves as one: {names(sides[0])}" if sides else "does not serve"
    return Reason(f"{look.when} {cluster} {who}.", events)


def nodes(look: Look, value: Value, cluster: str) -> Reason:
    """The nodes of a cluster, members or not."""
    found = value if isinstance(value, tuple) else ()
    events = look.of_cluster(cluster, ("evict", "join"))
    return Reason(f"{cluster} has {plural(len(found), 'node')}: {names(str(n) for n in found)}.", events)


# -- pools ----------------------------------------------------------------------------------------------------------


def pool(look: Look, value: Value, name: str) -> Reason:
    """The votes of a Storage Spaces Direct pool, and whether it runs."""
    scenario, state = look.scenario, look.state
    made_of = scenario.store[name]
    cluster = pools.cluster_of(scenario, name)
    have, total = pools.votes(scenario, state, name), sum(made_of.drives)
    if cluster is None:
        return Reason(f"{name} belongs to no cluster.")
    side = view.members(scenario, state, cluster)
    before, alone = lost(look, cluster)
    if not side:
        said = f"{look.when} no node of {cluster} runs, so {name} has none of its {plural(total, 'vote')}"
        stopped = look.of_cluster(cluster, ("quorum-lost",), MOST_EVENTS)
        return Reason(f"{said}: {nodes_down(look, cluster)}.", before, rules=("pool-quorum",), alone=(*alone, *stopped))
    alive = view.alive_in(scenario, state, cluster, side)
    parts = [f"{n} brings {count}" for n, count in zip(made_of.nodes, made_of.drives, strict=True) if n in alive]
    owner = state["pool-owner", name]
    if owner in alive:
        parts.append(f"{owner} one more, as it owns the pool")
    elif alive and view.holds_witness(state, cluster, side):
        parts.append("the witness one in place of the owner, which is lost")
    said = f"{name} has {have} of {plural(total, 'vote')}, and more than half of them is needed"
    told = f": {', '.join(parts)}" if have else ""
    events = look.last((name,), ("online", "offline", "lose", "restore"))
    silent = [seq for n in made_of.nodes if n not in alive for seq in machine_events(look, n)]
    return Reason(f"{said}{told}.", events or before, rules=("pool-quorum",), alone=(*alone, *silent))
