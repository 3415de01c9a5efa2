"""What the pages for users say is so: their commands run, their links lead somewhere, their tables are complete."""

from __future__ import annotations

import io
import re
import shlex
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from studyapp.cli import preview as preview_command
from studyapp.cli.main import main
from studyapp.packs.archives.refusals import REASONS
from studyapp.packs.check import check_pack
from studyapp.packs.portable import unsafe_path
from studyapp.tui import preview
from studyapp.tui.keys import PREVIEW, shown
from studyapp.wiring import Services
from tests.house import pages
from tests.house.tree import ROOT
from tests.packs.archives.cupboard import files_of
from tests.packs.cases import write_pack
from tests.packs.test_portable import REFUSED

PAGES = sorted((ROOT / "docs").rglob("*.md"))
QUESTIONS = ROOT / "docs" / "packs" / "scenario-questions.md"
INSTALLING = (ROOT / "docs" / "packs" / "installing.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    prose = re.sub(r"^(`{3,})[^`\n]*\n.*?^\1$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)", prose):
        if not target.startswith("https://"):
            assert (page.parent / target).exists(), target


def test_the_commands_about_archives_run_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_pack(tmp_path / "my-pack", {})
    write_pack(tmp_path / "next", {name: data.decode() for name, data in files_of("1.1.0").items()})
    assert main(["pack", "build", "next"]) == 0
    blocks = re.findall(r"^```sh\n(.*?)^```$", INSTALLING, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    assert len(lines) >= 7
    for line in lines:
        program, *words = shlex.split(line)
        assert program == "studyapp"
        archive = tmp_path / "small-1.0.0.studypack"
        whole = sha256(archive.read_bytes()).hexdigest() if archive.exists() else ""
        monkeypatch.setattr(sys, "stdin", io.StringIO("1\n2\n\n"))
        assert main([whole if word == "SUM" else word for word in words]) == 0, line
    assert capsys.readouterr().err == ""


def test_the_examples_of_good_and_poor_questions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every fault is found as the page shows it, and what is left at its end is right."""
    here = tmp_path / "here"
    here.mkdir()
    check = "studyapp pack check examples"
    faults = {f"{number}: {check}": 1 for number in (2, 4, 5, 6)}
    typed = {"studyapp practice": "1\n2\n\nquit\n"}
    done = pages.follow(QUESTIONS, here, monkeypatch, capsys, typed=typed, ends=faults)
    assert done.count(check) >= 7
    report = check_pack(here / "examples")
    assert [problem.format() for problem in report.problems] == []
    assert report.ok


def test_the_command_of_the_preview_opens_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The page of preview.md is followed up to the screen, which is tried elsewhere."""
    opened: list[Path] = []

    def show(services: Services, folder: Path) -> int:
        opened.append(folder)
        return 0

    monkeypatch.setattr(preview_command, "no_full_screen", lambda: None)
    monkeypatch.setattr(preview, "run", show)
    write_pack(tmp_path / "my-pack", {})
    assert pages.follow(ROOT / "docs" / "packs" / "preview.md", tmp_path, monkeypatch, capsys)
    assert opened == [Path("my-pack")]


def test_every_reason_to_refuse_a_pack_is_told() -> None:
    """The words in the table are how what is said begins; `…` stands for what differs each time."""
    rows = INSTALLING[INSTALLING.index("| It says |") :].splitlines()[2:]
    told = [words for row in rows for words in re.findall(r"`([^`]+)`", row.split("|")[1])]
    patterns = [re.compile(re.escape(words).replace("…", ".+")) for words in told]
    for code, says in REASONS.items():
        assert says.startswith(("{why}", "{name} {why}")) or any(each.match(says) for each in patterns), code
    for path in REFUSED:
        unsafe = unsafe_path(path)
        assert unsafe is not None
        assert any(each.match(unsafe.message) for each in patterns), unsafe.message


def test_the_page_of_the_preview_opens_it_and_tells_its_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "packs" / "preview.md").read_text(encoding="utf-8")
    opened: list[str] = []

    def shown_on_screen(services: Services, folder: Path) -> int:
        opened.append(folder.name)
        return 0

    monkeypatch.chdir(write_pack(tmp_path / "my-pack", {}).parent)
    monkeypatch.setattr("studyapp.cli.preview.no_full_screen", lambda: None)
    monkeypatch.setattr("studyapp.tui.preview.run", shown_on_screen)
    for line in re.findall(r"studyapp (pack preview [a-z-]+)", page):
        assert main(shlex.split(line)) == 0
    assert opened == ["my-pack", "windows-clustering"]
    rows = [row.split("|")[1] for row in page.splitlines() if row.startswith("| `")]
    told = {key for row in rows for key in re.findall(r"`([^`]+)`", row)}
    # What scrolls is told where every key is: under `?`.
    scrolls = {each.id for each in PREVIEW if each.id in ("preview.page-up", "preview.page-down")}
    assert told - {"tab"} == {shown(each.key) for each in PREVIEW if each.id not in scrolls}


TRIED_BY = {
    "docs/packs/authoring.md": "tests/house/test_authoring.py",
    "docs/interchange.md": "tests/packs/interchange/test_interchange_page.py",
    "docs/pack-findings.md": "tests/packs/test_findings_page.py",
    "docs/packs/format.md": "tests/packs/test_format_page.py",
    "docs/packs/installing.md": "tests/house/test_docs.py",
    "docs/packs/preview.md": "tests/house/test_docs.py",
    "docs/packs/scenario-questions.md": "tests/house/test_docs.py",
    "docs/packs/tutorial.md": "tests/house/test_tutorial.py",
    "docs/question-kinds.md": "tests/packs/test_kinds_page.py",
    "docs/your-data.md": "tests/house/test_data_page.py",
}
"""What tries the code blocks of each page that has any."""


def test_every_code_block_is_tried() -> None:
    with_blocks = {page.relative_to(ROOT).as_posix() for page in PAGES if any(pages.blocks(page))}
    assert with_blocks == set(TRIED_BY)
    for page, tests in TRIED_BY.items():
        assert page.rpartition("/")[2] in (ROOT / tests).read_text(encoding="utf-8"), page
