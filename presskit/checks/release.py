"""House rules about the release's parts: headline, dateline, contact.

Not here: parts without which a release does not load.
"""

from __future__ import annotations

from collections.abc import Iterator

from presskit.checks.rules import Finding
from presskit.model.registers import Draft


def headline_long(draft: Draft) -> Iterator[Finding]:
    """A headline with more characters than the house allows.

    Source: the page design has room for three lines, about 140 characters.
    """
    length, most = len(draft.release.headline), draft.registers.house.headline_characters
    if length > most:
        what = f"this headline has {length} characters; the house allows {most}."
        yield Finding("headline", what, "shorten it; the subhead can say the rest.")


def dateline_missing(draft: Draft) -> Iterator[Finding]:
    """A release that does not say where the news comes from.

    Source: The Canadian Press Stylebook, "Placelines"; the release of July 2025 opens with its place.
    """
    if not draft.release.dateline:
        yield Finding("dateline", "there is no place.", "add it, for example  dateline: ORILLIA, ON")


def embargo_stale(draft: Draft) -> Iterator[Finding]:
    """An embargo that ends before the day of issue.

    Source: Superdesk's scenarios for embargoes: a release copied from an older one never keeps its embargo.
    """
    if draft.embargo is not None and draft.embargo < draft.issued:
        what = (
            f"this ends before the day of issue, {draft.release.issued}; it may be that of an older release."
        )
        yield Finding("embargo", what, "correct it, or take it out.")


def contact_missing(draft: Draft) -> Iterator[Finding]:
    """A release that names nobody reporters may call.

    Source: the release of July 2025 names none, so a reporter with a question has nowhere to turn.
    """
    if not draft.release.contacts:
        yield Finding("contacts", "there is no contact.", "add one of data/people.yaml under contacts:")
