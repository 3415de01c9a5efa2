"""What is built, where, and when: paths, packs, the store, and nothing heavy before it is wanted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from studyapp import wiring
from studyapp.exams import form
from studyapp.store.errors import StoreError
from studyapp.store.store import Store
from studyapp.study.day import day_after, study_day
from studyapp.wiring import FIRST_PACK, PackRefused, Paths, Services, SystemZone, find_paths, make_services
from tests.conduct.small import PACK, write_pack
from tests.house.tree import ROOT
from tests.study.answers import answer

LOADED = """
import json, sys
{}
print(json.dumps(sorted({{name.split(".")[0] for name in sys.modules}})))
"""
HEAVY = {"sqlmodel", "sqlalchemy", "pydantic", "alembic", "textual", "asyncio"}


def loaded(code: str, home: Path) -> set[str]:
    """What a process loads that runs this code."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(code)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "STUDYAPP_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def opened(services: Services) -> Store | None:
    """The store, if it has been opened by now."""
    return services.store_if_open


def test_importing_loads_nothing_heavy(tmp_path: Path) -> None:
    assert not loaded("import studyapp.wiring", tmp_path) & {*HEAVY, "yaml", "markdown_it", "platformdirs"}
    assert not loaded("import studyapp.conduct", tmp_path) & HEAVY


def test_a_pack_can_be_opened_without_the_store(tmp_path: Path) -> None:
    code = "from studyapp.wiring import make_services\nwith make_services() as s: s.open_pack(); s.facts; s.now()"
    assert not loaded(code, tmp_path / "mine") & HEAVY
    assert not (tmp_path / "mine" / "data").exists()


def test_the_store_is_opened_when_it_is_first_asked_for(tmp_path: Path) -> None:
    code = "from studyapp.wiring import make_services\nwith make_services() as s: s.store"
    assert "sqlmodel" in loaded(code, tmp_path)
    assert (tmp_path / "data" / "studyapp.db").is_file()


def test_one_folder_holds_everything_when_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDYAPP_HOME", str(tmp_path / "mine"))
    assert find_paths() == Paths(tmp_path / "mine" / "data", tmp_path / "mine" / "cache")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STUDYAPP_HOME", "beside")
    assert find_paths().database == tmp_path / "beside" / "data" / "studyapp.db"


@pytest.mark.parametrize("unset", [True, False])
def test_else_the_platform_says_where(unset: bool, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if unset:
        monkeypatch.delenv("STUDYAPP_HOME")
    else:
        monkeypatch.setenv("STUDYAPP_HOME", "")
    found = find_paths()
    assert found.data.is_relative_to(home)
    assert found.cache.is_relative_to(home)
    assert found.data != found.cache
    assert "studyapp" in str(found.data)


def test_the_clock_is_aware_and_chance_is_chance() -> None:
    with make_services() as services:
        assert services.now().tzinfo is UTC
        assert services.now() - services.now() < timedelta(seconds=1)
        seeds = {services.entropy() for _ in range(100)}
        assert len(seeds) > 90
        assert all(0 <= seed < wiring.SEEDS for seed in seeds)
        assert len({services.new_id() for _ in range(100)}) == 100
    assert wiring.SEEDS == form.SEEDS


def test_every_shipped_pack_is_in_a_folder_of_its_id() -> None:
    with make_services() as services:
        assert FIRST_PACK in services.catalog.ids()
        for name in services.catalog.ids():
            assert services.open_pack(name).id == name
        assert services.open_pack().id == FIRST_PACK


def test_an_id_or_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = tmp_path / "content"
    write_pack(content / "small")
    elsewhere = write_pack(tmp_path / "elsewhere" / "small")
    (elsewhere / "pack.yaml").write_text(PACK.replace("A small pack", "Another"))
    monkeypatch.chdir(elsewhere.parent)
    with make_services(content=content) as services:
        assert services.open_pack("small").title == "A small pack", "an id comes before a folder of its name"
        assert services.open_pack("./small").title == "Another"
        assert services.open_pack(str(elsewhere)).title == "Another"


def test_a_pack_that_does_not_exist_names_those_that_do(tmp_path: Path) -> None:
    write_pack(tmp_path / "small")
    with make_services(content=tmp_path) as services:
        with pytest.raises(PackRefused) as caught:
            services.open_pack("smal")
        assert caught.value.what == 'There is no pack "smal", nor a folder of that name.'
        assert "small" in caught.value.try_
        with pytest.raises(PackRefused):
            services.open_pack()


def test_a_pack_with_errors_is_refused_with_each_of_them(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "small", hangs="no front matter")
    with make_services(content=tmp_path) as services:
        with pytest.raises(PackRefused, match="one thing is wrong") as caught:
            services.open_pack("small")
        assert [problem.path for problem in caught.value.problems] == ["questions/hangs.md"]
        (folder / "pack.yaml").unlink()
        with pytest.raises(PackRefused) as caught:
            services.open_pack(str(folder))
        assert caught.value.problems


def test_the_store_is_opened_once_by_however_many_threads() -> None:
    with make_services() as services:
        assert opened(services) is None
        with ThreadPoolExecutor(4) as pool:
            stores = list(pool.map(lambda _: services.store, range(8)))
        assert len({id(store) for store in stores}) == 1
        assert opened(services) is stores[0]
        services.store.record_review(answer("q"))
    assert opened(services) is None
    with Store(services.paths.database) as store:
        assert store.reviews("p") == (answer("q"),)


def test_a_store_that_could_not_be_opened_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    with make_services(paths=Paths(tmp_path / "data", tmp_path / "cache")) as services:
        with pytest.raises(StoreError):
            _ = services.store
        assert opened(services) is None
        (tmp_path / "data").unlink()
        services.store.record_review(answer("q"))


def test_the_version_is_that_of_the_program() -> None:
    with make_services() as services:
        assert services.version.count(".") == 2


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of the system cannot be changed here")
@pytest.mark.parametrize("name", ["Europe/Vienna", "America/St_Johns", "Pacific/Chatham", "UTC"])
def test_the_zone_of_the_system_is_the_zone_of_that_name(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", name)
    time.tzset()
    try:
        system, named = SystemZone(), ZoneInfo(name)
        at = datetime(2026, 1, 1, tzinfo=UTC)
        while at.year == 2026:
            here, there = at.astimezone(system), at.astimezone(named)
            assert here.replace(tzinfo=None) == there.replace(tzinfo=None), at
            assert (here.utcoffset(), here.tzname()) == (there.utcoffset(), there.tzname()), at
            assert here.astimezone(UTC) == at
            assert study_day(at, system) == study_day(at, named)
            assert day_after(at, system) == day_after(at, named)
            at += timedelta(minutes=90)
    finally:
        monkeypatch.undo()
        time.tzset()
