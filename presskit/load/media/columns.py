"""From the names of columns, as people write them, to what stands in them.

Not here: the cells (`entries`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches

from presskit.errors import Place, Problem
from presskit.load.suggest import as_id, quoted

COLUMNS = (
    *("outlet", "reporter", "email", "language", "region"),
    *("beat", "accepts_embargo", "formats", "consent"),
)
"""The columns of a list, as presskit writes them."""

_ALSO_CALLED = {
    "outlet": "organisation organization org company media-outlet medium media publication newsroom redaktion"
    " organisme entreprise firma",
    "reporter": "name full-name display-name contact contact-name journalist journaliste nom nom-complet"
    " prenom-et-nom",
    "first_name": "given-name first vorname prenom",
    "last_name": "family-name surname last nachname nom-de-famille",
    "email": "e-mail mail email-address e-mail-address mail-address e-mail-adresse e-mail-1-value adresse"
    " courriel adresse-courriel adresse-electronique adresse-e-mail",
    "language": "lang langue sprache language-code",
    "region": "province area state territoire gebiet",
    "beat": "beats topic topics subject subjects category categories keywords rubrique rubriques ressort",
    "accepts_embargo": "embargo embargoes accepts-embargoes accepte-embargo accepte-l-embargo",
    "formats": "format attachments files pieces-jointes",
    "consent": "consent-basis basis consentement einwilligung",
}

_BY_ID = {
    alias: column for column, aliases in _ALSO_CALLED.items() for alias in (as_id(column), *aliases.split())
}


def column_called(name: str) -> str | None:
    """Return the column of a name: email of E-Mail; ``None`` if there is none."""
    return _BY_ID.get(as_id(name))


def find_columns(
    names: list[str], place: Callable[[int], Place]
) -> tuple[Mapping[str, int], tuple[Problem, ...]]:
    """Return which cell of a row is which column, and what is wrong with the names.

    Args:
        place: of a name, by its number from 0.
    """
    found: dict[str, int] = {}
    twice: list[Problem] = []
    for index, name in enumerate(names):
        column = column_called(name)
        if column is not None and column in found:
            what = f"{quoted(name)} names the same column as {quoted(names[found[column]])}."
            fix = "keep the one that is meant, and delete or rename the other."
            twice.append(Problem(place(index), "", what, fix, "field-twice"))
        elif column is not None:
            found[column] = index
    problems = (*twice, *_unknown(names, found, place), *_without_addresses(found, place))
    return found, problems


def _unknown(names: list[str], found: Mapping[str, int], place: Callable[[int], Place]) -> Iterator[Problem]:
    """Yield an error for each name that was probably meant to be another, a warning for the rest."""
    missing = {alias: column for alias, column in _BY_ID.items() if column not in found and len(alias) > 3}
    for index, name in enumerate(names):
        if not name.strip() or column_called(name) is not None:
            continue
        what = f"there is no column {quoted(name)} in a list."
        if near := get_close_matches(as_id(name), missing, 1, 0.8):
            fix = f"did you mean “{missing[near[0]]}”?"
            yield Problem(place(index), "", what, fix, "field-unknown")
        else:
            fix = f"leave it, and it is not used; or rename it to one of: {', '.join(COLUMNS)}."
            yield Problem(place(index), "", what, fix, "field-unknown", "warning")


def _without_addresses(found: Mapping[str, int], place: Callable[[int], Place]) -> Iterator[Problem]:
    if "email" not in found:
        what = "no column is called email."
        fix = f"the first line names the columns, for example  {','.join(COLUMNS[:4])}"
        yield Problem(place(0), "email", what, fix, "field-missing")
