"""Proves all questions of a pack, on as many processors as are given, and only those that are not known already."""

from __future__ import annotations

import multiprocessing
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from studyapp.packs.families import Family, prove_family
from studyapp.packs.memory import Memory
from studyapp.packs.pack import ReadPack, read_pack
from studyapp.packs.questions import QuestionSource
from studyapp.packs.report import family_data, family_from
from studyapp.packs.worlds import Worlds

MAX_WORK = 60_000_000
"""Steps of work that a pack has taken when the rest of it is not proved: its questions come first."""
FEWEST = 8
"""Questions from which more than one process is worth its start."""
CHUNKS = 24
"""Parts of the work for each process: enough that none waits long for another."""
MOST_AT_ONCE = 10
"""Questions of one part at most: progress is shown after each."""

START = "fork" if sys.platform == "linux" else "spawn"
"""How processes begin: where they can be forked safely they have the pack at once, elsewhere each reads it."""

LOOKS_EVERY_S = 0.5
"""Seconds between two looks at how far other processes are."""

Progress = Callable[[int, int, int], None]
"""Told how many questions are proved, how many there are, and how many variants were tried so far."""
TELLS_EVERY_S = 1.0
"""Seconds after which progress is told of though no question has been proved meanwhile."""
Counter = Any
"""A number that processes share (`multiprocessing.Value`, which has no type of its own)."""
Chunk = tuple[int, ...]

_shared: ReadPack | None = None
"""The pack that the processes prove: theirs by inheritance, else read by each."""


def now_and_then(tell: Progress) -> Progress:
    """Tells of every hundredth part; where one takes long, of the variants tried meanwhile."""
    shown, at = -1, 0.0

    def told(done: int, in_all: int, tried: int) -> None:
        nonlocal shown, at
        part, now = done * 100 // max(in_all, 1), time.monotonic()
        if part != shown or now - at >= TELLS_EVERY_S:
            shown, at = part, now
            tell(done, in_all, tried)

    return told


class ProcessLost(Exception):
    """A process that proved questions has ended by itself, as when memory runs out."""


@dataclass(frozen=True, slots=True)
class Proved:
    """What was found of each question, in their order, and how many worlds were simulated for it; what there is to
    remember by its key; how many questions are left because all before them took too much work, and the steps of that.
    """

    families: tuple[Family, ...]
    worlds: int
    known: Mapping[str, Family]
    left: int
    spent: int


def family_key(source: QuestionSource, beliefs: bool) -> str:
    """What a proof rests on, but for the program: the file with its scenarios, where it is, and what is asked of it."""
    question = source.question
    others = source.origin.starts if source.origin is not None else ()
    words = "\0".join((question.digest, question.path, question.id, str(beliefs), *(path for _, path in others)))
    return sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


def prove_all(
    read: ReadPack,
    folder: Path,
    worlds: Worlds,
    *,
    beliefs: bool,
    jobs: int = 1,
    memory: Memory | None = None,
    progress: Progress | None = None,
) -> Proved:
    """Prove every question of a pack that was read from `folder`. What is proved when the work is broken off is
    remembered.

    Raises:
        ProcessLost: a process has ended by itself.
    """
    sources = read.questions
    keys = [family_key(source, beliefs) for source in sources]
    known: dict[int, Family] = {}
    for number, key in enumerate(keys):
        found = memory.family(key) if memory is not None else None
        if found is not None:
            known[number] = found
    # Questions on the same scenarios stand together: a world that they share is simulated once.
    order = sorted(
        range(len(sources)), key=lambda number: tuple(sorted(word.text for word in sources[number].scenarios))
    )
    bound = _Bound(order)
    open_ = [number for number in order if number not in known] if not bound.reached(known) else []
    many = jobs > 1 and len(open_) >= FEWEST and worlds.rules is None
    before = worlds.simulated
    simulated = 0
    tried = 0

    def tell(more: int = 0) -> None:
        nonlocal tried
        tried += more
        if progress is not None:
            progress(len(known), len(sources), tried)

    if open_:
        tell()
    try:
        if many:
            for numbers, families, count, now in _on_many(read, folder, open_, beliefs, jobs):
                known.update(zip(numbers, families, strict=True))
                simulated += count
                tell(now - tried)
                if bound.reached(known):
                    break
        else:
            for number in open_:
                if bound.reached(known):
                    break
                known[number] = prove_family(sources[number], worlds, beliefs=beliefs, tell=lambda: tell(1))
                tell()
    except KeyboardInterrupt:
        if memory is not None:
            memory.keep("", None, {keys[number]: family for number, family in known.items()})
        raise
    bound.reached(known)
    return Proved(
        families=tuple(known[number] for number in sorted(bound.within)),
        worlds=simulated + worlds.simulated - before,
        known={keys[number]: family for number, family in known.items()},
        left=len(sources) - len(bound.within),
        spent=bound.spent,
    )


