"""What was learned in a pack under the name that it had before: found, offered, and copied once somebody agrees.

A pack says by itself what it was called, and anybody may say so: it is asked first, and nothing is taken away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from studyapp.conduct.agenda import counted
from studyapp.store.carrying import Left
from studyapp.wiring import Services


@dataclass(frozen=True, slots=True)
class Offer:
    """What was learned in the pack `old` can be copied to the pack `new`."""

    old: str
    new: str
    left: Left

    @property
    def told(self) -> tuple[str, ...]:
        """Why it is asked, in sentences."""
        return (
            f"{self.new} says that it was called {self.old}. There you have {amount(self.left)}.",
            f"It can be copied to {self.new}. It stays in {self.old} as well, whatever you answer.",
        )

    @property
    def question(self) -> str:
        """What is asked."""
        return f"Copy what was learned in {self.old} to {self.new}?"

    @property
    def done(self) -> str:
        """What is said once it has been copied."""
        return f"copied what was learned in {self.old} to {self.new}: {amount(self.left)}"


def amount(left: Left) -> str:
    """How much there is."""
    parts = ((left.answers, "answer"), (left.exams, "exam"), (left.lessons, "lesson"))
    told = [counted(number, what) for number, what in parts if number]
    return " and ".join((", ".join(told[:-1]), told[-1])) if len(told) > 1 else "".join(told)


def offers(services: Services, pack: str, was: Iterable[str]) -> tuple[Offer, ...]:
    """What can be copied to a pack from those that it says it was called. Raises StoreError."""
    if not services.paths.database.exists():
        return ()
    found = (Offer(old, pack, services.store.left_in(old, pack)) for old in was)
    return tuple(offer for offer in found if offer.left)


def carry(services: Services, offer: Offer) -> None:
    """Copy it. Raises StoreError: nothing has been copied."""
    services.store.carry_over(offer.old, offer.new)
