from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from presskit.send.bounces.books import Books, Entry
from presskit.send.bounces.mailboxes import Mail, Unread
from presskit.send.bounces.reading import Finding, Found, Known, read
from presskit.send.bounces.reports import Ours
from presskit.send.bounces.verdict import Verdict
from presskit.send.message.tokens import Tokens
from presskit.send.outbox.store import Outbox
from presskit.send.outbox.suppression import lift, note_event, suppress, suppressed
from tests.send.bounces.samples import DESK, JANE, MAX, NOW, fill, sample


@dataclass(frozen=True, slots=True)
class Office:
    """An outbox that has sent six releases to three addresses."""

    outbox: Outbox
    tokens: Tokens

    def read(self, *contents: bytes, now: datetime = NOW, rehearsal: bool = False) -> list[Found]:
        mails = [Mail(f"message {number}", content) for number, content in enumerate(contents, 1)]
        ours = Ours(self.tokens.read_tag, "stop@example.org")
        return list(read(mails, ours, Books(self.outbox, now, rehearsal)))

    def steps(self, *contents: bytes, now: datetime = NOW, rehearsal: bool = False) -> list[str]:
        found = self.read(*contents, now=now, rehearsal=rehearsal)
        return [one.verdict.step if isinstance(one, Finding) else type(one).__name__ for one in found]

    def sample(self, name: str, delivery: int = 1) -> bytes:
        return sample(name, delivery, self.tokens)

    def without_mail(self) -> dict[str, str]:
        return {one.typed: one.reason for one in suppressed(self.outbox)}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with closing(Outbox.open(tmp_path / "outbox.db")) as outbox:
        yield Office(outbox, fill(outbox))


def test_an_address_that_does_not_exist_gets_no_more_mail(office: Office) -> None:
    (found,) = office.read(office.sample("postfix-unknown", 4))
    assert isinstance(found, Finding) and found.delivery is not None
    assert (found.address, found.delivery.slug, found.delivery.outlet) == (JANE, "tunnel", "The News")
    (entry,) = suppressed(office.outbox)
    assert (entry.typed, entry.reason, entry.at, entry.source) == (JANE, "bounced", NOW, "hard:4")
    assert entry.detail.startswith("5.1.1 550 5.1.1 <jane@news.example>: Recipient address rejected")


def test_the_address_that_bounces_is_the_one_we_wrote_to_not_the_one_a_report_names(office: Office) -> None:
    office.read(office.sample("postfix-unknown", 3))
    assert office.without_mail() == {MAX: "bounced"}


def test_a_forged_bounce_takes_nobodys_mail_away(office: Office) -> None:
    assert office.steps(office.sample("forged-tag")) == ["tell"]
    assert office.without_mail() == {}


def test_a_bounce_without_tag_counts_by_the_message_it_returns(office: Office) -> None:
    assert office.steps(office.sample("message-id-only", 2)) == ["suppress"]
    assert office.without_mail() == {DESK: "bounced"}


def test_a_message_read_twice_counts_once(office: Office) -> None:
    full = office.sample("gmail-full")
    assert office.steps(full, full) == ["count", "Known"]
    assert office.steps(full) == ["Known"]


def test_one_delivery_fails_once_however_often_servers_say_so(office: Office) -> None:
    again = office.sample("gmail-full").replace(b"Inbox full", b"Inbox still full")
    assert office.steps(office.sample("gmail-full"), again, office.sample("expired")) == [
        "count",
        "Known",
        "Known",
    ]


def test_the_fifth_delivery_to_a_full_mailbox_is_the_last(office: Office) -> None:
    full = [office.sample("gmail-full", number) for number in (1, 4, 7, 10, 13)]
    assert office.steps(*full[:4]) == ["count"] * 4
    assert office.without_mail() == {}
    assert office.steps(full[4]) == ["suppress"]
    assert office.without_mail() == {JANE: "bounced"}


def test_failures_longer_ago_than_thirty_days_do_not_count(office: Office) -> None:
    full = [office.sample("gmail-full", number) for number in (1, 4, 7, 10)]
    office.read(*full)
    last = office.sample("gmail-full", 13).replace(b"23 Nov 2026", b"24 Dec 2026")
    assert office.steps(last, now=NOW + timedelta(days=31)) == ["count"]


def test_a_backlog_is_counted_by_the_days_it_was_written_on(office: Office) -> None:
    months = (b"Jan", b"Mar", b"May", b"Jul", b"Sep")
    full = [
        office.sample("gmail-full", n).replace(b"Nov", m)
        for n, m in zip((1, 4, 7, 10, 13), months, strict=True)
    ]
    assert office.steps(*full) == ["count"] * 5


