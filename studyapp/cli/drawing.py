"""A run as people read it in a terminal: the cluster, what happens and why, who got an answer, what is true."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from textwrap import wrap

from studyapp.cli import lanes
from studyapp.cli.courses import MOST_COURSES, Shown, shown
from studyapp.cli.lanes import ASCII, UNICODE, Row, Signs
from studyapp.cli.outcome import Answer, Run, as_json, findings_told
from studyapp.cluster import view
from studyapp.cluster.describe import join, per_cent
from studyapp.cluster.explain import at_time, explain
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.trace import Event, State, Trace
from studyapp.packs.facts import load_facts
from studyapp.tui.widgets.diagram_canvas import ASCII_SIGNS, SIGNS, as_text, cells, in_ascii
from studyapp.tui.widgets.diagram_list import draw_list, plan_list
from studyapp.tui.widgets.diagram_picture import draw_picture
from studyapp.tui.widgets.diagram_plan import Plan, make_plan

LEAST_WIDTH = 40
TWO_COLUMNS = 100
"""Columns from which on two runs stand side by side."""
COURSES_TOLD = 6
MOST_STATES = 150
"""A picture is planned for this many states of a run, and for the last."""
NAME = 12
BAR = 30
VALUE = 10


@dataclass(frozen=True, slots=True)
class Page:
    """How the text is to be: its width, and whether the terminal shows ASCII only."""

    width: int = 80
    ascii_only: bool = False

    @property
    def signs(self) -> Signs:
        """The characters to draw runs with."""
        return ASCII if self.ascii_only else UNICODE

    def half(self) -> Page:
        """One of two columns, with a separator of three between them."""
        return Page((self.width - 3) // 2, self.ascii_only)


def draw(run: Run, page: Page, *, truth: Run | None = None, traced: bool = True) -> Iterator[str]:
    """Everything there is to read about a run, line by line; beside the truth where it went by a belief."""
    page = Page(max(page.width, LEAST_WIDTH), page.ascii_only)
    lines = _alone(run, page, traced) if truth is None else _beside(run, truth, page, traced)
    return (in_ascii(line) if page.ascii_only else line for line in lines)


def _alone(run: Run, page: Page, traced: bool) -> Iterator[str]:
    course = shown(run.outcome)
    yield from _head(run, page)
    yield from _chance(run, course, page)
    if traced:
        yield from _section("At the start", _states(course.trace, page, start=True))
        yield from _section("What happens", [*_happens(course.trace, page), *_legend(course.trace, page)])
        yield from _section("Clients", _clients(course.trace, page))
    yield from _section("At the end", _states(course.trace, page, start=False))
    yield from _section("What validation says", _validation(course.trace, page))
    yield from _section("Claims", (line for answer in run.answers for line in _claim(answer, run, page)))
    for answer in run.asked:
        yield from _explained(answer, page)


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    """A title with lines below it; nothing where there are none."""
    found = list(lines)
    if found:
        yield title
        yield from (f"  {line}".rstrip() for line in found)
        yield ""


# -- the head -------------------------------------------------------------------------------------------------------


def _head(run: Run, page: Page) -> Iterator[str]:
    facts = load_facts()
    yield from wrap(run.scenario.title or run.name or "Scenario", page.width)
    yield facts.titles[run.scenario.release]
    if run.believed is not None:
        yield from wrap(f"Believing that {facts.misconceptions[run.believed].says}.", page.width)
    yield ""


def _chance(run: Run, course: Shown, page: Page) -> Iterator[str]:
    """How many courses chance may take, and what sets each apart."""
    told = f"More than {MOST_COURSES} courses are possible; one of them is shown."
    if any(branch.trace.bounded for branch in run.outcome.branches):
        told = "Too many courses are possible to follow them all; some are left out."
    if any(branch.trace.bounded for branch in run.outcome.branches) or not course.courses:
        yield from _section("Chance decides", wrap(told, page.width - 2))
    elif len(course.courses) > 1:
        yield from _section(f"Chance decides: {len(course.courses)} courses", _courses(course, page))


def _courses(course: Shown, page: Page) -> Iterator[str]:
    for number, (share, what) in enumerate(course.courses[:COURSES_TOLD]):
        mark = " (shown below)" if number == 0 else ""
        yield from _hanging(f"{per_cent(share):>6}  ", f"{what}{mark}", page.width - 2)
    more = len(course.courses) - COURSES_TOLD
    if more > 0:
        yield f"        {page.signs.rest} and {more} more"


def _hanging(first: str, text: str, width: int) -> list[str]:
    """A text beside what stands before its first line."""
    lines = wrap(text, max(10, width - cells(first))) or [""]
    return [first + lines[0], *(" " * cells(first) + line for line in lines[1:])]


# -- pictures -------------------------------------------------------------------------------------------------------


def _states(trace: Trace, page: Page, *, start: bool) -> Iterator[str]:
    """The cluster before the timeline, or when all has settled."""
    states = [state for _, state in trace.moments()][:MOST_STATES]
    states = [trace.start, *states, trace.end]
    yield from _picture(trace.scenario, states, {**trace.start, **trace.drawn} if start else trace.end, page)
    if start:
        yield from _sites(trace.scenario, page)


def _picture(scenario: Scenario, states: Sequence[State], state: State, page: Page) -> list[str]:
    signs = ASCII_SIGNS if page.ascii_only else SIGNS
    width = page.width - 2
    plan = make_plan(scenario, states, width, None, signs)
    if isinstance(plan, Plan):
        drawing = draw_picture(scenario, state, plan, ascii_only=page.ascii_only)
    else:
        listed = plan_list(scenario, states, width, None, signs)
        drawing = draw_list(scenario, state, listed, ascii_only=page.ascii_only)
    lines = as_text(drawing.lines).splitlines()
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _sites(scenario: Scenario, page: Page) -> Iterator[str]:
    """What is in each site."""
    things = (*scenario.host, *scenario.network, *scenario.store, *scenario.witnesses)
    for site in scenario.sites:
        inside = [thing for thing in things if view.site_of(scenario, {}, thing) == site]
        yield from _hanging(f" site {site}: ", join(tuple(inside)) or "nothing", page.width - 2)


# -- what happens ---------------------------------------------------------------------------------------------------


def _happens(trace: Trace, page: Page) -> Iterator[str]:
    if not trace.events:
        yield "Nothing: the timeline is empty."
    time = ""
    for row in lanes.rows(trace, page.signs):
        yield from _row(row, "" if at_time(row.event.at_ms) == time else at_time(row.event.at_ms), page)
        time = at_time(row.event.at_ms)


def _row(row: Row, time: str, page: Page) -> Iterator[str]:
    """An event: its time where it is a new one, the lines from its cause, its text, why nothing followed."""
    width = page.width - 2
    before = f"{time:<6} {row.graph}"
    below = f"{'':<6} {row.below}"
    text, *more = wrap(row.text, max(16, width - cells(before)))
    yield before + text
    yield from (f"{below}  {line}" for line in more)
    for line in wrap(f"{page.signs.rest} {row.quiet}", max(16, width - cells(below) - 2)) if row.quiet else ():
        yield f"{below}  {line}"


def _legend(trace: Trace, page: Page) -> Iterator[str]:
    if trace.events:
        yield ""
        yield "   ".join(f"{getattr(page.signs, name)} {words}" for name, words in lanes.LEGEND.items())


def _clients(trace: Trace, page: Page) -> Iterator[str]:
    """Who got an answer when."""
    found = list(lanes.bars(trace, min(BAR, page.width // 3), page.signs))
    if not found or not trace.events:
        return
    name = min(NAME, max(len(bar.name) for bar in found))
    if trace.end_ms:
        yield f"{'':<{name}}  {lanes.axis(trace.end_ms, len(found[0].cells))}"
    for bar in found:
        yield from _hanging(f"{bar.name[:name]:<{name}}  {bar.cells}  ", bar.words, page.width - 2)


# -- what is true ---------------------------------------------------------------------------------------------------


def _validation(trace: Trace, page: Page) -> Iterator[str]:
    for found in findings_told(trace):
        yield from _hanging(f"{found['severity']:<8} {found['rule']}  ", found["text"], page.width - 2)


def _claim(answer: Answer, run: Run, page: Page) -> Iterator[str]:
    """A claim, its value, and in one sentence or two what was read."""
    yield from _hanging(f"{value_in_words(as_json(answer.result)):<{VALUE}} ", answer.claim.text, page.width - 2)
    why = explain(answer.claim, run.outcome)
    said = [s for s in why.sentences if "  " not in s and not s.endswith(":") and not s.startswith("(")]
    yield from _hanging(" " * (VALUE + 3), " ".join(said[-2:]), page.width - 2)


def value_in_words(value: object) -> str:
    """A claim's value as people read it."""
    match value:
        case None:
            return "never"
        case bool():
            return "true" if value else "false"
        case {"depends": {"true": float(share)}}:
            return f"depends: true in {share:.0%}"
        case {"depends": dict(shares)}:
            return "depends: " + ", ".join(f"{v} {share:.0%}" for v, share in shares.items())
        case {"unknown": True}:
            return "unknown: chance has too many courses"
        case list(items):
            return ", ".join(str(item) for item in items) or "none"
        case float():
            return f"{value:g}"
        case _:
            return str(value)


