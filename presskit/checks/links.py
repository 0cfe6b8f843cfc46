"""House rules about links as they are printed.

Not here: whether an address answers; nothing here asks the network.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from presskit.checks.rules import Finding
from presskit.document import nodes
from presskit.document.walk import blocks, passages, plain

VAGUE = {
    "en": "here|click here|this|this link|link|this page|this website|website|more|read more|learn more"
    "|details|more info(?:rmation)?|see more|find out more",
    "fr": "ici|cliquez ici|ce lien|lien|cette page|ce site|plus|en savoir plus|lire la suite"
    "|plus d.informations?|voir plus|détails|suite",
    "es": "aquí|haga clic aquí|este enlace|enlace|más|leer más|más información|ver más",
}
"""Words of a link that say nothing about where it leads."""


def vague(document: nodes.Document) -> Iterator[Finding]:
    """Links whose words make no sense on their own.

    Source: WCAG 2.2, 2.4.4 and 2.4.9, failure F84; screen readers list links without the text around them.
    """
    pattern = re.compile(VAGUE.get(document.head.language.split("-")[0], "(?!)"), re.IGNORECASE)
    for field, link in _links(document):
        words = plain(link.content).strip(" .:,;!…»«“”\u00a0\u202f")
        if pattern.fullmatch(words):
            what = f"“{words}” does not say where the link leads."
            yield Finding(field, what, "let the words of the link name what is there.")


def insecure(document: nodes.Document) -> Iterator[Finding]:
    """Links to addresses without encryption.

    Source: browsers warn of http:, and who is on the way can change what the reader gets (RFC 9110, 17.1).
    """
    for field, link in _links(document):
        if link.url.casefold().startswith("http:"):
            yield Finding(
                field, f"{link.url} is not encrypted.", "write https:, if the address answers to it."
            )


def _links(document: nodes.Document) -> Iterator[tuple[str, nodes.Link]]:
    for block in blocks(document):
        for field, content in passages(block):
            yield from ((field, link) for link in _links_in(content))


def _links_in(content: Iterable[nodes.Inline]) -> Iterator[nodes.Link]:
    for inline in content:
        match inline:
            case nodes.Link():
                yield inline
            case nodes.Strong(inner) | nodes.Emphasis(inner) | nodes.Span(_, inner):
                yield from _links_in(inner)
