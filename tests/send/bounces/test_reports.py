from __future__ import annotations

from collections import Counter
from typing import get_args

import pytest

from presskit.send.bounces.parts import LINE_BYTES, MESSAGE_BYTES, TooDeep, plain
from presskit.send.bounces.reports import Kind, Ours
from tests.send.bounces.samples import DESK, JANE, MAIL, OURS, TOKENS, said, sample

BOUNCES = {
    "postfix-unknown": ("hard", "5.1.1"),
    "postfix-delayed": ("delayed", "4.4.1"),
    "expired": ("soft", "4.4.7"),
    "exchange-unknown": ("hard", "5.1.10"),
    "gmail-unknown": ("hard", "5.1.1"),
    "gmail-full": ("soft", "5.2.2"),
    "gmail-policy": ("hard", "5.7.26"),
    "general-status": ("hard", "5.1.1"),
    "qmail": ("hard", "5.1.1"),
    "exim": ("hard", "5.1.2"),
    "exim-delayed": ("delayed", "4.0.0"),
    "broken-fields": ("hard", "5.1.1"),
    "arrived": ("arrived", "2.1.5"),
}

OTHERS = {
    "vacation": "auto_reply",
    "left": "auto_reply",
    "away-without-marks": "auto_reply",
    "away-to-stop": "auto_reply",
    "no-complaint": "other",
    "question": "other",
}

WISHES = {
    "wish-with-tag": DESK,
    "wish-by-apple-mail": JANE,
    "wish-in-words": JANE,
    "wish-without-words": JANE,
}


@pytest.mark.parametrize("name", BOUNCES)
def test_a_bounce_is_read_whatever_server_wrote_it(name: str) -> None:
    report = said(sample(name, 7))
    assert (report.kind, report.status) == BOUNCES[name]
    assert (report.address, report.delivery) == (JANE, 7)


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_bounce_is_taken_for_none(name: str) -> None:
    report = said(sample(name))
    assert (report.kind, report.status) == (OTHERS[name], "")


@pytest.mark.parametrize("name", WISHES)
def test_a_wish_to_get_no_more_is_recognised(name: str) -> None:
    report = said(sample(name, 5))
    tagged = b"{tag}" in (MAIL / f"{name}.eml").read_bytes()
    assert (report.kind, report.address, report.delivery) == (
        "unsubscribe",
        WISHES[name],
        5 if tagged else None,
    )


def test_mail_to_an_address_that_takes_other_mail_too_is_no_wish_without_words() -> None:
    assert said(sample("wish-without-words"), Ours(TOKENS.read_tag)).kind == "other"


def test_a_complaint_is_about_the_message_it_returns() -> None:
    report = said(sample("complaint", 9))
    assert (report.kind, report.address, report.delivery) == ("complaint", JANE, 9)
    assert "<9@example.org>" in report.messages


def test_a_complaint_with_everything_blackened_is_known_by_the_unsubscribe_link() -> None:
    report = said(sample("complaint-redacted", 9))
    assert (report.kind, report.address, report.delivery) == ("complaint", "", 9)


def test_a_forged_tag_stands_for_no_delivery() -> None:
    report = said(sample("forged-tag"))
    assert (report.kind, report.delivery, report.messages) == ("hard", None, ())


def test_a_genuine_tag_counts_wherever_it_stands_among_forged_ones() -> None:
    content = sample("postfix-unknown", 8).replace(
        b"Delivered-To: ", b"Delivered-To: b.1.0123456789@example.org, "
    )
    assert said(content).delivery == 8


def test_apple_mail_asks_for_its_reader_with_a_tag_or_without() -> None:
    without = sample("wish-by-apple-mail").replace(f" {TOKENS.tag(1)}".encode(), b"")
    assert (said(without).kind, said(without).delivery) == ("unsubscribe", None)


def test_a_tag_of_another_office_stands_for_no_delivery() -> None:
    other = Ours(lambda tag: None if tag == TOKENS.tag(1) else 1)
    assert said(sample("postfix-unknown", 1), other).delivery is None


def test_a_bounce_without_a_tag_is_known_by_the_message_it_returns() -> None:
    report = said(sample("message-id-only", message_id="<bridge.1.00ff@example.org>"))
    assert (report.delivery, report.messages) == (None, ("<bridge.1.00ff@example.org>",))


def test_a_report_with_addresses_beyond_ascii_is_decoded() -> None:
    report = said(sample("international"))
    assert (report.kind, report.address, report.status) == ("hard", "jäne@news.example", "5.1.1")


def test_a_mailbox_that_forwards_mail_has_got_it_if_one_copy_arrived() -> None:
    assert said(sample("moved-on")).kind == "arrived"


def test_the_words_of_a_server_are_fit_to_be_shown() -> None:
    content = sample("postfix-unknown").replace(
        b"User unknown", b"\x1b[2JUser \xe2\x80\xaegnp.exe " + b"x" * 900
    )
    text = said(content).text
    assert len(text) == 300
    assert text.startswith("550 5.1.1 <jane@news.example>: Recipient address rejected: [2JUser gnp.exe xxx")


