"""Packs as no author would write them: whatever their files hold, a pack and what is wrong with it, soon; no traceback.

By hand, for so many seconds and with a seed: `python -m tests.packs.test_packs_fuzz 1200 7`.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from pathlib import Path

import pytest

from studyapp.packs.compiled import Compiled, stamp
from studyapp.packs.pack import NoPack, open_folder, read_pack
from studyapp.packs.problems import Problem
from studyapp.questions.question import Unreadable
from tests.fuzz import LONG_RUN, by_hand, chance, damaged, fuzz, harmless
from tests.packs.cases import GOLDEN, RIGHT, cases

# fmt: off
WORDS = (
    "null", "~", "true", "no", "-1", "0", "1e9", "99999999999999999999999999999999999999999", ".inf", "0x10", "1:30",
    "2h", "''", "\"", "'", "[", "]", "{", "}", "{}", "[]", ":", "- ", "? ", "&a ", "*a", "<<:",
    "!!python/object:os.system ", "%YAML 1.1", "@", "|", ">", "#", "\t", "\n", "\n\n", "\r\n", "\r", "\u0000",
    "\u001b[31m", "\u202e", "\u200b", "\ufeff", "\u2028", "\u0085", "é", "你", "🙂", "---\n", "---", "...\n", "\n---\n",
    "id: a", "was: [a]", "kind: multi", "kind: order", "vary:\n  x: [1, 2]\n", "let:\n  y: 1\n", "where: x != 1\n",
    "scenario: trio", "extends: trio", "release: ws2016", "static: x", "{x}", "{{x}}", "- [x] a", "- [ ] b\n",
    "- [up(", "- [moved(\"sql\")] ", "[", "]", "(", ")", "1. ", "* ", "> ", "  > ", "    ", "## Why\n", "## Hint\n",
    "### x", "===", "| a | b |\n| - | - |\n", "|", "\\|", "`", "```", "```diagram trio\n",
    "```claim trio\n- claims:\n", "```compare trio trio\n", "```question good\n```\n", "~~~", "<b>", "<!--", "</",
    "&#27;", "[^1]", "[^1]: x", "[a](../b)", "[a](javascript:x)", "![a](assets/b.png)", "[a]: b", "<http://x>",
    "> [!NOTE]\n> ", "not ", " and ", " for h in hosts()", "up(\"host1\")", "lambda: 0", "x.__class__", "certain(",
    "10**9", "1/0", "cut_sets(\"db\", 2)", "at(5, ", "shares: 1", "crash: host1", "- at: 9000h\n", "weight: 50",
    "questions: 9999", "draw: []", "sections: []", "accept: [a]", "answer: 1",
)
NAMES = (
    "lessons/01-a.md", "lessons/a.md", "questions/a.md", "questions/02 b.md", "questions/A.md", "questions/good.md",
    "scenarios/trio.yaml", "scenarios/a.yml", "exams/a.yaml", "labs/a.md", "assets/a.png", "assets/x/y/z",
    "other.txt", "pack.yaml", "questions/con.md", "questions/é.md", "questions/e\u0301.md", "questions/\u202ea.md",
    "questions/a\nb.md", f"questions/{'a' * 120}.md", "questions/.md", "questions/a..md", "x/y.md",
    "questions/deep/a.md", "pack.yaml/a", "glossary.yaml", "Glossary.yml",
)
# fmt: on
Files = dict[str, bytes]


def corpus() -> list[Files]:
    """The packs that the golden cases have, with every kind of question, of file and of fault."""
    found: list[Files] = []
    for path in sorted(GOLDEN.glob("*.txt")):
        for case in cases(path.name):
            files = {**RIGHT, **case.files}
            found.append({name: text.encode("utf-8", "surrogatepass") for name, text in files.items() if text})
    return found


CORPUS = corpus()


def made(draw: random.Random) -> Files:
    """A pack with something wrong in some of its files, or with files that are in a wrong place."""
    files = dict(draw.choice(CORPUS))
    for _ in range(draw.choice((1, 1, 1, 2, 4))):
        name = draw.choice(sorted(files))
        raw = files[name]
        match draw.randint(0, 9):
            case 0:
                files[draw.choice(NAMES)] = raw
            case 1:
                files[name] = files[draw.choice(sorted(files))]
            case 2:
                files[name] = raw[: draw.randint(0, len(raw))]
            case 3:
                at = draw.randint(0, len(raw))
                files[name] = raw[:at] + draw.randbytes(draw.choice((1, 2, 8))) + raw[at:]
            case 4:
                other = dict(draw.choice(CORPUS))
                files.update((each, other[each]) for each in draw.sample(sorted(other), min(2, len(other))))
            case _:
                files[name] = damaged(draw, raw.decode("utf-8", "replace"), WORDS).encode("utf-8", "surrogatepass")
    return files


def write(files: Files, folder: Path) -> None:
    """Write a pack; a file that cannot have its name is left out."""
    for name, raw in files.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(raw)
        except OSError:
            continue


def tried(files: Files, folder: Path) -> str:
    """What goes wrong with a pack, or nothing."""
    write(files, folder)
    try:
        read, problems = read_pack(folder)
    except NoPack as error:
        read, problems = None, (error.problem,)
    opened, later = open_folder(folder), open_folder(folder, whole=False)
    # Where pack.yaml does not say what the pack is, a check reads on for the author, and nobody else does.
    alike = opened.problems == problems if read is not None else set(opened.problems) <= set(problems)
    if not alike:
        return f"a check says {problems} and a learner hears {opened.problems}"
    # Of two questions with one id the check tells only when both can be read.
    if not {each for each in later.problems if each.code != "duplicate-id"} <= {*problems}:
        return f"bodies that were not read make a difference: {later.problems}"
    wrong = next((each.format() for each in problems if not told_well(each, files)), "")
    if wrong or read is None or opened.pack is None or later.pack is None:
        return wrong
    whole = [question.id for question in read.pack.questions]
    if whole != [question.id for question in opened.pack.questions]:
        return "a check and a learner have other questions"
    readable = []
    for question in later.pack.questions:
        try:
            question.content()
        except Unreadable as error:
            if not harmless(str(error)):
                return "a control character came through"
        else:
            readable.append(question.id)
    if not later.problems and not {*whole} <= {*readable}:
        return f"what is read later is not what is read at once: {readable}, {whole}"
    return again(folder, folder.parent / "cache") if not problems else ""


def told_well(problem: Problem, files: Files) -> bool:
    """It can be shown, and its place is in the file."""
    lines = files.get(problem.path, b"").decode("utf-8", "replace").split("\n")
    if problem.path not in files or not problem.line:
        return harmless(problem.format())
    inside = problem.line <= len(lines) and 0 < problem.column <= len(lines[problem.line - 1]) + 1
    return harmless(problem.format()) and inside


def again(folder: Path, cache: Path) -> str:
    """What goes wrong when a pack that is right is remembered and opened again."""
    compiled, opened = Compiled(cache, "fuzz"), open_folder(folder)
    compiled.keep(stamp(folder), opened)
    os.utime(compiled.path, (4e9, 4e9))
    known = compiled.open(folder)
    if known is None:
        return "it was not remembered"
    assert opened.pack is not None
    one, other = (
        [
            *((each.id, each.prompt, each.options, each.vary, each.why, each.hints) for each in pack.questions),
            *((each.id, each.sections) for each in pack.lessons),
            *pack.blueprints,
        ]
        for pack in (known, opened.pack)
    )
    return "" if one == other else "another pack was remembered"


def one(draw: random.Random, number: int) -> tuple[str, object]:
    """One try, in a folder of its own."""
    files = made(draw)
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    try:
        return tried(files, folder / "pack"), files
    finally:
        shutil.rmtree(folder)


def test_damaged_packs_are_read_or_refused() -> None:
    fuzz(one, 1, tries=300, seconds=60)


@pytest.mark.nightly
def test_damaged_packs_are_read_or_refused_for_long() -> None:
    fuzz(one, chance(), tries=10**9, seconds=LONG_RUN)


if __name__ == "__main__":
    by_hand(one, "packs")
