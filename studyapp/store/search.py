"""Words looked up in texts, as they are typed: a full-text index of SQLite that lives in memory and is thrown away."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from studyapp.store.errors import StoreError

MOST_WORDS = 12
"""Words of a query that are looked up."""
_BEGIN, _END = "\x02", "\x03"
"""What the index puts around what it found; texts hold no such characters."""
_CONTROLS = dict.fromkeys(range(32), " ")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to be found: `key` says where it is, and means nothing here; `kind` numbers the kind of thing it is."""

    key: str
    title: str
    text: str
    kind: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that was found, with the stretch of its text that fits best; `marks` are the places, from and to, of the
    words in it that were looked for.
    """

    entry: Entry
    excerpt: str
    marks: tuple[tuple[int, int], ...]


class SearchIndex:
    """Finds entries by the beginnings of words, whatever their case and accents. One thread at a time may use it."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Raises StoreError where this Python's SQLite cannot search texts."""
        self._entries = tuple(entries)
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        rows = (
            (number, entry.title.translate(_CONTROLS), entry.text.translate(_CONTROLS))
            for number, entry in enumerate(self._entries)
        )
        try:
            self._connection.execute(
                "CREATE VIRTUAL TABLE entry USING fts5(title, text, tokenize = 'unicode61 remove_diacritics 2')"
            )
            self._connection.executemany("INSERT INTO entry (rowid, title, text) VALUES (?, ?, ?)", rows)
        except sqlite3.OperationalError as error:
            raise StoreError(
                f"The search does not work with this Python: {error}.",
                "Everything else works.",
                "Use a Python whose SQLite has FTS5, as the usual ones do.",
            ) from error

    def find(self, query: str, most: int = 50) -> tuple[Found, ...]:
        """The entries that have words beginning like all of those in the query, the best first; a title counts more.

        Before all others comes the best of each kind, in the order of the kinds: a short text that has the word in its
        name fits best of all, and a dozen of them would hide the one long text that explains it.
        """
        words = ["".join(c if c.isalnum() else " " for c in word).split() for word in query.split()]
        wanted = [each for word in words for each in word][:MOST_WORDS]
        if not wanted:
            return ()
        found = self._connection.execute(
            f"SELECT rowid, snippet(entry, 1, '{_BEGIN}', '{_END}', '…', 24) FROM entry WHERE entry MATCH ?"
            " ORDER BY bm25(entry, 6.0, 1.0), rowid LIMIT ?",
            (" ".join(f'"{word}"*' for word in wanted), most),
        )
        ranked = [Found(self._entries[number], *_marked(excerpt)) for number, excerpt in found]
        best: dict[int, Found] = {}
        for each in ranked:
            best.setdefault(each.entry.kind, each)
        first = [best[kind] for kind in sorted(best)]
        return (*first, *(each for each in ranked if best[each.entry.kind] is not each))


def _marked(excerpt: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """An excerpt without its marks, and where they were."""
    plain, marks, begun = "", [], 0
    for character in excerpt:
        if character == _BEGIN:
            begun = len(plain)
        elif character == _END:
            marks.append((begun, len(plain)))
        else:
            plain += character
    return plain, tuple(marks)
