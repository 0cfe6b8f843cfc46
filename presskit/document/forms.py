"""What each node becomes in each format: one row a node, the one place to look it up.

Why: the four writers would otherwise each keep a list of their own, and drift apart.
"""

from __future__ import annotations

from dataclasses import dataclass

from presskit.document import nodes


@dataclass(frozen=True, slots=True)
class Form:
    """One node's form in every format."""

    pdf: str  # structure type, ISO 32000-1 14.8.4; "" for none
    word: str  # style name as Word lists it; "" where it has no paragraph of its own
    html: str  # element; "" where it has none of its own
    text: str  # how it stands in plain text


FORMS: dict[type, Form] = {
    nodes.Notice: Form("P", "Release Line", "p", "a line"),
    nodes.Headline: Form("H1", "Title", "h1", "wrapped lines"),
    nodes.Subhead: Form("P", "Subtitle", "p", "wrapped lines"),
    nodes.Paragraph: Form("P", "Body Text", "p", "wrapped lines"),
    nodes.Heading: Form("H2", "Heading 1", "h2", "a line"),
    nodes.List: Form("L", "List Bullet", "ul", "entries with - or 1."),
    nodes.Item: Form("LI", "List Bullet", "li", "an entry"),
    nodes.AgencyList: Form("L", "List Number", "ol", "entries with - or 1."),
    nodes.Quote: Form("BlockQuote", "Quote", "blockquote", "wrapped lines"),
    nodes.Section: Form("Sect", "", "section", "its heading and blocks"),
    nodes.Figure: Form("Figure", "Photo", "figure", "[label: alt] and caption"),
    nodes.Table: Form("Table", "Table Text", "table", "a line a row"),
    nodes.Contact: Form("P", "Contact", "address", "lines"),
    nodes.EndMark: Form("P", "End Mark", "p", "a line"),
    nodes.PageBreak: Form("", "", "", "nothing"),
    nodes.Text: Form("", "", "", "as it is"),
    nodes.Strong: Form("", "Strong", "strong", "as it is"),
    nodes.Emphasis: Form("", "Emphasis", "em", "as it is"),
    nodes.Link: Form("Link", "Hyperlink", "a", "words, then <address>"),
    nodes.Span: Form("Span", "", "span", "as it is"),
    nodes.Break: Form("", "", "br", "a line end"),
}
