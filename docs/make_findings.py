"""Write docs/pack-findings.md from the table of codes and the golden cases: `python -m docs.make_findings`.

A test fails when the page is not what this makes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from studyapp.packs.codes import CODES, GROUPS, Code
from studyapp.packs.scenarios import load_documents
from tests.packs.cases import GOLDEN, RIGHT, Case, cases
from tests.packs.test_malformed import FAULTS, MARK

PAGE = Path(__file__).parent / "pack-findings.md"
HEAD = """\
# What a check of a pack finds

`studyapp pack check FOLDER` proves a pack and says everything that is wrong with it at once. Each finding is
`file:line:column: severity: code: message`, below it the variant that shows it and the course of events that proves it.
With `--format json` tools read the same, with `--format sarif` code hosts do. Codes do not change from version to
version.

An **error** must be mended before the pack can be used. A **warning** is advice: numbers that look like a weakness, of
which a person judges. An **info** is worth knowing. The check ends with 0 when nothing is an error, 1 when something
is, 2 when it could not run.

`--watch` checks again when a file changes; it looks at the files once a second, as not every system tells of changes.
What was proved is remembered in the user's cache folder, by content, and thrown away when anything about it is in
doubt: `--no-cache` does without. `--jobs N` says how many processors prove at once.
"""

ELSEWHERE = {
    "encoding": "a file saved as UTF-16, or in the code page of a country",
    "link": "`assets/notes.md`, made with `ln -s ../../notes.md`",
    "not-a-file": "`questions/pipe.md`, made with `mkfifo`",
    "not-readable": "a file of another user that nobody else may read",
    "too-big": "a question of more than 1 MiB, or a pack of more than 20,000 files",
    "scenario": "a value of `vary` that makes the scenario impossible in a way that no other code names",
    "step-limit": "two roles that push each other from node to node for ever",
    "too-many-problems": "a file with a hundred unknown keys",
    "not-all-proved": "sixty hosts with a hundred virtual machines, and two crashes in 3,540 combinations",
    "too-much-work": "a pack of 20,000 questions, each about a thousand machines, several of which fail",
    "longest-option": "a pack in which 15 of 20 right options are the longest of four",
    "only-number": "a pack in which 15 of 20 right options are the only one with a number",
    "absolute-words": "a pack in which *always* stands in 12 wrong options and in no right one",
}
"""Examples of what no line of a file shows."""


@dataclass(frozen=True, slots=True)
class Example:
    """A line of an author's file, and what the check says of it."""

    line: str
    says: str


def _of_case(case: Case, found: str) -> Example | None:
    path, line, _ = found.split(":")[:3]
    text = {**RIGHT, **case.files}.get(path)
    if text is None or not 0 < int(line) <= len(text.splitlines()):
        return Example("", found)
    return Example(text.splitlines()[int(line) - 1].strip(), found)


def examples() -> dict[str, Example]:
    """For each code the first example that the golden cases have, those that show nothing else before others."""
    found: dict[str, Example] = {}
    every = [case for path in sorted(GOLDEN.glob("*.txt")) for case in cases(path.name)]
    for case in sorted(every, key=lambda case: len(case.finds)):
        for words in case.finds:
            code = words.split(": ")[2]
            example = _of_case(case, words)
            if example is not None and code not in found:
                found[code] = example
    for fault in sorted(FAULTS, key=lambda fault: len(fault.expected)):
        wanted = {code for _, _, code in fault.expected} - set(found)
        if not wanted:
            continue
        [document] = load_documents(fault.text, "scenarios/name.yaml")
        for problem in document.problems:
            if problem.code in wanted:
                line = MARK.sub("", fault.text.splitlines()[problem.line - 1]).strip()
                found.setdefault(problem.code, Example(line, problem.format()))
    return found


def _entry(code: Code, known: dict[str, Example]) -> Iterator[str]:
    yield f"### {code.name}\n"
    yield f"*{code.severity}.* {code.meaning} **Cure:** {code.cure}\n"
    if code.name in ELSEWHERE:
        yield f"Example: {ELSEWHERE[code.name]}.\n"
        return
    example = known[code.name]
    fence = "````" if "```" in example.line + example.says else "```"
    lines = [example.line] if example.line else []
    yield "\n".join((f"{fence}text", *(_seen(line) for line in (*lines, example.says)), fence)) + "\n"


def _seen(text: str) -> str:
    """The text without characters that cannot be seen."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def page() -> str:
    """The whole page."""
    known = examples()
    parts = [HEAD]
    for title, codes in GROUPS.items():
        parts.append(f"## {title}\n")
        parts.extend(part for code in codes for part in _entry(code, known))
    return "\n".join(parts)


def missing() -> set[str]:
    """Codes without an example."""
    return set(CODES) - set(examples()) - set(ELSEWHERE)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
