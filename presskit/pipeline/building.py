"""The runs up to a built kit: check a release, build it, show it.

Not here: how a stage works (its own folder), and printing (`cli`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from presskit.document.dump import dump
from presskit.errors import Problem, ProblemsFound, in_reading_order
from presskit.model.kit import Kit
from presskit.office import (
    PDFS,
    Loaded,
    Office,
    all_problems,
    built_file,
    cleared,
    require_sound,
    write_files,
)
from presskit.writers import WRITERS

if TYPE_CHECKING:
    from presskit.signoff.standing import Standing


def build(slug: str, office: Office, formats: Sequence[str], *, strict: bool = False) -> Kit:
    """Build the files of one release; nothing is written if anything is wrong.

    They are marked as drafts until the release is signed off; then they are the very files that were signed.

    Raises:
        ProblemsFound: the release has errors (with ``strict``: or warnings).
        BadSettings: the house, the template or the theme is wrong.
        NotAllowed: it is signed off, and what would be built now is not what was signed.
        Unreadable: a file can not be read or written.
    """
    loaded, signed = as_it_stands(slug, office)
    composed = office.compose(loaded, sealed=signed is not None and sealed(office))
    warnings = require_sound(all_problems(composed, formats), strict=strict)
    files = write_files(composed, formats)
    if signed is not None:
        files = signed_files(slug, office, signed, files)
    paths = office.workspace.save(slug, files)
    return Kit(slug, dict(zip(formats, paths, strict=True)), warnings)


def check(slug: str, office: Office) -> tuple[Problem, ...]:
    """Return everything the house rules find in one release, errors and warnings.

    Raises:
        BadSettings: the house, the template or the theme is wrong.
        Unreadable: a file can not be read.
    """
    try:
        composed = office.compose(office.load(slug))
    except ProblemsFound as found:
        return found.problems
    return in_reading_order(all_problems(composed, PDFS))


def show(slug: str, office: Office) -> str:
    """Return the tree of one release as indented text: what every writer gets to see."""
    loaded, signed = as_it_stands(slug, office)
    return dump(office.compose(loaded, sealed=signed is not None and sealed(office)).document)


def as_it_stands(slug: str, office: Office) -> tuple[Loaded, Standing | None]:
    """Return a release, with its number and without the mark of a draft if it is signed off."""
    loaded = office.load(slug)
    signed = office.signed(loaded.draft)
    closing = signed.state.kit.closing if signed else None
    return (cleared(loaded, closing.decision.reference) if closing else loaded), signed


def build_signed(slug: str, office: Office, signed: Standing) -> Mapping[str, bytes]:
    """Return all files of a signed-off release, byte for byte as they were signed."""
    closing = signed.state.kit.closing
    loaded = cleared(office.load(slug), closing.decision.reference if closing else "")
    composed = office.compose(loaded, sealed=sealed(office))
    return signed_files(slug, office, signed, write_files(composed, WRITERS))


def sealed(office: Office) -> bool:
    """Whether the office signs its PDFs visibly: then what is signed off has room for it."""
    return office.registers.house.sign_off.certificate is not None


def signed_files(
    slug: str, office: Office, signed: Standing, built: Mapping[str, bytes]
) -> Mapping[str, bytes]:
    """Return the very bytes that were signed: as built now, else as they lie in output/, else as archived.

    Raises:
        NotAllowed: they are nowhere, and what would be built now is not what was signed.
    """
    from presskit.archive.opening import archived_file
    from presskit.archive.signed import find_signed

    closing, workspace, house = signed.state.kit.closing, office.workspace, office.registers.house
    wanted = {name: closing.decision.files.get(name, "") if closing else "" for name in built}
    as_lying = partial(built_file, workspace, slug)
    return find_signed(slug, wanted, (built.get, as_lying, partial(archived_file, house, workspace, slug)))
