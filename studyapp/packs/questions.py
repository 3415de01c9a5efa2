"""Reads a question file: front matter, prompt, answer part, `## Why` and `## Hint`.

What is read here is the form. Whether each variant's claims hold as its kind asks is for the check to prove.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from studyapp.cluster.kinds import Value
from studyapp.packs.body import Body
from studyapp.packs.claims import ClaimSource
from studyapp.packs.composing import composed
from studyapp.packs.fields import OBJECTIVE, Fields, Word, open_fields
from studyapp.packs.inheriting import NOWHERE, Beside, Derived, Origin, derived, no_front_matter
from studyapp.packs.kinds.goals import LabSource
from studyapp.packs.kinds.options import OptionsSource
from studyapp.packs.kinds.source import AnswerSource, Reading
from studyapp.packs.kinds.table import LAB, LAB_READER, PART_KEYS, READERS, nothing
from studyapp.packs.problems import Problem
from studyapp.packs.scenarios import PackStage
from studyapp.packs.source import Mapping_, read_yaml, split_front_matter
from studyapp.packs.tags import read_tags
from studyapp.packs.varying import read_let, read_vary, read_where, scenarios_of
from studyapp.questions.question import Content, Question, Unreadable

KEYS = (
    *("kind", "objective", "scenario", "with", "vary", "let", "where", "timeline", "until", "release", "difficulty"),
    *("tags", "static", "extends", "id", "was"),
    *PART_KEYS,
)
_READERS = {**READERS, LAB: LAB_READER}


@dataclass(frozen=True, slots=True)
class Front:
    """What the front matter of a question says, without its answer part; and the text after it, not looked at.

    `right` says that nothing is wrong with it; `whole` is what it comes to with those that it extends, where it does.
    """

    right: bool
    fields: Fields
    kind: str
    own_id: Word | None
    objective: Word
    difficulty: int
    shuffle: bool
    static: Word | None
    vary: tuple[tuple[str, tuple[Value, ...]], ...]
    vary_places: Mapping[str, Word]
    let: Mapping[str, ClaimSource]
    where: ClaimSource | None
    scenarios: tuple[Word, ...]
    stage: PackStage | None
    was: tuple[str, ...]
    tags: tuple[str, ...]
    body: str
    offset: int
    whole: Derived | None = None

    @property
    def bases(self) -> tuple[str, ...]:
        """The texts of the files that it extends."""
        return self.whole.texts if self.whole is not None else ()


@dataclass(frozen=True, slots=True)
class QuestionSource:
    """A question with the places of its parts in the author's file: what a check needs to point at."""

    question: Question
    answer: AnswerSource
    objective: Word
    vary: Mapping[str, Word]
    let: Mapping[str, ClaimSource]
    where: ClaimSource | None
    stage: PackStage | None
    scenarios: tuple[Word, ...]
    """Every scenario that a variant may use, where it is named."""
    texts: tuple[tuple[str, int], ...]
    """Each Markdown text of the file, with the line on which it begins."""
    lines: tuple[str, ...]
    """The lines of the file, and after them those of the files that it extends."""
    bases: tuple[str, ...] = ()
    """The texts of the files that it extends."""
    origin: Origin | None = None
    """Where its parts stand, if it extends another."""

    @property
    def is_lab(self) -> bool:
        """It can be checked, and not be asked: a design without edits to choose from stands for it."""
        return isinstance(self.answer, LabSource)

    @property
    def options(self) -> tuple[ClaimSource | None, ...]:
        """For each option its claim, None where the box is static; none of a question without options."""
        return self.answer.sources if isinstance(self.answer, OptionsSource) else ()

    def column(self, line: int, row: str) -> int:
        """The column at which a row of one of the texts begins."""
        return max(self.lines[line - 1].find(row), 0) + 1


StageMaker = Callable[[Fields, tuple[Word, ...]], PackStage | None]
"""Makes the stage of a question from its front matter and the scenarios that it names; None when it cannot be made,
which is told then or was told before."""


def read_front(
    text: str,
    path: str,
    make_stage: StageMaker,
    problems: list[Problem],
    beside: Beside[Any] = NOWHERE,
    kind: str = "",
) -> Front | None:
    """What can be known of a question before its text is read; None where that is too little to go on. What is wrong
    is added to `problems`. It may extend a question that is `beside` it; `kind` is its kind where it need not say so.
    """
    before = len(problems)
    front, body, offset = split_front_matter(text)
    if front is None:
        problems.append(no_front_matter(path))
        return None
    fields = open_fields(read_yaml(front, path, problems, 1), "the front matter", path, problems)
    if fields is None:
        return None
    if not fields.has("extends"):
        return _front(fields, body, offset, None, make_stage, before, kind)
    whole = derived(fields.node, text, path, "question", problems, beside)
    if whole is None:
        return None
    node = whole.node
    if not fields.same_as(whole.base, "kind"):
        # It is read as one of the right kind: what its parts are not in the wrong one is no fault of theirs.
        entries = {**node.entries, "kind": whole.base.entries["kind"]}
        node = Mapping_(entries, node.line, node.column, node.path)
    told = _front(Fields(node, fields.what, path, problems), body, offset, whole, make_stage, before, kind)
    problems[before:] = map(whole.origin.told, problems[before:])
    return told


