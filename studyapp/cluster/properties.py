"""The product's own names of settings: what each belongs to, where its default stands, and its unit.

A scenario sets them under `properties:` or by a short key, the timeline with `set`, and `property()` reads the value in
force. The model keeps times in milliseconds; `unit` tells how many of the model's units one of the product's is.
"""

from __future__ import annotations

from dataclasses import dataclass

HOUR, SECOND, MINUTE = 3_600_000, 1000, 60_000


def length(ms: int) -> str:
    """A length of time as people read it, in the largest unit that it is a whole number of: `6 h`, `90 min`, `45 s`."""
    unit, name = next(((unit, name) for unit, name in ((HOUR, "h"), (MINUTE, "min")) if ms % unit == 0), (SECOND, "s"))
    return f"{ms / unit:g} {name}"


MODES = {"Unicast": "unicast", "Multicast": "multicast", "IgmpMulticast": "igmp"}
"""What a scenario calls the operation modes of the product."""


@dataclass(frozen=True, slots=True)
class Property:
    """A setting. `of` is what it belongs to: `cluster`, `role`, `node`, `vm`, `nlb`, `balanced` (a host of an NLB
    cluster) or `rule` (a port rule of one); `fact` the row of its default ("" where it has none, or one that is
    computed); `low` and `high` its range in the product's unit (None: open), where no rows `….min` and `….max` give
    one; `kind` is `number`, `node`, `site`, `names` (any words) or `word` (one of `words`).
    """

    name: str
    of: str
    fact: str = ""
    unit: int = 1
    low: int | None = 0
    high: int | None = None
    kind: str = "number"
    words: tuple[str, ...] = ()
    fixed: bool = False
    """It can be read and not set."""
    each: bool = False
    """Every node has its own: it may be set by a mapping from node to value."""

    @property
    def spellings(self) -> dict[str, str]:
        """Its words by what may be written for them, in small letters: their own, a scenario's for a mode, and a truth
        value for a switch.
        """
        others = {short: word for word, short in (*MODES.items(), ("On", "true"), ("Off", "false"))}
        return {word.lower(): word for word in self.words} | {
            short: word for short, word in others.items() if word in self.words
        }


_ALL = (
    Property("SameSubnetDelay", "cluster", "heartbeat.same_subnet_delay", low=1),
    Property("SameSubnetThreshold", "cluster", "heartbeat.same_subnet_threshold", low=1),
    Property("CrossSubnetDelay", "cluster", "heartbeat.cross_subnet_delay", low=1),
    Property("CrossSubnetThreshold", "cluster", "heartbeat.cross_subnet_threshold", low=1),
    Property("CrossSiteDelay", "cluster", "heartbeat.cross_site_delay", low=1),
    Property("CrossSiteThreshold", "cluster", "heartbeat.cross_site_threshold", low=1),
    Property("RouteHistoryLength", "cluster", "heartbeat.route_history_length"),
    Property("DynamicQuorum", "cluster", "feature.dynamic_quorum", high=1),
    Property("LowerQuorumPriorityNodeID", "cluster", kind="node"),
    Property("WitnessDynamicWeight", "cluster", fixed=True),
    Property("ClusterEnforcedAntiAffinity", "cluster", "ClusterEnforcedAntiAffinity", high=1),
    Property("ClusterFunctionalLevel", "cluster", "ClusterFunctionalLevel"),
    Property("DrainOnShutdown", "cluster", "feature.drain_on_shutdown", high=1),
    Property("ResiliencyLevel", "cluster", "ResiliencyLevel", low=1, high=2),
    Property("ResiliencyDefaultPeriod", "cluster", "ResiliencyDefaultPeriod", unit=SECOND),
    Property("QuarantineThreshold", "cluster", "QuarantineThreshold"),
    Property("QuarantineDuration", "cluster", "QuarantineDuration", unit=SECOND),
    Property("AutoBalancerMode", "cluster", "AutoBalancerMode", high=2),
    Property("AutoBalancerLevel", "cluster", "AutoBalancerLevel", low=1, high=3),
    Property("PreferredSite", "cluster", kind="site"),
    Property("NodeWeight", "node", "NodeWeight", high=1),
    Property("DynamicWeight", "node", fixed=True),
    Property("Id", "node", fixed=True),
    Property("FailoverThreshold", "role", "FailoverThreshold"),
    Property("FailoverPeriod", "role", "FailoverPeriod", unit=HOUR, high=1193),
    Property("AutoFailbackType", "role", "AutoFailbackType", high=1),
    Property("FailbackWindowStart", "role", "FailbackWindowStart", low=-1, high=23),
    Property("FailbackWindowEnd", "role", "FailbackWindowEnd", low=-1, high=23),
    Property("Priority", "role", "Priority", high=3000),
    Property("AntiAffinityClassNames", "role", kind="names"),
    Property("RestartAction", "role", "RestartAction", high=2),
    Property("RestartThreshold", "role", "RestartThreshold"),
    Property("RestartPeriod", "role", "RestartPeriod"),
    Property("RestartDelay", "role", "RestartDelay"),
    Property("RetryPeriodOnFailure", "role", "RetryPeriodOnFailure"),
    Property("PendingTimeout", "role", "PendingTimeout"),
    Property("LooksAlivePollInterval", "role", "LooksAlivePollInterval", low=1),
    Property("IsAlivePollInterval", "role", "IsAlivePollInterval", low=1),
    Property("CheckHeartbeat", "role", "GuestHeartbeatMonitoringDefault", high=1),
    Property("OfflineAction", "role", "OfflineAction", high=3),
    Property("AliveMsgPeriod", "nlb", "nlb.AliveMsgPeriod", low=1),
    Property("AliveMsgTolerance", "nlb", "nlb.AliveMsgTolerance", low=1),
    Property("OperationMode", "nlb", kind="word", words=tuple(MODES)),
    Property("HostPriority", "balanced"),
    Property("MacAddressSpoofing", "vm", kind="word", words=("On", "Off")),
    Property("Mode", "rule", kind="word", words=("Multiple", "Single", "Disabled")),
    Property("Affinity", "rule", kind="word", words=("None", "Single", "Network")),
    Property("Protocol", "rule", kind="word", words=("Tcp", "Udp", "Both")),
    Property("Timeout", "rule"),
    Property("LoadWeight", "rule", each=True),
    Property("HandlingPriority", "rule", each=True),
    Property("State", "rule", kind="word", words=("Enabled", "Disabled"), each=True),
    Property(
        "AutomaticCriticalErrorAction", "vm", "AutomaticCriticalErrorAction", kind="word", words=("Pause", "None")
    ),
    Property("AutomaticCriticalErrorActionTimeout", "vm", "AutomaticCriticalErrorActionTimeout", unit=MINUTE),
    Property("NotMonitoredInCluster", "vm", "NotMonitoredInCluster", high=1),
)

PROPERTIES: dict[str, Property] = {made_of.name: made_of for made_of in _ALL}
_SPELLINGS = {name.lower(): name for name in PROPERTIES}


def spelled(name: str) -> str:
    """A property's name as the product prints it, which takes it in capitals and small letters alike; any other word
    as it is.
    """
    return _SPELLINGS.get(name.lower(), name)
