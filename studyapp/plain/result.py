"""The result of an exam in sentences."""

from __future__ import annotations

from studyapp.conduct import ExamConductor
from studyapp.exams.blueprint import SCALE_TOP
from studyapp.packs.pack import Pack
from studyapp.plain.sayings import count, duration, points, ranges
from studyapp.plain.talk import Talk


def tell_result(talk: Talk, pack: Pack, conductor: ExamConductor) -> None:
    """Say whether the exam was passed, with what score, and how each objective went."""
    made = conductor.report
    if made is None:
        return
    talk.gap()
    talk.say("Passed." if made.passed else "Not passed.")
    talk.say(f"Score {made.scaled} of {SCALE_TOP}; {made.pass_mark} is needed to pass.")
    talk.say(f"{points(made.points)} of {points(made.out_of)} points.")
    used, allowed = duration(made.time_used), duration(made.time_allowed)
    extra = f", with {made.extra:g} times the usual time" if made.extra != 1 else ""
    talk.say(f"Time: the whole {allowed}{extra}." if made.expired else f"Time: {used} of {allowed}{extra}.")
    talk.gap()
    talk.say("By objective:")
    talk.items(_part(pack.objective_title(name), earned, out_of) for name, earned, out_of in made.by_objective)
    if made.by_section:
        talk.say("By section:")
        talk.items(_part(title, earned, out_of) for title, earned, out_of in made.by_section)
    talk.gap()
    for word, items in (("Partly right", made.partly), ("Wrong", made.wrong), ("Not answered", made.unanswered)):
        if items:
            talk.say(f"{word}: {ranges([item + 1 for item in items])}.")
    if made.withdrawn:
        talk.say(
            f"{count(len(made.withdrawn), 'question')} no longer in the pack, and counted for nothing: "
            f"{ranges([item + 1 for item in made.withdrawn])}."
        )


def _part(name: str, earned: float, out_of: float) -> str:
    """What one part of the exam was worth."""
    share = f"{earned / out_of:.0%}" if out_of else "nothing could be scored"
    return f"{name}: {points(earned)} of {points(out_of)}, {share}"
