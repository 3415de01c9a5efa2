"""What a service survives, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from studyapp.cli.page import Page, hanging
from studyapp.cluster.analysis.survival import Cut, Report
from studyapp.cluster.describe import join, per_cent
from studyapp.cluster.scenario import Scenario

SHOWN = 12
"""Sets of one size that the text lists at most, and lines of names; JSON has all."""
NAMED = 24
"""Components that are listed by name."""
COLUMNS = ("Faults at once", "Sets", "Survived", "By chance", "Down")


def as_json(scenario: Scenario, service: str, report: Report) -> dict[str, Any]:
    """Everything that was found."""
    rows = zip(report.sets, report.survived, report.depends, strict=True)
    return {
        "title": scenario.title,
        "release": scenario.release,
        "service": service,
        "components": list(report.among),
        "gone": list(report.gone),
        "single_points": [cut.faults[0] for cut in report.cuts if cut.is_sure and len(cut.faults) == 1],
        "cut_sets": [list(cut.faults) for cut in report.cuts if cut.is_sure],
        "by_chance": [{"faults": list(c.faults), "share": float(c.share)} for c in report.cuts if not c.is_sure],
        "survived": [
            {"faults": k, "sets": sets, "survived": up, "depends": unsure} for k, (sets, up, unsure) in enumerate(rows)
        ],
    }


def as_text(scenario: Scenario, service: str, report: Report, page: Page) -> Iterator[str]:
    """The same for a person to read."""
    title = f"What {service} survives: {scenario.title or 'a scenario'} ({scenario.release})"
    yield from hanging("", title, page.width)
    yield ""
    yield from hanging("May fail at once: ", _listed(report.among) or "nothing", page.width)
    if report.gone:
        yield from hanging("Gone already: ", _listed(report.gone), page.width)
    now = next((cut for cut in report.cuts if not cut.faults), None)
    if now is not None:
        yield ""
        often = "" if now.is_sure else f" in {per_cent(now.share)} of all cases"
        yield from hanging("", f"{service} is down{often} even if nothing more fails.", page.width)
        if now.is_sure:
            return
    for size in range(1, len(report.sets)):
        for sure in (True, False):
            found = [cut for cut in report.cuts if len(cut.faults) == size and cut.is_sure is sure]
            if found or sure:
                yield ""
                yield from _points(found, page) if size == 1 and sure else _sets(found, size, sure, page)
    yield ""
    yield from _table(report)
    if any(not cut.is_sure for cut in report.cuts):
        yield ""
        said = (
            "By chance: what is equally likely decides, such as which node of an even number has no vote, or which "
            f'client asks. To see it: studyapp simulate FILE --explain \'cut_sets("{service}", '
            f"{len(report.sets) - 1})'"
        )
        yield from hanging("", said, page.width)


def _listed(names: Sequence[str]) -> str:
    if len(names) <= NAMED:
        return join(tuple(names))
    return f"{', '.join(names[:NAMED])} and {len(names) - NAMED:,} more"


def _points(cuts: list[Cut], page: Page) -> Iterator[str]:
    yield from hanging("Single points of failure: ", _listed([cut.faults[0] for cut in cuts]) or "none", page.width)


def _sets(cuts: list[Cut], size: int, sure: bool, page: Page) -> Iterator[str]:
    """The sets of one size."""
    what = "Single points of failure" if size == 1 else f"Smallest sets of {size} that take it down"
    yield f"{what}{'' if sure else ', by chance'}: {len(cuts) or 'none'}"
    width = max((len(" + ".join(cut.faults)) for cut in cuts[:SHOWN]), default=0)
    for cut in cuts[:SHOWN]:
        names = " + ".join(cut.faults)
        often = "" if sure else f"{' ' * (width - len(names))}   in {per_cent(cut.share)} of all cases"
        yield from hanging("  ", names + often, page.width)
    if len(cuts) > SHOWN:
        yield f"  … and {len(cuts) - SHOWN:,} more"


def _table(report: Report) -> Iterator[str]:
    rows = [
        tuple(f"{value:,}" for value in (k, sets, up, unsure, sets - up - unsure))
        for k, (sets, up, unsure) in enumerate(zip(report.sets, report.survived, report.depends, strict=True))
    ]
    widths = [max(len(row[place]) for row in (COLUMNS, *rows)) for place in range(len(COLUMNS))]
    for row in (COLUMNS, *rows):
        yield "   ".join(f"{word:>{width}}" for word, width in zip(row, widths, strict=True))
