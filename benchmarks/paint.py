"""First paint and the frame with the verdict, on a real pseudo-terminal: `python -m benchmarks.paint [RUNS] [--full]`.

Both stand beside a bare Textual app with one Static, run in turn with it. With `--full` the first paint is also timed
where a person has 10,000 questions installed, in two packs that are proved first, which takes minutes, and has given
100,000 answers, all in the pack that the first screen shows.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.memory import insert, review
from benchmarks.packs import write
from benchmarks.terminal import Terminal, environment, middle, python
from studyapp.store.store import Store
from studyapp.wiring import FIRST_PACK

BARE = python(str(Path(__file__).with_name("bare.py")))
PROGRAM = python("-m", "studyapp.cli.main")
PRACTICE = [*PROGRAM, "practice", "--seed", "4"]
PACKS = (FIRST_PACK, "many")
QUESTIONS, ANSWERS = 10_000, 100_000


def first_paint(command: list[str], shown: str, home: str) -> float:
    """Seconds from the start of the process to the first screen."""
    terminal = Terminal(command, environment(home))
    try:
        return terminal.wait(lambda text: shown in text)
    finally:
        terminal.close()


def arrow(home: str, presses: int) -> list[float]:
    """Seconds from an arrow key to its frame in the bare app."""
    terminal = Terminal(BARE, environment(home))
    try:
        terminal.wait(lambda text: "ready 0" in text)
        terminal.settle()
        return [terminal.press("\x1b[B", lambda text, n=n: f"ready {n}" in text) for n in range(1, presses + 1)]  # type: ignore[misc]  # the default binds n
    finally:
        terminal.close()


def verdicts(home: str, questions: int) -> list[float]:
    """Seconds from the key that submits an answer to the frame with the verdict."""
    terminal = Terminal(PRACTICE, environment(home), rows=40, columns=100)
    times: list[float] = []
    try:
        terminal.wait(lambda text: "Practice" in text)
        terminal.settle(1.0)
        if "1 of" not in terminal.text():
            os.write(terminal.fd, b"\r")
            terminal.settle(1.0)
        for _ in range(questions):
            os.write(terminal.fd, b"1")
            terminal.settle(0.3)
            os.write(terminal.fd, b"\r")
            terminal.settle(0.3)
            times.append(terminal.press("2", lambda text: "Right" in text or "Wrong" in text or "Partly" in text))
            terminal.settle(0.5)
            os.write(terminal.fd, b"n")
            terminal.settle(0.5)
    finally:
        terminal.close()
    return times


def fill(home: Path) -> None:
    """Install many questions, and have given many answers until now."""
    for pack in PACKS:
        folder = home / "written" / pack
        write(folder, QUESTIONS // len(PACKS))
        manifest = folder / "pack.yaml"
        manifest.write_text(manifest.read_text().replace("id: many", f"id: {pack}"))
        install = [*PROGRAM, "pack", "install", "--yes", str(folder)]
        subprocess.run(install, env=environment(str(home)), check=True, stdout=subprocess.DEVNULL)
    database, now = home / "data" / "studyapp.db", datetime.now(UTC)
    Store(database).open().close()
    with sqlite3.connect(database) as raw:
        for number in range(ANSWERS):
            at = now - timedelta(minutes=ANSWERS - number)
            insert(raw, replace(review(number, f"q{number * 7919 % (QUESTIONS // len(PACKS))}", at), pack=FIRST_PACK))
    raw.close()
    with Store(database) as store:
        store.rebuild()


def paints(what: str, home: str, runs: int) -> None:
    """Print the first paint beside the bare app's."""
    # What is remembered of a pack that was opened before is there from the second start on.
    terminal = Terminal(PROGRAM, environment(home))
    terminal.wait(lambda text: "Lessons" in text)
    terminal.settle(5.0)
    terminal.close()
    pairs = [(first_paint(BARE, "ready 0", home), first_paint(PROGRAM, "Lessons", home)) for _ in range(runs)]
    bare, program = middle([b for b, _ in pairs]), middle([p for _, p in pairs])
    ratio = middle([p / b for b, p in pairs])
    print(f"first paint{what}: bare {bare * 1000:.0f} ms, studyapp {program * 1000:.0f} ms, ratio {ratio:.2f}")


def main() -> None:
    """Print both figures with their floors."""
    full = "--full" in sys.argv
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    runs = numbers[0] if numbers else 9
    with tempfile.TemporaryDirectory() as home:
        paints("", home, runs)
        floor = middle(arrow(home, 15))
        verdict = verdicts(home, 8)
        print(
            f"verdict: arrow key in the bare app {floor * 1000:.1f} ms, verdict {middle(verdict) * 1000:.1f} ms, "
            f"later by {(middle(verdict) - floor) * 1000:.1f} ms (slowest {max(verdict) * 1000:.1f} ms)"
        )
    if full:
        with tempfile.TemporaryDirectory() as home:
            fill(Path(home))
            paints(f" with {QUESTIONS:,} questions and {ANSWERS:,} answers", home, runs)


if __name__ == "__main__":
    main()
