from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from presskit.send.message.fields import NAMES, folded, parameters_field, token_field
from presskit.send.message.head import letterhead_from, letterhead_json, write_head
from tests.send.hostile import AS_IT_IS, NO_ADDRESSES, REFUSED
from tests.send.sample import (
    CHECKPOINT,
    TOKENS,
    addressed,
    assert_lines_fit,
    letterhead,
    mailbox,
    nfc,
    parsed,
    raw_field,
    words,
)

EARLIER = "<nordwind.1.0a1b2c3d4e5f0a1b2c3d4e5f@example.org>"

TEXTS: tuple[Callable[[str], bytes], ...] = (
    lambda text: write_head(letterhead(sender_name=text), addressed()),
    lambda text: write_head(letterhead(subject=text), addressed()),
    lambda text: write_head(letterhead(reply_to_name=text), addressed()),
    lambda text: write_head(letterhead(), addressed(name=text)),
)

TOKEN_FIELDS: tuple[Callable[[str], bytes], ...] = (
    lambda text: write_head(letterhead(list_id=text), addressed()),
    lambda text: write_head(letterhead(unsubscribe_url=f"https://example.org/{{token}}{text}"), addressed()),
    lambda text: write_head(letterhead(), addressed(message_id=f"<{text}@example.org>")),
    lambda text: write_head(letterhead(), addressed(message_id=f"<a@example.org>{text}")),
    lambda text: write_head(letterhead(), addressed(references=f"{EARLIER}{text}")),
    lambda text: write_head(letterhead(), addressed(references=f"<{text}@example.org>")),
    lambda text: write_head(letterhead(), addressed(tag=TOKENS.tag(1) + text)),
)


def test_the_fields_stand_in_one_order() -> None:
    head = write_head(letterhead(), addressed(references=EARLIER))
    assert [name for name, _ in parsed(head).items()] == (
        "From To Subject Date Message-ID Reply-To In-Reply-To References Auto-Submitted List-Id "
        "List-Unsubscribe List-Unsubscribe-Post Presskit-Checkpoint MIME-Version Content-Type "
        "Content-Language"
    ).split()
    assert head.endswith(b"\r\n\r\n") and head.count(b"\r\n\r\n") == 1
    assert_lines_fit(head)


def test_what_is_not_there_leaves_no_field() -> None:
    bare = letterhead(reply_to="", unsubscribe_url=None, checkpoint=b"", content=b"")
    assert write_head(bare, addressed(name="")).decode() == (
        'From: "Police, press desk" <media@example.org>\r\n'
        "To: city.desk@example.com\r\n"
        "Subject: =?utf-8?q?Op=C3=A9ration_=C2=AB_Nordwind_=C2=BB_=3A_douze_arresta?=\r\n"
        " =?utf-8?q?tions?=\r\n"
        "Date: Tue, 24 Nov 2026 09:30:15 -0330\r\n"
        f"Message-ID: {addressed().message_id}\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "List-Id: <press.example.org>\r\n"
        f"List-Unsubscribe: <mailto:stop@example.org?subject=unsubscribe%20{addressed().tag}>\r\n"
        "\r\n"
    )


def test_one_click_unsubscribing_is_literal() -> None:
    head = write_head(letterhead(), addressed())
    tag = addressed().tag.encode()
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in head
    assert b"\r\nList-Unsubscribe: <https://example.org/stop/%b?from=mail&list=press>, <mailto:" % tag in head


def test_a_draft_names_no_delivery_to_unsubscribe_from() -> None:
    head = write_head(letterhead(), addressed(tag=""))
    assert raw_field(head, "List-Unsubscribe") == "<mailto:stop@example.org?subject=unsubscribe>"
    assert "List-Unsubscribe-Post" not in parsed(head)


def test_a_long_one_click_address_stays_on_one_line() -> None:
    url = "https://example.org/{token}/" + "c" * 900
    head = write_head(letterhead(unsubscribe_url=url), addressed())
    assert b"<" + url.replace("{token}", addressed().tag).encode() + b">,\r\n <mailto:" in head
    assert_lines_fit(head)
    with pytest.raises(ValueError, match="longer than a line"):
        write_head(letterhead(unsubscribe_url=url + "c" * 100), addressed())


