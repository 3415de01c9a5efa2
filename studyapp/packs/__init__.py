"""Authors' files in, typed content out; every problem with its line and column. Reads disk, remembers nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studyapp.packs.scenarios import load_scenario

__all__ = ["load_scenario"]


def __getattr__(name: str) -> object:
    """Import what is asked for when it is asked for: who wants the room's places should not pay for its parsers."""
    if name != "load_scenario":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from studyapp.packs.scenarios import load_scenario

    return load_scenario
