"""The entries of a timeline, and of `allow`, the edits of a design."""

from __future__ import annotations

from studyapp.cluster.properties import PROPERTIES
from studyapp.cluster.scenario import VERBS
from studyapp.packs import edits
from studyapp.packs.acts import DIRECTIONS, FAILBACKS, MAX_ADDRESSES, MAX_CLIENTS, OPTIONS, TAKES, TYPES
from studyapp.packs.balancing import AFFINITIES, FILTERS
from studyapp.packs.clusters import WITNESS_KINDS
from studyapp.packs.parts import COUNT_MAX
from studyapp.packs.schemas.shapes import (
    DURATION,
    FLAG,
    NAMES,
    NULL,
    PLACEHOLDER,
    SCALAR,
    WORD,
    Rows,
    Shape,
    choice,
    described,
    either,
    items,
    keyed,
    known,
    one_or_more,
    whole,
)
from studyapp.packs.services import STATES
from studyapp.packs.timeline import MAX_ENTRIES

VALUE = either(SCALAR, items(SCALAR), {"type": "object"})
"""The value of a property: a number, a word, a list of words, or one for each node."""
WITNESS_ROWS: Rows = {
    "disk": (WORD, "The storage that the witness disk lies on."),
    "share": (WORD, "The name of the file share that is the witness, or the machine it is on."),
    "cloud": (WORD, "The name of the cloud witness."),
    "site": (WORD, "The site that the witness is in."),
}
WITNESS = either(choice(("none",)), keyed((*WITNESS_KINDS, "site"), WITNESS_ROWS))

SUBJECTS: dict[str, str] = {
    "crash": "Machines lose their power, or the process of a virtual machine is gone.",
    "hang": "The operating systems of machines stop answering; they stay on.",
    "fail": "The application of services or roles fails once, on a machine that answers.",
    "repair": "The application of services or roles works again wherever it is started.",
    "shutdown": "Machines are shut down in order.",
    "start": "Machines come up, or nodes that were stopped start.",
    "isolate": "Machines are cut off from networks.",
    "rejoin": "Machines are back on their networks.",
    "partition": "The network splits into sides, a list of lists of names.",
    "heal": "The network is whole again: write all.",
    "lose": "Networks, storage, witnesses or sites are gone.",
    "restore": "Networks, storage, witnesses or sites are back.",
    "pause": "Nodes take no roles any more.",
    "resume": "Paused nodes take roles again.",
    "move": "Roles are moved to another node.",
    "live-migrate": "Virtual machines are moved while they run.",
    "quick-migrate": "Virtual machines are saved, moved and restored.",
    "storage-migrate": "The disks of virtual machines are moved while they run.",
    "stop-node": "Clustering is stopped on nodes.",
    "start-node": "Clustering is started on nodes.",
    "drain-stop": "Balanced hosts take no new connections, and stop after the last.",
    "suspend": "Balanced hosts are stopped, and ignore orders until they are resumed.",
    "resume-node": "Suspended hosts obey orders again.",
    "force-quorum": "Nodes start their cluster without a majority.",
    "prevent-quorum": "Nodes start so that they may only join.",
    "evict": "Nodes are taken out of their cluster for good.",
    "join": "Machines are added to a cluster.",
    "set": "Things whose property is set.",
    "load": "Services to which clients connect.",
}
"""What each verb does to the things that it names."""
ODD: dict[str, Shape] = {"partition": items(items(WORD, 1), 2), "heal": choice(("all",))}
"""Verbs that take something else than names."""

