"""What a deposit holds: a signed-off release with all that proves it, and the office's key ring.

Not here: putting it into the archive (`store`), and reading the proof back (`proof`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from presskit import __version__
from presskit.model.base import Model
from presskit.model.registers import Draft
from presskit.model.release import AgencyListBlock
from presskit.signoff.canon import Value, canonical, digest
from presskit.signoff.envelope import Signer, Statement, sign
from presskit.signoff.ledger import LOG, RING, Ledger, folder_of
from presskit.signoff.records import Logged
from presskit.signoff.scopes import words_of
from presskit.signoff.standing import Standing
from presskit.workspace import Workspace

T = TypeVar("T", bytes, str)

ARCHIVED_KIND = "urn:presskit:archived:v1"
MANIFEST, FACTS, POSITIONS = "manifest.dsse.json", "version.json", "positions.json"
REGISTERS = "registers.json"
DELIVERIES = "deliveries/"
PERSONAL = f"{DELIVERIES}personal/"
SUMMARY = f"{DELIVERIES}summary.json"
"""The delivery record: who got it, names and addresses apart, and how many."""

LIMIT_BYTES = 300_000_000
"""The largest file of a release or a kit that is deposited."""


def release_id(domain: str, slug: str) -> str:
    """Return the name of a release's object in the archive."""
    return f"urn:presskit:{domain}:{slug}"


def domain_of(object_id: str) -> str:
    """Return the domain of the office an object belongs to; "" if it is none of ours."""
    parts = object_id.split(":")
    return parts[2] if len(parts) == 4 and parts[:2] == ["urn", "presskit"] else ""


def ring_id(domain: str) -> str:
    """Return the name of the key ring's object in the archive."""
    return f"urn:presskit:{domain}:key-ring"


def release_files(
    draft: Draft, standing: Standing, kit: Mapping[str, bytes], pack_sha256: str, workspace: Workspace
) -> dict[str, bytes]:
    """Return the files of a version of a release, but for its delivery record and the signed list of them.

    Args:
        kit: the signed files, by name.
    """
    records = standing.found.records
    folder = folder_of(draft.slug)
    files = {"release.yaml": draft.source, REGISTERS: canonical(_registers(draft))}
    files |= {f"photos/{name}": photo.data for name, photo in draft.photos.items()}
    files |= {f"kit/{name}": content for name, content in kit.items()}
    files |= {f"words/{name}": content for name, content in words_of(standing.scopes).items()}
    files |= {f"sign-off/{_name(r.file)}": workspace.read(r.file) for r in records}
    files |= {
        f"sign-off/evidence/{name}": workspace.read(f"{folder}/evidence/{name}", LIMIT_BYTES)
        for name in standing.found.evidence
    }
    files[FACTS] = canonical(_facts(draft, standing, pack_sha256))
    return files


def ring_files(ledger: Ledger, workspace: Workspace) -> dict[str, bytes]:
    """Return the files of a version of the key ring, but for the signed list of them."""
    entries = [e for e in ledger.chain.entries if str(e.facts.get("record")).startswith(f"{RING}/")]
    files = {f"ring/{_name(str(e.facts['record']))}": workspace.read(str(e.facts["record"])) for e in entries}
    positions: list[Value] = [
        {"record": f"ring/{_name(str(e.facts['record']))}", "seq": e.seq, "at": str(e.facts["at"])}
        for e in entries
    ]
    files[POSITIONS] = canonical({"ring": positions})
    return files


def ring_log(workspace: Workspace) -> bytes:
    """Return the office's log, which goes with a new version of the key ring."""
    return workspace.journal(LOG)


def with_manifest(files: Mapping[str, bytes], facts: Mapping[str, Value], signer: Signer) -> dict[str, bytes]:
    """Return the files with the signed list of them."""
    subjects = {name: digest(content) for name, content in files.items()}
    return {**files, MANIFEST: sign(Statement(ARCHIVED_KIND, subjects, facts), signer)}


def _name(file: str) -> str:
    return file.rpartition("/")[2]


def _facts(draft: Draft, standing: Standing, pack_sha256: str) -> dict[str, Value]:
    release, closing, chain = draft.release, standing.state.kit.closing, standing.ledger.chain
    reference = closing.decision.reference if closing else ""
    return {
        "slug": draft.slug,
        "kit": standing.scopes.kit,
        "language": draft.language,
        "headline": release.headline,
        "issued": release.issued.isoformat(),
        "embargo": draft.embargo.isoformat() if draft.embargo else None,
        "reference": reference or release.reference,
        "corrects": release.corrects,
        "withdraws": release.withdraws,
        "pack_sha256": pack_sha256,
        "presskit": __version__,
        "state": standing.state.stage,
        "break_glass": standing.state.break_glass is not None,
        "log": [_position(record) for record in standing.found.records],
        "log_lines": len(chain.entries) if not standing.found.records else standing.found.records[-1].seq + 1,
    }


def _position(record: Logged) -> dict[str, Value]:
    at = record.at.isoformat(timespec="seconds")
    return {"record": f"sign-off/{_name(record.file)}", "seq": record.seq, "at": at}


def _registers(draft: Draft) -> dict[str, Value]:
    """Return the entries of the registers a release uses, and no others: they hold people's numbers."""
    release, registers = draft.release, draft.registers
    boilerplates = {name: registers.boilerplates[name] for name in release.boilerplates}
    rosters = {
        b.roster.id: registers.rosters[b.roster.id] for b in boilerplates.values() if b.roster is not None
    }
    lists = [b for b in (*release.body, *release.notes) if isinstance(b, AgencyListBlock)]
    agencies = {agency for found in lists for agency in found.agencies}
    agencies |= {member.agency for roster in rosters.values() for member in roster.members}
    rosters |= {b.members_of: registers.rosters[b.members_of] for b in lists if b.members_of}
    people = {quote.speaker for quote in release.quotes} | set(release.contacts)
    return {
        "house": _dumped(registers.house),
        "people": _all({name: registers.people[name] for name in people}),
        "agencies": _all({name: registers.agencies[name] for name in agencies}),
        "rosters": _all(rosters),
        "boilerplates": _all(boilerplates),
    }


def _all(models: Mapping[str, Model]) -> dict[str, Any]:
    return {name: _dumped(model) for name, model in models.items()}


def _dumped(model: Model) -> Any:  # noqa: ANN401 (JSON)
    return model.model_dump(mode="json", exclude_defaults=True)


def deliveries_in(files: Mapping[str, T]) -> dict[str, T]:
    """Return the files of a version that are its delivery record, or their digests."""
    return {name: content for name, content in files.items() if name.startswith(DELIVERIES)}


def fields_in(content: bytes) -> dict[str, Any]:
    """Return the fields of a file of JSON in a version; none if it is no such file, which `proof` reports."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
