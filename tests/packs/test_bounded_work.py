"""A check ends after a counted amount of work, whatever a pack asks for: on every machine, in every order."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.cluster.claims import evaluation
from studyapp.cluster.scenario import Scenario
from studyapp.packs import families, proving
from studyapp.packs.check import CheckReport, check_pack
from studyapp.packs.families import Family
from studyapp.packs.pack import read_pack
from studyapp.packs.report import report_data
from studyapp.packs.worlds import Worlds
from studyapp.questions import goals, variants
from studyapp.questions.runs import simulated
from studyapp.questions.variants import make_variant
from tests.packs.cases import RIGHT, check_files, write_pack

QUESTION = RIGHT["questions/good.md"]
SURVIVES = QUESTION.replace('[moved("sql")]', '[survives("db", 2)]').replace(
    '[not moved("sql")]', '[len(cut_sets("db", 2)) > 0 and not survives("db", 2)]'
)
"""What becomes of the service is found by trying sets of faults: after the crash no structure tells it."""
BREAK = """\
---
kind: break
objective: hosts
scenario: trio
goal: not quorum("hv")
among: [hosts, vms]
---
Take the quorum away.

## Why
A majority is needed.
"""


def proof(pack: Path, *questions: str) -> dict[str, Family]:
    """What is found of some questions of a pack, one after the other, with one memory."""
    read, problems = read_pack(pack)
    assert read is not None, problems
    worlds = Worlds()
    return {
        source.question.id: families.prove_family(source, worlds)
        for name in questions
        for source in read.questions
        if source.question.id == name
    }


def without_worlds(report: CheckReport) -> dict[str, object]:
    return {**report_data(report), "worlds": 0}


def codes(report: CheckReport) -> list[tuple[str, str]]:
    return [(problem.code, problem.severity) for problem in report.problems]


# -- what is counted --------------------------------------------------------------------------------------------------


def test_work_is_counted_alike_whatever_is_remembered(tmp_path: Path) -> None:
    """Else what is proved of a question would depend on which others were proved before it."""
    pack = write_pack(tmp_path / "pack", {"questions/faults.md": SURVIVES, "questions/break.md": BREAK})
    alone = proof(pack, "faults")["faults"].spent
    orders = [("good", "faults", "break"), ("break", "faults", "good")]
    found = [{name: family.spent for name, family in proof(pack, *order).items()} for order in orders]
    assert found[0] == found[1]
    assert found[0]["faults"] == alone
    assert 3 < found[0]["good"] < found[0]["faults"]


def test_sets_of_faults_that_a_claim_tries_count(tmp_path: Path) -> None:
    fewer = SURVIVES.replace('"db", 2', '"db", 1')
    pack = write_pack(tmp_path / "pack", {"questions/two.md": SURVIVES, "questions/one.md": fewer})
    found = proof(pack, "one", "two")
    assert found["one"].spent < found["two"].spent


# -- what ends --------------------------------------------------------------------------------------------------------


def test_a_family_that_takes_too_much_work_is_sampled_and_called_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = check_files(tmp_path / "whole", {})
    assert (whole.proved, whole.sampled, [*whole.problems]) == (3, 0, [])
    spent = proof(tmp_path / "whole" / "pack", "good")["good"].spent
    monkeypatch.setattr(families, "MAX_WORK", spent // 2)
    found = [check_files(tmp_path / name, {}) for name in ("one", "two")]
    for report in found:
        assert (report.ok, report.variants, report.proved, report.sampled) == (True, 3, 0, 2)
        assert codes(report) == [("not-all-proved", "warning")]
        assert report.problems[0].message.startswith("proved 2 of 3 variants: the rest takes more work")
        assert report.counted() == "proved 0 of 0 variants; sampled 2 of 3, not proved"
    assert found[0].problems == found[1].problems


def test_a_variant_that_takes_too_much_work_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(families, "MAX_WORK", 20)
    report = check_files(tmp_path, {})
    assert codes(report) == [("too-much-work", "error")]
    [problem] = report.problems
    assert (problem.path, problem.line, problem.variant) == ("questions/good.md", 10, "host = host1")
    assert report.counted() == "proved 0 of 0 variants; sampled 0 of 3, not proved"


def test_a_claim_that_takes_too_much_work_is_refused_where_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluation, "MAX_WORK", 10)
    report = check_files(tmp_path, {"questions/faults.md": SURVIVES})
    assert {(p.path, p.line, p.column, p.code) for p in report.problems} == {
        ("questions/faults.md", 12, 4, "bad-claim"),
        ("questions/faults.md", 13, 8, "bad-claim"),
    }
    assert all("this takes more than" in problem.message for problem in report.problems)


def test_a_search_for_a_solution_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_files(tmp_path / "whole", {"questions/break.md": BREAK}).ok
    monkeypatch.setattr(goals, "MOST_WORK", 100)
    report = check_files(tmp_path / "cut", {"questions/break.md": BREAK})
    assert codes(report) == [("no-solution", "error")]
    assert "more are too much work" in report.problems[0].message


def test_looking_for_combinations_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = QUESTION.replace("timeline:", "where: len([a for a in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]) > 0\ntimeline:", 1)
    assert check_files(tmp_path / "whole", {"questions/many.md": many}).ok
    monkeypatch.setattr(variants, "MAX_WORK", 1)
    report = check_files(tmp_path / "cut", {"questions/many.md": many.replace("[1, 2,", "[0, 2,")})
    assert codes(report) == [("too-many-variants", "error")]


# -- a pack as a whole ------------------------------------------------------------------------------------------------

LESSON = """\
---
title: Claims
---
Two of them.

