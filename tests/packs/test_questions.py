"""A question file becomes a question, with every part where the author wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.packs.pack import ReadPack, read_pack
from studyapp.packs.questions import QuestionSource
from studyapp.questions.kinds import grader_of
from studyapp.questions.runs import simulated
from studyapp.questions.variants import count_variants, make_variant
from tests.packs.cases import write_pack

FULL = """---
kind: multi
objective: hosts
vary:
  scenario: [trio]
  host: [host1, host2]
  number: [1, 2.5]
let:
  owner: owner("sql")
where: host != "host2" or number == 1
timeline:
  - crash: "{host}"
difficulty: 4
shuffle: false
static: for the sake of the example
---
# A title

**{host}** crashes;
{{host}} stays.

- not an answer

Which?

1. [moved("sql")
   and not up(host)] It *moves*
   from {owner}.

   > Because {host}
   > owned it.
2. [ ] Never.

## Hint
First.

## Why
It was {owner}.

### More

- a list

## Hint
Second.
"""


def read(tmp_path: Path, text: str) -> tuple[ReadPack, QuestionSource]:
    pack, problems = read_pack(write_pack(tmp_path / "pack", {"questions/07-full.md": text}))
    assert problems == ()
    assert pack is not None
    return pack, next(source for source in pack.questions if source.question.id == "full")


def test_everything_that_a_question_may_have(tmp_path: Path) -> None:
    pack, source = read(tmp_path, FULL)
    question = source.question
    assert (question.id, question.pack, question.kind, question.objective) == ("full", "small", "multi", "hosts")
    assert question.prompt == "# A title\n\n**{host}** crashes;\n{{host}} stays.\n\n- not an answer\n\nWhich?"
    assert question.vary == (("scenario", ("trio",)), ("host", ("host1", "host2")), ("number", (1, 2.5)))
    assert question.where is not None
    assert question.where.text == 'host != "host2" or number == 1'
    assert [(name, claim.text) for name, claim in question.let] == [("owner", 'owner("sql")')]
    first, second = question.options
    assert (first.text, first.reason) == ("It *moves*\nfrom {owner}.", "Because {host}\nowned it.")
    assert first.claim is not None
    assert (first.claim.text, first.static) == ('moved("sql") and not up(host)', None)
    assert (first.line, first.column, second.line, second.column) == (26, 4, 32, 4)
    assert (second.text, second.claim, second.static) == ("Never.", None, False)
    assert question.why == "It was {owner}.\n\n### More\n\n- a list"
    assert question.hints == ("First.", "Second.")
    assert (question.difficulty, question.shuffle) == (4, False)
    assert question.static_reason == "for the sake of the example"
    assert (question.path, len(question.digest)) == ("questions/07-full.md", 64)
    assert pack.pack.question("full") is question


def test_its_variants(tmp_path: Path) -> None:
    _, source = read(tmp_path, FULL)
    assert count_variants(source.question) == 3
    variant = make_variant(source.question, 0)
    assert variant.prompt.startswith("# A title\n\n**host1** crashes;\n{host} stays.")
    assert variant.options[0].text == "It *moves*\nfrom host1."
    assert variant.why.startswith("It was host1.")
    assert variant.scenario is not None
    assert variant.scenario.timeline[0].acts[0].subjects == ("host1",)


def test_places(tmp_path: Path) -> None:
    _, source = read(tmp_path, FULL)
    claim = source.options[0]
    assert claim is not None
    assert claim.place(1) == (26, 5)
    assert claim.place(claim.claim.text.index("and") + 1) == (27, 4)
    assert source.options[1] is None
    assert (source.vary["number"].line, source.vary["number"].column) == (7, 3)
    assert source.let["owner"].place(1) == (9, 10)
    assert source.where is not None
    assert source.where.place(9) == (10, 16)
    assert [(text.split("\n")[0], line) for text, line in source.texts if text] == [
        ("# A title", 17),
        ("It *moves*", 27),
        ("Because {host}", 30),
        ("Never.", 32),
        ("First.", 35),
        ("It was {owner}.", 38),
        ("Second.", 45),
    ]


def test_a_timeline_may_use_what_let_derives(tmp_path: Path) -> None:
    _, source = read(tmp_path, FULL.replace('crash: "{host}"', 'crash: "{owner}"'))
    scenario = make_variant(source.question, 2).scenario
    assert scenario is not None
    assert scenario.timeline[0].acts[0].subjects == ("host1",)


def test_claims_are_about_the_end_that_the_question_gives(tmp_path: Path) -> None:
    """Nobody starts the hosts again, so that the outage lasts from the start to the end of the run."""
    text = """---
kind: number
objective: hosts
scenario: trio
vary:
  minutes: [5, 90]
timeline:
  - crash: [host1, host2, host3]
until: "{minutes}min"
answer: downtime("db")
unit: s
---
All hosts lose their power, and {minutes} min go by. For how many seconds of them does nobody get an answer?

## Why
None of them starts by itself.
"""
    _, source = read(tmp_path, text)
    for number, seconds in enumerate((300, 5_400)):
        variant = make_variant(source.question, number)
        assert grader_of(variant).key(variant, simulated) == (seconds,)


@pytest.mark.parametrize("change", [("Which?", "What?"), ("crash:", "hang:")])
def test_the_digest_follows_the_file(tmp_path: Path, change: tuple[str, str]) -> None:
    _, before = read(tmp_path / "a", FULL)
    _, same = read(tmp_path / "b", FULL.replace("\n", "\r\n"))
    _, after = read(tmp_path / "c", FULL.replace(*change))
    assert before.question.digest == same.question.digest != after.question.digest


def test_the_digest_follows_the_scenario(tmp_path: Path) -> None:
    one, _ = read_pack(write_pack(tmp_path / "one", {}))
    folder = write_pack(tmp_path / "two", {})
    scenario = folder / "scenarios" / "trio.yaml"
    scenario.write_text(scenario.read_text().replace("owner: host1, storage", "owner: host2, storage"))
    two, _ = read_pack(folder)
    assert one is not None
    assert two is not None
    assert one.pack.question("good").digest != two.pack.question("good").digest
