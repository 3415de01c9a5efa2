"""What choosing, committing and counting cost: `python -m benchmarks.memory [ANSWERS]`.

1. The next question over 100,000 families, half of them answered before: once to build the order, then each question.
   With the package `anki` installed, its own backend beside it: the next card and an answer over 100,000 cards.
2. An answer's commit beside plain sqlite3 that writes the same rows (write-ahead log, full synchronisation), on the
   disk that holds the home folder. Processor time, which a busy machine does not change; and the clock beside it.
3. Statistics over a million answers (or ANSWERS) beside nothing but the SQL that they need.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median

from studyapp.questions.parts import OptionsPart
from studyapp.questions.question import Content, Question
from studyapp.store.encoding import review_values
from studyapp.store.figures import QUERIES, Span, _spans
from studyapp.store.store import Store
from studyapp.store.tables import moment_text
from studyapp.study.day import ONE, day_begins
from studyapp.study.exam_plan import plan_exam
from studyapp.study.queue import upcoming
from studyapp.study.review import Review
from studyapp.study.schedule import LONGEST, Memory, remember

FAMILIES = 100_000
COMMITS = 2_000
ANSWERS = 1_000_000
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
CHANCE = random.Random(1)


def review(number: int, question: str, at: datetime) -> Review:
    """An answer."""
    right = CHANCE.random() < 0.8
    return Review(
        id=f"00000000-0000-4000-8000-{number:012}",
        pack="p",
        question_id=question,
        seed=number % 1_000_000,
        variant_number=number % 6,
        digest="0" * 64,
        model_version="0.1.0",
        response=frozenset({number % 4}),
        points=float(right),
        out_of=1.0,
        verdict="right" if right else "wrong",
        misconception=None if right or number % 2 else f"belief-{number % 16}",
        certainty=CHANCE.choice(("guess", "think-so", "sure")),
        shown_at=at - timedelta(seconds=CHANCE.randrange(10, 120)),
        answered_at=at,
    )


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """How long something takes: by the processor, and by the clock."""
    worked, began = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - worked, time.perf_counter() - began


NOTHING_TO_READ = Content("", OptionsPart(()), "")


def library() -> tuple[list[Question], dict[str, Memory]]:
    """Families, half of them answered before."""
    bank = [
        Question(f"q{n:06}", "p", "choice", f"objective-{n % 40}", lambda: NOTHING_TO_READ) for n in range(FAMILIES)
    ]
    known = {}
    for number, each in enumerate(bank[: FAMILIES // 2]):
        known[each.id] = remember(None, review(number, each.id, NOW - timedelta(days=CHANCE.randrange(1, 90))))
    return bank, known


def choosing() -> None:
    """The next question."""
    bank, known = library()
    weights = dict.fromkeys((each.id for each in bank), 1 / FAMILIES)
    plan, took = None, seconds(lambda: plan_exam(bank, known, weights, date(2026, 7, 1), 30, NOW, UTC))
    print(f"the plan for an exam over {FAMILIES:,} families: {took[0]:.2f} s")
    for what in ("what is due", "the exam plan"):
        plan = plan_exam(bank, known, weights, date(2026, 7, 1), 30, NOW, UTC) if what == "the exam plan" else None
        order = upcoming(bank, known, 1, NOW, UTC, plan)
        first, _ = seconds(lambda order=order: next(order))  # type: ignore[misc]  # an iterator is what it takes
        rest, _ = seconds(lambda order=order: list(islice(order, 10_000)))  # type: ignore[misc]  # an iterator is what it takes
        print(f"next question by {what}: the first, with sorting, {first:.2f} s; then {rest / 10:.4f} ms each")


def committing(folder: Path) -> None:
    """An answer's commit."""
    made = [review(n, f"q{n % 500}", NOW + timedelta(minutes=n)) for n in range(COMMITS)]
    with Store(folder / "store.db") as store:
        for each in made[:500]:
            store.record_review(each)
        ours: list[tuple[float, float]] = [seconds(lambda each=each: store.record_review(each)) for each in made[500:]]  # type: ignore[misc]  # bound now
        rows = list(_memory_rows(store))
    raw = sqlite3.connect(folder / "raw.db", isolation_level=None)
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute("PRAGMA synchronous = FULL")
    with sqlite3.connect(folder / "store.db") as source:
        for (statement,) in source.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name IN ('review', 'memory') AND sql IS NOT NULL"
        ):
            raw.execute(statement.replace(", \n\tFOREIGN KEY(sitting_id) REFERENCES sitting (id)", ""))
    values = [tuple(_kept(value) for value in review_values(each).values()) for each in made]
    into = f"INSERT INTO review VALUES ({', '.join('?' * len(values[0]))})"
    put = f"INSERT OR REPLACE INTO memory VALUES ({', '.join('?' * len(rows[0]))})"

    def write(number: int) -> None:
        raw.execute("BEGIN IMMEDIATE")
        raw.execute(into, values[number])
        raw.execute(put, rows[number % len(rows)])
        raw.execute("COMMIT")

    for number in range(500):
        write(number)
    plain = [seconds(lambda number=number: write(number)) for number in range(500, COMMITS)]  # type: ignore[misc]  # bound now
    raw.close()
    for what, place in (("processor", 0), ("clock", 1)):
        mine, theirs = (median(each[place] for each in times) * 1e3 for times in (ours, plain))
        print(f"an answer's commit, {what}: {mine:.3f} ms, plain sqlite3 {theirs:.3f} ms, {mine - theirs:+.3f} ms")


