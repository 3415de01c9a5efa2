"""The rules as the documentation has them."""

from __future__ import annotations

from studyapp.cluster import failover, membership, nlb, quorum
from studyapp.cluster.rules import Rules

TRUTH = Rules(
    heartbeat_shows=membership.sends_heartbeats,
    silence_limit=membership.silence_limit,
    majority=quorum.more_than_half,
    votes_total=quorum.votes_of_table,
    recount=quorum.recount,
    guest_seen=failover.guest_heartbeat_is_watched,
    guest_cluster_boots=lambda world, cluster, vm: False,
    lost_host_moves=lambda world, role: False,
    successors=failover.documented_order,
    servers=failover.members_that_serve,
    memory_lost=lambda: True,
    nlb_heartbeat_shows=nlb.sends_nlb_heartbeats,
    nlb_serves=nlb.any_part_serves,
)
