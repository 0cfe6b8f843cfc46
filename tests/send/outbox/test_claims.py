from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from presskit.clock import Boot
from presskit.send.outbox import claims
from presskit.send.outbox.claims import (
    Done,
    Outcome,
    claim,
    look_at_clocks,
    mark_dot,
    next_due,
    note,
    recover,
)
from presskit.send.outbox.decisions import cancel, go_on, halt, retry_failed, settle_doubt
from presskit.send.outbox.deliveries import deliveries_of
from presskit.send.outbox.embargo import Armed, Waiting
from presskit.send.outbox.store import Outbox
from presskit.send.outbox.suppression import suppress
from tests.send.post import NOON, NOW, SLUG, at_once, people, person, put, states, take, tomorrow

ARMED = Armed(NOW, Boot("first start", 1000.0))


def events(outbox: Outbox) -> list[str]:
    return [row[0] for row in outbox.rows("select event from attempt order by rowid")]


def settled(outbox: Outbox) -> bool:
    return bool(outbox.value("select min(settled) from mailing"))


def test_deliveries_are_taken_on_in_the_order_they_were_queued(outbox: Outbox) -> None:
    put(outbox, people(3))
    assert [take(outbox).id for _ in range(3)] == [1, 2, 3]
    assert claim(outbox, NOW, at_once) is None
    assert states(outbox) == ["sending"] * 3


def test_a_claim_and_what_became_of_the_last_are_one_step(outbox: Outbox) -> None:
    put(outbox, people(2))
    first = take(outbox)
    second = claim(outbox, NOW, at_once, Done(first, "sent", NOW, 250, "kept"))
    assert second is not None and second.id == 2
    assert states(outbox) == ["sent", "sending"]


def test_between_the_marks_it_is_known_what_a_crash_leaves(outbox: Outbox) -> None:
    put(outbox, people(3))
    offered, ended, _ = take(outbox), take(outbox), take(outbox)
    assert mark_dot(outbox, ended, b"its head", NOW, at_once)
    note(outbox, Done(offered, "put_off", NOW, 451, "later", NOW + 60))
    assert states(outbox) == ["queued", "dot", "sending"]
    assert recover(outbox, NOW) == 1
    assert states(outbox) == ["queued", "in_doubt", "queued"]
    assert recover(outbox, NOW) == 0


def test_crashes_use_up_no_attempts(outbox: Outbox) -> None:
    put(outbox, people(1))
    for _ in range(20):
        assert take(outbox).attempts == 1
        recover(outbox, NOW)


def test_what_is_in_doubt_is_taken_on_by_nobody(outbox: Outbox) -> None:
    put(outbox, people(1))
    mark_dot(outbox, take(outbox), b"head", NOW, at_once)
    recover(outbox, NOW)
    assert claim(outbox, NOW + 1e9, at_once) is None
    assert next_due(outbox) is None


def test_a_dot_is_marked_once(outbox: Outbox) -> None:
    put(outbox, people(1))
    claimed = take(outbox)
    assert mark_dot(outbox, claimed, b"head", NOW, at_once)
    assert not mark_dot(outbox, claimed, b"head", NOW, at_once)


def test_no_dot_without_a_claim(outbox: Outbox) -> None:
    put(outbox, people(1))
    claimed = take(outbox)
    note(outbox, Done(claimed, "put_off", NOW, 451, "later", NOW))
    assert not mark_dot(outbox, claimed, b"head", NOW, at_once)
    assert states(outbox) == ["queued"]


def test_the_head_that_was_offered_is_kept_for_every_later_attempt(outbox: Outbox) -> None:
    put(outbox, people(1))
    mark_dot(outbox, take(outbox), b"its head", NOW, at_once)
    recover(outbox, NOW)
    settle_doubt(outbox, SLUG, "resend", NOON)
    assert take(outbox).head == b"its head"


