"""From several lists to one row of recipients, each address once.

Not here: adding entries to a list of the office (`adding`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from presskit.model.media import MediaList, Recipient

Duplicate = tuple[Recipient, Recipient]
"""The entry that stays, and the one that is dropped for it."""


def merge_lists(lists: Iterable[MediaList]) -> tuple[tuple[Recipient, ...], tuple[Duplicate, ...]]:
    """Return the recipients in the order of the lists, each address once, and which entries were dropped.

    The first entry of an address stays.  It takes news under embargo only if all entries of the address do:
    whoever noted down somewhere that a reporter does not keep to embargoes had a reason.
    """
    kept: dict[str, Recipient] = {}
    dropped: list[Recipient] = []
    for one in lists:
        for recipient in one.recipients:
            first = kept.setdefault(recipient.address.key, recipient)
            if first is recipient:
                continue
            dropped.append(recipient)
            if first.accepts_embargo and not recipient.accepts_embargo:
                kept[recipient.address.key] = replace(first, accepts_embargo=False)
    return tuple(kept.values()), tuple((kept[gone.address.key], gone) for gone in dropped)
