"""The theme's colours as a page shows them, by day and by night: each legible on what it stands on.

Not here: where a colour is used (`style`).
"""

from __future__ import annotations

from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass

from presskit.model.theme import Colours

CONTRAST = 7.0
"""Least contrast of text.  Source: WCAG 2.2, 1.4.6 Contrast (Enhanced)."""

RULE_CONTRAST = 3.0
"""Least contrast of a line that means something.  Source: WCAG 2.2, 1.4.11 Non-text Contrast."""

BLACK, WHITE = "#000000", "#ffffff"
STEP = 0.02  # of lightness, on the way to black or white
SOFTENED = 0.1  # so much darker than the day's paper is text at night: full brightness dazzles


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one scheme, each "#rrggbb"."""

    page: str
    text: str
    brand: str  # headline, headings, the rule beside a quote
    link: str
    muted: str
    rule: str
    band: str  # fill of the masthead's band
    alert: str  # fill of the embargo line
    on_alert: str  # its words


def by_day(colours: Colours) -> Palette:
    """Return the theme's own colours; one that is too pale for text is darkened."""
    return _palette(colours, colours.paper.rgb, colours.text.rgb)


def by_night(colours: Colours) -> Palette:
    """Return the theme's colours on its darker one of text and paper."""
    page, text = sorted((colours.text.rgb, colours.paper.rgb), key=_luminance)
    return _palette(colours, page, _lightened(text, -SOFTENED))


def _palette(colours: Colours, page: str, text: str) -> Palette:
    return Palette(
        page=page,
        text=legible(text, page),
        brand=legible(colours.brand.rgb, page),
        link=legible(colours.link.rgb, page),
        muted=legible(colours.muted.rgb, page),
        rule=legible(colours.rule.rgb, page, RULE_CONTRAST),
        band=colours.brand.rgb,
        alert=colours.alert.rgb,
        on_alert=legible(colours.paper.rgb, colours.alert.rgb),
    )


def legible(colour: str, ground: str, least: float = CONTRAST) -> str:
    """Return the colour, lighter or darker by as little as gives it the contrast to the ground.

    Why: only the lightness is changed, so that a blue stays that blue.
    """
    end = max(BLACK, WHITE, key=lambda extreme: contrast(extreme, ground))
    step = STEP if end == WHITE else -STEP
    tried = (_lightened(colour, step * number) for number in range(round(1 / STEP)))
    return next((found for found in tried if contrast(found, ground) >= least), end)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21.

    Source: WCAG 2.2, "contrast ratio" and "relative luminance".
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in _channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _lightened(colour: str, by: float) -> str:
    """Return the colour with more lightness (of 0 to 1), or less; same hue, same saturation."""
    if by == 0:
        return colour
    hue, lightness, saturation = rgb_to_hls(*(channel / 255 for channel in _channels(colour)))
    channels = hls_to_rgb(hue, min(1.0, max(0.0, lightness + by)), saturation)
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)


def _channels(colour: str) -> bytes:
    return bytes.fromhex(colour[1:])
