"""The office: its files, its look, its key ring and its archive.

Not here: its releases (`presskit check`), and whether the archive is whole (`presskit verify`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from presskit.errors import BadSettings, Unreadable
from presskit.load.convert import convert_source
from presskit.load.office import load_registers
from presskit.load.pack import load_pack
from presskit.load.yaml import parse
from presskit.model.house import House
from presskit.model.theme import Theme
from presskit.send.health.rows import PATIENCE_SECONDS, Row, told
from presskit.workspace import HOUSE, Workspace

BUCKET = "s3://"


def house_of(workspace: Workspace) -> House:
    """Return what stands in house.yaml, whatever is wrong with the registers beside it.

    Raises:
        BadSettings: it has problems.
        Unreadable: it can not be read.
    """
    house, problems = convert_source(House, parse(workspace.read(HOUSE), HOUSE, "house#"), "house#")
    if house is None:
        raise BadSettings(problems)
    return house


def files(workspace: Workspace) -> Iterator[Row]:
    """Yield whether house.yaml and the registers can be read."""
    found, _ = load_registers(workspace)
    fact = f"people: {len(found.people)}, agencies: {len(found.agencies)}, rosters: {len(found.rosters)}"
    yield Row("registers", "ok", f"{fact}, boilerplates: {len(found.boilerplates)}")


def look(house: House, workspace: Workspace) -> Iterator[Row]:
    """Yield whether the template pack can be read, and the PDF writer opens its fonts."""
    pack = load_pack(workspace, house.template_pack, house.language)
    yield Row(
        "template pack", "ok", f"{pack.name}, {len(pack.templates)} templates, wording in {house.language}"
    )
    yield from _fonts(pack.theme)


def not_looked_at() -> Iterator[Row]:
    """Yield that the rest hangs on house.yaml."""
    yield Row(
        "all else",
        "look",
        "can not be looked at before house.yaml can be read",
        "correct it, then ask again.",
    )


def key_ring(house: House, workspace: Workspace) -> Iterator[Row]:
    """Yield whether there is somebody who keeps the key ring, and enough people to clear a kit."""
    from presskit.signoff.allowed import NEWEST
    from presskit.signoff.keyring import KEEPER
    from presskit.signoff.ledger import open_ledger

    ledger = open_ledger(workspace)
    if problems := ledger.all_problems():
        yield told("key ring", problems)
    if not ledger.ring.holders:
        fix = "add the first key: presskit key new NAME, then presskit key add NAME (see the README)."
        yield Row("key ring", "look", "there is none yet, so nothing can be signed off", fix)
        return
    day = workspace.now.astimezone(UTC).date()
    holders = [h for h in ledger.ring.holders if ledger.ring.holder_at(h.key.key_id, NEWEST, day) is not None]
    keepers = {holder.principal for holder in holders if KEEPER in holder.roles}
    roles = house.sign_off.roles
    clearing = {holder.principal for holder in holders if not holder.roles.isdisjoint(roles)}
    fact = f"{_people(len(keepers))} may keep it, {_people(len(clearing))} may clear a kit"
    lacking = [role for role in roles if not any(role in holder.roles for holder in holders)]
    if not keepers:
        fix = "found a new one, and tell whoever compares its fingerprint; this one stays as it is for ever."
        yield Row("key ring", "wrong", f"{fact}: nobody can add or revoke keys", fix)
    elif lacking or len(clearing) < house.sign_off.quorum:
        need = f"nobody has the role {lacking[0]}" if lacking else f"it takes {house.sign_off.quorum}"
        fix = f"add keys with the role {' and '.join(lacking or roles)}: presskit key add"
        yield Row("key ring", "wrong", f"{fact}, but {need}", fix, "role-lacking")
    else:
        yield Row("key ring", "ok", f"{fact}; it takes {house.sign_off.quorum}")


def archive(house: House, workspace: Workspace) -> Iterator[Row]:
    """Yield whether the archive can be opened, and its newest checkpoint is one of this office."""
    from presskit.archive.checkpoint import read_checkpoint
    from presskit.archive.note import BadNote
    from presskit.signoff.ledger import open_ledger

    try:
        origin, note = _newest_note(house, workspace)
    except Unreadable as error:
        if error.problems[0].code != "archive-missing":
            raise
        yield Row("archive", "ok", f"none yet in {house.archive.folder}; the first presskit archive makes it")
        return
    if not note:
        yield Row("archive", "ok", f"in {house.archive.folder}, still empty")
        return
    keys = [holder.key for holder in open_ledger(workspace).ring.holders]
    try:
        checkpoint = read_checkpoint(note, origin, keys)
    except BadNote as error:
        fix = "see what else is wrong: presskit verify"
        yield Row(
            "archive", "wrong", f"its newest checkpoint does not count: {error}", fix, "archive-damaged"
        )
        return
    yield Row("archive", "ok", f"in {house.archive.folder}, {checkpoint.size} entries in its log")


def is_in_a_bucket(house: House) -> bool:
    """Whether the archive lies on the network."""
    return house.archive.folder.startswith(BUCKET)


def _newest_note(house: House, workspace: Workspace) -> tuple[str, bytes]:
    """Return the name of the archive's log and its newest checkpoint, b"" if nothing was deposited."""
    if is_in_a_bucket(house):
        from presskit.archive.s3.archive import S3Archive

        bucket = S3Archive.open(house.archive.folder, timeout_seconds=PATIENCE_SECONDS)
        return bucket.site.origin, bucket.checkpoint()
    from presskit.archive.keeping import open_archive

    folder = open_archive(house, workspace)
    return folder.site.origin, folder.checkpoint()


def _fonts(theme: Theme) -> Iterator[Row]:
    from presskit.writers.pdf.faces import Face
    from presskit.writers.pdf.fonts import Family

    for role in ("text", "display"):
        family = Family(theme, role)
        for bold, italic in ((False, False), (True, False), (False, True), (True, True)):
            family.face(bold=bold, italic=italic)
    for fallback in theme.fonts.fallbacks:
        for file in (fallback.regular, fallback.bold):
            if not Face(theme.resources[file], fallback.name, {}, common="").characters:
                fix = "put the font's file back, or name another one in theme.yaml."
                yield Row("fonts", "wrong", f"“{file}” can not be opened as a font", fix, "file-unreadable")
                return
    names = {theme.fonts.text.family: 1, theme.fonts.display.family: 1}
    names |= {fallback.name: 1 for fallback in theme.fonts.fallbacks}
    yield Row("fonts", "ok", ", ".join(names))


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"
