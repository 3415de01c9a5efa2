"""The front matter of a question, with what each kind of question needs."""

from __future__ import annotations

from studyapp.cluster.kinds import COMPONENT_KINDS, EVENT_KINDS
from studyapp.cluster.scenario import RELEASES
from studyapp.packs.kinds.goals import MOST_COST, MOST_GOALS
from studyapp.packs.kinds.source import MOST_ITEMS
from studyapp.packs.kinds.table import LAB, LAB_READER, PART_KEYS, READERS
from studyapp.packs.kinds.values import LARGEST, LONGEST_UNIT, MOST_TEXTS
from studyapp.packs.questions import KEYS
from studyapp.packs.schemas import timeline
from studyapp.packs.schemas.shapes import (
    CLAIM,
    DURATION,
    FLAG,
    ID,
    OBJECTIVE,
    PLACEHOLDER,
    SCALAR,
    TEXT,
    WORD,
    Rows,
    Shape,
    choice,
    document,
    either,
    extending,
    items,
    keyed,
    named,
    number,
    one_or_more,
    removable,
    whole,
)
from studyapp.packs.shelf import OVER_KEYS
from studyapp.packs.tags import LONGEST_TAG, MOST_TAGS
from studyapp.packs.varying import MAX_NAMES, MAX_VALUES
from studyapp.questions.parts import ALL_OR_NOTHING, LONGEST_RUN, PER_OPTION
from studyapp.questions.values import LONGEST_TEXT, POINTABLE

VARIABLE: Shape = {"pattern": "^[a-z_][a-z0-9_]*$", "maxLength": 40}
"""A name of `vary` or `let`, where it is a key."""
OVER: Shape = keyed(OVER_KEYS, {key: ({}, f"What is to be otherwise in {key}.") for key in OVER_KEYS})
"""Parts of a scenario."""
EVENT: Shape = {
    "type": "object",
    "properties": {"text": TEXT, **dict.fromkeys(EVENT_KINDS, WORD)},
    "patternProperties": {"^[0-9]+$": WORD},
    "additionalProperties": False,
    "minProperties": 1,
    "maxProperties": 2,
}
SCORING: dict[str, tuple[str, ...]] = {
    "multi": (ALL_OR_NOTHING, PER_OPTION),
    "yes-no": (ALL_OR_NOTHING, PER_OPTION),
    "order": (ALL_OR_NOTHING, LONGEST_RUN),
}
"""The ways of scoring that each kind has."""
NEEDS: dict[str, tuple[str, ...]] = {
    "number": ("answer",),
    "text": ("accept",),
    "point": ("answer",),
    "break": ("goal", "among"),
    "design": ("goal", "allow"),
}
"""What each kind must have."""


def _names(values: Shape, claim: Shape) -> Rows:
    """The names of a family, each with what it is given."""
    return {
        "vary": (
            named(values, VARIABLE, MAX_NAMES),
            "Names with the values that the family runs over; scenario and release may be among them.",
        ),
        "let": (
            named(claim, VARIABLE, MAX_NAMES),
            "Names that are derived, each by a claim over what was before.",
        ),
    }


