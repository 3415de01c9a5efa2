"""One question asked, answered and looked back on, for practice and for the checkpoints of lessons."""

from __future__ import annotations

from dataclasses import replace

from studyapp.conduct import BadResponse, ConductError, Feedback, Practice, checkpoint
from studyapp.conduct.remedies import what_if
from studyapp.conduct.reporting import NotReported, report
from studyapp.conduct.worked import Worked
from studyapp.packs.content import Lesson, Pack
from studyapp.plain.answers import read, way_of
from studyapp.plain.diagram import Workbench
from studyapp.plain.feedback import tell_feedback, tell_what_if
from studyapp.plain.question import tell_markdown, tell_question
from studyapp.plain.rules import tell_sources
from studyapp.plain.sayings import trouble
from studyapp.plain.talk import Leave, Talk, Word
from studyapp.questions.kinds import told
from studyapp.questions.question import CERTAINTIES, Variant
from studyapp.questions.response import Response
from studyapp.store.errors import StoreError
from studyapp.study.session import FEEDBACK
from studyapp.wiring import Services

SURE_PROMPT = "How sure are you? 1 guess, 2 think so, 3 sure; enter for 2"
SURE_WORDS = (
    Word("1, 2 or 3", "guess, think so, sure; your answer is then saved and told right or wrong"),
    Word("back", "choose again"),
)
SOLVED = "Now that it is solved:"
CERTAINTY = {
    "": CERTAINTIES[1],
    **{str(number): name for number, name in enumerate(CERTAINTIES, start=1)},
    "guess": CERTAINTIES[0],
    "think so": CERTAINTIES[1],
    "think-so": CERTAINTIES[1],
    "think": CERTAINTIES[1],
    "sure": CERTAINTIES[2],
}


