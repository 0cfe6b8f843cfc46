from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.cli.conftest import Call, GoTo
from tests.cli.mail_office import MailOffice, mail_office
from tests.signed_office import SLUG


@pytest.fixture
def office(go_to: GoTo, call: Call) -> Iterator[MailOffice]:
    with mail_office(go_to("archived"), call) as found:
        yield found


def test_without_the_outbox_that_sent_it_nothing_of_it_is_sent_again(office: MailOffice, call: Call) -> None:
    assert office.send("--list", "dailies").code == 0
    assert call("archive", "--key", "clerk").code == 0
    shutil.rmtree(office.desk.root / "data/mail")
    for option in (("--list", "dailies"), ("--list", "dailies", "--dry-run")):
        said = office.send(*option)
        assert said.code == 5
        assert f"the archive knows of 3 deliveries of {SLUG}, and the outbox of 0 only." in said.err
        assert "[outbox-shortened]" in said.err
    assert len(office.relay.received) == 3


def test_an_older_copy_of_the_outbox_sends_nothing_that_went_meanwhile(
    office: MailOffice, call: Call
) -> None:
    assert call("outbox", "halt", SLUG).code == 0
    assert office.send("--list", "dailies").code == 6
    outbox = office.desk.root / "data/mail/outbox.db"
    older = outbox.read_bytes()
    assert call("outbox", "go-on", SLUG).code == 0
    assert call("outbox", "run").code == 0
    assert call("archive", "--key", "clerk").code == 0
    outbox.write_bytes(older)
    assert call("outbox", "go-on", SLUG).code == 0
    again = call("outbox", "run")
    assert again.code == 6
    assert f"the archive knows of 3 messages sent of {SLUG}, and the outbox of 0 only" in again.err
    assert len(office.relay.received) == 3


def test_what_was_sent_since_it_was_archived_is_no_reason_to_stop(office: MailOffice, call: Call) -> None:
    assert office.send("--list", "dailies", "--where", "beat = crime", count=2).code == 0
    assert call("archive", "--key", "clerk").code == 0
    assert office.send("--list", "dailies", count=1).code == 0
    assert set(office.states().values()) == {"sent"}
