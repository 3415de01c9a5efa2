"""Write docs/packs/format.md from the tables that the readers of the format go by: `python -m docs.make_format`.

What each key takes and means is that of the schemas for editors (studyapp/packs/schemas), so that there is one table of
it. A test fails when the page is not what this makes.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

from docs.format_texts import EXAM, HEAD, SECTIONS_OF_EXAMS, TERMS
from docs.shapes_in_words import grid, rows_of, table, ticked, words
from studyapp.cluster.claims.claim import FORMS, GATHERERS, MAX_DEPTH, MAX_LENGTH
from studyapp.cluster.claims.reading import MAX_COURSES, MAX_TURNS
from studyapp.cluster.claims.reading import MAX_WORK as CLAIM_WORK
from studyapp.cluster.claims.vocabulary import FUNCTIONS, STATES
from studyapp.cluster.kinds import COMPONENT_KINDS, EVENT_MEANINGS
from studyapp.cluster.properties import PROPERTIES, Property
from studyapp.cluster.scenario import RELEASES, VERBS
from studyapp.cluster.simulation import MAX_STEPS
from studyapp.cluster.world import STEP_LIMIT
from studyapp.exams.blueprint import SCALE_TOP
from studyapp.packs import blueprints, extending, folder, glossary, lessons, manifest, names, source, texts, varying
from studyapp.packs.acts import TAKES
from studyapp.packs.archives import zips
from studyapp.packs.building import SECTIONS
from studyapp.packs.edits import VERBS as EDITS
from studyapp.packs.families import MAX_VARIANTS, MAX_WORK
from studyapp.packs.kinds.table import PART_KEYS, READERS
from studyapp.packs.proving import MAX_WORK as PACK_WORK
from studyapp.packs.schemas import documents, question, scenario, timeline
from studyapp.packs.schemas.shapes import Shape
from studyapp.packs.timeline import MAX_ENTRIES
from studyapp.questions.goals import MOST_FAULTS, MOST_TRIED, MOST_WORK
from studyapp.questions.variants import MAX_COMBINATIONS

PAGE = Path(__file__).parent / "packs" / "format.md"

FOLDERS = {
    "lessons": "One lesson a file, Markdown with front matter. They are read in the order of the files' names.",
    "scenarios": "One scenario a file: a cluster, and what happens to it.",
    "questions": "One question a file, Markdown with front matter: a family of as many variants as its `vary` makes.",
    "exams": "One blueprint of a practice exam a file.",
    "labs": "One lab a file, like a question of the kind `lab`: see [not there yet](#not-there-yet).",
    "assets": "Anything else that lessons link to.",
}
"""What lies in each folder of a pack."""

BLOCKS = {
    "diagram": ("SCENARIO", "A diagram to run, break and repair. Inside: the timeline to begin with."),
    "compare": ("SCENARIO SCENARIO", "Two scenarios side by side. Inside: one timeline for both."),
    "question": ("ID", "A question to be answered on the spot. Nothing stands inside."),
    "lab": ("ID", "A lab to be opened: not there yet, and not shown. Nothing stands inside."),
    "worked": ("ID", "A worked example: the question with every step told, then others with steps left out. As above."),
    "claim": ("SCENARIO", "Never shown, and proved by the check. Inside: a timeline, then `- claims:` with a list."),
}
"""Each block that is alive, with what stands after the word, and what it is for."""

FORM_MEANINGS = {
    "at": ("at(seconds, claim)", "the claim as it is at this time of the run"),
    "ever": ("ever(claim)", "it is true at some moment of the run"),
    "always": ("always(claim)", "it is true at every moment of the run"),
    "certain": ("certain(claim)", "it is true in every course that chance may take"),
    "possible": ("possible(claim)", "it is true in at least one course that chance may take"),
    "chance": ("chance(claim)", "the share of the courses in which it is true, from 0 to 1"),
}
"""What is said of a claim inside another."""


OWNERS = {
    "cluster": "failover cluster",
    "role": "role",
    "node": "node of a failover cluster",
    "vm": "virtual machine",
    "nlb": "NLB cluster",
    "balanced": "host of an NLB cluster",
    "rule": "port rule",
}
"""What a property belongs to."""


def section(title: str, *parts: str) -> Iterator[str]:
    """A heading with paragraphs and tables below it."""
    yield f"## {title}\n"
    yield from (part + "\n" if part.startswith("|") else _wrapped(part) for part in parts)


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 120, break_long_words=False, break_on_hyphens=False) + "\n"


def keys(title: str, shape: Shape, more: str = "") -> Iterator[str]:
    """A smaller heading with the keys of a mapping."""
    yield f"### {title}\n"
    if more:
        yield f"{more}\n"
    yield table(rows_of(shape), shape.get("required", ())) + "\n"


def _files() -> Iterator[str]:
    ends = {top: f"`{ending}`" if ending else "anything" for top, ending in folder.FOLDERS.items()}
    rows = ((f"`{top}/`", ending, FOLDERS[top]) for top, ending in ends.items())
    yield from section(
        "Files",
        grid("folder | files end in | what is in it", rows),
        "Beside them lies `pack.yaml`. Hidden files are ignored. A file's name without its ending and without a "
        "leading number is its **id**: `03-hosts.md` is `hosts`. Ids are small letters, digits and single hyphens, and "
        "each is there once among the files of its kind. Whoever renames a file adds `was: [old-id]`, and what was "
        "learned is kept.",
        "A pack may also have a [glossary](#glossaryyaml).",
        "Everything in YAML is YAML 1.2: `no`, `on` and `1:30` are words. Anchors, aliases, tags and merge keys are "
        "refused, and so is a key that is there twice.",
    )


def _manifest() -> Iterator[str]:
    shape = documents.pack()
    yield from section("pack.yaml", table(rows_of(shape), shape["required"]))
    yield from keys("An objective", shape["$defs"]["objective"], f"At most {manifest.MAX_LEVELS} levels deep.")


def _glossary() -> Iterator[str]:
    shape = documents.terms()["additionalProperties"]["anyOf"][1]
    yield from section(
        folder.GLOSSARY,
        "Explains the terms that lessons use: a mapping from each term to its text, or to a mapping with these keys. "
        "Learners see the terms of the section that they read on a key, and the search finds all of them. Terms are "
        "found as whole words, whatever their case, the longer before the shorter; each spelling is there once.",
        table(rows_of(shape), shape["required"]),
    )
    yield f"{TERMS}\n"


def _thing(section_: str) -> Shape:
    """What stands under each name of a section of a scenario."""
    shape: Shape = scenario.scenario()["$defs"]["whole"]["properties"][section_]["anyOf"][0]["additionalProperties"]
    return shape["anyOf"][0] if "anyOf" in shape else shape


def _scenarios() -> Iterator[str]:
    whole = scenario.scenario()["$defs"]["whole"]
    yield from section(
        "Scenarios",
        "The sections hold things by the names that you give them. A name has letters, digits, spaces and `- _ .`, "
        f"begins with a letter or digit, has at most {names.LONGEST} characters, and is not "
        f"{' or '.join(f'`{word}`' for word in names.RESERVED)}. One name is one thing, except that a role may be "
        "called as its virtual machine.",
        grid("key | takes | meaning", _sections(whole)),
        "**extends**: what stands in a file that extends another is merged over it, mapping by mapping; other values "
        "replace what was there, and `null` takes a key away. It then needs no key of its own. At most "
        f"{extending.MAX_CHAIN} files make one scenario.",
        f"Releases: {ticked(RELEASES)}.",
    )
    clusters = _thing("clusters")
    yield from keys("networks", _thing("networks"))
    yield from keys("storage", _thing("storage"), "`nodes`, `drives` and `owner` are for pools, of the kind `s2d`.")
    yield from keys("hosts", _thing("hosts"))
    yield from keys("vms", _thing("vms"))
    failover = clusters["else"]
    yield from keys("clusters: failover", failover)
    yield from keys(
        "The witness of a cluster", timeline.WITNESS["anyOf"][1], "Or the word `none`. One thing, and where it is."
    )
    yield from keys("The heartbeat of a cluster", failover["properties"]["heartbeat"])
    yield from keys("clusters: nlb", clusters["then"])
    yield from keys("A port rule", clusters["then"]["properties"]["rules"]["anyOf"][0])
    roles = _thing("roles")
    yield from keys("roles", roles)
    yield from keys("The restart policy of a role", roles["properties"]["restart"])
    yield from keys("The failback of a role", roles["properties"]["failback"])
    yield from keys("services", _thing("services"), "One of `nlb`, `role` and `runs_on`.")


def _sections(whole: Shape) -> Iterator[tuple[str, ...]]:
    for key, (shape, meaning) in rows_of(whole).items():
        takes = "things by name, as below" if key in SECTIONS else words(shape)
        yield ticked((key,), whole["required"]), takes, meaning


def _timelines() -> Iterator[str]:
    rows = (
        (f"`{verb}`", _subjects(verb), ticked(TAKES[verb].options, TAKES[verb].needs), timeline.SUBJECTS[verb])
        for verb in VERBS
    )
    yield from section(
        "Timelines",
        "A timeline is a list of entries, each one verb with what it is done to: a name, or a list of names to which "
        "it is done at once. Beside the verb stand its options, and `at`: "
        f"{timeline.AT[1][0].lower()}{timeline.AT[1][1:]} The timeline of a question or of a block takes the place of "
        "the scenario's own.",
        grid("verb | of what | may be beside it | meaning", rows),
    )
    yield "### Options\n"
    yield table(timeline.OPTION_ROWS) + "\n"


def _subjects(verb: str) -> str:
    """What a verb may be done to."""
    takes = TAKES[verb]
    if verb in ("heal", "set"):
        return {"heal": "`all`", "set": "anything"}[verb]
    if takes.node_of:
        return f"node of {_or(names.a(kind) for kind in takes.node_of)}"
    return _or(takes.kinds)


def _or(found: Iterable[str]) -> str:
    *others, last = found
    return f"{', '.join(others)} or {last}" if others else last


def _lessons() -> Iterator[str]:
    shape = documents.lesson()["$defs"]["whole"]
    yield from section(
        "Lessons",
        "Markdown with tables, footnotes and alerts (`> [!NOTE]`), without HTML. A heading of the first or second "
        "level begins a new part. In the front matter:",
        table(rows_of(shape), shape["required"]),
        "**extends**: the lesson takes over the front matter of the other one, but for its id and its former ids. Its "
        "text is its own.",
        "Blocks that are alive stand at the left margin, as fenced code:",
        grid("block | meaning", ((f"`{word} {BLOCKS[word][0]}`", BLOCKS[word][1]) for word in lessons.LIVE)),
    )


def _questions() -> Iterator[str]:
    shape = question.question()["$defs"]["whole"]
    own = {key for reader in READERS.values() for key in reader.keys}
    rows = {key: row for key, row in question.ROWS.items() if key not in own}
    yield from section(
        "Questions",
        "Front matter, the prompt, the answer part, `## Why`, and `## Hint` as often as there are hints. Every kind of "
        "question has these keys:",
        table(rows, shape["required"]),
        "**extends**: front matter is merged over that of the other question as a scenario's is; `null` takes a key "
        "away, in `with` it takes away from the scenario. Of the text each part that is here replaces that of the "
        "other: prompt, answer part, `## Why`, all of `## Hint`. The kind is that of the other; ids are not. "
        "What is wrong only together is told where the other is named. One is made of "
        f"{extending.MAX_CHAIN} files and {extending.MOST_TAKEN:,} characters at most.",
        "A placeholder is `{name}`, for a name of `vary` or `let`; `{{name}}` is plain braces, and in a claim the "
        "name stands without any. Names are small letters, digits and `_`.",
        "Some kinds have keys of their own:",
        grid("kind | keys | needs a scenario", _kinds()),
        table({key: question.ROWS[key] for key in PART_KEYS}),
    )
    yield "### The edits of a design\n"
    edits = ((f"`{verb}`", f"{ticked(beside)}, `cost`", timeline.EDIT_ROWS[verb][1]) for verb, beside in EDITS.items())
    yield grid("verb | stands beside it | of what", edits) + "\n"
    yield table({key: row for key, row in timeline.EDIT_ROWS.items() if key not in EDITS}) + "\n"


def _kinds() -> Iterator[tuple[str, ...]]:
    for kind, reader in READERS.items():
        yield f"`{kind}`", ticked(reader.keys, question.NEEDS.get(kind, ())), "yes" if reader.staged else ""


def _exams() -> Iterator[str]:
    shape = documents.exam()["$defs"]["whole"]
    parts = {key: shape["properties"][key]["items"] for key in ("draw", "sections")}
    yield from section(
        "Exams",
        table(rows_of(shape), shape["required"]),
        f"The score is told on a scale from 1 to {SCALE_TOP:,}.",
        "**extends** is as with scenarios: an exam that extends another says what is different, and `null` takes a key "
        "away. Lists, such as `draw` and `sections`, are replaced as a whole; `id` and `was` are not taken over. At "
        f"most {extending.MAX_CHAIN} files make one exam.",
    )
    yield from keys("An entry of draw", parts["draw"])
    yield from keys("A section", parts["sections"])
    yield f"{SECTIONS_OF_EXAMS}\n{EXAM}\n"


def _claims() -> Iterator[str]:
    rows = (
        (ticked(f"{name}({_arguments(takes)})" for takes in function.takes), function.gives, function.doc)
        for name, function in FUNCTIONS.items()
    )
    forms = ((f"`{FORM_MEANINGS[form][0]}`", FORM_MEANINGS[form][1]) for form in FORMS)
    yield from section(
        "Claims",
        "A claim is one expression: `and or not`, `== != < <= > >= in`, `+ - * / %`, `x if c else y`, texts in quotes, "
        "numbers, lists, and the functions below. In a list, or inside "
        f'{ticked(GATHERERS)}, there may be one `for … if`: `len([n for n in nodes("hv") if up(n)])`. Things are '
        "named by texts, names of `vary` and `let` stand without quotes, and times are seconds. What never happens has "
        "the time infinity. A claim is about the settled end of a run unless it says otherwise.",
        grid("function | gives | meaning", rows),
        "A claim may stand inside another:",
        grid("form | meaning", forms),
        f"What `survives`, `single_points` and `cut_sets` may take away: {ticked(COMPONENT_KINDS)}.",
        f"What `state` gives: {ticked(STATES)}; and `none` of what is not in the cluster.",
    )


_WORDS = {
    "a kind of component, or several in a list": "of",
    'an IPv4 address such as "10.0.0.1"': "address",
    "a port from 0 to 65535": "port",
    "a number of faults": "faults",
    "an event kind": "kind",
    "anything in the scenario": "thing",
    "a machine, role, cluster, network, storage, witness or site": "thing",
}


def _arguments(takes: tuple[object, ...]) -> str:
    said = [str(getattr(kind, "word", "")) for kind in takes]
    return ", ".join(_WORDS.get(word, word.removeprefix("a ").removeprefix("an ")) for word in said)


def _events() -> Iterator[str]:
    rows = ((f"`{kind}`", meaning) for kind, meaning in EVENT_MEANINGS.items())
    yield from section(
        "Events",
        "What `happens`, `time_of`, `before` and the key `events` ask for. An event may also be named by the number "
        "that Windows logs for it, such as `1135`.",
        grid("kind | meaning", rows),
    )


def _properties() -> Iterator[str]:
    rows = ((f"`{each.name}`", OWNERS[each.of], _values(each)) for each in PROPERTIES.values())
    yield from section(
        "Properties",
        "The product's own settings, in the product's units. They stand under `properties:`, are changed by the verb "
        "`set`, and read by `property(THING, NAME)`.",
        grid("property | of a | takes", rows),
    )


def _values(made_of: Property) -> str:
    if made_of.fixed:
        return "computed by the cluster: it can be read and not set"
    if made_of.kind == "word":
        said = " or ".join(f"`{word}`" for word in made_of.words)
    elif made_of.kind == "number":
        low = made_of.low if made_of.low is not None else "any"
        said = f"a whole number from {low}" + (f" to {made_of.high:,}" if made_of.high is not None else "")
    else:
        said = {"node": "the name or id of a node", "site": "the name of a site", "names": "one name or a list"}[
            made_of.kind
        ]
    return said + ("; or a mapping from nodes to values" if made_of.each else "")


def _limits() -> Iterator[str]:
    rows = (
        ("files of a pack", f"{folder.MAX_FILES:,}, together {folder.MAX_TOTAL // 1024 // 1024} MiB"),
        ("files of an archive", f"{zips.MAX_FILES:,}"),
        ("one file of text", f"{texts.MAX_BYTES // 1024 // 1024} MiB"),
        ("lists and mappings inside one another", f"{source.MAX_DEPTH}"),
        ("entries of one list or mapping", f"{source.MAX_ITEMS:,}"),
        ("objectives", f"{manifest.MAX_OBJECTIVES:,}"),
        ("sections of an exam", f"{blueprints.MAX_SECTIONS}"),
        ("terms of a glossary", f"{glossary.MAX_TERMS}, of {glossary.LONGEST_TERM} characters each"),
        ("names of `vary`, and of `let`", f"{varying.MAX_NAMES}"),
        ("values of one name", f"{varying.MAX_VALUES}"),
        (
            "variants of a family",
            f"{MAX_COMBINATIONS:,}, of which up to {MAX_VARIANTS:,} are all proved and of more a sample",
        ),
        ("options, steps, and rows of a table", "2 to 9"),
        ("characters of a claim", f"{MAX_LENGTH:,}, and {MAX_DEPTH} brackets deep"),
        ("things that a claim goes over, courses of chance that it takes", f"{MAX_TURNS:,}, and {MAX_COURSES:,}"),
        ("steps of a run", f"{STEP_LIMIT:,}, and {MAX_STEPS:,} over all its courses of chance"),
        ("steps that a claim takes, with the sets of faults that it tries", f"{CLAIM_WORK:,}"),
        ("steps that a check takes for a variant", f"{MAX_WORK:,}"),
        ("steps that a check takes for a question", f"{MAX_WORK:,}; the rest of its variants is then not proved"),
        ("steps that a check takes for a pack", f"{PACK_WORK:,}; the rest is not proved, which is an error"),
        ("faults in the answer of a `break`", f"{MOST_FAULTS}"),
        ("sets that a search for a solution tries", f"{MOST_TRIED:,}, in {MOST_WORK:,} steps"),
        ("entries of a timeline", f"{MAX_ENTRIES:,}"),
    )
    yield from section("Limits", grid("of what | at most", rows))


def _later() -> Iterator[str]:
    yield from section(
        "Not there yet",
        "Labs are tasks at a simulated prompt: files in `labs/`, questions of the kind `lab`, blocks `lab` in lessons. "
        "They have the keys of every question and `goal`, claims that are to hold once all is done. They are read, and "
        "checked like the goals of a design, so that you hear what is wrong; then each is refused by name "
        "(`no-labs-yet`) until this program can run it.",
        f"The keys, those that are needed in bold: {ticked(question.LAB_KEYS, question.LAB_NEEDS)}, and a scenario, "
        "named or varied.",
    )


def page() -> str:
    """The whole page."""
    files = (_files, _manifest, _scenarios, _timelines, _lessons, _questions, _exams, _glossary)
    parts = (*files, _claims, _events, _properties, _limits, _later)
    made = [HEAD, *(part for make in parts for part in make())]
    return "\n".join(made)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
