"""What a pack holds, in lines: each thing as a learner meets it, and a question with what stands behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from studyapp.cli import outcome
from studyapp.cli.drawing import draw, value_in_words
from studyapp.cli.page import Page
from studyapp.cli.terminal import shows_unicode
from studyapp.cluster.bench import Bench
from studyapp.cluster.reasons.explain import told
from studyapp.conduct.trouble import CANNOT_BE_ASKED
from studyapp.exams.sections import plan_of
from studyapp.packs.author_view import AuthorView, view_block
from studyapp.packs.claimed import Claimed
from studyapp.packs.facts import load_facts
from studyapp.packs.families import kind_of
from studyapp.packs.lesson_parts import CheckpointPart, ComparePart, DiagramPart, LessonPart, Prose, WorkedPart
from studyapp.packs.pack import Pack, ReadPack
from studyapp.packs.questions import QuestionSource
from studyapp.packs.worlds import Worlds
from studyapp.plain.answers import plainly
from studyapp.plain.diagram import SIDES, standing
from studyapp.plain.prose import prose_lines
from studyapp.plain.question import tell_markdown, tell_question
from studyapp.plain.sayings import count
from studyapp.plain.talk import Talk
from studyapp.questions.filling import in_words
from studyapp.questions.variants import count_variants, make_variant
from studyapp.tui.widgets.diagram_canvas import in_ascii

DECIDED = {"modelled": "decided by the model", "static": "decided by the author", "mixed": "decided by both"}


# -- the pack as a whole ----------------------------------------------------------------------------------------------


def tell_contents(talk: Talk, read: ReadPack) -> None:
    """Say what the pack is and what it holds."""
    pack = read.pack
    about = (f"by {', '.join(pack.authors)}" if pack.authors else "", pack.license or "no licence", pack.language)
    talk.say(f'{pack.id} {pack.version}: "{pack.title}", {", ".join(part for part in about if part)}')
    for more in (pack.description, pack.homepage, f"was {', '.join(pack.was)}" if pack.was else ""):
        if more:
            talk.say(more)
    _list(talk, "Objectives", (_objective(pack, objective.id) for objective in pack.objectives))
    _list(
        talk,
        "Lessons",
        (
            f"{lesson.id}: {lesson.title}, {count(len(lesson.sections), 'part')}"
            + (f", about {count(lesson.minutes, 'minute')}" if lesson.minutes else "")
            for lesson in pack.lessons
        ),
    )
    titles = load_facts().titles
    _list(
        talk,
        "Scenarios",
        (
            f"{name}: {scenario.title or 'no title'}, {titles[scenario.release]}"
            for name, scenario in pack.scenarios.items()
        ),
    )
    _list(talk, "Questions", (_question_line(source) for source in read.questions))
    if pack.tags:
        _list(talk, "Tags", (f"{tag}: {count(number, 'question')}" for tag, number in pack.tags))
    kinds = [kind_of(source) for source in read.questions]
    if kinds:
        talk.say(", ".join(f"{kinds.count(kind)} {words}" for kind, words in DECIDED.items() if kind in kinds))
    _list(
        talk,
        "Exams",
        (
            f"{each.id}: {each.title}, {count(each.questions, 'question')}, {count(each.minutes, 'minute')}"
            for each in pack.blueprints
        ),
    )
    _list(talk, "Glossary", (", ".join((term.name, *term.also)) for term in pack.glossary))


def _list(talk: Talk, title: str, lines: Iterable[str]) -> None:
    found = list(lines)
    talk.gap()
    talk.say(f"{title}: {len(found)}" if found else f"{title}: none")
    talk.items(found)


def _objective(pack: Pack, name: str) -> str:
    objective = next(each for each in pack.objectives if each.id == name)
    share = f", {objective.weight:g}% of an exam" if objective.weight is not None else ""
    return f"{objective.id}: {objective.title}{share}"


def _question_line(source: QuestionSource) -> str:
    question = source.question
    variants = count(count_variants(question), "variant")
    tagged = f", tagged {', '.join(question.tags)}" if question.tags else ""
    return f"{question.id}: {question.kind}, about {question.objective}, {variants}, {DECIDED[kind_of(source)]}{tagged}"


# -- one thing --------------------------------------------------------------------------------------------------------


def tell_lesson(talk: Talk, read: ReadPack, name: str, *, claims: bool = False) -> None:
    """Say a lesson from its beginning to its end; with `claims` what is proved of it. Raises CannotRun."""
    lesson = read.pack.lesson(name)
    about = [f"about {count(lesson.minutes, 'minute')}"] if lesson.minutes else []
    talk.say(f"Lesson {lesson.id}: {', '.join([lesson.title, *about])}")
    if lesson.objectives:
        talk.say(f"Objectives: {', '.join(lesson.objectives)}")
    for number, section in enumerate(lesson.sections, start=1):
        talk.gap()
        talk.say(f"Part {number} of {len(lesson.sections)}: {section.title}")
        for part in section.parts:
            talk.gap()
            _tell_part(talk, read, part)
    talk.gap()
    proved = sum(len(block.claims) for block in lesson.claims)
    if proved:
        talk.say(f"{count(proved, 'claim')} in blocks that are not shown and that pack check proves.")
    worlds = Worlds()
    for block in lesson.claims if claims else ():
        talk.gap()
        talk.say(f"Claims on line {block.line}, about {block.scenario.title}:")
        _tell_some(talk, view_block(block, worlds))
    _list(talk, "Sources", lesson.sources)


def _tell_part(talk: Talk, read: ReadPack, part: LessonPart) -> None:
    match part:
        case Prose(blocks=blocks):
            talk.lines(prose_lines(blocks, talk.width))
        case DiagramPart(scenario=scenario):
            _tell_diagram(talk, "Diagram", Bench.of(scenario))
        case ComparePart(left=left, right=right):
            for side, scenario in zip(SIDES, (left, right), strict=True):
                _tell_diagram(talk, f"Diagram {side}, on the {SIDES[side]}", Bench.of(scenario))
        case CheckpointPart(question_id=question):
            known = next((each for each in read.pack.questions if each.id == question or question in each.was), None)
            what = "Worked example" if isinstance(part, WorkedPart) else "Question"
            try:
                variant = make_variant(known, 0) if known is not None else None
            except CANNOT_BE_ASKED as error:
                talk.say(f"{what} {question}, of which no variant can be made: {error}")
                return
            if variant is None:
                talk.say(f"{what} {question}, which is not there.")
                return
            talk.say(f"{what} {question}, such as this variant of it:")
            talk.gap()
            tell_question(talk, variant)


def _tell_diagram(talk: Talk, name: str, bench: Bench) -> None:
    talk.say(f"{name}: {bench.scenario.title}")
    talk.items(standing(bench))
    prepared = [event for event in bench.trace.events if event.rule == "timeline" and event.cause is None]
    if prepared:
        talk.say("What is about to happen:")
        talk.items(told(event) for event in prepared)


def tell_scenario(talk: Talk, read: ReadPack, name: str) -> None:
    """Draw a scenario and what its own timeline does."""
    scenario = read.pack.scenarios[name]
    page = Page(talk.width, not shows_unicode())
    lines = draw(outcome.run(name, scenario, ()), page)
    talk.say(f"Scenario {name}")
    talk.lines(in_ascii(line) if page.ascii_only else line for line in lines)


def tell_exam(talk: Talk, read: ReadPack, name: str) -> None:
    """Say what an exam is made of, and how many questions of the pack it draws from."""
    exam = read.pack.blueprint(name)
    talk.say(f"Exam {exam.id}: {exam.title}")
    talk.say(
        f"{count(exam.questions, 'question')} in {count(exam.minutes, 'minute')}; {exam.pass_share:.0%} of the points "
        f"make {exam.pass_mark} of 1000, which passes."
    )
    _list(
        talk,
        "Drawn from",
        (f"{objective}: {share:g}%, of {_asked(read.pack, objective)} in the pack" for objective, share in exam.draw),
    )
    if exam.sections:
        _list(talk, "Sections", (f"{title}: {what}" for title, what in plan_of(exam)))


def tell_objective(talk: Talk, read: ReadPack, name: str) -> None:
    """Say which lessons and questions are about an objective or a part of it."""
    talk.say(f"Objective {_objective(read.pack, name)}")
    below = _below(read.pack, name)
    _list(talk, "Lessons", (each.id for each in read.pack.lessons if below.intersection(each.objectives)))
    _list(talk, "Questions", (_question_line(each) for each in read.questions if each.question.objective in below))


def _asked(pack: Pack, objective: str) -> str:
    below = _below(pack, objective)
    return count(sum(question.objective in below for question in pack.questions), "question")


def _below(pack: Pack, name: str) -> set[str]:
    """An objective and all that are part of it."""
    found = {name}
    for objective in pack.objectives:
        if objective.parent in found:
            found.add(objective.id)
    return found


TELL: Mapping[str, Callable[[Talk, ReadPack, str], None]] = {
    "scenarios": tell_scenario,
    "exams": tell_exam,
    "objectives": tell_objective,
}
"""How each thing is told behind which no claims stand."""


# -- a question -------------------------------------------------------------------------------------------------------


def tell_view(talk: Talk, source: QuestionSource, view: AuthorView, *, claims: bool) -> None:
    """Say one variant as a learner sees it, then what is right; with `claims` what stands behind it."""
    question, variant = source.question, view.variant
    talk.say(f"Question {question.id}: {question.kind}, about {question.objective}, difficulty {question.difficulty}")
    if question.tags:
        talk.say(f"Tags: {', '.join(question.tags)}")
    seeded = f", seed {variant.seed}" if variant.seed else ""
    talk.say(f"Variant {variant.number + 1} of {count_variants(question)}{seeded}, {DECIDED[kind_of(source)]}")
    talk.items(f"{name}: {in_words(value)}" for name, value in variant.values)
    talk.gap()
    tell_question(talk, variant)
    talk.gap()
    _tell_key(talk, view)
    for hint in variant.hints:
        talk.gap()
        talk.say("Hint:")
        tell_markdown(talk, hint)
    talk.gap()
    talk.say("Why:")
    tell_markdown(talk, variant.why)
    if claims:
        _tell_claims(talk, source, view)


def _tell_key(talk: Talk, view: AuthorView) -> None:
    """What is right, and the reasons that a learner reads afterwards."""
    if view.key is None:
        talk.say(f"What is right cannot be found: {view.trouble}.")
        return
    if not view.variant.question.options:
        talk.say(f"The answer: {view.solution}")
        return
    talk.say("The answer:")
    words = ("yes", "no") if view.variant.question.kind == "yes-no" else ("right", "wrong")
    for number, option in enumerate(view.variant.options, start=1):
        reason = f" {plainly(option.reason)}" if option.reason.strip() else ""
        talk.say(f"{words[0] if view.key[option.index] else words[1]}.{reason}", f"{number}. ")


def _tell_claims(talk: Talk, source: QuestionSource, view: AuthorView) -> None:
    """Each claim as a sentence, beside what it decides."""
    talk.gap()
    talk.say("Claims:")
    options = source.question.options
    for number, option in enumerate(view.variant.options if options else (), start=1):
        talk.gap()
        talk.say(plainly(option.text), f"{number}. ")
        own = [claim for claim in view.claims if claim.index == option.index]
        if not own:
            static = options[option.index].static
            talk.say(f"the author decides that it {'holds' if static else 'does not hold'}", "   ")
        _tell_some(talk, own)
        if view.key is not None and not view.key[option.index]:
            _tell_believers(talk, view.believers.get(option.index, ()), view.tried)
    if not options:
        talk.gap()
        if not view.claims:
            talk.say(
                "There is none: " + ("the trace decides." if source.answer.decided.get(0) else "the author decides.")
            )
        _tell_some(talk, view.claims)
        for name, answer in view.answers.items():
            _beside(talk, "believed by", f"{name}: then {answer} would be right")
    facts = {supposed.fact.key: supposed.fact for claim in view.claims for supposed, _ in claim.decided_by}
    if facts:
        _list(talk, "Facts that decide claims", (f"{key}: {fact.source}" for key, fact in facts.items()))


def _tell_some(talk: Talk, claims: Sequence[Claimed]) -> None:
    for each in claims:
        _beside(talk, "claim", each.claim.text)
        _beside(talk, "says", each.sentence)
        if each.result is None or each.why is None:
            _beside(talk, "value", f"none: {each.trouble}")
            continue
        _beside(talk, "value", value_in_words(outcome.as_json(each.result)))
        for sentence in each.why.in_short:
            _beside(talk, "as", sentence)
        _tell_deciding(talk, each)


def _tell_deciding(talk: Talk, claim: Claimed) -> None:
    """The facts that decide a claim, each with one other value of it."""
    seen: dict[str, str] = {}
    for supposed, then in claim.decided_by:
        would = value_in_words(outcome.as_json(then)) if then is not None else "without a value"
        fact, other = supposed.fact, in_words(supposed.other)
        words = f"{fact.key} is {in_words(fact.value)}; were it {other}, the claim would be {would}"
        seen.setdefault(fact.key, words)
    for words in seen.values():
        _beside(talk, "decided by", words)


def _tell_believers(talk: Talk, names: Sequence[str], tried: Sequence[str]) -> None:
    """Which misconceptions predict a wrong option."""
    beliefs = load_facts().misconceptions
    for name in names:
        _beside(talk, "believed by", f"{name}: that {beliefs[name].says}")
    if not names:
        none = (
            f"none of the {count(len(tried), 'misconception')} that bear on it"
            if tried
            else "no misconception bears on it"
        )
        _beside(talk, "believed by", none)


def _beside(talk: Talk, name: str, text: str) -> None:
    talk.say(text, f"   {name:<12}")
