"""A new pack: the template is right and teaches by example, and says what its author says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyapp.packs import new_folder
from studyapp.packs.check import check_pack
from studyapp.packs.manifest import load_manifest
from studyapp.packs.new_folder import FolderTaken, write_new
from studyapp.packs.pack import read_pack
from studyapp.packs.places import template_folder
from studyapp.packs.starting import Answers, NotGood, new_files, suggested

FILES = {"pack.yaml": b"one", "a/b.md": b"two", "a/c.md": b"three"}


def texts() -> dict[str, str]:
    """The files of the template with their texts."""
    return {name: data.decode() for name, data in new_files(Answers("x", "X")).items()}


def test_the_template_passes_its_check_without_a_word() -> None:
    report = check_pack(template_folder())
    assert report.problems == ()
    assert report.ok
    assert report.proved == report.variants > 5
    assert report.foreseen > 0


def test_it_shows_what_a_pack_may_hold() -> None:
    read, problems = read_pack(template_folder())
    assert read is not None
    assert not problems
    questions = [source.question for source in read.questions]
    assert len({question.kind for question in questions}) == len(questions) >= 4
    assert all(question.vary and question.why and question.hints for question in questions)
    assert any(question.let for question in questions)
    assert any(option.reason for question in questions for option in question.options)
    [lesson] = read.pack.lessons
    assert lesson.claims
    every = " ".join(texts().values())
    for block in ("```diagram", "```compare", "```claim", "```question", "extends:", "\nwith:"):
        assert block in every
    assert len(read.pack.scenarios) == 2
    assert len(read.pack.blueprints) == 1


def test_every_key_is_explained_where_it_first_stands() -> None:
    """Each file says something in comments, and each of its comments is a sentence."""
    for name, text in texts().items():
        comments = re.findall(r"^\s*# (.*)$", text, re.MULTILINE)
        assert len(comments) >= 1, name


def test_only_what_is_said_of_the_author_is_replaced() -> None:
    made = new_files(Answers("mine", "Mine", "Me", "MIT", "de"))
    before = {name: data for name, data in new_files(Answers("x", "X")).items() if name != "pack.yaml"}
    assert {name: data for name, data in made.items() if name != "pack.yaml"} == before
    assert re.findall(r"^(?:id|title|authors|license|language): .*$", made["pack.yaml"].decode(), re.MULTILINE) == [
        "id: mine",
        "title: Mine",
        "authors: [Me]",
        "license: MIT",
        "language: de",
    ]


line = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z", "M"]) | st.just(" "), min_size=1, max_size=40)


@settings(deadline=None, max_examples=60)
@given(line.filter(str.strip), line.filter(str.strip), line.filter(str.strip))
def test_whatever_an_author_says_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, title: str, author: str, licence: str
) -> None:
    try:
        answers = Answers("mine", title, author, licence)
    except NotGood:
        return
    folder = tmp_path_factory.mktemp("made")
    (folder / "pack.yaml").write_bytes(new_files(answers)["pack.yaml"])
    manifest = load_manifest(folder)
    assert manifest is not None
    assert manifest.title == title.strip()
    assert manifest.authors == (author.strip(),)
    assert manifest.license == licence.strip()


@pytest.mark.parametrize(
    "what, text, says",
    [
        ("id", "My-Pack", 'the id cannot be "My-Pack": small letters, digits and single hyphens, at most 100'),
        ("id", "a--b", "the id cannot be"),
        ("id", "../x", "the id cannot be"),
        ("id", "a" * 101, "the id cannot be"),
        ("id", "con", 'the id cannot be "con": "con" is the name of a device under Windows'),
        ("id", "", "the id must have 1 to 1,000 characters"),
        ("title", " ", "the title must have 1 to 1,000 characters"),
        ("title", "x" * 1001, "the title must have 1 to 1,000 characters"),
        ("title", "a\x1b[31mb", "the title holds U+001B ESCAPE: leave it out"),
        ("title", "a\nid: b", "the title holds U+000A NEWLINE: leave it out"),
        ("author", "\u202eevil", "the author holds U+202E RIGHT-TO-LEFT OVERRIDE: leave it out"),
        ("license", "a\u200bb", "the license holds U+200B ZERO WIDTH SPACE: leave it out"),
        ("language", "English!", 'the language cannot be "English!": write it like en, de or pt-BR'),
        ("language", "\udcff", "the language holds U+DCFF"),
    ],
)
def test_what_cannot_be_is_refused(what: str, text: str, says: str) -> None:
    right = {"id": "mine", "title": "Mine"}
    with pytest.raises(NotGood) as refused:
        Answers(**{**right, what: text})
    assert str(refused.value).startswith(says)
    assert refused.value.what == what


@pytest.mark.parametrize(
    "folder, identity, title",
    [
        ("my-pack", "my-pack", "My pack"),
        ("My_First Pack", "my-first-pack", "My First Pack"),
        ("Übung 1", "ubung-1", "Übung 1"),
        ("???", "", "My first pack"),
        ("con", "con-x", "Con"),
        ("x" * 150, "x" * 60, "X" + "x" * 149),
    ],
)
def test_what_a_folder_suggests(folder: str, identity: str, title: str, tmp_path: Path) -> None:
    found = suggested(tmp_path / folder)
    assert found["title"] == title
    if len(folder) < 100:
        assert found["id"] == identity
    if found["id"]:
        Answers(**found)


# -- a folder that is made whole or not at all -------------------------------------------------------------------------


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """An empty folder."""
    folder = tmp_path / "here"
    folder.mkdir()
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("where", ["new", "deep/er/new", "."])
def test_it_is_written(where: str, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here)
    write_new(Path(where), FILES)
    assert tree(here / where) == FILES
    assert not [path for path in (*here.parent.iterdir(), *here.rglob("*")) if path.name.startswith(".")]


def test_what_is_there_is_left_alone(here: Path) -> None:
    full = here / "full"
    full.mkdir()
    (full / "mine").write_bytes(b"x")
    (here / "file").write_bytes(b"x")
    (here / "link").symlink_to(here / "nowhere")
    for name in ("full", "file", "link"):
        with pytest.raises(FolderTaken):
            write_new(here / name, FILES)
    assert tree(here) == {"file": b"x", "full/mine": b"x"}
    assert not (here / "nowhere").exists()


@pytest.mark.parametrize("error", [OSError("no room"), KeyboardInterrupt()], ids=["full disk", "interrupt"])
@pytest.mark.parametrize("where", ["new", "deep/er/new", "empty"])
@pytest.mark.parametrize("at", range(5))
def test_whatever_breaks_it_off_nothing_is_left(
    where: str, at: int, error: BaseException, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fails, or somebody interrupts, at each step that changes something on disk."""
    (here / "empty").mkdir()
    steps = iter(range(100))

    def failing(name: str) -> None:
        real = getattr(Path, name)

        def step(self: Path, *given: object, **named: object) -> object:
            if next(steps) == at:
                raise error
            return real(self, *given, **named)

        monkeypatch.setattr(Path, name, step)

    for name in ("write_bytes", "rename"):
        failing(name)
    try:
        write_new(here / where, FILES)
    except (OSError, KeyboardInterrupt):
        assert sorted(path.name for path in here.rglob("*")) == ["empty"]
    else:
        assert tree(here / where) == FILES
        assert sorted(path.name for path in here.iterdir() if path.name.startswith(".")) == []


def test_the_manifest_comes_last(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that has pack.yaml is whole."""
    moved: list[str] = []
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        moved.append(target.name)
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    (here / "empty").mkdir()
    write_new(here / "empty", FILES)
    assert moved[-1] == new_folder.LAST
