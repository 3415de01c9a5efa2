"""A pack to begin with: a small one that is right and teaches by example, under its author's own names.

The template is a pack itself, so that it is proved like any other; only what `pack.yaml` says of it is replaced.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from studyapp.packs.characters import character_name, hostile_characters
from studyapp.packs.fields import ID, LONGEST_ID, LONGEST_LINE
from studyapp.packs.folder import list_files
from studyapp.packs.interchange.writing import quoted_word, slug
from studyapp.packs.manifest import MANIFEST
from studyapp.packs.places import template_folder
from studyapp.packs.portable import unsafe_path
from studyapp.packs.problems import Problem, quoted

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*\Z")
_LINES = {"id": "id", "title": "title", "author": "authors", "license": "license", "language": "language"}
"""What is asked for, and the key of pack.yaml that says it."""
_BARE = re.compile(r"[A-Za-z][A-Za-z0-9 .-]*\Z")
"""Texts that stand in YAML without quotes, unless they are words of its own."""
_WORDS = re.compile(r"(?:true|false|null)\Z", re.IGNORECASE)

ASKED = tuple(_LINES)
"""What an author says of a new pack, in the order in which it is asked for."""


class NotGood(Exception):
    """What was given cannot be so: `what` was given (one of `ASKED`), and the message says why."""

    def __init__(self, what: str, message: str) -> None:
        super().__init__(message)
        self.what = what


@dataclass(frozen=True, slots=True)
class Answers:
    """What an author says of a new pack. Raises NotGood."""

    id: str
    title: str
    author: str = "Your name"
    license: str = "CC-BY-4.0"
    language: str = "en"

    def __post_init__(self) -> None:
        """Refuse what could not stand in pack.yaml."""
        for what in ASKED:
            check_answer(what, getattr(self, what))


def suggested(folder: Path) -> dict[str, str]:
    """What is suggested for a pack in this folder, by what is asked for; an empty id where its name gives none."""
    name = folder.absolute().name
    identity = slug(name, "")[:LONGEST_ID]
    words = re.sub(r"[\W_]+", " ", name).strip()
    title = f"{words[:1].upper()}{words[1:]}"[:LONGEST_LINE]
    usual = Answers("x", "x")
    return {
        "id": identity,
        "title": title if title and not hidden_sign(title) else "My first pack",
        "author": usual.author,
        "license": usual.license,
        "language": usual.language,
    }


def check_answer(what: str, text: str) -> None:
    """Refuse what could not stand in pack.yaml. Raises NotGood."""
    hidden = hidden_sign(text)
    if hidden:
        raise NotGood(what, f"the {what} holds {hidden}: leave it out")
    if not text.strip() or len(text) > LONGEST_LINE:
        raise NotGood(what, f"the {what} must have 1 to {LONGEST_LINE:,} characters")
    if what == "id":
        if not ID.match(text) or len(text) > LONGEST_ID:
            raise NotGood(
                what, f"the id cannot be {quoted(text)}: small letters, digits and single hyphens, at most {LONGEST_ID}"
            )
        unsafe = unsafe_path(text)
        if unsafe is not None:
            raise NotGood(what, f"the id cannot be {quoted(text)}: {unsafe.message}")
    if what == "language" and not _LANGUAGE.match(text):
        raise NotGood(what, f"the language cannot be {quoted(text)}: write it like en, de or pt-BR")


def hidden_sign(text: str) -> str:
    """The name of a character that hides, acts or breaks the line; empty where there is none."""
    found = next(hostile_characters(text), None)
    return found.name if found is not None else next(map(character_name, re.findall("[\n\t]", text)), "")


def new_files(answers: Answers) -> dict[str, bytes]:
    """The files of the new pack, by their paths."""
    problems: list[Problem] = []
    files = {file.name: file.path.read_bytes() for file in list_files(template_folder(), problems)}
    assert not problems, "the template is a pack without fault"
    text = files[MANIFEST].decode()
    for what, key in _LINES.items():
        written = _written(getattr(answers, what).strip())
        line = f"{key}: [{written}]" if what == "author" else f"{key}: {written}"
        text, count = re.subn(rf"^{key}: .*$", line.replace("\\", r"\\"), text, flags=re.MULTILINE)
        assert count == 1, "the template says each of these once"
    return {**files, MANIFEST: text.encode()}


def _written(text: str) -> str:
    """A text as it stands in YAML."""
    return text if _BARE.match(text) and not _WORDS.match(text) else quoted_word(text)
