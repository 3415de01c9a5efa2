"""`studyapp analyse`: what a service survives, or the least change that makes a claim hold."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studyapp.cluster.analysis.survival import Cut, Report
    from studyapp.cluster.least_change import Remedy
    from studyapp.cluster.scenario import Scenario

SHOWN = 12
"""Fault sets or remedies of one size that the text lists at most; JSON has all."""


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
    command.add_argument("--faults", type=int, default=2, metavar="N", help="faults at once, at most (default 2)")
    command.add_argument(
        "--of", default="all", metavar="KINDS", help="what may fail: hosts,vms,networks,storage,sites,witness"
    )
    command.add_argument("--make", metavar="EXPR", help="find the least change that makes this claim true")
    command.add_argument("--format", choices=("text", "json"), default="text", help="how to print")
    command.set_defaults(run=run)


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
        lines = _remedies(given, scenario) if given.make is not None else _survived(given, scenario)
    except (Refused, TooManyFaultSets, RunTooLong) as error:
        print(f"studyapp analyse: {error}", file=sys.stderr)
        return 2
    print("\n".join(lines))
    return 0


def _scenario(name: str) -> Scenario | int:
    """The scenario of the file, or the exit code after saying what is wrong with it."""
    from studyapp.cli.reading import read_input
    from studyapp.packs.scenarios import load_documents

    text = read_input(name, "analyse")
    if isinstance(text, int):
        return text
    document, *others = load_documents(text, "<stdin>" if name == "-" else name)
    if others:
        print("studyapp analyse: one scenario at a time; the file has several", file=sys.stderr)
        return 2
    if document.scenario is None or any(problem.severity == "error" for problem in document.problems):
        print("\n".join(problem.format() for problem in document.problems), file=sys.stderr)
        return 2
    return document.scenario


# -- what is survived -------------------------------------------------------------------------------------------------


def _survived(given: argparse.Namespace, scenario: Scenario) -> list[str]:
    from studyapp.cluster.analysis.survival import analyse
    from studyapp.cluster.kinds import COMPONENT_KINDS, MOST_FAULTS
    from studyapp.cluster.simulation import simulate

    things = (*scenario.service, *scenario.role)
    if given.service not in things:
        known = ", ".join(things) or "none"
        raise Refused(f"--service takes a service or role; there are: {known}")
    if not 0 <= given.faults <= MOST_FAULTS:
        raise Refused(f"--faults takes a number from 0 to {MOST_FAULTS}")
    kinds = tuple(part.strip() for part in given.of.split(","))
    if kinds != ("all",) and not all(kind in COMPONENT_KINDS for kind in kinds):
        raise Refused(f"--of takes kinds of components, separated by commas: {', '.join(COMPONENT_KINDS)}")
    report = analyse(simulate(scenario), given.service, given.faults, "all" if kinds == ("all",) else kinds)
    if given.format == "json":
        return [json.dumps(_as_json(given.service, report), ensure_ascii=False, indent=1)]
    return list(_as_text(scenario, given.service, report))


def _as_json(service: str, report: Report) -> dict[str, Any]:
    rows = zip(report.sets, report.survived, report.depends, strict=True)
    return {
        "service": service,
        "components": list(report.among),
        "gone": list(report.gone),
        "single_points": [cut.faults[0] for cut in report.cuts if cut.is_sure and len(cut.faults) == 1],
        "cut_sets": [list(cut.faults) for cut in report.cuts if cut.is_sure],
        "by_chance": [
            {"faults": list(cut.faults), "share": float(cut.share)} for cut in report.cuts if not cut.is_sure
        ],
        "survived": [
            {"faults": k, "sets": sets, "survived": up, "depends": open_} for k, (sets, up, open_) in enumerate(rows)
        ],
    }


def _as_text(scenario: Scenario, service: str, report: Report) -> Iterator[str]:
    yield f"{scenario.title or 'Scenario'}: what {service} survives  ({scenario.release})"
    yield f"Components that may fail at once: {', '.join(report.among) or 'none'}"
    if report.gone:
        yield f"Off or lost already: {', '.join(report.gone)}"
    for cut in report.cuts:
        if not cut.faults:
            yield ""
            yield f"{service} is down{_often(cut)} even without a further fault."
            if cut.is_sure:
                return
    for size in range(1, len(report.sets)):
        for sure in (True, False):
            yield from _sets(
                [cut for cut in report.cuts if len(cut.faults) == size and cut.is_sure is sure], size, sure
            )
    yield ""
    yield "Faults at once    sets   survived   by chance"
    for faults, (sets, up, maybe) in enumerate(zip(report.sets, report.survived, report.depends, strict=True)):
        word = "all" if up == sets else "none" if not up else f"{up / sets:.0%}"
        yield f"{faults:>14}  {sets:>6,}  {up:>9,}   {maybe:>9,}  {word}"


def _sets(cuts: list[Cut], size: int, sure: bool) -> Iterator[str]:
    """The sets of one size that take the service down for sure, or by chance; of the latter nothing where none does."""
    if sure and size == 1:
        yield ""
        yield f"Single points of failure: {', '.join(cut.faults[0] for cut in cuts) or 'none'}"
        return
    if not sure and not cuts:
        return
    surely = "take it down" if sure else "may take it down, by chance"
    yield ""
    yield f"Sets of {size} that {surely} (and no smaller part of which does): {len(cuts) or 'none'}"
    yield from (f"  {' + '.join(cut.faults)}{_often(cut)}" for cut in cuts[:SHOWN])
    if len(cuts) > SHOWN:
        yield f"  … and {len(cuts) - SHOWN} more"


def _often(cut: Cut) -> str:
    from studyapp.cluster.describe import per_cent

    return "" if cut.is_sure else f"  in {per_cent(cut.share)} of all cases"


# -- what would make it hold ------------------------------------------------------------------------------------------


def _remedies(given: argparse.Namespace, scenario: Scenario) -> list[str]:
    from studyapp.cluster.claims.checking import check_claim
    from studyapp.cluster.claims.claim import ClaimError, parse_claim
    from studyapp.cluster.least_change import least_changes

    try:
        claim = parse_claim(given.make)
    except ClaimError as error:
        raise Refused(f"--make, column {error.column}: {error.message}") from None
    for problem in check_claim(claim, scenario, {}):
        hint = f" ({problem.hint})" if problem.hint else ""
        raise Refused(f"--make, column {problem.column}: {problem.message}{hint}")
    remedies = least_changes(claim, scenario)
    if given.format == "json":
        told = {"claim": claim.text, "remedies": [[_change(c) for c in r.changes] for r in remedies]}
        return [json.dumps(told, ensure_ascii=False, indent=1)]
    return list(_told(claim.text, remedies))


def _change(change: Any) -> dict[str, str]:
    return {"kind": change.kind, "text": change.text}


def _told(claim: str, remedies: tuple[Remedy, ...]) -> Iterator[str]:
    if not remedies:
        yield f"No change of one or two things that the program knows makes this true: {claim}"
        return
    if not remedies[0].changes:
        yield f"It is true already: {claim}"
        return
    count = len(remedies[0].changes)
    yield f"It would be true: {claim}"
    yield "with one change, if" if count == 1 else f"with {count} changes, if"
    for remedy in remedies[:SHOWN]:
        yield "  - " + ", and ".join(change.text for change in remedy.changes)
    if len(remedies) > SHOWN:
        yield f"  … or one of {len(remedies) - SHOWN} others"
