"""What the documents that are no release share: their head, labels, fingerprints and other people's words.

Not here: what such a document says (`sheet`, `audit`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from presskit.compose import markup
from presskit.compose.dates import date_words
from presskit.compose.typography import Style, typeset
from presskit.document import nodes
from presskit.document.walk import plain
from presskit.model.pack import Pack

Words = tuple[nodes.Inline, ...]

GROUP = 8
"""So many characters of a fingerprint stand together: few enough to compare by eye, and lines can break."""

_HIDING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff"
    "\ufffe\uffff]"
)
"""Characters that no format can carry, or that hide what a text says.  Source: as `load.characters`."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words somebody answers for: what a person says, or how an agency is named."""

    scope: str  # "block:quote.mayor@en-CA"
    kind: Literal["quote", "mention"]
    words: tuple[str, ...]  # as typed in the release, an entry a paragraph
    attribution: str  # name and title without dash; of a mention, the agency's printed name
    digest: str  # SHA-256, hexadecimal: what is approved


class Clerk:
    """Writes documents in the language, the marks and the labels of a template pack."""

    def __init__(self, pack: Pack, language: str) -> None:
        self.wording, self.language = pack.wording, language
        self.style = Style(language, pack.wording.quote_marks, pack.wording.inner_quote_marks)
        self._numbers: dict[str, int] = {}

    # --- words ---------------------------------------------------------------------------------------

    def label(self, label: str, **values: str) -> str:
        """Return a label with its gaps filled, set as the language sets it."""
        set_label = typeset(label, self.style)
        return re.sub(r"\{(\w+)\}", lambda gap: shown(values[gap[1]]), set_label)

    def printed(self, words: str) -> str:
        """Return words as they were typed without their markup, set as the language sets them.

        Raises:
            BadLink: they have a link that no release can have.
        """
        return plain(markup.words(shown(words), self.style))

    def date(self, day: date) -> str:
        """Return a date in the style of the wording."""
        return typeset(date_words(day, self.wording, self.language), self.style)

    # --- blocks --------------------------------------------------------------------------------------

    def heading(self, text: str, level: int = 2) -> nodes.Heading:
        """Return a heading."""
        return nodes.Heading(self._id("heading"), "", level, text_of(text))

    def paragraph(self, *content: nodes.Inline) -> nodes.Paragraph:
        """Return a paragraph."""
        return nodes.Paragraph(self._id("paragraph"), "", content)

    def table(
        self, caption: str, header: Sequence[str], rows: Iterable[Sequence[str | Words]]
    ) -> nodes.Table:
        """Return a table; a cell that is a text is printed as it is."""
        cells = tuple(tuple(text_of(c) if isinstance(c, str) else c for c in row) for row in rows)
        own = self._id("table"), ""
        return nodes.Table(*own, text_of(caption), tuple(map(text_of, header)), cells)

    def passage(self, passage: Passage) -> Iterator[nodes.Block]:
        """Yield the blocks that print a passage as the release prints it.

        Raises:
            BadLink: the words have a link that no release can have.
        """
        if passage.kind == "quote":
            speech = markup.speech([shown(text) for text in passage.words], self.style, self.style)
            yield nodes.Quote(self._id("quote"), "", speech, self._attribution(passage.attribution))
            return
        name = shown(passage.attribution)
        paragraphs = [markup.words(shown(text), self.style) for text in passage.words]
        if any(name in plain(content) for content in paragraphs):
            for content in paragraphs:
                yield self.paragraph(*_stressed(content, name))
            return
        *before, intro = paragraphs or [()]
        for content in before:
            yield self.paragraph(*content)
        item = nodes.Item(self._id("agency"), "", text_of(name))
        yield nodes.AgencyList(self._id("mention"), "", "bulleted", intro, (item,))

    def head(
        self,
        *,
        title: str,
        kind: str,
        running: str,
        slug: str,
        office: str,
        issuer: str,
        day: str,
        kit: str,
        dated: datetime,
    ) -> nodes.Head:
        """Return the head of a document about a kit.

        Args:
            running: at the head of later pages.
            day: printed in the masthead; "" for none.
            dated: aware; the date the built files carry.
        """
        return nodes.Head(
            title=title,
            language=self.language,
            slug=slug,
            office=shown(office),
            running_title=running,
            issued=dated,
            summary=title,
            masthead=nodes.Masthead(shown(issuer), kind, day, shown(kit)),
            page_label=self.wording.page_label,
            picture_label=self.label(self.wording.picture_label),
            place="",
        )

    def _attribution(self, attribution: str) -> Words:
        """Return name and title with the dash of the wording before them."""
        wording = self.wording
        dash = typeset(wording.attribution_dash, self.style)
        name, comma, title = shown(attribution).partition(wording.attribution_comma)
        return (nodes.Text(dash), nodes.Strong((nodes.Text(name),)), *text_of(comma + title))

    def _id(self, kind: str) -> str:
        """Return an id no other block has."""
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return f"{kind}.{self._numbers[kind]}"


def shown(text: str) -> str:
    """Return words from outside on one line, with every character that would hide something made visible."""
    visible = _HIDING.sub(lambda found: f"[U+{ord(found[0]):04X}]", re.sub(r"[ \t\r\n]+", " ", text))
    return visible.strip(" ")


def text_of(text: str) -> Words:
    """Return a text as inlines; none for no text."""
    return (nodes.Text(text),) if text else ()


def grouped(fingerprint: str) -> str:
    """Return a fingerprint in groups, between which a line can end."""
    bare = shown(fingerprint)
    return " ".join(bare[start : start + GROUP] for start in range(0, len(bare), GROUP))


def instant(moment: datetime) -> str:
    """Return an instant so that it means the same everywhere: 2025-07-30 13:00:05 UTC.

    Source: ISO 8601-1:2019, 5.4.2.1, with a space for the T (RFC 3339, 5.6).
    """
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _stressed(content: Words, name: str) -> Iterator[nodes.Inline]:
    """Yield the words with each place that says the name in strong type."""
    for inline in content:
        if not isinstance(inline, nodes.Text):
            yield inline
            continue
        first, *others = inline.text.split(name)
        yield from text_of(first)
        for after in others:
            yield nodes.Strong(text_of(name))
            yield from text_of(after)
