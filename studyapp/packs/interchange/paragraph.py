"""A paragraph as Markdown, out of runs of text with the emphasis they have. What is written is parsed again: emphasis
that Markdown would show as signs is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from studyapp.packs.interchange.escaping import NO_BREAK, escaped_signs, escaped_starts, indentation
from studyapp.packs.interchange.looks import Mark
from studyapp.packs.prose import block_tokens

_SPACES = f" {NO_BREAK}"
_AT_START = re.compile(r"(?:\\?[^\w\s*`\\\[])+")
_AT_END = re.compile(r"(?:\\?[^\w\s*`\\])+\Z")


@dataclass(frozen=True, slots=True)
class Run:
    """Text with the marks around it, the outermost first; a newline breaks the line."""

    text: str
    marks: tuple[Mark, ...] = ()
    code: bool = False


def written(runs: Sequence[Run]) -> tuple[str, bool]:
    """The Markdown of a paragraph, and whether all of its emphasis is there."""
    lines = [_tidy(line) for line in _lines(runs)]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        del lines[0]
    told = "".join(run.text for line in lines for run in line)
    text = _joined(lines)
    if not any(run.marks or run.code for line in lines for run in line) or _shows(text, told):
        return text, True
    links = [[replace(run, marks=tuple(each for each in run.marks if each.before == "[")) for run in x] for x in lines]
    plain = [[Run(run.text) for run in line] for line in lines]
    return next((made for made in map(_joined, (links, plain)) if _shows(made, told)), _joined(plain)), False


def _joined(lines: list[list[Run]]) -> str:
    return "\\\n".join(_line(line) for line in lines)


def _shows(text: str, told: str) -> bool:
    """Whether Markdown shows these words and no others."""
    shown = (
        child.content
        for token in block_tokens(escaped_starts(text), inline=True)
        for child in token.children or ()
        if child.type in ("text", "text_special", "code_inline")
    )
    return "".join("".join(shown).split()) == "".join(told.replace("`", "'").split())


def _lines(runs: Sequence[Run]) -> Iterator[list[Run]]:
    line: list[Run] = []
    for run in runs:
        first, *others = run.text.split("\n")
        line.append(replace(run, text=first))
        for text in others:
            yield line
            line = [replace(run, text=text)]
    yield line


def _tidy(line: list[Run]) -> list[Run]:
    """A line without spaces that HTML does not show; those that do not break are kept where they indent it."""
    text = "".join(run.text for run in line).lstrip(" ")
    before = text[: len(text) - len(text.lstrip(_SPACES))]
    start = indentation(before) if before.count(NO_BREAK) > 1 and text.strip(_SPACES) else ""
    made: list[Run] = []
    space = True
    for run in line:
        words = re.sub(f"[{_SPACES}]+", " ", run.text)
        words = words.removeprefix(" ") if space else words
        if words:
            space = words.endswith(" ")
            made.append(replace(run, text=words))
    while made and not made[-1].text.strip():
        made.pop()
    if made:
        made[-1] = replace(made[-1], text=made[-1].text.rstrip())
    return [Run(start), *made] if start else made


def _line(runs: list[Run]) -> str:
    """A line of Markdown: each mark is opened and closed around words, never around spaces at their edges."""
    out = ""
    opened: list[tuple[Mark, int]] = []
    for run in (*runs, Run("")):
        text = _code(run.text) if run.code else escaped_signs(run.text)
        same = 0
        while same < min(len(opened), len(run.marks)) and opened[same][0] == run.marks[same]:
            same += 1
        while len(opened) > same:
            out = _closed(out, *opened.pop(), text)
        for mark in run.marks[same:]:
            words = text.lstrip(" ")
            out += text[: len(text) - len(words)]
            text = words
            if mark.before != "[" and out[-1:].isalnum() and (found := _AT_START.match(text)):
                out, text = out + found[0], text[found.end() :]
            out += mark.before
            opened.append((mark, len(out)))
        out += text
    return out


def _closed(out: str, mark: Mark, start: int, following: str) -> str:
    """What is written, with a mark closed that was opened before `start`; one around nothing goes."""
    words = out.rstrip(" ")
    if len(words) <= start:
        return out[: start - len(mark.before)] + out[start:]
    after = out[len(words) :]
    if mark.after == mark.before and not after and following[:1].isalnum() and (found := _AT_END.search(words, start)):
        words, after = words[: found.start()], found[0]
        if len(words) <= start:
            return out[: start - len(mark.before)] + after
    return f"{words}{mark.after}{after}"


def _code(text: str) -> str:
    words = text.strip().replace("`", "'")
    return text.replace(text.strip(), f"`{words}`", 1) if words else text
