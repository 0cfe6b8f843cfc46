"""Document-wide parts that follow from the theme: settings, font table, colour and font schemes.

Source: ECMA-376 part 1, 17.15 (settings), 17.8.3 (font table); 20.1.6 (DrawingML colour and font schemes).

Not here: styles and numbering, or anything of one release but its language.
"""

from __future__ import annotations

from collections.abc import Iterable

from presskit.model.theme import Theme
from presskit.writers.docx.markup import A, W, hexadecimal, quoted, val

WORD_2013 = 15  # compatibility mode; lower ones open as "Compatibility Mode" with old layout rules
WORD_URI = "http://schemas.microsoft.com/office/word"
COMPATIBILITY = {
    "compatibilityMode": WORD_2013,
    "overrideTableStyleFontSizeAndJustification": 1,
    "enableOpenTypeFeatures": 1,
    "doNotFlipMirrorIndents": 1,
    "differentiateMultirowTableHeaders": 1,
}
SAME_NAMES = (*(f"accent{number}" for number in range(1, 7)), "hyperlink", "followedHyperlink")
SCHEME_MAP = {"bg1": "light1", "t1": "dark1", "bg2": "light2", "t2": "dark2"} | {n: n for n in SAME_NAMES}
COLOUR_SCHEME = {
    "dk1": "text",
    "lt1": "paper",
    "dk2": "brand",
    "lt2": "paper",
    "accent1": "brand",
    "accent2": "alert",
    "accent3": "muted",
    "accent4": "rule",
    "accent5": "link",
    "accent6": "text",
    "hlink": "link",
    "folHlink": "link",
}
"""Word's twelve theme colours, in the order of CT_ColorScheme, and the roles they take."""

SERIF, SANS = "roman", "swiss"  # 17.18.30


def settings_xml(theme: Theme, language: str) -> str:
    """Return ``word/settings.xml``; the order of its elements is that of CT_Settings, 17.15.1.78."""
    word = theme.word
    parts = ['<w:zoom w:percent="100"/>']
    if word.track_changes or word.protect:
        parts.append("<w:trackRevisions/>")
    if word.protect:
        parts.append('<w:documentProtection w:edit="trackedChanges" w:enforcement="1"/>')
    parts.append(val("defaultTabStop", 720))
    if theme.setting.hyphenate:
        parts.append("<w:autoHyphenation/>")
    compatible = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="{WORD_URI}" w:val="{value}"/>'
        for name, value in COMPATIBILITY.items()
    )
    colours = " ".join(f'w:{name}="{slot}"' for name, slot in SCHEME_MAP.items())
    parts.append(f"{val('characterSpacingControl', 'doNotCompress')}<w:compat>{compatible}</w:compat>")
    parts.append(f"{val('themeFontLang', quoted(language))}<w:clrSchemeMapping {colours}/>")
    return f'<w:settings xmlns:w="{W}">{"".join(parts)}</w:settings>'


def font_table_xml(theme: Theme) -> str:
    """Return ``word/fontTable.xml``: each family with the families to use where it is not installed.

    Source: 17.8.3.1: alternative names are a list with commas.
    """
    fonts = theme.fonts
    entries = [
        _font(fonts.text.family, (fonts.text.fallback,), SERIF),
        _font(fonts.display.family, (fonts.display.fallback,), SANS),
        *(_font(fallback.name, fallback.alternatives, SANS) for fallback in fonts.fallbacks),
    ]
    return f'<w:fonts xmlns:w="{W}">{"".join(dict.fromkeys(entries))}</w:fonts>'


def _font(name: str, alternatives: Iterable[str], family: str) -> str:
    others = val("altName", quoted(",".join(alternatives))) if alternatives else ""
    facts = val("charset", "00") + val("family", family) + val("pitch", "variable")
    return f'<w:font w:name="{quoted(name)}">{others}{facts}</w:font>'


def colour_scheme_xml(theme: Theme) -> str:
    """Return the theme's twelve colours, 20.1.6.2."""
    colours = "".join(
        f'<a:{slot}><a:srgbClr val="{hexadecimal(role, theme)}"/></a:{slot}>'
        for slot, role in COLOUR_SCHEME.items()
    )
    return f'<a:clrScheme xmlns:a="{A}" name="presskit">{colours}</a:clrScheme>'


def font_scheme_xml(theme: Theme) -> str:
    """Return the theme's two families, 20.1.4.1.18, and the one for syllabics."""
    fonts = theme.fonts
    syllabics = (fallback.name for fallback in fonts.fallbacks if fallback.covers("ᐃ"))
    others = "".join(f'<a:font script="Cans" typeface="{quoted(name)}"/>' for name in syllabics)
    schemes = "".join(
        f'<a:{kind}Font><a:latin typeface="{quoted(family.family)}"/>'
        f'<a:ea typeface=""/><a:cs typeface=""/>{others}</a:{kind}Font>'
        for kind, family in (("major", fonts.display), ("minor", fonts.text))
    )
    return f'<a:fontScheme xmlns:a="{A}" name="presskit">{schemes}</a:fontScheme>'
