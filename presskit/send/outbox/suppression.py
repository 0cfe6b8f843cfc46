"""Who gets no more mail, and why: kept apart from the lists, asked at every claim.

Not here: reading bounces and wishes (`send.bounces`), and the lists (`load.media`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from presskit.send.outbox.store import Outbox

Reason = Literal["unsubscribed", "bounced", "complained", "by hand"]


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A mailbox that gets no more mail."""

    key: str
    typed: str
    reason: str
    at: datetime
    source: str  # how the office knows: a bounce's id, "command line"
    detail: str


def suppress(
    outbox: Outbox, key: str, reason: Reason, at: datetime, *, typed: str = "", source: str, detail: str = ""
) -> bool:
    """Send a mailbox no more from now on; False if it gets none already."""
    values = (key, typed or key, reason, at.timestamp(), source, detail)
    with outbox.transaction() as rows:
        done = rows.execute("insert or ignore into suppressed values (?, ?, ?, ?, ?, ?)", values)
        return done.rowcount == 1


def lift(outbox: Outbox, key: str) -> bool:
    """Let a mailbox get mail again; False if it was not suppressed."""
    with outbox.transaction() as rows:
        return rows.execute("delete from suppressed where key=?", (key,)).rowcount == 1


def suppressed(outbox: Outbox) -> tuple[Suppressed, ...]:
    """Return all that get no more mail, by address."""
    found = outbox.rows("select * from suppressed order by key")
    return tuple(
        Suppressed(
            row["key"],
            row["typed"],
            row["reason"],
            datetime.fromtimestamp(row["at"], UTC),
            row["source"],
            row["detail"],
        )
        for row in found
    )


def note_event(
    outbox: Outbox,
    event: str,
    *,
    delivery: int | None,
    key: str,
    kind: str,
    status: str,
    detail: str,
    at: datetime,
) -> bool:
    """Note a bounce or a wish once; False if it is known already.

    Args:
        event: an id that is the same whenever the same message is read again.
    """
    values = (event, delivery, key, kind, status, detail, at.timestamp())
    with outbox.transaction() as rows:
        return rows.execute("insert or ignore into event values (?, ?, ?, ?, ?, ?, ?)", values).rowcount == 1


def events_since(outbox: Outbox, key: str, kind: str, since: datetime) -> int:
    """Return how many bounces of a kind a mailbox had."""
    question = "select count(*) from event where key=? and kind=? and at>=?"
    return int(outbox.value(question, key, kind, since.timestamp()))
