"""Any valid tree: what hypothesis draws documents from.

Bounded, so that a thousand of them are built in seconds: a few blocks, a few words each, lists three deep.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Literal

from hypothesis import strategies as st

from presskit.document import nodes
from tests.documents import HEAD, picture

LATIN = "".join(map(chr, range(0x20, 0x7F))) + "ÀÉßéœŁž“”‘’«»–—…€·°"
SPACING = "\u00a0\u202f\u00ad\u200b "
SYLLABICS = "ᐃᓄᒃᑎᑐᑦᢰᣵ"
BEYOND = "Жλعبא月語한🙂🇨🇦e\u0301\u200d\u2060\u2028\t"
"""Characters no font of the theme has, and characters that are no letters at all."""

URLS = (
    "https://example.org/1",
    "https://example.org/a?b=1&c=%20d#e",
    "mailto:media@example.org",
    "tel:+17055551234",
)
LANGUAGES = "en-CA", "fr", "fr-CA", "iu-Cans-CA", "de"

PRINTABLE = LATIN + SPACING + SYLLABICS
ANYTHING = PRINTABLE + BEYOND

WITHIN = "paragraph", "heading", "list", "agencies", "quote", "figure", "table", "contact", "page break"
"""Blocks a section may hold."""

DRAW = st.DrawFn


def _words(draw: DRAW, alphabet: str) -> str:
    """Return words of which at least one letter is to be seen."""
    text = draw(st.text(alphabet, max_size=24))
    letter = draw(st.sampled_from(LATIN[33:]))
    return f"{letter}{text}" if draw(st.booleans()) else f"{text}{letter}"


def _inlines(draw: DRAW, alphabet: str, depth: int = 2, *, linked: bool = True) -> tuple[nodes.Inline, ...]:
    kinds = ["text", "text", "break", *(["strong", "emphasis", "span"] if depth else [])]
    kinds += ["link"] if depth and linked else []
    found: list[nodes.Inline] = [nodes.Text(_words(draw, alphabet))]
    for kind in draw(st.lists(st.sampled_from(kinds), max_size=3)):
        match kind:
            case "text":
                found.append(nodes.Text(_words(draw, alphabet)))
            case "break":
                found += (nodes.Break(), nodes.Text(_words(draw, alphabet)))
            case "strong":
                found.append(nodes.Strong(_inlines(draw, alphabet, depth - 1, linked=linked)))
            case "emphasis":
                found.append(nodes.Emphasis(_inlines(draw, alphabet, depth - 1, linked=linked)))
            case "span":
                inner = _inlines(draw, alphabet, depth - 1, linked=linked)
                found.append(nodes.Span(draw(st.sampled_from(LANGUAGES)), inner))
            case _:
                inner = _inlines(draw, alphabet, depth - 1, linked=False)  # no link within a link
                found.append(nodes.Link(draw(st.sampled_from(URLS)), inner))
    return tuple(found)


class _Blocks:
    """Draws blocks, each with an id of its own."""

    def __init__(self, draw: DRAW, alphabet: str) -> None:
        self.draw, self.alphabet, self.numbers = draw, alphabet, count(1)

    def id(self) -> str:
        return f"block.{next(self.numbers)}"

    def inlines(self) -> tuple[nodes.Inline, ...]:
        return _inlines(self.draw, self.alphabet)

    def maybe(self) -> tuple[nodes.Inline, ...]:
        return self.inlines() if self.draw(st.booleans()) else ()

    def several(self, most: int = 3) -> range:
        return range(self.draw(st.integers(1, most)))

    def list(self, depth: int = 2) -> nodes.List:
        list_id, ordered = self.id(), self.draw(st.booleans())
        return nodes.List(list_id, "body[0]", ordered, tuple(self.item(depth) for _ in self.several(4)))

    def item(self, depth: int) -> nodes.Item:
        under = depth and self.draw(st.integers(0, 3)) == 0
        return nodes.Item(self.id(), "body[0]", self.inlines(), self.list(depth - 1) if under else None)

    def agencies(self) -> nodes.AgencyList:
        form: Literal["numbered", "bulleted", "sentence", "columns"] = self.draw(
            st.sampled_from(["numbered", "bulleted", "sentence", "columns"])
        )
        several = range(self.draw(st.sampled_from([1, 2, 13, 31])))
        name = self.inlines()
        items = tuple(nodes.Item(self.id(), "agencies#a", name) for _ in several)
        sentence = self.inlines() if form == "sentence" else ()
        return nodes.AgencyList(self.id(), "body[0]", form, self.maybe(), items, sentence)

    def quote(self) -> nodes.Quote:
        speech = tuple(self.inlines() for _ in self.several())
        return nodes.Quote(self.id(), "quotes[0]", speech, self.inlines())

    def figure(self) -> nodes.Figure:
        image = picture(self.draw(st.sampled_from(["image/png", "image/jpeg"])), 40, 30)
        return nodes.Figure(
            self.id(), "body[0]", image, _words(self.draw, self.alphabet), self.maybe(), self.maybe()
        )

    def table(self) -> nodes.Table:
        columns = self.several(4)
        header = tuple(self.inlines() for _ in columns)
        rows = tuple(tuple(self.maybe() for _ in columns) for _ in self.several())
        return nodes.Table(self.id(), "body[0]", self.maybe(), header, rows)

    def contact(self) -> nodes.Contact:
        return nodes.Contact(self.id(), "people#x", tuple(self.inlines() for _ in self.several()))

    def heading(self, level: int) -> nodes.Heading:
        return nodes.Heading(self.id(), "body[0]", level, self.inlines())

    def paragraph(self) -> nodes.Paragraph:
        dateline = self.draw(st.sampled_from(["", "(ORILLIA, ON) – "]))
        return nodes.Paragraph(self.id(), "body[0]", self.inlines(), dateline)

    def section(self) -> nodes.Section:
        kind: Literal["quotes", "boilerplate", "facts", "notes", "contacts"] = self.draw(
            st.sampled_from(["quotes", "boilerplate", "facts", "notes", "contacts"])
        )
        blocks = tuple(self.block(in_section=True) for _ in self.several())
        return nodes.Section(self.id(), "body[0]", kind, self.heading(2), blocks)

    def block(self, *, in_section: bool = False) -> nodes.Block:
        kinds = [
            "paragraph",
            "heading",
            "list",
            "agencies",
            "quote",
            "figure",
            "table",
            "contact",
            "page break",
        ]
        match self.draw(st.sampled_from([*kinds, *([] if in_section else ["section", "section"])])):
            case "paragraph":
                return self.paragraph()
            case "heading":
                return self.heading(3 if in_section else 2)
            case "list":
                return self.list()
            case "agencies":
                return self.agencies()
            case "quote":
                return self.quote()
            case "figure":
                return self.figure()
            case "table":
                return self.table()
            case "contact":
                return self.contact()
            case "page break":
                return nodes.PageBreak(self.id(), "body[0]")
            case _:
                return self.section()


@st.composite
def documents(draw: DRAW, alphabet: str = ANYTHING) -> nodes.Document:
    """Draw a document: notice, headline, perhaps a subhead, some blocks, an end mark."""
    blocks = _Blocks(draw, alphabet)
    kind: Literal["immediate", "embargo"] = draw(st.sampled_from(["immediate", "embargo"]))
    opening: list[nodes.NoticeKind] = draw(st.lists(st.sampled_from(["draft", "correction", "withdrawal"])))
    first: list[nodes.Block] = [
        *(nodes.Notice(f"notice.{n}", "", k, blocks.inlines()) for n, k in enumerate(opening, 1)),
        nodes.Notice("notice", "issued", kind, blocks.inlines()),
        nodes.Headline("headline", "headline", blocks.inlines()),
        *([nodes.Subhead("subhead", "subhead", blocks.inlines())] if draw(st.booleans()) else []),
    ]
    body = [blocks.block() for _ in blocks.several(5)]
    last = nodes.EndMark("end-mark", "end_mark", _words(draw, alphabet))
    until = datetime(2025, 7, 30, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 10_000)))
    head = replace(
        HEAD,
        title=_words(draw, alphabet),
        running_title=_words(draw, alphabet),
        summary=_words(draw, alphabet),
        language=draw(st.sampled_from(LANGUAGES)),
        masthead=replace(HEAD.masthead, issuer=_words(draw, alphabet)),
        embargo=until if kind == "embargo" else None,
    )
    return nodes.Document(head, (*first, *body, last))
