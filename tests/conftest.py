"""Every test starts from the same place: nobody's settings, a home of its own, examples that repeat."""

from __future__ import annotations

import gc
import importlib
import os
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# Examples are the same in every run, so that a failure is the change's and not the day's; the nightly run draws new
# ones, and many more. No deadline: a slow machine is not a fault of the program.
settings.register_profile("steady", derandomize=True, deadline=None, database=None, max_examples=40)
settings.register_profile("nightly", deadline=None, max_examples=2_000, print_blob=True)
settings.load_profile("steady")


def pytest_configure(config: pytest.Config) -> None:
    """Make the process's environment the same everywhere, and keep recorded pictures to the versions they need.

    Raises:
        pytest.UsageError: snapshots would be renewed with other versions than they are compared with.
    """
    for name in list(os.environ):
        # The snapshot plugin's own variable is how its processes find one another.
        if name.startswith(("STUDYAPP_", "TEXTUAL_", "XDG_")) and name != "TEXTUAL_SNAPSHOT_TEMPDIR":
            del os.environ[name]
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "COLUMNS", "LINES", "ESCDELAY", "LC_ALL", "LC_CTYPE"):
        os.environ.pop(name, None)
    # A run starts some hundred processes: what is compiled is kept, or each of them compiles the program anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", TZ="UTC", LANG="C.UTF-8")
    if hasattr(time, "tzset"):
        time.tzset()
    # The snapshot plugin has loaded Textual already, and Textual reads its environment when it is loaded. Only its
    # default theme cannot be taken back; the app sets a theme of its own.
    if "textual.constants" in sys.modules:
        importlib.reload(sys.modules["textual.constants"])
    if config.getoption("--snapshot-update", default=False):
        refuse_other_versions()


def refuse_other_versions() -> None:
    """Raise unless snapshots made here would be equal to those made elsewhere."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = dict(line.split("==") for line in project["optional-dependencies"]["test"])
    if sys.version_info[:2] != (3, 11):
        raise pytest.UsageError("renew snapshots with Python 3.11, the version they are compared with")
    for name in ("textual", "rich", "Pygments", "pytest-textual-snapshot"):
        if version(name) != pinned[name]:
            raise pytest.UsageError(f"renew snapshots with {name} {pinned[name]}; {version(name)} is installed")


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over the tests and what they have imported, which stay to the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def home(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """An empty home folder: whatever a test remembers is nobody's, and gone afterwards."""
    with ExitStack() as stack:
        if "tmp_path" in request.fixturenames:
            folder = Path(request.getfixturevalue("tmp_path"), "a home")
            folder.mkdir()
        else:
            # Most tests write nothing. A numbered folder would be made for each by looking through all before it.
            made = TemporaryDirectory(prefix="a home ", dir=tmp_path_factory.getbasetemp(), ignore_cleanup_errors=True)
            folder = Path(stack.enter_context(made))
        for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
            monkeypatch.setenv(name, str(folder))
        monkeypatch.setenv("STUDYAPP_HOME", str(folder / "studyapp"))
        yield folder
