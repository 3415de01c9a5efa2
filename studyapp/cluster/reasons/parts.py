"""Which parts of a claim decide its value, and the reason for each thing that they read.

What does not matter is left out: of a false `a and b` only the false part is explained, of a false `all(...)` the first
counterexample, of `always` the first moment at which it did not hold.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from studyapp.cluster.claims.claim import FORMS, GATHERERS
from studyapp.cluster.claims.evaluation import Walk
from studyapp.cluster.claims.readers import Clients, Moment
from studyapp.cluster.kinds import Value
from studyapp.cluster.reasons import clients as clients
from studyapp.cluster.reasons import clusters as clusters
from studyapp.cluster.reasons import machines as machines
from studyapp.cluster.reasons import roles as roles
from studyapp.cluster.reasons import settings as settings
from studyapp.cluster.reasons import states as states
from studyapp.cluster.reasons import survival as survival
from studyapp.cluster.reasons.reason import Look, Reason, at_time, names
from studyapp.cluster.trace import Outcome

Names = Mapping[str, Value]

MOST_ITEMS = 3
"""Items of a list that are explained one by one."""

EXPLAINERS: dict[str, Callable[..., Reason]] = {
    "hosts": settings.hosts,
    "vms": settings.vms,
    "networks": settings.networks,
    "roles": settings.roles,
    "nodes": clusters.nodes,
    "host_of": machines.host_of,
    "up": machines.machine,
    "answers": machines.machine,
    "available": clients.available,
    "online": roles.role,
    "owner": roles.role,
    "moved": roles.moved,
    "failovers": roles.failovers,
    "restarts": roles.restarts,
    "state": states.state,
    "detected": machines.detected,
    "detected_by": machines.detected_by,
    "detection_time": machines.detected,
    "downtime": clients.outages,
    "outages": clients.outages,
    "quorum": clusters.quorum,
    "votes": clusters.votes,
    "votes_total": clusters.votes_total,
    "votes_needed": clusters.votes_needed,
    "vote": clusters.vote,
    "witness_vote": clusters.witness_vote,
    "members": clusters.members,
    "clusters_formed": clusters.formed,
    "share": clients.share,
    "serves": clients.serves,
    "can_host": roles.can_host,
    "keeps_state": machines.keeps_state,
    "boots": machines.boots,
    "happens": machines.event,
    "time_of": machines.event,
    "before": machines.before,
    "property": settings.property_of,
    "forced": clusters.forced,
    "pool_online": clusters.pool,
    "pool_votes": clusters.pool,
    "next_owner": roles.next_owner,
    "default_host": clients.default_host,
    "mac": settings.mac,
    "target": clients.target,
    "requests_lost": clients.requests_lost,
    "sessions_lost": clients.sessions_lost,
    "survives": survival.survives,
    "single_points": survival.single_points,
    "cut_sets": survival.cut_sets,
    "finding": settings.finding,
    "supported": settings.supported,
}
"""What explains each function of the claim language: it takes the moment looked at, the value read, and the arguments
of the function.
"""


class Reasoning:
    """Finds the reasons for a claim's value in one course, for one client of each service that is asked about."""

    def __init__(self, outcome: Outcome, of_clients: Clients) -> None:
        self.clients = of_clients
        self.walk = Walk(outcome, of_clients)
        self.over_chance: list[tuple[ast.expr, str, Moment, Names]] = []
        """The claims inside `certain`, `possible` and `chance` that were met, with the name of that function."""

    def reasons(self, node: ast.expr, now: Moment, known: Names) -> list[Reason]:
        """The reasons for the value of an expression."""
        match node:
            case ast.BoolOp(op=op, values=parts):
                stop = isinstance(op, ast.Or)
                for part in parts:
                    if self.walk.truth(part, now, known) is stop:
                        return self.reasons(part, now, known)
                return self.each(parts, now, known)
            case ast.UnaryOp(operand=operand):
                return self.reasons(operand, now, known)
            case ast.BinOp(left=left, right=right):
                return self.each([left, right], now, known)
            case ast.Compare(left=left, comparators=others):
                return self.compare(node, [left, *others], now, known)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                chosen = body if self.walk.truth(test, now, known) else orelse
                return self.each([test, chosen], now, known)
            case ast.List(elts=items):
                return self.each(items, now, known)
            case ast.ListComp() | ast.GeneratorExp():
                return self.items(node, now, known)
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self.call(node, name, arguments, now, known)
        return []

    def each(self, nodes: list[ast.expr], now: Moment, known: Names) -> list[Reason]:
        return [reason for node in nodes for reason in self.reasons(node, now, known)]

    def compare(self, node: ast.Compare, sides: list[ast.expr], now: Moment, known: Names) -> list[Reason]:
        """What each side read; of a chain that does not hold only the two where it breaks."""
        for number, op in enumerate(node.ops):
            pair = ast.Compare(sides[number], [op], [sides[number + 1]])
            ast.copy_location(pair, node)
            if not self.walk.value(pair, now, known):
                return self.each(sides[number : number + 2], now, known)
        return self.each(sides, now, known)

    def call(self, node: ast.Call, name: str, arguments: list[ast.expr], now: Moment, known: Names) -> list[Reason]:
        if name in GATHERERS:
            return self.gather(name, arguments[0], now, known)
        if name in FORMS:
            return self.form(name, arguments, now, known)
        value = self.walk.value(node, now, known)
        given = [self.walk.value(argument, now, known) for argument in arguments]
        inner = [reason for argument in arguments for reason in self.reasons(argument, now, known)]
        return [*inner, EXPLAINERS[name](Look(now, self.clients), value, *given)]

    # -- lists ----------------------------------------------------------------------------------------------------

    def gather(self, name: str, argument: ast.expr, now: Moment, known: Names) -> list[Reason]:
        if name == "len" or not isinstance(argument, ast.GeneratorExp | ast.ListComp):
            return self.reasons(argument, now, known)
        stop = name == "any"
        one = argument.generators[0]
        for inner in self.kept(argument, now, known):
            if self.walk.truth(argument.elt, now, inner) is stop:
                return [*self.each(one.ifs, now, inner), *self.reasons(argument.elt, now, inner)]
        return self.items(argument, now, known)

    def every(self, node: ast.ListComp | ast.GeneratorExp, now: Moment, known: Names) -> list[Names]:
        one = node.generators[0]
        assert isinstance(one.target, ast.Name)
        return [{**known, one.target.id: item} for item in self.walk.sequence(one.iter, now, known)]

    def kept(self, node: ast.ListComp | ast.GeneratorExp, now: Moment, known: Names) -> list[Names]:
        tests = node.generators[0].ifs
        found = self.every(node, now, known)
        return [inner for inner in found if all(self.walk.truth(test, now, inner) for test in tests)]

    def items(self, node: ast.ListComp | ast.GeneratorExp, now: Moment, known: Names) -> list[Reason]:
        """Why each item is in the list and what it is; of many the first, and that the others are alike."""
        one = node.generators[0]
        assert isinstance(one.target, ast.Name)
        found: list[Reason] = []
        told = self.every(node, now, known)
        for inner in told[:MOST_ITEMS]:
            tests = [] if isinstance(node.elt, ast.Name) and not one.ifs else one.ifs
            holds = all(self.walk.truth(test, now, inner) for test in tests)
            found += self.each(tests, now, inner) + (self.reasons(node.elt, now, inner) if holds else [])
        if len(told) > MOST_ITEMS:
            rest = [str(inner[one.target.id]) for inner in told[MOST_ITEMS:]]
            found.append(Reason(f"The same was asked of {names(rest)}."))
        return found or self.reasons(one.iter, now, known)

    # -- time and chance ------------------------------------------------------------------------------------------

    def form(self, name: str, arguments: list[ast.expr], now: Moment, known: Names) -> list[Reason]:
        inner = arguments[-1]
        if name == "at":
            then = Moment.at(now.trace, round(self.walk.number(arguments[0], now, known) * 1000))
            return [*self.reasons(arguments[0], now, known), *self.reasons(inner, then, known)]
        if name in ("ever", "always"):
            return self.over_time(inner, name == "ever", now, known)
        self.over_chance.append((inner, name, now, known))
        return []

    def over_time(self, inner: ast.expr, stop: bool, now: Moment, known: Names) -> list[Reason]:
        """Of what holds at some moment the first of them; of what never changes how it is now."""
        for moment in now.so_far():
            if self.walk.truth(inner, moment, known) is stop:
                word = "first holds" if stop else "first fails to hold"
                return [*self.reasons(inner, moment, known), Reason(f"So it {word} at {at_time(moment.ms)}.")]
        word = "holds at no moment" if stop else "holds at every moment"
        return [*self.reasons(inner, now, known), Reason(f"It {word} of the run.")]
