"""A cluster to try things on, in sentences: what is there, what may break, what follows, and why.

A diagram is one cluster. A comparison is two, A and B, under the same events.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from studyapp.cluster import bench as benches_of
from studyapp.cluster.bench import OWN_ACT, TIMELINE, Bench
from studyapp.cluster.deeds import Deed
from studyapp.cluster.describe import Component, components, describe, describe_component, join, lost
from studyapp.cluster.reasons.explain import explain_silence, explain_things, told
from studyapp.cluster.scenario import VERBS, Scenario
from studyapp.cluster.trace import Event
from studyapp.cluster.world import RunTooLong
from studyapp.packs.facts import RuleText
from studyapp.plain import keys
from studyapp.plain.rules import tell_rule, tell_sources
from studyapp.plain.talk import Talk, Word

SIDES = {"A": "left", "B": "right"}
"""Where the picture has each cluster of a comparison, for lessons that speak of it so."""
REPAIRING = ("start", "rejoin", "heal", "repair", "restore")

WORDS = (
    Word("step", "the next event"),
    Word("play", "all events to the end"),
    Word("back", "one event back"),
    Word("over", "start over, with nothing broken by you"),
    Word("look", "how everything stands now"),
    Word("why", "why the last event happened, or why nothing followed"),
    Word("sources", "where the rules that why named come from, in full"),
    Word("break", "break something; it asks what. In one line: break vm2 hang"),
    Word("repair", "repair something; it asks what. In one line: repair vm2"),
    Word("undo", "take back what you did last"),
)
ANOTHER = Word("another", "the next outcome that chance may bring")
ON = Word("enter alone", "read on")


def names_of(benches: Sequence[Bench]) -> tuple[str, ...]:
    """What the clusters of a diagram or comparison are called."""
    return ("",) if len(benches) == 1 else ("A", "B")


class Workbench:
    """Talks about one cluster, or two under the same events, until the reader reads on."""

    def __init__(self, talk: Talk, scenarios: Sequence[Scenario], rules: Mapping[str, RuleText]) -> None:
        self.talk = talk
        self.benches = tuple(Bench.of(scenario) for scenario in scenarios)
        self.names = names_of(self.benches)
        self.rules = rules
        self.before: list[tuple[Bench, ...]] = []
        self.named_rules: tuple[RuleText, ...] = ()
        """The rules that the last `why` has named."""

    def run(self, prompt: str = "Diagram: play, break, look, help, or enter to read on") -> None:
        """Talk until the reader reads on. Raises Leave."""
        while True:
            words = (*WORDS, *((ANOTHER,) if self.chance() else ()), ON)
            typed = self.talk.ask(prompt, words, blank="space")
            if not typed:
                return
            self.obey(typed)

    def begin(self) -> None:
        """Say what there is, and what may be done with it."""
        for name, bench in zip(self.names, self.benches, strict=True):
            title = bench.scenario.title
            self.talk.say(f"Cluster {name}, on the {SIDES[name]}: {title}" if name else f"Diagram: {title}")
            self.talk.items(standing(bench))
        if len(self.benches) > 1:
            self.difference()
        prepared = [event for event in self.benches[0].trace.events if event.rule == TIMELINE and event.cause is None]
        if prepared:
            self.talk.say("What is about to happen:")
            self.talk.items(line(event) for event in prepared)
            self.talk.say("Type play or step to see what follows, break or repair to try something, help for all.")
        else:
            self.talk.say("Type break to break something, then play or step to see what follows; help for all.")

    # -- the words ----------------------------------------------------------------------------------------------------

    def obey(self, typed: str) -> None:
        """Do what was typed."""
        word, *rest = typed.split()
        word = keys.DIAGRAM.get(word.lower(), word.lower())
        if word in ("break", "repair"):
            self.change(word, rest)
        elif word in VERBS:
            self.change("repair" if word in REPAIRING else "break", [*(rest or ["?"]), word])
        elif word == "step":
            self.step()
        elif word == "play":
            self.play()
        elif word == "back":
            self.back()
        elif word == "over":
            self.benches = tuple(bench.started_over() for bench in self.benches)
            self.before = []
            self.talk.say("Started over: nothing has happened yet.")
        elif word == "look":
            self.look()
        elif word == "why":
            self.why()
        elif word == "sources":
            if self.named_rules:
                tell_sources(self.talk, self.named_rules)
            else:
                self.talk.say("No rule has been named yet. Type why first.")
        elif word == "undo":
            self.undo()
        elif word == "another" and self.chance():
            self.benches = tuple(bench.next_course() for bench in self.benches)
            self.talk.say(self.chance())
            self.changes()
        else:
            self.talk.puzzled(typed, "Type step, play, break, repair, look or why, or enter alone to read on.")

    def look(self) -> None:
        """Say how everything stands."""
        for name, bench in zip(self.names, self.benches, strict=True):
            self.talk.say(f"Cluster {name} now:" if name else "Now:")
            self.talk.items(standing(bench))
        if len(self.benches) > 1:
            self.difference()

    def step(self) -> None:
        """The next event, of both clusters where it is at the same time in both."""
        if all(bench.at_end for bench in self.benches):
            self.talk.say(self.end())
            return
        before = self.benches
        self.benches = benches_of.forward(self.benches)
        self.events(before)
        if all(bench.at_end for bench in self.benches):
            self.talk.say(self.end())

    def play(self) -> None:
        """All that follows, and what it has changed."""
        if all(bench.at_end for bench in self.benches):
            self.talk.say(self.end() + " Type over to start over.")
            return
        while not all(bench.at_end for bench in self.benches):
            before = self.benches
            self.benches = benches_of.forward(self.benches)
            self.events(before)
        self.talk.say(self.end())
        self.changes()

    def back(self) -> None:
        """One event back."""
        if all(bench.at_start for bench in self.benches):
            self.talk.say("This is the beginning: nothing has happened yet.")
            return
        self.benches = benches_of.back(self.benches)
        for name, bench in zip(self.names, self.benches, strict=True):
            last = line(bench.event) if bench.event is not None else "nothing has happened yet"
            self.talk.say(f"{name}, back at: {last}" if name else f"Back at: {last}")

    def undo(self) -> None:
        """Take back the last act."""
        if not self.before:
            self.talk.say("You have done nothing that could be taken back.")
            return
        self.benches = self.before.pop()
        self.talk.say("Taken back.")

    def why(self) -> None:
        """The chain of causes behind the last event, and the rules."""
        if all(bench.at_start for bench in self.benches):
            self.talk.say("Nothing has happened yet. Type step first.")
            return
        self.named_rules = ()
        for name, bench in zip(self.names, self.benches, strict=True):
            event = bench.event
            if event is None:
                continue
            if name:
                self.talk.say(f"Cluster {name}:")
            chain = bench.trace.why(event.seq)
            self.talk.numbered(line(each) for each in chain)
            shown = [each.rule for each in chain if each.rule != TIMELINE]
            if event.seq in (quiet := silences(bench)):
                self.talk.say(as_sentence(quiet[event.seq]))
                shown.extend(explain_things(bench.trace, frozenset()).rules)
            named = tuple(self.rules[rule] for rule in dict.fromkeys(shown) if rule in self.rules)
            self.named_rules = tuple(dict.fromkeys((*self.named_rules, *named)))
            for rule in named:
                tell_rule(self.talk, rule)
            if not shown:
                self.talk.say(OWN_ACT)

    # -- breaking and repairing ---------------------------------------------------------------------------------------

    def change(self, word: str, given: list[str]) -> None:
        """Break or repair what is named, asking for what is missing."""
        things = self.things(word)
        if not things:
            self.talk.say(f"There is nothing to {word} now.")
            return
        thing = self.thing(word, things, given[0] if given else "?")
        if thing is None:
            return
        deed = self.deed(self.deeds(word, thing), " ".join(given[1:]))
        if deed is None:
            return
        before = self.benches
        try:
            self.benches = benches_of.act_on_all(self.benches, deed.act)
        except RunTooLong as error:
            self.talk.say(f"That cannot be shown: {error}. Everything is as it was.")
            return
        self.before.append(before)
        self.events(before)
        more = any(not bench.at_end for bench in self.benches)
        self.talk.say("What follows? Type step for the next event, play for all." if more else self.end())

    def things(self, word: str) -> dict[Component, None]:
        """What may be broken or repaired now, in either cluster."""
        return {
            thing: None
            for bench in self.benches
            for thing in components(bench.scenario)
            if (bench.faults_for(thing) if word == "break" else bench.repairs_for(thing))
        }

    def deeds(self, word: str, thing: Component) -> tuple[Deed, ...]:
        """What may be done to a thing, in the first cluster that has it."""
        for bench in self.benches:
            if thing in components(bench.scenario):
                found = bench.faults_for(thing) if word == "break" else bench.repairs_for(thing)
                if found:
                    return found
        return ()

    def thing(self, word: str, things: dict[Component, None], given: str) -> Component | None:
        """The thing meant, by its name or its number in the list; asks when it is not clear."""
        listed = list(things)
        while given:
            named = [each for each in listed if each.name.lower() == given.lower()]
            if named:
                return named[0]
            if given.isdecimal() and 1 <= int(given) <= len(listed):
                return listed[int(given) - 1]
            if given != "?":
                self.talk.say(f"There is no {given} to {word} now.")
            self.talk.numbered(f"{each.kind.replace('vm', 'VM')} {each.name}" for each in listed)
            given = self.talk.ask(f"{word.capitalize()} which, by number or name, or enter for nothing")
        return None

    def deed(self, deeds: tuple[Deed, ...], given: str) -> Deed | None:
        """The deed meant, by its number or verb; asks when several may be."""
        if len(deeds) == 1 and not given:
            return deeds[0]
        while True:
            fitting = [deed for deed in deeds if given and fits(deed, given)]
            if given.isdecimal() and 1 <= int(given) <= len(deeds):
                return deeds[int(given) - 1]
            if len(fitting) == 1:
                return fitting[0]
            if given and not fitting:
                self.talk.say(f"{given.capitalize()} is not possible here.")
            deeds = tuple(fitting) or deeds
            self.talk.numbered(deed.label for deed in deeds)
            given = self.talk.ask("Which, by number, or enter for nothing")
            if not given:
                return None

    # -- telling ------------------------------------------------------------------------------------------------------

    def events(self, before: tuple[Bench, ...]) -> None:
        """Say the events between where the benches were and where they are; what both have in common once."""
        fresh: list[list[str]] = []
        for old, new in zip(before, self.benches, strict=True):
            quiet = silences(new)
            fresh.append([sentence(event, quiet) for event in new.seen[old.position :]])
        if len(fresh) == 1:
            for text in fresh[0]:
                self.talk.say(text, rest="      ")
            return
        both = [text for text in fresh[0] if text in fresh[1]]
        for text in both:
            self.talk.say(f"A and B: {text}", rest="      ")
        for name, texts in zip(self.names, fresh, strict=True):
            for text in texts:
                if text not in both:
                    self.talk.say(f"{name}: {text}", rest="      ")

    def changes(self) -> None:
        """Say how what has changed since the beginning stands now; of two clusters, thing by thing, to be compared."""
        before = tuple(bench.seek(0) for bench in self.benches)
        if len(self.benches) == 1:
            known, now = (describe(bench.scenario, bench.state) for bench in (*before, *self.benches))
            changed = [text for text in now if text not in known]
            self.talk.say("Changed since the beginning:" if changed else "Everything is as it was.")
            self.talk.items(changed)
            return
        olds, news = [told_by_thing(each) for each in before], [told_by_thing(each) for each in self.benches]
        things = [
            thing
            for thing in (news[0] | news[1])
            if any(old.get(thing) != new.get(thing) for old, new in zip(olds, news, strict=True))
        ]
        self.talk.say("Changed since the beginning:" if things else "Everything is as it was, in A and in B.")
        for thing in things:
            left, right = news[0].get(thing), news[1].get(thing)
            if left == right:
                self.talk.say(f"Both: {left}", "- ")
            else:
                self.talk.say(f"A: {left}" if left else f"A has no {thing.kind} {thing.name}.", "- ")
                self.talk.say(f"B: {right}" if right else f"B has no {thing.kind} {thing.name}.", "  ")

    def difference(self) -> None:
        """Say what only one of the two clusters has."""
        ours, theirs = (components(bench.scenario) for bench in self.benches)
        for name, own, other in (("A", ours, theirs), ("B", theirs, ours)):
            alone = tuple(f"the {each.kind} {each.name}" for each in own if each not in other)
            if alone:
                self.talk.say(f"Only in {name}: {join(alone)}.")

    def end(self) -> str:
        """What to say where nothing more happens."""
        return " ".join(("Nothing more happens.", *((self.chance(),) if self.chance() else ())))

    def chance(self) -> str:
        """That chance decides something, or an empty text."""
        said = [f"{name}: {bench.chance}" if name else bench.chance for name, bench in self.named() if bench.chance]
        return f"Chance decides here. This is {'; '.join(said)}. Type another for the next." if said else ""

    def named(self) -> list[tuple[str, Bench]]:
        """The benches with their names."""
        return list(zip(self.names, self.benches, strict=True))


def line(event: Event) -> str:
    """An event as a line: when, what, and the number that Windows logs for it."""
    return told(event).replace("  ", " ", 1)


def told_by_thing(bench: Bench) -> dict[Component, str]:
    """A sentence about each thing, as it stands at the playhead."""
    return {each: describe_component(bench.scenario, bench.state, each) for each in components(bench.scenario)}


def standing(bench: Bench) -> list[str]:
    """How everything stands, in sentences; what only has to be there is told in one at the end."""
    there = [each for each in components(bench.scenario) if each.kind in ("storage", "network")]
    there = [each for each in there if not lost(bench.state, each.name)]
    left_out = {f"The {each.kind} {each.name} is there." for each in there}
    told = [text for text in describe(bench.scenario, bench.state) if text not in left_out]
    also = join(tuple(f"the {each.kind} {each.name}" for each in there))
    return [*told, f"There {'are' if len(there) > 1 else 'is'} {also}."] if there else told


def sentence(event: Event, quiet: Mapping[int, str]) -> str:
    """An event as a line, with the reason where nothing follows from it."""
    return f"{line(event)}. {as_sentence(quiet[event.seq])}" if event.seq in quiet else f"{line(event)}."


def as_sentence(text: str) -> str:
    """A phrase of the model as a sentence; a name at its beginning stays as it is written."""
    text = text.removeprefix("… ")
    first = text.split(" ", 1)[0]
    text = text[0].upper() + text[1:] if first in ("every", "no", "nobody", "the") else text
    return text if text.endswith(".") else f"{text}."


def fits(deed: Deed, given: str) -> bool:
    """Whether words mean a deed: its verb, or what its label says."""
    words = given.lower().split()
    label = deed.label.lower().replace(":", " ").split()
    return bool(words) and words[0] in (deed.act.verb, label[0]) and all(word in label for word in words[1:])


def silences(bench: Bench) -> dict[int, str]:
    """The faults of the trace from which nothing follows, by their number, with the reason."""
    quiet = explain_things(bench.trace, frozenset()).events
    return {event.seq: reason for event, reason in zip(quiet, explain_silence(bench.trace), strict=True)}
