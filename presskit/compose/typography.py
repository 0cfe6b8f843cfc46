"""Typed text to typeset text: quotation marks, apostrophes, dashes and the spaces no line may break at.

No word is changed, and what is typographic already stays as it is.  Text may come in runs (a run ends where
bold or a link begins); rules look across the ends of runs.  Not here: what each language does with dashes
and spaces (`habits`), and where the text comes from (`markup`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from presskit.compose.habits import NO_BREAK, rules_of

Edit = tuple[int, int, str]
"""Start and end of what is replaced, and what stands there instead."""


@dataclass(frozen=True, slots=True)
class Style:
    """How one language sets its text."""

    language: str  # tag, with the region where the rules differ by region: fr-CA
    marks: tuple[str, str]  # opening and closing, with the no-break spaces that belong to them
    inner_marks: tuple[str, str]


MARKS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "": (("“", "”"), ("‘", "’")),
    "fr": ((f"«{NO_BREAK}", f"{NO_BREAK}»"), ("“", "”")),
    "es": (("«", "»"), ("“", "”")),
    "de": (("„", "“"), ("‚", "‘")),
}
"""Quotation marks, outer and inner, by language; "" for the languages that have none of their own here.

Source: CLDR, delimiters; for the inner ones of French and the spaces inside « », Office québécois de la
langue française, Banque de dépannage linguistique, "Guillemets".
"""

_PAIRS = {opening.strip(): closing.strip() for (opening, closing), _ in MARKS.values()}
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"“”«»]+|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_MARKS = re.compile(r"[\"'“”‘’«»„\u00a0\u202f]+")
_CLOSING_SINGLE = re.compile(r"(?<=[^\s\"])'(?!\w)")
_CUT_WORD = re.compile(r"(?:\d\ds?|tis|twas|twere|em|til|cause|n)\b", re.IGNORECASE)
_FEET = re.compile(r"(?<=\d)'(?= ?\d\d?\")")


def style_for(language: str) -> Style:
    """Return the style of a language whose wording is not at hand."""
    return Style(language, *MARKS.get(language.split("-")[0], MARKS[""]))


@lru_cache(maxsize=512)
def typeset(text: str, style: Style) -> str:
    """Return one run of text, set as its language sets it."""
    return typeset_runs((text,), style)[0]


def typeset_runs(runs: Sequence[str], style: Style) -> list[str]:
    """Return the runs of one passage, set as their language sets them."""
    passage = _Passage(runs)
    if "'" in passage.text or '"' in passage.text:
        passage.edit((*match.span(), "′") for match in _FEET.finditer(passage.text))
        passage.edit(_marks(passage.text, style))
    for needs, pattern, replacement in rules_of(style.language):
        if needs in passage.text:
            found = pattern.finditer(passage.text)
            passage.edit((*match.span(match.lastindex or 0), replacement) for match in found)
    return passage.runs()


def typeset_speech(paragraphs: Sequence[Sequence[str]], style: Style, around: Style) -> list[list[str]]:
    """Return the runs of a quote's paragraphs, set, without marks around the whole.

    Marks that somebody typed around the whole are taken off; a quote within gets inner marks.

    Args:
        style: of the language spoken.
        around: of the text the quote stands in, whose marks it will get.
    """
    passages = [_Passage(typeset_runs(runs, style)) for runs in paragraphs]
    opening = _whole_in([passage.text for passage in passages])
    for index, passage in enumerate(passages):
        if opening:
            passage.replace(rf"^{opening}[\s\u00a0\u202f]*", "")
            if index == len(passages) - 1:
                passage.replace(rf"[\s\u00a0\u202f]*{_PAIRS[opening]}$", "")
        for outer, inner in zip(around.marks, around.inner_marks, strict=True):
            passage.replace(re.escape(outer), inner)
    return [passage.runs() for passage in passages]


def speech_marks(paragraph: int, paragraphs: int, style: Style) -> tuple[str, str]:
    """Return the marks before and after one paragraph of speech, counted from 0.

    Source: The Canadian Press Stylebook, "Quotation marks": in a quotation of several paragraphs each opens
    with a mark, and the last alone closes with one.
    """
    return style.marks[0], style.marks[1] if paragraph == paragraphs - 1 else ""


class _Passage:
    """Text with the places where its runs end, which move as the text is edited."""

    def __init__(self, runs: Sequence[str]) -> None:
        self.text = "".join(runs)
        self._cuts: list[int] = []
        for run in runs[:-1]:
            self._cuts.append((self._cuts[-1] if self._cuts else 0) + len(run))

    def edit(self, edits: Iterable[Edit]) -> None:
        """Apply edits, which stand in order and do not overlap; web and e-mail addresses stay as typed."""
        kept = self._outside_addresses(edits)
        pieces: list[str] = []
        done = 0
        for start, end, replacement in kept:
            pieces += self.text[done:start], replacement
            done = end
        if pieces:
            self._cuts = [_moved(cut, kept) for cut in self._cuts]
            self.text = "".join((*pieces, self.text[done:]))

    def replace(self, pattern: str, replacement: str) -> None:
        """Replace whatever the pattern finds, addresses excepted."""
        self.edit((*match.span(), replacement) for match in re.finditer(pattern, self.text))

    def runs(self) -> list[str]:
        """Return the text cut where its runs end now."""
        ends = [0, *self._cuts, len(self.text)]
        return [self.text[start:end] for start, end in pairwise(ends)]

    def _outside_addresses(self, edits: Iterable[Edit]) -> list[Edit]:
        if not ("://" in self.text or "@" in self.text or "www." in self.text):
            return list(edits)
        addresses = [match.span() for match in _ADDRESS.finditer(self.text)]
        kept = []
        for edit in edits:
            while addresses and addresses[0][1] <= edit[0]:
                addresses.pop(0)
            if not addresses or edit[1] <= addresses[0][0]:
                kept.append(edit)
        return kept


def _moved(cut: int, edits: Iterable[Edit]) -> int:
    """Return where the end of a run lies after the edits; what is put in at that very place belongs to it."""
    shift = 0
    for start, end, replacement in edits:
        if end <= cut:
            shift += len(replacement) - (end - start)
        elif start < cut:
            return start + shift + len(replacement)
    return cut + shift


def _marks(text: str, style: Style) -> Iterator[Edit]:
    """Typographic marks for the straight ones.

    A mark opens after a space, a bracket, a dash or the start, as do the marks right after it; elsewhere it
    closes, or is an apostrophe.  A single one opens only where a later one can close it, and a double one
    after a digit stands for inches where none is open.
    """
    last_single = max((match.start() for match in _CLOSING_SINGLE.finditer(text)), default=-1)
    inner_open = outer_open = False
    for marks in _MARKS.finditer(text):
        opens = marks.start() == 0 or text[marks.start() - 1] in " ([{–—/"
        for position in range(*marks.span()):
            match text[position]:
                case "“" | "«" | "„":
                    outer_open = True
                case "”" | "»":
                    outer_open = False
                case '"' if not (opens or outer_open) and text[position - 1].isdigit():
                    yield position, position + 1, "″"
                case '"':
                    outer_open = opens
                    yield position, position + 1, style.marks[0 if opens else 1]
                case "'" if opens and last_single > position and not _CUT_WORD.match(text, position + 1):
                    inner_open = True
                    yield position, position + 1, style.inner_marks[0]
                case "'" if inner_open and not text[position + 1 : position + 2].isalnum():
                    inner_open = False
                    yield position, position + 1, style.inner_marks[1]
                case "'":
                    yield position, position + 1, "’"


def _whole_in(paragraphs: Sequence[str]) -> str:
    """Return the opening mark that a speech stands in as a whole, "" if it does in none.

    Why: “Stop” is what he said, and “now” opens and ends with marks too, and yet stands in none as a whole.
    """
    opening = paragraphs[0][:1]
    closing = _PAIRS.get(opening)
    if closing is None or not paragraphs[-1].endswith(closing):
        return ""
    depth = 0
    for index, text in enumerate(paragraphs):
        if index and not text.startswith(opening):
            return ""
        depth -= 1 if index else 0  # each paragraph repeats the mark of the first
        for position, character in enumerate(text):
            depth += (character == opening) - (character == closing)
            if depth == 0 and (index, position) != (len(paragraphs) - 1, len(text) - 1):
                return ""
    return opening if depth == 0 else ""
