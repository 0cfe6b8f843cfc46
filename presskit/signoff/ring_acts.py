"""What keepers do with the key ring: add a key, take one out of force, let somebody answer for somebody else.

Not here: what the ring's records come to (`keyring`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

from presskit.errors import NotAllowed, Place, Problem
from presskit.signoff.envelope import Signer, Statement, read, sign
from presskit.signoff.keyring import Ring, make_ring
from presskit.signoff.ledger import RING, Ledger, NewRecord, add_record, ring_records
from presskit.signoff.records import Logged
from presskit.workspace import Workspace

MakeStatement = Callable[[str], Statement]
"""Given the head of the log, returns what is to be signed."""


def change_ring(name: str, signer: Signer, make: MakeStatement, workspace: Workspace) -> Logged:
    """Add a record to the key ring and return it; the first one founds the ring.

    Args:
        name: what the record's file is called.

    Raises:
        NotAllowed: it would not count.
    """

    def decide(ledger: Ledger) -> NewRecord:
        content = sign(make(ledger.chain.head), signer)
        records = ring_records(ledger, workspace)
        at = workspace.now.astimezone(UTC)
        after = make_ring((*records, Logged(_NEW, len(ledger.chain.entries), at, read(content))))
        for file, why in after.left_out:
            if file == _NEW:
                raise NotAllowed(_would_not_count(why, ledger.ring))
        return NewRecord(name, content, {})

    return add_record(RING, workspace, decide)


_NEW = "new"


def _would_not_count(why: str, ring: Ring) -> Problem:
    keepers = [
        holder.name for holder in ring.holders if "keeper" in holder.roles and holder.revoked_seq is None
    ]
    fix = (
        f"ask a keeper of the ring: {', '.join(keepers)}."
        if keepers
        else "found the ring first: presskit key add"
    )
    return Problem(Place("key ring"), "", f"this would not count: {why}.", fix, "key-ring-refused")
