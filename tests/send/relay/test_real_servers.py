from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from presskit import pipeline
from presskit.clock import SystemClock
from presskit.model.mail import Relay as RelaySettings
from presskit.send.mailing.plan import SendOrder
from presskit.send.outbox.deliveries import Delivery, deliveries_of
from presskit.send.outbox.store import OUTBOX, Outbox
from presskit.send.relay.gate import Gate
from presskit.send.relay.letters import LetterBox
from presskit.send.relay.opening import open_relay
from presskit.send.relay.sender import Ended, Rules, Sender
from tests.faults.mailing import SLUG as SAMPLE
from tests.faults.mailing import fill, new_outbox
from tests.send.sample import HTML, PDF, PNG, TEXT, letterhead, nfc
from tests.servers.certificates import Authority, Certificate
from tests.servers.maildev import maildev
from tests.servers.postfix import postfix_relay
from tests.servers.relay import relay
from tests.servers.running import HOST
from tests.servers.secure import Security, secure_relay
from tests.signed_office import SLUG, Desk

LIST = """\
outlet,reporter,email,language
The Daily,Jane Doe,jane@daily.example.com,en
Radio,,desk@radio.example.com,en
"""


@dataclass(frozen=True, slots=True)
class Press:
    """An office that sends to a list of two."""

    desk: Desk

    def set_relay(self, port: int, **settings: str) -> None:
        """Name the relay in house.yaml."""
        house = self.desk.root / "data/house.yaml"
        kept, _, after = house.read_text("utf-8").partition("\nmail:")
        rest = after[after.index("\n\n") :]
        lines = {"host": HOST, "port": str(port), "security": "none"} | settings
        relay = "".join(f"\n    {name}: {value}" for name, value in lines.items())
        mail = f"\nmail:\n  sender: media@example.org\n  bounces: bounces@example.org\n  relay:{relay}"
        house.write_text(kept + mail + rest, "utf-8")

    def write_list(self, entries: str = LIST) -> None:
        """Lay out the list."""
        folder = self.desk.root / "data/media-lists"
        folder.mkdir(exist_ok=True)
        settings = "kind: media\nconsent: public newsroom addresses\nattach: [pdf, docx]\n"
        (folder / "dailies.yaml").write_text(settings, "utf-8")
        (folder / "dailies.csv").write_text(entries, "utf-8")

    def send(self) -> Ended:
        """Send the release to the list as `presskit send` does."""
        office = self.desk.office
        planned = pipeline.plan_mailing(SendOrder((SLUG,), ("dailies",)), office)
        pipeline.queue_mailing(planned, office, SystemClock())
        return pipeline.send_due(office, SystemClock())

    def deliveries(self) -> list[Delivery]:
        """Return what the outbox knows."""
        return list(deliveries_of(Outbox.open(self.desk.root / OUTBOX), SLUG))


@pytest.fixture
def press(archived: Desk) -> Press:
    found = Press(archived)
    found.write_list()
    return found


def test_maildev_reads_the_release_as_it_was_signed(press: Press, tmp_path: Path) -> None:
    with maildev(tmp_path) as server:
        press.set_relay(server.port)
        assert press.send().outcomes == {"sent": 2}
        first, _ = press.deliveries()
        read = server.message(first.message_id)
        files = {a["fileName"]: server.attachment(read, a["fileName"]) for a in read["attachments"]}
    built = press.desk.built()
    assert "The bridge opens" in read["subject"]
    assert [sender["address"] for sender in read["from"]] == ["media@example.org"]
    assert read["to"] == [{"address": "jane@daily.example.com", "name": "Jane Doe"}]
    assert read["text"].startswith(built[f"{SLUG}.txt"].decode())
    assert "We walk across it together." in read["html"]
    assert files == {name: built[name] for name in (f"{SLUG}.pdf", f"{SLUG}.docx")}


def test_maildev_reads_letters_of_all_scripts_and_lines_of_dots(tmp_path: Path) -> None:
    outbox = new_outbox(tmp_path)
    fill(outbox, ["jane@daily.example.com"])
    with maildev(tmp_path) as server:
        settings = RelaySettings(host=HOST, port=server.port, security="none")
        gate = Gate(outbox, lambda release: None, lambda: 0)
        letters = LetterBox(outbox, "bounces@example.org", None)
        Sender(
            outbox,
            lambda: open_relay(settings, None, "desk.example.org", tmp_path),
            letters,
            gate,
            SystemClock(),
            Rules(),
        ).run()
        (delivery,) = deliveries_of(outbox, SAMPLE)
        read = server.message(delivery.message_id)
        files = {a["fileName"]: server.attachment(read, a["fileName"]) for a in read["attachments"]}
    assert nfc(read["subject"]) == nfc(letterhead().subject)
    assert read["from"] == [{"address": "media@example.org", "name": "Police, press desk"}]
    assert read["replyTo"] == [{"address": "desk@example.org", "name": "Press desk"}]
    assert read["text"] == TEXT
    assert read["html"].strip().split("\n")[1:] == HTML.split("\n")[1:]
    assert files == {"logo.png": PNG, "nordwind.pdf": PDF}


