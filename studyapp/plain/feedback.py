"""What there is to say about an answer, in the order in which a person would want to hear it."""

from __future__ import annotations

from studyapp.conduct.feedback import Feedback, OptionFeedback
from studyapp.conduct.remedies import WhatIf
from studyapp.packs.pack import Pack
from studyapp.plain.answers import plainly
from studyapp.plain.diagram import as_sentence
from studyapp.plain.question import tell_markdown
from studyapp.plain.rules import tell_rule
from studyapp.plain.talk import Talk


def tell_feedback(talk: Talk, pack: Pack, feedback: Feedback) -> None:
    """Say the verdict, the belief behind the answer, each option with its reason, the replay, the rules and why."""
    talk.gap()
    talk.say(feedback.verdict_line)
    if feedback.belief:
        talk.say(feedback.belief)
    talk.gap()
    for part in (*feedback.options, *feedback.goals):
        tell_option(talk, part)
    if feedback.replay:
        talk.gap()
        talk.say("What happens:")
        talk.numbered(f"{step.time} {as_sentence(step.text)}" for step in feedback.replay)
    if feedback.why.strip():
        talk.gap()
        talk.say("Why:")
        tell_markdown(talk, feedback.why)
    for rule in feedback.rules:
        talk.gap()
        tell_rule(talk, rule)
    talk.gap()
    lesson = next((each for each in pack.lessons if each.id == feedback.lesson), None)
    if lesson is not None:
        talk.say(f'More on this in the lesson "{lesson.title}": studyapp learn --plain --lesson {lesson.id}')
    talk.say(f"This was seed {feedback.seed}, variant {feedback.variant_number + 1}.")


def tell_option(talk: Talk, option: OptionFeedback) -> None:
    """Say an option, whether it is right and was chosen, and the reason; so of any part of an answer."""
    lead = f"{option.label}. " if option.label else "- "
    talk.say(plainly(option.text), lead)
    reason = plainly(option.reason) if option.reason.strip() else ""
    told = " ".join(part for part in (option.says, reason, option.belief or "") if part)
    talk.say(told, " " * len(lead))


def tell_what_if(talk: Talk, found: WhatIf) -> None:
    """Say what would make an answer right, and what was tried."""
    talk.gap()
    talk.say(found.question)
    talk.say(found.line)
    for text, costs in found.changes:
        talk.say(f"{text}.", "- ")
        for cost in costs:
            talk.say(cost, "  ")
    if found.more:
        talk.say(f"{found.more[0].upper()}{found.more[1:]}.")
    talk.say(found.tried)
    talk.gap()
