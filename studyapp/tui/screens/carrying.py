"""Offers to copy what was learned in a pack under another name that it had, beside the screen that shows the pack."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from textual.screen import Screen

from studyapp.conduct.carrying import Offer, carry, offers
from studyapp.packs.archives.listing import Listed
from studyapp.store.errors import StoreError
from studyapp.tui.screens.confirm import Confirm
from studyapp.tui.screens.packs_words import Outcome
from studyapp.wiring import Services


class Carrying:
    """Looks and copies in threads of a `screen`, asks in between, and tells it what has come of it."""

    def __init__(self, screen: Screen[None], services: Services, tell: Callable[[Outcome], None]) -> None:
        self._screen = screen
        self._services = services
        self._tell = tell

    def offer(self, pack: Listed, *, wanted: bool = False) -> None:
        """Look whether there is something to copy, and ask; where it is `wanted`, that there is nothing is told too."""
        if pack.was:
            self._run(partial(self._look, pack, wanted))

    def _run(self, work: Callable[[], None]) -> None:
        self._screen.run_worker(work, thread=True, group="carry")

    def _look(self, pack: Listed, wanted: bool) -> None:
        try:
            found = offers(self._services, pack.id, pack.was)
        except StoreError as error:
            self._screen.app.call_from_thread(self._tell, Outcome("not done", (str(error),)))
            return
        if found:
            self._screen.app.call_from_thread(self._ask, found)
        elif wanted:
            nothing = f"there is nothing to copy: all that was learned in {', '.join(pack.was)} is there"
            self._screen.app.call_from_thread(self._tell, Outcome("done", (nothing,)))

    def _ask(self, found: Sequence[Offer]) -> None:
        """Ask about one after another."""
        if not found:
            return
        offer, *others = found

        def answered(yes: object) -> None:
            if yes is True:
                self._run(partial(self._copy, offer, others))
            else:
                self._ask(others)

        self._screen.app.push_screen(Confirm(offer.question, offer.told, "Copy it", "Leave it"), answered)

    def _copy(self, offer: Offer, others: Sequence[Offer]) -> None:
        try:
            carry(self._services, offer)
        except StoreError as error:
            outcome = Outcome("not done", (str(error),))
        else:
            outcome = Outcome("done", (offer.done,))
        self._screen.app.call_from_thread(self._tell, outcome)
        self._screen.app.call_from_thread(self._ask, others)
