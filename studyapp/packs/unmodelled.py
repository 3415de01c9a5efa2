"""What the format of scenarios has and the model does not yet: refused by name, and never ignored."""

from __future__ import annotations

TOP = ("extends", "sites", "clock", "properties")
NETWORK = ("site", "routed", "properties")
STORAGE = ("nodes", "drives", "owner", "within", "size", "site", "properties")
STORAGE_KINDS = ("csv", "shared-vhdx", "vhd-set", "s2d")
HOST = ("site", "memory", "release", "domain", "address", "properties")
VM = ("memory", "release", "domain", "address", "properties")
FAILOVER = ("dynamic_weights", "lower_quorum_priority", "properties")
WITNESS = ("cloud", "site")
QUORUM_MODES = ("dynamic",)
HEARTBEAT = ("cross_site_delay", "cross_site_threshold", "route_history_length")
NLB = ("priorities", "rules", "address", "properties")
ROLE = ("failback", "anti_affinity", "priority", "monitored_services", "memory", "properties")
RESTART = ("delay", "retry_period", "pending_timeout")
SERVICE = ("state", "recovery", "properties")

VERBS = (
    "shutdown",
    "pause",
    "resume",
    "move",
    "live-migrate",
    "quick-migrate",
    "storage-migrate",
    "stop-node",
    "start-node",
    "drain-stop",
    "suspend",
    "resume-node",
    "force-quorum",
    "prevent-quorum",
    "evict",
    "join",
    "set",
    "load",
)
"""Timeline verbs."""

OPTIONS: dict[str, tuple[str, ...]] = {
    "start": ("clear_quarantine",),
    "repair": ("node",),
}
"""Options of the verbs that are modelled."""
