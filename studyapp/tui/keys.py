"""Every key of the program, in one place: what it is called, what it does, and where it works.

A key has a stable id, so that it can be given to another action; a tooltip, which is also its line under `?`; and a
short word for the bar at the bottom. No key needs more than a plain terminal sends: no alt, no shift with enter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePath

from textual.binding import Binding

from studyapp.tui.text import shows_unicode

Keys = list[Binding | tuple[str, str] | tuple[str, str, str]]
Styles = list[str | PurePath]


def key(
    keys: str, action: str, word: str, tooltip: str, *, id: str, show: bool = True, priority: bool = False
) -> Binding:
    """A binding with everything that help, the bar and the command palette need."""
    return Binding(keys, action, word, tooltip=tooltip, id=id, show=show, priority=priority)


EVERYWHERE = (
    key("question_mark,f1", "show_help", "Help", "Every key, those of this screen first", id="app.help"),
    key(
        "ctrl+p",
        "command_palette",
        "Commands",
        "Search everything that can be done here",
        id="app.commands",
        show=False,
    ),
    key(
        "ctrl+t",
        "switch_theme",
        "Colours",
        "Change to the next theme: dark, light, high contrast",
        id="app.theme",
        show=False,
    ),
    key("f9", "settings", "Settings", "Theme, movement, and keys of your own", id="app.settings", show=False),
    key(
        "ctrl+q",
        "quit",
        "Quit",
        "Leave the program; everything is saved already",
        id="app.quit",
        show=False,
        priority=True,
    ),
)

BACK = key("escape", "back", "Back", "Go back one screen; nothing is lost", id="app.back")

LIST = (
    key("up,k", "cursor(-1)", "Up", "The row above", id="list.up", show=False),
    key("down,j", "cursor(1)", "Down", "The row below", id="list.down", show=False),
    key("home", "cursor(-1000)", "First", "The first row", id="list.first", show=False),
    key("end", "cursor(1000)", "Last", "The last row", id="list.last", show=False),
    key("enter", "choose", "Choose", "Do what the row says", id="list.choose"),
)

LIST_PAGES = (
    key("pageup", "cursor(-10)", "Ten up", "Ten rows up", id="list.page-up", show=False),
    key("pagedown", "cursor(10)", "Ten down", "Ten rows down", id="list.page-down", show=False),
)
"""The keys of lists that have the window to themselves."""

HOME_LIST = (
    key("up", "cursor(-1)", "Up", "The row above", id="list.up", show=False),
    key("down", "cursor(1)", "Down", "The row below", id="list.down", show=False),
    *LIST[2:],
    *LIST_PAGES,
)
"""The list on the first screen, where letters open what they say."""

SCROLL = (
    key("up,k", "scroll_up", "Up", "One line up", id="scroll.up", show=False),
    key("down,j", "scroll_down", "Down", "One line down", id="scroll.down", show=False),
    key("pageup", "page_up", "Page up", "One page up", id="scroll.page-up", show=False),
    key("pagedown,space", "page_down", "Page down", "One page down", id="scroll.page-down", show=False),
    key("home", "scroll_home", "Top", "To the top", id="scroll.top", show=False),
    key("end", "scroll_end", "End", "To the end", id="scroll.end", show=False),
)

HOME = (
    key("c", "continue", "Continue", "Go on where you were", id="home.continue", show=False),
    key("l", "lessons", "Lessons", "Go to the lessons", id="home.lessons"),
    key("p", "practice", "Practice", "Answer some questions, with feedback after each", id="home.practice"),
    key("e", "exam", "Exam", "Sit a timed practice exam, or go on with the one that is open", id="home.exam"),
    key("slash", "search", "Search", "Search lessons, questions you have met, and clusters", id="home.search"),
    key("s", "statistics", "Statistics", "Where you stand, and what comes due", id="home.statistics"),
    key("b", "bench", "Free play", "Break and repair a cluster; nothing is graded", id="home.bench"),
    key("k", "packs", "Packs", "Packs: install, remove, check them, choose the one to study", id="home.packs"),
    key("q", "quit", "Quit", "Leave the program; everything is saved already", id="home.quit"),
)

LESSON = (
    key("enter", "go_on", "Go on", "Read on; at the end, do what the marked line says", id="lesson.go-on"),
    key("tab", "focus_part(1)", "Try it", "Go to the next diagram or checkpoint", id="lesson.next-part"),
    key("shift+tab", "focus_part(-1)", "Before", "Go to the one before", id="lesson.previous-part", show=False),
    key("right", "section(1)", "Next section", "Go to the next section", id="lesson.next-section"),
    key("left", "section(-1)", "Section before", "Go to the section before", id="lesson.previous-section", show=False),
    key("c", "contents", "Contents", "Show or hide the contents on the left", id="lesson.contents"),
    key("slash", "find", "Find", "Find words in this lesson", id="lesson.find"),
    key("s", "search", "Search all", "Search everything, this lesson first", id="lesson.search", show=False),
    key(
        "m", "bookmark", "Bookmark", "Put a bookmark at this section, or take it away", id="lesson.bookmark", show=False
    ),
    key("n", "note", "Note", "Write a note at this section", id="lesson.note"),
    key("g", "terms", "Terms", "What the terms in this section mean", id="lesson.terms", show=False),
    key("N", "next_lesson", "Next lesson", "Go to the next lesson", id="lesson.next"),
    key("B", "previous_lesson", "Lesson before", "Go to the lesson before this one", id="lesson.previous", show=False),
)

FIND = (
    key("enter,down", "find(1)", "Next", "The next place where the words stand", id="find.next"),
    key("up", "find(-1)", "Before", "The place before", id="find.before"),
    key("escape", "close", "Done", "Stop looking, and read on from here", id="find.close"),
)

OPTIONS = (
    key("up,k", "cursor(-1)", "Up", "The option above", id="options.up", show=False),
    key("down,j", "cursor(1)", "Down", "The option below", id="options.down", show=False),
    key("space", "mark", "Choose", "Choose the option under the cursor, or take it back", id="options.toggle"),
    key("minus", "strike", "Strike out", "Strike the option out, or take that back", id="options.strike", show=False),
    key("enter", "lock", "Answer", "Lock the answer", id="options.lock"),
)

TYPED = (key("enter", "submit", "Answer", "Give the answer as it is typed", id="typed.lock"),)

CERTAINTY = (
    key("1", "certain('guess')", "Guess", "Submit: you guessed", id="certainty.guess"),
    key("2,enter", "certain('think-so')", "Think so", "Submit: you think so", id="certainty.think-so"),
    key("3", "certain('sure')", "Sure", "Submit: you are sure", id="certainty.sure"),
    key("escape", "unlock", "Change", "Go back and choose something else", id="certainty.unlock"),
)

FEEDBACK = (
    key("n,enter", "next", "Next", "Go on", id="feedback.next"),
    key(
        "full_stop",
        "step(1)",
        "Replay",
        "The next event of the replay; after its end, from the start",
        id="feedback.step",
    ),
    key(
        "w",
        "what_if",
        "What if",
        "What would make a wrong answer right? Once more: the next option",
        id="feedback.what-if",
    ),
    key("comma", "step(-1)", "Step back", "The event before", id="feedback.step-back"),
    key("0", "step(-1000)", "From the start", "Back to the start of the replay", id="feedback.start", show=False),
    key("v", "variant", "Variant", "Another variant of this question", id="feedback.variant"),
    key("l", "read", "Lesson", "Read the lesson about this", id="feedback.read"),
    key("u", "sources", "Sources", "Where the rules come from, in full", id="feedback.sources", show=False),
    key(
        "exclamation_mark",
        "report",
        "Report",
        "Tell the author what is wrong with this question, in a file",
        id="feedback.report",
        show=False,
    ),
)

CHECKPOINT = tuple(each for each in FEEDBACK if each.id != "feedback.read")
"""Feedback in a lesson, where the lesson about it is read already."""

QUESTION = (
    key("h,f2", "hint", "Hint", "Show a hint, then the next", id="question.hint"),
    key("r", "retry", "Try again", "Try again to save the answer", id="question.retry"),
)

EXAM_RULES = (
    key("enter", "start", "Start", "Start the clock and the exam", id="exam.start"),
    key("x", "extra", "Extra time", "Change the extra time", id="exam.extra"),
)

EXAM = (
    key("enter,n,right,f8", "go(1)", "Next", "The next question", id="exam.next"),
    key("b,left,f7", "go(-1)", "Previous", "The question before", id="exam.previous"),
    key("c,f10", "case", "Case", "The cluster that this part of the exam is about", id="exam.case"),
    key("f,f3", "flag", "Flag", "Flag the question to look at it again, or take that back", id="exam.flag"),
    key("g,f4", "palette", "All questions", "All questions with their states; jump to one", id="exam.palette"),
    key("r,f5", "review", "Review", "What is unanswered and flagged, and hand in", id="exam.review"),
    key("t,f6", "time", "Time", "Hide or show the time left; it runs on", id="exam.time"),
)

EXAM_REVIEW = (key("H", "hand_in", "Hand in", "Hand the exam in; you are asked once", id="exam.hand-in"),)

SECTION = (
    key("enter", "answer(True)", "Begin", "Begin the section", id="section.begin"),
    key("escape", "answer(False)", "Not yet", "Stay where you are", id="section.not-yet"),
)

CASE = (key("escape,c,f10,enter", "close", "Back", "Back to the question", id="case.close"),)

LOOK_BACK = (
    key("n,enter,right", "go(1)", "Next", "The next question", id="look-back.next"),
    key("b,left", "go(-1)", "Previous", "The question before", id="look-back.previous"),
    *(each for each in FEEDBACK if each.id not in ("feedback.next", "feedback.variant", "feedback.report")),
)

OVERVIEW = (key("escape,g", "close", "Back", "Back to the question", id="overview.close"),)

HELP = (key("escape,question_mark,f1,q,enter", "close", "Close", "Close this list", id="help.close"),)

NOTE = (key("escape", "close", "Keep", "Keep the note and go back", id="note.close"),)

TERMS = (
    key("a", "all", "All terms", "The whole glossary, or again the terms that you came for", id="terms.all"),
    key("escape,g,enter", "close", "Back", "Put the glossary away", id="terms.close"),
)

PREDICT = (key("escape", "close", "Just watch", "Watch without saying what you think", id="predict.close"),)

SEARCH = (
    key("up", "cursor(-1)", "Up", "What was found before", id="search.up", show=False),
    key("down", "cursor(1)", "Down", "What was found next", id="search.down", show=False),
    key("pageup", "cursor(-5)", "Five up", "Five further up", id="search.page-up", show=False),
    key("pagedown", "cursor(5)", "Five down", "Five further down", id="search.page-down", show=False),
    key("enter", "choose", "Open", "Open what is marked", id="search.open"),
)

SETTINGS = (
    key("left", "step(-1)", "Before", "The value before", id="settings.before", show=False),
    key("right", "step(1)", "Change", "The next value", id="settings.next"),
    key("slash", "find", "Find", "Find an action by a part of its name", id="settings.find"),
    key("backspace,delete", "usual", "As usual", "The usual value, or the program's own key", id="settings.usual"),
)

CONFIRM = (
    key("y", "answer(True)", "Yes", "Yes, do it", id="confirm.yes"),
    key("n,escape", "answer(False)", "No", "No, go back", id="confirm.no"),
)

LINE = (
    key("enter", "take", "Take it", "Take the line as it is", id="line.take"),
    key("escape", "close", "Back", "Go back without it", id="line.close"),
)

PACKS = (
    key("i", "install", "Install", "Install a pack from a file or a folder", id="packs.install"),
    key("x", "remove", "Remove", "Remove the pack; what was learned in it is kept", id="packs.remove"),
    key("c", "check", "Check", "Check the pack: prove every variant of every question", id="packs.check"),
    key("v", "preview", "Preview", "See the pack as its author does: every claim in words", id="packs.preview"),
    key("w", "carry", "Copy", "Copy what was learned under the name that it had before", id="packs.carry"),
    key("s", "stop", "Stop", "Stop what is being done", id="packs.stop"),
)

PREVIEW = (
    key("v", "variant(1)", "Variant", "The next variant", id="preview.variant"),
    key("V", "variant(-1)", "Variant before", "The variant before", id="preview.variant-before", show=False),
    key("g", "go", "Go to", "Go to a variant by its number", id="preview.go"),
    key("w", "named", "Shown by", "The next variant that a finding names", id="preview.named"),
    key("n", "flawed(1)", "Next finding", "The next file with findings", id="preview.next-finding"),
    key("N", "flawed(-1)", "Finding before", "The file with findings before", id="preview.finding-before", show=False),
    key(
        "c",
        "face",
        "Claims",
        "With the claims in words, as it is asked, or as it is told after the answer",
        id="preview.face",
    ),
    key("pagedown,space", "page(1)", "Page down", "One page of the file down", id="preview.page-down", show=False),
    key("pageup", "page(-1)", "Page up", "One page of the file up", id="preview.page-up", show=False),
    key("f", "files", "Files", "Show or hide the list of files", id="preview.files"),
    key("slash", "find", "Find", "Find a file by a part of its name", id="preview.find", show=False),
    key("p", "prove", "Proof", "Stop the proof, or start it again", id="preview.proof"),
)

PLACES: tuple[tuple[str, tuple[Binding, ...]], ...] = (
    ("Everywhere", (*EVERYWHERE, BACK)),
    ("Help", HELP),
    ("Lists", (*LIST, *LIST_PAGES)),
    ("Text", SCROLL),
    ("Home", HOME),
    ("Lesson", LESSON),
    ("Find in a lesson", FIND),
    ("Question", (*OPTIONS, *TYPED, *QUESTION)),
    ("How sure you are", CERTAINTY),
    ("Feedback", FEEDBACK),
    ("Before an exam", EXAM_RULES),
    ("Exam", EXAM),
    ("All questions of an exam", (*EXAM_REVIEW, *OVERVIEW)),
    ("Section of an exam", (*SECTION, *CASE)),
    ("Looking back on an exam", LOOK_BACK),
    ("Confirmation", CONFIRM),
    ("Search", SEARCH),
    ("Before you watch", PREDICT),
    ("Note", NOTE),
    ("Glossary", TERMS),
    ("Settings", SETTINGS),
    ("A line to type", LINE),
    ("Packs", PACKS),
    ("Preview of a pack", PREVIEW),
)

_NAMES = {
    "question_mark": "?",
    "full_stop": ".",
    "comma": ",",
    "exclamation_mark": "!",
    "minus": "-",
    "escape": "esc",
    "slash": "/",
    "pageup": "page up",
    "pagedown": "page down",
    **{f"f{number}": f"F{number}" for number in range(1, 13)},
}
_ARROWS = {"up": "↑", "down": "↓", "left": "←", "right": "→"}


def shown(key_name: str) -> str:
    """A key as people write it: `?`, `esc`, `ctrl+p`. Arrows without Unicode are words: `v` is a key of its own."""
    *modifiers, last = key_name.split("+")
    names = {**_NAMES, **_ARROWS} if shows_unicode() else _NAMES
    return "+".join([*modifiers, names.get(last, last)])


def is_typed(key_name: str) -> bool:
    """Whether a key is text, or moves in it, where there is a field of one line to type in."""
    return key_name in ("left", "right") or len(_NAMES.get(key_name, key_name)) == 1


def by_action(bindings: Iterable[Binding]) -> Iterator[tuple[tuple[str, ...], Binding]]:
    """Each action once, with all the keys that do it."""
    found: dict[str, list[Binding]] = {}
    for binding in Binding.make_bindings(bindings):
        found.setdefault(binding.id or binding.action, []).append(binding)
    for group in found.values():
        yield tuple(dict.fromkeys(each.key for each in group)), group[0]
