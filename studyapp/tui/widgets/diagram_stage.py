"""One pane or several under one timeline: how they share the space there is, and where everything in them stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from studyapp.cluster.bench import Bench
from studyapp.cluster.describe import Component
from studyapp.tui.widgets.diagram_canvas import Hit, Line, Piece
from studyapp.tui.widgets.diagram_pane import Frame, draw_pane, make_frame

LEAST_ACROSS = 46
"""Columns that a pane needs at the least to stand beside another."""
RULE = 3
"""Columns of the line between two panes."""
GAP = 1
"""Empty lines between panes that stand below one another."""


@dataclass(frozen=True, slots=True)
class Place:
    """A thing in one of the panes; both may have things of the same name."""

    pane: int
    component: Component


@dataclass(frozen=True, slots=True)
class Spot:
    """A thing and the cells that it takes."""

    place: Place
    hit: Hit


@dataclass(frozen=True, slots=True)
class Stage:
    """The panes' frames; `across` tells that they stand beside one another, else one below the other."""

    frames: tuple[Frame, ...]
    across: bool

    @property
    def height(self) -> int:
        """Lines of the whole."""
        heights = [frame.height for frame in self.frames]
        return max(heights, default=0) if self.across else sum(heights) + GAP * (len(heights) - 1)


@dataclass(frozen=True, slots=True)
class Scene:
    """The lines as they are shown, and everything that stands on them."""

    lines: tuple[Line, ...] = ()
    spots: tuple[Spot, ...] = ()

    def at(self, x: int, y: int) -> Place | None:
        """What is at a cell: the smallest thing that covers it."""
        covering = [spot for spot in self.spots if spot.hit.covers(x, y)]
        return min(covering, key=lambda spot: spot.hit.width * spot.hit.height).place if covering else None

    def first(self, place: Place) -> Hit | None:
        """Where a thing stands first."""
        return next((spot.hit for spot in self.spots if spot.place == place), None)

    def neighbour(self, place: Place | None, direction: str) -> Place | None:
        """The next thing `left`, `right`, `up` or `down` of one; the first where there is none yet.

        Left and right follow the lines as one reads them and go on at the other end; up and down stop at the edges.
        """
        firsts: dict[Place, Hit] = {}
        for spot in self.spots:
            firsts.setdefault(spot.place, spot.hit)
        order = sorted(firsts, key=lambda each: (firsts[each].y, firsts[each].x))
        if place not in firsts or place is None:
            return order[0] if order else None
        if direction in ("left", "right"):
            return order[(order.index(place) + (1 if direction == "right" else -1)) % len(order)]
        now, sign = firsts[place], 1 if direction == "down" else -1
        ahead = [each for each in order if (firsts[each].y - now.y) * sign > 0]
        return min(
            ahead,
            key=lambda each: (abs(firsts[each].y - now.y), abs(_middle(firsts[each]) - _middle(now))),
            default=place,
        )


def _middle(hit: Hit) -> int:
    return 2 * hit.x + hit.width


def make_stage(
    benches: Sequence[Bench],
    width: int,
    height: int | None,
    *,
    titles: Sequence[str] = ("",),
    live: bool = True,
    ascii_only: bool = False,
) -> Stage:
    """Panes beside one another where there is room, else below one another; without `height` as high as they need."""
    across = len(benches) > 1 and (width - RULE * (len(benches) - 1)) // len(benches) >= LEAST_ACROSS
    if across:
        width = (width - RULE * (len(benches) - 1)) // len(benches)

    def frame(number: int, lines: int | None) -> Frame:
        return make_frame(
            benches[number], width, lines, live=live, ascii_only=ascii_only, title=titles[number % len(titles)]
        )

    frames = [frame(number, height if across else None) for number in range(len(benches))]
    if height is None:
        highest = max((each.height for each in frames), default=0)
        frames = [replace(each, height=highest) for each in frames] if across else frames
    elif not across:
        # Each pane gets its part of the lines; those that are left over go to the first ones.
        height -= GAP * (len(benches) - 1)
        parts = [height // len(benches) + (number < height % len(benches)) for number in range(len(benches))]
        frames = [frame(number, part) for number, part in enumerate(parts)]
    return Stage(tuple(frames), across)


def draw_stage(
    stage: Stage,
    benches: Sequence[Bench],
    *,
    marked: Place | None = None,
    told: Place | None = None,
    playing: bool = False,
    beat: int | None = None,
) -> Scene:
    """All panes at the places of their playheads. `marked` stands out in its picture, `told` is told about below it;
    `beat` is how far heartbeats have come.
    """
    lines: list[Line] = []
    spots: list[Spot] = []
    x = y = 0
    for pane, (bench, frame) in enumerate(zip(benches, stage.frames, strict=True)):
        drawing = draw_pane(
            bench,
            frame,
            selected=marked.component if marked is not None and marked.pane == pane else None,
            told=told.component if told is not None else None,
            playing=playing,
            beat=beat,
            now_ms=max(each.now_ms for each in benches),
        )
        spots += [Spot(Place(pane, hit.component), replace(hit, x=hit.x + x, y=hit.y + y)) for hit in drawing.hits]
        if stage.across and pane:
            rule = Piece(" | " if frame.ascii_only else " │ ", "frame")
            lines = [(*before, rule, *line) for before, line in zip(lines, drawing.lines, strict=True)]
        else:
            lines += [(Piece(" " * frame.width),)] * (GAP if pane else 0)
            lines += drawing.lines
        if stage.across:
            x += frame.width + RULE
        else:
            y += frame.height + GAP
    return Scene(tuple(lines), tuple(spots))
