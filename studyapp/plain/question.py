"""A question asked in lines: the prompt, the cluster in words, what there is to choose or arrange by number."""

from __future__ import annotations

from studyapp.cluster.bench import Bench
from studyapp.packs.prose import parse_prose
from studyapp.plain.answers import way_of
from studyapp.plain.diagram import standing
from studyapp.plain.prose import prose_lines
from studyapp.plain.talk import Talk
from studyapp.questions.question import Variant


def tell_markdown(talk: Talk, markdown: str) -> None:
    """Say a text of a pack."""
    talk.lines(prose_lines(parse_prose(markdown), talk.width))


def tell_question(talk: Talk, variant: Variant) -> None:
    """Say the prompt, the cluster before anything happens, and what is to be chosen or arranged, as shown."""
    tell_markdown(talk, variant.prompt)
    if variant.scenario is not None:
        talk.gap()
        talk.say("The cluster, before anything happens:")
        talk.items(standing(Bench.of(variant.scenario)))
    talk.gap()
    way_of(variant).tell(talk, variant)
