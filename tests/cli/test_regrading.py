"""`studyapp pack regrade`: lines and data about old answers, and nothing written."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from studyapp.conduct import ExamConductor, checkpoint
from studyapp.packs.facts import model_version
from studyapp.wiring import Services, make_services
from tests.cli.packs import Told, run
from tests.conduct.small import HANGS, RIGHT, WRONG, write_pack

pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture
def mine(here: Path) -> Path:
    """The small pack, in which two questions were answered, one of them twice."""
    folder = write_pack(here / "mine")
    with make_services() as services:
        answer(services, "hangs", RIGHT)
        answer(services, "hangs", RIGHT)
        answer(services, "lost", WRONG)
    return folder


def answer(services: Services, question: str, answers: dict[str, frozenset[int]]) -> None:
    checkpoint(services, services.open_pack("./mine"), question, 1).answer(answers[question], None, services.now())


def edited(folder: Path) -> Path:
    """The pack after its author has turned two claims round."""
    turned = HANGS.replace("[detected(vm)]", "[up(vm)]").replace("[not detected(vm)]", '[votes("hv") == 0]')
    return write_pack(folder, hangs=turned)


def test_where_nothing_changes(mine: Path, capsys: Told) -> None:
    code, out, err = run(capsys, "regrade", "./mine")
    assert (code, err) == (0, [])
    assert out == [f"small: 3 answers to 2 questions, by the model {model_version()}", "3 as before"]


def test_what_changes_is_told_with_its_cause(mine: Path, capsys: Told) -> None:
    edited(mine)
    code, out, err = run(capsys, "regrade", "./mine")
    assert (code, err) == (1, [])
    assert out[1] == "1 as before, 2 changed"
    told = "\n".join(out)
    assert "hangs: 2 of 2 answers changed" in out
    assert "lost" not in told
    assert "  from right to wrong: 2 answers to variant" in told
    assert "    The question or its scenario has been edited since; the model is the same." in told
    assert "    Now: Wrong. The right answer is " in told
    assert out[-1] == "Nothing is written: what was told stays as it was told."


def test_as_data(mine: Path, capsys: Told) -> None:
    edited(mine)
    (mine / "questions" / "lost.md").write_text("---\nkind: multi\n---\n")
    code, out, err = run(capsys, "regrade", "./mine", "--format", "json")
    assert code == 2, "a pack with errors is not opened"
    write_pack(mine)
    edited(mine)
    code, out, err = run(capsys, "regrade", "./mine", "--format", "json")
    assert (code, err) == (1, [])
    found = json.loads("\n".join(out))
    assert (found["pack"], found["answers"], found["changed"], found["lost"]) == ("small", 3, 2, 0)
    [hangs, lost] = found["questions"]
    assert (hangs["id"], hangs["answers"], hangs["edited"], lost["edited"]) == ("hangs", 2, 2, 0)
    [change] = hangs["changes"]
    assert (change["from"], change["to"]) == ({"verdict": "right", "share": 1.0}, {"verdict": "wrong", "share": 0.0})
    assert len(change["answers"]) == 2
    assert change["cause"] == "question"
    claims = {claim["claim"]: claim for claim in change["claims"]}
    assert claims["up(vm)"]["value"] is True
    assert claims["up(vm)"]["because"]


def test_nothing_is_written(mine: Path, home: Path, capsys: Told) -> None:
    database = home / "studyapp" / "data" / "studyapp.db"
    edited(mine)
    before = database.read_bytes()
    run(capsys, "regrade", "./mine")
    assert database.read_bytes() == before


def test_where_nobody_has_answered_anything(here: Path, home: Path, capsys: Told) -> None:
    write_pack(here / "mine")
    code, out, err = run(capsys, "regrade", "./mine")
    assert (code, err) == (0, [])
    assert out == ["small: there are no answers to grade again"]
    assert not (home / "studyapp" / "data" / "studyapp.db").exists()
    assert run(capsys, "regrade")[1] == ["windows-clustering: there are no answers to grade again"]


def test_what_cannot_be_done_is_said(here: Path, home: Path, capsys: Told) -> None:
    code, out, err = run(capsys, "regrade", "nowhere")
    assert (code, out) == (2, [])
    assert err[0].startswith('studyapp pack regrade: There is no pack "nowhere"')
    database = home / "studyapp" / "data" / "studyapp.db"
    database.parent.mkdir(parents=True)
    database.write_bytes(b"no database" * 100)
    code, out, err = run(capsys, "regrade")
    assert (code, out) == (2, [])
    assert "studyapp pack regrade: " in err[0]
    assert "Traceback" not in "".join(err)


def test_exams_are_scored_again(mine: Path, capsys: Told) -> None:
    with make_services() as services:
        pack = services.open_pack("./mine")
        exam = ExamConductor.start(services, pack, pack.blueprint("first"), 1, services.now())
        for item in range(exam.total):
            exam.answer(item, RIGHT[exam.variant(item).question.id], services.now())
        exam.hand_in(services.now())
    assert run(capsys, "regrade", "./mine")[0] == 0
    edited(mine)
    code, out, err = run(capsys, "regrade", "./mine")
    assert (code, err) == (1, [])
    at = out.index("exams: 1 of 1 result changed")
    assert re.fullmatch(r"  first of \d{4}-\d\d-\d\d: from 1000, passed, to \d+, (not )?passed", out[at + 1])
    found = json.loads("\n".join(run(capsys, "regrade", "./mine", "--format", "json")[1]))
    [exam_] = found["exams"]
    assert exam_["from"] == {"score": 1000, "passed": True}
    assert exam_["to"]["score"] < 1000
