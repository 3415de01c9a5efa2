"""Five small worlds for random tests, what may be done in them, and how everything is put right again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from hypothesis import strategies as st

from studyapp.cluster.scenario import RELEASES, Act, Scenario, Setting, Step
from tests.cluster import telling

WORLDS = {
    "hosts": """
release: <release>
sites: [east, west]
storage: {san: {kind: array}, wdisk: {kind: array}}
networks: {lan: {}, backup: {routed: false}}
hosts:
  h1: {site: east, networks: [lan, backup]}
  h2: {site: east, networks: [lan, backup]}
  h3: {site: west, networks: [lan, backup]}
  h4: {site: west, networks: [lan, backup]}
clusters: {c: {kind: failover, nodes: [h1, h2, h3], witness: <witness>}}
roles:
  sql: {cluster: c, owner: h1, storage: san, preferred: [h2, h1], starts_in: 3s}
  dns: {cluster: c, owner: h2, failback: {allowed: true}, preferred: [h2]}
  web: {cluster: c, owner: h3, possible: [h3, h1], failover_threshold: 1, failover_period: 1h}
services: {db: {role: sql}, names: {role: dns}, site: {role: web}}
""",
    "virtual": """
release: <release>
storage: {csv: {kind: csv}, nas: {kind: smb}, wdisk: {kind: array}}
hosts: {h1: {memory: 16}, h2: {memory: 16}, h3: {memory: 16}, h4: {}}
vms: {v1: {host: h1, memory: 4}, v2: {host: h2, memory: 4}, v3: {host: h3, memory: 8}}
clusters: {hv: {kind: failover, nodes: [h1, h2, h3], witness: <witness>}}
roles:
  v1: {cluster: hv, vm: v1, owner: h1, storage: csv, heartbeat_monitoring: true, anti_affinity: [a]}
  v2: {cluster: hv, vm: v2, owner: h2, storage: csv, heartbeat_monitoring: false, anti_affinity: [a], preferred: [h2]}
  v3: {cluster: hv, vm: v3, owner: h3, storage: nas, heartbeat_monitoring: false, priority: high}
services: {app: {runs_on: v1}, shop: {runs_on: v2}}
""",
    "guests": """
release: <release>
storage: {iscsi: {kind: iscsi}, wdisk: {kind: iscsi}}
hosts: {h1: {}, h2: {}}
vms: {v1: {host: h1}, v2: {host: h2}, v3: {host: h1}}
clusters: {g: {kind: failover, nodes: [v1, v2], witness: <witness>}}
roles: {sql: {cluster: g, owner: v1, storage: iscsi}}
services: {db: {role: sql}}
""",
    "farm": """
release: <release>
storage: {wdisk: {kind: array}}
hosts: {h1: {}, h2: {}, h3: {}}
vms: {w1: {host: h1}, w2: {host: h2}, w3: {host: h3}}
clusters:
  f:
    kind: nlb
    nodes: [w1, w2]
    mode: multicast
    rules:
      - {ports: 80, filter: multiple, affinity: single, weights: {w1: 50, w2: 25}}
      - {ports: 443, filter: single, priorities: {w1: 1, w2: 2}}
services: {web: {nlb: f, port: 80, state: in-memory}, pay: {nlb: f, port: 443, state: none}}
""",
    "whole": """
release: <release>
storage: {csv: {kind: csv}, iscsi: {kind: iscsi}, wdisk: {kind: array}}
hosts: {h1: {}, h2: {}, h3: {}}
vms: {v1: {host: h1}, v2: {host: h2}, w1: {host: h2}, w2: {host: h3}}
clusters:
  hv: {kind: failover, nodes: [h1, h2, h3], witness: <witness>}
  g: {kind: failover, nodes: [v1, v2]}
  f: {kind: nlb, nodes: [w1, w2], mode: multicast}