```claim trio
- claims:
    - up("host1")
    - up("host2")
```
"""


def test_a_pack_that_takes_too_much_work_is_proved_in_part_and_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same part, with one process or several, anew or from memory, and whatever was remembered before."""
    files = {f"questions/q{number}.md": QUESTION for number in range(10)} | {"lessons/claims.md": LESSON}
    pack = write_pack(tmp_path / "pack", files)
    spent = proof(pack, "good")["good"].spent
    before = tmp_path / "before"
    assert check_pack(pack, cache=before).untried == 0
    write_pack(pack, {"assets/note.txt": "Another pack, so that only its questions are known."})
    monkeypatch.setattr(proving, "MAX_WORK", 4 * spent)
    report = check_pack(pack)
    assert (report.families, report.untried, report.proved, report.claims) == (5, 6, 15, 0)
    assert report.counted() == "proved 15 of 15 variants; 6 questions not tried"
    errors = [problem for problem in report.problems if problem.severity == "error"]
    assert [(p.path, p.line, p.column, p.code) for p in errors] == [("pack.yaml", 1, 1, "too-much-work")]
    assert errors[0].message.endswith("6 questions, 2 claims not tried")
    cache = tmp_path / "cache"
    for again in (
        check_pack(pack, jobs=2),
        check_pack(pack, cache=cache),
        check_pack(pack, cache=cache),
        check_pack(pack, cache=before),
    ):
        assert without_worlds(again) == without_worlds(report)


def test_what_comes_after_the_questions_counts_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = write_pack(tmp_path / "pack", {f"lessons/claims{number}.md": LESSON for number in range(5)})
    whole = check_pack(pack)
    assert (whole.ok, whole.claims) == (True, 10)
    monkeypatch.setattr(proving, "MAX_WORK", proof(pack, "good")["good"].spent + 1)
    report = check_pack(pack)
    assert (report.untried, report.claims) == (0, 2)
    assert codes(report) == [("too-much-work", "error")]
    assert report.problems[0].message.endswith("8 claims not tried")


def test_claims_of_a_lesson_that_take_too_much_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studyapp.packs.check.MAX_WORK", 1)
    report = check_files(tmp_path, {"lessons/claims.md": LESSON})
    assert [(p.path, p.line, p.code) for p in report.problems] == [("lessons/claims.md", 6, "too-much-work")]


# -- packs that mean harm ---------------------------------------------------------------------------------------------

