"""The preview of a pack: what its author sees while writing, whatever is wrong with it."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from studyapp.tui.desk import Desk
from studyapp.tui.palette import Commands
from studyapp.tui.preview import PreviewApp
from studyapp.tui.proof import Proof
from studyapp.tui.widgets.files import FileList
from studyapp.wiring import make_services
from tests.packs.cases import RIGHT, write_pack
from tests.plain import desk as small
from tests.tui.looking import Look, preview
from tests.tui.test_worked import LOST

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
    about = 'description: "For those who [bold]begin."\nhomepage: https://example.org/small\n'
    with (folder / "pack.yaml").open("a", encoding="utf-8") as manifest:
        manifest.write(about)

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
        await look.sees("For those who [bold]begin.", "homepage: https://example.org/small")

    preview(folder, hand, size=(140, 140))


@pytest.mark.usefixtures("unproved")
def test_a_worked_example_is_shown_as_learners_meet_it_first(tmp_path: Path) -> None:
    pack = small.write_pack(tmp_path / "small")
    (pack / "questions" / "lost.md").write_text(LOST, encoding="utf-8")
    lesson = pack / "lessons" / "01-first.md"
    lesson.write_text(f"{lesson.read_text(encoding='utf-8')}\n```worked lost\n```\n", encoding="utf-8")

    async def hand(look: Look) -> None:
        await look.go("lessons/01-first.md")
        await look.sees(
            "A worked example: read it step by step.", "1. 00:00 host1 loses its power", "The right answer is 1."
        )

    preview(pack, hand, size=(120, 200))


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


def test_the_styles_of_the_preview_are_those_of_its_screen() -> None:
    app = PreviewApp(Desk(make_services()), Path("nowhere"))
    assert {Path(path).name for path in app.css_path} >= {"preview.tcss", "question.tcss", "app.tcss"}
