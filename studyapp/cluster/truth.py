"""The rules as the documentation has them."""

from __future__ import annotations

from studyapp.cluster.clients import nlb
from studyapp.cluster.nodes import membership, quorum
from studyapp.cluster.roles import failback, failover, guests, placement
from studyapp.cluster.rules import Rules

TRUTH = Rules(
    heartbeat_shows=membership.sends_heartbeats,
    silence_limit=membership.silence_limit,
    majority=quorum.more_than_half,
    votes_total=quorum.votes_of_table,
    recount=quorum.recount,
    guest_seen=guests.is_seen,
    guest_cluster_boots=lambda: False,
    lost_host_moves=lambda world, role: False,
    successors=placement.documented_order,
    kept_apart=placement.classes_in_common,
    goes_back=failback.failback_allowed,
    servers=failover.members_that_serve,
    memory_lost=lambda: True,
    nlb_heartbeat_shows=nlb.sends_nlb_heartbeats,
    nlb_serves=nlb.any_part_serves,
    default_host_serves=lambda: True,
    resumed_host_starts=lambda: False,
    sessions_move=lambda: False,
    affinity_keeps_state=lambda rule: False,
)
