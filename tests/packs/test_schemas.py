"""The schemas of the format: what the loader takes they take, and what is plainly wrong they do not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from studyapp.cluster.properties import PROPERTIES
from studyapp.packs.folder import list_files
from studyapp.packs.pack import NoPack, read_pack
from studyapp.packs.places import content_folder
from studyapp.packs.problems import Problem
from studyapp.packs.schemas.documents import SCHEMAS
from studyapp.packs.source import Mapping_, Node, Scalar, Sequence, read_yaml, split_front_matter
from tests.cluster.test_outcomes import cases as outcomes
from tests.cluster.written import text_of
from tests.packs.cases import GOLDEN, Case, cases, write_pack

KIND_OF = {
    "scenarios/": "scenario",
    "questions/": "question",
    "lessons/": "lesson",
    "exams/": "exam",
    "labs/": "lab",
}
EVERY = [case for path in sorted(GOLDEN.glob("*.txt")) for case in cases(path.name)]
VALIDATORS = {name: Draft202012Validator(make()) for name, make in SCHEMAS.items()}


def plain(node: Node | None) -> Any:
    """A node as JSON has it."""
    if isinstance(node, Mapping_):
        return {name: plain(value) for name, (_, value) in node.entries.items()}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node.value if isinstance(node, Scalar) else None


def documents(folder: Path) -> Iterator[tuple[str, str, Any]]:
    """The files of a pack that have a schema: each path, the schema's name, and what it says."""
    for file in list_files(folder, []):
        kind = next((kind for top, kind in KIND_OF.items() if file.name.startswith(top)), "")
        kind = {"pack.yaml": "pack", "glossary.yaml": "glossary"}.get(file.name, kind)
        if not kind:
            continue
        text = file.path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
        if kind in ("question", "lesson", "lab"):
            text = split_front_matter(text)[0] or ""
        problems: list[Problem] = []
        node = read_yaml(text, file.name, problems)
        if not problems:
            yield file.name, kind, plain(node)


