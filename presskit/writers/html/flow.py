"""Words as HTML: the same on a page and in a message.

Not here: blocks, which look different in each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import assert_never

from presskit.document import nodes
from presskit.document.forms import FORMS


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
