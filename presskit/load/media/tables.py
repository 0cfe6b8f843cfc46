"""From text to rows of cells, each row with its line, and each cell with its place.

Not here: what a cell means (`columns`, `entries`), and other kinds of files (`spreadsheet`, `vcard`).

Source: RFC 4180; semicolons and tabs are what spreadsheets write where a comma is the decimal sign.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from presskit.errors import Place, Problem, ProblemsFound
from presskit.load.characters import decode, place_at
from presskit.load.media.columns import column_called

DELIMITERS = ",;\t"

Row = tuple[int, list[str]]
"""The line a row starts in, from 1, and its cells."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first says what the others are."""

    header: Row
    rows: Iterable[Row]  # can be read once; raises ProblemsFound where nothing more can be read
    place: Callable[[int, int], Place]  # of a cell, by the row's line and the cell's number from 0


def read_csv(content: bytes, file: str) -> Table:
    """Return the table a file of comma-separated values holds.

    Characters nobody may write are left in it: whoever reads the cells tells their places.

    Raises:
        ProblemsFound: the file is not text in UTF-8, or empty.
    """
    text, problems = decode(content, file)
    if problems and not text:
        raise ProblemsFound(_not_utf8(problems[0]))
    first = next((line for line in _lines(text) if line.strip()), "")[:10_000]
    delimiter = _delimiter(first)
    rows = _rows(text, delimiter, file)
    header = next(rows, None)
    if header is None:
        what = "this file is empty."
        fix = "write names of columns into its first line: outlet,reporter,email,language"
        raise ProblemsFound(Problem(Place(file), "", what, fix, "file-empty"))
    return Table(header, rows, _Cells(text, delimiter, file).place)


def _delimiter(header: str) -> str:
    """Return what separates cells: what makes the most known columns of the header, else the most cells."""
    unquoted = re.sub(r'"[^"]*"', lambda m: re.sub(r"[,;\t]", " ", m.group()), header)

    def columns(delimiter: str) -> tuple[int, int]:
        names = [name.strip(' "\n') for name in unquoted.split(delimiter)]
        return sum(column_called(name) is not None for name in names), len(names)

    return max(DELIMITERS, key=columns)


def _lines(text: str) -> Iterator[str]:
    return (match.group() for match in re.finditer(r"[^\n]*\n|[^\n]+", text))


def _rows(text: str, delimiter: str, file: str) -> Iterator[Row]:
    """Yield the rows that are not blank."""
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise ProblemsFound(_broken(str(error), Place(file, line))) from error


def _broken(reason: str, place: Place) -> Problem:
    """Word what the csv module says of a row it can not read; the rows behind it are not read either."""
    if "field limit" in reason:
        what = "this row has a cell of more than a hundred thousand characters."
        return Problem(
            place, "", what, "see whether it is the right file, or delete the cell.", "text-too-long"
        )
    if "end of data" in reason:
        what = "a quotation mark is opened in this row and never closed."
    else:
        what = "something stands behind a closing quotation mark in this row."
    fix = 'close it; a quotation mark within a cell is written twice: "The ""Star""".'
    return Problem(place, "", what, fix, "csv-syntax")


def _not_utf8(problem: Problem) -> Problem:
    fix = "save it as “CSV UTF-8”, as spreadsheets call it, or import the spreadsheet itself."
    return Problem(problem.place, problem.field, problem.what, fix, problem.code)


class _Cells:
    """Where cells stand in a text; looked up only when something is wrong."""

    def __init__(self, text: str, delimiter: str, file: str) -> None:
        self._text, self._file = text, file
        self._cell = re.compile(rf'(?:"(?:[^"]|"")*"|[^{delimiter}\n"])*{delimiter}')
        self._starts: list[int] = []

    def place(self, line: int, cell: int) -> Place:
        """Return where a cell of the row that starts in a line begins."""
        if not self._starts:
            self._starts = [0, *(match.end() for match in re.finditer("\n", self._text))]
        index = self._starts[line - 1]
        for _ in range(cell):
            if found := self._cell.match(self._text, index):
                index = found.end()
        return place_at(self._text, index, self._file)
