"""Markdown out of what other formats write: plain text, HTML, foreign Markdown. Nothing that hides or acts gets in.

Each function gives the Markdown and how it differs from what was there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from types import MappingProxyType

from studyapp.packs.characters import hostile_characters
from studyapp.packs.prose import block_tokens, read_prose

Converted = tuple[str, tuple[str, ...]]

_SIGNS = re.compile(r"[\\`*_\[\]<>&|]")
_LINE_START = re.compile(r"^(\s*)([#+=~:-]|\d{1,9}(?=[.)]))", re.MULTILINE)
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s<>()\\]+\Z", re.IGNORECASE)
_DOLLARS = re.compile(r"\$\$.+?\$\$|\\\(.+?\\\)", re.DOTALL)
_ROUNDS = 5


def without_hostile(text: str) -> Converted:
    """The text without characters that hide or act."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found = list(hostile_characters("\n".join(lines)))
    for each in reversed(found):
        line = lines[each.line - 1]
        lines[each.line - 1] = line[: each.column - 1] + line[each.column :]
    return "\n".join(lines), tuple(dict.fromkeys(f"{each.name} is left out" for each in found))


def escaped(text: str) -> str:
    """Plain text as Markdown that reads the same; a line break is one that was asked for."""
    signs = _SIGNS.sub(r"\\\g<0>", text)
    return _LINE_START.sub(_escaped_start, signs)


def _escaped_start(found: re.Match[str]) -> str:
    before, sign = found.groups()
    return f"{before}{sign}\\" if sign[0].isdigit() else f"{before}\\{sign}"


def from_plain(text: str) -> Converted:
    """Plain text, its lines kept."""
    clean, notes = without_hostile(text)
    lines = [" ".join(line.split()) for line in clean.strip().split("\n")]
    return _joined_lines([escaped(line) for line in lines]), notes


def _joined_lines(lines: list[str]) -> str:
    """Lines with the breaks between them kept; an empty line is a new paragraph."""
    text = "\\\n".join(lines)
    return re.sub(r"(?:\\\n)*\\\n\\\n|(?<=\n)\\\n", "\n\n", text) if "" in lines else text


def from_markdown(text: str) -> Converted:
    """Markdown, with raw HTML in it shown as text."""
    clean, notes = without_hostile(text)
    lower = clean.strip()
    told = list(notes)
    for _ in range(_ROUNDS):
        marks = read_prose(lower).html
        if not marks:
            break
        told.append("HTML is shown as text")
        lines = lower.split("\n")
        for mark in sorted(marks, key=lambda each: (each.line, each.column), reverse=True):
            line = lines[mark.line - 1]
            at = mark.column - 1 if line[mark.column - 1 : mark.column] == "<" else line.find("<")
            if at >= 0:
                lines[mark.line - 1] = f"{line[:at]}\\{line[at:]}"
        lower = "\n".join(lines)
    if read_prose(lower).html:
        lower = lower.replace("<", "&lt;")
    return lower, tuple(dict.fromkeys(told))


def with_lower_headings(text: str) -> Converted:
    """Markdown without headings of the second level, which begin the sections of a question: they are of the third."""
    if "##" not in text:
        return text, ()
    lines = text.split("\n")
    for token in block_tokens(text, inline=False):
        if token.type == "heading_open" and token.level == 0 and token.markup == "##" and token.map:
            lines[token.map[0]] = lines[token.map[0]].replace("##", "###", 1)
    lower = "\n".join(lines)
    return lower, ("a heading is set one lower",) if lower != text else ()


def from_html(text: str) -> Converted:
    """HTML: emphasis, code, paragraphs, lists, quotations and links become Markdown; the rest is told."""
    return _html(text, keep_lines=False)


def from_moodle(text: str) -> Converted:
    """What Moodle calls its own format: HTML whose line breaks count."""
    return _html(text, keep_lines=True)


