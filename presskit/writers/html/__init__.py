"""The tree as a web page: one file that loads nothing, for any screen, by day and by night, and for print.

The elements say what each block is; `metadata` is for search engines, `style` for the eye.  Not here: menus,
cookies, counters; the office's own site has them.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape
from typing import assert_never

from presskit.document import nodes
from presskit.document.forms import FORMS
from presskit.document.walk import is_public, parted, plain
from presskit.model.theme import Theme
from presskit.writers.html.flow import escaped, flow, scrolling
from presskit.writers.html.metadata import head_html
from presskit.writers.html.style import style_sheet
from presskit.writers.theme import columns_for, logo_of, logo_size_pt

PIXELS_PER_POINT = 96 / 72
LETTER_EM = 0.42  # an average letter of a narrow serif; with wide ones the page is wider too


def write_html(document: nodes.Document, theme: Theme) -> bytes:
    """Return the page: HTML5, its styles and pictures inside."""
    head = document.head
    above, below = parted(document)
    masthead = _masthead(head, theme)
    article = "\n".join(
        (*(_block(b, theme) for b in above), masthead, *(_block(block, theme) for block in below))
    )
    page = f"""\
<!DOCTYPE html>
<html lang="{escape(head.language)}">
<head>
{head_html(head, public=is_public(document))}
<style>
{style_sheet(theme)}</style>
</head>
<body>
<main>
<article class="release">
{article}
</article>
</main>
</body>
</html>
"""
    return page.encode()


def _masthead(head: nodes.Head, theme: Theme) -> str:
    """Return logo, issuer, kind, date and reference."""
    masthead = head.masthead
    day = f'<time datetime="{head.issued.date().isoformat()}">{escaped(masthead.date)}</time>'
    named = {
        "issuer": escaped(masthead.issuer),
        "kind": escaped(masthead.kind),
        "date": day if masthead.date else "",
        "reference": escaped(masthead.reference),
    }
    lines = [f'<p class="{name}">{content}</p>' for name, content in named.items() if content]
    return "\n".join(('<header class="masthead">', *_logo(theme), *lines, "</header>"))


def _logo(theme: Theme) -> Iterable[str]:
    if logo := logo_of(theme):
        source = _data_url(logo.image.media_type, logo.image.data)
        width, height = logo_size_pt(logo.image, theme)
        size = f'width="{width * PIXELS_PER_POINT:.0f}" height="{height * PIXELS_PER_POINT:.0f}"'
        yield f'<img src="{source}" alt="{escape(logo.alt)}" {size}>'


def _block(block: nodes.Block, theme: Theme) -> str:
    """Return the element of one block."""
    match block:
        case nodes.Notice():
            return _element(block, flow(block.content), f"notice {block.kind}")
        case nodes.Headline():
            return _element(block, flow(block.content))
        case nodes.Subhead():
            return _element(block, flow(block.content), "subhead")
        case nodes.Paragraph():
            dateline = f'<b class="dateline">{escaped(block.dateline)}</b>' if block.dateline else ""
            return _element(block, dateline + flow(block.content))
        case nodes.Heading():
            return f'<h{block.level} id="{escape(block.id)}">{flow(block.content)}</h{block.level}>'
        case nodes.List():
            return _list(block.items, "ol" if block.ordered else "ul", theme, block.id)
        case nodes.AgencyList():
            return _agencies(block, theme)
        case nodes.Quote():
            return _quote(block)
        case nodes.Section():
            return _section(block, theme)
        case nodes.Figure():
            return _figure(block)
        case nodes.Table():
            return scrolling(block, f'id="{escape(block.id)}"')
        case nodes.Contact():
            return _element(block, "<br>\n".join(map(flow, block.lines)))
        case nodes.EndMark():
            return _element(block, escaped(block.text), "end-mark")
        case nodes.PageBreak():
            return f'<div class="page-break" id="{escape(block.id)}"></div>'
        case _:
            assert_never(block)


def _element(block: nodes.Block, content: str, classes: str = "") -> str:
    tag = FORMS[type(block)].html
    named = f' class="{classes}"' if classes else ""
    return f'<{tag}{named} id="{escape(block.id)}">{content}</{tag}>'


def _section(section: nodes.Section, theme: Theme) -> str:
    """Return heading and blocks.

    Source: the HTML standard, "The footer element": contact information belongs in an address in a footer.
    """
    tag = "footer" if section.kind == "contacts" else FORMS[nodes.Section].html
    inner = (_block(within, theme) for within in (section.heading, *section.blocks))
    return "\n".join((f'<{tag} class="{section.kind}" id="{escape(section.id)}">', *inner, f"</{tag}>"))


def _agencies(agencies: nodes.AgencyList, theme: Theme) -> str:
    """Return introduction and names, or both as one paragraph."""
    if agencies.form == "sentence":
        sentence = " ".join(filter(None, (flow(agencies.intro), flow(agencies.sentence))))
        return f'<p id="{escape(agencies.id)}">{sentence}</p>'
    intro = f'<p class="intro">{flow(agencies.intro)}</p>\n' if agencies.intro else ""
    tag = "ol" if agencies.form == "numbered" else "ul"
    names = _list(agencies.items, tag, theme, plain_names=agencies.form == "columns")
    return f'<div id="{escape(agencies.id)}">\n{intro}{names}\n</div>'


def _list(
    items: Sequence[nodes.Item], tag: str, theme: Theme, list_id: str = "", *, plain_names: bool = False
) -> str:
    """Return a list; in columns where the entries are many, as far as the window has room for them."""
    columns = 1 if any(item.sublist for item in items) else columns_for(len(items), theme)
    classes = ["plain"] if plain_names else []
    measures = {"digits": str(len(str(len(items))))} if tag == "ol" else {}
    if columns > 1:
        classes.append(f"columns-{columns}")
        measures["entry"] = f"{_room_em(items):.1f}em"
    named = {
        "class": " ".join(classes),
        "id": escape(list_id),
        "style": ";".join(f"--{name}:{value}" for name, value in measures.items()),
    }
    attributes = "".join(f' {name}="{value}"' for name, value in named.items() if value)
    return "\n".join((f"<{tag}{attributes}>", *(_item(item, theme) for item in items), f"</{tag}>"))


def _room_em(items: Sequence[nodes.Item]) -> float:
    """Return how wide a column has to be for most of the entries to stand on one line."""
    letters = sorted(len(plain(item.content)) for item in items)[len(items) * 3 // 4]
    return LETTER_EM * letters


def _item(item: nodes.Item, theme: Theme) -> str:
    under = item.sublist
    sublist = (
        "" if under is None else "\n" + _list(under.items, "ol" if under.ordered else "ul", theme, under.id)
    )
    return f'<li id="{escape(item.id)}">{flow(item.content)}{sublist}</li>'


def _quote(quote: nodes.Quote) -> str:
    """Return speech and attribution.

    Source: the HTML standard, "The blockquote element": the attribution is placed outside of it.
    """
    speech = "".join(f"<p>{flow(paragraph)}</p>" for paragraph in quote.speech)
    return f"""\
<figure class="quote" id="{escape(quote.id)}">
<blockquote>{speech}</blockquote>
<figcaption>{flow(quote.attribution)}</figcaption>
</figure>"""


def _figure(figure: nodes.Figure) -> str:
    """Return picture, caption and credit; the picture's size keeps its place while it is decoded."""
    image = figure.image
    source = _data_url(image.media_type, image.data)
    size = f'width="{image.width_px}" height="{image.height_px}"'
    words = [f"<p>{flow(content)}</p>" for content in (figure.caption, figure.credit) if content]
    caption = f"\n<figcaption>{''.join(words)}</figcaption>" if words else ""
    picture = f'<img src="{source}" alt="{escape(figure.alt)}" {size}>'
    return f'<figure class="picture" id="{escape(figure.id)}">\n{picture}{caption}\n</figure>'


def _data_url(media_type: str, data: bytes) -> str:
    return f"data:{media_type};base64,{b64encode(data).decode('ascii')}"