CROWD = (
    """\
title: Twenty hosts
release: ws2012r2
storage:
  san: {kind: array}
hosts:
"""
    + "".join(f"  h{number}: {{storage: [san]}}\n" for number in range(20))
    + """\
clusters:
  hv: {kind: failover, nodes: [NODES], witness: {share: fs}}
roles:
  sql: {cluster: hv, owner: h0, storage: san}
services:
  db: {role: sql}
timeline:
  - crash: h19
""".replace("NODES", ", ".join(f"h{number}" for number in range(20)))
)
GREEDY = """\
---
kind: multi
objective: hosts
scenario: crowd
vary:
  host: [h0, h1, h2, h3, h4, h5, h6, h7]
timeline:
  - crash: "{host}"
---
What becomes of the service when {host} fails?

- [survives("db", 4) and len([a for a in hosts() if survives("db", 3)]) > 0] A.
- [len(cut_sets("db", 4)) > 0 or len(cut_sets("sql", 4)) > 0] B.
- [all(survives("sql", 3) for a in hosts())] C.
- [any(len(single_points("db")) > 9 for a in hosts())] D.

## Why
Because.
"""


def test_a_pack_full_of_claims_that_try_sets_of_faults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every bound is lowered to a fiftieth, and none is passed by more than one step of a search."""
    monkeypatch.setattr(evaluation, "MAX_WORK", 4_000)
    monkeypatch.setattr(families, "MAX_WORK", 8_000)
    monkeypatch.setattr(proving, "MAX_WORK", 40_000)
    files = {f"questions/q{number:02}.md": GREEDY for number in range(40)} | {"scenarios/crowd.yaml": CROWD}
    pack = write_pack(tmp_path / "pack", files)
    report = check_pack(pack)
    assert not report.ok
    assert report.untried > 20
    assert report.families + report.untried == 41
    spent = [family.spent for family in proof(pack, "q00", "q01").values()]
    assert max(spent) < 2 * 8_000 + 4_000


DESIGN = """\
---
kind: design
objective: hosts
scenario: trio
timeline:
  - hang: vm2
allow:
  - {set: hv, property: SameSubnetThreshold, value: [6, 7, 8]}
  - {witness: hv, is: {share: fs1}}
goal: not survives("db", 2) and property("hv", "SameSubnetThreshold") == 8
---
Make it so.

## Why
Because.
"""


def test_a_search_takes_as_much_whatever_was_asked_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a learner might be told that there is no solution where the check has found one."""
    taken: list[int] = []

    class Watched(goals.Search):
        def solves(self, scenario: Scenario | None, index: int) -> bool:
            good = super().solves(scenario, index)
            taken.append(self._spent)
            return good

    monkeypatch.setattr(goals, "Search", Watched)
    pack = write_pack(tmp_path / "pack", {"questions/faults.md": SURVIVES, "questions/design.md": DESIGN})
    assert proof(pack, "faults", "design")["design"].problems == ()
    checked, taken[:] = [*taken], []
    read, _ = read_pack(pack)
    assert read is not None
    [source] = [source for source in read.questions if source.question.id == "design"]
    source.answer.grader.key(make_variant(source.question, 0), simulated)
    assert taken
    assert checked[: len(taken)] == taken


# -- hints ------------------------------------------------------------------------------------------------------------


def test_hints_come_to_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking for the nearest of thousands of names, for each of thousands, would take days."""
    blocks = "".join(f"```question goood{number}\n```\n```diagram troi{number}\n```\n" for number in range(6))
    lesson = LESSON.replace("Two of them.\n", blocks)
    whole = check_files(tmp_path / "whole", {"lessons/claims.md": lesson})
    assert [problem.hint for problem in whole.problems] == ['did you mean "good"?', 'did you mean "trio"?'] * 6
    monkeypatch.setattr("studyapp.packs.problems.MOST_COMPARED", 3)
    cut = check_files(tmp_path / "cut", {"lessons/claims.md": lesson})
    assert len(cut.problems) == len(whole.problems)
    assert [problem.hint is not None for problem in cut.problems].count(True) == 6


def test_placeholders_that_are_none_are_told_so_often_and_no_more(tmp_path: Path) -> None:
    many = QUESTION.replace("Does `sql` move?", " ".join(f"{{hots{number}}}" for number in range(200)))
    report = check_files(tmp_path, {"questions/many.md": many})
    assert codes(report) == [("unfilled-placeholder", "error")] * (families.MAX_FINDINGS + 1)
