"""Words and tables as HTML: the same on a page and in a message.

Not here: all other blocks, which look different in each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import assert_never

from presskit.document import nodes
from presskit.document.forms import FORMS
from presskit.document.walk import plain


def flow(content: Sequence[nodes.Inline]) -> str:
    """Return inline content."""
    return "".join(map(_inline, content))


def _inline(inline: nodes.Inline) -> str:
    match inline:
        case nodes.Text(text):
            return escaped(text)
        case nodes.Strong(content) | nodes.Emphasis(content):
            tag = FORMS[type(inline)].html
            return f"<{tag}>{flow(content)}</{tag}>"
        case nodes.Link(url, content):
            return f'<a href="{escape(url)}">{flow(content)}</a>'
        case nodes.Span(language, content):
            return f'<span lang="{escape(language)}">{flow(content)}</span>'
        case nodes.Break():
            return "<br>"
        case _:
            assert_never(inline)


def escaped(text: str) -> str:
    """Return text as it stands between tags."""
    return escape(text, quote=False)


def scrolling(table: nodes.Table, attribute: str) -> str:
    """Return a table in a box that scrolls by itself where the window is narrow, by keyboard too.

    Args:
        attribute: of the table itself.

    Source: WCAG 2.2, 1.4.10 (a table may scroll, the page must not) and 2.1.1 (Keyboard).
    """
    name = plain(table.caption) or ", ".join(filter(None, map(plain, table.header)))
    caption = f"<caption>{flow(table.caption)}</caption>\n" if table.caption else ""
    head = "".join(f'<th scope="col">{flow(cell)}</th>' if cell else "<td></td>" for cell in table.header)
    rows = "\n".join(f"<tr>{''.join(f'<td>{flow(cell)}</td>' for cell in row)}</tr>" for row in table.rows)
    return f"""\
<div class="scroll" role="group" aria-label="{escape(name)}" tabindex="0">
<table {attribute}>
{caption}<thead>
<tr>{head}</tr>
</thead>
<tbody>
{rows}
</tbody>
</table>
</div>"""
