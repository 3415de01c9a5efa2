"""`studyapp pack new`: a pack to begin with, which is right and teaches by example."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

NOTHING = "nothing is made"
QUESTIONS = {
    "id": "Its id, which stays for ever",
    "title": "Its title",
    "author": "Its author",
    "license": "Its licence",
    "language": "Its language",
}
"""How each thing is asked for."""


class Ended(Exception):
    """The input has ended before everything was asked."""


def add_commands(commands: argparse._SubParsersAction[Any]) -> None:
    """Add `new` to the sub-commands of `pack`."""
    new = commands.add_parser(
        "new",
        help="start a pack of your own",
        description="Make a small pack that is right and explains itself, to be changed into your own. On a terminal "
        "it asks for what is not given. Ends with 0 when the pack is made, 1 when you leave, 2 when it cannot be made.",
    )
    new.add_argument("folder", metavar="FOLDER", help="the folder of the pack, which is not there yet, or is empty")
    new.add_argument("--id", metavar="ID", help="small letters, digits and hyphens (default: from the folder's name)")
    new.add_argument("--title", metavar="TITLE", help="what the pack is called")
    new.add_argument("--author", metavar="NAME", help="who writes it")
    new.add_argument("--license", metavar="LICENCE", help="under which licence others may use it")
    new.add_argument("--language", metavar="TAG", help="the language that it is written in, such as en or pt-BR")
    new.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Make a pack. Gives 0 when it is made, 1 when the author leaves, 2 when it cannot be made."""
    from studyapp.packs.new_folder import FolderTaken, is_free, write_new
    from studyapp.packs.starting import Answers, NotGood, hidden_sign, new_files

    hidden = hidden_sign(given.folder)
    if hidden or not given.folder.strip():
        return _stop(f"the folder's name holds {hidden}: leave it out" if hidden else "the folder has no name")
    folder = Path(given.folder)
    try:
        if not is_free(folder):
            raise FolderTaken
        answers = Answers(**_answered(given, folder))
        files = new_files(answers)
        write_new(folder, files)
    except NotGood as error:
        return _stop(str(error))
    except FolderTaken:
        return _stop(f"{folder}: there is something already: name another folder")
    except OSError as error:
        return _stop(f"{error.filename or given.folder}: {error.strerror or error}")
    except Ended:
        print()
        return _stop(NOTHING, 1)
    except KeyboardInterrupt:
        print()
        return _stop(f"stopped; {NOTHING}", 130)
    _tell(folder, answers.id, files)
    return 0


def _answered(given: argparse.Namespace, folder: Path) -> dict[str, str]:
    """What is given, what is asked for on a terminal, and what is suggested for the rest. Raises NotGood and Ended."""
    from studyapp.packs.starting import ASKED, NotGood, check_answer, suggested

    found: dict[str, str] = {}
    usual = suggested(folder)
    asks = sys.stdin is not None and sys.stdin.isatty() and sys.stdout is not None and sys.stdout.isatty()
    for what in ASKED:
        text = getattr(given, what)
        if text is None and asks:
            text = _ask(what, usual[what])
        elif text is None:
            text = usual[what]
        if what == "id" and not text:
            raise NotGood(what, "the folder's name gives no id: add --id")
        check_answer(what, text)
        found[what] = text
    return found


def _ask(what: str, usual: str) -> str:
    """Ask until there is an answer that can be taken. Raises Ended."""
    from studyapp.packs.problems import visible
    from studyapp.packs.starting import NotGood, check_answer

    while True:
        offer = f" [{usual}]" if usual else ""
        print(visible(f"{QUESTIONS[what]}{offer}: "), end="", flush=True)
        typed = sys.stdin.readline()
        if not typed:
            raise Ended
        text = typed.strip() or usual
        try:
            check_answer(what, text)
        except NotGood as error:
            print(visible(f"{error}."))
        else:
            return text


def _tell(folder: Path, identity: str, files: dict[str, bytes]) -> None:
    """Say what was made and what to do next."""
    from studyapp.packs.problems import visible

    counts = {
        word: sum(name.startswith(f"{word}s/") for name in files) for word in ("lesson", "scenario", "question", "exam")
    }
    held = ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for word, count in counts.items())
    shown = f"./{folder}" if len(folder.parts) == 1 and folder.name else str(folder)
    print(visible(f"made {identity} in {folder}: {held}"))
    print("its files explain themselves: begin with pack.yaml")
    print(visible(f"to prove it:     studyapp pack check {_word(str(folder))}"))
    print(visible(f"to look into it: studyapp pack show {_word(str(folder))}"))
    print(visible(f"to study it:     studyapp learn {_word(shown)}"))


def _word(text: str) -> str:
    """A word as a shell takes it."""
    import shlex

    return shlex.quote(text)


def _stop(message: str, code: int = 2) -> int:
    from studyapp.packs.problems import visible

    print(visible(f"studyapp pack new: {message}"), file=sys.stderr)
    return code
