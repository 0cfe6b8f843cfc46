"""What the outbox knows of a release to the files that join the archive: who got it, personal data apart.

::

    deliveries/summary.json                  how many it went to, mailing by mailing; names nobody
    deliveries/message-en-CA-1a2b3c4d.eml    a message as it went, without what is one recipient's own
    deliveries/personal/deliveries.csv       who it went to, and how that stands
    deliveries/personal/attempts.csv         what the relay said each time, and what a person decided
    deliveries/personal/heads.txt            the heads that were offered, one after the other, byte for byte

Tests are left out.  The same outbox gives the same bytes.  Not here: depositing them (`archive.keeping`).
"""

from __future__ import annotations

import io
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from presskit.archive.contents import DELIVERIES, PERSONAL, SUMMARY
from presskit.load.media.cells import guarded
from presskit.load.media.writing import write_rows
from presskit.send.message.body import Prepared, unstuffed
from presskit.send.message.head import letterhead_from, shared_head
from presskit.send.outbox.deliveries import NAMES, WORDS
from presskit.send.outbox.store import Outbox
from presskit.signoff.canon import Value, canonical

VERSION = 1
"""Of the record's form; raised when a reader has to know."""

NOT_SAID = "not said"
"""The language of a recipient whose entry names none."""

_DELIVERIES = """
select * from delivery where slug=? and test=0 order by id
"""
_ATTEMPTS = """
select attempt.*, typed, message_id from attempt join delivery on delivery.id=attempt.delivery
where slug=? and test=0 order by delivery.id, attempt.rowid
"""
_HEADS = "select head from delivery where slug=? and test=0 and head is not null order by id"
_VARIANTS = """
select variant.id, variant.files, variant.content, variant.sha256, edition.letterhead, edition.language,
  edition.mailing, edition.revision, edition.reference, body.content as body
from variant join edition on edition.id=variant.edition join body on body.sha256=variant.sha256
where variant.id in (select variant from delivery where slug=? and test=0) order by variant.id
"""
_COUNTS = """
select mailing, variant, list, language, state, count(*) as number, min(at) as first, max(at) as last
from delivery where slug=? and test=0 group by mailing, variant, list, language, state
"""
_MAILINGS = """
select id, kind, queued_at, not_before from mailing
where id in (select mailing from delivery where slug=? and test=0) order by id
"""


def delivery_record(outbox: Outbox, slug: str) -> Mapping[str, bytes]:
    """Return the record of a release's deliveries, by name in the archive; none if nothing was ever queued.

    Why in one transaction: sending may be under way, and the files have to agree with each other.
    """
    with outbox.transaction() as rows:
        if rows.execute(f"{_DELIVERIES} limit 1", (slug,)).fetchone() is None:
            return {}
        variants = {row["id"]: _variant(row) for row in rows.execute(_VARIANTS, (slug,))}
        messages = {variant.name: variant.message for variant in variants.values()}
        return {
            SUMMARY: canonical(_summary(rows, slug, variants)),
            **dict(sorted(messages.items())),
            f"{PERSONAL}attempts.csv": _attempts(rows.execute(_ATTEMPTS, (slug,))),
            f"{PERSONAL}deliveries.csv": _deliveries(rows.execute(_DELIVERIES, (slug,)), variants),
            f"{PERSONAL}heads.txt": _joined(row["head"] for row in rows.execute(_HEADS, (slug,))),
        }


@dataclass(frozen=True, slots=True)
class _Variant:
    """A message that is the same for all who get it, but for what is one recipient's own in its head."""

    mailing: int
    revision: int
    reference: str
    subject: str
    files: tuple[str, ...]  # attached
    body_sha256: str  # as in the outbox: of the bytes on the wire
    message: bytes
    name: str


def _variant(row: sqlite3.Row) -> _Variant:
    letterhead = letterhead_from(row["letterhead"], row["content"])
    body = unstuffed(Prepared(row["body"], row["sha256"], row["content"]))
    message = shared_head(letterhead) + body
    name = f"{DELIVERIES}message-{row['language']}-{sha256(message).hexdigest()[:8]}.eml"
    same = row["mailing"], row["revision"], row["reference"], letterhead.subject
    return _Variant(*same, tuple(row["files"].split()), row["sha256"], message, name)


# --- how many, for everybody ---------------------------------------------------------------------------


