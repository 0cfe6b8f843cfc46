"""What the outbox remembers of everything that came back: each report once, and whom it leaves without mail.

A mailbox is suppressed before its report is noted: a crash in between leaves a report that is read again,
never one that is thought done.  Not here: what follows from a report (`verdict`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from presskit.send.bounces.imap import Mark
from presskit.send.bounces.verdict import WITHIN, History, Verdict
from presskit.send.outbox.store import Outbox
from presskit.send.outbox.suppression import events_since, note_event, suppress

LIFTED = "lifted"
"""The event of somebody being taken back: what came before counts no more."""

SOONEST = timedelta(days=-365)
"""A report dated earlier than a year ago is taken to be as old as that."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One report as it goes into the books."""

    id: str  # the same whenever the same is reported again
    kind: str
    key: str  # of the mailbox; "" if nobody knows
    typed: str
    delivery: int | None
    status: str
    detail: str
    at: datetime


@dataclass
class Books:
    """The events of an outbox; in a rehearsal what would be written is kept here instead."""

    outbox: Outbox
    now: datetime
    rehearsal: bool = False
    kept: dict[str, tuple[Entry, Verdict]] = field(default_factory=dict)

    def has(self, event: str) -> bool:
        """Whether a report is known."""
        return event in self.kept or bool(self.outbox.value("select 1 from event where id=?", event))

    def when(self, said: datetime | None) -> datetime:
        """Return when something was reported: as the message says, but neither in the future nor long ago."""
        return max(self.now + SOONEST, min(said or self.now, self.now))

    def history(self, key: str, at: datetime, *, ours: bool, written_to: bool) -> History:
        """Return what is known of a mailbox when something is reported about it."""
        lifted = self.outbox.value("select max(at) from event where key=? and kind=?", key, LIFTED)
        since = max(at - WITHIN, datetime.fromtimestamp(lifted or 0, UTC))
        kept = [(entry, verdict) for entry, verdict in self.kept.values() if entry.key == key]
        suppressed = self.outbox.value("select reason from suppressed where key=?", key) or ""
        for _, verdict in kept:
            suppressed = verdict.reason or suppressed
        counted = {
            kind: events_since(self.outbox, key, kind, since)
            + sum(entry.kind == kind and entry.at >= since for entry, _ in kept)
            for kind in ("hard", "soft")
        }
        return History(ours, written_to, suppressed, counted["hard"], counted["soft"])

    def enter(self, entry: Entry, verdict: Verdict) -> None:
        """Do what follows from a report, and note it."""
        if self.rehearsal:
            self.kept[entry.id] = entry, verdict
            return
        if verdict.reason:
            facts = {
                "typed": entry.typed,
                "source": entry.id,
                "detail": f"{entry.status} {entry.detail}".strip(),
            }
            if not suppress(self.outbox, entry.key, verdict.reason, self.now, **facts):
                self._weightier(entry, verdict.reason)
        note_event(
            self.outbox,
            entry.id,
            delivery=entry.delivery,
            key=entry.key,
            kind=entry.kind,
            status=entry.status,
            detail=entry.detail,
            at=entry.at,
        )

    def unsubscribe(self, key: str, typed: str, delivery: int | None, reason: str) -> bool:
        """Send a mailbox no more mail because the office says so; False if it gets none already."""
        if self.history(key, self.now, ours=True, written_to=True).suppressed not in ("", "bounced"):
            return False
        event = f"unsubscribe:{key}:{self.now.isoformat()}"
        entry = Entry(event, "unsubscribe", key, typed, delivery, "", reason, self.now)
        self.enter(entry, Verdict("suppress", "gets no more mail", "unsubscribed"))
        return True

    def _weightier(self, entry: Entry, reason: str) -> None:
        """Put a wish in place of a bounce as the reason why a mailbox gets no mail."""
        with self.outbox.transaction() as rows:
            rows.execute(
                "update suppressed set reason=?, at=?, source=?, detail=? where key=? and reason='bounced'",
                (reason, self.now.timestamp(), entry.id, entry.detail, entry.key),
            )

    def mark(self, folder: str) -> Mark | None:
        """Return how far a folder on a server was read."""
        said = self.outbox.value("select value from meta where name=?", folder)
        return Mark(*map(int, bytes(said).split())) if said else None

    def set_mark(self, folder: str, mark: Mark) -> None:
        """Remember how far a folder on a server was read."""
        if not self.rehearsal:
            with self.outbox.transaction() as rows:
                value = f"{mark.validity} {mark.uid}".encode()
                rows.execute("insert or replace into meta values (?, ?)", (folder, value))
