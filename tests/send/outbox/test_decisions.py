from __future__ import annotations

from presskit.clock import Boot
from presskit.send.outbox.claims import Done, Outcome, claim, mark_dot, note
from presskit.send.outbox.decisions import (
    believe_clock,
    cancel,
    go_on,
    halt,
    retry_failed,
    settle_doubt,
    take_back_left_out,
)
from presskit.send.outbox.deliveries import deliveries_of, had
from presskit.send.outbox.embargo import Armed
from presskit.send.outbox.store import Outbox
from presskit.send.outbox.suppression import lift, suppress
from tests.send.post import NOON, NOW, SLUG, at_once, people, put, states, take, tomorrow

LATER = tomorrow(1)


def all_ways(outbox: Outbox) -> None:
    """One delivery sent, one failed, one in doubt, one waiting."""
    put(outbox, people(4))
    ways: tuple[Outcome, ...] = ("sent", "failed", "in_doubt")
    for outcome in ways:
        claimed = take(outbox)
        mark_dot(outbox, claimed, outcome.encode(), NOW, at_once)
        note(outbox, Done(claimed, outcome, NOW, 0, "so it went"))
    assert states(outbox) == ["sent", "failed", "in_doubt", "queued"]


def heads(outbox: Outbox) -> list[bytes | None]:
    return [row[0] for row in outbox.rows("select head from delivery order by id")]


def test_only_what_failed_is_tried_again_with_a_head_of_its_own(outbox: Outbox) -> None:
    all_ways(outbox)
    assert retry_failed(outbox, SLUG, LATER) == 1
    assert states(outbox) == ["sent", "queued", "in_doubt", "queued"]
    assert heads(outbox) == [b"sent", None, b"in_doubt", None]
    again = [take(outbox, LATER.timestamp()) for _ in range(2)]
    assert {claimed.id: claimed.attempts for claimed in again} == {2: 1, 4: 1}
    assert claim(outbox, LATER.timestamp(), at_once) is None


def test_a_retry_of_what_was_in_doubt_is_the_same_byte_for_byte(outbox: Outbox) -> None:
    all_ways(outbox)
    settle_doubt(outbox, SLUG, "resend", NOON)
    note(outbox, Done(next(c for c in (take(outbox), take(outbox)) if c.id == 3), "failed", NOW, 550, "no"))
    retry_failed(outbox, SLUG, NOON)
    assert heads(outbox)[2] == b"in_doubt"


def test_only_what_is_in_doubt_is_sent_again_with_the_same_head(outbox: Outbox) -> None:
    all_ways(outbox)
    assert settle_doubt(outbox, SLUG, "resend", LATER) == 1
    assert states(outbox) == ["sent", "failed", "queued", "queued"]
    assert heads(outbox)[2] == b"in_doubt"


def test_what_is_taken_for_sent_is_sent_no_more(outbox: Outbox) -> None:
    all_ways(outbox)
    assert settle_doubt(outbox, SLUG, "treat_as_sent", LATER) == 1
    assert states(outbox) == ["sent", "failed", "sent", "queued"]
    assert [d.reply for d in deliveries_of(outbox, SLUG)][2] == "taken for sent by a person"
    assert settle_doubt(outbox, SLUG, "resend", LATER) == 0


def test_a_decision_can_be_about_one_mailbox(outbox: Outbox) -> None:
    put(outbox, people(2))
    for _ in range(2):
        note(outbox, Done(take(outbox), "failed", NOW, 550, "no"))
    assert retry_failed(outbox, SLUG, NOON, "desk1@outlet0.example.com") == 1
    assert states(outbox) == ["failed", "queued"]


def test_a_decision_is_about_one_release_and_never_about_its_tests(outbox: Outbox) -> None:
    put(outbox, people(1))
    put(outbox, people(1), slug="second")
    put(outbox, people(1), kind="test")
    for _ in range(3):
        note(outbox, Done(take(outbox), "failed", NOW, 550, "no"))
    assert retry_failed(outbox, SLUG, NOON) == 1
    assert states(outbox) == ["queued", "failed", "failed"]
    assert cancel(outbox, SLUG, NOON) == 1
    assert states(outbox) == ["cancelled", "failed", "failed"]


