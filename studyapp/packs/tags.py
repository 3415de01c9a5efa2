"""Tags of a question: words of the author's own, by which questions are found and chosen whatever they are about."""

from __future__ import annotations

from studyapp.packs.fields import Fields
from studyapp.packs.problems import quoted

MOST_TAGS = 10
"""Tags of one question."""
LONGEST_TAG = 40
"""Characters of a tag."""
APART = ",[]"
"""What stands between tags, or around them, where they are written on one line: it is no part of a tag."""


def read_tags(fields: Fields) -> tuple[str, ...]:
    """The tags of a question. One that cannot be is left out and reported, and so is one that is there twice, whatever
    its case.
    """
    items = fields.items("tags")
    if len(items) > MOST_TAGS:
        fields.say(items[MOST_TAGS], "too-big", f"a question has at most {MOST_TAGS} tags")
    found: dict[str, str] = {}
    for item in items[:MOST_TAGS]:
        word = fields.line(item, "a tag")
        if word is None:
            continue
        if not good_tag(word.text):
            hint = f"at most {LONGEST_TAG} characters, and none of {' '.join(APART)}"
            fields.say(word, "bad-name", f"a tag cannot be {quoted(word.text)}", hint)
        elif word.text.casefold() in found:
            fields.say(word, "named-twice", f"the tag {quoted(word.text)} is there twice, whatever its case")
        else:
            found[word.text.casefold()] = word.text
    return tuple(found.values())


def good_tag(text: str) -> bool:
    """The text, without spaces at its edges, can be a tag."""
    return 0 < len(text) <= LONGEST_TAG and not any(sign in text for sign in APART)
