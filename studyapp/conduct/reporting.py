"""A learner tells an author what is wrong with a question: a file with the variant, the answer and some words."""

from __future__ import annotations

import json
from pathlib import Path

from studyapp.packs.content import Pack
from studyapp.questions.question import Variant
from studyapp.questions.response import Response
from studyapp.store.encoding import response_text
from studyapp.wiring import Services

FORMAT = 1
LONGEST_COMMENT = 10_000
"""Characters."""


class NotReported(Exception):
    """The report could not be written; the message says why and what to do, in sentences."""


def report(services: Services, pack: Pack, variant: Variant, response: Response, verdict: str, comment: str) -> Path:
    """Write a report for the author, which `studyapp pack show` opens. Gives the file.

    Raises:
        NotReported: it cannot be written.
    """
    at = services.now()
    folder = services.paths.data / "reports"
    path = folder / f"{variant.question.id}-{at:%Y%m%d-%H%M%S}-{variant.seed}.json"
    told = {
        "studyapp-report": FORMAT,
        "pack": pack.id,
        "pack_version": pack.version,
        "question": variant.question.id,
        "digest": variant.question.digest,
        "seed": variant.seed,
        "variant": variant.number + 1,
        "values": {name: value for name, value in variant.values if isinstance(value, str | int | float)},
        "answer": json.loads(response_text(response)),
        "verdict": verdict,
        "comment": comment.strip()[:LONGEST_COMMENT],
        "program": services.version,
        "at": at.isoformat(timespec="seconds"),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        why = f"The report cannot be written to {path} ({error.strerror or error})."
        raise NotReported(f"{why} Make its folder writable, and try again.") from error
    return path