def test_what_is_cancelled_waits_no_more(outbox: Outbox) -> None:
    all_ways(outbox)
    assert cancel(outbox, SLUG, NOON) == 1
    assert states(outbox) == ["sent", "failed", "in_doubt", "cancelled"]
    assert claim(outbox, NOW + 1e9, at_once) is None
    assert outbox.value("select settled from mailing") == 1


def test_a_second_copy_that_is_cancelled_leaves_the_first_in_doubt(outbox: Outbox) -> None:
    all_ways(outbox)
    settle_doubt(outbox, SLUG, "resend", NOON)
    assert cancel(outbox, SLUG, NOON) == 2
    assert states(outbox) == ["sent", "failed", "in_doubt", "cancelled"]
    assert put(outbox, people(4)).deliveries == 1  # only who was cancelled


def test_a_second_copy_for_who_unsubscribed_leaves_the_first_in_doubt(outbox: Outbox) -> None:
    all_ways(outbox)
    settle_doubt(outbox, SLUG, "resend", NOON)
    suppress(outbox, "desk2@outlet0.example.com", "unsubscribed", NOON, source="test")
    take(outbox)
    claim(outbox, NOW, at_once)
    assert states(outbox)[2] == "in_doubt"


def test_whoever_may_have_got_a_release_gets_its_correction(outbox: Outbox) -> None:
    all_ways(outbox)
    settle_doubt(outbox, SLUG, "resend", NOON)
    for _ in range(2):
        note(outbox, Done(take(outbox), "failed", NOW, 550, "no"))
    assert states(outbox) == ["sent", "failed", "failed", "failed"]
    assert list(had(outbox, [SLUG])) == ["desk0@outlet0.example.com", "desk2@outlet0.example.com"]


def test_who_gets_mail_again_gets_what_was_left_out(outbox: Outbox) -> None:
    put(outbox, people(2))
    for who in people(2):
        suppress(outbox, who.address.key, "bounced", NOON, source="test")
    assert claim(outbox, NOW, at_once) is None
    assert take_back_left_out(outbox, SLUG, NOON) == 0
    lift(outbox, "desk0@outlet0.example.com")
    assert take_back_left_out(outbox, SLUG, NOON) == 1
    assert states(outbox) == ["queued", "left_out"]
    assert take(outbox).id == 1


def test_a_halt_is_set_and_lifted_once_and_keeps_its_first_reason(outbox: Outbox) -> None:
    assert halt(outbox, SLUG, NOON, "a name is wrong")
    assert not halt(outbox, SLUG, LATER, "another reason")
    assert outbox.value("select reason from halt") == "a name is wrong"
    assert go_on(outbox, SLUG)
    assert not go_on(outbox, SLUG)


def test_lifting_one_halt_leaves_another(outbox: Outbox) -> None:
    put(outbox, people(1))
    halt(outbox, SLUG, NOON, "a name is wrong")
    halt(outbox, "", NOON, "the relay is mended")
    go_on(outbox, "")
    assert claim(outbox, NOW, at_once) is None
    go_on(outbox, SLUG)
    assert take(outbox).id == 1


def test_a_clock_a_person_believes_goes_on_from_there(outbox: Outbox) -> None:
    then, now = Armed(NOW, Boot("first start", 1000.0)), Armed(NOW + 90, Boot("second start", 5.0))
    for slug in (SLUG, "second"):
        put(outbox, people(1), slug=slug, kind="embargo", not_before=NOON, armed=then)
    claim(outbox, NOW, lambda waiting: "the clock jumped")
    assert believe_clock(outbox, SLUG, now) == 1
    assert believe_clock(outbox, SLUG, now) == 0
    seen = {}
    claim(outbox, NOW + 90, lambda waiting: bool(seen.update({waiting.id: waiting.armed})))
    assert seen == {1: now}
