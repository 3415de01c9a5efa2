"""An exam in lines: its rules before the clock starts, then question by question with the time left at each prompt."""

from __future__ import annotations

from studyapp.conduct import BadResponse, ExamConductor
from studyapp.exams.blueprint import Blueprint
from studyapp.exams.sections import asked_before, plan_of, stretches
from studyapp.exams.sitting import EXTRA_TIMES, IllegalMove
from studyapp.packs.pack import Pack
from studyapp.plain.answers import read, way_of
from studyapp.plain.question import tell_question
from studyapp.plain.result import tell_result
from studyapp.plain.review import review
from studyapp.plain.sayings import clock_time, count, duration, ranges, time_left, trouble
from studyapp.plain.section import agrees, begins, tell_case
from studyapp.plain.talk import Leave, Talk, TimeIsUp, Word
from studyapp.questions.kinds import told
from studyapp.questions.response import NOTHING
from studyapp.store.errors import ELSEWHERE, StoreError
from studyapp.wiring import Services

DURING = (
    Word("enter alone or next", "the next question, without answering"),
    Word("back", "the question before"),
    Word("go 7", "question 7"),
    Word("flag", "mark the question, or take the mark off"),
    Word("clear", "take your answer back"),
    Word("list", "what is answered, not answered and flagged"),
    Word("question", "hear the question again"),
    Word("hand in", "end the exam; you will be asked once more"),
)
CASE = Word("case", "hear the cluster that this part of the exam is about")


class Exam:
    """Somebody sits an exam."""

    def __init__(self, talk: Talk, services: Services, pack: Pack) -> None:
        self.talk = talk
        self.services = services
        self.pack = pack

    def run(self, seed: int) -> None:
        """Go on with the open exam or begin one, until it is handed in and looked back on.

        Raises:
            Leave: the person wants to leave.
            ConductError: the exam cannot be drawn or gone on with.
            StoreError: it cannot be read or begun.
        """
        conductor = ExamConductor.resume(self.services, self.pack, self.services.now())
        if conductor is None:
            conductor = self.begin(seed)
            if conductor is None:
                return
        elif conductor.running:
            self.welcome_back(conductor)
        else:
            ended = clock_time(conductor.sitting.ends)
            self.talk.say(f"Your exam was handed in by itself when its time was up, at {ended}.")
        if conductor.running:
            Sitting(self.talk, self.services, conductor).run()
        tell_result(self.talk, self.pack, conductor)
        review(self.talk, self.pack, conductor)

    # -- before the clock starts --------------------------------------------------------------------------------------

    def begin(self, seed: int) -> ExamConductor | None:
        """Choose an exam, hear its rules, start it. None when the pack has none."""
        blueprint = self.choose()
        if blueprint is None:
            self.talk.say("This pack has no exams.")
            return None
        self.rules(blueprint)
        extra = 1.0
        words = (
            Word("start", "start the exam; the clock runs from then on"),
            Word("extra 1.25, extra 1.5 or extra 2", "have that many times the time; it is noted on the result"),
            Word("extra 1", "have the usual time"),
        )
        while True:
            typed = self.talk.ask("Type start to begin, extra for more time, or quit", words).lower()
            word, _, rest = typed.partition(" ")
            if typed == "start":
                now = self.services.now()
                conductor = ExamConductor.start(self.services, self.pack, blueprint, seed, now, extra)
                left = time_left(conductor.remaining(now))
                self.talk.say(f"The exam has begun. You have {left}, until {clock_time(conductor.sitting.ends)}.")
                return conductor
            if word == "extra":
                found = next((each for each in EXTRA_TIMES if rest in (f"{each:g}", f"{each:.2f}", f"x{each:g}")), None)
                if found is None:
                    self.talk.say("Extra time is 1.25, 1.5 or 2 times the usual. Type, for example, extra 1.5.")
                else:
                    extra = found
                    self.talk.say(f"You will have {count(round(blueprint.minutes * extra), 'minute')}.")
            else:
                self.talk.puzzled(typed, "Type start to begin.")

    def choose(self) -> Blueprint | None:
        """The exam to sit."""
        blueprints = self.pack.blueprints
        if len(blueprints) < 2:
            return blueprints[0] if blueprints else None
        self.talk.say(f"Exams of {self.pack.title}:")
        self.talk.numbered(
            f"{each.title}, {count(each.questions, 'question')} in {count(each.minutes, 'minute')}"
            for each in blueprints
        )
        prompt = f"Which exam, 1 to {len(blueprints)}"
        while True:
            typed = self.talk.ask(prompt, (Word("a number", "that exam; its rules come first"),))
            if typed.isdecimal() and 1 <= int(typed) <= len(blueprints):
                return blueprints[int(typed) - 1]
            self.talk.puzzled(typed, f"Type a number from 1 to {len(blueprints)}.")

    def rules(self, blueprint: Blueprint) -> None:
        """Say how the exam goes."""
        locked = any(section.locked for section in blueprint.sections)
        self.talk.say(f"Exam: {blueprint.title}, from {self.pack.title}")
        self.talk.items(
            (
                f"{count(blueprint.questions, 'question')} in {count(blueprint.minutes, 'minute')}.",
                f"{blueprint.pass_share:.0%} of the points are needed to pass, a score of {blueprint.pass_mark}.",
                "Each answer is saved at once, and can be changed until you hand in"
                + (", except in locked sections: they say so before they begin." if locked else "."),
                "A wrong answer costs nothing: answer every question.",
                "You will not be told what is right before you hand in.",
                "The clock runs on when you leave; start the exam again to go on.",
                "When the time is up, the exam is handed in by itself.",
            )
        )
        if blueprint.sections:
            self.talk.say("Its sections, in this order:")
            self.talk.items(f"{title}: {what}." for title, what in plan_of(blueprint))

    def welcome_back(self, conductor: ExamConductor) -> None:
        """Say where the open exam was left."""
        sitting, now = conductor.sitting, self.services.now()
        title = conductor.blueprint.title if conductor.blueprint is not None else sitting.blueprint_id
        self.talk.say(f"You go on with the exam {title}, begun at {clock_time(sitting.started)}.")
        answered = conductor.total - len(sitting.unanswered)
        self.talk.say(
            f"{answered} of {count(conductor.total, 'question')} answered. "
            f"{time_left(conductor.remaining(now))} left, until {clock_time(sitting.ends)}."
        )


