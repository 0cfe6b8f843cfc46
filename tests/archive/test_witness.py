from __future__ import annotations

import base64

import pytest

from presskit.archive.witness import checkpoint_in

NOTE = "example.org/presskit-archive\n2\nAAAA\n\n— example.org/presskit-archive BBBB\n".encode()
CODED = base64.b64encode(NOTE).decode()


def message(coded: str, end: str = "\r\n") -> bytes:
    lines = ("From: media@example.org", "Presskit-Checkpoint:" + coded, "To: a@example.org", "", "words", "")
    return end.join(lines).encode()


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize(
    "coded", [f" {CODED}", f" {CODED[:20]} {CODED[20:]}", f" {CODED[:20]}\r\n {CODED[20:]}"]
)
def test_a_message_gives_the_checkpoint_it_carries(coded: str, end: str) -> None:
    assert checkpoint_in(message(coded.replace("\r\n", end), end)) == NOTE


def test_a_checkpoint_by_itself_stays_as_it_is() -> None:
    assert checkpoint_in(NOTE) == NOTE


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"From: media@example.org\r\n\r\nPresskit-Checkpoint: QUJD\r\n",
        message(" not base64!"),
        b"Presskit-Checkpoint: " + b"A" * 200_000,
    ],
    ids=["nothing", "in the body", "garbled", "endless"],
)
def test_what_carries_none_stays_as_it_is(content: bytes) -> None:
    assert checkpoint_in(content) == content
