"""Two clusters under one timeline: what is done to a thing is done to both, where both have it."""

from __future__ import annotations

from studyapp.cluster.bench import Bench
from studyapp.cluster.scenario import Scenario
from studyapp.tui.widgets.diagram import Diagram


class Compare(Diagram):
    """Two scenarios beside each other, or one below the other in a narrow place."""

    def __init__(
        self,
        left: Scenario,
        right: Scenario,
        *,
        ascii_only: bool | None = None,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(ascii_only=ascii_only, name=name, id=id, classes=classes)
        self.benches = (Bench.of(left), Bench.of(right))
        self.titles = (left.title, right.title)
