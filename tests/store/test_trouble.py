"""When the file cannot be used: what is said, and that what was there is still there."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from studyapp.store import errors
from studyapp.store.errors import StoreError
from studyapp.store.peek import Peek, peek
from studyapp.store.store import Store
from tests.exams.bank import NOON, sitting
from tests.study.answers import answer


def fingerprint(folder: Path) -> dict[str, str]:
    """Every file below a folder, by what is in it."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def refused(path: Path) -> StoreError:
    """How a store at this path refuses to open."""
    with pytest.raises(StoreError) as caught:
        Store(path, wait_ms=100).open()
    error = caught.value
    for sentence in (error.what, error.kept, error.try_):
        assert sentence.endswith("."), sentence
        assert sentence[0].isupper() or sentence.startswith(str(path)), sentence
        assert "Error" not in sentence
    assert str(error) == f"{error.what} {error.kept} {error.try_}"
    return error


def filled(path: Path) -> None:
    """A store with something in it."""
    with Store(path) as store:
        store.record_review(answer("q1"))
        store.start_sitting(sitting())


def change(path: Path, *statements: str) -> None:
    """Change a database behind the store's back."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for statement in statements:
            connection.execute(statement)
    finally:
        connection.close()


def test_a_newer_schema_is_told_and_left_alone(path: Path) -> None:
    filled(path)
    change(path, "UPDATE alembic_version SET version_num = '0999'", "PRAGMA journal_mode = DELETE")
    before = fingerprint(path.parent)
    error = refused(path)
    assert error.reason == errors.NEWER
    assert "written by a newer studyapp (schema 0999; this one knows up to" in error.what
    assert error.kept == "It has not been touched."
    assert fingerprint(path.parent) == before
    with pytest.raises(StoreError) as caught:
        peek(path, "p", NOON)
    assert caught.value.reason == errors.NEWER


def test_the_database_of_another_program_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    change(path, "CREATE TABLE photos (id INTEGER)")
    before = fingerprint(path.parent)
    assert refused(path).reason == errors.FOREIGN
    assert fingerprint(path.parent) == before


@pytest.mark.parametrize("damage", [lambda raw: b"not a database at all" * 500, lambda raw: raw[:100] + b"\xff" * 4096])
def test_a_damaged_file_is_told_and_left_alone(path: Path, damage: Callable[[bytes], bytes]) -> None:
    filled(path)
    path.write_bytes(damage(path.read_bytes()))
    before = fingerprint(path.parent)
    error = refused(path)
    assert error.reason == errors.DAMAGED
    assert "backups" in error.try_
    assert fingerprint(path.parent) == before
    with pytest.raises(StoreError) as caught:
        peek(path, "p", NOON)
    assert caught.value.reason == errors.DAMAGED


def test_damage_that_shows_later_is_told_too(path: Path) -> None:
    with Store(path) as store:
        for i in range(500):
            store.record_review(answer(f"q{i}", minute=i))
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2 :] = b"\xff" * (len(raw) - len(raw) // 2)
    path.write_bytes(bytes(raw))
    with Store(path) as store, pytest.raises(StoreError) as caught:
        store.reviews("p")
    assert caught.value.reason == errors.DAMAGED


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    error = refused(tmp_path / "file" / "below" / "studyapp.db")
    assert error.reason == errors.READ_ONLY
    assert "STUDYAPP_HOME" in error.try_
    assert peek(tmp_path / "file" / "below" / "studyapp.db", "p", NOON) == Peek()


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "studyapp.db").mkdir()
    assert refused(tmp_path / "studyapp.db").reason == errors.UNREACHABLE


def test_a_file_that_may_not_be_written(path: Path) -> None:
    filled(path)
    with Store(path, parameters={"mode": "ro"}) as store:
        assert store.reviews("p") == (answer("q1"),)
        with pytest.raises(StoreError) as caught:
            store.record_review(answer("q2"))
        assert caught.value.reason == errors.READ_ONLY
        assert caught.value.kept == errors.NOTHING_LOST
        assert store.reviews("p") == (answer("q1"),)


def test_a_new_file_where_none_may_be_made(path: Path) -> None:
    path.parent.mkdir()
    with pytest.raises(StoreError) as caught:
        Store(path, parameters={"mode": "ro"}).open()
    assert caught.value.reason == errors.UNREACHABLE
    assert not list(path.parent.iterdir())


def test_a_full_disk_loses_nothing_and_works_again_when_there_is_space(store: Store, path: Path) -> None:
    store.record_review(answer("q0"))
    pages = sqlite3.connect(path)
    try:
        (used,) = pages.execute("PRAGMA page_count").fetchone()
    finally:
        pages.close()
    limit = store._opened().raw_connection()
    limit.execute(f"PRAGMA max_page_count = {used}")
    limit.close()
    kept, error = 0, None
    for i in range(1, 2_000):
        try:
            store.record_review(answer(f"q{i}", minute=i))
        except StoreError as raised:
            error = raised
            break
        kept = i
    assert error is not None
    assert error.reason == errors.FULL
    assert "full" in error.what
    assert len(store.reviews("p")) == kept + 1
    space = store._opened().raw_connection()
    space.execute(f"PRAGMA max_page_count = {used + 100}")
    space.close()
    store.record_review(answer(f"q{kept + 1}", minute=kept + 1))
    assert len(store.reviews("p")) == kept + 2


@pytest.mark.parametrize("free, reason", [(0, errors.FULL), (10**9, errors.UNREACHABLE)])
def test_sqlite_does_not_always_say_that_a_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, reason: str
) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = "SQLITE_IOERR_SHMSIZE"
    monkeypatch.setattr("shutil.disk_usage", lambda folder: (1, 1, free))
    assert errors.told(error, tmp_path / "studyapp.db").reason == reason


def test_another_program_that_does_not_let_go(store: Store, path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError) as caught:
            store.record_review(answer("q1"))
        assert caught.value.reason == errors.BUSY
        assert store.reviews("p") == (), "reading goes on meanwhile"
        assert peek(path, "p", NOON).answers == 0
        other.execute("ROLLBACK")
        store.record_review(answer("q1"))
    finally:
        other.close()
    assert store.reviews("p") == (answer("q1"),)


def test_two_windows_on_one_sitting(store: Store, path: Path) -> None:
    with Store(path) as other:
        store.start_sitting(sitting())
        other.record_review(answer("q1"))
        assert store.reviews("p") == (answer("q1"),)
        assert other.load_open_sitting("p") == sitting()


def test_what_nobody_foresaw_is_told_in_sqlites_words(tmp_path: Path) -> None:
    error = errors.told(sqlite3.OperationalError("no such function: moon"), tmp_path / "studyapp.db")
    assert error.reason == errors.OTHER
    assert "(no such function: moon)" in error.what
