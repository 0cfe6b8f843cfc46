"""From a table somebody brings to a new list of the office, or to entries added to one that is there.

Not here: reading the file (`intake`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from presskit.errors import Place, Problem, ProblemsFound, Unreadable, WrongUsage, errors_among
from presskit.load.characters import FORBIDDEN, forbidden_character
from presskit.load.media.cells import Refused, guarded, read_language, row_of
from presskit.load.media.columns import COLUMNS, column_called
from presskit.load.media.entries import LIMIT_CHARACTERS, Defaults, read_entries
from presskit.load.media.lists import FOLDER, LIMIT_BYTES, list_names, load_list, without_consent
from presskit.load.media.tables import Table, read_csv
from presskit.load.media.writing import missing_columns, write_list, write_rows
from presskit.load.suggest import as_id, did_you_mean, quoted
from presskit.model.base import ID_PATTERN
from presskit.model.media import ListKind, Recipient
from presskit.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is said of all entries that are added; "" says nothing."""

    kind: ListKind | None = None  # of the list; none: media for a new one, else as it is
    language: str = ""
    consent: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a table."""

    file: Path  # of the list's entries
    new: tuple[Recipient, ...]
    known: tuple[tuple[Recipient, Recipient], ...]  # the entry that stays as it is, the one not taken over
    warnings: tuple[Problem, ...]


def add_list(workspace: Workspace, name: str, table: Table, wanted: Wanted, *, merge: bool = False) -> Added:
    """Write a table as a list of the office, or with ``merge`` add it to one; all or nothing.

    Raises:
        WrongUsage: the name, or what is said of the entries, can not be.
        ProblemsFound: the table has problems, or the list that is there; carries all of them.
        Unreadable: there is a list of that name already (unless ``merge``), or it can not be written.
    """
    _require_name(name)
    language = _language(wanted.language)
    consent = _consent(wanted.consent)
    recipients, problems = read_entries(table, name, Defaults(leave_out=True))
    if errors_among(problems):
        raise ProblemsFound(problems)
    with workspace.locked(FOLDER):
        known = list_names(workspace)
        if not merge:
            if name in known:
                raise Unreadable(_taken(name))
            return _new(workspace, name, recipients, Wanted(wanted.kind, language, consent), problems)
        if name not in known:
            fix = did_you_mean(name, known, "leave --merge away to make it.")
            what = f"there is no list {quoted(name)} to add to."
            raise WrongUsage(Problem(Place(FOLDER), "", what, fix, "list-unknown"))
        completed = tuple(
            replace(one, language=one.language or language, consent=one.consent or consent)
            for one in recipients
        )
        return _merged(workspace, name, completed, wanted.kind, problems)


def _new(
    workspace: Workspace,
    name: str,
    recipients: tuple[Recipient, ...],
    wanted: Wanted,
    problems: Sequence[Problem],
) -> Added:
    settings = f"kind: {wanted.kind or 'media'}\n"
    if wanted.language:
        settings += f"language: {wanted.language}   # of entries that name none\n"
    if wanted.consent:
        said = json.dumps(wanted.consent, ensure_ascii=False)
        settings += f"consent: {said}   # why the office may write to entries that do not say\n"
    workspace.add(f"{FOLDER}/{name}.yaml", settings.encode())
    file = workspace.add(f"{FOLDER}/{name}.csv", write_list(recipients))
    silent = () if wanted.consent else without_consent(recipients)
    return Added(file, recipients, (), (*problems, *silent))


def _merged(
    workspace: Workspace,
    name: str,
    recipients: tuple[Recipient, ...],
    kind: ListKind | None,
    problems: Sequence[Problem],
) -> Added:
    """Add what is new behind the rows that are there, which keep every cell."""
    there = load_list(workspace, name)
    if kind not in (None, there.settings.kind):
        what = f"the list {quoted(name)} is of the kind {there.settings.kind}, not {kind}."
        fix = "leave --kind away, or make a list of its own."
        raise WrongUsage(Problem(Place(f"{FOLDER}/{name}.yaml"), "kind", what, fix, "usage-wrong"))
    by_key = {one.address.key: one for one in there.recipients}
    new = tuple(one for one in recipients if one.address.key not in by_key)
    known = tuple((by_key[one.address.key], one) for one in recipients if one.address.key in by_key)
    file = f"{FOLDER}/{name}.csv"
    target = workspace.root / file
    if new:
        table = read_csv(workspace.read(file, LIMIT_BYTES), file)
        target = workspace.add(file, _joined(table, new), replace=True)
    silent = () if there.settings.consent else without_consent(new)
    return Added(target, new, known, (*problems, *silent))


def _joined(table: Table, new: Sequence[Recipient]) -> bytes:
    """Return a table with rows added, and with the columns they need and it did not have."""
    names, cells = table.header[1], [row_of(one) for one in new]
    there = [column_called(name.strip()) or "" for name in names]
    columns = [*there, *missing_columns(there, cells)]
    place = {column: index for index, column in enumerate(columns)}
    old = ([*row, *[""] * (len(columns) - len(row))] for _, row in table.rows)
    added = (
        [
            guarded(row[COLUMNS.index(column)]) if column in COLUMNS and place[column] == index else ""
            for index, column in enumerate(columns)
        ]
        for row in cells
    )
    return write_rows([[*names, *columns[len(names) :]], *old, *added])


def _require_name(name: str) -> None:
    if not re.fullmatch(ID_PATTERN, name) or len(name) > 80:
        what = f"{quoted(name)} can not be a list's name: lower-case letters, digits and single hyphens."
        fix = f"write it as {as_id(name)}" if as_id(name) else "choose another."
        raise WrongUsage(Problem(Place("--list"), "", what, fix, "id-invalid"))


def _language(text: str) -> str:
    try:
        return read_language(text.strip())
    except Refused as refused:
        raise WrongUsage(
            Problem(Place("--language"), "", refused.what, refused.fix, refused.code)
        ) from refused


def _consent(text: str) -> str:
    words, most = " ".join(text.split()), LIMIT_CHARACTERS["consent"]
    place = Place("--consent")
    if unseen := FORBIDDEN.search(words):
        raise WrongUsage(forbidden_character(unseen.group(), place))
    if len(words) > most:
        what = f"this text has {len(words):,} characters; {most:,} are the most."
        raise WrongUsage(Problem(place, "", what, "shorten it.", "text-too-long"))
    return words


def _taken(name: str) -> Problem:
    what = f"there is a list {quoted(name)} already."
    fix = "add to it with --merge, or choose another name; nothing was changed."
    return Problem(Place(f"{FOLDER}/{name}.csv"), "", what, fix, "file-exists")
