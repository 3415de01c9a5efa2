"""The rules that people get wrong, each a named function that a misconception may replace.

The model asks these through `World.rules`; everything else about it is the same for the truth and for a belief. The
true functions are assembled in `truth.py`, the replacements in `misconceptions.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studyapp.cluster.scenario import PortRule
    from studyapp.cluster.votes import Table
    from studyapp.cluster.world import World


@dataclass(frozen=True, slots=True)
class Rules:
    """One function for each rule; each docstring line says what the function decides."""

    heartbeat_shows: Callable[[World, str], bool]
    """Does this machine send heartbeats to the failover cluster that it is a node of?"""
    silence_limit: Callable[[World, str, str, str], int]
    """(cluster, a, b): milliseconds of silence after which a takes b for failed."""
    majority: Callable[[int, int], bool]
    """(votes present, votes in total): may this side go on?"""
    votes_total: Callable[[World, str, frozenset[str]], int]
    """(cluster, side): the votes of which a side needs the majority."""
    recount: Callable[[World, str, tuple[str, ...], Table, bool], Table]
    """(cluster, side, votes so far, does it hold the witness): the votes after a change that the side survived."""
    guest_seen: Callable[[World, str, str], bool]
    """(role of a VM, `system` or `application`): does the host cluster notice that this fails inside the guest?"""
    guest_cluster_boots: Callable[[], bool]
    """Does a guest cluster start a VM that it dropped on another host?"""
    lost_host_moves: Callable[[World, str], bool]
    """(role of a VM): does a VM leave a dying host while running?"""
    successors: Callable[[World, str, str, tuple[str, ...]], tuple[str, ...]]
    """(role, reason, able nodes): where the role goes; several mean that chance decides. The reason is `node`,
    `resource`, `start` or `manual`.
    """
    kept_apart: Callable[[World, str], frozenset[str]]
    """(role): the classes of a role; it is kept apart from the roles that share one."""
    goes_back: Callable[[World, str, str], bool]
    """(role, node that has returned): does the role go back to this node by itself?"""
    servers: Callable[[str, Callable[[], tuple[str, ...]]], tuple[str, ...]]
    """(owner, what gives the members): the nodes of a failover cluster that serve one role."""
    memory_lost: Callable[[], bool]
    """Is the memory gone when a VM or role starts again?"""
    nlb_heartbeat_shows: Callable[[World, str, str], bool]
    """(NLB cluster, host): does this host send NLB heartbeats?"""
    nlb_serves: Callable[[int, int], bool]
    """(hosts heard, hosts in all): may this part of an NLB cluster serve clients?"""
    default_host_serves: Callable[[], bool]
    """Does the default host of an NLB cluster answer what no port rule covers?"""
    resumed_host_starts: Callable[[], bool]
    """Does a suspended NLB host take part again as soon as it is resumed?"""
    sessions_move: Callable[[], bool]
    """Do the connections and sessions of an NLB host that is gone go over to another?"""
    affinity_keeps_state: Callable[[PortRule | None], bool]
    """(port rule of a balanced service): does a session outlive the memory of its host?"""
