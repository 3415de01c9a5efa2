"""The form of archives: the same bytes everywhere, nothing taken on trust, everything hostile refused."""

from __future__ import annotations

import io
import os
import random
import shutil
import subprocess
import tracemalloc
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.packs.archives.archive import archive_chunks, archive_sum, read_folder, read_source
from studyapp.packs.archives.refusals import REASONS, Refused
from studyapp.packs.archives.zips import read_zip
from tests.packs.archives.forge import Member, forge, members
from tests.packs.archives.hostile import FILES, HONEST, HOSTILE, MIB
from tests.packs.cases import write_pack


def refused(raw: bytes, folder: Path) -> Refused:
    """How an archive with these bytes is refused."""
    file = folder / "x.studypack"
    file.write_bytes(raw)
    with pytest.raises(Refused) as caught:
        read_source(file)
    return caught.value


def verdict(raw: bytes) -> dict[str, bytes] | str:
    """The files of an archive, or the code of the reason why it is refused."""
    try:
        return read_zip(raw)
    except Refused as error:
        return error.code


# -- what is written ---------------------------------------------------------------------------------------------------


def test_an_archive_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "x.studypack"
    file.write_bytes(HONEST)
    source = read_source(file)
    assert source.files == FILES
    assert source.sum == sha256(HONEST).hexdigest() == archive_sum(FILES)


def test_every_byte_of_a_small_archive(tmp_path: Path) -> None:
    """Written down from the format's description, so that no version of anything can change it unseen."""
    found = b"".join(archive_chunks({"é": b"hello\n"}))
    sums = b"# studypack 1\n5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03  \xc3\xa9\n"
    local = "504b0304 1400 0008 0000 0000 2100 {crc} {size} {size} {name} 0000"
    listed = "504b0102 1403 1400 0008 0000 0000 2100 {crc} {size} {size} {name} 0000 0000 0000 0000 0000a481 {at}"
    one = {"crc": crc32(sums).to_bytes(4, "little").hex(), "size": "53000000", "name": "0a00", "at": "00000000"}
    two = {"crc": crc32(b"hello\n").to_bytes(4, "little").hex(), "size": "06000000", "name": "0200", "at": "7b000000"}
    head_one, head_two = bytes.fromhex(local.format(**one)), bytes.fromhex(local.format(**two))
    assert len(sums) == 0x53
    expected = head_one + b"SHA256SUMS" + sums + head_two + b"\xc3\xa9hello\n"
    expected += bytes.fromhex(listed.format(**one)) + b"SHA256SUMS" + bytes.fromhex(listed.format(**two)) + b"\xc3\xa9"
    expected += bytes.fromhex("504b0506 0000 0000 0200 0200 68000000 a1000000 0000")
    assert found == expected


def test_other_programs_can_read_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(HONEST)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == sorted([*FILES, "SHA256SUMS"])
        assert {name: archive.read(name) for name in FILES} == FILES
        assert {(info.date_time, info.external_attr >> 16) for info in archive.infolist()} == {
            ((1980, 1, 1, 0, 0, 0), 0o100644)
        }


@pytest.mark.skipif(shutil.which("unzip") is None or shutil.which("sha256sum") is None, reason="needs both programs")
def test_the_sums_are_those_of_sha256sum(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(HONEST)
    subprocess.run(["unzip", "-q", "x.zip"], cwd=tmp_path, check=True, timeout=30)
    subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=tmp_path, check=True, timeout=30)
    assert read_folder(tmp_path).keys() == {*FILES, "x.zip"}, "unpacked, it is the pack again"


def test_the_same_folder_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extra = {f"assets/{name}": name for name in ("z", "a", "é", "Y", "a-b", "a.b", "10", "9")}
    made = set()
    chance = random.Random(1)
    for number in range(8):
        files = list({**FILES, **{name: text.encode() for name, text in extra.items()}}.items())
        chance.shuffle(files)
        folder = tmp_path / f"{number} {'x' * number}"
        before = os.umask(chance.choice((0o000, 0o022, 0o077)))
        try:
            for name, data in files:
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
                path.chmod(chance.choice((0o600, 0o644, 0o755)))
                os.utime(path, (chance.randrange(2**31), chance.randrange(2**31)))
        finally:
            os.umask(before)
        monkeypatch.setenv("TZ", chance.choice(("UTC", "Asia/Kolkata")))
        made.add(b"".join(archive_chunks(read_folder(folder))))
    assert len(made) == 1


names = st.lists(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=8) | st.from_regex(r"\A[a-zA-Z0-9._ -]{1,8}\Z"),
    min_size=1,
    max_size=3,
).map("/".join)


