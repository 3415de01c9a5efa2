"""The one way to change what is set: it holds at once, and is kept."""

from __future__ import annotations

from typing import Any

from textual.app import App

from studyapp.store.errors import StoreError
from studyapp.store.settings import Settings
from studyapp.tui.desk import Desk
from studyapp.tui.wanted import Changed


def keep(app: App[Any], desk: Desk, settings: Settings) -> None:
    """Have a program do as a person has set it; where that cannot be kept on disk, say so."""
    try:
        desk.set(settings)
    except StoreError as error:
        app.notify(str(error), severity="error", markup=False, timeout=10)
    app.post_message(Changed())
