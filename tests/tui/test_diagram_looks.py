"""Diagrams that are only looked at, two at once, and how they look on all kinds of terminals."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from studyapp.cluster.bench import Bench
from studyapp.cluster.describe import Component
from studyapp.cluster.scenario import Act, Step
from studyapp.tui.text import of_spans, shows_unicode, words
from studyapp.tui.widgets.compare import Compare
from studyapp.tui.widgets.diagram import Diagram
from studyapp.tui.widgets.diagram_canvas import as_text
from studyapp.tui.widgets.diagram_menu import DiagramNote
from studyapp.tui.widgets.diagram_pane import draw_pane, make_frame
from tests.tui import diagram_scenes as scenes
from tests.tui.diagram_stand import CRASH, acts, as_screen, live, shown, use

# -- only looking ---------------------------------------------------------------------------------------------------


def test_one_that_is_not_live_tells_about_things_and_gives_nothing_away() -> None:
    scenario = replace(scenes.three_hosts(), timeline=(Step((CRASH,)),))

    async def hand(pilot: Pilot[None], diagram: Diagram) -> None:
        diagram.show_start(scenario)
        await pilot.pause()
        before = shown(diagram)
        await pilot.press("x", "r", "space", "full_stop", "end", "w", "0", "b", "enter")
        await pilot.pause()
        assert shown(diagram) == before
        assert "to come" not in before
        await pilot.press("right")
        assert "host2 is up" in shown(diagram)

    app = use(Diagram(ascii_only=False), hand)
    assert app.changes == []
    assert {"x", "space", "full_stop"} <= set(app.leaked), "keys that do nothing here are left to the screen"


def test_a_run_made_elsewhere_is_shown_at_any_of_its_events() -> None:
    trace = Bench.of(scenes.three_hosts()).with_act(CRASH).trace

    async def hand(pilot: Pilot[None], diagram: Diagram) -> None:
        diagram.show_moment(trace, 0)
        await pilot.pause()
        assert "● host2" in shown(diagram)
        diagram.show_moment(trace, 1)
        assert "✖ host2 down" in shown(diagram)
        diagram.show_moment(trace, 0)
        assert "● host2" in shown(diagram)
        assert not diagram.live

    use(Diagram(ascii_only=False), hand)


def test_another_scenario_takes_the_place_of_the_first() -> None:
    async def hand(pilot: Pilot[None], diagram: Diagram) -> None:
        diagram.do(CRASH)
        high = diagram.size.height
        diagram.show(scenes.two_nodes())
        await pilot.pause()
        assert acts(diagram) == ()
        assert "n1" in shown(diagram)
        assert diagram.size.height < high

    use(live(scenes.both_layers()), hand)


# -- two at once ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [80, 140])
def test_a_fault_is_done_in_both_and_time_is_one(width: int) -> None:
    async def hand(pilot: Pilot[None], diagram: Diagram) -> None:
        await pilot.press("right", "x", "1")
        await pilot.pause()
        assert [bench.acts for bench in diagram.benches] == [(CRASH,), (CRASH,)]
        assert shown(diagram).count("host2 loses its power") + shown(diagram).count("nothing more happens") >= 2
        await pilot.press("comma")
        assert [bench.at_end for bench in diagram.benches] == [False, True]
        await pilot.press("0")
        assert acts(diagram) == ()

    use(Compare(scenes.three_hosts(), scenes.guests(), ascii_only=False), hand, size=(width, 45))


def test_both_sides_can_be_selected_and_a_thing_of_one_side_acts_there_only() -> None:
    async def hand(pilot: Pilot[None], diagram: Diagram) -> None:
        for _ in range(60):
            assert diagram.selected is not None
            if diagram.selected.component == Component("role", "sql"):
                break
            await pilot.press("right")
        assert diagram.selected is not None
        assert diagram.selected.pane == 1
        await pilot.press("x", "1")
        await pilot.pause()
        assert [len(bench.acts) for bench in diagram.benches] == [0, 1]

    use(Compare(scenes.three_hosts(), scenes.guests(), ascii_only=False), hand, size=(140, 45))


# -- looks ----------------------------------------------------------------------------------------------------------


def test_a_terminal_without_unicode_gets_ascii() -> None:
    async def hand(pilot: Pilot[None], diagram: Diagram) -> None:
        diagram.do(CRASH)
        assert shown(diagram).isascii()
        assert "x host2 down" in shown(diagram)
        await pilot.press("w")
        assert isinstance(pilot.app.screen, DiagramNote)

    use(Diagram(scenes.three_hosts(), ascii_only=True), hand)


def test_a_sign_that_is_a_letter_stands_apart_from_a_name() -> None:
    bench = Bench.of(scenes.two_nodes())
    for node in ("n1", "n2"):
        bench = bench.with_act(Act("crash", (node,)))
        bench = bench.seek(len(bench.trace.events))
    drawn = {
        ascii_only: as_text(draw_pane(bench, make_frame(bench, 80, 24, ascii_only=ascii_only)).lines)
        for ascii_only in (False, True)
    }
    assert "✖files" in drawn[False]
    assert "x files" in drawn[True]
    assert "xfiles" not in drawn[True]


def test_it_works_without_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def hand(pilot: Pilot[None], diagram: Diagram) -> None:
        assert pilot.app.no_color
        diagram.do(CRASH)
        await pilot.pause()
        assert "host2" in pilot.app.export_screenshot()

    use(live(scenes.three_hosts()), hand)


def test_only_lines_that_changed_are_painted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hand(pilot: Pilot[None], diagram: Diagram) -> None:
        painted: list[int] = []
        refresh = diagram.refresh

        def noting(*regions: object, **settings: bool) -> Diagram:
            painted.append(len(regions))
            return refresh(*regions, **settings)  # type: ignore[arg-type]  # handed through as it came

        monkeypatch.setattr(diagram, "refresh", noting)
        await pilot.press("right")
        assert painted == [2], "the line of the boxes' titles, and the sentence"

    use(live(scenes.three_hosts()), hand)


def test_names_are_never_markup() -> None:
    async def hand(pilot: Pilot[None], diagram: Diagram) -> None:
        await pilot.press("x")
        await pilot.pause()
        await pilot.press("1")
        await pilot.pause()
        assert "[red]群" in shown(diagram)
        await pilot.press("w")
        assert "[red]群" in as_screen(pilot)

    use(live(scenes.wide()), hand)
    assert words("[bold]a[/] \x1b[0m$x[0]").plain == "[bold]a[/] ␛[0m$x[0]"
    assert of_spans(()).plain == ""


@pytest.mark.parametrize(
    "environ,encoding,expected",
    [
        ({"LANG": "en_GB.UTF-8"}, "utf-8", True),
        ({}, "utf-8", True),
        ({"LANG": "C"}, "utf-8", False),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, "utf-8", False),
        ({"LC_ALL": "POSIX"}, "utf-8", False),
        ({"LC_ALL": "C.UTF-8", "LANG": "C"}, "utf-8", True),
        ({"LANG": "de_DE.ISO-8859-1"}, "iso8859-1", False),
        ({"LANG": "en_US.UTF-8"}, "ascii", False),
        ({"LANG": "en_US.UTF-8", "TERM": "dumb"}, "utf-8", False),
    ],
)
def test_whether_the_terminal_shows_unicode(environ: dict[str, str], encoding: str, expected: bool) -> None:
    assert shows_unicode(environ, encoding) is expected


def test_the_sizes_of_a_real_window() -> None:
    for size in ((60, 16), (80, 24), (200, 60)):

        async def hand(pilot: Pilot[None], diagram: Diagram) -> None:
            diagram.do(CRASH)
            await pilot.pause()
            assert "host2" in as_text(diagram._scene.lines)
            await pilot.resize_terminal(40, 12)
            await pilot.pause()
            assert "host2" in shown(diagram)

        use(live(scenes.both_layers()), hand, size=size)
