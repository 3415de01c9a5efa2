"""The keys of a diagram stand in `studyapp.tui.diagram_keys`, below the widgets and beside the other keys."""

from __future__ import annotations

from studyapp.tui.diagram_keys import DIAGRAM

__all__ = ["DIAGRAM"]
