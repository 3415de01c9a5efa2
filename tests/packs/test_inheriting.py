"""Questions and lessons that start from another one: what they take over, what is their own, and where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.packs.check import check_pack
from studyapp.packs.draft import Draft
from studyapp.packs.pack import ReadPack, load_pack, open_folder, read_pack
from studyapp.packs.questions import QuestionSource
from studyapp.questions.parts import MatchPart, OptionsPart, OrderPart
from studyapp.questions.variants import count_variants, make_variant
from tests.packs.cases import RIGHT, SCENARIO, write_pack

BASE = """---
kind: choice
objective: hosts
scenario: trio
vary:
  host: [host1, host2]
  number: [1, 2]
with:
  clusters:
    hv: {quorum: node-majority}
timeline:
  - crash: "{host}"
difficulty: 4
tags: [one, two]
was: [older]
---
{host} crashes, {number}.

- [moved("sql")] It moves.
- [not moved("sql")] It stays.

## Hint
First.

## Why
So it is.

## Hint
Second.
"""


def read(tmp_path: Path, derived: str, **files: str) -> tuple[ReadPack, QuestionSource]:
    """The question of a text that may extend `base`, in a pack where nothing is wrong."""
    others = {f"questions/{name}.md": text for name, text in files.items()}
    pack, problems = read_pack(
        write_pack(tmp_path / "pack", {"questions/base.md": BASE, "questions/a.md": derived, **others})
    )
    assert [problem.format() for problem in problems] == []
    assert pack is not None
    return pack, next(source for source in pack.questions if source.question.path == "questions/a.md")


def front(more: str = "", body: str = "") -> str:
    return f"---\nextends: base\n{more}---\n{body}"


def test_what_is_not_said_is_that_of_the_other(tmp_path: Path) -> None:
    pack, source = read(tmp_path, front())
    own, other = source.question, pack.pack.question("base")
    assert (own.kind, own.objective, own.difficulty, own.tags) == ("choice", "hosts", 4, ("one", "two"))
    assert (own.prompt, own.why, own.hints, own.vary) == (other.prompt, other.why, other.hints, other.vary)
    assert make_variant(own, 3).scenario == make_variant(other, 3).scenario
    assert [option.text for option in own.options] == ["It moves.", "It stays."]
    assert (own.id, own.was, own.path) == ("a", (), "questions/a.md")
    assert other.was == ("older",)


def test_front_matter_is_merged_mapping_by_mapping(tmp_path: Path) -> None:
    more = "difficulty: 1\ntags: [three]\nvary:\n  number: null\n  host: [host3]\n  colour: [red]\n"
    _, source = read(tmp_path, front(more, "{host} crashes in {colour}.\n"))
    assert source.question.vary == (("host", ("host3",)), ("colour", ("red",)))
    assert (source.question.difficulty, source.question.tags) == (1, ("three",))


def test_null_in_with_takes_away_from_the_scenario(tmp_path: Path) -> None:
    _, source = read(tmp_path, front("with:\n  vms: {vm2: null}\n  roles: {vm2: null}\n"))
    scenario = make_variant(source.question, 0).scenario
    assert scenario is not None
    assert tuple(scenario.vm) == ("vm1",)
    assert scenario.failover["hv"].quorum == "node-majority", "what the other says of it holds as well"


@pytest.mark.parametrize(
    "body, prompt, options, why, hints",
    [
        ("Another one.\n", "Another one.", ["It moves.", "It stays."], "So it is.", ("First.", "Second.")),
        (
            '- [moved("sql")] Yes.\n- [not moved("sql")] No.\n',
            "{host} crashes, {number}.",
            ["Yes.", "No."],
            "So it is.",
            ("First.", "Second."),
        ),
        (
            'A list:\n\n- not an answer\n\nWell?\n\n- [moved("sql")] Yes.\n- [not moved("sql")] No.\n',
            "A list:\n\n- not an answer\n\nWell?",
            ["Yes.", "No."],
            "So it is.",
            ("First.", "Second."),
        ),
        ("## Why\nOtherwise.\n", "{host} crashes, {number}.", ["It moves.", "It stays."], "Otherwise.", None),
        ("## Hint\nOnly.\n", "{host} crashes, {number}.", ["It moves.", "It stays."], "So it is.", ("Only.",)),
    ],
    ids=["the prompt", "the options", "both", "the explanation", "the hints"],
)
def test_each_part_of_the_text_replaces_that_of_the_other(
    body: str, prompt: str, options: list[str], why: str, hints: tuple[str, ...] | None, tmp_path: Path
) -> None:
    _, source = read(tmp_path, front(body=body))
    question = source.question
    assert (question.prompt, question.why, question.hints) == (prompt, why, hints or ("First.", "Second."))
    assert [option.text for option in question.options] == options


ORDER = "---\nkind: order\nobjective: hosts\n---\nIn which order?\n\n1. One\n2. Two\n\n## Why\nSo.\n"
MATCH = "---\nkind: match\nobjective: hosts\n---\nWhich?\n\n| | |\n| --- | --- |\n| a | b |\n| c | d |\n\n## Why\nSo.\n"
EVENTS = """---
kind: order
objective: hosts
scenario: trio
timeline: [{crash: host1}]
events: [{crash: host1}, {detected: host1}]
---
Which comes first?

