"""From what stands in a cell to a value of an entry, and from an entry to its cells.

Not here: rows and places (`entries`).
"""

from __future__ import annotations

import re

from pydantic import TypeAdapter, ValidationError

from presskit.load.suggest import as_id, did_you_mean, quoted
from presskit.model.base import Language
from presskit.model.media import WISHES, Recipient, Wish

_YES = frozenset("yes y true 1 x oui o ja j vrai wahr".split())
_NO = frozenset("no n false 0 - non nein faux falsch".split())
_NO_FILES = "none"

_LANGUAGE = TypeAdapter[str](Language)
_LANGUAGES = {
    "arabic": "ar", "chinese": "zh", "cree": "cr", "english": "en", "french": "fr", "german": "de",
    "inuktitut": "iu", "italian": "it", "portuguese": "pt", "punjabi": "pa", "spanish": "es",
    "ukrainian": "uk", "anglais": "en", "francais": "fr", "deutsch": "de", "englisch": "en",
    "espanol": "es",
}  # fmt: skip
"""Languages people write out in lists, by the id of their name."""

_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
"""What a spreadsheet takes for a formula, however many apostrophes keep it from that already.

Source: OWASP, CSV Injection.
"""


class Refused(ValueError):
    """A cell can not mean anything; carries what is wrong, the fix and the code."""

    def __init__(self, what: str, fix: str, code: str) -> None:
        self.what, self.fix, self.code = what, fix, code
        super().__init__(what)


def read_language(cell: str) -> str:
    """Return the language tag a cell means: fr-CA of fr_ca and fr of Français; "" if it is empty.

    Raises:
        Refused: it means none.
    """
    if not cell:
        return ""
    first, *others = re.split("[-_]", cell)
    cased = [part.upper() if len(part) < 4 else part.capitalize() for part in others]
    tag = _LANGUAGES.get(as_id(cell)) or "-".join([first.lower(), *cased])
    try:
        return _LANGUAGE.validate_python(tag)
    except ValidationError:
        what = f"{quoted(cell)} is not a language tag."
        raise Refused(what, "write it as en, fr-CA or iu-Cans-CA.", "language-invalid") from None


def read_yes_no(cell: str) -> bool:
    """Return whether a cell says yes; an empty one says no.

    Raises:
        Refused: it says neither.
    """
    word = cell.casefold()
    if word in _YES:
        return True
    if not word or word in _NO:
        return False
    raise Refused(f"{quoted(cell)} is neither yes nor no.", "write yes or no.", "value-not-allowed")


def read_beat(cell: str) -> tuple[str, ...]:
    """Return what somebody reports on: several things have commas, semicolons or bars between them."""
    parts = (part.strip() for part in re.split("[;,|]", cell))
    return tuple(dict.fromkeys(part for part in parts if part))


def read_wishes(cell: str) -> tuple[Wish, ...] | None:
    """Return which files of the kit somebody wants; ``None`` if nothing is said.

    Raises:
        Refused: there is no such file.
    """
    words = re.split(r"[\s;,|+]+", cell.casefold().strip())
    if words == [""]:
        return None
    if words == [_NO_FILES]:
        return ()
    for word in words:
        if word not in WISHES:
            what = f"a kit has no file of the format {quoted(word)}."
            raise Refused(what, did_you_mean(word, (*WISHES, _NO_FILES)), "value-not-allowed")
    return tuple(wish for wish in WISHES if wish in words)


def row_of(recipient: Recipient) -> list[str]:
    """Return the cells of an entry, in the order of `COLUMNS`; reading them gives the entry again."""
    wishes = recipient.wishes
    return [
        recipient.outlet,
        recipient.reporter,
        recipient.address.typed,
        recipient.language,
        recipient.region,
        "; ".join(recipient.beat),
        "yes" if recipient.accepts_embargo else "no",
        "" if wishes is None else " ".join(wishes) or _NO_FILES,
        recipient.consent,
    ]


def guarded(cell: str) -> str:
    """Return a cell so that no spreadsheet runs it as a formula: an apostrophe before what looks like one."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """Return a cell without the apostrophe that `guarded` put before it."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
