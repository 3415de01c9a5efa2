"""Writes items as the files of a pack. What is written is read again by the pack's own reader before it counts."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType

from studyapp.packs.families import prove_family
from studyapp.packs.fields import ID, Fields, Word
from studyapp.packs.interchange.items import DIFFICULTY, Choice, Item, Refused
from studyapp.packs.interchange.unrolling import NO_WHY, item_of
from studyapp.packs.problems import Problem
from studyapp.packs.questions import read_question
from studyapp.packs.scenarios import PackStage
from studyapp.packs.worlds import Worlds
from studyapp.questions.filling import PLACEHOLDER
from studyapp.questions.parts import ALL_OR_NOTHING
from studyapp.questions.variants import make_variant

LONGEST_SLUG = 60
"""Characters of an id that is made out of a text."""
LONGEST_KEPT = 90
"""Characters of an id that is kept as it is: a number may have to follow it."""
NO_OBJECTIVE = "imported"
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])\Z")
_BULLETS = "-*+"


def slug(text: str, otherwise: str) -> str:
    """An id out of a text: small letters, digits and single hyphens."""
    made = text
    if not ID.match(text) or len(text) > LONGEST_KEPT:
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
        made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-")
    return f"{made}-x" if _DEVICE.match(made) else made or otherwise


@dataclass(slots=True)
class Names:
    """Gives each item an id that no other has, and each path of objectives one."""

    used: dict[str, int] = field(default_factory=dict)
    """Each id that is taken, and the last number that was set behind it."""
    objectives: dict[tuple[str, ...], str] = field(default_factory=dict)

    def id(self, item: Item, otherwise: str) -> str:
        """The id of an item: its own where it may be one and is free."""
        return self._free(slug(item.id or item.prompt, otherwise))

    def _free(self, wanted: str) -> str:
        made = wanted
        while made in self.used:
            self.used[wanted] += 1
            made = f"{wanted}-{self.used[wanted]}"
        self.used[made] = 1
        return made

    def objective(self, path: tuple[str, ...]) -> str:
        """The id of a path of objectives."""
        path = path or (NO_OBJECTIVE,)
        if path not in self.objectives:
            above = self.objective(path[:-1]) + "/" if len(path) > 1 else ""
            wanted = above + slug(path[-1], "part")
            if len(wanted) > LONGEST_KEPT:
                wanted = f"part-{len(self.objectives) + 1}"
            made, number = wanted, 2
            while made in self.objectives.values():
                made, number = f"{wanted}-{number}", number + 1
            self.objectives[path] = made
        return self.objectives[path]


def fitting_bullet(item: Item) -> str:
    """The mark before its options with which a pack reads an item as it is meant. Raises Refused where none does."""
    refusal = ""
    for bullet in _BULLETS:
        read, refusal = _read_back(question_file(item, NO_OBJECTIVE, bullet), item)
        if read == _comparable(item):
            return bullet
    raise Refused(refusal or "a pack would read it otherwise: marks of its texts run into those of the answers")


def _comparable(item: Item) -> Item:
    return replace(item, id="", objective=())


def _no_stage(fields: Fields, scenarios: tuple[Word, ...]) -> PackStage | None:
    return None


def _read_back(text: str, item: Item) -> tuple[Item | None, str]:
    """What a pack reads in a file, or why its check would refuse it."""
    problems: list[Problem] = []
    source = read_question(text, "imported", "imported.md", _no_stage, problems)
    if source is not None:
        proof = prove_family(source, Worlds(), beliefs=False)
        problems.extend(problem for problem in proof.problems if problem.severity == "error")
    if source is None or problems:
        return None, problems[0].message if problems else ""
    return replace(item_of(source.question, make_variant(source.question, 0)), id="", objective=()), ""


def question_file(item: Item, objective: str, bullet: str) -> str:
    """The text of a question's file."""
    front = [f"kind: {item.kind}", f"objective: {objective}", *_PARTS[item.kind].front(item)]
    if item.difficulty != DIFFICULTY:
        front.append(f"difficulty: {item.difficulty}")
    if item.tags:
        front.append(f"tags: [{', '.join(map(quoted_word, item.tags))}]")
    body = [_literal(item.prompt), *_PARTS[item.kind].body(item, bullet)]
    body.extend(f"## Hint\n{_literal(hint)}" for hint in item.hints)
    body.append(f"## Why\n{_literal(item.why) or NO_WHY}")
    return "\n".join(["---", *front, "---"]) + "\n" + "\n\n".join(body) + "\n"


