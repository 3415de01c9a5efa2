"""What a cluster does before it gives up a node that it has lost touch with: isolation, quarantine."""

from __future__ import annotations

from studyapp.cluster.world import Handler, World


def departed(world: World, cluster: str, node: str, *, cause: int | None) -> None:
    """A node was dropped from the membership."""


HANDLERS: dict[str, Handler] = {"departed": departed}
