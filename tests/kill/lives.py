"""What a person does with the program between its start and its sudden end."""

from __future__ import annotations

import random
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from studyapp.conduct import Practice
from studyapp.packs.pack import Pack
from studyapp.questions.question import Variant
from studyapp.wiring import Services
from tests.kill.ledger import Figures, Ledger
from tests.kill.running import FullScreen, Piped, Program, Terminal

REACTION = 0.03
"""Seconds within which the program is killed that has just been sent an answer: mostly before that shows."""
ANY_MOMENT = 1.0
"""Seconds within which it is killed otherwise."""

BETWEEN = "between"
"""Between a key press and what it leads to being shown."""
SHOWN = "shown"
"""As soon as it is shown."""
ANY = "any"
"""At any moment."""

MARK_PROMISES = True
"""Whether the full screen marks an answer of an exam only when it is on disk."""
SIZE = 5

FEEDBACK = r"(?m)^\s*(?:. )?(?:Right\.|Wrong\. The right answer)"


@dataclass
class World:
    """What all lives share."""

    home: Path
    folder: Path
    pack: Pack
    services: Services
    """Services over the same files, for the time between two lives."""
    chance: random.Random
    ledger: Ledger
    figures: Figures


def practise(world: World, kind: type[Program], when: str) -> None:
    """Answer a few questions of a session, then be killed."""
    ledger, chance = world.ledger, world.chance
    seed = chance.randrange(10**6)
    asked = Practice(world.services, world.pack, SIZE, seed).variants
    world.services.close()
    words = ("practice", str(world.folder), "--seed", str(seed))
    program = kind(world.home, *words, *(() if kind is FullScreen else ("--size", str(SIZE))))
    try:
        answers = chance.randint(0, 2)
        if when == ANY and not answers:
            time.sleep(chance.uniform(0, ANY_MOMENT))
            return
        begin_practice(program)
        for number in range(answers):
            answer(world, program, asked[number])
            go_on(program, number + 2)
        if when == ANY:
            time.sleep(chance.uniform(0, ANY_MOMENT))
        else:
            answer(world, program, asked[answers], when)
    finally:
        program.kill()
        if ledger.sent is not None and program.count(FEEDBACK) > program.before:
            ledger.shown.append(ledger.sent)
            ledger.sent = None
            world.figures.early += when == BETWEEN


def begin_practice(program: Program) -> None:
    """Wait for the first question."""
    if isinstance(program, FullScreen):
        program.wait_for("How many questions")
        program.send("1")
        program.wait_for(f"Practice · 1 of {SIZE}")
    else:
        program.wait_for("Your answer, 1 to 4: ")


def choose(program: Program, option: int) -> None:
    """Choose an option, up to where the person is asked how sure they are."""
    if isinstance(program, FullScreen):
        program.send(str(option))
        program.wait_for(rf"{option} \(●\)")
        program.send("\r")
        program.wait_for("How sure are you")
    else:
        before = program.count("How sure are you")
        program.send(f"{option}\n")
        program.wait_for("How sure are you[^:]*: ", before)


def submitting(program: Program) -> str:
    """The key that submits the answer."""
    return "2" if isinstance(program, FullScreen) else "2\n"


def answer(world: World, program: Program, variant: Variant, when: str | None = None) -> None:
    """Answer a question and wait for the feedback, or be killed before or as soon as it is shown."""
    option = world.chance.randint(1, len(variant.options))
    choose(program, option)
    world.ledger.sent = (variant.question.id, variant.seed, frozenset({variant.options[option - 1].index}))
    program.before = program.count(FEEDBACK)
    program.send(submitting(program))
    if when == BETWEEN:
        time.sleep(world.chance.uniform(0, REACTION))
        return
    program.wait_for(FEEDBACK, program.before)
    if when is None:
        world.ledger.shown.append(world.ledger.sent)
        world.ledger.sent = None


def go_on(program: Program, number: int) -> None:
    """Go on to the next question."""
    if isinstance(program, FullScreen):
        program.send("\r")
        program.wait_for(f"Practice · {number} of {SIZE}")
    else:
        program.wait_for("Enter to go on[^:]*: ", number - 2)
        before = program.count("Your answer, 1 to 4: ")
        program.send("\n")
        program.wait_for("Your answer, 1 to 4: ", before)


# -- exams ----------------------------------------------------------------------------------------------------------


def sit(world: World, kind: type[Program], when: str, *, strict: bool = False) -> None:
    """Begin or go on with the exam, answer a few questions, then be killed; `strict` takes every mark for a promise."""
    ledger, chance = world.ledger, world.chance
    ledger.starting = ledger.sitting is None
    items = items_of(world) if ledger.sitting is not None else None
    program = kind(world.home, "exam", str(world.folder))
    try:
        if when == ANY and chance.random() < 0.3:
            time.sleep(chance.uniform(0, ANY_MOMENT))
            return
        begin_exam(world, program)
        items = items_of(world) if items is None else items
        for _ in range(chance.randint(0, 2)):
            move(world, program, items)
        if when == ANY:
            time.sleep(chance.uniform(0, ANY_MOMENT))
        elif when == BETWEEN and ledger.acknowledged and chance.random() < 0.4:
            ledger.ending = True
            hand_in(program)
            time.sleep(chance.uniform(0, REACTION))
        else:
            move(world, program, items, when)
    finally:
        program.kill()
        believed = MARK_PROMISES or strict or not isinstance(program, FullScreen)
        if believed and ledger.moving is not None and acknowledged(program, *_shown_as(items, ledger.moving)):
            ledger.acknowledged[ledger.moving[0]] = ledger.moving[1]
            ledger.moving = None
            world.figures.moves += 1
            world.figures.early += when == BETWEEN


