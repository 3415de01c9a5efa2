"""What diagrams look like: each file in `tests/golden/diagrams/` is a picture that a person can read and judge.

`pytest --snapshot-update` draws them again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from studyapp.cluster.bench import Bench
from studyapp.cluster.describe import Component
from studyapp.cluster.scenario import Act, Scenario
from studyapp.tui.widgets.diagram_canvas import as_text
from studyapp.tui.widgets.diagram_stage import Place, draw_stage, make_stage
from tests.tui import diagram_scenes as scenes

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "diagrams"
CRASH = Act("crash", ("host2",))
END = 1000


@dataclass(frozen=True)
class Case:
    """A picture: the scenario, what is done to it, where the playhead stands, and the size.

    `at` is an event's number, or the kind and the subject of an event: the last such.
    """

    name: str
    scenario: Callable[[], Scenario]
    acts: tuple[Act, ...] = ()
    at: int | tuple[str, str] = END
    width: int = 76
    height: int | None = None
    ascii_only: bool = False
    live: bool = False


CASES = (
    Case("three-hosts", scenes.three_hosts, live=True),
    Case("three-hosts-in-a-question", scenes.three_hosts),
    Case("three-hosts-before-anything-is-noticed", scenes.three_hosts, (CRASH,), 2),
    Case("three-hosts-after-the-failover", scenes.three_hosts, (CRASH,), live=True),
    Case("three-hosts-guest-hangs", scenes.three_hosts, (Act("hang", ("vm2",)),), live=True),
    Case("three-hosts-quorum-lost", scenes.three_hosts, (CRASH, Act("crash", ("host1",)))),
    Case("three-hosts-isolated", scenes.three_hosts, (Act("isolate", ("host3",)),)),
    Case("three-hosts-narrow", scenes.three_hosts, (CRASH,), width=46),
    Case("three-hosts-in-rows", scenes.three_hosts, (CRASH,), width=30),
    Case("three-hosts-as-a-list", scenes.three_hosts, (CRASH,), width=24),
    Case("three-hosts-tiny", scenes.three_hosts, (CRASH,), width=24, height=8, live=True),
    Case("three-hosts-ascii", scenes.three_hosts, (CRASH,), ascii_only=True, live=True),
    Case("guests-role-starting", scenes.guests, (CRASH,), ("failover", "sql")),
    Case("both-layers", scenes.both_layers),
    Case("both-layers-starting", scenes.both_layers, (CRASH,), ("online", "sql")),
    Case("both-layers-wide", scenes.both_layers, (CRASH,), width=140, height=45, live=True),
    Case("both-layers-ascii-in-rows", scenes.both_layers, width=34, ascii_only=True),
    Case("web-farm", scenes.web_farm),
    Case("web-farm-converging", scenes.web_farm, (CRASH,), ("removed", "web3"), live=True),
    Case("web-farm-converged", scenes.web_farm, (CRASH,)),
    Case("web-farm-service-fails", scenes.web_farm, (Act("fail", ("web",), node="web2"),)),
    Case("web-farm-split", scenes.web_farm, (Act("partition", sides=(("host1",), ("host2", "host3"))),)),
    Case("shop", scenes.shop, height=20, live=True),
    Case("shop-wide", scenes.shop, (Act("crash", ("db1",)),), width=140, height=45),
    Case("shop-witness-lost", scenes.shop, (Act("lose", ("fs1",)), Act("crash", ("db1",)))),
    Case("five-nodes-in-a-small-place", scenes.five_nodes, height=14),
    Case("five-nodes-in-rows", scenes.five_nodes, width=50),
    Case("five-nodes-split", scenes.five_nodes, (Act("partition", sides=(("n1", "n2"), ("n3", "n4", "n5"))),)),
    Case("two-nodes-disk-witness", scenes.two_nodes, (Act("crash", ("n1",)),)),
    Case("two-nodes-role-fails", scenes.two_nodes, (Act("fail", ("files",)),), 1),
    Case("many-as-a-list", scenes.many, (Act("crash", ("node02",)),), 0, height=24, live=True),
    Case("many-as-a-wide-list", scenes.many, (Act("hang", ("node02",)),), width=140, height=45),
    Case("many-in-boxes", lambda: scenes.many(8), width=140, height=45),
    Case("many-in-rows", lambda: scenes.many(10), (Act("hang", ("node01",)),), width=120, height=45),
    Case("wide-characters", scenes.wide, (Act("hang", ("東京サーバー",)),)),
)


def last(bench: Bench, kind: str, subject: str) -> int:
    return max(e.seq for e in bench.trace.events if (e.kind, e.subject) == (kind, subject))


def drawn(case: Case) -> str:
    bench = Bench.of(case.scenario())
    for act in case.acts:
        bench = bench.with_act(act).seek(END)
    bench = bench.seek(case.at if isinstance(case.at, int) else last(bench, *case.at))
    stage = make_stage((bench,), case.width, case.height, live=case.live, ascii_only=case.ascii_only)
    scene = draw_stage(stage, (bench,))
    first = scene.neighbour(None, "right")
    scene = draw_stage(stage, (bench,), marked=first, told=first)
    return as_text(scene.lines)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_picture(case: Case, pytestconfig: pytest.Config) -> None:
    file = FOLDER / f"{case.name}.txt"
    found = drawn(case)
    if pytestconfig.getoption("--snapshot-update", default=False):
        FOLDER.mkdir(parents=True, exist_ok=True)
        file.write_text(found, encoding="utf-8")
    assert found == file.read_text(encoding="utf-8")


def test_comparison(pytestconfig: pytest.Config) -> None:
    benches = (
        Bench.of(scenes.three_hosts()).with_act(CRASH).seek(END),
        Bench.of(scenes.guests()).with_act(CRASH).seek(END),
    )
    titles = tuple(bench.scenario.title for bench in benches)
    for name, width in (("comparison-wide", 140), ("comparison-narrow", 76)):
        stage = make_stage(benches, width, None, titles=titles)
        assert stage.across == (width == 140)
        scene = draw_stage(stage, benches, told=Place(0, Component("host", "host2")))
        found = as_text(scene.lines)
        if pytestconfig.getoption("--snapshot-update", default=False):
            (FOLDER / f"{name}.txt").write_text(found, encoding="utf-8")
        assert found == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def test_no_picture_is_forgotten() -> None:
    known = {f"{case.name}.txt" for case in CASES} | {"comparison-wide.txt", "comparison-narrow.txt"}
    assert {file.name for file in FOLDER.iterdir()} == known


def test_ascii_is_ascii() -> None:
    for case in CASES:
        if case.ascii_only:
            assert drawn(case).isascii()


def test_heartbeats_go_there_and_back_between_nodes_that_hear_one_another() -> None:
    """They stay on their line, one step at a time; nothing else moves."""
    bench = Bench.of(scenes.three_hosts())
    stage = make_stage((bench,), 80, None)
    still = as_text(draw_stage(stage, (bench,)).lines).splitlines()
    places = []
    for beat in range(60):
        moving = as_text(draw_stage(stage, (bench,), beat=beat).lines).splitlines()
        assert [line.replace("♥", "─") for line in moving] == [line.replace("♥", "─") for line in still]
        (line,) = [line for line in moving if "♥" in line]
        assert line.count("♥") == 2
        places.append(line.index("♥"))
    assert all(abs(one - other) == 1 for one, other in pairwise(places))
    assert min(places) < max(places)
