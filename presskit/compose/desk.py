"""The copy desk: what makes a draft's ids and typed words printable, and notes down all it could not.

Views are made with it piece by piece; at the end `require_sound` speaks up.  Not here: what a release
consists of (`release`, `quotes`, `agencies`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from markupsafe import Markup

from presskit.compose import markup
from presskit.compose.dates import date_words, time_words
from presskit.compose.typography import Style, style_for, typeset
from presskit.document import nodes
from presskit.errors import BadSettings, Place, Problem, ProblemsFound
from presskit.model.base import in_language
from presskit.model.pack import Pack
from presskit.model.registers import Draft

FILES = {"people": "data/people.yaml", "agencies": "data/agencies.yaml", "house": "data/house.yaml"}
"""The registers that are one file each; the others are folders."""

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters no format can carry.  Source: XML 1.0, 2.2, and the controls it discourages."""

LABELS = (
    *("kind", "immediate", "quotes", "facts", "notes", "contacts", "end_mark", "picture_label"),
    *("attribution_dash", "attribution_comma", "phone_label"),
)
"""What a template may print of the wording; the other labels are filled in or are patterns."""


class CopyDesk:
    """One release's way from ids and typed words to printable ones."""

    def __init__(self, draft: Draft, pack: Pack) -> None:
        self.draft = draft
        self.release = draft.release
        self.registers = draft.registers
        self.wording = pack.wording
        self.pack = pack.name
        self.language = draft.language
        self.regional = _regional(draft.language, draft.registers.house.language)
        self.style = Style(self.regional, pack.wording.quote_marks, pack.wording.inner_quote_marks)
        self.problems: list[Problem] = []
        self._ids: dict[str, str] = {}

    def require_sound(self) -> None:
        """Raise what was noted.

        Raises:
            ProblemsFound: the release or a register has a problem.
        """
        if self.problems:
            raise ProblemsFound(self.problems)

    def note(self, field: str, what: str, fix: str, code: str) -> None:
        """Note a problem of the release or of a register."""
        self.problems.append(Problem(Place(_file(field, self.draft.slug)), field, what, fix, code))

    def note_language(self, field: str, there: Iterable[str]) -> None:
        """Note words that do not exist in the release's language."""
        listed = ", ".join(sorted(there))
        what = f"there are no words in {self.language}, the release's language; there are some in {listed}."
        self.note(field, what, f"add them under {self.language}:", "name-language-missing")

    # --- ids ---------------------------------------------------------------------------------------

    def take(self, block_id: str, field: str) -> str:
        """Return the id; note it if another block has it already."""
        if block_id in self._ids:
            what = f"the id “{block_id}” stands for this and for {self._ids[block_id]} too."
            self.note(field, what, "give one of them another id, or take one out.", "id-twice")
        self._ids.setdefault(block_id, field)
        return block_id

    def take_free(self, block_id: str, field: str) -> str:
        """Return the id, or with a number after it if it is taken: an agency may stand twice in a list."""
        number, free = 1, block_id
        while free in self._ids:
            number += 1
            free = f"{block_id}.{number}"
        return self.take(free, field)

    # --- words -------------------------------------------------------------------------------------

    def printable(self, text: str, field: str) -> str:
        """Return a text as typed; note a character that no format can carry."""
        if found := FORBIDDEN.search(text):
            what = f"here stands the character U+{ord(found[0]):04X}, which can not be printed."
            self.note(field, what, "delete it.", "character-forbidden")
            return FORBIDDEN.sub("", text)
        return text

    def inlines(self, text: str, field: str, language: str | None = None) -> tuple[nodes.Inline, ...]:
        """Return typed words as inlines; those in another language than the release's are marked as such."""
        style = self._style(language)
        try:
            content = markup.words(self.printable(text, field), style)
        except markup.BadLink as error:
            self._note_link(field, error)
            return ()
        return content if style == self.style else (nodes.Span(style.language, content),)

    def words(self, text: str, field: str, language: str | None = None) -> Markup:
        """Return typed words as a template prints them."""
        return markup.to_xml(self.inlines(text, field, language))

    def speech(self, paragraphs: Sequence[str], field: str, language: str | None) -> tuple[Markup, ...]:
        """Return what a speaker says, a text a paragraph, in the marks of the release's language."""
        style = self._style(language)
        try:
            printable = [self.printable(text, f"{field}[{i}]") for i, text in enumerate(paragraphs)]
            return tuple(markup.to_xml(content) for content in markup.speech(printable, style, self.style))
        except markup.BadLink as error:
            self._note_link(field, error)
            return ()

    def plain(self, text: str, field: str) -> str:
        """Return words that carry no marks, such as a name, set as the language sets them."""
        return typeset(self.printable(text, field), self.style)

    def named(self, names: Mapping[str, str] | None, field: str) -> str:
        """Return a name in the release's language; "" if there is nothing to be named.

        A name that exists in other languages only is noted.
        """
        if names is None:
            return ""
        name = in_language(names, self.language)
        if name is None:
            self.note_language(field, names)
            return ""
        return self.plain(name, field)

    def fill(self, label: str, **values: str) -> str:
        """Return a label of the wording with its gaps filled, set as the language sets it."""
        filled = re.sub(r"\{(\w+)\}", lambda gap: values.get(gap[1], gap[0]), label)
        return typeset(filled, self.style)

    def labels(self) -> dict[str, str]:
        """Return the labels a template may print, by their names in the wording."""
        return {name: typeset(getattr(self.wording, name), self.style) for name in LABELS}

    # --- dates -------------------------------------------------------------------------------------

    def date(self, day: date) -> str:
        """Return a date in the style of the wording."""
        return self._dated(lambda: date_words(day, self.wording, self.regional))

    def embargo(self) -> str:
        """Return until when the release is embargoed; "" for no embargo.

        The time is told in the zone that was named with it, else in the house's.
        """
        moment = self.draft.embargo
        if moment is None:
            return ""
        named = isinstance(moment.tzinfo, ZoneInfo)
        here = moment if named else moment.astimezone(ZoneInfo(self.registers.house.time_zone))
        return self._dated(lambda: time_words(here, self.wording, self.regional))

    def _dated(self, write: Callable[[], str]) -> str:
        try:
            return typeset(write(), self.style)
        except ValueError as error:
            place = Place(f"templates/{self.pack}/wording.{self.language.split('-')[0]}.yaml")
            what = f"a date can not be written for the language {self.regional}: {error}."
            fix = "correct the pattern (letters as in CLDR), or give months: and use only d, MMMM and y."
            raise BadSettings(Problem(place, "date", what, fix, "date-pattern")) from error

    # --- what the above share -----------------------------------------------------------------------

    def _style(self, language: str | None) -> Style:
        """Return the style of words in that language; the release's own where that is none other."""
        if language is None or language.split("-")[0] == self.language.split("-")[0]:
            return self.style
        return style_for(language)

    def _note_link(self, field: str, error: markup.BadLink) -> None:
        fix = "write [words](https://…) with a full address, or plain words."
        self.note(field, f"{error}.", fix, "link-scheme")


def _regional(language: str, house_language: str) -> str:
    """Return the release's language with a region: its own, else the house's.

    Why: dates and spaces differ by region, and a house in Canada that writes fr means the French of Canada.
    """
    region = re.search(r"-([A-Z]{2}|[0-9]{3})$", house_language)
    if region and not re.search(r"-([A-Z]{2}|[0-9]{3})$", language):
        return f"{language}-{region[1]}"
    return language


def _file(field: str, slug: str) -> str:
    """Return the file a field stands in."""
    register, sign, _ = field.partition("#")
    if not sign:
        return f"data/releases/{slug}/release.yaml"
    return FILES.get(register, f"data/{register}.yaml")
