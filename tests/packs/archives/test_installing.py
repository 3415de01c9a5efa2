"""Installing, updating and removing: what counts afterwards, what is asked before, and what is left alone."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from studyapp.packs.archives import checking
from studyapp.packs.archives.archive import Source
from studyapp.packs.archives.installed import POINTER, STAGE, DamagedPointer, find_installed
from studyapp.packs.archives.installing import Plan, install
from studyapp.packs.archives.listing import list_packs
from studyapp.packs.archives.tidying import tidy
from studyapp.packs.check import CheckReport
from studyapp.wiring import PackRefused
from tests.packs.archives.cupboard import Cupboard, files_of, refused, services, source_of, tree
from tests.packs.cases import RIGHT, write_pack

# -- what counts -----------------------------------------------------------------------------------------------------


def test_an_installed_pack_is_opened_by_its_id(at: Cupboard) -> None:
    plan = at.install(source_of())
    assert (plan.before, plan.doubts, plan.done, plan.questions) == (None, (), False, None)
    assert at.files == files_of()
    with services(at) as there:
        assert there.catalog.ids() == ("small",)
        pack = there.open_pack("small")
        assert (pack.id, pack.version) == ("small", "1.0.0")
    assert sorted(path.name for path in at.home.iterdir()) == ["small"], "no lock and no stage are left"
    assert len(list((at.home / "small").iterdir())) == 2, "the pointer and one version"


def test_a_newer_version_takes_the_place_without_a_question(at: Cupboard) -> None:
    at.install(source_of("1.0.0"))
    plan = at.install(source_of("1.0.1"), update=True)
    assert (plan.before, plan.doubts) == ("1.0.0", ())
    assert at.files == files_of("1.0.1")
    assert len(list((at.home / "small").iterdir())) == 2, "the older version is gone"


@pytest.mark.parametrize(
    "version, changed, doubt",
    [
        ("0.9", None, "its version 0.9 is older than 1.0.0"),
        ("1.0.0-rc.1", None, "its version 1.0.0-rc.1 is older than 1.0.0"),
        ("1.0", {"LICENSE": "other"}, "another pack of the same version 1.0.0 is installed"),
    ],
)
def test_what_is_asked_before(at: Cupboard, version: str, changed: dict[str, str | None] | None, doubt: str) -> None:
    at.install(source_of("1.0.0"))
    before = tree(at.folder)
    plans: list[Plan] = []

    def no(plan: Plan) -> bool:
        plans.append(plan)
        return False

    source = source_of(version, changed)
    error = refused(lambda: install(source, at.home, at.shipped, no))
    assert (error.code, error.is_answer) == ("declined", True)
    assert plans[0].doubts == (doubt,)
    assert tree(at.folder) == before
    at.install(source)
    assert at.files == source.files


def test_a_pack_by_others_is_asked_about(at: Cupboard) -> None:
    def by(names: str, version: str) -> Source:
        return source_of(changed={"pack.yaml": f"{RIGHT['pack.yaml'].replace('1.0.0', version)}authors: [{names}]\n"})

    at.install(by("A, B", "1.0"))
    assert at.install(by("B, C", "1.1")).doubts == ()
    assert at.install(by("D, E", "1.2")).doubts == ("it is by other authors than 1.1, which is installed: D, E",)
    assert at.install(source_of("1.3")).doubts == (
        "it is by other authors than 1.2, which is installed: nobody is named",
    )


def test_what_is_stopped_leaves_nothing(at: Cupboard, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(folder: Path, **more: bool) -> CheckReport:
        assert (folder / "pack.yaml").is_file()
        raise KeyboardInterrupt

    before = tree(at.folder)
    monkeypatch.setattr(checking, "check_pack", stopped)
    with pytest.raises(KeyboardInterrupt):
        at.install(source_of())
    assert tree(at.folder) == before


def test_the_same_again_changes_nothing(at: Cupboard) -> None:
    at.install(source_of())
    before = tree(at.folder)
    plan = install(source_of(), at.home, at.shipped, lambda plan: False)
    assert plan.done
    assert tree(at.folder) == before


def test_the_same_again_repairs_what_somebody_has_changed(at: Cupboard) -> None:
    at.install(source_of())
    counts = at.counts
    assert counts is not None
    (counts.folder(at.home) / "pack.yaml").write_text("changed")
    plan = at.install(source_of())
    assert (plan.done, plan.doubts) == (False, ())
    assert at.files == files_of()
    assert len(list((at.home / "small").iterdir())) == 2


def test_only_what_is_installed_is_updated(at: Cupboard) -> None:
    before = tree(at.folder)
    error = refused(lambda: at.install(source_of(), update=True))
    assert (error.code, str(error)) == ("not-installed", 'no pack "small" is installed')
    assert tree(at.folder) == before


def test_a_pack_in_the_place_of_one_that_comes_with_the_program(at: Cupboard) -> None:
    write_pack(at.shipped / "small", {})
    plan = at.install(source_of("2.0.0"))
    assert plan.before == "1.0.0"
    assert plan.doubts == ("it takes the place of small 1.0.0, which comes with studyapp",)
    with services(at) as there:
        assert there.catalog.ids() == ("small",)
        assert there.open_pack("small").version == "2.0.0"
        at.remove()
        assert there.open_pack("small").version == "1.0.0"
    assert refused(at.remove).code == "shipped"


def test_what_is_new_is_told(at: Cupboard) -> None:
    question, lesson = RIGHT["questions/good.md"], "---\ntitle: One\n---\nText.\n"
    first = {f"questions/{name}.md": question.replace("power.", f"power {name}.") for name in ("a", "b", "c")}
    at.install(source_of("1.0.0", {**first, "lessons/one.md": lesson, "lessons/two.md": lesson}))
    second = {
        "questions/a.md": first["questions/a.md"].replace("Yes.", "It does."),
        "questions/d.md": first["questions/b.md"].replace("---\n", "---\nwas: [b]\n", 1),
        "questions/e.md": first["questions/c.md"].replace("Yes.", "So it is."),
        "lessons/two.md": lesson,
    }
    plan = at.install(source_of("1.1.0", {**second}))
    assert plan.questions is not None
    assert plan.lessons is not None
    assert (plan.questions.changed, plan.questions.renamed, plan.questions.added) == (("a",), ("d",), ("e",))
    assert (plan.questions.removed, plan.questions.same) == (("c",), ("good",))
    assert (plan.lessons.removed, plan.lessons.same) == (("one",), ("two",))


def test_a_change_of_a_scenario_changes_its_questions(at: Cupboard) -> None:
    at.install(source_of("1.0.0"))
    plan = at.install(source_of("1.1.0", {"scenarios/trio.yaml": RIGHT["scenarios/trio.yaml"] + "# more\n"}))
    assert plan.questions is not None
    assert plan.questions.changed == ("good",)


# -- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed, code",
    [
        ({"questions/good.md": RIGHT["questions/good.md"].replace('[not moved("sql")]', "[x]")}, "check"),
        ({"other/file.md": "x"}, "check"),
        ({"pack.yaml": None}, "no-pack"),
        ({"pack.yaml": "format: 9\n"}, "no-pack"),
        ({"pack.yaml": "format: ["}, "check"),
        ({"pack.yaml": RIGHT["pack.yaml"].replace("id: small", "id: con")}, "check"),
        ({"pack.yaml": RIGHT["pack.yaml"].replace("id: small", "id: ../small")}, "check"),
        ({"pack.yaml": RIGHT["pack.yaml"].replace("1.0.0", "../1")}, "check"),
    ],
)
@pytest.mark.parametrize("installed", [False, True])
def test_a_pack_that_is_not_right_is_not_installed(
    at: Cupboard, changed: dict[str, str | None], code: str, installed: bool
) -> None:
    if installed:
        at.install(source_of())
    before = tree(at.folder)
    error = refused(lambda: at.install(source_of(changed=changed)))
    assert error.code == code
    assert bool(error.problems) == error.is_answer == (code == "check")
    assert tree(at.folder) == before


def test_what_is_not_installed_is_not_removed(at: Cupboard) -> None:
    at.install(source_of())
    assert str(refused(lambda: at.remove("smal"))) == 'no pack "smal" is installed (did you mean "small"?)'
    for hostile in ("../small", "small/1.0.0", ".lock", "", "x\x1b[31m"):
        assert refused(lambda name=hostile: at.remove(name)).code == "not-installed"  # type: ignore[misc]  # a default fixes the value
    at.remove()
    assert at.files is None
    assert not at.home.exists(), "nothing is left"


def test_a_folder_of_data_that_is_read_only(at: Cupboard, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests may write anywhere, so the refusal is made up."""
    real = os.mkdir

    def mkdir(path: str | Path, *more: int) -> None:
        if str(path).startswith(str(at.folder)):
            raise PermissionError(13, "Permission denied", str(path))
        real(path, *more)

    monkeypatch.setattr(os, "mkdir", mkdir)
    error = refused(lambda: at.install(source_of()))
    assert (error.code, error.is_answer) == ("not-writable", False)
    assert "Permission denied" in str(error)
    assert str(at.folder / "data") in str(error)
    assert tree(at.folder) == {"shipped": "0o40000"}


