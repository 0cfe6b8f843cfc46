"""The style sheet: every look as a Word style, colours and fonts as the theme's own.

Source: ECMA-376 part 1, 17.7 (styles), 17.3.1 (paragraph properties, in the order of CT_PPr), 17.3.2 (run
properties, in the order of CT_RPr), 17.18.97 (theme colours).

Not here: what the styles look like (`looks`), or who uses them (`story`).
"""

from __future__ import annotations

from presskit.model.theme import Size, Theme
from presskit.writers.docx.looks import BOX_PADDING_PT, Look, looks
from presskit.writers.docx.markup import W, half_points, hexadecimal, quoted, style_id, twips, val
from presskit.writers.docx.numbering import base_number
from presskit.writers.theme import text_width_pt

THEME_COLOURS = {
    "text": "text1",
    "paper": "background1",
    "brand": "accent1",
    "alert": "accent2",
    "muted": "accent3",
    "rule": "accent4",
    "link": "hyperlink",
}
"""Which of Word's theme colours carries which role; `settings` defines them."""

BUILT_IN = (
    *("Title", "Subtitle", "heading 1", "heading 2", "Body Text", "Quote", "caption", "header", "footer"),
    *("List", "List Bullet", "List Bullet 2", "List Bullet 3"),
    *("List Number", "List Number 2", "List Number 3"),
    *("Hyperlink", "Strong", "Emphasis", "Placeholder Text"),
)
"""Names Word knows and translates (latent styles, 17.7.4.5); all others are marked as custom."""

BOLD, NOT_BOLD = "<w:b/><w:bCs/>", '<w:b w:val="0"/><w:bCs w:val="0"/>'
OFFERED, NOT_OFFERED = 1, 99  # priorities in Word's list of styles
BOX_ABOVE_PT = 4
LATENT = '<w:latentStyles w:defUIPriority="99" w:defSemiHidden="1" w:defUnhideWhenUsed="1" w:defQFormat="0"/>'
"""All other styles Word knows stay out of its list until somebody uses one (17.7.4.5)."""


def styles_xml(theme: Theme, language: str) -> str:
    """Return ``word/styles.xml``."""
    paragraphs = (_paragraph_style(look, theme) for look in looks(theme))
    styles = (*_default_styles(), *paragraphs, *_character_styles(theme), _table_style(theme))
    return f'<w:styles xmlns:w="{W}">{_defaults(theme, language)}{LATENT}{"".join(styles)}</w:styles>'


def _style(kind: str, name: str, content: str) -> str:
    own = "" if name in BUILT_IN else ' w:customStyle="1"'
    return (
        f'<w:style w:type="{kind}"{own} w:styleId="{style_id(name)}">{val("name", name)}{content}</w:style>'
    )


def _defaults(theme: Theme, language: str) -> str:
    run = (
        f"{_fonts('minor')}{_colour('text', theme)}{_size(theme.sizes.body)}"
        f'<w:lang w:val="{quoted(language)}" w:eastAsia="en-US" w:bidi="ar-SA"/>'
    )
    paragraph = f"<w:widowControl/>{_spacing(Look('', theme.sizes.body, grows=True))}"
    return (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{run}</w:rPr></w:rPrDefault>"
        f"<w:pPrDefault><w:pPr>{paragraph}</w:pPr></w:pPrDefault></w:docDefaults>"
    )


def _default_styles() -> tuple[str, ...]:
    """Return the four styles that everything without a style has (17.7.4.17)."""
    hidden = "<w:semiHidden/><w:unhideWhenUsed/>"
    sides = (("top", 0), ("left", 0), ("bottom", 0), ("right", 200))
    cells = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in sides)
    table = f'<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>{cells}</w:tblCellMar></w:tblPr>'
    return tuple(
        f'<w:style w:type="{kind}" w:default="1" w:styleId="{key}">{val("name", name)}{content}</w:style>'
        for kind, key, name, content in (
            ("paragraph", "Normal", "Normal", "<w:qFormat/>"),
            ("character", "DefaultParagraphFont", "Default Paragraph Font", val("uiPriority", 1) + hidden),
            ("table", "TableNormal", "Normal Table", val("uiPriority", 99) + hidden + table),
            ("numbering", "NoList", "No List", val("uiPriority", 99) + hidden),
        )
    )


def _paragraph_style(look: Look, theme: Theme) -> str:
    following = val("next", style_id(look.following)) if look.following else ""
    offered = val("uiPriority", OFFERED) + "<w:qFormat/>" if look.listed else val("uiPriority", NOT_OFFERED)
    paragraph, run = _paragraph_properties(look, theme), _run_properties(look, theme)
    content = f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr>"
    return _style(
        "paragraph", look.name, val("basedOn", style_id(look.based_on)) + following + offered + content
    )


