"""Every finding of a check by its stable code: how much it weighs, what it means, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

ERROR, WARNING, INFO = SEVERITIES = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of finding. `meaning` and `cure` are one sentence each, in Markdown."""

    name: str
    severity: str
    meaning: str
    cure: str


# Each row: the code; what it means; the cure.
_FILES = """
no-pack | There is no pack here: no such folder, or no `pack.yaml` in it. | Name the folder that holds `pack.yaml`.
newer-format | The pack is written in a newer format than this program reads. | Use a newer version of studyapp.
not-readable | The system does not let the program read a file or folder. | Change its permissions.
not-a-file | Something is neither a file nor a folder, or has gone. | Put a plain file there.
link | A symbolic link or junction may lead out of the pack. | Put the file itself there.
unsafe-name | The name of a file does not mean the same on every system. | Rename the file: letters, digits and hyphens.
unknown-folder | A pack has no such folder. | Move the files to a folder of the format, or to `assets/`.
unknown-file | A file lies where nothing reads it. | Move it to `assets/`, or give it the ending of its folder.
too-big | A file, a list or the pack is beyond the limits of the format. | Split it.
encoding | A file is not UTF-8. | Save it as UTF-8.
character | A control character or a byte order mark stands in a file. | Remove it; save the file as UTF-8 without mark.
hostile-character | A character hides text or would act on a terminal. | Remove it, and write what is meant in words.
bad-id | An id has other characters than small letters, digits and hyphens. | Rename the file or change `id:`.
duplicate-id | Two files have the same id. | Rename one; keep the id that learners have already answered under.
no-labs-yet | The format has labs, and this program does not yet. | Leave it out until it is there.
"""

_YAML = """
yaml | This is not YAML. | Mend it where the finding points; mind indents and quotes.
yaml-empty | Where YAML is expected nothing is written. | Write the keys.
yaml-depth | Lists and mappings are nested too deep. | Flatten them.
yaml-alias | An alias (`*name`) is not allowed. | Write the value again.
yaml-anchor | An anchor (`&name`) is not allowed. | Remove it.
yaml-tag | A tag (`!name`) is not allowed. | Remove it.
yaml-merge | A merge key (`<<`) is not allowed. | Write the entries again.
yaml-key | A key is a list or a mapping. | Make it a word.
yaml-number | A number is too long or not finite. | Put it in quotes, or write a smaller one.
yaml-directive | A directive (`%`) is not allowed. | Remove the line.
yaml-documents | A second document begins where one is allowed. | Make it a file of its own.
duplicate-key | A mapping has the same key twice. | Remove one of the two.
too-many-problems | So much is wrong with this file that the rest is not listed. | Mend what is listed, and check again.
missing-key | A key that must be there is missing. | Add it.
unknown-key | There is no such key here. | Correct its spelling, or remove it.
wrong-type | A value is of another kind than is asked for, as a word for a list. | Write it as the message says.
unknown-word | A word is none of those allowed here. | Use one that the message names.
out-of-range | A number or the length of a text is outside its limits. | Bring it inside them.
empty-list | A list has nothing in it. | Add an item, or remove the key.
empty-mapping | A mapping that gives values to names has none. | Name what the value is for, or give one value for all.
named-twice | The same name stands in a list twice. | Remove one of the two.
one-line | A text that must be one line has a line break or a tab. | Write it on one line.
one-of | Exactly one of several keys is allowed, and more or none are there. | Keep one.
two-values | The same thing is said twice with two keys. | Keep one of the two.
duration | This is no length of time. | Write a number with its unit: `30s`, `500ms`, `1m30s`.
bad-address | This is no IPv4 address. | Write four numbers from 0 to 255.
bad-ports | These are no ports. | Write one port, or `first-last`, from 0 to 65535.
bad-name | This cannot be a name. | Use letters, digits, `_` and `-`, and none of the words that claims use.
duplicate-name | A name is used for two things. | Rename one of the two.
"""

_MANIFEST = """
bad-format | The number of the format is not known. | Write `format: 1`.
bad-homepage | The homepage is no address that can be shown as it is. | Write `https://`, the host and the path.
bad-version | The version is not one to three numbers. | Write it like `1.2.0`.
weights | The weights of the objectives, or the shares of a blueprint, do not sum to 100. | Change them until they do.
unknown-objective | The pack has no such objective. | Correct its spelling, or add it to `pack.yaml`.
unknown-exam | The pack has no such exam. | Correct its spelling, or add the file to `exams/`.
no-questions | No question is about an objective. | Write one, or remove the objective.
blueprint | A blueprint contradicts itself. | Change the numbers as the message says.
not-drawable | An exam or a section of one cannot be drawn from the questions there are. | Write more, or ask for fewer.
"""

