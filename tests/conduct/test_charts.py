"""Charts: what they show is what they were given, in every width, in full signs and in ASCII."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.conduct.charts import ASCII, FULL, Signs, below, columns, interval_bar
from studyapp.conduct.pictures import picture
from studyapp.conduct.table_words import lines_of, readiness_words
from studyapp.conduct.tables import Table

MONDAY = date(2026, 3, 2)
TODAY = date(2026, 3, 8)
SHARES = st.floats(0, 1)
SIGNS = st.sampled_from([FULL, ASCII])


@pytest.mark.parametrize(
    "low, high, bar",
    [
        (0.4, 0.6, "████▒▒░░░░"),
        (0.0, 1.0, "▒▒▒▒▒▒▒▒▒▒"),
        (1.0, 1.0, "█████████▒"),
        (0.0, 0.0, "▒░░░░░░░░░"),
        (0.52, 0.54, "█████▒░░░░"),
    ],
)
def test_a_bar_is_full_to_the_interval_and_half_in_it(low: float, high: float, bar: str) -> None:
    assert interval_bar(low, high, 10, FULL) == bar


@given(SHARES, SHARES, st.integers(1, 60), SIGNS)
def test_every_bar_is_as_wide_as_it_should_be(one: float, other: float, width: int, signs: Signs) -> None:
    assert len(interval_bar(min(one, other), max(one, other), width, signs)) == width


def test_columns_are_as_high_as_their_values() -> None:
    assert columns([4, 2, 0, 1], 2, FULL) == [
        "    4│█",
        "     │██ ▄",
        "    0└────",
    ]
    assert columns([4, 2, 0, 1], 2, ASCII) == [
        "    4|#",
        "     |## :",
        "    0+----",
    ]


def test_a_little_is_seen_beside_much() -> None:
    assert columns([1000, 1], 3, FULL)[2] == "     │█▁"


def test_a_line_across_stands_at_its_height_and_never_flattens_what_it_is_held_against() -> None:
    assert columns([1, 4], 4, FULL, mark=2) == ["    4│ █", "     │ █", "    2│┄█", "     │██", "    0└──"]
    assert columns([1, 4], 4, FULL, mark=13) == columns([1, 4], 4, FULL)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=40), st.integers(1, 8), st.integers(1, 3), SIGNS)
def test_columns_fit_and_show_what_there_is(values: list[int], high: int, cell: int, signs: Signs) -> None:
    lines = columns(values, high, signs, cell=cell)
    assert len(lines) == high + 1
    for number, value in enumerate(values):
        drawn = [line[6 + number * cell] if len(line) > 6 + number * cell else " " for line in lines[:-1]]
        assert (set(drawn) != {" "}) is (value > 0)
        assert (drawn[0] == signs.heights[-1]) >= (value == max(values) > 0)
    if signs is ASCII:
        assert "".join(lines).isascii()


def test_labels_do_not_run_into_each_other() -> None:
    labels = {0: "today", 3: "2 Mar", 8: "9 Mar", 14: "16 Mar"}
    assert below(labels, 20) == "      today   9 Mar 16 Mar"
    assert below(labels, 18) == "      today   9 Mar", "moved to where it fits, it would run into the one before"


def day(n: int, answers: int) -> dict[str, Any]:
    return {"day": (MONDAY - timedelta(days=n)).isoformat(), "answers": answers, "right": 0.5, "minutes": 2.0}


def test_a_day_with_more_answers_is_denser() -> None:
    rows = {"days": [day(7, 2), day(6, 8), day(0, 4)]}
    lines = list(picture("days", rows, TODAY, 80, FULL))
    assert lines[1] == "Mon   " + "· " * 11 + "░ ▒"
    assert lines[2] == "Tue   " + "· " * 11 + "█ ·"
    assert lines[-1] == "      · none   ░▒▓█ up to 8 answers on a day"
    assert "Mar" in lines[0]


def test_days_to_come_are_left_empty() -> None:
    lines = list(picture("days", {"days": [day(0, 4)]}, MONDAY, 80, FULL))
    assert [line.count("·") for line in lines[1:8]] == [12] * 7, (
        "thirteen weeks; of the last one only its Monday has come"
    )


def test_a_year_fits_where_thirteen_weeks_would_be_wide() -> None:
    rows = {"days": [day(7 * n, 1) for n in range(52)]}
    for width, weeks in ((58, 52), (120, 52), (30, 24)):
        lines = list(picture("days", rows, TODAY, width, FULL))
        assert lines[1].count("█") == weeks
        assert max(map(len, lines[:8])) <= width


CALIBRATION = [
    {"certainty": "guess", "answers": 20, "right_low": 0.2, "right": 0.3, "right_high": 0.4, "verdict": "fits"},
    {"certainty": "think-so", "answers": 0, "right_low": None, "right": None, "right_high": None, "verdict": "few"},
    {"certainty": "sure", "answers": 3, "right_low": 0.4, "right": 0.7, "right_high": 1.0, "verdict": "few"},
]


def test_certainty_stands_at_the_share_that_was_right() -> None:
    lines = list(picture("calibration", {"calibration": CALIBRATION}, TODAY, 60, FULL))
    assert lines[0].startswith(" 100%│")
    assert [line.count("●") for line in lines].index(1) == 7, "three tenths of the way up"
    assert [line.count("○") for line in lines].index(1) == 3, "seven tenths, and few answers"
    assert all(name in lines[-1] for name in ("guess", "think-so", "sure"))


def test_exams_go_from_left_to_right_beside_what_passes() -> None:
    scores = [(900, True), (700, True), (300, False), (None, None)]
    rows = [{"scaled": scaled, "passed": passed, "pass_mark": 700} for scaled, passed in reversed(scores)]
    lines = list(picture("exams", {"exams": rows[::-1]}, TODAY, 60, FULL))
    assert lines[1] == "     │       ●"
    assert lines[3] == "  700│┄┄┄┄●┄┄┄┄"
    assert lines[7] == "     │ ○"


ROWS: dict[str, list[dict[str, Any]]] = {
    "totals": [{"a_day": 12, "minutes_a_day": 20}],
    "readiness": [
        {"enough": True, "score_low": 0.5, "score_high": 0.7, "pass_low": 0.1, "pass_high": 0.6, "answers": 40}
    ],
    "days": [day(7 * n, n + 1) for n in range(30)],
    "forecast": [{"day": (TODAY + timedelta(days=n)).isoformat(), "due": n % 9, "done": n % 9} for n in range(28)],
    "mastery": [
        {
            "objective": "a/b",
            "title": "A title " * n,
            "enough": n != 2,
            "low": 0.4,
            "high": 0.9,
            "seen": 3,
            "families": 9,
        }
        for n in range(1, 9)
    ],
    "retention": [{"recalls": 9, "recalled": 0.8, "expected": 0.9, "target": 0.9}],
    "calibration": CALIBRATION,
    "exams": [
        {"started": "2026-03-01", "title": "T", "scaled": 100 * n, "passed": n > 6, "pass_mark": 700} for n in range(11)
    ],
    "weeks": [
        {
            "week": (MONDAY - timedelta(days=7 * n)).isoformat(),
            "answers": 9,
            "right": 0.5,
            "minutes": 10.0 * n,
            "recalls": n,
            "recalled": 0.6 if n else None,
        }
        for n in range(30)
    ],
}
TABLES = [Table(name, name, rows, "nothing") for name, rows in ROWS.items()]


@pytest.mark.parametrize("table", TABLES[1:], ids=lambda table: table.name)
@pytest.mark.parametrize("width", [54, 74, 120, 196])
def test_every_table_fits_every_window_and_says_the_same_without_its_picture(table: Table, width: int) -> None:
    drawn, plain = (list(lines_of(table, TABLES, TODAY, signs, width)) for signs in (FULL, None))
    assert max(map(len, drawn)) <= width
    if table.name != "mastery":
        assert [line for line in plain if not any(each.endswith(line) for each in drawn)] == []
        assert sum(map(len, drawn)) > sum(map(len, plain)), "there is a picture"
    for line in lines_of(table, TABLES, TODAY, ASCII, width):
        assert line.isascii()


def test_an_interval_without_a_width_is_told_as_one_number() -> None:
    row = {"enough": True, "score_low": 0.941, "score_high": 0.96, "pass_low": 0.989, "pass_high": 0.99}
    assert readiness_words(row) == (
        "An exam today would give 94% to 96% of the points.",
        "You would pass with a chance of about 99%.",
    )
