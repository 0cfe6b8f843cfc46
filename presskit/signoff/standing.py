"""How one release stands, with all it takes to decide on it: scopes, ledger, records, state.

Not here: deciding (`acts`).
"""

from __future__ import annotations

from dataclasses import dataclass

from presskit.errors import Place, Problem, ProblemsFound
from presskit.model.registers import Draft
from presskit.signoff.canon import Unsignable
from presskit.signoff.ledger import Ledger, ReleaseRecords, open_ledger, records_of
from presskit.signoff.scopes import Scopes, scopes_of
from presskit.signoff.state import State, evaluate
from presskit.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Standing:
    """One release and the office's ledger, as they are now."""

    scopes: Scopes
    ledger: Ledger
    found: ReleaseRecords
    state: State

    def with_ledger(self, ledger: Ledger, workspace: Workspace) -> Standing:
        """Return how the same words stand by a newer state of the ledger."""
        found = records_of(self.scopes.slug, ledger, workspace)
        state = evaluate(self.scopes, found.records, ledger.ring, found.evidence)
        return Standing(self.scopes, ledger, found, state)

    def problems(self) -> tuple[Problem, ...]:
        """Return everything that is wrong with the records."""
        left_out = (
            Problem(
                Place(file), "", f"this record does not count: {why}.", _FIX, "record-left-out", "warning"
            )
            for file, why in self.state.left_out
        )
        return (*self.ledger.all_problems(), *self.found.problems, *left_out)


_FIX = "find out who put it there; if it should count, sign again in the right way."


def stand(draft: Draft, pack_sha256: str, workspace: Workspace, ledger: Ledger | None = None) -> Standing:
    """Return how a release stands.

    Args:
        pack_sha256: digest of the template pack.
        ledger: if it was read already.

    Raises:
        ProblemsFound: a text holds what no digest can stand for.
        Unreadable: the log can not be read.
    """
    try:
        scopes = scopes_of(draft, pack_sha256)
    except Unsignable as error:
        place = Place(f"data/releases/{draft.slug}/release.yaml")
        fix = "delete the character, or write it differently."
        raise ProblemsFound(Problem(place, "", f"{error}.", fix, "character-forbidden")) from error
    ledger = ledger or open_ledger(workspace)
    found = records_of(draft.slug, ledger, workspace)
    return Standing(scopes, ledger, found, evaluate(scopes, found.records, ledger.ring, found.evidence))
