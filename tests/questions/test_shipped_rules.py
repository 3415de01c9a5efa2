"""The shipped pack proves the model as much as the model proves the pack: break one rule, and the check fails."""

from __future__ import annotations

from dataclasses import fields

import pytest

from studyapp.cluster.misconceptions import ALL, believing
from studyapp.cluster.rules import Rules
from studyapp.packs.check import check_pack
from studyapp.packs.pack import load_pack
from studyapp.packs.places import content_folder
from studyapp.questions.grading import judge, predicted
from studyapp.questions.question import Question
from studyapp.questions.variants import count_variants, make_variant

PACK = content_folder() / "windows-clustering"
LOADED, _ = load_pack(PACK)
assert LOADED is not None
QUESTIONS = LOADED.questions

VARIANTS = 6
"""Variants of each family that are judged under a broken rule."""


def test_there_is_a_belief_that_replaces_every_rule() -> None:
    assert {m.rule for m in ALL} == {field.name for field in fields(Rules)}


NOT_IN_THE_COURSE = (
    "votes-never-change",
    "witness-always-votes",
    "failback-by-itself",
    "anti-affinity-by-default",
    "nlb-moves-sessions",
    "affinity-saves-state",
    "no-rule-drops-traffic",
    "resume-starts-the-host",
)
"""Beliefs about what the course does not ask about: other tests show where they lead."""


@pytest.mark.parametrize("belief", [m.name for m in ALL if m.name not in NOT_IN_THE_COURSE])
def test_a_broken_rule_changes_answers_and_makes_the_check_fail(belief: str) -> None:
    report = check_pack(PACK, believing(belief), beliefs=False)
    assert not report.ok
    codes = {problem.code for problem in report.problems}
    assert codes & {"no-right-option", "several-right-options", "claim-fails", "depends"}
    assert any(_other_answer(question, belief) for question in QUESTIONS), "no question's answer changed"


def _other_answer(question: Question, belief: str) -> bool:
    count = count_variants(question)
    variants = (make_variant(question, number) for number in range(0, count, max(1, count // VARIANTS)))
    return any(None not in found and found != judge(v) for v in variants for found in [predicted(v, belief)])
