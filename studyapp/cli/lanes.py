"""A run as text: one line for each event, hung on what caused it, and one bar for each service over the time.

Plain text without colour; signs come from the table that is passed in, so that ASCII draws the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from studyapp.cluster.clients.service import answered
from studyapp.cluster.reasons import silence
from studyapp.cluster.reasons.explain import at_time
from studyapp.cluster.trace import Event, Trace

MOST_LANES = 8
"""Lanes beside each other at most; with more the causes are told by number."""

BAD = frozenset(
    (
        *("crash", "hang", "fail", "isolate", "lose", "partition", "removed", "quorum-lost", "offline", "failed"),
        *("isolated", "quarantined", "paused-critical", "refused", "bounded"),
    )
)
"""Kinds of events by which something is lost."""


@dataclass(frozen=True, slots=True)
class Signs:
    """The characters that a run is drawn with."""

    done: str
    follows: str
    stops: str
    down: str
    branch: str
    across: str
    crossed: str
    full: str
    part: str
    none: str
    rest: str
    apart: str
    split: str


UNICODE = Signs("◆", "●", "✖", "│", "├", "─", "┼", "█", "▒", "·", "…", "≠", "│")
ASCII = Signs("*", "o", "x", "|", "+", "-", "+", "#", "=", ".", "...", "!", "|")


@dataclass(frozen=True, slots=True)
class Row:
    """An event with the lines that lead to it: `graph` stands before the first line of its text, `below` before the
    others. `quiet` is why nothing followed from it.
    """

    event: Event
    graph: str
    below: str
    text: str
    quiet: str = ""


# -- causes ---------------------------------------------------------------------------------------------------------


def rows(trace: Trace, signs: Signs) -> list[Row]:
    """The events of a trace in order, each on the lane of what caused it; the last that follows goes on in its lane,
    the others turn off to the right.
    """
    left = _consequences(trace.events)
    quiet = {event.seq: silence.reason(trace, event)[1] for event in silence.without_consequence(trace)}
    lanes: list[int | None] = []
    drawn: list[Row] = []
    widest = 0
    for event in trace.events:
        cause = event.cause
        parent = lanes.index(cause) if cause is not None else None
        own = _lane(lanes, parent, parent is not None and cause is not None and left[cause] == 1)
        widest = max(widest, own + 1)
        graph = _graph(lanes, parent, own, _sign(event, signs), signs)
        lanes[own] = event.seq if left[event.seq] else None
        if cause is not None:
            left[cause] -= 1
        while lanes and lanes[-1] is None:
            lanes.pop()
        below = "".join(f"{signs.down if tip is not None else ' '} " for tip in lanes)
        drawn.append(Row(event, graph, below, told(event), quiet.get(event.seq, "")))
    if widest > MOST_LANES:
        return [_numbered(row, signs) for row in drawn]
    return [replace(row, graph=row.graph.ljust(2 * widest), below=row.below.ljust(2 * widest)) for row in drawn]


def told(event: Event) -> str:
    """What happened, with the number that Windows logs for it."""
    return event.detail if event.number is None else f"{event.detail} (event {event.number})"


def _consequences(events: Sequence[Event]) -> dict[int, int]:
    """How many events follow from each directly."""
    found = {event.seq: 0 for event in events}
    for event in events:
        if event.cause is not None:
            found[event.cause] += 1
    return found


def _lane(lanes: list[int | None], parent: int | None, goes_on: bool) -> int:
    """The lane of an event: that of its cause, or the first that is free to the right of it."""
    if parent is not None and goes_on:
        return parent
    first = 0 if parent is None else parent + 1
    free = next((n for n in range(first, len(lanes)) if lanes[n] is None), None)
    if free is None:
        lanes.extend([None] * (max(first, len(lanes)) + 1 - len(lanes)))
        free = len(lanes) - 1
    return free


def _graph(lanes: Sequence[int | None], parent: int | None, own: int, sign: str, signs: Signs) -> str:
    cells = []
    for number, tip in enumerate(lanes):
        turning = parent is not None and parent < own and parent <= number < own
        here = signs.down if tip is not None else " "
        if number == own:
            here = sign
        elif turning and number == parent:
            here = signs.branch
        elif turning:
            here = signs.crossed if tip is not None else signs.across
        cells.append(here + (signs.across if turning else " "))
    return "".join(cells)


def _sign(event: Event, signs: Signs) -> str:
    if event.rule == "timeline" and event.cause is None:
        return signs.done
    return signs.stops if event.kind in BAD else signs.follows


def _numbered(row: Row, signs: Signs) -> Row:
    """The same without lanes: the number of the event, and that of its cause."""
    cause = f" [because of {row.event.cause}]" if row.event.cause is not None else ""
    mark = f"{row.event.seq:>3} {_sign(row.event, signs)} "
    return Row(row.event, mark, " " * len(mark), f"{row.text}{cause}", row.quiet)


# -- bars -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bar:
    """How the clients of a service fared over the time: `cells`, and the same in words."""

    name: str
    cells: str
    words: str


def bars(trace: Trace, width: int, signs: Signs) -> Iterator[Bar]:
    """A bar for each service, and for each role that is behind none."""
    behind = {service.target for service in trace.scenario.services if service.kind == "role"}
    for name in (*trace.scenario.service, *(role for role in trace.scenario.role if role not in behind)):
        spans = _spans(trace, name)
        yield Bar(name, _cells(spans, trace.end_ms, width, signs), _words(spans, trace.end_ms))


Span = tuple[int, Fraction]
"""The time from which on a share of the clients gets an answer."""


def _spans(trace: Trace, name: str) -> list[Span]:
    found: list[Span] = []
    for ms, state in trace.moments():
        share = answered(trace, state, name)
        if found and found[-1][0] == ms:
            found.pop()
        if not found or found[-1][1] != share:
            found.append((ms, share))
    return found


def _cells(spans: Sequence[Span], end_ms: int, width: int, signs: Signs) -> str:
    """The bar. A time without answers has at least one cell however short it was, and so has how it is at the end."""
    cells = [_sign_of(spans[0][1], signs)] * width
    ends = [*(begin for begin, _ in spans[1:]), end_ms]
    for answered_by_all in (True, False):
        for (begin, share), end in zip(spans, ends, strict=True):
            if (share == 1) is not answered_by_all:
                continue
            first = min(width - 1, begin * width // max(1, end_ms))
            last = max(first + 1, end * width // max(1, end_ms))
            cells[first:last] = [_sign_of(share, signs)] * (last - first)
    cells[-1] = _sign_of(spans[-1][1], signs)
    return "".join(cells[:width])


def _sign_of(share: Fraction, signs: Signs) -> str:
    return signs.full if share == 1 else signs.part if share else signs.none


def _words(spans: Sequence[Span], end_ms: int) -> str:
    """When clients got no answer, or only some did."""
    told = []
    for number, (begin, share) in enumerate(spans):
        last = number + 1 == len(spans)
        until = end_ms if last else spans[number + 1][0]
        if share == 1:
            continue
        who = "no answer" if not share else f"{round(share * 100)} % answered"
        if last:
            told.append(f"{who} from {at_time(begin)} on" if begin else f"{who} all the time")
        elif until > begin:
            told.append(f"{who} for {(until - begin) / 1000:g} s from {at_time(begin)}")
    return ", ".join(told) or "always answered"


def axis(end_ms: int, width: int) -> str:
    """The times at both ends of the bars."""
    first, last = at_time(0), at_time(end_ms)
    return first + last.rjust(width - len(first)) if width > len(first) + len(last) else last.rjust(width)


LEGEND: Mapping[str, str] = {"done": "done to it", "follows": "follows", "stops": "something is lost"}
"""What the signs of events mean."""
