"""Scenarios and claims as no author would write them: whatever the text, an answer or an error, soon; no traceback."""

from __future__ import annotations

import io
import random
import resource
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from studyapp.cli.main import main
from tests.house.tree import ROOT

SECONDS = 2.0
"""CPU time that one text may take."""
GROWTH = 500_000
"""Kilobytes that the process may grow by over all texts."""
LONG_RUN = 1_800.0
"""Seconds of the nightly run."""

WORDS = (
    *("null", "~", "true", "no", "-1", "0", "1e9", "99999999999999999999", ".inf", ".nan", "0x10", "1:30", "2h", "1ms"),
    *(
        "''",
        '"',
        "'",
        "[",
        "]",
        "{",
        "}",
        "[]",
        "{}",
        ":",
        "- ",
        "&a",
        "*a",
        "<<:",
        "!!python/object:os.system",
        "%",
        "@",
    ),
    *("|", ">", "#", "\t", "\n", "\r\n", "\x00", "\x1b[31m", "\u202e", "\u200b", "\ufeff", "é", "你", "🙂", "\ud7ff"),
    *(
        "---\n",
        "...\n",
        "h1",
        "host1",
        "vm1",
        "hv",
        "all",
        "none",
        "east",
        "kind",
        "nodes",
        "timeline",
        "claims",
        "until",
    ),
    *("at: 10000h", "crash: [h1, h1]", "until: 9000h", "extends: itself", "release: ws2016", "quorum: dynamic"),
)
CLAIM_WORDS = (
    *(
        "(",
        ")",
        "[",
        "]",
        '"',
        "'",
        ",",
        " ",
        "not ",
        " and ",
        " or ",
        " in ",
        " for x in ",
        " if ",
        " else ",
        "==",
        "<",
        "**",
    ),
    *(
        "%",
        "/",
        "//",
        "-",
        "0",
        "1",
        "10**9",
        "1e308",
        "inf",
        "None",
        "True",
        "lambda: 0",
        "x",
        ":=",
        ".",
        "__class__",
        "{",
        "}",
    ),
    *(
        "quorum",
        "owner",
        "up",
        "at",
        "ever",
        "always",
        "survives",
        "cut_sets",
        "chance",
        "len",
        "all",
        "any",
        "detected",
    ),
    *('"hv"', '"vm1"', '"c"', '"h1"', '"none"', "\\", "\x00", "\n", "é", "🙂", "f'", "b''", "..."),
)


def corpus() -> list[str]:
    """Every scenario that the project has, as text."""
    folders = (ROOT / "content", ROOT / "tests" / "golden" / "outcomes", ROOT / "tests" / "golden" / "malformed")
    texts = [path.read_text(encoding="utf-8") for folder in folders for path in sorted(folder.rglob("*.yaml"))]
    parts = [part for text in texts for part in text.split("\n---\n")]
    return [part for part in parts if len(part) < 6_000]


CLAIMS = (
    'available("app") and not moved("vm1")',
    'all(up(h) for h in hosts() if h != "host1")',
    'at(5, quorum("hv")) or ever(votes("hv") < votes_needed("hv"))',
    'survives("app", 2, "hosts") and len(cut_sets("app", 2)) > 1',
    'chance(owner("sql") == "h2") >= 0.5',
    'before("detected", "host1", "failover", "vm1")',
    'target("web", "10.0.0.7", 50000) in nodes("farm")',
    "[n for n in hosts()] if True else 1 / 0",
)


def damaged(draw: random.Random, text: str, words: tuple[str, ...]) -> str:
    """The text with a few places cut out, repeated, exchanged, or overwritten by words."""
    for _ in range(draw.randint(1, 6)):
        at = draw.randint(0, len(text))
        length = draw.choice((1, 2, 5, 20, 200))
        piece, place = text[at : at + length], draw.randint(0, len(text))
        match draw.randint(0, 5):
            case 0:
                text = text[:at] + text[at + length :]
            case 1:
                text = text[:place] + piece + text[place:]
            case 2:
                text = text[:at] + draw.choice(words) + text[at + draw.choice((0, 0, length)) :]
            case 3:
                text = text[:at] + piece * draw.choice((2, 3, 50)) + text[at + length :]
            case 4:
                lines = text.splitlines(keepends=True)
                draw.shuffle(lines)
                text = "".join(lines) if draw.randint(0, 3) == 0 else text
            case _:
                text = text[:at] + chr(draw.choice((0, 9, 27, 127, 133, 160, 0x2028, 0x10FFFF))) + text[at:]
    return text


def tried(text: str, claim: str, folder: Path) -> str:
    """What went wrong with a text, or nothing."""
    file = folder / "scenario.yaml"
    file.write_text(text, encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    before = time.process_time()
    with redirect_stdout(out), redirect_stderr(err):
        ended = main(["simulate", str(file), "--format", "jsonl", f"--claim={claim}"])
    if ended not in (0, 2):
        return f"ended {ended}"
    if (ended == 2) != bool(err.getvalue()):
        return f"ended {ended} and said {err.getvalue()!r}"
    if any(ord(c) < 32 and c != "\n" for c in out.getvalue() + err.getvalue()):
        return "a control character came through"
    spent = time.process_time() - before
    return f"took {spent:.1f} s" if spent > SECONDS else ""


def fuzz(seed: int, folder: Path, *, texts: int, seconds: float) -> None:
    draw, known, until = random.Random(seed), corpus(), time.monotonic() + seconds
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(texts):
        if time.monotonic() > until:
            break
        text = draw.choice(known)
        text = damaged(draw, text, WORDS) if draw.randint(0, 4) else text
        claim = damaged(draw, draw.choice(CLAIMS), CLAIM_WORDS) if draw.randint(0, 4) else draw.choice(CLAIMS)
        wrong = tried(text, claim, folder)
        assert not wrong, f"{wrong}: seed {seed}, number {number}\n--- claim\n{claim!r}\n--- text\n{text}"
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - size
    assert grown < GROWTH, f"grew by {grown} KB"


def test_damaged_texts_give_an_answer_or_an_error(tmp_path: Path) -> None:
    fuzz(1, tmp_path, texts=400, seconds=60)


@pytest.mark.nightly
def test_damaged_texts_give_an_answer_or_an_error_for_long(tmp_path: Path) -> None:
    fuzz(random.randrange(10**9), tmp_path, texts=10**9, seconds=LONG_RUN)
