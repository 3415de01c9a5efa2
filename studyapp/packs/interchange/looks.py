"""How HTML makes text stand out: what of it Markdown has, and what is lost."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s<>()\\]+\Z", re.IGNORECASE)
_HEX = re.compile(r"#(?:([0-9a-f])([0-9a-f])([0-9a-f])|([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2}))\Z")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?:,\s*[\d.]+\s*)?\)\Z")
_NO_COLOUR = frozenset(("", "inherit", "initial", "unset", "none", "transparent", "black", "white", "gray", "grey"))
_GREY = 16
"""By how much the parts of a colour of 256 shades differ that is taken for a shade of grey."""
_LIGHT = re.compile(r"normal|lighter|[1-5]00")
_HEAVY = re.compile(r"bold|bolder|[6-9]00")


@dataclass(frozen=True, slots=True)
class Mark:
    """What Markdown writes around a stretch of text."""

    before: str
    after: str


BOLD = Mark("**", "**")
ITALIC = Mark("*", "*")


def link(address: str) -> Mark | None:
    """The mark of a link to the web or of an address; none for any other."""
    return Mark("[", f"]({address})") if _ADDRESS.match(address) else None


def styles(text: str) -> dict[str, str]:
    """The properties of a `style`, in small letters."""
    pairs = (each.partition(":") for each in text.lower().split(";"))
    return {name.strip(): value.removesuffix("!important").strip() for name, _, value in pairs}


def marks_of(tag: str, style: dict[str, str]) -> tuple[Mark, ...]:
    """How an element emphasises: by its name, unless its style says otherwise."""
    weight, slant = style.get("font-weight", ""), style.get("font-style", "")
    bold = bool(_HEAVY.fullmatch(weight)) or (tag in ("b", "strong") and not _LIGHT.fullmatch(weight))
    italic = slant in ("italic", "oblique") or (tag in ("i", "em") and slant != "normal")
    return (*((BOLD,) if bold else ()), *((ITALIC,) if italic else ()))


def is_loud(style: dict[str, str]) -> bool:
    """Whether a style says what Markdown cannot: a colour that is no grey, a line under or through the text."""
    lines = style.get("text-decoration", "") + style.get("text-decoration-line", "")
    colours = (style.get(name, "") for name in ("color", "background", "background-color"))
    return "underline" in lines or "line-through" in lines or any(map(_is_colour, colours))


def _is_colour(value: str) -> bool:
    if value in _NO_COLOUR:
        return False
    if found := _HEX.match(value):
        parts = [int(each * (3 - len(each)), 16) for each in found.groups() if each]
    elif found := _RGB.match(value):
        parts = [int(each) for each in found.groups()]
    else:
        return True
    return max(parts) - min(parts) > _GREY
