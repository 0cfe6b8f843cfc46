"""The archive's log in a bucket: written anew with each line, over nothing but what was read; its checkpoint.

A line is added once, whoever gets there first: the depositor, or somebody who found the version unlogged.
Not here: what is deposited (`s3`).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass

from presskit.archive.checkpoint import write_checkpoint
from presskit.archive.layout import CHECKPOINT, LOG
from presskit.archive.merkle import Frontier
from presskit.archive.note import Signer
from presskit.archive.s3.bucket import TRIES, Bucket
from presskit.archive.s3.refused import busy, damaged
from presskit.signoff.canon import Value, canonical
from presskit.signoff.chain import leaf_digest, next_line


@dataclass(frozen=True, slots=True)
class Lines:
    """The log as it was read."""

    content: bytes
    etag: str

    def about(self, object_id: str) -> list[Mapping[str, Value]]:
        """Return the lines about an object, the oldest first."""
        named = b'"object":' + canonical(object_id) + b","
        return [_facts(line) for line in self.lines if named in line]

    @property
    def lines(self) -> list[bytes]:
        """All lines, without their ends."""
        return self.content.split(b"\n")[:-1]

    def frontier(self, size: int) -> Frontier:
        """Return the frontier of the first lines."""
        return Frontier().grown(map(leaf_digest, self.lines[:size]))


@dataclass(frozen=True, slots=True)
class BucketLog:
    """The log of an archive in a bucket."""

    bucket: Bucket
    origin: str  # the log's name in checkpoints

    def read(self) -> Lines:
        """Return the log as it is.

        Raises:
            ArchiveDamaged: it is gone, or ends within a line, which no crash leaves in a bucket.
        """
        stored = self.bucket.get(LOG)
        if stored is None:
            raise damaged(LOG, "the log is missing.")
        if stored.content and not stored.content.endswith(b"\n"):
            raise damaged(LOG, "the log ends within a line.")
        return Lines(stored.content, stored.etag)

    def append(self, facts: Mapping[str, Value], signer: Signer) -> int:
        """Add a line about a version unless it is there; then sign the new state; return the line's number.

        Raises:
            ArchiveDamaged: another list of that version is in the log, or the log can not be read.
            Unreadable: the server refuses or does not answer.
        """
        seq = self._append(facts)
        self.sign(signer, seq + 1)
        return seq

    def sign(self, signer: Signer, lines: int | None = None) -> bool:
        """Write a checkpoint unless there is one that saw that many lines, or all; whether it was written.

        Raises:
            ArchiveDamaged: the checkpoint there is saw a longer log, or another one.
        """
        for _ in range(TRIES):
            there = self.bucket.get(CHECKPOINT)  # before the log, which may have grown since
            log = self.read()
            size, root = _seen(there.content) if there is not None else (0, "")
            count = len(log.lines)
            if size > count:
                raise damaged(LOG, f"it has {count} lines, but its newest checkpoint saw {size}.")
            if size and log.frontier(size).root.hex() != root:
                raise damaged(LOG, "it is not the log its newest checkpoint was made of.")
            if size >= (count if lines is None else lines):
                return False
            note = write_checkpoint(self.origin, log.frontier(count), signer)
            if self.bucket.put(CHECKPOINT, note, there.etag if there is not None else ""):
                return True
        raise busy(self.bucket.url, "others write the checkpoint all the time.")

    def _append(self, facts: Mapping[str, Value]) -> int:
        for _ in range(TRIES):
            log = self.read()
            for line in log.about(str(facts["object"])):
                if line.get("version") == facts["version"]:
                    return _same(line, facts)
            before = log.lines
            try:
                added = next_line(before[-1] if before else None, facts)
            except ValueError as error:
                raise damaged(LOG, "its last line can not be read.") from error
            if self.bucket.put(LOG, log.content + added + b"\n", log.etag):
                return len(before)
        raise busy(self.bucket.url, "others write the log all the time.")


def _same(line: Mapping[str, Value], facts: Mapping[str, Value]) -> int:
    seq = line.get("seq")
    if line.get("inventory_sha512") != facts["inventory_sha512"] or not isinstance(seq, int):
        raise damaged(LOG, f"it has another version {facts['version']} of {facts['object']}.")
    return seq


def _facts(line: bytes) -> Mapping[str, Value]:
    try:
        facts = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise damaged(LOG, "one of its lines can not be read.") from error
    if not isinstance(facts, dict):
        raise damaged(LOG, "one of its lines can not be read.")
    return facts


def _seen(note: bytes) -> tuple[int, str]:
    """Return size and root of a checkpoint, unchecked."""
    try:
        _, size, root, *_ = note.decode().split("\n")
        return int(size), base64.b64decode(root, validate=True).hex()
    except ValueError as error:
        raise damaged(CHECKPOINT, "the newest checkpoint can not be read.") from error
