from __future__ import annotations

from dataclasses import replace
from email.utils import parsedate_to_datetime

import pytest

from presskit.send.message.body import Prepared
from presskit.send.message.tokens import Tokens
from presskit.send.outbox.claims import Claim, mark_dot, recover
from presskit.send.outbox.decisions import settle_doubt
from presskit.send.outbox.store import Outbox
from presskit.send.relay import letters as module
from presskit.send.relay.letters import LetterBox
from tests.send.post import BODY, NOON, NOW, SLUG, at_once, letters, people, person, put, take
from tests.send.sample import parsed, raw_field, received


def test_a_message_is_to_one_mailbox_with_its_own_tokens(outbox: Outbox) -> None:
    put(outbox, [person("Press@Bücher.example", reporter="Jörg Müller")])
    claimed = take(outbox)
    letter = letters(outbox)(claimed, NOW)
    head = parsed(letter.head)
    assert head["To"].addresses[0].addr_spec == "Press@xn--bcher-kva.example"
    assert head["Message-ID"] == claimed.message_id
    tag = Tokens(outbox.key).tag(claimed.id)
    assert tag in raw_field(letter.head, "List-Unsubscribe")
    assert letter.sender == f"bounces+{tag}@example.org"
    assert head["Cc"] is None and head["Bcc"] is None
    assert letter.body == BODY.body
    received(BODY, letter.head)


def test_without_an_address_for_bounces_they_go_to_the_sender(outbox: Outbox) -> None:
    put(outbox, people(1))
    assert letters(outbox, None)(take(outbox), NOW).sender == "media@example.org"


def test_the_date_is_that_of_the_first_attempt_in_the_office(outbox: Outbox) -> None:
    put(outbox, people(1))
    head = letters(outbox)(take(outbox), NOW + 0.7).head
    assert parsed(head)["Date"] == "Tue, 24 Nov 2026 07:00:00 -0500"
    assert parsedate_to_datetime(raw_field(head, "Date")) == NOON


def test_a_correction_names_what_it_corrects(outbox: Outbox) -> None:
    put(outbox, people(1), answers="<bridge.1.0123@example.org>")
    head = letters(outbox)(take(outbox), NOW).head
    assert raw_field(head, "In-Reply-To") == "<bridge.1.0123@example.org>"


def test_a_second_copy_is_the_same_byte_for_byte(outbox: Outbox) -> None:
    put(outbox, people(1))
    claimed = take(outbox)
    first = letters(outbox)(claimed, NOW)
    mark_dot(outbox, claimed, first.head, NOW, at_once)
    recover(outbox, NOW)
    settle_doubt(outbox, SLUG, "resend", NOON)
    assert letters(outbox)(take(outbox), NOW + 86_400) == first


def test_each_variant_has_its_own_body(outbox: Outbox) -> None:
    other = Prepared(b"Another.\r\n", "b" * 64, BODY.content)
    put(outbox, people(1))
    put(outbox, people(1), slug="second", body=other)
    box = letters(outbox)
    assert [box(take(outbox), NOW).body for _ in range(2)] == [BODY.body, b"Another.\r\n"]


def test_only_some_bodies_are_kept_in_memory(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BODIES", 2)
    for number in range(4):
        put(outbox, people(1), slug=f"release-{number}")
    box, claims = letters(outbox), [take(outbox) for _ in range(4)]
    first = [box(claimed, NOW) for claimed in claims]
    assert len(box._variants) == 2
    assert [box(claimed, NOW) for claimed in claims] == first


def test_a_head_is_signed_once_and_kept_with_its_signature(outbox: Outbox) -> None:
    class Signing:
        """Puts a line before a head."""

        times = 0

        def sign(self, head: bytes, prepared: Prepared) -> bytes:
            self.times += 1
            return b"DKIM-Signature: %d\r\n" % self.times + head

    put(outbox, people(1))
    signer = Signing()
    box = LetterBox(outbox, None, signer)  # type: ignore[arg-type]
    claimed = take(outbox)
    first = box(claimed, NOW)
    assert first.head.startswith(b"DKIM-Signature: 1\r\n")
    assert box(replace(claimed, head=first.head), NOW + 60) == first
    assert signer.times == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Desk\r\nBcc: all@example.com"},
        {"envelope": "desk@example.com>\r\nRCPT TO:<x@example.com"},
        {"message_id": "no message id"},
    ],
)
def test_what_can_not_stand_in_a_head_makes_no_message(wrong: dict[str, str], outbox: Outbox) -> None:
    put(outbox, people(1))
    claimed: Claim = replace(take(outbox), **wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"To|Message-ID"):
        letters(outbox)(claimed, NOW)
