"""Makes archives that no honest program would, byte by byte: what a head says and what is there are set apart."""

from __future__ import annotations

import stat
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from struct import Struct

LOCAL, CENTRAL, END = Struct("<4s5H3L2H"), Struct("<4s6H3L5H2L"), Struct("<4s4H2LH")
LOCAL_FIELDS = ("sign", "needed", "flags", "method", "time", "date", "crc", "packed", "size", "name_length", "extra")
CENTRAL_FIELDS = (
    *("sign", "made_by", "needed", "flags", "method", "time", "date", "crc", "packed", "size", "name_length", "extra"),
    *("comment", "disk", "internal", "external", "offset"),
)
END_FIELDS = ("sign", "disk", "first_disk", "here", "count", "size", "offset", "comment")

LISTED = {"sign": b"PK\x01\x02", "made_by": 3 << 8 | 20, "comment": 0, "disk": 0, "internal": 0}
ENDING = {"sign": b"PK\x05\x06", "disk": 0, "first_disk": 0, "comment": 0}
"""What the list says of every file, and the end of every archive, unless told otherwise."""

UTF8 = 0x800
PLAIN = (stat.S_IFREG | 0o644) << 16
LINK = (stat.S_IFLNK | 0o777) << 16
PIPE = (stat.S_IFIFO | 0o644) << 16
REPARSE_POINT = 0x400


@dataclass(frozen=True)
class Member:
    """A file of an archive; `local` and `listed` change what is said of it in its head and in the list."""

    name: str | bytes
    data: bytes = b"x\n"
    deflated: bool = False
    flags: int = UTF8
    external: int = PLAIN
    local: Mapping[str, object] = field(default_factory=dict)
    listed: Mapping[str, object] = field(default_factory=dict)
    both: Mapping[str, object] = field(default_factory=dict)
    before: bytes = b""
    """Bytes that stand before its head."""
    tail: bytes = b""
    """Bytes that stand behind its name in the list; `listed` says what they are."""

    @property
    def raw_name(self) -> bytes:
        return self.name if isinstance(self.name, bytes) else self.name.encode("utf-8", "surrogatepass")

    @property
    def packed(self) -> bytes:
        return deflate(self.data) if self.deflated else self.data


def deflate(data: bytes) -> bytes:
    """The data as zip archives hold it packed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def members(files: Mapping[str, bytes], *, deflated: bool = False) -> list[Member]:
    """Members for the files of a pack."""
    return [Member(name, data, deflated) for name, data in files.items()]


def sums(found: Iterable[Member]) -> Member:
    """The right sums of members."""
    names = {member.raw_name.decode("utf-8", "replace"): sha256(member.data).hexdigest() for member in found}
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(names.items()))
    return Member("SHA256SUMS", f"# studypack 1\n{lines}".encode())


def forge(given: Iterable[Member], *, after: bytes = b"", with_sums: bool = True, **end: object) -> bytes:
    """An archive of these members; `end` changes what is said at its end, `after` follows that."""
    whole = list(given)
    if with_sums:
        whole.append(sums(whole))
    body, listed = bytearray(), bytearray()
    for member in whole:
        body += member.before
        said: dict[str, object] = {
            "needed": 20,
            "flags": member.flags,
            "method": 8 if member.deflated else 0,
            "time": 0,
            "date": 33,
            "crc": zlib.crc32(member.data),
            "packed": len(member.packed),
            "size": len(member.data),
            "name_length": len(member.raw_name),
            "extra": 0,
            **member.both,
        }
        head = {"sign": b"PK\x03\x04", **said, **member.local}
        entry = {
            **LISTED,
            "external": member.external,
            "offset": len(body),
            **said,
            **member.listed,
        }
        local_name, listed_name = head.pop("name", member.raw_name), entry.pop("name", member.raw_name)
        assert isinstance(local_name, bytes)
        assert isinstance(listed_name, bytes)
        body += LOCAL.pack(*(head[each] for each in LOCAL_FIELDS)) + local_name + member.packed
        listed += CENTRAL.pack(*(entry[each] for each in CENTRAL_FIELDS)) + listed_name + member.tail
    ending = {
        **ENDING,
        "here": len(whole),
        "count": len(whole),
        "size": len(listed),
        "offset": len(body),
        **end,
    }
    return bytes(body + listed) + END.pack(*(ending[each] for each in END_FIELDS)) + after
