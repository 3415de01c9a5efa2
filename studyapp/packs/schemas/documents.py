"""Every schema of the format by its name; those of pack.yaml, lessons, exams and the glossary are made here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from studyapp.exams.blueprint import MODES, SCALE_BOTTOM, SCALE_TOP
from studyapp.packs import blueprints, glossary, lessons, manifest
from studyapp.packs.schemas.question import lab, question
from studyapp.packs.schemas.scenario import scenario
from studyapp.packs.schemas.shapes import (
    FLAG,
    ID,
    OBJECTIVE,
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
    ref,
    removable,
    whole,
)

HOMEPAGE: Shape = {
    "type": "string",
    "pattern": rf"^\s*{manifest.HOMEPAGE}\s*$",
    "maxLength": manifest.LONGEST_HOMEPAGE,
}

OBJECTIVE_ROWS: Rows = {
    "id": (OBJECTIVE, "Its id, such as nlb or nlb/port-rules; questions and lessons name it."),
    "title": (TEXT, "What the learner can do or knows."),
    "weight": (
        number(0, 100),
        "Its share of an exam in hundredths; only those at the top have one, and they sum to 100.",
    ),
    "children": (items(ref("objective")), "The objectives that it is made of."),
}
PACK_ROWS: Rows = {
    "format": ({"const": manifest.FORMAT}, "The version of the format that the pack is written in."),
    "id": (ID, "Its id, stable for ever: progress is kept under it."),
    "was": (
        items(ID, 0, manifest.MOST_NAMES),
        "Ids that it had before: whoever has learned under one of them is offered a copy of that.",
    ),
    "title": (TEXT, "What it is called."),
    "description": (TEXT, "What it teaches and for whom, in a few sentences; line breaks count as spaces."),
    "version": ({"type": ["string", "number"], "pattern": r"^\s*[0-9]+(\.[0-9]+)*"}, "Its version, such as 1.2.0."),
    "authors": (items(TEXT), "Who wrote it."),
    "homepage": (HOMEPAGE, "Where more can be read of it, such as https://example.org/pack; it is never opened."),
    "license": (TEXT, "Under which licence others may use it, such as CC-BY-4.0."),
    "language": (TEXT, "The language that it is written in, such as en."),
    "objectives": (items({**ref("objective"), "required": ["weight"]}), "What it teaches."),
}
LESSON_ROWS: Rows = {
    "title": (TEXT, "What it is called."),
    "objectives": (items(OBJECTIVE), "The objectives of pack.yaml that it is about."),
    "minutes": (whole(1, lessons.MAX_MINUTES), "How long it takes to read, as you guess."),
    "sources": (items(TEXT), "Where what it says can be read."),
    "extends": (ID, "The lesson that this one starts from: front matter that is not here is as it is there."),
    "id": (ID, "Its id; left out, the name of the file without its number."),
    "was": (items(ID), "Ids that it had before, so that progress is kept."),
}
DRAW_ROWS: Rows = {
    "objective": (OBJECTIVE, "The objective that questions are drawn from."),
    "share": (number(0, 100), "Their share of the questions in hundredths."),
}
SECTION_ROWS: Rows = {
    "title": ({**TEXT, "maxLength": blueprints.LONGEST_TITLE}, "What it is called."),
    "questions": (whole(1, blueprints.MAX_QUESTIONS), "How many of the exam's questions it has."),
    "scenario": (WORD, "Makes it a case study: all its questions are about this scenario, which is at hand with each."),
    "locked": (FLAG, "true: there is no way back to what was answered, nor into the section once it is left."),
}
EXAM_ROWS: Rows = {
    "extends": (WORD, "The exam that this one starts from; what stands here is merged over it."),
    "title": (TEXT, "What it is called."),
    "minutes": (whole(1, blueprints.MAX_MINUTES), "How long it lasts."),
    "questions": (whole(1, blueprints.MAX_QUESTIONS), "How many questions it has, those of its sections among them."),
    "pass": (whole(SCALE_BOTTOM + 1, SCALE_TOP - 1), "The score that passes, on the scale to 1000."),
    "pass_share": (number(0, 1), "The share of the points that earns exactly that score."),
    "draw": (
        items(keyed(("objective", "share"), DRAW_ROWS, ("objective", "share"))),
        "Which objectives the questions outside sections are drawn from; the shares sum to 100.",
    ),
    "sections": (
        items(keyed(blueprints.SECTION_KEYS, SECTION_ROWS, ("title", "questions")), 0, blueprints.MAX_SECTIONS),
        "Parts whose questions stay together, in their order, after the questions outside them.",
    ),
    "mode": (choice(MODES), "exam, or practice with feedback after each question."),
    "id": (ID, "Its id; left out, the name of the file."),
    "was": (items(ID), "Ids that it had before, so that results are kept."),
}

TERM: Shape = {**TEXT, "maxLength": glossary.LONGEST_TERM}
EXPLAINED: Shape = {**TEXT, "maxLength": glossary.LONGEST_TEXT}
TERM_ROWS: Rows = {
    "text": (EXPLAINED, "What it means, in a few sentences of Markdown."),
    "also": (
        items(TERM, 0, glossary.MAX_SPELLINGS),
        "Other spellings that are found in lessons as well: the plural, an abbreviation.",
    ),
}


def pack() -> Shape:
    """The schema of pack.yaml."""
    shape = keyed(manifest.KEYS, PACK_ROWS, ("format", "id", "title", "version", "objectives"))
    objective = keyed(("id", "title", "weight", "children"), OBJECTIVE_ROWS, ("id", "title"))
    description = "What a pack is, and what it teaches."
    return document("pack", "pack.yaml of studyapp", description, shape, {"objective": objective})


def lesson() -> Shape:
    """The schema of the front matter of a lesson."""
    description = "The front matter of a lesson; its text stands below it."
    whole = keyed(lessons.KEYS, LESSON_ROWS, ("title",))
    shape, parts = extending(whole, keyed(lessons.KEYS, removable(LESSON_ROWS)))
    return document("lesson", "A lesson of studyapp", description, shape, parts)


def exam() -> Shape:
    """The schema of an exam's blueprint."""
    needed = ("title", "minutes", "questions", "pass", "pass_share", "draw")
    description = "What a practice exam is drawn from."
    over = keyed(blueprints.KEYS, removable(EXAM_ROWS))
    return document(
        "exam", "An exam of studyapp", description, *extending(keyed(blueprints.KEYS, EXAM_ROWS, needed), over)
    )


def terms() -> Shape:
    """The schema of glossary.yaml."""
    name: Shape = {"minLength": 1, "maxLength": glossary.LONGEST_TERM}
    shape = named(either(EXPLAINED, keyed(glossary.KEYS, TERM_ROWS, ("text",))), name, glossary.MAX_TERMS)
    return document("glossary", "The glossary of studyapp", "What the terms of a pack mean.", shape)


SCHEMAS: Mapping[str, Callable[[], Shape]] = {
    "pack": pack,
    "scenario": scenario,
    "question": question,
    "lesson": lesson,
    "lab": lab,
    "exam": exam,
    "glossary": terms,
}
"""What makes the schema of each kind of file."""
