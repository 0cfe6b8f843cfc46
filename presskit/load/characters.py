"""From bytes to text: UTF-8, one kind of line end, and no character that hides what the text says.

Not here: what the text means (`yaml`).
"""

from __future__ import annotations

import re
import unicodedata
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator

from presskit.errors import Place, Problem

SHOWN = 20
"""So many bad characters of one file are listed; whoever has more has another trouble."""

_LAST_OF_PLANES = "".join(chr(plane + 0xFFFE) + chr(plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000))

FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls but tab and line feed
    "\u200b\u2060\ufeff"  # spaces and joiners without width: searching and copying fail without a sign of why
    "\u2028\u2029"  # line and paragraph separator: line ends to some programs, not to others
    "\u202a-\u202e\u2066-\u2069"  # bidi embeddings, overrides, isolates: what is read is not what is stored
    f"\ud800-\udfff\ufdd0-\ufdef{_LAST_OF_PLANES}]"  # surrogates and noncharacters
)
"""Characters no text of the office may hold.  Joiners, direction marks and the soft hyphen are allowed.

Source: The Unicode Standard 16.0, 23.1 (controls), 23.2 (layout), 23.6 (surrogates), 23.7 (noncharacters);
Unicode Technical Standard 55, 4 (bidirectional controls that hide what a text says).
"""

_CONTROLS = {
    "\x00": "NULL",
    "\x08": "BACKSPACE",
    "\x0b": "LINE TABULATION",
    "\x0c": "FORM FEED",
    "\r": "CARRIAGE RETURN",
    "\x1b": "ESCAPE",
    "\x7f": "DELETE",
    "\x85": "NEXT LINE",
}
"""Names of controls people meet; the standard gives controls none."""

_ESCAPE = re.compile(
    r"\\(?:(?P<pair>u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|x(?P<x>[0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})|U(?P<U>[0-9a-fA-F]{8})|(?P<letter>.))",
    re.DOTALL,
)
_ESCAPED = dict(zip("0abvferNLP", "\0\a\b\v\f\x1b\r\x85\u2028\u2029", strict=True))


def decode(content: bytes, file: str) -> tuple[str, tuple[Problem, ...]]:
    """Return the text of a file with plain line ends; with problems, it is not to be used.

    The mark that says "UTF-8" is taken off, and the line ends of Windows and old Macintoshes are replaced.
    """
    content = content.removeprefix(BOM_UTF8)
    try:
        text = _plain_line_ends(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        return "", (_not_text(content, error.start, file),)
    return text, tuple(
        forbidden_character(match.group(), place_at(text, match.start(), file))
        for match, _ in zip(FORBIDDEN.finditer(text), range(SHOWN), strict=False)
    )


def place_at(text: str, index: int, file: str) -> Place:
    """Return the place of one character of a text."""
    return Place(file, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


def forbidden_character(character: str, place: Place, field: str = "") -> Problem:
    """Return the problem of one character that may not stand where it stands."""
    what = f"here stands {named(character)}, which can not be seen in print."
    fix = "delete it; if your editor does not show it, type the words around it again."
    return Problem(place, field, what, fix, "character-forbidden")


def named(character: str) -> str:
    """Return a character's number and name: U+202E RIGHT-TO-LEFT OVERRIDE."""
    kinds = {"Cc": "CONTROL CHARACTER", "Cs": "HALF A CHARACTER (SURROGATE)"}
    unnamed = kinds.get(unicodedata.category(character), "NOT A CHARACTER")
    name = unicodedata.name(character, _CONTROLS.get(character, unnamed))
    return f"U+{ord(character):04X} {name}"


def forbidden_escapes(source: str) -> Iterator[tuple[int, str]]:
    r"""Yield where an escape of a double-quoted text stands for a forbidden character, and that character.

    Args:
        source: the text as it stands in the file, with its quotation marks: ``"\u202E"``.
    """
    for match in _ESCAPE.finditer(source):
        number = match["x"] or match["u"] or match["U"]
        character = chr(int(number, 16)) if number else _ESCAPED.get(match["letter"] or "", "")
        if FORBIDDEN.match(character):
            yield match.start(), character


def joined_surrogates(words: str) -> str:
    """Return a text in which two halves of a character that belong together are one.

    Source: RFC 8259, 7: JSON, which YAML includes, writes characters beyond U+FFFF as two escapes.
    """
    return words.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _plain_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _not_text(content: bytes, index: int, file: str) -> Problem:
    """Say where a file stops being UTF-8, and what it may be instead."""
    before = _plain_line_ends(content[:index].decode("utf-8"))
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        what = "this file is stored as UTF-16, which editors also call “Unicode”."
    else:
        what = f"this is not text in UTF-8: the byte 0x{content[index]:02X} belongs to no letter."
    fix = "open it in an editor and save it as text in UTF-8."
    return Problem(place_at(before, len(before), file), "", what, fix, "file-not-text")
