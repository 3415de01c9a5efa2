"""Where things go in a picture: sizes and places that hold for every state that a run passes through.

A plan is made once for a run and a size, so that the picture stands still while its states change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from studyapp.cluster import view
from studyapp.cluster.scenario import FailoverCluster, NlbCluster, Scenario
from studyapp.cluster.trace import State
from studyapp.tui.widgets.diagram_canvas import cells
from studyapp.tui.widgets.diagram_parts import (
    CLOSE,
    ROOMY,
    SHARE,
    TIGHT,
    WORD,
    Chunks,
    box_rows,
    cut_line,
    flow,
    label,
    of_guests,
    things,
    usual_width,
    width_of,
)

MOST_HOSTS = 16
"""Above this many hosts a list is easier to read than boxes."""
MOST_LANES = 3
THINGS_GAP = 3
MOST_ROOM = 8
"""Columns that a box, and the gap beside it, get at most beyond what they need; twice as many where boxes are high."""
WIDE = 90
"""From this many columns on a picture is in a large window."""
MUCH = 30
"""Lines that are more than enough for what has happened."""

Cluster = FailoverCluster | NlbCluster


@dataclass(frozen=True, slots=True)
class Stub:
    """Where a node's line starts: its row of boxes, the line inside the box (None: the host's own), and its column."""

    node: str
    row: int
    x: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Boxes of `box_width` columns in `rows` of host names; `margin` columns at the left are for lines between rows.

    `words_in_title`: what is the matter with a host stands beside its name, else inside the box. `content` is how many
    lines the boxes of each row hold, `buses` which clusters have each line below each row, `labels_beside` whether the
    clusters' labels stand at the right of those lines, else below all of them. `below` counts the lines under that.
    `pad` lines in each box are empty above what it holds, and as many below.
    """

    width: int
    words_in_title: bool
    box_width: int
    gap: int
    margin: int
    rows: tuple[tuple[str, ...], ...]
    content: tuple[int, ...] = ()
    buses: tuple[tuple[tuple[str, ...], ...], ...] = ()
    labels_beside: bool = False
    labels: int = 0
    below: int = 0
    pad: int = 0

    @property
    def height(self) -> int:
        """Lines of the whole picture."""
        boxes = sum(2 + lines + len(buses) for lines, buses in zip(self.content, self.buses, strict=True))
        return boxes + self.labels + self.below

    def box_x(self, column: int) -> int:
        """The first column of a box."""
        return self.margin + column * (self.box_width + self.gap)

    def row_y(self, row: int) -> int:
        """The first line of a row of boxes."""
        return sum(2 + self.content[r] + len(self.buses[r]) for r in range(row))

    def place(self, host: str) -> tuple[int, int]:
        """The row of a host's box and its column there."""
        return next((r, row.index(host)) for r, row in enumerate(self.rows) if host in row)


def lanes(scenario: Scenario) -> tuple[Cluster, ...]:
    """The clusters of virtual machines: each has a column of its own at the left inside every box."""
    return tuple(c for c in scenario.clusters if of_guests(scenario, c))


def stubs(scenario: Scenario, state: State, plan: Plan, cluster: Cluster) -> tuple[Stub, ...]:
    """Where the lines of a cluster's nodes go down, by row and column."""
    found: list[Stub] = []
    guests = lanes(scenario)
    for node in cluster.nodes:
        host = view.host_of(state, node) or node
        row, column = plan.place(host)
        if node in scenario.vm:
            x = plan.box_x(column) + 2 + 2 * guests.index(cluster)
        else:
            mine = [c for c in scenario.clusters if c not in guests and node in c.nodes]
            x = plan.box_x(column) + plan.box_width // 2 + 2 * mine.index(cluster)
        found.append(Stub(node, row, x))
    return tuple(sorted(found, key=lambda stub: (stub.row, stub.x)))


