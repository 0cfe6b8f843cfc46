"""Whether a release may still go: asked before every delivery, looked into whenever something has changed.

Not here: judging approvals (`signoff`), and the time (`outbox.embargo`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

from presskit.send.outbox.decisions import halt
from presskit.send.outbox.store import Outbox

Words = Mapping[str, str]
"""What a release's signatures are on, by file name, as it was when it was queued."""


@dataclass(frozen=True, slots=True)
class Release:
    """A release that is being sent."""

    slug: str
    revision: int
    kind: str  # of the mailing: early needs an approval of its own
    words: Words
    files: Mapping[str, str]  # the kit that is sent: name → SHA-256
    not_before: float = 0.0  # seconds of the Unix epoch


LOOK_SECONDS = 30.0
"""How often the records are looked into although nothing seems to have changed: one may be gone."""


class Gate:
    """Halts a release as soon as it is not approved any more."""

    def __init__(
        self, outbox: Outbox, why_not: Callable[[Release], str | None], mark: Callable[[], object]
    ) -> None:
        """Make a gate.

        Args:
            why_not: says why a release may not go, by the records as they are now.
            mark: changes whenever the records do, and costs next to nothing.
        """
        self._outbox, self._why_not, self._mark = outbox, why_not, mark
        self._looked_at: object = None
        self._last = 0.0
        self._turn = Lock()

    def look(self, now: float) -> None:
        """Halt what is not approved any more.

        Next to nothing is done while the records, the mailings under way and the halts are what they were
        a moment ago; what somebody retries or lets go on is looked into again.
        """
        with self._turn:
            records, waiting = self._mark(), _under_way_and_halted(self._outbox)
            if (records, waiting) == self._looked_at and abs(now - self._last) < LOOK_SECONDS:
                return
            for release in under_way(self._outbox):
                why = self._why_not(release)
                if why is not None:
                    halt(self._outbox, release.slug, datetime.fromtimestamp(now, UTC), why)
                    waiting |= {(0, release.slug)}
            self._looked_at, self._last = (records, waiting), now


def _under_way_and_halted(outbox: Outbox) -> set[tuple[int, str]]:
    question = "select id, '' from mailing where settled=0 union all select 0, slug from halt"
    return {(row[0], row[1]) for row in outbox.rows(question)}


def under_way(outbox: Outbox) -> tuple[Release, ...]:
    """Return the releases that wait to be sent or are being sent; tests need no approval."""
    question = """
    select edition.slug, edition.revision, mailing.kind, edition.words, edition.files, mailing.not_before
    from edition join mailing on mailing.id=edition.mailing
    where mailing.settled=0 and mailing.kind!='test' and exists (
      select 1 from delivery where delivery.mailing=mailing.id and state in ('queued', 'sending', 'dot')
      and delivery.slug=edition.slug) order by edition.id
    """
    return tuple(
        Release(
            *(row["slug"], row["revision"], row["kind"]),
            *(json.loads(row["words"]), json.loads(row["files"]), row["not_before"]),
        )
        for row in outbox.rows(question)
    )
