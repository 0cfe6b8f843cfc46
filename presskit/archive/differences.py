"""Two versions of a release to what changed in their words: as a reader and an approver would put it.

Running words come from the kit's text, quotes and mentions from the words that were approved, fields from
`version.json`.  Not here: whether bytes are the same (`verify`), and colours on a terminal (`cli`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from presskit.archive.contents import fields_in

Kind = Literal["added", "removed", "changed"]
Piece = tuple[Literal["same", "removed", "added"], str]
"""A stretch of words, and whether the old version has it, the new one, or both."""

FIELDS = "headline", "language", "issued", "embargo", "reference", "corrects", "withdraws"
"""Of `version.json`, in the order they are named."""

ALIKE = 0.4
"""Paragraphs that share this part of their words are one paragraph, changed."""

PAIRS_LIMIT = 40_000
"""How many pairs of paragraphs are compared before they are taken in their order."""

WORDS_LIMIT = 250_000
"""How many pairs of words are compared exactly; in larger texts, frequent words do not anchor others."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs."""

    what: str  # "headline", "quote dusto", "mention opp name", "text"
    kind: Kind
    old: str  # "" if it was added
    new: str  # "" if it was removed
    pieces: tuple[Piece, ...]  # the words of both, in their order


def differences(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> tuple[Change, ...]:
    """Return what changed from one version to the other: fields, quotes, mentions, then running text.

    A paragraph of the text that holds nothing but what a quote or mention says is not told twice.

    Args:
        old: name → content of a version's files; more files than are looked at do no harm.
    """
    before, after = _said(old), _said(new)
    names = [*before, *(name for name in after if name not in before)]
    told = [
        change
        for name in sorted(names, key=lambda name: (_rank(name), name))
        if (change := _change(name, before.get(name, ""), after.get(name, ""))) is not None
    ]
    running = _running(_paragraphs(old), _paragraphs(new), before.values(), after.values())
    return (*told, *running)


def unified(changes: Iterable[Change]) -> str:
    """Return changes as plain text, with [-removed-] and {+added+} words."""
    lines = []
    for change in changes:
        marked = "".join(_marked(*piece) for piece in change.pieces)
        lines.append(f"{change.what}, {change.kind}:\n" + _indented(marked) + "\n")
    return "\n".join(lines)


def _marked(kind: str, words: str) -> str:
    match kind:
        case "removed":
            return f"[-{words.rstrip(' ')}-] "
        case "added":
            return f"{{+{words.rstrip(' ')}+}} "
        case _:
            return words


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.split("\n"))


# --- what the approved words and the facts say ---------------------------------------------------------


def _rank(name: str) -> int:
    """Return where a change is told: fields in their order, then quotes, then mentions."""
    if name in FIELDS:
        return FIELDS.index(name)
    return len(FIELDS) + (0 if name.startswith("quote ") else 1)


