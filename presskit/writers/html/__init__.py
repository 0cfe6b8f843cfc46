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
from presskit.document.walk import plain
from presskit.model.theme import Theme
from presskit.writers.html.metadata import head_html
from presskit.writers.html.style import style_sheet
from presskit.writers.theme import columns_for

Content = Sequence[nodes.Inline]


def write_html(document: nodes.Document, theme: Theme) -> bytes:
    """Return the page: HTML5, its styles and pictures inside."""
    head = document.head
    blocks = "\n".join(_block(block, theme) for block in document.blocks)
    page = f"""\
<!DOCTYPE html>
<html lang="{escape(head.language)}">
<head>
{head_html(head)}
<style>
{style_sheet(theme)}</style>
</head>
<body>
<main>
<article class="release">
{_masthead(head, theme)}
{blocks}
</article>
</main>
</body>
</html>
"""
    return page.encode()


def _masthead(head: nodes.Head, theme: Theme) -> str:
    """Return logo, issuer, kind, date and reference."""
    masthead = head.masthead
    day = f'<time datetime="{head.issued.date().isoformat()}">{_escaped(masthead.date)}</time>'
    named = {
        "issuer": _escaped(masthead.issuer),
        "kind": _escaped(masthead.kind),
        "date": day if masthead.date else "",
        "reference": _escaped(masthead.reference),
    }
    lines = [f'<p class="{name}">{content}</p>' for name, content in named.items() if content]
    return "\n".join(('<header class="masthead">', *_logo(theme), *lines, "</header>"))


def _logo(theme: Theme) -> Iterable[str]:
    if theme.logo is not None:
        media_type = "image/png" if theme.logo.lower().endswith(".png") else "image/jpeg"
        source = _data_url(media_type, theme.resources[theme.logo])
        yield f'<img src="{source}" alt="{escape(theme.logo_alt or "")}">'


def _block(block: nodes.Block, theme: Theme) -> str:
    """Return the element of one block."""
    match block:
        case nodes.Notice():
            return _element(block, _flow(block.content), f"notice {block.kind}")
        case nodes.Headline():
            return _element(block, _flow(block.content))
        case nodes.Subhead():
            return _element(block, _flow(block.content), "subhead")
        case nodes.Paragraph():
            dateline = f'<b class="dateline">{_escaped(block.dateline)}</b>' if block.dateline else ""
            return _element(block, dateline + _flow(block.content))
        case nodes.Heading():
            return f'<h{block.level} id="{escape(block.id)}">{_flow(block.content)}</h{block.level}>'
        case nodes.List():
            return _list(block.items, "ol" if block.ordered else "ul", theme, block.id)
        case nodes.AgencyList():
            return _agencies(block, theme)
        case nodes.Quote():
            return _quote(block)
        case nodes.Section():
            inner = (_block(within, theme) for within in (block.heading, *block.blocks))
            return _element(block, "\n".join(("", *inner, "")), block.kind)
        case nodes.Figure():
            return _figure(block)
        case nodes.Table():
            return _table(block)
        case nodes.Contact():
            return _element(block, "<br>\n".join(map(_flow, block.lines)))
        case nodes.EndMark():
            return _element(block, _escaped(block.text), "end-mark")
        case nodes.PageBreak():
            return f'<div class="page-break" id="{escape(block.id)}"></div>'
        case _:
            assert_never(block)


def _element(block: nodes.Block, content: str, classes: str = "") -> str:
    tag = FORMS[type(block)].html
    named = f' class="{classes}"' if classes else ""
    return f'<{tag}{named} id="{escape(block.id)}">{content}</{tag}>'


def _agencies(agencies: nodes.AgencyList, theme: Theme) -> str:
    """Return introduction and names, or both as one paragraph."""
    if agencies.form == "sentence":
        sentence = " ".join(filter(None, (_flow(agencies.intro), _flow(agencies.sentence))))
        return f'<p id="{escape(agencies.id)}">{sentence}</p>'
    intro = f'<p class="intro">{_flow(agencies.intro)}</p>\n' if agencies.intro else ""
    tag, classes = {"numbered": ("ol", []), "bulleted": ("ul", []), "columns": ("ul", ["plain"])}[agencies.form]
    names = _list(agencies.items, tag, theme, classes=classes)
    return f'<div id="{escape(agencies.id)}">\n{intro}{names}\n</div>'
