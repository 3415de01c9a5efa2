"""Writes items as Moodle's GIFT. Every text is Markdown, and says so."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from studyapp.packs.interchange.escaping import escaped
from studyapp.packs.interchange.gift_reading import DIFFICULTY_TAG, FALSE, PART_MARKS, TRUE, difficulty_of, read_gift
from studyapp.packs.interchange.gift_syntax import escape
from studyapp.packs.interchange.items import DIFFICULTY, Choice, Entry, Item, Notes, Refused
from studyapp.packs.interchange.writing import plain_number
from studyapp.questions.parts import ALL_OR_NOTHING
from studyapp.questions.values import ANY_WORDS

MARK = "[markdown]"
_OPENS = re.compile(r"\[(?:moodle|html|plain|markdown)\]|%")
_MARKUP = re.compile(r"[\\`*_<&\[]")


def write_gift(entries: list[Entry]) -> tuple[str, list[Entry]]:
    """The text of a GIFT file, and what became of each entry."""
    lines: list[str] = []
    told: list[Entry] = []
    path: tuple[str, ...] = ()
    for entry in entries:
        if entry.item is None:
            told.append(entry)
            continue
        notes = Notes(list(entry.notes))
        try:
            written = _question(_carried(entry.item, notes))
        except Refused as error:
            told.append(replace(entry, item=None, notes=(error.message,)))
            continue
        back = read_gift(written).items
        if not notes.found and back != (replace(entry.item, objective=()),):
            notes.add("spaces at the edges of its texts are lost")
        if entry.item.objective != path:
            path = entry.item.objective
            lines.append("$CATEGORY: " + "/".join(escape(name.replace("/", "//")) for name in path))
        lines.append(written)
        told.append(replace(entry, notes=notes.told()))
    return "\n\n".join([*lines, ""])[: -1 if lines else None], told


def _carried(item: Item, notes: Notes) -> Item:
    """The item as GIFT can say it. Raises Refused."""
    if item.hints:
        notes.add("hints are left out")
    if any(map(difficulty_of, item.tags)):
        notes.add("a tag that tells a difficulty is left out")
    if any(tag.endswith("\\") for tag in item.tags):
        notes.add("a tag that ends in '\\' is left out: there it keeps the bracket open")
    said = tuple(tag for tag in item.tags if not difficulty_of(tag) and not tag.endswith("\\"))
    item = replace(item, tags=said)
    if not item.shuffle and not _is_truth(item):
        notes.add("its options may be shown in another order")
    if item.kind == "multi":
        notes.add(PART_MARKS)
    if item.kind == "yes-no":
        notes.add("a series of statements becomes pairs with yes and no, without feedback")
        pairs = tuple((option.text, "yes" if option.right else "no") for option in item.options)
        item = replace(item, kind="match", pairs=pairs, options=())
    elif item.kind == "order":
        notes.add("steps are paired with their places")
        pairs = tuple((text, str(place)) for place, text in enumerate(item.texts, start=1))
        item = replace(item, kind="match", pairs=pairs, texts=())
    elif item.kind == "number" and item.unit:
        notes.add("the unit is told in the question")
        item = replace(item, prompt=f"{item.prompt}\n\n(In {escaped(item.unit)}.)", unit="")
    if item.kind == "match":
        item = replace(item, pairs=tuple((_left(left, notes), _cell(right, notes)) for left, right in item.pairs))
        if any(_MARKUP.search(right) for _, right in item.pairs):
            notes.add("Moodle shows the marks of right cells as they are")
    return replace(item, hints=(), shuffle=True if not _is_truth(item) else item.shuffle)


def _is_truth(item: Item) -> bool:
    texts = tuple(option.text for option in item.options)
    return item.kind == "choice" and texts == (TRUE, FALSE) and not item.shuffle


def _left(text: str, notes: Notes) -> str:
    if "->" in text:
        notes.add("'->' in a left cell is written '-\\>'")
    return _cell(text, notes).replace("->", "-\\>")


def _cell(text: str, notes: Notes) -> str:
    if "\n" in text:
        notes.add("line breaks in a pair become spaces")
    return re.sub(r"\s*\\?\n\s*", " ", text)


def _question(item: Item) -> str:
    tags = [f"[id:{item.id}]"]
    if item.difficulty != DIFFICULTY:
        tags.append(f"[tag:{DIFFICULTY_TAG}{item.difficulty}]")
    tags.extend(f"[tag:{tag}]" for tag in item.tags)
    answers = _ANSWERS[item.kind](item)
    why = f"####{MARK}{escape(item.why)}" if item.why else ""
    inside = "\n".join(line for line in (*answers, why) if line)
    return f"// {' '.join(tags)}\n::{escape(item.id)}::{MARK}{escape(item.prompt)} {{\n{inside}\n}}"


def _text(text: str) -> str:
    """A text after a sign; one that begins like a format or a weight says its format first."""
    return f"{MARK if _OPENS.match(text) else ''}{escape(text)}"


def _feedback(option: Choice) -> str:
    return f"#{_text(option.reason)}" if option.reason else ""


def _choice(item: Item) -> list[str]:
    if not _is_truth(item):
        return [f"{'=' if option.right else '~'}{_text(option.text)}{_feedback(option)}" for option in item.options]
    right = next(option for option in item.options if option.right)
    wrong = next(option for option in item.options if not option.right)
    said = "TRUE" if right.text == TRUE else "FALSE"
    if not right.reason and not wrong.reason:
        return [said]
    return [f"{said}#{_text(wrong.reason)}" + (f"#{_text(right.reason)}" if right.reason else "")]


def _multi(item: Item) -> list[str]:
    right = sum(option.right for option in item.options)
    if not right:
        raise Refused("no option is right")
    share = f"{100 / right:.5f}".rstrip("0").rstrip(".")
    loss = "-100" if item.scoring == ALL_OR_NOTHING else "-50" if right == 1 else f"-{share}"
    return [f"~%{share if o.right else loss}%{_text(o.text)}{_feedback(o)}" for o in item.options]


def _match(item: Item) -> list[str]:
    return [f"={_text(left)} -> {_text(right)}" for left, right in item.pairs]


def _texts(item: Item) -> list[str]:
    if any("->" in text for text in item.texts):
        raise Refused("GIFT takes '->' in a short answer for a pair")
    if any("\\*" in text or (ANY_WORDS in text and ANY_WORDS not in text.split()) for text in item.texts):
        raise Refused("'*' stands for any signs in a short answer of GIFT")
    return [f"=%100%{escape(text)}" if text.startswith(("%", "[")) else f"={escape(text)}" for text in item.texts]


def _number(item: Item) -> list[str]:
    return [f"#{plain_number(item.number)}:{plain_number(item.tolerance)}"]


_ANSWERS: Mapping[str, Callable[[Item], list[str]]] = MappingProxyType(
    {"choice": _choice, "multi": _multi, "match": _match, "text": _texts, "number": _number}
)
