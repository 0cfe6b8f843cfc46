"""The tree as the elements of a message: one table with a row for each block, and tables where boxes stand.

Why: a table is what every mail program lays out alike; and many short rows, because Outlook on Windows breaks
a high one as if it were to be printed.  Not here: looks (`style`), and the MIME around it (`send`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import assert_never

from presskit.document import nodes
from presskit.document.foot import Foot
from presskit.document.walk import parted
from presskit.model.theme import Theme
from presskit.writers.html.flow import escaped, flow, scrolling
from presskit.writers.mail.style import MARGIN_PX, WIDTH_PX, kept_rules, word_rules
from presskit.writers.theme import columns_for, logo_of, logo_size_pt

PIXELS_PER_POINT = 96 / 72
PICTURE_HEIGHT_PX = 560  # at most: an upright one is seen whole
MOST_COLUMNS = 2  # of names: three would be too narrow for any
TABLE = '<table role="presentation"'

Cids = Mapping[str, str]
"""Content-IDs of pictures, by the figure's id."""

OUTLOOK_S_OWN = (
    f'<!--[if mso]>{TABLE} align="center" width="{WIDTH_PX}" cellpadding="0" cellspacing="0" border="0">'
    "<tr><td><![endif]-->\n",
    "<!--[if mso]></td></tr></table><![endif]-->\n",
)
"""Outlook on Windows knows no greatest width; other programs take this for a comment.

Source: Microsoft, "Word HTML and CSS rendering capabilities in Outlook".
"""

PIXELS_AS_THEY_ARE = (
    "<xml xmlns:o='urn:schemas-microsoft-com:office:office'><o:OfficeDocumentSettings>"
    "<o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml>"
)


def message_html(document: nodes.Document, theme: Theme, foot: Foot, cids: Cids) -> str:
    """Return the message, its styles not yet written into its elements."""
    head = document.head
    language, title = escape(head.language), escape(head.title)
    above, below = parted(document)
    before, after = OUTLOOK_S_OWN
    rows = [row for block in above for row in _rows(block, theme, cids)]
    rows += [_row(_masthead(head, theme, cids), "row sans")]
    rows += [row for block in below for row in _rows(block, theme, cids)]
    return f"""\
<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">
<title>{escaped(head.title)}</title>
<!--[if mso]>{PIXELS_AS_THEY_ARE}<style>{word_rules(theme)}</style><![endif]-->
<style>
{kept_rules(theme)}</style>
</head>
<body>
<div role="article" aria-label="{title}" lang="{language}">
{before}{TABLE} class="sheet">
{"".join(rows)}{_row(_foot(foot), "foot")}</table>
{after}</div>
</body>
</html>
"""


def _row(content: str, classes: str = "row") -> str:
    return f'<tr><td class="{classes}">{content}</td></tr>\n'


def _masthead(head: nodes.Head, theme: Theme, cids: Cids) -> str:
    """Return logo and issuer, and below them kind, date and reference side by side."""
    masthead, logo = head.masthead, logo_of(theme)
    found = ""
    if logo:
        width, height = (round(length * PIXELS_PER_POINT) for length in logo_size_pt(logo.image, theme))
        source = f'src="cid:{cids[logo.id]}" alt="{escape(logo.alt)}"'
        found = f'<img class="logo" {source} width="{width}" height="{height}">'
    if masthead.issuer:
        found += f'<p class="issuer">{escaped(masthead.issuer)}</p>'
    named = {"kind": masthead.kind, "date": masthead.date, "reference": masthead.reference}
    cells = [f'<td class="fact {name}">{escaped(text)}</td>' for name, text in named.items() if text]
    return found + (f'{TABLE} class="facts small"><tr>{"".join(cells)}</tr></table>' if cells else "")


def _rows(block: nodes.Block, theme: Theme, cids: Cids) -> Iterator[str]:
    """Yield the row of a block, or one for each block of a section."""
    if not isinstance(block, nodes.Section):
        if content := _block(block, theme, cids):
            yield _row(content)
        return
    yield _row(_block(block.heading, theme, cids))
    classes = "row small" if block.kind in ("boilerplate", "notes") else "row"
    for within in block.blocks:
        if isinstance(within, nodes.Section):
            yield from _rows(within, theme, cids)
        elif content := _block(within, theme, cids):
            yield _row(content, classes)


def _block(block: nodes.Block, theme: Theme, cids: Cids) -> str:
    """Return the elements of one block; "" for one that a message does without."""
    match block:
        case nodes.Notice():
            return _notice(block)
        case nodes.Headline():
            return f"<h1>{flow(block.content)}</h1>"
        case nodes.Subhead():
            return f'<p class="subhead sans">{flow(block.content)}</p>'
        case nodes.Paragraph():
            dateline = f"<b>{escaped(block.dateline)}</b>" if block.dateline else ""
            return f"<p>{dateline}{flow(block.content)}</p>"
        case nodes.Heading():
            return f"<h{block.level}>{flow(block.content)}</h{block.level}>"
        case nodes.List():
            return _list(block.items, "ol" if block.ordered else "ul", theme)
        case nodes.AgencyList():
            return _agencies(block, theme)
        case nodes.Quote():
            return _quote(block)
        case nodes.Section():
            return "".join(_block(within, theme, cids) for within in (block.heading, *block.blocks))
        case nodes.Figure():
            return _figure(block, cids[block.id])
        case nodes.Table():
            return scrolling(block, 'class="data"')
        case nodes.Contact():
            return f'<p class="contact">{"<br>".join(map(flow, block.lines))}</p>'
        case nodes.EndMark():
            return f'<p class="end-mark">{escaped(block.text)}</p>'
        case nodes.PageBreak():
            return ""
        case _:
            assert_never(block)


