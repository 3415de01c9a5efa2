"""Keys of a person's own: which may be given to an action, and what they would clash with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from textual.binding import Binding

from studyapp.tui.diagram_keys import DIAGRAM, MENU, NOTE
from studyapp.tui.keys import PLACES, shown

Place = tuple[str, tuple[Binding, ...]]

DIAGRAM_PLACE = "Diagram"
EVERYWHERE = "Everywhere"
LIVING_TOGETHER: tuple[frozenset[str], ...] = (
    frozenset({"Home", "Lists"}),
    frozenset({"Lesson", "Text", "Lists", DIAGRAM_PLACE, "Question", "Feedback"}),
    frozenset({"Lesson", "Find in a lesson"}),
    frozenset({"Question", "How sure you are", "Lists", DIAGRAM_PLACE}),
    frozenset({"Feedback", "Question", "Text", DIAGRAM_PLACE}),
    frozenset({"Exam", "Question", "Text", DIAGRAM_PLACE}),
    frozenset({"Looking back on an exam", "Question", "Text", DIAGRAM_PLACE}),
    frozenset({"Before an exam", "Text"}),
    frozenset({"Glossary", "Text"}),
    frozenset({"All questions of an exam", "Lists"}),
    frozenset({"Menu of a diagram", "Lists"}),
    frozenset({"Packs", "Lists"}),
    frozenset({"Preview of a pack", "Lists", "Text", DIAGRAM_PLACE}),
)
"""Places whose keys may work at the same time; those of a place and of everywhere always may."""
NEEDED = frozenset({"escape", "enter", "tab", "shift+tab", "ctrl+c", "ctrl+q", "question_mark", *"0123456789"})
"""Keys that are given to nothing else: they lead out, go on, go round or choose by number."""

_NAME = re.compile(r"(ctrl\+|shift\+)?[a-z0-9_]{1,24}|[A-Z]")


def places() -> tuple[Place, ...]:
    """Every place with its keys as the program has them, the diagram's included."""
    return (*PLACES, (DIAGRAM_PLACE, DIAGRAM), ("Menu of a diagram", MENU), ("Explanation of a diagram", NOTE))


FIXED = frozenset(
    {"app.quit", "app.help", "typed.lock"}
    | {each.id for _, bindings in places() for each in bindings if each.id and "escape" in each.key.split(",")}
)
"""Actions that keep their keys: without them nobody finds the way out of a mistake, or out of a field."""


def changed(bindings: tuple[Binding, ...], keymap: Mapping[str, str]) -> tuple[Binding, ...]:
    """Bindings with the keys that a person has given them."""
    return tuple(
        replace(binding, key=keymap[binding.id]) if binding.id is not None and binding.id in keymap else binding
        for binding in bindings
    )


def binding_of(action: str) -> Binding | None:
    """The action with this id, with the keys that the program gives it; None where there is no such action."""
    return next((each for _, bindings in places() for each in bindings if each.id == action), None)


def usual(action: str) -> str:
    """The keys that the program gives to an action, with commas between; empty where there is no such action."""
    binding = binding_of(action)
    return binding.key if binding is not None else ""


def misfit(action: str, key: str, keymap: Mapping[str, str]) -> str:
    """Why a key cannot be given to the action with this id, as a sentence; empty where it can."""
    if not usual(action):
        return f"There is no action {action}."
    if action in FIXED:
        return "This action keeps its keys, so that there always is a way back."
    if not _NAME.fullmatch(key) or key.startswith("shift+"):
        return f"{shown(key)} is no key that every terminal sends: take a letter, ctrl and a letter, or F1 to F12."
    if key in NEEDED:
        return f"{shown(key)} is needed for what it does, and cannot be given away."
    return clashes(action, key, keymap)


def clashes(action: str, key: str, keymap: Mapping[str, str]) -> str:
    """A sentence on another action that has a key where this one works; empty where there is none."""
    clash = next(_others(action, key, keymap), None)
    return "" if clash is None else f'{shown(key)} is taken: "{clash.description}" uses it in the same place.'


def _others(action: str, key: str, keymap: Mapping[str, str]) -> Iterator[Binding]:
    """Other actions that have a key where this one may work. Two that have it from the start are told apart by what has
    the focus, or by what is going on.
    """
    homes = {place for place, bindings in places() if any(each.id == action for each in bindings)}
    near = {EVERYWHERE, *homes}.union(*(group for group in LIVING_TOGETHER if group & homes))
    theirs_from_the_start = key in usual(action).split(",")
    for place, bindings in places():
        if EVERYWHERE in homes or place in near:
            for binding in changed(bindings, keymap):
                excused = theirs_from_the_start and binding.id not in keymap
                if binding.id != action and key in binding.key.split(",") and not excused:
                    yield binding


def sound(keymap: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The keys of a file that can be had, each looked at beside those before it, and a sentence on each that cannot."""
    taken: dict[str, str] = {}
    troubles = []
    for action, key in keymap.items():
        why_not = misfit(action, key, taken)
        if why_not:
            troubles.append(f'The key "{key[:40]}" for "{action[:40]}" is left out: {why_not}')
        else:
            taken[action] = key
    return taken, tuple(troubles)
