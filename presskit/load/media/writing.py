"""From recipients to a file of comma-separated values that `tables` and `entries` read back as it was.

Not here: what a cell holds (`cells`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from presskit.load.media.cells import guarded, row_of
from presskit.load.media.columns import COLUMNS
from presskit.model.media import Recipient


def write_list(recipients: Iterable[Recipient]) -> bytes:
    """Return a list as a file: UTF-8, a line each, and nothing a spreadsheet would run as a formula."""
    return write_rows([COLUMNS, *(map(guarded, row_of(recipient)) for recipient in recipients)])


def write_rows(rows: Iterable[Iterable[str]]) -> bytes:
    """Return rows of cells as a file.

    Source: RFC 4180, with the line end of the other files of an office.
    """
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def missing_columns(there: Iterable[str], entries: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Return the columns a file does not have and some entry, a row of `COLUMNS`, has something in."""
    used = {column for cells in entries for column, cell in zip(COLUMNS, cells, strict=True) if cell}
    return tuple(column for column in COLUMNS if column in used and column not in set(there))
