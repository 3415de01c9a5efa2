"""What a person has set: a small file of JSON that can be read and mended by hand.

Standard library only: the first screen is painted in its colours.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from studyapp.store.errors import StoreError

THEMES = ("dark", "light", "high-contrast")
LARGEST = 65_536
"""Bytes of the file that are read; there is no reason for more."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`theme` is one of `THEMES`. Without `animation` nothing moves by itself; with `predict`
    lessons ask what will happen before a diagram is played. `keys` gives actions, by their ids, keys
    other than the program's own.
    """

    theme: str = THEMES[0]
    animation: bool = True
    predict: bool = True
    keys: Mapping[str, str] = field(default_factory=dict)


def load_settings(path: Path) -> tuple[Settings, tuple[str, ...]]:
    """What is set, and in sentences what in the file means nothing, which is as if it were not there."""
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST + 1)
    except FileNotFoundError:
        return Settings(), ()
    except OSError as error:
        return Settings(), (f"The settings in {path} cannot be read ({error.strerror or error}).",)
    # Imported where there is something to read, so that the first paint does not wait for it where there is nothing.
    import json

    try:
        if len(text) > LARGEST:
            raise ValueError("it is too large")
        found = json.loads(text)
        if not isinstance(found, dict):
            raise ValueError("it is no object of JSON")
    except (ValueError, RecursionError) as error:
        kept = f"Mend it, or change a setting here: the file is then kept as {path.name}.old."
        return Settings(), (f"The settings in {path} cannot be read: {error}. {kept}",)
    taken: dict[str, object] = {}
    troubles = []
    for name, value in found.items():
        wanted = _WANTED.get(name)
        if wanted is None:
            troubles.append(f'{path}: there is no setting "{name}".')
        elif not wanted[0](value):
            troubles.append(f'{path}: "{name}" takes {wanted[1]}.')
        else:
            taken[name] = value
    return Settings(**taken), tuple(troubles)  # type: ignore[arg-type]  # each value has been looked at


def save_settings(path: Path, settings: Settings, *, keep_old: bool = False) -> None:
    """Put the settings in the place of the old ones, in one step; `keep_old` leaves the old file beside it, for what in
    it was not understood. Raises StoreError; the old ones are then as they were.
    """
    import json

    text = json.dumps(asdict(settings), indent=2, sort_keys=True) + "\n"
    new = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with new.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if keep_old and path.exists():
            path.replace(path.with_name(f"{path.name}.old"))
        new.replace(path)
    except OSError as error:
        with suppress(OSError):
            new.unlink()
        raise StoreError(
            f"The settings cannot be saved in {path} ({error.strerror or error}).",
            "They hold until you leave.",
            "Make the folder writable, or free some space.",
        ) from error


def _keys(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) and each for each in value.values())


_WANTED: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "theme": (lambda value: isinstance(value, str) and value in THEMES, f"one of {', '.join(THEMES)}"),
    "animation": (lambda value: isinstance(value, bool), "true or false"),
    "predict": (lambda value: isinstance(value, bool), "true or false"),
    "keys": (_keys, "the ids of actions, each with the name of a key"),
}
"""Each setting: whether a value of JSON is one, and what one is."""
