"""The preview of a pack while its author writes: what is saved is shown, and what is wrong is found."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from studyapp.packs import jobs
from studyapp.packs.apart import Line
from studyapp.tui.proof import Proof
from studyapp.tui.widgets.files import FileList
from studyapp.tui.widgets.reading import Page
from tests.packs.cases import RIGHT, write_pack
from tests.tui.looking import Look, preview

GOOD = RIGHT["questions/good.md"]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A pack that is right, whose one question has three variants."""
    return write_pack(tmp_path / "pack", {})


@pytest.fixture
def unproved(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proof begins: what is tried has nothing to do with it."""
    monkeypatch.setattr(Proof, "begin", lambda self, state=None: None)


def never(line: Line, folder: Path, cache: Path, processes: int) -> str:
    """A proof that says how far it is and never ends."""
    line.say((3, 10, 7))
    while True:
        time.sleep(60)


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every proof goes on until it is stopped."""
    monkeypatch.setattr(jobs, "check", never)


# -- while it is written -----------------------------------------------------------------------------------------------


def test_what_is_saved_is_shown_and_the_place_is_kept(pack: Path) -> None:
    async def hand(look: Look) -> None:
        await look.go("questions/good.md")
        await look.press("v")
        await look.sees("Variant 2 of 3")
        await look.press("pagedown")
        page = look.screen.query_one("#page", Page)
        await look.until(lambda: page.scroll_y > 0)
        place = page.scroll_y
        look.write("questions/good.md", GOOD.replace("## Why\n", "## Why\nNew words. "))
        look.write("lessons/01-new.md", "---\ntitle: New\n---\nA new lesson.\n")
        await look.until(lambda: "lessons/01-new.md" in look.screen.query_one(FileList).names)
        await look.until(lambda: look.screen.view is not None and "New words" in str(look.screen.view.variant))
        await look.pilot.pause()
        assert look.screen.file == "questions/good.md"
        assert page.scroll_y == place
        await look.press("pageup", "pageup")
        await look.sees("Variant 2 of 3")

    preview(pack, hand, size=(100, 20))


def test_what_stands_on_a_file_that_is_wrong_is_not_called_right_and_tells_what_is_wrong(pack: Path) -> None:
    scenario = RIGHT["scenarios/trio.yaml"]
    write_pack(
        pack, {"scenarios/over.yaml": "extends: trio\n", "scenarios/trio.yaml": scenario.replace("vms:", "vmss:")}
    )

    async def hand(look: Look) -> None:
        await look.go("scenarios/over.yaml")
        await look.sees("It stands on another file that cannot be read as it is.")
        await look.sees("Findings in the files that it stands on", "scenarios/trio.yaml:11:1", "unknown-key")
        await look.until(lambda: look.screen.fresh)
        rows = look.screen.query_one(FileList).render().plain.splitlines()
        assert [row.rstrip()[-1] for row in rows if "over.yaml" in row or "good.md" in row] == ["–", "–"]
        assert [row.rstrip()[-3:] for row in rows if "trio.yaml" in row] == ["✖ 1"]
        assert [row.rstrip()[-1] for row in rows if "pack.yaml" in row] == ["✔"]

    preview(pack, hand, size=(100, 30))


def test_a_file_that_cannot_be_read_shows_its_findings_and_what_it_was(pack: Path) -> None:
    async def hand(look: Look) -> None:
        await look.go("questions/good.md")
        await look.press("v")
        await look.sees("Variant 2 of 3", "holds", "No findings.")
        look.write("questions/good.md", GOOD.replace("kind: choice", "kind: choose"))
        await look.sees(
            "This file cannot be read as it is now. What you see is what it was before.",
            "Variant 2 of 3",
            "host2 loses its power",
            "2:7 error: unknown-word",
            'did you mean "choice"?',
        )
        look.write("questions/good.md", GOOD.replace("Does `sql` move?", "Where is `sql`?"))
        await look.sees("Where is sql?", "Variant 2 of 3", "No findings.")
        assert "cannot be read" not in look.flat

    preview(pack, hand)


def test_what_is_wrong_is_marked_found_and_gone_to(pack: Path) -> None:
    wrong = GOOD.replace('- [not moved("sql")] No.', '- [moved("sql")] No.')
    (pack / "questions" / "wrong.md").write_text(wrong, encoding="utf-8")
    (pack / "lessons").mkdir()
    (pack / "lessons" / "bad.md").write_text("nothing\n", encoding="utf-8")

    async def hand(look: Look) -> None:
        await look.sees("✖ 3 proved 3 of 6 variants")
        marks = {line.split()[0]: line.split()[1:] for line in look.columns if "." in line}
        assert marks["bad.md"][:2] == ["✖", "1"]
        assert marks["good.md"] == ["✔"]
        await look.press("n")
        await look.sees("lessons/bad.md", "1:1 error: no-front-matter", "cannot be read as it is")
        await look.press("n")
        await look.sees("questions/wrong.md", "13:3 error: several-right-options", "with host = host1", "00:00 host1")
        await look.press("N")
        await look.sees("· lessons/bad.md")

    preview(pack, hand, size=(120, 80))


def test_the_variants_that_findings_name_are_gone_to(pack: Path) -> None:
    """`sql` is on host1: it moves when that is lost, and only then are both options right."""
    wrong = GOOD.replace('- [not moved("sql")] No.', '- [moved("sql") or not up("host2")] No.')
    (pack / "questions" / "good.md").write_text(wrong, encoding="utf-8")

    async def hand(look: Look) -> None:
        await look.go("questions/good.md")
        await look.sees("several-right-options", "no-right-option", "Variant 1 of 3")
        await look.press("w")
        await look.sees("Variant 3 of 3", "host = host3")
        await look.press("w")
        await look.sees("Variant 1 of 3", "host = host1")

    preview(pack, hand, size=(120, 80))


@pytest.mark.usefixtures("unproved")
def test_a_file_is_found_by_a_part_of_its_name(pack: Path) -> None:
    async def hand(look: Look) -> None:
        await look.sees("pack.yaml")
        await look.press("slash", *"zzz", "enter")
        await look.sees("No file has that in its name.")
        await look.press(*["backspace"] * 3, *"TRIO", "enter")
        await look.sees("· scenarios/trio.yaml", "Three clustered hosts")

    preview(pack, hand)


def test_a_folder_that_cannot_be_watched_is_said_and_seen_again(pack: Path, tmp_path: Path) -> None:
    away = tmp_path / "away"

    async def hand(look: Look) -> None:
        await look.sees("No findings.")
        pack.rename(away)
        await look.sees("cannot watch: No such file or directory")
        away.rename(pack)
        await look.until(lambda: "cannot watch" not in look.flat)
        look.write("pack.yaml", RIGHT["pack.yaml"].replace("A small pack", "Another title"))
        await look.sees("Another title ·")

    preview(pack, hand)


def test_a_folder_that_is_not_there_or_empty_says_what_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "soon"

    async def hand(look: Look) -> None:
        await look.sees("soon cannot be looked at: No such file or directory. It is tried again and again.")
        folder.mkdir()
        await look.sees("A pack begins with pack.yaml.")
        await look.sees("pack.yaml", "error: no-pack")
        look.write("pack.yaml", RIGHT["pack.yaml"])
        await look.sees("A small pack · pack.yaml", "no-questions")

    preview(folder, hand)


# -- the proof ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("endless")
def test_the_proof_can_be_stopped_and_nothing_waits_for_it(pack: Path) -> None:
    async def hand(look: Look) -> None:
        await look.sees("proving 3 of 10, 7 variants tried")
        await look.go("questions/good.md")
        await look.press("v")
        await look.sees("Variant 2 of 3", "Nothing found yet: the pack is being proved.")
        await look.press("p")
        await look.sees("proof stopped", "Not proved.")
        await look.press("p")
        await look.sees("proving 3 of 10")

    preview(pack, hand)


@pytest.mark.usefixtures("endless")
def test_a_change_begins_the_proof_anew(pack: Path) -> None:
    async def hand(look: Look) -> None:
        await look.sees("proving 3 of 10")
        before = look.screen.proof._work
        look.write("questions/other.md", GOOD)
        await look.until(lambda: look.screen.proof._work is not before)
        assert before is not None
        assert before.stopped
        assert look.screen.proof.running

    preview(pack, hand)


@pytest.mark.usefixtures("endless")
def test_leaving_ends_what_runs(pack: Path) -> None:
    works = []

    async def hand(look: Look) -> None:
        await look.sees("proving 3 of 10")
        works.append(look.screen.proof._work)
        await look.press("escape")

    preview(pack, hand)
    assert works[0] is not None
    assert works[0].stopped
    assert works[0]._process is None
