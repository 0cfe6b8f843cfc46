"""What the outbox knows of deliveries: who got what and when, who did not and why.

Not here: changing anything of it (`queue`, `claims`, `decisions`).
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from presskit.errors import Place
from presskit.model.media import Address, Recipient
from presskit.send.outbox.claims import State
from presskit.send.outbox.store import OUTBOX, Outbox

WORDS: Mapping[State, str] = {
    "queued": "waits",
    "sending": "is being sent",
    "dot": "is being sent",
    "sent": "sent",
    "failed": "refused",
    "in_doubt": "in doubt",
    "left_out": "left out",
    "cancelled": "cancelled",
}
"""How a delivery stands, in plain words; "sent" means that the relay took responsibility for it."""

NAMES: Mapping[State, str] = {
    "queued": "waiting",
    "sending": "waiting",
    "dot": "waiting",
    "sent": "sent",
    "failed": "refused",
    "in_doubt": "in_doubt",
    "left_out": "left_out",
    "cancelled": "cancelled",
}
"""The same for programs and for the archive."""


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


_DELIVERY = """
select delivery.id, delivery.mailing, slug, revision, test, key, typed, name, outlet, list, language,
  message_id, state, attempts, due, code, reply, at, variant.sha256
from delivery join variant on variant.id=delivery.variant
"""
PAGE = 1000
"""How many deliveries are read at once."""


def deliveries_of(outbox: Outbox, slug: str, *, tests: bool = False) -> Iterator[Delivery]:
    """Yield the deliveries of a release in the order they were queued."""
    return _paged(outbox, "slug=? and (test=0 or ?)", slug, tests)


def sent_releases(outbox: Outbox) -> tuple[str, ...]:
    """Return the releases of which anything was ever queued but tests."""
    rows = outbox.rows("select distinct slug from delivery where test=0 order by slug")
    return tuple(row["slug"] for row in rows)


def delivery(outbox: Outbox, number: int) -> Delivery | None:
    """Return one delivery by its number."""
    return next(map(_delivery, outbox.rows(f"{_DELIVERY} where delivery.id=?", number)), None)


def by_message_id(outbox: Outbox, message_id: str) -> Delivery | None:
    """Return the delivery with a Message-ID, angle brackets included."""
    return next(map(_delivery, outbox.rows(f"{_DELIVERY} where message_id=?", message_id)), None)


def deliveries_to(outbox: Outbox, key: str) -> Iterator[Delivery]:
    """Yield everything ever queued for a mailbox."""
    return _paged(outbox, "key=?", key)


def _paged(outbox: Outbox, which: str, *values: str | bool) -> Iterator[Delivery]:
    question = f"{_DELIVERY} where {which} and delivery.id>? order by delivery.id limit {PAGE}"
    last = 0
    while found := outbox.rows(question, *values, last):
        yield from map(_delivery, found)
        last = found[-1]["id"]


def queued_for(outbox: Outbox, editions: Iterable[tuple[str, int]]) -> frozenset[str]:
    """Return the mailboxes that had one of some revisions queued for them."""
    question = """
    select key from delivery where slug=? and revision=? and test=0 and state!='cancelled' and not unwanted
    """
    return frozenset(row[0] for slug, revision in editions for row in outbox.rows(question, slug, revision))


def earlier_revisions(
    outbox: Outbox, editions: Iterable[tuple[str, int]], keys: Collection[str]
) -> Mapping[int, int]:
    """Return how many of some mailboxes got another revision of these releases, by its number."""
    question = "select key, revision from delivery where slug=? and revision!=? and test=0 and state='sent'"
    found = (row for slug, revision in editions for row in outbox.rows(question, slug, revision))
    return dict(sorted(Counter(row["revision"] for row in found if row["key"] in keys).items()))


def had(outbox: Outbox, slugs: Iterable[str]) -> Mapping[str, tuple[str, Recipient]]:
    """Return who got some releases, or may have: the mailbox's key, the Message-ID, and who it is.

    Who got it before its time had agreed to keep embargoes; of the rest nothing is known.
    """
    question = """
    select key, typed, envelope, list, name, outlet, language, message_id,
      (select kind from mailing where mailing.id=delivery.mailing) as kind from delivery
    where slug=? and test=0 and (state in ('sent', 'in_doubt', 'dot') or exists (
      select 1 from attempt where attempt.delivery=delivery.id and event='in_doubt')) order by id
    """
    rows = (row for slug in dict.fromkeys(filter(None, slugs)) for row in outbox.rows(question, slug))
    return {row["key"]: (row["message_id"], _recipient(row)) for row in rows}


def _recipient(row: sqlite3.Row) -> Recipient:
    address = Address(row["typed"], row["envelope"], row["key"])
    agreed = row["kind"] == "early"
    return Recipient(
        address,
        row["list"],
        Place(OUTBOX),
        row["name"],
        row["outlet"],
        row["language"],
        accepts_embargo=agreed,
    )


def counts(outbox: Outbox, slug: str) -> Mapping[int, Mapping[State, int]]:
    """Return how many deliveries of each revision of a release are in each state, tests left out."""
    question = """
    select revision, state, count(*) as number from delivery where slug=? and test=0
    group by revision, state order by revision, state
    """
    found: dict[int, dict[State, int]] = {}
    for row in outbox.rows(question, slug):
        found.setdefault(row["revision"], {})[row["state"]] = row["number"]
    return found


def halted(outbox: Outbox) -> Mapping[str, str]:
    """Return what is halted and waits, and why; "" stands for everything.

    A halt holds up the other language versions of its mailing, too.
    """
    question = """
    select slug, reason from halt where exists (
      select 1 from delivery join edition on edition.mailing=delivery.mailing
      where state='queued' and halt.slug in ('', edition.slug)) order by slug
    """
    return {row["slug"]: row["reason"] for row in outbox.rows(question)}


def held(outbox: Outbox) -> Mapping[str, str]:
    """Return the releases whose mailings wait for a person because of their clocks, and why."""
    question = """
    select slug, held from edition join mailing on mailing.id=edition.mailing
    where held!='' and settled=0 order by slug
    """
    return {row["slug"]: row["held"] for row in outbox.rows(question)}


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
