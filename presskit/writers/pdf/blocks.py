"""What is laid out: styles, runs, blocks of lines, and the rows and columns they stand in.

A block knows its element of the structure tree (opaque here) and the names of its colours; it knows
neither pages nor PDF.  Lengths end in ``_pt``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from presskit.document.nodes import Image
from presskit.writers.pdf.elements import Element
from presskit.writers.pdf.faces import Face
from presskit.writers.pdf.fonts import Family
from presskit.writers.pdf.lines import Broken, balanced_measure, break_lines


@dataclass(frozen=True, eq=False)
class Style:
    """How a block is set."""

    family: Family
    size_pt: float
    leading_pt: float
    colour: str = "text"  # role in the theme's colours
    bold: bool = False
    italic: bool = False
    before_pt: float = 0
    after_pt: float = 0
    keep_next: bool = False  # its end stays on the page of what follows
    indent_pt: float = 0  # from the left of its place
    align: Literal["left", "right", "centre"] = "left"
    justify: bool = False
    balance: bool = False  # lines of even length, for headlines
    bar: str = ""  # colour of a rule at the left
    fill: str = ""  # colour behind the lines

    @cached_property
    def next_line(self) -> str:
        """The operator that goes to the line below, where lines start at the left."""
        return f"0 -{self.leading_pt:g} Td" if self.align == "left" else ""

    @cached_property
    def face(self) -> Face:
        """The face of text that is neither stressed nor strong."""
        return self.family.face(bold=self.bold, italic=self.italic)


class Run(NamedTuple):
    """How a stretch of text is set, and whose it is."""

    face: Face
    colour: str
    owner: Element | None = None  # None: the block's own element


class Label(NamedTuple):
    """A list's number or bullet, in the margin of its entry."""

    element: Element
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Lines of one element at a distance from the left of the frame; or a picture or field (a height)."""

    element: Element
    style: Style
    x_pt: float
    width_pt: float
    runs: tuple[Run, ...]
    broken: Broken
    height_pt: float
    label: Label | None = None
    picture: Image | None = None
    signature: str = ""  # label of a signature field

    @property
    def whole(self) -> bool:
        """Whether it has no lines and is drawn in one piece."""
        return self.picture is not None or bool(self.signature)

    @property
    def longest_pt(self) -> float:
        """Width of the longest line."""
        ends = [line[-1].x + line[-1].width for line in self.broken.lines if line]
        return max(ends, default=0.0) * self.style.size_pt / 1000

    @property
    def line_count(self) -> int:
        """Number of lines; a picture or field counts as one."""
        return 1 if self.whole else len(self.broken.lines)


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """Blocks side by side; pages break between rows, or between the lines of a row of one block."""

    blocks: tuple[Block, ...]
    before_pt: float
    after_pt: float
    keep_next: bool = False
    new_page: bool = False  # starts one
    heads: tuple[Row, ...] = ()  # repeated where a page starts with this row: a table's header
    rule: str = ""  # colour of a hairline under the row

    @property
    def height_pt(self) -> float:
        """Height of the highest block."""
        return max(block.height_pt for block in self.blocks)

    @property
    def line_count(self) -> int:
        """Lines of the longest block."""
        return max(block.line_count for block in self.blocks)

    @property
    def leading_pt(self) -> float:
        """Distance of base lines; a picture or field is one line as high as itself."""
        return max(b.height_pt if b.whole else b.style.leading_pt for b in self.blocks)

    @property
    def splits(self) -> bool:
        """Whether a page may end between its lines."""
        return len(self.blocks) == 1 and not self.blocks[0].whole


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Entries of a list in columns, filled down; what does not fit goes to the next page as columns again."""

    blocks: tuple[Block, ...]
    count: int
    step_pt: float  # from column to column
    gap_pt: float  # between entries
    before_pt: float
    after_pt: float
    new_page: bool = False


Unit = Row | Columns


def set_text(
    element: Element,
    style: Style,
    runs: Sequence[tuple[Run, str]],
    width_pt: float,
    *,
    x_pt: float = 0,
    label: Label | None = None,
    language: str | None = None,
) -> Block:
    """Return the block of lines that a text makes at a width.

    Args:
        language: hyphenate by its patterns; None: not at all.
    """
    scale = 1000 / style.size_pt
    measure = (width_pt - style.indent_pt) * scale
    texts = tuple((run.face, text) for run, text in runs)
    if style.balance:
        measure = balanced_measure(texts, measure)
    broken = break_lines(texts, measure, language, style.justify)
    return Block(
        element,
        style,
        x_pt,
        width_pt,
        tuple(run for run, _ in runs),
        broken,
        len(broken.lines) * style.leading_pt,
        label,
    )


def single(block: Block, *, keep_next: bool = False) -> Row:
    """Return the row of one block, with its style's distances."""
    style = block.style
    return Row((block,), style.before_pt, style.after_pt, style.keep_next or keep_next)