class _Bound:
    """How far the work that a pack may take reaches: over the first questions in their order, whichever are proved
    first or known already.
    """

    def __init__(self, order: Sequence[int]) -> None:
        self.order = order
        self.within: list[int] = []
        self.spent = 0

    def reached(self, known: Mapping[int, Family]) -> bool:
        """The questions that are proved so far, from the first on without a gap, have taken as much."""
        for number in self.order[len(self.within) :]:
            if number not in known or self.spent > MAX_WORK:
                break
            self.within.append(number)
            self.spent += known[number].spent
        return self.spent > MAX_WORK


# -- processes --------------------------------------------------------------------------------------------------------


def _on_many(
    read: ReadPack, folder: Path, numbers: Sequence[int], beliefs: bool, jobs: int
) -> Iterator[tuple[Chunk, tuple[Family, ...], int, int]]:
    """Prove questions on several processes, which end when the work ends or is broken off. Each time, and every now and
    then with nothing new, tells also how many variants were tried.
    """
    global _shared  # processes that are forked inherit it; it is given back below
    size = max(1, min(MOST_AT_ONCE, len(numbers) // (jobs * CHUNKS)))
    chunks = [tuple(numbers[start : start + size]) for start in range(0, len(numbers), size)]
    _shared = read
    context = multiprocessing.get_context(START)
    tried: Counter = context.Value("q", 0)
    pool = ProcessPoolExecutor(min(jobs, len(chunks)), context, _begin, (str(folder), tried))
    try:
        waiting: set[Future[tuple[Chunk, list[dict[str, Any]], int]]]
        with _uninterrupted():
            waiting = {pool.submit(_prove, chunk, beliefs) for chunk in chunks}
        while waiting:
            done, waiting = wait(waiting, LOOKS_EVERY_S, return_when=FIRST_COMPLETED)
            if not done:
                yield (), (), 0, tried.get_obj().value
            for each in done:
                found, families, simulated = each.result()
                yield found, tuple(family_from(family) for family in families), simulated, tried.get_obj().value
    except BrokenProcessPool as error:
        raise ProcessLost("a process that proved questions was ended; try --jobs 1") from error
    finally:
        _shared = None
        pool.shutdown(wait=False, cancel_futures=True)
        for process in multiprocessing.active_children():
            process.terminate()
        pool.shutdown(wait=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """An interrupt waits while processes begin; they inherit that they hear none."""
    mask = getattr(signal, "pthread_sigmask", None)
    before = mask(signal.SIG_BLOCK, {signal.SIGINT}) if mask is not None else set()
    try:
        yield
    finally:
        if mask is not None:
            mask(signal.SIG_SETMASK, before)


_worlds = Worlds()
_tried: Counter = None


def _begin(folder: str, tried: Counter) -> None:
    """A process begins: it has the pack and worlds of its own, and is ended by the one that began it."""
    global _shared, _worlds, _tried  # the state of a process that does nothing else
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worlds, _tried = Worlds(), tried
    if _shared is None:
        _shared, _ = read_pack(Path(folder))


def _prove(numbers: Chunk, beliefs: bool) -> tuple[Chunk, list[dict[str, Any]], int]:
    """Prove some of the questions of the pack that this process has."""
    assert _shared is not None, "a process begins by having the pack"
    before = _worlds.simulated
    sources = [_shared.questions[number] for number in numbers]
    families = [family_data(prove_family(source, _worlds, beliefs=beliefs, tell=_count)) for source in sources]
    return numbers, families, _worlds.simulated - before


def _count() -> None:
    """Another variant was tried."""
    with _tried.get_lock():
        _tried.value += 1
