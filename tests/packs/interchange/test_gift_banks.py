"""What banks of questions hold that were exported from Moodle, written by hand or made by other programs. Every item is
accounted for once, and what is said to be exact is what Moodle has.
"""

from __future__ import annotations

import pytest

from studyapp.packs.interchange.gift_reading import ONLY_NAMED, read_gift
from studyapp.packs.interchange.importing import import_text
from studyapp.packs.interchange.items import APPROXIMATED, EXACT, REFUSED, Account, Choice

HAND_WRITTEN = "'{' comes before them, '}' after"


def told(account: Account) -> list[tuple[int, str, str]]:
    return [(entry.line, entry.name, entry.fate) for entry in account.entries]


def notes(text: str) -> tuple[str, ...]:
    return read_gift(text).entries[-1].notes


# -- where a question begins ----------------------------------------------------------------------------------------


def test_a_question_that_moodle_only_names_is_refused_and_lends_nothing_to_the_next() -> None:
    account = read_gift("""\
// question: 0  name: Switch category to $course$/top/Nets
$CATEGORY: $course$/top/Nets


// question: 71  name: Drag the parts
// [id:drag] [tag:easy]


// question: 72  name: Ring
::Ring::Is it a ring? {T}


// question: 73  name: Gaps
""")
    assert told(account) == [(5, "Drag the parts", REFUSED), (10, "Ring", EXACT), (13, "Gaps", REFUSED)]
    assert account.entries[0].notes == (ONLY_NAMED,)
    assert [item.id for item in account.items] == ["Ring"]


def test_a_name_above_a_blank_line_is_that_of_the_question_below() -> None:
    assert told(read_gift("// question: 5  name: Ring\n\n::Ring::Is it a ring? {T}\n")) == [(3, "Ring", EXACT)]


def test_a_title_right_below_another_question_begins_one_of_its_own() -> None:
    account = read_gift("""\
::One::Which? {
=a
~b
}
// [id:second]
::Two::Is it? {T}
::Three::Some text.
::Four::How many? {#4}
""")
    assert told(account) == [(1, "One", EXACT), (6, "Two", EXACT), (7, "Three", REFUSED), (8, "Four", EXACT)]
    assert [(item.id, item.prompt) for item in account.items] == [
        ("One", "Which?"),
        ("second", "Is it?"),
        ("Four", "How many?"),
    ]
    assert account.remarks == (
        "questions without a blank line above, which Moodle takes for a part of the one there: 3",
    )


def test_an_open_brace_takes_no_question_right_below_with_it() -> None:
    account = read_gift("::One::Which? {=a ~b\n::Two::Is it? {T}\n")
    assert told(account) == [(1, "One", REFUSED), (2, "Two", EXACT)]


@pytest.mark.parametrize(
    "text, name, prompt",
    [
        ("::Over two\n::lines? {T}", "Over two", "lines?"),
        ("::Code::What is\n::printed? {T}", "Code", "What is\\\n::printed?"),
    ],
)
def test_colons_of_a_title_or_in_a_text_begin_no_question(text: str, name: str, prompt: str) -> None:
    (entry,) = read_gift(text).entries
    assert entry.item is not None
    assert (entry.name, entry.item.prompt.replace("\\:", ":")) == (name, prompt)


def test_answers_without_braces_are_refused_at_the_first_of_them() -> None:
    (entry,) = read_gift("Which of these?\n~one\n=two\n~three\n").entries
    assert (entry.fate, entry.line, entry.column) == (REFUSED, 2, 1)
    assert entry.notes == (f"its answers stand in no braces: {HAND_WRITTEN}",)
    assert read_gift("Which of these?\n~df:a\n~df{'a'}\n=df['a']\n").entries[0].notes == entry.notes
    assert notes("Solve:\n= 3\nand read on.") == ("it is a description: it asks nothing",)


# -- what answers mean ----------------------------------------------------------------------------------------------


