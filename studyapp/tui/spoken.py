"""Sentences that name keys: they name those in force, whichever a person has given to an action.

Such a text has the id of an action in braces: `Press {question.retry} to try again.`
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from textual.app import App
from textual.content import Content

from studyapp.tui.keymap import places, usual
from studyapp.tui.keys import shown

Keymap = Mapping[str, str]
"""The keys that a person has given, by the ids of their actions."""


class NamesKeys:
    """Something whose texts name keys. Mixed into widgets and screens."""

    def name_keys(self) -> None:
        """Say the texts anew: a person has given other keys."""
        raise NotImplementedError


_ACTION = re.compile(r"\{([a-z-]+\.[a-z-]+)\}")


def keymap_of(app: App[Any]) -> Keymap:
    """The keys that the person at a program has given; none where it has no settings."""
    desk = getattr(app, "desk", None)
    return desk.settings.keys if desk is not None else {}


def keys_of(action: str, keymap: Keymap) -> tuple[str, ...]:
    """The keys in force for the action with this id, as people write them, the one to be named first."""
    return tuple(shown(each) for each in (keymap.get(action) or usual(action)).split(","))


def spoken(text: str, keymap: Keymap) -> str:
    """A text with the key in force in place of each action."""
    return _ACTION.sub(lambda action: keys_of(action[1], keymap)[0], text)


def quietly(text: str, keymap: Keymap) -> Content:
    """The same in quiet words, each key in bold ones: without colours too `,` is seen to be a key."""
    parts = enumerate(_ACTION.split(text))
    return Content.assemble(
        *((keys_of(part, keymap)[0], "bold $quiet") if number % 2 else (part, "$quiet") for number, part in parts)
    )


def written_keys(keymap: Keymap, where: Sequence[str]) -> dict[str, str]:
    """What to write instead of a key that a text names as the program has it, for those that a person has changed.

    A key that does several things is the one of the first of the places `where` it works, by their names.
    """
    known = dict(places())
    named: dict[str, str] = {}
    for binding in (binding for place in where for binding in known[place]):
        now = keys_of(binding.id, keymap)[0] if binding.id is not None and binding.id in keymap else ""
        for name in map(shown, binding.key.split(",")):
            named.setdefault(name, now or name)
    return {name: now for name, now in named.items() if name != now}
