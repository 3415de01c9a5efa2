"""What the program imports is what it declares, and what the tests run on is what is pinned."""

from __future__ import annotations

import re
import sys
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


def test_every_import_is_declared() -> None:
    declared = {plain_name(each) for each in DECLARED}
    providers = packages_distributions()
    missing = []
    for path in python("studyapp"):
        for line, name in imported(path):
            top = name.split(".")[0]
            if top == "studyapp" or top == "__future__" or top in sys.stdlib_module_names:
                continue
            provided_by = {plain_name(each) for each in providers.get(top, [])} | {BROUGHT.get(top, "")}
            if not provided_by & declared:
                missing.append(f"{place(path, line)}: {top}")
    assert not missing


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
