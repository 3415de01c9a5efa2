"""Placeholders: `{name}` in an author's text stands for a value of the variant."""

from __future__ import annotations

import re
from collections.abc import Mapping

from studyapp.cluster.kinds import Value

PLACEHOLDER = re.compile(r"\{\{([a-z_][a-z0-9_]*)\}\}|\{([a-z_][a-z0-9_]*)\}")


def fill(text: str, values: Mapping[str, Value]) -> str:
    """Replace each `{name}` of `values`; `{{name}}` is a literal `{name}`, every other brace is text."""

    def one(match: re.Match[str]) -> str:
        literal, name = match.groups()
        if literal is not None:
            return "{" + str(literal) + "}"
        return in_words(values[name]) if name in values else match.group()

    return PLACEHOLDER.sub(one, text)


def in_words(value: Value) -> str:
    """A value as a reader meets it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return ", ".join(in_words(item) for item in value)
    return str(value)
