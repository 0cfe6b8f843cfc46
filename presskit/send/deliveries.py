"""What the outbox knows of deliveries: who got what and when, who did not and why.

Not here: changing anything of it (`queue`, `claims`, `decisions`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from presskit.send.claims import State
from presskit.send.outbox import Outbox


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one mailbox, and how far it got."""

    id: int
    mailing: int
    slug: str
    revision: int
    is_test: bool
    key: str
    typed: str
    name: str
    outlet: str
    list: str
    language: str
    message_id: str
    state: State
    attempts: int
    due: datetime
    code: int | None  # of the relay's last reply
    reply: str
    at: datetime | None  # of the last change
    body_sha256: str


@dataclass(frozen=True, slots=True)
class MailingFacts:
    """One call of ``presskit send``."""

    id: int
    queued_at: datetime
    kind: str
    not_before: datetime
    held: str
    slugs: tuple[str, ...]


_DELIVERY = """
select delivery.*, variant.sha256 from delivery join variant on variant.id=delivery.variant
"""


def deliveries_of(outbox: Outbox, slug: str, *, tests: bool = False) -> Iterator[Delivery]:
    """Yield the deliveries of a release in the order they were queued."""
    question = f"{_DELIVERY} where slug=? and (test=0 or ?) order by delivery.id"
    return map(_delivery, outbox.rows(question, slug, tests))


def delivery(outbox: Outbox, number: int) -> Delivery | None:
    """Return one delivery by its number."""
    return next(map(_delivery, outbox.rows(f"{_DELIVERY} where delivery.id=?", number)), None)


def by_message_id(outbox: Outbox, message_id: str) -> Delivery | None:
    """Return the delivery with a Message-ID, angle brackets included."""
    return next(map(_delivery, outbox.rows(f"{_DELIVERY} where message_id=?", message_id)), None)


def deliveries_to(outbox: Outbox, key: str) -> Iterator[Delivery]:
    """Yield everything ever queued for a mailbox."""
    return map(_delivery, outbox.rows(f"{_DELIVERY} where key=? order by delivery.id", key))


def counts(outbox: Outbox, slug: str) -> Mapping[State, int]:
    """Return how many deliveries of a release are in each state, tests left out."""
    question = "select state, count(*) from delivery where slug=? and test=0 group by state order by state"
    return {row[0]: row[1] for row in outbox.rows(question, slug)}


def mailings_of(outbox: Outbox, slug: str) -> tuple[MailingFacts, ...]:
    """Return the calls of ``presskit send`` a release was part of, the oldest first."""
    question = """
    select mailing.*, (select group_concat(slug, ' ') from edition where mailing=mailing.id) as slugs
    from mailing where id in (select mailing from edition where slug=?) order by id
    """
    return tuple(
        MailingFacts(
            row["id"],
            _when(row["queued_at"]),
            row["kind"],
            _when(row["not_before"]),
            row["held"],
            tuple(row["slugs"].split()),
        )
        for row in outbox.rows(question, slug)
    )


def halts(outbox: Outbox) -> Mapping[str, str]:
    """Return what is halted, and why; "" stands for everything."""
    return {row["slug"]: row["reason"] for row in outbox.rows("select * from halt order by slug")}


def _delivery(row: sqlite3.Row) -> Delivery:
    same = ("id", "mailing", "slug", "revision", "key", "typed", "name", "outlet", "list", "language")
    facts = {name: row[name] for name in (*same, "message_id", "state", "attempts", "code", "reply")}
    return Delivery(
        **facts,
        is_test=bool(row["test"]),
        due=_when(row["due"]),
        at=None if row["at"] is None else _when(row["at"]),
        body_sha256=row["sha256"],
    )


def _when(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
