"""Verbs that nodes of both kinds of cluster know: each goes to the kind that the node belongs to."""

from __future__ import annotations

from collections.abc import Callable

from studyapp.cluster.orders import administration, nlb_actions
from studyapp.cluster.orders.machines import told
from studyapp.cluster.scenario import Act
from studyapp.cluster.world import Verb, World

Order = Callable[[World, str, Act], None]


def _by_kind(of_failover: Order, of_nlb: Order) -> Verb:
    """A machine that is a node of both kinds, which is not supported, is taken for a failover cluster's."""

    def verb(world: World, act: Act) -> None:
        for node in act.subjects:
            if act.to is not None:
                (of_nlb if act.to in world.scenario.nlb else of_failover)(world, node, act)
            elif administration.cluster_of(world, node) is not None:
                of_failover(world, node, act)
            elif nlb_actions.clusters_of(world, node):
                of_nlb(world, node, act)
            else:
                told(world, act, node, f"{node} is no node of a cluster: nothing happens")

    return verb


VERBS: dict[str, Verb] = {
    "stop-node": _by_kind(administration.stop_node, nlb_actions.stop_node),
    "start-node": _by_kind(administration.start_node, nlb_actions.start_node),
    "evict": _by_kind(administration.evict, nlb_actions.evict),
    "join": _by_kind(administration.join, nlb_actions.join),
}
