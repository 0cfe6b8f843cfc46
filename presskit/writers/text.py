"""The tree as plain text, as a wire service takes it: UTF-8, lines of at most 72 columns ended by LF.

A block is filled lines, and one blank line stands between blocks.  The words are the words: none is put in
capitals, underlined or centred.  Not here: what an e-mail needs around it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import assert_never

from presskit.document import nodes
from presskit.document.walk import parted, plain
from presskit.model.theme import Theme

COLUMNS = 72
MOST_INDENT = 36  # however deep lists are nested, there is room for words
BULLET = "- "
GAP = "  "  # between the columns of a table
COLON = {"fr": "\u00a0: "}
"""How a colon is set after a label, where it is not ": ".

Source: Office québécois de la langue française, Banque de dépannage linguistique, "Deux-points".
"""

UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
"""Soft hyphen, zero width space, word joiner: they tell a typesetter where lines may end, and no reader."""

SPACES = dict.fromkeys(map(ord, "\t\n\v\f\r\x85\u1680\u2028\u2029\u205f\u3000"), " ") | dict.fromkeys(
    [*range(0x2000, 0x2007), *range(0x2008, 0x200B)], " "
)
"""Spaces a line may end at.  Source: Unicode Standard Annex 14, class BA."""

GLUE = "\u00a0"  # stands for every space a line must not end at, until the lines are filled
CLEAN = UNSEEN | SPACES | dict.fromkeys(map(ord, "\u2007\u202f"), GLUE)

Content = Sequence[nodes.Inline]


def write_text(document: nodes.Document, theme: Theme) -> bytes:
    """Return the release as plain text; the theme says nothing about it."""
    head = document.head
    colon = colon_of(head.language)
    mast = head.masthead
    lines = (_filled(_clean(line)) for line in (mast.issuer, mast.kind, mast.date, mast.reference))
    above, below = parted(document)
    masthead = "\n".join(filter(None, lines))
    label = head.picture_label + colon
    found = [*(text for notice in above for text in _block(notice, label, colon)), masthead]
    found += (text for block in below for text in _block(block, label, colon))
    text = "\n\n".join(part for part in found if part).replace(GLUE, " ")
    return f"{text}\n".encode()


def colon_of(language: str) -> str:
    """Return the colon that stands between a label and what it labels, with its spaces."""
    return COLON.get(language.split("-")[0], ": ")


def fill(text: str) -> str:
    """Return words in lines as those of a release are, for what stands around one."""
    return _filled(_clean(text)).replace(GLUE, " ")


def _block(block: nodes.Block, picture_label: str, colon: str) -> list[str]:
    """Return the filled lines of a block: a text for each part that blank lines set apart."""
    match block:
        case nodes.Notice() | nodes.Headline() | nodes.Subhead() | nodes.Heading():
            return [_filled(_flow(block.content))]
        case nodes.Paragraph():
            return [_filled(_clean(block.dateline) + _flow(block.content))]
        case nodes.List():
            return [_list(block)]
        case nodes.AgencyList():
            return _agencies(block)
        case nodes.Quote():
            *speech, last = (_filled(_flow(paragraph)) for paragraph in (*block.speech, block.attribution))
            return [*speech[:-1], "\n".join([*speech[-1:], last])]
        case nodes.Section():
            inner = (text for within in block.blocks for text in _block(within, picture_label, colon))
            return [_filled(_flow(block.heading.content)), *inner]
        case nodes.Figure():
            alt = _filled(f"[{_clean(picture_label)}{_clean(block.alt)}]")
            words = (_filled(_flow(content)) for content in (block.caption, block.credit) if content)
            return ["\n".join((alt, *words))]
        case nodes.Table():
            return _table(block, colon)
        case nodes.Contact():
            return ["\n".join(_filled(_flow(line)) for line in block.lines)]
        case nodes.EndMark():
            return [_filled(_clean(block.text))]
        case nodes.PageBreak():
            return []
        case _:
            assert_never(block)


def _agencies(agencies: nodes.AgencyList) -> list[str]:
    """Return the introduction and the names."""
    if agencies.form == "sentence":
        return [_filled(f"{_flow(agencies.intro)} {_flow(agencies.sentence)}")]
    marks = {"numbered": None, "bulleted": BULLET, "columns": ""}
    return [_filled(_flow(agencies.intro)), "\n".join(_entries(agencies.items, marks[agencies.form]))]


def _list(found: nodes.List, indent: str = "") -> str:
    return "\n".join(_entries(found.items, None if found.ordered else BULLET, indent))


def _entries(items: Sequence[nodes.Item], mark: str | None, indent: str = "") -> Iterable[str]:
    """Yield the lines of each entry behind its mark or number, and of the list under it.

    Args:
        mark: before each entry; None: its number, right-aligned.
    """
    digits = len(str(len(items)))
    for number, item in enumerate(items, 1):
        label = f"{number:>{digits}}. " if mark is None else mark
        hanging = (indent + (" " * len(label) or GAP))[:MOST_INDENT]  # a name without a mark hangs too
        yield _filled(_flow(item.content), indent + label, hanging)
        if item.sublist is not None:
            yield _list(item.sublist, hanging)


def _table(table: nodes.Table, colon: str) -> list[str]:
    """Return caption and rows: in aligned columns, or a line for each cell where they are too wide."""
    caption = _filled(_flow(table.caption))
    header, *rows = [[_cell(content) for content in row] for row in (table.header, *table.rows)]
    widths = [max(map(_width, column)) for column in zip(header, *rows, strict=True)]
    if sum(widths) + len(GAP) * (len(widths) - 1) > COLUMNS:
        return [caption, *(_record(header, row, colon) for row in rows)]
    rule = ["-" * width for width in widths]
    lines = (_aligned(row, widths) for row in (header, rule, *rows))
    return [caption, "\n".join(filter(None, lines))]  # a row without words would end the block


def _cell(content: Content) -> str:
    """Return the words of a cell on one line."""
    return " ".join(filter(None, re.split("[ \n]", _flow(content))))


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
    return GAP.join(cells).rstrip(" ")


def _record(header: Sequence[str], row: Sequence[str], colon: str) -> str:
    """Return one row of a table as a line for each of its cells."""
    named = zip(header, row, strict=True)
    return "\n".join(_filled(f"{name}{colon}{cell}" if name else cell, "", GAP) for name, cell in named)


# --- words ---------------------------------------------------------------------------------------------


def _clean(text: str) -> str:
    """Return text with two kinds of spaces, those a line may end at and those it may not."""
    return text if text.isascii() and text.isprintable() else text.translate(CLEAN)


def _flow(content: Content) -> str:
    """Return the words of inlines with the addresses of links; a line end that is meant is an LF."""
    return "".join(map(_inline, content))


def _inline(inline: nodes.Inline) -> str:
    match inline:
        case nodes.Text(text):
            return _clean(text)
        case nodes.Strong(content) | nodes.Emphasis(content) | nodes.Span(_, content):
            return _flow(content)
        case nodes.Link(url, content):
            words = _flow(content)
            return words if _says(_clean(plain(content)), url) else f"{words} <{url}>"
        case nodes.Break():
            return "\n"
        case _:
            assert_never(inline)


def _says(words: str, url: str) -> bool:
    """Whether a link's words are its address, so that nobody misses it."""
    scheme, _, rest = url.partition(":")
    if scheme == "tel":
        digits = re.sub(r"\D", "", words)
        return bool(digits) and re.sub(r"\D", "", rest).endswith(digits)
    address = rest.partition("?")[0] if scheme == "mailto" else rest.removeprefix("//")
    return words.strip().rstrip("/") in {url.rstrip("/"), address.rstrip("/")}