def test_a_file_in_the_place_of_the_folder(at: Cupboard) -> None:
    (at.folder / "data").write_text("in the way")
    assert refused(lambda: at.install(source_of())).code == "not-writable"
    with services(at) as there:
        assert there.catalog.ids() == ()
        there.catalog.tidy()


# -- what is there already -------------------------------------------------------------------------------------------


def test_a_data_folder_behind_a_link(at: Cupboard, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (at.folder / "data").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    at.install(source_of())
    assert at.files == files_of()
    at.install(source_of("1.0.1"))
    at.remove()
    assert tree(tmp_path / "elsewhere") == {}


def test_links_in_the_home_of_packs_are_never_followed(at: Cupboard, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("precious")
    (outside / "1.0.0-0123456789ab").mkdir()
    at.install(source_of())
    (at.home / STAGE).symlink_to(outside, target_is_directory=True)
    (at.home / "linked").symlink_to(outside, target_is_directory=True)
    (at.home / "small" / "0.9-0123456789ab").symlink_to(outside, target_is_directory=True)
    before = tree(outside)
    at.install(source_of("1.0.1"))
    tidy(at.home)
    at.remove()
    assert tree(outside) == before


def test_what_nobody_knows_the_meaning_of_stays(at: Cupboard) -> None:
    at.install(source_of())
    (at.home / "notes.txt").write_text("mine")
    (at.home / "small" / "notes.txt").write_text("mine")
    (at.home / "other").mkdir()
    (at.home / "other" / "notes.txt").write_text("mine")
    at.install(source_of("1.0.1"))
    at.remove()
    assert tree(at.home) == {
        **dict.fromkeys(("other", "small"), "0o40000"),
        **dict.fromkeys(("notes.txt", "other/notes.txt", "small/notes.txt"), b"mine"),
    }


DAMAGE = {
    "empty": b"",
    "no JSON": b"{",
    "deep": b"[" * 60_000,
    "long": b" " * 70_000,
    "a list": b"[]",
    "a number": b'{"format": 1' + b"0" * 5000 + b"}",
    "newer": b'{"format": 2}',
    "another's": json.dumps(
        {"format": 1, "id": "x", "version": "1", "title": "", "place": "1-0123456789ab", "sum": "0" * 64}
    ).encode(),
    "outside": json.dumps(
        {"format": 1, "id": "small", "version": "1", "title": "", "place": "../../x", "sum": "0" * 64}
    ).encode(),
    "not text": b"\xff\xfe",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_pointer_is_told_and_can_be_repaired(at: Cupboard, damage: str) -> None:
    at.install(source_of())
    pointer = at.home / "small" / POINTER
    pointer.write_bytes(DAMAGE[damage])
    before = tree(at.home)
    with pytest.raises(DamagedPointer):
        find_installed(at.home, "small")
    with services(at) as there:
        there.catalog.tidy()
        with pytest.raises(PackRefused, match="cannot be opened: its pointer") as caught:
            there.open_pack("small")
        assert "studyapp pack remove small" in caught.value.try_
    [listed] = list_packs(at.home, at.shipped)
    assert (listed.id, listed.installed) == ("small", True)
    assert listed.trouble is not None
    assert tree(at.home) == before, "nothing is taken away on a doubt"
    at.install(source_of())
    assert at.files == files_of()
    tidy(at.home)
    assert len(list((at.home / "small").iterdir())) == 2


def test_a_damaged_pointer_can_be_removed(at: Cupboard) -> None:
    at.install(source_of())
    (at.home / "small" / POINTER).write_bytes(b"")
    at.remove()
    assert not at.home.exists()


def test_files_that_are_gone_are_told(at: Cupboard) -> None:
    at.install(source_of())
    counts = at.counts
    assert counts is not None
    counts.folder(at.home).rename(at.home / "small" / "away")
    [listed] = list_packs(at.home, at.shipped)
    assert listed.trouble == "its pack.yaml is gone or damaged"
    with services(at) as there, pytest.raises(PackRefused):
        there.open_pack("small")
    at.install(source_of())
    assert at.files == files_of()
