"""Elements to nodes: what a closed element, found sound, becomes in the tree.

Not here: whether an element is sound (`reader`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, cast

from presskit.compose.elements import Element
from presskit.document import nodes
from presskit.model.registers import Photo

Words = tuple[nodes.Inline, ...]

_BLANKS = re.compile(r"[ \t\r\n]+")  # what XML calls white space; a no-break space is not among it


class Open:
    """An element whose end is still to come, with what it holds so far."""

    __slots__ = ("at", "attributes", "blocks", "content", "element", "held", "items", "name", "rows", "tried")

    def __init__(self, name: str, element: Element, at: str, attributes: dict[str, str]) -> None:
        self.name, self.element, self.at, self.attributes = name, element, at, attributes
        self.tried: set[str] = set()  # elements that stand in it, sound or not
        self.content: list[nodes.Inline] = []
        self.blocks: list[nodes.Block] = []
        self.items: list[nodes.Item] = []
        self.held: dict[str, list[Words]] = {}  # words, by the element they stand in
        self.rows: dict[str, list[tuple[Words, ...]]] = {}  # cells, by the element they stand in

    def all(self, name: str) -> tuple[Words, ...]:
        """Return the words of every element of that name."""
        return tuple(self.held.get(name, ()))

    def one(self, name: str) -> Words:
        """Return the words of the one element of that name, () if there is none."""
        return self.held.get(name, [()])[0]


def block(closed: Open, photos: Mapping[str, Photo]) -> nodes.Block:
    """Return the node of a block's element."""
    given, content = closed.attributes, tuple(closed.content)
    own = given["id"], given["field"]
    match closed.name:
        case "notice":
            return nodes.Notice(*own, cast(Literal["immediate", "embargo"], given["kind"]), content)
        case "headline":
            return nodes.Headline(*own, content)
        case "subhead":
            return nodes.Subhead(*own, content)
        case "paragraph":
            return nodes.Paragraph(*own, content, given.get("dateline", ""))
        case "heading":
            return nodes.Heading(*own, int(given["level"]), content)
        case "list":
            return nodes.List(*own, given["ordered"] == "yes", tuple(closed.items))
        case "agency-list":
            form = cast(Literal["numbered", "bulleted", "sentence", "columns"], given["form"])
            intro, sentence = closed.one("intro"), closed.one("sentence")
            return nodes.AgencyList(*own, form, intro, tuple(closed.items), sentence)
        case "quote":
            return nodes.Quote(*own, closed.all("speech"), closed.one("attribution"))
        case "section":
            kind = cast(Literal["quotes", "boilerplate", "facts", "notes", "contacts"], given["kind"])
            heading, *blocks = closed.blocks
            return nodes.Section(*own, kind, cast(nodes.Heading, heading), tuple(blocks))
        case "figure":
            image = _image(photos[given["photo"]])
            return nodes.Figure(*own, image, given["alt"], closed.one("caption"), closed.one("credit"))
        case "table":
            return nodes.Table(
                *own, closed.one("caption"), closed.rows["header"][0], tuple(closed.rows["row"])
            )
        case "contact":
            return nodes.Contact(*own, closed.all("line"))
        case "end-mark":
            return nodes.EndMark(*own, "".join(text.text for text in content if isinstance(text, nodes.Text)))
        case _:
            return nodes.PageBreak(*own)


def hand_up(closed: Open, holder: Open) -> None:
    """Hand what a part of a block holds to the block."""
    match closed.name:
        case "document":
            holder.blocks = closed.blocks
        case "item":
            sublist = next((found for found in closed.blocks if isinstance(found, nodes.List)), None)
            own = closed.attributes["id"], closed.attributes["field"]
            holder.items.append(nodes.Item(*own, tuple(closed.content), sublist))
        case "header" | "row":
            holder.rows.setdefault(closed.name, []).append(closed.all("cell"))
        case _:
            holder.held.setdefault(closed.name, []).append(tuple(closed.content))


def inline(closed: Open) -> Words:
    """Return the node of an element within words; nothing for one that holds nothing."""
    content = tuple(closed.content)
    match closed.name:
        case "break":
            return (nodes.Break(),)
        case "strong" if content:
            return (nodes.Strong(content),)
        case "emphasis" if content:
            return (nodes.Emphasis(content),)
        case "link":
            return (nodes.Link(closed.attributes["url"], content),)
        case "span" if content:
            return (nodes.Span(closed.attributes["language"], content),)
        case _:
            return ()


def tidied(content: Sequence[nodes.Inline]) -> list[nodes.Inline]:
    """Return a block's words with single blanks, none at the ends or beside a line end."""
    if len(content) == 1 and isinstance(only := content[0], nodes.Text):  # nearly all blocks
        text = _BLANKS.sub(" ", only.text).strip(" ")
        return [nodes.Text(text)] if text else []
    result, _ = _single_blanks(content, after_blank=True)
    return _without_last_blank(result)


def _single_blanks(content: Iterable[nodes.Inline], *, after_blank: bool) -> tuple[list[nodes.Inline], bool]:
    """Make every run of blanks one, also where it reaches into strong words or a link."""
    result: list[nodes.Inline] = []
    for found in content:
        match found:
            case nodes.Text(text):
                text = _BLANKS.sub(" ", text)
                text = text.removeprefix(" ") if after_blank else text
                if text:
                    after_blank = text.endswith(" ")
                    _add_text(result, text)
            case nodes.Break():
                result, after_blank = [*_without_last_blank(result), found], True
            case _:
                inner, after_blank = _single_blanks(found.content, after_blank=after_blank)
                if inner:
                    result.append(_with(found, inner))
    return result, after_blank


def _add_text(result: list[nodes.Inline], text: str) -> None:
    if result and isinstance(last := result[-1], nodes.Text):
        result[-1] = nodes.Text(last.text + text)
    else:
        result.append(nodes.Text(text))


def _without_last_blank(content: list[nodes.Inline]) -> list[nodes.Inline]:
    """Return the content without the blank it ends in, if it does."""
    if not content:
        return content
    *before, last = content
    match last:
        case nodes.Text(text):
            kept = text.removesuffix(" ")
            return [*before, nodes.Text(kept)] if kept else _without_last_blank(before)
        case nodes.Break():
            return content
        case _:
            inner = _without_last_blank(list(last.content))
            return [*before, _with(last, inner)] if inner else before


def _with(
    holder: nodes.Strong | nodes.Emphasis | nodes.Link | nodes.Span, content: Iterable[nodes.Inline]
) -> nodes.Inline:
    match holder:
        case nodes.Strong():
            return nodes.Strong(tuple(content))
        case nodes.Emphasis():
            return nodes.Emphasis(tuple(content))
        case nodes.Link(url):
            return nodes.Link(url, tuple(content))
        case nodes.Span(language):
            return nodes.Span(language, tuple(content))


def _image(photo: Photo) -> nodes.Image:
    return nodes.Image(photo.name, photo.media_type, photo.data, photo.width_px, photo.height_px)
