"""A check's findings as SARIF 2.1.0, the format in which code hosts take the findings of tools."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from studyapp.packs.codes import CODES, ERROR, INFO, WARNING
from studyapp.packs.problems import Problem, visible

VERSION = "2.1.0"
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {ERROR: "error", WARNING: "warning", INFO: "note"}


def sarif(
    problems: Sequence[Problem], version: str, shown: Callable[[str], str], *, ran: bool = True
) -> dict[str, Any]:
    """The log of one run of the check. `version` is the program's, `shown` gives a file's path as it is to be found."""
    used = [code for code in CODES.values() if any(problem.code == code.name for problem in problems)]
    rules = [
        {
            "id": code.name,
            "shortDescription": {"text": _text(code.meaning)},
            "help": {"text": _text(code.cure)},
            "defaultConfiguration": {"level": LEVELS[code.severity]},
        }
        for code in used
    ]
    places = {code.name: index for index, code in enumerate(used)}
    driver = {"name": "studyapp", "version": version, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": ran}],
        "results": [_result(problem, places[problem.code], shown) for problem in problems],
    }
    return {"$schema": SCHEMA, "version": VERSION, "runs": [run]}


def _result(problem: Problem, rule: int, shown: Callable[[str], str]) -> dict[str, Any]:
    words = problem.message + (f" ({problem.hint})" if problem.hint else "")
    where: dict[str, Any] = {"artifactLocation": {"uri": quote(shown(problem.path))}}
    if problem.line > 0:
        where["region"] = {"startLine": problem.line, "startColumn": max(problem.column, 1)}
    result: dict[str, Any] = {
        "ruleId": problem.code,
        "ruleIndex": rule,
        "level": LEVELS[problem.severity],
        "message": {"text": _text(words)},
        "locations": [{"physicalLocation": where}],
        "partialFingerprints": {"finding/v1": _fingerprint(problem)},
    }
    if problem.variant is not None:
        result["properties"] = {
            "variant": visible(problem.variant),
            "trace": [visible(line) for line in problem.trace],
        }
    return result


def _text(words: str) -> str:
    """Plain text of SARIF, in which a brace is written twice, and brackets with a parenthesis would make a link."""
    return visible(words).replace("{", "{{").replace("}", "}}").replace("](", "] (")


def _fingerprint(problem: Problem) -> str:
    """The same for a finding that has only moved to another line."""
    words = "\0".join((problem.path, problem.code, problem.message))
    return sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:32]
