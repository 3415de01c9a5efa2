"""Reads Moodle's GIFT: each question of a text becomes an item, or is refused with its place and the reason."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from studyapp.packs.interchange.escaping import without_hostile
from studyapp.packs.interchange.gift_syntax import (
    Paragraph,
    Piece,
    Places,
    Weighed,
    answers,
    interval,
    paragraphs,
    weighed,
)
from studyapp.packs.interchange.items import (
    MOST_ITEMS,
    Account,
    BadSource,
    Choice,
    Entry,
    Item,
    Notes,
    Refused,
    bounded,
    carried_tags,
    named,
)
from studyapp.packs.interchange.markup import FORMATS, with_lower_headings
from studyapp.packs.kinds.values import MOST_TEXTS
from studyapp.questions.parts import ALL_OR_NOTHING, PER_OPTION
from studyapp.questions.values import ANY_WORDS, LONGEST_TEXT, matches

MOODLE = "moodle"
TRUE, FALSE = "True", "False"
"""The options of a question that asks whether something is true."""
BLANK = "_____"
"""Stands for the answer where text follows it."""
PART_MARKS = "part of a right answer earns other marks"
DIFFICULTY_TAG = "difficulty-"
ONLY_NAMED = "only its name is there: its kind is none that GIFT can say"

_TRUTHS = {"T": True, "TRUE": True, "F": False, "FALSE": False}
_VERDICTS = {"yes": True, "true": True, "no": False, "false": False}
_FORMAT = re.compile(r"\[(moodle|html|plain|markdown)\]")
_TAG = re.compile(r"\[(id|tag):((?:\\\]|[^\]]){1,100})\]")
_INNER_SIGN = re.compile(r"\n[~=].*[\w\"')\]]=")
_BARE_ANSWERS = re.compile(r"\n(?==.*\n~|~.*\n[=~])")
_PICTURE = re.compile(r"data:[\w/+.-]{1,60};base64,[\w+/=%\s]+", re.ASCII)
"""A picture inside a text, which is not carried and may be long."""
_SLASHES = re.compile(r"(?<!/)/(?!/)")
_ROOTS = re.compile(r"\$\w+\$\Z")
MOST_LEVELS = 4


def difficulty_of(tag: str) -> int:
    """The difficulty that a tag tells; 0 where it tells none."""
    level = tag.removeprefix(DIFFICULTY_TAG)
    return int(level) if level in ("1", "2", "3", "4", "5") and level != tag else 0


def read_gift(text: str) -> Account:
    """The questions of a GIFT text whose lines end in newlines. Raises BadSource where there are too many."""
    places = Places(text)
    entries: list[Entry] = []
    path: tuple[str, ...] = ()
    cut = close = inner = 0
    for paragraph in paragraphs(text):
        if paragraph.category:
            path, deep = _category(paragraph.piece.shown())
            cut += deep
            continue
        if len(entries) == MOST_ITEMS:
            message = f"there are more than {MOST_ITEMS:,} questions: divide the file"
            raise BadSource(message, *places(paragraph.piece.start))
        entry = _absent(paragraph, places) if paragraph.absent else _Question(paragraph, path, places).entry()
        if entries and entries[-1].notes == (ONLY_NAMED,) and entries[-1].name == entry.name:
            del entries[-1]
        entries.append(entry)
        close += paragraph.close
        inner += entry.item is not None and _INNER_SIGN.search(paragraph.piece.text) is not None
    remarks = [f"categories are kept {MOST_LEVELS} levels deep; {cut} go deeper"] if cut else []
    if close:
        remarks.append(f"questions without a blank line above, which Moodle takes for a part of the one there: {close}")
    if inner:
        remarks.append(
            f"questions with '=' inside an answer, where it begins another one; as text it is '\\=': {inner}"
        )
    return Account(tuple(entries), tuple(remarks))


def _absent(paragraph: Paragraph, places: Places) -> Entry:
    """A question of which the source has only the name."""
    line, column = places(paragraph.piece.start)
    return Entry(line, column, named(without_hostile(paragraph.piece.text)[0]), notes=(ONLY_NAMED,))


def _category(line: str) -> tuple[tuple[str, ...], bool]:
    """The path of a category, without the root that Moodle names, and whether it was cut."""
    names = [without_hostile(name.replace("//", "/"))[0].strip() for name in _SLASHES.split(line.partition(":")[2])]
    while names and (_ROOTS.match(names[0]) or names[0] == "top"):
        del names[0]
    kept = [named(name, 100) for name in names if name]
    return tuple(kept[:MOST_LEVELS]), len(kept) > MOST_LEVELS


@dataclass(slots=True)
class _Question:
    """One question while it is read."""

    paragraph: Paragraph
    path: tuple[str, ...]
    places: Places
    notes: Notes = field(default_factory=Notes)
    format: str = MOODLE
    item: Item = field(default_factory=lambda: Item("", ""))

    def entry(self) -> Entry:
        """What becomes of it."""
        piece = self.paragraph.piece
        name, rest = self._title(piece)
        line, column = self.places(piece.start)
        told = without_hostile(name or named(rest.shown()) or named(piece.shown()))[0]
        try:
            item = self._read(rest, name)
            bounded([item.prompt, item.why, *(t for o in item.options for t in (o.text, o.reason)), *item.texts])
        except Refused as error:
            if error.at is not None:
                line, column = self.places(error.at)
            return Entry(line, column, told, notes=(error.message,))
        return Entry(line, column, told, item, self.notes.told())

    def _title(self, piece: Piece) -> tuple[str, Piece]:
        if piece.text.startswith("::"):
            end = piece.text.find("::", 2)
            if end >= 0:
                return named(piece.cut(2, end).shown(), 200), piece.cut(end + 2).stripped()
            return "", piece.cut(2).stripped()
        return "", piece

    def _read(self, rest: Piece, name: str) -> Item:
        opened, closed = rest.text.find("{"), rest.text.find("}")
        if bare := _BARE_ANSWERS.search(rest.text, 0, opened if opened >= 0 else len(rest.text)):
            raise Refused(
                "its answers stand in no braces: '{' comes before them, '}' after", rest.cut(bare.end()).start
            )
        if opened < 0 and closed < 0:
            raise Refused("it is a description: it asks nothing")
        if closed < 0 or opened < 0 or closed < opened:
            sign, other, at = ("{", "}", opened) if closed < 0 else ("}", "{", closed)
            raise Refused(f"'{sign}' stands without its '{other}'", rest.cut(at).start)
        for sign in "{}":
            second = rest.text.find(sign, closed + 1)
            if second >= 0:
                raise Refused(f"a second '{sign}': a question has one pair of braces", rest.cut(second).start)
        answer = rest.cut(opened + 1, closed).stripped()
        before, after = rest.cut(0, opened), rest.cut(closed + 1)
        if self.paragraph.gaps:
            self.notes.add("blank lines inside the braces are left out")
        general = answer.text.rfind("####")
        why = answer.cut(general + 4).stripped() if general >= 0 else None
        answer = answer.cut(0, general).stripped() if general >= 0 else answer
        prompt = self._prompt(before, after)
        self.item = self._tagged(
            Item(
                "", prompt, id=name, objective=self.path, why=self._lowered(self._text(why)) if why is not None else ""
            )
        )
        return self._answered(answer)

    def _prompt(self, before: Piece, after: Piece) -> str:
        found = _FORMAT.match(before.text.lstrip())
        if found is not None:
            self.format = found[1]
        between = f"{BLANK}{after.text}" if after.text.strip() else ""
        text = Piece(before.text.lstrip()[found.end() if found else 0 :] + between, (), 0).shown()
        made = self._lowered(self._converted(text, self.format))
        if not made.strip():
            nothing = (
                "nothing of the question can be carried as text" if text else "there is no question before the answer"
            )
            raise Refused(nothing, before.start)
        return made

    def _tagged(self, item: Item) -> Item:
        """The item with what its comments say of it."""
        tags: list[str] = []
        for kind, written in _TAG.findall("\n".join(self.paragraph.comments)):
            value = written.replace("\\]", "]")
            if kind == "id":
                item = replace(item, id=value.strip())
            elif level := difficulty_of(value.strip()):
                item = replace(item, difficulty=level)
            else:
                tags.append(value)
        return replace(item, tags=carried_tags(tags, self.notes))

    def _lowered(self, text: str) -> str:
        made, notes = with_lower_headings(text)
        self.notes.add(*notes)
        return made

    # -- texts ------------------------------------------------------------------------------------------------------

    def _text(self, piece: Piece) -> str:
        """A text as Markdown; it may name a format of its own."""
        found = _FORMAT.match(piece.text.lstrip())
        text = piece.text.lstrip()[found.end() :] if found else piece.text
        return self._converted(Piece(text, (), 0).shown(), found[1] if found else self.format)

    def _converted(self, text: str, form: str) -> str:
        text = _PICTURE.sub("data:", text)
        bounded([text])
        made, notes = FORMATS[form](text)
        self.notes.add(*notes)
        return made

    def _plain(self, piece: Piece) -> str:
        """A text that is compared with what a learner types, on one line."""
        found = _FORMAT.match(piece.text.lstrip())
        text = piece.text.lstrip()[found.end() :] if found else piece.text
        made, notes = without_hostile(Piece(text, (), 0).shown())
        self.notes.add(*notes)
        return " ".join(made.split()) if "\n" in made or "\t" in made else made

    # -- answers ----------------------------------------------------------------------------------------------------

    def _answered(self, answer: Piece) -> Item:
        text = answer.text
        if not text:
            raise Refused("it is an essay: a person must read the answer")
        if text[0] == "#":
            return self._number(answer.cut(1).stripped())
        if "~" in text:
            return self._options(answer)
        if "=" in text and "->" in text:
            return self._match(answer)
        if text.partition("#")[0].strip() in _TRUTHS:
            return self._truth(answer)
        return self._short(answer)

    def _truth(self, answer: Piece) -> Item:
        first = answer.text.find("#")
        second = answer.text.find("#", first + 1) if first >= 0 else -1
        told = answer.cut(0, first if first >= 0 else None).stripped()
        feedback = [answer.cut(first + 1, second if second >= 0 else None)] if first >= 0 else []
        feedback.extend([answer.cut(second + 1)] if second >= 0 else [])
        right = _TRUTHS[told.text]
        wrong_why, right_why = (self._text(feedback[n]) if n < len(feedback) else "" for n in (0, 1))
        options = tuple(
            Choice(text, holds, right_why if holds else wrong_why)
            for text, holds in ((TRUE, right), (FALSE, not right))
        )
        return replace(self.item, kind="choice", options=options, shuffle=False)

    def _options(self, answer: Piece) -> Item:
        parts = [weighed(part, equals=sign == "=") for sign, part in answers(answer, "~=")]
        options = tuple(
            Choice(self._text(part.text), part.share > 0, self._text(part.feedback) if part.feedback else "")
            for part in parts
        )
        if bare := next((part for part, option in zip(parts, options, strict=True) if not option.text.strip()), None):
            raise Refused("nothing of an option can be carried as text", bare.text.start)
        if not any(part.equals for part in parts):
            return self._several(parts, options)
        right = [part for part in parts if part.share >= 100]
        if any(part.equals and part.weight is not None for part in parts):
            self.notes.add("a weight after '=' is read as one; Moodle takes it for text")
        if any(0 < part.share < 100 for part in parts):
            self.notes.add("an option that earns part of the points counts as wrong")
        if any(part.share < 0 for part in parts):
            self.notes.add("a wrong option takes no points away")
        options = tuple(replace(o, right=part.share >= 100) for o, part in zip(options, parts, strict=True))
        if len(right) == 1:
            return replace(self.item, kind="choice", options=options)
        self.notes.add("each of several options is right by itself there; here all of them are to be chosen")
        return replace(self.item, kind="multi", options=options)

    def _several(self, parts: list[Weighed], options: tuple[Choice, ...]) -> Item:
        self.notes.add(PART_MARKS)
        shares = {part.share for part in parts if part.share > 0}
        wrong = {part.share for part in parts if part.share <= 0}
        if not shares:
            raise Refused("no option is right")
        if max(shares) - min(shares) > Decimal("0.01"):
            self.notes.add("right options weigh the same here")
        if len(wrong) > 1:
            self.notes.add("wrong options weigh the same here")
        scoring = ALL_OR_NOTHING if wrong == {Decimal(-100)} else PER_OPTION
        return replace(self.item, kind="multi", options=options, scoring=scoring)

    def _match(self, answer: Piece) -> Item:
        pairs = []
        for sign, part in answers(answer, "="):
            arrow = part.text.find("->")
            if not sign or arrow < 0:
                raise Refused("a pair is written '=left -> right'", part.start)
            left, right = part.cut(0, arrow).stripped(), part.cut(arrow + 2).stripped()
            if "#" in right.text:
                raise Refused("a pair has no feedback", right.cut(right.text.index("#")).start)
            pairs.append((self._cell(left), self._cell(right)))
        told = [right.casefold() for _, right in pairs]
        if len(set(told)) < len(told) and all(left for left, _ in pairs) and _VERDICTS.keys() >= set(told):
            self.notes.add("pairs with yes and no become a series of statements")
            options = tuple(Choice(left, _VERDICTS[right]) for (left, _), right in zip(pairs, told, strict=True))
            return replace(self.item, kind="yes-no", options=options, scoring=PER_OPTION)
        return replace(self.item, kind="match", pairs=tuple(pairs))

    def _cell(self, piece: Piece) -> str:
        made = self._text(piece)
        if "\n" in made:
            self.notes.add("line breaks in a pair become spaces")
            made = re.sub(r"\s*\\?\n\s*", " ", made)
        return made

    def _short(self, answer: Piece) -> Item:
        texts: list[str] = []
        told: list[str] = []
        for _, piece in answers(answer, "="):
            part = weighed(piece, equals=True)
            text = self._plain(part.text)
            if part.feedback is not None:
                told.append(f"{FORMATS['plain'](text)[0]}: {self._text(part.feedback)}")
            # Of answers that say the same to both programs the first one counts.
            if any(matches(other, text) for other in texts):
                continue
            if part.share >= 100:
                self._accept(text, texts)
            elif part.share > 0 or ANY_WORDS not in text:
                self.notes.add(f"the answer {named(text, 30)!r} earns {part.share}% there and counts as wrong here")
        if not texts:
            raise Refused("no answer is right in full and can be carried")
        return replace(self._explained(told), kind="text", texts=tuple(texts))

    def _accept(self, text: str, texts: list[str]) -> None:
        if any(ANY_WORDS in word and word != ANY_WORDS for word in text.split()):
            self.notes.add(f"the answer {named(text, 30)!r} is left out: '*' stands for whole words here")
        elif set(text.split()) == {ANY_WORDS}:
            self.notes.add("the answer '*', which accepts everything, is left out")
        elif len(text) > LONGEST_TEXT or len(texts) == MOST_TEXTS:
            raise Refused(f"more than {MOST_TEXTS} answers, or one of more than {LONGEST_TEXT} characters")
        else:
            texts.append(text)

    def _explained(self, told: list[str]) -> Item:
        """The item, with the feedback on typed answers in its explanation."""
        if not told:
            return self.item
        self.notes.add("feedback on an answer is told in the explanation")
        return replace(self.item, why="\n\n".join(part for part in (self.item.why, *told) if part))

    def _number(self, answer: Piece) -> Item:
        found: list[tuple[Decimal, Decimal]] = []
        told: list[str] = []
        wrong = answer.text.find("~")
        if wrong >= 0:
            self.notes.add("feedback on wrong answers is left out")
            answer = answer.cut(0, wrong).stripped()
        for _, piece in answers(answer, "="):
            part = weighed(piece, equals=True)
            value = interval(part.text)
            if part.feedback is not None:
                told.append(f"{FORMATS['plain'](self._plain(part.text))[0]}: {self._text(part.feedback)}")
            if part.share < 100:
                self.notes.add(f"the answer {part.text.shown()} earns {part.share}% there and counts as wrong here")
            elif value not in found:
                found.append(value)
        if not found:
            raise Refused("no number is right in full")
        if len(found) > 1:
            raise Refused("several numbers are right, and a question of ours has one")
        number, tolerance = (float(value) for value in found[0])
        return replace(self._explained(told), kind="number", number=number, tolerance=tolerance)
