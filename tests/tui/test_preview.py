"""The preview of a pack: what its author sees while writing, whatever is wrong with it."""

from __future__ import annotations

import time
import unicodedata
from pathlib import Path

import pytest

from studyapp.packs import jobs
from studyapp.packs.apart import Line
from studyapp.tui.desk import Desk
from studyapp.tui.palette import Commands
from studyapp.tui.preview import PreviewApp
from studyapp.tui.proof import Proof
from studyapp.tui.widgets.files import FileList
from studyapp.tui.widgets.reading import Page
from studyapp.wiring import make_services
from tests.packs.cases import RIGHT, write_pack
from tests.plain import desk as small
from tests.tui.looking import Look, preview

GOOD = RIGHT["questions/good.md"]
NASTY = "[string]$x [/] [@click=app.quit]a[/] $a[0] %s {x} \x1b[2J\u202e"


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
    line.say((3, 10))
    while True:
        time.sleep(60)


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every proof goes on until it is stopped."""
    monkeypatch.setattr(jobs, "check", never)


# -- what is shown -----------------------------------------------------------------------------------------------------


def test_a_question_is_shown_with_every_claim_in_words_beside_its_option(pack: Path) -> None:
    async def hand(look: Look) -> None:
        await look.go("questions/good.md")
        await look.sees(
            "A small pack · questions/good.md",
            "Variant 1 of 3",
            "host = host1",
            "host1 loses its power. Does sql move?",
            "Yes. ✔ holds sql is on another node than at the start.",
            'moved("sql")',
            "No. ✖ does not hold sql is not on another node than at the start.",
            "Why It moves when its owner is gone.",
        )
        await look.sees("No findings.", "proved 3 of 3 variants")

    preview(pack, hand)


@pytest.mark.usefixtures("unproved")
def test_variants_are_stepped_through_and_jumped_to(pack: Path) -> None:
    async def hand(look: Look) -> None:
        await look.go("questions/good.md")
        await look.sees("Variant 1 of 3", "host = host1")
        await look.press("v")
        await look.sees("Variant 2 of 3", "host = host2", "Yes. ✖ does not hold", "No. ✔ holds")
        await look.press("V", "V")
        await look.sees("Variant 3 of 3", "host = host3")
        await look.press("g", *"9", "enter")
        await look.sees("Type a number from 1 to 3.")
        await look.press("backspace", *"2", "enter")
        await look.sees("Variant 2 of 3")
        await look.press("g", "escape")
        await look.go("pack.yaml")
        await look.sees("A small pack", "Objective")
        assert "v Variant" not in look.text, "a file without variants has no key for them"
        await look.go("questions/good.md")
        await look.sees("Variant 2 of 3")

    preview(pack, hand)


@pytest.mark.usefixtures("unproved")
def test_a_question_can_be_looked_at_as_learners_meet_it(pack: Path) -> None:
    async def hand(look: Look) -> None:
        await look.go("questions/good.md")
        await look.sees("with claims", "holds")
        await look.press("c")
        await look.sees("as it is asked", "Choose one")
        assert "holds" not in look.flat
        assert "It moves when its owner is gone." not in look.flat
        await look.press("c")
        await look.sees("as it is told after the answer", "The right answer is", "Rules at work", "Replay")
        await look.press("c")
        await look.sees("with claims", "holds")

    preview(pack, hand, size=(120, 60))


@pytest.mark.usefixtures("unproved")
def test_lessons_scenarios_and_exams_are_shown(tmp_path: Path) -> None:
    folder = small.write_pack(tmp_path / "small")
    lesson = (folder / "lessons" / "01-first.md").read_text(encoding="utf-8")
    claim = '\n```claim pair\n- crash: host1\n- claims:\n    - up("vm1")\n    - not up("vm1")\n```\n'
    (folder / "lessons" / "01-first.md").write_text(lesson + claim, encoding="utf-8")

    async def hand(look: Look) -> None:
        await look.go("lessons/01-first.md")
        await look.sees("The first lesson", "Here is a pair.", "host1", "Compared", "Asked", "What becomes of vm1?")
        await look.sees("What the lesson claims", "holds vm1 is powered on.", "does not hold vm1 is powered off.")
        await look.go("scenarios/pair.yaml")
        await look.sees("Two hosts and a disk", "2 hosts", "1 virtual machine", "3 of 3 votes")
        await look.go("exams/short.yaml")
        await look.sees("A short exam", "2 questions in 10 minutes", "700 of 1000 passes", "hosts", "50 %")
        await look.go("pack.yaml")
        await look.sees("Small things", "small 1.0.0", "by nobody", "Hosts and silence", "60 %")

    preview(folder, hand, size=(140, 140))


NUMBER = """\
---
kind: number
objective: hosts
scenario: trio
timeline:
  - crash: host1
answer: votes("hv")
---
How many votes are present?

## Why
Two are left.
"""
GOAL = """\
---
kind: break
objective: hosts
scenario: trio
goal: not quorum("hv")
among: [hosts]
---
Stop it.

## Hint
Count.

## Why
Two of three.
"""
STATIC = """\
---
kind: choice
objective: hosts
---
Is it so?

