"""Hostile archives, each with one thing wrong with it, the reason it is refused for, and words of what is said."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from studyapp.packs.archives.archive import archive_chunks
from tests.packs.archives.forge import LINK, PIPE, REPARSE_POINT, Member, forge, members, sums
from tests.packs.cases import RIGHT
from tests.packs.test_portable import REFUSED

FILES = {name: text.encode() for name, text in RIGHT.items()}
PACK = members(FILES)
HONEST = b"".join(archive_chunks(FILES))
MIB = 1024 * 1024


def with_member(*extra: Member) -> bytes:
    """The small pack with more in it."""
    return forge([*PACK, *extra])


def zipped(method: int) -> bytes:
    """The small pack as the standard library packs it with a method."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as archive:
        for name, data in FILES.items():
            archive.writestr(name, data)
        archive.writestr("SHA256SUMS", sums(PACK).data)
    return whole.getvalue()


def changed(old: bytes, new: bytes) -> bytes:
    """The honest archive with a few bytes changed, all of them there."""
    assert old in HONEST
    assert len(old) == len(new)
    return HONEST.replace(old, new)


def overlapping() -> bytes:
    """Two entries for one place: what is packed once is unpacked twice, and so on."""
    data = b"y" * 1000
    again = Member("assets/two", b"", listed={"offset": 0, "packed": len(data), "size": len(data)})
    return forge([Member("assets/one", data), again])


def nested() -> bytes:
    """An archive whose last file is an archive, cut short just behind that one's own end."""
    inner = HONEST
    outer = forge([Member("assets/inner.zip", inner)])
    return outer[: outer.index(inner) + len(inner)]


def second_name() -> bytes:
    """A file whose entry has another name in a field that some programs prefer."""
    other = b"../evil"
    tail = struct.pack("<HHBL", 0x7075, 5 + len(other), 1, zlib.crc32(b"assets/x")) + other
    return with_member(Member("assets/x", listed={"extra": len(tail)}, tail=tail))


def two_lists() -> bytes:
    """An archive behind another: which of the two is read depends on who reads."""
    return forge([Member("pack.yaml")]) + HONEST


Hostile = tuple[str, str, Callable[[], bytes]]

NAMES: tuple[Hostile, ...] = tuple(
    (
        "hostile-character" if "holds U+" in why and "\udcff" not in path else "unsafe-name",
        why if "\udcff" not in path else "is not written in UTF-8",
        lambda path=path: with_member(Member(path)),  # type: ignore[misc]  # a default fixes the loop's value
    )
    for path, why in REFUSED.items()
)

