"""House rules about quotes: their marks, the titles of those who speak, and words nobody is asked about.

Not here: quotes without a known speaker, which do not load.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from presskit.checks.passages import Passage, passages
from presskit.checks.rules import Finding
from presskit.load.suggest import quoted
from presskit.model.registers import Draft

PAIRS = {"“": "”", "«": "»"}
"""Opening and closing marks of the languages whose marks are checked."""

OTHER_MARKS = frozenset("bg cs da de et fi hr hu is lt nb nn no sk sl sr sv".split())
"""Languages that close with a mark others open with, or open and close with the same one."""

FEW_WORDS = 4
"""From so many words on, what stands in quotation marks is taken for something somebody said."""

_SPANS = re.compile(r'“([^“”]*)(?:”|$)|„([^„“”]*)(?:[“”]|$)|«([^«»]*)(?:»|$)|(?<!\d)"([^"]*)(?:"|$)')
"""Words in quotation marks; a quotation that goes on in the next paragraph ends with the text."""

_SAYING = (
    r"said|says|added|adds|stated|states|noted|commented|explained|continued|concluded|remarked|told \w+"
    r"|(?:a|ont) (?:dit|déclaré|ajouté|affirmé|expliqué|indiqué|souligné|précisé|conclu)"
    r"|dit|déclare|ajoute|affirme|explique|souligne|précise|dijo|dice|declaró|añadió|agregó|afirmó"
)
_SAID_BEFORE = re.compile(rf"\b(?:{_SAYING})\s?[,:]\s*$", re.IGNORECASE)
_SAID_AFTER = re.compile(rf"^\s*,?\s*(?:{_SAYING})\b", re.IGNORECASE)
_SPOKEN_END = re.compile(r"[,.!?…]\s*$")

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


def unattributed(draft: Draft) -> Iterator[Finding]:
    """Words in quotation marks outside of ``quotes:``, which no speaker is asked to approve.

    Titles of works, terms of few words, and words of the release's own quotes are left alone.

    Source: a quote retyped as plain text passed a sign-off without its speaker.  27 real releases have 56
    paragraphs with such words; one of the findings is wrong, a phrase of a report.
    """
    quotes = [_bare(" ".join(quote.words)) for quote in draft.release.quotes]
    for passage in passages(draft):
        if passage.field.startswith(("quotes[", "boilerplates/")):
            continue
        said = next((words for words in _said(passage.text) if not _known(words, quotes)), None)
        if said is not None:
            mute = "these words stand in quotation marks, and nobody is asked to approve them."
            fix = "make a quote of them under quotes:, and place it with - quote: ID."
            yield Finding(passage.field, f"{quoted(said)}: {mute}", fix)


def _said(text: str) -> Iterator[str]:
    """Yield what stands in quotation marks as somebody's words."""
    for span in _SPANS.finditer(text):
        words = next(filter(None, span.groups()), "").strip()
        before, after = text[: span.start()], text[span.end() :]
        many = len(_bare(words)) >= FEW_WORDS and not _is_title(words)
        told = _SAID_BEFORE.search(before) or (
            _SAID_AFTER.match(after) and (_SPOKEN_END.search(words) or after.lstrip().startswith(","))
        )
        if words and (many or told):
            yield words


def _is_title(words: str) -> bool:
    """Whether words look like the title of a work: every long word is capital, and no sentence ends."""
    long = [word for word in re.findall(r"[^\W\d_]+", words) if len(word) > 3]
    return bool(long) and all(word[0].isupper() for word in long) and not _SPOKEN_END.search(words)


def _bare(words: str) -> tuple[str, ...]:
    """Return words without case, marks and markup."""
    return tuple(re.findall(r"[\w’']+", words.casefold().replace("'", "’")))


def _known(words: str, quotes: Sequence[tuple[str, ...]]) -> bool:
    """Whether a quote of the release holds these words."""
    wanted = f" {' '.join(_bare(words))} "
    return any(wanted in f" {' '.join(quote)} " for quote in quotes)
