"""Backups: whole, by themselves, thinned by age; put back whole or not at all."""

from __future__ import annotations

import os
import random
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.store import backups
from studyapp.store.backups import keep_backups, list_backups, make_backup, surplus, unpack
from studyapp.store.checking import check_database
from studyapp.store.errors import BUSY, DAMAGED, FULL, StoreError
from studyapp.store.restoring import restore
from studyapp.store.store import Store
from studyapp.study.review import Review
from tests.exams.bank import NOON
from tests.store.test_history import fill, text_of
from tests.store.test_trouble import change, fingerprint
from tests.study.answers import answer

DAY = timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of backups."""
    made = tmp_path / "the backups"
    made.mkdir()
    return made


def text_at(path: Path) -> str:
    with Store(path) as store:
        return text_of(store)


def reviews_at(path: Path) -> tuple[Review, ...]:
    with Store(path) as store:
        return store.reviews("p")


def test_what_was_backed_up_is_put_back(store: Store, path: Path, folder: Path) -> None:
    fill(store)
    before = text_of(store)
    backup = make_backup(path, folder, NOON)
    assert backup.name == "studyapp-20260301T120000Z.backup"
    store.record_review(answer("later", minute=500))
    done = restore(backup, path, folder, NOON + DAY)
    assert (done.answers, done.exams) == (4, 1)
    assert text_of(store) == before, "whoever has the store open goes on with what was put back"
    assert store.differences() == ()
    assert done.before is not None
    restore(done.before, path, folder, NOON + DAY)
    assert [each.question_id for each in store.reviews("p")][-1] == "later", "and what was there was kept"
    assert sorted(each.name for each in path.parent.iterdir() if each.name.startswith(".")) == []


def test_a_backup_is_put_back_where_nothing_is(store: Store, path: Path, folder: Path, tmp_path: Path) -> None:
    fill(store)
    done = restore(make_backup(path, folder, NOON), tmp_path / "new" / "studyapp.db", folder, NOON)
    assert done.before is None
    assert text_at(tmp_path / "new" / "studyapp.db") == text_of(store)


def test_a_store_that_is_damaged_is_moved_aside(store: Store, path: Path, folder: Path) -> None:
    fill(store)
    before = text_of(store)
    backup = make_backup(path, folder, NOON)
    store.close()
    path.write_bytes(b"no database at all" * 1000)
    done = restore(backup, path, folder, NOON)
    assert done.before == path.with_name("studyapp.db.damaged-20260301T120000Z")
    assert done.before.read_bytes().startswith(b"no database")
    assert text_at(path) == before


def test_a_backup_of_the_first_schema_is_brought_up_to_date(
    store: Store, path: Path, folder: Path, tmp_path: Path
) -> None:
    fill(store)
    change(
        path,
        "DROP TABLE memory",
        "DROP TABLE derived",
        "DROP TABLE goal",
        "DROP TABLE mark",
        "DROP TABLE prediction",
        "UPDATE alembic_version SET version_num = '0001'",
    )
    backup = make_backup(path, folder, NOON)
    other = tmp_path / "other.db"
    restore(backup, other, folder, NOON)
    with Store(other) as later:
        assert len(later.memories("p")) == 2
        assert later.differences() == ()


def test_nothing_is_overwritten(store: Store, path: Path, folder: Path) -> None:
    fill(store)
    names = {make_backup(path, folder, NOON).name for _ in range(3)}
    assert len(names) == 3
    assert len(list_backups(folder)) == 3
    there = folder / "mine.backup"
    make_backup(path, there, NOON)
    with pytest.raises(StoreError, match="is there already"):
        make_backup(path, there, NOON)
    with pytest.raises(StoreError, match="There is no folder"):
        make_backup(path, folder / "nowhere" / "mine.backup", NOON)
    assert not [each for each in folder.iterdir() if each.name.startswith(".")]


@pytest.mark.parametrize("named", [False, True])
def test_what_comes_to_be_meanwhile_is_not_overwritten(
    store: Store, path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    """Another program may make a backup in the same second."""
    fill(store)
    there = folder / f"studyapp-{NOON:%Y%m%dT%H%M%SZ}.backup"
    wrap = backups._wrap

    def another_first(source: IO[bytes], sink: IO[bytes], now: datetime) -> None:
        wrap(source, sink, now)
        there.write_text("another", encoding="utf-8")

    monkeypatch.setattr(backups, "_wrap", another_first)
    if named:
        with pytest.raises(StoreError, match="is there already"):
            make_backup(path, there, NOON)
        assert list(folder.iterdir()) == [there]
    else:
        made = make_backup(path, folder, NOON)
        assert made == there.with_name(f"{there.stem}-1.backup")
        unpack(made, folder / "whole.db")
    assert there.read_text(encoding="utf-8") == "another"


def test_there_is_nothing_to_back_up_yet(path: Path, folder: Path) -> None:
    with pytest.raises(StoreError, match="There is nothing at"):
        make_backup(path, folder, NOON)
    path.parent.mkdir()
    path.touch()
    with pytest.raises(StoreError, match="There is nothing in"):
        make_backup(path, folder, NOON)
    assert list(folder.iterdir()) == []


def test_a_damaged_store_is_not_backed_up_over_good_backups(store: Store, path: Path, folder: Path) -> None:
    fill(store)
    store.close()
    change(path, "PRAGMA journal_mode = DELETE")
    raw = bytearray(path.read_bytes())
    raw[4096:8192] = random.Random(1).randbytes(4096)
    path.write_bytes(raw)
    with pytest.raises(StoreError) as caught:
        make_backup(path, folder, NOON)
    assert caught.value.reason == DAMAGED
    assert list(folder.iterdir()) == []


def test_what_is_damaged_is_told_of_the_store_and_not_of_the_folder_of_backups(path: Path, folder: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b"nothing like it" * 999)
    with pytest.raises(StoreError) as caught:
        make_backup(path, folder, NOON)
    assert (caught.value.reason, caught.value.what) == (DAMAGED, f"{path} is damaged, or is not a database.")


def test_backups_make_themselves_once_a_day(store: Store, path: Path, folder: Path) -> None:
    fill(store)
    assert keep_backups(path, folder, NOON) is not None
    assert keep_backups(path, folder, NOON + DAY - timedelta(seconds=1)) is None
    assert keep_backups(path, folder, NOON + DAY) is not None
    assert keep_backups(path, folder, NOON - 9 * DAY) is not None, "a clock that ran ahead does not keep them from it"
    (folder / "something else").touch()
    for day in range(2, 50):
        keep_backups(path, folder, NOON + day * DAY)
    assert 10 <= len(list_backups(folder)) <= 14, "the last seven days, five weeks, and the months before"
    assert (folder / "something else").exists()


def test_what_was_left_of_a_backup_is_removed_later(store: Store, path: Path, folder: Path) -> None:
    fill(store)
    left = [folder / f".studyapp-20260101T000000Z.backup.{number}.part" for number in (1, 2)]
    for each, age in zip(left, (2 * DAY, timedelta(0)), strict=True):
        each.touch()
        os.utime(each, ((NOON - age).timestamp(),) * 2)
    keep_backups(path, folder, NOON)
    assert [each.exists() for each in left] == [False, True]


MOMENTS = st.lists(st.datetimes(datetime(2025, 1, 1), datetime(2026, 3, 1)), max_size=60, unique=True).map(  # noqa: DTZ001  # hypothesis wants bounds without a zone
    lambda found: [each.replace(tzinfo=UTC) for each in found]
)


@given(MOMENTS)
def test_what_is_thinned(moments: list[datetime]) -> None:
    gone = set(surplus(moments, NOON))
    kept = set(moments) - gone
    assert not moments or max(moments) in kept
    assert not [each for each in gone if each > NOON - DAY]
    assert len([each for each in kept if each <= NOON - DAY]) <= 7 + 5 + 12
    days = sorted({each.date() for each in moments}, reverse=True)[:7]
    assert {max(each for each in moments if each.date() == day) for day in days} <= kept
    months = sorted({(each.year, each.month) for each in moments}, reverse=True)[:12]
    assert {max(each for each in moments if (each.year, each.month) == month) for month in months} <= kept
    assert set(surplus(sorted(kept), NOON)) == set(), "thinning twice removes no more"


def corrupt(store: Store, path: Path, folder: Path, tmp_path: Path, times: int) -> None:
    fill(store)
    whole = make_backup(path, folder, NOON).read_bytes()
    before = text_of(store)
    store.close()
    chance = random.Random(times)
    damaged = tmp_path / "damaged.backup"
    files = fingerprint(path.parent)
    for _ in range(times):
        place = chance.randrange(len(whole))
        match chance.randrange(4):
            case 0:
                broken = whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :]
            case 1:
                broken = whole[:place]
            case 2:
                broken = whole[:place] + whole[place + 1 + chance.randrange(5000) :]
            case _:
                broken = whole[:place] + chance.randbytes(1 + chance.randrange(99)) + whole[place:]
        damaged.write_bytes(broken)
        with pytest.raises(StoreError) as caught:
            restore(damaged, path, folder, NOON)
        assert str(damaged) in caught.value.what
        assert any(word in caught.value.what for word in ("byte", "first line", "begin")), caught.value.what
        assert len(list_backups(folder)) == 1
    assert fingerprint(path.parent) == files
    assert text_at(path) == before


def test_a_damaged_backup_is_refused_with_where(store: Store, path: Path, folder: Path, tmp_path: Path) -> None:
    corrupt(store, path, folder, tmp_path, 200)


@pytest.mark.nightly
def test_ten_thousand_damaged_backups_are_refused(store: Store, path: Path, folder: Path, tmp_path: Path) -> None:
    corrupt(store, path, folder, tmp_path, 10_000)


def test_where_it_is_damaged_is_told_to_the_block(
    store: Store, path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "BLOCK", 4096)
    fill(store)
    backup = make_backup(path, folder, NOON)
    raw = bytearray(backup.read_bytes())
    start = raw.index(b"\n") + 1
    raw[start + 5000] ^= 1
    backup.write_bytes(raw)
    with pytest.raises(StoreError, match=f"between byte {start + 4096} and {start + 8192}"):
        unpack(backup, folder / "out.db")
    assert not (folder / "out.db").exists()


BEHIND = [
    ("CREATE TRIGGER t AFTER INSERT ON review BEGIN DELETE FROM sitting; END", "it holds a trigger"),
    ("CREATE VIEW v AS SELECT 1", "it holds a view"),
    ("CREATE TABLE mine (x)", "it holds a table"),
    ("UPDATE review SET response = '[9,1]' WHERE question_id = 'a'", "row 1 of review"),
    ("UPDATE review SET verdict = 'maybe'", "row 1 of review"),
    ("UPDATE sitting_action SET item = 77 WHERE kind = 'answer'", "an exam cannot have gone"),
    ("DELETE FROM sitting", "belongs to a sitting that is not there"),
    ("UPDATE lesson_place SET section = 'x'", "row 1 of lesson_place"),
    ("DROP TABLE lesson_place", "the table lesson_place is missing"),
]


@pytest.mark.parametrize("statement, told", BEHIND)
def test_a_backup_that_somebody_made_up_is_refused(
    store: Store, path: Path, folder: Path, tmp_path: Path, statement: str, told: str
) -> None:
    """Its sums are right, because this program wrote it; what it holds is not."""
    fill(store)
    assert check_database(path) == ()
    store.close()
    change(path, "PRAGMA foreign_keys = OFF", statement)
    assert told in check_database(path)[0]
    backup = make_backup(path, folder, NOON)
    other = tmp_path / "other.db"
    with Store(other) as there:
        there.record_review(answer("z"))
    with pytest.raises(StoreError, match=told):
        restore(backup, other, folder, NOON)
    assert [each.question_id for each in reviews_at(other)] == ["z"]


def test_a_newer_store_is_not_restored_over(store: Store, path: Path, folder: Path) -> None:
    fill(store)
    backup = make_backup(path, folder, NOON)
    change(path, "UPDATE alembic_version SET version_num = '0999'")
    with pytest.raises(StoreError, match="newer studyapp"):
        restore(backup, path, folder, NOON)


def test_a_store_that_another_holds_is_told(
    store: Store, path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    backup = make_backup(path, folder, NOON)
    before = text_of(store)
    monkeypatch.setattr("studyapp.store.schema.WAIT_MS", 100)
    monkeypatch.setattr("studyapp.store.schema.connector.__defaults__", (100, None))
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(StoreError) as caught:
            restore(backup, path, folder, NOON)
        assert caught.value.reason == BUSY
    finally:
        holder.close()
    assert text_of(store) == before


@pytest.mark.skipif(sys.platform != "linux", reason="needs a device that is always full")
def test_a_full_disk_is_told(store: Store, path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError) as caught:
        make_backup(path, folder, NOON)
    assert caught.value.reason == FULL
    assert list(folder.iterdir()) == []