def _front(
    fields: Fields, body: str, offset: int, whole: Derived | None, make_stage: StageMaker, before: int, given: str
) -> Front | None:
    """The same, from the keys; `before` is how many problems there were, and `given` the kind that needs no saying."""
    problems = fields.problems
    fields.only(KEYS)
    kind = _kind(fields, given)
    own_id = fields.id("id")
    objective = fields.id("objective", needed=True, pattern=OBJECTIVE)
    difficulty = fields.whole("difficulty", 1, 5)
    shuffle = fields.flag("shuffle", True)
    static = fields.word("static")
    vary, vary_places = read_vary(fields)
    let = read_let(fields, vary_places)
    where = read_where(fields)
    scenarios = scenarios_of(fields)
    was = fields.former_ids()
    tags = read_tags(fields) if fields.has("tags") else ()
    stage = make_stage(fields, scenarios) if scenarios else None
    for key in ("with", "timeline", "until", "release", "events"):
        if not scenarios and fields.has(key):
            fields.say(fields.key(key), "no-scenario", f"{key} needs a scenario, and there is none")
    if kind is None:
        return None
    _suits(fields, kind, bool(scenarios))
    made = Front(
        right=len(problems) == before and objective is not None and (stage is not None or not scenarios),
        fields=fields,
        kind=kind,
        own_id=own_id,
        objective=objective or Word("", 1, 1),
        difficulty=difficulty if difficulty is not None else 2,
        shuffle=shuffle,
        static=static,
        vary=vary,
        vary_places=vary_places,
        let=let,
        where=where,
        scenarios=scenarios,
        stage=stage,
        was=was,
        tags=tags,
        body=body,
        offset=offset,
        whole=whole,
    )
    if kind == LAB:
        hint = "leave it out until it has: what else is wrong with it is told already"
        fields.say(fields.get("kind") or fields.node, "no-labs-yet", "this program has no labs yet", hint)
    return made


def read_question(
    text: str,
    question: str,
    path: str,
    make_stage: StageMaker,
    problems: list[Problem],
    *,
    pack: str = "",
    beside: Beside[Any] = NOWHERE,
    kind: str = "",
) -> QuestionSource | None:
    """The question with the id `question`, or None when its file is wrong; what is wrong is added to `problems`."""
    front = read_front(text, path, make_stage, problems, beside, kind)
    if front is None:
        return None
    before = len(problems)
    parts = Body(front.body, front.offset, path, problems)
    if front.whole is not None:
        reader = _READERS[front.kind]
        lines = composed(front.whole.bodies, nothing if front.fields.has(reader.instead) else reader.block)
        parts = Body(lines.text, 0, path, problems, lines.places)
    answer = _READERS[front.kind].read(Reading(front.kind, front.fields, parts))
    parts.sections()
    parts.refuse_html()
    if front.whole is not None:
        problems[before:] = map(front.whole.origin.told, problems[before:])
    if not front.right or len(problems) > before or answer is None:
        return None
    content = Content(
        prompt=parts.prompt,
        answer=answer.part,
        why=parts.why,
        hints=parts.hints,
        vary=front.vary,
        where=front.where.claim if front.where is not None else None,
        let=tuple((name, source.claim) for name, source in front.let.items()),
        stage=front.stage,
        shuffle=front.shuffle,
        static_reason=front.static.text if front.static is not None else None,
        line=front.offset + 1,
    )
    made = question_of(front, question, path, lambda: content, pack=pack)
    return QuestionSource(
        question=made,
        answer=answer,
        objective=front.objective,
        vary=front.vary_places,
        let=front.let,
        where=front.where,
        stage=front.stage,
        scenarios=front.scenarios,
        texts=tuple(parts.texts),
        lines=tuple("\n".join((text, *front.bases)).split("\n")),
        bases=front.bases,
        origin=front.whole.origin if front.whole is not None else None,
    )


def question_of(
    front: Front, question: str, path: str, content: Callable[[], Content], *, pack: str, digest: str = ""
) -> Question:
    """The question of a front matter, with the id `question` unless it gives its own."""
    return Question(
        id=front.own_id.text if front.own_id is not None else question,
        pack=pack,
        kind=front.kind if front.kind != LAB else "design",
        objective=front.objective.text,
        content=content,
        difficulty=front.difficulty,
        was=front.was,
        tags=front.tags,
        digest=digest,
        path=path,
        scenarios=tuple(word.text for word in front.scenarios),
    )


def read_content(text: str, path: str, make_stage: StageMaker, beside: Beside[Any] = NOWHERE) -> Content:
    """The content of a question, from the text of its file. Raises Unreadable."""
    problems: list[Problem] = []
    source = read_question(text, "", path, make_stage, problems, beside=beside)
    if source is None:
        raise Unreadable(problems[0].format() if problems else f"{path} cannot be read")
    return source.question.content()


# -- front matter -------------------------------------------------------------------------------------------------


def _kind(fields: Fields, given: str) -> str | None:
    """The kind of the question; where one is `given`, it need not be said, and no other may be."""
    if given and not fields.has("kind"):
        return given
    return fields.one_of("kind", (given,) if given else _READERS, needed=True)


def _suits(fields: Fields, kind: str, staged: bool) -> None:
    """Keys that belong to other kinds are reported, and a scenario that is missing."""
    reader = _READERS[kind]
    for key in fields.node.entries:
        if key in PART_KEYS and key not in reader.keys:
            fields.say(fields.key(key), "not-for-this", f"a question of the kind {kind} has no {key}")
    if reader.staged and not staged:
        message = f"a question of the kind {kind} is about a scenario, and there is none"
        fields.say(
            fields.key("kind") if fields.has("kind") else fields.node, "no-scenario", message, "add scenario: NAME"
        )
