"""Archives and names that mean harm, through the whole program: refused in one line, and nothing is changed."""

from __future__ import annotations

import json
import random
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studyapp.packs.archives import zips
from studyapp.packs.archives.installed import POINTER
from tests.cli.packs import SHIPPED, Told, run
from tests.packs.archives.cupboard import files_of, tree
from tests.packs.archives.forge import Member, forge
from tests.packs.archives.hostile import HONEST, HOSTILE, PACK
from tests.packs.cases import RIGHT, write_pack


@pytest.mark.parametrize("number", range(len(HOSTILE)))
@pytest.mark.parametrize("installed", [False, True])
def test_a_hostile_archive_changes_nothing(
    number: int, installed: bool, here: Path, tmp_path: Path, capsys: Told
) -> None:
    _, said, make = HOSTILE[number]
    if installed:
        (here / "honest.studypack").write_bytes(HONEST)
        run(capsys, "install", "honest.studypack")
    (here / "x.studypack").write_bytes(make())
    before = tree(tmp_path)
    for command in ("install", "update"):
        code, out, err = run(capsys, command, "x.studypack")
        assert (code, out, len(err)) == (2, [], 1), err
        assert err[0].startswith(f"studyapp pack {command}: x.studypack: ")
        assert said in err[0]
        assert tree(tmp_path) == before


def test_a_shipped_pack_truncated_at_every_kilobyte(here: Path, tmp_path: Path, capsys: Told) -> None:
    assert run(capsys, "build", SHIPPED, "-o", "whole.studypack")[0] == 0
    whole = (here / "whole.studypack").read_bytes()
    cut = here / "cut.studypack"
    cut.write_bytes(b"")
    before = tree(tmp_path)
    for length in range(0, len(whole), 1024):
        cut.write_bytes(whole[:length])
        code, _, err = run(capsys, "install", cut)
        assert (code, len(err)) == (2, 1)
        assert "it is cut short" in err[0] or "it is no archive" in err[0]
    cut.write_bytes(b"")
    assert tree(tmp_path) == before


parts = st.text(st.characters(), min_size=1, max_size=6) | st.sampled_from(
    [
        "..",
        ".",
        "",
        "C:",
        "con",
        "assets",
        "lessons",
        "\\",
        "\\\\server",
        "~",
        "$HOME",
        "a" * 300,
        "\x1b]0;x\x07",
        "\u202e",
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.lists(parts, min_size=1, max_size=4).map("/".join), absolute=st.booleans())
def test_whatever_a_file_is_called_nothing_outside_changes(
    name: str, absolute: bool, here: Path, packs: Path, tmp_path: Path, capsys: Told
) -> None:
    raw_name = f"{tmp_path}/{name}" if absolute else name
    (here / "x.studypack").write_bytes(forge([*PACK, Member(raw_name, b"evil")]))
    before = tree(tmp_path)
    code, _, err = run(capsys, "install", "x.studypack", "--yes")
    assert len(err) == (0 if code == 0 else len(err))
    if code == 0:
        assert raw_name.startswith("assets/") or "/" not in raw_name
        places = [path for path in packs.rglob("*") if path.is_file() and path.name != POINTER]
        assert sorted(path.read_bytes() for path in places) == sorted([*files_of().values(), b"evil"])
        run(capsys, "remove", "small")
        for folder in (packs.parent, packs.parent.parent):
            folder.rmdir()
    assert tree(tmp_path) == before


@pytest.mark.parametrize("most", [100, pytest.param(10_000, marks=pytest.mark.nightly)])
@pytest.mark.parametrize("more", [0, 1])
def test_the_number_of_files(
    most: int, more: int, here: Path, packs: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert zips.MAX_FILES == 10_000
    for module in ("zips", "archive"):
        monkeypatch.setattr(f"studyapp.packs.archives.{module}.MAX_FILES", most)
    count = most + more
    folder = write_pack(here / "mine", {})
    (folder / "assets").mkdir()
    for number in range(count - len(RIGHT)):
        (folder / "assets" / str(number)).touch()
    code, _, err = run(capsys, "build", folder, "-o", here / "x.studypack")
    if more:
        assert code == 2
        assert f"more than {most:,} files" in err[-1]
        assert run(capsys, "install", folder)[0] == 2
        assert not (here / "x.studypack").exists()
        assert not packs.exists()
    else:
        assert code == 0
        assert run(capsys, "install", here / "x.studypack")[0] == 0
        assert len(list(packs.rglob("assets/*"))) == count - len(RIGHT)


def test_names_that_are_typed_are_shown_harmless(capsys: Told) -> None:
    for words in (["install", "\x1b[31mx"], ["build", "\u202ex"], ["remove", "\x1b[31mx"], ["check", "\x1b[31mx"]):
        code, out, err = run(capsys, *words)
        assert (code, out, len(err)) == (2, [], 1)


@pytest.mark.nightly
def test_random_damage_to_a_shipped_pack(here: Path, tmp_path: Path, capsys: Told) -> None:
    """What is installed in spite of a wrong byte is what it was without it."""
    assert run(capsys, "build", SHIPPED, "-o", "whole.studypack")[0] == 0
    whole = (here / "whole.studypack").read_bytes()
    chance = random.Random(5)
    file = here / "damaged.studypack"
    for _ in range(1_000):
        raw = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            at = chance.choice((chance.randrange(len(raw)), len(raw) - 1 - chance.randrange(5_000)))
            raw[at] ^= chance.randint(1, 255)
        file.write_bytes(raw)
        code, _, err = run(capsys, "install", file, "--yes")
        if code == 0:
            told = json.loads("\n".join(run(capsys, "list", "--format", "json")[1]))
            assert told["packs"][0]["sha256"] == sha256(whole).hexdigest()
        else:
            assert (code, len(err)) == (2, 1)