def test_the_time_of_a_message_is_read_and_a_wrong_one_left_out() -> None:
    at = said(sample("postfix-unknown")).at
    assert at is not None and at.isoformat() == "2026-11-23T14:31:02+00:00"
    for wrong in (b"Date: yesterday", b"Date: 99 Foo 99999 99:99:99 +9999", b"Date: " + b"9" * 400):
        content = sample("postfix-unknown").replace(b"Date: Mon, 23 Nov 2026 09:31:02 -0500 (EST)", wrong)
        assert said(content).at is None


def test_every_message_cut_off_anywhere_is_still_read() -> None:
    names = sorted(file.stem for file in MAIL.glob("*.eml"))
    assert len(names) > 25
    for name in names:
        content = sample(name)
        for end in range(0, len(content), 97):
            said(content[:end])


def test_every_message_with_any_line_gone_is_still_read() -> None:
    kinds = Counter[str]()
    for file in sorted(MAIL.glob("*.eml")):
        lines = sample(file.stem).split(b"\n")
        for gone in range(len(lines)):
            kinds[said(b"\n".join(lines[:gone] + lines[gone + 1 :])).kind] += 1
    assert kinds.keys() == set(get_args(Kind))
    assert kinds.total() > 500


def test_parts_a_hundred_deep_are_refused() -> None:
    deep = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (level, level) for level in range(100)
    )
    with pytest.raises(TooDeep, match="more than 20 parts with parts"):
        said(b"From: mailer-daemon@news.example\nTo: bounces@example.org\n" + deep)


HOSTILE = {
    "ten thousand recipients": sample("arrived").replace(
        b"--D--",
        b"\n".join(b"Final-Recipient: rfc822; a%d@news.example\nAction: failed\n" % n for n in range(10_000)),
    ),
    "one endless line": b"From: mailer-daemon@x.example\n\nfailed addresses follow:\n" + b"a" * 900_000,
    "one endless field": b"From: mailer-daemon@x.example\nSubject: " + b"=?utf-8?q?a?= " * 70_000 + b"\n\nx",
    "a hundred thousand fields": b"From: mailer-daemon@x.example\n" + b"To: a@b.example\n" * 60_000 + b"\nx",
    "a million empty lines": b"From: mailer-daemon@x.example\n\n" + b"\n" * 900_000,
    "nineteen parts and no end": b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (level, level) for level in range(19)
    )
    + b"-\n" * 400_000,
    "tags without number": b"To: " + (b"1.0123456789@" * 70_000) + b"\n\nx",
    "addresses in no order": b"From: " + b"<<(@,;" * 150_000 + b"\n\nx",
    "a subject of nothing but brackets": b"From: a@b.example\nSubject: Re: " + b"(" * 900_000,
    "a field without end": sample("postfix-unknown").replace(b"User unknown", b"x" * 900_000),
    "no head at all": b"\x00\xff" * 400_000,
    "a charset that does not exist": sample("broken-fields"),
    "a report in broken base64": sample("international").replace(b"UmVwb3J0", b"U_V!b3J\xff"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_message_made_to_stop_the_reader_does_not(name: str) -> None:
    kinds = {"ten thousand recipients": "arrived"}
    kinds |= dict.fromkeys(("a charset that does not exist", "a field without end"), "hard")
    assert said(HOSTILE[name]).kind == kinds.get(name, "other")


def test_lines_longer_than_mail_has_are_cut_off() -> None:
    lines = plain(HOSTILE["one endless line"] + b"\nend").split(b"\n")
    assert max(map(len, lines)) == LINE_BYTES
    assert lines[-2:] == [b"end", b""]


def test_no_more_than_a_megabyte_of_a_message_is_read() -> None:
    content = sample("postfix-unknown") + b"\n" + b"x\n" * MESSAGE_BYTES
    assert said(content) == said(sample("postfix-unknown"))
    late = b"From: a@b.example\n\n" + b"x\n" * MESSAGE_BYTES + sample("postfix-unknown")
    assert said(late, OURS).kind == "other"


def test_a_server_whose_words_nobody_knows_is_for_a_person_to_look_at() -> None:
    unknown = b"Die Nachricht ist nicht angekommen.\n"
    daemon = b"From: Mailer-Daemon@news.example\nAuto-Submitted: auto-replied\nSubject: Fehler\n\n" + unknown
    away = daemon.replace(b"Mailer-Daemon", b"jane")
    assert (said(daemon).kind, said(away).kind) == ("other", "auto_reply")


def test_a_receipt_is_an_automatic_answer() -> None:
    receipt = (
        b"Content-Type: multipart/report; report-type=disposition-notification; boundary=B\n\n--B\n\nread\n"
    )
    assert said(b"From: jane@news.example\n" + receipt).kind == "auto_reply"
