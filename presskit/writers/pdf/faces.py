"""Faces: text shaped by HarfBuzz once per process into pieces of line, ready for a content stream.

A code in a content stream *is* the glyph's number, so the bytes of a word are the same in every file.
Where a glyph stands for something unusual (``-`` for a soft hyphen) the string holds a token, glyph and
meaning between two private characters, which the file replaces by a code of its own (`fontfile.Subset`).

Not here: which faces a theme has (`fonts`), where lines end (`lines`), what a file embeds (`fontfile`).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

import uharfbuzz as hb

LATIN = "".join(map(chr, range(0x20, 0x7F))) + "\u00a0«»‘’“”–—•àâçèéêëîïôùûœÉÀ"
LIGATURES = ("ff", "fi", "fl", "ffi", "ffl", "fj", "ffj", "ft", "fft", "tt", "Th")
TOKEN_START, TOKEN_END = "\ue000", "\ue001"

# What a line end costs after a piece, added to the badness of the line.
AT_SPACE, IN_COMPOUND, AT_HYPHEN, IN_ANYTHING = 0, 2, 6, 50

NONE: frozenset[int] = frozenset()
MOST_WORDS = 50_000  # kept of a face; a long-running process starts anew above it
LONG_WORD = 30  # characters from which a word may break anywhere rather than stick out of the measure
NO_BREAK_HYPHEN, SOFT_HYPHEN, ZERO_WIDTH = "\u2011", "\u00ad", "\u200b"
UNSEEN = "\u200c\u200d\u200e\u200f\u2060\ufeff"  # joiners and marks of direction: shaped as nothing


class Piece(NamedTuple):
    """An unbreakable stretch of text; lengths in 1/1000 of the type size."""

    end: float  # its width if the line ends after it
    advance: float  # its width if the line goes on
    cost: int | None  # of a line end after it; None: not allowed
    code: str  # glyph codes and kerns for a TJ array; each character is one byte
    rare: frozenset[int]  # glyphs outside the face's common ones


class MissingGlyph(ValueError):
    """A face was asked for a character it has no glyph for; `fonts.cover` is meant to prevent it."""


class Face:
    """One face of a family, its variable axes pinned, with everything it ever shaped.

    Args:
        data: the font file, TrueType outlines.
        name: PostScript name for files; each pinned instance needs its own.
        common: characters every subset of this face holds, so that most files share one subset.
        axes: variable axes to pin, "wght" → 700; every axis of a variable font has to be given.
    """

    def __init__(self, data: bytes, name: str, axes: Mapping[str, float], common: str = LATIN) -> None:
        self.name, self.axes = name, axes
        self.hb_face = hb.Face(data)
        _require_pinned(self.hb_face, axes)
        self._font = hb.Font(self.hb_face)
        self._font.set_variations(dict(axes))
        self.em = 1000 / self.hb_face.upem
        self.characters = frozenset(map(chr, self.hb_face.unicodes))
        self.settable = self.characters.union(UNSEEN, NO_BREAK_HYPHEN if "-" in self.characters else "")
        self.meanings = self._usual_meanings()
        self.common = self._common_glyphs(common)
        self._known: dict[tuple[str | None, bool], dict[str, tuple[Piece, ...]]] = {}
        self._code = lru_cache(100_000)(self._code_of)
        self._buffer = hb.Buffer()

    @cached_property
    def space(self) -> tuple[float, str]:
        """Width and code of the space between words."""
        width, code, _ = self.run(" ")
        return width, code

    @cached_property
    def hyphen(self) -> tuple[float, str]:
        """Width and code of the hyphen at a line's end: drawn as ``-``, read as a soft hyphen."""
        width, code, _ = self.run("-", [SOFT_HYPHEN])
        return width, code

    def run(self, text: str, meanings: list[str] | None = None) -> tuple[float, str, frozenset[int]]:
        """Return width in 1/1000 em, code and rare glyphs of a piece of text."""
        glyphs, advances, said = self._shape(text)
        code = "".join(map(self._code, glyphs, advances, meanings or said))
        return sum(advances) * self.em, code, self._rare(glyphs)

    def _rare(self, glyphs: Sequence[int]) -> frozenset[int]:
        return NONE if self.common.issuperset(glyphs) else frozenset(glyphs) - self.common

    def width_of(self, text: str) -> float:
        """Width of plain words on one line, in 1/1000 em; characters of other faces count as an em."""
        known = "".join(character for character in text if character in self.settable)
        pieces = self.pieces([word for word in known.split(" ") if word], None)
        return sum(piece.advance for piece in pieces) + 1000.0 * (len(text) - len(known))

    @cache  # noqa: B019 (faces live as long as the process)
    def glyph_width(self, glyph: int) -> float:
        """Width of a glyph in 1/1000 em."""
        advance: float = self._font.get_glyph_h_advance(glyph) * self.em
        return advance

    def _shape(self, text: str) -> tuple[list[int], list[int], list[str]]:
        """Return glyphs, advances in font units, and what each glyph says.

        Raises:
            MissingGlyph: no glyph, or one that has to be moved off the base line (a stacked mark).
        """
        drawn = text.replace(NO_BREAK_HYPHEN, "-") if NO_BREAK_HYPHEN not in self.characters else text
        buffer = self._buffer
        buffer.clear_contents()
        buffer.add_str(drawn)
        buffer.guess_segment_properties()
        if buffer.direction != "ltr":
            raise MissingGlyph(f"{self.name} sets left to right only: {text!r}")
        hb.shape(self._font, buffer)
        infos, positions = buffer.glyph_infos or [], buffer.glyph_positions or []
        if not text.isascii() and any(p.x_offset or p.y_offset for p in positions):
            raise MissingGlyph(f"{self.name} can not stack marks in {text!r}")
        clusters = [info.cluster for info in infos]
        if clusters == list(range(len(text))):
            said = list(text)
        else:  # a ligature says all its characters; the second glyph of a cluster says nothing
            ends = dict(pairwise((*sorted(set(clusters)), len(text))))
            said = [text[c : ends.pop(c)] if c in ends else ZERO_WIDTH for c in clusters]
        return [info.codepoint for info in infos], [p.x_advance for p in positions], said

    def _code_of(self, glyph: int, advance: int, says: str) -> str:
        """The code of a glyph, and the kern after it."""
        if not glyph:
            raise MissingGlyph(f"{self.name} has no glyph for {says!r}")
        if self.meanings.get(glyph) == says:
            code = literal(glyph)
        else:
            code = f"{TOKEN_START}{glyph:04X}{says.encode('utf-16-be').hex()}{TOKEN_END}"
        kern = round(self.glyph_width(glyph) - advance * self.em)
        return f"{code}){kern}(" if kern else code

    def pieces(self, words: Sequence[str], language: str | None, anywhere: bool = False) -> list[Piece]:
        """Return the pieces of words that follow each other, a space after each.

        Args:
            language: hyphenate by its patterns; None: not at all.
            anywhere: the measure is narrower than a word, so any place will do.
        """
        known = self._known.setdefault((language, anywhere), {})
        if len(known) > MOST_WORDS:
            known.clear()
        new = [word for word in dict.fromkeys(words) if word not in known]
        if new:
            plain = [w for w in new if w.isascii() and w.isalpha() and len(w) < LONG_WORD]
            if language or anywhere or len(plain) < 2:
                plain = []
            known.update(zip(plain, self._words_at_once(plain), strict=True))
            known.update((word, self._word(word, language, anywhere)) for word in new if word not in known)
        return [piece for word in words for piece in known[word]]

    def _word(self, word: str, language: str | None, anywhere: bool) -> tuple[Piece, ...]:
        """The pieces of one word."""
        pieces, start = [], 0
        word, ends = _inner_ends(word, language, anywhere)
        for at, cost in (*ends, (len(word), AT_SPACE)):
            width, code, rare = self.run(word[start:at])
            start = at
            if cost == AT_SPACE:
                piece = Piece(width, width + self.space[0], cost, code + self.space[1], rare)
            else:
                hyphen = self.hyphen[0] if cost == AT_HYPHEN else 0
                piece = Piece(width + hyphen, width, cost, code, rare)
            pieces.append(piece)
        return tuple(pieces)

    def _words_at_once(self, words: Sequence[str]) -> Iterator[tuple[Piece, ...]]:
        """The piece of each of many plain words, shaped in one call.

        Why: half the time of a word never seen before is the call into HarfBuzz.  A line feed between the
        words keeps them apart: no face kerns or joins across it.
        """
        if not words:
            return
        glyphs, advances, said = self._shape("\n".join(words))
        (space, space_code), start = self.space, 0
        said.append("\n")
        for _ in words:
            end = said.index("\n", start)
            code = "".join(map(self._code, glyphs[start:end], advances[start:end], said[start:end]))
            width = sum(advances[start:end]) * self.em
            rare = self._rare(glyphs[start:end])
            yield (Piece(width, width + space, AT_SPACE, code + space_code, rare),)
            start = end + 1

    def without_space(self, piece: Piece) -> Piece:
        """Return a word's last piece with no space after it: the word goes on in another run, or all ends."""
        return piece._replace(advance=piece.end, cost=None, code=piece.code[: -len(self.space[1])])

    def _usual_meanings(self) -> dict[int, str]:
        """What each glyph usually says: its first character, plain Latin and punctuation preferred."""
        meanings: dict[int, str] = {}
        plain = (*range(0x20, 0x250), *range(0x2010, 0x2070))
        for code_point in (*plain, *sorted(map(ord, self.characters))):
            if chr(code_point) in self.characters:
                meanings.setdefault(self._font.get_nominal_glyph(code_point), chr(code_point))
        return meanings

    def _common_glyphs(self, common: str) -> frozenset[int]:
        glyphs = {self._font.get_nominal_glyph(ord(c)) for c in common if c in self.characters}
        self._buffer = hb.Buffer()
        for ligature in LIGATURES if len(common) > 1 else ():
            if set(ligature) <= self.characters:
                shaped, _, _ = self._shape(ligature)
                if len(shaped) == 1:
                    self.meanings[shaped[0]] = ligature
                    glyphs.add(shaped[0])
        return frozenset(glyphs)

    def table(self, tag: str) -> bytes:
        """The bytes of one table of the font file."""
        return bytes(self.hb_face.reference_table(tag).data)