# --- lines ---------------------------------------------------------------------------------------------


def _filled(text: str, first: str = "", rest: str = "") -> str:
    """Return the text in lines of at most 72 columns; only a word longer than a line is cut.

    Args:
        first: stands before the first line.
        rest: stands before all others.
    """
    lines: list[str] = []
    for stretch in text.split("\n"):
        line, free = "", 0
        for word in stretch.split(" "):
            if not word.strip(GLUE):
                continue
            width = _width(word)
            if line and width < free:
                line += f" {word}"
                free -= width + 1
                continue
            if line:
                lines.append(line)
            *whole, last = _cut(word, COLUMNS - len(rest)) if width > COLUMNS - len(rest) else (word,)
            lines += (f"{rest if lines else first}{piece}" for piece in whole)
            line = f"{rest if lines else first}{last}"
            free = COLUMNS - _width(line)
        if line:
            lines.append(line)
    return "\n".join(line.rstrip(GLUE) for line in lines) or first.rstrip(" ")


def _cut(word: str, columns: int) -> list[str]:
    """Return a word in pieces of at most so many columns; an accent stays with its letter."""
    pieces, width = [""], 0
    for character in word:
        wide = _width(character)
        if width + wide > columns:
            pieces.append("")
            width = 0
        pieces[-1] += character
        width += wide
    return pieces


def _width(text: str) -> int:
    """Return how many columns a terminal or a wire's screen gives to the text.

    Source: Unicode Standard Annex 11: wide and fullwidth characters take two columns; combining marks none.
    """
    if text.isascii() or max(text) < "\u0300":
        return len(text)
    return sum(map(_character_width, text))


@lru_cache(maxsize=4096)
def _character_width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
