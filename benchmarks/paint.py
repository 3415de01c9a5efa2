"""First paint and the frame with the verdict, on a real pseudo-terminal: `python -m benchmarks.paint [RUNS]`.

Both stand beside a bare Textual app with one Static, run in turn with it.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from benchmarks.terminal import Terminal, environment, middle, python

BARE = python(str(Path(__file__).with_name("bare.py")))
PROGRAM = python("-m", "studyapp.cli.main")
PRACTICE = [*PROGRAM, "practice", "--seed", "4"]


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


def main() -> None:
    """Print both figures with their floors."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    with tempfile.TemporaryDirectory() as home:
        first_paint(PROGRAM, "Windows clustering", home)
        pairs = [(first_paint(BARE, "ready 0", home), first_paint(PROGRAM, "Lessons", home)) for _ in range(runs)]
        bare, program = middle([b for b, _ in pairs]), middle([p for _, p in pairs])
        ratio = middle([p / b for b, p in pairs])
        print(f"first paint: bare {bare * 1000:.0f} ms, studyapp {program * 1000:.0f} ms, ratio {ratio:.2f}")
        floor = middle(arrow(home, 15))
        verdict = verdicts(home, 8)
        print(
            f"verdict: arrow key in the bare app {floor * 1000:.1f} ms, verdict {middle(verdict) * 1000:.1f} ms, "
            f"later by {(middle(verdict) - floor) * 1000:.1f} ms (slowest {max(verdict) * 1000:.1f} ms)"
        )


if __name__ == "__main__":
    main()
