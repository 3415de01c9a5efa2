"""What was learned in a pack under another name: the command line offers it, and copies it when somebody agrees."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studyapp.wiring import Services


def agreed(does: str) -> bool:
    """Ask on the terminal, or whatever stands in for it; no answer is no."""
    print(f"{does}, yes or no? ", end="", flush=True)
    typed = sys.stdin.readline() if sys.stdin is not None else ""
    if sys.stdin is None or not sys.stdin.isatty() or not typed:
        # No terminal has shown the end of the line.
        print()
    return typed.strip().lower() in ("y", "yes")


def offer_what_was_learned(services: Services, pack: str, was: Iterable[str], *, yes: bool) -> int:
    """Offer what was learned under each of the names that a pack had, and copy what is agreed to. With `yes` nobody is
    asked. Gives 0, 1 where the answer is no, or 2 where it could not be done.
    """
    from studyapp.conduct.carrying import carry, offers
    from studyapp.packs.problems import visible
    from studyapp.store.errors import StoreError

    code = 0
    try:
        for offer in offers(services, pack, was):
            for line in offer.told:
                print(visible(line))
            if yes or agreed("Copy it"):
                carry(services, offer)
                print(visible(offer.done))
            else:
                print(visible(f"nothing was copied; studyapp history carry {pack} does it later"))
                code = 1
    except StoreError as error:
        print(visible(f"what was learned was not copied: {error}"), file=sys.stderr)
        return 2
    return code
