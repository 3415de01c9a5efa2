"""How the lines of a question become an answer: what stands before each, and what a key does to it."""

from __future__ import annotations

from collections.abc import Mapping

from studyapp.questions.arrangements import LETTERS
from studyapp.questions.question import Variant
from studyapp.questions.response import NOTHING, Chosen, Ordered, Paired, Picked, Response, Said


class ListForm:
    """Lines of which one is chosen. `place` is that of a line in the order in which the options of a variant stand."""

    guide = "Choose one: 1 to {last}, or {options.up} {options.down} and {options.toggle}."
    lacking = "Nothing is chosen yet: press a number, or {options.toggle} on an option."

    def label(self, place: int) -> str:
        """What a line is called by; with a blank."""
        return f"{place + 1} " if place < 9 else "  "

    def lines(self, variant: Variant, response: Response) -> tuple[int, ...]:
        """The places of the options, in the order of the lines."""
        return tuple(range(len(variant.options)))

    def sign(self, variant: Variant, response: Response, place: int) -> str:
        """What stands before a line."""
        return "(●)" if self.chosen(variant, response, place) else "( )"

    def chosen(self, variant: Variant, response: Response, place: int) -> bool:
        """Whether something is answered by a line."""
        return isinstance(response, frozenset) and variant.options[place].index in response

    def toggled(self, variant: Variant, response: Response, place: int) -> Response:
        """The answer once a line has been pressed."""
        return NOTHING if self.chosen(variant, response, place) else frozenset({variant.options[place].index})

    def numbered(self, variant: Variant, response: Response, line: int, number: int) -> tuple[Response, int]:
        """The answer once a number has been pressed on a line, and the line to be on then."""
        if number > len(variant.options):
            return response, line
        return frozenset({variant.options[number - 1].index}), number - 1

    def moved(self, variant: Variant, response: Response, line: int, by: int) -> Response:
        """The answer once a line that is held has been moved."""
        return response

    @property
    def holds(self) -> bool:
        """A line is taken up by space and moved by the arrows."""
        return False


class ManyForm(ListForm):
    """Lines of which any may be chosen."""

    guide = "Choose all that are true: 1 to {last}, or {options.up} {options.down} and {options.toggle}."

    def sign(self, variant: Variant, response: Response, place: int) -> str:
        """A box."""
        return "[x]" if self.chosen(variant, response, place) else "[ ]"

    def toggled(self, variant: Variant, response: Response, place: int) -> Response:
        """With the line, or without it."""
        chosen: Chosen = response if isinstance(response, frozenset) else NOTHING
        return chosen ^ {variant.options[place].index}

    def numbered(self, variant: Variant, response: Response, line: int, number: int) -> tuple[Response, int]:
        """A second press takes it back."""
        if number > len(variant.options):
            return response, line
        return self.toggled(variant, response, number - 1), number - 1


class PickForm(ManyForm):
    """Names of which any may be picked."""

    guide = "Choose all that apply: 1 to {last}, or {options.up} {options.down} and {options.toggle}."

    def chosen(self, variant: Variant, response: Response, place: int) -> bool:
        """By name."""
        return isinstance(response, Picked) and variant.options[place].text in response.names

    def toggled(self, variant: Variant, response: Response, place: int) -> Response:
        """With the name, or without it."""
        names = response.names if isinstance(response, Picked) else frozenset()
        left = names ^ {variant.options[place].text}
        return Picked(left) if left else NOTHING


class SeriesForm(ListForm):
    """Statements, each told true or not."""

    guide = "Press 1 to {last}, or {options.toggle}: once for yes, twice for no."
    lacking = "There is no answer yet: press the number of a statement, once for yes, twice for no."

    def sign(self, variant: Variant, response: Response, place: int) -> str:
        """Yes, no, or nothing yet."""
        index = variant.options[place].index
        said = response if isinstance(response, Said) else Said()
        return "[yes]" if index in said.yes else "[no] " if index in said.no else "[   ]"

    def chosen(self, variant: Variant, response: Response, place: int) -> bool:
        """Something is said of it."""
        return isinstance(response, Said) and variant.options[place].index in response.yes | response.no

    def toggled(self, variant: Variant, response: Response, place: int) -> Response:
        """Nothing, yes, no, and round again."""
        said = response if isinstance(response, Said) else Said()
        index = variant.options[place].index
        if index in said.yes:
            return Said(said.yes - {index}, said.no | {index})
        left = Said(said.yes, said.no - {index}) if index in said.no else Said(said.yes | {index}, said.no)
        return left or NOTHING

    def numbered(self, variant: Variant, response: Response, line: int, number: int) -> tuple[Response, int]:
        """As space on that line."""
        if number > len(variant.options):
            return response, line
        return self.toggled(variant, response, number - 1), number - 1


