"""docs/pack-findings.md has every code with an example and a cure, as the table and the golden cases have them."""

from __future__ import annotations

from docs import make_findings
from studyapp.packs.codes import CODES


def test_every_code_has_an_example() -> None:
    assert make_findings.missing() == set()


def test_the_page_is_what_is_made() -> None:
    found = make_findings.PAGE.read_text(encoding="utf-8")
    assert found == make_findings.page(), "run python -m docs.make_findings"
    assert found.count("\n### ") == len(CODES)
