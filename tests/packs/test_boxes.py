"""The scanner finds the boxes in the raw text, whatever Markdown would make of it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.packs.body import Body
from studyapp.packs.boxes import AnswerPart, BoxError, UnclosedBox, find_answer_part, scan_box
from studyapp.packs.prose import block_tokens


def answer_part(text: str) -> AnswerPart | BoxError:
    return find_answer_part(text, block_tokens(text, inline=False))


def part(text: str) -> AnswerPart:
    found = answer_part(text)
    assert isinstance(found, AnswerPart)
    return found


def claims(text: str) -> list[str | bool | None]:
    return [option.claim or option.static for option in part(text).options]


def test_claims_and_static_boxes() -> None:
    found = part('Which?\n\n- [up("a")] One\n- [x] Two\n- [X] Three\n- [ ] Four\n- [] Five\n')
    assert [(o.text, o.claim, o.static, o.line, o.column) for o in found.options] == [
        ("One", 'up("a")', None, 3, 3),
        ("Two", "", True, 4, 3),
        ("Three", "", True, 5, 3),
        ("Four", "", False, 6, 3),
        ("Five", "", False, 7, 3),
    ]
    assert (found.line, found.end, found.errors) == (3, 8, ())


def test_strings_and_brackets_inside_a_box() -> None:
    assert claims(
        "- [state('x]') == \"it's ]\"] a\n"
        "- [all([up(v) for v in ['a', 'b']])] b\n"
        "- ['\\'] \\\\' == v] c [not a box]\n"
        '- [vm in ["a_b", "*c*"]] d\n'
    ) == ["state('x]') == \"it's ]\"", "all([up(v) for v in ['a', 'b']])", "'\\'] \\\\' == v", 'vm in ["a_b", "*c*"]']


def test_a_claim_over_several_lines_keeps_its_places() -> None:
    [option] = part('* [up("a") and\n   up("b")\n   or up("c")] Text\n').options
    assert option.claim == 'up("a") and  up("b")  or up("c")'
    assert option.place(0) == (1, 4)
    assert option.place(option.claim.index('up("b")')) == (2, 4)
    assert option.place(option.claim.index('"c"')) == (3, 10)


def test_text_and_reason() -> None:
    [option] = part("- [x] One *two*\n  three.\n\n  - inner\n\n  > The reason,\n  > with `code`.\n").options
    assert option.text == "One *two*\nthree.\n\n- inner"
    assert option.reason == "The reason,\nwith `code`."
    assert option.reason_line == 6


def test_a_reason_may_be_lazy_and_tabs_may_indent() -> None:
    options = part("1.\t[x] One\n\t> because\n2.\t[ ] Two\n\t> for\nthis\n").options
    assert [(o.text, o.reason) for o in options] == [("One", "because"), ("Two", "for\nthis")]


def test_a_quotation_before_the_end_is_text() -> None:
    [option] = part("- [x] One\n\n  > quoted\n\n  after\n").options
    assert (option.text, option.reason) == ("One\n\n> quoted\n\nafter", "")


def test_a_sign_in_a_claim_is_no_quotation() -> None:
    [option] = part('- [restarts("a")\n  > 0] One\n  > because\n').options
    assert (option.claim, option.text, option.reason) == ('restarts("a") > 0', "One", "because")


def test_the_last_list_of_boxes_is_the_answer_part() -> None:
    text = "- [x] not this\n\ntext\n\n1. [a](b)\n\ntext\n\n- [ ] this\n- [x] too\n\ntext\n\n* [c](d)\n* plain\n"
    found = part(text)
    assert [option.text for option in found.options] == ["this", "too"]
    assert (found.line, found.end) == (9, 11)


@pytest.mark.parametrize("item", ["[a](b) c", "[a][b] c", "[a]: b", "[^1] a", "plain"])
def test_a_link_is_no_box(item: str) -> None:
    found = answer_part(f"- [x] one\n- {item}\n")
    assert isinstance(found, BoxError)
    assert (found.line, found.column) == (2, 3)


def test_no_list_of_boxes() -> None:
    for text in ("", "text\n\n- a\n- b", "> - [x] inside a quotation"):
        found = answer_part(text)
        assert isinstance(found, BoxError)
        assert "no list" in found.message


@pytest.mark.parametrize(
    "item, line, column, message",
    [
        ('[up("a] text', 1, 7, 'the string that begins with " is never closed'),
        ("[up(v] text", 1, 8, "']' closes '('"),
        ("[up(v) text", 1, 3, "'[' is never closed"),
        ("[x]text", 1, 6, "a space is missing after the box"),
        ("[x]", 1, 6, "the option has no text after its box"),
        ("[x]\n  > reason", 1, 6, "the option has no text after its box"),
        (f"[{'(' * 40}", 1, 35, "more than 32 brackets inside one another"),
        ("[v ==\n  up(w}] text", 2, 7, "'}' closes '('"),
    ],
)
def test_a_bad_box(item: str, line: int, column: int, message: str) -> None:
    found = part(f"- {item}\n- [x] good\n")
    assert [option.text for option in found.options] == ["good"]
    [error] = found.errors
    assert (error.line, error.column) == (line, column)
    assert message in error.message


@given(st.text(alphabet="[](){}\"'\\ \nab>-x1.\t`", max_size=60))
def test_any_text_is_scanned(text: str) -> None:
    answer_part(f"- [{text}")
    answer_part(text)
    with suppress(UnclosedBox):
        assert f"[{text}"[scan_box(f"[{text}") - 1] == "]"


@given(st.lists(st.sampled_from(["a", "b_c", '"]"', "'[('", " ", "f(", "[", "1"]), max_size=12))
def test_a_box_ends_where_its_brackets_do(parts: list[str]) -> None:
    claim = "".join(parts)
    closing = "".join({"(": ")", "[": "]"}[p[-1]] for p in reversed(parts) if p in ("f(", "["))
    text = f"[{claim}{closing}] rest ] of it"
    assert scan_box(text) == len(claim) + len(closing) + 2


LINES = ("- [x] a", "  > b", "text", "## Why", "  ## Why", "> ## Why", "---", "", "```", "    deep", "1. one",
         "| a | b |", "| - | - |", "[^n]: note", "<div>", "=====", "[a]: b", "- - [ ] c", "* * *")  # fmt: skip


@given(st.lists(st.sampled_from(LINES), max_size=20))
def test_the_blocks_before_a_heading_are_those_of_the_text_before_it(lines: list[str]) -> None:
    body = Body("\n".join(lines), 0, "q.md", [])
    alone = block_tokens(body.question, inline=False)
    assert [(token.type, token.tag, token.level) for token in body.tokens] == [
        (token.type, token.tag, token.level) for token in alone
    ]
    assert answer_part(body.question) == find_answer_part(body.question, body.tokens)
