"""The office of one run: registers and template packs read once, releases composed, files written.

Not here: what is done with them (`pipeline`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from presskit.checks import check_document, check_release
from presskit.compose import compose
from presskit.document.nodes import Document
from presskit.errors import Place, Problem, ProblemsFound, WrongUsage, errors_among, in_reading_order
from presskit.load.office import load_registers
from presskit.load.pack import load_pack, pack_digest
from presskit.load.release import load_release, releases
from presskit.load.suggest import did_you_mean, quoted
from presskit.load.yaml import Places, shown
from presskit.model.pack import Pack
from presskit.model.registers import Draft
from presskit.workspace import SIGN_OFF_LOG, Workspace
from presskit.writers import WRITERS

if TYPE_CHECKING:
    from presskit.signoff.ledger import Ledger
    from presskit.signoff.standing import Standing

PDFS = {"pdf", "pdf-press"}
KIT_FILE_BYTES = 300_000_000
"""The largest built file that is read back."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A release with all it refers to."""

    draft: Draft
    places: Places


@dataclass(frozen=True, slots=True)
class Composed:
    """A release after all stages but writing."""

    draft: Draft
    document: Document
    pack: Pack
    places: Places
    problems: tuple[Problem, ...]  # of the house rules


class Office:
    """The registers and template packs of one run, each read once however many releases are built."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.registers, self.places = load_registers(workspace)
        self._packs: dict[str, Pack] = {}
        self._pack_digests: dict[str, str] = {}
        self._ledger: Ledger | None = None

    def pack(self, language: str) -> Pack:
        """Return the house's template pack in a language."""
        if language not in self._packs:
            self._packs[language] = load_pack(self.workspace, self.registers.house.template_pack, language)
        return self._packs[language]

    def pack_digest(self, language: str) -> str:
        """Return the SHA-256 of the house's template pack in a language."""
        if language not in self._pack_digests:
            name = self.registers.house.template_pack
            self._pack_digests[language] = pack_digest(self.workspace, name, language)
        return self._pack_digests[language]

    def today(self) -> date:
        """Return the day it is in the office's time zone."""
        return self.workspace.now.astimezone(ZoneInfo(self.registers.house.time_zone)).date()

    def ledger(self) -> Ledger:
        """Return the office's ledger, as it was when it was first asked for."""
        if self._ledger is None:
            from presskit.signoff.ledger import open_ledger

            self._ledger = open_ledger(self.workspace)
        return self._ledger

    def load(self, slug: str) -> Loaded:
        """Return a release with all it refers to; see `load_release` for what is raised."""
        draft, own = load_release(slug, self.registers, self.workspace, self.places)
        return Loaded(draft, self.places | own)

    def standing(self, draft: Draft, *, afresh: bool = False) -> Standing:
        """Return how a release stands with those who have to approve it."""
        from presskit.signoff.standing import stand  # with cryptography, which a first build does without

        ledger = None if afresh else self.ledger()
        return stand(draft, self.pack_digest(draft.language), self.workspace, ledger)

    def signed(self, draft: Draft) -> Standing | None:
        """Return how a release stands if it is signed off as it is; ``None`` if it is a draft."""
        if not self.workspace.exists(SIGN_OFF_LOG):
            return None
        standing = self.standing(draft)
        return standing if standing.state.cleared else None

    def compose(self, loaded: Loaded, *, sealed: bool = False) -> Composed:
        """Take a release through all stages but writing.

        Args:
            sealed: leave room in the PDF for a visible signature.

        Raises:
            ProblemsFound: words are missing or can not be printed.
            BadSettings: the house, the template or the theme is wrong.
        """
        draft, places = loaded.draft, loaded.places
        pack = self.pack(draft.language)
        problems = check_release(draft, places)
        try:
            document = compose(draft, pack)
        except ProblemsFound as found:
            placed = (_placed(problem, places) for problem in found.problems)
            raise ProblemsFound((*problems, *placed)) from found
        if sealed:
            document = replace(document, head=replace(document.head, signature=pack.wording.sealed))
        return Composed(draft, document, pack, places, (*problems, *check_document(document, draft, places)))


def cleared(loaded: Loaded, reference: str) -> Loaded:
    """Return a release as it goes out: signed off, with its number."""
    return replace(loaded, draft=replace(loaded.draft, cleared=True, reference=reference))


def write_files(composed: Composed, formats: Iterable[str]) -> Mapping[str, bytes]:
    """Return the files of a release in some formats, by name."""
    slug = composed.draft.slug
    return {
        WRITERS[name].file_name(slug): WRITERS[name].write(composed.document, composed.pack.theme)
        for name in formats
    }


def built_file(workspace: Workspace, slug: str, name: str) -> bytes | None:
    """Return a file of a kit as it lies in output/; ``None`` if it does not."""
    path = f"output/{slug}/{name}"
    return workspace.read(path, KIT_FILE_BYTES) if workspace.exists(path) else None


def all_problems(composed: Composed, formats: Iterable[str]) -> Sequence[Problem]:
    """Return what the house rules find, and characters no font has."""
    return (*composed.problems, *_unprintable(composed, formats))


def _placed(problem: Problem, places: Places) -> Problem:
    """Return a problem of compose, which knows fields only, with its line and column."""
    return problem if problem.place.line else replace(problem, place=places.find(problem.field))


def _unprintable(composed: Composed, formats: Iterable[str]) -> Iterable[Problem]:
    """Yield a problem for each field with characters no font of the theme has; only a PDF brings fonts."""
    missing: dict[str, list[str]] = {}
    if PDFS.intersection(formats):
        from presskit.writers.pdf.coverage import uncovered  # with the fonts, which other formats do without

        for field, character in uncovered(composed.document, composed.pack.theme):
            missing.setdefault(field, []).append(character)
    for field, characters in missing.items():
        named = [f"{c} (U+{ord(c):04X} {unicodedata.name(c, 'without a name')})" for c in characters]
        more = f" and {len(named) - 3} more" if len(named) > 3 else ""
        what = f"no font of the theme has {', '.join(named[:3])}{more}."
        fix = "write it differently, or name a font that has it under fonts: fallbacks: in theme.yaml."
        yield Problem(composed.places.find(field), shown(field), what, fix, "character-without-glyph")


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


def _unknown(name: str, known: Sequence[str], kind: str, code: str) -> Problem:
    fix = did_you_mean(name, known, "make one with: presskit new SLUG" if kind == "release" else "")
    return Problem(Place(f"{kind} {name}"), "", f"there is no {kind} {quoted(name)}.", fix, code)