def make_plan(
    scenario: Scenario, states: Sequence[State], width: int, height: int | None, signs: Mapping[str, str]
) -> Plan | None:
    """The roomiest plan that fits `width` columns and `height` lines in all of the states; None: only a list does."""
    if not scenario.hosts or len(scenario.hosts) > MOST_HOSTS or len(lanes(scenario)) > MOST_LANES:
        return None
    sketches = list(_sketches(scenario, width))
    sketches.sort(key=lambda sketch: len(sketch.rows) > 1)
    for sketch in sketches:
        plan = _filled(scenario, states, sketch, signs)
        if plan is not None and (height is None or plan.height <= height):
            return _roomier(scenario, states, plan, height, signs)
    return None


def _roomier(
    scenario: Scenario, states: Sequence[State], plan: Plan, height: int | None, signs: Mapping[str, str]
) -> Plan:
    """In a large window the same picture with higher boxes, where they stand in one row, and the columns that are left
    over dealt out to the boxes and the gaps between them.
    """
    if plan.width < WIDE:
        return plan
    left = 2 if height is None else height - plan.height
    pad = 0 if len(plan.rows) > 1 or left < 2 else 1 if left < MUCH else 2
    plan = replace(plan, pad=pad, content=tuple(lines + 2 * pad for lines in plan.content))
    many = max(map(len, plan.rows))
    end = plan.box_x(many - 1) + plan.box_width
    if plan.labels_beside:
        ends = (_label_end(scenario, state, plan, each, signs) for state in states for each in scenario.clusters)
        end = max([end, *ends])
    times = max(1, pad)
    each = min((plan.width - end) // (2 * many - 1), times * plan.box_width // 2, times * MOST_ROOM)
    return replace(plan, box_width=plan.box_width + each, gap=plan.gap + each) if each > 0 else plan


def _sketches(scenario: Scenario, width: int) -> Iterator[Plan]:
    title = len("● ") + max(map(cells, scenario.host)) + 1 + WORD
    for room in (ROOMY, CLOSE, TIGHT):
        needed = _box_width(scenario, room)
        words_in_title = needed - 4 >= title
        for gap in (3, 2, 1):
            per_row = (width + gap) // (needed + gap)
            if per_row >= len(scenario.hosts):
                yield Plan(width, words_in_title, needed, gap, 0, (tuple(scenario.host),))
                break
        else:
            for margin in range(2 * len(scenario.clusters) + 2):
                per_row = (width - margin + 1) // (needed + 1)
                # One box above the other would be no picture: a list says the same in less space.
                if per_row > 1:
                    rows = tuple(_in_rows(_neighbours(scenario), per_row))
                    yield Plan(width, words_in_title, needed, 1, margin, rows)


def _box_width(scenario: Scenario, room: int) -> int:
    """Columns of every box."""
    widest = 0
    for host in scenario.host:
        own = len("● ") + cells(host) + (1 + WORD if room == ROOMY else 0)
        inside = [0 if room == ROOMY else WORD]
        inside += [SHARE for cluster in scenario.nlb.values() if host in cluster.nodes]
        inside += [
            cells(f"★{role.name}{' starts' if room == ROOMY else ''}")
            for role in scenario.roles
            if role.vm is None and host in scenario.failover[role.cluster].nodes
        ]
        widest = max(widest, own, *inside)
    beside = 2 * len(lanes(scenario))
    return max([widest, *(beside + usual_width(scenario, vm, room) for vm in scenario.vm)]) + 4


def _neighbours(scenario: Scenario) -> list[list[str]]:
    """Hosts in their order, grouped where neighbours belong to the same clusters."""
    groups: list[list[str]] = []
    last: object = None
    for host in scenario.host:
        mine = [c.name for c in scenario.clusters if host in c.nodes]
        if groups and mine == last:
            groups[-1].append(host)
        else:
            groups.append([host])
        last = mine
    return groups


def _in_rows(groups: list[list[str]], per_row: int) -> Iterator[tuple[str, ...]]:
    """Rows of at most `per_row`: a group stays together where it can, and is dealt out evenly where it cannot."""
    row: list[str] = []
    for group in groups:
        if row and len(row) + len(group) > per_row:
            yield tuple(row)
            row = []
        parts = -(-len(group) // per_row)
        size = -(-len(group) // parts)
        for start in range(0, len(group), size):
            part = group[start : start + size]
            if row and len(row) + len(part) > per_row:
                yield tuple(row)
                row = []
            row.extend(part)
    if row:
        yield tuple(row)


def _filled(scenario: Scenario, states: Sequence[State], sketch: Plan, signs: Mapping[str, str]) -> Plan | None:
    """The sketch with the heights that all of the states need; None where two lines would run into one another."""
    if sketch.box_width // 2 <= 2 * len(lanes(scenario)) + 1 or sketch.box_x(0) + sketch.box_width > sketch.width:
        return None
    content = [0] * len(sketch.rows)
    buses: list[dict[str, None]] = [{} for _ in sketch.rows]
    below = 0
    for state in states:
        for number, row in enumerate(sketch.rows):
            content[number] = max(content[number], *(_lines_in(scenario, state, sketch, h, signs) for h in row))
        for cluster in scenario.clusters:
            for stub in stubs(scenario, state, sketch, cluster):
                buses[stub.row][cluster.name] = None
        below = max(below, lines_below(scenario, state, sketch.width, signs))
    spanning = [c.name for c in scenario.clusters if sum(c.name in row for row in buses) > 1]
    if spanning and sketch.margin < 2 * len(spanning) + 1:
        return None
    plan = replace(
        sketch,
        margin=2 * len(spanning) + 1 if spanning else 0,
        content=tuple(content),
        buses=tuple(_shared_lines(scenario, sketch, row, spanning) for row in buses),
        below=below,
    )
    alone = all(len(line) == 1 for row in plan.buses for line in row)
    beside = alone and all(
        _label_end(scenario, state, plan, cluster, signs) <= plan.width
        for state in states
        for cluster in scenario.clusters
    )
    return replace(plan, labels_beside=beside, labels=0 if beside else len(scenario.clusters))


def _shared_lines(
    scenario: Scenario, plan: Plan, named: Mapping[str, None], spanning: list[str]
) -> tuple[tuple[str, ...], ...]:
    """Clusters of hosts come first, those of guests below them; clusters of hosts side by side share a line."""
    lines: list[list[str]] = []
    ends: list[int] = []
    for cluster in scenario.clusters:
        if cluster.name not in named or of_guests(scenario, cluster):
            continue
        columns = [plan.place(host)[1] for host in cluster.nodes]
        free = next((n for n, end in enumerate(ends) if end < min(columns)), None)
        if free is None or cluster.name in spanning or any(name in spanning for name in lines[free]):
            lines.append([cluster.name])
            ends.append(max(columns))
        else:
            lines[free].append(cluster.name)
            ends[free] = max(columns)
    return tuple(map(tuple, [*lines, *([c.name] for c in lanes(scenario) if c.name in named)]))


def _lines_in(scenario: Scenario, state: State, plan: Plan, host: str, signs: Mapping[str, str]) -> int:
    return sum(len(lines) for _, lines in box_lines(scenario, state, plan, host, signs))


def box_lines(
    scenario: Scenario, state: State, plan: Plan, host: str, signs: Mapping[str, str]
) -> list[tuple[str | None, list[Chunks]]]:
    """The lines inside a host's box as they fit its width, each group with the VM that it is about."""
    inner = plan.box_width - 4
    beside = 2 * len(lanes(scenario))
    return [
        (row.vm, flow(row.chunks, inner if row.vm is None else inner - beside))
        for row in box_rows(scenario, state, host, signs, word=not plan.words_in_title)
    ]


def lines_below(scenario: Scenario, state: State, width: int, signs: Mapping[str, str]) -> int:
    """How many lines the partition and the things beside the machines take."""
    return bool(cut_line(scenario, state, signs)) + len(flow(things(scenario, state, signs), width - 2, THINGS_GAP))


def _label_end(scenario: Scenario, state: State, plan: Plan, cluster: Cluster, signs: Mapping[str, str]) -> int:
    """The column after a cluster's label that stands at the right of its line, as long as it may come to be."""
    last = stubs(scenario, state, plan, cluster)[-1]
    chunks = label(scenario, state, cluster.name, signs)
    # A label grows when members are lost: it is not to change its place then.
    members = len(" · members ") + sum(cells(node) + 1 for node in cluster.nodes[1:])
    likely = width_of(chunks[:2]) + 1 + len("3 of 3 votes") + members
    return last.x + 3 + max(width_of(chunks), likely)
