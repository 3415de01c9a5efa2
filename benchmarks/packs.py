"""How reading and checking packs grow, beside the floor of the same run: `python -m benchmarks.packs [SIZE ...]`.

The floor is what nobody can do without: splitting the files, the YAML parser in C and pydantic over the front matter.
Packs of 100, 1,000 and 10,000 questions with five variants each are made in a temporary folder. Every measurement runs
in a process of its own, so that nothing is remembered from the one before; the check may use a cache of its own. Ratios
and exponents are of the time that processors worked, which a busy machine does not change.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.scale import exponent

SIZES = (100, 1_000, 10_000)
PER_SCENARIO = 100
"""Questions on one scenario."""

SCENARIO = """\
title: Cluster {number}
release: ws2012r2
networks:
  lan: {{}}
storage:
  san: {{kind: array}}
hosts:
{hosts}
vms:
{vms}
clusters:
  hv: {{kind: failover, nodes: [{nodes}], witness: none}}
roles:
{roles}
"""
QUESTION = """\
---
kind: choice
objective: part{part}
scenario: cluster{scenario}
vary:
  host: [{nodes}]
timeline:
  - at: {at}s
    crash: "{{host}}"
difficulty: {difficulty}
---
{prompt} The host **{{host}}** loses its power after {at} s. What becomes of `{vm}`, which was on {home}?

- [moved("{vm}")] It starts on another host: {first}.
  > {reason}
- [not moved("{vm}") and available("{vm}")] It stays on {home}: {second}.
- [not moved("{vm}") and not available("{vm}")] It is down until somebody starts it: {third}.

## Why
{why}
"""
PROSE = """
the node votes with its witness for a quorum a share a disk or the network carries heartbeats of every owner and host
a guest keeps memory while sessions of each client balance over ports by rule drain pause resume or move a group its
resource may fail restart follow an order a list and some weight on any path or volume
"""
WORDS = PROSE.split()


def write(folder: Path, questions: int) -> None:
    """A pack of so many questions, the same in every run."""
    draw = random.Random(questions)

    def text(count: int) -> str:
        return " ".join(draw.choice(WORDS) for _ in range(count))

    parts = range(10)
    lines = [f"  - {{id: part{part}, title: Part {part}, weight: 10}}" for part in parts]
    for name in ("questions", "scenarios"):
        (folder / name).mkdir(parents=True)
    manifest = ["format: 1", "id: many", "title: Many questions", "version: 1.0.0", "objectives:", *lines]
    (folder / "pack.yaml").write_text("\n".join(manifest) + "\n")
    for number in range(questions // PER_SCENARIO):
        nodes = [f"h{number}x{i}" for i in range(5)]
        scenario = SCENARIO.format(
            number=number,
            hosts="\n".join(f"  {name}: {{networks: [lan], storage: [san]}}" for name in nodes),
            vms="\n".join(f"  v{i}: {{host: {name}, networks: [lan]}}" for i, name in enumerate(nodes)),
            nodes=", ".join(nodes),
            roles="\n".join(
                f"  v{i}: {{cluster: hv, owner: {name}, vm: v{i}, storage: san, starts_in: 30s}}"
                for i, name in enumerate(nodes)
            ),
        )
        (folder / "scenarios" / f"cluster{number}.yaml").write_text(scenario)
    for number in range(questions):
        on = number // PER_SCENARIO
        which = number % 5
        question = QUESTION.format(
            part=number % len(parts),
            scenario=on,
            nodes=", ".join(f"h{on}x{i}" for i in range(5)),
            at=1 + number % PER_SCENARIO // 5,
            difficulty=1 + number % 5,
            vm=f"v{which}",
            home=f"h{on}x{which}",
            prompt=text(18).capitalize() + ".",
            first=text(4),
            second=text(4),
            third=text(4),
            reason=text(12),
            why=text(40),
        )
        (folder / "questions" / f"q{number}.md").write_text(question)


# -- what is measured, each in its own process ------------------------------------------------------------------------


def floor(folder: Path) -> None:
    """Split the files, parse the YAML in C, validate the front matter."""
    import yaml
    from pydantic import BaseModel

    class Front(BaseModel):
        kind: str
        objective: str
        scenario: str
        vary: dict[str, list[str]]
        timeline: list[dict[str, object]]
        difficulty: int

    for path in sorted((folder / "questions").iterdir()):
        _, front, _ = path.read_text(encoding="utf-8").split("---\n", 2)
        Front.model_validate(yaml.load(front, Loader=yaml.CSafeLoader))  # it is a safe loader


def markdown(folder: Path) -> None:
    """Parse the bodies with markdown-it-py alone."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark")
    for path in sorted((folder / "questions").iterdir()):
        parser.parse(path.read_text(encoding="utf-8").split("---\n", 2)[2])


