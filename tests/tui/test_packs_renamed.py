"""A pack under another name on the screen of packs: what was learned is offered to it, and copied on a yes."""

from __future__ import annotations

from studyapp.conduct.practice import checkpoint
from tests.tui.room import Room
from tests.tui.test_packs_screen import Packs, enter, other, room

__all__ = ["room"]


def test_what_was_learned_under_another_name_is_offered_and_can_be_copied_later(room: Room) -> None:
    folder = other(room.folder / "new", id="new", title="A new pack")
    with (folder / "pack.yaml").open("a", encoding="utf-8") as manifest:
        manifest.write("was: [other, older]\n")
    practice = checkpoint(room.services, room.services.open_pack("other"), "crash", 1)
    practice.answer(frozenset({0}), "sure", room.clock())

    async def hand(visit: Packs) -> None:
        await visit.on("other")
        assert "Copy" not in keys_shown(visit), "it never had another name"
        await visit.install(folder)
        await visit.sees(
            "Copy what was learned in other to new?",
            "new says that it was called other. There you have 1 answer.",
            "It stays in other as well, whatever you answer.",
            "❯ Leave it",
        )
        await visit.press("enter")
        await visit.sees(
            "✔ installed new",
            "It was called other or older before: what was learned under that name can be copied to it.",
        )
        assert not room.store.reviews("new")
        await visit.press("w")
        await visit.sees("Copy what was learned in other to new?")
        await visit.press("y")
        await visit.sees("✔ copied what was learned in other to new: 1 answer")
        assert len(room.store.reviews("new")) == len(room.store.reviews("other")) == 1
        await visit.press("w")
        await visit.sees("there is nothing to copy: all that was learned in other, older is there")

    enter(room, hand)


def keys_shown(visit: Packs) -> list[str]:
    """The words of the keys that work on the screen."""
    return [each.binding.description for each in visit.app.screen.active_bindings.values()]
