from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from presskit.model.media import Recipient
from presskit.send.outbox.claims import Done, mark_dot, note
from presskit.send.outbox.decisions import cancel
from presskit.send.outbox.deliveries import deliveries_of, deliveries_to
from presskit.send.outbox.queue import Queued
from presskit.send.outbox.store import Outbox
from tests.send.post import (
    BODY,
    NOON,
    NOW,
    SLUG,
    at_once,
    people,
    person,
    put,
    take,
    tomorrow,
)


def counted(outbox: Outbox) -> dict[str, int]:
    tables = ("mailing", "edition", "variant", "body", "delivery")
    return {table: outbox.value(f"select count(*) from {table}") for table in tables}


def test_a_mailing_is_queued_whole(outbox: Outbox) -> None:
    assert put(outbox, people(5)) == Queued(1, 5, 0)
    found = list(deliveries_of(outbox, SLUG))
    assert [delivery.typed for delivery in found] == [person.address.typed for person in people(5)]
    assert {delivery.state for delivery in found} == {"queued"}
    assert len({delivery.message_id for delivery in found}) == 5
    assert counted(outbox) == {"mailing": 1, "edition": 1, "variant": 1, "body": 1, "delivery": 5}


def test_queueing_the_same_again_adds_nothing_at_all(outbox: Outbox) -> None:
    put(outbox, people(5))
    before = counted(outbox)
    assert put(outbox, people(5), body=replace(BODY, body=b"Another.\r\n", sha256="other")) == Queued(0, 0, 5)
    assert counted(outbox) == before


def test_what_was_sent_is_not_queued_again(outbox: Outbox) -> None:
    put(outbox, people(1))
    note(outbox, Done(take(outbox), "sent", NOW, 250, "ok"))
    assert put(outbox, people(2)) == Queued(2, 1, 1)


def test_a_mailbox_on_two_lists_or_in_two_spellings_is_one_delivery(outbox: Outbox) -> None:
    twice = [
        person("Desk@Example.com", list="city"),
        person("desk@example.com", list="province"),
        person("press@bücher.example"),
        person("press@xn--bcher-kva.example"),
        person("PRESS@BÜCHER.example"),
    ]
    assert put(outbox, twice) == Queued(1, 2, 3)
    found = list(deliveries_of(outbox, SLUG))
    assert [(delivery.typed, delivery.list) for delivery in found] == [
        ("Desk@example.com", "city"),
        ("press@bücher.example", "media"),
    ]


def test_a_mailbox_in_two_languages_gets_the_news_once(outbox: Outbox) -> None:
    en, fr = (person("desk@example.com", language=language) for language in ("en", "fr"))
    assert put(outbox, [en, fr], also=("ouverture-du-pont",)) == Queued(1, 1, 1)
    assert put(outbox, [fr], also=("ouverture-du-pont",)) == Queued(0, 0, 1)
    assert [delivery.slug for delivery in deliveries_to(outbox, "desk@example.com")] == [SLUG]
    other = [person("other@example.com", language=language) for language in ("fr", "en")]
    assert put(outbox, other, also=("ouverture-du-pont",)) == Queued(2, 1, 1)


def test_a_language_a_mailbox_reads_is_the_one_it_gets(outbox: Outbox) -> None:
    readers = [person("a@example.com", language="fr"), person("b@example.com", language="en")]
    put(outbox, readers, also=("ouverture-du-pont",))
    assert [d.typed for d in deliveries_of(outbox, "ouverture-du-pont")] == ["a@example.com"]
    assert [d.typed for d in deliveries_of(outbox, SLUG)] == ["b@example.com"]


def test_a_revision_goes_to_those_who_got_the_one_before(outbox: Outbox) -> None:
    put(outbox, people(2))
    assert put(outbox, people(3), revision=2) == Queued(2, 3, 0)
    assert len({d.message_id for d in deliveries_of(outbox, SLUG)}) == 5


def test_a_test_to_oneself_is_queued_each_time_and_keeps_nobody_from_the_release(outbox: Outbox) -> None:
    desk = [person("me@example.org")]
    assert put(outbox, desk, kind="test") == Queued(1, 1, 0)
    assert put(outbox, desk, kind="test", now=tomorrow()) == Queued(2, 1, 0)
    assert put(outbox, [*desk, person("ME@example.org")], kind="test", now=tomorrow(48)) == Queued(3, 1, 1)
    assert put(outbox, desk) == Queued(4, 1, 0)
    assert [d.is_test for d in deliveries_of(outbox, SLUG, tests=True)] == [True] * 3 + [False]
    assert [d.is_test for d in deliveries_of(outbox, SLUG)] == [False]


def test_what_was_cancelled_can_be_queued_again_as_it_is_now(outbox: Outbox) -> None:
    put(outbox, [person("desk@example.com", reporter="Old name")], answers="<a@example.org>")
    (before,) = deliveries_of(outbox, SLUG)
    assert cancel(outbox, SLUG, NOON) == 1
    again = [person("Desk@example.com", reporter="New name", list="city", language="fr")]
    body = replace(BODY, sha256="a" * 64)
    assert put(outbox, again, not_before=tomorrow(), body=body, answers="<b@example.org>").deliveries == 1
    (after,) = deliveries_of(outbox, SLUG)
    assert (after.id, after.message_id) == (before.id, before.message_id)
    assert (after.state, after.mailing, after.attempts, after.due) == ("queued", 2, 0, tomorrow())
    assert (after.name, after.list, after.language) == ("New name", "city", "fr")
    assert after.body_sha256 == "a" * 64
    assert outbox.value("select answers from delivery") == "<b@example.org>"


def test_what_was_cancelled_under_way_and_queued_again_goes(outbox: Outbox) -> None:
    put(outbox, people(1))
    claimed = take(outbox)
    assert cancel(outbox, SLUG, NOON) == 0
    assert put(outbox, people(1)) == Queued(0, 0, 1)
    assert mark_dot(outbox, claimed, b"head", NOW, at_once)


def test_a_list_that_breaks_off_leaves_nothing(outbox: Outbox) -> None:
    def broken() -> Iterator[Recipient]:
        yield from people(3)
        raise ValueError("the list breaks off")

    with pytest.raises(ValueError, match="breaks off"):
        put(outbox, broken())
    assert set(counted(outbox).values()) == {0}


def test_names_that_look_like_commands_are_only_names(outbox: Outbox) -> None:
    hostile = "x'); drop table delivery; --"
    put(outbox, [person("desk@example.com", reporter=hostile, outlet=hostile)])
    (delivery,) = deliveries_of(outbox, SLUG)
    assert (delivery.name, delivery.outlet) == (hostile, hostile)
