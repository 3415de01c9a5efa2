"""The program's entry point: read the words, hand over to the command, keep every failure to one clear line."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from typing import NoReturn

from studyapp.cli import study

NO_WORDS = argparse.Namespace(command=None)
"""What is given where nothing is typed after the program's name."""
LATER = {
    "results": "results are",
}
"""Commands of the design that are refused by name until they exist."""
ANSWERED = (None, "learn", "practice", "exam")
"""Commands in which questions are answered; without a command there is the first screen."""
MOST_OF_A_NAME = 200
"""Characters of a file's name that a failure tells."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line and say where help is."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong on one line and end with 2."""
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program. Gives the exit code: 0 done, 1 the answer is no, 2 wrong use or bad input."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and words[0] in LATER:
        print(f"studyapp {words[0]}: {LATER[words[0]]} not modelled yet", file=sys.stderr)
        return 2
    given = _parser().parse_args(_joined(words)) if words else NO_WORDS
    try:
        if given.command is None:
            return study.run_home(given)
        result: int = given.run(given)
        if sys.stdout is not None:
            sys.stdout.flush()
        return result
    except BrokenPipeError:
        # Whoever read our output has gone; nothing is left to say, and nothing may be said at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"studyapp: cannot go on: {_told(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        kept = "; every answer so far is kept" if given.command in ANSWERED else ""
        print(f"studyapp: stopped{kept}", file=sys.stderr)
        return 130


def _told(error: OSError) -> str:
    """What the system says, and of which file, however long its name is and whatever is in it."""
    from studyapp.packs.problems import visible

    said = error.strerror or str(error)
    name = str(error.filename) if error.filename is not None else ""
    return visible(f"{name[:MOST_OF_A_NAME]}{'…' if name[MOST_OF_A_NAME:] else ''}: {said}" if name else said)


def _joined(words: Sequence[str]) -> list[str]:
    """The words, with a value that begins with a minus and a digit joined to its option: argparse would take it for an
    option of its own, and nobody would learn what is wrong with it.
    """
    found: list[str] = []
    for word in words:
        if found and re.fullmatch(r"--[a-z-]+", found[-1]) and re.match(r"-\d", word):
            found[-1] = f"{found[-1]}={word}"
        else:
            found.append(word)
    return found


def program_version() -> str:
    """The installed version, or `0` in a checkout that was never installed."""
    # Costs a tenth of the way to the first screen, so only who asks for the version pays.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("studyapp")
    except PackageNotFoundError:
        return "0"


class Version(argparse.Action):
    """Print the version and end."""

    def __call__(self, parser: argparse.ArgumentParser, *rest: object) -> NoReturn:
        """Say it on standard output."""
        print(f"studyapp {program_version()}")
        parser.exit(0)


def _parser() -> Parser:
    from studyapp.cli.groups import GROUPS

    parser = Parser(
        prog="studyapp",
        description="Learn Windows Server clustering in the terminal. Without a command it opens the interface.",
    )
    parser.add_argument("--version", action=Version, nargs=0, help="say which version this is, and end")
    parser.add_argument("--plain", action="store_true", help="line by line: for screen readers, pipes and slow links")
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    for group in GROUPS:
        group.add_commands(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
