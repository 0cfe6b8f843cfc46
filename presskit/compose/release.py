"""A draft to the view its templates print, in the order of the data.

Not here: how words are set (`desk`), or what stands where on the page (the templates).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import assert_never

from markupsafe import Markup

from presskit.compose import view
from presskit.compose.agencies import agency_list, roster
from presskit.compose.desk import CopyDesk
from presskit.compose.quotes import contact, quote
from presskit.model import release as model
from presskit.model.base import tag_for

LIST_LEVELS = 9
"""So deep a list may go.  Source: ECMA-376, 17.9.6: a Word list has nine levels."""


SECTIONS = "quotes", "facts", "notes", "contacts", "end-mark"
"""Ids of what the templates themselves put around blocks; no block can have one of them."""


def view_release(desk: CopyDesk) -> view.Release:
    """Return everything a template may use of the release; what can not be printed is noted at the desk."""
    release = desk.release
    for section in SECTIONS:
        desk.take(section, section)
    notice, headline = _notice(desk), _line("headline", release.headline, desk)
    subhead = _line("subhead", release.subhead, desk) if release.subhead else None
    writer = _BlockWriter(desk)
    body = tuple(writer.blocks(release.body, "body", heading_level=2))
    notes = tuple(writer.blocks(release.notes, "notes", heading_level=3))
    if release.dateline and not writer.dateline_printed:
        what = "the body has no paragraph that could open with the dateline."
        desk.note("dateline", what, "add a paragraph, or take the dateline out.", "dateline-nowhere")
    return view.Release(
        language=desk.language,
        notice=notice,
        headline=headline,
        subhead=subhead,
        body=body,
        quotes=tuple(writer.other_quotes()),
        facts=_facts(desk),
        boilerplates=tuple(_boilerplates(desk)),
        notes=notes,
        contacts=tuple(contact(person, f"contacts[{i}]", desk) for i, person in enumerate(release.contacts)),
        end_mark=desk.fill(desk.wording.end_mark) if release.end_mark == "yes" else "",
    )


def _notice(desk: CopyDesk) -> view.Notice:
    if embargo := desk.embargo():
        line = desk.fill(desk.wording.embargo, time=embargo)
        return view.Notice(desk.take("notice", "embargo"), "embargo", "embargo", Markup.escape(line))
    line = desk.fill(desk.wording.immediate)
    return view.Notice(desk.take("notice", "issued"), "issued", "immediate", Markup.escape(line))


def _line(field: str, text: str, desk: CopyDesk) -> view.Line:
    return view.Line(desk.take(field, field), field, desk.words(text, field))


def _facts(desk: CopyDesk) -> tuple[view.Item, ...]:
    return tuple(
        _fact(fact, f"facts.{i + 1}", f"facts[{i}]", desk) for i, fact in enumerate(desk.release.facts)
    )


def _fact(text: str, item_id: str, field: str, desk: CopyDesk) -> view.Item:
    return view.Item(desk.take(item_id, field), field, desk.words(text, field))


def _boilerplates(desk: CopyDesk) -> Iterable[view.Boilerplate]:
    for i, name in enumerate(desk.release.boilerplates):
        found, source = desk.registers.boilerplates[name], f"boilerplates/{name}#"
        block_id = desk.take(f"boilerplate.{name}", f"boilerplates[{i}]")
        heading = Markup.escape(desk.named(found.heading, f"{source}heading"))
        heading_id = desk.take(f"{block_id}.heading", f"{source}heading")
        yield view.Boilerplate(
            id=block_id,
            field=f"{source}body",
            heading=view.Line(heading_id, f"{source}heading", heading),
            paragraphs=tuple(_paragraphs(found.body, block_id, f"{source}body", desk)),
            roster=roster(name, found.roster, desk) if found.roster else None,
        )


def _paragraphs(
    body: Mapping[str, Sequence[str]], block_id: str, source: str, desk: CopyDesk
) -> Iterable[view.Paragraph]:
    """Yield the paragraphs of a boilerplate in the release's language."""
    tag = tag_for(body, desk.language)
    if tag is None:
        desk.note_language(source, body)
        return
    for i, text in enumerate(body[tag]):
        field = f"{source}.{tag}[{i}]" if tag else f"{source}[{i}]"
        yield view.Paragraph(desk.take(f"{block_id}.{i + 1}", field), field, desk.words(text, field), "")


