"""Reads a question file: front matter, prompt, options with their boxes, `## Why` and `## Hint`.

What is read here is the form. Whether each variant's claims hold as its kind asks is for the check to prove.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from studyapp.cluster.claims.claim import Claim, ClaimError, parse_claim
from studyapp.cluster.kinds import Value
from studyapp.packs.boxes import BoxedOption, BoxError, find_answer_part
from studyapp.packs.fields import OBJECTIVE, Fields, Word, open_fields
from studyapp.packs.problems import Problem, nearest, quoted
from studyapp.packs.prose import block_tokens, read_prose
from studyapp.packs.scenarios import PackStage
from studyapp.packs.source import Mapping_, Node, Scalar, Sequence, read_yaml, split_front_matter
from studyapp.questions.question import KINDS, Option, Question

KEYS = (
    *(
        "kind",
        "objective",
        "scenario",
        "vary",
        "let",
        "where",
        "timeline",
        "release",
        "difficulty",
        "shuffle",
        "static",
    ),
    "id",
    "was",
)
LATER_KEYS = (
    *("with", "extends", "scoring", "answer", "unit", "tolerance", "accept", "events", "among", "goal", "allow"),
    *("cost", "until", "tags", "lab"),
)
LATER_KINDS = ("yes-no", "number", "text", "order", "match", "point", "break", "design", "lab")

MAX_OPTIONS = 9
"""Options of one question: each has a digit on the keyboard."""
MAX_VALUES = 100
"""Values of one varied name."""
MAX_NAMES = 20
"""Names of `vary` and of `let`."""

_NAME = re.compile(r"[a-z_][a-z0-9_]*\Z")


@dataclass(frozen=True, slots=True)
class ClaimSource:
    """A claim with the place of its first character, and how to find the place of another column (from 1)."""

    claim: Claim
    place: Callable[[int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class QuestionSource:
    """A question with the places of its parts in the author's file: what a check needs to point at."""

    question: Question
    options: tuple[ClaimSource | None, ...]
    """For each option its claim, None where the box is static."""
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
    """The lines of the file."""

    def column(self, line: int, row: str) -> int:
        """The column at which a row of one of the texts begins."""
        return max(self.lines[line - 1].find(row), 0) + 1


StageMaker = Callable[[Fields, tuple[Word, ...]], PackStage | None]
"""Makes the stage of a question from its front matter and the scenarios that it names; None when it cannot be made,
which is told then or was told before."""


def read_question(
    text: str, question: str, path: str, make_stage: StageMaker, problems: list[Problem], *, pack: str = ""
) -> QuestionSource | None:
    """The question with the id `question`, or None when its file is wrong; what is wrong is added to `problems`."""
    before = len(problems)
    front, body, offset = split_front_matter(text)
    if front is None:
        hint = "begin the file with '---', the keys, and another '---'"
        problems.append(Problem(path, 1, 1, "no-front-matter", "there is no front matter", hint))
        return None
    fields = open_fields(read_yaml(front, path, problems, 1), "the front matter", path, problems)
    if fields is None:
        return None
    fields.only(KEYS, LATER_KEYS)
    kind = fields.one_of("kind", KINDS, LATER_KINDS, needed=True)
    own_id = fields.id("id")
    objective = fields.id("objective", needed=True, pattern=OBJECTIVE)
    difficulty = fields.whole("difficulty", 1, 5)
    shuffle = fields.flag("shuffle", True)
    static = fields.word("static")
    vary, vary_places = _vary(fields)
    let = _let(fields, vary_places)
    where = _where(fields)
    scenarios = _scenarios(fields)
    was = fields.former_ids()
    stage = make_stage(fields, scenarios) if scenarios else None
    for key in ("timeline", "release"):
        if not scenarios and fields.has(key):
            fields.say(fields.key(key), "no-scenario", f"{key} needs a scenario, and there is none")
    if kind is None:
        return None
    parts = _Body(body, offset, path, problems)
    options = tuple(_option(option, parts) for option in parts.options)
    if len(problems) > before or objective is None or (scenarios and stage is None):
        return None
    made = Question(
        id=own_id.text if own_id is not None else question,
        pack=pack,
        kind=kind,
        objective=objective.text,
        prompt=parts.prompt,
        options=tuple(option for option, _ in options),
        why=parts.why,
        hints=parts.hints,
        vary=vary,
        where=where.claim if where is not None else None,
        let=tuple((name, source.claim) for name, source in let.items()),
        stage=stage,
        difficulty=difficulty if difficulty is not None else 2,
        shuffle=shuffle,
        static_reason=static.text if static is not None else None,
        was=was,
        path=path,
        line=offset + 1,
    )
    sources = tuple(source for _, source in options)
    lines = tuple(text.split("\n"))
    return QuestionSource(
        made, sources, objective, vary_places, let, where, stage, scenarios, tuple(parts.texts), lines
    )


