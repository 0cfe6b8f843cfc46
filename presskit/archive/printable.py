"""An audit report to a PDF that prints whatever the records say, characters no font has as their numbers.

Why: what somebody wrote into a note years ago can not be mended, and must not stop the report.  Not here:
what the report says (`report`), and how it is laid out (`compose.audit`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar, cast

from presskit.compose.audit import Audit, compose_audit
from presskit.compose.markup import BadLink
from presskit.errors import ArchiveDamaged, Place, Problem
from presskit.model.pack import Pack
from presskit.writers import WRITERS
from presskit.writers.pdf.coverage import uncovered

T = TypeVar("T")


def printed(report: Audit, pack: Pack) -> tuple[bytes, tuple[str, ...]]:
    """Return the report as PDF, and the characters that are printed as their numbers.

    Raises:
        ArchiveDamaged: it holds a link no release can have.
    """
    try:
        document = compose_audit(report, pack)
        lacking = tuple(dict.fromkeys(character for _, character in uncovered(document, pack.theme)))
        if lacking:
            numbers = {ord(character): f"[U+{ord(character):04X}]" for character in lacking}
            document = compose_audit(_translated(report, numbers), pack)
    except BadLink as error:
        fix = "see what else is wrong: presskit verify"
        place = Place(f"release {report.slug}")
        raise ArchiveDamaged(Problem(place, "", f"{error}.", fix, "archive-damaged")) from error
    return WRITERS["pdf"].write(document, pack.theme), lacking


def _translated(value: T, characters: Mapping[int, str]) -> T:
    """Return facts with characters replaced in all their texts."""
    if isinstance(value, str):
        return cast("T", value.translate(characters))
    if isinstance(value, tuple):
        return cast("T", tuple(_translated(one, characters) for one in value))
    if is_dataclass(value) and not isinstance(value, type):
        changed = {f.name: _translated(getattr(value, f.name), characters) for f in fields(value)}
        return cast("T", replace(value, **changed))
    return value
