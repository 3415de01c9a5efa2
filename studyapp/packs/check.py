"""Proves a pack right before a learner sees it: what can be read, every variant of every question, every claim."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import unquote

from studyapp.cluster.claims.checking import check_claim, never_given
from studyapp.cluster.claims.claim import ClaimError
from studyapp.cluster.doubt import inspects
from studyapp.cluster.effort import TooMuchWork, at_hand, counted
from studyapp.cluster.rules import Rules
from studyapp.exams.blueprint import ancestry
from studyapp.exams.form import FormError, draw_form
from studyapp.packs import proving
from studyapp.packs.advice import advise_pack, check_alike
from studyapp.packs.characters import mixed_words
from studyapp.packs.claims import ClaimSource
from studyapp.packs.families import MAX_WORK, Family, prove_lab
from studyapp.packs.fields import Word
from studyapp.packs.findings import Findings
from studyapp.packs.folder import FOLDERS, GLOSSARY, list_files
from studyapp.packs.inheriting import told_once
from studyapp.packs.lesson_parts import LessonClaims
from studyapp.packs.manifest import MANIFEST
from studyapp.packs.memory import Memory, files_digest
from studyapp.packs.pack import NoPack, ReadPack, read_pack
from studyapp.packs.problems import SEVERITIES, Hints, Problem, quoted, several
from studyapp.packs.prose import Mark
from studyapp.packs.proving import ProcessLost, Progress, prove_all
from studyapp.packs.report import CheckReport, summed
from studyapp.packs.texts import MAX_HOSTILE, read_text
from studyapp.packs.worlds import CannotRun, NotTrueOrFalse, Worlds, truth_if, truth_of
from studyapp.questions.runs import SETTLE, TOO_MANY

__all__ = ["CheckReport", "ProcessLost", "check_pack"]

SEEDS = (1, 2, 3)
"""Seeds with which each blueprint is drawn."""
SINGLE = (MANIFEST, GLOSSARY)
"""Files of text that are in no folder."""
QUESTIONS_A_STEP = 5
"""Questions from which a form is drawn in the time of a step."""

_ADDRESS = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def check_pack(
    folder: Path,
    rules: Rules | None = None,
    *,
    beliefs: bool = True,
    jobs: int = 1,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> CheckReport:
    """Check a whole pack. `rules` replace those of the model (for tests, which then expect errors); without `beliefs`
    the misconceptions behind wrong options are not looked for, which takes most of the time. `jobs` processes work at
    once; what is proved is remembered in `cache`; `progress` is told of every step.

    Raises:
        ProcessLost: one of the processes has ended by itself.
    """
    memory = Memory(cache, folder) if cache is not None and rules is None and beliefs else None
    digest = _digest(folder) if memory is not None else ""
    known = memory.report(digest) if memory is not None and digest else None
    if known is not None:
        return known
    try:
        read, problems = read_pack(folder)
    except NoPack as error:
        return CheckReport((error.problem,), ran=False)
    if read is None:
        return CheckReport(_sorted(problems))
    worlds = Worlds(rules)
    beliefs = beliefs and rules is None
    proved = prove_all(read, folder, worlds, beliefs=beliefs, jobs=jobs, memory=memory, progress=progress)
    found = [*problems, *(problem for family in proved.families for problem in family.problems)]
    before, hints = worlds.simulated, Hints()
    with counted(max(0, proving.MAX_WORK - proved.spent)):
        left = _Left(proved.left)
        found.extend(_labs(read, worlds, left))
        found.extend(_lessons(read, proved.families, worlds, left, hints))
        if not read.broken and not any(p.severity == "error" for family in proved.families for p in family.problems):
            found.extend(_blueprints(read, left))
    found.extend(left.told())
    found.extend(_glossary(read, hints))
    found.extend(_mixed(folder, read))
    found.extend(_objectives(read, hints))
    looks = [(family.id, family.looks) for family in proved.families if family.looks is not None]
    found.extend(advise_pack(looks, MANIFEST))
    found.extend(check_alike(read.questions))
    problems = _sorted(tuple(told_once(found)))
    claims = sum(len(block.claims) for source in read.lessons for block in source.lesson.claims)
    report = summed(
        problems,
        proved.families,
        claims - left.claims,
        proved.worlds + worlds.simulated - before,
        left.questions,
        tuple(_unproved(read, proved.families, problems)),
    )
    if memory is not None:
        # A file that changed while it was read has another digest now: the report is remembered for neither.
        unchanged = digest if digest == _digest(folder) else ""
        memory.keep(unchanged, report, proved.known)
    return report


def _digest(folder: Path) -> str:
    """A hash of the files of a pack; empty where one is not as it should be."""
    problems: list[Problem] = []
    try:
        files = list_files(folder, problems)
        return files_digest(files) if not problems else ""
    except OSError:
        return ""


def _sorted(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda p: (p.path, p.line, p.column, SEVERITIES.index(p.severity), p.code)))


# -- what is too much work --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Left:
    """What is not tried, because all that was before took as much work as a pack may."""

    questions: int
    labs: int = 0
    claims: int = 0
    exams: int = 0

    def fits(self, steps: int = 0) -> bool:
        """Whether there is room for something that takes at least so many steps."""
        try:
            at_hand().spend(steps)
        except TooMuchWork:
            return False
        return not self.questions

    def told(self) -> Iterator[Problem]:
        """The finding, where something is left."""
        counts = ((self.questions, "question"), (self.labs, "lab"), (self.claims, "claim"), (self.exams, "exam"))
        words = [several(count, noun) for count, noun in counts if count]
        if words:
            message = f"the pack takes more work to prove than is allowed: {', '.join(words)} not tried"
            hint = "make several packs of it, vary less, or ask about smaller scenarios in which less happens"
            yield Problem(MANIFEST, 1, 1, "too-much-work", message, hint)


def _labs(read: ReadPack, worlds: Worlds, left: _Left) -> Iterator[Problem]:
    """What is wrong with the variants of the labs."""
    for source in read.labs:
        if left.fits():
            yield from prove_lab(source, worlds)
        else:
            left.labs += 1


def _unproved(read: ReadPack, families: Sequence[Family], problems: Sequence[Problem]) -> Iterator[str]:
    """The files of which nothing is proved, and nothing is found either."""
    proved = {family.id for family in families}
    known = {source.question.path for source in read.questions if source.question.id in proved}
    known.update(source.question.path for source in read.labs)
    known.update(source.lesson.path for source in read.lessons)
    known.update(source.path for source in read.exams.values())
    known.update(read.scenarios, (problem.path for problem in problems))
    return (name for name in sorted(read.files - known) if FOLDERS.get(name.partition("/")[0]))


# -- lessons --------------------------------------------------------------------------------------------------------


def _lessons(read: ReadPack, families: Sequence[Family], worlds: Worlds, left: _Left, hints: Hints) -> list[Problem]:
    found: list[Problem] = []
    proved = {family.id: family for family in families}
    objectives = {objective.id for objective in read.pack.objectives}
    questions = {question.id for question in read.pack.questions}
    labs = {lab.question.id for lab in read.labs}
    for source in read.lessons:
        findings = Findings(source.lesson.path)
        for word in source.objectives:
            if word.text not in objectives:
                message = f"the pack has no objective {quoted(word.text)}"
                findings.say(
                    (word.line, word.column), "unknown-objective", message, hints.nearest(word.text, objectives)
                )
        for word in source.questions:
            if word.text not in questions and not read.broken.intersection((word.text, "")):
                message = f"the pack has no question {quoted(word.text)}"
                findings.say((word.line, word.column), "unknown-question", message, hints.nearest(word.text, questions))
        for word in source.labs:
            if word.text not in labs and not read.broken.intersection((word.text, "")):
                message = f"the pack has no lab {quoted(word.text)}"
                findings.say((word.line, word.column), "unknown-lab", message, hints.nearest(word.text, labs))
        for word in source.worked:
            wrong = _not_worked(proved.get(word.text))
            if wrong:
                hint = "name a question that the model decides from what happens, with a variant to show and one to ask"
                findings.say((word.line, word.column), "not-worked", f"the question {quoted(word.text)} {wrong}", hint)
        _links(source.links, read, findings, hints)
        for block in source.lesson.claims:
            if left.fits():
                _claims(block, worlds, findings)
            else:
                left.claims += len(block.claims)
        found.extend(map(source.origin.told, findings.problems()) if source.origin is not None else findings.problems())
    return found


def _not_worked(family: Family | None) -> str:
    """Why a question cannot be shown worked out, to go on after its name; empty where it can. One that is wrong in
    itself is found to be so elsewhere.
    """
    if family is None or any(problem.severity == "error" for problem in family.problems):
        return ""
    if not family.reasoned:
        return "has variants without a step of reasoning to show"
    return "has one variant, which cannot be example and problem at once" if family.variants == 1 else ""


def _mixed(folder: Path, read: ReadPack) -> Iterator[Problem]:
    """Words that are not what they look like: some of their letters are those of another alphabet."""
    for file in list_files(folder, []):
        if file.name not in read.files or not (FOLDERS.get(file.name.partition("/")[0]) or file.name in SINGLE):
            continue
        text = read_text(file.path, file.name, []) or ""
        for found in islice(mixed_words(text), MAX_HOSTILE):
            message = f"this word has letters of two alphabets that look alike: {found.name} among Latin ones"
            yield Problem(
                file.name, found.line, found.column, "mixed-alphabets", message, "type it again in one alphabet"
            )


def _glossary(read: ReadPack, hints: Hints) -> tuple[Problem, ...]:
    findings = Findings(GLOSSARY)
    _links(read.glossary.links, read, findings, hints)
    return findings.problems()


def _links(links: Sequence[Mark], read: ReadPack, findings: Findings, hints: Hints) -> None:
    """A link leads to the web, to a place in the same text or to a file of the pack."""
    folder = posixpath.dirname(findings.path)
    for mark in links:
        place = mark.line, mark.column
        target = unquote(mark.text.partition("#")[0])
        if _ADDRESS.match(mark.text) or not target:
            continue
        if target.startswith("[^"):
            hint = f"write '{mark.text}: …' below, or correct its name"
            findings.say(place, "missing-footnote", f"there is no footnote {quoted(mark.text)}", hint)
            continue
        if target.startswith(("/", "\\")) or _SCHEME.match(target):
            hint = "link to a file of the pack, or to an address that begins with https://"
            findings.say(place, "bad-link", f"the link {quoted(mark.text)} leads out of the pack", hint)
            continue
        name = posixpath.normpath(posixpath.join(folder, target))
        if name.startswith("../") or name == "..":
            findings.say(place, "bad-link", f"the link {quoted(mark.text)} leads out of the pack")
        elif name not in read.files:
            findings.say(place, "missing-file", f"the pack has no file {quoted(name)}", hints.nearest(name, read.files))


def _claims(block: LessonClaims, worlds: Worlds, findings: Findings) -> None:
    """Every claim of a block holds, and does not rest on doubt."""
    worlds.begin()
    try:
        with counted(MAX_WORK):
            _each_claim(block, worlds, findings)
    except TooMuchWork:
        message = f"these claims take more than {MAX_WORK:,} steps to prove"
        findings.say((block.line, 1), "too-much-work", message, "claim less, or of a smaller scenario")


def _each_claim(block: LessonClaims, worlds: Worlds, findings: Findings) -> None:
    for source in block.claims:
        errors = check_claim(source.claim, block.scenario, {}) or tuple(never_given(source.claim, block.scenario))
        for error in errors:
            findings.claim(error, source)
        if errors:
            continue
        try:
            _holds(source, block, worlds, findings)
        except ClaimError as error:
            findings.claim(error, source)
        except NotTrueOrFalse as error:
            findings.say(source.place(1), "bad-claim", str(error))
        except CannotRun as error:
            findings.say((block.line, 1), error.code, str(error))


def _holds(source: ClaimSource, block: LessonClaims, worlds: Worlds, findings: Findings) -> None:
    outcome = worlds.outcome(block.scenario)
    truth = truth_of(source.claim, outcome, {})
    place = source.place(1)
    if truth.unknown:
        findings.say(place, "depends", TOO_MANY, SETTLE)
    elif truth.holds is None:
        message = f"the claim depends on chance: it is true in {truth.share} of all cases"
        findings.say(place, "depends", message, "ask for certain(...) or possible(...)", outcome=outcome)
    elif not truth.holds:
        message = f"the claim does not hold: {source.claim.text}"
        findings.say(place, "claim-fails", message, outcome=outcome)
    else:
        for doubt in worlds.doubts(block.scenario, inspected=inspects((source.claim,))):
            supposed = truth_if(source.claim, doubt.outcome, {})
            if supposed is None or not supposed.holds:
                message = f"the claim holds only while {doubt.supposed.words()}"
                findings.say(place, "doubtful-fact", message, outcome=doubt.outcome)


# -- the pack as a whole --------------------------------------------------------------------------------------------


def _objectives(read: ReadPack, hints: Hints) -> list[Problem]:
    """Every question has an objective of the pack, every objective without children a question."""
    found = []
    known = {objective.id for objective in read.pack.objectives}
    asked: set[str] = set()
    for source in (*read.questions, *read.labs):
        word = source.objective
        asked.update(ancestry(word.text, read.pack.objectives))
        if word.text not in known:
            message = f"the pack has no objective {quoted(word.text)}"
            path, hint = source.question.path, hints.nearest(word.text, known)
            problem = Problem(path, word.line, word.column, "unknown-objective", message, hint)
            found.append(problem if source.origin is None else source.origin.told(problem))
    parents = {objective.parent for objective in read.pack.objectives}
    for objective in read.pack.objectives:
        if objective.id not in asked and objective.id not in parents and not read.broken:
            line, column = read.manifest.places[objective.id]
            message = f"no question is about the objective {quoted(objective.id)}"
            found.append(Problem(MANIFEST, line, column, "no-questions", message))
    return found


def _blueprints(read: ReadPack, left: _Left) -> list[Problem]:
    """Every blueprint can be drawn from the bank, whose questions have nothing wrong."""
    found = []
    for blueprint in read.pack.blueprints:
        if not left.fits(1 + len(read.questions) * len(SEEDS) // QUESTIONS_A_STEP):
            left.exams += 1
            continue
        try:
            for seed in SEEDS:
                draw_form(blueprint, read.pack.questions, read.pack.objectives, seed)
        except FormError as error:
            source = read.exams[blueprint.id]
            # The share of a file that this one extends is not at fault by itself.
            own = (word for word in source.draw if word.text == error.objective and not word.path)
            at = source.sections[error.section] if error.section is not None else next(own, Word("", 1, 1))
            found.append(Problem(at.path or source.path, at.line, at.column, "not-drawable", str(error)))
    return found
