"""Lists as Word counts them: abstract definitions and the numbers that paragraphs refer to.

The styles refer to six definitions that are in every file; each ordered list of a release has a
definition and a number of its own besides, which start at 1.

Source: ECMA-376 part 1, 17.9 (numbering).

Why: Word goes on counting across numbers that share a definition, even with a start override; and it
takes definitions with the same nsid for one list when text is pasted from one release into another.

Not here: which paragraph is an entry of which list (`story`).
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from presskit.model.theme import Theme
from presskit.writers.docx.markup import W, style_id, twips, val

LEVELS = 9  # 17.9.6: a definition has up to nine
STYLED_LEVELS = 3  # List Number, List Number 2, List Number 3
STEP_EM = 1.9  # how much further right a deeper level stands, in type sizes
BULLET_ROOM_EM = 1.25  # for the bullet and the gap after it
NUMBER_GAP_EM = 0.45  # between number and entry
NUMBER_ROOM_EM, DIGIT_EM = 0.85, 0.52  # a list's numbers need the first once and the second for each digit
BULLETS = "•", "–", "▪"
FORMATS = "decimal", "lowerLetter", "lowerRoman"

Kind = Literal["bullet", "number", "plain"]
KINDS: tuple[Kind, ...] = ("bullet", "number", "plain")
BASE_NUMBERS = {(kind, small): 1 + i + 3 * small for small in (False, True) for i, kind in enumerate(KINDS)}
FIRST_OWN = len(BASE_NUMBERS) + 1


def base_number(kind: Kind, *, small: bool) -> int:
    """Return the number that a list style refers to; small is for boilerplate and notes."""
    return BASE_NUMBERS[kind, small]


def styled_levels(kind: Kind, *, small: bool) -> int:
    """Return how many levels have a style of their own."""
    return 1 if small or kind == "plain" else STYLED_LEVELS


class Lists:
    """The ordered lists of one release."""

    def __init__(self, theme: Theme, slug: str) -> None:
        """Make an empty register.

        Args:
            slug: the release's, so that lists of two releases stay two when one is pasted into the other.
        """
        self._theme, self._slug = theme, slug
        self._own: list[tuple[str, int, int, float]] = []
        self._numbers: dict[str, int] = {}

    def number(self, list_id: str, level: int, entries: int, *, small: bool) -> int:
        """Return the number of an ordered list, defined when it is first asked for.

        Args:
            level: at which its entries stand, from 0.
        """
        found = self._numbers.get(list_id)
        if found is None:
            found = self._numbers[list_id] = FIRST_OWN + len(self._own)
            size = self._theme.sizes.small if small else self._theme.sizes.body
            self._own.append((list_id, level, len(str(entries)), size.size_pt))
        return found

    def xml(self) -> str:
        """Return ``word/numbering.xml``: all definitions before all numbers (CT_Numbering, 17.9.16)."""
        base = base_definitions(self._theme)
        definitions, numbers = [base[0]], [base[1]]
        for own, (list_id, level, digits, size_pt) in enumerate(self._own, FIRST_OWN):
            mark = zlib.crc32(f"{self._slug}/{list_id}".encode())
            definitions.append(_definition(own, mark, number_levels(size_pt, digits)))
            restart = f'<w:lvlOverride w:ilvl="{level}">{val("startOverride", 1)}</w:lvlOverride>'
            numbers.append(_number(own, restart))
        return "".join((f'<w:numbering xmlns:w="{W}">', *definitions, *numbers, "</w:numbering>"))


@lru_cache(8)
def base_definitions(theme: Theme) -> tuple[str, str]:
    """Return the definitions and the numbers that the list styles refer to."""
    definitions, numbers = [], []
    for (kind, small), number in BASE_NUMBERS.items():
        size_pt = (theme.sizes.small if small else theme.sizes.body).size_pt
        levels = _styled_levels(kind, size_pt, small=small)
        definitions.append(_definition(number, zlib.crc32(f"{kind}/{small}".encode()), levels))
        numbers.append(_number(number))
    return "".join(definitions), "".join(numbers)


def _definition(number: int, mark: int, levels: str) -> str:
    template = f"{mark ^ 0x5A5A5A5A:08X}"
    return (
        f'<w:abstractNum w:abstractNumId="{number}">{val("nsid", f"{mark:08X}")}'
        f"{val('multiLevelType', 'multilevel')}{val('tmpl', template)}{levels}</w:abstractNum>"
    )


def _number(number: int, override: str = "") -> str:
    return f'<w:num w:numId="{number}">{val("abstractNumId", number)}{override}</w:num>'


def _styled_levels(kind: Kind, size_pt: float, *, small: bool) -> str:
    """Return the levels of a definition that belongs to styles."""
    title = {"bullet": "Bullet", "number": "Number", "plain": "List"}[kind]
    name = f"Boilerplate {title}" if small else title if kind == "plain" else f"List {title}"
    styled = range(styled_levels(kind, small=small))
    styles = tuple(style_id(name if level == 0 else f"{name} {level + 1}") for level in styled)
    if kind == "number":
        return number_levels(size_pt, 2, styles)
    one = _bullet_level if kind == "bullet" else _plain_level
    return "".join(one(level, size_pt, styles) for level in range(LEVELS))


def _bullet_level(level: int, size_pt: float, styles: Sequence[str]) -> str:
    room = BULLET_ROOM_EM * size_pt
    bullet = BULLETS[level % len(BULLETS)]
    return _level(level, "bullet", bullet, STEP_EM * size_pt * level + room, room, styles)


def _plain_level(level: int, size_pt: float, styles: Sequence[str]) -> str:
    return _level(level, "none", "", STEP_EM * size_pt * level, 0, styles)


@lru_cache(64)
def number_levels(size_pt: float, digits: int, styles: tuple[str, ...] = ()) -> str:
    """Return the levels of an ordered list: numbers end in line, entries begin in line.

    Args:
        digits: of its highest number.
        styles: ids of the styles its first levels belong to.
    """
    gap, room = NUMBER_GAP_EM * size_pt, (NUMBER_ROOM_EM + DIGIT_EM * digits) * size_pt
    return "".join(
        _level(
            level,
            FORMATS[level % len(FORMATS)],
            f"%{level + 1}.",
            room + STEP_EM * size_pt * level,
            gap,
            styles,
            side="right",
        )
        for level in range(LEVELS)
    )


def _level(
    level: int,
    form: str,
    text: str,
    left_pt: float,
    hanging_pt: float,
    styles: Sequence[str],
    side: str = "left",
) -> str:
    """Return one level, in the order of CT_Lvl (17.9.6)."""
    style = val("pStyle", styles[level]) if level < len(styles) else ""
    nothing_after = val("suff", "nothing") if form == "none" else ""
    indent = f'<w:pPr><w:ind w:left="{twips(left_pt)}" w:hanging="{twips(hanging_pt)}"/></w:pPr>'
    said = (
        val("start", 1)
        + val("numFmt", form)
        + style
        + nothing_after
        + val("lvlText", text)
        + val("lvlJc", side)
    )
    return f'<w:lvl w:ilvl="{level}">{said}{indent}</w:lvl>'
