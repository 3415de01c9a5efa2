"""The keys of a diagram. They work while it has the focus; one that may only be looked at leaves most to others."""

from __future__ import annotations

from textual.binding import Binding


def _key(keys: str, action: str, word: str, tooltip: str, id: str, *, show: bool = True) -> Binding:
    return Binding(keys, action, word, tooltip=tooltip, id=f"diagram.{id}", show=show)


DIAGRAM: tuple[Binding, ...] = (
    _key("left", "select('left')", "Left", "Select the thing before", "left", show=False),
    _key("right", "select('right')", "Right", "Select the next thing", "right", show=False),
    _key("up", "select('up')", "Up", "Select the thing above", "up", show=False),
    _key("down", "select('down')", "Down", "Select the thing below", "down", show=False),
    _key("x", "break", "Break", "Choose what goes wrong with what is selected", "break"),
    _key("r", "repair", "Repair", "Put right what is wrong with what is selected", "repair"),
    _key("space", "play", "Play", "Play what happens, or pause; at the end, play it again", "play"),
    _key("full_stop", "step(1)", "Step", "One event on", "step"),
    _key("comma", "step(-1)", "Step back", "One event back", "step-back"),
    _key("0", "start_over", "Reset", "Take back all that you did, before the first event", "start-over"),
    _key("w", "why", "Why", "Why the last event happened, or why nothing followed", "why"),
    _key("b", "course", "Other outcome", "The next outcome that chance may bring", "course"),
    _key("u", "undo", "Undo", "Take back what you did last", "undo", show=False),
    _key("end", "to_end", "To the end", "All that happens, at once", "end", show=False),
    _key("enter", "change", "Change", "Break or repair what is selected", "change", show=False),
    _key("l", "legend", "Signs", "What the signs and lines mean", "legend"),
)

MENU = (_key("escape,x,r,q", "leave", "Back", "Leave everything as it is", "leave-menu"),)
"""The keys of a menu over a diagram, with those of lists."""
NOTE = (_key("escape,enter,space,w,l,u,q", "leave", "Back", "Go back to the picture", "leave-note"),)
"""The keys of what a diagram explains."""
