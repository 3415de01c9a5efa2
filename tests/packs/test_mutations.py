"""Right templates made wrong: a check finds each of them, whatever the fault.

The ordinary run takes one mutant of each operator, the nightly run all.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.packs.check import check_pack
from studyapp.packs.families import MAX_VARIANTS
from tests.packs.mutations import OPERATORS, THOUSANDS, Mutant, mutants
from tests.packs.templates import PATH, Template, templates

RIGHT = tuple(templates())
MUTANTS = tuple(mutants())


def sample() -> list[Mutant]:
    """One mutant of each operator, of one template after another."""
    found = []
    for number, operator in enumerate(OPERATORS):
        of_it = [mutant for mutant in MUTANTS if mutant.operator is operator]
        found.append(of_it[number % len(of_it)])
    return found


@pytest.mark.parametrize("template", RIGHT, ids=[template.name for template in RIGHT])
def test_the_templates_are_right(template: Template, tmp_path: Path) -> None:
    report = check_pack(template.write(tmp_path))
    assert [problem.format() for problem in report.problems] == []
    assert report.ok
    assert report.proved == report.variants


def find(mutant: Mutant, folder: Path) -> None:
    report = check_pack(mutant.template.write(folder))
    found = [(problem.path, problem.code) for problem in report.problems]
    told = "\n".join(problem.format() for problem in report.problems)
    assert (PATH, mutant.operator.code) in found, f"{mutant.name}:\n{told}\n{mutant.template.text()}"


@pytest.mark.parametrize("mutant", sample(), ids=lambda mutant: mutant.name)
def test_a_template_made_wrong_is_found(mutant: Mutant, tmp_path: Path) -> None:
    find(mutant, tmp_path)


@pytest.mark.nightly
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_every_template_made_wrong_is_found(mutant: Mutant, tmp_path: Path) -> None:
    find(mutant, tmp_path)


def test_there_are_enough_of_them() -> None:
    texts = {mutant.template.text() + mutant.template.scenario for mutant in MUTANTS}
    assert len(texts) == len(MUTANTS) >= 200
    assert not texts & {template.text() + template.scenario for template in RIGHT}
    assert THOUSANDS <= MAX_VARIANTS, "all of so many variants are tried"
