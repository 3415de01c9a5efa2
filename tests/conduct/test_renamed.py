"""What was done under the ids that parts of a pack had before counts under those that they have now."""

from __future__ import annotations

from pathlib import Path

from studyapp.conduct import ExamConductor, Practice
from studyapp.conduct.progress import best_scores, lesson_places
from studyapp.conduct.statistics import statistics
from studyapp.packs.pack import Pack
from studyapp.questions.ids import now_called
from studyapp.store.peek import peek
from studyapp.study.review import LessonPlace
from studyapp.wiring import Services
from tests.conduct.small import EXAM, HANGS, LOST, RIGHT, SUM, WRONG, services_in, write_pack
from tests.exams.bank import MINUTE, NOON

LESSON = "---\ntitle: A lesson\n---\nText.\n\n## More\n\nText.\n"


def renamed(folder: Path) -> None:
    """The small pack with new ids for a lesson, an exam and two questions, and without the third question."""
    for old, new, text in (
        ("questions/hangs.md", "questions/stalls.md", HANGS.replace("kind: choice", "kind: choice\nwas: [hangs]")),
        ("questions/sum.md", "questions/plus.md", SUM.replace("kind: choice", "kind: choice\nwas: [total, sum]")),
        ("exams/first.yaml", "exams/only.yaml", EXAM.replace("title: First", "title: Only\nwas: [first]")),
        ("lessons/one.md", "lessons/uno.md", LESSON.replace("---\ntitle", "---\nwas: [one]\ntitle", 1)),
    ):
        (folder / old).unlink()
        (folder / new).write_text(text, encoding="utf-8")


def small(folder: Path) -> Path:
    """The small pack with a lesson."""
    write_pack(folder)
    (folder / "lessons").mkdir(exist_ok=True)
    (folder / "lessons" / "one.md").write_text(LESSON, encoding="utf-8")
    return folder


def question_ids(pack: Pack) -> list[str]:
    return sorted(question.id for question in pack.questions)


def next_asked(services: Services, pack: Pack) -> str:
    current = Practice(services, pack, 1, seed=2).current
    assert current is not None
    return current.question.id


def test_answers_count_under_the_new_ids(tmp_path: Path) -> None:
    folder = small(tmp_path / "packs" / "small")
    services, clock, store = services_in(tmp_path)
    with services:
        practice = Practice(services, services.open_pack("small"), 3, seed=1)
        while practice.current is not None:
            asked = practice.current.question.id
            practice.answer((WRONG if asked == "hangs" else RIGHT)[asked], None, clock.on(seconds=5))
            practice.advance()
        renamed(folder)
        pack = services.open_pack("small")
        assert question_ids(pack) == ["lost", "plus", "stalls"]
        assert pack.question("hangs").id == pack.question("stalls").id == "stalls"
        assert next_asked(services, pack) == "stalls", (
            "what was answered wrongly comes first, whatever it is called now"
        )
        practice = Practice(services, pack, 1, seed=2)
        assert practice.current is not None
        assert practice.current.question.id == "stalls"
        practice.answer(RIGHT["hangs"], None, clock.on(seconds=5))
        memory = store.memories("small", now_called(pack.questions))["stalls"]
        assert (memory.answers, memory.verdict) == (2, "right"), "both answers count"
        figures = peek(services.paths.database, "small", NOON, now_called(pack.questions))
        assert (figures.answers, figures.questions, figures.missed) == (4, 3, 0)


def test_answers_to_questions_that_are_gone_are_kept_and_not_counted(tmp_path: Path) -> None:
    folder = small(tmp_path / "packs" / "small")
    services, clock, store = services_in(tmp_path)
    with services:
        practice = Practice(services, services.open_pack("small"), 3, seed=1)
        while practice.current is not None:
            practice.answer(WRONG[practice.current.question.id], None, clock.on(seconds=5))
            practice.advance()
        (folder / "questions" / "lost.md").unlink()
        pack = services.open_pack("small")
        figures = peek(services.paths.database, "small", NOON, now_called(pack.questions))
        assert (figures.answers, figures.questions, figures.missed) == (3, 2, 2)
        assert len(store.memories("small")) == 3
        assert len(store.memories("small", now_called(pack.questions))) == 2
        (folder / "questions" / "lost.md").write_text(LOST, encoding="utf-8")
        figures = peek(services.paths.database, "small", NOON, now_called(services.open_pack("small").questions))
        assert (figures.questions, figures.missed) == (3, 3), "and count again when they are back"


