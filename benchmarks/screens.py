"""What a learner waits for, on a real pseudo-terminal: `python -m benchmarks.screens [NAME ...]`.

Each figure stands beside its floor, run in turn with it, and beside what is wished for:

- `feedback`: the frame with the verdict after an arrow key's frame in the bare app, p50 and p99, and how much later the
  rest of the feedback can be seen;
- `picture`: a frame of a diagram beside `Static.update` with the same text;
- `lesson`: a lesson of 2,000 lines beside one that has only its first section, opened for the first time and again;
- `question`: the next question beside two that have been shown before, in the same widgets;
- `memory`: what a session takes, in resident memory.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from benchmarks.paint import BARE, PROGRAM
from benchmarks.terminal import Terminal, environment, middle, python

DOWN = "\x1b[B"
PRESSES = 40
SESSIONS, ANSWERS = 5, 25
SECTIONS, LINES = 40, 50
ROUNDS = 3

MANIFEST = """\
format: 1
id: long
title: A long lesson
version: 1.0.0
authors: [nobody]
license: CC-BY-4.0
language: en
objectives:
  - {id: all, title: All, weight: 100}
"""


Times = tuple[float, float]
"""Seconds by the clock, and seconds that the processor worked for the program's main thread."""


def line(name: str, floor: Times, found: Times, wish: str) -> str:
    """A figure with its floor; the processor's ratio is the one that a busy machine does not change."""
    clock, work = found[0] / floor[0], found[1] / floor[1]
    return (
        f"{name}: floor {floor[0] * 1000:.1f} ms, {found[0] * 1000:.1f} ms, ratio {clock:.2f}; "
        f"worked {floor[1] * 1000:.1f} ms, {found[1] * 1000:.1f} ms, ratio {work:.2f} (wished: {wish})"
    )