def test_what_is_put_off_comes_back_when_it_is_due_and_not_before(outbox: Outbox) -> None:
    put(outbox, people(1))
    note(outbox, Done(take(outbox), "put_off", NOW, 451, "later", NOW + 60))
    assert claim(outbox, NOW + 59, at_once) is None
    assert next_due(outbox) == NOW + 60
    assert not settled(outbox)
    assert take(outbox, NOW + 60).attempts == 2


def test_what_was_given_back_used_up_no_attempt(outbox: Outbox) -> None:
    put(outbox, people(1))
    note(outbox, Done(take(outbox), "given_back", NOW))
    assert take(outbox).attempts == 1


@pytest.mark.parametrize("late", ["given_back", "put_off"])
def test_what_is_reported_late_brings_back_nothing_that_was_sent(late: Outcome, outbox: Outbox) -> None:
    put(outbox, people(1))
    claimed = take(outbox)
    mark_dot(outbox, claimed, b"head", NOW, at_once)
    note(outbox, Done(claimed, "sent", NOW, 250, "kept"))
    note(outbox, Done(claimed, late, NOW, due=NOW))
    assert states(outbox) == ["sent"]


def test_a_domain_that_wants_to_be_left_alone_is(outbox: Outbox) -> None:
    put(outbox, people(4))  # three at one domain
    put(outbox, people(3), slug="second")
    note(outbox, Done(take(outbox), "put_off", NOW, 421, "4.7.0 too much", NOW + 600, pauses_domain=True))
    assert take(outbox).domain == "outlet1.example.com"
    assert claim(outbox, NOW + 599, at_once) is None
    later = [take(outbox, NOW + 600) for _ in range(6)]
    assert sorted(claimed.attempts for claimed in later) == [1, 1, 1, 1, 1, 2]


def test_a_pause_brings_nothing_forward(outbox: Outbox) -> None:
    put(outbox, people(2))
    note(outbox, Done(take(outbox), "put_off", NOW, 451, "later", NOW + 3600))
    note(outbox, Done(take(outbox), "put_off", NOW, 421, "wait", NOW + 60, pauses_domain=True))
    assert [d.due.timestamp() for d in deliveries_of(outbox, SLUG)] == [NOW + 3600, NOW + 60]


def test_who_wants_no_more_mail_is_left_out_at_the_claim_and_listed(outbox: Outbox) -> None:
    put(outbox, people(3))
    for number in (0, 1):
        suppress(outbox, f"desk{number}@outlet0.example.com", "unsubscribed", NOON, source="test")
    assert take(outbox).id == 3
    assert states(outbox) == ["left_out", "left_out", "sending"]
    assert {d.reply for d in deliveries_of(outbox, SLUG) if d.state == "left_out"} == {"unsubscribed"}


def test_who_wants_no_more_mail_while_the_message_is_offered_gets_none(outbox: Outbox) -> None:
    put(outbox, people(1))
    claimed = take(outbox)
    suppress(outbox, claimed.key, "unsubscribed", NOON, source="test")
    assert not mark_dot(outbox, claimed, b"head", NOW, at_once)
    note(outbox, Done(claimed, "given_back", NOW))
    assert claim(outbox, NOW, at_once) is None
    assert states(outbox) == ["left_out"]


def test_a_test_reaches_the_office_whatever_it_wants(outbox: Outbox) -> None:
    put(outbox, [person("me@example.org")], kind="test")
    suppress(outbox, "me@example.org", "bounced", NOON, source="test")
    assert mark_dot(outbox, take(outbox), b"head", NOW, at_once)


@pytest.mark.parametrize("halted", ["", SLUG])
def test_a_halt_counts_at_once_even_while_a_message_is_offered(halted: str, outbox: Outbox) -> None:
    put(outbox, people(2))
    claimed = take(outbox)
    halt(outbox, halted, NOON, "a name is wrong")
    assert claim(outbox, NOW, at_once) is None
    assert next_due(outbox) is None
    assert not mark_dot(outbox, claimed, b"head", NOW, at_once)
    note(outbox, Done(claimed, "given_back", NOW))
    assert go_on(outbox, halted)
    assert take(outbox).attempts == 1