class Asking:
    """Asks questions of a pack. `answered` counts right answers among all, those to other variants apart."""

    def __init__(self, talk: Talk, services: Services, pack: Pack) -> None:
        self.talk = talk
        self.services = services
        self.pack = pack

    def run(self, practice: Practice | Worked, heading: str, on: str) -> None:
        """Ask the current question of a session and look back on it; `on` says what an empty line leads to.

        The session is left in the phase after the answer, or has gone on by itself where the question was skipped.

        Raises:
            Leave: the person wants to leave.
        """
        variant = practice.current
        if variant is None:
            return
        self.talk.gap()
        self.talk.say(heading)
        self.talk.gap()
        tell_question(self.talk, variant)
        feedback = self.answer(practice, variant)
        if feedback is not None:
            tell_feedback(self.talk, self.pack, feedback)
            self.look_back(variant, feedback, on)

    # -- the answer ---------------------------------------------------------------------------------------------------

    def answer(self, practice: Practice | Worked, variant: Variant) -> Feedback | None:
        """Ask until the question is answered and saved, or skipped (None)."""
        while True:
            response = self.choose(variant)
            if response is None:
                practice.skip()
                self.talk.say("Skipped: nothing is recorded.")
                return None
            certainty = self.certainty(variant, response)
            if certainty is None:
                continue
            try:
                return practice.answer(response, certainty, self.services.now())
            except BadResponse as error:
                self.talk.say(str(error))
            except ConductError as error:
                self.talk.say(trouble(error))
                practice.skip()
                return None
            except StoreError as error:
                return self.save(practice, error)

    def save(self, practice: Practice | Worked, error: StoreError) -> Feedback:
        """Try to save the answer that is kept until it is saved."""
        while True:
            self.talk.say(f"{error.what} Your answer is kept here, but it is not on disk. {error.try_}")
            try:
                self.talk.ask("Enter to try again to save it", (Word("enter alone", "try again"),))
            except Leave:
                raise Leave("Your last answer is not saved; everything before it is.") from None
            try:
                return practice.retry()
            except StoreError as again:
                error = again

    def choose(self, variant: Variant) -> Response | None:
        """The answer given; None to skip the question."""
        hints = list(variant.hints)
        way = way_of(variant)
        words = (
            *way.words(variant),
            *((Word("hint", "hear a hint"),) if hints else ()),
            Word("question", "hear the question again"),
            Word("skip", "leave the question out"),
        )
        while True:
            typed = self.talk.ask(way.prompt(variant), words)
            match typed.lower():
                case "hint" | "h" if hints:
                    self.talk.say("Hint:")
                    tell_markdown(self.talk, hints.pop(0))
                case "hint" | "h":
                    self.talk.say("There is no further hint." if variant.hints else "This question has no hint.")
                case "question":
                    tell_question(self.talk, variant)
                case "skip":
                    return None
                case "":
                    self.talk.say(f"Nothing is chosen yet. {way.wanted} Or type skip to leave the question out.")
                case _:
                    found = read(variant, typed)
                    if found is None:
                        self.talk.puzzled(typed, way.wanted)
                    elif isinstance(found, str):
                        self.talk.say(found)
                    else:
                        return found

    def certainty(self, variant: Variant, response: Response) -> str | None:
        """How sure the person is; None to choose again."""
        self.talk.say(f"{way_of(variant).echo} {told(variant, response)}.")
        while True:
            typed = self.talk.ask(SURE_PROMPT, SURE_WORDS).lower()
            if typed == "back":
                return None
            if typed in CERTAINTY:
                return CERTAINTY[typed]
            self.talk.puzzled(typed, "Type 1, 2 or 3, or back to choose again.")

    # -- afterwards ---------------------------------------------------------------------------------------------------

    def look_back(self, variant: Variant, feedback: Feedback, on: str) -> None:
        """Talk about the answered question until the person goes on."""
        asked = feedback.wishes
        words = (
            Word("enter alone", on),
            Word("again", "hear this once more"),
            *((Word("try", "break and repair things in this cluster yourself"),) if variant.scenario else ()),
            *((Word("why not", "hear what would make a wrong answer right; again: the next option"),) if asked else ()),
            Word("variant", "answer another variant of this question"),
            *((Word("sources", "hear where the rules come from, with the whole addresses"),) if feedback.rules else ()),
            Word("report", "tell the author what is wrong with this question"),
        )
        also = ", ".join((*(("why not",) if asked else ()), "try", "variant", "help"))
        while True:
            typed = self.talk.ask(f"Enter to {on}" + (f", or {also}" if variant.scenario else ""), words)
            match typed.lower():
                case "":
                    return
                case "again":
                    tell_question(self.talk, variant)
                    tell_feedback(self.talk, self.pack, feedback)
                case "try" if variant.scenario is not None:
                    bench = Workbench(self.talk, [variant.scenario], self.services.facts.rules)
                    bench.begin()
                    bench.run("Diagram: play, break, look, help, or enter to go back to the question")
                case "why not" | "w" if asked:
                    tell_what_if(self.talk, what_if(self.services.facts, variant, asked[0]))
                    asked = (*asked[1:], asked[0])
                case "sources" if feedback.rules:
                    tell_sources(self.talk, feedback.rules)
                case "report" | "!":
                    self.report(variant, feedback)
                case "variant" | "v":
                    self.variant(variant, on)
                    return
                case _:
                    self.talk.puzzled(typed, f"Type enter alone to {on}.")

    def report(self, variant: Variant, feedback: Feedback) -> None:
        """Write what is wrong to a file for the author. Raises Leave."""
        words = (Word("some words", "what is wrong"), Word("enter alone", "report nothing"))
        typed = self.talk.ask("What is wrong with it, on one line; or enter to report nothing", words)
        if not typed:
            return
        try:
            path = report(self.services, self.pack, variant, feedback.response, feedback.grade.verdict, typed)
        except NotReported as error:
            self.talk.say(str(error))
        else:
            self.talk.say(f"Kept in {path}. Send it to the author of the pack.")

    def variant(self, variant: Variant, on: str) -> None:
        """Ask another variant of a question, apart from the session."""
        self.alone(variant.question.id, "Another variant", on)

    def worked(self, lesson: Lesson, question: str, on: str) -> None:
        """Show a question worked out, or ask it with some of its steps left out; `on` says what comes after it."""
        try:
            session = Worked(self.services, self.pack, lesson.id, question, self.services.entropy())
        except KeyError:
            self.talk.say(f"The pack has no question {question}.")
            return
        except (ConductError, StoreError) as error:
            self.talk.say(trouble(error))
            return
        heading = "Worked example"
        if session.current is not None and session.feedback is not None:
            self.talk.gap()
            self.talk.say(session.feedback.verdict_line)
            self.talk.gap()
            tell_question(self.talk, session.current)
            # Its steps have been told with the question.
            tell_feedback(self.talk, self.pack, replace(session.feedback, verdict_line=SOLVED, replay=()))
            words = (Word("enter alone", "one of the same kind for you"), Word("skip", on))
            if self.talk.ask(f"Enter for one of the same kind, or skip to {on}", words):
                return
            session.advance()
        while session.current is not None:
            self.run(session, heading, "go on" if session.more else on)
            if session.phase == FEEDBACK:
                session.advance()

    def alone(self, question: str, heading: str, on: str, about: str = "") -> None:
        """Ask a question by itself, under a heading that its seed is added to, and what it is `about` after that."""
        try:
            practice = checkpoint(self.services, self.pack, question, self.services.entropy())
        except (ConductError, StoreError) as error:
            self.talk.say(trouble(error))
            return
        seed = "" if practice.current is None else f", seed {practice.current.seed}"
        self.run(practice, f"{heading}{seed}{about}", on)