@pytest.mark.parametrize("size", [1, 200, 660, 675, 676, 3000, 10_000])
def test_a_checkpoint_comes_back_out_of_its_field(size: int) -> None:
    note = (CHECKPOINT * 60)[:size]
    head = write_head(letterhead(checkpoint=note), addressed())
    assert_lines_fit(head)
    assert base64.b64decode(raw_field(head, "Presskit-Checkpoint").replace(" ", ""), validate=True) == note
    assert str(parsed(head)["Presskit-Checkpoint"]) == raw_field(head, "Presskit-Checkpoint")


def test_many_earlier_messages_are_folded_between_them() -> None:
    earlier = [EARLIER.replace(".1.", f".{number}.") for number in range(1, 41)]
    head = write_head(letterhead(), addressed(references=" ".join(earlier)))
    assert_lines_fit(head)
    assert raw_field(head, "References").split(" ") == earlier
    assert raw_field(head, "In-Reply-To") == earlier[-1]


@pytest.mark.parametrize("write", TEXTS)
@pytest.mark.parametrize("text", REFUSED)
def test_a_line_end_in_a_text_is_refused(write: Callable[[str], bytes], text: str) -> None:
    with pytest.raises(ValueError, match=r"holds U|more than 2000"):
        write(text)


@pytest.mark.parametrize("write", TOKEN_FIELDS)
@pytest.mark.parametrize("text", [*REFUSED, "<", "é", " "])
def test_nothing_strange_gets_into_a_token(write: Callable[[str], bytes], text: str) -> None:
    with pytest.raises(ValueError, match=r"is |are not|longer"):
        write(text)


@pytest.mark.parametrize("text", [*REFUSED[:-1], "", " ", "é", " a", "a "])
def test_a_token_is_printable_ascii_whoever_writes_it(text: str) -> None:
    with pytest.raises(ValueError, match="not printable ASCII"):
        token_field("List-Id", ["<press.example.org>", text])


@pytest.mark.parametrize("text", AS_IT_IS)
def test_a_text_arrives_as_it_is_and_changes_nothing_else(text: str) -> None:
    usual = parsed(write_head(letterhead(), addressed())).keys()
    for write, read in zip(TEXTS, (_from, _subject, _reply_to, _to), strict=True):
        head = write(text)
        assert_lines_fit(head)
        assert parsed(head).keys() == usual
        assert read(head) == nfc(text)
        assert mailbox(head, "To")[1] == "city.desk@example.com"


def _from(head: bytes) -> str:
    return mailbox(head, "From")[0]


def _to(head: bytes) -> str:
    return mailbox(head, "To")[0]


def _reply_to(head: bytes) -> str:
    return mailbox(head, "Reply-To")[0]


def _subject(head: bytes) -> str:
    subject = words(raw_field(head, "Subject"))
    assert str(parsed(head)["Subject"]) == subject
    return subject


@pytest.mark.parametrize("utf8", [False, True])
@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_what_is_no_single_address_is_refused(address: str, utf8: bool) -> None:
    with pytest.raises(ValueError, match=r"no address|can not be seen"):
        write_head(letterhead(), addressed(address=address, utf8=utf8))
    for field in ("sender", "unsubscribe", "reply_to"):
        if field != "reply_to" or address:
            with pytest.raises(ValueError, match="no address"):
                write_head(letterhead(**{field: address}), addressed())


@pytest.mark.parametrize(
    "address", ["a@example.org", "o'neil+news@sub.example.org", "a_b-c.d@xn--bcher-kva.example"]
)
def test_a_usual_address_is_taken_as_it_is(address: str) -> None:
    head = write_head(
        letterhead(sender=address, reply_to=address, unsubscribe=address), addressed(address=address)
    )
    assert [mailbox(head, name)[1] for name in ("From", "To", "Reply-To")] == [address] * 3


def test_letters_beyond_ascii_before_the_at_need_servers_that_take_them() -> None:
    odd = "søren.用户@xn--bcher-kva.example"
    with pytest.raises(ValueError, match="no address a server takes"):
        write_head(letterhead(), addressed(address=odd))
    head = write_head(letterhead(), addressed(address=odd, name="Søren", utf8=True))
    assert "To: =?utf-8?b?U8O4cmVu?= <søren.用户@xn--bcher-kva.example>\r\n".encode() in head
    assert head.decode().replace(odd, "").isascii()


