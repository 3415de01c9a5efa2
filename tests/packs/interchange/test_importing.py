"""Imported packs are packs: they pass the check, and nothing that hides or acts is in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.packs.characters import hostile_characters
from studyapp.packs.check import check_pack
from studyapp.packs.interchange.exporting import export_pack
from studyapp.packs.interchange.importing import Imported, decoded, import_text
from studyapp.packs.interchange.items import EXACT, FATES, REFUSED, BadSource
from studyapp.packs.interchange.unrolling import unrolled
from studyapp.packs.new_folder import FolderTaken, write_new
from studyapp.packs.pack import ReadPack, read_pack
from studyapp.packs.prose import read_prose
from tests.house.tree import ROOT

SHIPPED = ROOT / "content" / "windows-clustering"
EVERY_KIND = """\
id,kind,objective,prompt,right,unit,tolerance,scoring,shuffle,why,option1,reason1,pair1,option2,reason2,pair2,option3,hint1
a,choice,One/Part,Which?,1,,,,no,Because.,x,yes,,y,,,,Think.
b,multi,One/Part,Which?,1 2,,,per-option,,Because.,x,,,y,,,z,
c,yes-no,One,True?,2,,,,,Because.,x,,,y,,,,
d,number,Two,How many?,-2.5,s,0.5,,,Because.,,,,,,,,
e,text,Two,Who?,,,,,,Because.,no one,,,nobody * at all,,,,
f,order,Two,Sort!,,,,longest-run,,Because.,x,,,y,,,z,
g,match,Two,Match!,,,,,,Because.,x,,1,y,,2,,
"""
NASTY = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "[x](javascript:alert(1))",
    '<a href="javascript:alert(1)">x</a>',
    "&lt;script&gt;",
    "\x1b[31mred\x1b]0;t\x07",
    "\u202eevil\u202c",
    "zero\u200bwidth\ufeff",
    "a &rlm; b &#x202E;c &amp; `&rlm;`",
    "&rl&rl&rl&rl&rl&rl&rl&rlm;m;m;m;m;m;m;m;",
    "<![CDATA[x]]>",
    "<!-- x -->",
    "<?php x ?>",
    "&#27;[31m",
    "&#x202e;",
    "<b <i>",
    "</p>" * 50,
    "<ul>" * 50 + "<li>x",
)


def read(folder: Path) -> ReadPack:
    made, problems = read_pack(folder)
    assert not problems
    assert made is not None
    return made


def test_a_pack_of_every_kind_passes_the_check_and_comes_back(tmp_path: Path) -> None:
    imported = import_text(EVERY_KIND, "csv", "Every kind")
    assert (imported.id, [entry.fate for entry in imported.account.entries]) == ("every-kind", [EXACT] * 7)
    write_new(tmp_path / "made", imported.data)
    assert check_pack(tmp_path / "made").problems == ()
    text, account = export_pack(read(tmp_path / "made"), "csv")
    assert {entry.fate for entry in account.entries} == {EXACT}
    assert import_text(decoded(text.encode()), "csv", "Every kind").account.items == tuple(
        entry.item for entry in unrolled(read(tmp_path / "made"))
    )


@pytest.mark.parametrize("form", ["csv", "gift"])
def test_the_shipped_pack_goes_out_with_its_keys_and_every_question_is_accounted_for(form: str, tmp_path: Path) -> None:
    pack = read(SHIPPED)
    text, account = export_pack(pack, form, 2)
    assert sum(account.count(fate) for fate in FATES) == len(account.entries)
    families = {entry.name.rsplit("-v", 1)[0] for entry in account.entries}
    assert families == {question.id for question in pack.pack.questions}
    imported = import_text(decoded(text.encode()), form, "back")
    assert len(imported.account.items) == len(account.items) == len(imported.files) - 1
    write_new(tmp_path / "back", imported.data)
    assert not [problem for problem in check_pack(tmp_path / "back").problems if problem.severity == "error"]
    if form == "csv":
        assert imported.account.items == account.items


@pytest.mark.parametrize("form", ["csv", "gift"])
@pytest.mark.parametrize("text", NASTY)
def test_nothing_hostile_is_in_a_pack(form: str, text: str, tmp_path: Path) -> None:
    if form == "csv":
        cell = text.replace('"', '""')
        row = f'"{cell}",choice,"a {cell}",1,"b {cell}","{cell}",c,"{cell}"'
        source = f"id,kind,prompt,right,option1,reason1,option2,why\n{row}\n"
    else:
        cell = "".join(f"\\{sign}" if sign in "~=#{}:" else sign for sign in text)
        source = "\n\n".join(
            f"$CATEGORY: c{cell}\n\n::t{cell}::[{form}]a {cell} {{=b {cell}#{cell}\n~c ####{cell}}}"
            for form in ("html", "moodle", "plain", "markdown")
        )
    imported = import_text(decoded(source.encode()), form, "nasty")
    for name, made in imported.files.items():
        assert not list(hostile_characters(name + made)), name
        if name.startswith("questions/"):
            assert not read_prose(made.split("---\n", 2)[2]).html, made
            assert "javascript:" not in made or "](javascript" in made or "\\<" in made
    if imported.files:
        write_new(tmp_path / "made", imported.data)
        assert not [problem for problem in check_pack(tmp_path / "made").problems if problem.severity == "error"]


def test_a_source_that_is_not_utf_8_or_too_big_is_refused() -> None:
    with pytest.raises(BadSource, match="not UTF-8") as raised:
        decoded(b"ok\n\xffa")
    assert (raised.value.line, raised.value.column) == (2, 1)
    with pytest.raises(BadSource, match="more than 8 MiB"):
        decoded(b"a" * (8 * 1024 * 1024 + 1))


def test_what_a_pack_cannot_hold_is_refused_with_the_reason() -> None:
    account = import_text("a {=b ~B}\n\na {" + " ".join(f"~{n}" for n in range(9)) + " =x}\n", "gift", "x").account
    assert [entry.fate for entry in account.entries] == [REFUSED, REFUSED]
    assert "reads the same" in account.entries[0].notes[0]
    assert account.entries[1].notes == ("a question has 2 to 9 options, not 10",)


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path, home: Path) -> None:
    imported: Imported = import_text("a {T}", "gift", "x")
    (tmp_path / "made").mkdir()
    write_new(tmp_path / "made", imported.data)
    with pytest.raises(FolderTaken):
        write_new(tmp_path / "made", imported.data)
    assert sorted(path.name for path in tmp_path.iterdir() if path != home) == ["made"]


def test_ids_are_unique_and_no_names_of_devices() -> None:
    imported = import_text(
        "::con::a {T}\n\n::CON::b {T}\n\n::2 nodes::c {T}\n\n::é::d {T}\n\n::...::e {T}", "gift", "x"
    )
    assert [name for name in imported.files if name != "pack.yaml"] == [
        "questions/0001-con-x.md",
        "questions/0002-con-x-2.md",
        "questions/0003-2-nodes.md",
        "questions/0004-e.md",
        "questions/0005-question-5.md",
    ]
