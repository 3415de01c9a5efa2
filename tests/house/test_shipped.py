"""What ships beside the code is found in the checkout and in an installed wheel alike."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house.tree import ROOT, project

WHERE = """
import studyapp
from studyapp.packs.places import content_folder, data_folder
print(studyapp.__file__, content_folder(), data_folder(), sep="\\n")
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 0, result.stderr
    [built] = folder.glob("*.whl")
    return built


def found(package_parent: Path, cwd: Path) -> list[Path]:
    """Where a program that starts in `cwd` finds the package, the content and the data."""
    environment = {**os.environ, "PYTHONPATH": str(package_parent)}
    command = [sys.executable, "-c", WHERE]
    result = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    return [Path(line) for line in result.stdout.splitlines()]


def shipped(folder: str, before: str = "") -> list[str]:
    """The files of a folder of the checkout, as paths inside it with something before them."""
    inside = (path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*") if path.is_file())
    return sorted(before + path.as_posix() for path in inside)


def test_the_checkout_finds_its_own_folders(tmp_path: Path) -> None:
    assert found(ROOT, tmp_path) == [ROOT / "studyapp" / "__init__.py", ROOT / "content", ROOT / "data"]


def test_an_installed_wheel_finds_what_it_brought(wheel: Path, tmp_path: Path) -> None:
    installed, elsewhere = tmp_path / "an installed place", tmp_path / "elsewhere"
    elsewhere.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    package = installed / "studyapp"
    assert found(installed, elsewhere) == [package / "__init__.py", package / "_content", package / "_data"]
    for folder in ("content", "data"):
        arrived = [
            path.relative_to(package / f"_{folder}").as_posix()
            for path in (package / f"_{folder}").rglob("*")
            if path.is_file()
        ]
        assert sorted(arrived) == shipped(folder)


def test_the_wheel_brings_all_of_the_program_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    assert tops == {"studyapp", f"studyapp-{project()['project']['version']}.dist-info"}
    brought = {
        name for name in names if name.startswith("studyapp/") and name.split("/")[1] not in ("_content", "_data")
    }
    assert brought == {name for name in shipped("studyapp", "studyapp/") if "__pycache__" not in name}
    assert any(name.endswith("/licenses/LICENSE") for name in names)