def _memory_rows(store: Store) -> Iterator[tuple[object, ...]]:
    connection = sqlite3.connect(store.path)
    yield from connection.execute("SELECT * FROM memory")
    connection.close()


def _kept(value: object) -> object:
    return moment_text(value) if isinstance(value, datetime) else value


def insert(raw: sqlite3.Connection, answer: Review) -> None:
    """Write an answer, and nothing that is derived of it."""
    row = [_kept(value) for value in review_values(answer).values()]
    raw.execute(f"INSERT INTO review VALUES ({', '.join('?' * len(row))})", row)


def counting(folder: Path, answers: int) -> None:
    """Statistics over many answers."""
    path = folder / "many.db"
    Store(path).open().close()
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("BEGIN")
    for number in range(answers):
        at = NOW - timedelta(seconds=(answers - number) * 20)
        insert(raw, review(number, f"q{number * 7919 % 5000}", at))
    raw.execute("COMMIT")
    raw.execute("ANALYZE")
    with Store(path) as store:
        took, _ = seconds(store.rebuild)
        print(f"made anew what is derived of {answers:,} answers: {took:.1f} s")
    today = NOW.date()

    def days(start: int, end: int) -> list[Span]:
        return [
            (today + n * ONE, day_begins(today + n * ONE, UTC), day_begins(today + (n + 1) * ONE, UTC))
            for n in range(start, end)
        ]

    past = days(-370, 1)
    since = moment_text(past[0][1])
    values = {"pack": "p", "longest": LONGEST.total_seconds(), "since": since, "after": since, "ids": "[]"}

    def bare() -> None:
        for query in QUERIES.values():
            raw.execute(query, {**values, "spans": _spans(past)}).fetchall()

    with Store(path) as store:
        store.figures("p", past)
        bare()
        ours = min(seconds(lambda: store.figures("p", past))[0] for _ in range(3))
        plain = min(seconds(bare)[0] for _ in range(3))
    raw.close()
    print(f"statistics over {answers:,} answers: {ours:.2f} s, the bare SQL {plain:.2f} s, {ours / plain:.2f} times")


def anki(folder: Path) -> None:
    """Anki's own backend over as many cards."""
    try:
        from anki.collection import AddNoteRequest, Collection  # type: ignore[import-not-found]  # only where installed
    except ImportError:
        print("anki is not installed: nothing to compare with")
        return
    col = Collection(str(folder / "anki.anki2"))
    basic, deck = col.models.by_name("Basic"), col.decks.id("Default")
    config = col.decks.config_dict_for_deck_id(deck)
    config["new"]["perDay"] = config["rev"]["perDay"] = 9_999
    col.decks.save(config)
    notes = []
    for number in range(FAMILIES):
        note = col.new_note(basic)
        note["Front"] = str(number)
        notes.append(AddNoteRequest(note, deck))
    col.add_notes(notes)
    col.decks.set_current(deck)
    nexts, answers = [], []
    for _ in range(500):
        worked = time.process_time()
        queued = col.sched.get_queued_cards()
        nexts.append(time.process_time() - worked)
        queue, card = queued.cards[0], col.get_card(queued.cards[0].card.id)
        card.start_timer()
        worked = time.process_time()
        col.sched.answer_card(col.sched.build_answer(card=card, states=queue.states, rating=2))
        answers.append(time.process_time() - worked)
    print(
        f"anki over {FAMILIES:,} cards: next card {median(nexts) * 1e3:.3f} ms, answer {median(answers) * 1e3:.3f} ms"
    )
    col.close()


def main() -> None:
    """Print everything."""
    choosing()
    with tempfile.TemporaryDirectory(dir=Path.home(), prefix="studyapp-benchmark-") as folder:
        committing(Path(folder))
        counting(Path(folder), int(sys.argv[1]) if len(sys.argv) > 1 else ANSWERS)
        anki(Path(folder))


if __name__ == "__main__":
    main()
