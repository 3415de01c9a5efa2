"""What each function of a claim says in English: clauses that are so or not so, nouns for values, events as clauses.

`{0}` is the first argument, `{1}` the second; a name with `+` is for a call with one argument more than the fewest.
"""

from __future__ import annotations

CLAUSES: dict[str, tuple[str, str]] = {
    "up": ("{0} is powered on", "{0} is powered off"),
    "answers": ("{0} is on and answers", "{0} does not answer"),
    "available": ("a new client of {0} gets an answer", "a new client of {0} gets no answer"),
    "available+": ("a new client of {0} on port {1} gets an answer", "a new client of {0} on port {1} gets no answer"),
    "online": ("{0} is shown as online", "{0} is not shown as online"),
    "moved": ("{0} is on another node than at the start", "{0} is not on another node than at the start"),
    "detected": ("a cluster has found that {0} failed", "no cluster has found that {0} failed"),
    "detected_by": ("{0} has found that {1} failed", "{0} has not found that {1} failed"),
    "quorum": ("{0} has quorum", "{0} has no quorum"),
    "forced": ("{0} runs by a forced start", "{0} does not run by a forced start"),
    "serves": ("{0} answers new clients of {1}", "{0} does not answer new clients of {1}"),
    "can_host": ("{0} could run on {1}", "{0} could not run on {1}"),
    "keeps_state": (
        "{0} still has what was in its memory at the start",
        "{0} no longer has what was in its memory at the start",
    ),
    "pool_online": ("{0} is online", "{0} is not online"),
    "survives": (
        "{0} stays available through the failure of any {1} of the hosts at once",
        "some failure of up to {1} of the hosts at once leaves {0} unavailable",
    ),
    "survives+": (
        "{0} stays available through the failure of any {1} of the {2} at once",
        "some failure of up to {1} of the {2} at once leaves {0} unavailable",
    ),
    "finding": ("validation reports {0}", "validation does not report {0}"),
    "supported": ("{0} is supported as it is", "{0} is not supported as it is"),
}
"""Each function that is true or false: when it is, and when it is not."""

NOUNS: dict[str, str] = {
    "hosts": "the hosts",
    "vms": "the virtual machines",
    "networks": "the networks",
    "roles": "the clustered roles",
    "nodes": "the nodes of {0}",
    "host_of": "the host of {0}",
    "owner": "the owner of {0}",
    "failovers": "the number of failovers of {0}",
    "restarts": "the number of restarts of {0}",
    "state": "the state of {0}",
    "state+": "the state of {1} in {0}",
    "detection_time": "the time until a cluster finds that {0} failed",
    "downtime": "the downtime of {0}",
    "outages": "the number of outages of {0}",
    "votes": "the number of votes present in {0}",
    "votes_total": "the number of votes that count in {0}",
    "votes_needed": "the number of votes that {0} needs",
    "vote": "the number of votes of {0}",
    "witness_vote": "the number of votes of the witness of {0}",
    "members": "the members of {0}",
    "clusters_formed": "the number of running sides of {0}",
    "share": "the share of {1} in new connections to {0}",
    "boots": "the number of cold starts of {0}",
    "property": "the {1} of {0}",
    "pool_votes": "the number of votes present in {0}",
    "next_owner": "the node to which {0} would go next",
    "default_host": "the default host of {0}",
    "mac": "the MAC address of {0}",
    "target": "the host that answers {1} on port {2} of {0}",
    "requests_lost": "the number of lost requests to {0}",
    "sessions_lost": "the number of lost sessions of {0}",
    "single_points": "the single points of failure of {0}",
    "single_points+": "the single points of failure of {0} among the {1}",
    "cut_sets": "the smallest sets of at most {1} failures that take {0} down",
    "cut_sets+": "the smallest sets of at most {1} failures among the {2} that take {0} down",
}
"""Each function that has another value."""

COUNTED: dict[str, tuple[str, str]] = {
    "failovers": ("{0} fails over", "{0} never fails over"),
    "restarts": ("{0} is restarted where it is", "{0} is never restarted where it is"),
    "boots": ("{0} starts from cold", "{0} never starts from cold"),
    "outages": ("{0} has an outage", "{0} never has an outage"),
}
"""Functions that count how often something happens: that it does, and that it never does."""

SECONDS = ("detection_time", "downtime", "time_of")
"""Functions whose value is a number of seconds."""

COMPONENTS = {
    "hosts": "hosts",
    "vms": "virtual machines",
    "networks": "networks",
    "storage": "storage",
    "sites": "sites",
    "witness": "witnesses",
}
"""What may fail, for `survives` and its like."""

EVENTS: dict[str, str] = {
    "crash": "{0} crashes",
    "hang": "{0} hangs",
    "fail": "the application of {0} fails",
    "repair": "the application of {0} is repaired",
    "shutdown": "{0} is shut down",
    "start": "{0} starts",
    "isolate": "{0} is cut off from a network",
    "rejoin": "{0} is back on its networks",
    "partition": "the network splits",
    "heal": "the network is whole again",
    "lose": "{0} is lost",
    "restore": "{0} is back",
    "pause": "{0} is paused",
    "resume": "{0} takes roles again",
    "move": "{0} is moved",
    "live-migrate": "{0} is live-migrated",
    "quick-migrate": "{0} is quick-migrated",
    "storage-migrate": "the disks of {0} are moved",
    "stop-node": "clustering is stopped on {0}",
    "start-node": "clustering is started on {0}",
    "drain-stop": "{0} is drained and stopped",
    "suspend": "{0} is suspended",
    "resume-node": "{0} obeys orders again",
    "force-quorum": "{0} is started by force",
    "prevent-quorum": "{0} is started so that it may only join",
    "evict": "{0} is evicted",
    "join": "{0} is added to a cluster",
    "set": "a property of {0} is set",
    "load": "a load of clients connects to {0}",
    "detected": "a cluster finds that {0} failed",
    "removed": "{0} is dropped by the other members",
    "joined": "{0} becomes a member",
    "quorum-kept": "{0} counts its votes and goes on",
    "quorum-lost": "{0} loses quorum",
    "restart": "{0} is restarted where it is",
    "online": "{0} comes online",
    "offline": "{0} goes offline",
    "failed": "{0} stays failed",
    "failover": "{0} fails over",
    "failback": "{0} fails back",
    "isolated": "{0} is isolated",
    "quarantined": "{0} is quarantined",
    "paused-critical": "{0} waits for its disk",
    "resumed": "{0} goes on where it stopped",
    "converged": "{0} converges",
    "votes": "{0} counts its votes anew",
    "unforced": "{0} no longer needs its forced start",
    "refused": "Windows refuses what is asked of {0}",
    "cut": "connections to {0} are cut",
    "bounded": "chance has too many courses to follow",
}
"""Each kind of event as a clause about the thing that it happens to."""

LOGGED = "event {1} is logged about {0}"
"""A clause for an event that is called by the number that Windows logs."""
