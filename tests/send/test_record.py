from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from contextlib import closing
from email import message_from_bytes, policy
from hashlib import sha256
from pathlib import Path
from typing import Any

from presskit.archive.contents import SUMMARY
from presskit.send.message.body import Prepared, prepare, unstuffed
from presskit.send.outbox.claims import mark_dot
from presskit.send.outbox.decisions import cancel, retry_failed, settle_doubt
from presskit.send.outbox.store import Outbox
from presskit.send.record import delivery_record
from presskit.writers.mail import MailBody
from tests.send.offered import offer
from tests.send.post import (
    BODY,
    NOON,
    NOW,
    SLUG,
    at_once,
    letters,
    people,
    person,
    put,
    take,
    tomorrow,
)

DELIVERIES, ATTEMPTS, HEADS = (
    f"deliveries/personal/{name}" for name in ("deliveries.csv", "attempts.csv", "heads.txt")
)


def record(outbox: Outbox, slug: str = SLUG) -> Mapping[str, bytes]:
    return delivery_record(outbox, slug)


def summary(outbox: Outbox, slug: str = SLUG) -> dict[str, Any]:
    found = json.loads(record(outbox, slug)[SUMMARY])
    assert isinstance(found, dict)
    return found


def table(outbox: Outbox, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(record(outbox)[name].decode(), newline="")))


def messages(outbox: Outbox) -> dict[str, bytes]:
    return {name: content for name, content in record(outbox).items() if name.endswith(".eml")}


def test_nothing_queued_or_only_a_test_is_no_record(outbox: Outbox) -> None:
    assert record(outbox) == {}
    put(outbox, [person("me@example.org")], kind="test")
    offer(outbox, "sent", 250)
    assert record(outbox) == {}
    put(outbox, people(2), slug="another")
    assert record(outbox) == {}


def test_a_test_is_not_among_what_was_sent(outbox: Outbox) -> None:
    put(outbox, [person("me@example.org", reporter="Tester")], kind="test")
    put(outbox, people(1))
    offer(outbox, "sent", 250)
    offer(outbox, "sent", 250)
    assert summary(outbox)["deliveries"] == 1
    assert all(b"me@example.org" not in content for content in record(outbox).values())
    assert record(outbox)[HEADS].count(b"Message-ID: ") == 1


def test_every_state_is_counted_by_list_language_and_message(outbox: Outbox) -> None:
    to = [
        person("a@one.example.com", list="dailies", language="en-CA"),
        person("b@two.example.com", list="dailies", language="fr-CA"),
        person("c@three.example.com", list="radio"),
        person("d@four.example.com", list="radio"),
        person("e@five.example.com", list="radio"),
    ]
    put(outbox, to)
    offer(outbox, "sent", 250)
    offer(outbox, "failed", 550)
    offer(outbox, "in_doubt", now=NOW + 5)
    offer(outbox, "sent", 250, now=NOW + 90)
    found = summary(outbox)
    assert (found["presskit"], found["slug"], found["deliveries"], found["waiting"]) == (1, SLUG, 5, 1)
    (mailing,) = found["mailings"]
    assert mailing["states"] == {"sent": 2, "refused": 1, "in_doubt": 1, "waiting": 1}
    assert mailing["lists"] == {
        "dailies": {"sent": 1, "refused": 1},
        "radio": {"in_doubt": 1, "sent": 1, "waiting": 1},
    }
    assert mailing["languages"] == {
        "en-CA": {"sent": 1},
        "fr-CA": {"refused": 1},
        "not said": {"in_doubt": 1, "sent": 1, "waiting": 1},
    }
    assert [message["states"] for message in mailing["messages"]] == [mailing["states"]]
    assert (mailing["first_accepted"], mailing["last_accepted"]) == (
        "2026-11-24T12:00:00+00:00",
        "2026-11-24T12:01:30+00:00",
    )


def test_a_mailing_says_when_and_why_it_goes_and_what_it_brings(outbox: Outbox) -> None:
    put(outbox, people(1), kind="embargo", not_before=tomorrow(), revision=3)
    (mailing,) = summary(outbox)["mailings"]
    counted = ("states", "lists", "languages", "messages")
    assert {name: told for name, told in mailing.items() if name not in counted} == {
        "kind": "embargo",
        "queued": "2026-11-24T12:00:00+00:00",
        "not_before": "2026-11-25T12:00:00+00:00",
        "version": 3,
        "reference": "2026-1",
        "subject": "Opération « Nordwind » : douze arrestations",
    }
    (message,) = mailing["messages"]
    assert (message["attached"], message["body_sha256"]) == (["pdf"], BODY.sha256)


def test_what_is_cancelled_or_under_way_is_told(outbox: Outbox) -> None:
    put(outbox, people(3))
    take(outbox)
    claimed = take(outbox)
    assert mark_dot(outbox, claimed, letters(outbox)(claimed, NOW).head, NOW, at_once)
    cancel(outbox, SLUG, NOON)
    assert summary(outbox)["mailings"][0]["states"] == {"waiting": 2, "cancelled": 1}
    assert [row["state"] for row in table(outbox, DELIVERIES)] == [
        "is being sent",
        "is being sent",
        "cancelled",
    ]


