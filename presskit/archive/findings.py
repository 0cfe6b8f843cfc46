"""One thing that is not as it was deposited: which file of which version, in plain words.

Not here: finding them (`structure`, `fixity`, `logged`), and printing them (`cli`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Layer = Literal["structure", "fixity", "signature", "log", "checkpoint"]
"""What noticed it: rules of OCFL, digests of files, signatures, the log, or what is kept outside of it."""

FROM_A_COPY = "put it back from a copy whose digest is the one in the log."
LOOK_INTO_IT = "find out who wrote to the archive; put it right from a copy."
RECOVER = "run presskit archive: it mends what a crash left behind."
SEND_AGAIN = "name the copy as it was sent, or another one; the archive itself may be sound."


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong."""

    layer: Layer
    object_id: str  # "" where it is none of an object
    version: int  # 0: the object as a whole
    file: str  # from the archive's root, with forward slashes; "" for the object as a whole
    what: str  # a sentence
    fix: str  # what to do, in the imperative
    code: str  # of OCFL for the layer structure, "E092"; else kebab-case

    def __str__(self) -> str:
        where = self.file or self.object_id or "archive"
        if (
            self.layer == "signature" and self.version
        ):  # named within the version, by the name it was signed under
            release = self.object_id.rpartition(":")[2]
            where = ", ".join(filter(None, (f"{release} version {self.version}", self.file)))
        return f"{where}: {self.what}\n    fix: {self.fix}  [{self.layer}: {self.code}]"


CODES: dict[str, str] = {
    "file-changed": "a file does not have the digest it was deposited with",
    "file-missing": "a file that was deposited is not there",
    "file-untracked": "a file lies there that was never deposited",
    "object-misplaced": "an object lies where another one belongs",
    "object-removed": "all of an object that was deposited is gone",
    "object-unlogged": "an object lies there that the log does not know",
    "version-removed": "a version that was deposited is gone",
    "version-changed": "the list of a version is not the one that was logged",
    "version-unlogged": "a version lies there that the log does not know",
    "purged-still-there": "content that was removed by law lies there",
    "purged-unproven": "what says that an object was removed by law is missing, changed or not signed",
    "log-broken": "a line of the log does not follow from those before",
    "log-torn": "the log ends within a line",
    "log-wrong": "a line of the log says what can not be",
    "checkpoint-missing": "the archive's newest checkpoint is not there",
    "checkpoint-behind": "the archive's newest checkpoint is older than its log",
    "checkpoint-unsigned": "a checkpoint is garbled, of another log, or signed by none of the known keys",
    "checkpoint-truncated": "a checkpoint saw lines the log does not have",
    "checkpoint-rewritten": "a checkpoint saw another log",
    "checkpoint-forked": "two checkpoints of the same length saw different logs",
    "timestamp-invalid": "a time stamp is not over the checkpoint beside it, or of nobody who is believed",
    "list-missing": "the signed list of a version's files is not there",
    "list-unsigned": "the list of files is signed by nobody of the office whose key counted then",
    "file-not-listed": "a file is not in the signed list",
    "file-not-there": "the signed list names a file the version does not hold",
    "file-not-signed": "a file is not the one in the signed list",
    "proof-unreadable": "what proves a version can not be read",
    "version-misplaced": "a version belongs to another release",
    "approval-missing": "somebody has not approved the words of a version",
    "sign-off-missing": "a version was not signed off by those who have to",
    "kit-not-signed": "a file of the kit is not the one the office has signed off",
    "record-left-out": "a record of a version does not count",
    "record-withheld": "a version leaves out a record it had to hold",
    "key-file-wrong": "a key file of the archive's root is no key of the office",
    "ring-unreadable": "the archived key ring can not be read",
    "ring-differs": "the archived key ring is not the office's",
}
"""Every code beside those of OCFL."""
