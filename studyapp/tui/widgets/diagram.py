"""The live diagram: a cluster that can be broken and repaired, and a playhead over what happens then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding
from textual.message import Message
from textual.timer import Timer

from studyapp.cluster import bench as together
from studyapp.cluster.bench import Bench
from studyapp.cluster.deeds import Deed
from studyapp.cluster.scenario import Act, Scenario
from studyapp.cluster.trace import Trace
from studyapp.cluster.world import RunTooLong
from studyapp.packs.facts import load_facts
from studyapp.tui.diagram_keys import DIAGRAM
from studyapp.tui.widgets.diagram_menu import DiagramMenu, DiagramNote
from studyapp.tui.widgets.diagram_notes import legend, reasons
from studyapp.tui.widgets.diagram_view import DiagramView

BEATS = 5
"""Steps of a heartbeat from one event to the next while playing."""
PACE = 0.14
"""Seconds from one such step to the next."""
LIVE_ACTIONS = frozenset(("break", "repair", "change", "play", "step", "to_end", "course", "start_over", "undo", "why"))


class Diagram(DiagramView):
    """Shows a scenario as its model sees it. One widget whatever the size of the cluster.

    A live diagram is tried on: things break, the clusters react, the playhead goes to and fro. One that is not live
    shows a moment and tells about what is selected, for questions whose answer it must not give away.
    """

    BINDINGS: ClassVar[list[Binding | tuple[str, str] | tuple[str, str, str]]] = [*DIAGRAM]

    @dataclass
    class Changed(Message):
        """Something was broken, repaired or taken back by the person."""

        diagram: Diagram
        """The diagram that it was done on."""
        acts: tuple[Act, ...]
        """All that the person has done since the start, in order."""

        @property
        def control(self) -> Diagram:
            """The diagram."""
            return self.diagram

    @dataclass
    class Moved(Message):
        """The playhead stands elsewhere."""

        diagram: Diagram
        """The diagram."""
        at_ms: int
        """The time that it shows."""
        at_end: bool
        """Nothing more happens."""

        @property
        def control(self) -> Diagram:
            """The diagram."""
            return self.diagram

    def __init__(
        self,
        scenario: Scenario | None = None,
        *,
        believed: str | None = None,
        live: bool = True,
        ascii_only: bool | None = None,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        benches = () if scenario is None else (Bench.of(scenario, believed),)
        super().__init__(benches, ("",), live=live, ascii_only=ascii_only, name=name, id=id, classes=classes)
        self._before: list[tuple[Bench, ...]] = []
        self._timer: Timer | None = None
        self.first: Callable[[Callable[[], None]], bool] | None = None
        """Called once, before what is to come is first shown, with what shows it; whether it does so later itself."""

    # -- what is shown ----------------------------------------------------------------------------------------------

    def show(self, scenario: Scenario, *, live: bool = True, believed: str | None = None) -> None:
        """Show another scenario, before its first event."""
        self._replace((Bench.of(scenario, believed),), live)

    def show_start(self, scenario: Scenario) -> None:
        """Show how a scenario starts, to be looked at only: nothing of what follows can be seen."""
        self.show(scenario, live=False)

    def show_moment(self, trace: Trace, seq: int) -> None:
        """Show a run that was made elsewhere as it stands after event `seq`, to be looked at only."""
        if len(self.benches) == 1 and not self.live and self.benches[0].trace is trace:
            self._move((self.benches[0].seek(seq),))
        else:
            self._replace((Bench.of_trace(trace, seq),), live=False)

    def _replace(self, benches: tuple[Bench, ...], live: bool) -> None:
        self.pause()
        self._before = []
        self._put(benches, live)

    @property
    def acts(self) -> tuple[Act, ...]:
        """All that the person has done, in order."""
        return max((bench.acts for bench in self.benches), key=len, default=())

    @property
    def at_end(self) -> bool:
        """Nothing more happens."""
        return all(bench.at_end for bench in self.benches)

    # -- the playhead -----------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Have the timer ready."""
        self._timer = self.set_interval(PACE, self._tick, pause=True)

    def _move(self, benches: tuple[Bench, ...]) -> None:
        """Show the benches; what else depends on them follows."""
        if all(new is old for new, old in zip(benches, self.benches, strict=True)):
            return
        another_run = tuple(id(b.trace) for b in benches) != tuple(id(b.trace) for b in self.benches)
        self.benches = benches
        self._redraw()
        if another_run:
            # Another run may need a higher picture, and other keys may work.
            self.refresh(layout=True)
            self.refresh_bindings()
        self.post_message(self.Moved(self, max(bench.now_ms for bench in benches), self.at_end))

    def play(self) -> None:
        """Go on by itself to the end; at once where nothing is to be animated. At the end, from the start."""
        if self.at_end:
            self._move(tuple(bench.seek(0) for bench in self.benches))
        elif self.app.animation_level == "none":
            self.action_to_end()
            return
        if self._timer is not None and not self.at_end and self.app.animation_level != "none":
            self.playing, self.beat = True, 0
            self._timer.reset()
            self._timer.resume()
            self._redraw()

    def pause(self) -> None:
        """Stand still."""
        if self._timer is not None:
            self._timer.pause()
        if self.playing:
            self.playing, self.beat = False, None
            self._redraw()

    def _tick(self) -> None:
        self.beat = (self.beat or 0) + 1
        if self.beat % BEATS:
            self._redraw()
            return
        self._move(together.forward(self.benches))
        if self.at_end:
            self.pause()

    # -- what the keys do -------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that would do nothing here are left to others."""
        if action in LIVE_ACTIONS and not (self.live and self.benches):
            return False
        if action == "course":
            return any(len(bench.courses) > 1 for bench in self.benches)
        return action != "undo" or bool(self._before)

    def _waits(self, then: Callable[[], None]) -> bool:
        """Whether something else comes first; `then` goes on after it."""
        first, self.first = self.first, None
        return first is not None and not self.acts and first(then)

    def action_step(self, by: int) -> None:
        """One event on or back."""
        if by > 0 and self._waits(lambda: self.action_step(by)):
            return
        self.pause()
        self._move(together.forward(self.benches) if by > 0 else together.back(self.benches))

    def action_to_end(self) -> None:
        """All that happens, at once."""
        if self._waits(self.action_to_end):
            return
        self.pause()
        self._move(tuple(bench.seek(len(bench.trace.events)) for bench in self.benches))

    def action_play(self) -> None:
        """Play or pause."""
        if self._waits(self.action_play):
            return
        if self.playing:
            self.pause()
        else:
            self.play()

    def action_course(self) -> None:
        """The next course of the pane where something is selected, or of the one that chance decides in."""
        self.pause()
        here = self.selected.pane if self.selected is not None else 0
        if len(self.benches[here].courses) == 1:
            here = next((n for n, bench in enumerate(self.benches) if len(bench.courses) > 1), here)
        self._move(tuple(b.next_course() if n == here else b for n, b in enumerate(self.benches)))

    def action_start_over(self) -> None:
        """Take back all that was done."""
        self._take_back(tuple(bench.started_over() for bench in self.benches), [])

    def action_undo(self) -> None:
        """Take back what was done last."""
        if self._before:
            self._take_back(self._before[-1], self._before[:-1])

    def _take_back(self, benches: tuple[Bench, ...], before: list[tuple[Bench, ...]]) -> None:
        had = self.acts
        self.pause()
        self._before = before
        self._move(benches)
        self.refresh_bindings()
        if self.acts != had:
            self.post_message(self.Changed(self, self.acts))

    def action_why(self) -> None:
        """Say why the last event happened, or why nothing followed."""
        self.pause()
        rules = load_facts().rules
        self.app.push_screen(DiagramNote("Why", reasons(self.benches, self.titles, rules, ascii_only=self.ascii_only)))

    def action_legend(self) -> None:
        """Say what the signs mean."""
        self.pause()
        self.app.push_screen(DiagramNote("What the signs mean", legend(ascii_only=self.ascii_only)))

    # -- breaking and repairing -------------------------------------------------------------------------------------

    def action_break(self) -> None:
        """Offer what may go wrong with what is selected."""
        self._offer(faults=True, repairs=False)

    def action_repair(self) -> None:
        """Put right what is selected, at once where there is only one way."""
        self._offer(faults=False, repairs=True)

    def action_change(self) -> None:
        """Offer all that may be done to what is selected."""
        self._offer(faults=True, repairs=True)

    def _offer(self, *, faults: bool, repairs: bool) -> None:
        if self.selected is None:
            return
        self.pause()
        bench, thing = self.benches[self.selected.pane], self.selected.component
        deeds: tuple[Deed, ...] = ()
        if repairs:
            deeds += bench.repairs_for(thing)
        if faults:
            deeds += bench.faults_for(thing)
        if not deeds:
            what = "Nothing is wrong with" if repairs and not faults else "Nothing more can go wrong with"
            self.notify(f"{what} {thing.name} now.", markup=False, timeout=3)
        elif len(deeds) == 1 and not faults:
            self.do(deeds[0].act)
        else:
            title = f"What goes wrong with {thing.name}?" if not repairs else f"What is done to {thing.name}?"
            self.app.push_screen(DiagramMenu(title, deeds), self._chosen)

    def _chosen(self, deed: Deed | None) -> None:
        if deed is not None:
            self.do(deed.act)

    def do(self, act: Act) -> None:
        """Do something at the playhead, and play what follows."""
        before = self.benches
        try:
            benches = together.act_on_all(before, act)
        except RunTooLong as error:
            self.notify(f"That cannot be shown: {error}. Everything is as it was.", markup=False, severity="warning")
            return
        self._before = [*self._before, before]
        self._move(benches)
        self.post_message(self.Changed(self, self.acts))
        if not self.at_end:
            self.play()

    def clicked_twice(self) -> None:
        """Offer all that may be done to what was clicked."""
        if self.live:
            self.action_change()
