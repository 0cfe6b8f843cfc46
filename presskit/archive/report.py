"""The archived versions of a release to the facts of its audit report: who approved or refused what.

All times are those the office's log noted, never those somebody claims.  Not here: how the report looks
(`compose.audit`), and whether the archive is as it was deposited (`verification`).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import pairwise
from typing import assert_never

from presskit.archive.checkpoint import read_checkpoint
from presskit.archive.contents import SUMMARY
from presskit.archive.differences import differences
from presskit.archive.history import Edition, contents, state_in
from presskit.archive.keeping import archived_ring
from presskit.archive.note import BadNote
from presskit.archive.store import Archive
from presskit.archive.verification import Verified
from presskit.compose import audit
from presskit.compose.paperwork import Clerk, instant
from presskit.errors import ArchiveDamaged, Place, Problem
from presskit.model.base import PerLanguage, in_language
from presskit.model.house import AuditWording, House
from presskit.model.pack import Pack
from presskit.signoff.keyring import Ring
from presskit.signoff.requests import passage_of, shown_scope
from presskit.signoff.scopes import Scopes, scopes_from
from presskit.signoff.state import Counted, State

OWN_LISTS = "words/", "sign-off/"
"""What a version holds of approvals; the report lists these themselves, by their digests."""


@dataclass(frozen=True, slots=True)
class _Read:
    """One version, read."""

    edition: Edition
    files: Mapping[str, bytes]
    scopes: Scopes
    state: State
    times: Mapping[str, datetime]  # record → when it came into the office's log

    def time_of(self, found: Counted) -> datetime:
        """Return when a decision came into the office's log."""
        return self.times[found.file]


def audit_of(
    archive: Archive, house: House, found: Sequence[Edition], pack: Pack, now: datetime
) -> audit.Audit:
    """Return everything an audit report says of a release.

    Args:
        found: all its versions, the oldest first.
        pack: in the language of the newest one.

    Raises:
        ArchiveDamaged: a version, the key ring or the checkpoint can not be read, or is forged.
    """
    slug = str(found[-1].facts["slug"])
    try:
        ring = archived_ring(archive, house.domain)
        versions = [_read(archive, house, one, ring, slug) for one in found]
        mailings = tuple(_mailings(versions[-1].files))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(slug, f"what proves its approvals can not be read: {error}") from error
    newest, clerk = versions[-1], Clerk(pack, str(found[-1].facts["language"]))
    deciding = _Deciding(versions, ring, pack.wording.audit)
    return audit.Audit(
        kit=newest.scopes.kit,
        slug=slug,
        language=clerk.language,
        office=_named(house.short_name, clerk.language),
        issuer=_named(house.name, clerk.language),
        headline=clerk.printed(str(newest.edition.facts["headline"])),
        made=now,
        versions=tuple(map(_version, versions)),
        passages=tuple(map(passage_of, newest.scopes.parts)),
        approvals=tuple(deciding.approvals()),
        rejections=tuple(deciding.rejections()),
        break_glass=tuple(deciding.broken()),
        changes=tuple(_changes(versions)),
        mailings=mailings,
        checkpoint=_checkpoint(archive, ring, slug),
    )


def require_whole(slug: str, checked: Verified) -> None:
    """Raise if a check of the archive found anything: a report must not vouch for what does not hold.

    Raises:
        ArchiveDamaged: it did; carries all of it.
    """
    place = Place(f"release {slug}")
    if checked.findings:
        raise ArchiveDamaged(
            Problem(place, f.file, f.what, f.fix, "archive-damaged") for f in checked.findings
        )


def _read(archive: Archive, house: House, edition: Edition, ring: Ring, slug: str) -> _Read:
    files = contents(archive, house.domain, slug, edition)
    words = {n.removeprefix("words/"): content for n, content in files.items() if n.startswith("words/")}
    times = {str(p["record"]): datetime.fromisoformat(str(p["at"])) for p in edition.facts["log"]}
    return _Read(edition, files, scopes_from(words), state_in(files, ring, slug), times)


def _version(read: _Read) -> audit.Version:
    closing = read.state.kit.closing
    at = read.time_of(closing) if closing else datetime.fromisoformat(read.edition.deposited)
    files = (
        audit.File(name, len(content), sha256(content).hexdigest())
        for name, content in read.files.items()
        if not name.startswith(OWN_LISTS)
    )
    listed = sorted(files, key=lambda file: (not file.name.startswith("kit/"), file.name))
    return audit.Version(read.edition.number, at, read.edition.reference, tuple(listed))


# --- who decided what ----------------------------------------------------------------------------------


