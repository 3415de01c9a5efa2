"""Why a service survives sets of faults, or does not: what takes it down, and what then keeps it down."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from studyapp.cluster.analysis import survival as analysis
from studyapp.cluster.analysis.trials import course_after
from studyapp.cluster.claims.readers import Moment
from studyapp.cluster.describe import per_cent
from studyapp.cluster.kinds import Value
from studyapp.cluster.reasons import clients
from studyapp.cluster.reasons.reason import Look, Reason, names, plural

MOST_FOLLOWED = 2
"""Sets of faults of which it is told what keeps the service down after them."""


def survives(look: Look, value: Value, name: str, most: int, of: analysis.Of = "hosts") -> Reason:
    """Whether it is available again after every set of so many faults."""
    cut = analysis.first_taken_down(look.now.trace, look.clients, name, most, of)
    if cut is not None and not cut.faults:
        return _down_already(look, name, cut.share)
    if cut is not None:
        often = "" if cut.is_sure else f" in {per_cent(cut.share)} of all cases"
        then, rules = _then(look, name, cut.faults)
        said = f"When {_fail(cut.faults)}, {name} is not available again{often}."
        return Reason(f"{said}{then and f' Then {then}.'}", rules=rules)
    tried = analysis.components(look.now.trace, of)
    if not tried:
        return Reason(f"There is nothing of this kind that could fail, so {name} survives it.")
    which = f"whichever one of {names(tried)} fails"
    if most > 1:
        which = f"whichever {most} of {names(tried)} fail at once"
    return Reason(f"{name} is available again {which}.")


def _down_already(look: Look, name: str, share: Fraction) -> Reason:
    """It gives no answer, or some clients none, before anything more fails."""
    often = "" if share == 1 else f" in {per_cent(share)} of all cases"
    found = clients.available(look, False, name)
    return replace(found, sentence=f"{name} is not available{often} even when nothing more fails. {found.sentence}")


def _fail(faults: tuple[str, ...]) -> str:
    return f"{names(faults)} {'fails' if len(faults) == 1 else 'fail at once'}"


def single_points(look: Look, value: Value, name: str, of: analysis.Of = "all") -> Reason:
    """What takes it down by failing alone."""
    found = tuple(str(point) for point in value) if isinstance(value, tuple) else ()
    tried = analysis.components(look.now.trace, of)
    cuts = analysis.taken_down(look.now.trace, look.clients, name, 1, of)
    if cuts and not cuts[0].faults:
        return _down_already(look, name, cuts[0].share)
    if not found:
        return Reason(f"Of {names(tried)} none takes {name} down by failing alone.")
    verb = "takes" if len(found) == 1 else "take"
    others = [n for n in tried if n not in found]
    rest = f"; not so {names(others)}" if others else ""
    each = "" if len(found) == 1 else " each"
    said = f"{names(found)}{each} {verb} {name} down by failing alone{rest}."
    return _followed(look, name, said, tuple((point,) for point in found))


def cut_sets(look: Look, value: Value, name: str, most: int, of: analysis.Of = "all") -> Reason:
    """The smallest sets of faults that take it down."""
    found = tuple(str(cut) for cut in value) if isinstance(value, tuple) else ()
    cuts = analysis.taken_down(look.now.trace, look.clients, name, most, of)
    if cuts and not cuts[0].faults:
        return _down_already(look, name, cuts[0].share)
    if not found:
        return Reason(f"No set of at most {plural(most, 'fault')} takes {name} down.")
    verb = "takes" if len(found) == 1 else "take"
    said = f"{names(found)} {verb} {name} down, and nothing less than that does."
    return _followed(look, name, said, tuple(tuple(cut.split(" + ")) for cut in found))


def _followed(look: Look, name: str, said: str, sets: tuple[tuple[str, ...], ...]) -> Reason:
    """What is said of some sets of faults, and of the first of them what keeps the service down."""
    rules: dict[str, None] = {}
    for faults in sets[:MOST_FOLLOWED]:
        then, more = _then(look, name, faults)
        said += then and f" When {_fail(faults)}, {then}."
        rules |= dict.fromkeys(more)
    return Reason(said, rules=tuple(rules))


def _then(look: Look, name: str, faults: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """What keeps the service down after these faults, without an end, and the rules at work; empty where the faults
    themselves say it.
    """
    trace = course_after(look.now.trace, name, faults)
    reason = clients.available(Look(Moment.settled(trace), {}), False, name)
    later = [event for event in trace.events[len(look.now.trace.events) :] if event.rule != "timeline"]
    told = [e for e in later if e.seq in reason.alone] or [e for e in later if e.seq in reason.events[-1:]]
    rules = (cause.rule for event in told for cause in trace.why(event.seq))
    followed = dict.fromkeys(event.detail for event in told)
    return "; ".join(followed), tuple(dict.fromkeys(rule for rule in rules if rule != "timeline"))
