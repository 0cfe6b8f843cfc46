"""Pages: rows of blocks put onto pages, in reading order.

No widow, no orphan, no heading or introduction at a foot, no attribution parted from its quote, no entry
of a list cut in two unless it is long, and no last page with fewer than four lines where that can be helped.

Not here: how lines end (`lines`), what is drawn (`paper`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from presskit.writers.pdf.blocks import Block, Columns, Row, Unit

SLACK_PT = 0.01  # sums of lengths are not exact
LINES_TOGETHER = 2  # at the foot and at the head of a page
SHORT = 3  # lines up to which a paragraph is not cut
LEAST_ON_LAST_PAGE = 4  # lines
RULE_GAP_PT = 2.5  # between a row and the hairline under it
NEARLY_EMPTY = 8  # lines on a last page that are worth saving a page for
TIGHTER = (0.85, 0.7, 0.55)  # how much of the distances between blocks is tried to save a page
CHAIN = 8  # how many units kept together are looked at


class Placed(NamedTuple):
    """Lines of a block on a page."""

    block: Block
    first: int
    end: int
    x_pt: float  # of the block's left, from the frame's left
    y_pt: float  # of its top, from the sheet's bottom
    furniture: bool = False  # a repeated table head


class Rule(NamedTuple):
    """A hairline under a row."""

    colour: str
    x_pt: float  # from the frame's left
    y_pt: float
    width_pt: float


class Page(NamedTuple):
    """What stands on one page, in reading order."""

    placed: list[Placed]
    rules: list[Rule]


class Frame(NamedTuple):
    """Where text may stand on each page, from the sheet's bottom."""

    top_pt: float
    bottom_pt: float


def paginate(units: Sequence[Unit], frame: Frame) -> list[Page]:
    """Return the pages; tighter, or with more on the last page, where it would hold too few lines."""
    pages = _Filling(units, frame).pages
    last = _lines_on(pages[-1])
    if len(pages) == 1 or last > NEARLY_EMPTY:
        return pages
    for tightness in TIGHTER:
        tighter = _Filling(units, frame, tightness).pages
        if len(tighter) < len(pages):
            return tighter
    missing = LEAST_ON_LAST_PAGE - last
    for lines in range(missing, missing + 6) if missing > 0 else ():
        shorter = {len(pages) - 2: frame.bottom_pt + lines * _last_leading(units)}
        fuller = _Filling(units, frame, 1, shorter).pages
        if len(fuller) == len(pages) and _lines_on(fuller[-1]) >= LEAST_ON_LAST_PAGE:
            return fuller
    return pages


def _lines_on(page: Page) -> int:
    """Lines of content; those side by side count once."""
    placed = {(p.y_pt, p.first): p.end - p.first + p.block.whole * 4 for p in page.placed}
    return sum(placed.values())


def _last_leading(units: Sequence[Unit]) -> float:
    return units[-1].blocks[0].style.leading_pt


