"""Golden cases: packs with one thing wrong, and exactly what the check says of them, where."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.packs.cases import GOLDEN, Case, cases, check_files, found

EVERY = [(path.name, case) for path in sorted(GOLDEN.glob("*.txt")) for case in cases(path.name)]


@pytest.mark.parametrize("name, case", EVERY, ids=[f"{name}: {case.name}" for name, case in EVERY])
def test_what_is_found(name: str, case: Case, tmp_path: Path) -> None:
    assert list(found(check_files(tmp_path, case.files))) == case.finds


def test_the_cases_cover_every_code_of_their_own() -> None:
    """A finding that no golden case shows would be one whose place nobody has tried."""
    shown = {line.split(": ")[2] for _, case in EVERY for line in case.finds}
    expected = {
        *("all-right", "bad-block", "bad-box", "bad-claim", "bad-format", "bad-id", "bad-link", "bad-name"),
        *("bad-version", "blueprint", "claim-fails", "depends", "doubtful-fact", "duplicate-id", "duplicate-name"),
        *("duplicate-value", "empty-lesson", "empty-section", "hidden-variation", "hostile-character"),
        *("idle-variation", "missing-file", "missing-key", "missing-section", "nested-block", "newer-format"),
        *("no-claims", "no-front-matter", "no-options", "no-pack", "no-prompt", "no-questions", "no-right-option"),
        *("no-scenario", "no-variants", "not-drawable", "number-of-options", "out-of-range"),
        *("raw-html", "same-answer", "same-text", "several-right-options", "static-option", "text-after-answer"),
        *("too-many-variants", "unfilled-placeholder", "unknown-file", "unknown-folder", "unknown-key"),
        *("unknown-objective", "unknown-question", "unknown-scenario", "unknown-section", "unsafe-name", "weights"),
        "wrong-type",
        *("accepts-all", "bad-edit", "bad-event", "bad-pattern", "bad-table", "empty-list", "empty-text"),
        *("holds-from-start", "impossible-edit", "missing-option", "never-happens", "no-solution", "no-steps"),
        *("no-table", "not-among", "not-finite", "not-for-this", "number-of-pairs", "number-of-steps", "one-of"),
        *("text-after-answer", "tie", "unknown-name", "unknown-property", "unknown-word", "wrong-kind"),
    }
    assert expected <= shown
