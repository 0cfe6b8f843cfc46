"""The runs, as a press officer would say them: check a release, build it, show it.

Not here: how a stage works (its own folder), and printing (`cli`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from presskit.checks import check_document, check_release
from presskit.compose import compose
from presskit.document.dump import dump
from presskit.document.nodes import Document
from presskit.errors import Place, Problem, ProblemsFound, WrongUsage, errors_among, in_reading_order
from presskit.load.office import load_registers
from presskit.load.pack import load_pack
from presskit.load.release import load_release
from presskit.load.schema import release_schema
from presskit.load.suggest import did_you_mean, quoted
from presskit.load.yaml import Places, shown
from presskit.model.kit import Kit
from presskit.model.pack import Pack
from presskit.model.theme import Theme
from presskit.workspace import Workspace
from presskit.writers import WRITERS

__all__ = [
    "Office",
    "build",
    "check",
    "chosen_formats",
    "release_schema",
    "releases",
    "require_known",
    "show",
]

PDFS = {"pdf", "pdf-press"}


class Office:
    """The registers and template packs of one run, each read once however many releases are built."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.registers, self.places = load_registers(workspace)
        self._packs: dict[str, Pack] = {}

    def pack(self, language: str) -> Pack:
        """Return the house's template pack in a language."""
        if language not in self._packs:
            self._packs[language] = load_pack(self.workspace, self.registers.house.template_pack, language)
        return self._packs[language]


@dataclass(frozen=True, slots=True)
class Composed:
    """A release after all stages but writing."""

    document: Document
    theme: Theme
    places: Places
    problems: tuple[Problem, ...]  # of the house rules


def build(slug: str, office: Office, formats: Sequence[str], *, strict: bool = False) -> Kit:
    """Build the files of one release; nothing is written if anything is wrong.

    Raises:
        ProblemsFound: the release has errors (with ``strict``: or warnings).
        BadSettings: the house, the template or the theme is wrong.
        Unreadable: a file can not be read or written.
    """
    composed = _compose(slug, office)
    warnings = require_sound((*composed.problems, *_unprintable(composed, formats)), strict=strict)
    files = {
        slug + WRITERS[name].suffix: WRITERS[name].write(composed.document, composed.theme)
        for name in formats
    }
    paths = office.workspace.save(slug, files)
    return Kit(slug, dict(zip(formats, paths, strict=True)), warnings)


def check(slug: str, office: Office) -> tuple[Problem, ...]:
    """Return everything the house rules find in one release, errors and warnings.

    Raises:
        BadSettings: the house, the template or the theme is wrong.
        Unreadable: a file can not be read.
    """
    try:
        composed = _compose(slug, office)
    except ProblemsFound as found:
        return found.problems
    return in_reading_order((*composed.problems, *_unprintable(composed, PDFS)))


def show(slug: str, office: Office) -> str:
    """Return the tree of one release as indented text: what every writer gets to see."""
    return dump(_compose(slug, office).document)


def releases(workspace: Workspace) -> tuple[str, ...]:
    """Return the slugs of the project's releases, sorted."""
    folders = workspace.names("data/releases")
    return tuple(slug for slug in folders if workspace.exists(f"data/releases/{slug}/release.yaml"))


def require_known(slugs: Iterable[str], workspace: Workspace) -> None:
    """Raise `WrongUsage` for slugs that are no release of the project."""
    known = releases(workspace)
    problems = [_unknown(slug, known, "release", "release-unknown") for slug in slugs if slug not in known]
    if problems:
        raise WrongUsage(problems)


def chosen_formats(names: Iterable[str]) -> tuple[str, ...]:
    """Return the formats named, or all if none is, in the order of the registry.

    Raises:
        WrongUsage: nothing writes a format of that name.
    """
    wanted = set(names) or set(WRITERS)
    problems = [
        _unknown(name, tuple(WRITERS), "format", "format-unknown")
        for name in sorted(wanted)
        if name not in WRITERS
    ]
    if problems:
        raise WrongUsage(problems)
    return tuple(name for name in WRITERS if name in wanted)


def require_sound(problems: Sequence[Problem], *, strict: bool = False) -> tuple[Problem, ...]:
    """Return the warnings; raise `ProblemsFound` with all problems if one of them stops a build."""
    if errors_among(problems, strict=strict):
        raise ProblemsFound(problems)
    return in_reading_order(problems)


def _compose(slug: str, office: Office) -> Composed:
    """Take one release through all stages but writing."""
    draft, own_places = load_release(slug, office.registers, office.workspace, office.places)
    places = office.places | own_places
    pack = office.pack(draft.language)
    problems = check_release(draft, places)
    try:
        document = compose(draft, pack)
    except ProblemsFound as found:
        raise ProblemsFound((*problems, *(_placed(problem, places) for problem in found.problems))) from found
    return Composed(document, pack.theme, places, (*problems, *check_document(document, draft, places)))


def _placed(problem: Problem, places: Places) -> Problem:
    """Return a problem of compose, which knows fields only, with its line and column."""
    return problem if problem.place.line else replace(problem, place=places.find(problem.field))


def _unprintable(composed: Composed, formats: Iterable[str]) -> Iterable[Problem]:
    """Yield a problem for each field with characters no font of the theme has; only a PDF brings fonts."""
    missing: dict[str, list[str]] = {}
    if PDFS.intersection(formats):
        from presskit.writers.pdf.coverage import uncovered  # with the fonts, which other formats do without

        for field, character in uncovered(composed.document, composed.theme):
            missing.setdefault(field, []).append(character)
    for field, characters in missing.items():
        named = [f"{c} (U+{ord(c):04X} {unicodedata.name(c, 'without a name')})" for c in characters]
        more = f" and {len(named) - 3} more" if len(named) > 3 else ""
        what = f"no font of the theme has {', '.join(named[:3])}{more}."
        fix = "write it differently, or name a font that has it under fonts: fallbacks: in theme.yaml."
        yield Problem(composed.places.find(field), shown(field), what, fix, "character-without-glyph")


def _unknown(name: str, known: Sequence[str], kind: str, code: str) -> Problem:
    fix = did_you_mean(name, known, "make one with: presskit new SLUG" if kind == "release" else "")
    return Problem(Place(f"{kind} {name}"), "", f"there is no {kind} {quoted(name)}.", fix, code)
