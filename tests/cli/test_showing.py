"""`studyapp pack show`: what a pack holds, each thing as a learner sees it, and what stands behind a question."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.packs import SHIPPED, Told, run
from tests.packs.cases import RIGHT, Case, cases, write_pack
from tests.questions.every_kind import FILES
from tests.questions.every_kind import RIGHT as ANSWERS

pytestmark = pytest.mark.usefixtures("here")

EXAM = """\
title: Test exam
minutes: 10
questions: 1
pass: 700
pass_share: 0.7
draw: [{objective: hosts, share: 100}]
"""
LESSON = """\
---
title: About hosts
objectives: [hosts]
minutes: 3
sources: [a book]
---
Some *prose*.

```diagram trio
- crash: host1
```
```compare trio trio
```
```question good
```
```claim trio
- claims:
    - quorum("hv")
```
"""
FULL = {
    **FILES,
    "lessons/01-hosts.md": LESSON,
    "exams/exam.yaml": EXAM,
    "glossary.yaml": "node: {text: A member., also: [nodes]}\n",
}


def data(capsys: Told, *words: str | Path) -> dict[str, Any]:
    """What is printed as JSON."""
    code, out, err = run(capsys, "show", *words, "--format", "json")
    assert (code, err) == (0, [])
    found = json.loads("\n".join(out))
    assert isinstance(found, dict)
    return found


# -- the pack as a whole ----------------------------------------------------------------------------------------------


def test_without_a_thing_everything_is_listed(here: Path, capsys: Told) -> None:
    write_pack(here / "mine", FULL)
    code, out, err = run(capsys, "show", "mine")
    assert (code, err) == (0, [])
    told = "\n".join(out)
    assert 'small 1.0.0: "A small pack", no licence, en' in told
    for line in (
        "- hosts: Hosts, 100% of an exam",
        "- hosts: About hosts, 1 part, about 3 minutes",
        "- trio: Three clustered hosts, Windows Server 2008 R2",
        "- good: choice, about hosts, 3 variants, decided by the model",
        "- text: text, about hosts, 1 variant, decided by the author",
        "- exam: Test exam, 1 question, 10 minutes",
        "- node, nodes",
    ):
        assert line in out


def test_the_list_as_data(here: Path, capsys: Told) -> None:
    write_pack(here / "mine", FULL)
    found = data(capsys, "mine")
    assert found["pack"]["id"] == "small"
    assert {kind: len(found[kind]) for kind in ("objectives", "lessons", "scenarios", "exams")} == {
        "objectives": 1, "lessons": 1, "scenarios": 2, "exams": 1,
    }  # fmt: skip
    assert found["glossary"] == [{"term": "node", "text": "A member.", "also": ["nodes"]}]
    kinds = {each["id"]: (each["kind"], each["decided_by"], each["variants"]) for each in found["questions"]}
    assert kinds["good"] == ("choice", "model", 3)
    assert kinds["text"] == ("text", "author", 1)


def test_what_is_wrong_is_left_out_and_said(here: Path, capsys: Told) -> None:
    write_pack(here / "mine", {"questions/other.md": "---\nkind: choose\n---\n"})
    code, out, err = run(capsys, "show", "mine")
    assert code == 0
    assert not any("other" in line for line in out)
    assert err == ["2 things are wrong in the files of this pack, and left out: studyapp pack check tells"]
    code, out, err = run(capsys, "show", "mine", "other")
    assert (code, out) == (1, [])
    assert err[0].startswith("studyapp pack show: questions/other.md:")


# -- which pack, which thing ------------------------------------------------------------------------------------------


def test_a_thing_alone_is_of_the_pack_that_is_here(here: Path, capsys: Told) -> None:
    write_pack(here, {})
    code, out, _ = run(capsys, "show", "good")
    assert code == 0
    assert out[0].startswith("Question good: choice")
    assert run(capsys, "show")[1][0].startswith("small 1.0.0")


def test_where_no_pack_is_it_is_of_the_first_pack(capsys: Told) -> None:
    assert run(capsys, "show", "next-owner")[1][0].startswith("Question next-owner: choice")
    assert run(capsys, "show", "windows-clustering")[1][0].startswith("windows-clustering ")
    assert run(capsys, "show", "windows-clustering", "next-owner")[1][0].startswith("Question next-owner")


@pytest.mark.parametrize(
    "words, says",
    [
        (["nowhere", "x"], "nowhere: there is no such folder, and no pack with this id is installed"),
        (["next-ovner"], 'windows-clustering holds nothing called "next-ovner" (did you mean "next-owner"?)'),
        (["zzz"], 'windows-clustering holds nothing called "zzz" (without an id all that it holds is listed)'),
        (["lessons/next-owner"], "windows-clustering holds nothing called"),
        (["three-hosts", "--claims"], "no claims stand behind three-hosts: --claims is about questions and lessons"),
        (
            ["hosts-or-guests", "--seed", "1"],
            "hosts-or-guests is no question: --variant and --seed are about questions",
        ),
        (["next-owner", "--variant", "12"], "next-owner has 11 variants: there is no other"),
    ],
)
def test_what_is_not_there_is_said(capsys: Told, words: list[str], says: str) -> None:
    code, out, err = run(capsys, "show", *words)
    assert (code, out) == (2, [])
    assert len(err) == 1
    assert err[0].startswith(f"studyapp pack show: {says}")


def test_a_name_of_several_things_needs_its_kind(here: Path, capsys: Told) -> None:
    write_pack(here, {"questions/trio.md": RIGHT["questions/good.md"]})
    code, _, err = run(capsys, "show", "trio")
    assert code == 2
    assert err == ['studyapp pack show: "trio" is more than one thing: say scenarios/trio or questions/trio']
    assert run(capsys, "show", "scenarios/trio")[1][0] == "Scenario trio"
    assert run(capsys, "show", "questions/trio.md")[1][0].startswith("Question trio")


@pytest.mark.parametrize(
    "words", [["--variant", "0"], ["--variant", "x"], ["--seed", "-1"], ["--variant", "1", "--seed", "1"]]
)
def test_wrong_numbers_are_refused(capsys: Told, words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(capsys, "show", "next-owner", *words)
    assert ended.value.code == 2


# -- one thing --------------------------------------------------------------------------------------------------------


def test_a_question_as_a_learner_sees_it(here: Path, capsys: Told) -> None:
    write_pack(here, {})
    _, out, _ = run(capsys, "show", "good", "--variant", "2")
    assert out[1:3] == ["Variant 2 of 3, decided by the model", "- host: host2"]
    assert "host2 loses its power. Does sql move?" in out
    assert "Claims:" not in out
    options = out[out.index("Options, one of them is right:") + 1 :][:2]
    right = out[out.index("The answer:") + 1 :][:2]
    # sql is on host1: when host2 loses its power it stays where it is.
    assert {option[3:]: told[3:] for option, told in zip(options, right, strict=True)} == {
        "Yes.": "wrong.",
        "No.": "right.",
    }


def test_a_seed_shows_what_it_stands_for(here: Path, capsys: Told) -> None:
    write_pack(here, {})
    shown = data(capsys, "good", "--seed", "7")
    assert shown == data(capsys, "good", "--seed", "7")
    assert shown["seed"] == 7
    assert (
        run(capsys, "show", "good", "--seed", "7")[1][1]
        == f"Variant {shown['variant']} of 3, seed 7, decided by the model"
    )


def test_claims_stand_beside_their_options(here: Path, capsys: Told) -> None:
    write_pack(here, {})
    _, out, _ = run(capsys, "show", "good", "--claims")
    claims = out[out.index("Claims:") :]
    at = claims.index('   claim       moved("sql")')
    assert claims[at + 1 : at + 3] == [
        "   says        sql is on another node than at the start.",
        "   value       true",
    ]
    at = claims.index('   claim       not moved("sql")')
    assert claims[at + 1 : at + 3] == [
        "   says        sql is not on another node than at the start.",
        "   value       false",
    ]


def test_what_a_claim_rests_on_and_who_would_believe_it(capsys: Told) -> None:
    """Five missed heartbeats by the facts; half as many would be over before the node is back."""
    shown = data(capsys, SHIPPED, "short-silence", "--variant", "1", "--claims")
    assert shown["values"]["seconds"] == 2
    first = shown["claims"][0]
    assert first["claim"] == 'not happens("removed", node) and not moved("files")'
    assert first["sentence"].startswith("It never happens that n1 is dropped by the other members")
    assert first["value"] is True
    deciding = {each["fact"]: each for each in first["decided_by"]}
    assert deciding["heartbeat.same_subnet_threshold"]["value"] == 5
    assert deciding["heartbeat.same_subnet_threshold"]["then"] is False
    assert deciding["heartbeat.same_subnet_threshold"]["source"]
    believed = {option["index"]: option["believed_by"] for option in shown["options"]}
    assert believed[1] == ["one-missed-heartbeat-is-death"]
    told = "\n".join(run(capsys, "show", SHIPPED, "short-silence", "--claims")[1])
    assert "decided by  heartbeat.same_subnet_threshold is 5" in told
    assert "believed by one-missed-heartbeat-is-death: that" in told


def test_a_number_tells_what_a_belief_would_make_of_it(capsys: Told) -> None:
    shown = data(capsys, SHIPPED, "seconds-until-noticed", "--claims")
    # A heartbeat each half second, four missed.
    assert (shown["values"]["delay"], shown["values"]["threshold"]) == (500, 4)
    assert shown["solution"] == "2 s"
    assert shown["misconceptions"]["answers"] == {"one-missed-heartbeat-is-death": "0.5 s"}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_kind_can_be_shown(here: Path, capsys: Told, kind: str) -> None:
    write_pack(here, FULL)
    shown = data(capsys, f"questions/{kind}", "--claims")
    assert shown["trouble"] is None
    assert all(claim["trouble"] is None for claim in shown["claims"])
    code, out, err = run(capsys, "show", f"questions/{kind}", "--claims")
    assert (code, err) == (0, [])
    assert "Why:" in out
    assert "Claims:" in out


def test_what_the_author_decides_is_called_so(here: Path, capsys: Told) -> None:
    static = RIGHT["questions/good.md"].replace('[moved("sql")]', "[x]").replace('[not moved("sql")]', "[ ]")
    write_pack(here, {"questions/good.md": static})
    _, out, _ = run(capsys, "show", "good", "--claims")
    assert "   the author decides that it holds" in out
    assert "   the author decides that it does not hold" in out


def test_a_claim_without_a_value_is_shown_with_its_trouble(here: Path, capsys: Told) -> None:
    broken = RIGHT["questions/good.md"].replace('[moved("sql")]', "[moved(host)]")
    write_pack(here, {"questions/good.md": broken})
    code, out, _ = run(capsys, "show", "good", "--claims")
    assert code == 0
    assert any(line.startswith("What is right cannot be found: ") for line in out)
    assert any(line.startswith("   value       none: ") for line in out)


def test_a_variant_that_cannot_be_made(here: Path, capsys: Told) -> None:
    write_pack(here, {"questions/good.md": RIGHT["questions/good.md"].replace("crash", "explode")})
    code, out, err = run(capsys, "show", "good")
    assert (code, out) == (1, [])
    [said] = err
    assert said.startswith("studyapp pack show: questions/good.md: this variant cannot be made: ")
    assert 'questions/good.md:8:5: error: unknown-verb: there is no verb "explode"' in said


def test_a_lesson_is_told_whole_where_a_question_in_it_cannot_be_made(here: Path, capsys: Told) -> None:
    write_pack(here, {**FULL, "questions/good.md": RIGHT["questions/good.md"].replace("crash", "explode")})
    code, out, err = run(capsys, "show", "lessons/hosts")
    assert (code, err) == (0, [])
    said = " ".join(out)
    assert "Question good, of which no variant can be made: questions/good.md:8:5: error: unknown-verb" in said
    assert "Sources" in said


def test_lessons_scenarios_exams_and_objectives(here: Path, capsys: Told) -> None:
    write_pack(here, FULL)
    lesson = run(capsys, "show", "lessons/hosts")[1]
    assert lesson[0] == "Lesson hosts: About hosts, about 3 minutes"
    for line in (
        "Some prose.",
        "Diagram: Three clustered hosts",
        "- 00:00 host1 loses its power",
        "Diagram B, on the right: Three clustered hosts",
        "Question good, such as this variant of it:",
        "1 claim in blocks that are not shown and that pack check proves.",
        "- a book",
    ):
        assert line in lesson, line
    assert "hv · failover cluster" in "\n".join(run(capsys, "show", "scenarios/trio")[1])
    assert "- hosts: 100%, of 11 questions in the pack" in run(capsys, "show", "exams/exam")[1]
    assert "Questions: 11" in run(capsys, "show", "objectives/hosts")[1]
    parts = data(capsys, "lessons/hosts")["sections"][0]["parts"]
    assert [part["kind"] for part in parts] == ["prose", "diagram", "compare", "question"]
    assert data(capsys, "scenarios/trio")["release"] == "ws2008r2"
    assert data(capsys, "exams/exam")["draw"] == [{"objective": "hosts", "share": 100.0}]
    assert data(capsys, "objectives/hosts")["weight"] == 100


def test_the_claims_of_a_lesson(here: Path, capsys: Told) -> None:
    write_pack(here, FULL)
    out = run(capsys, "show", "lessons/hosts", "--claims")[1]
    at = out.index('   claim       quorum("hv")')
    assert out[at - 1] == "Claims on line 16, about Three clustered hosts:"
    assert out[at + 1 : at + 3] == ["   says        hv has quorum.", "   value       true"]
    [block] = data(capsys, "lessons/hosts", "--claims")["blocks"]
    assert block["line"] == 16
    assert [(claim["sentence"], claim["value"]) for claim in block["claims"]] == [("hv has quorum.", True)]


def test_a_question_that_is_not_there_is_said_in_its_place(here: Path, capsys: Told) -> None:
    write_pack(here, {"lessons/a.md": "---\ntitle: A\n---\nText.\n\n```question gone\n```\n"})
    assert "Question gone, which is not there." in run(capsys, "show", "a")[1]


BROKEN = [case for name in ("files.txt", "questions.txt", "lessons.txt") for case in cases(name)]


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
def test_broken_packs_are_shown_as_far_as_they_can_be(here: Path, capsys: Told, case: Case) -> None:
    """`run` sees to it that nothing unprintable comes out, and no error is raised."""
    write_pack(here / "mine", case.files)
    run(capsys, "show", "mine")
    for thing in ("good", "trio", "other", "bad"):
        run(capsys, "show", "mine", thing)
    run(capsys, "show", "mine", "questions/good", "--claims", "--format", "json")
