"""Turns the archived office into one that can send: a relay on this machine, and a list of three reporters.

Not here: the relay itself (`tests.servers`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from tests.cli.conftest import Call, Said
from tests.servers.secure import SecureRelay, secure_relay
from tests.signed_office import SLUG, Desk

REPORTERS = """\
reporter,outlet,email,language,beat,accepts_embargo,consent
City desk,The Daily Example,city@daily.example.org,en-CA,crime; city,yes,published address
Newsroom,Radio Example,news@radio.example.org,en,,no,published address
Chef de pupitre,Le Quotidien,pupitre@quotidien.example.org,fr-CA,crime,yes,published address
"""
ALL = {"city@daily.example.org", "news@radio.example.org", "pupitre@quotidien.example.org"}


def lists(
    desk: Desk, name: str = "dailies", *, entries: str = REPORTERS, settings: str = "kind: media\n"
) -> None:
    """Give the office a list."""
    desk.workspace.add(f"data/media-lists/{name}.csv", entries.encode(), replace=True)
    desk.workspace.add(f"data/media-lists/{name}.yaml", settings.encode(), replace=True)


def relays(desk: Desk, port: int, more: str = "") -> None:
    """Have the office send through a server of this machine."""
    text = (desk.root / "data/house.yaml").read_text("utf-8")
    before, _, after = text.partition("    port: 2525\n")
    assert after
    (desk.root / "data/house.yaml").write_text(f"{before}    port: {port}\n{more}{after}", "utf-8")


@dataclass(frozen=True)
class MailOffice:
    """An office that sends to a relay which keeps everything."""

    desk: Desk
    relay: SecureRelay
    call: Call

    def send(self, *args: str, count: int | None = 3, slug: str = SLUG) -> Said:
        """Send a release."""
        counted = () if count is None else ("--count", str(count))
        return self.call("send", slug, *args, *counted)

    def states(self, slug: str = SLUG) -> dict[str, str]:
        """How each delivery stands, by address."""
        found = json.loads(self.call("deliveries", slug, "--json").out)["deliveries"]
        return {delivery["address"]: delivery["state"] for delivery in found}

    def inboxes(self) -> dict[str, list[EmailMessage]]:
        """What each address got; one message has one recipient."""
        found: dict[str, list[EmailMessage]] = {}
        for received in self.relay.received:
            (recipient,) = received.recipients
            message = message_from_bytes(received.content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            found.setdefault(recipient, []).append(message)
        return found


@contextmanager
def mail_office(desk: Desk, call: Call) -> Iterator[MailOffice]:
    """Give an office a list of three reporters and a relay that takes everything."""
    with secure_relay("none") as relay:
        relays(desk, relay.port)
        lists(desk)
        yield MailOffice(desk, relay, call)
