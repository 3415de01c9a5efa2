"""Reads a lesson: front matter, then prose in sections, with diagrams, comparisons, checkpoints and claims to prove.

Everything alive is a fenced block, so that the file reads well elsewhere. Blocks of claims are kept apart: they are
proved by the check and never shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from studyapp.cluster.scenario import Scenario
from studyapp.packs.claims import read_claim
from studyapp.packs.content import Lesson
from studyapp.packs.fields import ID, OBJECTIVE, Fields, Word, open_fields
from studyapp.packs.inheriting import NOWHERE, Beside, Origin, derived, no_front_matter
from studyapp.packs.lesson_parts import (
    CheckpointPart,
    ComparePart,
    DiagramPart,
    LessonClaims,
    LessonContent,
    LessonPart,
    Prose,
    Section,
    WorkedPart,
)
from studyapp.packs.problems import Problem, quoted
from studyapp.packs.prose import Block, Code, Heading, ListBlock, Mark, PlacedBlock, Reading, plain_spans, read_prose
from studyapp.packs.source import Mapping_, Node, Sequence, read_yaml, split_front_matter
from studyapp.packs.texts import hidden_problem

KEYS = ("title", "objectives", "minutes", "sources", "extends", "id", "was")
LIVE = {"diagram": 1, "compare": 2, "question": 1, "worked": 1, "lab": 1, "claim": 1}
"""Fenced blocks that are alive, with the number of names after the word."""
FENCES = ("```", "~~~")
"""What a block begins and ends with."""
SAME_WORD = 0.75
"""From which likeness on a word is one of these, misspelt."""
ASKED = {"question": CheckpointPart, "worked": WorkedPart}
"""Blocks that ask a question, with what they become."""
MAX_MINUTES = 600


@dataclass(frozen=True, slots=True)
class LessonSource:
    """A lesson with the places of what it refers to."""

    lesson: Lesson
    objectives: tuple[Word, ...]
    questions: tuple[Word, ...]
    worked: tuple[Word, ...]
    links: tuple[Mark, ...]
    fronts: tuple[str, ...] = ()
    """The front matter of the lessons that it extends."""
    origin: Origin | None = None
    """Where its front matter stands, if it extends another."""
    labs: tuple[Word, ...] = ()
    """The labs that it opens: none of them is shown yet."""


StagedScenario = Callable[[Word, Node | None, str, list[Problem]], Scenario | None]
"""The scenario of a name with the timeline of a block (its own for None); None with a problem where there is none."""


def read_lesson(
    text: str,
    lesson: str,
    path: str,
    staged: StagedScenario,
    problems: list[Problem],
    *,
    beside: Beside[Any] = NOWHERE,
) -> LessonSource | None:
    """The lesson with the id `lesson`, or None when its front matter is wrong; what is wrong is added to `problems`.

    A block that is wrong is left out. It may extend a lesson that is `beside` it: then it takes over front matter, and
    its text is its own.
    """
    before = len(problems)
    front, body, offset = split_front_matter(text)
    if front is None:
        problems.append(no_front_matter(path))
        return None
    fields = open_fields(read_yaml(front, path, problems, 1), "the front matter", path, problems)
    if fields is None:
        return None
    whole = derived(fields.node, text, path, "lesson", problems, beside) if fields.has("extends") else None
    if whole is not None:
        fields = Fields(whole.node, fields.what, path, problems)
    elif fields.has("extends"):
        return None
    fields.only(KEYS)
    own_id, title = fields.id("id"), fields.word("title", needed=True)
    minutes = fields.whole("minutes", 1, MAX_MINUTES)
    objectives = tuple(w for w in fields.words("objectives") if fields.good_id(w, "an objective", OBJECTIVE))
    sources = tuple(word.text for word in fields.words("sources"))
    was = fields.former_ids()
    if whole is not None:
        problems[before:] = map(whole.origin.told, problems[before:])
    reading = read_prose(body)
    for mark in reading.html:
        hint = "put it in backticks, or write \\< for the sign"
        message = f"raw HTML is not shown: {quoted(mark.text)}"
        problems.append(Problem(path, mark.line + offset, mark.column, "raw-html", message, hint))
    problems.extend(hidden_problem(path, mark.line + offset, mark.column, mark.text) for mark in reading.hidden)
    if title is None:
        return None
    builder = _Builder(title.text, offset, path, staged, problems)
    builder.read(reading)
    content = LessonContent(tuple(builder.sections), tuple(builder.claims))
    made = Lesson(
        id=own_id.text if own_id is not None else lesson,
        title=title.text,
        objectives=tuple(word.text for word in objectives),
        minutes=minutes,
        sources=sources,
        headings=tuple(section.title for section in content.sections),
        content=lambda: content,
        digest="",
        path=path,
        was=was,
    )
    links = tuple(Mark(mark.text, mark.line + offset, mark.column) for mark in reading.links)
    fronts, origin = (whole.fronts, whole.origin) if whole is not None else ((), None)
    return LessonSource(
        made, objectives, tuple(builder.questions), tuple(builder.worked), links, fronts, origin, tuple(builder.labs)
    )


class _Builder:
    """Gathers the parts of a lesson, section by section."""

    def __init__(self, title: str, offset: int, path: str, staged: StagedScenario, problems: list[Problem]) -> None:
        self.title = title
        self.offset = offset
        self.path = path
        self.staged = staged
        self.problems = problems
        self.sections: list[Section] = []
        self.parts: list[LessonPart] = []
        self.prose: list[Block] = []
        self.claims: list[LessonClaims] = []
        self.questions: list[Word] = []
        self.labs: list[Word] = []
        self.worked: list[Word] = []

    def read(self, reading: Reading) -> None:
        """Take in the blocks of the whole lesson."""
        for mark in reading.inner_fences:
            if mark.text.split()[0] in LIVE:
                hint = "move it out of the list or quotation, to the beginning of a line"
                self.say(mark.line, "nested-block", f"a block {quoted(mark.text)} must stand by itself", hint)
        for placed in reading.blocks:
            block = placed.block
            if isinstance(block, Heading) and block.level <= 2:
                self.close_section()
                self.title = plain_spans(block.spans)
            elif isinstance(block, Code) and block.language in LIVE:
                self.live(placed, block)
            else:
                if isinstance(block, Code):
                    self.misspelt(placed)
                self.prose.append(block)
        self.close_section()
        if reading.notes:
            self.sections.append(Section("Notes", (Prose((ListBlock(True, 1, reading.notes),)),)))
        if not self.sections and not self.labs:
            self.say(1, "empty-lesson", "the lesson has no text")

    def say(self, line: int, code: str, message: str, hint: str | None = None, column: int = 1) -> None:
        self.problems.append(Problem(self.path, line + self.offset, column, code, message, hint))

    def close_prose(self) -> None:
        if self.prose:
            self.parts.append(Prose(tuple(self.prose)))
            self.prose = []

    def close_section(self) -> None:
        self.close_prose()
        if self.parts:
            self.sections.append(Section(self.title, tuple(self.parts)))
            self.parts = []

    def misspelt(self, placed: PlacedBlock) -> None:
        """A block of code has one word after its fence; one with names is meant to be alive."""
        word, *given = placed.info.split() or [""]
        for meant in get_close_matches(word.casefold(), LIVE, 1, SAME_WORD) if given else ():
            message = f"there is no block {quoted(word)}: this would be shown as code"
            self.say(placed.line, "bad-block", message, f"did you mean {quoted(meant)}?")

    def live(self, placed: PlacedBlock, block: Code) -> None:
        """One fenced block that is alive."""
        word, *given = placed.info.split()
        if len(given) != LIVE[word]:
            wanted = "one name" if LIVE[word] == 1 else f"{LIVE[word]} names"
            message = f"a block {quoted(word)} takes {wanted} after the word, not {len(given)}"
            self.say(placed.line, "bad-block", message)
            return
        names = self.names(placed, given)
        if word in ASKED or word == "lab":
            if not ID.match(given[0]):
                self.say(placed.line, "bad-id", f"{quoted(given[0])} is not the id of a {word}")
                return
            if block.text.strip():
                self.say(placed.line, "bad-block", f"nothing may stand inside a block {quoted(word)}")
                return
            if word == "lab":
                self.labs.append(names[0])
                return
            self.questions.append(names[0])
            if word == "worked":
                self.worked.append(names[0])
            self.add(ASKED[word](given[0]))
            return
        line = placed.line + self.offset
        opened = next((n for n, row in enumerate(block.text.split("\n"), 1) if row.startswith(FENCES)), None)
        if opened is not None:
            message = f"the block that begins on line {line} does not end before this one"
            self.say(placed.line + opened, "bad-block", message, "end it with a line of three backticks")
            return
        before = len(self.problems)
        node = read_yaml(block.text, self.path, self.problems, line) if block.text.strip() else None
        if len(self.problems) > before:
            return
        if word == "claim":
            self.claim(names[0], node, line)
            return
        found = [self.staged(name, node, self.path, self.problems) for name in names]
        if len(found) == 1 and found[0] is not None:
            self.add(DiagramPart(found[0]))
        elif len(found) == 2 and found[0] is not None and found[1] is not None:
            self.add(ComparePart(found[0], found[1]))

    def names(self, placed: PlacedBlock, given: list[str]) -> list[Word]:
        """The names after the word, with their columns where the fence begins the line."""
        found, after = [], len(placed.info.split()[0])
        for name in given:
            start = placed.info.index(name, after)
            found.append(Word(name, placed.line + self.offset, placed.info_column + start))
            after = start + len(name)
        return found

    def add(self, part: LessonPart) -> None:
        self.close_prose()
        self.parts.append(part)

    def claim(self, name: Word, node: Node | None, line: int) -> None:
        """A block of claims: the timeline's entries, then one entry with the key `claims`."""
        hint = "write the timeline's entries, then '- claims:' with a list under it"
        entries = node.items if isinstance(node, Sequence) else ()
        last = entries[-1] if entries else None
        if not isinstance(last, Mapping_) or "claims" not in last.entries:
            self.problems.append(Problem(self.path, line, 1, "no-claims", "the block ends without claims", hint))
            return
        fields = Fields(last, "the last entry", self.path, self.problems)
        fields.only(("claims",))
        sources = [read_claim(fields, item) for item in fields.items("claims")]
        steps = Sequence(entries[:-1], entries[0].line, entries[0].column) if len(entries) > 1 else None
        scenario = self.staged(name, steps, self.path, self.problems)
        claims = tuple(source for source in sources if source is not None)
        if not sources:
            self.problems.append(Problem(self.path, last.line, last.column, "no-claims", "there are no claims", hint))
        if scenario is not None:
            self.claims.append(LessonClaims(scenario, claims, line))
