"""`studyapp pack build|install|update|remove|list` as they are used: lines, questions, exit codes, and what is left."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from studyapp.cli.main import main
from studyapp.conduct import ExamConductor
from studyapp.packs.archives.archive import archive_sum
from studyapp.packs.archives.installed import POINTER
from studyapp.wiring import make_services
from tests.cli.packs import SHIPPED, Told, run
from tests.conduct import small
from tests.house.tree import ROOT
from tests.packs.archives.cupboard import tree
from tests.packs.archives.hostile import HONEST
from tests.packs.cases import RIGHT, write_pack

pytestmark = pytest.mark.usefixtures("here")
SUM = sha256(HONEST).hexdigest()


def typing(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def version(folder: Path, number: str, changed: dict[str, str] | None = None) -> Path:
    """The small pack in a version, in a folder."""
    return write_pack(folder, {"pack.yaml": RIGHT["pack.yaml"].replace("1.0.0", number), **(changed or {})})


# -- building --------------------------------------------------------------------------------------------------------


def test_build(here: Path, capsys: Told) -> None:
    write_pack(here / "mine", {})
    code, out, err = run(capsys, "build", "mine")
    assert (code, err) == (0, [])
    assert out == [f"small-1.0.0.studypack: 3 files, {len(HONEST):,} bytes", f"sha256 {SUM}"]
    assert (here / "small-1.0.0.studypack").read_bytes() == HONEST
    assert run(capsys, "build", here / "mine", "-o", "other.zip")[0] == 0
    assert (here / "other.zip").read_bytes() == HONEST
    assert sorted(path.name for path in here.iterdir()) == ["mine", "other.zip", "small-1.0.0.studypack"]


@pytest.mark.parametrize(
    "output,why",
    [("mine/pack.yaml", "it is a file of the pack"), ("mine/questions/good.md", "it is a file of the pack")]
    + [(folder, "it is a folder") for folder in ("mine", ".", "", "/")],
)
def test_build_puts_nothing_in_the_place_of_a_file_of_the_pack_or_of_a_folder(
    here: Path, capsys: Told, output: str, why: str
) -> None:
    write_pack(here / "mine", {})
    before = tree(here)
    code, out, err = run(capsys, "build", "mine", "-o", output)
    assert (code, out) == (2, [])
    assert err == [f"studyapp pack build: mine: {Path(output)} cannot be written: {why}"]
    assert tree(here) == before


def test_build_shows_on_a_terminal_how_far_the_proof_is(
    here: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_pack(here / "mine", {"questions/more.md": RIGHT["questions/good.md"]})
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert main(["pack", "build", "mine"]) == 0
    said = capsys.readouterr()
    assert "\r\x1b[K1 of 2 questions proved, 3 variants tried\r" in said.err
    assert said.err.endswith("\r\x1b[K")
    assert "\x1b" not in said.out


def test_build_that_is_stopped_writes_nothing(here: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*given: object, **more: object) -> None:
        raise KeyboardInterrupt

    write_pack(here / "mine", {})
    before = tree(here)
    monkeypatch.setattr("studyapp.packs.archives.checking.check_pack", stopped)
    code, out, err = run(capsys, "build", "mine")
    assert (code, out, err) == (130, [], ["studyapp pack build: stopped; nothing is written"])
    assert tree(here) == before


def test_an_empty_folder_is_called_so(here: Path, capsys: Told) -> None:
    (here / "mine").mkdir()
    for command in ("build", "install"):
        code, _, err = run(capsys, command, "mine")
        assert (code, err) == (2, [f"studyapp pack {command}: mine: there is no pack in it: the folder is empty"])


def test_a_file_that_cannot_be_read_is_named(here: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    write_pack(here / "mine", {})
    opened = os.open

    def refuse(path: Path, flags: int) -> int:
        if str(path).endswith("trio.yaml"):
            raise PermissionError(13, "Permission denied")
        return opened(path, flags)

    monkeypatch.setattr("studyapp.packs.archives.archive.os.open", refuse)
    code, _, err = run(capsys, "build", "mine")
    assert (code, err) == (
        2,
        ["studyapp pack build: mine: it cannot be read: scenarios/trio.yaml: Permission denied"],
    )


def test_build_inside_the_pack_again_and_again(here: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write_pack(here / "mine", {}))
    for _ in range(3):
        assert run(capsys, "build", ".")[0] == 0
        assert Path("small-1.0.0.studypack").read_bytes() == HONEST


def test_build_what_is_shipped_twice_in_other_processes(here: Path) -> None:
    """Whatever the process, its hash seed or its language."""
    made = set()
    for number, seed in enumerate(("0", "1")):
        done = subprocess.run(
            [sys.executable, "-m", "studyapp.cli.main", "pack", "build", str(SHIPPED), "-o", f"{number}.studypack"],
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed, "LC_ALL": "C", "PYTHONUTF8": seed},
            capture_output=True,
            check=True,
            timeout=120,
        )
        assert not done.stderr
        made.add((here / f"{number}.studypack").read_bytes())
    assert len(made) == 1


@pytest.mark.parametrize(
    "changed, says",
    [
        ({"questions/good.md": RIGHT["questions/good.md"].replace("moved", "up", 1)}, "the pack has errors ("),
        ({"assets/x/CON": "x"}, "the pack has errors (1)"),
        ({"pack.yaml": ""}, "there is no pack in it: there is no such file"),
    ],
)
def test_no_archive_of_a_pack_that_is_not_right(changed: dict[str, str], says: str, here: Path, capsys: Told) -> None:
    write_pack(here / "mine", changed)
    (here / "small-1.0.0.studypack").write_text("before")
    before = tree(here)
    code, out, err = run(capsys, "build", "mine")
    assert (code, out) == (1 if "errors" in says else 2, [])
    assert err[0].startswith(f"studyapp pack build: mine: {says}")
    assert all(": error: " in line for line in err[1:])
    assert tree(here) == before


def test_build_what_cannot_be_written_or_read(here: Path, capsys: Told) -> None:
    write_pack(here / "mine", {})
    (here / "folder").mkdir()
    for words, says in (
        (("mine", "-o", "folder"), "folder cannot be written"),
        (("mine", "-o", "nowhere/x.studypack"), "cannot be written: No such file or directory"),
        (("nowhere",), "nowhere: there is no such folder"),
    ):
        before = tree(here)
        code, out, err = run(capsys, "build", *words)
        assert (code, out, len(err)) == (2, [], 1)
        assert says in err[0]
        assert tree(here) == before


# -- installing ------------------------------------------------------------------------------------------------------


def test_install_list_practise_update_remove(
    here: Path, packs: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "small.studypack").write_bytes(HONEST)
    code, out, err = run(capsys, "install", "small.studypack", "--sha256", SUM.upper())
    assert (code, err) == (0, [])
    assert out == [
        'installed small 1.0.0: "A small pack"',
        "it holds 0 lessons, 1 question, 0 exams",
        "to begin: studyapp practice small",
    ]
    assert run(capsys, "install", "small.studypack") == (0, ["small 1.0.0 is installed already"], [])
    listed = 'small  1.0.0  "A small pack"  0 lessons, 1 question, 0 exams  no licence  installed'
    assert listed in run(capsys, "list")[1]
    typing(monkeypatch, "1\n2\n\n")
    assert main(["practice", "small", "--plain", "--size", "1", "--seed", "1"]) == 0
    assert "Does sql move?" in capsys.readouterr().out.replace("`", "")
    code, out, _ = run(
        capsys, "update", version(here / "new", "1.1.0", {"lessons/one.md": "---\ntitle: One\n---\nA.\n"})
    )
    assert code == 0
    assert out[1:4] == ["in the place of 1.0.0", "questions: 1 as before", "lessons: 1 added"]
    assert run(capsys, "check", "small")[0] == 0
    with make_services() as services:
        assert len(services.store.reviews("small")) == 1, "what was answered in the older version is remembered"
    assert run(capsys, "remove", "small") == (0, ["removed small; what was learned in it is kept"], [])
    assert not packs.exists()
    assert run(capsys, "remove", "small") == (
        2,
        [],
        ['studyapp pack remove: small: no pack "small" is installed'],
    )
    with make_services() as services:
        assert len(services.store.reviews("small")) == 1


def test_what_a_pack_says_of_itself_is_shown_before_and_after(
    here: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = "description: For those who know one host.\nhomepage: https://example.org/small\n"
    about = ["For those who know one host.", "https://example.org/small"]
    newer = version(here / "newer", "2", {"pack.yaml": RIGHT["pack.yaml"].replace("1.0.0", "2") + more})
    assert run(capsys, "install", newer)[1][1:3] == about
    older = version(here / "older", "1", {"pack.yaml": RIGHT["pack.yaml"] + more})
    typing(monkeypatch, "no\n")
    assert run(capsys, "update", older)[1][:2] == about
    _, out, _ = run(capsys, "list")
    place = next(number for number, line in enumerate(out) if line.startswith("small  2 "))
    assert [line.strip() for line in out[place + 1 : place + 3]] == about
    _, out, _ = run(capsys, "list", "--format", "json")
    listed = next(each for each in json.loads("\n".join(out))["packs"] if each["id"] == "small")
    assert [listed["description"], listed["homepage"]] == about
    assert set(about) < set(run(capsys, "show", newer)[1])
    told = json.loads("\n".join(run(capsys, "show", newer, "--format", "json")[1]))["pack"]
    assert [told["description"], told["homepage"]] == about


def test_what_changed_is_told(here: Path, capsys: Told) -> None:
    good = RIGHT["questions/good.md"]
    run(capsys, "install", version(here / "one", "1", {"questions/gone.md": good.replace("its power", "all power")}))
    _, out, _ = run(
        capsys, "install", version(here / "two", "2", {"questions/good.md": good.replace("Yes.", "It does.")})
    )
    assert out[1:5] == [
        "in the place of 1",
        "questions: 1 changed, 1 removed",
        "lessons: none",
        "answers to questions that are removed are kept, and count again should they come back",
    ]
    assert out[5] == "answers to questions that are changed count as before"


@pytest.mark.parametrize("typed, code", [("yes\n", 0), ("Y\n", 0), ("no\n", 1), ("", 1), ("maybe\n", 1)])
@pytest.mark.parametrize("command", ["install", "update"])
def test_a_downgrade_is_said_and_asked(
    command: str, typed: str, code: int, here: Path, packs: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(capsys, "install", version(here / "new", "2.0"))
    before = tree(packs)
    typing(monkeypatch, typed)
    found, out, err = run(capsys, command, version(here / "old", "1.9"))
    assert found == code
    assert out[0] == "small 1.9: its version 1.9 is older than 2.0"
    assert out[1].startswith("Install it all the same, yes or no?")
    assert err == ([] if code == 0 else [f"studyapp pack {command}: {here / 'old'}: nothing has been changed"])
    assert (tree(packs) == before) == bool(code)
    typing(monkeypatch, "")
    assert run(capsys, command, here / "old", "--yes")[0] == 0


def test_the_sum_that_is_insisted_on(here: Path, packs: Path, capsys: Told) -> None:
    (here / "small.studypack").write_bytes(HONEST)
    wrong = "0" * 64
    code, out, err = run(capsys, "install", "small.studypack", "--sha256", wrong)
    assert (code, out) == (1, [])
    assert err == [f"studyapp pack install: small.studypack: its SHA-256 is {SUM}, not {wrong}"]
    assert not packs.parent.exists()
    folder = write_pack(here / "mine", {})
    assert run(capsys, "install", folder, "--sha256", wrong)[0] == 1
    assert run(capsys, "install", folder, "--sha256", SUM)[0] == 0, "the sum of a folder is that of its archive"
    with pytest.raises(SystemExit) as ended:
        main(["pack", "install", str(folder), "--sha256", "abc"])
    assert ended.value.code == 2


def test_a_pack_with_errors_is_not_installed(here: Path, packs: Path, capsys: Told) -> None:
    wrong = {f"questions/q{number}.md": "no front matter" for number in range(5)}
    code, out, err = run(capsys, "install", write_pack(here / "mine", wrong))
    assert (code, out, len(err)) == (1, [], 5)
    assert err[0] == f"studyapp pack install: {here / 'mine'}: the pack has errors (5)"
    assert err[1].startswith("questions/q0.md:1:1: error: no-front-matter")
    assert err[-1] == "... and 2 more"
    assert not packs.parent.exists()


def test_an_open_exam_is_asked_about(here: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = small.write_pack(here / "mine")
    assert run(capsys, "install", folder)[0] == 0
    with make_services() as services:
        pack = services.open_pack("small")
        ExamConductor.start(services, pack, pack.blueprints[0], 1, services.now())
    small.write_pack(folder, pack=small.PACK.replace("1.0.0", "1.1.0"))
    typing(monkeypatch, "")
    code, out, _ = run(capsys, "update", folder)
    assert code == 1
    assert out[0] == "small 1.1.0: an exam in it is open, and its questions may change or go"
    assert run(capsys, "remove", "small")[0] == 1
    assert run(capsys, "update", folder, "--yes")[0] == 0
    assert run(capsys, "remove", "small", "--yes")[0] == 0


# -- listing ---------------------------------------------------------------------------------------------------------


def test_list_as_json(here: Path, packs: Path, capsys: Told) -> None:
    run(capsys, "install", small.write_pack(here / "mine"))
    code, out, err = run(capsys, "list", "--format", "json")
    assert (code, err) == (0, [])
    told = json.loads("\n".join(out))
    mine, shipped = (each for each in told["packs"] if each["id"] in ("small", "windows-clustering"))
    whole = archive_sum({name: text.encode() for name, text in small.FILES.items()})
    assert mine == {
        "id": "small",
        "version": "1.0.0",
        "title": "A small pack",
        "license": "CC0-1.0",
        "language": "en",
        "authors": ["nobody"],
        "description": "",
        "homepage": "",
        "was": [],
        "folder": (packs / "small" / f"1.0.0-{whole[:12]}").as_posix(),
        "installed": True,
        "sha256": whole,
        "holds": {"lessons": 0, "questions": 3, "exams": 1},
        "trouble": None,
    }
    assert (shipped["id"], shipped["installed"], shipped["sha256"]) == ("windows-clustering", False, None)
    assert shipped["holds"]["questions"] > 0
    assert Path(shipped["folder"]).is_dir()


def test_list_what_is_damaged(here: Path, packs: Path, capsys: Told) -> None:
    run(capsys, "install", write_pack(here / "mine", {}))
    (packs / "small" / POINTER).write_bytes(b"\x1b")
    assert "small  cannot be opened: its pointer is damaged" in run(capsys, "list")[1]
    told = json.loads("\n".join(run(capsys, "list", "--format", "json")[1]))
    assert {each["id"]: each["trouble"] for each in told["packs"]}["small"] == "its pointer is damaged"
    assert main(["practice", "small", "--plain"]) == 2
    assert "Install it again" in capsys.readouterr().err


def test_the_start_clears_away_what_was_left(packs: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the first command after a crash is."""
    for words in (["pack", "list"], ["practice", "--plain", "--size", "1"], ["learn", "--plain"]):
        (packs / ".new" / "assets").mkdir(parents=True)
        (packs / "small" / "1.0.0-0123456789ab").mkdir(parents=True)
        (packs / ".lock").touch()
        typing(monkeypatch, "")
        assert main(words) == 0
        assert not packs.exists(), words
    capsys.readouterr()
