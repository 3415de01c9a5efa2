"""Reads an exam's blueprint. Whether it can be drawn from the bank is for the check to say."""

from __future__ import annotations

from collections.abc import Sequence

from studyapp.exams.blueprint import MODES, SCALE_BOTTOM, SCALE_TOP, Blueprint, Objective, flaws
from studyapp.packs.fields import OBJECTIVE, open_fields
from studyapp.packs.problems import Problem, nearest, quoted
from studyapp.packs.source import Node

KEYS = ("title", "minutes", "questions", "pass", "pass_share", "draw", "mode", "id", "was")
LATER = ("sections", "extends")

MAX_MINUTES = 24 * 60
MAX_QUESTIONS = 500


def read_blueprint(
    node: Node | None, exam: str, path: str, objectives: Sequence[Objective], problems: list[Problem]
) -> Blueprint | None:
    """The blueprint with the id `exam`, or None when something about it is wrong; that is added to `problems`."""
    before = len(problems)
    fields = open_fields(node, "an exam", path, problems)
    if fields is None:
        return None
    fields.only(KEYS, LATER)
    title = fields.word("title", needed=True)
    minutes = fields.whole("minutes", 1, MAX_MINUTES, needed=True)
    questions = fields.whole("questions", 1, MAX_QUESTIONS, needed=True)
    mark = fields.whole("pass", SCALE_BOTTOM + 1, SCALE_TOP - 1, needed=True)
    share = fields.number("pass_share", 0, 1, needed=True)
    mode = fields.one_of("mode", MODES) or "exam"
    was = fields.former_ids()
    draw: list[tuple[str, float]] = []
    known = {objective.id for objective in objectives}
    for entry in fields.mappings("draw", "an entry of draw", needed=True):
        entry.only(("objective", "share"))
        objective = entry.id("objective", needed=True, pattern=OBJECTIVE)
        part = entry.number("share", 0, 100, needed=True)
        if objective is not None and objective.text not in known:
            hint = nearest(objective.text, known)
            entry.say(objective, "unknown-objective", f"the pack has no objective {quoted(objective.text)}", hint)
        elif objective is not None and part is not None:
            draw.append((objective.text, part))
    if len(problems) > before or title is None or minutes is None or questions is None or mark is None or share is None:
        return None
    blueprint = Blueprint(exam, title.text, minutes, questions, mark, share, tuple(draw), mode, was)
    for flaw in flaws(blueprint, objectives):
        fields.say(fields.get("draw") or fields.node, "blueprint", flaw.removesuffix("."))
    return blueprint if len(problems) == before else None
