"""A practice session in lines."""

from __future__ import annotations

from studyapp.conduct import Practice
from studyapp.conduct.placement import place, placement, told
from studyapp.packs.pack import Pack
from studyapp.plain.asking import Asking
from studyapp.plain.sayings import count
from studyapp.plain.talk import Leave, Talk
from studyapp.study.session import DONE, FEEDBACK
from studyapp.wiring import Services


def find_place(talk: Talk, services: Services, pack: Pack, seed: int) -> None:
    """Ask the placement quiz, and say which lessons need not be read. Raises as `practise` does."""
    began = services.now()
    practise(talk, services, pack, 0, seed, placement(services, pack, seed))
    for line in told(place(services, pack, began)):
        talk.say(line)


def practise(
    talk: Talk,
    services: Services,
    pack: Pack,
    size: int,
    seed: int,
    session: Practice | None = None,
    *,
    tag: str = "",
) -> None:
    """Ask the questions of a session, a new one unless it is given, and say at its end what came of it. With a `tag`
    only questions are asked that have it.

    Raises:
        Leave: the person wants to leave; what came of it so far has been said.
        ConductError: nothing can be asked.
        StoreError: what was answered before cannot be read.
    """
    practice = session or Practice(services, pack, size, seed, tag=tag)
    if not practice.total:
        talk.say("This pack has no questions to practise with.")
        return
    talk.say(f"Practice: {pack.title}, {count(practice.total, 'question')}. Session seed {seed}.")
    for why in practice.why:
        talk.say(why)
    for left_out in practice.left_out:
        talk.say(f"Left out: {left_out.what}")
    talk.say("Answer by number. Type help at any prompt for all that may be typed.")
    asking = Asking(talk, services, pack)
    answered: list[str] = []
    try:
        while practice.phase != DONE:
            variant = practice.current
            assert variant is not None, "a session that is not done has a question"
            number = practice.number
            title = pack.objective_title(variant.question.objective)
            heading = f"Question {number} of {practice.total}, seed {variant.seed}. {title}"
            on = "go on" if number < practice.total else "hear the result"
            try:
                asking.run(practice, heading, on)
            finally:
                if practice.phase == FEEDBACK:
                    answered.append(f"{practice.verdicts[-1]}: {title}")
            if practice.phase == FEEDBACK:
                practice.advance()
    except Leave:
        result(talk, answered, practice)
        raise
    result(talk, answered, practice)


def result(talk: Talk, told: list[str], practice: Practice) -> None:
    """Say what came of the session so far."""
    talk.gap()
    if not told:
        talk.say("No question was answered.")
        return
    talk.say(f"{practice.verdicts.count('right')} of {len(practice.verdicts)} right.")
    talk.items(told)
