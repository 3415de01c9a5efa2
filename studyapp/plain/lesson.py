"""Lessons in lines: the list, and one lesson read part by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from studyapp.conduct.finding import passages
from studyapp.conduct.marking import mark, marks
from studyapp.conduct.predicting import BEFORE, CHOICES, predict, to_ask
from studyapp.conduct.progress import lesson_places
from studyapp.conduct.terms import NONE_HERE, section_terms
from studyapp.packs.content import Lesson, Pack
from studyapp.packs.lesson_parts import (
    CheckpointPart,
    ComparePart,
    DiagramPart,
    LessonPart,
    Prose,
    Section,
    WorkedPart,
)
from studyapp.packs.prose import Block
from studyapp.plain.asking import CERTAINTY, Asking
from studyapp.plain.diagram import Workbench
from studyapp.plain.keys import asks_for_diagram, in_words, words_after
from studyapp.plain.prose import prose_lines
from studyapp.plain.sayings import count
from studyapp.plain.talk import Talk, Word
from studyapp.plain.terms import tell_terms
from studyapp.store.errors import StoreError
from studyapp.study.marks import BOOKMARK
from studyapp.study.review import LessonPlace
from studyapp.wiring import Services

AT_A_PART = (
    Word("enter alone", "read on"),
    Word("back", "the part before"),
    Word("parts", "the parts of this lesson"),
    Word("part 3", "read part 3"),
    Word("find some words", "hear where this lesson has them"),
    Word("note", "hear your note on this part, and write it anew"),
    Word("bookmark", "put a bookmark at this part, or take it away"),
    Word("lessons", "the list of lessons"),
)
OF_THE_GLOSSARY = (
    Word("terms", "hear what the terms in this part mean"),
    Word("all terms", "hear the whole glossary"),
)
IN_THE_LIST = (
    Word("a number", "read that lesson"),
    Word("enter alone", "go on where you were"),
)


MOST_FOUND = 40
"""Places that are told of words that stand in more."""


class Reading:
    """Somebody reads the lessons of a pack."""

    def __init__(self, talk: Talk, services: Services, pack: Pack) -> None:
        self.talk = talk
        self.services = services
        self.pack = pack
        self.asking = Asking(talk, services, pack)
        self.bench: Workbench | None = None
        """The diagram or comparison of the lesson that was met last."""
        self.foretold = ""
        """What came of what the person thought would happen, to be said once it has been watched."""

    # -- the list -----------------------------------------------------------------------------------------------------

    def run(self, lesson: Lesson | None) -> None:
        """Read lessons until the person leaves; the one given first. Raises Leave and StoreError."""
        if not self.pack.lessons:
            self.talk.say("This pack has no lessons.")
            return
        while True:
            lesson = self.read(lesson) if lesson is not None else self.choose()

    def choose(self) -> Lesson:
        """The lesson that the person chooses from the list."""
        places = lesson_places(self.services.store, self.pack)
        likely = self.likely(places)
        self.talk.gap()
        self.talk.say(f"Lessons of {self.pack.title}:")
        self.talk.numbered(self.listed(lesson, places.get(lesson.id)) for lesson in self.pack.lessons)
        last = len(self.pack.lessons)
        prompt = f"Which lesson, 1 to {last}, or enter for {self.pack.lessons.index(likely) + 1}"
        while True:
            typed = self.talk.ask(prompt, IN_THE_LIST)
            if not typed:
                return likely
            if typed.isdecimal() and 1 <= int(typed) <= last:
                return self.pack.lessons[int(typed) - 1]
            self.talk.puzzled(typed, f"Type a number from 1 to {last}.")

    def likely(self, places: dict[str, LessonPlace]) -> Lesson:
        """The lesson to go on with: the one opened last if it is not finished, else the next that is not."""
        lessons = self.pack.lessons
        ids = [lesson.id for lesson in lessons]
        start = ids.index(next(iter(places))) if places else 0
        in_turn = [*lessons[start:], *lessons[:start]]
        return next((each for each in in_turn if not (each.id in places and places[each.id].finished)), lessons[start])

    def listed(self, lesson: Lesson, place: LessonPlace | None) -> str:
        """A lesson as the list has it: its title, how long it takes, and how far it has been read."""
        time = f", about {count(lesson.minutes, 'minute')}" if lesson.minutes else ""
        if place is None:
            read = ""
        elif place.finished:
            read = ", read"
        else:
            read = f", you are at part {min(place.section + 1, len(lesson.headings))} of {len(lesson.headings)}"
        return f"{lesson.title}{time}{read}"

    # -- one lesson ---------------------------------------------------------------------------------------------------

    def read(self, lesson: Lesson, begin: int | None = None) -> Lesson | None:
        """Read a lesson from a section (from 0), else where it was left. The lesson to read next; None for the list."""
        talk, total = self.talk, len(lesson.sections)
        number = self.pack.lessons.index(lesson) + 1
        place = lesson_places(self.services.store, self.pack).get(lesson.id)
        section = place.section if place is not None and not place.finished and place.section < total else 0
        if begin is not None:
            section = min(begin, total - 1)
        talk.gap()
        talk.say(f"Lesson {number} of {len(self.pack.lessons)}: {lesson.title}")
        if section:
            talk.say(f"You go on at part {section + 1} of {total}. Type part 1 to begin again.")
        self.bench = self.last_bench(lesson, section)
        while section < total:
            self.remember(lesson, section, place is not None and place.finished)
            found = self.part(lesson, section)
            if found is None:
                return None
            section = found
        self.remember(lesson, total - 1, True)
        talk.gap()
        talk.say(f"End of the lesson: {lesson.title}.")
        if lesson.sources:
            talk.say("Sources:")
            talk.items(lesson.sources)
        if number == len(self.pack.lessons):
            talk.say("This was the last lesson. To practise: studyapp practice")
            return None
        following = self.pack.lessons[number]
        typed = talk.ask(
            f"Enter for the next lesson, {following.title}, or lessons for the list",
            (Word("enter alone", "the next lesson"), Word("lessons", "the list of lessons")),
        )
        return None if typed else following

    def part(self, lesson: Lesson, number: int) -> int | None:
        """Tell one part of a lesson. The part to tell next, from 0; their number for the end; None to leave."""
        talk, total = self.talk, len(lesson.sections)
        section = lesson.sections[number]
        talk.gap()
        talk.say(f"Part {number + 1} of {total}: {section.title}")
        for place, part in enumerate(section.parts):
            talk.gap()
            before = section.parts[place - 1] if place else None
            self.tell(lesson, part, before, section.parts[place + 1] if place + 1 < len(section.parts) else None)
        talk.gap()
        after = f"part {number + 2} of {total}" if number + 1 < total else "the end of the lesson"
        words = (*AT_A_PART, *((Word("diagram", "go back to the last diagram"),) if self.bench is not None else ()))
        words = (*words, *OF_THE_GLOSSARY) if self.pack.glossary else words
        while True:
            typed = talk.ask(f"Enter for {after}", words).lower()
            word, _, rest = typed.partition(" ")
            if not typed:
                return number + 1
            if typed == "back":
                return max(0, number - 1)
            if typed == "lessons":
                return None
            if typed in ("note", "bookmark"):
                self.mark(lesson, number, typed)
            elif typed == "parts":
                talk.numbered(each.title for each in lesson.sections)
            elif word in ("part", "go") and rest.isdecimal() and 1 <= int(rest) <= total:
                return int(rest) - 1
            elif word == "find" and rest:
                self.find(lesson, rest)
            elif typed in ("terms", "all terms") and self.pack.glossary:
                self.terms(section, every=typed == "all terms")
            elif typed == "diagram" and self.bench is not None:
                self.bench.look()
                self.bench.run("Diagram: play, break, look, help, or enter to go back to the lesson")
            else:
                talk.puzzled(typed, "Type enter alone to read on, back, or part and its number.")

    def tell(self, lesson: Lesson, part: LessonPart, before: LessonPart | None, following: LessonPart | None) -> None:
        """Tell a piece of a part: prose, a diagram, a comparison or a question."""
        match part:
            case Prose(blocks=blocks):
                self.prose(blocks, words_after(before))
            case DiagramPart() | ComparePart():
                self.bench = self.bench_for(part)
                self.bench.begin()
                self.predict(lesson)
                # What is to be done with it often stands in the paragraph after it.
                if not (isinstance(following, Prose) and asks_for_diagram(following.blocks[0], words_after(part))):
                    self.watch(self.bench)
            case WorkedPart(question_id=question):
                self.asking.worked(lesson, question, "read on")
            case CheckpointPart(question_id=question):
                self.asking.alone(question, "Question", "read on")

    def find(self, lesson: Lesson, wanted: str) -> None:
        """Say each place where some words stand, with its part."""
        found = passages(lesson, wanted)
        if not found:
            self.talk.say(f'"{wanted}" is not in this lesson. Try fewer words.')
            return
        self.talk.say(f"{count(len(found), 'place')}, by the numbers of their parts:")
        for number, each in enumerate(found[:MOST_FOUND], start=1):
            title = lesson.sections[each.section].title
            self.talk.say(f"Part {each.section + 1}, {title}: {each.excerpt}", f"{number} of {len(found)}. ")
        if len(found) > MOST_FOUND:
            self.talk.say(f"{len(found) - MOST_FOUND} more are not told: type more words.")

    def terms(self, section: Section, *, every: bool) -> None:
        """Say what the terms in a part mean, or all terms."""
        found = self.pack.glossary if every else section_terms(self.pack, section)
        if found:
            tell_terms(self.talk, found)
        else:
            self.talk.say(f"{NONE_HERE} Type all terms for the whole glossary.")

    def prose(self, blocks: Sequence[Block], words: Mapping[str, str]) -> None:
        """Tell prose, with `words` in place of keys; after a paragraph that asks for the diagram, talk about that."""
        told = [in_words(block, words) for block in blocks]
        done = 0
        for place, block in enumerate(blocks):
            if self.bench is not None and asks_for_diagram(block, words):
                self.talk.lines(prose_lines(told[done : place + 1], self.talk.width))
                self.talk.gap()
                self.watch(self.bench)
                self.talk.gap()
                done = place + 1
        self.talk.lines(prose_lines(told[done:], self.talk.width))

    def mark(self, lesson: Lesson, number: int, kind: str) -> None:
        """Set or change a note or a bookmark. Raises Leave."""
        try:
            there = marks(self.services.store, self.pack, kind).get((lesson.id, number), "")
            if kind == BOOKMARK:
                mark(self.services, self.pack, lesson, number, kind, "" if there else "here")
                self.talk.say("Bookmark taken away." if there else "Bookmark set. The search finds it.")
                return
            self.talk.say(f"Your note: {there}" if there else "There is no note here yet.")
            written = (
                Word("some words", "the note"),
                Word("none", "take the note away"),
                Word("enter alone", "leave it"),
            )
            typed = self.talk.ask("Type the note on one line, none, or enter to leave it", written)
            if typed:
                mark(self.services, self.pack, lesson, number, kind, "" if typed.lower() == "none" else typed)
                self.talk.say("Kept.")
        except StoreError as error:
            self.talk.say(f"{error.what} It is not kept. {error.try_}")

    def predict(self, lesson: Lesson) -> None:
        """Ask what will happen before it is watched, unless that has been asked before. Raises Leave."""
        assert self.bench is not None, "it has been met"
        try:
            asked = to_ask(self.services, self.pack, lesson, [bench.scenario for bench in self.bench.benches])
            if asked is None:
                return
            self.talk.say(f"{BEFORE} {asked.text[0].lower()}{asked.text[1:]}")
            said = self._choose("yes, no or chance; or enter to watch", {each: each for each, _ in CHOICES})
            if not said:
                return
            sure = self._choose("How sure are you? 1 guess, 2 think so, 3 sure", CERTAINTY)
            self.foretold = predict(self.services, self.pack, lesson, asked, said, sure or CERTAINTY["2"]).line
        except StoreError as error:
            self.talk.say(f"What you think is not kept. {error.what} {error.try_}")

    def _choose(self, prompt: str, choices: Mapping[str, str]) -> str:
        words = (Word(", ".join(each for each in choices if each), "say so"), Word("enter alone", "say nothing"))
        while True:
            typed = self.talk.ask(prompt, words).lower()
            if not typed or typed in choices:
                return choices.get(typed, "")
            self.talk.puzzled(typed, f"Type {prompt}.")

    def watch(self, bench: Workbench) -> None:
        """Try things on a diagram, then hear what came of what one thought. Raises Leave."""
        bench.run()
        if self.foretold:
            self.talk.say(self.foretold)
            self.foretold = ""

    def bench_for(self, part: DiagramPart | ComparePart) -> Workbench:
        """What a diagram or a comparison is talked about with."""
        scenarios = [part.scenario] if isinstance(part, DiagramPart) else [part.left, part.right]
        return Workbench(self.talk, scenarios, self.services.facts.rules)

    def last_bench(self, lesson: Lesson, section: int) -> Workbench | None:
        """The last diagram or comparison before a part."""
        before = [part for each in lesson.sections[:section] for part in each.parts]
        found = next((part for part in reversed(before) if isinstance(part, DiagramPart | ComparePart)), None)
        return None if found is None else self.bench_for(found)

    def remember(self, lesson: Lesson, section: int, finished: bool) -> None:
        """Keep how far the lesson has been read; reading on matters more than keeping it."""
        now = self.services.now()
        try:
            self.services.store.set_lesson_place(LessonPlace(self.pack.id, lesson.id, section, finished, now))
        except StoreError as error:
            self.talk.say(f"Your place in the lesson is not saved. {error.what} {error.try_}")
