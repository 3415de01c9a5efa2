"""What is said is text and newlines; what is asked is one line, and help is always there."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.plain.talk import Leave, Talk, TimeIsUp, Word
from tests.house.tree import ROOT


def talk(typed: str = "") -> tuple[Talk, io.StringIO]:
    sink = io.StringIO()
    return Talk(io.StringIO(typed), sink, 60), sink


@given(st.text(max_size=300))
def test_nothing_that_a_terminal_obeys_is_ever_said(text: str) -> None:
    speaker, sink = talk(text + "\n")
    speaker.say(text)
    speaker.lines([text])
    speaker.items([text], "- ")
    speaker.puzzled(text, "Type a number.")
    with suppress(Leave):
        speaker.ask("Say")
    said = sink.getvalue()
    assert not [c for c in said if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") and c not in "\n\u0600"]


def test_what_is_typed_is_repeated_where_no_terminal_shows_it() -> None:
    speaker, sink = talk("  2  \n")
    assert speaker.ask("Your answer") == "2"
    assert sink.getvalue() == "Your answer:   2  \n"


@pytest.mark.parametrize("word", ["quit", "QUIT", "q", "exit", "bye"])
def test_quit_leaves(word: str) -> None:
    speaker, _ = talk(f"{word}\n")
    with pytest.raises(Leave):
        speaker.ask("Say")


def test_the_end_of_the_input_leaves_and_ends_the_line() -> None:
    speaker, sink = talk()
    with pytest.raises(Leave):
        speaker.ask("Say")
    assert sink.getvalue().endswith("Say: \n")


def test_a_last_line_without_a_newline_counts() -> None:
    speaker, _ = talk("3")
    assert speaker.ask("Say") == "3"


@pytest.mark.parametrize("word", ["help", "?", "Help"])
def test_help_says_the_words_and_asks_again(word: str) -> None:
    speaker, sink = talk(f"{word}\n1\n")
    assert speaker.ask("Say", (Word("flag", "mark the question"),)) == "1"
    assert "- flag: mark the question.\n- help: say what may be typed.\n- quit: " in sink.getvalue()
    assert sink.getvalue().count("Say: ") == 2


def test_a_line_of_spaces_can_count_as_a_word() -> None:
    speaker, _ = talk(" \n\n \n")
    assert [speaker.ask("Say", blank="space") for _ in range(2)] == ["space", ""]
    assert speaker.ask("Say") == ""


def test_a_prompt_can_be_left_when_the_time_is_up() -> None:
    speaker, _ = talk("1\n")
    with pytest.raises(TimeIsUp):
        speaker.ask("Say", until=lambda: True)
    assert speaker.ask("Say", until=lambda: False) == "1"


def test_no_two_empty_lines_follow_one_another() -> None:
    speaker, sink = talk()
    speaker.gap()
    speaker.say("one")
    speaker.gap()
    speaker.gap()
    speaker.lines(["", "two"])
    assert sink.getvalue() == "one\n\ntwo\n"


ASK = """
import sys
from studyapp.plain.talk import Leave, Talk, TimeIsUp
talk = Talk(sys.stdin, sys.stdout, 60)
left = [int(sys.argv[1])]
def over():
    left[0] -= 1
    return left[0] <= 0
try:
    while True:
        print("got", ascii(talk.ask("Say", until=over)))
except Leave:
    print("left")
except TimeIsUp:
    print("up")
"""


def asking(looks: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", ASK, str(looks)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def test_a_pipe_is_read_line_by_line_whatever_it_holds() -> None:
    process = asking(1000)
    said, _ = process.communicate(b"one\r\ntwo \xff\x1b[2J\n" + b"x" * 100_000 + b"\nlast", timeout=30)
    got = [line for line in said.decode().splitlines() if line.startswith("got")]
    assert got[:2] == ["got 'one'", "got 'two \\ufffd\\x1b[2J'"]
    assert got[2].startswith("got 'xxx")
    assert len(got[2]) < 5000
    assert got[3] == "got 'last'"
    assert said.decode().endswith("left\n")
    assert b"\x1b" not in said


def test_the_clock_is_watched_while_a_line_is_waited_for() -> None:
    process = asking(3)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.wait(timeout=30) == 0
        assert process.stdout.read().decode() == "Say: \nup\n"
    finally:
        process.stdin.close()
        process.stdout.close()
