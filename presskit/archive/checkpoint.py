"""The state of the log in three signed lines, which leave the house so that nobody in it can rewrite the log.

Not here: the log itself (`log`), and comparing the two (`logged`).

Source: C2SP, "Transparency log checkpoints" (tlog-checkpoint).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass

from presskit.archive.merkle import Frontier
from presskit.archive.note import BadNote, Signer, exactly, open_note, sign_note
from presskit.signoff.keys import PublicKey


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How long the log was, and what stood in it."""

    origin: str  # which log it is
    size: int  # lines
    root: bytes  # RFC 9162 root over them


def write_checkpoint(origin: str, frontier: Frontier, signer: Signer) -> bytes:
    """Return the checkpoint of a log, signed."""
    root = base64.b64encode(frontier.root).decode()
    return sign_note(f"{origin}\n{frontier.size}\n{root}\n", origin, signer)


def read_checkpoint(note: bytes, origin: str, keys: Iterable[PublicKey]) -> Checkpoint:
    """Return a checkpoint of the log of that origin, signed by one of the keys.

    Raises:
        BadNote: it is garbled, of another log, or signed by nobody we know.
    """
    lines = open_note(note, origin, keys).split("\n")[:-1]
    if len(lines) != 3:
        raise BadNote("it is no checkpoint of three lines")
    named, size, encoded = lines
    if named != origin:
        raise BadNote(f"it is of the log {named!r}, not of {origin!r}")
    if not re.fullmatch(r"0|[1-9][0-9]{0,17}", size, re.ASCII):
        raise BadNote(f"{size[:40]!r} is no number of lines")
    root = exactly(encoded)
    if len(root) != 32:
        raise BadNote("its root is no SHA-256")
    return Checkpoint(named, int(size), root)