def faults(kind: str, document: Any) -> list[str]:
    """What a schema has against a document."""
    return [f"{error.json_path}: {error.message[:200]}" for error in VALIDATORS[kind].iter_errors(document)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_is_a_schema(name: str) -> None:
    schema = SCHEMAS[name]()
    Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def described(schema: Any) -> Iterator[tuple[str, str]]:
    """Every key of every mapping in a schema, with its description."""
    if isinstance(schema, dict):
        for key, value in schema.get("properties", {}).items():
            if (
                isinstance(value, dict)
                and schema.get("additionalProperties") is False
                and "patternProperties" not in schema
            ):
                yield key, value.get("description", "")
        for value in schema.values():
            yield from described(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from described(value)


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_key_says_what_it_is_for(name: str) -> None:
    found = list(described(SCHEMAS[name]()))
    assert len(found) > 1
    for key, text in found:
        assert text.endswith("."), key


@pytest.mark.parametrize(
    "folder", sorted(path.parent for path in content_folder().rglob("pack.yaml")), ids=lambda f: f.name
)
def test_what_ships_is_valid(folder: Path) -> None:
    checked = 0
    for path, kind, document in documents(folder):
        assert faults(kind, document) == [], path
        checked += 1
    assert checked >= 7


@pytest.mark.parametrize("case", EVERY, ids=lambda case: case.name)
def test_what_the_loader_takes_is_valid(case: Case, tmp_path: Path) -> None:
    """Whatever a check may find later: a file that can be read is one that an editor does not mark."""
    folder = write_pack(tmp_path, case.files)
    try:
        _, problems = read_pack(folder)
    except NoPack:
        return
    wrong = {problem.path for problem in problems}
    # Edits are read with the values of a variant, when a question is proved.
    wrong |= {line.partition(":")[0] for line in case.finds if ": bad-edit:" in line}
    for path, kind, document in documents(folder):
        if path not in wrong:
            assert faults(kind, document) == [], path


def test_scenarios_of_the_golden_outcomes_are_valid() -> None:
    """One in four, from all topics: they are many, and much alike."""
    for case in list(outcomes())[::4]:
        document = plain(read_yaml(text_of(case.scenario), "x.yaml", []))
        assert faults("scenario", document) == [], f"{case.topic}: {case.name}"


PLAINLY_WRONG = (
    *("unknown-key", "wrong-type", "missing-key", "unknown-word", "unknown-verb", "unknown-option", "missing-option"),
    *("bad-id", "not-for-this"),
)
"""Codes of what a schema can see."""


def test_most_of_what_is_plainly_wrong_is_not_valid(tmp_path: Path) -> None:
    """Findings of the loader with these codes, whose file the schema marks as well."""
    seen = marked = 0
    missed = []
    for number, case in enumerate(EVERY):
        folder = write_pack(tmp_path / str(number), case.files)
        try:
            _, problems = read_pack(folder)
        except NoPack as error:
            problems = (error.problem,)
        files = {path: (kind, document) for path, kind, document in documents(folder)}
        for problem in problems:
            if problem.code in PLAINLY_WRONG and problem.path in files:
                seen += 1
                found = bool(faults(*files[problem.path]))
                marked += found
                if not found:
                    missed.append(problem.format())
    assert seen >= 30
    assert marked / seen >= 0.9, "\n".join(missed)


SCENARIO = {"release": "ws2012r2", "hosts": {"a": None, "b": {}}}
FAILOVER = {"kind": "failover", "nodes": ["a", "b"]}
RIGHT_ONES: list[dict[str, Any]] = [
    SCENARIO,
    {**SCENARIO, "clusters": {"k": {**FAILOVER, "witness": "none"}}},
    {**SCENARIO, "clusters": {"k": {**FAILOVER, "witness": {"share": "fs", "site": "s"}}}},
    {**SCENARIO, "timeline": [{"crash": "a"}, {"at": "1.5 h", "start": ["a", "b"]}]},
    {**SCENARIO, "timeline": None},
    {"extends": "other", "hosts": {"a": None}, "roles": None, "clusters": {"k": {"witness": None}}},
]
WRONG_ONES: list[dict[str, Any]] = [
    {"hosts": {}},
    {"release": "ws2012r2"},
    {**SCENARIO, "host": {}},
    {**SCENARIO, "release": "ws2003"},
    {**SCENARIO, "hosts": ["a"]},
    {**SCENARIO, "hosts": {"a": {"memory": "much"}}},
    {**SCENARIO, "hosts": {"all": {}}},
    {**SCENARIO, "vms": {"v": {}}},
    {**SCENARIO, "clusters": {"k": {"nodes": ["a"]}}},
    {**SCENARIO, "clusters": {"k": {**FAILOVER, "rules": []}}},
    {**SCENARIO, "clusters": {"k": {**FAILOVER, "witness": {"usb": "x"}}}},
    {**SCENARIO, "services": {"s": {"port": 80}}},
    {**SCENARIO, "services": {"s": {"role": "r", "nlb": "k"}}},
    {**SCENARIO, "timeline": {"crash": "a"}},
    {**SCENARIO, "timeline": [{"explode": "a"}]},
    {**SCENARIO, "timeline": [{"at": "3s"}]},
    {**SCENARIO, "timeline": [{"crash": "a", "hang": "b"}]},
    {**SCENARIO, "timeline": [{"crash": "a", "to": "b"}]},
    {**SCENARIO, "timeline": [{"set": "k", "property": "X"}]},
    {**SCENARIO, "timeline": [{"at": "10", "crash": "a"}]},
    {"extends": "other", "host": {}},
    {"extends": "other", "clusters": {"k": {"witnes": "none"}}},
]


@pytest.mark.parametrize("document", RIGHT_ONES, ids=str)
def test_right_scenarios(document: dict[str, Any]) -> None:
    assert faults("scenario", document) == []


@pytest.mark.parametrize("document", WRONG_ONES, ids=str)
def test_wrong_scenarios(document: dict[str, Any]) -> None:
    assert faults("scenario", document)


CHOICE = {"kind": "choice", "objective": "a/b"}


@pytest.mark.parametrize(
    "document, valid",
    [
        (CHOICE, True),
        ({**CHOICE, "scenario": "x", "timeline": [{"{fault}": "{vm}"}, {"crash": "{vm}", "at": "{n}s"}]}, True),
        ({**CHOICE, "vary": {"scenario": ["x"], "release": ["ws2012"]}, "timeline": [{"crash": "a"}]}, True),
        ({**CHOICE, "timeline": [{"crash": "a"}]}, False),
        ({**CHOICE, "scenario": "x", "with": {"hosts": {"a": None}, "until": "{n}h"}}, True),
        ({**CHOICE, "scenario": "x", "with": {"title": "X"}}, False),
        ({**CHOICE, "with": {"hosts": {"a": None}}}, False),
        ({**CHOICE, "kind": "guess"}, False),
        ({**CHOICE, "objective": "A"}, False),
        ({**CHOICE, "answer": "1"}, False),
        ({**CHOICE, "vary": {"VM": ["x"]}}, False),
        ({**CHOICE, "vary": {"vm": []}}, False),
        ({**CHOICE, "vary": {"vm": "x"}}, False),
        ({**CHOICE, "difficulty": 9}, False),
        ({**CHOICE, "kind": "number"}, False),
        ({**CHOICE, "kind": "number", "answer": "1", "unit": "s", "tolerance": 0.5}, True),
        ({**CHOICE, "kind": "order", "scoring": "longest-run"}, True),
        ({**CHOICE, "kind": "order", "scoring": "per-option"}, False),
        ({**CHOICE, "kind": "order", "scenario": "x", "events": [{"online": "sql", "text": "T"}, {"1135": "n"}]}, True),
        ({**CHOICE, "kind": "point", "answer": "[]"}, False),
        ({**CHOICE, "kind": "point", "answer": "[]", "vary": {"scenario": ["x"]}}, True),
        ({**CHOICE, "kind": "break", "scenario": "x", "goal": "g", "among": ["hosts"]}, True),
        ({**CHOICE, "kind": "break", "scenario": "x", "goal": "g", "among": ["planets"]}, False),
        (
            {**CHOICE, "kind": "design", "scenario": "x", "goal": ["g"], "allow": [{"place": "r", "on": ["a", "b"]}]},
            True,
        ),
        ({**CHOICE, "kind": "design", "scenario": "x", "goal": ["g"], "allow": [{"place": "r"}]}, False),
    ],
    ids=str,
)
def test_questions(document: dict[str, Any], valid: bool) -> None:
    assert (faults("question", document) == []) is valid


LAB = {"objective": "a/b", "scenario": "x", "goal": 'up("a")'}


@pytest.mark.parametrize(
    "document, valid",
    [
        (LAB, True),
        ({**LAB, "kind": "lab", "goal": ["a", "b"], "vary": {"vm": ["x"]}, "timeline": [{"crash": "{vm}"}]}, True),
        ({"objective": "a/b", "vary": {"scenario": ["x"]}, "goal": "a"}, True),
        ({"extends": "other", "goal": None}, True),
        ({**LAB, "kind": "choice"}, False),
        ({**LAB, "allow": [{"place": "r", "on": ["a"]}]}, False),
        ({**LAB, "scoring": "per-option"}, False),
        ({"objective": "a/b", "goal": "a"}, False),
        ({"objective": "a/b", "scenario": "x"}, False),
        ({"scenario": "x", "goal": "a"}, False),
        ({"extends": "other", "goals": "a"}, False),
    ],
    ids=str,
)
def test_labs(document: dict[str, Any], valid: bool) -> None:
    assert (faults("lab", document) == []) is valid


def test_properties_are_named() -> None:
    text = json.dumps(SCHEMAS["scenario"]())
    assert all(f'"{name}"' in text for name in PROPERTIES)