class OrderForm(ListForm):
    """Steps that are moved into their order."""

    guide = "{options.toggle} takes a line, {options.up} {options.down} move it; 1 to {last} puts it in that place."
    lacking = "Nothing is in order yet: press {options.toggle} to take a line, or to take the order as it stands."

    def lines(self, variant: Variant, response: Response) -> tuple[int, ...]:
        """As they have been put, else as they are shown."""
        if not isinstance(response, Ordered):
            return super().lines(variant, response)
        places = {option.index: place for place, option in enumerate(variant.options)}
        return tuple(places[step] for step in response.steps)

    def sign(self, variant: Variant, response: Response, place: int) -> str:
        """Nothing."""
        return "≡"

    def chosen(self, variant: Variant, response: Response, place: int) -> bool:
        """All or none."""
        return isinstance(response, Ordered)

    def toggled(self, variant: Variant, response: Response, place: int) -> Response:
        """As it stands."""
        return self._ordered(variant, self.lines(variant, response))

    def numbered(self, variant: Variant, response: Response, line: int, number: int) -> tuple[Response, int]:
        """The line goes to that place."""
        if number > len(variant.options):
            return response, line
        return self.moved(variant, response, line, number - 1 - line), number - 1

    def moved(self, variant: Variant, response: Response, line: int, by: int) -> Response:
        """The line goes so many places down."""
        lines = list(self.lines(variant, response))
        lines.insert(line + by, lines.pop(line))
        return self._ordered(variant, lines)

    @property
    def holds(self) -> bool:
        """Yes."""
        return True

    def _ordered(self, variant: Variant, places: tuple[int, ...] | list[int]) -> Response:
        return Ordered(tuple(variant.options[place].index for place in places))


class MatchForm(ListForm):
    """Left cells, each with the number of a right one."""

    guide = (
        "Press the number that goes with the line, or {options.toggle} for the next; {options.up} {options.down} "
        "change the line."
    )
    lacking = "Nothing is paired yet: press the number that goes with the line."

    def label(self, place: int) -> str:
        """A letter: numbers are those of the right cells."""
        return f"{LETTERS[place]} "

    def sign(self, variant: Variant, response: Response, place: int) -> str:
        """The number of its right cell."""
        cell = self._cells(variant, response)[place]
        numbers = {each.index: number for number, each in enumerate(variant.cells, start=1)}
        return f"[{numbers[cell]}]" if cell is not None else "[ ]"

    def chosen(self, variant: Variant, response: Response, place: int) -> bool:
        """It is paired."""
        return self._cells(variant, response)[place] is not None

    def toggled(self, variant: Variant, response: Response, place: int) -> Response:
        """The next right cell; none after the last."""
        known: list[int | None] = [None, *(cell.index for cell in variant.cells)]
        now = known.index(self._cells(variant, response)[place])
        return self._paired(variant, response, place, known[(now + 1) % len(known)])

    def numbered(self, variant: Variant, response: Response, line: int, number: int) -> tuple[Response, int]:
        """The line is paired with that cell, and the next line is next."""
        if number > len(variant.cells):
            return response, line
        paired = self._paired(variant, response, line, variant.cells[number - 1].index)
        return paired, min(line + 1, len(variant.options) - 1)

    def _cells(self, variant: Variant, response: Response) -> tuple[int | None, ...]:
        return response.cells if isinstance(response, Paired) else (None,) * len(variant.options)

    def _paired(self, variant: Variant, response: Response, place: int, cell: int | None) -> Response:
        cells = list(self._cells(variant, response))
        cells[place] = cell
        return Paired(tuple(cells)) if any(each is not None for each in cells) else NOTHING


FORMS: Mapping[str, ListForm] = {
    "choice": ListForm(),
    "multi": ManyForm(),
    "yes-no": SeriesForm(),
    "order": OrderForm(),
    "match": MatchForm(),
    "point": PickForm(),
    "break": PickForm(),
    "design": PickForm(),
}
"""How each kind is answered whose answer is given by lines."""
