"""What is typed after the program's name: how it is read, and how errors in it are told."""

from __future__ import annotations

import argparse
from typing import NoReturn


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line and say where help is."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong on one line and end with 2."""
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


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


def make_parser() -> Parser:
    """What reads the words of all commands."""
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
