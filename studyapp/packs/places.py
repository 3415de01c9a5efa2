"""Where the content and the facts that ship with the program are: the one place that knows both homes."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def content_folder() -> Path:
    """The folder of the packs that ship with the program."""
    return _beside("content")


def data_folder() -> Path:
    """The folder of the facts that the program runs on."""
    return _beside("data")


def template_folder() -> Path:
    """The pack that new packs begin with. It lies a level below those that can be opened by their id."""
    return content_folder() / "templates" / "first-pack"


def _beside(name: str) -> Path:
    """Inside the package when installed, else at the top of the checkout."""
    installed = PACKAGE / f"_{name}"
    return installed if installed.is_dir() else PACKAGE.parent / name
