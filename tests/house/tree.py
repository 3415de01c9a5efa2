"""The checkout as the house rules see it: its files, its rooms, its settings."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

# The order is that of the layers: each room may import those after it.
ROOMS = (
    "cli",
    "tui",
    "plain",
    "conduct",
    "wiring",
    "store",
    "packs",
    "study",
    "exams",
    "questions",
    "powershell",
    "cluster",
)
PURE_ROOMS = ("study", "exams", "questions", "powershell", "cluster")

OURS = ("studyapp", "tests", "benchmarks", "content", "data", "docs", ".ci")
TEXT = (".cfg", ".ini", ".json", ".md", ".py", ".svg", ".tcss", ".toml", ".txt", ".yaml", ".yml", "")


def files(*suffixes: str, under: tuple[str, ...] = OURS) -> list[Path]:
    """The project's own files with one of the suffixes, in order; files at the top count when `under` is everything."""
    found = [path for folder in under for path in (ROOT / folder).rglob("*")]
    if under == OURS:
        found.extend(ROOT.iterdir())
    return sorted(
        path
        for path in found
        if path.suffix in suffixes and "__pycache__" not in path.relative_to(ROOT).parts and path.is_file()
    )


def python(*under: str) -> list[Path]:
    """The project's own Python files, in order; those of the program and its tests unless told otherwise."""
    return files(".py", under=under or ("studyapp", "tests", "benchmarks"))


def pure(path: Path) -> bool:
    """Whether a file is part of a pure room."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[0] == "studyapp" and len(parts) > 1 and parts[1] in PURE_ROOMS


def rooms() -> list[str]:
    """The rooms that have been made, as the names of what is directly in the package."""
    package = ROOT / "studyapp"
    modules = [path.stem for path in package.glob("*.py") if path.stem != "__init__"]
    packages = [path.parent.name for path in package.glob("*/__init__.py")]
    return sorted(modules + packages)


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Each absolute import in a file, at whatever depth: its line, and the dotted name of the module."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, name.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module


def dotted(node: ast.expr) -> str:
    """A name with its attributes as it is written, such as `datetime.now`; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def place(path: Path, line: int) -> str:
    """A position as editors and people read it."""
    return f"{path.relative_to(ROOT).as_posix()}:{line}"


@cache
def project() -> dict[str, Any]:
    """What pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def contract(name: str) -> dict[str, Any]:
    """One import contract, by its id."""
    contracts: list[dict[str, Any]] = project()["tool"]["importlinter"]["contracts"]
    return next(each for each in contracts if each["id"] == name)
