"""The archive's log: one line for each deposit and removal, chained, and the newest checkpoint of it.

Adding stays as fast however long the log is: the frontier of its tree is kept beside the archive, and made
anew if it is missing or does not fit.  Not here: comparing the log with what lies in the archive (`logged`).
"""

from __future__ import annotations

import base64
import json
import mmap
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from presskit.archive.checkpoint import write_checkpoint
from presskit.archive.layout import CHECKPOINT, LOG
from presskit.archive.merkle import Frontier
from presskit.archive.note import Signer
from presskit.disk import append_line, replace_through, whole_bytes, whole_lines
from presskit.errors import ArchiveDamaged, Place, Problem
from presskit.signoff.canon import Value, canonical
from presskit.signoff.chain import Chain, leaf_digest, next_line, read_chain

LIMIT_BYTES = 1_000_000_000
"""The largest log that is read: three million deposits."""

_LINE_LIMIT_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Log:
    """The log of one archive."""

    root: Path  # the archive
    work: Path  # the folder beside it
    origin: str  # the log's name in checkpoints

    @property
    def file(self) -> Path:
        """Where the lines are."""
        return self.root / LOG

    def chain(self) -> Chain:
        """Return all lines as far as they hang together; a torn last one is left out."""
        return read_chain(whole_lines(self.file, LIMIT_BYTES))

    def torn_bytes(self) -> int:
        """Return how much of a line a crash left at the end."""
        return self.file.stat().st_size - whole_bytes(self.file) if self.file.exists() else 0

    def last_of(self, object_id: str) -> Mapping[str, Value] | None:
        """Return the newest line about an object."""
        named = b'"object":' + canonical(object_id) + b","
        if not self.file.exists() or not (whole := whole_bytes(self.file)):
            return None
        with self.file.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            found = content.rfind(named, 0, whole)
            if found < 0:
                return None
            line = content[content.rfind(b"\n", 0, found) + 1 : content.find(b"\n", found)]
        return _facts(line)

    def append(self, facts: Mapping[str, Value], signer: Signer) -> int:
        """Add a line and wait until the disk has it; then sign the new state; return the line's number.

        Call it under the archive's lock.

        Raises:
            ArchiveDamaged: the log's last line can not be read.
        """
        try:
            line = next_line(self._last_line(), facts)
        except ValueError as error:
            raise _damaged("its last line can not be read.") from error
        append_line(self.file, line)
        return self.sign(signer) - 1

    def sign(self, signer: Signer) -> int:
        """Write the checkpoint of the log as it is now; return the number of lines."""
        frontier = self.frontier()
        note = write_checkpoint(self.origin, frontier, signer)
        replace_through(self.root / CHECKPOINT, note, self.work / CHECKPOINT)
        return frontier.size

    def is_signed(self) -> bool:
        """Whether the newest checkpoint is of the log as it is now; not whether its signature holds.

        Raises:
            ArchiveDamaged: the checkpoint is of a longer log, or of another one.
        """
        size, root = self._signed()
        frontier = self.frontier()
        if size > frontier.size:
            raise _damaged(f"it has {frontier.size} lines, but its newest checkpoint saw {size}.")
        if size == frontier.size and size and root != frontier.root.hex():
            raise _damaged("it is not the log its newest checkpoint was made of.")
        return size == frontier.size

    def frontier(self) -> Frontier:
        """Return the frontier of the log, from what was kept of it and the lines since."""
        if not self.file.exists():
            return Frontier()
        end = whole_bytes(self.file)
        start, frontier = self._kept(end)
        if start == end:
            return frontier
        with self.file.open("rb") as file:
            file.seek(start)
            lines = file.read(end - start).split(b"\n")[:-1]
        frontier = frontier.grown(map(leaf_digest, lines))
        self._keep(end, lines[-1], frontier)
        return frontier

    def _last_line(self, end: int | None = None) -> bytes | None:
        """Return the line that ends at a byte, else the last whole one."""
        if end is None:
            end = whole_bytes(self.file) if self.file.exists() else 0
        if not end:
            return None
        with self.file.open("rb") as file:
            file.seek(max(0, end - _LINE_LIMIT_BYTES))
            tail = file.read(min(end, _LINE_LIMIT_BYTES))
        return tail[:-1].rpartition(b"\n")[2] if tail.endswith(b"\n") else None

    def _kept(self, end: int) -> tuple[int, Frontier]:
        """Return up to which byte the frontier was kept, and the frontier; nothing if it does not fit."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            kept = json.loads((self.work / "frontier.json").read_bytes())
            last = self._last_line(kept["bytes"]) if 0 < kept["bytes"] <= end else None
            tops = tuple(bytes.fromhex(top) for top in kept["tops"])
            fits = last is not None and leaf_digest(last).hex() == kept["last"]
            if fits and len(tops) == kept["lines"].bit_count():
                return kept["bytes"], Frontier(kept["lines"], tops)
        return 0, Frontier()

    def _keep(self, end: int, last: bytes, frontier: Frontier) -> None:
        """Keep the frontier for the next time; it is made anew if this is lost."""
        kept = {
            "bytes": end,
            "lines": frontier.size,
            "last": leaf_digest(last).hex(),
            "tops": [top.hex() for top in frontier.tops],
        }
        with suppress(OSError):
            scratch = self.work / "frontier"
            scratch.write_text(json.dumps(kept), "utf-8")
            scratch.replace(self.work / "frontier.json")

    def _signed(self) -> tuple[int, str]:
        """Return size and root of the newest checkpoint, unchecked; 0 without one."""
        try:
            _, size, root, *_ = (self.root / CHECKPOINT).read_text("utf-8").split("\n")
            return int(size), base64.b64decode(root, validate=True).hex()
        except FileNotFoundError:
            return 0, ""
        except ValueError as error:
            raise _damaged("its newest checkpoint can not be read.") from error


def _facts(line: bytes) -> Mapping[str, Value]:
    try:
        facts = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _damaged("one of its lines can not be read.") from error
    if not isinstance(facts, dict):
        raise _damaged("one of its lines can not be read.")
    return facts


def _damaged(what: str) -> ArchiveDamaged:
    fix = "run presskit verify to see what is wrong; deposit nothing until it is put right from a copy."
    return ArchiveDamaged(Problem(Place(LOG), "log", what, fix, "archive-damaged"))
