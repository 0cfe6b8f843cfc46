"""From the rows of a table to recipients, with everything that is wrong found at once.

Not here: which files make a list (`lists`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from presskit.errors import Place, Problem, ProblemsFound, errors_among
from presskit.load.addresses import read_address
from presskit.load.characters import FORBIDDEN, forbidden_character
from presskit.load.media.cells import Refused, read_beat, read_language, read_wishes, read_yes_no, unguarded
from presskit.load.media.columns import find_columns
from presskit.load.media.tables import Table
from presskit.load.suggest import quoted
from presskit.model.media import Address, Recipient

LIMIT_PROBLEMS = 200
"""With so many mistakes a list is not read on: it is another kind of file, or one mistake made everywhere."""

LIMIT_CHARACTERS = {"consent": 1000}
_LIMIT_CHARACTERS = 200  # of any other cell

_BREAK = re.compile(f"[\n\t]|{FORBIDDEN.pattern}")
"""What may not stand in a cell: it may become part of a message's head, where a line's end starts a field."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for entries that say nothing themselves."""

    language: str = ""
    consent: str = ""
    leave_out: bool = False  # rows without an address are left out, in place of being an error


def read_entries(
    table: Table, list_name: str, defaults: Defaults
) -> tuple[tuple[Recipient, ...], tuple[Problem, ...]]:
    """Return the entries of a table, and what is wrong with it; with errors, they are not to be used."""
    line, names = table.header
    columns, problems = find_columns(
        [unguarded(name.strip()) for name in names], lambda index: table.place(line, index)
    )
    if "email" not in columns:
        return (), problems
    reader = _Reader(table.place, list_name, columns, len(names), defaults)
    reader.problems += problems
    try:
        for line, cells in table.rows:
            if len(reader.problems) >= LIMIT_PROBLEMS:
                reader.problems.append(_too_much(table.place(line, 0)))
                break
            reader.row(line, cells)
    except ProblemsFound as broken:
        reader.problems += broken.problems
    reader.tell_left_out()
    if not reader.recipients and not errors_among(reader.problems):
        what, fix = "nobody is on this list.", "add an entry: a line with an address."
        reader.problems.append(Problem(Place(table.place(line, 0).file), "", what, fix, "file-empty"))
    return tuple(reader.recipients), tuple(reader.problems)


