"""A message as a file for the office's own mail program, for whoever has no relay or wants to look first.

Not here: who gets which (`pipeline`), and where the files lie.

Source: Microsoft, IConverterSession::MIMEToMAPI, CCSF_EMBEDDED_MESSAGE (X-Unsent).
"""

from __future__ import annotations

from presskit.send.message.body import Prepared, unstuffed
from presskit.send.message.fields import token_field


def draft(prepared: Prepared, head: bytes) -> bytes:
    """Return the file: Outlook opens it as a message still to be sent, Thunderbird to be edited as new.

    Args:
        head: as `head.write_head` returns it.

    Raises:
        ValueError: the head does not end with an empty line, or is of another body.
    """
    if not head.endswith(prepared.content + b"\r\n"):
        raise ValueError("this head is not of this body")
    return token_field("X-Unsent", ["1"]) + head + unstuffed(prepared)
