"""House rules about quotes: their marks, and the titles of those who speak.

Not here: quotes without a known speaker, which do not load.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from presskit.checks.passages import Passage, passages
from presskit.checks.rules import Finding
from presskit.model.registers import Draft

PAIRS = {"“": "”", "«": "»"}
"""Opening and closing marks of the languages whose marks are checked."""

OTHER_MARKS = frozenset("bg cs da de et fi hr hu is lt nb nn no sk sl sr sv".split())
"""Languages that close with a mark others open with, or open and close with the same one."""

_STRAIGHT = re.compile(r'(?<!\d)"')
"""A straight mark; after a figure it means inches or seconds."""


def unpaired_marks(draft: Draft) -> Iterator[Finding]:
    """Texts that open a quotation and do not close it, or close one that was not opened.

    A paragraph may leave its quotation open if the next one opens it again.

    Source: closing marks exceed opening ones in 33 of 2,606 releases of a prosecutor's office and in 138 of
    2,078 of a wire service; The Canadian Press Stylebook, "Quotation marks", on several paragraphs.
    """
    texts = list(passages(draft))
    for passage, following in zip(texts, [*texts[1:], None], strict=True):
        if "„" in passage.text or _is_mixed(passage.text):
            continue
        fix = "add the missing mark, or delete the other one."
        if len(_STRAIGHT.findall(passage.text)) % 2:
            yield Finding(passage.field, 'there is an odd number of straight quotation marks (").', fix)
        elif passage.language.split("-")[0] not in OTHER_MARKS:
            yield from (Finding(passage.field, what, fix) for what in _unpaired(passage, following))


def _unpaired(passage: Passage, following: Passage | None) -> Iterator[str]:
    opened: list[str] = []
    for index, character in enumerate(passage.text):
        if character in PAIRS:
            opened.append(character)
        elif opened and character == PAIRS[opened[-1]]:
            opened.pop()
        elif character in PAIRS.values() and not passage.text[index - 1 : index].isdigit():
            yield f"{character} closes a quotation that is not opened."
            return
    goes_on = passage.goes_on and following is not None and following.text.lstrip().startswith(tuple(PAIRS))
    if opened and not goes_on:
        yield f"{opened[-1]} opens a quotation that is not closed."


def mixed_marks(draft: Draft) -> Iterator[Finding]:
    """Texts with straight and typographic quotation marks side by side.

    Source: a real release mixes five ” with four “ and seven ".
    """
    for passage in passages(draft):
        if _is_mixed(passage.text):
            what = 'straight (") and typographic (“ ”) quotation marks stand in one text.'
            yield Finding(passage.field, what, "write all of them in one way; straight ones are set for you.")


def _is_mixed(text: str) -> bool:
    return bool(_STRAIGHT.search(text)) and any(mark in text for mark in "“”«»„")


def title_missing(draft: Draft) -> Iterator[Finding]:
    """Speakers who have titles in the register, but none on the day of issue.

    Source: an advisory of a state agency named the former prime minister as the present one.
    """
    day = draft.issued.date()
    for index, quote in enumerate(draft.release.quotes):
        speaker = draft.registers.people[quote.speaker]
        if speaker.titles and speaker.title_on(day) is None:
            what = f"{speaker.name} has no title on {day}, the day of issue."
            fix = f"add the title of that day to “{speaker.id}” in data/people.yaml."
            yield Finding(f"quotes[{index}].speaker", what, fix)
