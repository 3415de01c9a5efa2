"""What the screen of packs says of each pack, and of what has been done with one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from textual.content import Content

from studyapp.packs.archives.listing import HOLDS, Listed
from studyapp.packs.jobs import Holds
from studyapp.packs.problems import Problem, several
from studyapp.tui.text import words
from studyapp.tui.widgets.findings import finding_pieces
from studyapp.tui.widgets.flow import Gap, Line, Piece, Run
from studyapp.tui.widgets.rows import Row

SIGNS = {"going on": ("…", "$accent"), "done": ("✔", "$success"), "not done": ("✖", "$error")}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the last thing that was done, or how far it is: `how` is one of `SIGNS`."""

    how: str
    lines: tuple[str, ...]
    problems: tuple[Problem, ...] = ()


def rows(packs: Sequence[Listed], studied: str) -> list[Row]:
    """Each pack on a line; `studied` is the id of the one that is studied now."""
    if not packs:
        return [Row(Content.styled("There are no packs here any more. Install one to study it.", "$quiet"))]
    return [_row(pack, pack.id == studied) for pack in packs]


def _row(pack: Listed, studied: bool) -> Row:
    comes = "installed" if pack.installed else "built in"
    if pack.trouble is not None:
        state = Content.styled("✖ cannot be opened", "$error")
    else:
        state = words(f"{pack.version}  {comes}", "$quiet")
    if studied:
        state = Content.styled("● studied now  ", "$success") + state
    return Row(words(pack.title or pack.id), state, id=pack.id, numbered=True)


def about(pack: Listed, held: Mapping[Path, Holds | None], *, shadows: bool) -> list[Piece]:
    """All there is to know of a pack; it `shadows` one of the same id that comes with the program."""
    found: list[Piece] = [Line(), Gap(), Run(words(pack.title or pack.id, "bold $primary"))]
    if pack.trouble is not None:
        return [*found, Run(words(f"It cannot be opened: {pack.trouble}.", "bold $error")), _place(pack)]
    by = ", ".join(pack.authors) or "nobody who is named"
    if pack.description:
        found += [Run(words(pack.description)), Gap()]
    found += [
        Run(words(f"{pack.id} {pack.version}, in the language {pack.language}")),
        Run(words(f"by {by}")),
        Run(words(f"licence: {pack.license or 'none is named'}")),
        *([Run(words(f"homepage: {pack.homepage}"))] if pack.homepage else []),
        Run(words(_held(pack, held))),
    ]
    if pack.was:
        names = " or ".join(pack.was)
        found.append(Run(words(f"It was called {names} before: what was learned under that name can be copied to it.")))
    if shadows:
        found.append(Run(words("It takes the place of the one that comes with studyapp.")))
    return [*found, _place(pack)]


def _held(pack: Listed, held: Mapping[Path, Holds | None]) -> str:
    known = held.get(pack.folder)
    if known is not None:
        variants = f"{several(known.variants, 'variant')} of {several(known.families, 'question')}"
        return f"{several(known.lessons, 'lesson')}, {variants}, {several(known.exams, 'exam')}"
    counts = ", ".join(several(n, kind.removesuffix("s")) for n, kind in zip(pack.holds, HOLDS, strict=True))
    return f"{counts}; its variants cannot be counted" if pack.folder in held else f"{counts}; counting variants …"


def _place(pack: Listed) -> Piece:
    return Run(words(str(pack.folder), "$quiet"))


def told(outcome: Outcome | None) -> list[Piece]:
    """What became of the last thing that was done."""
    if outcome is None:
        return []
    sign, style = SIGNS[outcome.how]
    first, *others = outcome.lines
    mark, under = Content.styled(f"{sign} ", f"bold {style}"), Content("  ")
    lines = [Run(words(first, f"bold {style}"), mark, under), *(Run(words(line), under, under) for line in others)]
    return [Gap(), Line(), Gap(), *lines, Gap(), *finding_pieces(outcome.problems, path=True)]
