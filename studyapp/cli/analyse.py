"""`studyapp analyse`: what a service survives, or the least change that makes a claim hold."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from studyapp.cli.reading import read_input, stop
from studyapp.cli.terminal import columns, shows_unicode

if TYPE_CHECKING:
    from studyapp.cli.page import Page
    from studyapp.cluster.scenario import Scenario

FAULTS = 2
"""Faults at once where none are asked for."""


def add_commands(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Add `analyse` to the command line."""
    command = subparsers.add_parser(
        "analyse",
        help="tell what a service survives, or what would make a claim hold",
        description="Print single points of failure, the smallest sets of faults that take a service down and a table "
        "of what it survives; or, with --make, the least change of the scenario that makes a claim true.",
    )
    command.add_argument("file", help="a scenario; - reads standard input")
    command.add_argument("--service", metavar="NAME", help="the service or role to analyse")
    command.add_argument("--faults", type=int, metavar="N", help=f"faults at once, at most (default {FAULTS})")
    command.add_argument("--of", metavar="KINDS", help="what may fail: hosts,vms,networks,storage,sites,witness")
    command.add_argument("--make", metavar="EXPR", help="find the least change that makes this claim true")
    command.add_argument("--format", choices=("text", "json"), default="text", help="how to print")
    command.set_defaults(run=run)


class Answer(NamedTuple):
    """A part of what was asked: as JSON has it, and as lines of a page."""

    found: dict[str, Any]
    lines: Callable[[Page], Iterable[str]]


class Refused(Exception):
    """What was asked cannot be done; the message says why."""


def run(given: argparse.Namespace) -> int:
    """Run the command. Gives 0 when it could be answered, 2 when not."""
    from studyapp.cluster.analysis.trials import TooManyFaultSets
    from studyapp.cluster.world import RunTooLong

    scenario = _scenario(given.file)
    if isinstance(scenario, int):
        return scenario
    try:
        parts = [] if given.make is not None and given.service is None else [_survived(given, scenario)]
        parts += [_remedies(given, scenario)] if given.make is not None else []
        if given.format == "json":
            found = {name: value for part in parts for name, value in part.found.items()}
            print(json.dumps(found, ensure_ascii=not shows_unicode(), indent=1))
        else:
            page = _page()
            print("\n\n".join("\n".join(_printed(part.lines(page), page)) for part in parts))
    except (Refused, TooManyFaultSets, RunTooLong) as error:
        return stop(str(error), "analyse")
    return 0


def _scenario(name: str) -> Scenario | int:
    """The scenario of the file, or the exit code after saying what is wrong with it."""
    from studyapp.packs.scenarios import load_documents

    text = read_input(name, "analyse")
    if isinstance(text, int):
        return text
    path = "<stdin>" if name == "-" else name
    document, *others = load_documents(text, path)
    if others:
        return stop(f"{path}: one scenario at a time, and this has {1 + len(others)}", "analyse")
    if document.scenario is None or any(problem.severity == "error" for problem in document.problems):
        print("\n".join(problem.format() for problem in document.problems), file=sys.stderr)
        return 2
    return document.scenario


def _page() -> Page:
    from studyapp.cli.page import Page

    return Page(columns(), not shows_unicode())


def _printed(lines: Iterable[str], page: Page) -> list[str]:
    from studyapp.tui.widgets.diagram_canvas import in_ascii

    return [in_ascii(line) if page.ascii_only else line for line in lines]


def _hint(name: str, known: Iterable[str]) -> str:
    """The nearest of the names, or all of them."""
    from studyapp.cluster.claims.claim import nearest

    names = tuple(known)
    return nearest(name, names) or f"there are: {', '.join(names) or 'none'}"


# -- what is survived -------------------------------------------------------------------------------------------------


def _survived(given: argparse.Namespace, scenario: Scenario) -> Answer:
    from studyapp.cli import survived
    from studyapp.cluster.analysis.survival import analyse
    from studyapp.cluster.kinds import MOST_FAULTS
    from studyapp.cluster.simulation import simulate

    things = tuple(dict.fromkeys((*scenario.service, *scenario.role)))
    if given.service is None:
        raise Refused(f"--service NAME or --make EXPR is needed; there are: {', '.join(things) or 'none'}")
    if given.service not in things:
        hint = _hint(given.service, things)
        raise Refused(f"--service: {given.file} has no service or role {given.service!r}; {hint}")
    faults = FAULTS if given.faults is None else given.faults
    if not 0 <= faults <= MOST_FAULTS:
        raise Refused(f"--faults: a number from 0 to {MOST_FAULTS} is needed, not {faults}")
    report = analyse(simulate(scenario), given.service, faults, _kinds(given.of))
    found = survived.as_json(scenario, given.service, report)
    return Answer(found, lambda page: survived.as_text(scenario, given.service, report, page))


def _kinds(asked: str | None) -> tuple[str, ...] | str:
    from studyapp.cluster.kinds import COMPONENT_KINDS

    if asked is None or asked.strip() == "all":
        return "all"
    kinds = tuple(part.strip() for part in asked.split(","))
    for kind in kinds:
        if kind not in COMPONENT_KINDS:
            raise Refused(f"--of: there is no kind of component {kind!r}; {_hint(kind, COMPONENT_KINDS)}")
    return kinds


# -- what would make it hold ------------------------------------------------------------------------------------------


def _remedies(given: argparse.Namespace, scenario: Scenario) -> Answer:
    from studyapp.cli import remedies
    from studyapp.cluster.claims.checking import check_claim
    from studyapp.cluster.claims.claim import ClaimError, parse_claim
    from studyapp.cluster.claims.evaluation import evaluate
    from studyapp.cluster.least_change import least_changes
    from studyapp.cluster.simulation import simulate

    for option in ("faults", "of"):
        if given.service is None and getattr(given, option) is not None:
            raise Refused(f"--{option} goes with --service; --make takes all from its claim")
    try:
        claim = parse_claim(given.make)
        for problem in check_claim(claim, scenario, {}):
            raise problem
        now = evaluate(claim, simulate(scenario))
    except ClaimError as error:
        hint = f"; {error.hint}" if error.hint else ""
        raise Refused(f"--make, column {error.column}: {error.message}{hint}") from None
    if not all(isinstance(value, bool) for value, _ in now.values):
        raise Refused(f"--make: a claim that is true or false is needed, and this is neither: {claim.text}")
    search = least_changes(claim, scenario)
    found = remedies.as_json(claim.text, now, search)
    return Answer(found, lambda page: remedies.as_text(claim.text, now, search, page))
