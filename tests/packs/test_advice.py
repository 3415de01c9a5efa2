"""Advice over a pack and on wording: said where the numbers show it, and not where something only looks like it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from studyapp.packs.advice import Looks, advise_pack, nearly_same
from studyapp.packs.likeness import pairs

PLAIN = {"longest": 0.25, "lone": 0.0, "lone_right": 0.0, "absolute": 0.0, "absolute_right": 0.0}


def said(*groups: tuple[int, dict[str, float]], options: int = 4) -> dict[str, str]:
    """The codes of the advice on so many questions that look so, with the messages."""
    looks = [Looks(options, **{**PLAIN, **look}) for count, look in groups for _ in range(count)]
    named = [(f"q{number}", look) for number, look in enumerate(looks)]
    return {problem.code: problem.message for problem in advise_pack(named, "pack.yaml")}


def test_a_pack_without_cues() -> None:
    assert said((20, {})) == {}


@pytest.mark.parametrize(
    "often, told",
    # Of 20 questions with 4 options chance has 5; two standard deviations above are 5 + 2 × 1.94 = 8.87.
    [(8, False), (9, True)],
)
def test_the_longest_option(often: int, told: bool) -> None:
    found = said((often, {"longest": 1.0}), (20 - often, {"longest": 0.0}))
    assert ("longest-option" in found) is told
    if told:
        assert "45% of the questions; by chance it would be in 25%; for one, in q0, q1, q2" in found["longest-option"]


@pytest.mark.parametrize("right, told", [(8, False), (9, True)])
def test_the_only_number(right: int, told: bool) -> None:
    found = said((right, {"lone": 1.0, "lone_right": 1.0}), (20 - right, {"lone": 1.0}), (30, {}))
    assert ("only-number" in found) is told
    if told:
        assert "in 45% of 20 questions; by chance it would be in 25%" in found["only-number"]


def test_numbers_in_few_questions_say_nothing() -> None:
    assert said((7, {"lone": 1.0, "lone_right": 1.0}), (30, {})) == {}


@pytest.mark.parametrize(
    "count, right, told",
    # Of n such options chance has 3/4 wrong; all of them are too many from n > 12 on.
    [(12, 0, False), (13, 0, True), (13, 3, False), (40, 10, False)],
)
def test_absolute_words(count: int, right: int, told: bool) -> None:
    found = said((count - right, {"absolute": 1.0}), (right, {"absolute": 1.0, "absolute_right": 1.0}), (20, {}))
    assert ("absolute-words" in found) is told


def test_two_options_give_chance_its_half() -> None:
    assert said((10, {"longest": 1.0}), (10, {"longest": 0.0}), options=2) == {}


@pytest.mark.parametrize(
    "one, other",
    [
        ("The role starts on host2.", "The role starts on host2"),
        ("A node is lost", "The node is lost"),
        ("It waits for the heartbeat", "It waits for heartbeats"),
    ],
)
def test_next_to_the_same(one: str, other: str) -> None:
    assert nearly_same(one, other)
    assert nearly_same(other, one)


@pytest.mark.parametrize(
    "one, other",
    [
        ("It is online", "It is offline"),
        ("It is available", "It is unavailable"),
        ("Attached to host1", "Detached from host1"),
        ("It moves to host1", "It moves to host2"),
        ("It takes 10 s", "It takes 11 s"),
        ("It takes 1.5 s", "It takes 15 s"),
        ("It moves", "It does not move"),
        ("host1, then host2", "host2, then host1"),
        ("A fifth", "A quarter"),
        ("Clients are connected", "Clients are connecting"),
        ("incoming traffic", "outgoing traffic"),
        ("Set-ClusterParameter", "Get-ClusterParameter"),
        ("same", "same"),
        ("it is " + "restart" * 20, "it is " + "restart" * 19 + "restarz"),
    ],
)
def test_only_looks_like_the_same(one: str, other: str) -> None:
    assert not nearly_same(one, other)


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


LONG = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"


def test_like_texts_are_found_with_their_share() -> None:
    almost = LONG.replace("seventeen", "more")
    [(first, second, share)] = pairs([words(LONG), words("something else " * 20), words(almost)])
    assert (first, second) == (0, 2)
    assert share == pytest.approx(14 / 16)


def test_the_same_text_many_times_is_told_once_each() -> None:
    found = list(pairs([words(LONG)] * 200))
    assert [(first, share) for first, _, share in found] == [(0, 1.0)] * 199
    assert all(before[1] < after[1] for before, after in pairwise(found))


def test_texts_that_are_short_or_changed_in_the_middle_are_let_be() -> None:
    assert list(pairs([words("what does the cluster do"), words("what does the cluster do")])) == []
    assert list(pairs([words(LONG), words(LONG.replace("nine", "other"))])) == []
