"""The office's own log against its archive: whether a version leaves out a record it had to hold.

A depositor who left a rejection out could make all else fit; only the office's log knows of it.  Its order
decides, not its clocks: who holds a record has to hold those before it.  Not here: what the archive proves by
itself (`proof`).
"""

from __future__ import annotations

from collections.abc import Iterator

from presskit.archive.contents import release_id
from presskit.archive.findings import Finding
from presskit.archive.store import Archive
from presskit.errors import PresskitError
from presskit.signoff.chain import Chain


def check_completeness(archive: Archive, domain: str, log: Chain) -> Iterator[Finding]:
    """Yield each record of the office's log that a version of its release had to hold and does not."""
    for slug, records in _by_release(log).items():
        object_id = release_id(domain, slug)
        try:
            versions = archive.versions(object_id)
        except PresskitError:  # never archived, removed by law, or damaged, which others tell
            continue
        for number, version in versions.items():
            held = version.names().keys()
            last = max((at for at, name in enumerate(records) if name in held), default=-1)
            for name in records[: last + 1]:
                if name not in held:
                    what = "the office's log has this record before others the version holds; it is left out."
                    yield _finding(object_id, number, name, what)


def _by_release(log: Chain) -> dict[str, list[str]]:
    """Return the records of each release by their names in the archive, in the order of the log."""
    found: dict[str, list[str]] = {}
    for entry in log.entries:
        parts = str(entry.facts.get("record")).split("/")
        if parts[:2] == ["data", "releases"] and len(parts) == 5 and parts[3] == "sign-off":
            found.setdefault(parts[2], []).append(f"sign-off/{parts[4]}")
    return found


def _finding(object_id: str, version: int, file: str, what: str) -> Finding:
    fix = "find out who deposited it; deposit the release again if it is still signed off."
    return Finding("signature", object_id, version, file, what, fix, "record-withheld")