def test_a_halt_stops_nothing_else(outbox: Outbox) -> None:
    put(outbox, people(1))
    put(outbox, people(1), slug="second")
    halt(outbox, SLUG, NOON, "a name is wrong")
    assert take(outbox).slug == "second"


def test_a_halt_of_one_language_stops_all_of_the_mailing(outbox: Outbox) -> None:
    put(outbox, people(1), also=("ouverture-du-pont",))
    halt(outbox, "ouverture-du-pont", NOON, "a name is wrong")
    assert claim(outbox, NOW, at_once) is None


def test_what_is_cancelled_while_it_is_offered_does_not_go(outbox: Outbox) -> None:
    put(outbox, people(1))
    claimed = take(outbox)
    assert cancel(outbox, SLUG, NOON) == 0
    assert not mark_dot(outbox, claimed, b"head", NOW, at_once)
    note(outbox, Done(claimed, "given_back", NOW))
    assert states(outbox) == ["cancelled"]
    assert settled(outbox)


def test_what_is_cancelled_while_it_ends_is_sent_or_cancelled_as_the_relay_says(outbox: Outbox) -> None:
    put(outbox, people(3))
    ended = [take(outbox) for _ in range(3)]
    for claimed in ended:
        mark_dot(outbox, claimed, b"head", NOW, at_once)
    cancel(outbox, SLUG, NOON)
    note(outbox, Done(ended[0], "sent", NOW, 250, "kept"))
    note(outbox, Done(ended[1], "put_off", NOW, 451, "later", NOW))
    note(outbox, Done(ended[2], "in_doubt", NOW))
    assert states(outbox) == ["sent", "cancelled", "in_doubt"]


def test_what_is_cancelled_before_a_crash_stays_cancelled(outbox: Outbox) -> None:
    put(outbox, people(1))
    take(outbox)
    cancel(outbox, SLUG, NOON)
    recover(outbox, NOW)
    assert states(outbox) == ["cancelled"]


def test_nothing_is_taken_on_before_its_time(outbox: Outbox) -> None:
    put(outbox, people(1), kind="embargo", not_before=tomorrow(), armed=ARMED)
    assert claim(outbox, NOW + 86_399, at_once) is None
    assert next_due(outbox) == NOW + 86_400
    assert take(outbox, NOW + 86_400).id == 1


def test_an_embargo_counts_up_to_the_end_of_the_message(outbox: Outbox) -> None:
    put(outbox, people(1), kind="embargo", not_before=tomorrow(), armed=ARMED)
    claimed = take(outbox, NOW + 86_400)
    assert not mark_dot(outbox, claimed, b"head", NOW + 86_399, at_once)
    assert not mark_dot(outbox, claimed, b"head", NOW + 86_400, lambda waiting: False)
    assert not mark_dot(outbox, claimed, b"head", NOW + 86_400, lambda waiting: "the clock jumped")
    assert not mark_dot(outbox, claimed, b"head", NOW + 86_400, at_once)  # it is held now
    assert states(outbox) == ["sending"]


def test_a_mailing_whose_clocks_disagree_is_held_and_another_is_not(outbox: Outbox) -> None:
    def timely(waiting: Waiting) -> Literal[True, False] | str:
        return True if waiting.armed is None else "the clock jumped"

    put(outbox, people(1), kind="embargo", not_before=NOON, armed=ARMED)
    put(outbox, people(1), slug="second")
    found = claim(outbox, NOW, timely)
    assert found is not None and found.slug == "second"
    assert outbox.value("select held from mailing where id=1") == "the clock jumped"
    assert next_due(outbox) is None


def test_what_waits_for_a_clock_that_was_put_back_is_held_without_a_claim(outbox: Outbox) -> None:
    put(outbox, people(1), kind="embargo", not_before=tomorrow(), armed=ARMED)
    put(outbox, people(1), slug="second", not_before=tomorrow())
    look_at_clocks(outbox, lambda waiting: False)
    assert next_due(outbox) == NOW + 86_400
    look_at_clocks(outbox, lambda waiting: "the clock was put back")
    assert [row[0] for row in outbox.rows("select held from mailing")] == ["the clock was put back", ""]


