"""How one release stands, with all it takes to decide on it: scopes, ledger, records, state.

It is asked of a release as it is now, or of words that were sent.  Not here: deciding (`acts`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from presskit.errors import ArchiveDamaged, Place, Problem, ProblemsFound
from presskit.model.registers import Draft
from presskit.signoff.canon import Unsignable
from presskit.signoff.ledger import LOG, Ledger, ReleaseRecords, open_ledger, records_of
from presskit.signoff.scopes import Scopes, scopes_from, scopes_of
from presskit.signoff.state import Stage, State, evaluate
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
        return _standing(self.scopes, ledger, workspace)

    def holding_up(self) -> tuple[Problem, ...]:
        """Return what keeps a kit from being cleared, whoever has signed it: a record that was taken away.

        Why: it may have been a rejection, or the revocation of a key.
        """
        problems = (*self.ledger.all_problems(), *self.found.problems)
        return tuple(problem for problem in problems if problem.code in _HOLDING_UP)

    def problems(self) -> tuple[Problem, ...]:
        """Return everything that is wrong with the records."""
        left_out = (
            Problem(
                Place(file), "", f"this record does not count: {why}.", _FIX, "record-left-out", "warning"
            )
            for file, why in self.state.left_out
        )
        return (*self.ledger.all_problems(), *self.found.problems, *left_out)


_HOLDING_UP = {"log-broken", "record-missing", "record-changed"}
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
    return _standing(scopes, ledger or open_ledger(workspace), workspace)


def stand_on(words: Mapping[str, bytes], workspace: Workspace, ledger: Ledger | None = None) -> Standing:
    """Return how words that were archived, and are being sent, stand by the office's records of now.

    The release's own file is not looked at: whoever edits it meanwhile changes nothing about what goes out.
    A rejection does, and a record or a piece of evidence that is gone.  Which bytes were signed off says the
    record that closed the sign-off, ``state.kit.closing``.

    Args:
        words: the files of words/ of an archived version, by name: kit@en-CA.json …
        ledger: if it was read already.

    Raises:
        ArchiveDamaged: they are not what an archived version holds.
        Unreadable: the log can not be read.
    """
    try:
        scopes = scopes_from(words)
    except ValueError as error:
        fix = "see what else is wrong: presskit verify"
        raise ArchiveDamaged(Problem(Place("words"), "", f"{error}.", fix, "archive-damaged")) from error
    return _standing(scopes, ledger or open_ledger(workspace), workspace)


def log_mark(workspace: Workspace) -> tuple[int, int]:
    """Return a value that is another one as soon as anything was added to the office's log.

    Why: asking for it costs next to nothing, so a sender asks before each message, and reads the records only
    when it has changed.  It does not tell of a record file that was taken away.
    """
    return workspace.mark(LOG)


def _standing(scopes: Scopes, ledger: Ledger, workspace: Workspace) -> Standing:
    found = records_of(scopes.slug, ledger, workspace)
    state = evaluate(scopes, found.records, ledger.ring, found.evidence)
    standing = Standing(scopes, ledger, found, state)
    if (state.cleared or state.early) and standing.holding_up():
        stage: Stage = "approved" if state.cleared else state.stage
        return replace(standing, state=replace(state, stage=stage, early=None))
    return standing
