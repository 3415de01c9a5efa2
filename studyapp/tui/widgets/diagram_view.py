"""How a diagram is shown: one widget that draws lines, marks what is selected, and follows arrows and the mouse."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from studyapp.cluster.bench import Bench
from studyapp.cluster.trace import Trace
from studyapp.tui.text import shows_unicode
from studyapp.tui.widgets.diagram_canvas import Line, Piece
from studyapp.tui.widgets.diagram_stage import Place, Scene, Stage, draw_stage, make_stage
from studyapp.tui.widgets.sight import bring_into_sight


class DiagramView(Widget, can_focus=True):
    """Shows benches where their playheads stand. It is one widget whatever the size of the clusters."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"diagram--{name}"
        for name in (
            "text", "muted", "title", "frame", "up", "down", "silent", "cut-off", "name", "role", "share", "beat",
            "hosts", "guests", "nlb", "said", "now", "fault", "selected", "fresh",
        )
    }  # fmt: skip
    DEFAULT_CSS = """
    DiagramView {
        width: 1fr;
        height: auto;
        background: $background;
        color: $foreground;
        & .diagram--muted { color: $foreground 75%; }
        & .diagram--title, & .diagram--name { text-style: bold; }
        & .diagram--frame { color: $foreground 55%; }
        & .diagram--up { color: $success; }
        & .diagram--down, & .diagram--fault { color: $error; }
        & .diagram--silent, & .diagram--cut-off { color: $warning; }
        & .diagram--role { color: $accent; }
        & .diagram--share { color: $primary; }
        & .diagram--beat { color: $error; }
        & .diagram--hosts { color: $primary; }
        & .diagram--guests { color: $secondary; }
        & .diagram--nlb { color: $accent; }
        & .diagram--now { text-style: bold; }
        & .diagram--fresh { text-style: bold underline; }
        & .diagram--selected { text-style: bold reverse; }
        &:ansi .diagram--muted, &:ansi .diagram--frame { text-style: dim; }
    }
    """

    def __init__(
        self,
        benches: tuple[Bench, ...],
        titles: tuple[str, ...],
        *,
        live: bool,
        ascii_only: bool | None,
        name: str | None,
        id: str | None,
        classes: str | None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.benches = benches
        self.titles = titles
        self.live = live
        self.playing = False
        self.beat: int | None = None
        """How far heartbeats have come on their way; None while nothing moves."""
        self.ascii_only = not shows_unicode() if ascii_only is None else ascii_only
        self.selected: Place | None = None
        self._stages: dict[tuple[int, int | None], Stage] = {}
        self._staged: tuple[Trace, ...] = ()
        """The runs that the stages were made for."""
        self._scene = Scene()
        self._scene_for = Size(0, 0)
        self._least = (0, 0)
        self._looks: dict[tuple[str, bool, bool], Style] = {}

    def _put(self, benches: tuple[Bench, ...], live: bool) -> None:
        """Show other benches in place of these, in a place as high as they need."""
        self.benches, self.live, self.selected, self._least = benches, live, None, (0, 0)
        self._stages = {}
        # It is drawn when it is known how high it is.
        self._scene, self._scene_for = Scene(), Size(0, 0)
        self.refresh(layout=True)
        self.refresh_bindings()

    # -- drawing ----------------------------------------------------------------------------------------------------

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """As wide as the place it is given."""
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As high as the picture, and never less than it has been, so that what is below stands still."""
        height = self._arrange(width, None).height if self.benches and width else 0
        if self._least[0] == width:
            height = max(height, self._least[1])
        self._least = (width, height)
        return height

    def _arrange(self, width: int, height: int | None) -> Stage:
        traces = tuple(bench.trace for bench in self.benches)
        if len(traces) != len(self._staged) or any(a is not b for a, b in zip(traces, self._staged, strict=True)):
            self._stages, self._staged = {}, traces
        if (width, height) not in self._stages:
            # As high as it would be by itself, it is planned once.
            natural = self._stages.get((width, None))
            self._stages[(width, height)] = (
                natural
                if natural is not None and natural.height == height
                else make_stage(
                    self.benches, width, height, titles=self.titles, live=self.live, ascii_only=self.ascii_only
                )
            )
        return self._stages[(width, height)]

    def _draw(self) -> Scene:
        """The scene for the present size; without a selection the first thing is selected."""
        size = self.size
        if not self.benches or not size.area:
            return Scene()
        stage = self._arrange(size.width, size.height)
        draw = partial(draw_stage, stage, self.benches, playing=self.playing, beat=self.beat)
        if self.selected is None or not self.has_focus:
            scene = draw()
            self.selected = self.selected or scene.neighbour(None, "right")
            if not self.has_focus:
                return scene
        return draw(marked=self.selected, told=self.selected)

    def _redraw(self) -> None:
        """Draw again, and repaint only the lines that are not what they were."""
        if not self.is_attached or not self.size.area:
            self._scene_for = Size(0, 0)
            return
        before = self._scene.lines
        self._scene, self._scene_for = self._draw(), self.size
        lines = self._scene.lines
        if len(before) != len(lines):
            self.refresh()
            return
        changed = [Region(0, y, self.size.width, 1) for y in range(len(lines)) if lines[y] != before[y]]
        if changed:
            self.refresh(*changed)

    def render_line(self, y: int) -> Strip:
        """One line."""
        if self._scene_for != self.size:
            self._scene, self._scene_for = self._draw(), self.size
        line: Line = self._scene.lines[y] if y < len(self._scene.lines) else ()
        strip = Strip([Segment(piece.text, self._style(piece)) for piece in line])
        return strip.adjust_cell_length(self.size.width, self.rich_style)

    def _style(self, piece: Piece) -> Style:
        """How a piece looks: found out once, since the framework forgets it with each frame."""
        look = (piece.style, piece.fresh, piece.selected)
        if look not in self._looks:
            self._looks[look] = self._found_style(piece)
        return self._looks[look]

    def notify_style_update(self) -> None:
        """Things look different from now on."""
        super().notify_style_update()
        self._looks = {}

    def _found_style(self, piece: Piece) -> Style:
        style = self.get_component_rich_style(f"diagram--{piece.style.replace(' ', '-')}")
        for name, applies in (("fresh", piece.fresh), ("selected", piece.selected)):
            if applies:
                style += self.get_component_rich_style(f"diagram--{name}", partial=True)
        return style

    def watch_has_focus(self, has_focus: bool) -> None:
        """Show what is selected, or hide it; what plays goes on."""
        super().watch_has_focus(has_focus)
        self._redraw()

    # -- selecting ------------------------------------------------------------------------------------------------

    def action_select(self, direction: str) -> None:
        """Select the next thing in a direction."""
        self._select(self._scene.neighbour(self.selected, direction))

    def _select(self, place: Place | None) -> None:
        if place is None:
            return
        self.selected = place
        self._redraw()
        hit = self._scene.first(place)
        if hit is not None:
            bring_into_sight(self, hit.y, hit.height)

    def on_click(self, event: events.Click) -> None:
        """Select what is clicked; two clicks at once offer what may be done to it."""
        offset = event.get_content_offset(self)
        place = self._scene.at(offset.x, offset.y) if offset is not None else None
        if place is None:
            return
        self._select(place)
        if event.chain > 1:
            self.clicked_twice()

    def clicked_twice(self) -> None:
        """What two clicks on a thing do."""