def _explained(answer: Answer, page: Page) -> Iterator[str]:
    """Why a claim has its value, in full, with the rules."""
    assert answer.why is not None
    lines: list[str] = []
    for sentence in answer.why.sentences:
        time, _, text = sentence.partition("  ")
        lines += _hanging(f"{time}  ", text, page.width - 2) if text else wrap(sentence, page.width - 2)
    rules = load_facts().rules
    for name in answer.why.rules:
        lines += ["", *_hanging("Rule   ", rules[name].text, page.width - 2)]
        lines += _hanging("Source ", rules[name].source, page.width - 2)
    title = f"Why is this {value_in_words(as_json(answer.result))}: {answer.claim.text}"
    first, *more = wrap(title, page.width)
    yield from _section("\n".join((first, *more)), lines)


# -- two runs -------------------------------------------------------------------------------------------------------


Step = tuple[int, str, str, str]


def _step(event: Event) -> Step:
    return event.at_ms, event.kind, event.subject, event.detail


def _beside(run: Run, truth: Run, page: Page, traced: bool) -> Iterator[str]:
    """The truth and what somebody with a belief would predict, with marks where they part ways."""
    real, believed = shown(truth.outcome).trace, shown(run.outcome).trace
    yield from _head(run, page)
    parted = next((a or b for a, b in _paired(real.events, believed.events) if a is None or b is None), None)
    if traced:
        yield from _section("At the start", _states(real, page, start=True))
        yield from _section("What happens", _two_runs(real, believed, page))
    said = (
        f"They part ways at {at_time(parted.at_ms)}." if parted else "Nothing that happens here rests on this belief."
    )
    yield from _section("Truth and belief", wrap(said, page.width - 2))
    yield from _section("Clients in truth", _clients(real, page))
    yield from _section("Clients as believed", _clients(believed, page) if parted else ())
    yield from _section("At the end, in truth", _states(real, page, start=False))
    yield from _section("At the end, as believed", _states(believed, page, start=False) if parted else ())
    yield from _section("Claims", _two_answers(run, truth, page))
    for answer in truth.asked:
        yield from _explained(answer, page)


