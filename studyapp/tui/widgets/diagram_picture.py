"""The picture of a state: boxes for hosts with their virtual machines, a line for each cluster, and what is beside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from studyapp.cluster import view
from studyapp.cluster.describe import Component, condition
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.trace import State
from studyapp.tui.widgets.diagram_canvas import DOWN, LIGHT, RIGHT, Canvas, Hit, Line, fit
from studyapp.tui.widgets.diagram_parts import (
    Chunk,
    counted_out,
    cut_line,
    flow,
    label,
    line_style,
    machine,
    things,
    weight_of,
    width_of,
)
from studyapp.tui.widgets.diagram_plan import THINGS_GAP, Cluster, Plan, Stub, box_lines, lanes, stubs

SAMPLE = 2
"""Cells of line before a cluster's label that stands below the picture."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Lines of one width, and where things are on them."""

    lines: tuple[Line, ...]
    hits: tuple[Hit, ...]

    def at(self, x: int, y: int) -> Component | None:
        """What is at a cell: the smallest thing that covers it."""
        covering = [hit for hit in self.hits if hit.covers(x, y)]
        return min(covering, key=lambda hit: hit.width * hit.height).component if covering else None


@dataclass(slots=True)
class Pen:
    """Writes chunks on a canvas and remembers where things are."""

    canvas: Canvas
    selected: Component | None
    fresh: str | None
    hits: list[Hit] = field(default_factory=list)

    def write(self, x: int, y: int, chunks: Iterable[Chunk], width: int, gap: int = 1) -> int:
        """Chunks on one line, in at most `width` columns; return the column after them."""
        end = x + width
        last: Component | None = None
        for number, chunk in enumerate(chunks):
            me = chunk.component
            if number:
                joined = me is not None and me == last and me == self.selected
                x = self.canvas.text(x, y, " " * min(gap, end - x), chunk.style, selected=joined)
            last = me
            text = fit(chunk.text, end - x, self.canvas.signs["more"])
            if not text:
                break
            after = self.canvas.text(
                x,
                y,
                text,
                chunk.style,
                selected=me is not None and me == self.selected,
                fresh=me is not None and me.name == self.fresh,
            )
            if me is not None and after > x:
                self.hits.append(Hit(x, y, after - x, 1, me))
            x = after
        return x


def draw_picture(
    scenario: Scenario,
    state: State,
    plan: Plan,
    *,
    selected: Component | None = None,
    fresh: str | None = None,
    ascii_only: bool = False,
    beat: int | None = None,
) -> Drawing:
    """The picture by its plan. `fresh` names what something has just happened to. With `beat` heartbeats are on their
    way: they stand this many steps from the left, and go there and back; without it they stand in the middle.
    """
    canvas = Canvas(plan.width, plan.height, ascii_only=ascii_only)
    pen = Pen(canvas, selected, fresh)
    frames = [_box(scenario, state, plan, host, pen) for row in plan.rows for host in row]
    for cluster in scenario.clusters:
        _lines(scenario, state, plan, cluster, canvas)
    for cluster in scenario.clusters:
        _nodes(scenario, state, plan, cluster, canvas, beat)
    y = _labels(scenario, state, plan, pen)
    cut = cut_line(scenario, state, canvas.signs)
    if cut:
        canvas.text(1, y, fit(cut, plan.width - 2, canvas.signs["more"]), "cut off")
        y += 1
    for line in flow(things(scenario, state, canvas.signs), plan.width - 2, THINGS_GAP):
        pen.write(1, y, line, plan.width - 2, THINGS_GAP)
        y += 1
    return Drawing(canvas.rows(), (*pen.hits, *frames))


def _box(scenario: Scenario, state: State, plan: Plan, host: str, pen: Pen) -> Hit:
    row, column = plan.place(host)
    x, y, height = plan.box_x(column), plan.row_y(row), 2 + plan.content[row]
    pen.canvas.box(x, y, plan.box_width, height, "frame")
    title = machine(scenario, state, host, pen.canvas.signs, word=plan.words_in_title)
    pen.canvas.text(x + 1, y, " ")
    after = pen.write(x + 2, y, title, plan.box_width - 4)
    pen.canvas.text(after, y, " ")
    beside = 2 * len(lanes(scenario))
    line = y + 1 + plan.pad
    for vm, texts in box_lines(scenario, state, plan, host, pen.canvas.signs):
        indent = 2 if vm is None else 2 + beside
        for chunks in texts:
            pen.write(x + indent, line, chunks, plan.box_width - 2 - indent)
            line += 1
    return Hit(x, y, plan.box_width, height, Component("host", host))


def _vm_line(scenario: Scenario, state: State, plan: Plan, vm: str, signs: dict[str, str]) -> int:
    """The line on which a VM's name stands."""
    host = view.host_of(state, vm) or vm
    row, _ = plan.place(host)
    line = plan.row_y(row) + 1 + plan.pad
    for other, texts in box_lines(scenario, state, plan, host, signs):
        if other == vm:
            break
        line += len(texts)
    return line


def _bus_y(plan: Plan, row: int, cluster: Cluster) -> int:
    line = next(n for n, names in enumerate(plan.buses[row]) if cluster.name in names)
    return plan.row_y(row) + 2 + plan.content[row] + line