class _Filling:
    """One run over all units; the pages it filled are in `pages`."""

    def __init__(
        self,
        units: Sequence[Unit],
        frame: Frame,
        tightness: float = 1,
        bottoms: Mapping[int, float] | None = None,
    ) -> None:
        self.units, self.frame, self.tightness, self.bottoms = units, frame, tightness, bottoms or {}
        self.pages: list[Page] = []
        self.after_pt = 0.0
        self._turn()
        for index, unit in enumerate(units):
            if unit.new_page and self.page.placed:
                self._turn()
            if isinstance(unit, Row):
                self._place_row(index, unit)
            else:
                self._place_columns(index, unit)
            self.after_pt = unit.after_pt

    def _turn(self) -> None:
        """Go to the next page."""
        self.page = Page([], [])
        self.pages.append(self.page)
        self.y_pt = self.frame.top_pt
        self.bottom_pt = self.bottoms.get(len(self.pages) - 1, self.frame.bottom_pt)

    def _room(self, unit: Unit, first: int = 0) -> float:
        """Set y to where the unit would start here, and return the height left below it."""
        gap = max(self.after_pt, unit.before_pt) * self.tightness if self.page.placed and not first else 0.0
        self.start_pt = self.y_pt - gap
        return self.start_pt - self.bottom_pt + SLACK_PT

    def _place_row(self, index: int, row: Row) -> None:
        first, count = 0, row.line_count
        while first < count:
            room = self._room(row, first)
            end = self._end_on_page(index, row, first, room)
            if end == first and self.page.placed:
                self._turn()
                self._repeat(row.heads)
                continue
            if end == first or (end < count and not row.splits):  # an empty page that is still too small
                end = min(count, first + max(1, int(room / row.leading_pt)))
            self._put(row, first, end)
            first = end
            if first < count:
                self._turn()
                self._repeat(row.heads)

    def _put(self, row: Row, first: int, end: int) -> None:
        for block in row.blocks:
            if first < block.line_count:
                placed = Placed(block, first, min(end, block.line_count), block.x_pt, self.start_pt)
                self.page.placed.append(placed)
        self.y_pt = self.start_pt - (end - first) * row.leading_pt
        self._underline(row)

    def _underline(self, row: Row) -> None:
        if row.rule:
            left = min(block.x_pt for block in row.blocks)
            right = max(block.x_pt + block.width_pt for block in row.blocks)
            self.page.rules.append(Rule(row.rule, left, self.y_pt - RULE_GAP_PT, right - left))

    def _repeat(self, heads: Sequence[Row]) -> None:
        """Put a table's header at the top of the page again, as furniture."""
        for head in heads:
            for block in head.blocks:
                self.page.placed.append(Placed(block, 0, block.line_count, block.x_pt, self.y_pt, True))
            self.y_pt -= head.height_pt
            self._underline(head)
            self.y_pt -= head.after_pt

    def _end_on_page(self, index: int, row: Row, first: int, room: float) -> int:
        """Return the line up to which the row goes onto this page; `first` if it may not start here."""
        left = row.line_count - first
        fits = int(room / row.leading_pt)
        if fits >= left:
            if not row.keep_next:
                return row.line_count
            used = left * row.leading_pt + self._gap(index)
            if used + self._need(index + 1) <= room:
                return row.line_count
            stay = left - LINES_TOGETHER  # the last lines go over with what follows
        elif left <= SHORT:
            return first
        else:
            stay = min(fits, left - LINES_TOGETHER)
        return first + stay if row.splits and stay >= LINES_TOGETHER else first

    def _gap(self, index: int) -> float:
        """Distance between a unit and the next one."""
        if index + 1 >= len(self.units):
            return 0.0
        return max(self.units[index].after_pt, self.units[index + 1].before_pt) * self.tightness

    def _need(self, index: int, chain: int = CHAIN) -> float:
        """Return the least height that may stand at the foot of a page, from a unit on."""
        if index >= len(self.units) or not chain:
            return 0.0
        unit = self.units[index]
        if isinstance(unit, Columns):
            return unit.blocks[0].height_pt * LINES_TOGETHER + unit.gap_pt
        if unit.splits and unit.line_count > SHORT:
            return LINES_TOGETHER * unit.leading_pt
        if unit.keep_next:
            return unit.height_pt + self._gap(index) + self._need(index + 1, chain - 1)
        return unit.height_pt

    def _place_columns(self, index: int, columns: Columns) -> None:
        blocks = columns.blocks
        while blocks:
            room = self._room(columns, len(columns.blocks) - len(blocks))
            count = _entries_that_fit(blocks, columns, room)
            if not count and self.page.placed:
                self._turn()
                continue
            count = count or min(len(blocks), columns.count)
            self._put_columns(blocks[:count], columns)
            blocks = blocks[count:]
            if blocks:
                self._turn()

    def _put_columns(self, blocks: Sequence[Block], columns: Columns) -> None:
        lowest = self.start_pt
        for number, column in enumerate(_filled_down(blocks, columns.count)):
            y = self.start_pt
            for block in column:
                x = block.x_pt + number * columns.step_pt
                self.page.placed.append(Placed(block, 0, block.line_count, x, y))
                y -= block.height_pt + columns.gap_pt
            lowest = min(lowest, y + columns.gap_pt)
        self.y_pt = lowest


def _filled_down(blocks: Sequence[Block], count: int) -> list[Sequence[Block]]:
    """Cut entries into columns of even number, the first ones with one more."""
    least, more = divmod(len(blocks), count)
    columns, at = [], 0
    for number in range(count):
        size = least + (number < more)
        columns.append(blocks[at : at + size])
        at += size
    return [column for column in columns if column]


def _entries_that_fit(blocks: Sequence[Block], columns: Columns, room: float) -> int:
    """Return how many entries may stand in this room as columns; never all but one."""
    lowest = min(block.height_pt for block in blocks) + columns.gap_pt
    most = min(len(blocks), (int(room / lowest) + 1) * columns.count)
    for count in range(most, 0, -1):
        if count == len(blocks) - 1 or (count < len(blocks) and count < LINES_TOGETHER * columns.count):
            continue
        height = max(
            sum(block.height_pt + columns.gap_pt for block in column) - columns.gap_pt
            for column in _filled_down(blocks[:count], columns.count)
        )
        if height <= room:
            return count
    return 0
