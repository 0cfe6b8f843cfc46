"""Typed words to inlines: the little Markdown an office needs (stress, links), and the typography.

Everything else stays text, as typed: <b>, &amp;, a heading's #.  Not here: which field the words come from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, assert_never

from markupsafe import Markup, escape

from presskit.compose.typography import Style, speech_marks, typeset, typeset_runs, typeset_speech
from presskit.document import nodes

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_SIGNS = re.compile(r"[*_\[\\]")
_LINK = re.compile(r"https?://[^\s/?#]|mailto:[^\s@]+@[^\s@]|tel:\+?[0-9]", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n]+")

Event = str | tuple[str, str]
"""A run of text, or what begins ("strong", "emphasis", "link" with its address) or ends ("end") there."""


_LITERAL = re.compile(r"_|(?<=\w)\*(?=\w)")
"""What CommonMark would take for stress and no press officer means so: file_name, 2*3."""


class BadLink(ValueError):
    """A link that no format may carry; says what is wrong."""


def words(text: str, style: Style) -> tuple[nodes.Inline, ...]:
    """Return typed words as inlines, set as their language sets them.

    Raises:
        BadLink: a link leads where no link may lead.
    """
    text = _BLANKS.sub(" ", text).strip(" ")
    if not _SIGNS.search(text):
        return (nodes.Text(typeset(text, style)),)
    events = _events(text)
    return _inlines(events, typeset_runs(_runs(events), style))


def speech(paragraphs: Sequence[str], style: Style, marks: Style) -> tuple[tuple[nodes.Inline, ...], ...]:
    """Return what a speaker says as inlines, a tuple a paragraph, in the marks of the text around it.

    Args:
        style: of the language spoken.
        marks: of the language the quote stands in.

    Raises:
        BadLink: a link leads where no link may lead.
    """
    events = [_events(_BLANKS.sub(" ", text).strip(" ")) for text in paragraphs]
    spoken = typeset_speech([_runs(found) for found in events], style, marks)
    result = []
    for index, (found, runs) in enumerate(zip(events, spoken, strict=True)):
        content = _inlines(found, runs)
        if style.language != marks.language:
            content = (nodes.Span(style.language, content),)
        opening, closing = speech_marks(index, len(events), marks)
        result.append(joined((nodes.Text(opening), *content, nodes.Text(closing))))
    return tuple(result)


def joined(content: Iterable[nodes.Inline]) -> tuple[nodes.Inline, ...]:
    """Return the inlines with neighbouring texts made one, and empty ones left out."""
    result: list[nodes.Inline] = []
    for inline in content:
        if isinstance(inline, nodes.Text):
            if not inline.text:
                continue
            if result and isinstance(last := result[-1], nodes.Text):
                result[-1] = nodes.Text(last.text + inline.text)
                continue
        result.append(inline)
    return tuple(result)


def to_xml(content: Sequence[nodes.Inline]) -> Markup:
    """Return inlines as the elements a template writes."""
    if len(content) == 1:
        return _element(content[0])
    return Markup("").join(_element(inline) for inline in content)


def _element(inline: nodes.Inline) -> Markup:
    match inline:
        case nodes.Text(text):
            return escape(text)
        case nodes.Strong(content):
            return Markup("<strong>{}</strong>").format(to_xml(content))
        case nodes.Emphasis(content):
            return Markup("<emphasis>{}</emphasis>").format(to_xml(content))
        case nodes.Link(url, content):
            return Markup('<link url="{}">{}</link>').format(url, to_xml(content))
        case nodes.Span(language, content):
            return Markup('<span language="{}">{}</span>').format(language, to_xml(content))
        case nodes.Break():
            return Markup("<break/>")
        case _:
            assert_never(inline)


def _events(text: str) -> list[Event]:
    """Return the runs of text and what begins and ends between them."""
    if not _SIGNS.search(text):
        return [text]
    (line,) = _markdown().parseInline(_LITERAL.sub(r"\\\g<0>", text))
    return [event for token in line.children or () if (event := _event(token)) != ""]


def _event(token: Token) -> Event:
    match token.type:
        case "em_open":
            return "emphasis", ""
        case "strong_open":
            return "strong", ""
        case "link_open":
            return "link", _address(token)
        case "em_close" | "strong_close" | "link_close":
            return "end", ""
        case _:  # with the rules switched on below, all else is text
            return token.content


def _address(token: Token) -> str:
    """Return where a link leads.

    Raises:
        BadLink: it has a title, which would not be printed, or does not start as a link may.
    """
    url = str(token.attrs["href"])
    if not _LINK.match(url):
        raise BadLink(
            f"the link to “{url}” leads to no page (https:, http:), address (mailto:) or number (tel:)"
        )
    if title := token.attrs.get("title"):
        raise BadLink(f"the link to “{url}” has the title “{title}”, which no format prints")
    return url


@cache
def _markdown() -> MarkdownIt:
    """Return a parser of CommonMark that knows stress, links and the backslash, and nothing else."""
    from markdown_it import MarkdownIt  # 45 ms, for the few texts that need it

    parser = MarkdownIt("zero").enable(["emphasis", "link", "escape"])
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # refused with a reason instead
    return parser


def _runs(events: Iterable[Event]) -> list[str]:
    return [event for event in events if isinstance(event, str)]


def _inlines(events: Iterable[Event], runs: Iterable[str]) -> tuple[nodes.Inline, ...]:
    """Build the inlines of a passage from its events, with the runs in their final typography."""
    texts = iter(runs)
    opened: list[tuple[str, str, list[nodes.Inline]]] = [("", "", [])]
    for event in events:
        if isinstance(event, str):
            opened[-1][2].append(nodes.Text(next(texts)))
        elif event[0] != "end":
            opened.append((*event, []))
        else:
            kind, url, held = opened.pop()
            opened[-1][2].append(_node(kind, url, joined(held)))
    return joined(opened[0][2])


def _node(kind: str, url: str, content: tuple[nodes.Inline, ...]) -> nodes.Inline:
    match kind:
        case "strong":
            return nodes.Strong(content)
        case "emphasis":
            return nodes.Emphasis(content)
        case _:
            return nodes.Link(url, content or (nodes.Text(url),))