def test_a_message_dated_in_the_future_is_taken_to_be_of_today(office: Office) -> None:
    office.read(office.sample("gmail-full").replace(b"2026", b"2099"))
    assert office.outbox.value("select at from event") == NOW.timestamp()


def test_a_wish_with_a_tag_is_of_whom_we_wrote_to_whoever_sent_it(office: Office) -> None:
    assert office.steps(office.sample("wish-with-tag", 3)) == ["suppress"]
    assert office.without_mail() == {MAX: "unsubscribed"}


def test_a_wish_in_words_counts_for_an_address_we_wrote_to_and_no_other(office: Office) -> None:
    wish = office.sample("wish-in-words")
    assert office.steps(wish.replace(b"jane@", b"stranger@"), wish) == ["tell", "suppress"]
    assert office.without_mail() == {JANE: "unsubscribed"}


def test_a_complaint_ends_the_mail(office: Office) -> None:
    assert office.steps(office.sample("complaint", 2), office.sample("no-complaint", 1)) == [
        "suppress",
        "tell",
    ]
    assert office.without_mail() == {DESK: "complained"}


def test_a_wish_is_kept_in_place_of_a_bounce(office: Office) -> None:
    office.read(office.sample("postfix-unknown"))
    assert office.without_mail() == {JANE: "bounced"}
    office.read(office.sample("wish-by-apple-mail"))
    assert office.without_mail() == {JANE: "unsubscribed"}
    office.read(office.sample("exchange-unknown", 4))
    assert office.without_mail() == {JANE: "unsubscribed"}


def test_a_bounce_judged_before_a_wish_came_in_does_not_replace_it(office: Office) -> None:
    books = Books(office.outbox, NOW)
    verdict = Verdict("suppress", "gets no more mail", "bounced")
    assert books.unsubscribe(JANE, JANE, None, "asked by phone")
    books.enter(Entry("hard:1", "hard", JANE, JANE, 1, "5.1.1", "", NOW), verdict)
    assert office.without_mail() == {JANE: "unsubscribed"}


def test_whoever_is_taken_back_starts_anew(office: Office) -> None:
    gone = [
        office.sample("general-status", number).replace(b"No such user here", b"Go away")
        for number in (1, 4, 7)
    ]
    assert office.steps(*gone[:2]) == ["count", "suppress"]
    lift(office.outbox, JANE)
    at = NOW + timedelta(hours=1)
    note_event(office.outbox, "lifted:1", delivery=None, key=JANE, kind="lifted", status="", detail="", at=at)
    assert office.steps(gone[2], now=at + timedelta(hours=1)) == ["count"]


def test_somebody_taken_back_may_unsubscribe_once_more_but_not_by_the_same_message(office: Office) -> None:
    wish = office.sample("wish-with-tag")
    office.read(wish)
    lift(office.outbox, JANE)
    assert office.steps(wish) == ["Known"]
    assert office.steps(wish.replace(b"23 Nov", b"24 Nov")) == ["suppress"]


def test_a_message_nobody_can_read_holds_up_no_other_and_is_told_once(office: Office) -> None:
    deep = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(100))
    mails: list[Mail | Unread] = [
        Unread("a link", "it is a link"),
        Mail("deep", deep),
        Mail("good", office.sample("qmail")),
    ]

    def reading() -> list[Found]:
        return list(read(mails, Ours(office.tokens.read_tag), Books(office.outbox, NOW)))

    first, second, third = reading()
    assert first == mails[0]
    assert second == Unread("deep", "it is not written as mail is (it has more than 20 parts with parts)")
    assert isinstance(third, Finding)
    assert reading() == [Known("a link"), Known("deep"), Known("good")]


def test_a_crash_between_the_two_marks_leaves_nothing_undone(office: Office) -> None:
    suppress(office.outbox, JANE, "bounced", NOW, source="hard:1")  # and then the power failed
    assert office.steps(office.sample("postfix-unknown")) == ["nothing"]
    assert office.steps(office.sample("postfix-unknown")) == ["Known"]
    assert office.without_mail() == {JANE: "bounced"}


def test_a_rehearsal_says_what_would_follow_and_does_nothing_of_it(office: Office) -> None:
    full = [office.sample("gmail-full", number) for number in (1, 4, 7, 10, 13)]
    mails = (*full, full[0], office.sample("postfix-unknown", 16), office.sample("postfix-unknown", 2))
    steps = ["count"] * 4 + ["suppress", "Known", "nothing", "suppress"]
    assert office.steps(*mails, rehearsal=True) == steps
    assert office.outbox.rows("select * from event") == office.outbox.rows("select * from suppressed") == []
    assert office.steps(*mails) == steps


def test_what_people_write_is_not_kept(office: Office) -> None:
    office.read(office.sample("question"), office.sample("vacation"), office.sample("wish-in-words"))
    assert {row[0] for row in office.outbox.rows("select detail from event")} == {""}
