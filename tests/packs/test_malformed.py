"""Scenarios with one fault each: the error names its line and column, within a second, whatever was written.

`tests/golden/malformed/` holds documents in which the line of the fault ends in `#! COLUMN CODE`, which YAML takes for
a comment; a second `#!` is a second error that follows from the first. What is too big to be read there is made here.
"""

from __future__ import annotations

import re
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from studyapp.packs.scenarios import BadScenario, Document, load_documents, load_scenario

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "malformed"
MARK = re.compile(r"#! (\d+) ([a-z-]+)")
TRIES = 3
"""How often a text may be tried: other work on the machine slows one now and then."""
LIMIT_S = 1.0


@dataclass(frozen=True, slots=True)
class Fault:
    """A document, where it begins in its file, and the errors it has."""

    topic: str
    title: str
    text: str
    expected: tuple[tuple[int, int, str], ...]


def faults() -> Iterator[Fault]:
    for path in sorted(FOLDER.glob("*.yaml")):
        for text in path.read_text(encoding="utf-8").split("---\n"):
            title = text.partition("\n")[0].removeprefix("# ")
            found = [
                (number, int(mark[1]), mark[2])
                for number, line in enumerate(text.split("\n"), start=1)
                for mark in MARK.finditer(line)
            ]
            yield Fault(path.stem, title, text, tuple(found))


FAULTS = tuple(faults())


@pytest.mark.parametrize("fault", FAULTS, ids=[f"{fault.topic}: {fault.title}" for fault in FAULTS])
def test_a_fault_is_named_where_it_is(fault: Fault) -> None:
    began = time.process_time()
    [document] = load_documents(fault.text, "case.yaml")
    assert time.process_time() - began < LIMIT_S
    found = tuple((p.line, p.column, p.code) for p in document.problems)
    assert found == fault.expected, "\n".join(p.format() for p in document.problems)
    assert document.scenario is None


def test_there_are_enough_faults() -> None:
    assert len(FAULTS) >= 400
    assert all(fault.expected for fault in FAULTS)
    assert len({(fault.topic, fault.title) for fault in FAULTS}) == len(FAULTS)


# -- what is too big to be written down -----------------------------------------------------------------------------

TOP = "release: ws2019\nhosts: {a: , b: }\n"
CLUSTER = "clusters: {c: {kind: failover, nodes: [%s]}}"


def many(number: int, text: str, between: str = ", ") -> str:
    """A text so many times, each with its number in place of `#`."""
    return between.join(text.replace("#", str(n)) for n in range(number))


