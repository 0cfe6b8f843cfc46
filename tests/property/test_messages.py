from __future__ import annotations

import base64
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from presskit.load.characters import FORBIDDEN
from presskit.send.bounces.reports import read_tags
from presskit.send.message.body import Attachment, prepare, unstuffed
from presskit.send.message.fields import TEXT_LENGTH
from presskit.send.message.head import write_head
from presskit.writers.mail import MailBody, Picture
from tests.send.sample import (
    TOKENS,
    addressed,
    assert_lines_fit,
    letterhead,
    mailbox,
    nfc,
    parsed,
    raw_field,
    received,
    said,
    words,
)

MANY = settings(max_examples=200)

FIELDS = parsed(write_head(letterhead(), addressed())).keys()

BITS = """=? ?= =?utf-8?q? =0D=0A ?utf-8?b? Bcc: , ; : < > ( ) [ ] " \\ @ . é ж 漢 😀 \u0301 \u200f
    ~ % ' _ = a desk example.org""".split()

characters = st.characters(exclude_categories=["Cs", "Cc"])
typed = st.one_of(
    st.text(characters, max_size=120),
    st.lists(st.sampled_from([*BITS, " ", "  ", "\u00a0", "\u3000", "x" * 70]), max_size=40).map("".join),
).filter(lambda text: len(text) <= TEXT_LENGTH and not FORBIDDEN.search(text))
written = st.text(st.characters(exclude_categories=["Cs"]), max_size=300) | st.lists(
    st.sampled_from([".", "..", "\n", "\r\n", "\r", "From ", "--=_", " ", "\t", "=", "é", "漢", "a" * 77])
).map("".join)
unread = re.compile(r"[/\\]|^[\"<].*[\">]$")  # refused; or Python's reader takes its quotation marks off
file_names = typed.filter(
    lambda text: 0 < len(text) <= 200 and text == text.strip() and not unread.search(text)
)


@MANY
@given(name=typed, sender=typed, reply_to=typed, subject=typed.filter(bool))
def test_any_name_and_subject_arrives_and_changes_nothing_else(
    name: str, sender: str, reply_to: str, subject: str
) -> None:
    head = write_head(
        letterhead(sender_name=sender, reply_to_name=reply_to, subject=subject), addressed(name=name)
    )
    assert_lines_fit(head)
    assert parsed(head).keys() == FIELDS
    assert mailbox(head, "To") == (nfc(name), "city.desk@example.com")
    assert mailbox(head, "From") == (nfc(sender), "media@example.org")
    assert mailbox(head, "Reply-To") == (nfc(reply_to), "desk@example.org")
    assert words(raw_field(head, "Subject")) == nfc(subject)
    assert max(len(line) for line in head.split(b"\r\n") if b"=?" in line or b"Subject" in line) <= 76


@MANY
@given(text=st.text())
def test_any_text_is_written_whole_or_refused(text: str) -> None:
    for fields in ({"sender_name": text}, {"subject": text}, {"reply_to_name": text}, {"list_id": text}):
        try:
            head = write_head(letterhead(**fields), addressed())
        except ValueError:
            continue
        assert parsed(head).keys() == FIELDS
    for part in ("address", "name", "message_id", "references", "tag"):
        try:
            head = write_head(letterhead(), addressed(**{part: text}))
        except ValueError:
            continue
        assert set(parsed(head).keys()) <= {*FIELDS, "References", "In-Reply-To"}


@MANY
@given(text=written, html=written, data=st.binary(max_size=300), name=file_names)
def test_any_body_arrives(text: str, html: str, data: bytes, name: str) -> None:
    picture = Picture("logo", "image/png", data)
    whole = prepare(MailBody(text, html, (picture,)), (Attachment(name, "application/pdf", data),), "en")
    assert_lines_fit(whole.body)
    assert not re.search(rb"^\.(?!\.)", whole.body, re.MULTILINE)
    assert max(map(len, unstuffed(whole).split(b"\r\n"))) <= 76
    message = received(whole)
    for form, source in (("plain", text), ("html", html)):
        lines = re.sub(r"\r\n?", "\n", source).removesuffix("\n") + "\n"
        assert said(message, "plain" if form == "plain" else "html") == lines
    (file,) = message.iter_attachments()
    assert (file.get_content(), file.get_filename()) == (data, nfc(name))


@MANY
@given(note=st.binary(min_size=1, max_size=3000))
def test_any_checkpoint_comes_back(note: bytes) -> None:
    head = write_head(letterhead(checkpoint=note), addressed())
    assert_lines_fit(head)
    assert base64.b64decode(raw_field(head, "Presskit-Checkpoint").replace(" ", ""), validate=True) == note


@MANY
@given(text=st.text() | st.from_regex(r"[0-9]{1,20}\.[0-9a-f]{10}", fullmatch=True))
def test_no_text_is_a_tag_by_chance(text: str) -> None:
    assert TOKENS.read_tag(text) is None


@MANY
@given(delivery=st.integers(1, 2**63 - 1))
def test_every_delivery_is_found_again(delivery: int) -> None:
    assert TOKENS.read_tag(TOKENS.tag(delivery)) == delivery
    for bounces in ("bounces@example.org", "bounces.example.org"):
        assert list(read_tags(TOKENS.bounce_address(bounces, delivery), TOKENS.read_tag)) == [delivery]