class Sitting:
    """The questions of an exam that runs."""

    def __init__(self, talk: Talk, services: Services, conductor: ExamConductor) -> None:
        self.talk = talk
        self.services = services
        self.conductor = conductor

    def run(self) -> None:
        """Ask until the exam has been handed in. Raises Leave."""
        try:
            self.begin()
            while self.conductor.running:
                self.turn()
        except Leave:
            self.leave()
            if self.conductor.unsaved:
                changes = count(self.conductor.unsaved, "change is", "changes are")
                raise Leave(f"Your last {changes} not saved; everything before is.") from None
            raise

    def begin(self) -> None:
        """Say the question looked at; before the first of an exam that begins with a section, what holds in it."""
        opening = self.conductor.sitting.entered_by(self.item)
        try:
            if opening is not None:
                begins(self.talk, opening, self.conductor.case(self.item), self.expired, first=True)
            self.tell()
        except TimeIsUp:
            self.time_is_up()

    @property
    def item(self) -> int:
        """The question looked at, from 0."""
        return self.conductor.sitting.position

    def turn(self) -> None:
        """One line from the person, and what it does."""
        variant = self.conductor.variant(self.item)
        left = time_left(self.conductor.remaining(self.services.now()))
        way = way_of(variant)
        prompt = f"{left} left. Question {self.item + 1}. {way.prompt(variant)}"
        during = DURING if self.conductor.case(self.item) is None else (*DURING, CASE)
        try:
            typed = self.talk.ask(prompt, (*way.words(variant), *during), until=self.expired)
            if self.expired():
                raise TimeIsUp
            self.obey(typed)
        except TimeIsUp:
            self.time_is_up()
        except StoreError as error:
            self.not_saved(error)
        except (IllegalMove, BadResponse) as error:
            self.talk.say(str(error))

    def expired(self) -> bool:
        """Whether the time is up."""
        return self.conductor.expired(self.services.now())

    # -- the words ----------------------------------------------------------------------------------------------------

    def obey(self, typed: str) -> None:
        """Do what was typed. Raises StoreError, IllegalMove and BadResponse."""
        word, _, rest = typed.lower().partition(" ")
        match word:
            case "" | "next" | "n":
                self.beside(1)
            case "back" | "b":
                self.beside(-1)
            case "go" | "g":
                self.go(int(rest) - 1 if rest.isdecimal() else -1)
            case "flag" | "unflag" | "f":
                self.flag()
            case "clear":
                self.conductor.answer(self.item, NOTHING, self.services.now())
                self.talk.say(f"Saved: question {self.item + 1} has no answer.")
            case "list" | "l":
                self.overview()
            case "question":
                self.tell()
            case "case" if (case := self.conductor.case(self.item)) is not None:
                tell_case(self.talk, case)
            case "save":
                self.conductor.retry()
                self.talk.say("Everything is saved.")
            case "hand" if rest == "in":
                self.hand_in()
            case "hand-in" | "handin":
                self.hand_in()
            case _:
                self.answer(typed)

    def answer(self, typed: str) -> None:
        """Save an answer, and go on to the next question."""
        item = self.item
        variant = self.conductor.variant(item)
        response = read(variant, typed)
        if response is None:
            self.talk.puzzled(typed, f"{way_of(variant).wanted} Or type next, back, go and a number, list or hand in.")
            return
        if isinstance(response, str):
            self.talk.say(response)
            return
        self.conductor.answer(item, response, self.services.now())
        self.talk.say(f"Saved: {told(variant, response)} for question {item + 1}.")
        if self.conductor.sitting.beside(item, 1) is not None:
            self.beside(1)
        else:
            self.talk.say("That was the last question.")
            self.overview()
            self.talk.say("Type hand in to end the exam, or go and a number to look at a question again.")

    def beside(self, by: int) -> None:
        """Look at the next question, or the one before, that is not closed."""
        found = self.conductor.sitting.beside(self.item, by)
        self.go(self.item + by if found is None else found)

    def go(self, item: int) -> None:
        """Look at a question, once it is confirmed that what this closes may close."""
        sitting = self.conductor.sitting
        if not 0 <= item < self.conductor.total:
            self.talk.say(f"The questions are numbered 1 to {self.conductor.total}.")
            return
        if item not in (self.item, *sitting.closed) and not self.may_go(item):
            self.talk.say(f"You are still at question {self.item + 1}.")
            return
        self.conductor.go(item, self.services.now())
        self.tell()

    def may_go(self, item: int) -> bool:
        """Ask what is to be asked where going to a question closes something or begins a section."""
        asked, opening = asked_before(self.conductor.sitting, item), self.conductor.sitting.entered_by(item)
        if asked is not None and not agrees(self.talk, *asked, self.expired):
            return False
        return opening is None or begins(self.talk, opening, self.conductor.case(item), self.expired)

    def flag(self) -> None:
        """Mark the question, or take the mark off."""
        flagged = self.item in self.conductor.sitting.flags
        change = self.conductor.unflag if flagged else self.conductor.flag
        change(self.item, self.services.now())
        self.talk.say(f"Question {self.item + 1} is {'not flagged any more' if flagged else 'flagged'}.")

    def tell(self) -> None:
        """Say the question, and what has been done with it."""
        sitting, item = self.conductor.sitting, self.item
        variant = self.conductor.variant(item)
        response = sitting.answers.get(item, NOTHING)
        state = f"Answered: {told(variant, response)}." if response else "Not answered."
        flagged = " Flagged." if item in sitting.flags else ""
        self.talk.gap()
        section = sitting.form.section(item)
        among = f" Section {section.title}{', locked' if section.locked else ''}." if section is not None else ""
        self.talk.say(f"Question {item + 1} of {self.conductor.total}.{among} {state}{flagged}")
        self.talk.gap()
        tell_question(self.talk, variant)

    def overview(self) -> None:
        """Say what is answered, not answered and flagged."""
        sitting = self.conductor.sitting
        missing = [item + 1 for item in sitting.unanswered]
        answered = [item + 1 for item in range(self.conductor.total) if item + 1 not in missing]
        self.talk.say(f"Answered: {ranges(answered)}.")
        self.talk.say(f"Not answered: {ranges(missing)}.")
        self.talk.say(f"Flagged: {ranges([item + 1 for item in sitting.flags])}.")
        if sitting.form.sections:
            self.talk.items(f"{each.title}: {each.state}." for each in stretches(sitting))

    # -- the end ------------------------------------------------------------------------------------------------------

    def hand_in(self) -> None:
        """Ask once more, and hand in."""
        self.overview()
        self.talk.say("Once handed in, nothing can be changed.")
        typed = self.talk.ask(
            "Type yes to hand in, or enter to go on with the exam",
            (Word("yes", "hand in"), Word("enter alone", "go on with the exam")),
            until=self.expired,
        )
        if typed.lower() in ("yes", "y"):
            self.conductor.hand_in(self.services.now())
            self.talk.say("Handed in.")
        else:
            self.talk.say("Not handed in. The exam goes on.")

    def time_is_up(self) -> None:
        """Hand in by itself, and try until it is on disk."""
        self.talk.gap()
        self.talk.say("The time is up. The exam is handed in with what you have answered.")
        while self.conductor.running:
            try:
                self.conductor.tick(self.services.now())
            except StoreError as error:
                if error.reason == ELSEWHERE:
                    self.talk.say(trouble(error))
                    continue
                self.talk.say(f"It could not be saved. {error.what} Your answers are kept. {error.try_}")
                self.talk.ask("Enter to try again", (Word("enter alone", "try again"),))

    def not_saved(self, error: StoreError) -> None:
        """Say what is kept where."""
        if error.reason == ELSEWHERE:
            self.talk.say(f"{error.what} {error.kept} Your last line was not carried out.")
            if self.conductor.running:
                self.tell()
            return
        kept = f"{count(self.conductor.unsaved, 'change')} kept here, but not on disk"
        self.talk.say(f"{error.what} {kept}. {error.try_} Type save to try again; the next answer does so too.")

    def leave(self) -> None:
        """Say what happens to an exam that is left."""
        if not self.conductor.running:
            return
        left = self.conductor.remaining(self.services.now())
        self.talk.gap()
        self.talk.say(
            f"The exam is not over: its clock runs on for {duration(left)}, until "
            f"{clock_time(self.conductor.sitting.ends)}. Start it again to go on."
        )