# -- front matter -------------------------------------------------------------------------------------------------


def _vary(fields: Fields) -> tuple[tuple[tuple[str, tuple[Value, ...]], ...], dict[str, Word]]:
    """The varied names with their values, and the places of the names."""
    inner = _named(fields, "vary")
    found: list[tuple[str, tuple[Value, ...]]] = []
    places: dict[str, Word] = {}
    if inner is None:
        return (), {}
    for name, (key, node) in inner.node.entries.items():
        if not _good_name(inner, key):
            continue
        if not isinstance(node, Sequence) or not 1 <= len(node.items) <= MAX_VALUES:
            inner.say(node, "wrong-type", f"{name} must be a list of 1 to {MAX_VALUES} values")
            continue
        values: list[Value] = []
        for item in node.items:
            value = _value(inner, name, item)
            if value is None:
                continue
            if any(value == other and type(value) is type(other) for other in values):
                inner.say(item, "duplicate-value", f"{name} has the value {quoted(value)} twice")
            values.append(value)
        found.append((name, tuple(values)))
        places[name] = Word(name, key.line, key.column)
    return tuple(found), places


def _value(fields: Fields, name: str, node: Node) -> Value | None:
    if not isinstance(node, Scalar) or node.value is None:
        hint = "put text that begins with a bracket in quotes"
        fields.say(node, "wrong-type", f"each value of {name} is a word, a number or a truth value", hint)
        return None
    if isinstance(node.value, str) and fields.hostile(node, name, node.value):
        return None
    return node.value


def _let(fields: Fields, varied: Mapping[str, Word]) -> dict[str, ClaimSource]:
    inner = _named(fields, "let")
    found: dict[str, ClaimSource] = {}
    if inner is None:
        return found
    for name, (key, node) in inner.node.entries.items():
        if name in varied:
            inner.say(key, "duplicate-name", f"{name} is already a name of vary")
        elif _good_name(inner, key):
            source = read_claim(inner, node)
            if source is not None:
                found[name] = source
    return found


def _where(fields: Fields) -> ClaimSource | None:
    node = fields.get("where")
    source = read_claim(fields, node) if node is not None else None
    if source is not None and node is not None and source.claim.calls_model:
        fields.say(node, "bad-claim", "where is about the varied names alone: it cannot ask the model")
    return source


def _scenarios(fields: Fields) -> tuple[Word, ...]:
    """The scenario, or the values of a varied `scenario`."""
    word = fields.word("scenario")
    vary = fields.node.entries.get("vary")
    varied = vary[1].entries.get("scenario") if vary is not None and isinstance(vary[1], Mapping_) else None
    if varied is None:
        return (word,) if word is not None else ()
    if word is not None:
        fields.say(varied[0], "duplicate-name", "scenario stands in the front matter already")
    items = varied[1].items if isinstance(varied[1], Sequence) else ()
    return tuple(Word(item.text, item.line, item.column) for item in items if isinstance(item, Scalar))


def _named(fields: Fields, name: str) -> Fields | None:
    node = fields.get(name)
    inner = open_fields(node, name, fields.path, fields.problems)
    if inner is not None and len(inner.node.entries) > MAX_NAMES:
        inner.say(inner.node, "out-of-range", f"{name} has more than {MAX_NAMES} names")
    return inner


def _good_name(fields: Fields, key: Scalar) -> bool:
    if _NAME.match(key.text) and not keyword.iskeyword(key.text) and len(key.text) <= 40:
        return True
    hint = "use small letters, digits and underscores, and no word of the claim language"
    fields.say(key, "bad-name", f"{quoted(key.text)} is no name", hint)
    return False


def read_claim(fields: Fields, node: Node) -> ClaimSource | None:
    """A claim that is written as a value in YAML; None with a problem when it is none."""
    if not isinstance(node, Scalar) or node.value is None:
        hint = "put a claim that begins with a quote or a bracket in quotes as a whole"
        fields.say(node, "bad-claim", "this is not a claim", hint)
        return None
    text = str(node.value) if isinstance(node.value, bool) else node.text
    shift = len(text) - len(text.lstrip())

    def place(column: int) -> tuple[int, int]:
        return node.position(shift + column - 1)

    return _claim(text.strip(), place, fields.path, fields.problems)


def _claim(
    text: str, place: Callable[[int], tuple[int, int]], path: str, problems: list[Problem]
) -> ClaimSource | None:
    try:
        return ClaimSource(parse_claim(text), place)
    except ClaimError as error:
        problems.append(claim_problem(error, place, path))
        return None


def claim_problem(error: ClaimError, place: Callable[[int], tuple[int, int]], path: str) -> Problem:
    """What is wrong with a claim, at its place in the author's file."""
    line, column = place(error.column)
    code = "bad-claim"
    return Problem(path, line, column, code, error.message, error.hint or None)


