"""Claims as an author looks at them: what each says in plain words, what is written, and whether it is so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from textual.content import Content

from studyapp.conduct.feedback import OptionFeedback
from studyapp.packs.claimed import Claimed
from studyapp.questions.parts import BreakPart, DesignPart, OptionsPart
from studyapp.tui.previewing import View
from studyapp.tui.text import words
from studyapp.tui.widgets.answering import Judged
from studyapp.tui.widgets.flow import Gap, Indented, Piece, Run
from studyapp.tui.widgets.prose import markdown

BAR = Content.styled("│ ", "$line")
HOLDS: Mapping[bool | None, tuple[str, str, str]] = {
    True: ("✔", "holds", "$success"),
    False: ("✖", "does not hold", "$quiet"),
    None: ("◌", "has no value", "$error"),
}
"""Whether something holds: its sign, its word, its style."""


def beside_options(view: View) -> Mapping[int, Judged]:
    """What to show at each option, by its place in the author's order."""
    variant = view.variant
    if variant is None or not isinstance(variant.question.answer, OptionsPart):
        return {}
    claims = {claim.index: claim for claim in view.claims}
    told = {option.index: option for option in view.feedback.options} if view.feedback is not None else {}
    found: dict[int, Judged] = {}
    for index, option in enumerate(variant.question.answer.options):
        claim = claims.get(index)
        holds = claim.holds if claim is not None else option.static
        _, word, style = HOLDS[holds]
        reason = next((each.reason for each in variant.options if each.index == index), "")
        pieces = (*_says(claim), *_belief(told.get(index)), *_reason(reason))
        found[index] = Judged(holds is True, word, style, False, pieces)
    return found


def below_question(view: View) -> list[Piece]:
    """What to show below the answer part: claims that stand at no option, the right answer, hints and the reason."""
    variant = view.variant
    if variant is None:
        return []
    found: list[Piece] = []
    if view.claims and not isinstance(variant.question.answer, OptionsPart):
        goal = isinstance(variant.question.answer, BreakPart | DesignPart)
        said = "The goal, before anything is done" if goal else "What is claimed"
        found += [Gap(), heading(said), *claim_lines(view.claims)]
    if view.feedback is not None and view.feedback.grade.solution:
        found += [Gap(), heading("A right answer"), Run(words(view.feedback.grade.solution))]
    for number, hint in enumerate(variant.hints, start=1):
        found += [Gap(), heading(f"Hint {number}" if variant.hints[1:] else "Hint"), *markdown(hint)]
    if variant.why.strip():
        found += [Gap(), heading("Why"), *markdown(variant.why)]
    return found


def claim_lines(claims: Iterable[Claimed]) -> Iterator[Piece]:
    """Each claim with its sign, its value in a word, and its sentence."""
    for claim in claims:
        plain = claim.holds is None and not claim.wrong
        sign, word, style = ("=", claim.value, "$primary") if plain else HOLDS[claim.holds]
        head = Content.styled(f"{sign} ", f"bold {style}")
        lines = (Run(words(word, f"bold {style}")), *_says(claim))
        yield Indented(lines, head, Content("  "))


def _says(claim: Claimed | None) -> Iterator[Piece]:
    if claim is None:
        yield Run(words("the author says so: the box is no claim", "$quiet"), BAR, BAR)
        return
    yield Run(words(claim.sentence), BAR, BAR)
    if claim.wrong:
        yield Run(words(claim.value, "bold $error"), BAR, BAR)
    for sentence in claim.read:
        yield Run(words(sentence, "$quiet"), BAR, BAR)
    yield Run(words(f"{claim.line}:{claim.column}  {claim.claim.text}", "$quiet"), BAR, BAR)


def _belief(option: OptionFeedback | None) -> Iterator[Piece]:
    if option is not None and option.belief:
        yield Run(words(option.belief, "italic"), BAR, BAR)


def _reason(reason: str) -> Iterator[Piece]:
    yield from markdown(reason)


def heading(text: str) -> Piece:
    """A line over what follows."""
    return Run(Content.styled(text, "bold $primary"))
