"""Pictures of the cluster in a page of text: the same boxes and lines that the full screen shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from studyapp.cli.page import TWO_COLUMNS, Page, hanging
from studyapp.cluster import view
from studyapp.cluster.describe import join
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.trace import State, Trace
from studyapp.tui.widgets.diagram_canvas import ASCII_SIGNS, SIGNS, as_text, cells
from studyapp.tui.widgets.diagram_list import draw_list, plan_list
from studyapp.tui.widgets.diagram_picture import draw_picture
from studyapp.tui.widgets.diagram_plan import Plan, make_plan

MOST_STATES = 150
"""States of a run that a picture is planned for at most: the last."""


def states(trace: Trace, page: Page, *, start: bool) -> Iterator[str]:
    """The cluster before the timeline, or when all has settled."""
    yield from _picture(trace, page, _plan((trace,), page), start=start)
    if start:
        yield from sites(trace.scenario, page)


Still = tuple[str, Trace, bool]
"""A picture: its title, and the start or (False) the end of a run."""


def side_by_side(left: Still, right: Still, page: Page) -> list[str]:
    """Two pictures beside each other, where a row of boxes fits into half of the width; else nothing."""
    half = page.half()
    plan = _plan((left[1], right[1]), half)
    if page.width < TWO_COLUMNS or plan is None or len(plan.rows) > 1:
        return []
    one, other = (_picture(trace, half, plan, start=start) for _, trace, start in (left, right))
    lines = [f"{left[0]:<{half.width + 3}}{right[0]}"]
    for a, b in zip_longest(one, other, fillvalue=""):
        lines.append(f"  {a}{' ' * (half.width + 1 - cells(a))}  {b}".rstrip())
    return [*lines, ""]


def _states_passed(traces: Iterable[Trace]) -> list[State]:
    found: list[State] = []
    for trace in traces:
        found += [trace.start, *(state for _, state in trace.moments()), trace.end][-MOST_STATES:]
    return found


def _plan(traces: Sequence[Trace], page: Page) -> Plan | None:
    """Where things go in a picture of any state of some runs; None where only a list will do."""
    signs = ASCII_SIGNS if page.ascii_only else SIGNS
    return make_plan(traces[0].scenario, _states_passed(traces), page.width - 2, None, signs)


def _picture(trace: Trace, page: Page, plan: Plan | None, *, start: bool) -> list[str]:
    state = {**trace.start, **trace.drawn} if start else trace.end
    if plan is not None:
        drawing = draw_picture(trace.scenario, state, plan, ascii_only=page.ascii_only)
    else:
        signs = ASCII_SIGNS if page.ascii_only else SIGNS
        listed = plan_list(trace.scenario, _states_passed((trace,)), page.width - 2, None, signs)
        drawing = draw_list(trace.scenario, state, listed, ascii_only=page.ascii_only)
    return as_text(drawing.lines).rstrip().splitlines()


def sites(scenario: Scenario, page: Page) -> Iterator[str]:
    """What is in each site."""
    things = (*scenario.host, *scenario.network, *scenario.store, *scenario.witnesses)
    for site in scenario.sites:
        inside = [thing for thing in things if view.site_of(scenario, {}, thing) == site]
        yield from hanging(f" site {site}: ", join(tuple(inside)) or "nothing", page.width - 2)
