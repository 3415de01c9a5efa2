"""The schema: one way to it, the same as the classes say, and Alembic only where it is needed."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

from studyapp.store import migrate
from studyapp.store.errors import StoreError
from studyapp.store.schema import CURRENT, REVISIONS
from studyapp.store.store import Store
from tests.house.tree import ROOT
from tests.study.answers import answer

OPEN = """
import json, sys
from pathlib import Path
from studyapp.store.store import Store
Store(Path(sys.argv[1])).open().close()
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""


def loaded(path: Path) -> set[str]:
    """What a process loads that opens and closes the store."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", OPEN, str(path)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def test_the_migrations_make_what_the_classes_say(store: Store) -> None:
    with store._opened().connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


def test_the_revisions_are_the_migrations(store: Store) -> None:
    script = ScriptDirectory.from_config(migrate.alembic_config())
    assert [each.revision for each in script.walk_revisions()][::-1] == list(REVISIONS)
    assert script.get_heads() == [CURRENT]


def test_alembic_is_loaded_only_to_change_the_schema(path: Path) -> None:
    assert "alembic" in loaded(path)
    assert "alembic" not in loaded(path)


def test_an_empty_file_becomes_a_store(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    with Store(path) as store:
        store.record_review(answer("q1"))


def test_a_migration_that_fails_leaves_nothing_half_done(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = path.parent / "migrations"
    (broken / "versions").mkdir(parents=True)
    (broken / "env.py").write_bytes((migrate.MIGRATIONS / "env.py").read_bytes())
    [first] = (migrate.MIGRATIONS / "versions").glob("v0001*.py")
    text = first.read_text(encoding="utf-8") + '    op.execute("INSERT INTO nowhere VALUES (1)")\n'
    (broken / "versions" / first.name).write_text(text, encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "MIGRATIONS", broken)
        with pytest.raises(StoreError):
            Store(path).open()
    connection = sqlite3.connect(path)
    try:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    finally:
        connection.close()
    with Store(path) as store:
        assert store.reviews("p") == ()
