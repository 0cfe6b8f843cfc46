"""From a spreadsheet, a file ``.xlsx``, to the table of its first sheet.

A spreadsheet is a ZIP archive of XML, and both can promise far more than they are: what it would become is
counted before it is opened.  Not here: what the cells mean (`entries`).

Source: ECMA-376-1, 18.3.1.4 (a cell and its reference).
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from datetime import date, datetime, time, timedelta

from presskit.errors import Place, Problem, ProblemsFound
from presskit.load.media.tables import Row, Table

LIMIT_UNPACKED_BYTES = 200_000_000
LIMIT_CELLS = 10_000_000
"""Cells of the rectangle all of a sheet lies in; each takes 32 bytes, empty or not."""

_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,3})([0-9]{1,7})["']""")
_CHUNK = 1 << 20

_BROKEN = zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError
"""What reading a ZIP archive raises that is damaged, has a password, or is packed in an unknown way."""

Cell = str | int | float | bool | date | datetime | time | timedelta


def read_spreadsheet(content: bytes, file: str) -> Table:
    """Return the table of the first sheet that is shown; numbers and days as the text they are.

    Raises:
        ProblemsFound: it is no spreadsheet, or too large, or has no sheet with something in it.
    """
    _require_small(content, file)
    from python_calamine import CalamineError, SheetTypeEnum, SheetVisibleEnum, load_workbook

    try:
        with load_workbook(io.BytesIO(content)) as book:
            shown = (
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
            )
            name = next(shown, None)
            cells = [] if name is None else book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise ProblemsFound(_unreadable(file)) from error
    filled: list[Row] = [
        (line, [_text(cell) for cell in row])
        for line, row in enumerate(cells, 1)
        if any(c != "" for c in row)
    ]
    if not filled:
        what = "the first sheet of this spreadsheet is empty."
        fix = "put the list into the first sheet, names of columns above."
        raise ProblemsFound(Problem(Place(file), "", what, fix, "file-empty"))
    header, *rows = filled
    return Table(header, rows, lambda line, cell: Place(file, line, cell + 1))


def _require_small(content: bytes, file: str) -> None:
    """Raise unless all parts unpacked, and all cells of the sheets, stay below the limits.

    Why: what a ZIP archive says of its sizes may be a lie, so they are counted; and the reader makes room
    for every cell between the first and the last, which ends the whole program if two cells lie far apart.
    """
    unpacked = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in archive.infolist():
                rows, columns, tail = 0, 0, b""
                part.file_size = LIMIT_UNPACKED_BYTES + 2 * _CHUNK  # read on, wherever it says its end is
                with archive.open(part) as stream:
                    while chunk := stream.read(_CHUNK):
                        unpacked += len(chunk)
                        if unpacked > LIMIT_UNPACKED_BYTES:
                            raise ProblemsFound(_too_large(file))
                        for letters, digits in _REFERENCE.findall(tail + chunk):
                            rows, columns = max(rows, int(digits)), max(columns, _number(letters))
                        tail = chunk[-40:]
                if rows * columns > LIMIT_CELLS:
                    raise ProblemsFound(_too_large(file))
    except _BROKEN as error:
        raise ProblemsFound(_unreadable(file)) from error


def _number(letters: bytes) -> int:
    """Return the number of a column: 28 of AB."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _text(cell: Cell) -> str:
    """Return a cell as the text people see in it: 7 of 7.0, yes of TRUE."""
    match cell:
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime():
            return cell.isoformat(" ")
        case date() | time():
            return cell.isoformat()
    return str(cell)


def _unreadable(file: str) -> Problem:
    what = "this is not a spreadsheet that can be read."
    fix = "save it as “Excel workbook (.xlsx)” without a password, or as “CSV UTF-8”."
    return Problem(Place(file), "", what, fix, "list-unreadable")


def _too_large(file: str) -> Problem:
    what = "this spreadsheet is larger than any list: its parts unpacked, or the area its cells lie in."
    fix = "copy the rows of the list into a new spreadsheet, or save it as “CSV UTF-8”."
    return Problem(Place(file), "", what, fix, "file-too-large")
