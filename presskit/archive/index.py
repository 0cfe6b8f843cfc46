"""The archive's log to rows of the search index: what each version says, and where it belongs in time.

Files are read as they lie, without comparing digests: an index is a cache.  Not here: the index's file, and
asking it (`find`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from presskit.archive.contents import fields_in
from presskit.archive.layout import INVENTORY, LOG, newest_version, object_path
from presskit.signoff.chain import leaf_digest

TEXT_LIMIT_BYTES = 5_000_000
"""How much of a text is entered."""

A_DAY = 1 << 24
"""Places of one day in the index: more than a log has lines."""

_LINE_LIMIT_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Journal:
    """How far the log has been read."""

    bytes: int = 0  # up to where
    last: str = ""  # digest of the line that ends there


@dataclass(frozen=True, slots=True)
class Deposit:
    """A line of the log that put a version into the archive."""

    seq: int
    object_id: str
    version: int


@dataclass(frozen=True, slots=True)
class News:
    """What the log has more than before."""

    deposits: tuple[Deposit, ...]  # some of them may have been removed since
    purges: bool  # whether something was removed
    end: Journal


@dataclass(frozen=True, slots=True)
class Row:
    """One version, as it is entered."""

    place: int  # by day of issue, then by line of the log: the index is read backwards from the newest
    number: int
    slug: str
    reference: str
    issued: str
    headline: str
    language: str
    state: str
    speakers: str
    agencies: str
    running: Path | None  # the text as it went out

    def text(self) -> str:
        """Return the running words; nothing if they can not be read."""
        return _read(self.running).decode("utf-8", "replace") if self.running else ""


def first_place(day: date) -> int:
    """Return the lowest place of a day."""
    return day.toordinal() * A_DAY


def unread(root: Path, known: Journal) -> bool:
    """Whether the log is not just what is known of it."""
    try:
        size = (root / LOG).stat().st_size
    except OSError:
        size = 0
    return size != known.bytes or not _fits(root, known)


def read_journal(root: Path, known: Journal) -> News | None:
    """Return what the log has more than what is known; ``None`` if that is not how it begins."""
    if not _fits(root, known):
        return None
    try:
        with (root / LOG).open("rb") as journal:
            journal.seek(known.bytes)
            lines = journal.read().split(b"\n")[:-1]
    except OSError:
        lines = []
    deposits: list[Deposit] = []
    purges = False
    for line in lines:
        facts = fields_in(line)
        found = Deposit(_number(facts, "seq"), _text(facts, "object"), _number(facts, "version"))
        if facts.get("action") == "purge":
            purges = True
        elif found.object_id and found.version:
            deposits.append(found)
    end = known.bytes + sum(len(line) + 1 for line in lines)
    last = leaf_digest(lines[-1]).hex() if lines else known.last
    return News(tuple(deposits), purges, Journal(end, last))


def rows_of(root: Path, deposits: Sequence[Deposit]) -> list[Row]:
    """Return the rows of what was deposited, in their places; what can not be read has none."""
    by_object: dict[str, list[Deposit]] = {}
    for deposit in deposits:
        by_object.setdefault(deposit.object_id, []).append(deposit)
    found: dict[int, Row] = {}
    for object_id, its in by_object.items():
        folder = root / object_path(object_id)
        inventory = fields_in(_read(folder / f"v{newest_version(folder)}" / INVENTORY))
        for deposit in its:
            row = _row(deposit, _paths(inventory, deposit.version), f"{folder}/")
            if row is not None:
                found[row.place] = row
    return [found[place] for place in sorted(found)]


def _row(deposit: Deposit, paths: Mapping[str, str], folder: str) -> Row | None:
    """Return the row of a version; ``None`` for what is no release, or can not be read."""
    if "version.json" not in paths:
        return None
    facts = fields_in(_read(Path(folder + paths["version.json"])))
    slug, issued = _text(facts, "slug"), _text(facts, "issued")
    if not slug:
        return None
    speakers, agencies = [], []
    for name, path in paths.items():
        if name.startswith("words/quote."):
            speakers.append(_named(_block(folder + path).get("speaker")))
        elif name.startswith("words/mention."):
            agencies.append(_named(_block(folder + path).get("agency")))
    running = paths.get(f"kit/{slug}.txt")
    return Row(
        _place(issued, deposit.seq),
        deposit.version,
        slug,
        _text(facts, "reference"),
        issued,
        _text(facts, "headline"),
        _text(facts, "language"),
        _text(facts, "state"),
        "\n".join(speakers),
        "\n".join(agencies),
        Path(folder + running) if running else None,
    )


def _place(issued: str, seq: int) -> int:
    try:
        day = date.fromisoformat(issued)
    except ValueError:
        day = date.min
    return first_place(day) + min(seq, A_DAY - 1)


def _named(owner: Any) -> str:  # noqa: ANN401 (JSON)
    """Return all that somebody can be asked for by: id, name, rank, title."""
    return " ".join(v for v in owner.values() if isinstance(v, str)) if isinstance(owner, dict) else ""


def _block(path: str) -> dict[str, Any]:
    block = fields_in(_read(Path(path))).get("block")
    return block if isinstance(block, dict) else {}


def _paths(inventory: Mapping[str, Any], version: int) -> dict[str, str]:
    """Return name → path below the object's folder, of what an index looks at; nothing if it is garbled."""
    try:
        manifest = inventory["manifest"]
        return {
            name: manifest[digest][0]
            for digest, names in inventory["versions"][f"v{version}"]["state"].items()
            for name in names
            if name == "version.json" or name.endswith(".txt") or name.startswith("words/")
            if ".." not in manifest[digest][0]
        }
    except (KeyError, TypeError, AttributeError, IndexError):
        return {}


def _fits(root: Path, known: Journal) -> bool:
    """Whether the line that ends where the log was read to is the one that was there."""
    if not known.bytes:
        return True
    try:
        with (root / LOG).open("rb") as journal:
            start = max(0, known.bytes - _LINE_LIMIT_BYTES)
            journal.seek(start)
            tail = journal.read(known.bytes - start)
    except OSError:
        return False
    line = tail[:-1].rpartition(b"\n")[2]
    whole = len(tail) == known.bytes - start and tail.endswith(b"\n")
    return whole and leaf_digest(line).hex() == known.last


def _read(file: Path) -> bytes:
    try:
        with file.open("rb", buffering=0) as content:
            return content.read(TEXT_LIMIT_BYTES)
    except OSError:
        return b""


def _text(facts: Mapping[str, Any], name: str) -> str:
    found = facts.get(name)
    return found if isinstance(found, str) else ""


def _number(facts: Mapping[str, Any], name: str) -> int:
    found = facts.get(name)
    return found if isinstance(found, int) and 0 <= found < 1 << 40 else 0
