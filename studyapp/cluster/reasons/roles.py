"""Why a role is where and how it is, how often it moved, and where it might go."""

from __future__ import annotations

from dataclasses import replace

from studyapp.cluster import view
from studyapp.cluster.chance import open_name
from studyapp.cluster.claims.readers import Moment
from studyapp.cluster.kinds import Value
from studyapp.cluster.reasons.reason import MOST_EVENTS, PLACE, POWER, Look, Reason, lost, many, names, times
from studyapp.cluster.roles import placement
from studyapp.cluster.roles.failback import NO_HOUR, failback_window
from studyapp.cluster.scenario import Role
from studyapp.cluster.trace import Event
from studyapp.cluster.world import World

HINDERING = (*POWER, "removed", "pause")
"""Kinds of events that keep a node from taking a role."""


def standing(look: Look, role: str) -> str:
    """How a role is and where, as a sentence without its beginning and end."""
    node = open_name(look.state, look.state["owner", role])
    return view.role_state(look.state, role) + ("" if node == "none" else f" on {node}")


def role_events(look: Look, role: str) -> tuple[int, ...]:
    """The latest event that says where a role is and how: its own, or that its node is isolated."""
    watched = look.state.get(("unmonitored", role))
    if watched:
        return look.last((watched,), ("isolated", "quarantined"))
    return look.last((role, look.scenario.role[role].vm), PLACE)


def role(look: Look, value: Value, name: str) -> Reason:
    """Where a role is, and how it is."""
    events = role_events(look, name)
    if not events:
        fault, later = look.unseen(name)
        said = f"{look.when} {name} is {standing(look, name)}, as at the start.{later}"
        asked = (name, look.scenario.role[name].vm, open_name(look.state, look.state["owner", name]))
        return Reason(said, (fault,) if fault else look.last(asked, ("refused",)), look.quiet(name))
    said = f"{look.when} {name} is {standing(look, name)}."
    last = look.event(events[0])
    chain = look.now.trace.why(last.seq)
    chosen = next((e for e in reversed(chain) if e.kind == "failover" and e.subject == name), None)
    if view.is_owned(look.state, name):
        stays = _stays(look, name, chosen)
        return Reason(f"{said}{_choice(look, name, chosen)}{stays}", events, rules=("failback",) if stays else ())
    if last.rule == "majority":
        cluster = look.scenario.role[name].cluster
        before, alone = lost(look, cluster)
        return Reason(
            said, (*before, *events), alone=(*alone, *look.of_cluster(cluster, ("quorum-lost",), MOST_EVENTS))
        )
    blocked, alone = obstacles(look, name)
    return Reason(f"{said}{blocked}", events, alone=alone)


def _choice(look: Look, name: str, failover: Event | None) -> str:
    """By what a role's new node was chosen, as sentences of their own."""
    if failover is None:
        return ""
    role = look.scenario.role[name]
    order = f"Its {_preferred(role)}" if role.preferred else "It has no preferred owners"
    then = Look(Moment(look.now.trace, look.now.trace.after(failover.seq - 1), failover.at_ms, None), look.clients)
    nodes = view.members(look.scenario, then.state, role.cluster)
    blocked = [why for n in nodes if (why := obstacle(then, name, n)) is not None]
    return f" {order}{''.join(f'; {why}' for why in blocked[:MOST_EVENTS])}."


def _preferred(role: Role) -> str:
    return f"preferred {many(role.preferred, 'owner is', 'owners are')} {names(role.preferred)}"


