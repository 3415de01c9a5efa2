"""Files of golden cases as plain values, and scenarios of plain values as an author writes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from studyapp.cluster.scenario import Scenario
from studyapp.packs.scenarios import load_scenario

GOLDEN = Path(__file__).resolve().parents[1] / "golden"


# In C, like the program's own reader: every process that runs tests reads all files before it begins.
class Plain(yaml.CSafeDumper):
    """Writes a scenario out in full, whatever its file shared between cases."""

    def ignore_aliases(self, data: object) -> bool:
        """Never refer back: authors' files have no anchors."""
        return True


def files_of(folder: str) -> dict[str, Any]:
    """The files of a folder of golden cases, by their names without extension."""
    return {
        path.stem: yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)  # it is a safe loader
        for path in sorted((GOLDEN / folder).glob("*.yaml"))
    }


def text_of(document: dict[str, Any]) -> str:
    """A scenario as YAML."""
    text = yaml.dump(document, Dumper=Plain, sort_keys=False, allow_unicode=True)
    assert isinstance(text, str)
    return text


def scenario_of(document: dict[str, Any]) -> Scenario:
    """A scenario, read as an author's."""
    return load_scenario(text_of(document))
