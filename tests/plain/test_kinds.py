"""Every kind of question asked and answered line by line."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from studyapp.conduct import checkpoint
from studyapp.packs.pack import Pack
from studyapp.plain import start
from studyapp.plain.answers import read, way_of
from studyapp.plain.asking import Asking
from studyapp.plain.talk import Talk
from studyapp.questions.kinds import told
from studyapp.questions.question import Variant
from studyapp.questions.response import Number, Ordered, Paired, Picked, Response, Said, Text
from studyapp.questions.variants import make_variant
from studyapp.wiring import Paths, Services, make_services
from tests.plain.desk import Clock
from tests.questions.every_kind import RIGHT, SLOW, WITNESS, every_kind


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    every_kind(tmp_path / "packs" / "small")
    ids = count()
    with make_services(
        paths=Paths(tmp_path / "data", tmp_path / "cache"),
        content=tmp_path / "packs",
        now=Clock(),
        entropy=lambda: 7,
        new_id=lambda: f"id-{next(ids)}",
    ) as made:
        yield made


@pytest.fixture
def pack(services: Services) -> Pack:
    return services.open_pack("small")


def typed(variant: Variant, response: Response) -> str:
    """A right answer as a person types it, by what is shown."""
    match response:
        case frozenset():
            return " ".join(str(n) for n, option in enumerate(variant.options, 1) if option.index in response)
        case Said(yes=yes):
            return " ".join("yes" if option.index in yes else "n" for option in variant.options)
        case Number(value=value):
            return f"{value:g} s"
        case Text(text=text):
            return text
        case Picked(names=names):
            return " ".join(str(n) for n, option in enumerate(variant.options, 1) if option.text in names)
        case Ordered() | Paired():
            return told(variant, response).lower()


def asked(services: Services, pack: Pack, question: str, *lines: str) -> str:
    """One question asked apart, and what was said."""
    sink = io.StringIO()
    talk = Talk(io.StringIO("".join(f"{line}\n" for line in lines)), sink, 80)
    practice = checkpoint(services, pack, question, 1)
    Asking(talk, services, pack).run(practice, "Question", "go on")
    return sink.getvalue()


@pytest.mark.parametrize("question", RIGHT)
def test_each_kind_is_asked_answered_and_told(services: Services, pack: Pack, question: str) -> None:
    variant = checkpoint(services, pack, question, 1).current
    assert variant is not None
    line = typed(variant, RIGHT[question](variant))
    said = asked(services, pack, question, "", "help", line, "3", "")
    assert "Nothing is chosen yet." in said
    assert "Right." in said
    for option in (*variant.options, *variant.cells):
        assert option.text.replace("`", "") in " ".join(said.split())
    [review] = services.store.reviews("small")
    assert review.response == RIGHT[question](variant)
    assert review.certainty == "sure"


def variant_of(pack: Pack, question: str) -> Variant:
    return make_variant(pack.question(question), 0)


@pytest.mark.parametrize(
    "question, line, response",
    [
        ("series", "y n y", Said(frozenset({0, 2}), frozenset({1}))),
        ("series", "Yes, no, -", Said(frozenset({0}), frozenset({1}))),
        ("series", "n", None),
        ("series", "maybe so", None),
        ("series", "yes no", "Say yes or no to each of the 3 statements, in their order."),
        ("number", "5", Number(5)),
        ("number", "0.1 min", Number(6)),
        ("number", "soon", None),
        ("number", "5 apples", "Type the number with digits and a point, such as 12.5."),
        ("text", "= help", Text("help")),
        ("text", "a majority", Text("a majority")),
        ("list", "1 2 2 3", "Name each of the steps 1 to 4 once, the first one first."),
        ("list", "1 2 3 9", "The steps are numbered 1 to 4."),
        ("list", "first", None),
        ("pairs", "a1", None),
        ("pairs", "c1", "Pair A to B with 1 to 3, such as a2 b1."),
        ("pairs", "a9", "Pair A to B with 1 to 3, such as a2 b1."),
        ("point", "host1, host3", Picked(frozenset({"host1", "host3"}))),
        ("point", "HOST1 and host3", Picked(frozenset({"host1", "host3"}))),
        ("point", "host1 host9", None),
        ("point", "4", "The lines are numbered 1 to 3."),
        ("break", "1 3", Picked(frozenset({"host1", "host3"}))),
        ("design", "1 3", Picked(frozenset({WITNESS, SLOW}))),
        ("design", "2 3", "This design cannot be made: "),
    ],
)
def test_what_is_typed_is_an_answer_or_not(
    pack: Pack, question: str, line: str, response: Response | str | None
) -> None:
    variant = variant_of(pack, question)
    found = read(variant, line)
    if question == "series" and isinstance(response, Said):
        places = {option.index: place for place, option in enumerate(variant.options)}
        words = [{"y": "yes", "n": "no"}.get(word, word).strip(",") for word in line.lower().split()]
        expected = Said(
            frozenset(index for index, place in places.items() if words[place] == "yes"),
            frozenset(index for index, place in places.items() if words[place] == "no"),
        )
        assert found == expected
    elif question == "pairs" and line == "a1":
        assert found == Paired((variant.cells[0].index, None))
    elif isinstance(response, str):
        assert isinstance(found, str)
        assert found.startswith(response)
    else:
        assert found == response


def test_every_way_says_what_is_wanted(pack: Pack) -> None:
    for question in pack.questions:
        way = way_of(variant_of(pack, question.id))
        assert way.wanted.endswith(".")
        assert way.prompt(variant_of(pack, question.id))
        assert way.words(variant_of(pack, question.id))


def test_a_whole_session_of_every_kind(services: Services, pack: Pack) -> None:
    sink = io.StringIO()
    lines = ["1 2", "skip"] * 20 + ["quit"]
    start.practice(Talk(io.StringIO("".join(f"{line}\n" for line in lines)), sink, 80), services, pack, 10, 3)
    assert "Traceback" not in sink.getvalue()
    assert "10 questions" in sink.getvalue()
