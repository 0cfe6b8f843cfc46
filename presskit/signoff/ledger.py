"""The office's ledger: record files in the order of one log, read whole and added to one at a time.

::

    data/sign-off/log.jsonl                    a line for each record, hash-chained
    data/sign-off/ring/NNNN-….dsse.json        the key ring's records
    data/releases/<slug>/sign-off/NNNN-….dsse.json    a release's, with evidence/ beside them

A record that the log does not name, or names otherwise, does not count.  Not here: what records mean
(`keyring`, `state`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from presskit.errors import NotAllowed, Place, Problem, Unreadable, WrongUsage
from presskit.signoff.canon import Unsignable, Value, digest
from presskit.signoff.chain import Chain, Entry, next_line, read_chain
from presskit.signoff.envelope import LIMIT_BYTES, BadEnvelope, Envelope, read
from presskit.signoff.keyring import Ring, make_ring
from presskit.signoff.records import Logged
from presskit.workspace import SIGN_OFF_LOG, Workspace

FOLDER = "data/sign-off"
LOG = SIGN_OFF_LOG
RING = f"{FOLDER}/ring"
EVIDENCE_BYTES = 25_000_000
"""The largest file of evidence: a scanned page, a mail with what hangs on it."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The log and the key ring, as they are now."""

    chain: Chain
    ring: Ring
    problems: tuple[Problem, ...]  # records that are missing or not what the log says

    @property
    def broken(self) -> Problem | None:
        """What is wrong with the log itself; nothing can be added to it then."""
        if self.chain.broken_at is None:
            return None
        what = "this line does not follow from those before it: somebody has changed the log."
        fix = "put back the log from a copy made before; records from here on do not count."
        return Problem(Place(LOG, self.chain.broken_at), "", what, fix, "log-broken")

    def all_problems(self) -> tuple[Problem, ...]:
        """Return everything that is wrong with the log and the key ring."""
        left_out = (
            Problem(
                Place(file), "", f"this record of the key ring does not count: {why}.", FIX, "record-left-out"
            )
            for file, why in self.ring.left_out
        )
        return (*((self.broken,) if self.broken else ()), *self.problems, *left_out)


FIX = "find out who put it there; it can stay, and changes nothing."


@dataclass(frozen=True, slots=True)
class ReleaseRecords:
    """What the ledger holds about one release."""

    records: tuple[Logged, ...]  # in the order of the log
    evidence: Mapping[str, str]  # file name → SHA-256
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record about to be added."""

    name: str  # what the file is called after its number: "approve-dusto"
    content: bytes
    facts: Mapping[str, Value]  # further fields of the line in the log


def folder_of(slug: str) -> str:
    """Return where a release's records lie."""
    return f"data/releases/{slug}/sign-off"


def open_ledger(workspace: Workspace) -> Ledger:
    """Return the ledger as it is on disk.

    Raises:
        Unreadable: the log can not be read.
    """
    chain = read_chain(workspace.journal(LOG))
    records, problems = _records(workspace, chain, RING)
    founding = next((e.seq for e in chain.entries if str(e.facts.get("record")).startswith(f"{RING}/")), None)
    founded = bool(records) and records[0].seq == founding  # else whoever removes that file could found anew
    return Ledger(chain, make_ring(records if founded else ()), problems)


def ring_records(ledger: Ledger, workspace: Workspace) -> tuple[Logged, ...]:
    """Return the records of the key ring, in the order of the log."""
    return _records(workspace, ledger.chain, RING)[0]


def records_of(slug: str, ledger: Ledger, workspace: Workspace) -> ReleaseRecords:
    """Return the records of one release with its evidence, and what is wrong with them."""
    folder = folder_of(slug)
    records, problems = _records(workspace, ledger.chain, folder)
    evidence: dict[str, str] = {}
    for name in workspace.names(f"{folder}/evidence"):
        try:
            evidence[name] = digest(workspace.read(f"{folder}/evidence/{name}", EVIDENCE_BYTES))
        except Unreadable as error:
            problems = (*problems, *error.problems)
    return ReleaseRecords(records, evidence, problems)