def share(values: Sequence[float], part: float) -> float:
    """The value that a part of all does not pass."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def timed(terminal: Terminal, keys: str, shown: Callable[[str], bool]) -> Times:
    """What it takes from keys to a screen."""
    before = terminal.worked()
    clock = terminal.press(keys, shown)
    return clock, terminal.work_then - before


def middles(times: Sequence[Times]) -> Times:
    """The medians of both."""
    return middle([clock for clock, _ in times]), middle([work for _, work in times])


def presses(command: list[str], home: str, number: int, rows: int = 40) -> list[Times]:
    """What it takes from the down key to the frame that counts it."""
    terminal = Terminal(command, environment(home), rows=rows, columns=100)
    try:
        terminal.wait(lambda text: "ready 0" in text)
        terminal.settle()
        times = []
        for n in range(1, number + 1):
            times.append(timed(terminal, DOWN, lambda text, n=n: f"ready {n}" in text))  # type: ignore[misc]  # the default binds n
            terminal.settle(0.05)
        return times
    finally:
        terminal.close()


def beside(name: str, stand: str, home: str, wish: str) -> None:
    """Print what a press costs in a stand and in its floor: medians of each run, and of several runs in turn."""
    pairs = [
        (middles(presses(stand_of(f"{stand}-floor"), home, PRESSES)), middles(presses(stand_of(stand), home, PRESSES)))
        for _ in range(ROUNDS)
    ]
    print(line(name, middles([floor for floor, _ in pairs]), middles([found for _, found in pairs]), wish))


def stand_of(name: str) -> list[str]:
    """The command that runs a stand."""
    return python("-m", "benchmarks.stands", name)


def feedback(home: str) -> None:
    """The verdict, and the rest of what is said."""
    floor = presses(BARE, home, PRESSES)
    verdicts: list[Times] = []
    rests: list[float] = []
    for seed in range(SESSIONS):
        answers(home, seed, verdicts, rests)
    for place, by in ((0, "by the clock"), (1, "of work")):
        for part, wish in ((0.5, 25), (0.99, 60)):
            bare, verdict = (share([each[place] for each in times], part) * 1000 for times in (floor, verdicts))
            print(
                f"verdict, p{part * 100:.0f} {by}: arrow key in the bare app {bare:.1f} ms, verdict {verdict:.1f} ms, "
                f"later by {verdict - bare:.1f} ms (wished: at most {wish})"
            )
    print(f"the rest of the feedback after the verdict, p99: {share(rests, 0.99) * 1000:.1f} ms (wished: at most 150)")


def answers(home: str, seed: int, verdicts: list[Times], rests: list[float]) -> None:
    """Answer every question of the course, in a window that shows all that is said of an answer. Adds what it takes
    from the key that submits an answer to the verdict, and the seconds from that to the last line of the feedback.
    """
    command = [*PROGRAM, "practice", "--seed", str(seed), "--size", str(ANSWERS)]
    terminal = Terminal(command, environment(home), rows=90, columns=100)
    try:
        terminal.wait(lambda text: "Then enter" in text)
        while "Then enter" in terminal.text():
            give(terminal)
            verdicts.append(timed(terminal, "2", lambda text: any(word in text for word in VERDICTS)))
            shown = verdicts[-1][0]
            rests.append(terminal.wait(lambda text: "Seed " in text) - shown)
            terminal.settle(0.1)
            terminal.press("n", lambda text: "Seed " not in text)
            terminal.settle(0.1)
    finally:
        terminal.close()


VERDICTS = ("Right.", "Wrong.", "Partly right")


def give(terminal: Terminal) -> None:
    """Answer somehow, whatever the kind, up to the question how sure one is."""
    for keys in ("1", " "):
        terminal.press(keys, lambda text: True)
        terminal.settle(0.1)
        with suppress(TimeoutError):
            terminal.press("\r", lambda text: "How sure" in text, 2.0)
            # What is done while a person thinks is over by then.
            terminal.settle(0.3)
            return
    raise TimeoutError("no answer could be given:\n" + terminal.text())


def write_lesson(folder: Path, sections: int) -> Path:
    """A pack with one lesson of so many sections of prose, lists and tables."""
    (folder / "lessons").mkdir(parents=True)
    (folder / "pack.yaml").write_text(MANIFEST)
    parts = ["---", "title: The long one", "objectives: [all]", "---"]
    for number in range(1, sections + 1):
        parts += [f"## Section {number}", ""]
        for paragraph in range(1, (LINES - 12) // 2):
            parts += [f"Line {paragraph} of section {number} says **what** a `node` does when its heartbeat stops.", ""]
        parts += ["- one", "- two", "", "| who | votes |", "| --- | --- |", "| host1 | 1 |", "| disk | 1 |", ""]
    (folder / "lessons" / "long.md").write_text("\n".join(parts) + "\n")
    return folder


def opening(folder: Path, home: str) -> tuple[Times, Times]:
    """What it takes from the key that opens the lesson to its first lines, for the first time and then again."""
    terminal = Terminal([*PROGRAM, "practice", str(folder)], environment(home), rows=40, columns=100)

    def open_it() -> Times:
        terminal.press("\x1b", lambda text: "Lessons" in text)
        terminal.settle(0.5)
        return timed(terminal, "1", lambda text: "Line 3 of section 1" in text)

    try:
        terminal.wait(lambda text: "no questions" in text)
        terminal.settle(0.5)
        return open_it(), open_it()
    finally:
        terminal.close()


def lesson(home: str) -> None:
    """A long lesson beside a short one."""
    with tempfile.TemporaryDirectory() as folder:
        short, long = write_lesson(Path(folder) / "short", 1), write_lesson(Path(folder) / "long", SECTIONS)
        found = [(opening(short, home), opening(long, home)) for _ in range(ROUNDS)]
    for place, when in enumerate(("for the first time", "again")):
        floors, times = middles([a[place] for a, _ in found]), middles([b[place] for _, b in found])
        print(line(f"a lesson of {SECTIONS * LINES:,} lines, {when}", floors, times, "at most 1.3"))


def memory(home: str) -> None:
    """A session that has shown every kind of screen."""
    terminal = Terminal(PROGRAM, environment(home), rows=40, columns=100)
    try:
        terminal.wait(lambda text: HOME in text)
        terminal.settle(1.0)
        for keys, shown in SESSION:
            terminal.press(keys, lambda text, shown=shown: shown in text)  # type: ignore[misc]  # the default binds it
            terminal.settle(0.3)
        for row in Path(f"/proc/{terminal.pid}/status").read_text().splitlines():
            if row.startswith(("VmRSS", "VmHWM")):
                print(f"memory of a session: {row} (wished: below 120 MB)")
    finally:
        terminal.close()


HOME = "Install, remove"
SESSION = (
    ("1", "Lesson 1"),
    ("\x1b[F", "Next lesson"),
    ("\x1b", HOME),
    ("p", "How many questions?"),
    ("1", "1 of 5"),
    ("1", ""),
    ("\r", ""),
    ("2", ""),
    ("\x1b", HOME),
    ("s", "Altogether"),
    ("\x1b", HOME),
    ("/", "Type some words"),
    ("host", "places"),
    ("\x1b", HOME),
    ("b", "Four balanced servers"),
    ("1", "free play"),
    ("\x1b", "Four balanced servers"),
    ("\x1b", HOME),
    ("e", "to start the clock"),
    ("\r", "Question 1"),
)
"""Keys, and what is seen then."""

FIGURES: dict[str, Callable[[str], None]] = {
    "feedback": feedback,
    "picture": lambda home: beside("a frame of a diagram", "picture", home, "at most 2"),
    "lesson": lesson,
    "question": lambda home: beside("the next question", "question", home, "at most 1.5"),
    "memory": memory,
}


def main() -> None:
    """Print the figures asked for, or all."""
    for name in sys.argv[1:] or FIGURES:
        with tempfile.TemporaryDirectory() as home:
            FIGURES[name](home)


if __name__ == "__main__":
    main()
