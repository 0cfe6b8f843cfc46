"""Forgers at an archive of signed-off releases: what they change fits, but for what they have no key for."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from presskit import pipeline
from presskit.archive.commit import version_files
from presskit.archive.contents import MANIFEST, with_manifest
from presskit.archive.findings import Finding
from presskit.archive.inventory import digest_of, next_inventory, read_inventory, write_inventory
from presskit.archive.layout import newest_version
from presskit.archive.store import Archive
from presskit.pipeline.archiving import open_archive
from presskit.signoff.canon import Value, canonical, digest
from presskit.signoff.chain import next_line
from presskit.signoff.envelope import read
from presskit.signoff.keys import Key
from tests.signed_office import OBJECT, Desk
from tests.signoff.office import key_of

Files = dict[str, bytes]
Edit = Callable[[Files], object]


def archive_of(desk: Desk) -> Archive:
    return open_archive(desk.office)


def kept(archive: Archive, object_id: str = OBJECT, version: int | None = None) -> Files:
    """All files of a version."""
    return {name: archive.read(object_id, name, version) for name in archive.files(object_id, version)}


def forge(desk: Desk, edit: Edit, *, object_id: str = OBJECT, signer: Key | None = None) -> None:
    """Change the newest version's files; all digests are made to fit.

    Args:
        signer: signs the list of files anew, as only an insider can; without one it stays as it was.
    """
    archive = archive_of(desk)
    number = newest_version(archive.site.folder(object_id))
    before = {n: kept(archive, object_id, n) for n in range(1, number)}
    files = kept(archive, object_id)
    edit(files)
    if signer is not None:
        files = resigned(files, signer)
    rebuild(archive, object_id, [*before.values(), files])


def resigned(files: Mapping[str, bytes], signer: Key) -> Files:
    """The files with a signed list that fits them."""
    said = dict(read(files[MANIFEST]).statement.predicate)
    return with_manifest({n: c for n, c in files.items() if n != MANIFEST}, said, signer)


def rebuild(archive: Archive, object_id: str, versions: list[Files]) -> None:
    """Write an object anew, as an archive would hold these versions."""
    folder = archive.site.folder(object_id)
    old = read_inventory((folder / "inventory.json").read_bytes())
    shutil.rmtree(folder)
    inventory = None
    for number, files in enumerate(versions, 1):
        facts = replace(old.versions.get(f"v{number}", next(iter(old.versions.values()))), state={})
        inventory, content = next_inventory(inventory, object_id, files, facts)
        written = write_inventory(inventory)
        for name, found in version_files(number, written, content).items():
            target = folder / name.removeprefix("object/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(found)
    for name in ("inventory.json", "inventory.json.sha512"):
        shutil.copy(folder / f"v{len(versions)}" / name, folder / name)


def rewrite_log(archive: Archive, signer: Key) -> None:
    """Make log and checkpoint fit what lies in the archive: needs the key of somebody in the ring."""
    log, lines = archive.site.log, list[bytes]()
    for entry in log.chain().entries:
        folder = archive.site.folder(str(entry.facts["object"]))
        file = folder / f"v{entry.facts['version']}" / "inventory.json"
        if file.exists():
            facts: dict[str, Value] = {k: v for k, v in entry.facts.items() if k not in ("seq", "prev")}
            facts["inventory_sha512"] = digest_of(file.read_bytes())
            lines.append(next_line(lines[-1] if lines else None, facts))
    log.file.write_bytes(b"".join(line + b"\n" for line in lines))
    (log.work / "frontier.json").unlink(missing_ok=True)
    log.sign(signer)


def facts_of(files: Mapping[str, bytes]) -> dict[str, Any]:
    found = json.loads(files["version.json"])
    assert isinstance(found, dict)
    return found


def set_facts(files: Files, **changed: object) -> None:
    files["version.json"] = canonical({**facts_of(files), **changed})  # type: ignore[dict-item]


def record_by(files: Mapping[str, bytes], who: str) -> str:
    """The name of the file in which somebody approves."""
    (name,) = (n for n in files if n.startswith("sign-off/") and f"-approve-person-{who}-" in n)
    return name


def take_out(files: Files, record: str) -> None:
    """Remove a record and its place in the log."""
    del files[record]
    set_facts(files, log=[line for line in facts_of(files)["log"] if line["record"] != record])


def reword(files: Files, old: str, new: str) -> None:
    """Change words everywhere they stand, with the digests the kit names its parts by."""
    for name in [n for n in files if n == "release.yaml" or n.startswith("words/")]:
        files[name] = files[name].replace(old.encode(), new.encode())
    (whole,) = (n for n in files if n.startswith("words/kit@"))
    said = json.loads(files[whole])
    said["whole"]["parts"] = {
        f"block:{n.removeprefix('words/').removesuffix('.json')}": digest(c)
        for n, c in files.items()
        if n.startswith("words/") and n != whole
    }
    files[whole] = canonical(said)


def found_in(desk: Desk, *checkpoints: bytes) -> tuple[Finding, ...]:
    return pipeline.verify(desk.office, (), checkpoints).findings


def layers(found: tuple[Finding, ...]) -> set[str]:
    return {finding.layer for finding in found}


def codes(found: tuple[Finding, ...], layer: str = "signature") -> set[str]:
    """The codes of one layer, as far as the archive shows it by itself, without the office's own log."""
    return {finding.code for finding in found if finding.layer == layer} - {"record-withheld"}


CLERK = key_of("clerk")
