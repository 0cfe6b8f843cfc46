"""Turns deliveries that wait into ones that were offered to a relay, without one.

Not here: queueing them (`post`).
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from presskit.model.media import Recipient
from presskit.send.outbox.claims import Done, Outcome, mark_dot, note
from presskit.send.outbox.store import Outbox
from tests.send.post import NOW, at_once, letters, new_outbox, put, take


def offer(outbox: Outbox, outcome: Outcome, code: int = 0, reply: str = "", now: float = NOW) -> bytes:
    """Send the next delivery up to its end; return its head."""
    claimed = take(outbox, now)
    head = letters(outbox)(claimed, now).head
    assert mark_dot(outbox, claimed, head, now, at_once)
    note(outbox, Done(claimed, outcome, now, code, reply, due=now + 60))
    return head


def mail(office: Path, to: Iterable[Recipient], *outcomes: Outcome) -> None:
    """Queue the release in an office's outbox, and have so many of its deliveries end like this."""
    with closing(new_outbox(office)) as outbox:
        put(outbox, to)
        for outcome in outcomes:
            offer(outbox, outcome, {"sent": 250, "failed": 550}.get(outcome, 0))
