"""A journal whose lines hang together: each names the digest of the one before it.

Bytes in, entries out; a line that was changed, moved, added or taken out breaks the chain behind it.  Not
here: where a journal lies, and its lock (`disk`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from presskit.signoff.canon import Unsignable, Value, canonical

NOTHING_BEFORE = "0" * 64
"""What the first line names as the line before it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a journal."""

    seq: int  # from 0
    facts: Mapping[str, Value]  # all fields of the line, seq and prev too
    line: bytes  # without its line end


@dataclass(frozen=True, slots=True)
class Chain:
    """A journal as far as it hangs together."""

    entries: tuple[Entry, ...]
    broken_at: int | None = (
        None  # number of the first line, from 1, that does not follow from those before it
    )

    @property
    def head(self) -> str:
        """The digest the next line names."""
        return leaf_digest(self.entries[-1].line).hex() if self.entries else NOTHING_BEFORE


def leaf_digest(line: bytes) -> bytes:
    """Return the digest of one line.  Source: RFC 9162, 2.1.1: a leaf is hashed behind a zero byte."""
    return hashlib.sha256(b"\0" + line).digest()


def read_chain(content: bytes) -> Chain:
    """Return the entries of a journal; where the chain breaks, those before the break and its line number."""
    entries: list[Entry] = []
    previous = NOTHING_BEFORE
    for number, line in enumerate(content.split(b"\n")[:-1], 1):
        facts = _facts(line)
        if facts is None or facts.get("seq") != len(entries) or facts.get("prev") != previous:
            return Chain(tuple(entries), number)
        entries.append(Entry(len(entries), facts, line))
        previous = leaf_digest(line).hex()
    return Chain(tuple(entries))


def next_line(last_line: bytes | None, facts: Mapping[str, Value]) -> bytes:
    """Return the line that follows the last one (none: the first), without its line end.

    Raises:
        ValueError: the last line is none of a chain.
    """
    if last_line is None:
        seq, prev = 0, NOTHING_BEFORE
    else:
        before = _facts(last_line)
        last = before.get("seq") if before is not None else None
        if not isinstance(last, int):
            raise ValueError("the last line of the journal can not be read")
        seq, prev = last + 1, leaf_digest(last_line).hex()
    return canonical({**facts, "seq": seq, "prev": prev})


def _facts(line: bytes) -> dict[str, Value] | None:
    """Return the fields of a line; ``None`` if it is not written the one way it can be."""
    try:
        facts = json.loads(line)
        return facts if isinstance(facts, dict) and canonical(facts) == line else None
    except (ValueError, RecursionError, Unsignable):
        return None
