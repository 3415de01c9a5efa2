"""The zip format, as far as archives of packs use it: written in one way only, read without trust.

What is read is a strict part of the format: files one after another from the first byte, then the list of them, then
the end, and nothing between, before or after. So there is one way to understand an archive, and no place for a second
list, for parts that overlap or for what is in no list. What its headers say is compared with what is there, and no
limit rests on it.
"""

from __future__ import annotations

import stat
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from struct import Struct

from studyapp.packs.archives.refusals import Refused
from studyapp.packs.folder import MAX_TOTAL
from studyapp.packs.portable import clashes, unsafe_path
from studyapp.packs.problems import quoted

MAX_FILES = 10_000
"""Files of an archive."""
MAX_RATIO = 100
"""How many times its packed size a file may have."""
MIB = 1024 * 1024

_LOCAL, _CENTRAL, _END = Struct("<4s5H3L2H"), Struct("<4s6H3L5H2L"), Struct("<4s4H2LH")
"""The head of a file, its entry in the list, and the end of the archive."""
_LOCAL_SIGN, _CENTRAL_SIGN, _END_SIGN = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_STORED, _DEFLATED = 0, 8
_NEEDED, _MADE_BY = 20, 3 << 8 | 20
"""Version 2.0 of the format, under Unix."""
_UTF8, _EFFORT, _ENCRYPTED = 0x800, 0x6, 0x2041
"""Flags: the name is UTF-8; how hard deflating tried; encrypted in one way or another."""
_DATE = 1 << 5 | 1
"""The first of January 1980, the first day of the format."""
_MODE = (stat.S_IFREG | 0o644) << 16


# -- writing ---------------------------------------------------------------------------------------------------------


def zip_chunks(files: Mapping[str, bytes]) -> Iterator[bytes]:
    """The archive of these files, piece by piece: the same bytes for the same files, in whatever order they come."""
    listed: list[bytes] = []
    offset = 0
    for name in sorted(files):
        data, raw = files[name], name.encode()
        common = _NEEDED, _UTF8, _STORED, 0, _DATE, zlib.crc32(data), len(data), len(data), len(raw), 0
        head = _LOCAL.pack(_LOCAL_SIGN, *common) + raw
        listed.append(_CENTRAL.pack(_CENTRAL_SIGN, _MADE_BY, *common, 0, 0, 0, _MODE, offset) + raw)
        offset += len(head) + len(data)
        yield head
        yield data
    yield from listed
    size = sum(map(len, listed))
    yield _END.pack(_END_SIGN, 0, 0, len(listed), len(listed), size, offset, 0)


# -- reading ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the list says of a file."""

    raw: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    external: int
    offset: int

    @property
    def name(self) -> str:
        return self.raw.decode("utf-8" if self.flags & _UTF8 else "ascii", "backslashreplace")

    @property
    def kind(self) -> int:
        """What kind of file it is under Unix; 0 where nothing is said."""
        return stat.S_IFMT(self.external >> 16)


_RULES: tuple[tuple[str, Callable[[_Entry], object]], ...] = (
    ("encrypted", lambda entry: entry.flags & _ENCRYPTED),
    ("link", lambda entry: entry.kind == stat.S_IFLNK or entry.external & stat.FILE_ATTRIBUTE_REPARSE_POINT),
    ("special-file", lambda entry: entry.kind not in (0, stat.S_IFREG)),
    ("special-file", lambda entry: entry.external & stat.FILE_ATTRIBUTE_DIRECTORY),
    ("method", lambda entry: entry.method not in (_STORED, _DEFLATED)),
    ("contradiction", lambda entry: entry.flags & ~(_UTF8 | _EFFORT)),
)
"""What no entry may be, by the reason for which it is refused; the first that holds counts."""


