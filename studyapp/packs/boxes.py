"""Finds the answer part of a question: the last list all of whose items begin with a box, `[...]`.

The box is read from the raw text of an item, because Markdown would take `_`, `*` and quotes in a claim for its own.
Lines and columns count from 1 in the text that is searched; a column counts characters.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

STATIC = {"x": True, "X": True, " ": False, "": False}
"""What the boxes say that hold no claim: a static true or false, as in a task list."""

MAX_BRACKETS = 32
"""Brackets inside one another within a box: as deep as a claim may be."""

_MARKER = re.compile(r"[ \t]*(?:[-+*]|\d{1,9}[.)])(?:[ \t]+|$)")
_SIGN = re.compile(r"[\"'()\[\]{}]")
_STRING = re.compile(r"""(["'])(?:(?!\1)[^\\\n]|\\[\s\S])*\1""")
"""A string with its quotes, in which a backslash goes before any character."""
_CLOSING = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class BoxError:
    """Why an answer part cannot be read."""

    line: int
    column: int
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class BoxedOption:
    """One option as it is written.

    `static` is the truth of `[x]` and `[ ]`, None when the box holds a claim. `claim` is the text inside the box, each
    newline in it replaced by one space; `place` says where a character of it stands. `text` and `reason` are Markdown;
    `line` and `column` are those of the box.
    """

    text: str
    reason: str
    static: bool | None
    claim: str
    line: int
    column: int
    text_line: int
    reason_line: int
    starts: tuple[tuple[int, int, int], ...]
    """For each line of the claim: the number of its first character in `claim`, and that one's line and column."""

    def place(self, character: int) -> tuple[int, int]:
        """Line and column of a character of the claim, the first being number 0."""
        at = bisect_right(self.starts, (character, 1 << 60, 0)) - 1
        first, line, column = self.starts[max(at, 0)]
        return line, column + character - first


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """The options found, the lines that they take (`line` to before `end`), and what could not be read."""

    options: tuple[BoxedOption, ...]
    line: int
    end: int
    errors: tuple[BoxError, ...]


class UnclosedBox(Exception):
    """A box that does not end, or a string or bracket in it; `offset` is where the trouble begins."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


def scan_box(text: str) -> int:
    """The place after the `]` that closes the box at the start of `text`.

    Knows strings with escapes and nested brackets. Raises UnclosedBox.
    """
    opened: list[tuple[str, int]] = []
    place = 0
    while (sign := _SIGN.search(text, place)) is not None:
        character, place = sign[0], sign.start()
        if character in "\"'":
            place = _after_string(text, place)
            continue
        if character in _CLOSING:
            if len(opened) == MAX_BRACKETS:
                raise UnclosedBox(f"more than {MAX_BRACKETS} brackets inside one another", place)
            opened.append((_CLOSING[character], place))
        elif character in ")]}":
            expected, at = opened.pop()
            if character != expected:
                raise UnclosedBox(f"'{character}' closes '{text[at]}'", place)
            if not opened:
                return place + 1
        place += 1
    raise UnclosedBox(f"'{text[opened[-1][1]]}' is never closed", opened[-1][1])


def _after_string(text: str, start: int) -> int:
    found = _STRING.match(text, start)
    if found is None:
        raise UnclosedBox(f"the string that begins with {text[start]} is never closed", start)
    return found.end()


def find_answer_part(text: str, tokens: Sequence[Token]) -> AnswerPart | BoxError:
    """The options of a question, from its Markdown and the blocks of that; an error where no list has a box in every
    item.
    """
    lines = text.split("\n")
    closest: tuple[int, _Item] | None = None
    lists = list(_lists(tokens, lines))
    for place, items in reversed(list(enumerate(lists))):
        boxed = [item for item in items if item.boxed]
        if len(boxed) == len(items):
            before = (item for others in lists[:place] for item in others if item.boxed)
            return _answer_part(items, next(before, None))
        if closest is None or len(boxed) > closest[0]:
            closest = len(boxed), next(item for item in items if not item.boxed)
    if closest is not None and closest[0]:
        line, column = closest[1].where(0)
        return BoxError(line, column, "this item does not begin with a box, so its list is not the answer part",
                        "begin every option with '[claim]', '[x]' or '[ ]'")  # fmt: skip
    return BoxError(len(lines), 1, "no list whose items all begin with a box",
                    "write the options as '- [claim] text', one item each")  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlainItem:
    """One item of a list without boxes: its Markdown, with the line and column where it begins."""

    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class PlainList:
    """A list, and the lines that it takes (`line` to before `end`)."""

    items: tuple[PlainItem, ...]
    line: int
    end: int


def find_plain_list(text: str, tokens: Sequence[Token]) -> PlainList | BoxError:
    """The last list of a Markdown text with these blocks; an error where there is none, or one of its items begins
    with a box.
    """
    lines = text.split("\n")
    last: list[_Item] = []
    for items in _lists(tokens, lines):
        last = items
    if not last:
        return BoxError(len(lines), 1, "there is no list", "write the steps as '1. text', in the right order")
    for item in last:
        line, column = item.where(0)
        if item.boxed:
            return BoxError(line, column, "a step has no box: its place in the list says what is right")
        if not item.text.strip():
            return BoxError(line, column, "the step has no text")
    found = tuple(PlainItem(item.text.strip(), *item.where(0)) for item in last)
    return PlainList(found, last[0].first, last[-1].end)


@dataclass(frozen=True, slots=True)
class _Item:
    """The raw lines of one list item, without its marker and indentation, and where each line begins in the file."""

    lines: tuple[str, ...]
    text: str
    """The lines as one text."""
    boxed: bool
    """It begins with a bracket that is not a link's."""
    first: int
    """Line of the first of them, and so of the item."""
    indents: tuple[int, ...]
    quote: int
    """Place among `lines` of a blockquote that ends the item; the number of lines where none does."""
    end: int

    def where(self, offset: int) -> tuple[int, int]:
        """Line and column of a character of `text`."""
        before = self.text[:offset]
        row = before.count("\n")
        return self.first + row, self.indents[row] + offset - (before.rfind("\n") + 1) + 1


def _answer_part(items: Sequence[_Item], before: _Item | None) -> AnswerPart:
    """The options of a list; learners would see the box of an item `before` it as a part of the question."""
    options: list[BoxedOption] = []
    errors: list[BoxError] = []
    if before is not None:
        errors.append(BoxError(*before.where(0), "this box stands in another list than the last one of the options",
                               "write all options as one list, with the same sign before each"))  # fmt: skip
    for item in items:
        read = _option(item)
        if isinstance(read, BoxError):
            errors.append(read)
        else:
            options.append(read)
    return AnswerPart(tuple(options), items[0].first, items[-1].end, tuple(errors))


def _option(item: _Item) -> BoxedOption | BoxError:
    text = item.text
    try:
        end = scan_box(text)
    except UnclosedBox as error:
        line, column = item.where(error.offset)
        return BoxError(line, column, f"the box does not end: {error.message}", "close it with ']' before the text")
    if text[end : end + 1] not in ("", " ", "\t", "\n"):
        line, column = item.where(end)
        return BoxError(line, column, "a space is missing after the box")
    claim = text[1 : end - 1].replace("\n", " ")
    rows = text[:end].count("\n")
    quote = item.quote
    if quote <= rows:  # a `>` of the claim began the quotation
        quote = next((n for n in range(rows + 1, len(item.lines)) if item.lines[n].startswith(">")), len(item.lines))
    body = "\n".join(item.lines[:quote])[end:].strip()
    reason = "\n".join(re.sub(r"^ {0,3}>[ \t]?", "", line) for line in item.lines[quote:]).strip()
    static = STATIC.get(claim if claim.strip() else "")
    if not body:
        line, column = item.where(end)
        return BoxError(line, column, "the option has no text after its box")
    starts, offset = [], 1
    for _ in range(rows + 1):
        starts.append((offset - 1, *item.where(offset)))
        offset = text.find("\n", offset) + 1
    line, column = item.where(0)
    claim = "" if static is not None else claim
    text_line = item.first + text[: text.index(body[0], end)].count("\n")
    return BoxedOption(body, reason, static, claim, line, column, text_line, item.first + quote, tuple(starts))


def _lists(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[list[_Item]]:
    """The items of each list that is not inside another block, in order."""
    items: list[_Item] = []
    for place, token in enumerate(tokens):
        if token.level == 0 and token.type.endswith("_list_open"):
            items = []
        elif token.level == 1 and token.type == "list_item_open":
            items.append(_item(tokens, place, lines))
        elif token.level == 0 and token.type.endswith("_list_close") and items:
            yield items


def _item(tokens: Sequence[Token], place: int, lines: Sequence[str]) -> _Item:
    first, end = tokens[place].map or (0, 0)
    quote: int | None = None
    for token in tokens[place + 1 :]:
        if token.level < tokens[place].level + 1:
            break
        if token.level == tokens[place].level + 1 and token.nesting >= 0 and token.map is not None:
            quote = token.map[0] if token.type == "blockquote_open" else None
    while end > first + 1 and not lines[end - 1].strip():
        end -= 1
    marker = _MARKER.match(lines[first])
    indent = marker.end() if marker else 0
    indents, inside = [indent], [lines[first][indent:]]
    wide = len(lines[first][:indent].expandtabs(4))
    for line in lines[first + 1 : end]:
        skip = _skipped(line, wide)
        indents.append(skip)
        inside.append(line[skip:])
    quote = end if quote is None else quote
    text = "\n".join(inside)
    return _Item(tuple(inside), text, _is_boxed(text), first + 1, tuple(indents), quote - first, end + 1)


def _is_boxed(text: str) -> bool:
    if not text.startswith("[") or text.startswith("[^"):
        return False
    try:
        return text[scan_box(text) :][:1] not in ("(", "[", ":")
    except UnclosedBox:
        return True


def _skipped(line: str, columns: int) -> int:
    """How many leading characters of a line are indentation, of at most so many columns."""
    skip = column = 0
    while skip < len(line) and line[skip] in " \t" and column < columns:
        column += 4 - column % 4 if line[skip] == "\t" else 1
        skip += 1
    return skip
