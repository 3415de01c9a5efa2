"""What is written in a picture: the words and signs for each thing, before anybody knows where they will stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from studyapp.cluster import view
from studyapp.cluster.describe import (
    WITNESS_KINDS,
    Component,
    answered_share,
    cluster_status,
    condition,
    failing,
    lost,
    missed_by_none,
    per_cent,
    role_status,
    service_target,
    shares,
    split,
    witness_status,
)
from studyapp.cluster.scenario import FailoverCluster, NlbCluster, Scenario
from studyapp.cluster.trace import State
from studyapp.tui.widgets.diagram_canvas import DOUBLE, HEAVY, LIGHT, cells, fit

BAR = 4
"""Cells of the bar that shows an NLB host's share."""
SHARE = BAR + len(" 100 %")
WORD = len("cut off")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Text that stays together on a line. `component` is what it stands for, if that can be pointed at."""

    text: str
    style: str = "text"
    component: Component | None = None


Chunks = tuple[Chunk, ...]


@dataclass(frozen=True, slots=True)
class BoxRow:
    """A line inside a host's box, with the virtual machine that it is about."""

    chunks: Chunks
    vm: str | None = None


def flow(chunks: Iterable[Chunk], width: int, gap: int = 1) -> list[Chunks]:
    """Chunks in lines of at most `width` columns; one that is longer is cut."""
    lines: list[list[Chunk]] = [[]]
    used = 0
    for chunk in chunks:
        wide = cells(chunk.text)
        if lines[-1] and used + gap + wide > width:
            lines.append([])
        if wide > width:
            chunk = Chunk(fit(chunk.text, width), chunk.style, chunk.component)
            wide = cells(chunk.text)
        used = used + gap + wide if lines[-1] else wide
        lines[-1].append(chunk)
    return [tuple(line) for line in lines if line]


def width_of(chunks: Iterable[Chunk], gap: int = 1) -> int:
    """Columns of the chunks on one line."""
    widths = [cells(chunk.text) for chunk in chunks]
    return sum(widths) + gap * (len(widths) - 1) if widths else 0


# -- clusters -------------------------------------------------------------------------------------------------------


def of_guests(scenario: Scenario, cluster: FailoverCluster | NlbCluster) -> bool:
    """The cluster joins virtual machines."""
    return any(node in scenario.vm for node in cluster.nodes)


def weight_of(scenario: Scenario, cluster: FailoverCluster | NlbCluster) -> int:
    """The weight of a cluster's line: heavy for NLB, double for a failover cluster of VMs, light for one of hosts."""
    if isinstance(cluster, NlbCluster):
        return HEAVY
    return DOUBLE if of_guests(scenario, cluster) else LIGHT


def line_style(scenario: Scenario, cluster: FailoverCluster | NlbCluster) -> str:
    """The style of a cluster's line."""
    return {LIGHT: "hosts", DOUBLE: "guests", HEAVY: "nlb"}[weight_of(scenario, cluster)]


def counted_out(scenario: Scenario, state: State, cluster: str, node: str) -> bool:
    """The cluster does not count the node: no member of the side that runs; an NLB host that takes no part."""
    if cluster in scenario.nlb:
        stopped = view.nlb_state(state, cluster, node) == "Stopped"
        return stopped and node not in missed_by_none(scenario, state, cluster)
    return not any(node in side for side in view.sides(scenario, state, cluster))


def label(scenario: Scenario, state: State, cluster: str, signs: Mapping[str, str]) -> Chunks:
    """A cluster's name, kind and how it is."""
    me = Component("cluster", cluster)
    status = cluster_status(scenario, state, cluster)
    stopped = status.startswith("stopped")
    troubled = stopped or "sides" in status or "converging" in status or "parts" in status
    dot = f" {signs['dot']} "
    kind = "NLB" if cluster in scenario.nlb else "failover cluster"
    return (
        Chunk(cluster, "name", me),
        Chunk(f"{dot.strip()} {kind} {dot.strip()}", "muted", me),
        Chunk(f"{signs['down']} {status}" if stopped else status, "down" if troubled else "text", me),
    )


# -- machines -------------------------------------------------------------------------------------------------------


def machine(scenario: Scenario, state: State, name: str, signs: Mapping[str, str], *, word: bool = True) -> Chunks:
    """A machine's sign and name, and with `word` what is the matter with it."""
    me = Component("host" if name in scenario.host else "vm", name)
    seen = condition(scenario, state, name)
    star = signs["role"] if name in scenario.ha_vms else ""
    named = Chunk(f"{signs[seen]} {name}{star}", seen, me)
    return (named, *matter(scenario, state, name)) if word else (named,)


def matter(scenario: Scenario, state: State, name: str) -> Chunks:
    """What is the matter with a machine in a word; nothing while all is well."""
    me = Component("host" if name in scenario.host else "vm", name)
    seen = condition(scenario, state, name)
    role = scenario.ha_vms.get(name)
    status = role_status(scenario, state, role) if role is not None else "online"
    if seen == "down" and status in ("starting", "waiting", "offline", "failed"):
        return (Chunk(status, "down", me),)
    if seen != "up":
        lost_share = any(name in shares(scenario, state, c) for c in scenario.nlb)
        return () if lost_share else (Chunk(seen, seen, me),)
    cut = [n for n in view.own_networks(scenario, name) if state.get(("cut", name, n))]
    return (Chunk(f"no {' '.join(cut)}", "cut off", me),) if cut else ()


def burden(scenario: Scenario, state: State, name: str, signs: Mapping[str, str]) -> Chunks:
    """What a machine carries: roles that it owns, its share of an NLB cluster, applications that fail on it."""
    return (
        *_roles(scenario, state, name, signs),
        *_shares(scenario, state, name, signs),
        *(
            Chunk(f"{service} fails", "down", Component("service", service))
            for service in failing(scenario, state, name)
            if service in scenario.service
        ),
    )


