"""Question templates that are right, taken apart, so that tests can make them wrong in known ways."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

PACK = """\
format: 1
id: templates
title: Templates
version: 1.0.0
objectives:
  - {id: all, title: Everything, weight: 100}
"""
PATH = "questions/template.md"


@dataclass(frozen=True, slots=True)
class Template:
    """A question over one scenario. `front` are the keys of its front matter beside those that have a field here, as
    JSON values; `options` are claims with their texts, the first of them one that is right in some variant; `rest` is
    an answer part of another form. `node` is a varied name that the prompt tells and the answer turns on ("" without
    one), `idle` a machine or role that nothing happens to.
    """

    name: str
    kind: str
    scenario: str
    prompt: str
    vary: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    timeline: tuple[dict[str, Any], ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    front: tuple[tuple[str, Any], ...] = ()
    rest: str = ""
    node: str = ""
    idle: str = ""
    where: str = ""

    def key(self, name: str) -> Any:
        """The value of a key of `front`."""
        return dict(self.front)[name]

    def having(self, **keys: Any) -> Template:
        """The same with other values of keys of `front`."""
        return replace(self, front=tuple({**dict(self.front), **keys}.items()))

    def option(self, number: int, claim: str, text: str | None = None) -> Template:
        """The same with another option in the place of one."""
        options = list(self.options)
        options[number] = (claim, options[number][1] if text is None else text)
        return replace(self, options=tuple(options))

    def more(self, claim: str, text: str) -> Template:
        """The same with one option more."""
        return replace(self, options=(*self.options, (claim, text)))

    def values(self, name: str, *values: Any) -> Template:
        """The same with other values of a varied name, or one name more."""
        return replace(self, vary=tuple({**dict(self.vary), name: values}.items()))

    def text(self) -> str:
        """The file."""
        keys: dict[str, Any] = {"kind": self.kind, "objective": "all", "scenario": "stage"}
        if self.vary:
            keys["vary"] = {name: list(values) for name, values in self.vary}
        if self.where:
            keys["where"] = self.where
        if self.timeline:
            keys["timeline"] = list(self.timeline)
        front = "\n".join(f"{key}: {json.dumps(value)}" for key, value in {**keys, **dict(self.front)}.items())
        options = "".join(f"- [{claim}] {text}\n" for claim, text in self.options)
        return f"---\n{front}\n---\n{self.prompt}\n\n{options}{self.rest}\n## Why\nIt is so.\n"

    def write(self, folder: Path) -> Path:
        """A pack of this question alone."""
        for path, text in {"pack.yaml": PACK, "scenarios/stage.yaml": self.scenario, PATH: self.text()}.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        return folder


def _nodes(count: int) -> tuple[str, ...]:
    return tuple(f"n{number}" for number in range(1, count + 1))


def cluster(count: int, *, share: bool = False, release: str = "ws2008r2") -> str:
    """A failover cluster of so many nodes, whose role `files` is on the first, with a file share witness or without."""
    nodes = _nodes(count)
    hosts = "".join(f"  {node}: {{networks: [lan], storage: [san]}}\n" for node in nodes)
    witness = "{share: fs}, quorum: node-and-share-majority" if share else "none, quorum: node-majority"
    return (
        f"title: {count} nodes\nrelease: {release}\nnetworks:\n  lan: {{}}\nstorage:\n  san: {{kind: array}}\n"
        f"hosts:\n{hosts}clusters:\n  g: {{kind: failover, nodes: [{', '.join(nodes)}], witness: {witness}}}\n"
        "roles:\n  files: {cluster: g, owner: n1, storage: san, starts_in: 10s}\nservices:\n  shares: {role: files}\n"
    )


def farm(count: int) -> str:
    """A balanced cluster of so many hosts, which serves `shop` on port 80."""
    nodes = _nodes(count)
    hosts = "".join(f"  {node}: {{networks: [lan]}}\n" for node in nodes)
    return (
        f"title: {count} balanced hosts\nrelease: ws2012r2\nnetworks:\n  lan: {{}}\nhosts:\n{hosts}clusters:\n"
        f"  g: {{kind: nlb, nodes: [{', '.join(nodes)}], mode: multicast, rules: [{{ports: 80, affinity: none}}]}}\n"
        "services:\n  shop: {nlb: g, port: 80}\n"
    )


def guests(monitored: str) -> str:
    """Three clustered hosts with a virtual machine on each; `monitored` says whether their heartbeats are watched."""
    watched = f", heartbeat_monitoring: {monitored}" if monitored else ""
    vms = "".join(f"  vm{n}: {{host: n{n}, networks: [lan]}}\n" for n in (1, 2, 3))
    roles = "".join(f"  vm{n}: {{cluster: g, owner: n{n}, vm: vm{n}, storage: san{watched}}}\n" for n in (1, 2, 3))
    return cluster(3).replace("clusters:\n", f"vms:\n{vms}clusters:\n").replace("roles:\n", f"roles:\n{roles}")


def templates() -> Iterator[Template]:
    """All of them."""
    for count in (3, 4, 5):
        nodes = _nodes(count)
        yield Template(
            f"votes left of {count}",
            "choice",
            cluster(count),
            "{node} loses its power. What is known of the cluster `g` and of `files` afterwards?",
            (("node", nodes),),
            ({"crash": "{node}"},),
            (
                (f'votes("g") == {count - 1} and owner("files") == "n1"', f"{count - 1} votes, and files stays."),
                (f'votes("g") == {count - 1} and owner("files") != "n1"', f"{count - 1} votes, and files moves."),
                (f'votes("g") == {count} and votes_needed("g") == {count // 2 + 1}', f"{count} votes, as before."),
            ),
            node="node",
            idle="n2",
        )
        last = nodes[-1] if count > 3 else "nothing"
        yield Template(
            f"quorum of {count} with a share",
            "choice",
            cluster(count, share=True),
            f"{{first}} loses its power, ten minutes later {{second}}, if it still runs, and then {last}. "
            "What becomes of `files`?",
            (("first", nodes[:3]), ("second", nodes)),
            (
                {"crash": "{first}"},
                {"at": "10min", "crash": "{second}"},
                *([{"at": "20min", "crash": last}] if count > 3 else []),
            ),
            (
                ('quorum("g") and moved("files")', "It runs on another node."),
                ('quorum("g") and not moved("files")', "It runs where it was."),
                ('not quorum("g")', "It is down, for want of quorum."),
            ),
            node="first",
            idle="n1",
        )
        yield Template(
            f"seconds of {count}",
            "number",
            cluster(count),
            "`SameSubnetThreshold` is {threshold}, and a heartbeat is sent each second. n1 loses its power. "
            "When is that noticed?",
            (("threshold", (5, 8, 10)),),
            ({"set": "g", "property": "SameSubnetThreshold", "value": "{threshold}"}, {"crash": "n1"}),
            front=(("answer", 'detection_time("n1")'), ("unit", "s"), ("tolerance", 1)),
            node="threshold",
            idle="n2",
        )
        yield Template(
            f"who is left of {count}",
            "point",
            cluster(count),
            "{node} loses its power. Which nodes still send heartbeats?",
            (("node", nodes),),
            ({"crash": "{node}"},),
            front=(("answer", '[n for n in nodes("g") if answers(n)]'), ("among", ["hosts"])),
            node="node",
        )
        yield Template(
            f"break {count}",
            "break",
            cluster(count, share=True),
            "Stop the cluster with as few faults as you can.",
            front=(("goal", 'not quorum("g")'), ("among", ["hosts", "witness"])),
        )
    for count in (2, 3, 4):
        nodes = _nodes(count)
        yield Template(
            f"farm of {count}",
            "choice",
            farm(count),
            "{node} loses its power. How is the work of `shop` shared in the end?",
            (("node", nodes),),
            ({"crash": "{node}"},),
            (
                ('not serves("n1", "shop")', "n1 gets nothing, the others share it."),
                ('serves("n1", "shop") and not serves("n2", "shop")', "n2 gets nothing, the others share it."),
                ('serves("n1", "shop") and serves("n2", "shop")', "n1 and n2 have their shares."),
            )[: 2 if count == 2 else 3],
            node="node",
            idle="n2",
        )
        yield Template(
            f"share of {count}",
            "number",
            farm(count),
            "{node} loses its power. Which share of new clients does `n1` get in the end, as a number from 0 to 1?",
            (("node", nodes),),
            ({"crash": "{node}"},),
            front=(("answer", 'share("shop", "n1")'), ("tolerance", 0.01)),
            node="node",
            idle="n2",
        )
    for monitored, word in (("true", "on"), ("false", "off")):
        yield Template(
            f"a guest hangs, monitoring {word}",
            "choice",
            guests(monitored),
            f"Heartbeat monitoring is {word}. The system of {{vm}} hangs while {{node}} loses its power. "
            "What does the cluster of hosts do with {vm}?",
            (("vm", ("vm1", "vm2")), ("node", ("n1", "n3"))),
            ({"hang": "{vm}"}, {"crash": "{node}"}),
            (
                ("moved(vm)", "It starts {vm} on another host."),
                ("not moved(vm) and boots(vm) > 0", "It starts {vm} anew where it is."),
                ("not moved(vm) and boots(vm) == 0", "It lets {vm} be."),
            ),
            node="node",
            idle="n2",
        )
    yield Template(
        "several things are so",
        "multi",
        cluster(3),
        "{node} loses its power. What is so afterwards?",
        (("node", ("n1", "n3")),),
        ({"crash": "{node}"},),
        (
            ('moved("files")', "files has moved."),
            ('votes("g") == 2', "Two votes are left."),
            ('votes("g") == 3', "Three votes are left."),
        ),
        node="node",
        idle="n2",
    )
    yield Template(
        "each of a series",
        "yes-no",
        cluster(3),
        "{node} loses its power. Is it so?",
        (("node", ("n1", "n3")),),
        ({"crash": "{node}"},),
        (
            ('moved("files")', "files has moved."),
            ('quorum("g")', "The cluster has quorum."),
            ('happens("removed", "n2")', "n2 is dropped."),
        ),
        node="node",
        idle="n2",
    )
    yield Template(
        "events in their order",
        "order",
        cluster(3),
        "n1 loses its power. What comes first?",
        timeline=({"crash": "n1"},),
        front=(("events", [{"crash": "n1"}, {"removed": "n1"}, {"online": "files"}]),),
        idle="n2",
    )
    yield Template(
        "states and nodes",
        "match",
        cluster(3),
        "{node} loses its power. Which state has which node?",
        (("node", ("n1", "n2")),),
        ({"crash": "{node}"},),
        rest="| Node | State |\n| --- | --- |\n"
        '| n1 | [state("g", "n1")] |\n| n2 | [state("g", "n2")] |\n| | Paused |\n',
        node="node",
    )
    for count in (2, 4):
        yield Template(
            f"make {count} safe",
            "design",
            cluster(count),
            f"Make the one change after which the loss of {'one node' if count == 2 else 'two nodes'} is borne.",
            front=(
                ("goal", [f'survives("shares", {count // 2})']),
                (
                    "allow",
                    [
                        {"witness": "g", "is": {"share": "fs"}},
                        {"place": "files", "on": "n2"},
                        {"set": "g", "property": "SameSubnetThreshold", "value": 10},
                    ],
                ),
                ("cost", 1),
            ),
            idle="n2",
        )
    yield Template(
        "a word",
        "text",
        cluster(3),
        "Of {votes} votes, how many are asked for? Give the word.",
        (("votes", (3, 4)),),
        front=(("accept", ["majority", "the majority", "more than half of {votes}"]), ("static", "it is a word")),
        node="votes",
    )
