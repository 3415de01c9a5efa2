"""Rules of the model and where they come from: briefly where one passes, and in full for those who ask."""

from __future__ import annotations

from collections.abc import Iterable

from studyapp.packs.facts import RuleText
from studyapp.plain.talk import Talk


def tell_rule(talk: Talk, rule: RuleText) -> None:
    """Say a rule, and briefly where it comes from."""
    talk.say(f"Rule: {rule.text}")
    talk.say(f"Source: {'; '.join(each.brief for each in rule.sources)}")


def tell_sources(talk: Talk, rules: Iterable[RuleText]) -> None:
    """Say where rules come from, with the whole addresses."""
    for rule in rules:
        talk.gap()
        talk.say(f"Rule: {rule.text}")
        talk.items(each.whole for each in rule.sources)
    talk.gap()
