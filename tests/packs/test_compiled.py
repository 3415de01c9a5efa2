"""A pack that was opened is opened again from the cache: the same pack, and never a pack that is no longer there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from studyapp.packs import cache as cached
from studyapp.packs.compiled import Compiled, stamp
from studyapp.packs.content import Pack
from studyapp.packs.pack import open_folder
from studyapp.packs.places import content_folder
from studyapp.packs.terms import Term
from studyapp.questions.question import Unreadable
from studyapp.questions.variants import count_variants, make_variant
from studyapp.wiring import Catalog, PackRefused
from tests.house.tree import ROOT
from tests.packs.cases import RIGHT, write_pack

LESSON = "---\ntitle: Über Hosts\nminutes: 5\nwas: [old]\n---\nText.\n\n## Two\n```diagram trio\n- crash: host1\n```\n"
EXAM = """title: Exam
minutes: 10
questions: 2
pass: 700
pass_share: 0.5
draw: [{objective: hosts, share: 100}]
sections: [{title: Case, scenario: more, questions: 1, locked: true}]
"""
OTHER = RIGHT["questions/good.md"].replace("scenario: trio", "scenario: more").replace("It moves", "Es läuft weiter")
OTHER = OTHER.replace("vary:", "tags: [Übung, two words]\nuntil: 1h\nvary:")
FILES = {
    "pack.yaml": RIGHT["pack.yaml"] + "description: Übungen\nhomepage: https://example.org/\nwas: [tiny]\n",
    "lessons/01-hosts.md": LESSON,
    "exams/exam.yaml": EXAM,
    "scenarios/more.yaml": "extends: trio\ntitle: More\n",
    "questions/other.md": OTHER,
    "glossary.yaml": "host: A machine.\nÜbung: {text: Practice., also: [Übungen]}\n",
}
LONG_AGO = 1_000_000_000


def written(folder: Path, files: dict[str, str] = FILES) -> Path:
    """A pack that nobody has touched for long."""
    pack = write_pack(folder / "pack", files)
    aged(pack)
    return pack


def aged(pack: Path) -> None:
    for path in (pack, *pack.rglob("*")):
        os.utime(path, (LONG_AGO, LONG_AGO))


def kept(cache: Path, pack: Path) -> Compiled:
    """The pack is remembered, and the clock of the file system has gone on since it was written."""
    compiled = Compiled(cache, "small")
    opened = open_folder(pack)
    assert not opened.problems
    compiled.keep(stamp(pack), opened)
    later(compiled)
    return compiled


def later(compiled: Compiled) -> None:
    soon = compiled.path.stat().st_mtime + 60
    os.utime(compiled.path, (soon, soon))


def told(pack: Pack) -> list[object]:
    """All that a pack says, content included."""
    questions: list[object] = []
    for question in pack.questions:
        first = make_variant(question, count_variants(question) - 1)
        card = question.id, question.kind, question.objective, question.difficulty, question.was, question.digest
        questions.append(
            (
                *(*card, question.path, question.tags, question.scenarios),
                *(first.prompt, first.options, first.scenario, first.why, first.hints),
            )
        )
    lessons = [(each.id, each.title, each.headings, each.digest, each.sections, each.was) for each in pack.lessons]
    about = pack.id, pack.title, pack.version, pack.language, pack.license, pack.authors, pack.folder
    more = pack.description, pack.homepage, pack.was
    return [about, more, pack.objectives, pack.blueprints, dict(pack.scenarios), lessons, questions, pack.glossary]


def test_the_same_pack_is_opened_again(tmp_path: Path) -> None:
    pack = written(tmp_path)
    found = kept(tmp_path / "cache", pack).open(pack)
    assert found is not None
    read = open_folder(pack).pack
    assert read is not None
    assert told(found) == told(read)
    assert [question.id for question in found.questions] == ["good", "other"]
    assert found.question("other").why == "Es läuft weiter when its owner is gone."
    assert found.lesson("old").sections[1].title == "Two"
    assert found.glossary == (Term("host", "A machine."), Term("Übung", "Practice.", ("Übungen",)))


def test_what_extends_another_is_opened_again(tmp_path: Path) -> None:
    more = {
        "questions/derived.md": "---\nextends: called\ndifficulty: 5\n---\nWhat of {host}?\n",
        "questions/other.md": OTHER.replace("kind:", "id: called\nkind:"),
        "lessons/02-more.md": "---\nextends: hosts\n---\nMore.\n",
    }
    pack = written(tmp_path, {**FILES, **more})
    found, read = kept(tmp_path / "cache", pack).open(pack), open_folder(pack).pack
    assert found is not None
    assert read is not None
    assert told(found) == told(read)
    assert found.question("derived").prompt == "What of {host}?"
    assert found.lesson("more").minutes == 5


def test_the_shipped_pack_is_opened_again(tmp_path: Path) -> None:
    pack = content_folder() / "windows-clustering"
    found = kept(tmp_path / "cache", pack).open(pack)
    assert found is not None
    read = open_folder(pack).pack
    assert read is not None
    assert told(found) == told(read)


def grows(pack: Path) -> None:
    (pack / "questions" / "good.md").write_text(RIGHT["questions/good.md"] + "\n")


def is_written_again(pack: Path) -> None:
    (pack / "questions" / "good.md").write_text(RIGHT["questions/good.md"])


def is_new(pack: Path) -> None:
    (pack / "questions" / "new.md").write_text(RIGHT["questions/good.md"])


def is_gone(pack: Path) -> None:
    (pack / "questions" / "other.md").unlink()


def has_another_name(pack: Path) -> None:
    (pack / "questions" / "good.md").rename(pack / "questions" / "better.md")


def is_a_new_picture(pack: Path) -> None:
    (pack / "assets").mkdir()
    (pack / "assets" / "a.png").touch()


def is_a_link(pack: Path) -> None:
    is_gone(pack)
    (pack / "questions" / "other.md").symlink_to(pack / "questions" / "good.md")


def is_nowhere(pack: Path) -> None:
    pack.rename(pack.with_name("moved"))


@pytest.mark.parametrize(
    "change", [grows, is_written_again, is_new, is_gone, has_another_name, is_a_new_picture, is_a_link, is_nowhere]
)
def test_a_pack_that_changed_is_not_what_was_remembered(change: Callable[[Path], None], tmp_path: Path) -> None:
    pack = written(tmp_path)
    compiled = kept(tmp_path / "cache", pack)
    change(pack)
    later(compiled)
    assert compiled.open(pack) is None


def test_times_that_were_put_back_do_not_hide_a_change(tmp_path: Path) -> None:
    pack = written(tmp_path)
    compiled = kept(tmp_path / "cache", pack)
    file = pack / "questions" / "good.md"
    file.write_text(file.read_text().replace("Yes", "Yea"))
    aged(pack)
    later(compiled)
    assert compiled.open(pack) is None


def test_a_copy_elsewhere_is_another_pack(tmp_path: Path) -> None:
    compiled = kept(tmp_path / "cache", written(tmp_path))
    assert compiled.open(written(tmp_path / "copy")) is None


def test_what_was_written_a_moment_ago_is_in_doubt(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "pack", FILES)
    compiled = Compiled(tmp_path / "cache", "small")
    compiled.keep(stamp(pack), open_folder(pack))
    assert compiled.open(pack) is None
    later(compiled)
    assert compiled.open(pack) is not None


def signed(raw: bytes) -> bytes:
    """What the program would take for its own."""
    return sha256(cached.program_digest().encode() + raw).hexdigest().encode() + b"\n" + raw


def with_head(raw: bytes, **changed: object) -> bytes:
    _, head, texts = raw.split(b"\n", 2)
    return signed(json.dumps({**json.loads(head), **changed}).encode() + b"\n" + texts)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda raw: b"",
    "cut short": lambda raw: raw[:-5],
    "longer": lambda raw: raw + b"x",
    "another text": lambda raw: raw.replace(b"Yes", b"Yea"),
    "nothing": lambda raw: signed(b""),
    "no data": lambda raw: signed(b"\x80\x04K\x01."),
    "deep": lambda raw: signed(b"[" * 200_000),
    "a list": lambda raw: signed(b"[]\n"),
    "no questions": lambda raw: with_head(raw, questions=7),
    "short rows": lambda raw: with_head(raw, questions=[["a"]]),
    "other blueprints": lambda raw: with_head(raw, blueprints=[{"id": 1}]),
    "other terms": lambda raw: with_head(raw, glossary=[["a"]]),
    "no terms": lambda raw: with_head(raw, glossary=None),
    "no scenarios": lambda raw: with_head(raw, scenarios=None),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_in_doubt_is_thrown_away(damage: str, tmp_path: Path) -> None:
    pack = written(tmp_path)
    compiled = kept(tmp_path / "cache", pack)
    compiled.path.write_bytes(DAMAGES[damage](compiled.path.read_bytes()))
    later(compiled)
    found = compiled.open(pack)
    if damage == "no scenarios":
        assert found is not None
    else:
        assert found is None
        assert not compiled.path.exists()


def test_what_another_program_wrote_is_thrown_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = written(tmp_path)
    compiled = kept(tmp_path / "cache", pack)
    monkeypatch.setattr(cached, "program_digest", lambda: "another")
    assert compiled.open(pack) is None
    assert not compiled.path.exists()


def test_nothing_is_read_from_the_pack_itself(tmp_path: Path) -> None:
    pack = written(tmp_path)
    inside = kept(pack / ".cache", pack)
    assert Compiled(tmp_path / "cache", "small").open(pack) is None
    assert inside.path.is_file()


def test_a_cache_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    pack, cache = written(tmp_path), tmp_path / "cache"
    cache.write_text("a file stands where the folder should be")
    compiled = Compiled(cache, "small")
    compiled.keep(stamp(pack), open_folder(pack))
    assert compiled.open(pack) is None


def test_a_pack_that_is_remembered_is_opened_without_the_readers_and_the_model(tmp_path: Path) -> None:
    written(tmp_path / "shipped")
    (tmp_path / "shipped" / "pack").rename(tmp_path / "shipped" / "small")
    catalog(tmp_path).open("small")
    later(Compiled(tmp_path / "cache", "small"))
    code = """