def _require_pinned(face: hb.Face, axes: Mapping[str, float]) -> None:
    """Raise ValueError if an axis of a variable font is left open.

    Why: an open axis takes the file's default, which is weight 200 for Source Sans 3.
    """
    left_open = {axis.tag for axis in face.axis_infos} - set(axes)
    if left_open:
        raise ValueError(f"variable axes left open: {sorted(left_open)}")


def literal(code: int) -> str:
    """Return a two-byte code as characters of a PDF literal string, escaped.

    Source: ISO 32000-1, 7.3.4.2.
    """
    return _ESCAPED.get(code >> 8, chr(code >> 8)) + _ESCAPED.get(code & 255, chr(code & 255))


_ESCAPED = {ord("("): "\\(", ord(")"): "\\)", ord("\\"): "\\\\", 13: "\\r"}


def _inner_ends(word: str, language: str | None, anywhere: bool) -> tuple[str, list[tuple[int, int]]]:
    """The word without soft hyphens, and where a line may end inside it, as (index, cost)."""
    if SOFT_HYPHEN in word:
        parts = [part for part in word.split(SOFT_HYPHEN) if part]
        word = "".join(parts)
        return word, [(at, AT_HYPHEN) for at in accumulate(map(len, parts[:-1]))]
    ends = [] if word.isalpha() else _compound_ends(word)
    if language and not ends and len(word) > 6 and word.isalpha() and word.islower():
        ends = [(at, AT_HYPHEN) for at in _hyphenator(language)(word)]
    if anywhere or len(word) >= LONG_WORD:
        known, first = dict(ends), 1 if anywhere else 2
        ends = [(at, known.get(at, IN_ANYTHING)) for at in range(first, len(word)) if not _belongs(word, at)]
    return word, ends


def _compound_ends(word: str) -> list[tuple[int, int]]:
    """After a hyphen, dash or slash within a word; never before or after its first or last two characters."""
    return [
        (at + 1, IN_COMPOUND)
        for at, character in enumerate(word[:-1])
        if character in "-–—/" and at > 1 and word[at + 1] not in "-–—/" and not word[at + 1].isdigit()
    ]


def _belongs(word: str, at: int) -> bool:
    """Whether the character at `at` belongs to the one before it: a mark, a joiner, a no-break space."""
    glue = UNSEEN + "\u00a0\u202f"
    return word[at] in glue or word[at - 1] in glue or 0x300 <= ord(word[at]) <= 0x36F


@cache
def _hyphenator(language: str) -> Callable[[str], list[int]]:
    """Return the function that says where a word of the language may be hyphenated; none for unknown ones."""
    import pyphen  # 30 ms, for themes that hyphenate

    tag = pyphen.language_fallback(language.replace("-", "_"))
    return pyphen.Pyphen(lang=tag, left=3, right=3).positions if tag else lambda word: []


def big_endian(data: bytes, form: str, offset: int) -> tuple[int, ...]:
    """Return numbers of a font table."""
    return struct.unpack_from(">" + form, data, offset)
