"""Why a pack is not made, taken or taken away: one table, each reason with a stable code and one line of words."""

from __future__ import annotations

from collections.abc import Mapping

from studyapp.packs.problems import Problem, visible

REASONS: Mapping[str, str] = {
    # What is no archive, or not a whole one.
    "not-readable": "it cannot be read: {why}",
    "not-a-file": "it is neither a file nor a folder",
    "no-folder": "there is no such folder",
    "no-archive": "it is no archive of a pack",
    "cut-short": "it is cut short, or something was added to it",
    "newer-format": "it has format {number}, and this program reads formats up to {newest}: use a newer studyapp",
    # What an archive may not hold.
    "too-many": "it holds more than {most:,} files",
    "too-big": "it holds more than {most} MiB",
    "compression": "{name} unpacks to more than {most} times its size",
    "encrypted": "{name} is encrypted",
    "method": "{name} is packed with method {number}, and only 0 (stored) and 8 (deflated) are read",
    "link": "{name} is a link, which may lead out of the pack",
    "special-file": "{name} is no plain file",
    "unsafe-name": "{why}",
    "hostile-character": "{why}",
    "extra": "{name} carries more than its data: archives are made with studyapp pack build",
    "contradiction": "it says two things of {name}",
    # What is not what it was when the archive was made.
    "damaged": "{name} is damaged",
    "no-sums": "it has no SHA256SUMS, so nobody can tell whether it is whole",
    "sums": "{name} {why} SHA256SUMS",
    "no-pack": "there is no pack in it: {why}",
    # What the answer to a question is.
    "other-sum": "its SHA-256 is {found}, not {wanted}",
    "check": "the pack has errors ({count})",
    "declined": "nothing has been changed",
    # What keeps a person's own packs from being changed.
    "changed": "a file was changed while it was read: try again",
    "busy": "another studyapp is installing or removing a pack: try again when it is done",
    "not-writable": "{where} cannot be written: {why}; what is installed is whole",
    "not-written": "{where} cannot be written: {why}",
    "not-installed": "no pack {name} is installed{hint}",
    "shipped": "{name} comes with studyapp and cannot be removed",
}
"""What is said, by code."""

ANSWERS = frozenset({"other-sum", "check", "declined"})
"""The reasons that are an answer to what was asked, and no fault of the asking."""


class Refused(Exception):
    """A pack is not taken. `code` is one of `REASONS`, the message one line that is safe to print."""

    def __init__(self, code: str, *, problems: tuple[Problem, ...] = (), **told: object) -> None:
        super().__init__(visible(REASONS[code].format(**told)))
        self.code = code
        self.problems = problems
        """What a check has found, where that is the reason."""

    @property
    def is_answer(self) -> bool:
        """It answers what was asked: the pack does not pass."""
        return self.code in ANSWERS
