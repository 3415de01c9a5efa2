"""A run as people read it in a terminal: the cluster, what happens and why, who got an answer, what is true."""

from __future__ import annotations

from collections.abc import Iterator

from studyapp.cli import lanes
from studyapp.cli.courses import MOST_COURSES, Shown, shown
from studyapp.cli.lanes import Row
from studyapp.cli.outcome import Answer, Run, as_json, findings_told
from studyapp.cli.page import Page, hanging, section, wrapped
from studyapp.cli.pictures import side_by_side, sites, states
from studyapp.cluster.describe import per_cent
from studyapp.cluster.doubt import Doubts
from studyapp.cluster.reasons.explain import at_time, explain
from studyapp.cluster.trace import Trace
from studyapp.packs.facts import load_facts

COURSES_TOLD = 6
NAME = 12
BAR = 30
VALUE = 10


def draw(run: Run, page: Page, *, traced: bool = True) -> Iterator[str]:
    """Everything there is to read about a run, line by line."""
    course = shown(run.outcome)
    yield from head(run, page)
    yield from _chance(run, course, page)
    trace, both = course.trace, list[str]()
    if traced:
        if trace.events:
            both = side_by_side(("At the start", trace, True), ("At the end", trace, False), page)
        yield from both or section("At the start", states(trace, page, start=True))
        yield from section("Sites", sites(trace.scenario, page) if both else ())
        yield from section("What happens", [*_happens(trace, page), *_legend(trace, page)])
        yield from section("Clients", clients(trace, page))
    if not both:
        yield from section("At the end", states(trace, page, start=False))
    yield from section("What validation says", _validation(trace, page))
    claims = [answer.claim for answer in (*run.answers, *run.asked)]
    doubts = Doubts.of(run.outcome, claims) if claims else Doubts(run.outcome, ())
    yield from section("Claims", (line for answer in run.answers for line in _claim(answer, run, doubts, page)))
    for answer in run.asked:
        yield from explained(answer, page, doubts=doubts)


# -- the head -------------------------------------------------------------------------------------------------------


def head(run: Run, page: Page) -> Iterator[str]:
    """What ran, on which release, and by which belief."""
    facts = load_facts()
    yield from wrapped(run.scenario.title or run.name or "Scenario", page.width)
    yield facts.titles[run.scenario.release]
    if run.believed is not None:
        yield from wrapped(f"Believing that {facts.misconceptions[run.believed].says}.", page.width)
    yield ""


def _chance(run: Run, course: Shown, page: Page) -> Iterator[str]:
    """How many courses chance may take, and what sets each apart."""
    told = f"More than {MOST_COURSES} courses are possible; one of them is shown."
    if run.outcome.bounded:
        told = "Too many courses are possible to follow them all; some are left out."
    if run.outcome.bounded or not course.courses:
        yield from section("Chance decides", wrapped(told, page.width - 2))
    elif len(course.courses) > 1:
        yield from section(f"Chance decides: {len(course.courses)} courses", _courses(course, page))


def _courses(course: Shown, page: Page) -> Iterator[str]:
    for number, (share, what) in enumerate(course.courses[:COURSES_TOLD]):
        mark = " (shown below)" if number == 0 else ""
        yield from hanging(f"{per_cent(share):>6}  ", f"{what}{mark}", page.width - 2)
    more = len(course.courses) - COURSES_TOLD
    if more > 0:
        yield f"        {page.signs.rest} and {more} more"


# -- what happens ---------------------------------------------------------------------------------------------------


def _happens(trace: Trace, page: Page) -> Iterator[str]:
    if not trace.events:
        yield "Nothing: the timeline is empty."
    time = ""
    for row in lanes.rows(trace, page.signs):
        yield from event_lines(row, "" if at_time(row.event.at_ms) == time else at_time(row.event.at_ms), page)
        time = at_time(row.event.at_ms)


def event_lines(row: Row, time: str, page: Page) -> Iterator[str]:
    """An event: its time where it is a new one, the lines from its cause, its text, why nothing followed."""
    width = page.width - 2
    before = f"{time:<6} {row.graph}"
    below = f"{'':<6} {row.below}"
    text, *more = wrapped(row.text, width - len(before))
    yield before + text
    yield from (f"{below}  {line}" for line in more)
    for line in wrapped(f"{page.signs.rest} {row.quiet}", width - len(below) - 2) if row.quiet else ():
        yield f"{below}  {line}"


def _legend(trace: Trace, page: Page) -> Iterator[str]:
    if trace.events:
        yield ""
        yield "   ".join(f"{getattr(page.signs, name)} {words}" for name, words in lanes.LEGEND.items())


def clients(trace: Trace, page: Page) -> Iterator[str]:
    """Who got an answer when."""
    found = list(lanes.bars(trace, min(BAR, page.width // 3), page.signs))
    if not found or not trace.events:
        return
    name = min(NAME, max(len(bar.name) for bar in found))
    if trace.end_ms:
        yield f"{'':<{name}}  {lanes.axis(trace.end_ms, len(found[0].cells))}"
    for bar in found:
        yield from hanging(f"{bar.name[:name]:<{name}}  {bar.cells}  ", bar.words, page.width - 2)


# -- what is true ---------------------------------------------------------------------------------------------------


def _validation(trace: Trace, page: Page) -> Iterator[str]:
    for found in findings_told(trace):
        yield from hanging(f"{found['severity']:<8} {found['rule']}  ", found["text"], page.width - 2)


def _claim(answer: Answer, run: Run, doubts: Doubts, page: Page) -> Iterator[str]:
    """A claim, its value, in a sentence or two what was read, and what in that is doubtful."""
    yield from hanging(f"{value_in_words(as_json(answer.result)):<{VALUE}}  ", answer.claim.text, page.width - 2)
    for reason in explain(answer.claim, run.outcome).in_short:
        yield from hanging(" " * (VALUE + 4), reason, page.width - 2)
    for supposed in doubts.deciding(answer.claim):
        yield from hanging(" " * (VALUE + 4), f"Doubtful: {supposed.words()}.", page.width - 2)


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


def explained(answer: Answer, page: Page, where: str = "", doubts: Doubts | None = None) -> Iterator[str]:
    """Why a claim has its value, in full, with the rules."""
    assert answer.why is not None
    lines: list[str] = []
    for sentence in answer.why.sentences:
        time, _, text = sentence.partition("  ")
        lines += hanging(f"{time}  ", text, page.width - 2) if text else wrapped(sentence, page.width - 2)
    rules = load_facts().rules
    for name in answer.why.rules:
        lines += ["", *hanging("Rule   ", rules[name].text, page.width - 2)]
        lines += hanging("Source ", rules[name].source, page.width - 2)
    for supposed in doubts.deciding(answer.claim) if doubts is not None else ():
        lines += ["", *hanging("Doubt  ", f"This holds while {supposed.words()}.", page.width - 2)]
    title = f"Why is this {value_in_words(as_json(answer.result))}{where}: {answer.claim.text}"
    first, *more = wrapped(title, page.width)
    yield from section("\n".join((first, *more)), lines)
