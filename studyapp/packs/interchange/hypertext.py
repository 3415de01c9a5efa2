"""Markdown out of HTML: emphasis, code, paragraphs, lists, quotations and links; the rest is told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from studyapp.packs.interchange.escaping import Converted, escaped_starts, without_hostile
from studyapp.packs.interchange.looks import BOLD, Mark, is_loud, link, marks_of, styles
from studyapp.packs.interchange.paragraph import Run, written

_PARTS = frozenset(("p", "div", "section", "article", "center", "dl", "dt", "dd", "figure", "figcaption", "address"))
_SILENT = frozenset(("script", "style", "head", "title", "iframe", "object", "noscript", "template", "textarea"))
_BARE = frozenset(("html", "body", "span", "label", "tbody", "thead", "colgroup", "col", "wbr", "o:p"))
"""What changes nothing but looks."""
_INLINE = frozenset(("b", "strong", "i", "em", "span", "font", "u"))
_CODE = frozenset(("code", "tt", "kbd", "samp"))
_HEADS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_TABLE = frozenset(("table", "tr", "td", "th"))
_MATHEMATICS = re.compile(r"\$\$.+?\$\$|\\\(.+?\\\)|\\\[.+?\\\]", re.DOTALL)
_BULLET, _NUMBER, _QUOTE = "- ", "1. ", "> "
_HOLDERS = {"ul": _BULLET, "ol": _NUMBER, "blockquote": _QUOTE}
_DEEPEST = 12
_MOST_OPEN = 50
_UNFINISHED = re.compile(r"</[a-zA-Z][^<>]{0,60}(?=<)")
_NO_ELEMENT = re.compile(r"<(?!/?[a-zA-Z][^<]*>|[!?])")
_SHIFTED = {
    "sup": ("^", str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")),
    "sub": ("_", str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")),
}
"""What stands before text that is raised or lowered and has no characters of its own for that."""


def from_html(text: str) -> Converted:
    """HTML."""
    return _html(text, keep_lines=False)


def from_moodle(text: str) -> Converted:
    """What Moodle calls its own format: HTML whose line breaks count."""
    return _html(text, keep_lines=True)


def _html(text: str, *, keep_lines: bool) -> Converted:
    reader = _Html(keep_lines)
    clean, notes = without_hostile(text)
    if keep_lines:
        clean = clean.strip()
    reader.feed(_tame(clean))
    reader.close()
    made, more = reader.made()
    again, last = without_hostile(made)
    return again, tuple(dict.fromkeys((*notes, *more, *last)))


def _tame(text: str) -> str:
    """The text without what the library's parser takes long for or stops at: a `<` that begins no element is text."""
    # Marked sections mean nothing in HTML.
    text = _UNFINISHED.sub(r"\g<0>>", text.replace("<![", "&lt;!["))
    return _NO_ELEMENT.sub("&lt;", text)


@dataclass(slots=True)
class _Holder:
    """A quotation or list that is open: its mark, whether that is due at the next line, and whether any was written."""

    mark: str
    due: bool = False
    started: bool = False

    def starts(self) -> tuple[str, str]:
        """What the first line in it begins with, and what each further one does."""
        if self.mark == _QUOTE:
            return self.mark, self.mark
        further = " " * (len(self.mark) if self.due or self.started else 0)
        return self.mark if self.due else further, further


