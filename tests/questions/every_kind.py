"""The golden pack that has a question of every kind, and the right answer to each of its variants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from studyapp.packs.pack import Pack, load_pack
from studyapp.questions.question import Variant
from studyapp.questions.response import Number, Ordered, Paired, Picked, Response, Said, Text
from tests.packs.cases import cases, write_pack

WITNESS = "Give group the file share witness fs1 (costs 1)"
SLOW = "Set SameSubnetThreshold of group to 10 (costs 1)"
SLOWER = "Set SameSubnetThreshold of group to 6 (costs 1)"
PLACED = "Place files on n2 (costs 1)"
ADDED = "Add n3 to group (costs 3)"

FILES = cases("every-kind.txt")[0].files


def every_kind(folder: Path) -> Pack:
    """The pack, written to a folder and read."""
    pack, problems = load_pack(write_pack(folder, FILES))
    assert pack is not None, problems
    assert not problems
    return pack


def _host(variant: Variant) -> str:
    return str(variant.names["host"])


def _series(variant: Variant) -> Response:
    moves = frozenset({0} if _host(variant) == "host1" else ())
    return Said(moves | {2}, frozenset({0, 1}) - moves)


def _point(variant: Variant) -> Response:
    return Picked(frozenset({"host1", "host2", "host3"}) - {_host(variant)})


RIGHT: Mapping[str, Callable[[Variant], Response]] = MappingProxyType(
    {
        "good": lambda variant: frozenset({0 if _host(variant) == "host1" else 1}),
        "several": lambda variant: frozenset({0, 1, 2} - ({0} if _host(variant) == "host1" else set())),
        "series": _series,
        "number": lambda variant: Number(float(str(variant.names["threshold"]))),
        "text": lambda variant: Text("Majority."),
        "list": lambda variant: Ordered((0, 1, 2, 3)),
        "events": lambda variant: Ordered((1, 2, 0)),
        "pairs": lambda variant: Paired((0, 1)),
        "point": _point,
        "break": lambda variant: Picked(frozenset({"host1", "host3"})),
        "design": lambda variant: Picked(frozenset({WITNESS, SLOW})),
    }
)
"""The right answer to each question, read off the documents: a cluster of three keeps its quorum with two votes, a
heartbeat a second is missed as often as the threshold says, two of three votes are a majority.
"""