def _stays(look: Look, name: str, failover: Event | None) -> str:
    """Why a role does not go back to a node that has returned since, as a sentence of its own; empty where it is on the
    best of its nodes.
    """
    role, node = look.scenario.role[name], look.state["owner", name]
    if failover is None or not isinstance(node, str):
        return ""
    seen = World(look.scenario, look.now.trace.rules)
    seen.state = dict(look.state)
    allowed = seen.setting(name, "AutoFailbackType", role.cluster)
    wanted = role.preferred or (look.now.trace.after(failover.seq - 1)["last-owner", name],)
    better = wanted[: wanted.index(node)] if node in wanted else wanted
    later = {e.subject for e in look.now.events[failover.seq :] if e.kind == "joined"}
    back = [n for n in better if n in later and obstacle(look, name, n) is None]
    start, end = failback_window(seen, role)
    if not back or (allowed and role.preferred and NO_HOUR in (start, end)):
        return ""
    if not allowed:
        return f" {back[0]} is back, but {name} does not go back by itself: its failback is not allowed."
    if not role.preferred:
        return f" {back[0]} is back, but a role without preferred owners does not go back by itself."
    return f" {back[0]} is back, and {name} waits for its failback window ({start} to {end} o'clock)."


def obstacles(look: Look, name: str) -> tuple[str, tuple[int, ...]]:
    """Why no node takes a role while its cluster runs, as sentences of their own, and what the nodes were told."""
    cluster = look.scenario.role[name].cluster
    found = view.members(look.scenario, look.state, cluster)
    why = [obstacle(look, name, node) for node in found]
    if not found or None in why:
        return "", ()
    told = "".join(f" {each}." for each in why[:MOST_EVENTS] if each is not None)
    return told, look.last(found, ("pause",), MOST_EVENTS)


def obstacle(look: Look, role: str, node: str) -> str | None:
    """Why a role may not go to a node; None where it may."""
    seen = World(look.scenario, look.now.trace.rules)
    seen.state = dict(look.state)
    return placement.obstacle(seen, look.scenario.role[role], node)


def moved(look: Look, value: Value, name: str) -> Reason:
    """Whether a role is elsewhere than at the start."""
    there = role(look, value, name)
    if there.events:
        start = open_name(look.now.trace.start, look.now.trace.start["owner", name])
        return replace(there, sentence=f"{name} was on {start} at the start. {there.sentence}")
    return there


def _counted(look: Look, value: Value, name: str, kind: str, often: str, never: str) -> Reason:
    count = int(look.state[f"{kind}s", name])
    events = look.last((name,), (kind,), min(count, MOST_EVENTS))
    if events:
        return Reason(f"{name} {often} {times(count)}.", events)
    there = role(look, value, name)
    return replace(there, sentence=f"{name} {never}. {there.sentence}")


def failovers(look: Look, value: Value, name: str) -> Reason:
    """How often a role failed over."""
    return _counted(look, value, name, "failover", "failed over", "never failed over")


def restarts(look: Look, value: Value, name: str) -> Reason:
    """How often a role was restarted where it was."""
    return _counted(look, value, name, "restart", "was restarted in place", "was never restarted in place")


def can_host(look: Look, value: Value, role: str, node: str) -> Reason:
    """Whether a role could run on a node now."""
    if value:
        return Reason(f"{look.when} {node} is a member that may own {role}, and has all that it needs.")
    why = obstacle(look, role, node)
    return Reason(f"{look.when} {role} cannot run on {node}: {why}.", look.last((node,), HINDERING))


def next_owner(look: Look, value: Value, role_name: str) -> Reason:
    """Where a role would go if its node were lost."""
    role = look.scenario.role[role_name]
    owner = open_name(look.state, look.state["last-owner", role_name])
    found = placement.next_owners(look.now.trace, look.state, role_name)
    if not found:
        others = [n for n in view.nodes(look.scenario, look.state, role.cluster) if n != owner]
        why = "; ".join(filter(None, (obstacle(look, role_name, n) for n in others)))
        events = [seq for n in others for seq in look.last((n,), HINDERING)][:MOST_EVENTS]
        said = f"If {owner} were lost, no node could take {role_name}{': ' if why else ''}{why}."
        return Reason(said, tuple(sorted(events)))
    if len(found) > 1:
        said = f"If {owner} were lost, {role_name} would go to any of {names(found)}: it has no preferred owners."
        return Reason(said, rules=("succession",))
    if role.preferred:
        said = f"If {owner} were lost, {role_name} would go to {found[0]}: its {_preferred(role)}."
    else:
        said = f"If {owner} were lost, {found[0]} is the only node that could take {role_name}."
    return Reason(said, rules=("succession",))
