"""Whoever asks a command for help gets it, for the command and for everything it takes."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import pytest

from studyapp.cli.groups import GROUPS
from studyapp.cli.main import main


def commands() -> dict[str, argparse.ArgumentParser]:
    """Every command by its words, as the command groups declare them."""
    parser = argparse.ArgumentParser(prog="studyapp")
    subparsers = parser.add_subparsers()
    for group in GROUPS:
        group.add_commands(subparsers)
    return dict(below(parser, ()))


def below(parser: argparse.ArgumentParser, words: tuple[str, ...]) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """The commands under a parser, at whatever depth."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            told = {choice.dest for choice in action._choices_actions if choice.help}
            assert told == set(action.choices), "every command has its line in the list of commands"
            for word, command in action.choices.items():
                yield " ".join((*words, word)), command
                yield from below(command, (*words, word))


def test_there_are_commands() -> None:
    assert {"learn", "practice", "exam", "simulate", "pack", "pack check"} <= set(commands())


@pytest.mark.parametrize("words", commands())
def test_a_command_says_what_it_does_and_what_each_argument_is_for(words: str) -> None:
    command = commands()[words]
    assert command.description, "a sentence at the top of its help"
    for action in command._actions:
        if isinstance(action, argparse._SubParsersAction):
            continue
        assert action.help, f"{words}: {action.option_strings or action.dest} has no help"
        assert action.help is not argparse.SUPPRESS


@pytest.mark.parametrize("words", ["", *commands()])
def test_help_goes_to_standard_output_and_ends_well(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words.split(), "--help"])
    told = capsys.readouterr()
    assert ended.value.code == 0
    assert told.out.startswith(f"usage: studyapp {words}".rstrip())
    assert not told.err