FORMATS: Mapping[str, Callable[[str], Converted]] = MappingProxyType(
    {"moodle": from_moodle, "html": from_html, "plain": from_plain, "markdown": from_markdown}
)


def _html(text: str, *, keep_lines: bool) -> Converted:
    reader = _Html(keep_lines)
    clean, notes = without_hostile(text)
    if keep_lines:
        clean = clean.strip()
    # The library's parser stops at marked sections that are broken; in HTML they mean nothing.
    reader.feed(clean.replace("<![", "&lt;!["))
    reader.close()
    made, more = reader.made()
    again, last = without_hostile(made)
    return again, tuple(dict.fromkeys((*notes, *more, *last)))


_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*"}
_PARTS = frozenset(("p", "div", "section", "article", "center"))
_SILENT = frozenset(("script", "style", "head", "title", "iframe", "object", "noscript", "template", "textarea"))
_BARE = frozenset(("html", "body", "span", "font", "u", "small", "label", "tbody", "thead", "o:p"))
"""What changes nothing but looks."""
_LOOKS = frozenset(("font", "u", "small"))
_CODE = frozenset(("code", "tt", "kbd", "samp"))
_HEADS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_TABLE = frozenset(("table", "tr", "td", "th"))
_DEEPEST = 20


class _Html(HTMLParser):
    """Builds Markdown block by block: `blocks` are finished, `text` is the paragraph under way."""

    def __init__(self, keep_lines: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.keep_lines = keep_lines
        self.blocks: list[str] = []
        self.text = ""
        self.notes: list[str] = []
        self.lists: list[int | None] = []
        self.quotes = 0
        self.silent = 0
        self.code = 0
        self.pre = False
        self.link = ""
        self.marker = ""
        self.marks: list[str] = []

    def made(self) -> Converted:
        self.end_block()
        if any(_DOLLARS.search(block) for block in self.blocks):
            self.notes.append("mathematics is shown as it is written")
        text = ""
        for block in self.blocks:
            tight = text and block.lstrip(" >").startswith(("- ", "1. ")) and "\n\n" not in block
            text += ("\n" if tight and _in_list(text) else "\n\n" if text else "") + block
        return text.strip("\n"), tuple(dict.fromkeys(self.notes))

    def end_block(self) -> None:
        """Finish the paragraph under way."""
        for mark in reversed(self.marks):
            self.text = _closed(self.text, mark)
        if self.pre:
            body = self.text.strip("\n")
            lines = ["```", *body.split("\n"), "```"] if body.strip() else []
        else:
            lines = [line.strip() for line in self.text.strip().split("\n")]
            while lines and lines[-1] in ("", "\\"):
                lines.pop()
            if lines and lines[-1].endswith("\\") and not lines[-1].endswith("\\\\"):
                lines[-1] = lines[-1][:-1]
        if any(lines):
            depth = min(len(self.lists), _DEEPEST)
            indent = "  " * (depth - 1) if depth else ""
            quote = "> " * min(self.quotes, 3)
            first = self.marker or ("  " if depth else "")
            rest = " " * len(first)
            self.blocks.append(
                "\n".join(f"{quote}{indent}{rest if n else first}{line}".rstrip() for n, line in enumerate(lines))
            )
            self.marker = ""
        self.text = "".join(self.marks)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _SILENT:
            self.silent += 1
            self.notes.append(f"<{tag}> is left out")
        elif self.silent:
            return
        elif tag == "br":
            self.text += "\n" if self.pre or self.code else "\\\n"
        elif tag in _PARTS or tag in _HEADS:
            self.end_block()
            if tag in _HEADS:
                self.notes.append("a heading is shown in bold")
                self.mark("**")
        elif tag in _MARKS:
            self.mark(_MARKS[tag])
        elif tag in _CODE:
            self.code += not self.pre
            self.text += "`" if self.code == 1 else ""
        elif tag == "pre":
            self.end_block()
            self.pre = True
        elif tag in ("ul", "ol"):
            self.end_block()
            self.lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self.item()
        elif tag == "blockquote":
            self.end_block()
            self.quotes += 1
        elif tag == "a":
            self.link = given.get("href", "") if _ADDRESS.match(given.get("href", "")) else ""
            if self.link:
                self.text += "["
            else:
                self.notes.append("a link that leads nowhere safe is left out")
        elif tag == "img":
            self.notes.append("a picture is left out")
            self.text += escaped(given.get("alt", "").replace("\n", " "))
        elif tag in _TABLE:
            self.notes.append("a table is shown as lines")
            self.text += "\\\n" if tag == "tr" and self.text.strip() else " "
        elif tag == "hr":
            self.end_block()
        elif tag not in _BARE or tag in _LOOKS:
            self.notes.append(f"<{_tag(tag)}> is shown as its text")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(self.silent - 1, 0)
        elif self.silent:
            return
        elif tag in _PARTS:
            self.end_block()
        elif tag in _HEADS:
            self.unmark("**")
            self.end_block()
        elif tag in _MARKS:
            self.unmark(_MARKS[tag])
        elif tag in _CODE and self.code:
            self.code -= 1
            if not self.code:
                self.text = _closed_code(self.text)
        elif tag == "pre" and self.pre:
            self.end_block()
            self.pre = False
        elif tag in ("ul", "ol", "li"):
            self.end_block()
            if tag != "li" and self.lists:
                self.lists.pop()
        elif tag == "blockquote":
            self.end_block()
            self.quotes = max(self.quotes - 1, 0)
        elif tag == "a" and self.link:
            self.text += f"]({self.link})"
            self.link = ""

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        if self.pre:
            self.text += data.replace("```", "'''")
        elif self.code:
            self.text += " ".join(data.replace("`", "'").split("\n"))
        else:
            lines = data.split("\n") if self.keep_lines else [data]
            said = [escaped(re.sub(r"\s+", " ", line)) for line in lines]
            self.text += "\\\n".join(said)

    def handle_comment(self, data: str) -> None:
        self.notes.append("a comment is left out")

    def handle_decl(self, decl: str) -> None:
        self.notes.append("a declaration is left out")

    def unknown_decl(self, data: str) -> None:
        self.notes.append("a declaration is left out")

    def handle_pi(self, data: str) -> None:
        self.notes.append("a declaration is left out")

    def mark(self, sign: str) -> None:
        if not self.pre and not self.code and sign not in self.marks:
            self.marks.append(sign)
            self.text += sign

    def unmark(self, sign: str) -> None:
        while sign in self.marks:
            self.text = _closed(self.text, self.marks.pop())

    def item(self) -> None:
        self.end_block()
        if not self.lists:
            self.lists.append(None)
        number = self.lists[-1]
        if number is None:
            self.marker = "- "
        else:
            self.lists[-1] = number + 1
            self.marker = "1. "


def _tag(tag: str) -> str:
    return re.sub(r"[^a-z0-9:-]", "?", tag[:20])


def _in_list(text: str) -> bool:
    return text.rsplit("\n\n", 1)[-1].lstrip(" >").startswith(("- ", "1. "))


def _closed(text: str, mark: str) -> str:
    """The text with an emphasis closed; one around nothing goes, and spaces at its edges stand outside it."""
    at = text.rfind(mark)
    inside = text[at + len(mark) :] if at >= 0 else ""
    words = inside.strip(" \n\\")
    if at < 0 or not words:
        return text[:at] + inside if at >= 0 else text
    start = inside.index(words)
    before, after = inside[:start], inside[start + len(words) :]
    if len(after) >= 1 and after[0] == "\\" and after[1:2] != "\n":
        words, after = inside[start:].rstrip(" \n"), ""
    return f"{text[:at]}{before}{mark}{words}{mark}{after}"


def _closed_code(text: str) -> str:
    at = text.rfind("`")
    inside = text[at + 1 :]
    return f"{text[:at]}`{inside}`" if inside.strip() else text[:at] + " "
