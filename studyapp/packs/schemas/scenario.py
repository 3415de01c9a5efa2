"""A scenario: the cluster, and what happens to it."""

from __future__ import annotations

from collections.abc import Iterable

from studyapp.cluster.scenario import QUORUM_MODES, RELEASES, STORAGE_KINDS
from studyapp.packs import balancing, clusters, machines, roles, services
from studyapp.packs.building import KEYS, LONGEST_TITLE, MAX_SITES, SECTIONS
from studyapp.packs.parts import COUNT_MAX
from studyapp.packs.schemas import timeline
from studyapp.packs.schemas.shapes import (
    CLAIM,
    DURATION,
    FLAG,
    NAMES,
    WORD,
    Rows,
    Shape,
    choice,
    document,
    either,
    extending,
    items,
    keyed,
    maybe_empty,
    named,
    one_or_more,
    removable,
    whole,
)

PRODUCT = {"type": "object"}
"""Properties under the product's own names, whose spelling is free in capitals and small letters."""
PROPERTIES_ROW = (PRODUCT, "Settings under the product's own names and in its units.")
SITE = (WORD, "The site that it is in.")
ADDRESS = (WORD, "Its IPv4 address, or dhcp.")

OWN_ROWS: Rows = {
    "memory": (whole(1, machines.MAX_MEMORY), "Its memory in GB."),
    "release": (choice(RELEASES), "Its Windows Server release; left out, that of the scenario."),
    "domain": ({**WORD, "maxLength": machines.LONGEST_DOMAIN}, "The domain that it is a member of."),
    "address": ADDRESS,
    "networks": (NAMES, "The networks that it is on; left out, all, or those of its host."),
    "features": (NAMES, "Roles and updates that it has, such as hyper-v."),
    "properties": PROPERTIES_ROW,
}
NETWORK_ROWS: Rows = {
    "site": SITE,
    "routed": (FLAG, "Whether it is routed to the other networks; left out, it is."),
    "properties": PROPERTIES_ROW,
}
STORAGE_ROWS: Rows = {
    "kind": (choice(STORAGE_KINDS), "What kind of storage it is; left out, array."),
    "site": SITE,
    "within": (WORD, "The storage that it lies on."),
    "size": ({"type": "number", "exclusiveMinimum": 0, "maximum": machines.MAX_SIZE}, "Its size in GB."),
    "nodes": (NAMES, "The nodes of a pool (s2d)."),
    "drives": (one_or_more(whole(0, machines.MAX_DRIVES)), "The number of drives of each node of a pool."),
    "owner": (WORD, "The node that owns a pool."),
    "properties": PROPERTIES_ROW,
}
HOST_ROWS: Rows = {
    "site": SITE,
    "storage": (either(WORD, items(WORD)), "The storage that it is attached to; left out, all but local storage."),
    **OWN_ROWS,
}
VM_ROWS: Rows = {
    "host": (WORD, "The host that it is on at the start."),
    "mac_spoofing": (FLAG, "Whether it may send from another MAC address than its own."),
    "integration_services": (FLAG, "Whether it has integration services; left out, it has."),
    **OWN_ROWS,
}
NODES = (one_or_more(WORD), "Its nodes, in the order of their ids.")
HEARTBEAT_ROWS: Rows = {
    key: (
        (DURATION, f"The time from one heartbeat to the next: {name}.")
        if key.endswith("delay")
        else (whole(0, COUNT_MAX), f"A number of heartbeats: {name}.")
    )
    for key, name in clusters.HEARTBEAT.items()
}
FAILOVER_ROWS: Rows = {
    "kind": (choice(("failover",)), "A failover cluster."),
    "nodes": NODES,
    "witness": (timeline.WITNESS, "What has a vote beside the nodes: none, or {disk: …}, {share: …}, {cloud: …}."),
    "quorum": (choice(QUORUM_MODES), "How votes are counted; left out, as the release does."),
    "weights": (named(whole(0, 1)), "Nodes without a vote (0)."),
    "dynamic_weights": (named(whole(0, 1)), "The dynamic votes at the start, of nodes and the witness."),
    "lower_quorum_priority": (WORD, "The node that loses its vote when they are even."),
    "heartbeat": (keyed(HEARTBEAT_ROWS, HEARTBEAT_ROWS), "Delays and thresholds of the heartbeat."),
    "properties": PROPERTIES_ROW,
}
BY_NODE = named(whole(0, COUNT_MAX))
RULE_ROWS: Rows = {
    "ports": (either(whole(0, balancing.LAST_PORT), {"type": "string"}), "One port, or a range such as 80-90."),
    "protocol": (choice(balancing.PROTOCOLS), "The protocol that the rule is about; left out, both."),
    "filter": (choice(balancing.FILTERS), "How many hosts answer: multiple, a single one, or none."),
    "affinity": (choice(balancing.AFFINITIES), "Which connections of a client go to one host."),
    "weights": (BY_NODE, "The share of the load of each host."),
    "priorities": (BY_NODE, "The handling priority of each host."),
    "timeout": (DURATION, "How long affinity outlives the last connection."),
}
NLB_ROWS: Rows = {
    "kind": (choice(("nlb",)), "A Network Load Balancing cluster."),
    "nodes": NODES,
    "mode": (
        either(choice(balancing.MODES), named(choice(balancing.MODES))),
        "The operation mode, or that of each host.",
    ),
    "priorities": (BY_NODE, "The host priorities; left out, the order of nodes."),
    "rules": (one_or_more(keyed(balancing.RULE_KEYS, RULE_ROWS, ("ports",))), "The port rules."),
    "address": ADDRESS,
    "properties": PROPERTIES_ROW,
}
RESTART_ROWS: Rows = {
    "action": (whole(0, 2), "What a failure leads to: RestartAction."),
    "threshold": (whole(0, COUNT_MAX), "How many restarts are tried in the period: RestartThreshold."),
    **{key: (DURATION, f"{name}.") for key, name in roles.RESTART_TIMES.items()},
}
FAILBACK_ROWS: Rows = {
    "allowed": (FLAG, "Whether the role goes back by itself."),
    "window": (items(whole(0, 23), 2, 2), "The hours of the day between which it may go back."),
}
ROLE_ROWS: Rows = {
    "cluster": (WORD, "The failover cluster that runs it."),
    "owner": (WORD, "The node that it is on at the start; of a virtual machine, its host."),
    "preferred": (NAMES, "Its preferred owners, in order."),
    "possible": (NAMES, "Its possible owners."),
    "storage": (either(WORD, items(WORD, 1, 1)), "What its disks lie on."),
    "vm": (WORD, "The virtual machine that the role makes highly available."),
    "heartbeat_monitoring": (FLAG, "Whether the host cluster listens to the heartbeat of the guest."),
    "monitored_services": (NAMES, "Services in it that the host cluster watches, which need no entry of their own."),
    "starts_in": (DURATION, "How long a start takes."),
    "restart": (keyed((*roles.RESTART_COUNTS, *roles.RESTART_TIMES), RESTART_ROWS), "The restart policy."),
    "failover_threshold": (whole(0, COUNT_MAX), "How many failovers are allowed in the period."),
    "failover_period": (DURATION, "The period in which failovers are counted."),
    "failback": (keyed(roles.FAILBACK_KEYS, FAILBACK_ROWS), "Whether and when it goes back."),
    "anti_affinity": (NAMES, "Classes: roles that share one are kept apart."),
    "priority": (either(choice(roles.PRIORITIES), whole(0, 3000)), "Which roles start first."),
    "properties": PROPERTIES_ROW,
}
SERVICE_ROWS: Rows = {
    "nlb": (WORD, "The NLB cluster that answers its clients."),
    "role": (WORD, "The role that answers its clients."),
    "runs_on": (WORD, "The machine that answers its clients."),
    "port": (whole(1, 65535), "The port that clients ask."),
    "state": (choice(services.STATES), "Where sessions are kept: nowhere, in the memory of a server, or shared."),
    "recovery": (
        one_or_more(choice(services.RECOVERIES)),
        "What its own manager does at the first failure, the second and so on.",
    ),
    "properties": PROPERTIES_ROW,
}