import sys
from pathlib import Path
from studyapp.wiring import Catalog
catalog = Catalog(*map(Path, sys.argv[1:]))
pack = catalog.open("small")
titles = list(catalog.titles().values())
heavy = {"markdown_it", "pydantic", "studyapp.cluster", "studyapp.packs.questions"} & set(sys.modules)
print(len(pack.questions), titles, sorted(heavy), pack.question("good").prompt)
"""
    words = [sys.executable, "-c", code, *(str(tmp_path / each) for each in ("shipped", "installed", "cache"))]
    run = subprocess.run(words, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert run.stdout == "2 ['A small pack'] [] {host} loses its power. Does `sql` move?\n"


def test_many_that_open_and_remember_at_once_do_each_other_no_harm(tmp_path: Path) -> None:
    pack = written(tmp_path)
    code = """
import os, sys
from pathlib import Path
from studyapp.packs.compiled import Compiled, stamp
from studyapp.packs.pack import open_folder
compiled, pack = Compiled(Path(sys.argv[1]), "small"), Path(sys.argv[2])
for _ in range(20):
    before = stamp(pack)
    compiled.keep(before, open_folder(pack))
    os.utime(compiled.path, (4e9, 4e9)) if compiled.path.exists() else None
    found = compiled.open(pack)
    assert found is None or [question.id for question in found.questions] == ["good", "other"]
