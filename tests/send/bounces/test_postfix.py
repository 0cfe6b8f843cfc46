from __future__ import annotations

import smtplib
import time
from contextlib import closing
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from presskit.send.bounces.books import Books
from presskit.send.bounces.mailboxes import Mail
from presskit.send.bounces.reading import Finding, read
from presskit.send.bounces.reports import Ours
from presskit.send.outbox.store import Outbox
from presskit.send.outbox.suppression import suppressed
from tests.send.bounces.samples import JANE, NOW, fill
from tests.servers.postfix import postfix_relay
from tests.servers.running import HOST, free_port

PATIENCE_SECONDS = 30.0

MESSAGE = b"From: news@example.org\r\nTo: jane@news.example\r\nMessage-ID: <%d@example.org>\r\n\r\nNews\r\n"


class TheOtherSide:
    """The reporters' server, which knows nobody of that name, and the office's own, where bounces arrive."""

    def __init__(self, answer: str) -> None:
        self.answer, self.arrived = answer, list[tuple[str, bytes]]()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address == JANE:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.arrived.append((envelope.rcpt_tos[0], envelope.content))
        return "250 ok"


def bounce_of(sender: str, message: bytes, answer: str) -> tuple[str, bytes]:
    """Return where Postfix sends its bounce of a message, and the bounce."""
    other = TheOtherSide(answer)
    controller = Controller(other, hostname=HOST, port=free_port())
    controller.start()
    try:
        with postfix_relay(controller.port) as postfix:
            with smtplib.SMTP(HOST, postfix.port) as client:
                client.sendmail(sender, [JANE], message)
            end = time.monotonic() + PATIENCE_SECONDS
            while not other.arrived:
                assert time.monotonic() < end, postfix.log()
                time.sleep(0.02)
    finally:
        controller.stop()
    return other.arrived[0]


@pytest.mark.parametrize(
    ("answer", "status", "step"),
    [
        ("550 5.1.1 No such user", "5.1.1", "suppress"),
        ("550 No such user here", "5.1.1", "suppress"),
        ("552 5.2.2 Mailbox full", "5.2.2", "count"),
        ("554 5.7.1 We take no news", "5.7.1", "tell"),
    ],
)
def test_what_postfix_makes_of_a_refusal_is_understood(
    tmp_path: Path, answer: str, status: str, step: str
) -> None:
    with closing(Outbox.open(tmp_path / "outbox.db")) as outbox:
        tokens = fill(outbox)
        sender = tokens.bounce_address("bounces@example.org", 4)
        came_to, bounce = bounce_of(sender, MESSAGE % 4, answer)
        assert came_to == sender
        (found,) = read([Mail("bounce", bounce)], Ours(tokens.read_tag), Books(outbox, NOW))
        assert isinstance(found, Finding) and found.delivery is not None
        assert (found.delivery.id, found.report.status, found.verdict.step) == (4, status, step)
        assert answer in found.report.text
        assert [one.typed for one in suppressed(outbox)] == ([JANE] if step == "suppress" else [])


def test_a_bounce_to_a_plain_address_is_known_by_its_message_id(tmp_path: Path) -> None:
    with closing(Outbox.open(tmp_path / "outbox.db")) as outbox:
        tokens = fill(outbox)
        _, bounce = bounce_of("news@example.org", MESSAGE % 7, "550 5.1.1 No such user")
        (found,) = read([Mail("bounce", bounce)], Ours(tokens.read_tag), Books(outbox, NOW))
        assert isinstance(found, Finding) and found.delivery is not None
        assert (found.report.delivery, found.delivery.id, found.verdict.step) == (None, 7, "suppress")