MEANT = {
    "networks": "Subnets; left out, one network that everything is on.",
    "storage": "What disks lie on.",
    "hosts": "Physical machines.",
    "vms": "Virtual machines.",
    "clusters": "Failover clusters and NLB clusters.",
    "roles": "What failover clusters keep running.",
    "services": "What clients ask for.",
}
"""What stands in each section."""


def scenario() -> Shape:
    """The schema of a scenario's file."""
    shape, parts = extending(_mapping(over=False), _mapping(over=True))
    definitions = {"entry": timeline.entry(filled=False), **parts}
    description = "A cluster to reason about: machines, clusters, roles and services, and what happens to them."
    return document("scenario", "A scenario of studyapp", description, shape, definitions)


def _mapping(*, over: bool) -> Shape:
    """The keys of a scenario. One that extends another gives only what is different, and null takes a key away."""

    def thing(keys: Iterable[str], rows: Rows, required: tuple[str, ...] = ()) -> Shape:
        return keyed(keys, removable(rows) if over else rows, () if over else required)

    failover = thing(clusters.FAILOVER_KEYS, FAILOVER_ROWS, ("kind", "nodes"))
    nlb = thing(balancing.NLB_KEYS, NLB_ROWS, ("kind", "nodes"))
    service = thing(services.SERVICE_KEYS, SERVICE_ROWS)
    if not over:
        service = {**service, "oneOf": [{"required": [target]} for target in services.TARGETS]}
    things: dict[str, Shape] = {
        "networks": maybe_empty(thing(machines.NETWORK_KEYS, NETWORK_ROWS)),
        "storage": maybe_empty(thing(machines.STORAGE_KEYS, STORAGE_ROWS)),
        "hosts": maybe_empty(thing(machines.HOST_KEYS, HOST_ROWS)),
        "vms": thing(machines.VM_KEYS, VM_ROWS, ("host",)),
        "clusters": either(failover, nlb) if over else _by_kind(failover, nlb),
        "roles": thing(roles.ROLE_KEYS, ROLE_ROWS, ("cluster",)),
        "services": service,
    }
    sections: Rows = {
        section: (maybe_empty(named(maybe_empty(things[section]) if over else things[section])), MEANT[section])
        for section in SECTIONS
    }
    rows: Rows = {
        "extends": (WORD, "The scenario that this one starts from; what stands here is merged over it."),
        "id": (WORD, "Its id; left out, the name of the file."),
        "title": ({**WORD, "maxLength": LONGEST_TITLE}, "What it is, in a few words."),
        "release": (choice(RELEASES), "The Windows Server release."),
        "sites": ({**one_or_more(WORD)}, f"Places that may be lost as a whole, at most {MAX_SITES}."),
        "timeline": (timeline.timeline("entry"), "What happens, one thing after another."),
        "until": (DURATION, "How long the run goes on; left out, until everything has settled."),
        "clock": (DURATION, "The time of day at the start, such as 14h."),
        "claims": (items(CLAIM), "What studyapp simulate is to answer about it."),
        **sections,
    }
    return keyed(KEYS, removable(rows) if over else rows, () if over else ("release", "hosts"))


def _by_kind(failover: Shape, nlb: Shape) -> Shape:
    """A cluster of one of the two kinds, so that an editor tells what is wrong with the one that is meant."""
    return {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": choice(("failover", "nlb"))},
        "if": {"properties": {"kind": {"const": "nlb"}}},
        "then": nlb,
        "else": failover,
    }
