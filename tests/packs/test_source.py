"""Strict YAML: what is refused, where, and that nothing else can come of any text."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.packs.problems import Problem, nearest, visible
from studyapp.packs.source import (
    MAX_DEPTH,
    Mapping_,
    Node,
    Scalar,
    Sequence,
    Value,
    read_yaml,
    split_front_matter,
)
from studyapp.packs.texts import MAX_BYTES, check_characters, decode, read_text

DEEP = 100_000


def plain(node: Node | None) -> object:
    """A node as Python's own values."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return None if node is None else {key: plain(value) for key, (_, value) in node.entries.items()}


def problems_of(text: str, line_offset: int = 0) -> list[tuple[str, int, int]]:
    problems: list[Problem] = []
    read_yaml(text, "a.yaml", problems, line_offset)
    return [(problem.code, problem.line, problem.column) for problem in problems]


@pytest.mark.parametrize(
    "written, value",
    [
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("off", "off"),
        ("1:30", "1:30"),
        ("1_000", "1_000"),
        ("2010-01-01", "2010-01-01"),
        ("=", "="),
        ("true", True),
        ("False", False),
        ("tRue", "tRue"),
        ("null", None),
        ("~", None),
        ("", None),
        ("5", 5),
        ("-5", -5),
        ("+5", 5),
        ("007", 7),
        ("0o17", 15),
        ("0x1F", 31),
        ("0o8", "0o8"),
        ("-0x1", "-0x1"),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1.", 1.0),
        ("1e3", 1000.0),
        (".", "."),
        ('"5"', "5"),
        ("'true'", "true"),
        ('""', ""),
        ('"\\u00e9"', "é"),
    ],
)
def test_words_of_yaml_1_2(written: str, value: Value) -> None:
    problems: list[Problem] = []
    node = read_yaml(f"a: {written}", "a.yaml", problems)
    assert not problems
    found = plain(node)
    assert found == {"a": value}
    assert isinstance(found, dict)
    assert type(found["a"]) is type(value)


def test_every_node_knows_its_place() -> None:
    text = "first: [x, 'y',\n  \"z\"]\nblock: |\n  two\n  lines\né: ok\n"
    problems: list[Problem] = []
    node = read_yaml(text, "a.yaml", problems, line_offset=10)
    assert isinstance(node, Mapping_)
    key, items = node.entries["first"]
    assert (key.line, key.column, items.line, items.column) == (11, 1, 11, 8)
    assert isinstance(items, Sequence)
    places = [item.position(0) for item in items.items if isinstance(item, Scalar)]
    assert places == [(11, 9), (11, 13), (12, 4)]
    block = node.entries["block"][1]
    assert isinstance(block, Scalar)
    assert (block.value, block.line, block.exact) == ("two\nlines\n", 13, 0)
    assert node.entries["é"][1].column == 4


def test_a_place_inside_text_with_escapes_is_that_of_the_text() -> None:
    node = read_yaml('"a\\tb"', "a.yaml", [])
    assert isinstance(node, Scalar)
    assert (node.value, node.position(2)) == ("a\tb", (1, 1))


