"""Words that wait for an answer to the sheet their speaker or agency gets: those words, and nothing else.

Not here: whose approval is needed and what an answer is worth (`signoff`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from presskit.compose.paperwork import Clerk, Passage, grouped, shown, text_of
from presskit.document import nodes
from presskit.model.pack import Pack

__all__ = ["Passage", "Sheet", "compose_sheet"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What an outside approver is asked."""

    kit: str  # example.org/free-clinic
    slug: str
    language: str  # of the release
    office: str  # short name, for the foot
    issuer: str
    headline: str  # of the release, as printed
    issued: datetime  # aware: the release's day of issue
    embargo: str  # the embargo line as printed; "" for none
    approver: str  # name of the person or agency that is asked
    passages: tuple[Passage, ...]
    how: tuple[str, ...]  # paragraphs: how to answer, and until when


def compose_sheet(sheet: Sheet, pack: Pack) -> nodes.Document:
    """Return the approval sheet: the approver's own words, what approving means, room for an answer.

    Raises:
        BadLink: a passage has a link that no release can have.
        ValueError: the pack's date pattern can not be filled in.
    """
    clerk, labels = Clerk(pack, sheet.language), pack.wording.sheet
    head = clerk.head(
        title=clerk.label(labels.title),
        kind=clerk.label(labels.kind),
        running=clerk.label(labels.title),
        slug=sheet.slug,
        office=sheet.office,
        issuer=sheet.issuer,
        day="",
        kit=sheet.kit,
        dated=sheet.issued,
    )
    return nodes.Document(head, (*_question(sheet, clerk), *_words(sheet, clerk), *_answer(sheet, clerk)))


def _question(sheet: Sheet, clerk: Clerk) -> Iterator[nodes.Block]:
    """Yield who asks whom, and for which release."""
    labels = clerk.wording.sheet
    if sheet.embargo:
        yield nodes.Notice("notice", "", "embargo", text_of(shown(sheet.embargo)))
    yield nodes.Headline("headline", "", text_of(clerk.label(labels.title)))
    asks = clerk.label(labels.asks, issuer=sheet.issuer, approver=sheet.approver)
    yield clerk.paragraph(nodes.Text(asks))
    day = clerk.label(labels.issued, date=clerk.date(sheet.issued.date()))
    release = nodes.Strong(text_of(shown(sheet.headline)))
    yield clerk.paragraph(release, nodes.Break(), nodes.Text(day))


def _words(sheet: Sheet, clerk: Clerk) -> Iterator[nodes.Block]:
    """Yield each passage, and the fingerprints of all of them."""
    labels = clerk.wording.sheet
    for passage in sheet.passages:
        yield clerk.heading(clerk.label(labels.quote if passage.kind == "quote" else labels.mention))
        yield from clerk.passage(passage)
    yield clerk.heading(clerk.label(labels.meaning_heading))
    yield clerk.paragraph(nodes.Text(clerk.label(labels.meaning)))
    rows = [(shown(passage.scope), grouped(passage.digest)) for passage in sheet.passages]
    yield clerk.table("", (clerk.label(labels.part), clerk.label(labels.fingerprint)), rows)


def _answer(sheet: Sheet, clerk: Clerk) -> Iterator[nodes.Block]:
    """Yield how to answer, and a form for those who do it by hand."""
    labels = clerk.wording.sheet
    yield clerk.heading(clerk.label(labels.how_heading))
    for paragraph in sheet.how:
        yield clerk.paragraph(nodes.Text(shown(paragraph)))
    box = text_of("☐")
    marked = [(clerk.label(label), box) for label in (labels.approve, labels.refuse)]
    written = labels.reason, labels.name, labels.day, labels.signature
    header = clerk.label(labels.question), clerk.label(labels.answer)
    yield clerk.table("", header, [*marked, *((clerk.label(label), ()) for label in written)])
