"""Ways through the tree: every block, every word.

Not here: anything that knows a format.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from presskit.document import nodes

BETWEEN = " · "
"""Between the parts of a running head."""


def plain(content: Iterable[nodes.Inline]) -> str:
    """Return the words of inline content without markup; a break becomes a space."""
    return "".join(_plain(inline) for inline in content)


def _plain(inline: nodes.Inline) -> str:
    match inline:
        case nodes.Text(text):
            return text
        case nodes.Break():
            return " "
        case (
            nodes.Strong(content) | nodes.Emphasis(content) | nodes.Link(_, content) | nodes.Span(_, content)
        ):
            return plain(content)
        case _:
            assert_never(inline)


def blocks(document: nodes.Document) -> Iterator[nodes.Block]:
    """Every block in reading order, a section before the blocks in it."""
    return _blocks(document.blocks)


def _blocks(found: Iterable[nodes.Block]) -> Iterator[nodes.Block]:
    for block in found:
        yield block
        if isinstance(block, nodes.Section):
            yield block.heading
            yield from _blocks(block.blocks)


def passages(block: nodes.Block) -> Iterator[tuple[str, tuple[nodes.Inline, ...]]]:
    """Every stretch of words of one block with the field it came from, in reading order.

    A section's own blocks are not entered (`blocks` yields them); numbers and bullets are not words.
    """
    match block:
        case nodes.Notice() | nodes.Headline() | nodes.Subhead() | nodes.Heading():
            yield block.field, block.content
        case nodes.Paragraph():
            yield (
                block.field,
                (nodes.Text(block.dateline), *block.content) if block.dateline else block.content,
            )
        case nodes.List():
            yield from _items(block.items)
        case nodes.AgencyList():
            if block.intro:
                yield block.field, block.intro
            if block.form == "sentence":
                yield block.field, block.sentence
            else:
                yield from _items(block.items)
        case nodes.Quote():
            yield from ((block.field, paragraph) for paragraph in block.speech)
            yield block.field, block.attribution
        case nodes.Figure():
            yield from ((block.field, words) for words in (block.caption, block.credit) if words)
        case nodes.Table():
            yield from ((block.field, words) for words in (block.caption, *block.header) if words)
            yield from ((block.field, cell) for row in block.rows for cell in row)
        case nodes.Contact():
            yield from ((block.field, line) for line in block.lines)
        case nodes.EndMark():
            yield block.field, (nodes.Text(block.text),)
        case nodes.Section() | nodes.PageBreak():
            return
        case _:
            assert_never(block)


def _items(items: Iterable[nodes.Item]) -> Iterator[tuple[str, tuple[nodes.Inline, ...]]]:
    for item in items:
        yield item.field, item.content
        if item.sublist is not None:
            yield from _items(item.sublist.items)


def parted(document: nodes.Document) -> tuple[tuple[nodes.Notice, ...], tuple[nodes.Block, ...]]:
    """Return what stands above the masthead, the draft line, and the blocks below it."""
    first, *below = document.blocks or (None,)
    if isinstance(first, nodes.Notice) and first.kind == "draft":
        return (first,), tuple(below)
    return (), document.blocks


def is_public(document: nodes.Document) -> bool:
    """Whether anybody may read the document: it is no draft, not under embargo and not withdrawn."""
    kept_back = ("draft", "embargo", "withdrawal")
    return document.head.embargo is None and not any(
        isinstance(block, nodes.Notice) and block.kind in kept_back for block in document.blocks
    )


def warning(document: nodes.Document) -> str:
    """Return what later pages have to repeat before all else: draft, embargo; "" for neither.

    Why: an embargo has been broken because a page was handed on without the line.
    """
    notices = [block for block in document.blocks if isinstance(block, nodes.Notice)]
    lines = (plain(n.content) for kind in ("draft", "embargo") for n in notices if n.kind == kind)
    return BETWEEN.join(lines)


def running_head(document: nodes.Document) -> str:
    """Return what stands at the head of every page but the first: warning, office, short headline."""
    parts = warning(document), document.head.office, document.head.running_title
    return BETWEEN.join(filter(None, parts))


def words(document: nodes.Document) -> list[str]:
    """Return the text of every passage in reading order, masthead first: what all formats must say.

    Only the draft line stands above the masthead.
    """
    masthead, (above, below) = document.head.masthead, parted(document)
    lines = [plain(notice.content) for notice in above]
    lines += [masthead.issuer, masthead.kind, masthead.date, masthead.reference]
    lines += [plain(content) for block in _blocks(below) for _, content in passages(block)]
    return [line for line in lines if line.strip()]
