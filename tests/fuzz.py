"""Runs a fuzzer, for so many tries or so long, and says what it took: no traceback, no hang, no growth."""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

SECONDS = 2.0
"""Processor time that one try may take."""
GROWTH = 500_000
"""Kilobytes that the process may grow by over all tries."""
LONG_RUN = 1_200.0
"""Seconds of the nightly run of one fuzzer."""

Try = Callable[[random.Random, int], tuple[str, object]]
"""Makes try `number` with the chances of `draw`: what went wrong, or nothing, and what was tried."""


@dataclass(frozen=True, slots=True)
class Took:
    """What a run took: its tries, the longest of them in seconds, and the most memory of the process in megabytes."""

    seed: int
    tries: int
    slowest: float
    megabytes: int


def fuzz(one: Try, seed: int, *, tries: int, seconds: float) -> Took:
    """Try, until there were so many or it took so long; an assertion fails at the first try that goes wrong."""
    draw, until = random.Random(seed), time.monotonic() + seconds
    size, slowest, number = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, 0.0, 0
    while number < tries and time.monotonic() < until:
        began = time.process_time()
        wrong, tried = one(draw, number)
        spent = time.process_time() - began
        slowest = max(slowest, spent)
        wrong = wrong or (f"took {spent:.1f} s" if spent > SECONDS else "")
        assert not wrong, f"{wrong}: seed {seed}, number {number}\n{tried}"
        number += 1
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert most - size < GROWTH, f"grew by {most - size} KB"
    return Took(seed, number, slowest, most // 1024)


def by_hand(one: Try, name: str) -> None:
    """Run for the seconds that the command line says, or as long as the nightly run, with the seed that it says."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else LONG_RUN
    took = fuzz(one, int(sys.argv[2]) if len(sys.argv) > 2 else chance(), tries=10**9, seconds=seconds)
    sys.stdout.write(
        f"{name}: seed {took.seed}, {took.tries:,} tries, no crash, slowest {took.slowest:.2f} s, "
        f"at most {took.megabytes} MB\n"
    )


def damaged(draw: random.Random, text: str, words: Sequence[str]) -> str:
    """The text with a few places cut out, repeated, exchanged, or overwritten by some of the words."""
    for _ in range(draw.choice((1, 1, 2, 3, 6, 8))):
        at, place = draw.randint(0, len(text)), draw.randint(0, len(text))
        length = draw.choice((1, 2, 5, 20, 200))
        piece, word = text[at : at + length], draw.choice(words)
        match draw.randint(0, 6):
            case 0:
                text = text[:at] + text[at + length :]
            case 1:
                text = text[:place] + piece + text[place:]
            case 2:
                text = text[:at] + word + text[at + draw.choice((0, 0, length)) :]
            case 3:
                text = text[:at] + piece * draw.choice((2, 3, 50)) + text[at + length :]
            case 4:
                lines = text.splitlines(keepends=True)
                lines.insert(draw.randint(0, len(lines)), word)
                text = "".join(lines)
            case 5:
                lines = text.splitlines(keepends=True)
                one, other = draw.randrange(len(lines) or 1), draw.randrange(len(lines) or 1)
                lines[one : one + 1] = lines[other : other + 1]
                text = "".join(lines)
            case _:
                text = text[:at] + word * draw.choice((2, 30, 3_000)) + text[at:]
    return text


def chance() -> int:
    """A seed that nobody knows before."""
    return random.randrange(10**9)


def harmless(text: str) -> bool:
    """No character in it but a newline is obeyed by a terminal."""
    return not any((ord(c) < 32 and c != "\n") or 0x7F <= ord(c) < 0xA0 for c in text)
