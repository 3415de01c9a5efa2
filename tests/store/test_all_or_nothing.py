"""Importing a history and restoring a backup on a full disk, into a file that may not be written or that is held."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier

import pytest

from studyapp.store import errors
from studyapp.store.backups import EVERY, NOTHING_DONE, make_backup
from studyapp.store.checking import check_database
from studyapp.store.errors import StoreError
from studyapp.store.merging import Merged
from studyapp.store.restoring import restore
from studyapp.store.schema import WAIT_MS, Connect, connector
from studyapp.store.store import Store
from tests.exams.bank import NOON
from tests.store.test_history import fill, text_of, written
from tests.study.answers import answer

MANY = 120
KB = 1024


@contextmanager
def room_for(limit: int) -> Iterator[None]:
    """No file can be made larger than so many bytes meanwhile, whoever tries."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def tried(limit: int, work: Callable[[], object]) -> StoreError | None:
    """How something is refused where no file can be made larger than so many bytes; None when it is done."""
    try:
        with room_for(limit):
            work()
    except StoreError as error:
        return error
    return None


def limit_pages(store: Store, pages: int) -> int:
    """Let the database have so many pages at most, or 0 for as many as it has; gives how many it has."""
    connection = store._opened().raw_connection()
    try:
        cursor = connection.cursor()
        (used,) = cursor.execute("PRAGMA page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages or used}")
    finally:
        connection.close()
    return int(used)


def clean(path: Path) -> None:
    """Nothing is left beside the store of what was tried."""
    names = {each.name.removeprefix(path.name) for each in path.parent.iterdir()}
    assert names <= {"", "-wal", "-shm", "-journal"}, names


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    """The store of another machine, with much in it."""
    with Store(tmp_path / "there" / "studyapp.db") as made:
        fill(made)
        for number in range(MANY):
            made.record_review(answer(f"q{number}", minute=10 + number))
        yield made


@pytest.fixture
def history(other: Store, tmp_path: Path) -> Path:
    """What the other machine wrote."""
    return written(other, tmp_path / "history.jsonl")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of backups."""
    made = tmp_path / "backups"
    made.mkdir()
    return made


@pytest.fixture
def backup(other: Store, tmp_path: Path) -> Path:
    """A backup of the other machine's store."""
    return make_backup(other.path, tmp_path / "theirs.backup", NOON)


def refuses_import(store: Store, history: Path) -> StoreError:
    """How an import is refused; what was there is as it was."""
    before = text_of(store)
    with pytest.raises(StoreError) as caught:
        store.import_history(history)
    assert caught.value.kept == "Nothing has been imported."
    assert text_of(store) == before
    assert store.differences() == ()
    return caught.value


@pytest.mark.parametrize("more", [0, 1, 4, 10])
def test_an_import_that_fills_the_disk(store: Store, history: Path, more: int) -> None:
    store.record_review(answer("mine"))
    used = limit_pages(store, 0)
    limit_pages(store, used + more)
    error = refuses_import(store, history)
    assert error.reason == errors.FULL
    assert "full" in error.what
    limit_pages(store, used + 1000)
    assert store.import_history(history) == Merged(answers=MANY + 4, exams=1, known=0)
    assert store.differences() == ()


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits on what a process may write")
def test_an_import_wherever_the_space_ends(tmp_path: Path, history: Path) -> None:
    outcomes = set()
    for number, limit in enumerate(range(36 * KB, 600 * KB, 50 * KB)):
        with Store(tmp_path / str(number) / "studyapp.db") as store:
            store.record_review(answer("mine"))
            before = text_of(store)
            error = tried(limit, lambda store=store: store.import_history(history))  # type: ignore[misc]  # bound now
            outcomes.add("refused" if error else "imported")
            if error is None:
                assert len(store.reviews("p")) == MANY + 5
            else:
                assert error.kept == "Nothing has been imported."
                assert error.reason in (errors.FULL, errors.UNREACHABLE)
                assert text_of(store) == before
            assert store.differences() == ()
            store.record_review(answer("later", minute=900))
    assert outcomes == {"refused", "imported"}


def test_an_import_into_a_file_that_may_not_be_written(path: Path, history: Path) -> None:
    with Store(path) as store:
        store.record_review(answer("mine"))
    with Store(path, parameters={"mode": "ro"}) as store:
        assert refuses_import(store, history).reason == errors.READ_ONLY


