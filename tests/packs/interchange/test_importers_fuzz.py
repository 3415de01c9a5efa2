"""Sources as no author would write them: whatever the text, an account of it or an error, soon; no traceback.

By hand, one form for so many seconds: `python -m tests.packs.interchange.test_importers_fuzz gift 1200`.
"""

from __future__ import annotations

import io
import random
import shutil
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path

import pytest

from studyapp.cli.main import main
from tests.fuzz import LONG_RUN, by_hand, chance, damaged, fuzz, harmless

GIFT = (
    "// [id:a] [tag:hard]\n::Q::[html]<p>What is <b>2</b>?</p> {\n=4#<i>yes</i>\n~%-50%5#no\n####<ul><li>a</ul>\n}",
    "$CATEGORY: $course$/top/A//B/C\n\nGrant is {~buried =entombed ~living} in his tomb.\n\nSky?{TRUE#a#b####c}\n",
    "[markdown]Who `x` *y*\\n\\n- z? {=no one =%50%nobody#half =a * b}\n\nMatch {=a -> b =c->d = -> e}\n",
    "When? {#=1822:5 =%50%1822:9#near ~#far}\n\nRange {#3..4}\n\nText\n\nEssay {}\n\n[plain]<b> {~%50%a ~%50%b ~c}\n",
    '// question: 1  name: a\n\n::b::[html]<p style\\="color\\: red"><sup>2</sup>&nbsp;&nbsp;c</p>{T}\n::d::e {=f}\n',
)
SHEET = (
    'kind,id,prompt,right,option1,reason1,option2,why,hint1\nchoice,a,"Which, of",1,b,"say ""x""",c,d,e\n',
    "kind;prompt;right;unit;tolerance;scoring;shuffle\nnumber;How many?;-2.5;s;0.5;;\n",
    "\ufeffkind\tprompt\toption1\tpair1\toption2\tpair2\nmatch\tPairs\ta\t1\tb\t2\norder\tSort\ta\t\tb\t\n",
    "kind,prompt,option1,option2\r\ntext,'=Who?,no one,'@nobody\r\nyes-no,\"a\r\n\r\nb\",x,y\r\n",
)
WORDS = (
    *("~", "=", "#", "{", "}", ":", "\\", "::", "####", "->", "%50%", "%-100%", "%", "..", "//", "\\n", "\\\\", "\n\n"),
    *("[html]", "[markdown]", "[plain]", "[moodle]", "$CATEGORY: x", "{}", "{T}", "{#1..2}", "=%0.1%", "*", "~~", "=="),
    *(
        ",",
        ";",
        "\t",
        "|",
        '"',
        '""',
        "'",
        "'=",
        "@",
        "+",
        "-",
        "\r",
        "\r\n",
        "\ufeff",
        "kind",
        "option9",
        "right",
        "1 2",
    ),
    *("<p>", "</p>", "<b>", "<ul><li>", "<pre>", "<code>", "<a href=x>", "<!--", "<![", "<?", "&#27;", "&#x202e;", "&"),
    *(
        "## Why",
        "- [x] a",
        "> q",
        "`",
        "```",
        "**",
        "| a | b |\n| - | - |",
        "---",
        "{a}",
        "{{a}}",
        "[^1]",
        "[a]: b",
        "1. ",
    ),
    *(
        "\x00",
        "\x1b[31m",
        "\u202e",
        "\u200b",
        "\u2028",
        "\x85",
        "é",
        "你",
        "🙂",
        "\U0010ffff",
        "con",
        "../x",
        "0",
        "1e999",
    ),
)


def tried(raw: bytes, form: str, folder: Path) -> str:
    """What went wrong with a source, or nothing."""
    file, made = folder / f"source.{form}", folder / "made"
    file.write_bytes(raw)
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        ended = main(["pack", "import", str(file), "--from", form, "-o", str(made)])
    if ended not in (0, 1, 2):
        return f"ended {ended}"
    if (ended == 2) != bool(err.getvalue()):
        return f"ended {ended} and said {err.getvalue()!r}"
    return "" if harmless(out.getvalue() + err.getvalue()) else "a control character came through"


def one(form: str, draw: random.Random, number: int) -> tuple[str, object]:
    """One try, in a folder of its own."""
    text = damaged(draw, draw.choice(GIFT if form == "gift" else SHEET), WORDS)
    raw = text.encode("utf-8", "surrogatepass")
    if draw.randint(0, 20) == 0:
        raw = raw[: draw.randint(0, len(raw))] + bytes([draw.randint(0, 255)])
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    try:
        return tried(raw, form, folder), raw
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("form", ["gift", "csv"])
def test_damaged_sources_give_an_account_or_an_error(form: str) -> None:
    fuzz(partial(one, form), 1, tries=250, seconds=60)


@pytest.mark.nightly
@pytest.mark.parametrize("form", ["gift", "csv"])
def test_damaged_sources_give_an_account_or_an_error_for_long(form: str) -> None:
    fuzz(partial(one, form), chance(), tries=10**9, seconds=LONG_RUN)


if __name__ == "__main__":
    which = sys.argv.pop(1)
    by_hand(partial(one, which), which)
