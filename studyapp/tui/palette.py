"""What the command palette finds: every action that has a key here, and every lesson and exam of the pack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.await_complete import AwaitComplete
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider

from studyapp.tui import keys
from studyapp.tui.text import words
from studyapp.tui.wanted import Wanted

if TYPE_CHECKING:
    from textual.binding import ActiveBinding


MOVES = frozenset(
    binding.id for binding in (*keys.LIST, *keys.LIST_PAGES, *keys.SCROLL, *keys.OPTIONS) if not binding.show
)
"""Keys that only move about: nobody looks for them by name."""

MOST_TAGS = 100
"""Tags that are offered, those that most questions have."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do: its name as plain text, a line about it, and what does it."""

    name: str
    about: str
    run: Callable[[], object]


class Palette(CommandPalette):
    """Is put away once, however long a key is held down."""

    _put_away = False

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close. Once that is done, the next key would take away the screen below."""
        before, self._put_away = self._put_away, True
        return AwaitComplete() if before else super().dismiss(result)


class Commands(Provider):
    """Finds commands by what they are called, and by words of the line about them. One of them is run, and once."""

    _ran = False

    def commands(self) -> Iterator[Command]:
        """Everything that can be done on the screen where the palette was opened."""
        found = [each for each in _once(self.screen.active_bindings) if each[1].binding.id not in MOVES]
        for names, active in sorted(found, key=lambda each: not each[1].binding.show):
            binding = active.binding
            label = f"{binding.description} ({', '.join(keys.shown(name) for name in names)})"
            yield Command(label, binding.tooltip, self._press(active))
        desk = getattr(self.app, "desk", None)
        if desk is None or desk.pack is None:
            return
        if not all(getattr(screen, "LEADS_ELSEWHERE", True) for screen in self.app.screen_stack):
            return
        for number, lesson in enumerate(desk.pack.lessons, start=1):
            yield Command(f"Lesson {number}: {lesson.title}", "Open the lesson", self._open("lesson", lesson.id))
        for blueprint in desk.pack.blueprints:
            yield Command(f"Exam: {blueprint.title}", "Sit the practice exam", self._open("exam", blueprint.id))
        yield Command("Placement quiz", "Find out which lessons need not be read", self._open("placement", ""))
        for tag, number in desk.pack.tags[:MOST_TAGS]:
            about = f"{number} of its questions" if number > 1 else "One of its questions"
            yield Command(f"Practise what is tagged {tag}", about, self._open("practice", f":{tag}"))
        for name, scenario in desk.pack.scenarios.items():
            yield Command(f"Free play: {scenario.title}", "Break and repair this cluster", self._open("bench", name))
        for other, title in desk.others:
            yield Command(f"Pack: {title}", "Open the pack", self._open("pack", other))

    def _press(self, active: ActiveBinding) -> Callable[[], object]:
        return self._one(lambda: self.app.run_action(active.binding.action, active.node))

    def _open(self, what: str, which: str) -> Callable[[], object]:
        return self._one(lambda: self.app.post_message(Wanted(what, which, again=True)))

    def _one(self, run: Callable[[], object]) -> Callable[[], object]:
        def first() -> object:
            before, self._ran = self._ran, True
            return None if before else run()

        return first

    async def discover(self) -> Hits:
        """Everything, before anything has been typed."""
        for command in self.commands():
            yield DiscoveryHit(words(command.name), command.run, text=command.name, help=command.about)

    async def search(self, query: str) -> Hits:
        """What resembles the query."""
        matcher = self.matcher(query)
        for command in self.commands():
            shown = words(command.name)
            # The matcher's own way to mark what matches reads the name as markup.
            score, places = matcher.fuzzy_search.match(query, shown.plain)
            if query.casefold() in command.about.casefold():
                score = max(score, matcher.fuzzy_search.match(query, command.about)[0])
            if score > 0:
                for place in places:
                    shown = shown.stylize(matcher.match_style, place, place + 1)
                yield Hit(score, shown, command.run, text=shown.plain, help=command.about)


def _once(active: dict[str, ActiveBinding]) -> Iterator[tuple[list[str], ActiveBinding]]:
    """Each action with a word, once, with its keys."""
    found: dict[tuple[int, str], tuple[list[str], ActiveBinding]] = {}
    for name, each in active.items():
        if each.enabled and each.binding.id and each.binding.description:
            found.setdefault((id(each.node), each.binding.action), ([], each))[0].append(name)
    return iter(found.values())
