"""GIFT as Moodle reads it. What is expected stands in Moodle's `question/format/gift/format.php` and its documents."""

from __future__ import annotations

import pytest

from studyapp.packs.interchange import gift_reading
from studyapp.packs.interchange.exporting import WRITERS
from studyapp.packs.interchange.gift_reading import read_gift
from studyapp.packs.interchange.items import APPROXIMATED, EXACT, REFUSED, BadSource, Choice, Entry, Item
from studyapp.questions.parts import PER_OPTION


def one(text: str) -> Entry:
    (entry,) = read_gift(text).entries
    return entry


def item(text: str) -> Item:
    found = one(text).item
    assert found is not None, one(text).notes
    return found


def right(text: str) -> dict[str, bool]:
    return {option.text: option.right for option in item(text).options}


# -- the kinds of answers -------------------------------------------------------------------------------------------


def test_multiple_choice_with_feedback() -> None:
    text = """\
::Q2::What is between orange and green?{
=yellow # right; good!
~red # wrong, it's yellow
~blue
#### Why so
}"""
    assert one(text).fate == EXACT
    assert item(text) == Item(
        "choice",
        "What is between orange and green?",
        "Q2",
        options=(
            Choice("yellow", True, "right; good!"),
            Choice("red", False, "wrong, it's yellow"),
            Choice("blue", False),
        ),
        why="Why so",
    )


def test_a_missing_word_leaves_a_blank_where_text_follows() -> None:
    assert item("Grant is {~buried =entombed ~living} in his tomb.").prompt == "Grant is \\_\\_\\_\\_\\_ in his tomb."
    assert item("[markdown]Two {=a ~b}.").prompt == "Two _____."
    assert item("Who? {=a ~b}\n").prompt == "Who?"


@pytest.mark.parametrize("word, holds", [("T", True), ("TRUE", True), ("F", False), ("FALSE", False)])
def test_true_or_false_with_feedback_for_a_wrong_and_a_right_answer(word: str, holds: bool) -> None:
    found = item(f"Is it?{{{word}#wrong#right}}")
    assert (found.kind, found.shuffle) == ("choice", False)
    reasons = ("right", "wrong") if holds else ("wrong", "right")
    assert found.options == (Choice("True", holds, reasons[0]), Choice("False", not holds, reasons[1]))


def test_other_words_are_short_answers() -> None:
    assert item("Who?{=no one =nobody}").texts == ("no one", "nobody")
    assert item("Who?{=T}").texts == ("T",)
    assert item("Who?{true}").texts == ("true",)
    assert item("Who?{no one =nobody}").texts == ("no one", "nobody")


def test_matching_and_a_right_cell_too_many() -> None:
    assert item("Match. {=Canada -> Ottawa =Italy->Rome = -> Paris}").pairs == (
        ("Canada", "Ottawa"),
        ("Italy", "Rome"),
        ("", "Paris"),
    )


def test_pairs_that_say_yes_or_no_more_than_once_are_a_series_of_statements() -> None:
    found = one("Judge. {=It moves -> yes =It stops -> No =It starts -> YES}")
    assert found.item is not None
    assert (found.fate, found.item.kind, found.item.scoring) == (APPROXIMATED, "yes-no", PER_OPTION)
    assert found.item.options == (Choice("It moves", True), Choice("It stops", False), Choice("It starts", True))
    assert right("Judge. {=a -> False =b -> False}") == {"a": False, "b": False}
    assert item("Judge. {=a -> yes =b -> no}").kind == "match", "a pack can hold these as they are"
    assert item("Judge. {=a -> yes =b -> yes =c -> maybe}").kind == "match"
    assert item("Judge. {=a -> yes =b -> yes = -> no}").kind == "match", "a right cell too many is no statement"


@pytest.mark.parametrize(
    "answer, number, tolerance",
    [("#1822", 1822, 0), ("#1822:5", 1822, 5), ("#=1822:5", 1822, 5), ("#1..5", 3, 2), ("#-2.5..-2", -2.25, 0.25)],
)
def test_numbers_with_a_tolerance_or_a_range(answer: str, number: float, tolerance: float) -> None:
    found = item(f"When?{{{answer}}}")
    assert (found.kind, found.number, found.tolerance) == ("number", number, tolerance)


def test_several_right_options_by_their_weights() -> None:
    assert right("Who? {~%50%a ~%50%b ~%-100%c ~d}") == {"a": True, "b": True, "c": False, "d": False}
    assert item("Who? {~%50%a ~%50%b ~c}").scoring == PER_OPTION


# -- signs ----------------------------------------------------------------------------------------------------------


def test_escaped_signs_are_text() -> None:
    text = "[plain]a \\: b \\~ c \\= d \\# e \\{ f \\} g \\\\ h {=\\=1 ~\\~2#\\#3}"
    found = item(text)
    assert found.prompt == "a : b ~ c = d # e { f } g \\\\ h"
    assert found.options == (Choice("\\=1", True), Choice("\\~2", False, "\\#3"))
    assert item("[markdown]a\\nb {=x ~y}").prompt == "a\nb"
    assert item("[plain]a \\* b {=x ~y}").prompt == "a \\\\\\* b", "any other backslash is text"


def test_categories_comments_and_tags() -> None:
    text = """\
// [id:own] [tag:difficulty-4] [tag:quorum] [tag: two  words ] [tag:Quorum] [tag:4]
::T::One?{T}

$CATEGORY: $course$/top/Nets//Routes/Deep

// note
Two?{F}
"""
    account = read_gift(text)
    first, second = account.items
    assert (first.id, first.difficulty, first.objective) == ("own", 4, ())
    assert first.tags == ("quorum", "two words", "4")
    assert second.objective == ("Nets/Routes", "Deep")


