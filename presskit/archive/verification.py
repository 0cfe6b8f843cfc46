"""The whole check of an office's archive: structure, digests, log and checkpoints, and who signed what.

Not here: each layer (`structure`, `fixity`, `logged`, `proof`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from presskit.archive.completeness import check_completeness
from presskit.archive.contents import domain_of, release_id, ring_id
from presskit.archive.findings import Finding
from presskit.archive.keeping import archived_ring
from presskit.archive.layout import key_name
from presskit.archive.proof import Proof
from presskit.archive.stamping import check_stamps, stamped_checkpoints
from presskit.archive.store import Archive
from presskit.archive.verify import verify
from presskit.errors import ArchiveDamaged, Place, Problem, WrongUsage
from presskit.model.house import House
from presskit.signoff.keyring import Ring
from presskit.signoff.keys import PublicKey
from presskit.signoff.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check of the archive found."""

    objects: int  # looked at
    versions: int
    findings: tuple[Finding, ...]
    key_ring: str  # fingerprint of its founding record; "" if the archive has none
    checkpoints: int  # from outside, held against the log


def verify_all(
    archive: Archive,
    house: House,
    ledger: Ledger,
    slugs: Sequence[str],
    checkpoints: Sequence[bytes],
    roots: Sequence[bytes] = (),
) -> Verified:
    """Return everything in an archive that is not as it was deposited.

    Args:
        ledger: of the office, as it is now; an empty one if it is not to hand.
        slugs: only these releases, with the key ring; all if none is named.
        roots: certificates of time-stamp authorities that are believed.

    Raises:
        WrongUsage: a release that was named was never deposited.
    """
    _require_deposited(archive, house, slugs)
    there, office_ring = archive.objects(), ledger.ring
    findings: list[Finding] = []
    domains = {house.domain, *map(domain_of, there)}
    rings = {domain: _ring(archive, domain, office_ring, findings) for domain in sorted(domains)}
    known = (office_ring, *rings.values())
    keys = frozenset(holder.key for ring in known for holder in ring.holders)
    chosen = [release_id(house.domain, slug) for slug in slugs]
    wanted = [*chosen, ring_id(house.domain)] if slugs else None
    notes = (*checkpoints, *stamped_checkpoints(archive))
    findings += verify(archive, object_ids=wanted, keys=keys, checkpoints=notes, check_version=Proof(rings))
    if roots:
        findings += check_stamps(archive, roots)
    findings += _key_files(archive, keys)
    withheld = check_completeness(archive, house.domain, ledger.chain)
    findings += [found for found in withheld if wanted is None or found.object_id in wanted]
    checked = [found for found in there if wanted is None or found in wanted]
    versions = sum(len(archive.versions(found)) for found in checked)
    founding = rings[house.domain].founding
    return Verified(len(checked), versions, tuple(sorted(findings)), founding, len(checkpoints))


def _key_files(archive: Archive, keys: Collection[PublicKey]) -> Iterator[Finding]:
    """Yield each key file of the root that is none of the office's: strangers check the archive with it."""
    wanted = {key_name(key.key_id): key.pem for key in keys}
    for file in sorted(archive.root.glob("key-*.pem")):
        if file.read_bytes() != wanted.get(file.name):
            what = "this is no key of the office's key ring."
            fix = "delete it, and find out who put it there; the next deposit writes the right one."
            yield Finding("signature", "", 0, file.name, what, fix, "key-file-wrong")


def _ring(archive: Archive, domain: str, office_ring: Ring, findings: list[Finding]) -> Ring:
    """Return the archived key ring of a domain; what is wrong with it is added to the findings.

    Why: an office that changes its domain keeps its ring, and what it archived before stays what it was.
    """
    try:
        ring = archived_ring(archive, domain)
    except (ArchiveDamaged, ValueError) as error:
        findings.append(_ring_finding(domain, f"the key ring can not be read: {error}", "ring-unreadable"))
        return office_ring
    if office_ring.founding and ring.founding not in ("", office_ring.founding):
        what = "the archive's key ring was founded by somebody else than the office's."
        findings.append(_ring_finding(domain, what, "ring-differs"))
    return ring


def _require_deposited(archive: Archive, house: House, slugs: Sequence[str]) -> None:
    logged = {entry.facts.get("object") for entry in archive.site.log.chain().entries} if slugs else set()
    fix = "correct the name, or check the whole archive: presskit verify"
    problems = [
        Problem(Place(f"release {slug}"), "", "this is not in the archive.", fix, "not-archived")
        for slug in slugs
        if (object_id := release_id(house.domain, slug)) not in logged
        and not archive.site.folder(object_id).exists()
    ]
    if problems:
        raise WrongUsage(problems)


def _ring_finding(domain: str, what: str, code: str) -> Finding:
    fix = "put the archive back from a copy, and find out who wrote to it."
    return Finding("signature", ring_id(domain), 0, "", what, fix, code)