_SCENARIO = """
scenario | A scenario cannot be built with the values of a variant. | Change the values, or what stands on them.
extends-nowhere | A scenario by itself has nothing that it could extend. | Write it out, or put it into a pack.
unknown-scenario | The pack has no such scenario. | Correct its spelling, or add the file to `scenarios/`.
bad-base | The file that a scenario or an exam extends is no mapping. | Mend that file.
too-deep | A file extends another that extends another, too many times. | Join some of the files.
nothing-to-remove | `null` takes away something that is not there. | Remove the line, or correct the name.
cycle | A thing lies within itself, or a file extends itself. | Break the circle.
unknown-name | The scenario has nothing of this name. | Correct its spelling, or add it.
wrong-kind | A name is that of another kind of thing. | Name one of the kind that is asked for.
not-for-this | An entry belongs to another kind of thing. | Remove it.
not-for-each | There are not as many values as things to give them to. | Write one for each.
not-a-node | A machine is no node of the cluster meant. | Name one of its nodes.
not-hosts | A highly available virtual machine needs a cluster of hosts. | Put the role on the cluster of its hosts.
not-inside | A service is said to run in a machine that it does not run on. | Say `runs_on:` that machine.
not-possible | An owner is not among the possible owners. | Add it to `possible:`, or name another.
host-network | A machine is on a network that its host is not on, or on none of that name. | Put the host on it.
overlap | Two port rules cover the same port. | Change the range of one.
owner-host | The owner of a virtual machine is not the host that it is on. | Make both the same.
owner-storage | The owner is not attached to the storage of the role. | Attach it, or choose another owner.
quorum-release | This kind of quorum does not exist in this release. | Use the one that the message names.
quorum-witness | The kind of quorum does not suit the witness. | Change one of the two.
two-clusters | A machine is a node of two clusters. | Take it out of one.
two-roles | Two roles have the same virtual machine. | Remove one.
unknown-property | There is no such property. | Correct its spelling.
wrong-property | A property belongs to another kind of thing. | Move it there.
read-only | A property is computed by the cluster and cannot be set. | Remove it.
"""

_TIMELINE = """
at-decreases | An entry comes before the one above it. | Put the entries in the order of their times.
missing-verb | An entry of a timeline has no verb. | Add one.
unknown-verb | There is no such verb. | Correct its spelling.
two-verbs | An entry has two verbs. | Make it two entries with the same `at`.
missing-option | A verb needs an option that is not there. | Add it.
unknown-option | A verb has no such option. | Correct its spelling, or remove it.
missing-node | It is not said on which node this fails. | Add `node: NAME`.
one-side | A partition has one side. | Write at least two: `[[a, b], [c]]`.
torn-apart | A partition tears a machine from the host that it is on. | Put both on one side.
step-limit | The run does not come to its end. | Remove what makes it go round, or add `until:`.
"""

_LESSON = """
no-front-matter | The file does not begin with front matter. | Begin it with `---`, the keys, and another `---`.
raw-html | Raw HTML is not allowed. | Write it in Markdown.
empty-lesson | A lesson has no text. | Write it, or remove the file.
bad-block | A fenced block cannot be read. | Write it as the message says.
nested-block | A block that is alive stands inside something else. | Move it to the left margin.
no-claims | A `claim` block claims nothing. | Add `claims:` with at least one.
unknown-question | The pack has no such question. | Correct its spelling, or write it.
unknown-lab | The pack has no such lab. | Correct its spelling, or write it.
unknown-lesson | The pack has no such lesson. | Correct its spelling, or write it.
not-worked | A `worked` block names a question that cannot be shown step by step. | Name one that the model decides \
from a timeline, with two variants at least.
bad-link | A link leads out of the pack. | Link to a file of the pack, or to `https://`.
missing-footnote | A text points to a footnote that is not there. | Write `[^1]: …`, or correct its name.
missing-file | A link leads to a file that is not there. | Correct the link, or add the file.
claim-fails | What a lesson claims is not so. | Change the prose and its claim, or the scenario.
"""

_QUESTION = """
no-prompt | A question asks nothing. | Write the prompt above the answer part.
missing-section | A section that must be there is missing. | Add `## Why`.
unknown-section | A question has no such section. | Use `## Why` and `## Hint`.
duplicate-section | A section that may be there once is there twice. | Join the two.
empty-section | A section has no text. | Write it, or remove its heading.
text-after-answer | Text stands between the answer part and the first section. | Move it above, or into `## Why`.
other-kind | A question is of another kind than the one that it extends. | Extend one of its kind, or write it out.
no-scenario | Something needs a scenario, and there is none. | Add `scenario: NAME`.
no-options | There is no list all of whose items begin with a box. | Begin each option with `[claim]`, `[x]` or `[ ]`.
bad-box | The box before an option cannot be read, or is in another list. | Close it; make one list of all options.
number-of-options | There are too few or too many options. | Write 2 to 9.
no-steps | There is no list of steps. | Write one numbered item a step.
number-of-steps | There are too few or too many steps. | Write 2 to 9.
no-table | There is no table of pairs. | Write a table with two columns.
bad-table | A row of the table has not two cells. | Write two in each row.
number-of-pairs | There are too few or too many pairs. | Write 2 to 9.
duplicate-value | A varied name has the same value twice. | Remove one of the two.
no-variants | No combination of the varied values meets `where`. | Loosen `where`, or add values.
too-many-variants | The varied values make more combinations than a family may have. | Vary less, or remove values.
unfilled-placeholder | A placeholder has no name to fill it. | Correct its spelling; write `{{word}}` for plain braces.
bad-claim | A claim cannot be read or evaluated, or asks for what can never be. | Mend it where the finding points.
bad-edit | An edit that a design may make cannot be read. | Give it one verb and what the verb needs.
bad-event | There is no such event. | Write one kind of event with the thing that it happens to.
bad-pattern | A `*` is part of a word. | Put spaces around it: it stands for whole words.
empty-text | A text to accept is empty once it is filled. | Remove it, or change the values.
accepts-all | A text to accept accepts every answer. | Add words to it.
impossible-edit | An edit that a design may make does not fit the scenario. | Remove it, or change the scenario.
"""

