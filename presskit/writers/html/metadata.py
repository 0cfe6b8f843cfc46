"""A document's head as what search engines and link previews read: title, description, linked data.

Not here: anything a reader sees.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape

from presskit.document.nodes import Head

BARE = {ord("\u00a0"): " ", ord("\u202f"): " ", ord("\u00ad"): None, ord("\u200b"): None, ord("\u2060"): None}
"""What only typesetters need is no part of a title."""

UNSAFE = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
"""Characters that could end the script element, as JSON codes.

Source: the HTML standard, "Restrictions for contents of script elements".
"""


def head_html(head: Head, *, public: bool) -> str:
    """Return the elements of the page's head but for its styles.

    Args:
        public: search engines may keep the page.
    """
    return "\n".join(_elements(head, public))


def _elements(head: Head, public: bool) -> Iterator[str]:
    title, summary = _bare(head.title), _bare(head.summary)
    issuer = _bare(head.masthead.issuer)
    yield '<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width,initial-scale=1">'
    yield f"<title>{escape(title, quote=False)}</title>"
    yield _meta("name", "description", summary)
    yield _meta("name", "author", issuer)
    if not public:
        yield _meta("name", "robots", "noindex,noarchive")
    yield _meta("property", "og:type", "article")
    yield _meta("property", "og:title", title)
    yield _meta("property", "og:description", summary)
    yield _meta("property", "og:site_name", issuer)
    if locale := _locale(head.language):
        yield _meta("property", "og:locale", locale)
    yield _meta("property", "article:published_time", _published(head))
    yield f'<script type="application/ld+json">{_linked_data(head)}</script>'


def _meta(kind: str, name: str, content: str) -> str:
    return f'<meta {kind}="{name}" content="{escape(content)}">'


def _linked_data(head: Head) -> str:
    """Return the release as a NewsArticle of schema.org.

    Why: the text itself stands once, in the page; articleBody would send it twice.
    """
    organization = {"@type": "Organization", "name": _bare(head.masthead.issuer)}
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": _bare(head.title),
        "description": _bare(head.summary),
        "datePublished": _published(head),
        "dateline": _bare(head.place),
        "identifier": _bare(head.masthead.reference),
        "inLanguage": head.language,
        "author": organization,
        "publisher": organization,
    }
    text = json.dumps({name: fact for name, fact in facts.items() if fact}, ensure_ascii=False)
    return text.translate(UNSAFE)


def _published(head: Head) -> str:
    """Return when the release may be read: the end of the embargo, or the day of issue."""
    return head.embargo.isoformat() if head.embargo else head.issued.date().isoformat()


def _locale(language: str) -> str:
    """Return language and region as Open Graph joins them; "" without a region."""
    first, *others = language.split("-")
    return f"{first}_{others[-1]}" if others and len(others[-1]) == 2 else ""


def _bare(text: str) -> str:
    return text.translate(BARE)
