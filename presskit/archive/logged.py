"""The log against itself, against what lies in the archive, and against the checkpoints kept outside.

Not here: the log's lines (`log`), and the objects themselves (`structure`, `fixity`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from presskit.archive.checkpoint import Checkpoint, read_checkpoint
from presskit.archive.findings import FROM_A_COPY, LOOK_INTO_IT, RECOVER, SEND_AGAIN, Finding, Layer
from presskit.archive.layout import CHECKPOINT, INVENTORY, LOG, object_path, purged_name
from presskit.archive.merkle import Frontier
from presskit.archive.note import BadNote
from presskit.archive.site import Site
from presskit.signoff.canon import Value
from presskit.signoff.chain import Chain, Entry, leaf_digest
from presskit.signoff.envelope import BadEnvelope, read
from presskit.signoff.keys import PublicKey

Lists = Mapping[int, str]
"""Version → SHA-512 of its list, as they lie on the disk."""


@dataclass(slots=True)
class History:
    """What the log says of one object."""

    lists: dict[int, str] = field(default_factory=dict)  # version → SHA-512 of its list
    purge: Entry | None = None


def check_log(chain: Chain, torn_bytes: int) -> Iterator[Finding]:
    """Yield where the log does not hang together."""
    if chain.broken_at is not None:
        what = f"line {chain.broken_at} does not follow from those before it: the log was changed."
        yield _finding("log", what, LOOK_INTO_IT, "log-broken")
    if torn_bytes:
        what = f"its last line was not written whole: {torn_bytes} bytes."
        yield _finding("log", what, RECOVER, "log-torn")


def read_history(chain: Chain) -> tuple[dict[str, History], list[Finding]]:
    """Return what the log says of each object, and the lines that say what can not be."""
    found: dict[str, History] = {}
    wrong: list[Finding] = []
    for entry in chain.entries:
        reason = _note_entry(found, entry)
        if reason:
            what = f"line {entry.seq + 1} {reason}."
            wrong.append(_finding("log", what, LOOK_INTO_IT, "log-wrong"))
    return found, wrong


def check_history(
    object_id: str, history: History | None, lists: Lists, site: Site, keys: Collection[PublicKey]
) -> Iterator[Finding]:
    """Yield where an object is not what the log says of it.

    Args:
        history: ``None``: the log does not know the object.
        lists: what lies there; empty if nothing does.
    """
    folder = object_path(object_id)
    if history is None:
        what = "nobody logged that this was deposited."
        yield _about(object_id, 0, folder, what, LOOK_INTO_IT, "object-unlogged")
        return
    if history.purge is not None:
        yield from _check_purge(object_id, history, history.purge, site, keys)
        if lists:
            what = "this was removed by law, and lies there again."
            yield _about(object_id, 0, folder, what, "remove it again.", "purged-still-there")
        return
    if not lists:
        what = f"its {len(history.lists)} versions were deposited, and all are gone."
        yield _about(object_id, 0, folder, what, FROM_A_COPY, "object-removed")
        return
    for version, digest in history.lists.items():
        path = f"{folder}/v{version}/{INVENTORY}"
        if version not in lists:
            what = "this version was deposited, and is gone."
            yield _about(object_id, version, path, what, FROM_A_COPY, "version-removed")
        elif lists[version] != digest:
            what = "the list of this version's files is not the one that was logged."
            yield _about(object_id, version, path, what, FROM_A_COPY, "version-changed")
    for version in sorted(lists.keys() - history.lists.keys()):
        what = "nobody logged that this version was deposited."
        yield _about(object_id, version, f"{folder}/v{version}", what, RECOVER, "version-unlogged")


def check_checkpoints(
    site: Site, chain: Chain, keys: Collection[PublicKey], kept_outside: Sequence[bytes]
) -> Iterator[Finding]:
    """Yield where a checkpoint saw another log than the one that lies there."""
    read: list[tuple[str, Checkpoint]] = []
    notes = [(f"kept outside, number {at}", note) for at, note in enumerate(kept_outside, 1)]
    inside = site.root / CHECKPOINT
    if inside.is_file():
        notes.append(("in the archive", inside.read_bytes()))
    elif chain.entries:
        what = "the archive has no newest checkpoint."
        yield _finding("checkpoint", what, RECOVER, "checkpoint-missing", CHECKPOINT)
    for name, note in notes:
        try:
            read.append((name, read_checkpoint(note, site.origin, keys)))
        except BadNote as error:
            what = f"the checkpoint {name} does not count: {error}."
            fix = LOOK_INTO_IT if name == "in the archive" else SEND_AGAIN
            yield _finding("checkpoint", what, fix, "checkpoint-unsigned", CHECKPOINT)
    roots = _roots(chain, {checkpoint.size for _, checkpoint in read})
    for name, checkpoint in read:
        yield from _compare(name, checkpoint, roots, len(chain.entries))
    yield from _forks(read)
    if read and read[-1][0] == "in the archive" and read[-1][1].size < len(chain.entries):
        what = f"the newest checkpoint saw {read[-1][1].size} of {len(chain.entries)} lines."
        yield _finding("checkpoint", what, RECOVER, "checkpoint-behind", CHECKPOINT)


def _note_entry(found: dict[str, History], entry: Entry) -> str:
    """Add a line to its object's history; return why it can not be true, "" if it can."""
    facts = entry.facts
    object_id, version, digest = facts.get("object"), facts.get("version"), facts.get("inventory_sha512")
    texts = isinstance(object_id, str) and isinstance(digest, str) and isinstance(facts.get("at"), str)
    if not texts or not isinstance(version, int) or isinstance(version, bool):
        return "lacks what a line needs"
    history = found.setdefault(str(object_id), History())
    last = len(history.lists)
    if history.purge is not None:
        return f"is about {object_id}, which was removed before"
    match facts.get("action"):
        case "deposit" | "recovered" if version == last + 1:
            history.lists[version] = str(digest)
        case "purge" if version == last and history.lists[last] == digest:
            history.purge = entry
        case "deposit" | "recovered" | "purge":
            return f"is about version {version} of {object_id}, which had {last}"
        case action:
            return f"says {str(action)[:40]!r}, which is nothing an archive does"
    return ""