def load(folder: Path) -> None:
    """Read the pack, all bodies parsed."""
    from studyapp.packs.pack import load_pack

    pack, problems = load_pack(folder)
    assert pack is not None
    assert not problems, problems[:3]


def _check(folder: Path, jobs: int, *, beliefs: bool, cache: bool = False) -> None:
    from studyapp.packs.check import check_pack

    where = folder.parent / "cache" if cache else None
    report = check_pack(folder, jobs=jobs, beliefs=beliefs, cache=where)
    assert report.ok, report.problems[:3]
    assert report.proved == report.variants


def proof(folder: Path) -> None:
    """Prove every variant on two processors."""
    _check(folder, 2, beliefs=False)


def check(folder: Path) -> None:
    """The whole check on two processors, misconceptions included; the cache is filled."""
    _check(folder, 2, beliefs=True, cache=True)


def again(folder: Path) -> None:
    """The whole check when nothing changed."""
    _check(folder, 2, beliefs=True, cache=True)


MEASURED: dict[str, Callable[[Path], None]] = {
    each.__name__: each for each in (floor, markdown, load, proof, check, again)
}


def measured(name: str, folder: Path) -> tuple[float, float, int]:
    """Seconds by the clock, seconds of all processors, and megabytes of the largest process, of one measurement."""
    words = [sys.executable, "-m", "benchmarks.packs", "--one", name, str(folder)]
    run = subprocess.run(words, check=True, capture_output=True, text=True, env=os.environ)
    seconds, worked, megabytes = json.loads(run.stdout)
    return float(seconds), float(worked), int(megabytes)


def one(name: str, folder: Path) -> None:
    """Measure here, and print it."""
    from studyapp.packs import folder as limits

    limits.MAX_FILES = 2 * max(SIZES)  # the questions alone may be as many files as a pack may have
    before = time.process_time()
    started = time.perf_counter()
    MEASURED[name](folder)
    taken = time.perf_counter() - started
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    worked = sum(each.ru_utime + each.ru_stime for each in used) - before
    print(json.dumps((taken, worked, max(each.ru_maxrss for each in used) // 1024)))


def main(sizes: tuple[int, ...]) -> None:
    """Print everything."""
    points: dict[str, list[tuple[int, float]]] = {name: [] for name in MEASURED}
    for size in sizes:
        with tempfile.TemporaryDirectory() as parent:
            folder = Path(parent) / "many"
            write(folder, size)
            print(f"{size:,} questions")
            taken: dict[str, float] = {}
            for name in MEASURED:
                clock, taken[name], megabytes = measured(name, folder)
                points[name].append((size, taken[name]))
                ratio = taken[name] / taken["floor"]
                print(
                    f"  {name:8} {clock:8.2f} s, of processors {taken[name]:8.2f} s  {ratio:7.2f} × floor  "
                    f"{megabytes:5} MB",
                    flush=True,
                )
            print(f"  load     {taken['load'] / (taken['floor'] + taken['markdown']):8.2f} × (floor + markdown)")
    if len(sizes) > 1:
        for name, found in points.items():
            print(f"exponent of {name}: {exponent(found):.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], Path(sys.argv[3]))
    else:
        main(tuple(int(word) for word in sys.argv[1:]) or SIZES)
