"""What the first paint waits for, seen from outside, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.house.tree import ROOT

HEAVY = ("sqlmodel", "sqlalchemy", "alembic", "pydantic", "yaml", "markdown_it")

START = """
import asyncio, json, sys
from studyapp.tui.app import StudyApp
from studyapp.tui.desk import Desk
from studyapp.wiring import make_services

painted = []

class Watched(StudyApp):
    CSS_PATH = None

    def on_mount(self):
        # Asked for before the reading is, so it is called first once the screen has been painted.
        self.call_after_refresh(lambda: painted.append(sorted({name.split(".")[0] for name in sys.modules})))

async def main():
    app = Watched(Desk(make_services()))
    async with app.run_test(size=(80, 24)) as pilot:
        while not (painted and app.loaded):
            await pilot.pause(0.01)
    print(json.dumps([painted[0], sorted({name.split(".")[0] for name in sys.modules})]))

asyncio.run(main())
"""


def test_the_screen_is_painted_before_anything_heavy_is_imported(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "STUDYAPP_HOME": str(tmp_path)}
    script = tmp_path / "start.py"
    script.write_text(START, encoding="utf-8")
    result = subprocess.run(
        [sys.executable, str(script)], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 0, result.stderr
    at_first_paint, at_the_end = json.loads(result.stdout)
    assert not set(at_first_paint) & set(HEAVY)
    assert {"sqlmodel", "markdown_it", "yaml"} <= set(at_the_end), "they are read in the background"
