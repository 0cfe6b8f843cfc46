"""Everything in the archive held against everything that is known of it: what is wrong with which file.

Four layers, each of which notices what the others can not: rules of OCFL, digests, the log, and checkpoints
kept outside; signatures are a fifth, which the caller brings.  Nothing is ever written.  Not here: putting
things right (`recover`, and people with a copy).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from presskit.archive.findings import LOOK_INTO_IT, Finding
from presskit.archive.fixity import check_fixity
from presskit.archive.inventory import Inventory, digest_of
from presskit.archive.layout import INVENTORY, object_folders, purged_name, version_number
from presskit.archive.logged import History, check_checkpoints, check_history, check_log, read_history
from presskit.archive.outline import check_outline
from presskit.archive.store import Archive
from presskit.archive.structure import Found, check_structure, look_at
from presskit.signoff.keys import PublicKey

Files = Mapping[str, Callable[[], bytes]]
"""The files of a version: name → what reads it."""

CheckVersion = Callable[[str, int, Files], Iterable[Finding]]
"""Object id, version and its files → what is wrong with the signatures in it."""


def verify(
    archive: Archive,
    *,
    object_ids: Collection[str] | None = None,
    keys: Collection[PublicKey],
    checkpoints: Sequence[bytes] = (),
    check_version: CheckVersion | None = None,
) -> tuple[Finding, ...]:
    """Return everything that is wrong, sorted; () says that all is as it was deposited.

    Args:
        object_ids: only these objects, and the log as a whole; all if none are named.
        keys: of the office; one of them signed each checkpoint and each removal.
        checkpoints: kept outside the office, of any age.  Without one, what somebody does who holds the
            office's key and rewrites the log can not be noticed.
        check_version: finds what is wrong with the signatures of a version.
    """
    site = archive.site
    chain = site.log.chain()
    histories, wrong = read_history(chain)
    found = [*check_log(chain, site.log.torn_bytes()), *wrong]
    found += check_checkpoints(site, chain, keys, checkpoints)
    if object_ids is None:
        found += check_outline(site.root)
        found += _unlogged_removals(site.root, histories)
        folders = [folder for folder in object_folders(site.root) if any(folder.iterdir())]
    else:
        folders = [folder for folder in map(site.folder, sorted(object_ids)) if folder.is_dir()]
    wanted = histories.keys() if object_ids is None else object_ids
    places = {str(site.folder(object_id)): object_id for object_id in (*histories, *wanted)}

    def one(folder: Path) -> list[Finding]:
        """Return everything wrong with the object in a folder."""
        looked = look_at(site.root, folder)
        findings = list(check_structure(looked))
        object_id = places.get(str(folder), looked.object_id)
        findings += check_history(object_id, histories.get(object_id), _lists(looked), site, keys)
        if looked.inventory is not None:
            findings += check_fixity(looked, looked.inventory)
            if check_version is not None:
                findings += _signatures(looked, looked.inventory, check_version)
        return findings

    for folder in folders:
        found += one(folder)
    seen = {str(folder) for folder in folders}
    for object_id in wanted:
        if str(site.folder(object_id)) not in seen:
            found += check_history(object_id, histories.get(object_id), {}, site, keys)
    return tuple(sorted(set(found)))


def due_on(day: date, object_ids: Iterable[str], within_days: int = 90) -> tuple[str, ...]:
    """Return the objects to verify on a day, so that each one's turn comes within that many days.

    Source: Merritt (California Digital Library) reads all of its content every 90 days.
    """
    turn = day.toordinal() % within_days
    return tuple(
        sorted(found for found in object_ids if int(digest_of(found.encode()), 16) % within_days == turn)
    )


def _lists(looked: Found) -> dict[int, str]:
    """Return the digest of each version's list, those that nobody listed too."""
    lists = {}
    for name in looked.folders:
        version, path = version_number(name), f"{name}/{INVENTORY}"
        if version and path in looked.files:
            content = looked.lists.get(name)
            lists[version] = digest_of((looked.folder / path).read_bytes() if content is None else content)
        elif version:
            lists[version] = ""
    return lists


def _signatures(looked: Found, inventory: Inventory, check_version: CheckVersion) -> Iterator[Finding]:
    """Yield what the caller finds; it sees the files that are there."""
    for name, version in inventory.versions.items():
        paths = {file: inventory.manifest[digest][0] for file, digest in version.names().items()}
        files = {f: (looked.folder / path).read_bytes for f, path in paths.items() if path in looked.files}
        yield from check_version(inventory.object_id, int(name[1:]), files)


def _unlogged_removals(root: Path, histories: Mapping[str, History]) -> Iterator[Finding]:
    logged = {purged_name(object_id) for object_id, history in histories.items() if history.purge}
    for file in sorted(root.glob("purged-*.json")):
        if file.name not in logged:
            what = "this says that a release was removed by law, but nobody logged it."
            yield Finding("log", "", 0, file.name, what, LOOK_INTO_IT, "purged-unproven")
