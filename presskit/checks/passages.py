"""The texts of a release as somebody typed them, for rules that look at words.

Not here: any rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from presskit.model.base import in_language
from presskit.model.registers import Draft
from presskit.model.release import (
    AgencyListBlock,
    BodyBlock,
    FigureBlock,
    HeadingBlock,
    ListBlock,
    ListItem,
    TableBlock,
    TextBlock,
)


class Passage(NamedTuple):
    """A stretch of words."""

    field: str
    text: str
    language: str  # BCP 47
    goes_on: bool = False  # as the next one: paragraphs of one quote, or of the running text


def passages(draft: Draft) -> Iterator[Passage]:
    """Yield every text of the release and of its boilerplates, in reading order."""
    release, language = draft.release, draft.language
    for field in ("headline", "subhead"):
        if text := getattr(release, field):
            yield Passage(field, text, language)
    yield from _blocks(release.body, "body", language)
    for index, quote in enumerate(release.quotes):
        for number, words in enumerate(quote.words):
            last = number == len(quote.words) - 1
            yield Passage(f"quotes[{index}].words[{number}]", words, quote.language or language, not last)
    for index, fact in enumerate(release.facts):
        yield Passage(f"facts[{index}]", fact, language)
    for name in release.boilerplates:
        for index, words in enumerate(in_language(draft.registers.boilerplates[name].body, language) or ()):
            yield Passage(f"boilerplates/{name}#body[{index}]", words, language, goes_on=True)
    yield from _blocks(release.notes, "notes", language)


def _blocks(blocks: Sequence[BodyBlock], part: str, language: str) -> Iterator[Passage]:
    for index, block in enumerate(blocks):
        field = f"{part}[{index}]"
        match block:
            case TextBlock():
                yield Passage(field, block.text, block.language or language, goes_on=True)
            case HeadingBlock():
                yield Passage(f"{field}.heading", block.heading, language)
            case ListBlock():
                yield from _items(block.list, f"{field}.list", language)
            case AgencyListBlock() if block.intro:
                yield Passage(f"{field}.intro", block.intro, language)
            case FigureBlock() if block.caption:
                yield Passage(f"{field}.caption", block.caption, language)
            case TableBlock():
                for row, cells in enumerate(block.rows):
                    yield from (
                        Passage(f"{field}.rows[{row}][{column}]", cell, language)
                        for column, cell in enumerate(cells)
                    )


def _items(items: Sequence[ListItem], field: str, language: str) -> Iterator[Passage]:
    for index, item in enumerate(items):
        yield Passage(f"{field}[{index}]", item.text, language)
        yield from _items(item.items, f"{field}[{index}].items", language)
