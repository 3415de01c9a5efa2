"""What is said of a pack that has been installed, and what is asked before, whoever asks."""

from __future__ import annotations

from collections.abc import Iterator

from studyapp.packs.archives.changes import Changes
from studyapp.packs.archives.installing import Plan
from studyapp.packs.content import Pack
from studyapp.packs.problems import several, visible

OPEN_EXAM = "an exam in it is open, and its questions may change or go"
"""A reason to ask before a pack is changed: somebody is sitting an exam in it."""

_DONE = {"added": "added", "changed": "changed", "renamed": "renamed", "removed": "removed", "same": "as before"}


def about_lines(pack: Pack) -> tuple[str, ...]:
    """What a pack says of itself: before it is installed where something is asked, and afterwards; safe to print."""
    return tuple(visible(line) for line in (pack.description, pack.homepage) if line)


def installed_lines(plan: Plan) -> Iterator[str]:
    """What has been installed, and what is new in it, line by line; safe to print."""
    pack = plan.pack
    if plan.done:
        yield f"{pack.id} {pack.version} is installed already"
        return
    by = f" by {', '.join(pack.authors)}" if pack.authors else ""
    under = f", {pack.license}" if pack.license else ""
    yield visible(f'installed {pack.id} {pack.version}: "{pack.title}"{by}{under}')
    yield from about_lines(pack)
    for old in plan.stays:
        yield visible(f"it says that it was called {old}, which stays as it is beside it")
    if plan.before is None:
        held = (len(pack.lessons), "lesson"), (len(pack.questions), "question"), (len(pack.blueprints), "exam")
        yield f"it holds {', '.join(several(number, word) for number, word in held)}"
    else:
        yield visible(f"in the place of {plan.before}")
    for word, changes in (("questions", plan.questions), ("lessons", plan.lessons)):
        if changes is not None:
            yield f"{word}: {_counted(changes)}"
    if plan.questions is not None and plan.questions.removed:
        yield "answers to questions that are removed are kept, and count again should they come back"
    if plan.questions is not None and plan.questions.changed:
        yield "answers to questions that are changed count as before"


def _counted(changes: Changes) -> str:
    counts = {said: len(getattr(changes, kind)) for kind, said in _DONE.items()}
    return ", ".join(f"{number} {said}" for said, number in counts.items() if number) or "none"