@pytest.mark.parametrize(
    "text, expected",
    [
        ("", [("yaml-empty", 1, 1)]),
        ("# only a remark\n", [("yaml-empty", 1, 1)]),
        ("a: 1\nb: &x 2\nc: *x\n", [("yaml-anchor", 2, 4), ("yaml-alias", 3, 4)]),
        ("&m {a: 1}", [("yaml-anchor", 1, 1)]),
        ("a: !!str 1\nb: !mine [x]\n", [("yaml-tag", 1, 4), ("yaml-tag", 2, 4)]),
        ("a: ! 1", [("yaml-tag", 1, 4)]),
        ("a: {<<: 1}", [("yaml-merge", 1, 5)]),
        ("a: 1\n<<: {b: 2}\n", [("yaml-merge", 2, 1)]),
        ("%YAML 1.1\n---\na: 1", [("yaml-directive", 1, 1)]),
        ("%TAG ! tag:x,2000:\n---\na: 1", [("yaml-directive", 1, 1)]),
        ("a: 1\n---\nb: 1", [("yaml-documents", 2, 1)]),
        ("a: 1\nb: 2\na: 3\n", [("duplicate-key", 3, 1)]),
        ("{a: 1, 'a': 3}", [("duplicate-key", 1, 8)]),
        ("? [x]\n: 1\n", [("yaml-key", 1, 3)]),
        ("{[x]: 1}", [("yaml-key", 1, 2)]),
        ("a:\n\t- b", [("yaml", 2, 1)]),
        ("a: b: c", [("yaml", 1, 5)]),
        ("a: @b", [("yaml", 1, 4)]),
        ('a:\n  - "b\n', [("yaml", 2, 5)]),
        ('- "vm1" in nodes("hv")', [("yaml", 1, 9)]),
        ("[a, b", [("yaml", 1, 6)]),
        ("}", [("yaml", 1, 1)]),
        ("a: 1" + "0" * 40, [("yaml-number", 1, 4)]),
        ("a: .inf\nb: -.Inf\nc: .nan\nd: 1e400", [("yaml-number", n, 4) for n in (1, 2, 3, 4)]),
        ("a: \x1b[31m", [("character", 1, 4)]),
        ("a: 1\nb\x00: 2", [("character", 2, 2)]),
        ("a: \x85", [("character", 1, 4)]),
        ("a: 1\u2028b: 2", [("character", 1, 5)]),
        ("a: 1\rb: 2", [("character", 1, 5)]),
        ("\ufeffa: 1", [("character", 1, 1)]),
        ("a: \ud800", [("character", 1, 4)]),
        ('a: "\\e[31m"', [("character", 1, 4)]),
        ('a: "x\\x00"', [("character", 1, 4)]),
    ],
)
def test_what_is_refused(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert problems_of(text) == expected


def test_places_count_from_the_top_of_the_file() -> None:
    assert problems_of("a: 1\na: 2\n", 7) == [("duplicate-key", 9, 1)]
    assert problems_of("a: [", 7) == [("yaml", 8, 5)]
    assert problems_of("a: \x07", 7) == [("character", 8, 4)]
    assert problems_of("", 7) == [("yaml-empty", 8, 1)]


def test_both_kinds_of_line_end_count_alike() -> None:
    assert problems_of("a: 1\r\nb: 1\r\na: 2\r\n") == [("duplicate-key", 3, 1)]


def test_a_duplicate_key_keeps_the_first() -> None:
    problems: list[Problem] = []
    assert plain(read_yaml("a: 1\na: 2\nb: 3\n", "a.yaml", problems)) == {"a": 1, "b": 3}
    assert problems[0].message == 'the key "a" is already used on line 1'


@pytest.mark.parametrize(
    "text, hint",
    [
        ("a:\n\tb: 1", "indent with spaces, not with tabs"),
        ("a: `b`", "put the value in quotes"),
        ("- [n for n in x] == y", "text that begins with a quote or a bracket must be put in quotes as a whole"),
        ("where: 'a' != b", "text that begins with a quote or a bracket must be put in quotes as a whole"),
        ("a: b: c", "put a text that holds a colon and a space in quotes as a whole"),
        ("a: b\n  c: d", "look for a wrong indentation, and above it for a colon without a space"),
        ("a:b\nc: d", "look for a wrong indentation, and above it for a colon without a space"),
        ("a: [b, *]", "put the value in quotes"),
        ("a: b\n- c", None),
    ],
)
def test_hints_for_what_authors_run_into(text: str, hint: str | None) -> None:
    problems: list[Problem] = []
    read_yaml(text, "a.yaml", problems)
    assert [problem.hint for problem in problems] == [hint]


def test_a_key_without_its_space_is_told_where_it_stands_and_not_below() -> None:
    problems: list[Problem] = []
    read_yaml("kind: text\ndifficulty:3\ntags: [votes]\n", "a.yaml", problems)
    assert [(p.line, p.column, p.hint) for p in problems] == [(2, 1, "a colon and a space follow a key")]


@pytest.mark.parametrize(
    "text",
    [
        "[" * DEEP,
        "[" * DEEP + "]" * DEEP,
        "{a: " * DEEP,
        "- " * DEEP,
        "? " * DEEP,
        "[{a: " * DEEP,
        "\n".join(" " * depth + "a:" for depth in range(1000)),
        "\n".join(" " * depth + "-" for depth in range(1000)),
    ],
    ids=["flow", "closed", "mappings", "dashes", "questions", "mixed", "block mappings", "block lists"],
)
def test_deep_nesting_is_refused_before_anything_is_built(text: str) -> None:
    started = time.monotonic()
    assert [code for code, _, _ in problems_of(text)] == ["yaml-depth"]
    assert time.monotonic() - started < 2


def test_the_depth_that_is_allowed() -> None:
    assert not problems_of("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    assert problems_of("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)) == [("yaml-depth", 1, MAX_DEPTH + 1)]


