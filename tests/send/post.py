"""Turns addresses into deliveries that wait in an outbox, and the time into what a test makes of it.

Not here: relays (`talk`, `tests.servers`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from presskit.clock import Boot
from presskit.errors import Place
from presskit.load.addresses import read_address
from presskit.model.media import Address, Recipient
from presskit.send.message.body import Prepared, prepare
from presskit.send.message.head import letterhead_json
from presskit.send.message.tokens import Tokens
from presskit.send.outbox.claims import Claim, State, claim
from presskit.send.outbox.embargo import Armed, Waiting
from presskit.send.outbox.queue import EditionMeant, Kind, Mailing, Meant, Queued, VariantMeant, queue
from presskit.send.outbox.store import OUTBOX, Outbox
from presskit.send.relay.letters import LetterBox
from presskit.writers.mail import MailBody
from tests.send.sample import letterhead

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
NOW = NOON.timestamp()
SLUG = "bridge-opening"
BODY = prepare(MailBody("The bridge opens.\n.\n", "<!DOCTYPE html><p>The bridge opens.</p>", ()), (), "en-CA")


class HandClock:
    """Clocks that stand still until a test moves them."""

    def __init__(self, *, is_kept_right: bool = False, has_boot: bool = True) -> None:
        self.wall, self.is_kept_right = NOW, is_kept_right
        self.started: Boot | None = Boot("first start", 1000.0) if has_boot else None

    def now(self) -> datetime:
        """Return the time of the wall clock."""
        return datetime.fromtimestamp(self.wall, UTC)

    def boot(self) -> Boot | None:
        """Return where the boot clock stands."""
        return self.started

    def synchronised(self) -> bool:
        """Whether the system says that its clock is kept right."""
        return self.is_kept_right

    def passes(self, seconds: float) -> None:
        """Let time pass for both clocks."""
        self.wall += seconds
        if self.started is not None:
            self.started = Boot(self.started.id, self.started.seconds + seconds)

    def jumps(self, seconds: float) -> None:
        """Put the wall clock forward, or back."""
        self.wall += seconds

    def starts_anew(self) -> None:
        """Start the machine anew."""
        self.started = Boot("second start", 5.0)


class WornDisk(Outbox):
    """An outbox that can not be written any more from a commit on, until it is mended."""

    commits = 0
    breaks: tuple[Literal["before", "after"], int] | None = None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Do as an outbox does; at the commit that breaks, nothing is kept, or all and the program ends."""
        when, number = self.breaks or ("before", self.commits + 2)
        with super().transaction() as rows:
            yield rows
            self.commits += 1
            if self.commits > number or (self.commits == number and when == "before"):
                error = sqlite3.OperationalError("database or disk is full")
                error.sqlite_errorcode = sqlite3.SQLITE_FULL
                raise error
        if self.breaks is not None and self.commits == number:
            raise PowerCut


class PowerCut(BaseException):
    """The program ends here."""


def at_once(waiting: Waiting) -> Literal[True, False] | str:
    """Take every mailing's time for come."""
    return True


def new_outbox(folder: Path) -> Outbox:
    """Return an outbox that was not there before."""
    return Outbox.open(folder / OUTBOX)


def person(address: str, **facts: Any) -> Recipient:
    """Return somebody of a list."""
    read = read_address(address)
    assert isinstance(read, Address), read
    return Recipient(read, facts.pop("list", "media"), Place("data/media-lists/media.csv"), **facts)


def people(count: int) -> Iterator[Recipient]:
    """Yield so many, three at each mail domain."""
    for number in range(count):
        yield person(f"desk{number}@outlet{number // 3}.example.com", reporter=f"Desk {number}")


def put(
    outbox: Outbox,
    to: Iterable[Recipient],
    *,
    slug: str = SLUG,
    revision: int = 1,
    kind: Kind = "now",
    now: datetime = NOON,
    not_before: datetime | None = None,
    armed: Armed | None = None,
    also: Sequence[str] = (),
    body: Prepared = BODY,
    answers: str = "",
    words: Mapping[str, str] | None = None,
) -> Queued:
    """Queue a release for people.

    Args:
        also: other language versions; whoever reads "fr" gets the first of them.
    """
    tokens, kept = Tokens(outbox.key), letterhead_json(letterhead(content=b""))
    slugs = (slug, *also)
    editions = [
        EditionMeant(name, revision, "2026-1", "en-CA", "The bridge opens", kept, words or {})
        for name in slugs
    ]
    variants = [VariantMeant(edition, ("pdf",), body) for edition in range(len(slugs))]
    mailing = Mailing(kind, now, not_before or now, "America/Toronto", armed, editions, variants)
    of_test = f"|test {now.isoformat()}" if kind == "test" else ""
    meant = (
        Meant(
            who, at, tokens.message_id(slugs[at], revision, who.address.key + of_test, "example.org"), answers
        )
        for who in to
        for at in [1 if also and who.language == "fr" else 0]
    )
    return queue(outbox, mailing, meant)


def letters(outbox: Outbox, bounces: str | None = "bounces@example.org") -> LetterBox:
    """Return what makes real messages of deliveries."""
    return LetterBox(outbox, bounces, None)


def take(outbox: Outbox, now: float = NOW) -> Claim:
    """Take on the next delivery; there has to be one."""
    found = claim(outbox, now, at_once)
    assert found is not None
    return found


def states(outbox: Outbox) -> list[State]:
    """Return how far each delivery is, in the order they were queued."""
    return [row[0] for row in outbox.rows("select state from delivery order by id")]


def tomorrow(hours: float = 24) -> datetime:
    """Return a time that lies ahead."""
    return NOON + timedelta(hours=hours)
