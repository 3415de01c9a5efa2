"""What there is to say of an answer, as pieces: the verdict, the belief, the reasons, the replay, the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from textual.content import Content
from textual.style import Style

from studyapp.conduct.feedback import Feedback, OptionFeedback
from studyapp.packs.facts import Source
from studyapp.tui.spoken import Keymap, quietly
from studyapp.tui.text import words
from studyapp.tui.widgets.answering import Judged
from studyapp.tui.widgets.flow import Gap, Indented, Piece, Run
from studyapp.tui.widgets.prose import markdown

MARK = Content.styled("• ", "$primary")
SIGNS = {"right": ("✔", "$success"), "partly": ("◐", "$warning"), "wrong": ("✖", "$error")}


def verdict(feedback: Feedback) -> list[Piece]:
    """Right or wrong, with its sign, each goal with what became of it, and what one would have to believe."""
    sign, style = SIGNS[feedback.grade.verdict]
    found: list[Piece] = [
        Run(words(feedback.verdict_line, f"bold {style}"), Content.styled(f"{sign} ", f"bold {style}"), Content("  "))
    ]
    for goal in feedback.goals:
        sign, style = SIGNS["right" if goal.good else "wrong"]
        proof = () if goal.good else (Run(words(goal.says, style)), *markdown(goal.reason))
        told = (*markdown(goal.text), *proof)
        found.append(Indented(told, Content.styled(f"{sign} ", style), Content("  ")))
    if feedback.belief:
        bar = Content.styled("▌ ", "$secondary")
        found += [Gap(), Indented((Run(words(feedback.belief)),), bar, bar)]
    return found


PICKED = ("choice", "multi", "point")
"""Kinds in which a line is right or wrong whether it was chosen or not."""


def judged(feedback: Feedback, *, chosen_only: bool = False) -> Mapping[int, Judged]:
    """What to show at each line, or at each that was chosen, by its place in the author's order."""
    told = (option for option in feedback.options if option.chosen or not chosen_only)
    return {option.index: _judged(feedback, option) for option in told}


def _judged(feedback: Feedback, option: OptionFeedback) -> Judged:
    reason = tuple(_reason(option, feedback.belief is None))
    if feedback.kind not in PICKED:
        return Judged(option.good, option.word, "$success" if option.good else "$error", False, reason)
    style = "$success" if option.holds else "$error" if option.chosen else "$quiet"
    return Judged(option.holds, option.word, style, option.chosen, reason)


def _reason(option: OptionFeedback, with_belief: bool) -> Iterator[Piece]:
    """Why an option holds or does not; the belief behind it only where none is told for the whole answer."""
    yield from markdown(option.reason)
    if option.belief and option.chosen and with_belief:
        yield Run(words(option.belief, "italic"))


def why(feedback: Feedback, keymap: Keymap) -> list[Piece]:
    """The explanation, the rules with their sources, and how to meet this variant again."""
    # Lines that were judged one by one end in an empty line of their own.
    found: list[Piece] = [] if feedback.options and feedback.kind != "match" else [Gap()]
    if feedback.why.strip():
        found += [_heading("Why"), *markdown(feedback.why), Gap()]
    if feedback.rules:
        title = "Rules at work · " if len(feedback.rules) > 1 else "The rule at work · "
        more = quietly("{feedback.sources} shows the sources in full", keymap)
        found.append(Run(Content.styled(title, "bold $primary") + more))
        for rule in feedback.rules:
            source = Content("; ").join(_linked(each.brief, each) for each in rule.sources).stylize_before("$quiet")
            found.append(Indented((Run(words(rule.text)), Run(source)), MARK, Content("  ")))
        found.append(Gap())
    found.append(Run(Content.styled(f"Seed {feedback.seed}, variant {feedback.variant_number + 1}", "$quiet")))
    return found


def sources(feedback: Feedback) -> list[Piece]:
    """The rules at work, each with whole addresses of where it comes from."""
    found: list[Piece] = []
    for rule in feedback.rules:
        read = (Run(_linked(each.whole, each)) for each in rule.sources)
        found += [Gap(), Run(words(rule.text, "bold")), *(Indented((each,), MARK, Content("  ")) for each in read)]
    return found


def _linked(text: str, source: Source) -> Content:
    """A text that a terminal may follow to a source on the web."""
    link = Style(link=source.address) if source.address.startswith("http") else ""
    return Content(text).stylize(link)


BEFORE_EVENTS = 2
"""Pieces of a replay before that of its start."""


def replay(feedback: Feedback, step: int, keymap: Keymap) -> list[Piece]:
    """The events that decide the question; the one that the picture shows is marked."""
    if not feedback.replay:
        return []
    found: list[Piece] = [
        Gap(),
        Run(
            Content.assemble(
                Content.styled("Replay · ", "bold $primary"),
                quietly("step with {feedback.step-back} and {feedback.step}", keymap),
            )
        ),
        _event(0, "at the start", "", step),
    ]
    for number, event in enumerate(feedback.replay, start=1):
        found.append(_event(number, event.time, event.text, step))
    return found


def _event(number: int, when: str, text: str, step: int) -> Piece:
    here = number == step
    mark = Content.styled("▸ " if here else "  ", "bold $accent")
    time = Content.styled(when + ("  " if text else ""), "bold $accent" if here else "$quiet")
    style = "bold" if here else "$quiet" if number > step else ""
    return Run(words(text, style), mark + time, Content(" " * (mark + time).cell_length))


def _heading(text: str) -> Piece:
    return Run(Content.styled(text, "bold $primary"))
