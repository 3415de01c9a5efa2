"""`studyapp simulate`: run scenarios, answer claims about them, show why."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studyapp.cli.reading import read_input, stop

if TYPE_CHECKING:
    from studyapp.packs.scenarios import Document


def add_commands(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Add `simulate` to the command line."""
    command = subparsers.add_parser(
        "simulate",
        help="run a scenario and answer claims about it",
        description="Run the scenarios of a YAML file (or - for standard input) and answer claims about them.",
    )
    command.add_argument("file", nargs="?", help="a scenario, or several as YAML documents; - reads standard input")
    command.add_argument("--event", action="append", default=[], metavar="YAML", help="append to the timeline")
    command.add_argument("--claim", action="append", default=[], metavar="EXPR", help="a claim to answer")
    command.add_argument("--believing", metavar="MISCONCEPTION", help="run under a misconception")
    command.add_argument("--release", metavar="NAME", help="use another Windows Server release, such as ws2008r2")
    command.add_argument("--until", metavar="T", help="run on to this time, such as 90s or 3h")
    command.add_argument("--no-trace", action="store_true", help="leave the events out")
    command.add_argument("--jobs", type=int, default=1, metavar="N", help="run documents in N processes")
    command.add_argument("--format", choices=("text", "json", "jsonl"), default="text", help="how to print")
    command.add_argument("--events", action="store_true", help="list the kinds of events and end")
    command.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Run the command. Gives 0 when every document ran, 2 when any was bad."""
    from studyapp.cluster.kinds import EVENT_KINDS
    from studyapp.cluster.misconceptions import MISCONCEPTIONS

    if given.events:
        print("\n".join(EVENT_KINDS))
        return 0
    if given.file is None:
        return stop("a scenario file is needed, or - for standard input", "simulate")
    if given.believing is not None and given.believing not in MISCONCEPTIONS:
        return stop(
            f"there is no misconception {given.believing!r}; there are: {', '.join(MISCONCEPTIONS)}", "simulate"
        )
    if given.jobs < 1:
        return stop("--jobs takes a whole number from 1 on", "simulate")
    text = read_input(given.file, "simulate")
    if isinstance(text, int):
        return text
    return _print(given, _answers(given, text))


def _answers(given: argparse.Namespace, text: str) -> Iterator[dict[str, Any]]:
    """One report a document, in order; a bad one has `error` and `problems`."""
    from studyapp.packs.scenarios import load_documents

    path = "<stdin>" if given.file == "-" else given.file
    documents = load_documents(
        text,
        path,
        release=given.release,
        events=tuple(given.event),
        until=given.until,
        file=None if given.file == "-" else Path(given.file),
    )
    work = [(document, tuple(given.claim), given.believing, not given.no_trace) for document in documents]
    if given.jobs == 1 or len(work) == 1:
        yield from map(answer, work)
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(given.jobs) as pool:
        yield from pool.map(answer, work, chunksize=max(1, len(work) // (given.jobs * 4)))


def answer(work: tuple[Document, tuple[str, ...], str | None, bool]) -> dict[str, Any]:
    """Simulate one document and answer its claims, then those asked for on the command line."""
    from studyapp.cli import outcome
    from studyapp.packs.problems import Problem

    document, asked, believed, traced = work
    if document.scenario is None or any(p.severity == "error" for p in document.problems):
        return {"id": document.id, "problems": [p.format() for p in document.problems]}
    claims = [*document.claims, *((text, 0, 0) for text in asked)]
    try:
        return outcome.report(document.id, document.scenario, claims, believed, traced)
    except outcome.BadClaim as error:
        path = document.path if error.line else "--claim"
        where = Problem(path, error.line or 1, error.column, error.code, str(error), error.hint or None)
        return {"id": document.id, "problems": [where.format()]}


def _print(given: argparse.Namespace, reports: Iterator[dict[str, Any]]) -> int:
    from studyapp.cli import outcome

    bad = False
    kept: list[dict[str, Any]] = []
    for report in reports:
        problems = report.pop("problems", None)
        if problems is not None:
            bad = True
            print("\n".join(problems), file=sys.stderr)
            report["error"] = "\n".join(problems)
        if given.format == "jsonl":
            print(json.dumps(report, ensure_ascii=False))
        elif given.format == "json":
            kept.append(report)
        elif problems is None:
            print("\n".join(outcome.as_text(report)))
    if given.format == "json" and (not bad or len(kept) > 1):
        print(json.dumps(kept[0] if len(kept) == 1 else kept, ensure_ascii=False, indent=1))
    return 2 if bad else 0
