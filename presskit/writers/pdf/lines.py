"""Lines: from runs of text to the line ends that leave the least uneven margin.

Lengths are in 1/1000 of the type size, so one result serves every size.  Total fit, after Knuth and Plass:
all line ends of a paragraph are chosen together.

Not here: pages (`pages`), colours and marks (`paper`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from presskit.writers.pdf.faces import AT_HYPHEN, AT_SPACE, NONE, Face, Piece

FULL_ENOUGH = 0.75  # of the measure; emptier lines are tried only if nothing else fits
LONE_WORD = 30.0  # what one word alone on the last line costs
ROUNDING = 0.01

Text = tuple[Face, str]


class Part(NamedTuple):
    """A stretch of a line in one run."""

    run: int  # which of the paragraph's runs
    x: float
    width: float
    code: str  # for a TJ array


class Broken(NamedTuple):
    """A paragraph cut into lines."""

    lines: tuple[tuple[Part, ...], ...]
    rare: tuple[frozenset[int], ...]  # glyphs outside the common ones, run by run


@lru_cache(4096)
def break_lines(
    runs: tuple[Text, ...], measure: float, language: str | None = None, justify: bool = False
) -> Broken:
    """Return the lines of a paragraph; a line feed in a run ends a line.

    Args:
        measure: length of a line, in 1/1000 of the type size.
        language: hyphenate by its patterns; None: not at all.
    """
    lines: list[tuple[Part, ...]] = []
    rare: list[frozenset[int]] = []
    stretches = _between_line_feeds(runs)
    for first, stretch in stretches:
        pieces, ends = _pieces(stretch, measure, language)
        if pieces and stretch is not stretches[-1][1]:  # words on two lines are two words for a reader
            pieces[-1] = _with_unseen_space(pieces[-1], stretch[_run_of_last(ends, len(ends))][0])
        cuts = _best_cuts(pieces, measure)
        for start, end in cuts:
            stretched = measure if justify and end < len(pieces) else 0.0
            parts = _parts(stretch, ends, pieces, start, end, stretched)
            lines.append(tuple([part._replace(run=part.run + first) for part in parts] if first else parts))
        for start, end in zip((0, *ends), ends, strict=False):
            found = [piece.rare for piece in pieces[start:end] if piece.rare]
            rare.append(NONE.union(*found) if found else NONE)
    return Broken(tuple(lines), tuple(rare))


def balanced_measure(runs: tuple[Text, ...], measure: float) -> float:
    """Return the least measure at which the paragraph still takes as few lines as at the measure given."""
    if any(text == "\n" for _, text in runs):
        return measure
    pieces, _ = _cut(runs, None, False)
    wanted = len(_greedy_cuts(pieces, measure)) or 1
    low, high = measure / wanted, measure
    if wanted == 1:
        return measure
    while high - low > 250:
        middle = (low + high) / 2
        low, high = (low, middle) if len(_greedy_cuts(pieces, middle)) <= wanted else (middle, high)
    return high


def _between_line_feeds(runs: tuple[Text, ...]) -> list[tuple[int, tuple[Text, ...]]]:
    """Stretches between line feeds, each with the number of its first run.

    A line feed stands in a run of its own, so runs never change their number.
    """
    if not any(text == "\n" for _, text in runs):
        return [(0, runs)]
    stretches, first = [], 0
    for at, (face, text) in enumerate(runs):
        if text == "\n":  # the feed itself stays as an empty run, so that numbers go on
            stretches.append((first, (*runs[first:at], (face, ""))))
            first = at + 1
    stretches.append((first, runs[first:]))
    return [(number, stretch) for number, stretch in stretches if stretch]


def _pieces(runs: tuple[Text, ...], measure: float, language: str | None) -> tuple[list[Piece], list[int]]:
    """The pieces of all runs, and where each run ends among them."""
    pieces, ends = _cut(runs, language, False)
    if pieces and max([piece.end for piece in pieces]) > measure:
        return _cut(runs, language, True)
    return pieces, ends


def _cut(runs: tuple[Text, ...], language: str | None, anywhere: bool) -> tuple[list[Piece], list[int]]:
    pieces: list[Piece] = []
    ends: list[int] = []
    for number, (face, text) in enumerate(runs):
        if text[:1] == " " and pieces and pieces[-1].cost is None:
            pieces[-1] = _with_space(pieces[-1], runs[_run_of_last(ends, number)][0])
        words = [word for word in text.split(" ") if word]
        pieces += face.pieces(words, language, anywhere)
        if words and text[-1] != " ":
            pieces[-1] = face.without_space(pieces[-1])
        ends.append(len(pieces))
    if pieces and pieces[-1].cost == AT_SPACE:  # a space at the very end is none
        pieces[-1] = pieces[-1]._replace(advance=pieces[-1].end)
    return pieces, ends


def _run_of_last(ends: list[int], number: int) -> int:
    """The run the last piece came from: runs before `number` may be empty."""
    run = number - 1
    while run > 0 and ends[run] == ends[run - 1]:
        run -= 1
    return run


def _with_space(piece: Piece, face: Face) -> Piece:
    width, code = face.space
    return Piece(piece.end, piece.end + width, AT_SPACE, piece.code + code, piece.rare)


def _with_unseen_space(piece: Piece, face: Face) -> Piece:
    """The piece with a space after it that takes no room on the line."""
    return _with_space(piece, face)._replace(advance=piece.end, cost=None)


def _best_cuts(pieces: Sequence[Piece], measure: float, least: float = FULL_ENOUGH) -> list[tuple[int, int]]:
    """Return (first piece, end) of each line, all line ends chosen together."""
    if pieces and sum([piece.advance for piece in pieces[:-1]]) + pieces[-1].end <= measure + ROUNDING:
        return [(0, len(pieces))]
    starts, places, costs, back = [0], [0.0], [0.0], [0]  # feasible line starts and the best way to each
    total, x, low = len(pieces), 0.0, 0
    shortest, limit = measure * least, measure + ROUNDING
    for at, (end, advance, cost, _, _) in enumerate(pieces, 1):
        stop, x = x + end, x + advance
        if cost is None and at < total:
            continue
        while stop - places[low] > limit and low < len(starts) - 1:
            low += 1
        if stop - places[low] < shortest and at < total:
            continue
        best = None
        for origin in range(low, len(starts)):
            length = stop - places[origin]
            if at == total:
                candidate = costs[origin] + (LONE_WORD if origin and at - starts[origin] < 2 else 0)
            elif length < shortest:
                break
            else:
                slack = 1 - length / measure
                candidate = costs[origin] + 1 + 100 * slack * slack + (cost or 0)
            if length > limit and at - starts[origin] > 1:
                return _best_cuts(pieces, measure, 0) if least else _greedy_cuts(pieces, measure)
            if best is None or candidate < best:
                best, chosen = candidate, origin
        if best is not None:
            starts.append(at)
            places.append(x)
            costs.append(best)
            back.append(chosen)
    cuts, k = [], len(starts) - 1
    while k:
        cuts.append((starts[back[k]], starts[k]))
        k = back[k]
    return cuts[::-1]


def _greedy_cuts(pieces: Sequence[Piece], measure: float) -> list[tuple[int, int]]:
    """First-fit lines: as few as possible, and the last resort where runs are glued over more than a line."""
    cuts, start, x = [], 0, 0.0
    for at, piece in enumerate(pieces):
        if at > start and x + piece.end > measure + ROUNDING and pieces[at - 1].cost is not None:
            cuts.append((start, at))
            start, x = at, 0.0
        x += piece.advance
    return [*cuts, (start, len(pieces))] if pieces else []


def _parts(
    runs: tuple[Text, ...], ends: list[int], pieces: Sequence[Piece], start: int, end: int, measure: float
) -> list[Part]:
    """One line, cut where the run changes; stretched to the measure unless that is 0."""
    line, last, x, parts = list(pieces[start:end]), pieces[end - 1], 0.0, []
    if measure:
        line = _stretched(line, measure)
    for number, stop in enumerate(ends):
        if stop <= start:
            continue
        count = min(stop, end) - start
        if not count:
            continue
        part, line, start = line[:count], line[count:], start + count
        code = "".join([piece.code for piece in part])
        if not line and last.cost == AT_HYPHEN:
            code += runs[number][0].hyphen[1]
        width = sum([piece.advance for piece in part])
        parts.append(Part(number, x, width + part[-1].end - part[-1].advance, code))
        if not line:
            break
        x += width
    return parts


def _stretched(line: list[Piece], measure: float) -> list[Piece]:
    """The pieces of a line with its spaces widened (or narrowed) so that it fills the measure."""
    *first, last = line
    gaps = sum(piece.cost == AT_SPACE for piece in first)
    extra = (measure - sum(piece.advance for piece in first) - last.end) / gaps if gaps else 0.0
    return [
        piece._replace(advance=piece.advance + extra, code=f"{piece.code}){-extra:.0f}(")
        if piece.cost == AT_SPACE
        else piece
        for piece in first
    ] + [last]