_PROOF = """
no-right-option | In some variant no option holds. | Correct the claims, or leave the variant out by `where`.
several-right-options | In some variant several options hold. | Make the claims exclude one another.
all-right | In some variant every option of a `multi` holds. | Add one that does not.
depends | Chance decides whether a claim holds. | Ask for `certain(...)`, `possible(...)` or `chance(...)`.
doubtful-fact | What is right rests on a fact that is not certain. | Say it in the scenario, or ask something else.
same-text | Two texts to choose from read the same in some variant. | Make them differ.
not-finite | The answer of a `number` has no finite value. | Ask for something that ends.
not-typable | The answer of a `number` has more digits than are read. | Give a `tolerance`, or ask in another unit.
not-among | Something to point at is not among what is shown. | Widen `among`, or change the claim.
never-happens | A step to be put in order does not happen. | Remove it, or change the timeline.
tie | Two steps to be put in order happen at the same time. | Leave one out.
holds-from-start | The goal holds before the learner has done anything. | Change the goal or the scenario.
no-solution | The goal cannot be reached. | Allow more, or change the goal.
hidden-variation | A varied name changes what is right, and nothing shown tells. | Put it into the prompt.
too-much-work | Proving one variant, the claims of a block or the whole pack takes more work than is allowed. | Ask \
about smaller scenarios in which less happens, vary less, or make several packs of one.
"""

_WARNINGS = """
not-all-proved | Proving every variant of a question takes more work than is allowed, so only some were tried. | Vary \
less, or ask about a smaller scenario in which less happens.
mixed-alphabets | A word of Latin letters has some of another alphabet that look the same. | Type it again in one \
alphabet.
idle-variation | A varied name changes neither what is shown nor what is right. | Remove it.
static-option | The author decides what the model could. | Write a claim, or give the reason as `static:`.
weak-option | A wrong option is right in no variant, and no known misconception leads to it. | Replace it with what \
somebody may believe.
alike-options | Two options differ in so little that it may be overlooked. | Make the difference stand out.
alike-questions | Two questions ask nearly the same. | Make one family of them with `vary`, or remove one.
long-reading | A question takes long to read. | Shorten the prompt, or move facts to the diagram.
long-replay | What decides a question is told in more steps than can be kept in mind. | Ask about less at a time, or \
let less happen.
longest-option | Over the pack the right option is the longest too often. | Lengthen wrong options, shorten right ones.
only-number | Over the pack the right option is too often the only one with a number. | Put numbers into wrong options.
absolute-words | Over the pack words like *always* and *never* stand in wrong options alone. | Use them in right ones \
too, or not at all.
"""

_NOTES = """
refused-order | Windows refuses an order of the timeline, which then changes nothing. | Correct its value, unless the \
question is about that.
same-answer | All variants have the same answer. | Vary something that matters, if the question is to be asked again.
"""

_GROUPS = (
    ("Files", ERROR, _FILES),
    ("YAML and its values", ERROR, _YAML),
    ("pack.yaml and exams", ERROR, _MANIFEST),
    ("Scenarios", ERROR, _SCENARIO),
    ("Timelines", ERROR, _TIMELINE),
    ("Lessons", ERROR, _LESSON),
    ("Questions", ERROR, _QUESTION),
    ("Proof", ERROR, _PROOF),
    ("Advice", WARNING, _WARNINGS),
    ("Notes", INFO, _NOTES),
)


def _rows(severity: str, table: str) -> Iterator[Code]:
    for row in table.strip().splitlines():
        name, meaning, cure = row.split(" | ")
        yield Code(name, severity, meaning, cure)


GROUPS: Mapping[str, tuple[Code, ...]] = MappingProxyType(
    {title: tuple(_rows(severity, table)) for title, severity, table in _GROUPS}
)
"""The codes by what they are about, in the order in which the documentation has them."""
CODES: Mapping[str, Code] = MappingProxyType({code.name: code for codes in GROUPS.values() for code in codes})
"""Every code by its name."""


def severity_of(code: str) -> str:
    """How much a finding with this code weighs."""
    return CODES[code].severity
