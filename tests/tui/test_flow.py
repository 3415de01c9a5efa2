"""Lines with something at either end, at every width."""

from __future__ import annotations

import pytest
from textual.content import Content

from studyapp.tui.widgets.flow import ends


@pytest.mark.parametrize(
    "width, line",
    [
        (30, "Statistics     5 of 25 answers"),
        (26, "Statistics 5 of 25 answers"),
        (24, "Statist… 5 of 25 answers"),
        (22, "Statistics 5 of 25 an…"),
        (14, "Statis… 5 of …"),
        (1, "…"),
        (0, ""),
    ],
)
def test_both_ends_are_cut_before_one_is_lost(width: int, line: str) -> None:
    assert ends(Content("Statistics"), Content("5 of 25 answers"), width).plain == line
    assert ends(Content("Statistics"), Content(""), 12).plain == "Statistics  "