OPTION_ROWS: Rows = {
    "lasting": (FLAG, "Every start on that machine fails too, until a repair."),
    "node": (WORD, "The machine on which a balanced service fails or is repaired."),
    "clear_quarantine": (FLAG, "A quarantined node may start."),
    "from": (
        either(NAMES, whole(1, MAX_ADDRESSES)),
        "The networks that a machine is cut off from; of a load, the addresses of its clients or their number.",
    ),
    "direction": (choice(DIRECTIONS), "The direction in which nothing gets through."),
    "drain": (FLAG, "What runs there is moved away first."),
    "force": (FLAG, "What cannot be moved away is moved by force."),
    "failback": (choice(FAILBACKS), "When roles go back to the node that is resumed."),
    "to": (WORD, "Where it goes: a machine, a storage, or the cluster that is joined."),
    "type": (choice(TYPES), "How a virtual machine is moved."),
    "switch_over": (DURATION, "How long a live migration keeps the virtual machine silent."),
    "timeout": (DURATION, "How long a drain may take."),
    "priority": (whole(0, COUNT_MAX), "The host priority of a machine that joins an NLB cluster."),
    "weight": (whole(0, COUNT_MAX), "The load weight of a machine that joins an NLB cluster."),
    "property": (known(PROPERTIES), "The product's name of a property."),
    "value": (VALUE, "The new value, in the product's unit."),
    "clients": (whole(1, MAX_CLIENTS), "How many clients connect."),
    "lasts": (DURATION, "How long each client keeps its connection."),
    "seed": (whole(0, COUNT_MAX), "Which clients they are: the same seed gives the same."),
}
AT = (DURATION, "When it happens, from the start; left out, once everything before it has settled.")


def entry(*, filled: bool) -> Shape:
    """An entry of a timeline; `filled`: with placeholders that are filled in, as in a question."""
    rows: Rows = {
        "at": AT,
        **{verb: (ODD.get(verb, NAMES), SUBJECTS[verb]) for verb in VERBS},
        **{option: OPTION_ROWS[option] for option in sorted(OPTIONS)},
    }
    if filled:
        rows = {key: (either(PLACEHOLDER, shape), text) for key, (shape, text) in rows.items()}
    whole_entry = keyed(rows, rows)
    rules = []
    for verb in VERBS:
        allowed = [verb, "at", *TAKES[verb].options]
        names: Shape = either(choice(allowed), PLACEHOLDER) if filled else choice(allowed)
        rules.append(
            {"if": {"required": [verb]}, "then": {"propertyNames": names, "required": list(TAKES[verb].needs)}}
        )
    if filled:
        return {**whole_entry, "patternProperties": {PLACEHOLDER["pattern"]: VALUE}, "allOf": rules}
    return {**whole_entry, "anyOf": [{"required": [verb]} for verb in VERBS], "allOf": rules}


def timeline(name: str) -> Shape:
    """A timeline whose entries stand among the definitions."""
    return either(NULL, items({"$ref": f"#/$defs/{name}"}, 0, MAX_ENTRIES))


EDIT_ROWS: Rows = {
    "set": (NAMES, "Things whose property is changed."),
    "place": (NAMES, "Virtual machines or roles that are put on another machine."),
    "witness": (NAMES, "Failover clusters that are given another witness."),
    "add-node": (NAMES, "Machines that are added to a cluster."),
    "attach": (NAMES, "Machines that are attached to a network or a storage."),
    "rule": (WORD, "A port rule that is changed, as CLUSTER:PORT."),
    "sessions": (NAMES, "Services whose sessions are kept elsewhere."),
    "property": (known(PROPERTIES), "The product's name of the property."),
    "value": (VALUE, "Its value; of a list each is an edit of its own."),
    "on": (NAMES, "The machine; of a list each is an edit of its own."),
    "is": (
        either(choice(STATES), items(choice(STATES), 1), one_or_more(WITNESS)),
        "The witness, or where sessions are kept; of a list each is an edit of its own.",
    ),
    "to": (NAMES, "The cluster, network or storage."),
    "filter": (one_or_more(choice(FILTERS)), "The filter mode of the port rule."),
    "affinity": (one_or_more(choice(AFFINITIES)), "The affinity of the port rule."),
    "cost": (whole(0, edits.MOST_COST), "What the edit costs; left out, 1."),
}


def edit() -> Shape:
    """An edit that a design allows."""
    rows: Rows = {key: (either(PLACEHOLDER, shape), text) for key, (shape, text) in EDIT_ROWS.items()}
    rules = []
    for verb, beside in edits.VERBS.items():
        needs = [] if verb == "rule" else list(beside)
        names = choice((verb, *beside, "cost"))
        rules.append({"if": {"required": [verb]}, "then": {"propertyNames": names, "required": needs}})
    return {**keyed(rows, rows), "anyOf": [{"required": [verb]} for verb in edits.VERBS], "allOf": rules}


def allow() -> Shape:
    """The edits of a design."""
    return described(items(edit(), 1, edits.MOST_EDITS), "The changes that a learner may choose from.")
