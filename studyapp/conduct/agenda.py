"""What there is to do in a pack now, how long it takes, and why it comes in this order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from studyapp.exams.blueprint import Blueprint
from studyapp.packs.pack import Pack
from studyapp.questions.ids import now_called
from studyapp.study.agenda import DUE_TO_NEW, MINUTES, Goal, Today, plan_today
from studyapp.study.day import day_after, study_day
from studyapp.study.exam_plan import HORIZON, ExamPlan, plan_exam
from studyapp.study.schedule import LONGEST, Memory
from studyapp.study.weights import Draw, exam_weights
from studyapp.wiring import Services


@dataclass(frozen=True, slots=True)
class Agenda:
    """What is known of somebody in a pack, and what it asks for.

    `memories` are by the ids that questions have now. `plan` is there while an exam is ahead. `spent` are the seconds
    that have gone into answers today.
    """

    goal: Goal
    memories: Mapping[str, Memory]
    today: Today
    plan: ExamPlan | None
    spent: float


def agenda(services: Services, pack: Pack, now: datetime) -> Agenda:
    """What there is to do at a moment.

    Raises:
        StoreError: what was answered before cannot be read.
    """
    store, zone = services.store, services.zone
    memories = store.memories(pack.id, now_called(pack.questions))
    goal = store.goal(pack.id) or Goal(pack.id, None, MINUTES, now)
    plan = None
    if goal.exam_day is not None and study_day(now, zone) <= goal.exam_day:
        weights = exam_weights(pack.questions, pack.objectives, exam_draw(pack))
        plan = plan_exam(pack.questions, memories, weights, goal.exam_day, goal.minutes, now, zone)
    # What was answered before a clock was set back lies ahead of it: it is no part of today.
    given = store.reviews(pack.id, since=day_after(now, zone, 0))
    times = (each.answered_at - each.shown_at for each in given if each.answered_at < day_after(now, zone))
    spent = sum((max(timedelta(0), min(took, LONGEST)) for took in times), timedelta(0)).total_seconds()
    unseen = len(pack.questions) - len(memories)
    today = plan_today(tuple(memories.values()), unseen, goal.minutes, now, zone, spent)
    if plan is not None:
        order = plan.order[: today.room]
        new = sum(each not in memories for each in order)
        today = replace(today, share=len(order) - new, new=new, seconds=len(order) * plan.seconds)
    return Agenda(goal, memories, today, plan, spent)


def exam_of(pack: Pack) -> Blueprint | None:
    """The exam that a pack prepares for: the first of its blueprints of that mode."""
    return next((blueprint for blueprint in pack.blueprints if blueprint.mode == "exam"), None)


def exam_draw(pack: Pack) -> Draw:
    """What an exam draws: by the pack's first blueprint of one, else by the weights of its objectives. Those are also
    what an exam with sections goes by as a whole: its `draw` is about the questions outside them alone.
    """
    exam = exam_of(pack)
    if exam is not None and not exam.sections:
        return exam.draw
    return [(each.id, each.weight) for each in pack.objectives if each.weight]


def amount(today: Today) -> str:
    """What there is to do today and how long it takes: `2 reviews, about 3 min`; empty where there is nothing."""
    parts = [(today.share, "review"), (today.new, "new question")]
    named = " and ".join(counted(number, what) for number, what in parts if number)
    return f"{named}, about {minutes_of(today)} min" if named else ""


def minutes_of(today: Today) -> int:
    """The minutes that today's questions take: at least one, where there are any."""
    return max(1, round(today.seconds / 60)) if today.share or today.new else 0


def comes_first(known: Agenda) -> str:
    """What is asked first and why, in a sentence."""
    if known.plan is not None:
        return "First what adds most to your score for each minute."
    if known.today.due:
        mixed = known.today.new * DUE_TO_NEW <= known.today.share
        new = "; every fifth is new" if mixed else ", then what is new"
        return f"First what you would soon forget{new if known.today.new else ''}."
    return "There is nothing to review today."


def reasons(known: Agenda, now: datetime, services: Services) -> Iterator[str]:
    """What today is for and why, in sentences."""
    today, plan = known.today, known.plan
    if plan is not None and known.goal.exam_day is not None:
        left = (known.goal.exam_day - study_day(now, services.zone)).days
        yield f"The exam is {'today' if not left else 'tomorrow' if left == 1 else f'in {left} days'}."
        if amount(today):
            yield f"Today: {amount(today)}."
        elif not today.room:
            yield "Today's time is used up."
        yield comes_first(known)
        told = (
            (len(plan.enough), f"known well enough {'until then' if left <= HORIZON else 'for now'}"),
            (len(plan.late), "not worth starting, because the time left is too short for it"),
            (len(plan.off), "not part of it"),
        )
        found = [
            f"{counted(count, 'question')} {'is' if count == 1 else 'are'} {what}" for count, what in told if count
        ]
        if found:
            yield f"{'; '.join(found)}."
        return
    if amount(today):
        yield f"Today: {amount(today)}."
    elif not today.room:
        yield "Today's time is used up."
    elif known.memories:
        yield "Nothing is due today. You get what is due next a little early."
    if today.due > today.share:
        waiting = today.due - today.share
        yield f"{counted(waiting, 'more review')} {'is' if waiting == 1 else 'are'} due, spread over the days after."


def counted(number: int, what: str) -> str:
    """A number of things."""
    return f"{number} {what}" if number == 1 else f"{number:,} {what}s"
