"""A mailing into the outbox: all of its deliveries at once or none, each mailbox once.

Queueing the same again adds nothing: a revision of a release goes to a mailbox once.  Not here: who is meant
and what the message says (`pipeline`).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from presskit.model.media import Recipient
from presskit.send.message.body import Prepared
from presskit.send.outbox.embargo import Armed
from presskit.send.outbox.store import Outbox

Kind = Literal["now", "at", "embargo", "early", "test"]
"""At once; at a time somebody chose; when the embargo ends; before that, to those trusted; to oneself."""


@dataclass(frozen=True, slots=True)
class EditionMeant:
    """A release in a mailing."""

    slug: str
    revision: int  # the archived version that first held these words with this sign-off
    reference: str
    language: str
    headline: str
    letterhead: str  # JSON
    words: Mapping[str, str]
    files: Mapping[str, str] = field(default_factory=dict)  # of the kit: name → SHA-256; {}: a draft


@dataclass(frozen=True, slots=True)
class VariantMeant:
    """An edition with certain files attached."""

    edition: int  # index
    files: tuple[str, ...]
    prepared: Prepared


@dataclass(frozen=True, slots=True)
class Meant:
    """One delivery that is to be made."""

    recipient: Recipient
    variant: int  # index
    message_id: str
    answers: str = ""  # Message-ID of the message this one corrects


@dataclass(frozen=True, slots=True)
class Mailing:
    """What is to be queued, but for whom it is for."""

    kind: Kind
    now: datetime
    not_before: datetime
    zone: str
    armed: Armed | None  # none: it goes at once
    editions: Sequence[EditionMeant]
    variants: Sequence[VariantMeant]


@dataclass(frozen=True, slots=True)
class Queued:
    """What came of queueing."""

    mailing: int  # 0: nothing was queued
    deliveries: int
    there_already: int  # had this revision, or another language of this mailing, queued before


def queue(outbox: Outbox, mailing: Mailing, deliveries: Iterable[Meant]) -> Queued:
    """Put a mailing into the outbox.

    Raises:
        Unreadable: the disk is full, or the file is damaged; then nothing was queued.
    """
    queued = there_already = 0
    with outbox.transaction() as rows:
        number, variants = _frame(rows, mailing)
        test = number if mailing.kind == "test" else 0
        for meant in deliveries:
            if _is_there(rows, mailing, test, meant.recipient.address.key):
                there_already += 1
                continue
            _insert(rows, number, variants[meant.variant], mailing, meant)
            queued += 1
        if not queued:
            _forget(rows, number)
    return Queued(number if queued else 0, queued, there_already)


def _frame(rows: sqlite3.Connection, mailing: Mailing) -> tuple[int, Sequence[int]]:
    """Write the mailing with its editions and variants; return its number, and those of the variants."""
    armed = mailing.armed
    boot = armed.boot if armed else None
    cursor = rows.execute(
        "insert into mailing (queued_at, kind, not_before, zone, wall, boot, boot_id)"
        " values (?, ?, ?, ?, ?, ?, ?)",
        (
            *(mailing.now.timestamp(), mailing.kind, mailing.not_before.timestamp(), mailing.zone),
            *(armed.wall if armed else None, boot.seconds if boot else None, boot.id if boot else None),
        ),
    )
    number = _number(cursor)
    editions = [_edition(rows, number, edition) for edition in mailing.editions]
    variants = []
    for variant in mailing.variants:
        body = variant.prepared
        rows.execute("insert or ignore into body values (?, ?)", (body.sha256, body.body))
        cursor = rows.execute(
            "insert into variant (edition, files, content, sha256) values (?, ?, ?, ?)",
            (editions[variant.edition], " ".join(variant.files), body.content, body.sha256),
        )
        variants.append(_number(cursor))
    return number, variants


def _edition(rows: sqlite3.Connection, mailing: int, edition: EditionMeant) -> int:
    names = "mailing, slug, revision, reference, language, headline, letterhead, words, files"
    e, words, files = edition, json.dumps(dict(edition.words)), json.dumps(dict(edition.files))
    values = (mailing, e.slug, e.revision, e.reference, e.language, e.headline, e.letterhead, words, files)
    return _number(rows.execute(f"insert into edition ({names}) values (?, ?, ?, ?, ?, ?, ?, ?, ?)", values))


def _is_there(rows: sqlite3.Connection, mailing: Mailing, test: int, key: str) -> bool:
    """Whether a mailbox has had one of these editions queued for it before.

    Why one of them: the language versions of one release are one piece of news.
    """
    one = "slug=? and revision=? and test=? and key=? and state!='cancelled'"
    for edition in mailing.editions:
        values = (edition.slug, edition.revision, test, key)
        found = rows.execute(f"select id from delivery where {one}", values).fetchone()
        if found is not None:  # one that was cancelled while it is under way is wanted again
            rows.execute("update delivery set unwanted=0 where id=? and unwanted", found)
            return True
    return False


_DELIVERY = """
insert into delivery (mailing, variant, slug, revision, test, key, typed, envelope, domain, name, outlet,
  list, language, message_id, answers, due) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
on conflict (slug, revision, test, key) do update set mailing=excluded.mailing, variant=excluded.variant,
  typed=excluded.typed, envelope=excluded.envelope, name=excluded.name, outlet=excluded.outlet,
  list=excluded.list, language=excluded.language, answers=excluded.answers, state='queued', attempts=0,
  unwanted=0, due=excluded.due, code=null, reply='', at=null, head=null
"""


def _insert(rows: sqlite3.Connection, number: int, variant: int, mailing: Mailing, meant: Meant) -> None:
    """Write one delivery; one that was cancelled before it went waits again."""
    who = meant.recipient
    edition = mailing.editions[mailing.variants[meant.variant].edition]
    address = who.address
    rows.execute(
        _DELIVERY,
        (
            *(number, variant, edition.slug, edition.revision, number if mailing.kind == "test" else 0),
            *(address.key, address.typed, address.envelope, address.domain),
            *(who.reporter, who.outlet, who.list, who.language),
            *(meant.message_id, meant.answers, mailing.not_before.timestamp()),
        ),
    )


def _forget(rows: sqlite3.Connection, number: int) -> None:
    """Take a mailing without deliveries out again."""
    rows.execute("delete from variant where edition in (select id from edition where mailing=?)", (number,))
    rows.execute("delete from edition where mailing=?", (number,))
    rows.execute("delete from mailing where id=?", (number,))
    rows.execute("delete from body where sha256 not in (select sha256 from variant)")


def _number(cursor: sqlite3.Cursor) -> int:
    assert cursor.lastrowid is not None
    return cursor.lastrowid