- [x] Yes.
  > Because.
- [ ] No.

## Why
So it is.
"""


@pytest.mark.usefixtures("unproved")
@pytest.mark.parametrize(
    "text,says",
    [
        pytest.param(
            NUMBER, ("= 2", "The number of votes present in hv", 'votes("hv")', "A right answer 2"), id="number"
        ),
        pytest.param(
            GOAL,
            ("The goal, before anything is done", "does not hold hv has no quorum", "A right answer", "Hint Count."),
            id="break",
        ),
        pytest.param(STATIC, ("Yes. ✔ holds", "the author says so", "Because.", "No. ✖ does not hold"), id="static"),
    ],
)
def test_other_kinds_tell_their_claims_and_answers(pack: Path, text: str, says: tuple[str, ...]) -> None:
    (pack / "questions" / "other.md").write_text(text, encoding="utf-8")

    async def hand(look: Look) -> None:
        await look.go("questions/other.md")
        await look.sees(*says)

    preview(pack, hand, size=(120, 60))


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


def test_a_file_that_cannot_be_read_shows_its_findings_and_what_it_was(pack: Path) -> None:
    async def hand(look: Look) -> None:
        await look.go("questions/good.md")
        await look.sees("holds", "No findings.")
        look.write("questions/good.md", GOOD.replace("kind: choice", "kind: choose"))
        await look.sees(
            "This file cannot be read as it is now. What you see is what it was before.",
            "host1 loses its power",
            "2:7 error: unknown-word",
            'did you mean "choice"?',
        )
        look.write("questions/good.md", GOOD.replace("Does `sql` move?", "Where is `sql`?"))
        await look.sees("Where is sql?", "No findings.")
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
        await look.sees("proving 3 of 10")
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


# -- harm --------------------------------------------------------------------------------------------------------------


def test_nothing_of_a_hostile_pack_is_obeyed(tmp_path: Path) -> None:
    words = NASTY.replace("\x1b", "").replace("\u202e", "")
    question = GOOD.replace("Does `sql` move?", words).replace("Yes.", words).replace("gone.", words)
    quoted = words.replace('"', "")
    folder = write_pack(
        tmp_path / "pack",
        {
            "pack.yaml": RIGHT["pack.yaml"].replace("A small pack", f"'{quoted}'"),
            "questions/good.md": question,
            "questions/escape.md": question.replace(words, NASTY),
            "lessons/nasty.md": f"---\ntitle: '{quoted}'\n---\n{words}\n\n- {words}\n\n`{words}`\n",
            "lessons/[b]bold[/].md": "x",
            "assets/[@click=app.quit]a[/]": "x",
            "scenarios/nasty.yaml": RIGHT["scenarios/trio.yaml"].replace("Three clustered hosts", f"'{quoted}'"),
        },
    )
    (folder / "assets" / "\x1b[2J\u202e.txt").write_text("x", encoding="utf-8")

    async def hand(look: Look) -> None:
        files = look.screen.query_one(FileList)
        await look.until(lambda: len(files.names) >= 8 and not look.screen.proof.running)
        for name in files.names:
            await look.go(name)
            for _ in range(3):
                bad = [c for c in look.text if unicodedata.category(c) in ("Cc", "Cf") and c != "\n"]
                assert not bad, f"{name}: {bad}"
                await look.press("c")
            await look.pilot.click(offset=(60, 6))
            assert look.app.is_running
        await look.go("questions/good.md")
        await look.sees(words.split()[0], "[/]", "[@click=app.quit]a[/]")

    preview(folder, hand)


# -- keys --------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("unproved")
@pytest.mark.parametrize("size", [(60, 16), (80, 24), (140, 45)])
def test_it_fits_and_every_key_is_told(pack: Path, size: tuple[int, int]) -> None:
    async def hand(look: Look) -> None:
        await look.go("questions/good.md")
        await look.sees("Variant 1 of 3", "host1 loses")
        bar = look.text.split("\n")[-1]
        assert "v Variant" in bar
        assert bar.endswith("? Help")
        assert len(look.text.split("\n")) == size[1]
        found = {each.name for each in Commands(look.app.screen).commands()}
        assert {"Variant (v)", "Find (/)", "Claims (c)", "Proof (p)", "Next finding (n)"} <= found
        wide = look.screen.query_one("#page").size.width
        await look.press("f")
        assert look.screen.query_one("#page").size.width > wide
        await look.press("f", "question_mark")
        await look.sees("Keys that work here", "The next variant")
        await look.press("escape", "escape")
        assert not look.app.is_running or look.app.return_code == 0

    preview(pack, hand, size=size)


@pytest.mark.usefixtures("unproved")
def test_without_colours_signs_and_words_say_it(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def hand(look: Look) -> None:
        await look.go("questions/good.md")
        await look.sees("✔ holds", "✖ does not hold")
        assert "❯ good.md" in look.text

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


def test_the_styles_of_the_preview_are_those_of_its_screen() -> None:
    app = PreviewApp(Desk(make_services()), Path("nowhere"))
    assert {Path(path).name for path in app.css_path} >= {"preview.tcss", "question.tcss", "app.tcss"}