class _Html(HTMLParser):
    """Builds Markdown block by block: `blocks` are finished, `runs` are the paragraph under way."""

    def __init__(self, keep_lines: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.keep_lines = keep_lines
        self.blocks: list[str] = []
        self.runs: list[Run] = []
        self.said: list[str] = []
        self.notes: list[str] = []
        self.holders: list[_Holder] = []
        self.open: list[tuple[str, tuple[Mark, ...]]] = []
        self.shifts: list[str] = []
        self.silent = 0
        self.code = 0
        self.pre = False

    def made(self) -> Converted:
        self.end_block()
        if _MATHEMATICS.search("".join(self.said)):
            self.notes.append("mathematics is shown as it is written")
        text = ""
        for block in self.blocks:
            tight = text and block.lstrip(" >").startswith((_BULLET, _NUMBER)) and "\n\n" not in block
            text += ("\n" if tight and _in_list(text) else "\n\n" if text else "") + block
        return text.strip("\n"), tuple(dict.fromkeys(self.notes))

    def end_block(self) -> None:
        """Finish the paragraph under way."""
        if self.pre:
            body = "".join(run.text for run in self.runs).replace("```", "'''").strip("\n")
            lines = ["```", *body.split("\n"), "```"] if body.strip() else []
        else:
            text, whole = written(self.runs)
            lines = escaped_starts(text).split("\n") if text else []
            if not whole:
                self.notes.append("emphasis is left out where Markdown has no way to write it")
        self.runs = []
        if not lines:
            return
        starts = [each.starts() for each in self.holders[:_DEEPEST]]
        first, further = ("".join(each[place] for each in starts) for place in (0, 1))
        self.blocks.append("\n".join(f"{further if n else first}{line}".rstrip(" ") for n, line in enumerate(lines)))
        for each in self.holders:
            each.started, each.due = each.started or each.due, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _SILENT:
            self.silent += 1
            self.notes.append(f"<{tag}> is left out")
        elif not self.silent:
            if is_loud(style := styles(given.get("style", ""))):
                self.notes.append("colours, and lines under or through text, are left out")
            self.start(tag, given, style)

    def start(self, tag: str, given: dict[str, str], style: dict[str, str]) -> None:
        """Begin an element that is shown."""
        if tag == "br":
            self.add("\n")
        elif tag in _PARTS:
            self.end_block()
        elif tag in _HEADS:
            self.end_block()
            self.notes.append("a heading is shown in bold")
            self.open.append((tag, (BOLD,)))
        elif tag in _CODE:
            self.code += not self.pre
        elif tag == "pre":
            self.end_block()
            self.pre = True
        elif tag in ("ul", "ol"):
            self.end_block()
            self.holders.append(_Holder(_NUMBER if tag == "ol" else _BULLET))
        elif tag == "li":
            self.end_block()
            if not self.holders or self.holders[-1].mark == _QUOTE:
                self.holders.append(_Holder(_BULLET))
            self.holders[-1].due = True
        elif tag == "blockquote":
            self.end_block()
            self.holders.append(_Holder(_QUOTE))
        elif tag == "a":
            mark = link(given.get("href", ""))
            self.open.append((tag, (mark,) if mark else ()))
            if not mark:
                self.notes.append("a link that leads nowhere safe is left out")
        elif tag == "img":
            self.notes.append("a picture is left out")
            self.add(" ".join(given.get("alt", "").split()))
        elif tag in _TABLE:
            self.notes.append("a table is shown as lines")
            self.add("\n" if tag == "tr" else " ")
        elif tag == "hr":
            self.end_block()
        elif tag in _SHIFTED:
            self.shifts.append(tag)
        else:
            if tag in _INLINE and len(self.open) < _MOST_OPEN:
                self.open.append((tag, marks_of(tag, style)))
            if tag not in _BARE and tag not in ("b", "strong", "i", "em"):
                self.notes.append(f"<{_tag(tag)}> is shown as its text")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(self.silent - 1, 0)
        elif self.silent:
            return
        elif tag in _PARTS:
            self.end_block()
        elif tag in _HEADS:
            self.end_block()
            self.shut(tag)
        elif tag in _INLINE or tag == "a":
            self.shut(tag)
        elif tag in _CODE and self.code:
            self.code -= 1
        elif tag == "pre" and self.pre:
            self.end_block()
            self.pre = False
        elif tag == "li":
            self.end_block()
            if self.holders:
                self.holders[-1].due = False
        elif tag in _HOLDERS:
            self.end_block()
            self.leave(_HOLDERS[tag])
        elif tag in _SHIFTED and tag in self.shifts:
            self.shifts.remove(tag)

    def leave(self, mark: str) -> None:
        """End the innermost list or quotation of this kind, and what is open in it."""
        if mark in (each.mark for each in self.holders):
            while self.holders.pop().mark != mark:
                pass

    def shut(self, tag: str) -> None:
        """End the innermost element with this name."""
        for place in reversed(range(len(self.open))):
            if self.open[place][0] == tag:
                del self.open[place]
                return

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        self.said.append(data)
        if self.pre:
            self.runs.append(Run(data.replace("\N{NO-BREAK SPACE}", " ")))
        else:
            lines = data.split("\n") if self.keep_lines and not self.code else [data]
            self.add("\n".join(re.sub(r"[^\S\xa0]+", " ", line) for line in lines))

    def add(self, text: str) -> None:
        """Text of the paragraph under way; a newline breaks the line."""
        if self.shifts and text.strip() and not self.pre:
            text = self.shifted(text.strip())
        marks = tuple(dict.fromkeys(mark for _, marks in self.open for mark in marks))
        self.runs.append(Run(text, marks, bool(self.code)))

    def shifted(self, text: str) -> str:
        """Text that is raised or lowered."""
        sign, table = _SHIFTED[self.shifts[-1]]
        if all(ord(character) in table for character in text):
            return text.translate(table)
        self.notes.append(f"<{self.shifts[-1]}> is shown with {sign}")
        return f"{sign}{text}" if len(text) == 1 else f"{sign}({text})"

    def handle_comment(self, data: str) -> None:
        self.notes.append("a comment is left out")

    def handle_decl(self, decl: str) -> None:
        self.notes.append("a declaration is left out")

    def unknown_decl(self, data: str) -> None:
        self.notes.append("a declaration is left out")

    def handle_pi(self, data: str) -> None:
        self.notes.append("a declaration is left out")


def _tag(tag: str) -> str:
    return re.sub(r"[^a-z0-9:-]", "?", tag[:20])


def _in_list(text: str) -> bool:
    return text.rsplit("\n\n", 1)[-1].lstrip(" >").startswith((_BULLET, _NUMBER))