def items_of(world: World) -> list[tuple[int, ...]]:
    """The options of each question of the running exam, in the order shown, by their place in the author's order."""
    from studyapp.conduct import ExamConductor

    conductor = ExamConductor.resume(world.services, world.pack, datetime.now(UTC))
    assert conductor is not None
    world.services.close()
    return [tuple(each.index for each in conductor.variant(item).options) for item in range(conductor.total)]


def _shown_as(items: list[tuple[int, ...]] | None, moving: tuple[int, frozenset[int]]) -> tuple[int, int]:
    """A question and the number that the chosen option is shown with."""
    assert items is not None
    (index,) = moving[1]
    return moving[0], items[moving[0]].index(index) + 1


def begin_exam(world: World, program: Program) -> None:
    """Begin the exam, or see that it goes on with what was answered and the right time."""
    ledger = world.ledger
    asked = r"Question (\d+) of \d+"
    if ledger.sitting is None:
        if isinstance(program, FullScreen):
            program.wait_for("the clock has not started")
            program.send("\r")
        else:
            program.wait_for("Type start to begin[^:]*: ")
            program.send("start\n")
        program.wait_for(asked)
        settle(program)
        running = world.services.store.load_open_sitting(world.pack.id)
        world.services.close()
        assert running is not None, "the exam shows its first question and is not on disk"
        ledger.sitting, ledger.ends, ledger.starting = running.id, running.ends, False
        return
    program.wait_for(asked)
    settle(program)
    assert ledger.ends is not None
    answered = len(ledger.acknowledged)
    assert program.count(rf"\b{answered} (?:of \d+ questions )?answered\b"), program.shown
    most, least = (ledger.ends - datetime.fromtimestamp(moment, UTC) for moment in (program.started, time.time()))
    left = time_shown(program)
    assert least - grain(program) <= left <= most + grain(program), f"{left} shown, {least} to {most} left"
    world.figures.resumed += 1


def settle(program: Program) -> None:
    """Wait until the question can be answered."""
    program.wait_for(r"\d+:\d\d left" if isinstance(program, FullScreen) else "left. Question [^:]*: ")


def time_shown(program: Program) -> timedelta:
    """The time left that is shown."""
    if isinstance(program, FullScreen):
        found = re.findall(r"(\d+):(\d\d) left", program.shown)
        return timedelta(minutes=int(found[-1][0]), seconds=int(found[-1][1]))
    found = re.findall(r"^(\d+) min left\. Question", program.shown, re.MULTILINE)
    return timedelta(minutes=int(found[-1]))


def grain(program: Program) -> timedelta:
    """How exactly the time is shown: a begun second or minute counts as a whole one."""
    return timedelta(seconds=1) if isinstance(program, FullScreen) else timedelta(minutes=1)


def position(program: Program) -> int:
    """The question that is shown, from 0."""
    pattern = r"Question (\d+) of" if isinstance(program, FullScreen) else r"left\. Question (\d+)\."
    return int(re.findall(pattern, program.shown)[-1]) - 1


def move(world: World, program: Program, items: list[tuple[int, ...]], when: str | None = None) -> None:
    """Answer the question that is shown and go on, or be killed before or as soon as the answer shows as taken."""
    ledger = world.ledger
    item = position(program)
    now = ledger.acknowledged.get(item)
    number = world.chance.choice([n for n, index in enumerate(items[item], 1) if now != frozenset({index})])
    if isinstance(program, FullScreen):
        assert now is None or isinstance(now, frozenset)
        marked = [] if now is None else [str(items[item].index(index) + 1) for index in now]
        program.wait(lambda: re.findall(r"(\d) \(●\)", program.shown) == marked)
    taken = acknowledgement(program, item, number)
    ledger.moving = (item, frozenset({items[item][number - 1]}))
    program.before = program.count(taken)
    program.send(str(number) if isinstance(program, FullScreen) else f"{number}\n")
    if when == BETWEEN:
        time.sleep(world.chance.uniform(0, REACTION))
        return
    program.wait_for(taken, program.before)
    if when is not None:
        return
    ledger.acknowledged[item] = ledger.moving[1]
    ledger.moving = None
    world.figures.moves += 1
    if isinstance(program, FullScreen):
        program.send("n" if item + 1 < len(items) else "b")
        program.wait(lambda: position(program) != item)
    else:
        program.wait(lambda: program.shown.endswith(": "))
        if item + 1 == len(items):
            program.send("go 1\n")
            program.wait(lambda: position(program) == 0 and program.shown.endswith(": "))


def acknowledgement(program: Program, item: int, number: int) -> str:
    """What is shown when an answer has been taken."""
    return rf"{number} \(●\)" if isinstance(program, FullScreen) else rf"Saved: {number} for question {item + 1}\."


def acknowledged(program: Program, item: int, number: int) -> bool:
    """Whether the answer that was on its way has been shown as taken."""
    return program.count(acknowledgement(program, item, number)) > program.before


def hand_in(program: Program) -> None:
    """Hand in, up to the last key."""
    if isinstance(program, FullScreen):
        program.send("r")
        program.wait_for("Hand in")
        program.send("H")
        program.wait_for("Hand in now")
        program.send("y")
    else:
        program.send("hand in\n")
        program.wait_for("Type yes to hand in[^:]*: ")
        program.send("yes\n")


KINDS: dict[str, type[Program]] = {"pipes": Piped, "a terminal": Terminal, "the full screen": FullScreen}
