"""What the program imports is what it declares, and what the tests run on is what is pinned."""

from __future__ import annotations

import re
import sys
from functools import cache
from importlib.metadata import packages_distributions, version

import pytest

from tests.house.tree import imported, place, project, python

DECLARED: list[str] = project()["project"]["dependencies"]
PINS: list[str] = project()["project"]["optional-dependencies"]["test"]

# Imported directly, though another dependency brings them and decides their version.
BROUGHT = {"pydantic": "sqlmodel", "sqlalchemy": "sqlmodel", "rich": "textual"}


def plain_name(requirement: str) -> str:
    """The name of a distribution in the one form in which names are compared."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0]).lower()


@cache
def third_party() -> dict[str, list[str]]:
    """The top names of what the program imports from others, each with the places where it does."""
    found: dict[str, list[str]] = {}
    for path in python("studyapp"):
        for line, name in imported(path):
            top = name.split(".")[0]
            if top != "studyapp" and top not in sys.stdlib_module_names:
                found.setdefault(top, []).append(place(path, line))
    return found


def distributions(top: str) -> set[str]:
    """The distributions that bring a module, by the names in which they are compared."""
    return {plain_name(each) for each in packages_distributions().get(top, [])}


def test_every_import_is_declared() -> None:
    declared = {plain_name(each) for each in DECLARED}
    missing = {
        top: places
        for top, places in third_party().items()
        if not (distributions(top) | {BROUGHT.get(top, "")}) & declared
    }
    assert not missing


def test_every_declared_dependency_is_imported() -> None:
    used = {each for top in third_party() for each in distributions(top)}
    assert {plain_name(each) for each in DECLARED} <= used


@pytest.mark.parametrize("pin", PINS)
def test_each_pin_is_exact_and_installed(pin: str) -> None:
    name, _, pinned = pin.partition("==")
    assert pinned, "pins of the test extra are exact"
    assert version(name) == pinned, "run the README's test command: it brings the environment up to date"


def test_every_dependency_has_both_bounds_and_a_pin() -> None:
    pinned = {plain_name(each) for each in PINS}
    for each in DECLARED:
        assert re.fullmatch(r"[\w-]+>=[\d.]+,<[\d.]+", each), each
        assert plain_name(each) in pinned, f"{each} is not pinned in the test extra"
