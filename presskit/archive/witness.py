"""A checkpoint out of what somebody kept outside the office: a file of its own, or a message to the media.

Not here: whether the checkpoint is borne out by the log (`logged`).
"""

from __future__ import annotations

import base64
import binascii
import re

FIELD = "Presskit-Checkpoint"
"""Of a message's head: the archive's newest checkpoint when it was sent, in base64."""

LIMIT_BYTES = 100_000
"""A message's head is not looked for beyond."""

_FIELD = re.compile(rf"(?im)^{FIELD}:((?:[ \t][^\n]*\n)+)".encode())


def checkpoint_in(content: bytes) -> bytes:
    """Return the checkpoint a message carries in its head; what is no such message comes back as it is."""
    head = re.split(rb"\r?\n\r?\n", content[:LIMIT_BYTES], maxsplit=1)[0] + b"\n"
    found = _FIELD.search(head.replace(b"\r\n", b"\n"))
    if found is None:
        return content
    try:
        return base64.b64decode(b"".join(found[1].split()), validate=True)
    except binascii.Error:
        return content