def test_what_is_too_big_is_refused() -> None:
    assert problems_of("a" * (MAX_BYTES + 1)) == [("too-big", 1, 1)]
    assert problems_of("é" * (MAX_BYTES // 2 + 1)) == [("too-big", 1, 1)]
    assert [code for code, _, _ in problems_of("- a\n" * (MAX_BYTES // 4))] == ["too-big"]
    assert len(problems_of("&a " + "- &a\n" * 1000)) <= 20
    assert len(problems_of("{" + "a: 1, " * 10_000 + "}")) == 100


@pytest.mark.parametrize(
    "raw, code, line, column",
    [
        (b"a: 1\nb: \xff\n", "encoding", 2, 4),
        ("é: ".encode() + b"\xc3", "encoding", 1, 4),
        ("a: 1".encode("utf-16"), "encoding", 1, 1),
        (b"a" * (MAX_BYTES + 1), "too-big", 0, 0),
    ],
)
def test_bytes_that_are_no_text(raw: bytes, code: str, line: int, column: int) -> None:
    problems: list[Problem] = []
    assert decode(raw, "a.yaml", problems) is None
    assert [(p.code, p.line, p.column) for p in problems] == [(code, line, column)]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for file in (tmp_path, tmp_path / "none.yaml"):
        problems: list[Problem] = []
        assert read_text(file, "x", problems) is None
        assert [problem.code for problem in problems] == ["not-a-file"]
    good = tmp_path / "good.yaml"
    good.write_text("a: é\n", encoding="utf-8")
    assert read_text(good, "x", []) == "a: é\n"


@pytest.mark.parametrize(
    "text, yaml_text, body, offset",
    [
        ("---\na: 1\n---\nbody\n", "a: 1\n", "body\n", 3),
        ("---\n---\nbody", "\n", "body", 2),
        ("---\r\na: 1\r\n---\r\nbody", "a: 1\r\n", "body", 3),
        ("---\na: 1\n", None, "---\na: 1\n", 0),
        ("body\n---\n", None, "body\n---\n", 0),
        ("", None, "", 0),
        ("---\na: 1\n---", "a: 1\n", "", 2),
        ("--- \na: 1\n--- \n\nbody", "a: 1\n", "\nbody", 3),
        ("---\na: 1\n ---\n---\nx", "a: 1\n ---\n", "x", 4),
    ],
)
def test_front_matter(text: str, yaml_text: str | None, body: str, offset: int) -> None:
    found, rest, lines = split_front_matter(text)
    assert (found, rest, lines) == (yaml_text, body, offset)


def test_front_matter_keeps_the_lines_of_the_file() -> None:
    text = "---\na: 1\na: 2\n---\nbody\n"
    yaml_text, body, offset = split_front_matter(text)
    assert yaml_text is not None
    assert problems_of(yaml_text, 1) == [("duplicate-key", 3, 1)]
    assert text.split("\n")[offset] == body.split("\n")[0]


def test_problems_print_on_one_line_that_no_terminal_obeys() -> None:
    problem = Problem("a\x1b]0;x\x07.yaml", 3, 4, "yaml", "b\nc\u202e\u200b\U000e0041\x9b", "d\r")
    assert problem.format() == ("a\\x1b]0;x\\x07.yaml:3:4: error: yaml: b\\x0ac\\u202e\\u200b\\U000e0041\\x9b (d\\x0d)")
    assert visible("é ✓ 漢 😀") == "é ✓ 漢 😀"
    # Of no category that tells: a joiner without a width, a filler, a selector of a variant.
    assert visible("a\u034fb\u3164c\ufe00d") == "a\\u034fb\\u3164c\\ufe00d"


def test_hints_name_what_is_near() -> None:
    assert nearest("hots1", ["host1", "vm1"]) == 'did you mean "host1"?'
    assert nearest("zzz", ["host1"]) is None
    assert nearest("x" * 100_000, ["x"]) is None


ODD = st.sampled_from(["- ", ": ", "\n", "  ", "[", "]", "{", "}", ",", "&a ", "*a", "!t ", "|\n", "'", '"', "#", "? "])
TEXT = st.lists(st.one_of(ODD, st.text(max_size=4), st.sampled_from(["a", "1", "\t", "\\", "%", "---\n"])), max_size=40)


@given(TEXT.map("".join))
def test_any_text_gives_a_node_or_a_problem(text: str) -> None:
    problems: list[Problem] = []
    node = read_yaml(text, "a.yaml", problems)
    assert node is not None or problems
    lines = text.split("\n")
    for problem in problems:
        assert 1 <= problem.line <= len(lines) + 1
        assert problem.column >= 1
        assert problem.format().isprintable()


@given(st.binary(max_size=60))
def test_any_bytes_give_text_or_a_problem(raw: bytes) -> None:
    problems: list[Problem] = []
    text = decode(raw, "a.yaml", problems)
    assert (text is None) == bool(problems)
    if text is not None and check_characters(text, "a.yaml", problems):
        read_yaml(text, "a.yaml", problems)


@given(st.text(max_size=60))
def test_visible_text_is_printable(text: str) -> None:
    assert all(c == " " or c.isprintable() for c in visible(text) if c != "\u3000" and not c.isspace())
    assert "\x1b" not in visible(text)
