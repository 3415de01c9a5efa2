"""Rules about what any file may hold."""

from __future__ import annotations

import ast
import io
import re
import tokenize

import pytest

from tests.house.tree import ROOT, TEXT, files, parsed, place, python

LIMIT = 400

# Patterns that do not match themselves, so that this file may be searched like any other.
OUT_OF_PLACE = {
    "the address of a package registry": r"index[-]url|pypi[.]org|python[h]osted|find[-]links",
    "a folder of one machine": r"(?<!\w)/(?:work|root|home|opt)[/]",
    "a note to self": r"\b(?:TO[D]O|FIX[M]E|XX[X]|HAC[K])\b",
}

SUPPRESSION = re.compile(r"#\s*(?:type:\s*ignore|noqa|mypy:|ruff:|pyright:)", re.IGNORECASE)
# The code of what is suppressed, then the reason after a second `#`, in at least two words.
JUSTIFIED = re.compile(
    r"#\s*(?:type: ignore\[[a-z\d-]+(?:, ?[a-z\d-]+)*\]|noqa: [A-Z]+\d+(?:, ?[A-Z]+\d+)*)\s+#\s*\S+\s+\S+"
)


def test_no_file_is_too_long_to_read() -> None:
    counted = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files(".py", ".tcss")}
    assert counted
    assert not [f"{place(path, lines)} is over {LIMIT} lines" for path, lines in counted.items() if lines > LIMIT]


@pytest.mark.parametrize("meaning", OUT_OF_PLACE)
def test_no_word_is_out_of_place(meaning: str) -> None:
    words = re.compile(OUT_OF_PLACE[meaning], re.IGNORECASE if "registry" in meaning else 0)
    found = [
        f"{place(path, number)}: {match[0]}"
        for path in files(*TEXT)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if (match := words.search(line))
    ]
    assert not found, f"{meaning} does not belong here"


def test_every_suppression_names_its_rule_and_its_reason() -> None:
    found = []
    for path in python():
        text = path.read_text(encoding="utf-8")
        # Only in some files there is anything like it, and only its tokens tell a comment from a text.
        tokens = tokenize.generate_tokens(io.StringIO(text).readline) if SUPPRESSION.search(text) else ()
        for token in tokens:
            suppresses = token.type == tokenize.COMMENT and SUPPRESSION.match(token.string)
            if suppresses and not JUSTIFIED.match(token.string):
                found.append(f"{place(path, token.start[0])}: {token.string}")
    assert not found, "write `# noqa: CODE  # the reason`"


@pytest.mark.parametrize("suffix", [".tcss", ".md", ".toml", ".yaml"])
def test_text_ends_in_one_newline_and_holds_no_tabs_or_carriage_returns(suffix: str) -> None:
    for path in files(suffix):
        raw = path.read_bytes()
        assert b"\r" not in raw, path
        assert not raw or (raw.endswith(b"\n") and not raw.endswith(b"\n\n")), path
        if suffix != ".md":
            assert b"\t" not in raw, path


def test_the_package_root_imports_nothing() -> None:
    """Whatever it imported, every command would pay for."""
    body = parsed(ROOT / "studyapp" / "__init__.py").body
    assert [type(node) for node in body] == [ast.Expr]
    assert ast.get_docstring(parsed(ROOT / "studyapp" / "__init__.py"))
