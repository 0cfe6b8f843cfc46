"""Measures all writers derive from a theme the same way.

Not here: anything that belongs to one format.
"""

from __future__ import annotations

from presskit.model.theme import Theme

POINTS_PER_MM = 72 / 25.4


def columns_for(entries: int, theme: Theme) -> int:
    """Return in how many columns a list of so many entries stands.

    Source: the page design: over 12 entries two columns, over 30 three.
    """
    if entries >= theme.setting.three_columns_from:
        return 3
    return 2 if entries >= theme.setting.columns_from else 1
