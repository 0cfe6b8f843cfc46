"""Lists of the media: files of the office to `MediaList`, other people's files to lists, and out again.

::

    lists       load_list       data/media-lists/ ──tables──▶ rows ──entries──▶ recipients
    intake      import_rows     CSV, spreadsheet, vCard ──▶ rows ──adding──▶ data/media-lists/
    filters     read_filter     "language = fr and not outlet ~ radio" ──▶ a test of recipients
    merging     merge_lists     lists ──▶ recipients, each address once
    writing     write_list      recipients ──▶ CSV

Not here: what a list is (`model.media`), and who wants no more mail (`send.outbox.suppression`).
"""

from __future__ import annotations

from presskit.load.media.adding import Added, Wanted, add_list
from presskit.load.media.filters import Filter, read_filter
from presskit.load.media.intake import import_rows
from presskit.load.media.lists import list_names, load_list
from presskit.load.media.merging import Duplicate, merge_lists
from presskit.load.media.writing import write_list

__all__ = [
    "Added",
    "Duplicate",
    "Filter",
    "Wanted",
    "add_list",
    "import_rows",
    "list_names",
    "load_list",
    "merge_lists",
    "read_filter",
    "write_list",
]
