"""Turns the messages in mail/ into what a reader meets, and makes an outbox that has sent three releases.

Not here: mail servers (`dovecot`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from presskit.errors import Place
from presskit.load.addresses import read_address
from presskit.model.media import Address, Recipient
from presskit.send.bounces.parts import plain
from presskit.send.bounces.reports import Ours, Report, read_report
from presskit.send.message.body import Prepared
from presskit.send.message.tokens import Tokens
from presskit.send.outbox.queue import EditionMeant, Mailing, Meant, VariantMeant, queue
from presskit.send.outbox.store import Outbox

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
TOKENS = Tokens(b"0123456789abcdef0123456789abcdef")
OURS = Ours(TOKENS.read_tag, "stop@example.org")

JANE, DESK, MAX = "jane@news.example", "desk@news.example", "max@daily.example"
PEOPLE = {JANE: "The News", DESK: "The News", MAX: ""}
RELEASES = ("bridge", "tunnel", "ferry", "road", "dam", "lock")
"""Deliveries are numbered through: 1 to 3 are the bridge's to the three, 4 to 6 the tunnel's …"""

MAIL = Path(__file__).with_name("mail")


def sample(name: str, delivery: int = 1, tokens: Tokens = TOKENS, message_id: str = "") -> bytes:
    """Return a message of mail/ about a delivery."""
    content = (MAIL / f"{name}.eml").read_bytes().replace(b"{tag}", tokens.tag(delivery).encode())
    return content.replace(b"{message_id}", (message_id or f"<{delivery}@example.org>").encode())


def said(content: bytes, ours: Ours = OURS) -> Report:
    """Return what a message says."""
    return read_report(plain(content), ours)


def fill(outbox: Outbox) -> Tokens:
    """Queue six releases for three addresses; return what makes the outbox's tokens."""
    for slug in RELEASES:
        edition = EditionMeant(slug, 1, "2026-0001", "en-CA", "News", "{}", {})
        variant = VariantMeant(0, ("pdf",), Prepared(b"News\r\n", "00", b""))
        mailing = Mailing("now", NOW, NOW, "America/Toronto", None, (edition,), (variant,))
        queue(outbox, mailing, [_meant(slug, address) for address in PEOPLE])
    return Tokens(outbox.key)


def _meant(slug: str, typed: str) -> Meant:
    address = read_address(typed)
    assert isinstance(address, Address)
    number = 3 * RELEASES.index(slug) + list(PEOPLE).index(typed) + 1
    recipient = Recipient(address, "dailies", Place("dailies.csv"), outlet=PEOPLE[typed])
    return Meant(recipient, 0, f"<{number}@example.org>")