def _paragraph_properties(look: Look, theme: Theme) -> str:
    parts = ["<w:keepNext/>" if look.keep_next else val("keepNext", 0) if look.based_on != "Normal" else ""]
    if look.keep_lines:
        parts.append("<w:keepLines/>")
    if look.numbering:
        number = val("numId", base_number(look.numbering, small=look.small))
        parts.append(f"<w:numPr>{val('ilvl', look.level) if look.level else ''}{number}</w:numPr>")
    parts.append(_box(look, theme) if look.fill else _rule(look, theme) if look.rule else "")
    if look.stops:
        right = text_width_pt(theme)
        at = {"center": twips((right + look.left_pt) / 2), "right": twips(right)}
        stops = "".join(f'<w:tab w:val="{stop}" w:pos="{at[stop]}"/>' for stop in look.stops)
        parts.append(f"<w:tabs>{stops}</w:tabs>")
    parts.append(_spacing(look))
    if look.left_pt or look.right_pt:
        parts.append(f'<w:ind w:left="{twips(look.left_pt)}" w:right="{twips(look.right_pt)}"/>')
    if look.align:
        parts.append(val("jc", look.align))
    if look.outline is not None:
        parts.append(val("outlineLvl", look.outline))
    return "".join(parts)


def _box(look: Look, theme: Theme) -> str:
    """Return colour behind the text and, as a border of the same colour, around it."""
    rgb, role = hexadecimal(look.fill, theme), THEME_COLOURS[look.fill]
    spaces = (
        ("top", BOX_ABOVE_PT),
        ("left", BOX_PADDING_PT),
        ("bottom", BOX_ABOVE_PT),
        ("right", BOX_PADDING_PT),
    )
    sides = "".join(_border(side, look.fill, theme, 4, round(space)) for side, space in spaces)
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{rgb}" w:themeFill="{role}"/>'
    return f"<w:pBdr>{sides}</w:pBdr>{shade}"


def _rule(look: Look, theme: Theme) -> str:
    weight, gap = round(look.rule_pt * 8), round(look.rule_gap_pt)
    return f"<w:pBdr>{_border(look.rule, look.rule_colour, theme, weight, gap)}</w:pBdr>"


def _border(side: str, role: str, theme: Theme, weight: int, gap_pt: int = 0) -> str:
    """Return one line of a border.

    Args:
        weight: in eighths of a point (17.18.2).
    """
    colour = f'w:color="{hexadecimal(role, theme)}" w:themeColor="{THEME_COLOURS[role]}"'
    return f'<w:{side} w:val="single" w:sz="{weight}" w:space="{gap_pt}" {colour}/>'


def _spacing(look: Look) -> str:
    """Return distances: exact lines, so that they stand where the PDF's do, unless the look may grow.

    Source: 17.3.1.33; "exact" cuts off a picture or a tall character.
    """
    rule = "atLeast" if look.grows else "exact"
    before, after, line = (twips(v) for v in (look.before_pt, look.after_pt, look.size.leading_pt))
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="{rule}"/>'


def _run_properties(look: Look, theme: Theme) -> str:
    fonts = _fonts("major" if look.display else "minor")
    bold = BOLD if look.bold else NOT_BOLD if look.based_on != "Normal" else ""
    return f"{fonts}{bold}{_colour(look.colour, theme)}{_size(look.size)}"


def _fonts(scheme: str) -> str:
    """Return the theme's own family for every script: minor for reading, major for navigating."""
    families = ("ascii", "HAnsi"), ("eastAsia", "EastAsia"), ("hAnsi", "HAnsi"), ("cs", "Bidi")
    said = (f'w:{"cstheme" if name == "cs" else name + "Theme"}="{scheme}{part}"' for name, part in families)
    return f"<w:rFonts {' '.join(said)}/>"


def _colour(role: str, theme: Theme) -> str:
    return f'<w:color w:val="{hexadecimal(role, theme)}" w:themeColor="{THEME_COLOURS[role]}"/>'


def _size(size: Size) -> str:
    value = half_points(size.size_pt)
    return val("sz", value) + val("szCs", value)


def _character_styles(theme: Theme) -> tuple[str, ...]:
    shared = val("basedOn", "DefaultParagraphFont") + val("uiPriority", OFFERED) + "<w:qFormat/>"
    styles = {
        "Hyperlink": _colour("link", theme) + val("u", "single"),
        "Strong": BOLD,
        "Emphasis": "<w:i/><w:iCs/>",
        "Dateline": BOLD,
        "Masthead Kind": BOLD + _colour("brand", theme),
        "Warning": BOLD + _colour("alert", theme),
        "Placeholder Text": _colour("muted", theme),
    }
    return tuple(
        _style("character", name, f"{shared}<w:rPr>{properties}</w:rPr>")
        for name, properties in styles.items()
    )


def _table_style(theme: Theme) -> str:
    """Return hairlines under the rows, a stronger one under the header row.

    Why: the header's words are bold by their paragraph style; bold in both would cancel out (17.7.3).
    """
    thin = _border("bottom", "rule", theme, 4) + _border("insideH", "rule", theme, 4)
    header = f"<w:tcPr><w:tcBorders>{_border('bottom', 'brand', theme, 8)}</w:tcBorders></w:tcPr>"
    return _style(
        "table",
        "Release Table",
        f"{val('basedOn', 'TableNormal')}{val('uiPriority', OFFERED)}<w:qFormat/>"
        f"<w:tblPr><w:tblBorders>{thin}</w:tblBorders></w:tblPr>"
        f'<w:tblStylePr w:type="firstRow">{header}</w:tblStylePr>',
    )
