"""`studyapp simulate`: run scenarios, answer claims about them, show why."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studyapp.cli.reading import read_input, stop
from studyapp.cli.terminal import columns, shows_unicode

if TYPE_CHECKING:
    from studyapp.cli.outcome import Run
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
    command.add_argument(
        "--explain", action="append", default=[], metavar="EXPR", help="tell why a claim has its value; may be repeated"
    )
    command.add_argument(
        "--believing", metavar="MISCONCEPTION", help="run under a misconception; as text beside the truth"
    )
    command.add_argument("--release", metavar="NAME", help="use another Windows Server release, such as ws2008r2")
    command.add_argument("--until", metavar="T", help="run on to this time, such as 90s or 3h")
    command.add_argument("--no-trace", action="store_true", help="leave the events out")
    command.add_argument("--jobs", type=int, default=1, metavar="N", help="run documents in N processes")
    command.add_argument("--format", choices=("text", "json", "jsonl"), default="text", help="how to print")
    command.add_argument("--events", action="store_true", help="list the kinds of events and end")
    command.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Run the command. Gives 0 when every document ran, 2 when any was bad."""
    from studyapp.cluster.kinds import EVENT_MEANINGS
    from studyapp.cluster.misconceptions import MISCONCEPTIONS

    if given.events:
        print("\n".join(f"{kind:<17} {meaning}" for kind, meaning in EVENT_MEANINGS.items()))
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
    asked = Asked(
        tuple(given.claim),
        tuple(given.explain),
        given.believing,
        not given.no_trace,
        given.format == "text",
        columns(),
        not shows_unicode(),
    )
    work = [(document, asked) for document in documents]
    if given.jobs == 1 or len(work) == 1:
        yield from map(answer, work)
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(given.jobs) as pool:
        yield from pool.map(answer, work, chunksize=max(1, len(work) // (given.jobs * 4)))


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of every document, and how it is to be told."""

    claims: tuple[str, ...] = ()
    explained: tuple[str, ...] = ()
    believed: str | None = None
    traced: bool = True
    as_text: bool = False
    width: int = 80
    ascii_only: bool = False


def answer(work: tuple[Document, Asked]) -> dict[str, Any]:
    """Simulate one document and answer its claims, then those asked for on the command line; as text `text` holds the
    lines.
    """
    from studyapp.cli import outcome
    from studyapp.packs.problems import Problem

    document, asked = work
    if document.scenario is None or any(p.severity == "error" for p in document.problems):
        return {"id": document.id, "problems": [p.format() for p in document.problems]}
    claims = [*document.claims, *((text, 0, 0) for text in asked.claims)]
    explained = [(text, 0, 0) for text in asked.explained]
    try:
        run = outcome.run(document.id, document.scenario, claims, asked.believed, explained)
        if not asked.as_text:
            return outcome.report(run, traced=asked.traced)
        truth = None
        if asked.believed is not None:
            truth = outcome.run(document.id, document.scenario, claims, None, explained)
    except outcome.BadClaim as error:
        path = document.path if error.line else "--claim"
        where = Problem(path, error.line or 1, error.column, error.code, str(error), error.hint or None)
        return {"id": document.id, "problems": [where.format()]}
    return {"id": document.id, "text": _text(run, truth, asked)}


def _text(run: Run, truth: Run | None, asked: Asked) -> list[str]:
    """What a person reads; beside the truth where it went by a belief."""
    from studyapp.cli.comparing import compare
    from studyapp.cli.drawing import draw
    from studyapp.cli.page import Page
    from studyapp.tui.widgets.diagram_canvas import in_ascii

    page = Page(asked.width, asked.ascii_only)
    lines = draw(run, page, traced=asked.traced) if truth is None else compare(run, truth, page, asked.traced)
    return [in_ascii(line) if asked.ascii_only else line for line in lines]


def _print(given: argparse.Namespace, reports: Iterator[dict[str, Any]]) -> int:
    bad = False
    ascii_only = not shows_unicode()
    kept: list[dict[str, Any]] = []
    for report in reports:
        problems = report.pop("problems", None)
        if problems is not None:
            bad = True
            print("\n".join(problems), file=sys.stderr)
            report["error"] = "\n".join(problems)
        if given.format == "jsonl":
            print(json.dumps(report, ensure_ascii=ascii_only))
        elif given.format == "json":
            kept.append(report)
        elif problems is None:
            print("\n".join(report["text"]))
    if given.format == "json" and (not bad or len(kept) > 1):
        print(json.dumps(kept[0] if len(kept) == 1 else kept, ensure_ascii=ascii_only, indent=1))
    return 2 if bad else 0
