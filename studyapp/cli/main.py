"""The program's entry point: read the words, hand over to the command, keep every failure to one clear line."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING

from studyapp.cli import study

if TYPE_CHECKING:
    from argparse import Namespace

NO_WORDS = SimpleNamespace(command=None)
"""What is given where nothing is typed after the program's name."""
LATER = {
    "results": "results are",
}
"""Commands of the design that are refused by name until they exist."""
ANSWERED = (None, "learn", "practice", "exam")
"""Commands in which questions are answered; without a command there is the first screen."""
MOST_OF_A_NAME = 200
"""Characters of a file's name that a failure tells."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program. Gives the exit code: 0 done, 1 the answer is no, 2 wrong use or bad input."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and words[0] in LATER:
        print(f"studyapp {words[0]}: {LATER[words[0]]} not modelled yet", file=sys.stderr)
        return 2
    given: Namespace | SimpleNamespace | None = None
    try:
        given = _parsed(words) if words else NO_WORDS
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
        kept = "; every answer so far is kept" if given is not None and given.command in ANSWERED else ""
        print(f"studyapp: stopped{kept}", file=sys.stderr)
        return 130


def _told(error: OSError) -> str:
    """What the system says, and of which file, however long its name is and whatever is in it."""
    from studyapp.packs.problems import visible

    said = error.strerror or str(error)
    name = str(error.filename) if error.filename is not None else ""
    return visible(f"{name[:MOST_OF_A_NAME]}{'…' if name[MOST_OF_A_NAME:] else ''}: {said}" if name else said)


def _parsed(words: Sequence[str]) -> Namespace:
    """What the words ask for."""
    # Imported where there are words: the first screen is there sooner without.
    from studyapp.cli.parser import make_parser

    return make_parser().parse_args(_joined(words))


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


if __name__ == "__main__":
    sys.exit(main())
