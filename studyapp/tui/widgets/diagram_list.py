"""A state as a list: for windows too small for boxes, and for more machines than boxes can show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from studyapp.cluster import view
from studyapp.cluster.describe import Component
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.trace import State
from studyapp.tui.widgets.diagram_canvas import Canvas
from studyapp.tui.widgets.diagram_parts import (
    ROOMY,
    Chunk,
    Chunks,
    burden,
    cut_line,
    flow,
    label,
    line_style,
    machine,
    things,
    usual_width,
    weight_of,
    width_of,
)
from studyapp.tui.widgets.diagram_picture import Drawing, Pen

COLUMN_GAP = 3
ENOUGH = 24
"""Lines that a list may have in one column before it is dealt into several."""


@dataclass(frozen=True, slots=True)
class ListPlan:
    """How a list is laid out for every state of a run: columns of machines, and how many lines it may take."""

    width: int
    columns: int
    column_width: int
    machines: int
    height: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list: its indent, what stands on it, and the cluster whose line it starts with."""

    indent: int
    chunks: Chunks
    cluster: str | None = None


def plan_list(
    scenario: Scenario, states: Sequence[State], width: int, height: int | None, signs: Mapping[str, str]
) -> ListPlan:
    """One column, or as many as fit where one would be too high; `ENOUGH` lines where nothing says how high."""
    natural = max([2 + usual_width(scenario, name, ROOMY) for name in scenario.machines], default=width)
    most = max(1, (width + COLUMN_GAP) // (natural + COLUMN_GAP))
    below = max((len(_below(scenario, state, width, signs)) for state in states), default=0)
    plan = ListPlan(width, 1, width, 0, below)
    for columns in range(1, most + 1):
        column_width = (width - COLUMN_GAP * (columns - 1)) // columns
        lines = max((_tallest(scenario, state, columns, column_width, signs) for state in states), default=0)
        plan = ListPlan(width, columns, column_width, lines, lines + below)
        if plan.height <= (ENOUGH if height is None else height):
            break
    return plan if height is None else replace(plan, height=min(plan.height, max(1, height)))


def draw_list(
    scenario: Scenario,
    state: State,
    plan: ListPlan,
    *,
    selected: Component | None = None,
    fresh: str | None = None,
    ascii_only: bool = False,
) -> Drawing:
    """The list by its plan; where it is longer than the plan allows, the part around what is selected."""
    signs = Canvas(0, 0, ascii_only=ascii_only).signs
    below = _below(scenario, state, plan.width, signs)
    canvas = Canvas(plan.width, max(plan.height, plan.machines + len(below)), ascii_only=ascii_only)
    pen = Pen(canvas, selected, fresh)
    for number, column in enumerate(_columns(scenario, state, plan.columns, plan.column_width, signs)):
        x = number * (plan.column_width + COLUMN_GAP)
        for y, entry in enumerate(column):
            pen.write(x + entry.indent, y, entry.chunks, plan.column_width - entry.indent)
    for y, entry in enumerate(below, start=plan.machines):
        _write_below(scenario, entry, y, pen)
    drawing = Drawing(canvas.rows(), tuple(pen.hits))
    return drawing if len(drawing.lines) <= plan.height else _window(drawing, plan, selected, pen)


def _write_below(scenario: Scenario, entry: Entry, y: int, pen: Pen) -> None:
    x = entry.indent
    for cluster in scenario.clusters:
        if cluster.name == entry.cluster:
            sample = pen.canvas.line_sample(weight_of(scenario, cluster)) * 2
            x = pen.canvas.text(x, y, f"{sample} ", line_style(scenario, cluster))
    pen.write(x, y, entry.chunks, pen.canvas.width - x)


def _window(drawing: Drawing, plan: ListPlan, selected: Component | None, pen: Pen) -> Drawing:
    """As many lines as the plan allows, with what is selected among them; the last tells how much is left out."""
    shown = max(1, plan.height - 1)
    at = next((hit.y for hit in drawing.hits if hit.component == selected), 0)
    top = max(0, min(at - shown // 2, len(drawing.lines) - shown))
    more = Canvas(plan.width, 1, ascii_only=pen.canvas.ascii_only)
    more.text(0, 0, f"{more.signs['more']} {len(drawing.lines) - shown} more lines", "muted")
    lines = drawing.lines[top : top + shown] + (more.rows() if plan.height > 1 else ())
    return Drawing(lines, tuple(replace(hit, y=hit.y - top) for hit in drawing.hits))


def _tallest(scenario: Scenario, state: State, columns: int, width: int, signs: Mapping[str, str]) -> int:
    return max((len(column) for column in _columns(scenario, state, columns, width, signs)), default=0)


def _columns(scenario: Scenario, state: State, columns: int, width: int, signs: Mapping[str, str]) -> list[list[Entry]]:
    """Machines dealt into columns from left to right; a host and its virtual machines stay together."""
    blocks = [_block(scenario, state, host, width, signs) for host in scenario.host]
    share = -(-sum(map(len, blocks)) // columns)
    found: list[list[Entry]] = [[]]
    for block in blocks:
        if found[-1] and len(found[-1]) + len(block) > share and len(found) < columns:
            found.append([])
        found[-1].extend(block)
    return found


def _block(scenario: Scenario, state: State, host: str, width: int, signs: Mapping[str, str]) -> list[Entry]:
    rows: list[tuple[int, Chunks]] = [(0, _machine(scenario, state, host, signs))]
    rows += [(2, _machine(scenario, state, vm, signs)) for vm in scenario.vm if view.host_of(state, vm) == host]
    return [
        Entry(indent if number == 0 else indent + 2, chunks)
        for indent, row in rows
        for number, chunks in enumerate(flow(row, max(1, width - indent - 2)))
    ]


def _machine(scenario: Scenario, state: State, name: str, signs: Mapping[str, str]) -> Chunks:
    return (*machine(scenario, state, name, signs), *burden(scenario, state, name, signs))


def _below(scenario: Scenario, state: State, width: int, signs: Mapping[str, str]) -> list[Entry]:
    """The clusters, the partition and the things beside the machines."""
    found: list[Entry] = []
    for cluster in scenario.clusters:
        chunks = label(scenario, state, cluster.name, signs)
        first, *others = flow(chunks, max(1, width - 3)) if width_of(chunks) > width - 3 else [chunks]
        found += [Entry(0, first, cluster.name), *(Entry(3, line) for line in others)]
    cut = cut_line(scenario, state, signs)
    if cut:
        found += [Entry(0, line) for line in flow([Chunk(word, "cut off") for word in cut.split()], width)]
    return [*found, *(Entry(0, line) for line in flow(things(scenario, state, signs), max(1, width), 2))]
