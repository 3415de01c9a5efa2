"""`studyapp goal`: what you study a pack for, and in how many minutes a day."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from typing import Any


def add_commands(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Add `goal` to the command line."""
    goal = subparsers.add_parser(
        "goal",
        help="set the day of your exam and the minutes of a day, and see what that asks for today",
        description="Set the day of your exam and the minutes that you have on a day. Practice then asks first what "
        "adds most to your score there. Without options it says what is set and what today asks for.",
    )
    goal.add_argument("pack", nargs="?", metavar="PACK", help="the id of a pack, or a folder (default: the first pack)")
    goal.add_argument("--exam", type=_day, metavar="DATE", help='the day of the exam, as 2026-12-14, or "none"')
    goal.add_argument("--minutes", type=_minutes, metavar="N", help="the minutes that you have on a day (default: 20)")
    goal.add_argument("--format", choices=("text", "json"), default="text", help="how it is told (default: text)")
    goal.set_defaults(run=run)


NONE = date.min
"""Stands for an exam that is called off."""


def _day(text: str) -> date:
    if text == "none":
        return NONE
    from studyapp.study.agenda import read_day

    try:
        return read_day(text)
    except ValueError:
        raise argparse.ArgumentTypeError('it takes a day as 2026-12-14, or "none"') from None


def _minutes(text: str) -> int:
    from studyapp.study.agenda import LONGEST

    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:9]) <= LONGEST:
        raise argparse.ArgumentTypeError(f"it takes a whole number from 1 to {LONGEST}")
    return int(text)


def run(given: argparse.Namespace) -> int:
    """Set the goal and tell it. Gives 0, or 2 when it could not be."""
    from studyapp.conduct.agenda import agenda, reasons
    from studyapp.packs.problems import visible
    from studyapp.store.errors import StoreError
    from studyapp.study.agenda import Goal
    from studyapp.study.day import study_day
    from studyapp.wiring import PackRefused, make_services

    try:
        with make_services() as services:
            pack = services.open_pack(given.pack)
            now = services.now()
            known = agenda(services, pack, now)
            if given.exam is not None or given.minutes is not None:
                day = known.goal.exam_day if given.exam is None else None if given.exam == NONE else given.exam
                services.store.set_goal(Goal(pack.id, day, given.minutes or known.goal.minutes, now))
                known = agenda(services, pack, now)
            goal, told = known.goal, list(reasons(known, now, services))
            past = goal.exam_day is not None and goal.exam_day < study_day(now, services.zone)
    except (PackRefused, StoreError) as error:
        print(visible(f"studyapp goal: {error}"), file=sys.stderr)
        return 2
    day_told = goal.exam_day.isoformat() if goal.exam_day else None
    if given.format == "json":
        today = known.today
        print(
            json.dumps(
                {
                    "pack": pack.id,
                    "exam": day_told,
                    "minutes": goal.minutes,
                    "due": today.due,
                    "reviews": today.share,
                    "new": today.new,
                    "seconds": round(today.seconds),
                    "reasons": told,
                }
            )
        )
    else:
        exam = f"exam on {day_told}{', which is past' if past else ''}" if day_told else "no exam set"
        print(visible(f"{pack.title}: {exam}, {goal.minutes} min a day."))
        for sentence in told:
            print(visible(sentence))
    return 0
