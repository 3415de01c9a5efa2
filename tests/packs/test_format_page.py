"""docs/packs/format.md is what the tables of the format make and has all that is in them; its example is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs import make_format
from docs.shapes_in_words import rows_of, table, words
from studyapp.cluster.claims.claim import FORMS
from studyapp.cluster.claims.vocabulary import FUNCTIONS
from studyapp.cluster.kinds import EVENT_KINDS
from studyapp.cluster.properties import PROPERTIES
from studyapp.cluster.scenario import RELEASES, VERBS
from studyapp.packs import blueprints, folder, glossary, lessons, manifest, questions
from studyapp.packs.acts import OPTIONS
from studyapp.packs.balancing import NLB_KEYS, RULE_KEYS
from studyapp.packs.building import KEYS, SECTIONS
from studyapp.packs.clusters import FAILOVER_KEYS, HEARTBEAT
from studyapp.packs.edits import VERBS as EDITS
from studyapp.packs.kinds.table import READERS
from studyapp.packs.machines import HOST_KEYS, NETWORK_KEYS, STORAGE_KEYS, VM_KEYS
from studyapp.packs.pack import load_pack
from studyapp.packs.problems import Problem
from studyapp.packs.roles import ROLE_KEYS
from studyapp.packs.schemas import shapes
from studyapp.packs.services import SERVICE_KEYS
from studyapp.packs.source import read_yaml
from tests.house.pages import blocks
from tests.packs.cases import SCENARIO, write_pack

PAGE = make_format.PAGE.read_text(encoding="utf-8")

TOLD = {
    "folders": (f"{name}/" for name in folder.FOLDERS),
    "pack.yaml": manifest.KEYS,
    "lessons": (*lessons.KEYS, *lessons.LIVE),
    "questions": (*questions.KEYS, *READERS, *EDITS),
    "exams": blueprints.KEYS,
    "glossary": glossary.KEYS,
    "scenarios": (*KEYS, *SECTIONS, *NETWORK_KEYS, *STORAGE_KEYS, *HOST_KEYS, *VM_KEYS, *SERVICE_KEYS, *ROLE_KEYS),
    "clusters": (*FAILOVER_KEYS, *HEARTBEAT, *NLB_KEYS, *RULE_KEYS),
    "timelines": (*VERBS, *OPTIONS, *EVENT_KINDS, *PROPERTIES, *RELEASES),
}


def test_the_page_is_what_is_made() -> None:
    assert make_format.page() == PAGE, "run python -m docs.make_format"


def test_the_example_of_a_glossary_is_read() -> None:
    [_, example] = blocks(make_format.PAGE)
    problems: list[Problem] = []
    source = glossary.read_glossary(read_yaml(example.text, "glossary.yaml", problems), "glossary.yaml", problems)
    assert problems == []
    assert [(term.name, term.also) for term in source.terms] == [("heartbeat", ()), ("node", ("nodes",))]


def test_the_example_of_an_exam_is_read(tmp_path: Path) -> None:
    first = (
        "title: First\nminutes: 9\nquestions: 4\npass: 700\npass_share: 0.7\ndraw: [{objective: hosts, share: 100}]\n"
    )
    example, _ = blocks(make_format.PAGE)
    scenarios = {f"scenarios/{name}.yaml": SCENARIO for name in ("branch-office", "three-nodes")}
    pack, problems = load_pack(
        write_pack(tmp_path, {**scenarios, "exams/first-try.yaml": first, "exams/example.yaml": example.text})
    )
    assert pack is not None
    assert problems == ()
    made = pack.blueprint("example")
    assert [(each.title, each.questions, each.locked) for each in made.sections] == [
        ("Case study", 4, False),
        ("Series", 3, True),
    ]
    assert (made.title, made.questions, made.outside, made.minutes) == ("With a case study", 10, 3, 9)


@pytest.mark.parametrize("what", TOLD)
def test_everything_is_told(what: str) -> None:
    assert [name for name in TOLD[what] if f"`{name}`" not in PAGE and f"`{name} " not in PAGE] == []


def test_every_function_is_told() -> None:
    assert [name for name in (*FUNCTIONS, *FORMS) if f"`{name}(" not in PAGE] == []
    assert set(make_format.FORM_MEANINGS) == set(FORMS)
    assert set(make_format.BLOCKS) == set(lessons.LIVE)
    assert set(make_format.FOLDERS) == set(folder.FOLDERS)
    assert set(make_format.OWNERS) == {made_of.of for made_of in PROPERTIES.values()}


@pytest.mark.parametrize(
    "shape, said",
    [
        (shapes.whole(1, 5), "a whole number from 1 to 5"),
        (shapes.number(0, 1), "a number from 0 to 1"),
        (shapes.choice(("a", "b")), "one of `a`, `b`"),
        (shapes.items(shapes.ID), "a list of ids"),
        (shapes.items(shapes.whole(0, 23), 2, 2), "a list of two whole numbers from 0 to 23"),
        (shapes.one_or_more(shapes.choice(("a", "b"))), "one of `a`, `b`, or a list of such"),
        (shapes.maybe_empty(shapes.FLAG), "`true` or `false`"),
        (shapes.described(shapes.DURATION, "When."), "a time, such as `30s`, `500ms` or `1.5h`"),
        (shapes.named(shapes.CLAIM, None, 20), "a mapping from names, at most 20, to claims"),
    ],
)
def test_shapes_in_words(shape: shapes.Shape, said: str) -> None:
    assert words(shape) == said


def test_a_shape_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="no words for"):
        words({"not": {}})


def test_what_must_be_there_is_bold_and_no_cell_is_torn() -> None:
    shape = shapes.keyed(("a", "b"), {"a": (shapes.FLAG, "This | that."), "b": (shapes.ID, "An id.")}, ("b",))
    assert table(rows_of(shape), shape["required"]).splitlines()[2:] == [
        "| `a` | `true` or `false` | This \\| that. |",
        "| **`b`** | an id | An id. |",
    ]