def _literal(text: str) -> str:
    """The text with what would be taken for a placeholder's literal braces written so that it stays as it is."""
    return PLACEHOLDER.sub(lambda found: "{" + found[0] + "}" if found[1] is not None else found[0], text)


def quoted_word(text: str) -> str:
    """A text as a quoted word of YAML."""
    return json.dumps(text, ensure_ascii=False)


def plain_number(value: float) -> str:
    """A number without an exponent, exactly as it is."""
    text = format(Decimal(repr(value)), "f")
    return text.removesuffix(".0")


@dataclass(frozen=True, slots=True)
class _Part:
    """How the answer part of a kind is written: lines of the front matter, and paragraphs of the body."""

    front: Callable[[Item], list[str]]
    body: Callable[[Item, str], list[str]]


def _options_front(item: Item) -> list[str]:
    scoring = [f"scoring: {item.scoring}"] if item.scoring != ALL_OR_NOTHING else []
    return scoring if item.shuffle else [*scoring, "shuffle: false"]


def _options_body(item: Item, bullet: str) -> list[str]:
    return ["\n".join(line for option in item.options for line in _option(option, bullet))]


def _option(option: Choice, bullet: str) -> Iterator[str]:
    lines = _literal(option.text).split("\n")
    yield f"{bullet} [{'x' if option.right else ' '}] {lines[0]}"
    yield from (f"  {line}".rstrip() for line in lines[1:])
    if option.reason:
        yield from (f"  > {line}".rstrip() for line in _literal(option.reason).split("\n"))


def _order_body(item: Item, bullet: str) -> list[str]:
    steps = []
    for number, text in enumerate(item.texts, start=1):
        lines = _literal(text).split("\n")
        marker = f"{number}{')' if bullet == '*' else '.'} "
        steps.append(marker + f"\n{' ' * len(marker)}".join(lines))
    return ["\n".join(steps)]


def _match_body(item: Item, bullet: str) -> list[str]:
    rows = [" | ".join(("", *(_literal(cell).replace("|", "\\|") for cell in pair), "")).strip() for pair in item.pairs]
    return ["\n".join(["| | |", "| --- | --- |", *rows])]


def _number_front(item: Item) -> list[str]:
    front = [f"answer: {quoted_word(plain_number(item.number))}"]
    if item.unit:
        front.append(f"unit: {quoted_word(item.unit)}")
    return [*front, f"tolerance: {plain_number(item.tolerance)}"] if item.tolerance else front


def _nothing(item: Item, bullet: str) -> list[str]:
    return []


def _text_front(item: Item) -> list[str]:
    return ["accept:", *(f"  - {quoted_word(_literal(text))}" for text in item.texts)]


def _order_front(item: Item) -> list[str]:
    return [f"scoring: {item.scoring}"] if item.scoring != ALL_OR_NOTHING else []


def _no_front(item: Item) -> list[str]:
    return []


_PARTS: Mapping[str, _Part] = MappingProxyType(
    {
        **dict.fromkeys(("choice", "multi", "yes-no"), _Part(_options_front, _options_body)),
        "number": _Part(_number_front, _nothing),
        "text": _Part(_text_front, _nothing),
        "order": _Part(_order_front, _order_body),
        "match": _Part(_no_front, _match_body),
    }
)


# -- the manifest ---------------------------------------------------------------------------------------------------


def manifest_file(identity: str, title: str, objectives: Mapping[tuple[str, ...], str]) -> str:
    """The text of pack.yaml: all objectives at the top weigh the same."""
    tops = [path for path in objectives if len(path) == 1]
    lines = [
        "format: 1",
        f"id: {identity}",
        f"title: {quoted_word(title)}",
        "version: 0.1.0",
        "language: en",
        "objectives:",
    ]
    for place, path in enumerate(tops):
        weight = 100 * (place + 1) // len(tops) - 100 * place // len(tops)
        lines.extend(_objective(path, objectives, "  ", weight))
    return "\n".join(lines) + "\n"


def _objective(
    path: tuple[str, ...], objectives: Mapping[tuple[str, ...], str], indent: str, weight: int | None = None
) -> Iterator[str]:
    yield f"{indent}- id: {objectives[path]}"
    yield f"{indent}  title: {quoted_word(path[-1])}"
    if weight is not None:
        yield f"{indent}  weight: {weight}"
    below: Sequence[tuple[str, ...]] = [other for other in objectives if other[:-1] == path]
    if below:
        yield f"{indent}  children:"
        for other in below:
            yield from _objective(other, objectives, indent + "    ")