def _roles(scenario: Scenario, state: State, name: str, signs: Mapping[str, str]) -> Iterator[Chunk]:
    """The roles that a machine owns, and those that it owned last and nobody owns now."""
    looks = {
        "online": ("role", "role", ""),
        "failing": ("role", "down", "fails"),
        "starting": ("starting", "role", "starts"),
        "waiting": ("starting", "silent", ""),
    }
    for role in scenario.roles:
        owner = view.owner(state, role.name)
        if role.vm is None and name == (owner if owner != "none" else state[("last-owner", role.name)]):
            me, status = Component("role", role.name), role_status(scenario, state, role.name)
            sign, style, word = looks.get(status, ("down", "down", status))
            # A sign that is a letter would be read as one of the name.
            gap = " " if signs[sign].isalpha() else ""
            yield Chunk(f"{signs[sign]}{gap}{role.name}", style, me)
            if word:
                yield Chunk(word, style, me)


def _shares(scenario: Scenario, state: State, name: str, signs: Mapping[str, str]) -> Iterator[Chunk]:
    for cluster in scenario.nlb.values():
        if name not in view.nodes(scenario, state, cluster.name):
            continue
        me = Component("host" if name in scenario.host else "vm", name)
        share = shares(scenario, state, cluster.name).get(name, Fraction(0))
        seen = view.nlb_state(state, cluster.name, name)
        if not view.reached_by_clients(scenario, state, name):
            if share:
                yield Chunk(f"{per_cent(share)} lost", "down", me)
        elif seen in ("Converging", "Draining", "Suspended"):
            yield Chunk(seen.lower(), "silent", me)
        else:
            full = min(BAR, max(round(share * BAR), 1)) if share else 0
            bar = signs["full"] * full + signs["empty"] * (BAR - full)
            yield Chunk(f"{bar} {per_cent(share)}", "share", me)


def box_rows(scenario: Scenario, state: State, host: str, signs: Mapping[str, str], *, word: bool) -> list[BoxRow]:
    """The lines inside a host's box, however long; with `word` what is the matter with it stands here."""
    own = (*(matter(scenario, state, host) if word else ()), *burden(scenario, state, host, signs))
    rows = [BoxRow(own)] if own else []
    for vm in scenario.vm:
        if view.host_of(state, vm) == host:
            chunks = (*machine(scenario, state, vm, signs), *burden(scenario, state, vm, signs))
            rows.append(BoxRow(chunks, vm))
    return rows


ROOMY, CLOSE, TIGHT = 2, 1, 0
"""How much of what a machine may come to say has room on one line: all, all but what is seldom, its name only."""


def usual_width(scenario: Scenario, name: str, room: int) -> int:
    """Columns that a machine's own line may come to need, so that a box does not change its width all the time."""
    available = name in scenario.ha_vms
    base = len("● ") + cells(name) + available
    beside = len("starting") if available and room == ROOMY else WORD
    for cluster in scenario.clusters:
        if name not in cluster.nodes:
            continue
        if isinstance(cluster, NlbCluster):
            beside = max(beside, SHARE)
        starts = " starts" if room == ROOMY else ""
        beside = max([beside, *(cells(f"★{r.name}{starts}") for r in scenario.roles if r.cluster == cluster.name)])
    return max(base, beside) if room == TIGHT else base + 1 + beside


# -- what is beside the machines ------------------------------------------------------------------------------------


def things(scenario: Scenario, state: State, signs: Mapping[str, str]) -> list[Chunk]:
    """Services, witnesses, storage and networks."""
    return [
        *_services(scenario, state, signs),
        *_witnesses(scenario, state, signs),
        *_plain_things(scenario, state, signs),
    ]


def cut_line(scenario: Scenario, state: State, signs: Mapping[str, str]) -> str:
    """The partition in words, or an empty text."""
    sides = split(scenario, state)
    told = f" {signs['split']} ".join(" ".join(side) for side in sides)
    return f"{signs['cut off']} network split: {told}" if sides else ""


def _services(scenario: Scenario, state: State, signs: Mapping[str, str]) -> Iterator[Chunk]:
    for service in scenario.services:
        share = answered_share(scenario, state, service.name)
        said, sign = "", "up"
        if share == 0:
            said, sign = ", no answer", "down"
        elif share < 1:
            said, sign = f", {per_cent(share)} answered", "silent"
        text = f"{signs[sign]} {service.name} service {service_target(service)}{said}"
        yield Chunk(text, sign, Component("service", service.name))


def _witnesses(scenario: Scenario, state: State, signs: Mapping[str, str]) -> Iterator[Chunk]:
    for cluster in scenario.failover.values():
        if cluster.witness is None:
            continue
        name, kind = cluster.witness.name, WITNESS_KINDS[cluster.witness.kind]
        status = witness_status(scenario, state, name)
        sign = {"lost": "down", "held by nobody": "silent"}.get(status, "up")
        yield Chunk(f"{signs[sign]} {name} {kind}, {status}", sign, Component("witness", name))


def _plain_things(scenario: Scenario, state: State, signs: Mapping[str, str]) -> Iterator[Chunk]:
    disks = {c.witness.name for c in scenario.failover.values() if c.witness is not None and c.witness.kind == "disk"}
    named = [("storage", s.name) for s in scenario.storage if s.name not in disks]
    named += [("network", n.name) for n in scenario.networks]
    for kind, name in named:
        gone = lost(state, name)
        called = name if name == kind else f"{name} {kind}"
        text = f"{signs['down' if gone else 'up']} {called}{' lost' if gone else ''}"
        yield Chunk(text, "down" if gone else "up", Component(kind, name))