def test_statistics_tell_of_renamed_questions_and_not_of_those_that_are_gone(tmp_path: Path) -> None:
    """A misconception of a question that is gone could never be seen to have gone."""
    folder = small(tmp_path / "packs" / "small")
    services, clock, _ = services_in(tmp_path)
    with services:
        practice = Practice(services, services.open_pack("small"), 3, seed=1)
        while practice.current is not None:
            practice.answer(WRONG[practice.current.question.id], "sure", clock.on(seconds=5))
            practice.advance()
        renamed(folder)
        (folder / "questions" / "lost.md").unlink()
        pack = services.open_pack("small")
        for _ in range(3):
            found = statistics(services, pack, clock.on(days=1))
            assert [(each.questions, each.gone) for each in found.beliefs] == [(("stalls",), False)]
            practice = Practice(services, pack, 2, seed=1)
            while practice.current is not None:
                now = practice.current.question.id
                practice.answer(RIGHT["hangs" if now == "stalls" else "sum"], "sure", clock.on(seconds=5))
                practice.advance()
        found = statistics(services, pack, clock.on(days=90))
        assert [each.gone for each in found.beliefs] == [True]
        assert dict(found.due) == {found.today: 2}
        assert found.agenda.today.due == 2


def test_places_in_lessons_and_scores_of_exams_are_carried_over(tmp_path: Path) -> None:
    folder = small(tmp_path / "packs" / "small")
    services, clock, store = services_in(tmp_path)
    with services:
        pack = services.open_pack("small")
        store.set_lesson_place(LessonPlace("small", "one", 1, False, NOON))
        store.set_lesson_place(LessonPlace("small", "gone", 1, False, NOON + MINUTE))
        exam = ExamConductor.start(services, pack, pack.blueprints[0], 1, clock.time)
        score = exam.hand_in(clock.on(minutes=1)).scaled
        renamed(folder)
        pack = services.open_pack("small")
        assert lesson_places(store, pack) == {"uno": LessonPlace("small", "uno", 1, False, NOON)}
        assert best_scores(store, pack) == {"only": score}
        store.set_lesson_place(LessonPlace("small", "uno", 0, True, NOON + 2 * MINUTE))
        assert lesson_places(store, pack)["uno"].finished


def shown(exam: ExamConductor, item: int) -> tuple[str, list[str]]:
    """A question as it is shown."""
    variant = exam.variant(item)
    return variant.prompt, [option.text for option in variant.options]


def test_an_open_exam_goes_on_with_the_renamed_questions(tmp_path: Path) -> None:
    folder = small(tmp_path / "packs" / "small")
    services, clock, store = services_in(tmp_path)
    with services:
        pack = services.open_pack("small")
        exam = ExamConductor.start(services, pack, pack.blueprints[0], 1, clock.time)
        for item in range(exam.total):
            exam.answer(item, RIGHT[exam.variant(item).question.id], clock.on(seconds=5))
        asked = [shown(exam, item) for item in range(exam.total)]
        renamed(folder)
        again = ExamConductor.resume(services, services.open_pack("small"), clock.on(seconds=5))
        assert again is not None
        assert not again.withdrawn
        assert again.blueprint is not None
        assert again.blueprint.title == "Only"
        assert [shown(again, item) for item in range(again.total)] == asked, "in the same variants and orders"
        report = again.hand_in(clock.on(seconds=5))
        assert report.points == report.out_of
        assert {review.question_id for review in store.reviews("small")} <= {"lost", "plus", "stalls"}
