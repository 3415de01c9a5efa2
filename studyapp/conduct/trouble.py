"""What can go wrong while somebody practises or sits an exam, other than with what is remembered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from studyapp.cluster.claims.claim import ClaimError
from studyapp.cluster.clients.service import NeedsClient
from studyapp.cluster.world import RunTooLong
from studyapp.questions.kinds import misfit
from studyapp.questions.question import StageError, Unreadable, Variant
from studyapp.questions.response import Response
from studyapp.questions.runs import Unanswerable
from studyapp.questions.variants import TooManyVariants

CANNOT_BE_ASKED = (ClaimError, NeedsClient, Unanswerable, RunTooLong, StageError, TooManyVariants, Unreadable)
"""What a question can be wrong with that only shows when it is asked or graded; a check of the pack finds it before."""


class ConductError(Exception):
    """Something cannot go on: `what` happened, what is `kept`, what to try (`try_`). Each is one or more sentences."""

    def __init__(self, what: str, kept: str, try_: str) -> None:
        super().__init__(f"{what} {kept} {try_}")
        self.what = what
        self.kept = kept
        self.try_ = try_


class BadResponse(Exception):
    """An answer that does not fit its question; the message says how to answer it."""


@contextmanager
def asking(what: str) -> Iterator[None]:
    """Say for people that something (`The question x`) cannot be asked."""
    try:
        yield
    except CANNOT_BE_ASKED as error:
        raise ConductError(
            f"{what} cannot be asked: {str(error).removesuffix('.')}.",
            "Every answer so far is kept.",
            'Leave it out, and tell its author; "studyapp pack check" says what is wrong with it.',
        ) from error


def check_response(variant: Variant, response: Response) -> None:
    """See that an answer fits its question; an empty one is for the caller to judge.

    Raises:
        BadResponse: it does not fit.
    """
    wrong = misfit(variant, response)
    if wrong:
        raise BadResponse(wrong)
