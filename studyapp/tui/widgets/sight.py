"""Bringing a part of a widget into sight, whichever of the things around it scrolls."""

from __future__ import annotations

from textual.geometry import Region
from textual.widget import Widget


def bring_into_sight(widget: Widget, top: int, height: int, *, at_top: bool = False) -> None:
    """Scroll what is around a widget, so that `height` lines from its line `top` on can be seen."""
    for ancestor in widget.ancestors:
        if not isinstance(ancestor, Widget) or ancestor is widget.screen:
            break
        if ancestor.styles.overflow_y in ("auto", "scroll") and ancestor.is_scrollable:
            y = widget.content_region.y - ancestor.content_region.y + round(ancestor.scroll_y) + top
            ancestor.scroll_to_region(Region(0, y, 1, height), animate=False, force=True, top=at_top, x_axis=False)
            return
