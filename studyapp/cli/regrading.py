"""`studyapp pack regrade`: which old answers would be told otherwise now, and why."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studyapp.conduct.regrading import Change, Regraded, Rescored, Told
    from studyapp.wiring import Services


def add_commands(commands: argparse._SubParsersAction[Any]) -> None:
    """Add `regrade` to the sub-commands of `pack`."""
    regrade = commands.add_parser(
        "regrade",
        help="grade old answers again, and say which change",
        description="Grade the answers that were given in a pack again, by its questions and the model of today, and "
        "say which would be told otherwise and why. Nothing is written: what was told stays as it was told. Ends with "
        "0 when no answer changes, 1 when some do, 2 when it could not be done.",
    )
    regrade.add_argument("pack", nargs="?", metavar="FOLDER|ID", help="the pack's folder or id (default: the first)")
    regrade.add_argument("--format", choices=("text", "json"), default="text", help="how to print")
    regrade.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Grade old answers again. Gives 0 when none changes, 1 when some do, 2 when it could not be done."""
    from studyapp.packs.problems import visible
    from studyapp.store.errors import StoreError
    from studyapp.wiring import PackRefused, make_services

    with make_services() as services:
        try:
            return _regrade(services, given)
        except (PackRefused, StoreError) as error:
            print(visible(f"studyapp pack regrade: {error}"), file=sys.stderr)
            return 2


def _regrade(services: Services, given: argparse.Namespace) -> int:
    from studyapp.conduct.regrading import regrade, rescore

    pack = services.open_pack(given.pack)
    # Where nothing has ever been answered there is no file, and none is to be made.
    known = services.paths.database.exists()
    model = services.model_version
    found = regrade(services.facts, pack, services.store.reviews(pack.id) if known else (), model)
    exams = rescore(services, pack) if known else ()
    if given.format == "json":
        print(json.dumps(_as_json(pack.id, model, found, exams), indent=1))
    else:
        _print(pack.id, model, found, exams)
    return 1 if any(each.changes for each in found) or any(exam.changed for exam in exams) else 0


# -- as text ----------------------------------------------------------------------------------------------------------


def _print(pack: str, model: str, found: Sequence[Regraded], exams: Sequence[Rescored]) -> None:
    from studyapp.cli.page import hanging
    from studyapp.cli.terminal import columns
    from studyapp.packs.problems import visible

    width = columns()
    for indent, text in _lines(pack, model, found, exams):
        for line in hanging(" " * indent, visible(text), width) if text else [""]:
            print(line)


def _lines(pack: str, model: str, found: Sequence[Regraded], exams: Sequence[Rescored]) -> Iterator[tuple[int, str]]:
    """What is said, each with the columns before it."""
    answers, changed = sum(each.answers for each in found), sum(each.changed for each in found)
    lost = sum(sum(each.lost.values()) for each in found)
    if not answers:
        yield 0, f"{pack}: there are no answers to grade again"
        return
    yield 0, f"{pack}: {_several(answers, 'answer')} to {_several(len(found), 'question')}, by the model {model}"
    counts = ((answers - changed - lost, "as before"), (changed, "changed"), (lost, "not graded again"))
    yield 0, ", ".join(f"{count:,} {word}" for count, word in counts if count)
    for each in found:
        if not each.changes and not each.lost:
            continue
        yield 0, ""
        yield 0, f"{each.id}: {each.changed:,} of {_several(each.answers, 'answer')} changed"
        for change in each.changes:
            yield from _told(change)
        for reason, count in each.lost.items():
            yield 2, f"{_several(count, 'answer')} not graded again: {reason}"
    others = [exam for exam in exams if exam.changed]
    if others:
        yield 0, ""
        yield 0, f"exams: {len(others):,} of {_several(len(exams), 'result')} changed"
        for exam in others:
            of = exam.ended.astimezone().date().isoformat()
            yield 2, f"{exam.exam} of {of}: from {_scored(exam.before)} to {_scored(exam.after).removesuffix(',')}"
    if changed or others:
        yield 0, ""
        yield 0, "Nothing is written: what was told stays as it was told."


def _told(change: Change) -> Iterator[tuple[int, str]]:
    """One change: how many, from what to what, which answer, the cause, and what is right now."""
    from studyapp.cli.drawing import value_in_words
    from studyapp.cli.outcome import as_json
    from studyapp.conduct.regrading import CAUSES, MODEL
    from studyapp.questions.filling import in_words

    before, after = _verdicts(change)
    yield (
        2,
        f"from {before} to {after}: {_several(len(change.reviews), 'answer')} to variant {change.variant.number + 1}",
    )
    varied = {name for name, _ in change.variant.question.vary}
    if varied:
        with_ = (f"{name} = {in_words(value)}" for name, value in change.variant.values if name in varied)
        yield 4, f"with {', '.join(with_)}"
    yield 4, f"answered: {'; '.join(change.feedback.chosen) or 'nothing'}"
    models = f" It was {', '.join(change.models)}." if change.cause == MODEL else ""
    yield 4, f"{CAUSES[change.cause]}{models}"
    yield 4, f"Now: {change.feedback.verdict_line}"
    for each in change.claims:
        yield 4, f"{each.sentence.removesuffix('.')}: {value_in_words(as_json(each.result))}."
        for sentence in each.why.in_short:
            yield 6, sentence


def _verdicts(change: Change) -> tuple[str, str]:
    """Both verdicts in words; with their points where the words are the same."""
    same = change.before[0] == change.after[0]
    return _verdict(change.before, points=same), _verdict(change.after, points=same)


def _scored(result: tuple[int, bool]) -> str:
    return f"{result[0]}, {'passed' if result[1] else 'not passed'},"


def _verdict(told: Told, *, points: bool) -> str:
    return f"{told[0]} ({told[1]:.0%})" if points else told[0]


def _several(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


# -- as data ----------------------------------------------------------------------------------------------------------


def _as_json(pack: str, model: str, found: Sequence[Regraded], exams: Sequence[Rescored]) -> dict[str, Any]:
    return {
        "pack": pack,
        "model": model,
        "answers": sum(each.answers for each in found),
        "changed": sum(each.changed for each in found),
        "lost": sum(sum(each.lost.values()) for each in found),
        "questions": [
            {
                "id": each.id,
                "answers": each.answers,
                "edited": each.edited,
                "changed": each.changed,
                "changes": [_change(change) for change in each.changes],
                "lost": [{"reason": reason, "answers": count} for reason, count in each.lost.items()],
            }
            for each in found
        ],
        "exams": [
            {
                "sitting": exam.sitting,
                "exam": exam.exam,
                "ended": exam.ended.isoformat(),
                "from": {"score": exam.before[0], "passed": exam.before[1]},
                "to": {"score": exam.after[0], "passed": exam.after[1]},
            }
            for exam in exams
        ],
    }


def _change(change: Change) -> dict[str, Any]:
    from studyapp.cli.outcome import as_json

    return {
        "answers": list(change.reviews),
        "variant": change.variant.number + 1,
        "values": {name: list(v) if isinstance(v, tuple) else v for name, v in change.variant.values},
        "answered": list(change.feedback.chosen),
        "from": {"verdict": change.before[0], "share": change.before[1]},
        "to": {"verdict": change.after[0], "share": change.after[1]},
        "cause": change.cause,
        "models": list(change.models),
        "now": change.feedback.verdict_line,
        "claims": [
            {
                "claim": each.claim.text,
                "sentence": each.sentence,
                "value": as_json(each.result),
                "because": list(each.why.sentences),
                "rules": list(each.why.rules),
            }
            for each in change.claims
        ],
    }
