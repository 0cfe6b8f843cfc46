from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from presskit.send.message.body import prepare
from presskit.send.message.drafts import draft
from presskit.send.message.head import write_head
from tests.send.sample import (
    BODY,
    HTML,
    PDF,
    TEXT,
    addressed,
    assert_lines_fit,
    letterhead,
    mailbox,
    prepared,
    said,
)


def test_a_draft_is_the_message_still_to_be_sent() -> None:
    content = draft(prepared(), write_head(letterhead(), addressed()))
    assert content.startswith(b"X-Unsent: 1\r\nFrom: ")
    assert_lines_fit(content)
    message = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
    assert message["X-Unsent"] == "1"
    assert (said(message, "plain"), said(message, "html")) == (TEXT, HTML + "\n")
    assert [part.get_content() for part in message.iter_attachments()] == [PDF]
    assert mailbox(content.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", "To") == (
        "City desk",
        "city.desk@example.com",
    )


def test_a_file_has_no_doubled_dots() -> None:
    content = draft(prepared(), write_head(letterhead(), addressed()))
    assert b"\r\n.hidden file\r\n" in content
    assert b"\r\n..\r\n" in content and b"\r\n...\r\n" not in content


def test_a_head_of_another_body_is_refused() -> None:
    other = prepare(BODY, (), "fr-CA")
    head = write_head(letterhead(), addressed())
    for wrong in (head, head[:-2], b"", write_head(letterhead(content=b""), addressed())):
        with pytest.raises(ValueError, match="not of this body"):
            draft(other, wrong)