# -- body ---------------------------------------------------------------------------------------------------------


class _Body:
    """The text after the front matter, taken apart: prompt, options, `## Why`, `## Hint`."""

    def __init__(self, body: str, offset: int, path: str, problems: list[Problem]) -> None:
        self.path = path
        self.problems = problems
        self.offset = offset
        self.prompt = self.why = ""
        self.hints: tuple[str, ...] = ()
        self.options: tuple[BoxedOption, ...] = ()
        self.texts: list[tuple[str, int]] = []
        lines = body.split("\n")
        heads = _headings(body)
        self._question("\n".join(lines[: heads[0][0]] if heads else lines))
        ends = [*(start for start, _, _ in heads), len(lines)][1:]
        for (start, after, title), end in zip(heads, ends, strict=True):
            self._section(title, start, after, lines[after:end])
        if not any(title == "Why" for _, _, title in heads):
            self._say(len(lines), 1, "missing-section", "there is no section '## Why'")
        for text, line in self.texts:
            for mark in read_prose(text).html:
                hint = "put it in backticks, or write \\< for the sign"
                column = max(lines[mark.line + line - 2 - offset].find(mark.text.split("\n")[0]), 0) + 1
                message = f"raw HTML is not shown: {quoted(mark.text)}"
                self._say(mark.line + line - 1 - offset, column, "raw-html", message, hint)

    def _say(self, line: int, column: int, code: str, message: str, hint: str | None = None) -> None:
        self.problems.append(Problem(self.path, line + self.offset, column, code, message, hint or None))

    def _question(self, text: str) -> None:
        found = find_answer_part(text)
        if isinstance(found, BoxError):
            self._say(found.line, found.column, "no-options", found.message, found.hint)
            return
        lines = text.split("\n")
        before = lines[: found.line - 1]
        first = next((number for number, line in enumerate(before) if line.strip()), 0)
        self.prompt = "\n".join(before[first:]).strip("\n")
        self.options = found.options
        self.texts.append((self.prompt, self.offset + first + 1))
        for option in found.options:
            self.texts.append((option.text, self.offset + option.text_line))
            self.texts.append((option.reason, self.offset + option.reason_line))
        for error in found.errors:
            self._say(error.line, error.column, "bad-box", error.message, error.hint)
        if not self.prompt:
            self._say(1, 1, "no-prompt", "there is no question before the options")
        rest = next((n for n, line in enumerate(lines[found.end - 1 :], found.end) if line.strip()), None)
        if rest is not None:
            hint = "move it before the options, or below '## Why'"
            self._say(rest, 1, "text-after-options", "what stands between the options and '## Why' is not shown", hint)
        if not found.errors and not 2 <= len(found.options) <= MAX_OPTIONS:
            message = f"a question has 2 to {MAX_OPTIONS} options, not {len(found.options)}"
            self._say(found.line, 1, "number-of-options", message)

    def _section(self, title: str, start: int, after: int, lines: list[str]) -> None:
        text = "\n".join(lines).strip("\n")
        first = next((number for number, line in enumerate(lines) if line.strip()), 0)
        if title not in ("Why", "Hint"):
            hint = nearest(title.capitalize(), ("Why", "Hint")) or "a question has '## Why' and '## Hint'"
            self._say(start + 1, 1, "unknown-section", f"there is no section {quoted(title)}", hint)
        elif not text.strip():
            self._say(start + 1, 1, "empty-section", f"the section '## {title}' is empty")
        elif title == "Hint":
            self.hints = (*self.hints, text)
        elif self.why:
            self._say(start + 1, 1, "duplicate-section", "there are two sections '## Why'")
        else:
            self.why = text
        self.texts.append((text, self.offset + after + first + 1))


def _headings(body: str) -> list[tuple[int, int, str]]:
    """Each `##` heading: its line (from 0), the line after it, and its text."""
    tokens = block_tokens(body, inline=False)
    return [
        (token.map[0], token.map[1], tokens[place + 1].content.strip())
        for place, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.tag == "h2" and token.map
    ]


def _option(boxed: BoxedOption, body: _Body) -> tuple[Option, ClaimSource | None]:
    line = boxed.line + body.offset
    if boxed.static is not None:
        return Option(boxed.text, boxed.reason, None, boxed.static, line, boxed.column), None
    shift = len(boxed.claim) - len(boxed.claim.lstrip())

    def place(column: int) -> tuple[int, int]:
        row, at = boxed.place(shift + column - 1)
        return row + body.offset, at

    source = _claim(boxed.claim.strip(), place, body.path, body.problems)
    claim = source.claim if source is not None else None
    return Option(boxed.text, boxed.reason, claim, None, line, boxed.column), source
