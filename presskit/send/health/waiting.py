"""The outbox: whether its file is whole, and whether something in it waits for a person.

Not here: what is in it (`presskit outbox`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from presskit.disk import alone
from presskit.send.health.rows import Row, told
from presskit.send.outbox.decisions import undecided
from presskit.send.outbox.store import OUTBOX, Outbox


def outbox(root: Path) -> Iterator[Row]:
    """Yield whether the outbox is sound, and what in it waits for a decision."""
    file = root / OUTBOX
    if not file.exists():
        yield Row("outbox", "ok", "nothing was ever sent")
        return
    if not file.stat().st_size:
        fix = "put it back from a copy; without it, nobody knows who has got what."
        yield Row("outbox", "wrong", f"{OUTBOX} is empty", fix, "outbox-unusable")
        return
    with closing(Outbox.open(file)) as found:
        yield from _looked_into(found)


def _looked_into(found: Outbox) -> Iterator[Row]:
    if (said := found.sound()) != "ok":
        fix = "send nothing; put the file back from a copy, and find out what the disk has."
        yield Row("outbox", "wrong", f"its file is damaged: {said[:200]}", fix, "outbox-unusable")
        return
    waiting, doubtful = _count(found, "state='queued'"), _count(found, "state='in_doubt' and test=0")
    yield Row("outbox", "ok", f"whole; {_deliveries(waiting)} waiting to be sent")
    if doubtful:
        they = "it was" if doubtful == 1 else "they were"
        fact = f"of {_deliveries(doubtful)} only the relay knows whether {they} accepted"
        yield Row("in doubt", "wrong", fact, "see which, and what to do: presskit deliveries SLUG")
    for _, problem in undecided(found):
        yield replace(told("stopped", [problem]), verdict="look")
    begun = _count(found, "state in ('sending', 'dot')")
    if begun and not _is_being_sent(found.path):
        fact = f"a run was cut short while it was sending {_deliveries(begun)}"
        yield Row("sender", "look", fact, "let it go on: presskit outbox run")


def _count(found: Outbox, which: str) -> int:
    return int(found.value(f"select count(*) from delivery where {which}"))


def _is_being_sent(outbox_file: Path) -> bool:
    """Whether some process sends; asked only where one seems to have died, since asking takes its lock."""
    with alone(outbox_file.with_name("sender.lock")) as is_alone:
        return not is_alone


def _deliveries(count: int) -> str:
    return "1 delivery" if count == 1 else f"{count} deliveries"