class _Reader:
    """One table being read."""

    def __init__(
        self,
        place: Callable[[int, int], Place],
        list_name: str,
        columns: Mapping[str, int],
        width: int,
        defaults: Defaults,
    ) -> None:
        self.recipients: list[Recipient] = []
        self.problems: list[Problem] = []
        self._place, self._list, self._width = place, list_name, width
        self._file = place(1, 0).file
        self._columns = columns
        self._defaults = defaults
        self._left_out: list[int] = []  # lines
        self._lines: dict[str, int] = {}  # of addresses
        self._words: dict[str, str] = {}  # so that an outlet of a thousand reporters is in memory once
        self._read: dict[tuple[Callable[[str], object], str], object] = {}  # what cells mean

    def row(self, line: int, cells: list[str]) -> None:
        """Read one row; what is wrong with it becomes problems."""
        before = len(self.problems)
        if len(cells) > self._width:
            self._too_wide(line, cells)
        if _BREAK.search(" ".join(cells)):
            self._broken(line, cells)
        if len(self.problems) > before:
            return  # in what follows, cells could be taken for others
        words = {column: self._cell(cells, index) for column, index in self._columns.items()}
        for column, cell in words.items():
            if len(cell) > LIMIT_CHARACTERS.get(column, _LIMIT_CHARACTERS) and column != "email":
                self._too_long(line, column, cell)
        if not words["email"] and self._defaults.leave_out:
            self._left_out.append(line)
            return
        address = self._address(line, words["email"])
        entry = words.get
        language = self._value(line, "language", entry("language", ""), read_language)
        embargo = self._value(line, "accepts_embargo", entry("accepts_embargo", ""), read_yes_no)
        beat = self._value(line, "beat", entry("beat", ""), read_beat)
        wishes = self._value(line, "formats", entry("formats", ""), read_wishes)
        if address is None or len(self.problems) > before:
            return
        name = entry("reporter") or f"{entry('first_name', '')} {entry('last_name', '')}".strip()
        self.recipients.append(
            Recipient(
                address,
                self._list,
                Place(self._file, line),
                name,
                self._once(entry("outlet", "")),
                language or self._defaults.language,
                self._once(entry("region", "")),
                beat or (),
                bool(embargo),
                wishes,
                self._once(entry("consent", "")) or self._defaults.consent,
            )
        )

    def _cell(self, cells: list[str], index: int) -> str:
        """Return a cell without what is around its words, composed (NFC); "" if the row is too short."""
        cell = unguarded(cells[index].strip()) if index < len(cells) else ""
        return cell if cell.isascii() else unicodedata.normalize("NFC", cell)

    def _once(self, words: str) -> str:
        return self._words.setdefault(words, words)

    def _value(self, line: int, column: str, cell: str, read: Callable[[str], T]) -> T | None:
        """Return what a cell means, looked up if the same words were read before."""
        known = self._read.get((read, cell), self)
        if known is not self:
            return known  # type: ignore[return-value]  # the key holds the function that gave it
        try:
            value = read(cell)
        except Refused as refused:
            self._add(line, column, refused.what, refused.fix, refused.code)
            return None
        self._read[read, cell] = value
        return value

    def _address(self, line: int, cell: str) -> Address | None:
        """Return a row's address, unless it is none or stands in the list already."""
        if not cell:
            self._add(
                line, "email", "no address is written here.", "write it, or delete the line.", "field-missing"
            )
            return None
        address = read_address(cell)
        if isinstance(address, str):
            what = f"{quoted(cell)} is no e-mail address: {address}."
            self._add(line, "email", what, "write it as reporter@example.org.", "email-invalid")
            return None
        first = self._lines.setdefault(address.key, line)
        if first != line:
            what = f"{quoted(cell)} is on this list already, in line {first}."
            self._add(line, "email", what, "keep one and delete the other.", "address-twice")
        return address

    def tell_left_out(self) -> None:
        """Add one warning for all rows without an address."""
        if self._left_out:
            many = len(self._left_out)
            rows = "1 row has" if many == 1 else f"{many:,} rows have"
            what = f"{rows} no address and {'is' if many == 1 else 'are'} left out, this being the first."
            place = self._place(self._left_out[0], self._columns["email"])
            fix = "write the address and import again, if it is to be on the list."
            self.problems.append(Problem(place, "email", what, fix, "field-missing", "warning"))

    def _too_wide(self, line: int, cells: list[str]) -> None:
        if any(cell.strip() for cell in cells[self._width :]):
            what = f"this row has {len(cells):,} cells, and the first line names {self._width} columns."
            fix = 'put a cell that holds a comma in quotation marks: "Star, The".'
            place = self._place(line, self._width)
            self.problems.append(Problem(place, "", what, fix, "table-cells"))

    def _broken(self, line: int, cells: list[str]) -> None:
        """Tell each cell that holds several lines, or a character nobody sees."""
        for index, cell in enumerate(cells):
            if (found := _BREAK.search(cell.strip())) is None:
                continue
            place = self._place(line, index)
            if found.group() == "\n":
                what = f"{quoted(cell)} has several lines where one is wanted."
                self.problems.append(Problem(place, "", what, "join its lines.", "line-break"))
            elif found.group() == "\t":
                what = f"{quoted(cell)} holds a tab."
                self.problems.append(Problem(place, "", what, "write a space.", "character-forbidden"))
            else:
                self.problems.append(forbidden_character(found.group(), place))

    def _too_long(self, line: int, column: str, cell: str) -> None:
        most = LIMIT_CHARACTERS.get(column, _LIMIT_CHARACTERS)
        what = f"this text has {len(cell):,} characters; {most:,} are the most."
        self._add(line, column, what, "shorten it.", "text-too-long")

    def _add(self, line: int, column: str, what: str, fix: str, code: str) -> None:
        place = self._place(line, self._columns[column])
        self.problems.append(Problem(place, column, what, fix, code))


def _too_much(place: Place) -> Problem:
    what = f"{LIMIT_PROBLEMS} things or more are wrong so far, and the lines from here on were not read."
    return Problem(place, "", what, "mend those above, then check again.", "problems-many")