roles:
  v1: {cluster: hv, vm: v1, owner: h1, storage: csv, heartbeat_monitoring: true}
  v2: {cluster: hv, vm: v2, owner: h2, storage: csv, heartbeat_monitoring: true}
  w1: {cluster: hv, vm: w1, owner: h2, storage: csv, heartbeat_monitoring: false}
  sql: {cluster: g, owner: v1, storage: iscsi}
services: {db: {role: sql}, web: {nlb: f, port: 80, state: shared}, app: {runs_on: w2}}
""",
}
PROPERTIES: tuple[tuple[str, str, tuple[Setting, ...]], ...] = (
    ("cluster", "SameSubnetThreshold", (3, 8, 10)),
    ("cluster", "SameSubnetDelay", (500, 2000)),
    ("cluster", "DynamicQuorum", (0, 1)),
    ("cluster", "ClusterEnforcedAntiAffinity", (0, 1)),
    ("cluster", "DrainOnShutdown", (0, 1)),
    ("cluster", "ResiliencyDefaultPeriod", (0, 30_000)),
    ("cluster", "QuarantineThreshold", (2,)),
    ("node", "NodeWeight", (0, 1)),
    ("role", "FailoverThreshold", (0, 1, 5)),
    ("role", "RestartAction", (0, 1, 2)),
    ("role", "RestartThreshold", (0, 1)),
    ("role", "AutoFailbackType", (0, 1)),
    ("role", "Priority", (0, 1000, 3000)),
)
"""Settings that the timeline changes: what they belong to, their names, and values in the model's units."""

Acts = Callable[[Scenario], st.SearchStrategy[Act]]


@cache
def world(name: str, release: str, witness: str) -> Scenario:
    return telling.scenario(WORLDS[name], release=release, witness=witness)


# -- what may be done -------------------------------------------------------------------------------------------------


def on(*machines: tuple[str, ...], most: int = 1, **options: st.SearchStrategy[Any]) -> Callable[[str], Any]:
    """Acts on one or more of these names, with these options."""
    names = [name for group in machines for name in group]
    if not names:
        return lambda verb: st.nothing()
    subjects = st.lists(st.sampled_from(names), min_size=1, max_size=most, unique=True).map(tuple)
    return lambda verb: st.builds(Act, st.just(verb), subjects, **options)


def partitions(made: Scenario) -> st.SearchStrategy[Act]:
    things = (*made.host, *made.witnesses)

    def split(places: list[int]) -> Act:
        sides = (tuple(t for t, at in zip(things, places, strict=True) if at == part) for part in range(3))
        return Act("partition", sides=tuple(side for side in sides if side))

    places = st.lists(st.integers(0, 2), min_size=len(things), max_size=len(things))
    return places.filter(lambda found: len(set(found)) > 1).map(split)


def settings_of(made: Scenario) -> st.SearchStrategy[Act]:
    owners = {"cluster": tuple(made.failover), "role": tuple(made.role), "node": nodes_of(made, "failover")}
    choices = [
        st.builds(Act, st.just("set"), st.tuples(st.sampled_from(owners[of])), property=st.just(name), value=value)
        for of, name, values in PROPERTIES
        if owners[of]
        for value in (st.sampled_from(values),)
    ]
    return st.one_of(choices) if choices else st.nothing()


def joins(made: Scenario) -> st.SearchStrategy[Act]:
    """A machine of the kind that the cluster is made of."""
    choices = []
    for cluster in made.clusters:
        among = tuple(made.vm) if cluster.nodes[0] in made.vm else tuple(made.host)
        choices.append(on(among, to=st.just(cluster.name))("join"))
    return st.one_of(choices)


def nodes_of(made: Scenario, kind: str) -> tuple[str, ...]:
    clusters = {"failover": made.failover, "nlb": made.nlb}[kind]
    return tuple(n for cluster in clusters.values() for n in cluster.nodes)  # type: ignore[attr-defined]  # both kinds have nodes


