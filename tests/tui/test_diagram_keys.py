"""The diagram under a person's hands: keys, the mouse, the menus, and what it tells the screen it is on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from studyapp.cluster.describe import Component
from studyapp.cluster.scenario import Act, Step
from studyapp.tui.widgets import diagram as module
from studyapp.tui.widgets.diagram import Diagram
from studyapp.tui.widgets.diagram_menu import DiagramMenu, DiagramNote
from tests.tui import diagram_scenes as scenes
from tests.tui.diagram_stand import CRASH, acts, as_screen, ended, live, playing, selected, shown, use

# -- selecting ------------------------------------------------------------------------------------------------------


def test_arrows_select_and_what_is_selected_is_told_in_words() -> None:
    async def hand(pilot: Pilot[None], diagram: Diagram) -> None:
        assert selected(diagram) == Component("host", "host1")
        assert "host1 is up and runs vm1" in shown(diagram)
        await pilot.press("right", "down")
        assert selected(diagram) == Component("vm", "vm2")
        assert "vm2 is up; it is on host2, highly available in hv." in shown(diagram)
        await pilot.press("down")
        assert selected(diagram) == Component("cluster", "hv")
        await pilot.press("down", "left")
        assert selected(diagram).kind in ("service", "cluster")
        await pilot.press("down", "down", "down")
        assert selected(diagram).kind in ("service", "storage", "network")

    use(live(scenes.three_hosts()), hand)


def test_everything_can_be_reached_with_one_arrow() -> None:
    async def hand(pilot: Pilot[None], diagram: Diagram) -> None:
        seen = {selected(diagram)}
        for _ in range(40):
            diagram.action_select("right")
            seen.add(selected(diagram))
        kinds = {thing.kind for thing in seen}
        assert kinds == {"host", "cluster", "role", "service", "storage", "witness", "network"}

    use(live(scenes.shop()), hand)


def test_a_click_selects_and_two_offer_what_may_be_done() -> None:
    async def hand(pilot: Pilot[None], diagram: Diagram) -> None:
        text = shown(diagram).splitlines()
        y = next(n for n, line in enumerate(text) if "vm3" in line)
        await pilot.click(diagram, offset=(text[y].index("vm3"), y))
        assert selected(diagram) == Component("vm", "vm3")
        await pilot.click(diagram, offset=(text[y].index("vm3"), y), times=2)
        await pilot.pause()
        assert isinstance(pilot.app.screen, DiagramMenu)

    use(live(scenes.three_hosts()), hand)


def test_the_selection_is_seen_without_colours_and_only_with_the_focus() -> None:
    async def hand(pilot: Pilot[None], diagram: Diagram) -> None:
        def reversed_text() -> str:
            strips = [diagram.render_line(y) for y in range(diagram.size.height)]
            return "".join(s.text for strip in strips for s in strip if s.style is not None and s.style.reverse)

        assert reversed_text() == "● host1"
        await pilot.press("tab")
        await pilot.pause()
        assert reversed_text() == ""
        assert "Step in, or click here" in shown(diagram)

    use(live(scenes.three_hosts()), hand)


# -- breaking and repairing -----------------------------------------------------------------------------------------


def test_x_breaks_by_number_and_what_follows_is_played_to_the_end_without_animation() -> None:
    async def hand(pilot: Pilot[None], diagram: Diagram) -> None:
        await pilot.press("right", "x")
        assert isinstance(pilot.app.screen, DiagramMenu)
        assert [deed.act.verb for deed in pilot.app.screen.deeds] == ["crash", "hang", "isolate"]
        await pilot.press("1")
        await pilot.pause()
        assert ended(diagram)
        assert "✖ host2 down" in shown(diagram)
        assert "01:05  vm2 is online on host1" in shown(diagram)

    app = use(live(scenes.three_hosts()), hand)
    assert app.changes == [(CRASH,)]
    assert app.moves[-1] == (65_000, True)


def test_the_menu_is_left_with_escape_and_chosen_from_with_enter() -> None:
    async def hand(pilot: Pilot[None], diagram: Diagram) -> None:
        await pilot.press("x", "escape")
        await pilot.pause()
        assert acts(diagram) == ()
        assert diagram.has_focus
        await pilot.press("x", "9")
        assert isinstance(pilot.app.screen, DiagramMenu)
        await pilot.press("down", "enter")
        await pilot.pause()
        assert acts(diagram) == (Act("hang", ("host1",)),)

    use(live(scenes.three_hosts()), hand)


def test_r_repairs_at_once_where_there_is_one_way_and_says_so_where_there_is_none() -> None:
    async def hand(pilot: Pilot[None], diagram: Diagram) -> None:
        await pilot.press("r")
        await pilot.pause()
        assert acts(diagram) == ()
        diagram.do(Act("crash", ("host1",)))
        await pilot.press("r")
        await pilot.pause()
        assert acts(diagram)[-1] == Act("start", ("host1",))
        assert "● host1" in shown(diagram)

    use(live(scenes.three_hosts()), hand)


def test_zero_starts_over_and_u_takes_back_the_last_act() -> None:
    async def hand(pilot: Pilot[None], diagram: Diagram) -> None:
        diagram.do(CRASH)
        diagram.do(Act("crash", ("host3",)))
        await pilot.press("u")
        assert acts(diagram) == (CRASH,)
        await pilot.press("0")
        assert acts(diagram) == ()
        assert all(bench.at_start for bench in diagram.benches)
        await pilot.press("u")
        assert acts(diagram) == ()

    app = use(live(scenes.three_hosts()), hand)
    assert app.changes[-2:] == [(CRASH,), ()]


def test_the_scenarios_own_faults_stay_when_one_starts_over() -> None:
    scenario = replace(scenes.three_hosts(), timeline=(Step((CRASH,)),))

    async def hand(pilot: Pilot[None], diagram: Diagram) -> None:
        assert f"00:00 · {len(diagram.benches[0].trace.events)} events to come" in shown(diagram)
        await pilot.press("space")
        assert ended(diagram)
        await pilot.press("0", "full_stop")
        assert "host2 loses its power" in shown(diagram)

    use(live(scenario), hand)


# -- the playhead ---------------------------------------------------------------------------------------------------


def test_comma_and_full_stop_step_back_and_forth() -> None:
    async def hand(pilot: Pilot[None], diagram: Diagram) -> None:
        diagram.do(CRASH)
        all_of_them = diagram.benches[0].position
        await pilot.press("comma", "comma", "comma")
        assert diagram.benches[0].position == all_of_them - 3
        await pilot.press("full_stop")
        assert diagram.benches[0].position == all_of_them - 2
        await pilot.press("end")
        assert ended(diagram)
        await pilot.press("full_stop")
        assert diagram.benches[0].position == all_of_them

    use(live(scenes.three_hosts()), hand)


def test_it_plays_by_itself_pauses_and_stops_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PACE", 0.02)
    monkeypatch.setattr(module, "BEATS", 2)

    async def hand(pilot: Pilot[None], diagram: Diagram) -> None:
        diagram.do(CRASH)
        assert playing(diagram)
        assert not ended(diagram)
        assert "playing" in shown(diagram)
        await pilot.press("space")
        assert not playing(diagram)
        await pilot.press("space")
        for _ in range(200):
            if diagram.at_end and not diagram.playing:
                break
            await pilot.pause(0.02)
        assert ended(diagram)
        assert not playing(diagram)

    app = use(live(scenes.three_hosts()), hand, animated=True)
    assert app.moves[-1] == (65_000, True)


def test_at_the_end_space_plays_it_again() -> None:
    async def hand(pilot: Pilot[None], diagram: Diagram) -> None:
        diagram.do(CRASH)
        assert ended(diagram)
        await pilot.press("space")
        assert diagram.benches[0].at_start
        await pilot.press("space")
        assert ended(diagram)

    use(live(scenes.three_hosts()), hand)


def test_w_says_why_and_why_nothing_followed() -> None:
    async def hand(pilot: Pilot[None], diagram: Diagram) -> None:
        diagram.do(Act("hang", ("vm2",)))
        await pilot.press("w")
        assert isinstance(pilot.app.screen, DiagramNote)
        screen = as_screen(pilot)
        assert "vm2 stops responding" in screen
        assert "so hv does nothing" in screen
        assert "MicrosoftDocs" in screen or "microsoft.com" in screen, "where the rule comes from"
        await pilot.press("escape", "l")
        assert "heartbeats are heard" in as_screen(pilot)

    use(live(scenes.three_hosts()), hand)


def test_b_looks_at_the_next_course_only_where_chance_decides() -> None:
    async def hand(pilot: Pilot[None], diagram: Diagram) -> None:
        assert not diagram.check_action("course", ())
        diagram.do(CRASH)
        assert "chance decides: outcome 1 of 2, equally likely" in shown(diagram)
        await pilot.press("b")
        assert "chance decides: outcome 2 of 2" in shown(diagram)
        assert "vm2 is online on host3" in shown(diagram)
        await pilot.press("b")
        assert "vm2 is online on host1" in shown(diagram)

    use(live(scenes.three_hosts()), hand)