"""
    words = [sys.executable, "-c", code, str(tmp_path / "cache"), str(pack)]
    running = [subprocess.Popen(words, env={**os.environ, "PYTHONPATH": str(ROOT)}) for _ in range(3)]
    assert [each.wait(timeout=60) for each in running] == [0, 0, 0]
    assert len(list((tmp_path / "cache").rglob("*"))) == 2


def catalog(tmp_path: Path) -> Catalog:
    return Catalog(tmp_path / "shipped", tmp_path / "installed", tmp_path / "cache")


def test_a_folder_is_read_whole_when_it_is_first_opened(tmp_path: Path) -> None:
    pack = written(tmp_path, {"questions/bad.md": RIGHT["questions/good.md"].replace("## Why", "## Way")})
    with pytest.raises(PackRefused) as refused:
        catalog(tmp_path).open(str(pack))
    assert [problem.code for problem in refused.value.problems] == ["unknown-section"]
    assert not (tmp_path / "cache").exists()


def test_of_a_pack_that_was_checked_before_only_what_is_asked_is_read(tmp_path: Path) -> None:
    bad = RIGHT["questions/good.md"].replace("## Why", "## Way")
    written(tmp_path / "shipped", {"questions/bad.md": bad})
    (tmp_path / "shipped" / "pack").rename(tmp_path / "shipped" / "small")
    pack = catalog(tmp_path).open("small")
    assert [question.id for question in pack.questions] == ["bad", "good"]
    assert pack.question("good").prompt
    with pytest.raises(Unreadable, match=r"questions/bad\.md:15:1: error: unknown-section"):
        make_variant(pack.question("bad"), 0)


def test_a_pack_is_opened_from_the_cache_until_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = written(tmp_path)
    found = catalog(tmp_path).open(str(pack))
    [file] = (tmp_path / "cache" / "packs").iterdir()
    later(Compiled(tmp_path / "cache", str(pack)))
    with monkeypatch.context() as patched:
        patched.setattr("studyapp.packs.pack.open_folder", None)
        assert told(catalog(tmp_path).open(str(pack))) == told(found)
    (pack / "questions" / "other.md").unlink()
    assert [question.id for question in catalog(tmp_path).open(str(pack)).questions] == ["good"]
    assert list((tmp_path / "cache" / "packs").iterdir()) == [file]
