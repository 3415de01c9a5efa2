"""Ways to make a right template wrong, each with the code by which a check must find it.

An operator gives None for a template that it does not suit. What it expects is said here, before anything is run.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tests.packs.templates import Template, guests, templates

Change = Callable[[Template], Template | None]
CHOICE = ("choice",)
OPTIONS = ("choice", "multi", "yes-no")
THOUSANDS = 2_000
"""Variants of a family in which one alone is wrong; all of so many are tried."""


@dataclass(frozen=True, slots=True)
class Operator:
    """A way to make templates wrong."""

    name: str
    code: str
    change: Change


@dataclass(frozen=True, slots=True)
class Mutant:
    """A template made wrong."""

    operator: Operator
    origin: str
    template: Template

    @property
    def name(self) -> str:
        """What tells it from others."""
        return f"{self.operator.name}: {self.origin}"


def _is_modelled(made: Template) -> bool:
    return made.kind != "text"


# -- options and their claims -----------------------------------------------------------------------------------------


def votes_off_by_one(made: Template) -> Template | None:
    """The claim of the right options counts a vote too many."""
    if made.kind not in CHOICE or "votes(" not in made.options[0][0]:
        return None
    more = [
        (re.sub(r'(votes\("g"\) == )(\d+)', lambda found: f"{found[1]}{int(found[2]) + 1}", claim), text)
        for claim, text in made.options[:2]
    ]
    return replace(made, options=(*more, *made.options[2:]))


def means_the_same(made: Template) -> Template | None:
    """A new option says in other words what is right already."""
    claim = made.options[0][0] if made.kind in CHOICE else ""
    return made.more(f"not (not ({claim}))", "Nothing else than the first of these.") if claim else None


def negated(made: Template) -> Template | None:
    """The last claim is turned round."""
    if made.kind not in CHOICE or len(made.options) < 3:
        return None
    return made.option(-1, f"not ({made.options[-1][0]})")


def wider_than_its_words(made: Template) -> Template | None:
    """A part of a claim is forgotten, so that it holds beside another."""
    # With monitoring on no guest that stays is let be, so that nothing else holds beside it.
    if made.kind not in CHOICE or len(made.options) < 3 or "monitoring on" in made.name:
        return None
    return made.option(1, made.options[1][0].partition(" and ")[0])


def none_is_right(made: Template) -> Template | None:
    """The right options ask for more than there is."""
    if made.kind not in CHOICE:
        return None
    claim, text = made.options[0]
    return made.option(0, f'{claim} and len(nodes("g")) > 9', text)


def one_in_thousands(made: Template) -> Template | None:
    """In one variant of thousands every option holds."""
    if made.kind not in CHOICE:
        return None
    # Two more names, which the prompt tells and nothing turns on.
    more = THOUSANDS // math.prod(len(values) for _, values in made.vary)
    hours = min(more, 100)
    days = more // hours
    there = "".join(f' and {name} == "{values[-1]}"' for name, values in made.vary)
    there = f"hour == {hours - 1} and day == {days}{there}"
    wide = tuple((f"{claim} or {there}", text) for claim, text in made.options)
    told = replace(made, options=wide, prompt=f"{made.prompt} It is hour {{hour}} of day {{day}}.")
    return told.values("hour", *range(hours)).values("day", *range(1, days + 1))


def impossible_option(made: Template) -> Template | None:
    """An option that nothing can make true and nobody believes."""
    return made.more('len(nodes("g")) > 9', "The cluster has more nodes than before.") if made.kind in CHOICE else None


def reads_the_same(made: Template) -> Template | None:
    """Two options have one text."""
    return made.option(1, made.options[1][0], made.options[0][1]) if made.kind in OPTIONS else None


def differs_in_an_article(made: Template) -> Template | None:
    """An option differs from another in an article alone."""
    if made.kind not in ("multi", "yes-no"):
        return None
    return made.more(f"{made.options[0][0]} and up(node) == False", f"The {made.options[0][1]}")


def decided_by_hand(made: Template) -> Template | None:
    """The author decides what the model could."""
    return made.option(-1, " ") if made.kind in OPTIONS else None


def every_option_right(made: Template) -> Template | None:
    """Nothing of a multi is wrong."""
    return made.option(-1, 'quorum("g")').option(0, "not up(node)") if made.kind == "multi" else None


def no_option_right(made: Template) -> Template | None:
    """Nothing of a multi is right."""
    if made.kind != "multi":
        return None
    return replace(made, options=tuple((f"({claim}) and up(node)", text) for claim, text in made.options))


def no_truth(made: Template) -> Template | None:
    """A claim has a number for its value."""
    return made.option(0, 'len(nodes("g"))') if made.kind in OPTIONS else None


def unknown_function(made: Template) -> Template | None:
    """A claim calls a function that there is not."""
    return made.option(0, f"{made.options[0][0]} and answered({_name(made)})") if made.kind in OPTIONS else None


def unknown_machine_in_a_claim(made: Template) -> Template | None:
    """A claim is about a machine that there is not."""
    return made.option(0, f'{made.options[0][0]} and answers("n9")') if made.kind in OPTIONS else None


def _name(made: Template) -> str:
    return made.node or '"n1"'


# -- chance and doubt -------------------------------------------------------------------------------------------------


def left_to_chance(made: Template) -> Template | None:
    """A claim asks where the role of a lost node goes, which chance decides."""
    if made.kind not in OPTIONS or "files:" not in made.scenario:
        return None
    lost = replace(made, vary=tuple((name, ("n1",) if values[0][0] == "n" else values) for name, values in made.vary))
    return lost.option(0, 'owner("files") == "n2"')


def number_left_to_chance(made: Template) -> Template | None:
    """A number is asked for that chance decides."""
    if made.kind != "number" or "files:" not in made.scenario or "n3" not in made.scenario:
        return None
    return made.having(answer='1 if owner("files") == "n2" else 2')


def doubtful_default(made: Template) -> Template | None:
    """What is right turns on a default about which sources disagree."""
    if made.name.startswith("a guest hangs"):
        return replace(made, scenario=guests(""))
    if made.kind == "number" and "SameSubnetThreshold" in made.prompt:
        kept = tuple(entry for entry in made.timeline if "set" not in entry)
        return replace(made, timeline=kept, scenario=made.scenario.replace("ws2008r2", "ws2019"), vary=()).having()
    return None


# -- what varies ------------------------------------------------------------------------------------------------------


def where_meets_nothing(made: Template) -> Template | None:
    """No combination of the values is left."""
    return replace(made, where=f"{made.node} != {made.node}") if made.node else None


def where_of_no_name(made: Template) -> Template | None:
    """A condition about a name that nothing has."""
    return replace(made, where=f"{made.node} != other") if made.node else None


def where_asks_the_model(made: Template) -> Template | None:
    """A condition about the cluster."""
    return replace(made, where='quorum("g")') if made.node and _is_modelled(made) else None


def not_shown(made: Template) -> Template | None:
    """What the answer turns on is not told."""
    if not made.node or not _is_modelled(made) or f"{{{made.node}}}" not in made.prompt:
        return None
    return replace(made, prompt=made.prompt.replace(f"{{{made.node}}}", "It"))


def idle_name(made: Template) -> Template | None:
    """A name that changes nothing."""
    return made.values("colour", "red", "blue") if made.vary else None


def value_twice(made: Template) -> Template | None:
    """A value stands twice in its list."""
    values = dict(made.vary).get(made.node, ())
    return made.values(made.node, *values, values[0]) if values else None


def value_of_no_machine(made: Template) -> Template | None:
    """One value of many names nothing."""
    values = dict(made.vary).get(made.node, ())
    return made.values(made.node, *values, "n9") if values and isinstance(values[0], str) else None


def misspelt_placeholder(made: Template) -> Template | None:
    """The prompt has a placeholder that nothing fills."""
    return replace(made, prompt=f"{made.prompt} Mind {{nodde}}.") if made.vary else None


# -- what happens -----------------------------------------------------------------------------------------------------


def unknown_machine(made: Template) -> Template | None:
    """Something happens to a machine that there is not."""
    return replace(made, timeline=(*made.timeline, {"crash": "n9"})) if made.timeline else None


def unknown_verb(made: Template) -> Template | None:
    """A verb is misspelt."""
    return replace(made, timeline=({"crsh": "n1"}, *made.timeline)) if made.timeline else None


def back_in_time(made: Template) -> Template | None:
    """An entry comes before the one above it."""
    if not made.timeline:
        return None
    return replace(made, timeline=(*made.timeline, {"at": "30min", "heal": "all"}, {"at": "20min", "heal": "all"}))


# -- other kinds ------------------------------------------------------------------------------------------------------


def never_ends(made: Template) -> Template | None:
    """A number without an end."""
    if made.kind != "number":
        return None
    machine = made.idle if made.node == "threshold" else "n1"
    kind = "joined" if made.node == "threshold" else "hang"
    return made.having(answer=f'time_of("{kind}", "{machine}")')


def no_number(made: Template) -> Template | None:
    """The answer is a name."""
    return made.having(answer='state("g", "n1")') if made.kind == "number" else None


def nothing_to_point_at(made: Template) -> Template | None:
    """The list of what is right is empty."""
    return made.having(answer='[n for n in nodes("g") if up(n) and not up(n)]') if made.kind == "point" else None


def points_elsewhere(made: Template) -> Template | None:
    """What is right is not among what is shown."""
    return made.having(among=["roles"]) if made.kind == "point" else None


def goal_from_the_start(made: Template) -> Template | None:
    """The goal holds before the learner has done anything."""
    goals = {"break": 'quorum("g")', "design": ['available("shares")']}
    return made.having(goal=goals[made.kind]) if made.kind in goals else None


def goal_out_of_reach(made: Template) -> Template | None:
    """Nothing that is allowed reaches the goal."""
    goals = {"break": 'votes("g") > 9', "design": ['survives("shares", 4)']}
    return made.having(goal=goals[made.kind]) if made.kind in goals else None


def goal_without_truth(made: Template) -> Template | None:
    """The goal is a number."""
    goals = {"break": 'votes("g")', "design": ['votes("g")']}
    return made.having(goal=goals[made.kind]) if made.kind in goals else None


def too_dear(made: Template) -> Template | None:
    """What reaches the goal costs more than may be spent."""
    if made.kind != "design":
        return None
    return made.having(allow=[{**edit, "cost": 3} for edit in made.key("allow")])


def impossible_edit(made: Template) -> Template | None:
    """An edit that can never be made."""
    return made.having(allow=[*made.key("allow"), {"add-node": "n1", "to": "g"}]) if made.kind == "design" else None


def never_happens(made: Template) -> Template | None:
    """A step that is not in the course of events."""
    if made.kind != "order":
        return None
    return made.having(events=[*made.key("events"), {"crash": made.idle}])


def at_one_moment(made: Template) -> Template | None:
    """Two steps at one moment, none of which is the cause of the other."""
    if made.kind != "order":
        return None
    both = replace(made, timeline=({"crash": ["n1", "n2"]},))
    return both.having(events=[{"crash": "n1"}, {"crash": "n2"}, {"quorum-lost": "g"}])


def same_cells(made: Template) -> Template | None:
    """Two right cells say the same in some variant."""
    return made.values("node", "n1", "n3") if made.kind == "match" and made.node else None


def accepts_everything(made: Template) -> Template | None:
    """Every answer is right."""
    return made.having(accept=["*"]) if made.kind == "text" else None


def accepted_already(made: Template) -> Template | None:
    """A text that another accepts."""
    return made.having(accept=[*made.key("accept"), "Majority."]) if made.kind == "text" else None


OPERATORS = (
    Operator("a vote too many", "no-right-option", votes_off_by_one),
    Operator("an option that means what another means", "several-right-options", means_the_same),
    Operator("a claim turned round", "several-right-options", negated),
    Operator("a claim wider than its words", "several-right-options", wider_than_its_words),
    Operator("no option is right", "no-right-option", none_is_right),
    Operator("two right options in one variant of thousands", "several-right-options", one_in_thousands),
    Operator("an impossible option", "weak-option", impossible_option),
    Operator("two options that read the same", "same-text", reads_the_same),
    Operator("options that differ in an article", "alike-options", differs_in_an_article),
    Operator("an option decided by hand", "static-option", decided_by_hand),
    Operator("every option is right", "all-right", every_option_right),
    Operator("no option of several is right", "no-right-option", no_option_right),
    Operator("a claim without truth", "bad-claim", no_truth),
    Operator("a function that there is not", "bad-claim", unknown_function),
    Operator("a machine that there is not, in a claim", "bad-claim", unknown_machine_in_a_claim),
    Operator("a claim left to chance", "depends", left_to_chance),
    Operator("a number left to chance", "depends", number_left_to_chance),
    Operator("a doubtful fact", "doubtful-fact", doubtful_default),
    Operator("where meets nothing", "no-variants", where_meets_nothing),
    Operator("where asks for no name", "bad-claim", where_of_no_name),
    Operator("where asks the model", "bad-claim", where_asks_the_model),
    Operator("what decides is not shown", "hidden-variation", not_shown),
    Operator("a name that changes nothing", "idle-variation", idle_name),
    Operator("a value twice", "duplicate-value", value_twice),
    Operator("a value that names nothing", "unknown-name", value_of_no_machine),
    Operator("a placeholder that nothing fills", "unfilled-placeholder", misspelt_placeholder),
    Operator("a machine that there is not", "unknown-name", unknown_machine),
    Operator("a verb that there is not", "unknown-verb", unknown_verb),
    Operator("back in time", "at-decreases", back_in_time),
    Operator("a number without an end", "not-finite", never_ends),
    Operator("an answer that is no number", "bad-claim", no_number),
    Operator("nothing to point at", "no-right-option", nothing_to_point_at),
    Operator("something to point at is not shown", "not-among", points_elsewhere),
    Operator("a goal that holds from the start", "holds-from-start", goal_from_the_start),
    Operator("a goal out of reach", "no-solution", goal_out_of_reach),
    Operator("a goal without truth", "bad-claim", goal_without_truth),
    Operator("a solution that is too dear", "no-solution", too_dear),
    Operator("an edit that can never be made", "impossible-edit", impossible_edit),
    Operator("a step that never happens", "never-happens", never_happens),
    Operator("steps at one moment", "tie", at_one_moment),
    Operator("right cells that say the same", "same-text", same_cells),
    Operator("a text that accepts everything", "accepts-all", accepts_everything),
    Operator("a text that is accepted already", "same-text", accepted_already),
)


def mutants() -> Iterator[Mutant]:
    """Every template made wrong in every way that suits it."""
    for operator in OPERATORS:
        for template in templates():
            made = operator.change(template)
            if made is not None:
                yield Mutant(operator, template.name, made)
