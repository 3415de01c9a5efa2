"""Whatever happens, in whatever window: a diagram never fails, and is exactly as large as its place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from studyapp.cluster.bench import Bench
from studyapp.cluster.describe import components
from studyapp.cluster.scenario import Scenario
from studyapp.tui.widgets.diagram_canvas import Line, cells, fit, in_ascii, wrapped
from studyapp.tui.widgets.diagram_stage import Place, draw_stage, make_stage
from tests.tui import diagram_scenes as scenes

SCENES: dict[str, Callable[[], Scenario]] = {**scenes.ALL, "many": lambda: scenes.many(9)}


def width_of(line: Line) -> int:
    return cell_len("".join(piece.text for piece in line))


@given(st.data())
def test_any_size_after_any_acts(data: st.DataObject) -> None:
    benches = tuple(
        Bench.of(SCENES[name]())
        for name in data.draw(st.lists(st.sampled_from(sorted(SCENES)), min_size=1, max_size=2))
    )
    for number in range(data.draw(st.integers(0, 3))):
        bench = benches[number % len(benches)]
        deeds = [d for c in components(bench.scenario) for d in (*bench.faults_for(c), *bench.repairs_for(c))]
        acted = bench.with_act(data.draw(st.sampled_from(deeds)).act)
        acted = acted.seek(data.draw(st.integers(0, len(acted.trace.events))))
        benches = tuple(acted if each is bench else each for each in benches)
    width = data.draw(st.integers(20, 200))
    height = data.draw(st.none() | st.integers(5, 60))
    live, ascii_only = data.draw(st.booleans()), data.draw(st.booleans())
    titles = tuple(bench.scenario.title for bench in benches) if len(benches) > 1 else ("",)
    stage = make_stage(benches, width, height, titles=titles, live=live, ascii_only=ascii_only)
    place = Place(0, data.draw(st.sampled_from(components(benches[0].scenario))))
    scene = draw_stage(stage, benches, marked=place, told=place)
    assert len(scene.lines) == stage.height
    assert height is None or len(scene.lines) == height
    for line in scene.lines:
        assert width - 1 <= width_of(line) <= width if stage.across else width_of(line) == width
        assert not ascii_only or all(piece.text.isascii() for piece in line)
    seen = {spot.place.component for spot in scene.spots if spot.place.pane == 0}
    assert {c for c in components(benches[0].scenario) if c.kind in ("host", "vm", "cluster")} <= seen


@given(st.text(max_size=30), st.integers(0, 30))
def test_text_is_cut_to_its_place(text: str, width: int) -> None:
    assert cells(fit(text, width)) <= width
    assert in_ascii(text).isascii()
    for line in wrapped(text, max(1, width)):
        assert cells(line) <= max(1, width)


@pytest.mark.parametrize("name", sorted(scenes.ALL))
def test_the_picture_stands_still_while_it_plays(name: str) -> None:
    """A plan holds for all states of a run: frames and labels do not jump about."""
    bench = Bench.of(scenes.ALL[name]())
    first = bench.faults_for(components(bench.scenario)[1])[0]
    bench = bench.with_act(first.act)
    stage = make_stage((bench,), 100, None)
    tops = set()
    for position in range(len(bench.trace.events) + 1):
        scene = draw_stage(stage, (bench.seek(position),))
        assert len(scene.lines) == stage.height
        tops.add(
            tuple(
                (s.hit.x, s.hit.y, s.hit.height)
                for s in scene.spots
                if s.place.component.kind == "host" and s.hit.height > 1
            )
        )
    assert len(tops) == 1