def test_postfix_takes_the_release_and_hands_it_on(press: Press, tmp_path: Path) -> None:
    with relay(tmp_path) as next_hop, postfix_relay(next_hop.port) as postfix:
        press.set_relay(postfix.port)
        assert press.send().outcomes == {"sent": 2}
        found = press.deliveries()
        assert [postfix.status(delivery.message_id) for delivery in found] == ["sent", "sent"]
        queue_ids = [postfix.queue_id(delivery.message_id) for delivery in found]
        accepted = {message.message_id: message for message in next_hop.accepted()}
    for delivery, queue_id in zip(found, queue_ids, strict=True):
        assert queue_id is not None
        assert queue_id in delivery.reply, "what the relay said is kept, so that it can be asked"
        assert accepted[delivery.message_id].recipients == (delivery.key,)
        assert accepted[delivery.message_id].sender.startswith(f"bounces+{delivery.id}.")
        assert not accepted[delivery.message_id].too_long


def parsed(content: bytes) -> EmailMessage:
    return message_from_bytes(content, _class=EmailMessage, policy=policy.default)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_it_goes_encrypted_and_with_the_password_of_the_environment(
    security: Security, press: Press, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSKIT_SMTP_USER", "desk")
    monkeypatch.setenv("PRESSKIT_SMTP_PASSWORD", "correct horse")
    login = ("desk", "correct horse")
    with secure_relay(security, authority.good(), login=login) as server:
        press.set_relay(server.port, security=security, ca_file=str(authority.file))
        assert press.send().outcomes == {"sent": 2}
    assert len(server.received) == 2
    for received in server.received:
        assert (received.is_encrypted, received.user) == (True, "desk")
        assert len(received.recipients) == 1
        assert parsed(received.content)["To"].addresses[0].addr_spec == received.recipients[0]
        assert not parsed(received.content).defects


@pytest.mark.parametrize(
    ("make", "why"),
    [(Authority.for_another, "mismatch"), (Authority.run_out, "expired")],
)
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_relay_with_a_wrong_certificate_gets_nothing_and_all_of_it_waits(
    security: Security,
    make: Callable[[Authority], Certificate],
    why: str,
    press: Press,
    authority: Authority,
) -> None:
    with secure_relay(security, make(authority)) as server:
        press.set_relay(server.port, security=security, ca_file=str(authority.file))
        ended = press.send()
    assert ended.trouble is not None
    assert (ended.trouble.code, ended.trouble.lasting) == ("relay-certificate", True)
    assert why in ended.trouble.why
    assert server.received == []
    assert [d.state for d in press.deliveries()] == ["queued", "queued"]


def test_an_authority_nobody_trusts_is_not_trusted(press: Press, authority: Authority) -> None:
    with secure_relay("starttls", authority.good()) as server:
        press.set_relay(server.port, security="starttls")
        ended = press.send()
    assert ended.trouble is not None and ended.trouble.code == "relay-certificate"
    assert server.received == []


def test_a_relay_that_offers_no_encryption_any_more_gets_nothing(press: Press, tmp_path: Path) -> None:
    with relay(tmp_path) as server:
        press.set_relay(server.port, security="starttls")
        ended = press.send()
        assert server.accepted() == []
    assert ended.trouble is not None and ended.trouble.code == "relay-insecure"
    assert [d.state for d in press.deliveries()] == ["queued", "queued"]


def test_a_wrong_password_stops_the_run_and_all_of_it_waits(
    press: Press, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSKIT_SMTP_USER", "desk")
    monkeypatch.setenv("PRESSKIT_SMTP_PASSWORD", "wrong horse")
    with secure_relay("starttls", authority.good(), login=("desk", "correct horse")) as server:
        press.set_relay(server.port, security="starttls", ca_file=str(authority.file))
        ended = press.send()
    assert ended.trouble is not None and ended.trouble.code == "relay-login"
    assert "wrong horse" not in ended.trouble.why
    assert server.received == []
    assert [d.state for d in press.deliveries()] == ["queued", "queued"]


def test_a_relay_that_asks_for_a_password_nobody_gave_fails_no_delivery(press: Press, tmp_path: Path) -> None:
    with relay(tmp_path, {"mail_530": 1.0}) as server:
        press.set_relay(server.port)
        ended = press.send()
        assert server.accepted() == []
    assert ended.trouble is not None and ended.trouble.code == "relay-login"
    assert [(d.state, d.attempts) for d in press.deliveries()] == [("queued", 0), ("queued", 0)]


STRANGE = "outlet,email\nGazette,jürgen@gazette.example.com\nRadio,desk@radio.example.com\n"


@pytest.mark.parametrize(("utf8", "states"), [(True, ["sent", "sent"]), (False, ["failed", "sent"])])
def test_a_mailbox_beyond_ascii_is_reached_where_the_relay_can(
    utf8: bool, states: list[str], press: Press
) -> None:
    press.write_list(STRANGE)
    with secure_relay("none", utf8=utf8) as server:
        press.set_relay(server.port)
        press.send()
    assert [d.state for d in press.deliveries()] == states
    assert [any(not to.isascii() for to in r.recipients) for r in server.received].count(True) == utf8


def test_a_relay_that_takes_no_messages_that_large_is_offered_none(press: Press) -> None:
    with secure_relay("none", limit_bytes=5_000) as server:
        press.set_relay(server.port)
        press.send()
    assert server.received == []
    assert [(d.state, d.code) for d in press.deliveries()] == [("failed", 552), ("failed", 552)]
