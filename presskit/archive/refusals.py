"""What an archive does not do, in plain words, wherever it lies: on a disk or in a bucket.

Not here: damage, and what a disk or a server refuses (`commit`, `site`, `s3.refused`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from presskit.archive.layout import ID_LIMIT
from presskit.archive.names import collision, why_bad_id, why_bad_name
from presskit.errors import NotAllowed, Place, Problem, WrongUsage


def require_good_names(object_id: str, files: Mapping[str, bytes]) -> None:
    """Refuse an id or the name of a file that not every system can keep.

    Raises:
        WrongUsage: there is one, or no file at all.
    """
    if reason := why_bad_id(object_id, ID_LIMIT):
        _refuse_name(object_id, f"the name of a release in the archive {reason}.")
    if not files:
        _refuse_name(object_id, "there is no file to deposit.")
    for name in files:
        if reason := why_bad_name(name):
            _refuse_name(object_id, f"the file name {name[:100]!r} {reason}.")
    if pair := collision(files):
        _refuse_name(object_id, f"{pair[0]!r} and {pair[1]!r} can not lie side by side on every system.")


def refuse_stale(object_id: str, expected: int, number: int) -> NoReturn:
    """Refuse a deposit after a version the depositor has not seen."""
    what = f"its newest version is {number}, not {expected}: somebody deposited meanwhile."
    fix = "look at the newest version, then deposit again."
    raise NotAllowed(Problem(Place("archive"), object_id, what, fix, "archive-stale"))


def refuse_purged(object_id: str, fix: str) -> NoReturn:
    """Refuse what concerns an object that was removed by law."""
    what = "this release was removed from the archive by law."
    raise NotAllowed(Problem(Place("archive"), object_id, what, fix, "archive-purged"))


def refuse_unknown(object_id: str, what: str) -> NoReturn:
    """Refuse to look for what is not there."""
    fix = "list what is in the archive, and correct the name."
    raise WrongUsage(Problem(Place("archive"), object_id, what, fix, "archive-unknown"))


def _refuse_name(object_id: str, what: str) -> NoReturn:
    raise WrongUsage(Problem(Place("archive"), object_id, what, "give it another name.", "archive-name"))
