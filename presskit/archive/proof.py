"""The signature layer of the check: whether what a version holds was signed off, and is all there.

It needs nothing but the archive: the words, the records, and the key ring's own object.  Not here: whether
files are what was deposited (`fixity`), and the archive's log (`logged`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

from presskit.archive.contents import ARCHIVED_KIND, FACTS, MANIFEST, POSITIONS, domain_of, ring_id
from presskit.archive.findings import Finding
from presskit.signoff.canon import digest
from presskit.signoff.envelope import BadEnvelope, Envelope, read
from presskit.signoff.keyring import Ring, make_ring
from presskit.signoff.records import Logged
from presskit.signoff.scopes import scopes_from
from presskit.signoff.state import State, evaluate

Files = Mapping[str, bytes]
"""The files of a version by name."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Checks versions against the key ring of their office."""

    rings: Mapping[str, Ring]  # by the office's domain, which it may have changed

    def __call__(
        self, object_id: str, version: int, readers: Mapping[str, Callable[[], bytes]]
    ) -> Iterator[Finding]:
        """Yield everything in a version that its signatures do not bear out.

        Args:
            readers: name of each file → what returns its bytes.
        """
        try:
            files = {name: read_file() for name, read_file in readers.items()}
            yield from self._manifest(object_id, version, files)
            if object_id == ring_id(domain_of(object_id)):
                yield from self._ring(object_id, version, files)
            else:
                yield from self._sign_off(object_id, version, files)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            what = f"what proves this version can not be read: {str(error) or type(error).__name__}."
            yield _finding(object_id, version, "", what, "proof-unreadable")

    def _manifest(self, object_id: str, version: int, files: Files) -> Iterator[Finding]:
        if MANIFEST not in files:
            yield _finding(
                object_id, version, MANIFEST, "the signed list of files is missing.", "list-missing"
            )
            return
        envelope = read(files[MANIFEST])
        if envelope.statement.kind != ARCHIVED_KIND or not self._known(object_id, envelope):
            what = "the list of files is signed by nobody of the key ring."
            yield _finding(object_id, version, MANIFEST, what, "list-unsigned")
        listed = envelope.statement.subjects
        there = {name for name in files if name != MANIFEST}
        for name in sorted(there - set(listed)):
            what = "this file is not in the signed list."
            yield _finding(object_id, version, name, what, "file-not-listed")
        for name, wanted in sorted(listed.items()):
            if name not in there:
                what = "the signed list names this file, and the version does not hold it."
                yield _finding(object_id, version, name, what, "file-not-there")
            elif digest(files[name]) != wanted:
                what = "this is not the file that was signed."
                yield _finding(object_id, version, name, what, "file-not-signed")

    def _ring_of(self, object_id: str) -> Ring:
        return self.rings.get(domain_of(object_id), Ring())

    def _known(self, object_id: str, envelope: Envelope) -> bool:
        """Whether somebody of the office whose key counted then has signed the list."""
        said = envelope.statement.predicate
        lines, day = said.get("log_lines"), date.fromisoformat(str(said.get("signed_on")))
        signers = self._ring_of(object_id).signers_of(envelope, lines, day) if isinstance(lines, int) else ()
        return any(signer.roles for signer in signers)

    def _ring(self, object_id: str, version: int, files: Files) -> Iterator[Finding]:
        for file, why in read_ring(files).left_out:
            what = f"this record of the key ring does not count: {why}."
            yield _finding(object_id, version, file, what, "record-left-out")

    def _sign_off(self, object_id: str, version: int, files: Files) -> Iterator[Finding]:
        facts = json.loads(files[FACTS])
        scopes = scopes_from(_words(files))
        state = kept_state(files, self._ring_of(object_id))
        for file, why in state.left_out:
            yield _finding(object_id, version, file, f"this record does not count: {why}.", "record-left-out")
        for missing in state.missing:
            what = f"{missing.part.owner} has not approved these words as they stand."
            name = f"words/{missing.part.name.removeprefix('block:')}.json"
            yield _finding(object_id, version, name, what, "approval-missing")
        if not state.cleared and not state.missing:
            what = "the kit is not signed off by those who have to."
            yield _finding(object_id, version, "", what, "sign-off-missing")
        if state.kit.closing is not None:
            yield from _kit(object_id, version, files, state.kit.closing.decision.files)
        if not object_id.endswith(f":{facts['slug']}") or scopes.kit != facts["kit"]:
            what = "this version belongs to another release."
            yield _finding(object_id, version, FACTS, what, "version-misplaced")


def read_ring(files: Files) -> Ring:
    """Return the key ring a version of its object holds.

    Raises:
        ValueError: it can not be read.
    """
    with _garbled():
        return make_ring(_logged(json.loads(files[POSITIONS])["ring"], files))


def kept_state(files: Files, ring: Ring) -> State:
    """Return how a release stood when it was deposited, from what the version holds.

    Raises:
        ValueError: it can not be read.
    """
    evidence = {n: digest(content) for n, content in files.items() if n.startswith("sign-off/evidence/")}
    with _garbled():
        records = list(_logged(json.loads(files[FACTS])["log"], files))
    return evaluate(scopes_from(_words(files)), records, ring, evidence)


@contextmanager
def _garbled() -> Iterator[None]:
    """Turn what garbled or missing files of a version make Python say into a ValueError."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError(f"a file of it is missing or garbled: {error}") from error


def _words(files: Files) -> dict[str, bytes]:
    return {n.removeprefix("words/"): content for n, content in files.items() if n.startswith("words/")}


def _logged(positions: Iterable[Mapping[str, object]], files: Files) -> Iterator[Logged]:
    for position in positions:
        file, seq = str(position["record"]), position["seq"]
        if not isinstance(seq, int):
            raise ValueError(f"{file} has no place in the log")
        at = datetime.fromisoformat(str(position["at"])).astimezone(UTC)
        try:
            yield Logged(file, seq, at, read(files[file]))
        except BadEnvelope as error:
            raise ValueError(f"{file}: {error}") from error


def _kit(object_id: str, version: int, files: Files, signed: Mapping[str, str]) -> Iterator[Finding]:
    kit = {name.removeprefix("kit/"): content for name, content in files.items() if name.startswith("kit/")}
    for name in sorted(set(kit) | set(signed)):
        if name not in signed:
            what = "nobody of the office has signed this file."
        elif name not in kit:
            what = "the office has signed this file, and the version does not hold it."
        elif digest(kit[name]) != signed[name]:
            what = "this is not the file the office has signed off."
        else:
            continue
        yield _finding(object_id, version, f"kit/{name}", what, "kit-not-signed")


def _finding(object_id: str, version: int, file: str, what: str, code: str) -> Finding:
    fix = "find out who wrote to the archive; put it right from a copy whose digest is the one in the log."
    return Finding("signature", object_id, version, file, what, fix, code)
