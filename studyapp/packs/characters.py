"""Characters that a reader cannot see, or that a terminal obeys: found with their place, shown by a visible stand-in.

A pack is a stranger's text. An escape sequence moves the cursor, a bidirectional control turns a sentence round, a
zero-width character makes two words that look the same differ: none of them gets through to a screen.
"""

from __future__ import annotations

import html
import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import ascii_letters

_HOSTILE = (
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 and C1 controls, but for tab and newline
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional controls
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\ufe00-\ufe0d\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # nothing to see, or not alone
    "\u2028\u2029"  # line breaks that editors do not show as such
    "\ud800-\udfff"  # halves of characters
    "]"
)
_PLAIN = b"\t\n" + bytes(range(0x20, 0x7F))
_LOOK_ALIKE = frozenset(
    "\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u0455\u0456\u0458\u04bb\u0501\u051b\u051d"  # aceopxysijhdqw
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0405\u0406\u0408"  # ABEKMHOPCTXSIJ
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf"  # ABEZHIKMNOPTYXo
)
"""Cyrillic letters, and below them Greek ones, that look like the Latin ones behind them."""
_LATIN = frozenset(ascii_letters)
_WORD = re.compile(r"[^\W_]+")
_NUMBERED = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}));")
TAB = 4
"""Columns from one tab stop to the next, in what is shown."""


@dataclass(frozen=True, slots=True)
class Hostile:
    """A character that is not to be in a pack; `line` and `column` count from 1."""

    line: int
    column: int
    name: str


def clean_text(text: str) -> str:
    """The text with a visible stand-in for every character that hides or acts: `␛`, `<U+202E>`.

    Newlines stay, a carriage return before one goes, a tab becomes spaces up to the next stop.
    """
    if text.isascii() and text.isprintable():
        return text
    return re.sub(_HOSTILE, lambda found: _stand_in(found[0]), text.replace("\r\n", "\n")).expandtabs(TAB)


def is_plain(text: str) -> bool:
    """The text holds nothing but printable ASCII, tabs and newlines: the quick answer for nearly every text."""
    return text.isascii() and not text.encode().translate(None, _PLAIN)


def is_hostile(character: str) -> bool:
    """A single character is not to be in a pack."""
    return re.match(_HOSTILE, character) is not None


def hostile_characters(text: str) -> Iterator[Hostile]:
    """Each hostile character of a text whose lines end in a newline, in order."""
    if is_plain(text) or not re.search(_HOSTILE, text):
        return
    for number, line in enumerate(text.split("\n"), start=1):
        for found in re.finditer(_HOSTILE, line.removesuffix("\r")):
            yield Hostile(number, found.start() + 1, character_name(found[0]))


def hostile_entity(written: str) -> str:
    """The name of the hostile character that an HTML entity such as `&#x202E;` or `&rlm;` stands for; empty where it
    stands for none.
    """
    number = _NUMBERED.fullmatch(written)
    code = int(number[1], 16) if number and number[1] else int(number[2]) if number else 0
    text = html.unescape(written) if number is None else chr(code) if code <= sys.maxunicode else ""
    return next((each.name for each in hostile_characters(text)), "")


def mixed_words(text: str) -> Iterator[Hostile]:
    """Each word of Latin letters in which some are of another alphabet and look the same, named by the first of those.

    What those who write in that alphabet would write is none: there are letters in it that look like no Latin ones.
    """
    for number, line in enumerate(text.split("\n") if not text.isascii() else (), start=1):
        for found in _WORD.finditer(line) if not line.isascii() else ():
            letters = {each for each in found[0] if not each.isdigit()}
            if letters & _LATIN and letters & _LOOK_ALIKE and letters <= _LATIN | _LOOK_ALIKE:
                other = next(each for each in found[0] if each in _LOOK_ALIKE)
                yield Hostile(number, found.start() + 1, character_name(other))


def character_name(character: str) -> str:
    """How a finding names a character: its code, and its name where it has one."""
    names = {
        "\n": "NEWLINE",
        "\t": "TAB",
        "\r": "CARRIAGE RETURN",
        "\x1b": "ESCAPE",
        "\x00": "NULL",
        "\x07": "BELL",
        "\x08": "BACKSPACE",
        "\x7f": "DELETE",
    }
    name = unicodedata.name(character, "") or names.get(character, "a control character")
    return f"U+{ord(character):04X} {name}"


def _stand_in(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "\N{SYMBOL FOR DELETE}" if code == 0x7F else f"<U+{code:04X}>"


def locale_shows_unicode(environ: Mapping[str, str]) -> bool:
    """Whether a locale is one of more than ASCII.

    A locale of `C` that was asked for counts, also where Python has quietly changed `LC_CTYPE` because of it.
    """
    asked = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    if asked in ("C.UTF-8", "C.utf8", "UTF-8") and not environ.get("LC_ALL") and environ.get("LANG") in ("C", "POSIX"):
        return False
    return asked not in ("C", "POSIX") and ("." not in asked or "utf" in asked.lower())
