"""Measures all writers derive from a theme the same way.

Not here: anything that belongs to one format.
"""

from __future__ import annotations

from functools import lru_cache

from presskit.document.nodes import Figure, Image, Table
from presskit.document.walk import plain
from presskit.model.theme import Theme

POINTS_PER_MM = 72 / 25.4
LOGO_HEIGHT_MM, LOGO_SHARE = 14.0, 0.6  # at most so high, and so much of the measure
PICTURE_SHARE = 0.6  # of the text's height, at most
LEAST_COLUMN_SHARE = 0.4  # of an even column's width
MOST_CHARACTERS = 40  # from which a longer cell does not widen its column


@lru_cache(16)
def logo_of(theme: Theme) -> Figure | None:
    """Return the theme's logo as a figure without caption; None where the wordmark stands alone."""
    if theme.logo is None or theme.logo_size_px is None:
        return None
    png = theme.logo.lower().endswith(".png")
    image = Image(
        theme.logo, "image/png" if png else "image/jpeg", theme.resources[theme.logo], *theme.logo_size_px
    )
    return Figure("logo", "theme", image, theme.logo_alt or "", (), ())


def logo_size_pt(image: Image, theme: Theme) -> tuple[float, float]:
    """Return width and height of the logo, in points: as high as the masthead has room for, and sharp."""
    height, widest = LOGO_HEIGHT_MM * POINTS_PER_MM, text_width_pt(theme) * LOGO_SHARE
    sharp = image.width_px * 72 / theme.press.image_dpi
    width = min(height * image.width_px / image.height_px, widest, sharp)
    return width, width * image.height_px / image.width_px


def columns_for(entries: int, theme: Theme) -> int:
    """Return in how many columns a list of so many entries stands.

    Source: the page design: over 12 entries two columns, over 30 three.
    """
    if entries >= theme.setting.three_columns_from:
        return 3
    return 2 if entries >= theme.setting.columns_from else 1


def text_width_pt(theme: Theme) -> float:
    """Return the measure of running text, in points."""
    return (theme.page.width_mm - 2 * theme.page.margin_mm - theme.setting.indent_mm) * POINTS_PER_MM


def picture_size_pt(image: Image, theme: Theme) -> tuple[float, float]:
    """Return width and height of a picture on paper, in points: its own shape, never wider than the text.

    A picture with too few pixels is printed smaller rather than coarser than the press asks for.
    """
    most = (theme.page.height_mm - 2 * theme.page.margin_mm) * POINTS_PER_MM * PICTURE_SHARE
    shape = image.width_px / image.height_px
    width = min(text_width_pt(theme), image.width_px * 72 / theme.press.image_dpi, most * shape)
    return width, width / shape


def column_shares(table: Table) -> list[float]:
    """Return what part of a table's width each column takes, by its longest cell; the sum is 1."""
    count = len(table.header)
    longest = [
        min(MOST_CHARACTERS, max(len(plain(row[at])) for row in (table.header, *table.rows))) + 2
        for at in range(count)
    ]
    least = LEAST_COLUMN_SHARE / count
    free = 1 - LEAST_COLUMN_SHARE
    return [least + free * length / sum(longest) for length in longest]