BIG = {
    "10,000 nodes": (
        f"release: ws2019\nhosts: {{{many(10_000, 'n#: ')}}}\n{CLUSTER % many(10_000, 'n#')}",
        (2, 1, "too-big"),
    ),
    "10,000 guests as nodes": (
        f"{TOP}vms:\n{many(10_000, '  v#: {host: a}', chr(10))}\n{CLUSTER % many(10_000, 'v#')}",
        (10_004, 1130, "too-big"),
    ),
    "10,001 guests": (f"{TOP}vms:\n{many(10_001, '  v#: {host: a}', chr(10))}", (10_004, 3, "too-big")),
    "100,000 open brackets": (TOP + "x: " + "[" * 100_000, (3, 35, "yaml-depth")),
    "100,000 open braces": (TOP + "x: " + "{a: " * 100_000, (3, 128, "yaml-depth")),
    "100,000 dashes": (TOP + "x:\n" + "- " * 100_000, (4, 63, "yaml-depth")),
    "lines that nest deeper and deeper": (
        TOP + "\n".join(" " * n + f"k{n}:" for n in range(900)),
        (35, 33, "yaml-depth"),
    ),
    "50,000 anchors": (TOP + many(50_000, "k#: &a# 1", "\n"), (3, 5, "yaml-anchor")),
    "aliases of aliases": ("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n", (1, 4, "yaml-anchor")),
    "50,000 tags": (TOP + many(50_000, "k#: !t 1", "\n"), (3, 5, "yaml-tag")),
    "60,000 hosts": (f"release: ws2019\nhosts:\n{many(60_000, ' h#:', chr(10))}", (10_003, 2, "too-big")),
    "201 hosts": (f"release: ws2019\nhosts: {{{many(201, 'h#: ')}}}", (2, 1, "too-big")),
    "a megabyte of title": (TOP + "title: " + "x" * 1_000_000, (3, 8, "out-of-range")),
    "more than a megabyte": (TOP + "#" * 1_100_000, (1, 1, "too-big")),
    "a number of a million digits": (TOP + "until: " + "9" * 1_000_000, (3, 8, "yaml-number")),
    "200,000 words in one list": (TOP + "x: [" + "a, " * 200_000 + "]", (3, 30_005, "too-big")),
    "200,000 words in many lists": (
        TOP + "".join(f"k{n}: [{'[a,b,c,d,e,f,g,h,i,j,k], ' * 2_000}]\n" for n in range(10)),
        (10, 34_557, "too-big"),
    ),
    "60,000 keys": (TOP + many(60_000, "k#: 1", "\n"), (10_001, 1, "too-big")),
    "9,000 keys": (TOP + many(9_000, "k#: 1", "\n"), (3, 1, "unknown-key")),
    "20,000 entries": (TOP + "timeline:\n" + "- crash: a\n" * 20_000, (10_004, 3, "too-big")),
    "5,000 faults": (TOP + "timeline:\n" + "- crash: zz\n" * 5_000, (4, 10, "unknown-name")),
    "one machine 9,000 times": (TOP + "timeline: [{crash: [" + "a, " * 9_000 + "b]}]", (3, 24, "named-twice")),
    "one machine in 10,000 entries of lists": (
        TOP + "timeline:\n" + "- crash: [a, b]\n- start: [a, b]\n" * 5_000 + "- crash: zz",
        (10_004, 3, "too-big"),
    ),
    "300 port rules": (
        f"{TOP}clusters: {{f: {{kind: nlb, nodes: [a], rules: [{many(300, '{ports: #}')}]}}}}",
        (3, 2737, "too-big"),
    ),
    "10,001 addresses": (
        f"{TOP}services: {{s: {{runs_on: a}}}}\ntimeline: [{{load: s, clients: 1, from: [{'10.0.0.1, ' * 10_001}]}}]",
        (4, 100_041, "too-big"),
    ),
    "10,000 misspelt properties": (
        f"{TOP}clusters: {{c: {{kind: failover, nodes: [a], properties: {{{many(10_000, 'Same#: 1')}}}}}}}",
        (3, 57, "unknown-property"),
    ),
    "storage in a circle of two hundred": (
        f"{TOP}storage: {{s0: {{within: s199}}, {', '.join(f's{n}: {{within: s{n - 1}}}' for n in range(1, 200))}}}",
        (3, 4184, "cycle"),
    ),
    "a role of 9,000 owners": (
        f"{TOP}{CLUSTER % 'a'}\nroles: {{r: {{cluster: c, owner: a, preferred: [{many(9_000, 'n#')}]}}}}",
        (4, 47, "not-a-node"),
    ),
    "a partition into 9,000 sides": (
        f"{TOP}timeline: [{{partition: [{many(9_000, '[x#]')}]}}]",
        (3, 26, "unknown-name"),
    ),
}


def timed(text: str) -> tuple[list[Document], float]:
    """What the text comes to, and the processor time in seconds that it takes."""
    began = time.process_time()
    documents = load_documents(text, "case.yaml")
    return documents, time.process_time() - began


@pytest.mark.parametrize("name", BIG)
def test_what_is_too_big_is_refused_at_once(name: str) -> None:
    text, first = BIG[name]
    load_documents("release: ws2019\nhosts: {a: }\n", "warm.yaml")
    documents, took = zip(*(timed(text) for _ in range(TRIES)), strict=True)
    [document] = documents[0]
    found = [(p.line, p.column, p.code) for p in document.problems]
    assert found[0] == first, found[:3]
    assert document.scenario is None
    assert len(found) <= 100
    assert min(took) < LIMIT_S, f"it took {min(took):.2f} s"


def test_a_file_of_100_megabytes_is_not_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "big.yaml"
    with file.open("wb") as opened:
        opened.truncate(100 * 1024 * 1024)
    began = time.process_time()
    tracemalloc.start()
    with pytest.raises(BadScenario, match=r"big\.yaml:0:0: error: too-big: more than 1 MiB of text"):
        load_scenario(file)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.process_time() - began < LIMIT_S
    assert peak < 20 * 1024 * 1024


@pytest.mark.parametrize("what", ["release: &a ws2019", "release: !t ws2019", "release: *a", "%TAG ! x\n---\na: 1"])
def test_nothing_is_built_of_what_yaml_would_make_of_it(what: str) -> None:
    with pytest.raises(BadScenario) as raised:
        load_scenario(what)
    assert raised.value.problems[0].code.startswith("yaml")
