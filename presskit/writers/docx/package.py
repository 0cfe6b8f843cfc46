"""Turns named parts into the bytes of a package: a plain zip, the same bytes for the same parts.

Source: ECMA-376 part 2 (Open Packaging Conventions), 9 and annex B (zip items); APPNOTE.TXT 6.3.3 of PKWARE,
4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (its end).

Why: `zipfile` deflates every part again and takes three times as long as the rest of the writer; here a
part that never changes is deflated once and copied.

Not here: what stands in a part.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from typing import NamedTuple

STORED, DEFLATED = 0, 8
FIRST_DAY_OF_ZIP = 1 << 5 | 1  # 1 January 1980, the earliest date a zip can carry
VERSION = 20  # needed to read deflated parts
LEVEL_ONCE = 9  # for parts prepared once a process
LEVEL_EACH = 3  # for parts of one release; a higher level costs twice the time for 5 % of the size

LOCAL_HEADER = struct.Struct("<4s5H3L2H")
DIRECTORY_ENTRY = struct.Struct("<4s6H3L5H2L")
END_OF_DIRECTORY = struct.Struct("<4s4H2LH")

WORTH_DEFLATING_BYTES = 2048  # a shorter part costs more time than it saves room

NOT_CHARACTERS = "\ufffe".encode(), "\uffff".encode()
FORBIDDEN_IN_XML = bytes(range(9)) + b"\x0b\x0c" + bytes(range(0x0E, 0x20))


class Part(NamedTuple):
    """One part, ready to be copied into a package."""

    name: bytes  # without the leading slash
    method: int
    checksum: int  # CRC-32 of the plain bytes
    size_bytes: int  # of the plain bytes
    packed: bytes


def deflated(name: str, data: bytes, level: int = LEVEL_EACH) -> Part:
    """Return a part of text, compressed."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(data) + packer.flush()
    return Part(name.encode("ascii"), DEFLATED, zlib.crc32(data), len(data), packed)


def stored(name: str, data: bytes) -> Part:
    """Return a part of bytes that are compressed already."""
    return Part(name.encode("ascii"), STORED, zlib.crc32(data), len(data), data)


def xml_part(name: str, text: str) -> Part:
    """Return a part of XML made from a string.

    Raises:
        ValueError: the text holds a character XML can not carry, of which `load` lets none through.
    Source: Extensible Markup Language 1.0, 2.2 (Char).
    """
    data = text.encode()
    clean = len(data.translate(None, FORBIDDEN_IN_XML)) == len(data)
    if not clean or any(character in data for character in NOT_CHARACTERS):
        raise ValueError(f"{name} holds a control character, which XML can not carry")
    return deflated(name, data) if len(data) >= WORTH_DEFLATING_BYTES else stored(name, data)


def pack(parts: Iterable[Part]) -> bytes:
    """Return the package of the parts, in the order given; ``[Content_Types].xml`` belongs first."""
    items: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for name, method, checksum, size_bytes, packed in parts:
        facts = method, 0, FIRST_DAY_OF_ZIP, checksum, len(packed), size_bytes, len(name), 0
        items += (LOCAL_HEADER.pack(b"PK\3\4", VERSION, 0, *facts), name, packed)
        directory += (DIRECTORY_ENTRY.pack(b"PK\1\2", VERSION, VERSION, 0, *facts, 0, 0, 0, 0, offset), name)
        offset += LOCAL_HEADER.size + len(name) + len(packed)
    entries = b"".join(directory)
    count = len(directory) // 2
    end = END_OF_DIRECTORY.pack(b"PK\5\6", 0, 0, count, count, len(entries), offset, 0)
    return b"".join((*items, entries, end))