def _notice(notice: nodes.Notice) -> str:
    """Return a line of its own; all but the usual one in a box of the colour of alarm."""
    if notice.kind == "immediate":
        return f'<p class="immediate sans">{flow(notice.content)}</p>'
    cell = f'<td class="alert sans {notice.kind}">{flow(notice.content)}</td>'
    return f'{TABLE} class="box"><tr>{cell}</tr></table>'


def _agencies(agencies: nodes.AgencyList, theme: Theme) -> str:
    """Return introduction and names, or both as one paragraph."""
    intro = flow(agencies.intro)
    if agencies.form == "sentence":
        return f"<p>{' '.join(filter(None, (intro, flow(agencies.sentence))))}</p>"
    tag = "ol" if agencies.form == "numbered" else "ul"
    names = _list(agencies.items, tag, theme, plain_names=agencies.form == "columns")
    return (f'<p class="intro">{intro}</p>' if intro else "") + names


def _list(items: Sequence[nodes.Item], tag: str, theme: Theme, *, plain_names: bool = False) -> str:
    """Return a list; where its entries are many, one list beside another, filled down."""
    columns = min(MOST_COLUMNS, columns_for(len(items), theme))
    if columns == 1 or any(item.sublist for item in items):
        return _column(items, tag, 1, len(items), plain_names)
    length = -(-len(items) // columns)
    lists = (
        _column(items[start : start + length], tag, start + 1, len(items), plain_names)
        for start in range(0, len(items), length)
    )
    share = f"width:{100 // columns}%"
    cells = "".join(f'<td class="column" style="{share}">{one}</td>' for one in lists)
    return f'{TABLE} class="columns"><tr>{cells}</tr></table>'


def _column(items: Sequence[nodes.Item], tag: str, first: int, last: int, plain_names: bool) -> str:
    """Return a list whose numbers, if it has some, start with the first and have room up to the last."""
    attributes = ' class="plain"' if plain_names else ""
    if tag == "ol" and first > 1:
        attributes += f' start="{first}"'
    if tag == "ol" and last > 99:
        attributes += f' style="margin-left:{6 + 9 * len(str(last))}px"'
    return f"<{tag}{attributes}>{''.join(map(_item, items))}</{tag}>"


def _item(item: nodes.Item) -> str:
    under = item.sublist
    sublist = ""
    if under is not None:
        sublist = _column(under.items, "ol" if under.ordered else "ul", 1, len(under.items), False)
    return f"<li>{flow(item.content)}{sublist}</li>"


def _quote(quote: nodes.Quote) -> str:
    """Return speech and attribution beside a rule.

    Source: the HTML standard, "The blockquote element": the attribution is placed outside of it.
    """
    speech = "".join(f"<p>{flow(paragraph)}</p>" for paragraph in quote.speech)
    said = f'<blockquote>{speech}</blockquote><p class="attribution">{flow(quote.attribution)}</p>'
    return f'{TABLE} class="quote"><tr><td class="said">{said}</td></tr></table>'


def _figure(figure: nodes.Figure, cid: str) -> str:
    """Return picture, caption and credit; the picture fits in a window, and is never made coarser."""
    image = figure.image
    shape = image.width_px / image.height_px
    width = max(1, min(image.width_px, WIDTH_PX - 2 * MARGIN_PX, round(PICTURE_HEIGHT_PX * shape)))
    height = max(1, round(width / shape))
    size = f'width="{width}" height="{height}" style="max-width:{width}px"'
    picture = f'<p class="photo"><img class="picture" src="cid:{cid}" alt="{escape(figure.alt)}" {size}></p>'
    lines = (flow(content) for content in (figure.caption, figure.credit) if content)
    words = "".join(f'<p class="caption">{line}</p>' for line in lines)
    return f'<div class="figure">{picture}{words}</div>'


def _foot(foot: Foot) -> str:
    """Return the foot; what its checkpoint consists of stays as it is, however narrow the screen."""
    lines = [escaped(line) for line in foot.lines]
    lines += [f'<a href="{escape(url)}">{escaped(label)}</a>' for label, url in foot.links]
    lines += [escaped(foot.meaning)] if foot.meaning else []
    note = f"<pre>{escaped(foot.checkpoint)}</pre>" if foot.checkpoint else ""
    return "".join(f"<p>{line}</p>" for line in lines) + note
