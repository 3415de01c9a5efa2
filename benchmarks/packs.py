"""How reading and checking packs grow, beside the floor of the same run: `python -m benchmarks.packs [SIZE ...]`.

The floor is what nobody can do without: splitting the files, the YAML parser in C and pydantic over the front matter.
Packs of 100, 1,000 and 10,000 questions with five variants each are made in a temporary folder. Every measurement runs
in a process of its own, so that nothing is remembered from the one before, and begins when it has imported what it
needs and read the facts that come with the program; the check and the warm load use a cache of their own. Ratios and
exponents are of the time that processors worked, which a busy machine changes less. Wishes are for the largest pack.
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
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
# Each imports what it needs, and gives the work.

Work = Callable[[], object]


def floor(folder: Path) -> Work:
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

    def work() -> None:
        for path in sorted((folder / "questions").iterdir()):
            _, front, _ = path.read_text(encoding="utf-8").split("---\n", 2)
            Front.model_validate(yaml.load(front, Loader=yaml.CSafeLoader))  # it is a safe loader

    return work


def markdown(folder: Path) -> Work:
    """Parse the bodies with markdown-it-py alone."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark")

    def work() -> None:
        for path in sorted((folder / "questions").iterdir()):
            parser.parse(path.read_text(encoding="utf-8").split("---\n", 2)[2])

    return work


def cold(folder: Path) -> Work:
    """Open the pack for study: front matter with its places, bodies when they are asked for."""
    from studyapp.packs.facts import load_facts
    from studyapp.packs.pack import open_folder

    load_facts()

    def work() -> None:
        opened = open_folder(folder, whole=False)
        assert opened.pack is not None
        assert not opened.problems, opened.problems[:3]

    return work


def whole(folder: Path) -> Work:
    """Read the pack for a check, all bodies parsed."""
    from studyapp.packs.facts import load_facts
    from studyapp.packs.pack import read_pack

    load_facts()

    def work() -> None:
        read, problems = read_pack(folder)
        assert read is not None
        assert not problems, problems[:3]

    return work


def first(folder: Path) -> Work:
    """Open the pack for study for the first time: it is read, and remembered."""
    from studyapp.packs.compiled import Compiled, stamp
    from studyapp.packs.pack import open_folder

    def work() -> None:
        before = stamp(folder)
        Compiled(folder.parent / "cache", "many").keep(before, open_folder(folder, whole=False))

    return work


def warm(folder: Path) -> Work:
    """Open it again."""
    from studyapp.packs.compiled import Compiled

    def work() -> None:
        assert Compiled(folder.parent / "cache", "many").open(folder) is not None

    return work


def _checking(folder: Path, *, beliefs: bool) -> Work:
    from studyapp.packs.check import check_pack

    def work() -> None:
        report = check_pack(folder, jobs=2, beliefs=beliefs, cache=folder.parent / "cache" if beliefs else None)
        assert report.ok, report.problems[:3]
        assert report.proved == report.variants

    return work


def proof(folder: Path) -> Work:
    """Prove every variant on two processors."""
    return _checking(folder, beliefs=False)


def check(folder: Path) -> Work:
    """The whole check on two processors, misconceptions included; the cache is filled."""
    return _checking(folder, beliefs=True)


def again(folder: Path) -> Work:
    """The whole check when nothing changed."""
    return _checking(folder, beliefs=True)


MEASURED: dict[str, Callable[[Path], Work]] = {
    each.__name__: each for each in (floor, markdown, cold, whole, first, warm, proof, check, again)
}


@dataclass(frozen=True, slots=True)
class Figures:
    """One measurement: seconds by the clock, seconds that processors worked for it, how many of these were not of the
    process that began it, and megabytes of the largest process.
    """

    clock: float
    worked: float
    shared: float
    megabytes: int

    @property
    def on_two(self) -> float:
        """Seconds that it takes when two processors have nothing else to do."""
        return self.worked - self.shared / 2


Run = Mapping[str, Figures]


def measured(name: str, folder: Path) -> Figures:
    """Take one measurement in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.packs", "--one", name, str(folder)]
    run = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True, env=os.environ)
    return Figures(*json.loads(run.stdout))


def one(name: str, folder: Path) -> None:
    """Measure here, and print it."""
    work = MEASURED[name](folder)
    before = time.process_time()
    started = time.perf_counter()
    work()
    taken = time.perf_counter() - started
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    alone, shared = (each.ru_utime + each.ru_stime for each in used)
    print(json.dumps((taken, alone + shared - before, shared, max(each.ru_maxrss for each in used) // 1024)))


# -- what is wished ---------------------------------------------------------------------------------------------------

WISHES: tuple[tuple[str, Callable[[Run], float], float], ...] = (
    ("cold load, bodies later, to the floor", lambda run: run["cold"].worked / run["floor"].worked, 1.6),
    (
        "all bodies parsed, to the floor and markdown-it-py",
        lambda run: run["whole"].worked / (run["floor"].worked + run["markdown"].worked),
        1.5,
    ),
    ("warm load, to the floor", lambda run: run["warm"].worked / run["floor"].worked, 0.2),
    ("warm load, to all bodies parsed", lambda run: run["warm"].worked / run["whole"].worked, 0.1),
    ("proof on two free processors, seconds", lambda run: run["proof"].on_two, 60),
    ("the whole check on two free processors, seconds", lambda run: run["check"].on_two, 240),
    ("the check when nothing changed, seconds", lambda run: run["again"].clock, 3),
    ("memory, megabytes", lambda run: max(each.megabytes for each in run.values()), 300),
)
"""What is wished of the largest pack: its name, what it is, and what it is to be at most."""
EXPONENT = 1.1
"""What the time of anything may grow by, as a power of the number of questions."""


def wished(name: str, found: float, most: float) -> None:
    """Print a figure beside its wish."""
    print(f"  {name:50} {found:8.2f}  wished: at most {most:g}{'' if found <= most else '  MISSED'}")


def main(sizes: tuple[int, ...]) -> None:
    """Print everything."""
    runs: dict[int, dict[str, Figures]] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as parent:
            folder = Path(parent) / "many"
            write(folder, size)
            time.sleep(3)  # a pack that has just been written is in doubt
            print(f"{size:,} questions")
            run = runs[size] = {}
            for name in MEASURED:
                run[name] = found = measured(name, folder)
                ratio = found.worked / run["floor"].worked
                print(
                    f"  {name:8} {found.clock:8.2f} s, of processors {found.worked:8.2f} s  {ratio:8.2f} × floor  "
                    f"{found.megabytes:5} MB",
                    flush=True,
                )
    print(f"\n{max(sizes):,} questions beside what is wished")
    for name, figure, most in WISHES:
        wished(name, figure(runs[max(sizes)]), most)
    if len(sizes) > 1:
        for name in MEASURED:
            wished(f"exponent of {name}", exponent([(size, runs[size][name].worked) for size in sizes]), EXPONENT)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], Path(sys.argv[3]))
    else:
        main(tuple(int(word) for word in sys.argv[1:]) or SIZES)
