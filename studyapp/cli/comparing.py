"""Two runs of one scenario beside each other: in truth, and as somebody with a misconception would predict it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from studyapp.cli import lanes
from studyapp.cli.courses import shown
from studyapp.cli.drawing import VALUE, clients, event_lines, explained, head, value_in_words
from studyapp.cli.lanes import Row
from studyapp.cli.outcome import Run, as_json
from studyapp.cli.page import TWO_COLUMNS, Page, hanging, section, wrapped
from studyapp.cli.pictures import side_by_side, states
from studyapp.cluster.reasons.explain import at_time
from studyapp.cluster.trace import Event, Trace
from studyapp.tui.widgets.diagram_canvas import cells

Step = tuple[int, str, str, str]


def _step(event: Event) -> Step:
    return event.at_ms, event.kind, event.subject, event.detail


def compare(run: Run, truth: Run, page: Page, traced: bool) -> Iterator[str]:
    """The truth and what somebody with a belief would predict, with marks where they part ways."""
    real, believed = shown(truth.outcome).trace, shown(run.outcome).trace
    yield from head(run, page)
    parted = next((a or b for a, b in _paired(real.events, believed.events) if a is None or b is None), None)
    if traced:
        yield from section("At the start", states(real, page, start=True))
        yield from section("What happens", _two_runs(real, believed, page))
    said = "Nothing that happens here rests on this belief."
    if parted is not None:
        said = f"They part ways at {at_time(parted.at_ms)}; {page.signs.apart} marks what only one of them has."
    yield from section("Truth and belief", wrapped(said, page.width - 2))
    yield from section("Clients, in truth", clients(real, page))
    yield from section("Clients, as believed", clients(believed, page) if parted else ())
    ends = ("At the end, in truth", real, False), ("At the end, as believed", believed, False)
    both = side_by_side(*ends, page)
    yield from both
    for title, trace, _ in ends if not both else ():
        yield from section(title, states(trace, page, start=False))
    yield from section("Claims", _two_answers(run, truth, page))
    for answer, other in zip(truth.asked, run.asked, strict=True):
        yield from explained(answer, page, " in truth")
        yield from explained(other, page, " as believed")


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
        left = list(event_lines(drawn[0][a.seq], at_time(a.at_ms), half)) if a is not None else []
        right = list(event_lines(drawn[1][b.seq], at_time(b.at_ms), half)) if b is not None else []
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
                for number, line in enumerate(event_lines(drawn[which][event.seq], at_time(event.at_ms), narrow)):
                    yield f"{mark if not number else ' '} {line}"


def _two_answers(run: Run, truth: Run, page: Page) -> Iterator[str]:
    if truth.answers:
        yield f"{'in truth':<{VALUE}} {'as believed':<{VALUE + 3}} claim"
    for real, believed in zip(truth.answers, run.answers, strict=True):
        words = [value_in_words(as_json(answer.result)) for answer in (real, believed)]
        mark = " " if words[0] == words[1] else page.signs.apart
        before = f"{words[0]:<{VALUE}} {words[1]:<{VALUE}} {mark}  "
        yield from hanging(before, real.claim.text, page.width - 2)
