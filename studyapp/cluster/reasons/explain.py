"""Why: the chain of events and rules behind a claim, and why nothing followed where nothing did."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from studyapp.cluster.analysis.survival import AFTER_FAULTS
from studyapp.cluster.chance import OneOf, Undecided
from studyapp.cluster.claims.claim import Claim
from studyapp.cluster.claims.evaluation import Course, courses
from studyapp.cluster.claims.readers import Moment
from studyapp.cluster.claims.reading import Reading
from studyapp.cluster.describe import per_cent
from studyapp.cluster.kinds import Value
from studyapp.cluster.reasons import silence
from studyapp.cluster.reasons.parts import Names, Reasoning
from studyapp.cluster.reasons.reason import Reason, at_time, names
from studyapp.cluster.simulation import simulate
from studyapp.cluster.trace import Branch, Event, Outcome, Trace
from studyapp.cluster.votes import Table

__all__ = [
    "Explanation",
    "at_time",
    "events_read",
    "explain",
    "explain_claims",
    "explain_event",
    "explain_silence",
    "explain_things",
    "told",
]

Lines = list[tuple[str, Event | None]]
"""Lines that tell what happened, each with the event that it tells of."""
Way = tuple[Branch, Course]
"""A course, and the branch of chance that it belongs to."""
Step = tuple[int, str, str, str]
"""What makes a step of one course the same as one of another."""
OverChance = tuple[ast.expr, str, Moment, Names]
NOTHING = "Nothing happens, and everything goes on as it was."
MOST_KINDS = 2
"""Values of a claim of which a course is told."""
MOST_COMPARED = 40
"""Courses of each value that are compared to find two that chance has set apart by little."""
MOST_SENTENCES = 12
LEAST = 5
"""Sentences of a second story."""
MOST_CONCLUSIONS = 5
"""Sentences at most that say what was read; the others tell what happened."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The events that decide something, in order; the same told in sentences; the rules that made them happen.

    A sentence that begins with a time and two blanks tells an event, in the order of `events`; after the blanks `…`
    marks why nothing followed from it. The others say what was read.
    """

    events: tuple[Event, ...]
    sentences: tuple[str, ...]
    rules: tuple[str, ...]

    @property
    def in_short(self) -> tuple[str, ...]:
        """What was read last; for each course that is told, with its heading."""
        found: list[list[str]] = [[]]
        for sentence in self.sentences:
            if sentence.endswith(":"):
                found.append([sentence])
            elif "  " not in sentence and not sentence.startswith("("):
                found[-1].append(sentence)
        headings = [part[0] if part and part[0].endswith(":") and len(found) > 2 else "" for part in found]
        return tuple(f"{head} {part[-1]}".strip() for head, part in zip(headings, found, strict=True) if part)


@dataclass(frozen=True, slots=True)
class Story:
    """What is told of one course: which one it is (empty: the only one), and the reasons found in it."""

    heading: str
    trace: Trace
    reasons: tuple[Reason, ...]
    value: Value | None = None
    """What the claim is in it, where that depends on chance."""


def told(event: Event) -> str:
    """One event as a line: when, what, and the number that Windows logs for it."""
    number = f" (event {event.number})" if event.number is not None else ""
    return f"{at_time(event.at_ms)}  {event.detail}{number}"


def explain_event(trace: Trace, seq: int) -> tuple[str, ...]:
    """The chain of causes of an event, the first cause first."""
    return tuple(told(event) for event in trace.why(seq))


def explain_silence(trace: Trace) -> tuple[str, ...]:
    """For each fault that nothing followed: why nothing did."""
    return tuple(silence.reason(trace, event)[1] for event in silence.without_consequence(trace))


# -- claims ---------------------------------------------------------------------------------------------------------


def explain(claim: Claim, outcome: Outcome, names: Names | None = None) -> Explanation:
    """Why the claim has its value: what happened, then what was read. Where chance decides the value, a course of each
    of two kinds is told, the second from where it parts from the first.
    """
    first, *others = stories_of(claim.tree, outcome, names or {})
    before = frozenset(_step(event) for event in _behind(first.trace, first.reasons))
    after = [_composed(story, LEAST, before) for story in others]
    parts = [_composed(first, MOST_SENTENCES - sum(len(part.sentences) for part in after), frozenset()), *after]
    return Explanation(
        tuple(event for part in parts for event in part.events),
        tuple(sentence for part in parts for sentence in part.sentences),
        tuple(dict.fromkeys(rule for part in parts for rule in part.rules)),
    )


def explain_claims(claims: Iterable[Claim], trace: Trace, names: Names) -> Explanation:
    """The events behind several claims together, in one course. Where no event decides them it tells what was done, and
    what they read all the same.
    """
    reasons = [reason for claim in claims for reason in _reasons(claim.tree, trace, names)]
    lines, rules = _happened(trace, reasons, MOST_SENTENCES)
    sentences = [line for line, _ in lines]
    if not lines:
        done = tuple(event.seq for event in trace.events if event.rule == "timeline")
        lines, _ = _happened(trace, [Reason("", alone=done)], MOST_SENTENCES - MOST_CONCLUSIONS)
        sentences = [*(line for line, _ in lines), *_conclusions(reasons, MOST_CONCLUSIONS)] or [NOTHING]
    return Explanation(_events(lines), tuple(sentences), tuple(dict.fromkeys([*rules, *_rules(reasons)])))


def explain_things(trace: Trace, things: frozenset[str]) -> Explanation:
    """What happened to some things: the causes of the last event of each, and every fault with no consequence."""
    ends = tuple(max(found) for t in things if (found := [e.seq for e in trace.events if e.subject == t]))
    quiet = tuple(event.seq for event in silence.without_consequence(trace))
    lines, rules = _happened(trace, [Reason("", ends, quiet)], 2 * len(trace.events))
    return Explanation(_events(lines), tuple(line for line, _ in lines) or (NOTHING,), tuple(dict.fromkeys(rules)))


def events_read(claim: Claim, trace: Trace, names: Names) -> list[Event]:
    """The events that the deciding parts of a claim read, each once, in order."""
    found = {
        seq for reason in _reasons(claim.tree, trace, names) for seq in (*reason.events, *reason.quiet, *reason.alone)
    }
    return [trace.events[seq - 1] for seq in sorted(found)]


def _reasons(tree: ast.expr, trace: Trace, known: Names) -> list[Reason]:
    """The reasons in one course, as if chance had no other."""
    outcome = Outcome((Branch(Fraction(1), trace),))
    return [reason for story in stories_of(tree, outcome, known)[:1] for reason in story.reasons]


# -- telling --------------------------------------------------------------------------------------------------------


def _composed(story: Story, room: int, before: frozenset[Step]) -> Explanation:
    """A story in at most `room` sentences, without the steps that were told before."""
    conclusions = _conclusions(story.reasons, min(MOST_CONCLUSIONS, room - 2))
    heading = [story.heading] if story.heading else []
    lines, rules = _happened(story.trace, story.reasons, room - len(conclusions) - len(heading), before)
    sentences = (*heading, *(line for line, _ in lines), *conclusions)
    return Explanation(_events(lines), sentences, tuple(dict.fromkeys([*rules, *_rules(story.reasons)])))


def _rules(reasons: Iterable[Reason]) -> list[str]:
    return [rule for reason in reasons for rule in reason.rules]


def _events(lines: Lines) -> tuple[Event, ...]:
    return tuple(event for _, event in lines if event is not None)


def _step(event: Event) -> Step:
    return event.at_ms, event.kind, event.subject, event.detail


def _happened(
    trace: Trace, reasons: Iterable[Reason], room: int, before: frozenset[Step] = frozenset()
) -> tuple[Lines, list[str]]:
    """What happened, with its causes, in at most `room` lines; and the rules at work."""
    quiet = {seq for reason in reasons for seq in reason.quiet}
    lines: Lines = []
    rules: list[str] = []
    for event in _behind(trace, reasons):
        if _step(event) in before:
            continue
        lines.append((told(event), event))
        rules += [event.rule] if event.rule != "timeline" else []
        if event.seq in quiet:
            rule, why = silence.reason(trace, event)
            lines.append((f"{at_time(event.at_ms)}  … {why}", None))
            rules.append(rule)
    if len(lines) > room:
        first, last = (room - 1) // 2, room - 1 - (room - 1) // 2
        between = len(lines) - first - last
        lines[first : len(lines) - last] = [(f"({between} more steps lie between.)", None)]
    return lines, rules


def _behind(trace: Trace, reasons: Iterable[Reason]) -> list[Event]:
    """The events that the reasons name, and their causes."""
    ends = {seq for reason in reasons for seq in (*reason.events, *reason.quiet)}
    alone = {trace.events[seq - 1] for reason in reasons for seq in reason.alone}
    return sorted({e for seq in ends for e in trace.why(seq)} | alone, key=lambda e: e.seq)


def _conclusions(reasons: Iterable[Reason], most: int) -> list[str]:
    """What was read, each once; of many the first."""
    found = list(dict.fromkeys(reason.sentence for reason in reasons if reason.sentence))
    if len(found) <= most:
        return found
    return [*found[: most - 1], f"And {len(found) - most + 1} more readings of the same kind."]


# -- courses --------------------------------------------------------------------------------------------------------


def stories_of(tree: ast.expr, outcome: Outcome, known: Names) -> list[Story]:
    """What there is to tell of a claim: one course where its value is certain, else one for each of two values."""
    return _stories(tree, outcome, known, None, _ways(tree, outcome, known, None))


def _ways(tree: ast.expr, outcome: Outcome, known: Names, ms: int | None) -> list[list[Way]]:
    """The courses of a claim, those of one value together."""
    kinds: dict[tuple[str, Value], list[Way]] = {}
    reading = Reading()
    for branch in outcome.branches:
        for course in courses(tree, branch, outcome, known, ms, reading):
            kinds.setdefault((type(course.value).__name__, course.value), []).append((branch, course))
    return list(kinds.values())


def _stories(tree: ast.expr, outcome: Outcome, known: Names, ms: int | None, ways: list[list[Way]]) -> list[Story]:
    """A story for each of the first two values; with one value the story of one course, and that it is one of several
    where another would be told otherwise.
    """
    if len(ways) == 1:
        first = ways[0][0]
        *before, last = _told(tree, outcome, known, ms, first, certain=True)
        differs = any(_differs(last, branch.trace) for branch, _ in ways[0])
        chosen = _chosen(last.trace, first[0].trace)
        if not last.heading and (differs or chosen):
            which = "" if differs else f", in which {chosen[0]}"
            last = replace(last, heading=f"The value is the same whatever chance decides. One of the cases{which}:")
        return [*before, last]
    ways = _nearest(*ways[:MOST_KINDS])
    told = [_told(tree, outcome, known, ms, way[0]) for way in ways]
    found = []
    for way, stories, others in zip(ways, told, reversed(told), strict=False):
        *before, last = stories
        found += [*before, replace(last, heading=_heading(way, last, others[-1]), value=way[0][1].value)]
    return found


def _nearest(some: list[Way], others: list[Way]) -> list[list[Way]]:
    """The courses of two values, in each first the one of a pair that chance has set apart by the fewest draws."""
    pairs = itertools.product(some[:MOST_COMPARED], others[:MOST_COMPARED])
    one, other = min(pairs, key=lambda pair: _draws_between(pair[0][1].trace, pair[1][1].trace))
    return [[one, *(way for way in some if way is not one)], [other, *(way for way in others if way is not other)]]


def _draws_between(one: Trace, other: Trace) -> int:
    """The draws that cannot have fallen alike in two courses."""
    return sum(set(left).isdisjoint(other.drawn.get(key, left)) for key, left in one.drawn.items())


def _told(
    tree: ast.expr, outcome: Outcome, known: Names, ms: int | None, way: Way, *, certain: bool = False
) -> list[Story]:
    """The story of one course, after those of the claims about chance in it. Where the value is `certain`, what chance
    has left open stays open.
    """
    branch, course = way
    trace = branch.trace if certain else pinned(branch, course.trace)
    while True:
        reasoning = Reasoning(outcome, course.clients)
        now = Moment.settled(trace) if ms is None else Moment.at(trace, ms)
        try:
            own = Story("", trace, tuple(reasoning.reasons(tree, now, known)))
        except Undecided as more:
            trace = pinned(branch, trace.knowing(more.draw, more.parts[0][:1]))
            continue
        inner = [story for chance in reasoning.over_chance for story in _over_chance(chance, outcome)]
        if not inner and not own.reasons:
            return [replace(own, reasons=(Reason("It reads nothing of the scenario: it is so whatever happens."),))]
        return [*inner, own] if own.reasons else inner


def _over_chance(chance: OverChance, outcome: Outcome) -> list[Story]:
    """The courses that decide `certain`, `possible` or `chance`: one against it, one for it, or one of each."""
    tree, name, now, known = chance
    ways = _ways(tree, outcome, known, now.asked_ms)
    share = sum((course.share for way in ways for _, course in way if course.value is True), Fraction(0))
    stories = _stories(tree, outcome, known, now.asked_ms, ways)
    deciding = {"certain": False, "possible": True}.get(name)
    *others, last = [story for story in stories if story.value is deciding] or stories
    if others:
        return stories
    return [replace(last, reasons=(*last.reasons, Reason(f"In {per_cent(share)} of all cases it is true.")))]


def pinned(branch: Branch, known: Trace) -> Trace:
    """A course of a branch that knows more draws: run again, so that the texts have their names too."""
    news = {key[1]: left for key, left in known.drawn.items() if branch.trace.drawn.get(key) != left}
    if not any(draw.isdigit() for draw in news):
        return known
    draws = {key[1]: left for key, left in known.drawn.items() if key[1].isdigit()}
    trace = simulate(known.scenario, rules=known.rules, drawn=draws).trace
    for draw, left in news.items():
        trace = trace.knowing(draw, left)
    return trace


def _differs(story: Story, other: Trace) -> bool:
    """Another course would not be told like this one."""
    there = {_step(event) for event in other.events}
    return any(_step(event) not in there for event in _behind(story.trace, story.reasons))


def _heading(way: list[Way], story: Story, other: Story) -> str:
    """Which course is told, and how likely its value is."""
    course = way[0][1]
    share = per_cent(sum((c.share for _, c in way), Fraction(0)))
    value = _words(course.value)
    clients = [service for service in course.clients if not service.endswith(AFTER_FAULTS)]
    if clients:
        return f"For {share} of the clients of {names(clients)} it is {value}:"
    there = {_step(event) for event in _behind(other.trace, other.reasons)}
    chosen = _chosen(story.trace, other.trace)
    own = [event.detail for event in _behind(story.trace, story.reasons) if _step(event) not in there]
    where = f", as when {(chosen or own)[0]}" if chosen or own else ""
    return f"In {share} of all cases it is {value}{where}:"


def _chosen(trace: Trace, other: Trace) -> list[str]:
    """What chance has decided otherwise than in another course, in words; what cannot have fallen alike comes first."""
    found = [key for key, left in trace.drawn.items() if other.drawn.get(key) != left]
    found.sort(key=lambda key: not set(trace.drawn[key]).isdisjoint(other.drawn.get(key, ())))
    return [left for key in found if (left := _meaning(trace, key[1]))]


def _meaning(trace: Trace, draw: str) -> str:
    """What a draw has decided in a course, in words; empty where no state tells it."""
    left = " or ".join(trace.drawn["drawn", draw])
    for key, value in (*trace.start.items(), *((c.key, c.value) for c in trace.changes)):
        if isinstance(value, Table) and isinstance(value.without, OneOf) and value.without.draw == draw:
            return f"{key[1]} has taken away the vote of {left} to keep the number odd"
        if isinstance(value, OneOf) and value.draw == draw and key[0] == "owner":
            return f"{key[1]} goes to {left}"
    return f"the choice is {left}" if not draw.isdigit() else ""


def _words(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return names(str(item) for item in value) if isinstance(value, tuple) else str(value)
