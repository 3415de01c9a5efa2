"""The moments that a sliding period counts: starts and failovers of a role. Many cost no more than few, because those
that follow one another evenly, as they do where a role is tried for ever, are kept as one row.
"""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """`many` moments, the first in ms, each `apart` ms after the one before."""

    first: int
    apart: int
    many: int


Moments = tuple[Row, ...]
"""Rows of moments in the order of time."""


def number(moments: Moments) -> int:
    """How many moments there are."""
    return sum(row.many for row in moments)


def with_one(moments: Moments, now: int) -> Moments:
    """One moment more, which is not earlier than the others."""
    if not moments:
        return (Row(now, 0, 1),)
    *others, last = moments
    apart = now - last.first if last.many == 1 else last.apart
    if now == last.first + apart * last.many:
        return (*others, Row(last.first, apart, last.many + 1))
    return (*moments, Row(now, 0, 1))


def later_than(moments: Moments, ms: int) -> Moments:
    """The moments that are later than a time."""
    found: list[Row] = []
    for first, apart, many in moments:
        if first > ms:
            found.append(Row(first, apart, many))
        elif first + apart * (many - 1) > ms:
            gone = (ms - first) // apart + 1
            found.append(Row(first + apart * gone, apart, many - gone))
    return tuple(found)