@cache
def acts_of(made: Scenario) -> Mapping[str, st.SearchStrategy[Act]]:
    """For each verb what it may be told in this world; nothing where it does not fit."""
    nodes, balanced = nodes_of(made, "failover"), nodes_of(made, "nlb")
    roles, hosts, vms = tuple(made.role), tuple(made.host), tuple(made.vm)
    plain = tuple(s.name for s in made.services if s.kind != "nlb")
    lost = (*made.network, *made.store, *made.witnesses, *made.sites)
    flag, some = st.booleans(), st.sampled_from
    moved = tuple(r for r in roles if made.role[r].vm)
    to = some(hosts)
    stores = some([s for s in made.store if s != "wdisk"] or ["wdisk"])
    shared = tuple(s.name for s in made.services if s.kind == "nlb")
    failing = on(shared, lasting=flag, node=some(balanced or ("",)))
    table: dict[str, Callable[[str], Any]] = {
        "crash": on(hosts, vms, most=2),
        "hang": on(hosts, vms, most=2),
        "fail": lambda verb: st.one_of(on(roles, plain, lasting=flag)(verb), failing(verb)),
        "repair": on(tuple(made.service), roles),
        "shutdown": on(hosts, vms, most=2),
        "start": on(hosts, vms, most=3, clear_quarantine=flag),
        "isolate": on(hosts, vms, direction=some(["both", "both", "in", "out"])),
        "rejoin": on(hosts, vms, most=2),
        "partition": lambda verb: partitions(made),
        "heal": lambda verb: st.just(Act(verb, ("all",))),
        "lose": on(lost),
        "restore": on(lost, most=2),
        "pause": on(nodes, drain=flag, force=flag),
        "resume": on(nodes, failback=some([None, "immediate", "policy", "none"])),
        "move": lambda verb: st.one_of(
            on(roles, to=st.one_of(st.none(), some(nodes or ("",))))(verb),
            on(moved, type=some(["live", "quick", "shutdown", "shutdown-force", "turn-off"]), to=to)(verb),
        ),
        "live-migrate": on(vms, switch_over_ms=some([None, 4000, 12_000]), to=to),
        "quick-migrate": on(vms, to=to),
        "storage-migrate": on(vms, to=stores),
        "stop-node": on(nodes, balanced),
        "start-node": on(nodes, balanced, clear_quarantine=flag),
        "drain-stop": on(balanced, timeout_ms=some([None, 10_000])),
        "suspend": on(balanced),
        "resume-node": on(balanced),
        "force-quorum": on(nodes),
        "prevent-quorum": on(nodes),
        "evict": on(nodes, balanced),
        "join": lambda verb: joins(made),
        "set": lambda verb: settings_of(made),
        "load": on(tuple(made.service), clients=st.just(10), lasts_ms=some([None, 30_000]), addresses=some(ADDRESSES)),
    }
    return {verb: make(verb) for verb, make in table.items()}


ADDRESSES = (("10.0.0.1", "10.0.1.1", "10.0.2.1"), ("10.0.0.1",))


class Life:
    """A world and what happens in it, told in a few words where a test fails."""

    def __init__(self, made: Scenario, name: str) -> None:
        self.made = made
        self.name = name

    def __repr__(self) -> str:
        steps = [f"{'' if s.at_ms is None else f'{s.at_ms} ms '}{list(map(words, s.acts))}" for s in self.made.timeline]
        return f"<{self.name}: {'; '.join(steps)}>"


def words(act: Act) -> str:
    """The verb and every option that is given."""
    given = {name: getattr(act, name) for name in act.__dataclass_fields__}
    plain = Act(act.verb)
    options = [f"{name}={value}" for name, value in given.items() if value != getattr(plain, name)]
    return " ".join([act.verb, *options])


