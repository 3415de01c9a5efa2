"""The structure function of a service: a fault tree that says, for faults that happen at once, whether it is down.

A draw before the faults may decide too: of an even number of nodes without a witness one has no vote. Then there are
two trees: for what takes the service down whichever node that is, and for what does so if it is one that is left.

It exists where the end depends on nothing but who fails: nothing on the timeline, one network, no limits on where roles
may run that depend on one another, the rules as they are. Everywhere else fault sets are simulated.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from studyapp.cluster import paths, view
from studyapp.cluster.analysis.structure import Tree, all_of, any_of, at_least, basic
from studyapp.cluster.chance import OneOf, candidates, decided
from studyapp.cluster.properties import PROPERTIES
from studyapp.cluster.scenario import FailoverCluster, NlbCluster, Role, Scenario
from studyapp.cluster.trace import Trace
from studyapp.cluster.truth import TRUTH
from studyapp.cluster.votes import Table

HALF = Fraction(1, 2)
"""The share of chance with which half of an even number of nodes holds the one that has no vote."""

HEARTBEAT = frozenset(name for name, made_of in PROPERTIES.items() if made_of.fact.startswith("heartbeat."))
"""Properties of a cluster that decide when something happens and not what."""


class NoTree(Exception):
    """The end depends on more than who fails."""


@dataclass(frozen=True, slots=True)
class Down:
    """When a service is down: whatever chance has decided where `surely` holds; where only `perhaps` does in half of
    all cases, by `draw`. Where no draw plays a part the two are one.
    """

    surely: Tree
    perhaps: Tree
    draw: OneOf | None = None


def down_of(trace: Trace, service: str) -> Down | None:
    """The trees of a service (or role), or None where there are none. `trace` is a run of the scenario without faults.

    Raises:
        Undecided: the trace knows something, but not all, of a draw that plays a part.
    """
    scenario = trace.scenario
    if scenario.timeline or trace.rules is not TRUTH or scenario.until_ms is not None:
        return None
    try:
        best, worst = _Trees(trace, worst=False), _Trees(trace, worst=True)
        return Down(best.service(service), worst.service(service), best.draw)
    except NoTree:
        return None


class _Trees:
    """The trees of one scenario's things; each says that the thing is down.

    While it is open which node has no vote, it is taken for one that is left (`worst`) or for one that is lost.
    """

    def __init__(self, trace: Trace, *, worst: bool) -> None:
        self.trace = trace
        self.worst = worst
        self.draw: OneOf | None = None
        """The open draw that plays a part."""
        self.scenario: Scenario = trace.scenario
        if len(self.scenario.networks) > 1:
            raise NoTree("several networks")

    def service(self, name: str) -> Tree:
        service = self.scenario.service.get(name)
        if service is None or service.kind == "role":
            return self.role(self.scenario.role[name if service is None else service.target])
        if service.kind == "nlb":
            return self.farm(self.scenario.nlb[service.target], service.port)
        machine = service.target
        if machine in self.scenario.ha_vms:
            return self.role(self.scenario.role[self.scenario.ha_vms[machine]])
        return any_of((self.machine(machine), self.network()))

    def network(self) -> Tree:
        """The only network is gone, and with it every way to the clients."""
        return any_of(self.in_site(network.name, network.site) for network in self.scenario.networks)

    def in_site(self, name: str, site: str | None) -> Tree:
        own = (basic(name),)
        return any_of((*own, basic(site))) if site is not None else basic(name)

    def machine(self, name: str) -> Tree:
        """A machine that nobody starts again elsewhere."""
        host = self.scenario.host.get(name)
        if host is not None:
            return self.in_site(name, host.site)
        if name in self.scenario.ha_vms:
            raise NoTree("a highly available virtual machine comes back")
        return any_of((basic(name), self.machine(self.scenario.vm[name].host)))

    def storage(self, name: str) -> Tree:
        made_of = self.scenario.store[name]
        if made_of.kind == "s2d":
            raise NoTree("a pool has votes of its own")
        below = (self.storage(made_of.within),) if made_of.within is not None else ()
        return any_of((self.in_site(name, made_of.site), *below))

    def farm(self, farm: NlbCluster, port: int | None) -> Tree:
        """Every host is gone. Which port rules there are may leave some clients without an answer."""
        rules = farm.rules
        plain = len(rules) == 1 and rules[0].filter == "multiple" and not rules[0].weights and not farm.modes
        deaf = farm.mode == "unicast" and any(
            n in self.scenario.vm and not self.scenario.vm[n].mac_spoofing for n in farm.nodes
        )
        if not plain or deaf or (port is not None and not rules[0].first <= port <= rules[0].last):
            raise NoTree("not every host answers everybody")
        return any_of((all_of(self.machine(node) for node in farm.nodes), self.network()))

    def role(self, role: Role) -> Tree:
        """No quorum, no node left that can run it, its disk gone, or its clients cut off."""
        cluster = self.scenario.failover[role.cluster]
        simple = all(name == "CheckHeartbeat" for name, _ in role.properties)
        alone = all(vm.memory is None for vm in self.scenario.vms) and {*dict(cluster.properties)} <= HEARTBEAT
        if not simple or not alone or len(cluster.nodes) < 2:
            raise NoTree("policies decide where the role runs")
        able = [
            n
            for n in cluster.nodes
            if (not role.possible or n in role.possible)
            and (role.storage is None or view.storage_attached(self.scenario, self.trace.end, role.storage, n))
        ]
        if role.storage in paths.partly_attached(self.scenario):
            raise NoTree("some nodes use the volume through others")
        if role.vm is not None and role.vm in self.scenario.members_of:
            raise NoTree("two layers")
        parts = [self.quorum(cluster), all_of(self.machine(n) for n in able), self.network()]
        if role.storage is not None:
            parts.append(self.storage(role.storage))
        return any_of(parts)

    def quorum(self, cluster: FailoverCluster) -> Tree:
        """So many votes are lost at once that what is left is no majority."""
        table: Table = view.last_table(self.scenario, self.trace.end, cluster.name)
        without = table.without
        lost = table.total - table.total // 2
        if isinstance(without, OneOf):
            left = candidates(self.trace.end, without)
            if left == without.among:
                self.draw = without
                return at_least(lost if self.worst else lost + 1, map(self.machine, left))
            without = decided(self.trace.end, without)
        votes = [self.machine(n) for n in cluster.nodes if n in table.voters and n != without]
        if table.witness:
            votes.append(self.witness(cluster))
        return at_least(lost, votes)

    def witness(self, cluster: FailoverCluster) -> Tree:
        witness = cluster.witness
        assert witness is not None
        if witness.kind == "disk":
            return self.storage(witness.name)
        if witness.name in self.scenario.machines:
            raise NoTree("a witness on a machine")
        return self.in_site(witness.name, witness.site)
