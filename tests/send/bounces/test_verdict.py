from __future__ import annotations

import pytest

from presskit.send.bounces.reports import Kind, Report
from presskit.send.bounces.verdict import History, follow


def bounce(kind: Kind, status: str = "") -> Report:
    return Report(kind, 1, (), "jane@news.example", status)


@pytest.mark.parametrize("status", ["5.1.1", "5.1.2", "5.1.3", "5.1.10"])
def test_an_address_that_does_not_exist_gets_no_more_after_one_report(status: str) -> None:
    verdict = follow(bounce("hard", status), History())
    assert (verdict.step, verdict.reason) == ("suppress", "bounced")


@pytest.mark.parametrize("status", ["5.0.0", "5.1.0", "5.1.6", "5.1.15", "5.2.1", "5.4.1", "5.4.4", "5.70.1"])
def test_another_lasting_failure_is_counted_and_the_second_is_enough(status: str) -> None:
    first, second = follow(bounce("hard", status), History()), follow(bounce("hard", status), History(hard=1))
    assert (first.step, first.words) == ("count", "counted: 1 of 2 within 30 days")
    assert (second.step, second.reason) == ("suppress", "bounced")


def test_a_full_mailbox_is_counted_four_times() -> None:
    steps = [follow(bounce("soft", "4.2.2"), History(soft=before)).step for before in range(5)]
    assert steps == ["count"] * 4 + ["suppress"]


def test_full_mailboxes_and_lasting_failures_are_counted_apart() -> None:
    assert follow(bounce("soft", "4.2.2"), History(hard=9)).step == "count"
    assert follow(bounce("hard", "5.2.1"), History(soft=9)).step == "count"


@pytest.mark.parametrize(
    "status", ["5.7.0", "5.7.1", "5.7.26", "5.1.7", "5.1.8", "5.2.3", "5.3.4", "5.5.2", "5.6.1"]
)
def test_what_says_nothing_against_the_address_is_only_told(status: str) -> None:
    verdict = follow(bounce("hard", status), History(hard=9))
    assert (verdict.step, verdict.reason) == ("tell", None)
    assert verdict.words.startswith("not the address is at fault: ")


@pytest.mark.parametrize("kind", ["hard", "soft", "complaint"])
def test_a_report_nothing_shows_to_be_about_our_mail_counts_for_nothing(kind: Kind) -> None:
    verdict = follow(bounce(kind, "5.1.1"), History(ours=False, hard=9, soft=9))
    assert (verdict.step, verdict.reason) == ("tell", None)


def test_a_wish_is_followed_if_the_office_ever_wrote_there() -> None:
    asked = follow(bounce("unsubscribe"), History(ours=False))
    assert (asked.step, asked.reason) == ("suppress", "unsubscribed")
    assert follow(bounce("unsubscribe"), History(ours=False, written_to=False)).step == "tell"


def test_a_complaint_is_a_wish() -> None:
    verdict = follow(bounce("complaint"), History())
    assert (verdict.step, verdict.reason) == ("suppress", "complained")


def test_a_wish_weighs_more_than_a_bounce_and_a_bounce_no_more_than_a_wish() -> None:
    assert follow(bounce("unsubscribe"), History(suppressed="bounced")).reason == "unsubscribed"
    assert follow(bounce("complaint"), History(suppressed="unsubscribed")).step == "nothing"
    assert follow(bounce("hard", "5.1.1"), History(suppressed="unsubscribed")).step == "nothing"


@pytest.mark.parametrize("kind", ["delayed", "arrived", "auto_reply"])
def test_nothing_follows_from_what_is_no_failure(kind: Kind) -> None:
    assert follow(bounce(kind, "4.4.1"), History(hard=9, soft=9)).step == "nothing"


def test_what_nobody_foresaw_is_for_a_person_to_look_at() -> None:
    assert follow(bounce("other"), History()).step == "tell"
