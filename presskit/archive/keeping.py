"""A signed-off release into the archive, with its deliveries and the key ring it is proved by.

Twice is the same as once.  Not here: how a version gets onto the disk (`store`), what it holds (`contents`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC

from presskit.archive.contents import (
    FACTS,
    MANIFEST,
    REGISTERS,
    SUMMARY,
    deliveries_in,
    fields_in,
    release_files,
    release_id,
    ring_files,
    ring_id,
    ring_log,
    with_manifest,
)
from presskit.archive.kinds import AnyArchive
from presskit.archive.proof import read_ring
from presskit.archive.store import Archive, Deposited
from presskit.errors import NotAllowed, Place, PresskitError, Problem, WrongUsage
from presskit.model.house import House
from presskit.model.registers import Draft
from presskit.signoff.canon import Value
from presskit.signoff.keyring import Holder, Ring
from presskit.signoff.keys import Key
from presskit.signoff.ledger import Ledger
from presskit.signoff.standing import Standing
from presskit.signoff.state import Counted
from presskit.workspace import Workspace

OFFICE_LOG = "log.jsonl"
CIRCUMSTANCES = FACTS, REGISTERS
"""What stands in them beyond the words and records of a version is how the office was when it was made."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A release that is in the archive."""

    object_id: str
    deposited: Deposited
    why_record_alone: PresskitError | None = None  # what kept its words as they stand now from joining


def open_archive(house: House, workspace: Workspace, *, create: bool = False) -> Archive:
    """Return the office's archive, if it lies in a folder; a relative one is below the project's.

    Raises:
        Unreadable: there is none yet, or it can not be made.
    """
    folder = (workspace.root / house.archive.folder).absolute()
    return Archive.open(folder, create=create, origin=origin_of(house))


def origin_of(house: House) -> str:
    """Return the name of the log of an office's archive, as it stands in checkpoints."""
    return f"{house.domain}/presskit-archive"


def archived_ring(archive: Archive, domain: str) -> Ring:
    """Return the key ring the archive itself holds, by which its versions are proved; an empty one without.

    Raises:
        ValueError: it can not be read.
        ArchiveDamaged: it is not what was deposited.
    """
    ring = ring_id(domain)
    try:
        names = archive.files(ring)
    except WrongUsage:
        return Ring()
    return read_ring({name: archive.read(ring, name) for name in names})


@dataclass(frozen=True, slots=True)
class _Meant:
    """What the next version of an object is to hold."""

    object_id: str
    files: Mapping[str, bytes] | None  # none: as in the newest version
    message: str
    along: Mapping[str, bytes] = field(default_factory=dict)  # kept with a new version, and no reason for one
    record: Mapping[str, bytes] = field(default_factory=dict)  # of its deliveries; none: as in the newest one

    def whole(self, newest: Mapping[str, bytes]) -> dict[str, bytes]:
        """Return all of it but for the signed list and what is kept along, on top of the newest version."""
        record = self.record or deliveries_in(newest)
        kept = _without({MANIFEST, *deliveries_in(newest)}, newest) if self.files is None else self.files
        return {**kept, **record}