class _Deciding:
    """The decisions of all versions, each once, in the order of the log."""

    def __init__(self, versions: Sequence[_Read], ring: Ring, labels: AuditWording) -> None:
        counted = {found.file: (found, read) for read in versions for found in read.state.counted}
        self._found = sorted(counted.values(), key=lambda pair: pair[0].seq)
        self._labels = labels
        self._names = {holder.principal: holder.name for holder in ring.holders}
        parts = [part for read in versions for part in read.scopes.parts]
        self._parts = {(part.name, part.principal): part for part in parts}
        self._owners = {part.name: part.owner for part in parts}
        self._names |= {part.principal: part.owner for part in parts}

    def approvals(self) -> Iterator[audit.Approval]:
        """Yield who approved what, those of words that were changed later, too."""
        for found, read in self._of("approve"):
            for scope, digest in sorted(found.decision.scopes.items()):
                role = self._role(found, scope, read.scopes)
                yield audit.Approval(
                    read.time_of(found), self._who(found), role, shown_scope(scope), self._how(found), digest
                )

    def rejections(self) -> Iterator[audit.Rejection]:
        """Yield who did not approve, or took an approval back."""
        for found, read in self._of("reject"):
            for scope in sorted(found.decision.scopes):
                yield audit.Rejection(
                    read.time_of(found), self._who(found), shown_scope(scope), found.decision.reason
                )

    def broken(self) -> Iterator[audit.BreakGlass]:
        """Yield who broke the glass, and who approved the same words besides."""
        for found, read in self._of("approve"):
            if found.decision.break_glass:
                second = next(self._besides(found, read.scopes), None)
                good = f"{second[0].signer.name}, {instant(second[1])}" if second else ""
                yield audit.BreakGlass(read.time_of(found), self._who(found), found.decision.reason, good)

    def _of(self, act: str) -> Iterator[tuple[Counted, _Read]]:
        return ((found, read) for found, read in self._found if found.decision.act == act)

    def _besides(self, broken: Counted, scopes: Scopes) -> Iterator[tuple[Counted, datetime]]:
        """Yield who else of those who clear a kit approved the whole, its editors apart."""
        whole = scopes.whole.name
        same = [
            (found, read)
            for found, read in self._found
            if found.decision.scopes.get(whole) == broken.decision.scopes.get(whole)
        ]
        apart = {found.signer.principal for found, _ in same if found.decision.act == "submit"}
        apart.add(broken.signer.principal)
        for found, read in same:
            clears = found.signer.roles.intersection(scopes.policy.roles)
            if found.decision.act == "approve" and clears and found.signer.principal not in apart:
                yield found, read.time_of(found)

    def _who(self, found: Counted) -> str:
        said = found.decision.principal
        return self._names.get(said, said) if found.vouched else found.signer.name

    def _role(self, found: Counted, scope: str, scopes: Scopes) -> str:
        part, owner = self._parts.get((scope, found.decision.principal)), self._owners.get(scope)
        if part is not None:
            return self._labels.speaker if part.kind == "quote" else self._labels.agency
        if owner is not None:
            return self._labels.delegate.replace("{owner}", owner)
        return ", ".join(role for role in scopes.policy.roles if role in found.signer.roles)

    def _how(self, found: Counted) -> str:
        vouched = self._labels.vouched.replace("{name}", found.signer.name)
        return f"{self._way(found)}, {vouched}" if found.vouched else self._way(found)

    def _way(self, found: Counted) -> str:
        match found.decision.method:
            case "key":
                return self._labels.by_key
            case "mail":
                return self._labels.by_mail
            case "phone":
                return self._labels.by_phone
            case "paper":
                return self._labels.by_paper
            case _:
                assert_never(found.decision.method)


# --- what changed, and what the archive vouches for ----------------------------------------------------


def _changes(versions: Iterable[_Read]) -> Iterator[audit.Change]:
    for before, after in pairwise(versions):
        for change in differences(before.files, after.files):
            pieces = tuple(
                audit.Piece("kept" if kind == "same" else kind, words) for kind, words in change.pieces
            )
            yield audit.Change(change.what, before.edition.number, after.edition.number, pieces)


def _mailings(files: Mapping[str, bytes]) -> Iterator[audit.Mailing]:
    """Yield the mailings the delivery record of a version tells of; it has those of earlier versions, too."""
    if SUMMARY not in files:
        return
    for found in json.loads(files[SUMMARY])["mailings"]:
        states = found["states"]
        counted = ("sent", "refused", "in_doubt", "waiting", "left_out", "cancelled")
        yield audit.Mailing(
            queued=datetime.fromisoformat(found["queued"]),
            first=_instant(found.get("first_accepted")),
            last=_instant(found.get("last_accepted")),
            version=int(found["version"]),
            early=found["kind"] == "early",
            lists=tuple(
                audit.ToList(name, sum(counts.values())) for name, counts in sorted(found["lists"].items())
            ),
            messages=tuple(
                audit.File(m["file"], len(files[m["file"]]), sha256(files[m["file"]]).hexdigest())
                for m in found["messages"]
            ),
            **{state: int(states.get(state, 0)) for state in counted},
        )


def _instant(found: str | None) -> datetime | None:
    return None if found is None else datetime.fromisoformat(found)


def _checkpoint(archive: Archive, ring: Ring, slug: str) -> audit.Checkpoint | None:
    """Return the archive's newest checkpoint, if it is signed by somebody of the key ring."""
    note = archive.checkpoint()
    if not note:
        return None
    try:
        found = read_checkpoint(note, archive.site.log.origin, [holder.key for holder in ring.holders])
        line = archive.site.log.chain().entries[found.size - 1]
        at = datetime.fromisoformat(str(line.facts["at"]))
    except (BadNote, IndexError, KeyError, ValueError) as error:
        raise _damaged(slug, f"the archive's newest checkpoint does not hold: {error}") from error
    return audit.Checkpoint(found.origin, found.size, base64.b64encode(found.root).decode(), at)


def _named(names: PerLanguage, language: str) -> str:
    return in_language(names, language) or next(iter(names.values()))


def _damaged(slug: str, what: str) -> ArchiveDamaged:
    fix = "see what else is wrong: presskit verify"
    return ArchiveDamaged(Problem(Place(f"release {slug}"), "", f"{what}.", fix, "archive-damaged"))
