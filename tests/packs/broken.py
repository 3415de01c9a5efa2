"""Packs with one fault each: a sound pack, and what is done to it.

`tests/golden/broken/pack/` is the sound pack. A file of cases beside it is plain text. `##### NAME` begins a case.
`--- PATH` changes a file of the pack: the lines up to `+++` are text that stands in it once, those after it what takes
its place. `=== PATH` is a whole file instead, and an empty one takes the file away. `«CODE»` stands where the fault is
found and is no part of the file. What has no place in a text is a line `!!! CODE PATH`, or `!!! CODE PATH:LINE:COLUMN`.
A backslash with `x..` or `u....` stands for a character in a section whose head ends in ` (escaped)`. Where several
changes of one file move lines, the one with the mark comes last.

So every expectation is written with its fault, and never taken from what the check said.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from studyapp.packs.codes import CODES

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "broken"
SOUND = GOLDEN / "pack"

_MARK = re.compile(r"«([a-z-]+)»")
_SECTION = re.compile(r"^(---|===|!!!) (.+)\n", re.MULTILINE)
_ESCAPE = re.compile(r"\\x(..)|\\u(....)")
_ESCAPED = " (escaped)"


@dataclass(frozen=True, slots=True)
class Broken:
    """A pack with a fault: the files that differ from the sound pack's (None: it is missing), and where the fault is
    found, as `path:line:column: severity: code`.
    """

    topic: str
    name: str
    files: dict[str, str | None]
    expected: str

    @property
    def code(self) -> str:
        """The code of the fault."""
        return self.expected.rpartition(": ")[2]

    def write(self, folder: Path) -> Path:
        """Write the pack."""
        shutil.copytree(SOUND, folder)
        for path, text in self.files.items():
            place = folder / path
            if text is None:
                place.unlink()
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(text.encode("utf-8", "surrogatepass"))
        return folder


@dataclass(slots=True)
class _Making:
    """A case while it is read."""

    files: dict[str, str | None] = field(default_factory=dict)
    places: list[str] = field(default_factory=list)

    def text(self, path: str) -> str:
        """The file as the case has it so far."""
        known = self.files.get(path)
        return known if known is not None else (SOUND / path).read_text(encoding="utf-8")

    def put(self, path: str, text: str) -> None:
        """Take the marks out of a file, and note where they were."""
        while (mark := _MARK.search(text)) is not None:
            before = text[: mark.start()]
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            self.places.append(place_of(path, line, column, mark[1]))
            text = before + text[mark.end() :]
        self.files[path] = text


def place_of(path: str, line: int, column: int, code: str) -> str:
    """A finding as it is expected."""
    return f"{path}:{line}:{column}: {CODES[code].severity}: {code}"


def broken_packs() -> Iterator[Broken]:
    """All of them, in the order of their files."""
    for file in sorted(GOLDEN.glob("*.txt")):
        for case in re.split(r"^##### ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            yield _case(file.stem, case)


def _case(topic: str, case: str) -> Broken:
    name, _, rest = case.partition("\n")
    head, *parts = _SECTION.split(rest)
    assert not head.strip(), name
    making = _Making()
    for kind, path, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        if path.endswith(_ESCAPED):
            path = path.removesuffix(_ESCAPED)
            body = _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), body)
        if kind == "!!!":
            code, _, at = path.partition(" ")
            path, line, column = at.split(":") if ":" in at else (at, "0", "0")
            making.places.append(place_of(path, int(line), int(column), code))
        elif kind == "===":
            text = body.rstrip("\n")
            if text:
                making.put(path, text + "\n")
            else:
                making.files[path] = None
        else:
            old, _, new = body.rstrip("\n").partition("\n+++")
            whole = making.text(path)
            assert whole.count(old) == 1, f"{name}: {old!r} stands {whole.count(old)} times in {path}"
            making.put(path, whole.replace(old, new.removeprefix("\n")))
    assert len(making.places) == 1, f"{name}: {making.places}"
    return Broken(topic, name, making.files, making.places[0])