- no step
- no step either

## Why
So.
"""


def test_every_kind_of_answer_part_is_taken_over(tmp_path: Path) -> None:
    others = {"order": ORDER, "match": MATCH, "events": EVENTS}
    derived = {f"of-{name}": f"---\nextends: {name}\n---\nOtherwise?\n" for name in others}
    pack, _ = read(tmp_path, front(), **others, **derived)
    found = {name: pack.pack.question(f"of-{name}") for name in others}
    assert {question.prompt for question in found.values()} == {"Otherwise?"}, "a list is no step where events are"
    order, match, events = (question.answer for question in found.values())
    assert isinstance(order, OrderPart)
    assert [step.text for step in order.steps] == ["One", "Two"]
    assert isinstance(match, MatchPart)
    assert [row.left for row in match.rows] == ["a", "c"]
    assert isinstance(events, OrderPart)
    assert [step.event for step in events.steps] == [("crash", "host1"), ("detected", "host1")]


def test_one_may_extend_one_that_extends_another(tmp_path: Path) -> None:
    middle = "---\nextends: base\nid: between\nwas: [once]\ndifficulty: 2\n---\n## Why\nThe middle.\n"
    pack, source = read(tmp_path, "---\nextends: between\ntags: []\n---\nThe end.\n", zz=middle)
    question = source.question
    assert (question.difficulty, question.tags, question.was) == (2, (), ())
    assert (question.prompt, question.why, question.hints) == ("The end.", "The middle.", ("First.", "Second."))
    assert pack.pack.question("once").id == "between"


def test_the_digest_follows_what_is_taken_over(tmp_path: Path) -> None:
    """What `pack regrade` goes by: an answer may be told otherwise when any of the files is another."""
    _, before = read(tmp_path / "a", front())
    changed = BASE.replace("It moves.", "It goes.")
    pack, _ = read_pack(write_pack(tmp_path / "b", {"questions/base.md": changed, "questions/a.md": front()}))
    assert pack is not None
    assert pack.pack.question("a").digest != before.question.digest
    alone, _ = read_pack(write_pack(tmp_path / "c", {"questions/base.md": BASE}))
    assert alone is not None
    assert alone.pack.question("base").digest == read(tmp_path / "d", front())[0].pack.question("base").digest
    whole = open_folder(tmp_path / "a" / "pack", whole=False).pack
    assert whole is not None
    assert whole.question("a").digest == before.question.digest


@pytest.mark.parametrize("whole", [True, False])
def test_its_content_is_read_when_it_is_asked_for(whole: bool, tmp_path: Path) -> None:
    pack = open_folder(write_pack(tmp_path / "p", {"questions/base.md": BASE, "questions/a.md": front()}), whole=whole)
    assert pack.problems == ()
    assert pack.pack is not None
    question = pack.pack.question("a")
    assert count_variants(question) == 4
    assert isinstance(question.answer, OptionsPart)


def test_a_draft_shows_it_whole(tmp_path: Path) -> None:
    draft = Draft(write_pack(tmp_path / "p", {"questions/base.md": BASE, "questions/a.md": front(body="Own?\n")}))
    draft.look()
    page = draft.read("questions/a.md")
    assert isinstance(page.content, QuestionSource)
    assert (page.content.question.prompt, page.content.question.why) == ("Own?", "So it is.")


# -- places ---------------------------------------------------------------------------------------------------------


def test_what_is_wrong_only_here_is_told_here_with_its_place_there(tmp_path: Path) -> None:
    alone = SCENARIO.replace("  db: {role: sql}", "  db: {role: vm1}").replace(
        "  sql: {cluster: hv, owner: host1, storage: san}\n", ""
    )
    files = {
        "questions/base.md": BASE,
        "questions/a.md": "---\nextends: base\n\nscenario: alone\n---\n",
        "scenarios/alone.yaml": alone,
    }
    found = [problem.format() for problem in check_pack(write_pack(tmp_path / "p", files)).problems]
    line = 1 + BASE[: BASE.index("- [moved")].count("\n")
    told = "questions/a.md:2:10: error: bad-claim: 'sql' is not the name of a role"
    assert [each.partition(" (there")[0] for each in found] == [
        f"{told} (questions/base.md:{line}:10)",
        f"{told} (questions/base.md:{line + 1}:14)",
    ]


def test_two_that_extend_each_other_are_both_wrong(tmp_path: Path) -> None:
    files = {"questions/a.md": "---\nextends: b\n---\n", "questions/b.md": "---\nextends: a\n---\n"}
    _, problems = load_pack(write_pack(tmp_path / "p", files))
    assert {problem.format().partition(" (")[0] for problem in problems} == {
        'questions/b.md:2:10: error: cycle: the question extends itself: "a.md" > "b.md" > "a.md"',
        'questions/a.md:2:10: error: cycle: the question extends itself: "b.md" > "a.md" > "b.md"',
    }


def test_what_is_taken_over_has_an_end(tmp_path: Path) -> None:
    """Thousands may extend the same question, and each is read with it."""
    long = "So it is. " * 7_000
    files = {"questions/base.md": BASE.replace("So it is.", long), "questions/a.md": front()}
    _, problems = load_pack(write_pack(tmp_path / "a", files))
    assert [problem.format() for problem in problems] == [
        "questions/a.md:2:10: error: too-big: the files that this question extends are too long together"
    ]
    lessons = {
        "lessons/1-one.md": f"---\ntitle: One\n---\n{long}\n",
        "lessons/2-two.md": "---\nextends: one\n---\nA.\n",
    }
    assert load_pack(write_pack(tmp_path / "b", lessons))[1] == (), "the text of a lesson is not taken over"


def test_a_name_that_is_nearly_right_is_hinted_at(tmp_path: Path) -> None:
    files = {"questions/base.md": BASE, "questions/a.md": front().replace("base", "bass")}
    _, [problem] = load_pack(write_pack(tmp_path / "p", files))
    assert problem.format() == (
        'questions/a.md:2:10: error: unknown-question: there is no question "bass" beside this one '
        '(did you mean "base"?)'
    )


# -- lessons --------------------------------------------------------------------------------------------------------


def test_a_lesson_takes_over_front_matter_and_has_its_own_text(tmp_path: Path) -> None:
    base = "---\ntitle: One\nobjectives: [hosts]\nminutes: 7\nsources: [A book]\nwas: [zero]\n---\nOf the first.\n"
    files = {"lessons/01-one.md": base, "lessons/02-two.md": "---\nextends: one\ntitle: Two\n---\nOf the second.\n"}
    pack, problems = load_pack(write_pack(tmp_path / "a", files))
    assert problems == ()
    assert pack is not None
    one, two = pack.lessons
    assert (two.id, two.title, two.objectives, two.minutes) == ("two", "Two", ("hosts",), 7)
    assert (two.sources, two.was, two.headings) == (("A book",), (), ("Two",))
    assert two.sections != one.sections
    other, _ = load_pack(
        write_pack(tmp_path / "b", {**files, "lessons/01-one.md": base.replace("Of the first", "Of another")})
    )
    assert other is not None
    assert other.lesson("two").digest == two.digest, "the text of the other is no part of it"
    longer, _ = load_pack(write_pack(tmp_path / "c", {**files, "lessons/01-one.md": base.replace("7", "8")}))
    assert longer is not None
    assert longer.lesson("two").digest != two.digest


def test_good_questions_of_the_pack_are_as_they_were(tmp_path: Path) -> None:
    pack, _ = load_pack(write_pack(tmp_path / "p", {"questions/base.md": BASE, "questions/a.md": front()}))
    assert pack is not None
    alone, _ = load_pack(write_pack(tmp_path / "q", {}))
    assert alone is not None
    assert RIGHT["questions/good.md"]
    assert pack.question("good").digest == alone.question("good").digest
