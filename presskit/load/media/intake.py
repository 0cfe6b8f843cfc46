"""From a file somebody else kept a list in to a table: CSV, a spreadsheet, or contacts of an address book.

Not here: what the cells mean (`entries`), and keeping them (`adding`).
"""

from __future__ import annotations

from presskit.errors import Place, Problem, ProblemsFound
from presskit.load.media.spreadsheet import read_spreadsheet
from presskit.load.media.tables import Table, read_csv
from presskit.load.media.vcard import read_vcard

LIMIT_BYTES = 50_000_000
"""The largest file that is read."""

_READERS = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".txt": read_csv,
    ".xlsx": read_spreadsheet,
    ".xlsm": read_spreadsheet,
    ".vcf": read_vcard,
    ".vcard": read_vcard,
}


def import_rows(content: bytes, name: str) -> Table:
    """Return the table of a file, its cells without needless spaces and line ends.

    Args:
        name: of the file; its end says what kind it is.

    Raises:
        ProblemsFound: it is of no kind that can be read, or can not be read.
    """
    suffix = f".{name.rpartition('.')[2].lower()}"
    read = _READERS.get(suffix)
    if read is None:
        what = (
            f"files that end in {suffix[:20]} can not be read as lists."
            if "." in name
            else "what kind of file is this?"
        )
        fix = "save it as “Excel workbook (.xlsx)”, “CSV UTF-8” (.csv), or vCard (.vcf)."
        raise ProblemsFound(Problem(Place(name), "", what, fix, "list-unreadable"))
    if len(content) > LIMIT_BYTES:
        what = f"this file has more than the {LIMIT_BYTES:,} bytes that are read of such a file."
        fix = "see whether it is the right file, or divide it."
        raise ProblemsFound(Problem(Place(name), "", what, fix, "file-too-large"))
    table = read(content, name)
    line, names = table.header
    rows = ((row_line, [_tidy(cell) for cell in cells]) for row_line, cells in table.rows)
    return Table((line, [_tidy(cell) for cell in names]), rows, table.place)


def _tidy(cell: str) -> str:
    return " ".join(cell.split())