def _check_purge(
    object_id: str, history: History, purge: Entry, site: Site, keys: Collection[PublicKey]
) -> Iterator[Finding]:
    """Yield why what stays of a removed object does not prove the removal."""
    name = purged_name(object_id)
    reason = _why_unproven(object_id, history, purge.facts, (site.root / name), keys)
    if reason:
        yield _about(object_id, 0, name, f"{reason}.", FROM_A_COPY, "purged-unproven")


def _why_unproven(
    object_id: str, history: History, facts: Mapping[str, Value], stub: Path, keys: Collection[PublicKey]
) -> str:
    try:
        content = stub.read_bytes()
        envelope = read(content)
    except OSError:
        return "what says why this release was removed is missing"
    except BadEnvelope as error:
        return f"what says why this release was removed is garbled: {error}"
    if hashlib.sha256(content).hexdigest() != facts.get("stub_sha256"):
        return "what says why this release was removed is not what was logged"
    if not any(envelope.signed_by(key) for key in keys):
        return "nobody we know signed that this release was removed"
    said = envelope.statement.predicate
    versions = [{"version": n, "inventory_sha512": digest} for n, digest in history.lists.items()]
    if said.get("object") != object_id or said.get("versions") != versions:
        return "what says why this release was removed is about another one"
    return ""


def _roots(chain: Chain, sizes: Collection[int]) -> dict[int, bytes]:
    """Return the root of the log at each of these sizes."""
    frontier, found = Frontier(), {}
    if 0 in sizes:
        found[0] = frontier.root
    for entry in chain.entries:
        frontier = frontier.grown((leaf_digest(entry.line),))
        if frontier.size in sizes:
            found[frontier.size] = frontier.root
    return found


def _compare(name: str, checkpoint: Checkpoint, roots: Mapping[int, bytes], lines: int) -> Iterator[Finding]:
    if checkpoint.size > lines:
        what = f"the checkpoint {name} saw {checkpoint.size} lines, the log has {lines}: some were removed."
        yield _finding("checkpoint", what, LOOK_INTO_IT, "checkpoint-truncated")
    elif roots[checkpoint.size] != checkpoint.root:
        what = (
            f"the checkpoint {name} saw other lines among the first {checkpoint.size}: the log was rewritten."
        )
        yield _finding("checkpoint", what, LOOK_INTO_IT, "checkpoint-rewritten")


def _forks(read: Sequence[tuple[str, Checkpoint]]) -> Iterator[Finding]:
    first: dict[int, tuple[str, bytes]] = {}
    for name, checkpoint in read:
        other, root = first.setdefault(checkpoint.size, (name, checkpoint.root))
        if root != checkpoint.root:
            what = f"the checkpoints {other} and {name} of {checkpoint.size} lines saw different logs."
            yield _finding("checkpoint", what, LOOK_INTO_IT, "checkpoint-forked")


def _finding(layer: Layer, what: str, fix: str, code: str, file: str = LOG) -> Finding:
    return Finding(layer, "", 0, file, what, fix, code)


def _about(object_id: str, version: int, file: str, what: str, fix: str, code: str) -> Finding:
    return Finding("log", object_id, version, file, what, fix, code)
