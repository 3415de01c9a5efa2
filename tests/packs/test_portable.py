"""Paths of a pack's files: what may be one on every system, and what two paths may not be at once."""

from __future__ import annotations

import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.packs.folder import list_files
from studyapp.packs.portable import MAX_PART, MAX_PATH, clashes, unsafe_path
from studyapp.packs.problems import Problem

# Each is another thing to a file system somewhere: a device, a stream, another folder, or a name that it cuts short.
REFUSED = {
    "../evil.md": "leads out of the pack",
    "lessons/../../evil.md": "leads out of the pack",
    "lessons/..": "leads out of the pack",
    "/etc/passwd": "is absolute",
    "//server/share/evil.md": "is absolute",
    "C:evil.md": "begins with a drive letter",
    "c:/evil.md": "begins with a drive letter",
    "..\\evil.md": "has a backslash",
    "\\\\server\\share": "has a backslash",
    "lessons\\evil.md": "has a backslash",
    "lessons/": "is a folder",
    "lessons//one.md": "is no plain path",
    "./pack.yaml": "is no plain path",
    "": "is no plain path",
    "lessons/con.md": "is the name of a device",
    "lessons/NUL": "is the name of a device",
    "assets/com1.txt.md": "is the name of a device",
    "assets/COM²": "is the name of a device",
    "assets/LPT9.x": "is the name of a device",
    "assets/conin$": "is the name of a device",
    "aux/one.md": "is the name of a device",
    "assets/nul .txt": "is the name of a device",
    ".git/config": "is hidden",
    "assets/.htaccess": "is hidden",
    "assets/one.md:stream": "cannot be a file's name on every system",
    "assets/what?.md": "cannot be a file's name on every system",
    "assets/one.": "cannot be a file's name on every system",
    "assets/one ": "cannot be a file's name on every system",
    "assets/.. /evil.md": "is hidden",
    "assets/ one": "cannot be a file's name on every system",
    "assets/a\x1b[31m.md": "holds U+001B ESCAPE",
    "assets/a\nb.md": "holds U+000A NEWLINE",
    "assets/a\tb.md": "holds U+0009 TAB",
    "assets/a\0.md": "holds U+0000 NULL",
    "assets/\u202egnp.exe": "holds U+202E RIGHT-TO-LEFT OVERRIDE",
    "assets/a\u200b.md": "holds U+200B ZERO WIDTH SPACE",
    "assets/a\udcff.md": "holds U+DCFF",
    "assets/" + "a" * MAX_PATH: "more than 200 characters",
    "assets/" + "語" * 86: "is longer than 255 bytes",
    "assets/" + unicodedata.normalize("NFD", "é.png"): "normal form NFC",
}
TAKEN = (
    *("pack.yaml", "LICENSE", "lessons/01-hosts.md", "assets/a b.png", "assets/é.png", "assets/語.png"),
    *("assets/console.txt", "assets/com.txt", "assets/com10.txt", "assets/a..b", "assets/deep/deeper/x.svg"),
    "assets/" + "語" * 80,
)


@pytest.mark.parametrize("path", REFUSED)
def test_a_path_that_means_another_thing_somewhere_is_refused(path: str) -> None:
    found = unsafe_path(path)
    assert found is not None
    assert REFUSED[path] in found.message


@pytest.mark.parametrize("path", TAKEN)
def test_a_plain_path_is_taken(path: str) -> None:
    assert unsafe_path(path) is None


@given(st.text(st.characters(codec=None), max_size=40) | st.from_regex(r"\A[a-zA-Z./\\: ~$-]{1,20}\Z"))
def test_whatever_is_taken_stays_inside_on_every_system(path: str) -> None:
    if unsafe_path(path) is not None:
        return
    assert path.encode("utf-8").decode("utf-8") == path
    assert unicodedata.normalize("NFC", path) == path
    for kind in (PurePosixPath, PureWindowsPath):
        pure = kind(path)
        assert not pure.is_absolute()
        assert not pure.drive
        assert not pure.root
        assert ".." not in pure.parts
        assert "/".join(pure.parts) == path, "each part is one name"
    assert not PureWindowsPath(path).is_reserved()
    assert all(len(part.encode()) <= MAX_PART for part in path.split("/"))


@pytest.mark.parametrize(
    "paths, clashing, said",
    [
        (["a", "b", "a"], "a", '"a" is there twice'),
        (["assets/A.txt", "assets/a.txt"], "assets/a.txt", "in case only"),
        (["assets/Straße", "assets/STRASSE"], "assets/STRASSE", "in case only"),
        (["assets/X/one", "assets/x/two"], "assets/x/two", 'the folder "assets/x" differs from "assets/X"'),
        (["assets/one", "assets/one/two"], "assets/one/two", '"assets/one" is a file and a folder'),
        (["assets/one/two", "assets/one"], "assets/one", '"assets/one" is a file and a folder'),
    ],
)
def test_two_paths_that_are_one_somewhere_clash(paths: list[str], clashing: str, said: str) -> None:
    [(path, unsafe)] = clashes(paths)
    assert path == clashing
    assert said in unsafe.message


def test_paths_that_are_several_do_not_clash() -> None:
    assert not list(clashes(["a/b/c", "a/b/d", "a/e", "f", "ab", "a-b/c"]))


def test_a_name_is_the_same_whichever_way_a_system_writes_it(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / unicodedata.normalize("NFD", "é.png")).write_bytes(b"1")
    problems: list[Problem] = []
    [file] = list_files(tmp_path, problems)
    assert (file.name, file.path.read_bytes(), problems) == ("assets/é.png", b"1", [])
    (tmp_path / "assets" / "é.png").write_bytes(b"2")
    list_files(tmp_path, problems)
    assert [problem.message for problem in problems] == ['"assets/é.png" is there twice']


def test_what_archives_leave_at_the_top_is_no_part_of_a_pack(tmp_path: Path) -> None:
    for name in ("SHA256SUMS", "small-1.0.0.studypack", "LICENSE", "assets/SHA256SUMS", "assets/other.studypack"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    problems: list[Problem] = []
    names = [file.name for file in list_files(tmp_path, problems)]
    assert names == ["LICENSE", "assets/SHA256SUMS", "assets/other.studypack"]
    assert not problems
