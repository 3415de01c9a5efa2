"""The text of a question that extends another: each part that its own file does not have is that of the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studyapp.packs.body import heads_of
from studyapp.packs.inheriting import Lines
from studyapp.packs.kinds.table import Block
from studyapp.packs.prose import block_tokens


@dataclass(frozen=True, slots=True)
class _Parts:
    """A body in its parts; one that is not there is empty. `sections` are those with a heading, each with its title."""

    prompt: Lines
    answer: Lines
    sections: tuple[tuple[str, Lines], ...]


def composed(bodies: Sequence[Lines], block: Block) -> Lines:
    """One body of several, of which each part is that of the first that has it."""
    made, *others = [_parted(body, block) for body in bodies]
    for other in others:
        own = {title for title, _ in made.sections}
        made = _Parts(
            made.prompt or other.prompt,
            made.answer or other.answer,
            (*made.sections, *(each for each in other.sections if each[0] not in own)),
        )
    # A list that follows a paragraph without a line between may be taken for a part of it. What is missing is missing
    # in the last of the files, where it is told already: the last of its lines is its place.
    blank, last = Lines(("",), made.prompt.places[-1:] or (1,)), Lines(("",), bodies[-1].places[-1:] or (1,))
    whole = made.prompt + blank + made.answer + (blank if made.answer else last)
    for _, section in made.sections:
        whole += section + blank
    return whole + last


def _parted(body: Lines, block: Block) -> _Parts:
    heads = heads_of(block_tokens(body.text, inline=False))
    ends = [*(start for start, _, _ in heads), len(body.lines)]
    asked = body.cut(0, ends[0])
    found = block(asked.text, block_tokens(asked.text, inline=False))
    start, end = (found[0] - 1, found[1] - 1) if found is not None else (ends[0], ends[0])
    sections = tuple((title, body.cut(begin, stop)) for (begin, _, title), stop in zip(heads, ends[1:], strict=True))
    # What stands below the answer part is told as it would be of a file by itself.
    return _Parts(asked.cut(0, start), asked.cut(start) if found is not None else asked.cut(end), sections)
