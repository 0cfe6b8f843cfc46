"""A draft to the notices no template can leave out: not approved yet, a correction, a withdrawal.

Not here: the usual notice, immediate or embargo, which the templates print where the office wants it.
"""

from __future__ import annotations

from collections.abc import Iterator

from presskit.compose.desk import CopyDesk
from presskit.document import nodes


def make_notices(desk: CopyDesk) -> tuple[nodes.Notice, ...]:
    """Return what stands before everything the templates print.

    Why: an office may write its templates as it likes, and yet nothing unapproved may look approved.
    """
    return tuple(_notices(desk))


def _notices(desk: CopyDesk) -> Iterator[nodes.Notice]:
    draft, release, wording = desk.draft, desk.release, desk.wording
    draft_id, correction_id, withdrawal_id = (
        desk.take(kind, kind) for kind in ("draft", "correction", "withdrawal")
    )
    if not draft.cleared:
        yield nodes.Notice(draft_id, "", "draft", (nodes.Text(desk.fill(wording.draft)),))
    if release.corrects:
        yield nodes.Notice(correction_id, "correction", "correction", _filled(wording.correction, desk))
    if release.withdraws:
        yield nodes.Notice(withdrawal_id, "correction", "withdrawal", _filled(wording.withdrawal, desk))


def _filled(label: str, desk: CopyDesk) -> tuple[nodes.Inline, ...]:
    """Return the label with what is corrected, or why it is withdrawn, in its gap."""
    before, _, after = label.partition("{words}")
    return desk.inlines(f"{before}{desk.release.correction or ''}{after}", "correction")
