"""From ``data/releases/<slug>/`` to a `Draft`: a release with all it refers to, or all its problems at once.

Not here: the registers it refers to (`office`), and the house rules (`checks`).
"""

from __future__ import annotations

from datetime import datetime

from presskit.errors import Place, Problem, ProblemsFound, WrongUsage
from presskit.load.convert import convert_source
from presskit.load.languages import missing_words
from presskit.load.photos import load_photos
from presskit.load.references import faulty_follow_up, faulty_references, faulty_tables
from presskit.load.slugs import bad_slug
from presskit.load.suggest import did_you_mean, quoted
from presskit.load.times import issued_at, read_embargo
from presskit.load.yaml import LIMIT_BYTES, Places, Tree, parse
from presskit.model.registers import Draft, Registers
from presskit.model.release import Release
from presskit.workspace import Workspace

RELEASES = "data/releases"
NOWHERE = Places()


def load_release(
    slug: str, registers: Registers, workspace: Workspace, register_places: Places = NOWHERE
) -> tuple[Draft, Places]:
    """Return a release with all it refers to, and the place of every value of the release.

    Args:
        register_places: of `load_registers`; without them, problems of a register name its file only.

    Raises:
        WrongUsage: there is no such release.
        ProblemsFound: something is wrong with it; carries everything.
        Unreadable: a file can not be read.
    """
    file = _file_of(slug, workspace)
    content = workspace.read(file, LIMIT_BYTES)
    source = parse(content, file)
    places = source.places
    if source.tree is None and source.problems:
        raise ProblemsFound(source.problems)
    release, problems = convert_source(Release, source)
    tree = source.tree if isinstance(source.tree, dict) else {}
    embargo, found = _embargo(tree, registers.house.time_zone, places)
    photos, unusable = load_photos(tree, f"{RELEASES}/{slug}/photos", workspace, places)
    problems = (
        *problems,
        *found,
        *unusable,
        *faulty_references(tree, registers, places),
        *faulty_follow_up(tree, slug, lambda: releases(workspace), places),
        *faulty_tables(tree, places),
    )
    if release is None or problems:
        raise ProblemsFound(problems)
    language = release.language or registers.house.language
    if wordless := tuple(missing_words(release, language, registers, register_places)):
        raise ProblemsFound(wordless)
    issued = issued_at(release.issued, registers.house.time_zone)
    return Draft(slug, language, release, registers, photos, content, issued, embargo), places


def releases(workspace: Workspace) -> tuple[str, ...]:
    """Return the slugs of the project's releases, sorted."""
    folders = workspace.names(RELEASES)
    return tuple(slug for slug in folders if workspace.exists(f"{RELEASES}/{slug}/release.yaml"))


def _file_of(slug: str, workspace: Workspace) -> str:
    """Return the path of a release that exists."""
    place = Place(f"release {slug}")
    if bad := bad_slug(slug, place):
        raise WrongUsage(bad)
    file = f"{RELEASES}/{slug}/release.yaml"
    if not workspace.exists(file):
        fix = did_you_mean(slug, releases(workspace), "make it with: presskit new SLUG")
        raise WrongUsage(Problem(place, "", f"there is no release {quoted(slug)}.", fix, "release-unknown"))
    return file


def _embargo(tree: dict[str, Tree], zone: str, places: Places) -> tuple[datetime | None, tuple[Problem, ...]]:
    typed = tree.get("embargo")
    if not isinstance(typed, str) or not typed.strip():
        return None, ()
    return read_embargo(typed, zone, places.find("embargo"))