def test_an_import_while_another_copy_writes(store: Store, path: Path, history: Path) -> None:
    store.record_review(answer("mine"))
    holder = sqlite3.connect(path, isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        error = refuses_import(store, history)
        assert error.reason == errors.BUSY
        assert error.try_.startswith("Close other windows")
    finally:
        holder.close()
    assert store.import_history(history).answers == MANY + 4


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits on what a process may write")
@pytest.mark.parametrize("there", [True, False], ids=["over a store", "where nothing is"])
def test_a_restore_wherever_the_space_ends(
    tmp_path: Path, other: Store, backup: Path, folder: Path, *, there: bool
) -> None:
    outcomes = set()
    for number, limit in enumerate((0, 1, *range(20 * KB, 600 * KB, 50 * KB))):
        path = tmp_path / str(number) / "studyapp.db"
        before = ""
        if there:
            with Store(path) as store:
                fill(store)
                before = text_of(store)
        error = tried(limit, lambda path=path: restore(backup, path, folder, NOON))  # type: ignore[misc]  # bound now
        outcomes.add("refused" if error else "restored")
        expected = before if error else text_of(other)
        if error is not None:
            assert error.kept in (NOTHING_DONE, errors.NOTHING_LOST)
            assert error.reason in (errors.FULL, errors.UNREACHABLE, errors.READ_ONLY)
            assert str(backup) not in error.what, "it is not the backup's disk that is full"
        clean(path)
        if expected:
            with Store(path) as store:
                assert text_of(store) == expected
                assert store.differences() == ()
        else:
            assert not path.exists()
    assert outcomes == {"refused", "restored"}
    assert not [each for each in folder.iterdir() if each.name.startswith(".")]


def test_a_restore_over_a_file_that_may_not_be_written(
    store: Store, path: Path, backup: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    before = text_of(store)

    def read_only(wanted: Path, wait_ms: int = WAIT_MS, parameters: Mapping[str, str] | None = None) -> Connect:
        return connector(wanted, wait_ms, {"mode": "ro"} if wanted == path else parameters)

    monkeypatch.setattr("studyapp.store.restoring.connector", read_only)
    with pytest.raises(StoreError) as caught:
        restore(backup, path, folder, NOON)
    assert caught.value.reason == errors.READ_ONLY
    assert caught.value.kept == NOTHING_DONE
    assert text_of(store) == before
    clean(path)


def test_a_restore_into_a_folder_that_may_not_be_written(
    tmp_path: Path, backup: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "here" / "studyapp.db"
    real = Path.open

    def refused(self: Path, mode: str = "r", *rest: object, **named: object) -> object:
        if "w" in mode and path.parent in self.parents:
            raise PermissionError(13, "Permission denied", str(self))
        return real(self, mode, *rest, **named)  # type: ignore[call-overload]  # handed on as it came

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(StoreError) as caught:
        restore(backup, path, folder, NOON)
    assert caught.value.reason == errors.READ_ONLY
    assert str(path.parent) in caught.value.what, "it is not the backup that may not be used"
    assert not list(path.parent.iterdir())


def test_a_restore_where_a_killed_program_left_its_log(
    store: Store, path: Path, other: Store, backup: Path, folder: Path
) -> None:
    # SQLite would take the log of a database that is gone for one of the database that is put in its place.
    for number in range(50):
        store.record_review(answer(f"gone{number}", minute=number))
    log = path.with_name(f"{path.name}-wal").read_bytes()
    store.close()
    path.unlink()
    path.with_name(f"{path.name}-wal").write_bytes(log)
    assert restore(backup, path, folder, NOON).before is None
    with Store(path) as put_back:
        assert text_of(put_back) == text_of(other)
    assert check_database(path) == ()


def test_what_a_restore_that_was_killed_has_left_is_removed_later(
    store: Store, path: Path, other: Store, backup: Path, folder: Path
) -> None:
    left = [path.with_name(f".{path.name}.restoring-{name}") for name in ("old", "new")]
    for each, age in zip(left, (2 * EVERY, 0 * EVERY), strict=True):
        each.mkdir()
        (each / path.name).write_bytes(b"half")
        os.utime(each, ((NOON - age).timestamp(),) * 2)
    restore(backup, path, folder, NOON)
    assert text_of(store) == text_of(other)
    assert [each.exists() for each in left] == [False, True], "the new one may be that of a restore that goes on"


def test_two_restores_at_once(store: Store, path: Path, other: Store, backup: Path, folder: Path) -> None:
    fill(store)
    theirs = [(backup, text_of(other)), (make_backup(path, folder, NOON), text_of(store))]
    for number in range(5):
        together = Barrier(2)

        def put_back(which: int, number: int = number, together: Barrier = together) -> None:
            together.wait()
            restore(theirs[which][0], path, folder, NOON + (2 * number + which + 1) * EVERY)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(put_back, (0, 1)))
        assert text_of(store) in (theirs[0][1], theirs[1][1]), "the one or the other, and that whole"
        assert store.differences() == ()
    clean(path)
