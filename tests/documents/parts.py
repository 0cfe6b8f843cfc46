"""Builders of nodes that say what matters in a test, and the theme all tests share."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Literal

from PIL import Image as Pillow

from presskit.document import nodes
from presskit.document.nodes import (
    AgencyList,
    Block,
    Contact,
    Emphasis,
    EndMark,
    Head,
    Heading,
    Headline,
    Image,
    Inline,
    Item,
    Link,
    Masthead,
    Notice,
    Paragraph,
    Quote,
    Section,
    Span,
    Strong,
    Table,
    Text,
)
from presskit.load.pack import load_pack
from presskit.model.pack import Pack
from presskit.model.theme import Theme
from presskit.workspace import Workspace
from tests.documents.content import BODY, HEADLINE, SPEECH

ROOT = Path(__file__).parents[2]
EASTERN = timezone(timedelta(hours=-4))

HEAD = Head(
    title=HEADLINE,
    language="en-CA",
    slug="ijfs-world-day",
    office="IJFS",
    running_title="80\u00a0individuals charged with 165\u00a0offences",
    issued=datetime(2025, 7, 30, tzinfo=EASTERN),
    summary=BODY[0],
    masthead=Masthead(
        issuer="Provincial Human Trafficking Intelligence-Led Joint Forces Strategy",
        kind="NEWS RELEASE",
        date="July\u00a030, 2025",
        reference="No.\u00a02025-14",
    ),
    page_label="Page {page} of {pages}",
    picture_label="Picture",
    place="ORILLIA, ON",
)


@cache
def pack() -> Pack:
    """Return the news-release pack in English."""
    return load_pack(Workspace(ROOT, datetime(2026, 1, 1, tzinfo=UTC)), "news-release", "en-CA")


def theme() -> Theme:
    """Return the look of the news-release pack; always the same object, since themes compare by identity."""
    return pack().theme


def words(*parts: str | Inline) -> tuple[Inline, ...]:
    """Return inlines; a plain string is a text."""
    return tuple(Text(part) if isinstance(part, str) else part for part in parts)


def strong(*parts: str | Inline) -> Strong:
    return Strong(words(*parts))


def emphasis(*parts: str | Inline) -> Emphasis:
    return Emphasis(words(*parts))


def link(url: str, *parts: str | Inline) -> Link:
    return Link(url, words(*parts))


def french(*parts: str | Inline) -> Span:
    return Span("fr", words(*parts))


def paragraph(number: int, *parts: str | Inline) -> Paragraph:
    """Return the paragraph that stands at a position of the body, counted from 1."""
    return Paragraph(f"body.{number}", f"body[{number - 1}]", words(*parts))


def notice() -> Notice:
    return Notice("notice", "issued", "immediate", words("FOR IMMEDIATE RELEASE"))


def headline(*parts: str | Inline) -> Headline:
    return Headline("headline", "headline", words(*parts))


def end_mark(text: str = "-30-") -> EndMark:
    return EndMark("end-mark", "end_mark", text)


def contacts(heading: str = "Media contact") -> Section:
    desk = Contact(
        "contact.ijfs-media",
        "people#ijfs-media",
        (
            words(strong("IJFS Media Relations")),
            words(link("mailto:media@example.org", "media@example.org")),
        ),
    )
    return section("contacts", "contacts", heading, (desk,))


def quote(name: str, *speech: str | Inline) -> Quote:
    """Return what Dan Dusto said, or something else in his name."""
    attribution = words("– ", strong("Acting Detective Inspector Dan\u00a0Dusto"), ", IJFS Lead")
    return Quote(f"quote.{name}", "quotes[0]", (words(*(speech or (SPEECH,))),), attribution)


def section(
    kind: Literal["quotes", "facts", "notes", "contacts"], field: str, heading: str, blocks: Iterable[Block]
) -> Section:
    return Section(kind, field, kind, Heading(f"{kind}.heading", field, 2, words(heading)), tuple(blocks))


def about(name: str, heading: str, text: str, blocks: tuple[Block, ...] = ()) -> Section:
    source, block_id = f"boilerplates/{name}#", f"boilerplate.{name}"
    title = Heading(f"{block_id}.heading", f"{source}heading", 2, words(heading))
    first = Paragraph(f"{block_id}.1", f"{source}body.en[0]", words(text))
    return Section(block_id, f"{source}body", "boilerplate", title, (first, *blocks))


def agencies(
    list_id: str,
    field: str,
    form: Literal["numbered", "bulleted", "sentence", "columns"],
    names: dict[str, str],
) -> AgencyList:
    items = tuple(
        Item(f"{list_id}.{key}", f"agencies#{key}.name", words(name)) for key, name in names.items()
    )
    *most, last = names.values()
    sentence = words(f"{', '.join(most)} and {last}.")
    return AgencyList(list_id, field, form, (), items, sentence if form == "sentence" else ())


def items(list_id: str, *entries: str | Item) -> tuple[Item, ...]:
    """Return the items of a list; an `Item` gets the id of its place."""
    found = []
    for number, entry in enumerate(entries, 1):
        item = entry if isinstance(entry, Item) else Item("", "", words(entry))
        found.append(replace(item, id=f"{list_id}.{number}", field=f"body[0].list[{number - 1}]"))
    return tuple(found)


def listed(list_id: str, *entries: str | Item, ordered: bool = False) -> nodes.List:
    return nodes.List(list_id, "body[0].list", ordered, items(list_id, *entries))


def under(text: str, sublist: nodes.List) -> Item:
    """Return an item with a list under it."""
    return Item("", "", words(text), sublist)


def table(caption: str, header: Iterable[str], *rows: Iterable[str]) -> Table:
    """Return a table of plain cells."""
    cells = tuple(tuple(words(cell) if cell else () for cell in row) for row in rows)
    return Table("table", "body[0]", words(caption) if caption else (), tuple(map(words, header)), cells)


@cache
def picture(
    media_type: Literal["image/png", "image/jpeg"], width_px: int = 240, height_px: int = 150
) -> Image:
    """Return a colour ramp; as PNG it fades out to the right."""
    ramp = Pillow.linear_gradient("L").resize((width_px, height_px))
    across = Pillow.linear_gradient("L").rotate(90).resize((width_px, height_px))
    made = Pillow.merge("RGB", (ramp, across, Pillow.new("L", (width_px, height_px), 110)))
    file = io.BytesIO()
    if media_type == "image/png":
        made.putalpha(across)
        made.save(file, "PNG")
        return Image("ramp.png", media_type, file.getvalue(), width_px, height_px)
    made.save(file, "JPEG", quality=80)
    return Image("ramp.jpg", media_type, file.getvalue(), width_px, height_px)
