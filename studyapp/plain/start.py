"""Where the line-by-line face begins: one function for each command."""

from __future__ import annotations

from studyapp.cluster.scenario import Scenario
from studyapp.conduct.practice import TAGS_TOLD
from studyapp.conduct.standing import standing
from studyapp.conduct.statistics import statistics
from studyapp.conduct.table_words import readiness_words, told
from studyapp.conduct.tables import readiness_row, tables
from studyapp.packs.pack import Pack
from studyapp.plain.diagram import Workbench
from studyapp.plain.exam import Exam
from studyapp.plain.lesson import Reading
from studyapp.plain.practice import find_place, practise
from studyapp.plain.searching import search
from studyapp.plain.talk import Leave, Talk, Word
from studyapp.wiring import PackRefused, Services

SIZE = 10
"""Questions of a practice session unless told otherwise."""


def learn(talk: Talk, services: Services, pack: Pack, lesson: str | None = None) -> None:
    """Read lessons. Raises KeyError for a lesson that the pack does not have, StoreError and ConductError."""
    wanted = pack.lesson(lesson) if lesson is not None else None
    try:
        Reading(talk, services, pack).run(wanted)
    except Leave as leaving:
        goodbye(talk, leaving)


def practice(
    talk: Talk, services: Services, pack: Pack, size: int = SIZE, seed: int | None = None, tag: str = ""
) -> None:
    """Practise, with a `tag` only questions that have it. Raises StoreError and ConductError."""
    try:
        practise(talk, services, pack, size, services.entropy() if seed is None else seed, tag=tag)
    except Leave as leaving:
        goodbye(talk, leaving)


def exam(talk: Talk, services: Services, pack: Pack, seed: int | None = None) -> None:
    """Sit an exam, or go on with the open one. Raises StoreError and ConductError."""
    try:
        Exam(talk, services, pack).run(services.entropy() if seed is None else seed)
    except Leave as leaving:
        goodbye(talk, leaving)


def bench(talk: Talk, services: Services, pack: Pack, scenario: Scenario | str = "") -> None:
    """Play with a scenario, one of the pack's by its id, or one that the person chooses. Raises KeyError."""
    try:
        if scenario == "":
            _benches(talk, services, pack)
        else:
            _play(talk, services, pack.scenarios[scenario] if isinstance(scenario, str) else scenario)
    except Leave as leaving:
        goodbye(talk, leaving)


def _benches(talk: Talk, services: Services, pack: Pack) -> None:
    """Play with one scenario of the pack after another. Raises Leave."""
    names = list(pack.scenarios)
    if not names:
        talk.say("This pack has no scenarios to play with.")
        return
    talk.numbered(scenario.title for scenario in pack.scenarios.values())
    while True:
        asked = f"Which cluster, 1 to {len(names)}, or enter to go back"
        typed = talk.ask(asked, (Word("a number", "play with that cluster"), Word("enter alone", "go back")))
        if not typed:
            return
        if typed.isdecimal() and 1 <= int(typed[:9]) <= len(names):
            _play(talk, services, pack.scenarios[names[int(typed) - 1]])
        else:
            talk.puzzled(typed, f"Type a number from 1 to {len(names)}, or enter alone.")


def _play(talk: Talk, services: Services, scenario: Scenario) -> None:
    workbench = Workbench(talk, [scenario], services.facts.rules)
    workbench.begin()
    workbench.run("Free play: play, break, look, help, or enter to end")


def home(talk: Talk, services: Services, pack: Pack) -> None:
    """A menu of everything, until the person leaves. Raises StoreError and ConductError."""
    talk.say(f"{pack.title}")
    try:
        while True:
            _stands(talk, services, pack)
            others = {each: title for each, title in services.catalog.titles().items() if each != pack.id}
            does = (
                "Lessons",
                "Practice",
                "Exam",
                "Free play",
                "Search",
                "Placement quiz",
                "Statistics",
                *(("Another pack",) if others else ()),
            )
            talk.numbered(does)
            asked = f"1 to {len(does)}"
            words = [Word(asked, "begin that")]
            if pack.tags:
                words.append(Word("practice TAG", f"only questions with that tag: {_some_tags(pack)}"))
            typed = talk.ask(f"What would you like to do, {asked}", tuple(words)).lower()
            if typed in ("1", "lessons", "learn"):
                Reading(talk, services, pack).run(None)
            elif typed in ("2", "practice"):
                practise(talk, services, pack, SIZE, services.entropy())
            elif typed.startswith("practice "):
                _practise_tagged(talk, services, pack, typed.partition(" ")[2])
            elif typed in ("3", "exam"):
                Exam(talk, services, pack).run(services.entropy())
            elif typed in ("4", "free play", "bench"):
                _benches(talk, services, pack)
            elif typed in ("5", "search"):
                search(talk, services, pack)
            elif typed in ("6", "placement quiz", "placement"):
                find_place(talk, services, pack, services.entropy())
            elif typed in ("7", "statistics", "stats"):
                _statistics(talk, services, pack)
            elif others and typed in ("8", "another pack", "pack"):
                pack = _another(talk, services, others) or pack
                talk.say(f"{pack.title}")
            else:
                talk.puzzled(typed, f"Type a number from {asked}.")
            talk.gap()
    except Leave as leaving:
        goodbye(talk, leaving)


def _practise_tagged(talk: Talk, services: Services, pack: Pack, tag: str) -> None:
    """Practise questions that have a tag; that none has it is said. Raises Leave, StoreError and ConductError."""
    if pack.tagged(tag):
        practise(talk, services, pack, SIZE, services.entropy(), tag=tag)
    else:
        talk.puzzled(tag, f"Tags of this pack are: {_some_tags(pack)}." if pack.tags else "This pack has no tags.")


def _some_tags(pack: Pack) -> str:
    """The tags that most questions have."""
    return ", ".join(tag for tag, _ in pack.tags[:TAGS_TOLD])


def _stands(talk: Talk, services: Services, pack: Pack) -> None:
    """Say what there is to do today, why it comes first, and whether the person would pass. Raises StoreError."""
    if not pack.questions:
        return
    found = standing(services, pack, services.now())
    talk.say(f"Today: {found.today}; {found.spent} of {found.minutes} min done. {found.why}")
    talk.say(" ".join(readiness_words(readiness_row(found.readiness))))


def _statistics(talk: Talk, services: Services, pack: Pack) -> None:
    """Say where the person stands, in words and numbers: pictures are not for everybody. Raises StoreError."""
    found = statistics(services, pack, services.now())
    talk.lines(told(tables(found, pack, services.facts), found.today, talk.width, None))


def _another(talk: Talk, services: Services, others: dict[str, str]) -> Pack | None:
    """The pack that the person chooses; None when it cannot be opened, which is said."""
    ids = list(others)
    talk.numbered(f"{title} ({pack})" for pack, title in others.items())
    while True:
        typed = talk.ask(f"Which pack, 1 to {len(ids)}", (Word("a number", "open that pack"),))
        if typed.isdecimal() and 1 <= int(typed) <= len(ids):
            break
        talk.puzzled(typed, f"Type a number from 1 to {len(ids)}.")
    try:
        return services.open_pack(ids[int(typed) - 1])
    except PackRefused as error:
        talk.say(f"{error.what} {error.try_}")
        return None


def goodbye(talk: Talk, leaving: Leave) -> None:
    """The last line of a session that is left."""
    talk.say(f"Goodbye. {leaving}")
