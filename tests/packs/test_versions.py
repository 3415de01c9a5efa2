"""Which version is the newer."""

from __future__ import annotations

from itertools import pairwise

import pytest

from studyapp.packs.versions import LONGEST, is_version, rank

# The example of semantic versioning (semver.org, 11.4), and around it what a pack's shorter versions mean.
IN_ORDER = (
    *("0.9", "0.10", "1.0.0-0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta"),
    *(
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
        "1.0.1-a",
        "1.0.1",
        "1.2",
        "1.10",
        "2",
        "10",
        "999999999",
    ),
)


def test_versions_in_order() -> None:
    assert all(rank(older) < rank(newer) for older, newer in pairwise(IN_ORDER))
    assert len({rank(version) for version in IN_ORDER}) == len(IN_ORDER)


@pytest.mark.parametrize("same", [("1", "1.0", "1.0.0"), ("1.2", "01.02.00"), ("2-a", "2.0.0-a")])
def test_what_is_not_written_is_zero(same: tuple[str, ...]) -> None:
    assert len({rank(version) for version in same}) == 1


@pytest.mark.parametrize("text", IN_ORDER)
def test_a_version(text: str) -> None:
    assert is_version(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "one", "1.", ".1", "1.2.3.4", "v1", "1.0-", "1.0-a.", "1.0-.a", "1.0-a..b", "1.0 ", "1.0\n", "-1"),
        *("1.0-ä", "١.٠", "1.0/2", "1.0-../x", "1234567890", "1." + "0" * LONGEST, "1-" + "a" * LONGEST),
    ],
)
def test_no_version(text: str) -> None:
    assert not is_version(text)
