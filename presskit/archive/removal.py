"""A release out of the archive because the law says so: who may, and what is left.

Not here: removing it so that a crash leaves no half (`purge`).
"""

from __future__ import annotations

from datetime import datetime

from presskit.archive.contents import release_id
from presskit.archive.purge import Purged, purge
from presskit.archive.store import Archive
from presskit.errors import NotAllowed, Place, Problem
from presskit.model.house import House
from presskit.signoff.keyring import Holder
from presskit.signoff.keys import Key


def remove(
    archive: Archive, house: House, slug: str, ground: str, key: Key, holder: Holder, at: datetime
) -> Purged:
    """Remove all versions of a release; return the stub that stays.

    Raises:
        NotAllowed: the one who signs has no role that clears kits.
    """
    if not holder.roles.intersection(house.sign_off.roles):
        what = f"{holder.name} has none of the roles that clear a kit: {', '.join(house.sign_off.roles)}."
        fix = "have somebody remove it who has one."
        raise NotAllowed(Problem(Place(f"release {slug}"), "", what, fix, "role-lacking"))
    object_id = release_id(house.domain, slug)
    return purge(archive, object_id, ground=ground, user_name=holder.name, at=at, signer=key)