def test_a_person_s_decision_and_every_answer_of_the_relay_are_kept(outbox: Outbox) -> None:
    put(outbox, [person("City@one.example.com", reporter="City desk", outlet="The Daily")])
    offer(outbox, "put_off", 451, "4.3.0 try later")
    offer(outbox, "failed", 550, "5.1.1 =no such user", now=NOW + 60)
    retry_failed(outbox, SLUG, tomorrow())
    head = offer(outbox, "in_doubt", 0, "the connection broke", now=NOW + 90_000)
    settle_doubt(outbox, SLUG, "treat_as_sent", tomorrow(48))
    (row,) = table(outbox, DELIVERIES)
    assert {name: row[name] for name in ("mailbox", "name", "outlet", "list", "state", "reply", "when")} == {
        "mailbox": "City@one.example.com",
        "name": "City desk",
        "outlet": "The Daily",
        "list": "media",
        "state": "sent",
        "reply": "taken for sent by a person",
        "when": "2026-11-26T12:00:00+00:00",
    }
    assert f"Message-ID: {row['message_id']}\r\n".encode() in head
    assert [(a["state"], a["reply"]) for a in table(outbox, ATTEMPTS)] == [
        ("waits", "451 4.3.0 try later"),
        ("refused", "550 5.1.1 =no such user"),
        ("waits", "retry: decided by a person"),
        ("in doubt", "the connection broke"),
        ("sent", "taken for sent by a person"),
    ]
    assert {a["message_id"] for a in table(outbox, ATTEMPTS)} == {row["message_id"]}


def test_what_a_spreadsheet_would_run_is_kept_from_it(outbox: Outbox) -> None:
    put(outbox, [person("a@example.com", reporter="=cmd|' /C calc'!A0", outlet="@SUM(1)\n+1")])
    offer(outbox, "failed", 0, "-2+3")
    for name in (DELIVERIES, ATTEMPTS):
        cells = [cell for row in csv.reader(io.StringIO(record(outbox)[name].decode())) for cell in row]
        assert len(cells) > 4
        assert [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")] == []
    assert table(outbox, DELIVERIES)[0]["name"] == "'=cmd|' /C calc'!A0"


def test_heads_are_kept_byte_for_byte_in_the_order_they_were_queued(outbox: Outbox) -> None:
    put(outbox, people(4))
    heads = [offer(outbox, "sent", 250) for _ in range(3)]
    assert all(head.endswith(b"\r\n\r\n") and head.count(b"\r\n\r\n") == 1 for head in heads)
    assert record(outbox)[HEADS] == b"".join(heads)


def test_the_message_is_what_each_got_but_for_what_is_their_own(outbox: Outbox) -> None:
    put(outbox, [person("city@one.example.com", reporter="City desk")])
    head = offer(outbox, "sent", 250)
    ((name, message),) = messages(outbox).items()
    assert name == f"deliveries/message-en-CA-{sha256(message).hexdigest()[:8]}.eml"
    shared, _, body = message.partition(b"\r\n\r\n")
    assert body == unstuffed(BODY)
    whole = message_from_bytes(head + body, policy=policy.default)
    own = {"To", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post"}
    assert set(whole.keys()) - own == set(message_from_bytes(message, policy=policy.default).keys())
    assert set(shared.split(b"\r\n")) <= set(head.split(b"\r\n"))
    assert b"city@one" not in message


def test_a_body_is_kept_as_its_reader_has_it_without_the_doubled_dots(outbox: Outbox) -> None:
    body = Prepared(b"One\r\n..two\r\n", sha256(b"One\r\n..two\r\n").hexdigest(), b"MIME-Version: 1.0\r\n")
    put(outbox, people(1), body=body)
    (message,) = messages(outbox).values()
    assert message.endswith(b"\r\n\r\nOne\r\n.two\r\n")


def test_a_message_is_kept_once_however_many_got_it_and_however_often(outbox: Outbox) -> None:
    other = prepare(MailBody("In other words.\n", "<p>In other words.</p>", ()), (), "en-CA")
    put(outbox, people(3))
    put(outbox, [person("late@example.com")])
    put(outbox, [person("later@example.com")], body=other)
    assert len(messages(outbox)) == 2
    first, second, third = (m["messages"] for m in summary(outbox)["mailings"])
    assert first[0]["file"] == second[0]["file"] != third[0]["file"]
    for (message,) in (first, second, third):
        assert message["sha256"] == sha256(messages(outbox)[message["file"]]).hexdigest()
    assert [row["message"] for row in table(outbox, DELIVERIES)] == [
        *(4 * [first[0]["file"]]),
        third[0]["file"],
    ]


def test_language_versions_have_a_record_each(outbox: Outbox) -> None:
    put(outbox, [person("a@example.com"), person("b@example.com", language="fr")], also=("le-pont",))
    assert [summary(outbox, slug)["deliveries"] for slug in (SLUG, "le-pont")] == [1, 1]
    for slug, mailbox in ((SLUG, b"a@example.com"), ("le-pont", b"b@example.com")):
        assert (mailbox in record(outbox, slug)[DELIVERIES]) is True
        assert record(outbox, slug)[DELIVERIES].count(b"@example.com") == 1


def test_nobody_is_named_outside_the_personal_folder(outbox: Outbox) -> None:
    put(outbox, [person("secret@hidden.example.net", reporter="Robin Secret", outlet="Hidden Weekly")])
    offer(outbox, "failed", 550, "no secret@hidden.example.net here")
    everybody = {name: content for name, content in record(outbox).items() if "/personal/" not in name}
    assert len(everybody) == 2
    for content in everybody.values():
        assert b"ecret" not in content
        assert b"idden" not in content


def test_the_same_outbox_gives_the_same_bytes(outbox: Outbox, tmp_path: Path) -> None:
    put(outbox, people(5))
    for code in (250, 250, 550):
        offer(outbox, "sent" if code == 250 else "failed", code)
    before = record(outbox)
    with closing(Outbox.open(outbox.path)) as again:
        assert list(delivery_record(again, SLUG).items()) == list(before.items())
    with closing(Outbox.nowhere()) as empty:
        assert delivery_record(empty, SLUG) == {}
