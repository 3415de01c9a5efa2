"""What the oracle (`oracle.py`) knows of a cluster: its rules, and one course of events so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

Nodes = frozenset[str]
WITNESS = "witness"
NOBODY: Nodes = frozenset()


class Unspecified(Exception):
    """No source says what happens now."""


@dataclass(frozen=True)
class Rules:
    """A cluster, and what its release knows."""

    nodes: tuple[str, ...]
    spare: tuple[str, ...] = ()
    """machines that may join later"""
    weightless: Nodes = frozenset()
    witness: str | None = None
    """disk, share or cloud"""
    disk_only: bool = False
    dynamic: bool = False
    adjusts_witness: bool = False
    breaks_ties: bool = False
    yields_to_force: bool = False
    """Others that meet a side started by force restart by themselves with quorum prevented."""
    named: str | None = None
    """the node that LowerQuorumPriorityNodeID names"""
    without: str | None = None
    """the node whose vote is taken at the start"""

    @property
    def machines(self) -> tuple[str, ...]:
        return self.nodes + self.spare


class Config(NamedTuple):
    """A configuration as somebody knows it; the later ones compare greater by `forced`, then `version`."""

    forced: int
    version: int
    voters: Nodes
    without: str | None
    witness: int

    def newer(self, other: Config) -> bool:
        return self[:2] > other[:2]

    def votes_of(self, nodes: Nodes) -> int:
        return len((nodes & self.voters) - {self.without})

    @property
    def total(self) -> int:
        return self.votes_of(self.voters) + self.witness


class Side(NamedTuple):
    """Nodes that run as one cluster."""

    members: Nodes
    forced: bool


class State(NamedTuple):
    """One course of events so far."""

    sides: frozenset[Side]
    known: frozenset[tuple[str, Config]]
    log: Config
    stopped: Nodes
    barred: Nodes
    """nodes that may join and not form"""
    strangers: Nodes
    """machines that are no nodes"""

    def config(self, nodes: Nodes) -> Config:
        return max((c for n, c in self.known if n in nodes), key=lambda c: c[:2])

    def learn(self, nodes: Nodes, config: Config) -> State:
        kept = {pair for pair in self.known if pair[0] not in nodes}
        return self._replace(known=frozenset(kept | {(n, config) for n in nodes}))

    def running(self) -> Nodes:
        return frozenset().union(*(side.members for side in self.sides))

    def side_of(self, nodes: Nodes) -> Side | None:
        return next((side for side in self.sides if nodes <= side.members), None)

    def swap(self, old: Side | None, new: Side | None) -> State:
        return self._replace(sides=(self.sides - {old}) | ({new} if new is not None else set()))
