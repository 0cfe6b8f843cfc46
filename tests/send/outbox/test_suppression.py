from __future__ import annotations

from presskit.send.outbox.store import Outbox
from presskit.send.outbox.suppression import Suppressed, events_since, lift, note_event, suppress, suppressed
from tests.send.post import NOON, tomorrow

KEY = "desk@example.com"


def test_who_gets_no_more_mail_is_listed_with_when_and_why(outbox: Outbox) -> None:
    assert suppress(
        outbox, KEY, "bounced", NOON, typed="Desk@example.com", source="<1@x.example>", detail="5.1.1"
    )
    suppress(outbox, "a@example.com", "by hand", NOON, source="command line")
    assert suppressed(outbox) == (
        Suppressed("a@example.com", "a@example.com", "by hand", NOON, "command line", ""),
        Suppressed(KEY, "Desk@example.com", "bounced", NOON, "<1@x.example>", "5.1.1"),
    )


def test_the_first_reason_stays(outbox: Outbox) -> None:
    suppress(outbox, KEY, "unsubscribed", NOON, source="test")
    assert not suppress(outbox, KEY, "bounced", tomorrow(), source="test")
    assert [found.reason for found in suppressed(outbox)] == ["unsubscribed"]


def test_what_is_lifted_is_lifted_once(outbox: Outbox) -> None:
    suppress(outbox, KEY, "unsubscribed", NOON, source="test")
    assert lift(outbox, KEY)
    assert not lift(outbox, KEY)
    assert suppressed(outbox) == ()


def test_a_bounce_counts_once_however_often_it_is_read(outbox: Outbox) -> None:
    def read(event: str, hours: float = 0, kind: str = "soft") -> bool:
        at = tomorrow(hours)
        return note_event(outbox, event, delivery=1, key=KEY, kind=kind, status="4.2.2", detail="full", at=at)

    assert read("a")
    assert not read("a", 5)
    assert read("b", 48)
    assert read("c", 48, "hard")
    assert events_since(outbox, KEY, "soft", NOON) == 2
    assert events_since(outbox, KEY, "soft", tomorrow()) == 1
    assert events_since(outbox, KEY, "hard", NOON) == 1
    assert events_since(outbox, "other@example.com", "soft", NOON) == 0