def test_once_its_time_has_come_a_mailing_needs_no_second_clock(outbox: Outbox) -> None:
    seen = list[Armed | None]()

    def timely(waiting: Waiting) -> Literal[True, False] | str:
        seen.append(waiting.armed)
        return True

    put(outbox, people(2), kind="embargo", not_before=NOON, armed=ARMED)
    claim(outbox, NOW, timely)
    claim(outbox, NOW, timely)
    assert seen == [ARMED, None]


@pytest.mark.parametrize("outcome", ["sent", "failed", "in_doubt"])
def test_a_mailing_is_settled_when_nothing_waits_in_it(outcome: Outcome, outbox: Outbox) -> None:
    put(outbox, people(2))
    first, second = take(outbox), take(outbox)
    note(outbox, Done(first, outcome, NOW))
    assert not settled(outbox)
    note(outbox, Done(second, outcome, NOW))
    assert settled(outbox)
    decided = settle_doubt(outbox, SLUG, "resend", NOON) + retry_failed(outbox, SLUG, NOON)
    assert settled(outbox) == (decided == 0)


def test_all_that_became_of_a_delivery_is_kept(outbox: Outbox) -> None:
    put(outbox, people(1))
    note(outbox, Done(take(outbox), "put_off", NOW, 451, "later", NOW))
    note(outbox, Done(take(outbox), "failed", NOW, 550, "no such user"))
    retry_failed(outbox, SLUG, NOON)
    note(outbox, Done(take(outbox), "sent", NOW, 250, "kept"))
    assert events(outbox) == ["queued", "failed", "queued", "sent"]
    (delivery,) = deliveries_of(outbox, SLUG)
    assert (delivery.state, delivery.code, delivery.reply) == ("sent", 250, "kept")


def plan(outbox: Outbox, question: str, *values: object) -> str:
    return "\n".join(str(row[3]) for row in outbox.rows(f"explain query plan {question}", *values))


def test_no_step_reads_all_deliveries(outbox: Outbox) -> None:
    asked = list[str]()
    put(outbox, people(3))
    outbox._connection.set_trace_callback(asked.append)
    claimed = take(outbox)
    mark_dot(outbox, claimed, b"head", NOW, at_once)
    note(outbox, Done(claimed, "put_off", NOW, 421, "wait", NOW + 60, pauses_domain=True))
    claim(outbox, NOW + 60, at_once)
    next_due(outbox)
    outbox._connection.set_trace_callback(None)
    questions = [q for q in asked if q.lstrip().startswith(("select", "update"))]
    assert len(questions) > 15
    scans = {
        line
        for question in questions
        for line in plan(outbox, question).splitlines()
        if line.startswith("SCAN") and line.split()[1] != "halt"
    }
    assert scans == set()


def test_a_claim_among_many_reads_a_handful_of_rows(outbox: Outbox) -> None:
    many = 20_000
    put(outbox, people(many))
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    outbox._connection.set_progress_handler(count, 100)
    claimed = take(outbox)
    mark_dot(outbox, claimed, b"head", NOW, at_once)
    note(outbox, Done(claimed, "sent", NOW, 250, "kept"))
    assert next_due(outbox) == NOW
    outbox._connection.set_progress_handler(None, 0)
    assert steps * 100 < many / 10


def test_a_claim_holds_what_a_message_needs(outbox: Outbox) -> None:
    put(outbox, [person("Press@Bücher.example", reporter="Desk")], answers="<a@example.org>")
    claimed = take(outbox)
    (delivery,) = deliveries_of(outbox, SLUG)
    assert replace(claimed, head=None) == claims.Claim(
        id=1,
        mailing=1,
        edition=1,
        variant=1,
        slug=SLUG,
        key="press@xn--bcher-kva.example",
        typed="Press@bücher.example",
        envelope="Press@xn--bcher-kva.example",
        domain="xn--bcher-kva.example",
        name="Desk",
        message_id=delivery.message_id,
        answers="<a@example.org>",
        attempts=1,
        head=None,
    )
