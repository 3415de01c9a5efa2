"""What a pack holds, as data for tools: what `pack show --format json` prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from studyapp.cli import outcome
from studyapp.packs.author_view import AuthorView, view_block
from studyapp.packs.claimed import Claimed
from studyapp.packs.content import Lesson
from studyapp.packs.families import kind_of
from studyapp.packs.lesson_parts import CheckpointPart, ComparePart, DiagramPart, LessonPart, Prose, WorkedPart
from studyapp.packs.pack import ReadPack
from studyapp.packs.prose import plain_text
from studyapp.packs.questions import QuestionSource
from studyapp.packs.worlds import Worlds
from studyapp.questions.variants import count_variants


def contents(read: ReadPack, folder: Path) -> dict[str, Any]:
    """The pack, and everything that it holds in brief."""
    pack = read.pack
    return {
        "pack": {
            "id": pack.id,
            "title": pack.title,
            "version": pack.version,
            "description": pack.description,
            "authors": list(pack.authors),
            "homepage": pack.homepage,
            "license": pack.license,
            "language": pack.language,
            "was": list(pack.was),
            "folder": folder.as_posix(),
        },
        "objectives": [objective(read, each.id) for each in pack.objectives],
        "lessons": [
            {
                "id": each.id,
                "title": each.title,
                "minutes": each.minutes,
                "parts": len(each.sections),
                "file": each.path,
            }
            for each in pack.lessons
        ],
        "scenarios": [
            {"id": name, "title": each.title, "release": each.release} for name, each in pack.scenarios.items()
        ],
        "questions": [_question_in_brief(source) for source in read.questions],
        "exams": [exam(read, each.id) for each in pack.blueprints],
        "glossary": [{"term": each.name, "text": each.text, "also": list(each.also)} for each in pack.glossary],
    }


def _question_in_brief(source: QuestionSource) -> dict[str, Any]:
    question = source.question
    return {
        "id": question.id,
        "kind": question.kind,
        "objective": question.objective,
        "difficulty": question.difficulty,
        "variants": count_variants(question),
        "decided_by": {"modelled": "model", "static": "author", "mixed": "both"}[kind_of(source)],
        "tags": list(question.tags),
        "file": question.path,
    }


def objective(read: ReadPack, name: str) -> dict[str, Any]:
    """An objective."""
    each = next(each for each in read.pack.objectives if each.id == name)
    return {"id": each.id, "title": each.title, "weight": each.weight, "parent": each.parent}


def exam(read: ReadPack, name: str) -> dict[str, Any]:
    """What an exam is made of."""
    each = read.pack.blueprint(name)
    return {
        "id": each.id,
        "title": each.title,
        "questions": each.questions,
        "minutes": each.minutes,
        "pass": each.pass_mark,
        "pass_share": each.pass_share,
        "mode": each.mode,
        "draw": [{"objective": objective_, "share": share} for objective_, share in each.draw],
        "sections": [asdict(section) for section in each.sections],
        "file": read.exams[each.id].path,
    }


def scenario(read: ReadPack, name: str) -> dict[str, Any]:
    """A scenario with what its own timeline does: what `studyapp simulate` prints of it."""
    return outcome.report(outcome.run(name, read.pack.scenarios[name], ()))


def lesson(read: ReadPack, name: str, *, claims: bool = False) -> dict[str, Any]:
    """A lesson, its prose as plain text; with `claims` what is proved of it. Raises CannotRun."""
    each = read.pack.lesson(name)
    return {
        "id": each.id,
        "title": each.title,
        "objectives": list(each.objectives),
        "minutes": each.minutes,
        "sources": list(each.sources),
        "file": each.path,
        "sections": [
            {"title": section.title, "parts": [_part(part) for part in section.parts]} for section in each.sections
        ],
        "claims": [claim.claim.text for block in each.claims for claim in block.claims],
        **({"blocks": _blocks(each)} if claims else {}),
    }


def _blocks(each: Lesson) -> list[dict[str, Any]]:
    worlds = Worlds()
    return [
        {
            "line": block.line,
            "scenario": block.scenario.title,
            "claims": [_claim(view) for view in view_block(block, worlds)],
        }
        for block in each.claims
    ]


def _part(part: LessonPart) -> dict[str, Any]:
    match part:
        case Prose(blocks=blocks):
            return {"kind": "prose", "text": plain_text(blocks)}
        case DiagramPart(scenario=shown):
            return {"kind": "diagram", "title": shown.title}
        case ComparePart(left=left, right=right):
            return {"kind": "compare", "titles": [left.title, right.title]}
        case CheckpointPart(question_id=question):
            return {"kind": "worked" if isinstance(part, WorkedPart) else "question", "question": question}


DATA: Mapping[str, Callable[[ReadPack, str], dict[str, Any]]] = {
    "scenarios": scenario,
    "exams": exam,
    "objectives": objective,
}
"""How each thing is told behind which no claims stand."""


# -- a question -------------------------------------------------------------------------------------------------------


def question(source: QuestionSource, view: AuthorView, *, claims: bool) -> dict[str, Any]:
    """One variant of a question; with `claims` what stands behind what is right."""
    variant, options = view.variant, source.question.options
    told: dict[str, Any] = {
        **_question_in_brief(source),
        "variant": variant.number + 1,
        "seed": variant.seed,
        "values": {name: list(value) if isinstance(value, tuple) else value for name, value in variant.values},
        "prompt": variant.prompt,
        "options": [
            {
                "label": str(number),
                "index": option.index,
                "text": option.text,
                "reason": option.reason,
                **({"holds": view.key[option.index]} if options and view.key is not None else {}),
                **({"static": options[option.index].static} if options and claims else {}),
                **({"believed_by": list(view.believers.get(option.index, ()))} if options and claims else {}),
            }
            for number, option in enumerate(variant.options, start=1)
        ],
        "cells": [cell.text for cell in variant.cells],
        "solution": view.solution or None,
        "trouble": view.trouble or None,
        "hints": list(variant.hints),
        "why": variant.why,
    }
    if claims:
        told["claims"] = [_claim(each) for each in view.claims]
        told["misconceptions"] = {"tried": list(view.tried), "answers": dict(view.answers)}
    return told


def _claim(each: Claimed) -> dict[str, Any]:
    return {
        "decides": each.index,
        "claim": each.claim.text,
        "sentence": each.sentence,
        "value": outcome.as_json(each.result) if each.result is not None else None,
        "trouble": each.trouble or None,
        "because": list(each.why.sentences) if each.why is not None else [],
        "rules": list(each.why.rules) if each.why is not None else [],
        "decided_by": [
            {
                "fact": supposed.fact.key,
                "release": supposed.release,
                "value": supposed.fact.value,
                "source": supposed.fact.source,
                "otherwise": supposed.other,
                "then": outcome.as_json(then) if then is not None else None,
            }
            for supposed, then in each.decided_by
        ],
    }
