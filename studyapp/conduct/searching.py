"""What a person can search: lessons, the glossary, their own notes and bookmarks, questions they have met, clusters to
play with.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from studyapp.conduct.marking import marks
from studyapp.conduct.terms import section_text
from studyapp.conduct.trouble import CANNOT_BE_ASKED
from studyapp.packs.characters import clean_text
from studyapp.packs.content import Pack
from studyapp.packs.prose import parse_prose, plain_text
from studyapp.questions.ids import now_called
from studyapp.questions.variants import bare_variant
from studyapp.store.search import Entry, SearchIndex
from studyapp.store.store import Store
from studyapp.study.marks import BOOKMARK, NOTE

LESSON, QUESTION, BENCH, TERM = "lesson", "question", "bench", "term"
KINDS = (NOTE, BOOKMARK, LESSON, TERM, QUESTION, BENCH)
"""The best of each comes first, in this order."""


def search_index(pack: Pack, store: Store) -> SearchIndex:
    """An index of all that there is. Keys are `lesson:ID:SECTION` (from 0), the same with `note`
    or `bookmark`, `question:ID`, `bench:SCENARIO` and `term:NUMBER` (from 0, in the glossary).

    A question is there once it has been answered, in words of the variant that was met last: before that, looking it up
    would take away the fun. Raises StoreError.
    """
    return SearchIndex((*_marks(pack, store), *_terms(pack), *_sections(pack), *_met(pack, store), *_benches(pack)))


def _marks(pack: Pack, store: Store) -> Iterator[Entry]:
    for kind in (NOTE, BOOKMARK):
        for (lesson_id, section), text in marks(store, pack, kind).items():
            heading = pack.lesson(lesson_id).headings[section]
            yield _entry(f"{kind}:{lesson_id}:{section}", f"{heading} · {kind}", text if kind == NOTE else "")


def _sections(pack: Pack) -> Iterator[Entry]:
    for lesson in pack.lessons:
        for number, section in enumerate(lesson.sections):
            title = section.title if section.title == lesson.title else f"{lesson.title} · {section.title}"
            yield _entry(f"{LESSON}:{lesson.id}:{number}", title, section_text(section))


def _terms(pack: Pack) -> Iterator[Entry]:
    for number, term in enumerate(pack.glossary):
        also = f"\nAlso: {', '.join(term.also)}" if term.also else ""
        yield _entry(f"{TERM}:{number}", term.name, plain_text(parse_prose(term.text)) + also)


def _met(pack: Pack, store: Store) -> Iterator[Entry]:
    for question_id, memory in store.memories(pack.id, now_called(pack.questions)).items():
        with suppress(*CANNOT_BE_ASKED, KeyError, IndexError):
            question = pack.question(question_id)
            variant = bare_variant(question, memory.variant_number)
            told = "\n\n".join((variant.prompt, *(option.text for option in variant.options), variant.why))
            tagged = f"\nTags: {', '.join(question.tags)}" if question.tags else ""
            title = pack.objective_title(question.objective)
            yield _entry(f"{QUESTION}:{question.id}", title, plain_text(parse_prose(told)) + tagged)


def _benches(pack: Pack) -> Iterator[Entry]:
    for name, scenario in pack.scenarios.items():
        things = (*scenario.machines, *(cluster.name for cluster in scenario.clusters), *scenario.service)
        yield _entry(f"{BENCH}:{name}", scenario.title, " ".join(things))


def _entry(key: str, title: str, text: str) -> Entry:
    """An entry whose texts are shown as they are: what hides or acts in them has been made visible."""
    return Entry(key, clean_text(title), clean_text(text), KINDS.index(key.partition(":")[0]))
