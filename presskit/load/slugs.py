"""Whether something can be a release's name, which becomes the name of a folder, of files and in the archive.

Not here: whether there is a release of that name (`release`).
"""

from __future__ import annotations

from presskit.errors import Place, Problem
from presskit.load.suggest import as_id, quoted

TAKEN = {
    "archive": "the folder output/archive is the archive's",
    "key-ring": "the archive keeps the office's keys under it",
}
"""Names no release can have, and why."""


def bad_slug(slug: str, place: Place) -> Problem | None:
    """Return what keeps something from being a release's name; ``None`` for a good one."""
    if why := TAKEN.get(slug):
        what = f"{quoted(slug)} can not be a release's name: {why}."
        return Problem(place, "", what, f"give it another name: {slug}-news, for example.", "slug-format")
    proper = as_id(slug)
    if proper and proper == slug:
        return None
    what = f"{quoted(slug)} can not be a release's name: it becomes folder and file names."
    usable = proper and proper not in TAKEN
    fix = f"write it as {proper}" if usable else "use lower-case letters, digits and single hyphens."
    return Problem(place, "", what, fix, "slug-format")