@dataclass(frozen=True, slots=True)
class Keeper:
    """Somebody who puts releases into the archive, with the key that signs for it."""

    archive: AnyArchive
    key: Key
    holder: Holder
    workspace: Workspace

    def keep(
        self,
        draft: Draft,
        standing: Standing,
        kit: Mapping[str, bytes],
        pack_sha256: str,
        record: Mapping[str, bytes] | None = None,
    ) -> Kept:
        """Deposit a signed-off release as the next version of its object; nothing is added if it is there.

        Args:
            kit: the signed files, by name.
            record: of its deliveries, by name in the archive; one that is there stays if there is none.

        Raises:
            NotAllowed: the release is not signed off as it stands, or the archive knows of more deliveries.
        """
        closing, ledger, house = signed_off(standing), standing.ledger, draft.registers.house
        self._keep_ring(ledger, house)
        files = release_files(draft, standing, kit, pack_sha256, self.workspace)
        message = f"Signed off {closing.decision.reference}".strip()
        meant = _Meant(release_id(house.domain, draft.slug), files, message, record=record or {})
        return Kept(meant.object_id, self._deposit(meant, ledger, house))

    def keep_record(self, slug: str, record: Mapping[str, bytes], ledger: Ledger, house: House) -> Kept:
        """Deposit the record of a release's deliveries; all else is as in the newest version.

        Why: what was sent has to be proved, whatever has become of the release since.

        Raises:
            WrongUsage: the release is not in the archive.
            NotAllowed: the archive knows of more deliveries.
        """
        meant = _Meant(release_id(house.domain, slug), None, "Delivery record", record=record)
        self.archive.versions(meant.object_id)
        self._keep_ring(ledger, house)
        return Kept(meant.object_id, self._deposit(meant, ledger, house))

    def _keep_ring(self, ledger: Ledger, house: House) -> None:
        """Deposit the key ring, by which the signed lists are proved.

        Raises:
            NotAllowed: whoever deposits has no role.
        """
        if not self.holder.roles:
            what = (
                f"{self.holder.name} has no role in the office, and a version is signed by somebody who has."
            )
            fix = "have an officer deposit it."
            raise NotAllowed(Problem(Place("key ring"), "", what, fix, "role-lacking"))
        along = {OFFICE_LOG: ring_log(self.workspace)}
        ring = ring_files(ledger, self.workspace)
        self._deposit(_Meant(ring_id(house.domain), ring, "Key ring", along), ledger, house)

    def _deposit(self, meant: _Meant, ledger: Ledger, house: House) -> Deposited:
        """Deposit files, and others along with them, unless the newest version holds these files already.

        Why: the signed list says who deposited and when, so it is made only for a version that is new; and
        if somebody else deposits meanwhile, what they did is looked at, too.  A newer presskit or another
        setting of the office makes no new version: what counts was signed.
        """
        while True:
            try:
                return self._next(meant, ledger, house)
            except NotAllowed as error:
                if error.problems[0].code != "archive-stale":
                    raise

    def _next(self, meant: _Meant, ledger: Ledger, house: House) -> Deposited:
        number, content = self._newest(meant.object_id)
        whole = {**meant.whole(content), **meant.along}
        _require_grown(meant.object_id, content, whole)
        beside = {MANIFEST, *CIRCUMSTANCES, *meant.along}
        if _without(beside, content) != _without(beside, whole):
            facts: dict[str, Value] = {
                "object": meant.object_id,
                "log_lines": len(ledger.chain.entries),
                "signed_on": self.workspace.now.astimezone(UTC).date().isoformat(),
            }
            content = with_manifest(whole, facts, self.key)
        return self.archive.deposit(
            meant.object_id,
            content,
            message=meant.message,
            user_name=self.holder.name,
            user_address=f"mailto:{house.archive.contact}",
            at=self.workspace.now,
            expect=number,
            signer=self.key,
        )

    def _newest(self, object_id: str) -> tuple[int, Mapping[str, bytes]]:
        """Return the newest version with its files; 0 and none if there is no such object."""
        try:
            number = max(self.archive.versions(object_id))
        except WrongUsage:
            return 0, {}
        names = self.archive.files(object_id, number)
        return number, {name: self.archive.read(object_id, name, number) for name in names}


def _require_grown(object_id: str, old: Mapping[str, bytes], new: Mapping[str, bytes]) -> None:
    """Raise `NotAllowed` if records that were archived are not in the office's ledger or outbox any more.

    Why: who cuts a rejection off the end of the log leaves a log that hangs together, and an older copy of
    the outbox is sound, too.
    """
    gone = sorted(name for name in old if name.endswith(".dsse.json") and name not in (*new, MANIFEST))
    shorter = OFFICE_LOG in old and not new.get(OFFICE_LOG, b"").startswith(old[OFFICE_LOG])
    if gone or shorter:
        lost = gone[0] if gone else "the log"
        what = f"the archive holds more of the office's sign-off log than the office itself: {lost} is gone."
        fix = "put data/sign-off and the release's sign-off/ back from a copy made before."
        raise NotAllowed(Problem(Place(object_id), "", what, fix, "log-shortened"))
    before, now = _deliveries(old), _deliveries(new)
    if now < before:
        what = f"the archive knows of {before:,} deliveries of this, and the outbox of {now:,} only."
        fix = "put data/mail/outbox.db back from its newest copy, and send nothing before."
        raise NotAllowed(Problem(Place(object_id), "", what, fix, "outbox-shortened"))


def _deliveries(files: Mapping[str, bytes]) -> int:
    """Return how many deliveries a record has."""
    number = fields_in(files.get(SUMMARY, b"")).get("deliveries")
    return number if isinstance(number, int) else 0


def _without(names: Collection[str], files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if name not in names}


def signed_off(standing: Standing) -> Counted:
    """Return the record that closed the sign-off of a release as it stands.

    Raises:
        NotAllowed: it is not signed off.
    """
    closing, slug = standing.state.kit.closing, standing.scopes.slug
    if not standing.state.cleared or closing is None:
        fix = f"see what is missing: presskit status {slug}"
        what = "this is not signed off as it stands."
        raise NotAllowed(Problem(Place(f"release {slug}"), "", what, fix, "sign-off-missing"))
    return closing
