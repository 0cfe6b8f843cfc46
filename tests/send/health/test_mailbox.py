from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from presskit.model.house import House
from presskit.send.health import servers
from presskit.send.health.rows import Check, Row, look_at
from tests.send.bounces.dovecot import LOGIN, Dovecot, dovecot
from tests.send.health.test_servers import LONG_BEFORE

KNOWN = {"PRESSKIT_IMAP_USER": LOGIN.user, "PRESSKIT_IMAP_PASSWORD": LOGIN.password}


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        running.deliver(b"Subject: Undelivered\r\n\r\nNobody is there.\r\n")
        yield running


def asked(server: Dovecot, environment: dict[str, str], **settings: Any) -> list[Row]:
    """What the doctor finds of a mailbox."""
    named = {"host": "localhost", "port": server.tls_port, "ca_file": str(server.authority), **settings}
    names = {"name": {"en": "Example"}, "short_name": {"en": "Ex"}, "domain": "example.org"}
    mail = {"sender": "press@example.org", "mailbox": named}
    house = House.model_validate({**names, "time_zone": "UTC", "language": "en-CA", "mail": mail})
    where = (server.folder, environment, LONG_BEFORE)
    check = Check("", "mailbox", lambda: servers.mailbox(house, *where), is_remote=True)
    return [row for _, row in look_at([check])]


def test_a_mailbox_that_can_be_read_is_fine_and_no_message_in_it_is_marked(server: Dovecot) -> None:
    first, second = asked(server, KNOWN)
    assert first == Row("mailbox", "ok", f"localhost:{server.tls_port} lets büro read INBOX")
    assert (second.subject, second.verdict) == ("certificate (mailbox)", "ok")
    (message,) = (file for part in ("new", "cur") for file in (server.folder / "mail" / part).iterdir())
    assert "S" not in message.name.partition(":2,")[2]


def test_a_wrong_password_is_wrong_and_never_shown(server: Dovecot) -> None:
    (row,) = asked(server, {**KNOWN, "PRESSKIT_IMAP_PASSWORD": "hunter2"})
    assert (row.subject, row.verdict, row.code) == ("mailbox", "wrong", "mailbox-unreadable")
    assert "Authentication failed" in row.fact
    assert "hunter2" not in str(row)


def test_a_folder_that_is_not_there_is_wrong(server: Dovecot) -> None:
    (row,) = asked(server, KNOWN, folder="Bounces")
    assert (row.verdict, row.code) == ("wrong", "mailbox-unreadable")
    assert "Mailbox doesn't exist: Bounces" in row.fact


def test_a_certificate_of_an_authority_nobody_knows_is_wrong(server: Dovecot) -> None:
    (row,) = asked(server, KNOWN, ca_file=None)
    assert row.verdict == "wrong"
    assert "its certificate is not believed" in row.fact


def test_nobody_who_may_read_it_is_wrong(server: Dovecot) -> None:
    (row,) = asked(server, {})
    assert (row.verdict, row.code) == ("wrong", "password-missing")
    (row,) = asked(server, {"PRESSKIT_IMAP_PASSWORD": "alone"})
    assert (row.subject, row.code) == ("password (mailbox)", "password-missing")