SCALARS: Shape = items(SCALAR, 1, MAX_VALUES)
ROWS: Rows = {
    "kind": (choice(READERS), "What the learner does: chooses, types, puts in order, points, breaks, designs."),
    "objective": (OBJECTIVE, "The objective of pack.yaml that it is about."),
    "scenario": (WORD, "The scenario that it is about."),
    "with": (
        OVER,
        "What is to be otherwise in the scenario, merged over it key by key; null takes away, {name} is filled in.",
    ),
    **_names(SCALARS, CLAIM),
    "where": (CLAIM, "A claim over the varied names that a combination must meet."),
    "timeline": (timeline.timeline("entry"), "What happens, in place of the scenario's own timeline."),
    "until": (
        either(DURATION, PLACEHOLDER),
        "How long the run goes on at least, in place of the scenario's own; claims are about its end.",
    ),
    "release": (either(choice(RELEASES), PLACEHOLDER), "The Windows Server release, in place of the scenario's own."),
    "difficulty": (whole(1, 5), "From 1, easy, to 5; left out, 2."),
    "tags": (
        items({**TEXT, "maxLength": LONGEST_TAG}, 0, MOST_TAGS),
        "Words of your own by which it is found and chosen, without commas and square brackets.",
    ),
    "static": (TEXT, "Why the author decides what the model could."),
    "extends": (ID, "The question that this one starts from: what is not said here is as it is there."),
    "id": (ID, "Its id; left out, the name of the file."),
    "was": (items(ID), "Ids that it had before, so that progress is kept."),
    "shuffle": (FLAG, "Whether options stand in an order of chance; left out, they do."),
    "scoring": (choice((ALL_OR_NOTHING, PER_OPTION, LONGEST_RUN)), "What part of an answer is worth."),
    "answer": (CLAIM, "The claim whose value is the answer."),
    "unit": ({**WORD, "maxLength": LONGEST_UNIT}, "The unit of the number."),
    "tolerance": (number(0, LARGEST), "How far off the number may be."),
    "accept": (
        items({**TEXT, "maxLength": LONGEST_TEXT}, 1, MOST_TEXTS),
        "Texts of which one must match; a * stands for any words.",
    ),
    "events": (items(EVENT, 2, MOST_ITEMS), "Events whose order the trace decides, as {KIND: THING, text: …}."),
    "among": (
        one_or_more(choice(dict.fromkeys((*COMPONENT_KINDS, *POINTABLE)))),
        "The kinds of components to choose from.",
    ),
    "goal": (either(CLAIM, items(CLAIM, 1, MOST_GOALS)), "What must hold once the learner is done."),
    "allow": (timeline.allow(), "The changes that the learner may choose from."),
    "cost": (whole(0, MOST_COST), "The most that the changes may cost together."),
}


def question() -> Shape:
    """The schema of the front matter of a question."""
    description = "The front matter of a question; prompt, options and explanation stand below it."
    needs_stage = {
        "if": {"anyOf": [{"required": [key]} for key in ("with", "timeline", "until", "release", "events")]},
        "then": STAGED,
    }
    rules = [*(_rule(kind) for kind in READERS), needs_stage]
    shape, parts = extending({**keyed(KEYS, ROWS, ("kind", "objective")), "allOf": rules}, keyed(KEYS, removable(ROWS)))
    return document(
        "question", "A question of studyapp", description, shape, {"entry": timeline.entry(filled=True), **parts}
    )


LAB_KEYS = tuple(key for key in KEYS if key not in PART_KEYS or key in LAB_READER.keys)
LAB_ROWS: Rows = {**ROWS, "kind": (choice((LAB,)), "Need not be said of a file in labs/.")}
LAB_NEEDS = ("objective", "goal")


def lab() -> Shape:
    """The schema of the front matter of a lab."""
    description = "The front matter of a lab; its task and explanation stand below it."
    whole = {**keyed(LAB_KEYS, LAB_ROWS, LAB_NEEDS), **STAGED}
    shape, parts = extending(whole, keyed(LAB_KEYS, removable(LAB_ROWS)))
    return document("lab", "A lab of studyapp", description, shape, {"entry": timeline.entry(filled=True), **parts})


STAGED: Shape = {
    "anyOf": [
        {"required": ["scenario"]},
        {"required": ["vary"], "properties": {"vary": {"type": "object", "required": ["scenario"]}}},
    ]
}
"""There is a scenario, or one is varied."""


def _rule(kind: str) -> Shape:
    """What holds of one kind."""
    reader = READERS[kind]
    not_for_it: Shape = {key: False for key in PART_KEYS if key not in reader.keys}
    scoring: Shape = {"scoring": choice(SCORING[kind])} if kind in SCORING else {}
    then: Shape = {"properties": {**not_for_it, **scoring}, "required": list(NEEDS.get(kind, ()))}
    if reader.staged:
        then |= STAGED
    return {"if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}, "then": then}
