"""One cluster on the screen: title, picture or list, what is selected in words, the time, and the last events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from studyapp.cluster.bench import TIMELINE, Bench
from studyapp.cluster.describe import Component, components, describe_component
from studyapp.cluster.reasons.explain import at_time
from studyapp.cluster.trace import Event, State
from studyapp.tui.widgets.diagram_canvas import Canvas, Line, Piece, wrapped
from studyapp.tui.widgets.diagram_list import ListPlan, draw_list, plan_list
from studyapp.tui.widgets.diagram_parts import Chunk
from studyapp.tui.widgets.diagram_picture import Drawing, Pen, draw_picture
from studyapp.tui.widgets.diagram_plan import Plan, make_plan

LOG_LINES = 5
"""Lines of the log where the height is not given."""
LEAST_LOG = 2
STATUS_LINES = 2
MOST_STATES = 150
"""A plan looks at this many states of a run, and at the last."""
TIME = len("▸ 00:00  ")


@dataclass(frozen=True, slots=True)
class Frame:
    """How a pane is divided for a run and a size. `live`: it may be tried on, so it tells times and events."""

    width: int
    height: int
    live: bool
    ascii_only: bool
    title: str
    plan: Plan | ListPlan


def make_frame(
    bench: Bench, width: int, height: int | None, *, live: bool = True, ascii_only: bool = False, title: str = ""
) -> Frame:
    """The best picture that leaves room for the words below it; a list where no picture fits.

    Without `height` the frame is as high as it needs to be.
    """
    width = max(1, width)
    signs = Canvas(0, 0, ascii_only=ascii_only).signs
    states = _states_to_plan_for(bench)
    words = (bool(title), STATUS_LINES if live else 1, LEAST_LOG if live else 0)
    limit = None if height is None else max(1, height - sum(words))
    plan: Plan | ListPlan | None = make_plan(bench.scenario, states, width, limit, signs)
    if plan is None:
        plan = plan_list(bench.scenario, states, width, limit, signs)
    if height is None:
        height = plan.height + words[0] + words[1] + (LOG_LINES if live else 0)
    return Frame(width, max(1, height), live, ascii_only, title, plan)


def _states_to_plan_for(bench: Bench) -> list[State]:
    """The states of the run, without those that are as the one before: most events change nothing that is seen."""
    states = (*islice(bench.states(), MOST_STATES), bench.trace.end)
    return [states[0], *(state for before, state in pairwise(states) if state != before)]


def draw_pane(
    bench: Bench,
    frame: Frame,
    *,
    selected: Component | None = None,
    told: Component | None = None,
    playing: bool = False,
    now_ms: int | None = None,
    beat: int | None = None,
) -> Drawing:
    """The pane, exactly as many lines and columns as its frame says.

    `selected` is marked in the picture, `told` is described in words below it. `now_ms` is the time that all panes
    have in common, where there are several; `beat` is how far heartbeats have come.
    """
    event, now = bench.event, bench.now_ms if now_ms is None else now_ms
    fresh = event.subject if event is not None and frame.live else None
    if isinstance(frame.plan, Plan):
        drawing = draw_picture(
            bench.scenario,
            bench.state,
            frame.plan,
            selected=selected,
            fresh=fresh,
            ascii_only=frame.ascii_only,
            beat=beat,
        )
    else:
        drawing = draw_list(
            bench.scenario, bench.state, frame.plan, selected=selected, fresh=fresh, ascii_only=frame.ascii_only
        )
    above = _lines(frame, [(Chunk(frame.title, "title"),)]) if frame.title else ()
    room = frame.height - len(above) - len(drawing.lines)
    below = _lines(frame, list(islice(_words(bench, frame, told, now, playing, room), max(0, room))))
    lines = (*above, *drawing.lines, *below)[: frame.height]
    blank = (Piece(" " * frame.width),)
    lines += (blank,) * (frame.height - len(lines))
    return Drawing(lines, tuple(replace(hit, y=hit.y + len(above)) for hit in drawing.hits))


def _lines(frame: Frame, rows: Sequence[Sequence[Chunk]]) -> tuple[Line, ...]:
    canvas = Canvas(frame.width, len(rows), ascii_only=frame.ascii_only)
    pen = Pen(canvas, None, None)
    for y, row in enumerate(rows):
        pen.write(0, y, row, frame.width, gap=0)
    return canvas.rows()


def _words(
    bench: Bench, frame: Frame, told: Component | None, now_ms: int, playing: bool, room: int
) -> Iterator[tuple[Chunk, ...]]:
    if told is None:
        sentence = (Chunk(" Step in, or click here, to try things." if frame.live else "", "muted"),)
    else:
        known = told in components(bench.scenario)
        sentence = (Chunk(f" {describe_component(bench.scenario, bench.state, told)}" if known else "", "said"),)
    if not frame.live:
        yield sentence
        return
    if room > LEAST_LOG:
        yield sentence
    yield (Chunk(f" {_time_line(bench, now_ms, playing, frame.width)}", "muted"),)
    yield from _log(bench, frame.width, max(0, room - STATUS_LINES))


def _time_line(bench: Bench, now_ms: int, playing: bool, width: int) -> str:
    """The time, how far the run has come, and what chance decides; how likely that is where there is room."""
    total = len(bench.trace.events)
    if not total:
        told = "nothing has happened yet"
    elif bench.at_start:
        told = f"{total} event{'s' if total > 1 else ''} to come"
    else:
        told = f"event {bench.position} of {total}"
    line = f"{at_time(now_ms)} · {told}{' · playing' if playing else ''}"
    if not bench.chance:
        return line
    line = f"{line} · chance decides: {bench.chance}"
    return line if len(line) < width else line.rpartition(", ")[0]


def _log(bench: Bench, width: int, room: int) -> list[tuple[Chunk, ...]]:
    """The last events that fit, the latest last, and that nothing follows where nothing does."""
    lines: list[tuple[Chunk, ...]] = []
    if bench.at_end and bench.trace.events:
        lines.append((Chunk(" " * TIME), Chunk("nothing more happens", "muted")))
    for event in reversed(bench.seen):
        told = _event(event, event is bench.event, width)
        if len(lines) + len(told) > room and event is not bench.event:
            break
        lines[:0] = told
    return lines[:room]


def _event(event: Event, current: bool, width: int) -> list[tuple[Chunk, ...]]:
    number = f" (event {event.number})" if event.number is not None else ""
    fault = event.rule == TIMELINE and event.cause is None
    style = "fault" if fault else "now" if current else "text"
    texts = list(wrapped(f"{event.detail}{number}", max(1, width - TIME)))
    time = at_time(event.at_ms)
    mark = f"{'▸' if current else ' '} {time}"
    return [
        (
            Chunk(mark.ljust(TIME) if line == 0 else " " * TIME, "now" if current else "muted"),
            Chunk(text, style),
        )
        for line, text in enumerate(texts)
    ]
