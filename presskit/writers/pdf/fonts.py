"""The faces of a theme: four of each family, and the fallbacks for characters the families lack.

The families come from Python packages and are looked up by name; a theme's own fallback files travel in
``theme.resources``.  Not here: shaping (`faces`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files as package_files

from presskit.errors import BadSettings, Place, Problem
from presskit.model.theme import Theme
from presskit.writers.pdf.faces import LATIN, UNSEEN, Face, MissingGlyph

Axes = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """Where one face of a shipped family lives, and where it is pinned."""

    package: str
    file: str
    axes: Axes


def _serif(file: str, weight: float, optical_size: float) -> Cut:
    return Cut("fontpkg_source_serif_4", file, (("opsz", optical_size), ("wght", weight)))


def _sans(file: str, weight: float) -> Cut:
    return Cut("fontpkg_source_sans_3", file, (("wght", weight),))


SERIF, SERIF_ITALIC = "SourceSerif4[opsz,wght].ttf", "SourceSerif4-Italic[opsz,wght].ttf"
SANS, SANS_ITALIC = "SourceSans3[wght].ttf", "SourceSans3-Italic[wght].ttf"

FAMILIES: dict[str, dict[str, Cut]] = {
    "Source Serif 4": {
        "Regular": _serif(SERIF, 400, 11),
        "Bold": _serif(SERIF, 700, 11),
        "Italic": _serif(SERIF_ITALIC, 400, 11),
        "BoldItalic": _serif(SERIF_ITALIC, 700, 11),
    },
    "Source Sans 3": {
        "Regular": _sans(SANS, 400),
        "Bold": _sans(SANS, 650),
        "Italic": _sans(SANS_ITALIC, 400),
        "BoldItalic": _sans(SANS_ITALIC, 650),
    },
}
"""Shipped families; the sans is for labels, names and headings, where 650 is bold enough."""


@dataclass(frozen=True, slots=True)
class Family:
    """One family as a style uses it; faces are opened when first asked for."""

    theme: Theme
    role: str  # "text" or "display"

    def face(self, *, bold: bool = False, italic: bool = False) -> Face:
        """Return the face for a stretch of text."""
        name = self.theme.fonts.text.family if self.role == "text" else self.theme.fonts.display.family
        if name not in FAMILIES:
            raise BadSettings(_unknown_family(self.role, name))
        return shipped(name, ("Bold" if bold else "") + ("Italic" if italic else "") or "Regular")


@cache
def shipped(family: str, cut_name: str, common: str = LATIN) -> Face:
    """Return a face of a shipped family: Regular, Bold, Italic or BoldItalic.

    Args:
        common: characters every file embeds that uses it; fewer for a file of few words.
    """
    cut = FAMILIES[family][cut_name]
    data = (package_files(cut.package) / "files" / cut.file).read_bytes()
    return Face(data, f"{family.replace(' ', '')}-{cut_name}", dict(cut.axes), common)


def _unknown_family(role: str, name: str) -> Problem:
    return Problem(
        Place("theme.yaml"),
        f"fonts.{role}.family",
        f"the PDF writer does not have a family called “{name}”.",
        f"name one of: {', '.join(sorted(FAMILIES))}.",
        "font-unknown",
    )


@lru_cache(16)
def _fallbacks(theme: Theme) -> tuple[tuple[Face, Face], ...]:
    """Regular and bold face of each fallback of the theme."""
    pairs = []
    for fallback in theme.fonts.fallbacks:
        name, files = fallback.name.replace(" ", ""), theme.resources
        regular = Face(files[fallback.regular], f"{name}-Regular", {}, common=" ")
        pairs.append((regular, Face(files[fallback.bold], f"{name}-Bold", {}, common=" ")))
    return tuple(pairs)


def cover(text: str, face: Face, theme: Theme) -> list[tuple[Face, str]]:
    """Cut text where another face has to set it: the face itself first, then the theme's fallbacks.

    Characters no face has stay with the face asked for, which refuses them when it shapes (`lacking`
    finds them before).
    """
    if text.isascii() or face.settable.issuperset(text):
        return [(face, text)]
    cuts: list[tuple[Face, str]] = []
    for character in text:
        other = _face_for(character, face, theme, cuts[-1][0] if cuts else face)
        if cuts and cuts[-1][0] is other:
            cuts[-1] = other, cuts[-1][1] + character
        else:
            cuts.append((other, character))
    return cuts


def lacking(text: str, face: Face, theme: Theme) -> list[str]:
    """Return the characters, each once, that can not be set: no glyph, or marks that have to stack."""
    missing = []
    for part_face, part in cover(text, face, theme):
        missing += [c for c in part if c not in part_face.settable]
        if not missing:
            try:
                part_face.run(part)
            except MissingGlyph:
                missing += [c for c in part if not c.isascii() and not _sets_alone(part_face, c)] or [part]
    return list(dict.fromkeys(missing))


def _sets_alone(face: Face, character: str) -> bool:
    """Whether a character is set without moving anything off the base line."""
    try:
        face.run("n" + character)
    except MissingGlyph:
        return False
    return True


def _face_for(character: str, face: Face, theme: Theme, previous: Face) -> Face:
    """The face for one character; a space or a joiner stays with the face before it."""
    if character in UNSEEN:
        return previous
    if character in face.settable:
        return face
    for fallback, pair in zip(theme.fonts.fallbacks, _fallbacks(theme), strict=True):
        candidate = pair["Bold" in face.name]
        if fallback.covers(character) and character in candidate.characters:
            return candidate
    return face