class _BlockWriter:
    """Turns the blocks of body and notes into views, and keeps what counts across both."""

    def __init__(self, desk: CopyDesk) -> None:
        self.desk = desk
        self.dateline_printed = False
        self._agency_lists = 0
        self._placed: set[str] = set()

    def blocks(
        self, blocks: Sequence[model.BodyBlock], prefix: str, heading_level: int
    ) -> Iterable[view.Block]:
        """Yield the view of each block."""
        for i, block in enumerate(blocks):
            yield self._block(block, f"{prefix}[{i}]", f"{prefix}.{i + 1}", heading_level)

    def other_quotes(self) -> Iterable[view.Quote]:
        """Yield the quotes that no block has placed."""
        for i, found in enumerate(self.desk.release.quotes):
            if found.id not in self._placed:
                yield quote(found, f"quotes[{i}]", f"quotes[{i}]", self.desk)

    def _block(self, block: model.BodyBlock, field: str, position: str, heading_level: int) -> view.Block:
        """Return the view of one block; its id is the given one, else its position."""
        desk = self.desk
        if isinstance(block, model.QuoteHere):
            return self._quote(block.quote, field)
        if isinstance(block, model.AgencyListBlock):
            self._agency_lists += 1
            return agency_list(block, f"agencies.{block.id or self._agency_lists}", field, desk)
        if isinstance(block, model.PageBreakBlock):
            return view.PageBreak(desk.take(position, field), field)
        block_id = desk.take(block.id or position, field)
        match block:
            case model.TextBlock():
                content = desk.words(block.text, field, block.language)
                return view.Paragraph(block_id, field, content, self._dateline())
            case model.HeadingBlock():
                content = desk.words(block.heading, f"{field}.heading")
                return view.Heading(block_id, field, heading_level, content)
            case model.ListBlock():
                items = self._items(block.list, block_id, f"{field}.list", 1)
                return view.List(block_id, field, block.form == "numbered", items)
            case model.FigureBlock():
                return self._figure(block, block_id, field)
            case model.TableBlock():
                return self._table(block, block_id, field)
            case _:
                assert_never(block)

    def _dateline(self) -> str:
        """Return the dateline for the first paragraph, "" for the others."""
        place = self.desk.release.dateline
        if place is None or self.dateline_printed:
            return ""
        self.dateline_printed = True
        return self.desk.fill(self.desk.wording.dateline, place=self.desk.plain(place, "dateline"))

    def _items(
        self, entries: Sequence[model.ListItem], list_id: str, field: str, level: int
    ) -> tuple[view.Item, ...]:
        return tuple(
            self._item(entry, f"{list_id}.{i + 1}", f"{field}[{i}]", level) for i, entry in enumerate(entries)
        )

    def _item(self, entry: model.ListItem, position: str, field: str, level: int) -> view.Item:
        desk = self.desk
        item_id = desk.take(entry.id or position, field)
        content = desk.words(entry.text, field)
        if not entry.items:
            return view.Item(item_id, field, content)
        if level == LIST_LEVELS:
            what = f"this list is nested more than {LIST_LEVELS} levels deep."
            desk.note(field, what, "make it flatter.", "list-too-deep")
            return view.Item(item_id, field, content)
        list_id = desk.take(f"{item_id}.list", f"{field}.items")
        items = self._items(entry.items, item_id, f"{field}.items", level + 1)
        return view.Item(item_id, field, content, view.List(list_id, f"{field}.items", False, items))

    def _figure(self, block: model.FigureBlock, block_id: str, field: str) -> view.Figure:
        desk = self.desk
        caption = desk.words(block.caption, f"{field}.caption") if block.caption else Markup("")
        credit = desk.plain(block.credit, f"{field}.credit") if block.credit else ""
        labelled = desk.fill(desk.wording.credit, credit=credit) if credit else ""
        alt = desk.plain(block.alt, f"{field}.alt")
        return view.Figure(block_id, field, block.photo, alt, caption, labelled)

    def _table(self, block: model.TableBlock, block_id: str, field: str) -> view.Table:
        desk = self.desk
        header = tuple(desk.words(cell, f"{field}.header[{i}]") for i, cell in enumerate(block.header))
        rows = tuple(
            tuple(desk.words(cell, f"{field}.rows[{i}][{n}]") for n, cell in enumerate(row))
            for i, row in enumerate(block.rows)
        )
        return view.Table(block_id, field, desk.words(block.table, f"{field}.table"), header, rows)

    def _quote(self, quote_id: str, field: str) -> view.Quote:
        """Return a quote of the release, which then does not stand under QUOTES too."""
        self._placed.add(quote_id)
        quotes = enumerate(self.desk.release.quotes)
        i, found = next((i, found) for i, found in quotes if found.id == quote_id)
        return quote(found, f"quotes[{i}]", field, self.desk)