@given(st.dictionaries(names, st.binary(max_size=50), max_size=5), st.booleans())
def test_what_is_read_is_what_is_there_or_it_is_refused(files: dict[str, bytes], deflated: bool) -> None:
    """The standard library's reader is the judge: it and this one never understand an archive differently."""
    raw = forge(members(files, deflated=deflated))
    found = verdict(raw)
    if isinstance(found, str):
        assert found in ("unsafe-name", "hostile-character")
        return
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert {info.filename: archive.read(info) for info in archive.infolist()} == found


@given(st.integers(0, len(HONEST) - 1), st.integers(1, 255))
def test_a_changed_byte_changes_no_file(at: int, by: int) -> None:
    """What is left of an archive with a wrong byte in its dates, versions or rights is what it was."""
    raw = bytearray(HONEST)
    raw[at] ^= by
    found = verdict(bytes(raw))
    if isinstance(found, str):
        assert found in REASONS
    else:
        assert {name: data for name, data in found.items() if name != "SHA256SUMS"} == FILES


# -- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_what_is_hostile_is_refused_in_one_line(number: int, tmp_path: Path) -> None:
    code, said, make = HOSTILE[number]
    error = refused(make(), tmp_path)
    assert error.code == code, error
    assert said in str(error)
    assert str(error).isprintable()
    assert len(str(error)) < 400
    assert not error.is_answer


def test_there_is_a_hostile_archive_for_every_reason_to_refuse_one() -> None:
    about_other_things = {
        *("not-readable", "not-a-file", "no-folder", "no-pack", "other-sum", "check", "declined", "changed", "busy"),
        *("not-writable", "not-written", "not-installed", "shipped"),
    }
    assert {code for code, _, _ in HOSTILE} == REASONS.keys() - about_other_things


@pytest.mark.parametrize("deflated", [False, True])
def test_truncated_at_every_place(deflated: bool, tmp_path: Path) -> None:
    raw = forge(members(FILES, deflated=deflated))
    for length in range(len(raw)):
        with pytest.raises(Refused) as caught:
            read_zip(raw[:length])
        assert caught.value.code in ("cut-short", "no-archive")


def test_truncated_at_every_kilobyte(tmp_path: Path) -> None:
    chance = random.Random(3)
    inner = forge([Member("assets/noise", chance.randbytes(200_000))])
    raw = forge([*members(FILES), Member("assets/noise", chance.randbytes(300_000)), Member("assets/inner.zip", inner)])
    assert read_zip(raw)
    for length in range(0, len(raw), 1024):
        assert refused(raw[:length], tmp_path).code in ("cut-short", "no-archive")


def test_deflated_within_bounds_is_read(tmp_path: Path) -> None:
    file = tmp_path / "x.studypack"
    file.write_bytes(forge(members(FILES, deflated=True)))
    assert read_source(file).files == FILES


@pytest.mark.parametrize(
    "make",
    [
        lambda: forge([Member(f"assets/{n}", b"", flags=0) for n in range(60_000)]),
        lambda: forge([Member("assets/x", b"\0" * (60 * MIB), True)]),
        lambda: forge([Member("assets/x", b"\0" * (60 * MIB), True, both={"size": 5})]),
        lambda: forge([Member(f"assets/{n}", b"\0" * MIB, True) for n in range(200)]),
    ],
)
def test_what_is_large_is_refused_before_it_takes_memory(make: Callable[[], bytes], tmp_path: Path) -> None:
    raw = make()
    tracemalloc.start()
    try:
        with pytest.raises(Refused):
            read_zip(raw)
        assert tracemalloc.get_traced_memory()[1] < 16 * MIB + len(raw)
    finally:
        tracemalloc.stop()


def test_the_bounds_are_on_what_is_there_not_on_what_is_said() -> None:
    just = [Member(f"assets/{n}", bytes([n]) * (16 * MIB - 100)) for n in range(4)]
    assert len(read_zip(forge(just))) == 5
    with pytest.raises(Refused) as caught:
        read_zip(forge([*just, Member("assets/more", b"x" * 1000)]))
    assert caught.value.code == "too-big"


# -- folders -----------------------------------------------------------------------------------------------------------


def test_a_folder_with_what_may_not_be_in_a_pack(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "pack", {})
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("secret")
    (folder / "lessons").symlink_to(outside, target_is_directory=True)
    (folder / "assets").mkdir()
    (folder / "assets" / "secret.md").symlink_to(outside / "secret.md")
    with pytest.raises(Refused) as caught:
        read_source(folder)
    assert caught.value.code == "check"
    assert [problem.path for problem in caught.value.problems] == ["assets/secret.md", "lessons"]


def test_a_link_to_a_folder_is_the_folder(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(write_pack(tmp_path / "pack", {}), target_is_directory=True)
    assert read_source(tmp_path / "link").files == FILES


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes in folders")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(Refused) as caught:
            read_source(path)
        assert caught.value.code == "not-a-file"


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read: No such file") as caught:
        read_source(tmp_path / "nowhere")
    assert caught.value.code == "not-readable"
