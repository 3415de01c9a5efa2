"""Every answer to every variant of the shipped pack: graded without fail, by what the model finds."""

from __future__ import annotations

from itertools import combinations as subsets

import pytest

from studyapp.cluster.misconceptions import MISCONCEPTIONS
from studyapp.packs.pack import load_pack
from studyapp.packs.places import content_folder
from studyapp.questions.filling import fill
from studyapp.questions.grading import grade, judge, predicted
from studyapp.questions.question import Question
from studyapp.questions.variants import count_variants, make_variant, pick_variant

PACK, _ = load_pack(content_folder() / "windows-clustering")
assert PACK is not None
QUESTIONS = {question.id: question for question in PACK.questions}


@pytest.mark.parametrize("name", [name for name, question in QUESTIONS.items() if question.kind in ("choice", "multi")])
def test_every_answer_is_graded_and_proved(name: str) -> None:
    question = QUESTIONS[name]
    for number in range(0, count_variants(question), 2):
        variant = make_variant(question, number)
        holds = {i for i, truth in enumerate(judge(variant)) if truth}
        sizes = (1,) if question.kind == "choice" else (1, 2)
        for size in sizes:
            for chosen in subsets(range(len(question.options)), size):
                result = grade(variant, frozenset(chosen))
                assert (result.verdict == "right") == (set(chosen) == holds)
                assert result.points == (1.0 if set(chosen) == holds else 0.0)
                assert {part.index for part in result.parts if part.holds} == holds
                if result.misconception is not None:
                    believed = predicted(variant, result.misconception)
                    assert any(believed[i] for i in chosen if i not in holds)
                    assert result.misconception in MISCONCEPTIONS
                if variant.scenario is not None and variant.scenario.timeline:
                    assert result.evidence is not None
                    assert result.evidence.events
                    assert result.evidence.sentences


def test_the_same_seed_gives_the_same_variant() -> None:
    for question in QUESTIONS.values():
        assert pick_variant(question, 7) == pick_variant(question, 7)
        seen = {pick_variant(question, seed).number for seed in range(200)}
        assert len(seen) >= min(count_variants(question), 10) * 0.8


def test_options_are_shuffled_by_the_seed_and_keep_their_index() -> None:
    question: Question = next(q for q in QUESTIONS.values() if q.shuffle and len(q.options) > 3)
    orders = {tuple(o.index for o in make_variant(question, 0, seed).options) for seed in range(20)}
    assert len(orders) > 5
    assert all(sorted(order) == list(range(len(question.options))) for order in orders)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("{vm} stops", "vm2 stops"),
        ("{{vm}} stays", "{vm} stays"),
        ("{other} stays", "{other} stays"),
        ("${env:PATH} {  } {Vm}", "${env:PATH} {  } {Vm}"),
        ("{n} of {yes}", "3 of yes"),
        ("{share}", "0.5"),
    ],
)
def test_only_known_names_in_braces_are_filled(text: str, expected: str) -> None:
    assert fill(text, {"vm": "vm2", "n": 3, "yes": True, "share": 0.5}) == expected
