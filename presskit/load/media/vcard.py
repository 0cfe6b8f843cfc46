"""From contacts of an address book, a file ``.vcf``, to a table with a row for each address.

Not here: what the cells mean (`entries`).

Source: RFC 6350 (vCard 4.0), RFC 2426 (3.0); vCard 2.1, 2.1.2 and 2.1.3 (quoted-printable, folding).
Why: vobject reads 2.1 and 3.0, with pytz, six and dateutil in tow; of a card, a list needs seven fields.
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from presskit.errors import Place, Problem, ProblemsFound
from presskit.load.characters import decode
from presskit.load.media.tables import Row, Table

_HEADER = ["reporter", "outlet", "email", "language", "region", "beat"]
_REGION = 4  # number of the region among the parts of ADR
_LINE = re.compile(
    r"(?:[\w-]+\.)?(?P<name>[\w-]+)(?P<options>(?:;(?:\"[^\"]*\"|[^\";:])*)*):(?P<value>.*)", re.ASCII
)


class _Property(NamedTuple):
    """One line of a card."""

    line: int
    name: str  # in capitals, without its group
    value: str  # escaped still


@dataclass(slots=True)
class _Card:
    """One contact, as far as it is read."""

    line: int
    full_name: str = ""
    parts_of_name: str = ""
    outlet: str = ""
    language: str = ""
    region: str = ""
    beat: list[str] = field(default_factory=list)
    emails: dict[str, int] = field(default_factory=dict)  # with their lines


def read_vcard(content: bytes, file: str) -> Table:
    """Return a row for each address of each contact, and one for each contact without an address.

    Raises:
        ProblemsFound: it is no file of contacts, or not text in UTF-8.
    """
    text, problems = decode(content, file)
    if problems and not text:
        raise ProblemsFound(problems)
    rows: list[Row] = []
    card: _Card | None = None
    depth = 0  # cards may lie in cards: those of agents, in 2.1 and 3.0
    for found in _properties(text):
        match found.name, found.value.strip().upper():
            case "BEGIN", "VCARD":
                depth += 1
                card = _Card(found.line) if depth == 1 else card
            case "END", "VCARD" if depth:
                depth -= 1
                if depth == 0 and card is not None:
                    rows += _rows(card)
            case _ if depth == 1 and card is not None:
                _take(card, found)
    if depth or not rows:
        what = "a contact in this file does not end." if depth else "there are no contacts in this file."
        fix = "export it again from the address book, as vCard (.vcf)."
        place = Place(file, card.line if card else 0)
        raise ProblemsFound(Problem(place, "", what, fix, "list-unreadable"))
    return Table((1, _HEADER), rows, lambda line, _: Place(file, line))


def _rows(card: _Card) -> Iterator[Row]:
    of_outlet = not card.parts_of_name and card.full_name == card.outlet  # a desk's, named after the outlet
    name = "" if of_outlet else card.full_name or card.parts_of_name
    for email, line in card.emails.items() or [("", card.line)]:
        yield line, [name, card.outlet, email, card.language, card.region, "; ".join(card.beat)]


def _take(card: _Card, found: _Property) -> None:
    """Take one line of a card in; of what stands twice the first counts, addresses and categories apart."""
    match found.name:
        case "FN":
            card.full_name = card.full_name or _plain(found.value)
        case "N":
            family, given = (*_split(found.value, ";"), "", "")[:2]
            card.parts_of_name = card.parts_of_name or f"{given} {family}".strip()
        case "ORG":
            card.outlet = card.outlet or _split(found.value, ";")[0]
        case "EMAIL":
            card.emails.setdefault(_plain(found.value).strip(), found.line)
        case "LANG":
            card.language = card.language or _plain(found.value)
        case "ADR":
            parts = _split(found.value, ";")
            card.region = card.region or (parts[_REGION] if len(parts) > _REGION else "")
        case "CATEGORIES":
            card.beat += _split(found.value, ",")


def _properties(text: str) -> Iterator[_Property]:
    """Yield the lines of a file, continued ones joined, quoted-printable ones decoded."""
    lines = iter(enumerate(text.split("\n"), 1))
    waiting = next(lines, None)
    while waiting is not None:
        (number, whole), parts = waiting, [waiting[1]]
        quoted_printable = _is_quoted_printable(whole)
        waiting = next(lines, None)
        while waiting is not None and (
            (quoted_printable and parts[-1].endswith("=")) or waiting[1].startswith((" ", "\t"))
        ):
            folded = waiting[1].startswith((" ", "\t")) and not (quoted_printable and parts[-1].endswith("="))
            parts.append(waiting[1][1:] if folded else f"\n{waiting[1]}")
            waiting = next(lines, None)
        found = _LINE.fullmatch("".join(parts).replace("=\n", ""))
        if found is not None:
            value = _decoded(found["value"], found["options"]) if quoted_printable else found["value"]
            yield _Property(number, found["name"].upper(), value)


def _is_quoted_printable(line: str) -> bool:
    return "QUOTED-PRINTABLE" in line.partition(":")[0].upper()


def _decoded(value: str, options: str) -> str:
    """Return the words of a quoted-printable value; of a character set nobody knows, with gaps."""
    charset = re.search(r"CHARSET=\"?([\w-]+)", options, re.IGNORECASE)
    try:
        octets = quopri.decodestring(value.encode("utf-8"))
        return octets.decode(charset.group(1) if charset else "utf-8", "replace")
    except (LookupError, binascii.Error, ValueError):
        return value


def _split(value: str, separator: str) -> list[str]:
    r"""Return the parts of a value; ``\;`` and ``\,`` separate nothing."""
    parts = re.findall(rf"((?:\\.|[^{separator}\\]|\\$)*)(?:{separator}|$)", value, re.DOTALL)
    return [_plain(part) for part in parts[:-1] or [""]]


def _plain(value: str) -> str:
    r"""Return a value without its escapes: ``\,`` is a comma, ``\n`` the end of a line."""
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value).strip()