def test_a_percent_or_question_mark_in_an_address_does_not_end_its_mailto() -> None:
    head = write_head(letterhead(unsubscribe="a?b&c%d/e+f@example.org", unsubscribe_url=None), addressed())
    assert b"<mailto:a%3Fb%26c%25d%2Fe+f@example.org?subject=unsubscribe%20" in head


@pytest.mark.parametrize(
    ("date", "written"),
    [
        (datetime(2026, 3, 1, 0, 0, tzinfo=UTC), "Sun, 01 Mar 2026 00:00:00 +0000"),
        (
            datetime(2026, 12, 31, 23, 59, 59, 999_999, timezone(timedelta(hours=12, minutes=45))),
            "Thu, 31 Dec 2026 23:59:59 +1245",
        ),
    ],
)
def test_a_date_keeps_its_offset(date: datetime, written: str) -> None:
    assert raw_field(write_head(letterhead(), addressed(date=date)), "Date") == written


@pytest.mark.parametrize(
    "date",
    [datetime(2026, 3, 1), datetime(2026, 3, 1, tzinfo=timezone(timedelta(seconds=-75)))],  # noqa: DTZ001
)
def test_a_date_without_a_usable_offset_is_refused(date: datetime) -> None:
    with pytest.raises(ValueError, match="no offset in whole minutes"):
        write_head(letterhead(), addressed(date=date))


def test_an_empty_subject_is_refused() -> None:
    with pytest.raises(ValueError, match="Subject would be empty"):
        write_head(letterhead(subject=""), addressed())


@pytest.mark.parametrize(
    "url",
    ["http://example.org/{token}", "https://example.org/", "https://exämple.org/{token}", "https://{token}>"],
)
def test_a_one_click_address_is_https_and_names_the_delivery(url: str) -> None:
    with pytest.raises(ValueError, match="no https address"):
        write_head(letterhead(unsubscribe_url=url), addressed())


@pytest.mark.parametrize(
    "content",
    [
        b"Bcc: a@example.org\r\n",
        b"Content-Type: a/b",
        b"Content-Type: a/b\n",
        b"Content-Type: a/b\r\nBcc: a@example.org\r\n",
        b"Content-Type: a\r\n\r\n",
    ],
)
def test_only_the_bodys_own_fields_come_with_it(content: bytes) -> None:
    with pytest.raises(ValueError, match="fields of the body"):
        write_head(letterhead(content=content), addressed())


@pytest.mark.parametrize("name", ["Bcc", "Cc", "X\r\nBcc", "Subject\r\nBcc", "Precedence", "", "subject"])
def test_a_field_of_another_name_is_refused(name: str) -> None:
    assert name not in NAMES and "Subject" in NAMES
    writers: tuple[Any, ...] = (
        folded,
        lambda n, w, _: token_field(n, w),
        lambda n, w, _: parameters_field(n, w[0]),
    )
    for write in writers:
        with pytest.raises(ValueError, match="no field of our messages"):
            write(name, ["a"], 76)


def test_quotation_marks_stay_where_a_name_needs_them() -> None:
    head = write_head(letterhead(), addressed(name='J. "Red" Smith\\Co, desk'))
    assert b'To: "J. \\"Red\\" Smith\\\\Co, desk" <city.desk@example.com>\r\n' in head
    assert b"To: City desk <" in write_head(letterhead(), addressed())


def test_lines_with_encoded_words_are_narrow() -> None:
    head = write_head(letterhead(subject="ж" * 500, sender_name="é" * 300), addressed(name="漢" * 300))
    encoded = [line for line in head.split(b"\r\n") if b"=?" in line]
    assert len(encoded) > 60
    assert max(map(len, encoded)) <= 76
    for word in re.findall(rb"=\?utf-8\?b\?([^?]*)\?=", head):
        base64.b64decode(word, validate=True).decode()  # no character is split


def test_a_letterhead_comes_back_as_it_was_kept() -> None:
    kept = letterhead()
    assert letterhead_from(letterhead_json(kept), kept.content) == kept