def _trunk_x(plan: Plan, cluster: Cluster) -> int | None:
    """The column of the line that joins a cluster's rows; None where it is in one row only."""
    in_rows = [[name for line in row for name in line] for row in plan.buses]
    order = list(dict.fromkeys(name for row in in_rows for name in row if sum(name in r for r in in_rows) > 1))
    return 2 * order.index(cluster.name) if cluster.name in order else None


def _lines(scenario: Scenario, state: State, plan: Plan, cluster: Cluster, canvas: Canvas) -> None:
    weight, style = weight_of(scenario, cluster), line_style(scenario, cluster)
    found = stubs(scenario, state, plan, cluster)
    trunk = _trunk_x(plan, cluster)
    for stub in found:
        bus = _bus_y(plan, stub.row, cluster)
        top = plan.row_y(stub.row) + 1 + plan.content[stub.row]
        if stub.node in scenario.vm:
            top = _vm_line(scenario, state, plan, stub.node, canvas.signs)
            canvas.stub(stub.x, top, DOWN, weight, style)
            canvas.stub(stub.x, top, RIGHT, LIGHT, style)
        canvas.vertical(stub.x, top, bus, weight, style)
    for row in {stub.row for stub in found}:
        columns = [stub.x for stub in found if stub.row == row]
        first = min(columns) if trunk is None else trunk
        last = max(columns) if max(columns) > first else first + SAMPLE
        canvas.horizontal(first, last, _bus_y(plan, row, cluster), weight, style)
    if trunk is not None:
        ys = [_bus_y(plan, row, cluster) for row in {stub.row for stub in found}]
        canvas.vertical(trunk, min(ys), max(ys), weight, style)


def _nodes(scenario: Scenario, state: State, plan: Plan, cluster: Cluster, canvas: Canvas, beat: int | None) -> None:
    """Marks on a cluster's line: who is not counted or cut off, and the heartbeat between neighbours."""
    found = stubs(scenario, state, plan, cluster)
    for stub in found:
        y = _bus_y(plan, stub.row, cluster)
        if counted_out(scenario, state, cluster.name, stub.node):
            canvas.text(stub.x, y, canvas.signs["down"], "down")
        elif condition(scenario, state, stub.node) == "cut off":
            canvas.text(stub.x, y, canvas.signs["cut off"], "cut off")
    counted = [stub for stub in found if _beats(scenario, state, cluster, stub)]
    for one, other in pairwise(counted):
        if one.row == other.row:
            joined = view.joined_by_network(scenario, state, one.node, other.node)
            along = [s for s in found if s.row == one.row and one.x <= s.x <= other.x]
            _between(plan, cluster, along, joined, canvas, beat if joined else None)


def _beats(scenario: Scenario, state: State, cluster: Cluster, stub: Stub) -> bool:
    return view.answers(state, stub.node) and not counted_out(scenario, state, cluster.name, stub.node)


def _between(plan: Plan, cluster: Cluster, along: list[Stub], joined: bool, canvas: Canvas, beat: int | None) -> None:
    """The mark on each stretch of line between two nodes that hear one another, or cannot."""
    sign, style = (canvas.signs["beat"], "beat") if joined else (canvas.signs["cut off"], "cut off")
    y = _bus_y(plan, along[0].row, cluster)
    for one, other in pairwise(along):
        middle = (one.x + other.x) // 2
        free = [x for x in range(one.x + 2, other.x - 1) if canvas.plain_line_at(x, y)]
        if free and sign:
            x = (
                min(free, key=lambda x: (abs(x - middle), x))
                if beat is None
                else free[_there_and_back(beat, len(free))]
            )
            canvas.text(x, y, sign, style)


def _there_and_back(beat: int, places: int) -> int:
    """Where a heartbeat is after so many steps: from the first of some places to the last, and back."""
    step = beat % max(1, 2 * (places - 1))
    return min(step, 2 * (places - 1) - step)


def _labels(scenario: Scenario, state: State, plan: Plan, pen: Pen) -> int:
    """The clusters' labels, at the right of their lines or below; return the line after everything."""
    y = plan.height - plan.below - plan.labels
    for cluster in scenario.clusters:
        chunks = label(scenario, state, cluster.name, pen.canvas.signs)
        if plan.labels_beside:
            last: Sequence[Stub] = stubs(scenario, state, plan, cluster)[-1:]
            x = last[0].x + 3
            pen.write(x, _bus_y(plan, last[0].row, cluster), chunks, plan.width - x)
        else:
            sample = pen.canvas.line_sample(weight_of(scenario, cluster)) * SAMPLE
            after = pen.canvas.text(1, y, f"{sample} ", line_style(scenario, cluster))
            if width_of(chunks) > plan.width - after:
                # The kind of cluster can be told from its line, the rest cannot.
                chunks = (chunks[0], replace(chunks[1], text=pen.canvas.signs["dot"]), *chunks[2:])
            pen.write(after, y, chunks, plan.width - after)
            y += 1
    return y if plan.labels_beside is False else plan.height - plan.below
