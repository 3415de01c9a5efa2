"""After a confusion: the next question is another that the same misconception would get wrong."""

from __future__ import annotations

from pathlib import Path

from studyapp.conduct import Practice
from studyapp.questions.grading import judge
from studyapp.questions.variants import pick_variant
from studyapp.study.queue import tempts
from tests.conduct.small import HANGS, RIGHT, WRONG, services_in, write_pack

AGAIN = HANGS.replace("What does the cluster do?", "Who notices?")
BELIEF = "host-cluster-sees-guests"


def pack_of(folder: Path, sums: int) -> Path:
    """Two questions about the same thing, and many about something else."""
    write_pack(folder, lost=None)
    (folder / "questions" / "again.md").write_text(AGAIN, encoding="utf-8")
    text = (folder / "questions" / "sum.md").read_text(encoding="utf-8")
    for number in range(sums):
        (folder / "questions" / f"sum{number}.md").write_text(text, encoding="utf-8")
    return folder


def right(name: str) -> frozenset[int]:
    return RIGHT["hangs"] if name in ("hangs", "again") else RIGHT["sum"]


def test_another_question_on_the_same_confusion_comes_next(tmp_path: Path) -> None:
    pack_of(tmp_path / "packs" / "small", 5)
    services, clock, _ = services_in(tmp_path)
    with services:
        pack = services.open_pack("small")
        moved = 0
        for seed in range(12):
            practice = Practice(services, pack, 8, seed)
            before = [each.question.id for each in practice.variants]
            while practice.current is not None and practice.current.question.id not in ("hangs", "again"):
                practice.skip()
            assert practice.current is not None
            first = practice.current.question.id
            practice.answer(WRONG["hangs"], "sure", clock.on(seconds=40))
            practice.advance()
            assert practice.current is not None
            assert {first, practice.current.question.id} == {"hangs", "again"}
            after = [each.question.id for each in practice.variants]
            assert sorted(after) == sorted(before)
            assert practice.total == 8
            moved += after != before
            clock.on(days=30)
        assert moved


def test_without_a_confusion_the_order_stays(tmp_path: Path) -> None:
    pack_of(tmp_path / "packs" / "small", 5)
    services, clock, _ = services_in(tmp_path)
    with services:
        practice = Practice(services, services.open_pack("small"), 8, seed=1)
        before = practice.variants
        while practice.current is not None:
            practice.answer(right(practice.current.question.id), None, clock.on(seconds=40))
            practice.advance()
        assert practice.variants == before


def test_a_confusion_that_nothing_else_would_show_changes_nothing(tmp_path: Path) -> None:
    write_pack(tmp_path / "packs" / "small")
    services, clock, _ = services_in(tmp_path)
    with services:
        practice = Practice(services, services.open_pack("small"), 3, seed=1)
        before = practice.variants
        while practice.current is not None:
            practice.answer(WRONG[practice.current.question.id], "sure", clock.on(seconds=40))
            practice.advance()
        assert practice.variants == before


def test_what_a_belief_would_get_wrong(tmp_path: Path) -> None:
    write_pack(tmp_path / "packs" / "small")
    services, _, _ = services_in(tmp_path)
    with services:
        pack = services.open_pack("small")
        found = {}
        for question in pack.questions:
            variant = pick_variant(question, 1)
            judge(variant)
            found[question.id] = tempts(variant, BELIEF)
        assert found == {"hangs": True, "lost": False, "sum": False}
