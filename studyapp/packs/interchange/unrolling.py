"""Items out of a pack: each variant a question of its own, its key filled in by the model."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace

from studyapp.cluster.claims.claim import ClaimError
from studyapp.cluster.world import RunTooLong
from studyapp.packs.interchange.escaping import escaped
from studyapp.packs.interchange.items import CARRIED, Choice, Entry, Item
from studyapp.packs.pack import ReadPack
from studyapp.packs.questions import QuestionSource
from studyapp.questions.arrangements import MatchGrader
from studyapp.questions.filling import fill
from studyapp.questions.kinds import grader_of
from studyapp.questions.parts import ALL_OR_NOTHING, NumberPart, OptionsPart, OrderPart
from studyapp.questions.question import Question, StageError, Variant
from studyapp.questions.runs import Unanswerable, simulated
from studyapp.questions.values import accepted
from studyapp.questions.variants import TooManyVariants, combinations, make_variant

NO_WHY = "*No explanation was given.*"
"""Stands below `## Why` where the source has no explanation; not carried on."""
VARIANTS = 10
"""Variants of one family that are unrolled where nothing else is asked for."""

_GOALS = "only the model can judge what the learner does"


def unrolled(read: ReadPack, most: int = VARIANTS) -> Iterator[Entry]:
    """What becomes of each question of a pack: an entry for each variant, or one that says why there is none."""
    for source in read.questions:
        yield from _family(source, most)
    for lab in read.labs:
        yield Entry(lab.question.line, 1, lab.question.id, notes=(_GOALS,))
    for broken in sorted(read.broken):
        yield Entry(0, 0, broken, notes=("its file has errors: see pack check",))


def _family(source: QuestionSource, most: int) -> Iterable[Entry]:
    question = source.question
    refused = Entry(question.line, 1, question.id)
    if question.kind not in (*CARRIED, "point"):
        return [replace(refused, notes=(_GOALS,))]
    try:
        total = len(combinations(question))
    except (TooManyVariants, ClaimError) as error:
        return [replace(refused, notes=(str(error),))]
    numbers = (
        range(total) if total <= most else sorted(random.Random(f"export:{question.id}").sample(range(total), most))
    )
    notes = [f"{len(numbers)} of {total} variants"] if total > most else []
    if question.stage is not None:
        notes.append("its diagram is not carried")
    if question.kind == "point":
        notes.append("components are options to choose from")
    return [_one(question, number, total, refused, tuple(notes)) for number in numbers]


def _one(question: Question, number: int, total: int, refused: Entry, notes: tuple[str, ...]) -> Entry:
    name = question.id if total == 1 else f"{question.id}-v{number + 1}"
    try:
        item = item_of(question, make_variant(question, number))
    except (StageError, ClaimError, Unanswerable, RunTooLong) as error:
        return replace(refused, name=name, notes=(f"it has no answer: {error}",))
    return Entry(question.line, 1, name, replace(item, id=name), notes)


def item_of(question: Question, variant: Variant) -> Item:
    """A variant with its key. Raises StageError, ClaimError, Unanswerable and RunTooLong."""
    grader = grader_of(variant)
    key = grader.key(variant, simulated)
    options = sorted(variant.options, key=lambda option: option.index)
    item = Item(
        kind=question.kind,
        prompt=variant.prompt.strip("\n").rstrip(),
        id=question.id,
        objective=tuple(question.objective.split("/")),
        difficulty=question.difficulty,
        tags=question.tags,
        why="" if variant.why.strip() == NO_WHY else variant.why.strip("\n").rstrip(),
        hints=tuple(hint.strip("\n").rstrip() for hint in variant.hints),
    )
    part = question.answer
    scoring = part.scoring if isinstance(part, OptionsPart | OrderPart) else ALL_OR_NOTHING
    match question.kind:
        case "choice" | "multi" | "yes-no":
            choices = tuple(Choice(o.text, bool(key[o.index]), o.reason) for o in options)
            kept = scoring if question.kind != "choice" else ALL_OR_NOTHING
            return replace(item, options=choices, scoring=kept, shuffle=question.shuffle)
        case "point":
            choices = tuple(Choice(escaped(o.text), o.text in key[0]) for o in options)
            return replace(item, kind="multi", options=choices)
        case "number":
            assert isinstance(part, NumberPart), "the kind of a question goes with its answer part"
            return replace(item, number=float(key[0]), tolerance=part.tolerance, unit=part.unit)
        case "text":
            return replace(item, texts=accepted(variant))
        case "order":
            texts = {option.index: option.text for option in options}
            return replace(item, texts=tuple(texts[step] for step in key[0]), scoring=scoring)
        case _:
            assert isinstance(grader, MatchGrader), "every other kind is refused before"
            rows = grader.part(question).rows
            return replace(item, pairs=tuple((fill(r.left, variant.names), key[i]) for i, r in enumerate(rows)))
