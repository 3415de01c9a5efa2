"""The text of a question after its front matter: prompt and answer part, then `## Why` and `## Hint`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from studyapp.packs.problems import Problem, nearest, quoted
from studyapp.packs.prose import Mark, block_tokens, read_prose
from studyapp.packs.texts import hidden_problem

SECTIONS = ("Why", "Hint")


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the lines of a body stand in its file. Claims keep it for as long as their pack, and so not the body."""

    offset: int
    places: Sequence[int] | None = None
    """The numbers of the lines in the file, where they do not count on from `offset`."""

    def at(self, line: int) -> int:
        """The number in the file of a line of the body, both counted from 1."""
        return line + self.offset if self.places is None else self.places[min(line, len(self.places)) - 1]


class Body:
    """The body of one question file. Whoever reads the answer part says where it stands; what is wrong is reported.

    `question` is the text before the first `##` heading, and its lines count from 1 in the file less `offset`.
    """

    def __init__(
        self, body: str, offset: int, path: str, problems: list[Problem], places: Sequence[int] | None = None
    ) -> None:
        """`offset` and `places` are those of its rows."""
        self.path = path
        self.problems = problems
        self.rows = Rows(offset, places)
        self.prompt = self.why = ""
        self.hints: tuple[str, ...] = ()
        self.texts: list[tuple[str, int]] = []
        """Each Markdown text, with the line of the file on which it begins."""
        self._lines = body.split("\n")
        tokens = block_tokens(body, inline=False)
        self._heads = heads_of(tokens)
        self.question = "\n".join(self._lines[: self._heads[0][0]] if self._heads else self._lines)
        first = next((place for place, token in enumerate(tokens) if _is_head(token)), None)
        self.tokens: Sequence[Token] = tokens[:first]
        """The blocks of `question`: a heading ends all that stands before it."""

    def at(self, line: int) -> int:
        """The number in the file of a line of the body, both counted from 1."""
        return self.rows.at(line)

    def say(self, line: int, column: int, code: str, message: str, hint: str | None = None) -> None:
        """Report an error at a line of the body."""
        self.problems.append(Problem(self.path, self.at(line), column, code, message, hint or None))

    def take(self, line: int, end: int, what: str) -> None:
        """The answer part (`what`) takes the lines from `line` to before `end`; the prompt stands before it."""
        lines = self.question.split("\n")
        self._prompt(lines[: line - 1])
        if not self.prompt:
            self.say(1, 1, "no-prompt", f"there is no question before the {what}")
        rest = next((n for n, text in enumerate(lines[end - 1 :], end) if text.strip()), None)
        if rest is not None:
            hint = f"move it before the {what}, or below '## Why'"
            message = f"what stands between the {what} and '## Why' is not shown"
            self.say(rest, 1, "text-after-answer", message, hint)

    def take_all(self) -> None:
        """There is no answer part in the body: all of it is the prompt."""
        self._prompt(self.question.split("\n"))
        if not self.prompt:
            self.say(1, 1, "no-prompt", "there is no question")

    def _prompt(self, lines: list[str]) -> None:
        first = next((number for number, line in enumerate(lines) if line.strip()), 0)
        self.prompt = "\n".join(lines[first:]).strip("\n")
        self.texts.append((self.prompt, self.at(first + 1)))

    def sections(self) -> None:
        """Read what stands below the headings."""
        ends = [*(start for start, _, _ in self._heads), len(self._lines)][1:]
        for (start, after, title), end in zip(self._heads, ends, strict=True):
            self._section(title, start, after, self._lines[after:end])
        titles = [title for _, _, title in self._heads]
        # One whose name is misspelt is told as that alone.
        if not any(title == "Why" or nearest(title.capitalize(), ("Why",)) for title in titles):
            self.say(len(self._lines), 1, "missing-section", "there is no section '## Why'")

    def refuse_html(self) -> None:
        """Report raw HTML in any of the texts, and entities that stand for a character that hides or acts."""
        for text, line in self.texts:
            # Each of them begins with such a sign; looking for it is much cheaper than reading the prose.
            if "<" not in text and "&" not in text:
                continue
            reading = read_prose(text)
            for mark in reading.html:
                hint = "put it in backticks, or write \\< for the sign"
                message = f"raw HTML is not shown: {quoted(mark.text)}"
                self.problems.append(Problem(self.path, *self._place(mark, text, line), "raw-html", message, hint))
            for mark in reading.hidden:
                self.problems.append(hidden_problem(self.path, *self._place(mark, text, line), mark.text))

    def _place(self, mark: Mark, text: str, line: int) -> tuple[int, int]:
        """Where a mark of a text that begins on a line of the file stands in the file."""
        number = mark.line + line - 1
        row = self._row(number)
        start = row.find(text.split("\n")[mark.line - 1])
        return number, start + mark.column if start >= 0 else max(row.find(mark.text.split("\n")[0]), 0) + 1

    def _row(self, number: int) -> str:
        """The line of the body that has a number in the file; empty for one of the front matter."""
        offset, places = self.rows.offset, self.rows.places
        if places is None:
            return self._lines[number - offset - 1] if number > offset else ""
        return next((line for line, place in zip(self._lines, places, strict=True) if place == number), "")

    def _section(self, title: str, start: int, after: int, lines: list[str]) -> None:
        text = "\n".join(lines).strip("\n")
        first = next((number for number, line in enumerate(lines) if line.strip()), 0)
        if title not in SECTIONS:
            hint = nearest(title.capitalize(), SECTIONS) or "a question has '## Why' and '## Hint'"
            self.say(start + 1, 1, "unknown-section", f"there is no section {quoted(title)}", hint)
        elif not text.strip():
            self.say(start + 1, 1, "empty-section", f"the section '## {title}' is empty")
        elif title == "Hint":
            self.hints = (*self.hints, text)
        elif self.why:
            self.say(start + 1, 1, "duplicate-section", "there are two sections '## Why'")
        else:
            self.why = text
        self.texts.append((text, self.at(after + first + 1)))


def heads_of(tokens: Sequence[Token]) -> list[tuple[int, int, str]]:
    """The `##` headings: of each its line (from 0), the line after it, and its text."""
    return [_head(tokens, place) for place, token in enumerate(tokens) if _is_head(token)]


def _is_head(token: Token) -> bool:
    return token.type == "heading_open" and token.level == 0 and token.tag == "h2"


def _head(tokens: Sequence[Token], place: int) -> tuple[int, int, str]:
    """A `##` heading: its line (from 0), the line after it, and its text."""
    start, end = tokens[place].map or (0, 0)
    return start, end, tokens[place + 1].content.strip()