def add_record(folder: str, workspace: Workspace, make: Callable[[Ledger], NewRecord]) -> Logged:
    """Add one record to the ledger and return it; records are added one at a time, also by several people.

    Args:
        folder: where its file lies, from the project folder.
        make: given the ledger as it is then, returns the record; may raise to add nothing.

    Raises:
        NotAllowed: the log is broken, or whatever ``make`` raises.
        WrongUsage: a note or reason has a character that hides words.
        Unreadable: the record can not be written; then the log does not name it.
    """
    with workspace.locked(FOLDER):
        ledger = open_ledger(workspace)
        if ledger.broken is not None:
            raise NotAllowed(ledger.broken)
        new = _made(make, ledger, folder)
        envelope = _readable(new, folder)
        last = ledger.chain.entries[-1] if ledger.chain.entries else None
        at = max(workspace.now.astimezone(UTC), _newest(ledger.chain))
        seq = last.seq + 1 if last else 0
        file = f"{folder}/{seq + 1:04}-{new.name}-{digest(new.content)[:8]}.dsse.json"
        workspace.add(file, new.content, replace=True)  # what a crash left under this name has the same bytes
        facts: dict[str, Value] = {**new.facts, "record": file, "sha256": digest(new.content)}
        facts["at"] = at.isoformat(timespec="seconds")
        workspace.append(LOG, next_line(last.line if last else None, facts))
    return Logged(file, seq, at, envelope)


def _made(make: Callable[[Ledger], NewRecord], ledger: Ledger, folder: str) -> NewRecord:
    """Return the record that is to be added."""
    try:
        return make(ledger)
    except Unsignable as error:
        fix = "write the note or the reason without it."
        raise WrongUsage(Problem(Place(folder), "", f"{error}.", fix, "character-forbidden")) from error


def _readable(new: NewRecord, folder: str) -> Envelope:
    """Return the envelope of a record that is about to be added."""
    try:
        return read(new.content)
    except BadEnvelope as error:
        fix = "shorten the note or the reason."
        problem = Problem(Place(folder), "", f"this can not be recorded: {error}.", fix, "file-too-large")
        raise NotAllowed(problem) from error


def _records(
    workspace: Workspace, chain: Chain, folder: str
) -> tuple[tuple[Logged, ...], tuple[Problem, ...]]:
    """Return the records of one folder that are what the log says, and a problem for each other one."""
    named: set[str] = set()
    records: list[Logged] = []
    problems: list[Problem] = []
    for entry in chain.entries:
        file = entry.facts.get("record")
        if not isinstance(file, str) or not file.startswith(f"{folder}/"):
            continue
        named.add(file)
        try:
            content = workspace.read(file, LIMIT_BYTES)
            if digest(content) != entry.facts.get("sha256"):
                raise BadEnvelope("it has been changed since it was added to the log")
            records.append(Logged(file, entry.seq, _at(entry), read(content)))
        except (BadEnvelope, Unreadable, ValueError) as error:
            problems.append(_not_counted(file, error))
    there = (f"{folder}/{name}" for name in workspace.names(folder, ".dsse.json"))
    problems += [_stray(file) for file in there if file not in named]
    return tuple(records), tuple(problems)


def _at(entry: Entry) -> datetime:
    """Return when a line was added.

    Raises:
        ValueError: the line does not say so.
    """
    at = datetime.fromisoformat(str(entry.facts.get("at")))
    if at.tzinfo is None:
        raise ValueError("its time has no zone")
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("its time is no time") from error


def _newest(chain: Chain) -> datetime:
    """Return the time of the last line that says one."""
    for entry in reversed(chain.entries):
        with suppress(ValueError):
            return _at(entry)
    return datetime.min.replace(tzinfo=UTC)


def _not_counted(file: str, error: Exception) -> Problem:
    why = "it is missing" if isinstance(error, Unreadable) else str(error)
    fix = "put it back from a copy made before; until then it does not count."
    code = "record-missing" if isinstance(error, Unreadable) else "record-changed"
    return Problem(Place(file), "", f"the log names this record, but {why}.", fix, code)


def _stray(file: str) -> Problem:
    what = "this record is not in the log, so it does not count."
    fix = (
        "if the release was renamed, give it its old name back; if it was being written when the power"
        " failed, sign again; else find out who put it there."
    )
    return Problem(Place(file), "", what, fix, "record-left-out", "warning")
