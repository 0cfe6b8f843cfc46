"""What a release refers to and does not exist, or names twice.

It looks at the fields as typed, not at the model, so that these problems are told together with all others
even if another field keeps the model from being made.  Not here: whether what exists fits (`checks`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple

from presskit.errors import Place, Problem
from presskit.load.suggest import did_you_mean
from presskit.load.yaml import Places, Tree, shown
from presskit.model.base import ID_PATTERN
from presskit.model.registers import Registers

RESERVED = (
    *("draft", "correction", "withdrawal", "notice"),
    *("headline", "subhead", "facts", "notes", "contacts", "end-mark"),
)
"""Ids the document's own parts have."""


class Kind(NamedTuple):
    """A kind of thing that is referred to by id."""

    noun: str
    home: str  # where one is added
    code: str


SPEAKER = Kind("person", "data/people.yaml", "speaker-unknown")
CONTACT = Kind("person", "data/people.yaml", "contact-unknown")
AGENCY = Kind("agency", "data/agencies.yaml", "agency-unknown")
ROSTER = Kind("roster", "data/rosters/", "roster-unknown")
BOILERPLATE = Kind("boilerplate", "data/boilerplates/", "boilerplate-unknown")
RELEASE = Kind("other release", "data/releases/", "follow-up-unknown")
QUOTE = Kind("quote of this release", "quotes:", "quote-unknown")


class Named(NamedTuple):
    """An id somebody typed."""

    id: str
    field: str


def unknown(named: Named, kind: Kind, known: Collection[str], places: Places) -> Iterator[Problem]:
    """Yield a problem if there is nothing of that id; one that can be no id is told elsewhere."""
    if named.id in known or not re.fullmatch(ID_PATTERN, named.id):
        return
    what = f"there is no {kind.noun} “{named.id}”."
    listed = sorted(known) if isinstance(known, frozenset) else known  # the order of a set is chance
    fix = did_you_mean(named.id, listed, f"add it to {kind.home}")
    yield Problem(places.find(named.field), shown(named.field), what, fix, kind.code)


def faulty_references(tree: dict[str, Tree], registers: Registers, places: Places) -> Iterator[Problem]:
    """Yield a problem for every id in a release that leads nowhere or stands twice."""
    quotes = [Named(_text(quote, "id"), f"quotes[{i}].id") for i, quote in _fields(tree, "quotes")]
    speakers = [Named(_text(said, "speaker"), f"quotes[{i}].speaker") for i, said in _fields(tree, "quotes")]
    quote_ids = [quote.id for quote in quotes]
    contacts, boilerplates = _ids(tree, "contacts"), _ids(tree, "boilerplates")
    placed: list[Named] = []
    for field, block in blocks(tree):
        placed += [Named(_text(block, "quote"), f"{field}.quote")] if "quote" in block else []
        yield from _faulty_agencies(field, block, registers, places)
    for group, kind, known in (
        (speakers, SPEAKER, registers.people),
        (contacts, CONTACT, registers.people),
        (boilerplates, BOILERPLATE, registers.boilerplates),
        (placed, QUOTE, quote_ids),
    ):
        for named in group:
            yield from unknown(named, kind, known, places)
    for once in (contacts, boilerplates, placed):
        yield from _twice(once, places, "delete one of them.", "listed-twice")
    yield from _twice(quotes, places, "give one of them another id.", "id-twice")
    yield from _twice(_block_ids(tree), places, "give one of them another id.", "id-twice")


def faulty_follow_up(
    tree: dict[str, Tree], slug: str, releases: Callable[[], Iterable[str]], places: Places
) -> Iterator[Problem]:
    """Yield a problem if a release corrects or withdraws itself, or one that does not exist.

    Args:
        releases: called only if there is something to look up, since an office may have thousands.
    """
    for field in ("corrects", "withdraws"):
        if field in tree:
            others = [name for name in releases() if name != slug]
            yield from unknown(Named(_text(tree, field), field), RELEASE, others, places)


def blocks(tree: dict[str, Tree]) -> Iterator[tuple[str, dict[str, Tree]]]:
    """Yield the blocks of the body and of the notes that have fields, each with its path."""
    for part in ("body", "notes"):
        for index, block in _fields(tree, part):
            yield f"{part}[{index}]", block


def faulty_tables(tree: dict[str, Tree], places: Places) -> Iterator[Problem]:
    """Yield a problem for each row of a table that has not as many cells as the header."""
    for field, block in blocks(tree):
        header, rows = block.get("header"), block.get("rows")
        if not isinstance(header, list) or not isinstance(rows, list):
            continue
        for index, row in enumerate(rows):
            if isinstance(row, list) and len(row) != len(header):
                path = f"{field}.rows[{index}]"
                what = f"cells in the header: {len(header)}; in this row: {len(row)}."
                fix = 'give it as many; an empty cell is written "".'
                yield Problem(places.find(path), shown(path), what, fix, "table-cells")


def _faulty_agencies(
    field: str, block: dict[str, Tree], registers: Registers, places: Places
) -> Iterator[Problem]:
    listed = _ids(block, "agencies", field)
    for named in listed:
        yield from unknown(named, AGENCY, registers.agencies, places)
    yield from _twice(listed, places, "delete one of them.", "agency-duplicate")
    for name, kind, known in (
        ("lead_agency", AGENCY, registers.agencies),
        ("members_of", ROSTER, registers.rosters),
    ):
        if name in block:
            yield from unknown(Named(_text(block, name), f"{field}.{name}"), kind, known, places)


def _twice(names: Iterable[Named], places: Places, fix: str, code: str) -> Iterator[Problem]:
    first: dict[str, Place] = {}
    for named in names:
        place = places.find(named.field)
        if named.id in first:
            what = f"“{named.id}” stands in line {first[named.id].line} already."
            yield Problem(place, shown(named.field), what, fix, code)
        elif named.id in RESERVED and code == "id-twice":
            what = f"“{named.id}” is the id of another part of every release."
            yield Problem(place, shown(named.field), what, fix, code)
        elif named.id:
            first[named.id] = place


def _block_ids(tree: dict[str, Tree]) -> Iterator[Named]:
    """Yield the ids given to blocks of the text and to entries of lists."""
    for field, block in blocks(tree):
        yield Named(_text(block, "id"), f"{field}.id")
        yield from _item_ids(block, "list", field)


def _item_ids(holder: dict[str, Tree], name: str, field: str) -> Iterator[Named]:
    for index, item in _fields(holder, name):
        path = f"{field}.{name}[{index}]"
        yield Named(_text(item, "id"), f"{path}.id")
        yield from _item_ids(item, "items", path)


def _fields(holder: dict[str, Tree], name: str) -> Iterator[tuple[int, dict[str, Tree]]]:
    """Yield the entries of a list that have fields, each with its position."""
    entries = holder.get(name)
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            yield index, entry


def _ids(holder: dict[str, Tree], name: str, field: str = "") -> list[Named]:
    entries = holder.get(name)
    path = f"{field}.{name}" if field else name
    return [
        Named(entry.strip(), f"{path}[{index}]")
        for index, entry in enumerate(entries if isinstance(entries, list) else ())
        if isinstance(entry, str)
    ]


def _text(holder: dict[str, Tree], name: str) -> str:
    found = holder.get(name, "")
    return found.strip() if isinstance(found, str) else ""