def _said(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return what is said, by what it is: "quote dusto" → its words; "quote dusto title" → the title."""
    facts = fields_in(files.get("version.json", b""))
    said = {name: facts[name] for name in FIELDS if isinstance(facts.get(name), str)}
    for name in sorted(files):
        found = re.fullmatch(r"words/([a-z]+)\.(.+)@([^@/]+)\.json", name)
        block = fields_in(files[name]).get("block") if found else None
        if found is None or not isinstance(block, dict):
            continue
        kind, identity, language = found.groups()
        translated = "" if language == facts.get("language", language) else f" ({language})"
        for field, words in _leaves(block):
            said[f"{kind} {identity}{translated}{field}"] = words
    return {name: words for name, words in said.items() if words}


def _leaves(block: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the texts of a block with their names; what the block mainly says has none."""
    for field, value in block.items():
        match value:
            case dict():
                yield from ((f" {name}", text) for name, text in value.items() if isinstance(text, str))
            case list() if all(isinstance(text, str) for text in value):
                yield ("" if field == "words" else f" {field}"), "\n\n".join(value)
            case str() if field not in ("id", "type"):
                yield f" {field}", value
            case _:
                pass


# --- running words -------------------------------------------------------------------------------------


def _paragraphs(files: Mapping[str, bytes]) -> list[str]:
    """Return the paragraphs of the kit's text, each as one line, lists line by line."""
    texts = [files[name] for name in sorted(files) if re.fullmatch(r"kit/[^/]+\.txt", name)]
    text = b"\n\n".join(texts).decode("utf-8", "replace")
    lines = re.split(r"\n\s*\n|\n(?=[^\S\n]*(?:-|\d+\.)\s)", text)
    return [words for line in lines if (words := " ".join(line.split()))]


def _running(
    old: Sequence[str], new: Sequence[str], old_said: Iterable[str], new_said: Iterable[str]
) -> Iterator[Change]:
    """Yield the changes of running text, in its order."""
    old_known, new_known = _known(old_said), _known(new_said)
    for gone, come in _unlike(old, new):
        for before, after in _paired(gone, come):
            if not (_covered(before, old_known) and _covered(after, new_known)):
                change = _change("text", before, after)
                if change is not None:
                    yield change


def _unlike(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Yield the stretches of paragraphs that are not the same in both."""
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=len(old) > 2000).get_opcodes():
        if tag != "equal":
            yield old[a:b], new[c:d]


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield paragraphs that are one, changed; with "" in place of one that is only in the other."""
    if len(old) * len(new) > PAIRS_LIMIT:
        for index in range(max(len(old), len(new))):
            yield (old[index] if index < len(old) else ""), (new[index] if index < len(new) else "")
        return
    counted = [Counter(paragraph.split()) for paragraph in new]
    start = 0
    for paragraph in old:
        words = Counter(paragraph.split())
        likeness = [_likeness(words, counted[place]) for place in range(start, len(new))]
        best = max(likeness, default=0.0)
        if best < ALIKE:
            yield paragraph, ""
            continue
        place = start + likeness.index(best)
        yield from (("", skipped) for skipped in new[start:place])
        yield paragraph, new[place]
        start = place + 1
    yield from (("", left) for left in new[start:])


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Return which part of the words of both they share, from 0 to 1."""
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def _known(said: Iterable[str]) -> list[str]:
    """Return what is told elsewhere, the longest first, paragraph by paragraph."""
    paragraphs = {" ".join(part.split()) for words in said for part in words.split("\n\n")}
    return sorted(paragraphs, key=lambda words: (-len(words), words))


def _covered(paragraph: str, known: Sequence[str]) -> bool:
    """Whether a paragraph holds nothing but what is told elsewhere, marks and numbers of lists apart."""
    rest = re.sub(r"^\s*\d+\.\s", "", paragraph)
    for words in known:
        rest = rest.replace(words, " ")
    return not any(character.isalnum() for character in rest)


# --- word by word --------------------------------------------------------------------------------------


def _change(what: str, old: str, new: str) -> Change | None:
    """Return the change from one text to another; ``None`` if their words are the same."""
    before, after = _words(old), _words(new)
    if before == after:
        return None
    kind: Kind = "changed" if before and after else "added" if after else "removed"
    return Change(what, kind, old, new, tuple(_pieces(before, after)))


def _words(text: str) -> list[str]:
    """Return words with the blanks behind them; the end of a paragraph is a word of its own."""
    found = []
    for paragraph in filter(None, (" ".join(part.split()) for part in re.split(r"\n\s*\n", text))):
        found += ["\n", *paragraph.split(" ")]
    return found[1:]


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    """Yield stretches of words; a blank between two stretches stands with the first."""
    small = len(old) * len(new) <= WORDS_LIMIT
    raw: list[tuple[Literal["same", "removed", "added"], list[str]]] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=not small).get_opcodes():
        if tag == "equal":
            raw.append(("same", old[a:b]))
            continue
        if a < b:
            raw.append(("removed", old[a:b]))
        if c < d:
            raw.append(("added", new[c:d]))
    for place, (kind, words) in enumerate(raw):
        text = " ".join(words).replace(" \n ", "\n").replace("\n ", "\n").replace(" \n", "\n")
        last = place == len(raw) - 1
        yield kind, text if last or text.endswith("\n") else f"{text} "