@st.composite
def lives(draw: st.DrawFn, but: frozenset[str] = frozenset()) -> Life:
    """A world in some release with up to eight acts, all or a few of the verbs, but for those left out."""
    start = draw(starts())
    made = start.made
    fitting = sorted(verb for verb, acts in acts_of(made).items() if verb not in but and not acts.is_empty)
    verbs = draw(st.lists(st.sampled_from(fitting), min_size=2, max_size=8, unique=True))
    steps: tuple[Step, ...] = ()
    clock = 0
    for _ in range(draw(st.integers(1, 8))):
        act = draw(acts_of(made)[draw(st.sampled_from(verbs))])
        when = draw(st.sampled_from(["then", "then", "timed", "with"]))
        clock += draw(st.integers(0, 60_000)) if when == "timed" else 0
        steps = with_act(steps, act, together=when == "with", at_ms=clock if when == "timed" else None)
    return Life(replace(made, timeline=steps), start.name)


@st.composite
def starts(draw: st.DrawFn) -> Life:
    """A world before anything happens."""
    name = draw(st.sampled_from(sorted(WORLDS)))
    release = draw(st.sampled_from(RELEASES))
    witnesses = ["none", "{disk: wdisk}", "{share: fs1}"]
    if RELEASES.index(release) >= RELEASES.index("ws2016"):
        witnesses.append("{cloud: azure}")
    witness = draw(st.sampled_from(witnesses))
    return Life(world(name, release, witness), f"{name} {release} witness {witness}")


def with_act(steps: tuple[Step, ...], act: Act, *, together: bool, at_ms: int | None) -> tuple[Step, ...]:
    """The steps with one more act: in a step of its own, or at once with the last."""
    if together and steps:
        return (*steps[:-1], replace(steps[-1], acts=(*steps[-1].acts, act)))
    return (*steps, Step((act,), at_ms))


# -- repair of everything ---------------------------------------------------------------------------------------------


def told_to(made: Scenario, verb: str) -> tuple[str, ...]:
    """The nodes that the timeline gives this order, each where it is told last."""
    told = [n for step in made.timeline for act in step.acts if act.verb == verb for n in act.subjects]
    return tuple(dict.fromkeys(reversed(told)))[::-1]


def repair(made: Scenario) -> tuple[Step, ...]:
    """Steps that put everything right again, whatever was done before.

    A cluster service that was started with quorum prevented has to be started again without: hosts first, for those
    that stop send their guests away, and a guest that is on its way obeys no order. Where sides that run apart
    do not merge by themselves, all but the one that was forced last have to be started again with quorum prevented; a
    balanced host that was suspended is first resumed, and then started.
    """
    hosts, vms = tuple(made.host), tuple(made.vm)
    lost = (*made.sites, *made.network, *made.store, *made.witnesses)
    apps = (*made.service, *made.role)
    nodes, balanced = nodes_of(made, "failover"), nodes_of(made, "nlb")
    merges = RELEASES.index(made.release) >= RELEASES.index("ws2012r2")
    stays = () if merges else told_to(made, "force-quorum")[-1:]
    apart = tuple(
        n for c in made.failover.values() if not set(c.nodes).isdisjoint(stays) for n in c.nodes if n not in stays
    )
    again = (*apart, *told_to(made, "prevent-quorum"))
    steps = [
        (Act("heal", ("all",)), Act("rejoin", made.machines), Act("restore", lost), Act("repair", apps)),
        (Act("start", hosts, clear_quarantine=True),),
        (Act("start", vms, clear_quarantine=True),),
        (Act("prevent-quorum", apart), Act("resume-node", balanced)),
        (Act("stop-node", tuple(n for n in again if n in hosts)),),
        (Act("stop-node", tuple(n for n in again if n in vms)),),
        (Act("start-node", (*nodes, *balanced), clear_quarantine=True),),
        (Act("start-node", nodes, clear_quarantine=True),),
        (Act("resume", nodes),),
        (Act("repair", apps),),
    ]
    kept = (tuple(act for act in step if act.subjects) for step in steps)
    return tuple(Step(step) for step in kept if step)