def test_spellings_that_are_the_same_to_moodle_are_one_answer() -> None:
    account = read_gift("Say it. {=It is =it is =it IS}")
    assert (account.items[0].texts, account.entries[0].fate) == (("It is",), EXACT)


def test_an_answer_that_another_one_comes_before_counts_nowhere() -> None:
    assert notes("Name it. {=%100%ring =%0%Ring =%50%circle}") == (
        "the answer 'circle' earns 50% there and counts as wrong here",
    )


def test_a_weight_after_an_equals_sign_of_an_option_is_told() -> None:
    account = read_gift("Which? {=%100%a ~%-50%b}")
    assert account.items[0].options == (Choice("a", True), Choice("b", False))
    assert "a weight after '=' is read as one; Moodle takes it for text" in account.entries[0].notes


def test_an_equals_sign_inside_an_answer_is_told_of_the_source() -> None:
    remark = "questions with '=' inside an answer, where it begins another one; as text it is '\\=': 1"
    account = read_gift("Which call? {\n=read(header=1)\n~read()\n}\n\nWhich? {\n=a\\=b\n~c\n}\n\nOne? {=a ~b=c}\n")
    assert [option.text for option in account.items[0].options] == ["read(header", "1\\)", "read()"]
    assert account.remarks == (remark,)


def test_feedback_belongs_to_the_answer_it_follows_even_on_a_line_of_its_own() -> None:
    account = read_gift("Which? {\n=a\n~b\n# That is so.\n}")
    assert account.items[0].options == (Choice("a", True), Choice("b", False, "That is so."))


def test_several_options_one_of_which_has_all_points() -> None:
    account = read_gift("Which? {\n~%0%a\n~%100%b\n~%0%c\n}")
    assert (account.items[0].kind, account.entries[0].fate) == ("multi", APPROXIMATED)
    assert [option.right for option in account.items[0].options] == [False, True, False]


def test_an_id_may_hold_a_bracket() -> None:
    assert read_gift("// [id:a\\]b]\nIs it? {T}").items[0].id == "a]b"


def test_answers_without_end_are_refused() -> None:
    assert notes("Which? {=a" + "~b" * 600 + "}") == ("more than 500 answers",)


# -- pictures and paragraphs ----------------------------------------------------------------------------------------


def test_a_picture_inside_a_text_may_be_long() -> None:
    picture = '<img src\\="data:image/png;base64,' + "iVBORw0KGgo" * 2_000 + '\\=\\=" alt\\="a ring">'
    account = read_gift(f"[html]<p>What is this?</p><p>{picture}</p> {{=a ring ~a star}}")
    assert (account.items[0].prompt, account.entries[0].notes) == (
        "What is this?\n\na ring",
        ("a picture is left out",),
    )


def test_a_question_that_is_only_a_picture_is_refused_as_such() -> None:
    assert notes('[html]<img src\\="@@PLUGINFILE@@/a.png" alt\\=""> {=a ~b}') == (
        "nothing of the question can be carried as text",
    )


def test_lines_of_an_exported_paragraph_flow_and_code_keeps_its_indentation() -> None:
    exported = '[html]<p dir\\="ltr" style\\="text-align\\: left;">What is\\n\t\tprinted?<br></p>'
    code = "<pre>if a \\=\\= 1\\:\\n    b()</pre>"
    assert read_gift(f"{exported}{code}{{=a ~b}}").items[0].prompt == (
        "What is printed?\n\n```\nif a == 1:\n    b()\n```"
    )
    assert read_gift("[plain]What?\\nif a\\:\\n    b() {=a ~b}").items[0].prompt == (
        "What?\\\nif a:\\\n\xa0\xa0\xa0\xa0b()"
    )


def test_titles_that_are_all_the_same_get_numbers_of_their_own() -> None:
    files = import_text("::Chapter 1::Is it? {T}\n\n" * 3, "gift", "x").files
    assert [name.removeprefix("questions/") for name in files if name != "pack.yaml"] == [
        "0001-chapter-1.md",
        "0002-chapter-1-2.md",
        "0003-chapter-1-3.md",
    ]