HOSTILE: tuple[Hostile, ...] = (
    *NAMES,
    ("unsafe-name", "is there twice", lambda: with_member(Member("pack.yaml"))),
    ("unsafe-name", "is there twice", lambda: forge([*PACK, Member("SHA256SUMS")])),
    ("unsafe-name", "in case only", lambda: with_member(Member("PACK.yaml"))),
    ("unsafe-name", "in case only", lambda: with_member(Member("sha256sums"))),
    ("unsafe-name", "in case only", lambda: with_member(Member("assets/a/one"), Member("assets/A/two"))),
    ("unsafe-name", "is a file and a folder", lambda: with_member(Member("assets/a"), Member("assets/a/b"))),
    ("unsafe-name", "is not written in UTF-8", lambda: with_member(Member(b"assets/\xff.txt"))),
    ("unsafe-name", "is not written in UTF-8", lambda: with_member(Member(b"assets/\x82.txt", flags=0))),
    ("unsafe-name", "is an archive", lambda: with_member(Member("other.studypack"))),
    ("link", '"lessons" is a link', lambda: with_member(Member("lessons", b"/etc", external=LINK))),
    ("link", "is a link", lambda: with_member(Member("assets/x", b"../../x", external=LINK))),
    ("link", "is a link", lambda: with_member(Member("assets/x", external=REPARSE_POINT))),
    ("link", "is a link", lambda: with_member(Member("assets/x", external=LINK, listed={"made_by": 20}))),
    ("special-file", "is no plain file", lambda: with_member(Member("assets/x", external=PIPE))),
    ("special-file", "is no plain file", lambda: with_member(Member("assets/x", b"", external=0x10))),
    ("encrypted", "is encrypted", lambda: with_member(Member("assets/x", both={"flags": 0x801}))),
    ("encrypted", "is encrypted", lambda: with_member(Member("assets/x", both={"flags": 0x840}))),
    ("encrypted", "is encrypted", lambda: with_member(Member("assets/x", both={"flags": 0x2800}))),
    ("method", "method 12", lambda: zipped(zipfile.ZIP_BZIP2)),
    ("method", "method 14", lambda: zipped(zipfile.ZIP_LZMA)),
    *(
        ("method", f"method {n}", lambda n=n: with_member(Member("assets/x", both={"method": n})))
        for n in (1, 9, 93, 99)
    ),
    ("contradiction", "says two things", lambda: with_member(Member("assets/x", both={"flags": 0x808}))),
    ("contradiction", "says two things", lambda: with_member(Member("assets/x", local={"name": b"../evil"}))),
    ("contradiction", "says two things", lambda: with_member(Member("assets/x", local={"size": 1}))),
    ("contradiction", "says two things", lambda: with_member(Member("assets/x", listed={"crc": 0}))),
    ("contradiction", "says two things", lambda: with_member(Member("assets/x", local={"method": 8}))),
    ("contradiction", "says two things", lambda: with_member(Member("assets/x", before=b"hidden"))),
    ("contradiction", "says two things", lambda: with_member(Member("assets/x", local={"extra": 9999}))),
    ("contradiction", "says two things", lambda: with_member(Member("assets/x", both={"packed": 2**32 - 1}))),
    ("contradiction", "says two things", overlapping),
    ("extra", "carries more than its data", second_name),
    ("extra", "carries more than its data", lambda: with_member(Member("assets/x", listed={"comment": 1}, tail=b"x"))),
    ("contradiction", "says two things", lambda: forge([Member("assets/x", local={"extra": 2}, data=b"xyz")])),
    ("compression", "more than 100 times", lambda: with_member(Member("assets/x", b"\0" * MIB, True))),
    (
        "compression",
        "more than 100 times",
        lambda: with_member(Member("assets/x", b"\0" * MIB, True, both={"size": 9})),
    ),
    ("too-big", "more than 64 MiB", lambda: with_member(Member("assets/x", b"\0" * (64 * MIB + 1)))),
    ("too-many", "more than 10,000 files", lambda: forge([Member(f"assets/{n}", b"") for n in range(10_001)])),
    ("too-many", "more than 10,000 files", lambda: with_member() and forge(PACK, here=0xFFFF, count=0xFFFF)),
    ("damaged", '"assets/x" is damaged', lambda: with_member(Member("assets/x", b"xyz", both={"size": 2}))),
    ("damaged", '"assets/x" is damaged', lambda: with_member(Member("assets/x", b"xyz", True, both={"size": 2}))),
    ("damaged", '"assets/x" is damaged', lambda: with_member(Member("assets/x", both={"crc": 1}))),
    ("damaged", '"assets/x" is damaged', lambda: with_member(Member("assets/x", b"\xff\xff", both={"method": 8}))),
    ("damaged", '"pack.yaml" is damaged', lambda: changed(b"title: A small pack", b"title: A swall pack")),
    ("no-sums", "no SHA256SUMS", lambda: forge(PACK, with_sums=False)),
    ("no-sums", "no SHA256SUMS", lambda: forge([], with_sums=False)),
    ("no-sums", "no SHA256SUMS", lambda: forge([*PACK, Member("SHA256SUMS", b"")], with_sums=False)),
    ("sums", '"pack.yaml" differs', lambda: forge([Member("pack.yaml", b"x"), *PACK[1:], sums(PACK)], with_sums=False)),
    ("sums", "is not named in", lambda: forge([*PACK, Member("assets/more"), sums(PACK)], with_sums=False)),
    ("sums", "is missing", lambda: forge([*PACK[1:], sums(PACK)], with_sums=False)),
    ("sums", "do not belong", lambda: forge([*PACK, Member("SHA256SUMS", sums(PACK).data + b"\n")], with_sums=False)),
    ("newer-format", "has format 2", lambda: forge([Member("SHA256SUMS", b"# studypack 2\n")], with_sums=False)),
    ("no-archive", "no archive", lambda: b""),
    ("no-archive", "no archive", lambda: b"PK"),
    ("no-archive", "no archive", lambda: b"\x1f\x8b" + HONEST),
    ("no-archive", "no archive", lambda: b"#!/bin/sh\n" + HONEST),
    ("cut-short", "cut short", lambda: HONEST[:-1]),
    ("cut-short", "something was added", lambda: HONEST + b"\0"),
    ("cut-short", "cut short", lambda: forge(PACK, after=b"comment", comment=7)),
    ("cut-short", "cut short", lambda: forge(PACK, disk=1)),
    ("cut-short", "cut short", lambda: with_member(Member("assets/x", listed={"disk": 1}))),
    ("cut-short", "cut short", lambda: forge(PACK, count=3)),
    ("cut-short", "cut short", lambda: forge(PACK, here=3, count=3)),
    ("cut-short", "cut short", lambda: forge(PACK, here=9, count=9)),
    ("cut-short", "cut short", lambda: forge(PACK, offset=0)),
    ("cut-short", "cut short", lambda: forge(PACK, offset=2**32 - 1, size=2**32 - 1)),
    ("cut-short", "cut short", nested),
    ("cut-short", "something was added", two_lists),
)
