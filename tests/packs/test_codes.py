"""Every finding has a code of the one table, and every code of the table is found by something."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from studyapp.packs.codes import CODES, GROUPS, SEVERITIES, severity_of
from tests.house.tree import parsed, python

SAYS = {"say", "refuse", "_refuse", "Problem", "_problem", "CannotRun", "Unanswerable", "BoxError", "BadClaim"}
"""What is called with a code."""
NAME = re.compile(r"[a-z]+(?:-[a-z]+)*\Z")


def codes_in(tree: ast.Module) -> Iterator[str]:
    """Words that stand where a code may, and words with a hyphen anywhere that are codes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in CODES:
            yield node.value
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            if called in SAYS:
                words = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
                yield from (word for word in words[:1] if NAME.match(word))


def said() -> dict[str, set[str]]:
    """Each code that the program says, with the files that do."""
    found: dict[str, set[str]] = {}
    for path in python("studyapp/packs", "studyapp/questions"):
        if path.name != "codes.py":
            for code in codes_in(parsed(path)):
                found.setdefault(code, set()).add(path.name)
    return found


def test_every_code_that_is_said_is_in_the_table() -> None:
    unknown = {code: files for code, files in said().items() if code not in CODES}
    assert unknown == {}


def test_every_code_of_the_table_is_said() -> None:
    assert set(CODES) - set(said()) == set()


def test_the_scan_sees_a_new_code() -> None:
    tree = ast.parse("findings.say(place, 'brand-new', 'what is wrong')\nself.say(1, 'other-one', message)\n")
    assert {"brand-new", "other-one"} <= set(codes_in(tree))


def test_a_code_stands_in_the_table_once() -> None:
    names = [code.name for codes in GROUPS.values() for code in codes]
    assert len(names) == len(set(names)) == len(CODES)


@pytest.mark.parametrize("name", CODES)
def test_rows_are_sentences(name: str) -> None:
    row = CODES[name]
    assert NAME.match(row.name)
    assert row.severity in SEVERITIES
    for sentence in (row.meaning, row.cure):
        assert sentence[0].isupper() or sentence.startswith("`")
        assert sentence.endswith(".")
        assert len(sentence) <= 100


def test_severities() -> None:
    assert [severity_of(code) for code in ("no-right-option", "idle-variation", "same-answer")] == list(SEVERITIES)
