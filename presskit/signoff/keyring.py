"""The key ring: whose key counts, as what, from when to when; a pure function of its signed records.

The first record founds the ring and is signed by the key it adds.  Each later one is signed by a keeper's key
that counts at its place in the log; a delegation may be given by the person it comes from.  A record that is
not is left out and named.  Not here: reading files (`desk`), and what a key was used for (`state`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from presskit.signoff.canon import Value, digest
from presskit.signoff.envelope import Envelope, Statement
from presskit.signoff.keys import BadKey, PublicKey, read_public
from presskit.signoff.records import BadRecord, Logged, Seen, text_of

RING_KIND = "urn:presskit:key-ring:v1"
KEEPER, OFFICER = "keeper", "officer"
"""Roles presskit itself knows: who keeps the ring, and who puts words forward and vouches for the answers of
those without a key.  The roles that clear a kit are named in house.yaml."""

PRINCIPAL = re.compile(r"(person|agency):[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Holder:
    """One key and who holds it."""

    key: PublicKey
    principal: str  # "person:dusto", "agency:durham"
    name: str  # as it was known when the key was added
    roles: frozenset[str]
    seq: int  # place in the log from which the key counts
    start: date | None  # first day it counts
    end: date | None  # last day
    revoked_seq: int | None = None  # place in the log from which it counts no more
    reason: str = ""  # of its revocation


@dataclass(frozen=True, slots=True)
class Delegation:
    """Somebody may answer for somebody else."""

    principal: str  # whose approvals are meant
    to: str
    seq: int
    ended_seq: int | None = None


@dataclass(frozen=True, slots=True)
class Ring:
    """Everybody whose signature can count."""

    holders: tuple[Holder, ...] = ()
    delegations: tuple[Delegation, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()  # record → why it does not count
    founding: str = ""  # digest of the founding record: what two offices compare

    def holder_at(self, key_id: str, seq: int, day: date) -> Holder | None:
        """Return who held a key at a place in the log, on its day; ``None`` if it did not count."""
        return next(
            (h for h in self.holders if h.key.key_id == key_id and _counts(h, seq, day)),
            None,
        )

    def delegates_at(self, principal: str, seq: int) -> frozenset[str]:
        """Return who may answer for somebody at a place in the log, besides themselves."""
        return frozenset(
            d.to
            for d in self.delegations
            if d.principal == principal and d.seq < seq and (d.ended_seq is None or seq < d.ended_seq)
        )

    def knows_as(self, principal: str, name: str) -> bool:
        """Whether the ring knows somebody by a name, or does not know them at all."""
        names = {holder.name for holder in self.holders if holder.principal == principal}
        return not names or name in names

    def signers_of(self, envelope: Envelope, seq: int, day: date) -> tuple[Holder, ...]:
        """Return the holders whose signatures on an envelope are theirs and count."""
        found = (self.holder_at(s.key_id, seq, day) for s in envelope.signatures)
        return tuple(
            holder for holder in dict.fromkeys(found) if holder is not None and envelope.signed_by(holder.key)
        )


def _counts(holder: Holder, seq: int, day: date) -> bool:
    in_force = holder.seq < seq and (holder.revoked_seq is None or seq < holder.revoked_seq)
    return in_force and (holder.start or date.min) <= day <= (holder.end or date.max)


def make_ring(records: Iterable[Logged]) -> Ring:
    """Return the ring its records make, taken in the order of the log."""
    ring, seen = Ring(), Seen()
    for record in records:
        try:
            grown = _with(ring, record)
            seen.require_new(record)
            ring = grown
        except (BadRecord, BadKey) as error:
            ring = replace(ring, left_out=(*ring.left_out, (record.file, str(error))))
    return ring


def adding(
    key: PublicKey,
    principal: str,
    name: str,
    roles: Iterable[str],
    *,
    after: str,
    start: date | None = None,
    end: date | None = None,
) -> Statement:
    """Return the statement that adds a key to the ring.

    Args:
        after: head of the log when it is made, so that no two statements are the same: a copy never counts.
    """
    predicate: dict[str, Value] = {
        "action": "add",
        "principal": principal,
        "name": name,
        "roles": sorted(roles),
        "key": key.line,
        "start": start.isoformat() if start else None,
        "end": end.isoformat() if end else None,
    }
    return _statement(predicate, key.key_id, after)


def revoking(key_id: str, reason: str, *, after: str) -> Statement:
    """Return the statement that takes a key out of force; for ``after`` see `adding`."""
    return _statement({"action": "revoke", "key_id": key_id, "reason": reason}, key_id, after)


def delegating(principal: str, to: str, *, after: str, ends: bool = False) -> Statement:
    """Return the statement by which somebody lets, or no longer lets, somebody else answer for them.

    For ``after`` see `adding`.
    """
    action = "undelegate" if ends else "delegate"
    return _statement({"action": action, "principal": principal, "to": to}, digest(principal.encode()), after)


def _statement(predicate: dict[str, Value], subject: str, after: str) -> Statement:
    kept = {name: value for name, value in predicate.items() if value is not None} | {"after": after}
    return Statement(RING_KIND, {"key-ring": subject}, kept)


def _with(ring: Ring, record: Logged) -> Ring:
    """Return the ring with what one record says."""
    said = _said(record)
    action = text_of(said, "action")
    if not ring.holders:
        return _founded(said, record)
    signers = ring.signers_of(record.envelope, record.seq, record.day)
    keeper = any(KEEPER in holder.roles for holder in signers)
    match action:
        case "add" if keeper:
            return replace(ring, holders=(*ring.holders, _holder(said, record.seq)))
        case "revoke" if keeper or any(h.key.key_id == said.get("key_id") for h in signers):
            return _revoked(ring, said, record.seq)
        case "delegate" | "undelegate" if keeper or any(
            h.principal == said.get("principal") for h in signers
        ):
            return _delegated(ring, said, record.seq)
        case "add" | "revoke" | "delegate" | "undelegate":
            raise BadRecord("it is not signed by somebody who may say so")
        case _:
            raise BadRecord(f"it says “{action[:40]}”, which means nothing in a key ring")


def _said(record: Logged) -> Mapping[str, Value]:
    if record.envelope.statement.kind != RING_KIND:
        raise BadRecord("it is no record of a key ring")
    return record.envelope.statement.predicate


def _founded(said: Mapping[str, Value], record: Logged) -> Ring:
    holder = _holder(said, record.seq)
    if not record.envelope.signed_by(holder.key):
        raise BadRecord("the founding record is not signed by the key it adds")
    if KEEPER not in holder.roles:
        raise BadRecord("the founding record makes nobody the ring's keeper")
    return Ring(holders=(holder,), founding=digest(record.envelope.payload))


def _holder(said: Mapping[str, Value], seq: int) -> Holder:
    principal, roles = text_of(said, "principal"), said.get("roles")
    if not PRINCIPAL.fullmatch(principal):
        raise BadRecord(f"“{principal[:60]}” is neither person:… nor agency:…")
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise BadRecord("its roles are garbled")
    return Holder(
        key=read_public(text_of(said, "key")),
        principal=principal,
        name=text_of(said, "name"),
        roles=frozenset(map(str, roles)),
        seq=seq,
        start=_day(said, "start"),
        end=_day(said, "end"),
    )


def _day(said: Mapping[str, Value], name: str) -> date | None:
    if name not in said:
        return None
    try:
        return date.fromisoformat(text_of(said, name))
    except ValueError:
        raise BadRecord(f"its {name} is no date") from None


def _revoked(ring: Ring, said: Mapping[str, Value], seq: int) -> Ring:
    key_id, reason = text_of(said, "key_id"), text_of(said, "reason")
    if not any(h.key.key_id == key_id and h.revoked_seq is None for h in ring.holders):
        raise BadRecord("it takes back a key that is not in force")
    holders = tuple(
        replace(h, revoked_seq=seq, reason=reason) if h.key.key_id == key_id and h.revoked_seq is None else h
        for h in ring.holders
    )
    return replace(ring, holders=holders)


def _delegated(ring: Ring, said: Mapping[str, Value], seq: int) -> Ring:
    principal, to = text_of(said, "principal"), text_of(said, "to")
    if not PRINCIPAL.fullmatch(principal) or not PRINCIPAL.fullmatch(to):
        raise BadRecord("it names somebody who is neither person:… nor agency:…")
    if text_of(said, "action") == "delegate":
        return replace(ring, delegations=(*ring.delegations, Delegation(principal, to, seq)))
    ended = tuple(
        replace(d, ended_seq=seq) if (d.principal, d.to) == (principal, to) and d.ended_seq is None else d
        for d in ring.delegations
    )
    return replace(ring, delegations=ended)
