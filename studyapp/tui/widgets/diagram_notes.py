"""What a diagram says at length when it is asked: why something happened, and what its signs mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.content import Content

from studyapp.cluster.bench import OWN_ACT, Bench
from studyapp.packs.facts import RuleText
from studyapp.tui.text import words
from studyapp.tui.widgets.diagram_canvas import ASCII_SIGNS, DOUBLE, HEAVY, LIGHT, SIGNS, Canvas, in_ascii
from studyapp.tui.widgets.flow import Gap, Piece, Run

_SIGNS_MEAN = (
    ("up", "up: it answers"),
    ("down", "down; on a line: the cluster does not count this node"),
    ("silent", "silent: on, but it hangs; at a service: only part of its clients get an answer"),
    ("cut off", "cut off from the network; on a line: these two do not hear one another"),
    ("role", "a role on its owner; after the name of a virtual machine: it is highly available"),
    ("starting", "a role that is starting, or about to"),
    ("beat", "heartbeats are heard along this line"),
    ("full", "the share of new clients that an NLB host gets"),
)
_LINES_MEAN = (
    (LIGHT, "joins the nodes of a failover cluster of hosts"),
    (DOUBLE, "joins the nodes of a failover cluster of virtual machines"),
    (HEAVY, "joins the hosts of an NLB cluster"),
)


def legend(*, ascii_only: bool) -> list[Piece]:
    """What the signs and the lines mean."""
    signs = ASCII_SIGNS if ascii_only else SIGNS
    canvas = Canvas(0, 0, ascii_only=ascii_only)
    meanings = [(f"{signs[name]}   ", meaning) for name, meaning in _SIGNS_MEAN if signs[name]]
    meanings += [(f"{canvas.line_sample(weight) * 3} ", meaning) for weight, meaning in _LINES_MEAN]
    return [_marked(sign, meaning) for sign, meaning in meanings]


def reasons(
    benches: Sequence[Bench], titles: Sequence[str], rules: Mapping[str, RuleText], *, ascii_only: bool
) -> list[Piece]:
    """For each bench the chain of causes of its last event, numbered, and why nothing follows where nothing does; then
    the rules at work, each with its sources.
    """
    found: list[Piece] = []
    for bench, title in zip(benches, titles, strict=True):
        if title:
            found += [Gap(), Run(words(title, "bold $primary"))]
        for number, sentence in enumerate(bench.why(), start=1):
            found.append(_marked(f"{number:>2}  ", in_ascii(sentence) if ascii_only else sentence))
        if bench.event is not None and not bench.rules_of_why():
            found.append(Run(words(OWN_ACT)))
    for name in dict.fromkeys(name for bench in benches for name in bench.rules_of_why()):
        if name in rules:
            sources = "; ".join(each.brief for each in rules[name].sources)
            told = ((rules[name].text, ""), (sources, "$quiet"))
            found += [Gap(), *(Run(words(in_ascii(text) if ascii_only else text, style)) for text, style in told)]
    return found


def _marked(mark: str, text: str) -> Run:
    return Run(words(text), Content.styled(mark, "bold $accent"), Content(" " * len(mark)))
