"""Golden traces: scenarios with the whole course of events that the model gives them, as people can read it.

`python -m tests.cluster.traces` writes the traces and the version of the model anew. Read the difference before it goes
anywhere: every changed line is a question that may now be graded otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from studyapp.cluster import ClaimError, evaluate, parse_claim, simulate
from studyapp.cluster.reasons.reason import at_time
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.trace import Event, Outcome
from studyapp.packs.facts import VERSION_FILE
from studyapp.packs.places import data_folder
from studyapp.packs.scenarios import load_scenario

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "traces"
MARK = "=== trace\n"
DIGITS = 16
"""Digits of the version: short enough to be shown."""


def parts(path: Path) -> tuple[str, str]:
    """The scenario of a golden file, and its trace."""
    scenario, mark, trace = path.read_text(encoding="utf-8").partition(MARK)
    assert mark, f"{path.name} has no line {MARK!r}"
    return scenario, trace


def traced(text: str) -> str:
    """The whole course of a scenario, and each of several that chance may take; and what can be read off its end."""
    scenario = load_scenario(text)
    outcome = simulate(scenario)
    return "\n".join((*_lines(outcome), *_read(scenario, outcome))) + "\n"


def _read(scenario: Scenario, outcome: Outcome) -> Iterator[str]:
    """What clients and clusters are like in the end, as claims say it."""
    claims = [f'{what}("{name}")' for name in scenario.failover for what in ("quorum", "members", "votes_total")]
    for service in scenario.services:
        claims += [f'{what}("{service.name}")' for what in ("available", "downtime", "keeps_state")]
        if service.target in scenario.nlb:
            claims += [f'share("{service.name}", "{node}")' for node in scenario.nlb[service.target].nodes]
    for written in claims:
        try:
            result = evaluate(parse_claim(written), outcome)
        except ClaimError as error:
            yield f"{written}: {error.message}"
            continue
        yield f"{written} = {' or '.join(f'{value} ({share})' for value, share in result.values)}"


def _lines(outcome: Outcome) -> Iterator[str]:
    for number, branch in enumerate(outcome.branches, start=1):
        if len(outcome.branches) > 1:
            yield f"course {number} of {len(outcome.branches)}, share {branch.share}"
        yield from (_line(event) for event in branch.trace.events)
        yield f"settled at {at_time(branch.trace.end_ms)}"


def _line(event: Event) -> str:
    number = f" (event {event.number})" if event.number is not None else ""
    because = f", because of {event.cause}" if event.cause is not None else ""
    return f"{event.seq:>3}  {at_time(event.at_ms)}  {event.detail}{number}  [{event.kind}: {event.rule}{because}]"


def model_digest() -> str:
    """The version of the model: a hash of the facts and of the golden traces, whatever their line ends."""
    whole = sha256()
    data = [path for path in data_folder().rglob("*.toml") if path.name != VERSION_FILE]
    for folder, files in ((data_folder(), data), (FOLDER, FOLDER.glob("*.txt"))):
        for path in sorted(files):
            text = path.read_text(encoding="utf-8")
            whole.update(f"{path.relative_to(folder).as_posix()}\0{text}\0".encode())
    return whole.hexdigest()[:DIGITS]


def renew() -> None:
    """Write every trace and the version as they are now."""
    for path in sorted(FOLDER.glob("*.txt")):
        scenario, _ = parts(path)
        path.write_text(scenario + MARK + traced(scenario), encoding="utf-8")
    words = (
        "# The version of the model: a hash of these facts and of the golden traces. Answers are kept with it, and\n"
        "# what was proved under another is proved again. `python -m tests.cluster.traces` writes it.\n"
    )
    (data_folder() / VERSION_FILE).write_text(f'{words}version = "{model_digest()}"\n', encoding="utf-8")


if __name__ == "__main__":
    renew()
