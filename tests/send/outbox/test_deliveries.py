from __future__ import annotations

from datetime import UTC, datetime

import pytest

from presskit.send.outbox import deliveries
from presskit.send.outbox.claims import Done, claim, mark_dot, note
from presskit.send.outbox.decisions import halt
from presskit.send.outbox.deliveries import (
    by_message_id,
    counts,
    deliveries_of,
    deliveries_to,
    delivery,
    earlier_revisions,
    had,
    halted,
    held,
    queued_for,
)
from presskit.send.outbox.embargo import Armed
from presskit.send.outbox.store import Outbox
from tests.send.post import BODY, NOON, NOW, SLUG, at_once, people, person, put, take


def test_a_delivery_says_who_got_what_and_when(outbox: Outbox) -> None:
    put(outbox, [person("Desk@example.com", reporter="Jane", outlet="The Paper", language="en")])
    note(outbox, Done(take(outbox), "sent", NOW + 5, 250, "2.0.0 kept"))
    (found,) = deliveries_of(outbox, SLUG)
    assert (found.typed, found.key, found.name, found.outlet) == (
        "Desk@example.com",
        "desk@example.com",
        "Jane",
        "The Paper",
    )
    assert (found.state, found.code, found.reply, found.attempts) == ("sent", 250, "2.0.0 kept", 1)
    assert found.at == datetime.fromtimestamp(NOW + 5, UTC)
    assert (found.revision, found.is_test, found.body_sha256) == (1, False, BODY.sha256)
    assert delivery(outbox, found.id) == found
    assert by_message_id(outbox, found.message_id) == found


def test_what_nobody_knows_is_none(outbox: Outbox) -> None:
    put(outbox, people(1))
    assert delivery(outbox, 2) is None
    assert by_message_id(outbox, "<a@example.org>") is None
    assert list(deliveries_of(outbox, "second")) == []
    assert list(deliveries_to(outbox, "nobody@example.com")) == []
    assert counts(outbox, "second") == {}


def test_more_deliveries_than_a_page_come_once_and_in_order(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "PAGE", 3)
    put(outbox, people(7))
    put(outbox, people(2), slug="second")
    put(outbox, people(2), kind="test")
    assert [found.id for found in deliveries_of(outbox, SLUG)] == [1, 2, 3, 4, 5, 6, 7]
    assert [found.id for found in deliveries_of(outbox, SLUG, tests=True)] == [1, 2, 3, 4, 5, 6, 7, 10, 11]
    assert [found.id for found in deliveries_to(outbox, "desk0@outlet0.example.com")] == [1, 8, 10]


def test_who_may_have_got_a_release_is_who_was_sent_it_or_is_in_doubt(outbox: Outbox) -> None:
    put(outbox, people(5))
    for outcome in ("sent", "failed", "in_doubt"):
        note(outbox, Done(take(outbox), outcome, NOW))
    mark_dot(outbox, take(outbox), b"head", NOW, at_once)
    found = had(outbox, [SLUG, "second", ""])
    assert [key.partition("@")[0] for key in found] == ["desk0", "desk2", "desk3"]
    message_id, who = found["desk0@outlet0.example.com"]
    assert message_id == next(deliveries_of(outbox, SLUG)).message_id
    assert (who.reporter, who.list) == ("Desk 0", "media")


def test_who_has_a_revision_and_who_has_an_earlier_one(outbox: Outbox) -> None:
    put(outbox, people(2))
    put(outbox, people(1), kind="test", revision=2)
    first = take(outbox)
    note(outbox, Done(first, "sent", NOW))
    note(outbox, Done(take(outbox), "failed", NOW))
    keys = {who.address.key for who in people(2)}
    assert queued_for(outbox, [(SLUG, 1)]) == keys
    assert queued_for(outbox, [(SLUG, 2)]) == set()
    assert earlier_revisions(outbox, [(SLUG, 2)], keys) == {1: 1}
    assert earlier_revisions(outbox, [(SLUG, 2)], keys - {first.key}) == {}
    assert earlier_revisions(outbox, [(SLUG, 1)], keys) == {}


def test_counts_leave_tests_out(outbox: Outbox) -> None:
    put(outbox, people(3))
    put(outbox, people(2), revision=2)
    put(outbox, people(1), kind="test")
    note(outbox, Done(take(outbox), "sent", NOW))
    assert counts(outbox, SLUG) == {1: {"queued": 2, "sent": 1}, 2: {"queued": 2}}


def test_what_is_halted_or_held_is_told_as_long_as_something_waits(outbox: Outbox) -> None:
    halt(outbox, SLUG, NOON, "a name is wrong")
    assert halted(outbox) == {}
    put(outbox, people(1))
    halt(outbox, "", NOON, "the relay is mended")
    assert halted(outbox) == {"": "the relay is mended", SLUG: "a name is wrong"}
    put(outbox, people(1), slug="second", kind="embargo", not_before=NOON, armed=Armed(NOW, None))
    assert held(outbox) == {}


def test_a_mailing_that_is_held_is_told(outbox: Outbox) -> None:
    put(outbox, people(1), kind="embargo", not_before=NOON, armed=Armed(NOW, None))
    claim(outbox, NOW, lambda waiting: "the clock jumped")
    assert held(outbox) == {SLUG: "the clock jumped"}
