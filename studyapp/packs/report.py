"""What a check found, and how it is written down to be remembered: plain data, taken back only when it is whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from studyapp.packs.advice import Looks
from studyapp.packs.codes import CODES
from studyapp.packs.families import MAX_VARIANTS, Family
from studyapp.packs.problems import Problem, several

Beliefs = Mapping[str, Mapping[int, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found.

    `ran` is False when there was no pack to check. Of the `families`, `modelled` are decided by the model, `static` by
    the author, `mixed` by both. Of their `variants`, `proved` were tried and have nothing wrong, in families of which
    every variant was tried; `sampled` were tried of families too large for that, which have `large` in all. `bound` is
    the number up to which all are. `wrong` counts the wrong options tried, `foreseen` those that a misconception
    predicts; `beliefs` names the misconceptions for each option of a question (from 0), `solutions` a solution for each
    question that asks for one. `worlds` is the number of simulations. `untried` are questions of which nothing was
    tried, because those before them took as much work as a pack may: they are none of the `families`. `unproved` are
    the paths of files of which nothing is said and nothing proved: such questions, and what stands on a file that is
    wrong.
    """

    problems: tuple[Problem, ...]
    ran: bool = True
    families: int = 0
    modelled: int = 0
    mixed: int = 0
    static: int = 0
    variants: int = 0
    proved: int = 0
    sampled: int = 0
    large: int = 0
    bound: int = MAX_VARIANTS
    claims: int = 0
    wrong: int = 0
    foreseen: int = 0
    beliefs: Beliefs | None = None
    solutions: Mapping[str, str] | None = None
    worlds: int = 0
    untried: int = 0
    unproved: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """It ran, and nothing is an error."""
        return self.ran and not any(problem.severity == "error" for problem in self.problems)

    def counted(self) -> str:
        """How far the proof goes, in words."""
        words = f"proved {self.proved:,} of {self.variants - self.large:,} variants"
        if self.large:
            words += f"; sampled {self.sampled:,} of {self.large:,}, not proved"
        if self.untried:
            words += f"; {several(self.untried, 'question')} not tried"
        return words


def summed(
    problems: tuple[Problem, ...],
    families: Iterable[Family],
    claims: int,
    worlds: int,
    untried: int,
    unproved: tuple[str, ...],
) -> CheckReport:
    """The report over all families."""
    families = tuple(families)
    kinds = [family.kind for family in families]
    large = [family for family in families if family.sampled]
    return CheckReport(
        problems=problems,
        families=len(families),
        modelled=kinds.count("modelled"),
        mixed=kinds.count("mixed"),
        static=kinds.count("static"),
        variants=sum(family.variants for family in families),
        proved=sum(family.proved for family in families if not family.sampled),
        sampled=sum(family.tried for family in large),
        large=sum(family.variants for family in large),
        claims=claims,
        wrong=sum(family.wrong for family in families),
        foreseen=sum(family.foreseen for family in families),
        beliefs={family.id: dict(family.beliefs) for family in families if family.beliefs},
        solutions={family.id: family.solution for family in families if family.solution},
        worlds=worlds,
        untried=untried,
        unproved=unproved,
    )


# -- written down -----------------------------------------------------------------------------------------------------


class NotWhole(Exception):
    """What was written down is not what this program writes."""


_COUNTS = (
    *("ran", "families", "modelled", "mixed", "static", "variants", "proved", "sampled", "large", "bound", "claims"),
    *("wrong", "foreseen", "worlds", "untried"),
)
_PROBLEM = ((str,), (int,), (int,), (str,), (str,), (str, type(None)), (str, type(None)), (list,))
_FAMILY = ("id", "kind", "variants", "tried", "proved", "wrong", "foreseen", "solution", "reasoned", "spent")
_FAMILY_TYPES = (str, str, int, int, int, int, int, str, int, int)


def report_data(report: CheckReport) -> dict[str, Any]:
    """A report as JSON has it."""
    return {
        **{name: getattr(report, name) for name in _COUNTS},
        "problems": [_problem_data(problem) for problem in report.problems],
        "beliefs": {name: [[i, list(names)] for i, names in by.items()] for name, by in (report.beliefs or {}).items()},
        "solutions": dict(report.solutions or {}),
        "unproved": list(report.unproved),
    }


def report_from(data: Any) -> CheckReport:
    """A report that was written down. Raises NotWhole."""
    if not isinstance(data, dict) or set(data) != {*_COUNTS, "problems", "beliefs", "solutions", "unproved"}:
        raise NotWhole
    counts = {name: data[name] for name in _COUNTS}
    _all_of(counts.values(), (int,))
    _all_of([data["beliefs"], data["solutions"]], (dict,))
    _all_of([data["unproved"]], (list,))
    _all_of(data["unproved"], (str,))
    _all_of(data["solutions"].values(), (str,))
    beliefs = {name: dict(_beliefs(by)) for name, by in data["beliefs"].items()}
    problems, unproved = _problems(data["problems"]), tuple(data["unproved"])
    return CheckReport(problems=problems, beliefs=beliefs, solutions=data["solutions"], unproved=unproved, **counts)


def family_data(family: Family) -> dict[str, Any]:
    """What was found of a question, as JSON has it."""
    looks = family.looks
    return {
        **{name: getattr(family, name) for name in _FAMILY},
        "problems": [_problem_data(problem) for problem in family.problems],
        "looks": None if looks is None else [getattr(looks, name) for name in Looks.__slots__],
        "beliefs": [[index, list(names)] for index, names in family.beliefs],
    }


def family_from(data: Any) -> Family:
    """What was written down of a question. Raises NotWhole."""
    if not isinstance(data, dict) or set(data) != {*_FAMILY, "problems", "looks", "beliefs"}:
        raise NotWhole
    own = {name: data[name] for name in _FAMILY}
    if any(type(own[name]) is not kind for name, kind in zip(_FAMILY, _FAMILY_TYPES, strict=True)):
        raise NotWhole
    looks = None
    if data["looks"] is not None:
        _all_of(data["looks"], (int, float))
        if len(data["looks"]) != len(Looks.__slots__):
            raise NotWhole
        looks = Looks(*data["looks"])
    return Family(problems=_problems(data["problems"]), looks=looks, beliefs=_beliefs(data["beliefs"]), **own)


def _problem_data(problem: Problem) -> list[Any]:
    return [*(getattr(problem, name) for name in Problem.__slots__[:-1]), list(problem.trace)]


def _problems(data: Any) -> tuple[Problem, ...]:
    _all_of([data], (list,))
    _all_of(data, (list,))
    found = []
    for row in data:
        if len(row) != len(_PROBLEM) or not all(map(isinstance, row, _PROBLEM)) or row[3] not in CODES:
            raise NotWhole
        _all_of(row[-1], (str,))
        path, line, column, code, message, hint, variant, trace = row
        found.append(Problem(path, line, column, code, message, hint, variant, tuple(trace)))
    return tuple(found)


def _beliefs(data: Any) -> tuple[tuple[int, tuple[str, ...]], ...]:
    _all_of([data], (list,))
    _all_of(data, (list,))
    if any(len(row) != 2 or not isinstance(row[1], list) for row in data):
        raise NotWhole
    _all_of([index for index, _ in data], (int,))
    _all_of([name for _, names in data for name in names], (str,))
    return tuple((index, tuple(names)) for index, names in data)


def _all_of(values: Iterable[Any], kinds: tuple[type, ...]) -> None:
    if not all(isinstance(value, kinds) for value in values):
        raise NotWhole