def _paired(first: Sequence[Event], second: Sequence[Event]) -> Iterator[tuple[Event | None, Event | None]]:
    """Events of two runs in order, those that both have together."""
    a, b = [_step(event) for event in first], [_step(event) for event in second]
    for word, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if word == "equal":
            yield from zip(first[i:j], second[k:m], strict=True)
        else:
            yield from ((event, None) for event in first[i:j])
            yield from ((None, event) for event in second[k:m])


def _two_runs(real: Trace, believed: Trace, page: Page) -> Iterator[str]:
    apart = page.signs.apart
    drawn = [{row.event.seq: row for row in lanes.rows(trace, page.signs)} for trace in (real, believed)]
    pairs = list(_paired(real.events, believed.events))
    if page.width < TWO_COLUMNS:
        yield from _two_below(pairs, drawn, page)
        return
    half = page.half()
    yield f"{'in truth':<{half.width}}   as believed"
    for a, b in pairs:
        left = list(_row(drawn[0][a.seq], at_time(a.at_ms), half)) if a is not None else []
        right = list(_row(drawn[1][b.seq], at_time(b.at_ms), half)) if b is not None else []
        mark = page.signs.split if a is not None and b is not None else apart
        for one, other in zip_longest(left, right, fillvalue=""):
            yield f"{one}{' ' * (half.width - 2 - cells(one))} {mark} {other}"


def _two_below(
    pairs: Sequence[tuple[Event | None, Event | None]], drawn: Sequence[dict[int, Row]], page: Page
) -> Iterator[str]:
    """One run below the other; a mark stands before what only one of them has."""
    narrow = Page(page.width - 2, page.ascii_only)
    for which, title in enumerate(("in truth", "as believed")):
        yield title
        for pair in pairs:
            event = pair[which]
            if event is not None:
                mark = " " if None not in pair else page.signs.apart
                for number, line in enumerate(_row(drawn[which][event.seq], at_time(event.at_ms), narrow)):
                    yield f"{mark if not number else ' '} {line}"


def _two_answers(run: Run, truth: Run, page: Page) -> Iterator[str]:
    if truth.answers:
        yield f"{'in truth':<{VALUE}} {'as believed':<{VALUE + 3}} claim"
    for real, believed in zip(truth.answers, run.answers, strict=True):
        words = [value_in_words(as_json(answer.result)) for answer in (real, believed)]
        mark = " " if words[0] == words[1] else page.signs.apart
        before = f"{words[0]:<{VALUE}} {words[1]:<{VALUE}} {mark}  "
        yield from _hanging(before, real.claim.text, page.width - 2)
