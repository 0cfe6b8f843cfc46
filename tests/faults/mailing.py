"""Turns addresses into a mailing that waits in an outbox, and an outbox and its relay into what went wrong.

Not here: sending (`dispatch`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from presskit.errors import Place
from presskit.load.addresses import read_address
from presskit.model.media import Address, Recipient
from presskit.send.message.body import Prepared
from presskit.send.message.head import letterhead_json
from presskit.send.message.tokens import Tokens
from presskit.send.outbox.claims import State
from presskit.send.outbox.deliveries import deliveries_of
from presskit.send.outbox.embargo import Armed
from presskit.send.outbox.queue import EditionMeant, Kind, Mailing, Meant, Queued, VariantMeant, queue
from presskit.send.outbox.store import OUTBOX, Outbox
from tests.send.sample import letterhead, prepared
from tests.servers.relay import Accepted

SLUG = "bridge-opening"


def new_outbox(folder: Path) -> Outbox:
    """Return an outbox that was not there before."""
    return Outbox.open(folder / OUTBOX)


def addresses(count: int, *, every_refused: int = 0) -> Iterator[str]:
    """Yield addresses of several domains; one in so many is one the relay refuses."""
    for number in range(count):
        refused = every_refused and number % every_refused == every_refused - 1
        yield f"{'bad' if refused else 'desk'}{number}@outlet{number % 7}.example.com"


def recipient(address: str) -> Recipient:
    """Return somebody of a list."""
    read = read_address(address)
    assert isinstance(read, Address), read
    return Recipient(read, "test", Place("data/media-lists/test.csv"))


def fill(
    outbox: Outbox,
    to: Iterable[str],
    *,
    slug: str = SLUG,
    not_before: datetime | None = None,
    armed: Armed | None = None,
    body: Prepared | None = None,
) -> Queued:
    """Queue a release for addresses: at once, or for a time."""
    now, body, tokens = datetime.now(UTC), body or prepared(), Tokens(outbox.key)
    kept = letterhead_json(letterhead(content=body.content))
    edition = EditionMeant(slug, 1, "2026-1", "en-CA", "The bridge opens", kept, {})
    variant = VariantMeant(0, ("pdf",), body)
    kind: Kind = "now" if not_before is None else "embargo"
    mailing = Mailing(kind, now, not_before or now, "UTC", armed, (edition,), (variant,))
    people = map(recipient, to)
    meant = (Meant(p, 0, tokens.message_id(slug, 1, p.address.key, "example.org")) for p in people)
    return queue(outbox, mailing, meant)


@dataclass(frozen=True, slots=True)
class Findings:
    """What is not as it should be; each is a list of addresses."""

    twice: tuple[str, ...]  # accepted more than once
    lost: tuple[str, ...]  # marked as sent, and never accepted
    unknown: tuple[str, ...]  # accepted, and neither sent nor in doubt
    open: tuple[str, ...]  # neither sent nor failed nor in doubt
    seen_together: tuple[str, ...]  # share a message with others
    mangled: tuple[str, ...]  # not the lines that mail may have

    def __bool__(self) -> bool:
        return any((self.twice, self.lost, self.unknown, self.open, self.seen_together, self.mangled))


def states(outbox: Outbox, slug: str = SLUG) -> Mapping[str, State]:
    """Return how far each address is."""
    return {delivery.key: delivery.state for delivery in deliveries_of(outbox, slug)}


def findings(found: Mapping[str, State], accepted: Iterable[Accepted]) -> Findings:
    """Hold what the outbox believes against what the relay accepted."""
    accepted = tuple(accepted)
    copies = Counter(recipient for message in accepted for recipient in message.recipients)
    closed = ("sent", "failed", "in_doubt")
    return Findings(
        twice=tuple(sorted(address for address, count in copies.items() if count > 1)),
        lost=tuple(sorted(a for a, state in found.items() if state == "sent" and a not in copies)),
        unknown=tuple(sorted(a for a in copies if found.get(a) not in ("sent", "in_doubt"))),
        open=tuple(sorted(address for address, state in found.items() if state not in closed)),
        seen_together=tuple(a for m in accepted if len(m.recipients) != 1 for a in m.recipients),
        mangled=tuple(a for m in accepted if m.too_long or m.bare_newlines for a in m.recipients),
    )
