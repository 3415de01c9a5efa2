"""Time comes in as `now` and chance as a seed; both are made in `wiring.py` and nowhere else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import ROOT, imported, parsed, place, pure, python, rooms

# Calls that read a clock or draw by chance, by the last two parts of what is called.
READS_A_CLOCK = {
    f"{owner}.{call}"
    for owner, calls in {
        "datetime": ("now", "utcnow", "today"),
        "date": ("today",),
        "time": ("time", "time_ns", "localtime", "gmtime", "ctime", "strftime"),
    }.items()
    for call in calls
}
DRAWS_BY_CHANCE = {"uuid.uuid1", "uuid.uuid4", "os.urandom", "random.SystemRandom"}
# The module's own functions share one hidden generator; `random.Random(seed)` is what may be used.
SHARED_GENERATOR = {
    f"random.{call}"
    for call in ("random", "randint", "randrange", "choice", "choices", "shuffle", "sample", "uniform", "seed", "gauss")
}
FORBIDDEN_CALLS = READS_A_CLOCK | DRAWS_BY_CHANCE | SHARED_GENERATOR
# A pure room cannot reach a clock or a generator under any name.
FORBIDDEN_IN_PURE_ROOMS = {"time", "random", "secrets", "uuid", "os", "threading", "asyncio", "socket", "subprocess"}

WIRING = ROOT / "studyapp" / "wiring.py"


def forbidden_calls(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Each mention of a clock or of chance, called or handed on: its line, and what is mentioned."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            if f"{owner}.{node.attr}" in FORBIDDEN_CALLS:
                yield node.lineno, f"{owner}.{node.attr}"
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for name in node.names:
                if f"{node.module}.{name.name}" in FORBIDDEN_CALLS or node.module == "secrets":
                    yield node.lineno, f"{node.module}.{name.name}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if called == "Random" and not node.args and not node.keywords:
                yield node.lineno, "Random() without a seed"


def test_the_scan_sees_what_it_should() -> None:
    clocks = "import datetime\ndatetime.datetime.now()\nclock = datetime.now\nfrom time import time\n"
    chance = "random.shuffle(x)\nRandom()\nrandom.Random()\nfrom secrets import token_hex\n"
    assert sorted(line for line, _ in forbidden_calls(ast.parse(clocks))) == [2, 3, 4]
    assert sorted(line for line, _ in forbidden_calls(ast.parse(chance))) == [1, 2, 3, 4]
    assert not list(forbidden_calls(ast.parse("random.Random(seed).shuffle(x)\nservices.now()\nnow: datetime\n")))


def test_no_file_but_the_wiring_reads_a_clock_or_draws_by_chance() -> None:
    found = [
        f"{place(path, line)}: {what}"
        for path in python("studyapp")
        if path != WIRING
        for line, what in forbidden_calls(parsed(path))
    ]
    assert not found


def test_pure_rooms_cannot_reach_a_clock() -> None:
    allowed: dict[Path, set[str]] = {ROOT / "studyapp" / "questions" / "variants.py": {"random"}}
    found = [
        f"{place(path, line)}: {name}"
        for path in python("studyapp")
        if pure(path)
        for line, name in imported(path)
        if name.split(".")[0] in FORBIDDEN_IN_PURE_ROOMS - allowed.get(path, set())
    ]
    assert not found
    assert "cluster" in rooms(), "the scan has something to scan"