@pytest.mark.parametrize(
    "tag, note",
    [
        ("difficulty-3", "a tag that tells a difficulty is left out"),
        ("C:\\", "a tag that ends in '\\' is left out: there it keeps the bracket open"),
    ],
)
def test_a_tag_that_would_be_read_otherwise_is_left_out(tag: str, note: str) -> None:
    made = Item("number", "How many?", "many", tags=(tag, "votes"), number=3.0, why="So.")
    text, [entry] = WRITERS["gift"]([Entry(1, 1, "many", made)])
    assert entry.notes == (note,)
    [back] = read_gift(text).items
    assert (back.tags, back.difficulty) == (("votes",), 2)


@pytest.mark.parametrize(
    "form, text, made",
    [
        (
            "html",
            "<p>a <b>b</b> <i>c</i> <code>d</code></p><ul><li>e</li><li>f</li></ul>",
            "a **b** *c* `d`\n\n- e\n- f",
        ),
        ("html", 'x <a href="https://a.example/b">c</a> 1 &lt; 2', "x [c](https://a.example/b) 1 \\< 2"),
        ("html", "a\nb<br>c", "a b\\\nc"),
        ("moodle", "a\\nb", "a\\\nb"),
        ("plain", "<b>a</b>_b_\\n# c", "\\<b\\>a\\</b\\>\\_b\\_\\\n\\# c"),
        ("markdown", "**a** `b`", "**a** `b`"),
    ],
)
def test_every_format_becomes_markdown(form: str, text: str, made: str) -> None:
    for sign in "\\:=":
        text = text if sign == "\\" else text.replace(sign, f"\\{sign}")
    text = text.replace("# c", "\\# c")
    assert item(f"[{form}]{text} {{=x ~y}}").prompt == made


# -- what is not carried as it is -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, note",
    [
        ("a {=b ~%50%c}", "an option that earns part of the points counts as wrong"),
        ("a {=b =c ~d}", "each of several options is right by itself there; here all of them are to be chosen"),
        ("a {~%60%b ~%40%c ~d}", "right options weigh the same here"),
        ("a {=b =%50%c}", "the answer 'c' earns 50% there and counts as wrong here"),
        ("a {=b =c*}", "the answer 'c*' is left out: '*' stands for whole words here"),
        ("a {=b#good}", "feedback on an answer is told in the explanation"),
        ("a {#3 =%50%4}", "the answer 4 earns 50% there and counts as wrong here"),
        ("[html]a<img src\\=x> {=b ~c}", "a picture is left out"),
        ("[html]a<script>x</script> {=b ~c}", "<script> is left out"),
        ("[html]a<table><tr><td>1</td></tr></table> {=b ~c}", "a table is shown as lines"),
        ("[markdown]a <u>b</u> {=b ~c}", "HTML is shown as text"),
        ("a\u202eb {=b ~c}", "U+202E RIGHT-TO-LEFT OVERRIDE is left out"),
        ("[html]a&\\#x200b;b {=b ~c}", "U+200B ZERO WIDTH SPACE is left out"),
        ("a {=b ~c\n\n~d}", "blank lines inside the braces are left out"),
        (
            f"// [tag:{'x' * 41}]\na {{=b ~c}}",
            "tags beyond 10, of more than 40 characters or with brackets are left out",
        ),
    ],
)
def test_an_approximation_says_how(text: str, note: str) -> None:
    assert note in one(text).notes
    assert one(text).fate == APPROXIMATED


@pytest.mark.parametrize(
    "text, place, reason",
    [
        ("a {}", (1, 1), "it is an essay: a person must read the answer"),
        ("\n\nJust text\nand more", (3, 1), "it is a description: it asks nothing"),
        ("ok?{T}\n\nis this {=b ~c", (3, 9), "'{' stands without its '}'"),
        ("b =c}", (1, 5), "'}' stands without its '{'"),
        ("a {=b ~c} d {=e}", (1, 13), "a second '{': a question has one pair of braces"),
        ("{=b ~c}", (1, 1), "there is no question before the answer"),
        ("a {#three}", (1, 5), "'three' is no number"),
        ("a {#5..3}", (1, 5), "the range ends before it begins"),
        ("a {#=1 =3}", (1, 1), "several numbers are right, and a question of ours has one"),
        ("a {~b ~c}", (1, 1), "no option is right"),
        ("a {=b\n  ~ ~d}", (2, 5), "an answer is empty: signs in a text are written '\\=' and '\\~'"),
        ("a {=b->c =d}", (1, 11), "a pair is written '=left -> right'"),
        ("a {=b*}", (1, 1), "no answer is right in full and can be carried"),
    ],
)
def test_a_refusal_says_where_and_why(text: str, place: tuple[int, int], reason: str) -> None:
    entry = read_gift(text).entries[-1]
    assert (entry.fate, (entry.line, entry.column), entry.notes) == (REFUSED, place, (reason,))


def test_an_open_brace_takes_no_other_question_with_it() -> None:
    account = read_gift("::a::is {=b ~c\n\n::d::is {=e ~f}\n")
    assert [entry.fate for entry in account.entries] == [REFUSED, EXACT]


def test_too_many_questions_are_refused_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gift_reading, "MOST_ITEMS", 3)
    read_gift("a{T}\n\n" * 3)
    with pytest.raises(BadSource, match="more than 3 questions"):
        read_gift("a{T}\n\n" * 4)