@dataclass(slots=True)
class _Counts:
    """How many deliveries of a mailing are in which state."""

    states: Counter[str] = field(default_factory=Counter)
    lists: dict[str, Counter[str]] = field(default_factory=dict)
    languages: dict[str, Counter[str]] = field(default_factory=dict)
    variants: dict[int, Counter[str]] = field(default_factory=dict)
    first: float | None = None  # accepted
    last: float | None = None

    def add(self, row: sqlite3.Row) -> None:
        """Count some deliveries that are alike."""
        state = NAMES[row["state"]]
        for counter in (
            self.states,
            self.lists.setdefault(row["list"], Counter()),
            self.languages.setdefault(row["language"] or NOT_SAID, Counter()),
            self.variants.setdefault(row["variant"], Counter()),
        ):
            counter[state] += row["number"]
        if state == "sent":
            self.first = min(row["first"], row["first"] if self.first is None else self.first)
            self.last = max(row["last"], row["last"] if self.last is None else self.last)


def _summary(rows: sqlite3.Connection, slug: str, variants: Mapping[int, _Variant]) -> dict[str, Value]:
    counted: dict[int, _Counts] = {}
    for row in rows.execute(_COUNTS, (slug,)):
        counted.setdefault(row["mailing"], _Counts()).add(row)
    mailings = rows.execute(_MAILINGS, (slug,)).fetchall()
    return {
        "presskit": VERSION,
        "slug": slug,
        "deliveries": sum(counts.states.total() for counts in counted.values()),
        "waiting": sum(counts.states["waiting"] for counts in counted.values()),
        "mailings": [_mailing(row, counted[row["id"]], variants) for row in mailings],
    }


def _mailing(row: sqlite3.Row, counts: _Counts, variants: Mapping[int, _Variant]) -> Value:
    found = {number: variants[number] for number in sorted(counts.variants)}
    first = next(iter(found.values()))
    messages: list[Value] = [
        {
            "file": variant.name,
            "sha256": sha256(variant.message).hexdigest(),
            "body_sha256": variant.body_sha256,
            "attached": list(variant.files),
            "states": dict(counts.variants[number]),
        }
        for number, variant in found.items()
    ]
    return {
        "kind": row["kind"],
        "queued": _when(row["queued_at"]),
        "not_before": _when(row["not_before"]),
        "first_accepted": _when(counts.first) or None,  # with none, the line is left out
        "last_accepted": _when(counts.last) or None,
        "version": first.revision,
        "reference": first.reference,
        "subject": first.subject,
        "states": dict(counts.states),
        "lists": {name: dict(counter) for name, counter in counts.lists.items()},
        "languages": {name: dict(counter) for name, counter in counts.languages.items()},
        "messages": messages,
    }


# --- who, for the office -------------------------------------------------------------------------------

_COLUMNS = (
    *("message_id", "mailbox", "name", "outlet", "list", "language", "state", "reply", "when", "attempts"),
    *("version", "message"),
)


def _deliveries(found: Iterable[sqlite3.Row], variants: Mapping[int, _Variant]) -> bytes:
    return _table(
        _COLUMNS,
        (
            (
                *(row["message_id"], row["typed"], row["name"], row["outlet"], row["list"], row["language"]),
                *(WORDS[row["state"]], _reply(row), _when(row["at"]), str(row["attempts"])),
                *(str(row["revision"]), variants[row["variant"]].name),
            )
            for row in found
        ),
    )


def _attempts(found: Iterable[sqlite3.Row]) -> bytes:
    return _table(
        ("message_id", "mailbox", "when", "state", "reply"),
        (
            (row["message_id"], row["typed"], _when(row["at"]), WORDS[row["event"]], _reply(row))
            for row in found
        ),
    )


def _table(header: Iterable[str], found: Iterable[Iterable[str]]) -> bytes:
    def rows() -> Iterator[Iterable[str]]:
        yield header
        yield from (map(guarded, cells) for cells in found)

    return write_rows(rows())


def _reply(row: sqlite3.Row) -> str:
    """Return what the relay said, or a person decided, with the relay's code before it."""
    return f"{row['code']} {row['reply']}".rstrip() if row["code"] else str(row["reply"])


def _when(seconds: float | None) -> str:
    return "" if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _joined(heads: Iterable[bytes]) -> bytes:
    """Return heads one after the other; each ends with the empty line that ends a head."""
    whole = io.BytesIO()
    whole.writelines(heads)
    return whole.getvalue()