def read_zip(raw: bytes) -> dict[str, bytes]:
    """The files of an archive by their paths, all of them read and sound.

    Raises:
        Refused: anything about it is not as it should be.
    """
    entries, end = _entries(raw)
    for entry in entries:
        _judge(entry)
    for _, unsafe in clashes(entry.name for entry in entries):
        raise Refused(unsafe.code, why=unsafe.message)
    files: dict[str, bytes] = {}
    at, room = 0, MAX_TOTAL
    for entry in entries:
        start = _after_head(raw, entry, at)
        at = start + entry.packed
        if at > end:
            raise Refused("contradiction", name=quoted(entry.name))
        files[entry.name] = data = _unpacked(entry, raw[start:at], room)
        room -= len(data)
    if at != end:
        raise Refused("cut-short")
    return files


def _entries(raw: bytes) -> tuple[list[_Entry], int]:
    """What the list says of each file, and where the list begins."""
    if raw[:4] not in (_LOCAL_SIGN, _END_SIGN):
        raise Refused("no-archive")
    if len(raw) < _END.size or raw[-_END.size :][:4] != _END_SIGN:
        raise Refused("cut-short")
    _, disk, first_disk, here, count, size, offset, comment = _END.unpack(raw[-_END.size :])
    # The sums that an archive brings are a file more.
    if count > MAX_FILES + 1:
        raise Refused("too-many", most=MAX_FILES)
    end = len(raw) - _END.size
    if disk or first_disk or comment or here != count or offset + size != end:
        raise Refused("cut-short")
    entries, at = [], offset
    for _ in range(count):
        if at + _CENTRAL.size > end:
            raise Refused("cut-short")
        entry = _CENTRAL.unpack_from(raw, at)
        sign, _, _, flags, method, _, _, crc, packed, unpacked, *lengths, disk, _, external, place = entry
        start, at = at + _CENTRAL.size, at + _CENTRAL.size + sum(lengths)
        if sign != _CENTRAL_SIGN or at > end or disk:
            raise Refused("cut-short")
        name = raw[start : start + lengths[0]]
        if any(lengths[1:]):
            # There another name could stand, which some programs prefer.
            raise Refused("extra", name=quoted(name.decode("utf-8", "replace")))
        entries.append(_Entry(name, flags, method, crc, packed, unpacked, external, place))
    if at != end:
        raise Refused("cut-short")
    return entries, offset


def _judge(entry: _Entry) -> None:
    """Raise unless the entry is that of a plain file inside the pack."""
    name = entry.name
    if name.encode("utf-8", "surrogatepass") != entry.raw:
        raise Refused("unsafe-name", why=f"{quoted(name)} is not written in UTF-8")
    unsafe = unsafe_path(name)
    if unsafe is not None:
        raise Refused(unsafe.code, why=unsafe.message)
    for code, holds in _RULES:
        if holds(entry):
            raise Refused(code, name=quoted(name), number=entry.method)


def _after_head(raw: bytes, entry: _Entry, at: int) -> int:
    """Where the data of a file begins whose head is to stand at a place, and to say what the list says."""
    if entry.offset != at or at + _LOCAL.size > len(raw):
        raise Refused("contradiction", name=quoted(entry.name))
    sign, _, flags, method, _, _, crc, packed, size, length, extra = _LOCAL.unpack_from(raw, at)
    start = at + _LOCAL.size
    said = sign, flags, method, crc, packed, size, extra, raw[start : start + length]
    if said != (_LOCAL_SIGN, entry.flags, entry.method, entry.crc, entry.packed, entry.size, 0, entry.raw):
        raise Refused("contradiction", name=quoted(entry.name))
    return start + int(length)


def _unpacked(entry: _Entry, packed: bytes, room: int) -> bytes:
    """The data of a file; never more than there is room for, whatever its head says."""
    if entry.method == _STORED:
        data, whole = packed, True
    else:
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            data = inflate.decompress(packed, min(room, MAX_RATIO * len(packed)) + 1)
        except zlib.error:
            raise Refused("damaged", name=quoted(entry.name)) from None
        whole = inflate.eof and not inflate.unused_data
    if len(data) > room:
        raise Refused("too-big", most=MAX_TOTAL // MIB)
    if len(data) > MAX_RATIO * len(packed):
        raise Refused("compression", name=quoted(entry.name), most=MAX_RATIO)
    if not whole or len(data) != entry.size or zlib.crc32(data) != entry.crc:
        raise Refused("damaged", name=quoted(entry.name))
    return data
