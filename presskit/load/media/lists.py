"""From ``data/media-lists/<name>.csv`` and ``<name>.yaml`` to a `MediaList`.

Not here: how other people's files become lists (`intake`), and several lists at once (`merging`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from presskit.errors import Place, Problem, ProblemsFound, WrongUsage, errors_among
from presskit.load.convert import convert_source
from presskit.load.media.entries import Defaults, read_entries
from presskit.load.media.tables import read_csv
from presskit.load.mistakes import file_not_an_id
from presskit.load.suggest import did_you_mean, quoted
from presskit.load.yaml import LIMIT_BYTES as YAML_BYTES
from presskit.load.yaml import parse
from presskit.model.base import ID_PATTERN
from presskit.model.media import ListSettings, MediaList, Recipient
from presskit.workspace import Workspace

FOLDER = "data/media-lists"

LIMIT_BYTES = 50_000_000
"""The largest list that is read: about half a million entries."""


def list_names(workspace: Workspace) -> tuple[str, ...]:
    """Return the names of the office's lists, sorted."""
    names = workspace.names(FOLDER)
    return tuple(sorted({name.rpartition(".")[0] for name in names if name.endswith((".csv", ".yaml"))}))


def load_list(workspace: Workspace, name: str) -> MediaList:
    """Return a list; what its settings say of all entries is filled in where an entry says nothing.

    Raises:
        WrongUsage: there is no list of that name.
        ProblemsFound: its settings or its entries have problems; carries all of them.
        Unreadable: a file can not be read.
    """
    known = list_names(workspace)
    if name not in known:
        what = f"there is no list {quoted(name)}."
        fix = did_you_mean(name, known, "make one with: presskit media import FILE --list NAME")
        raise WrongUsage(Problem(Place(FOLDER), "", what, fix, "list-unknown"))
    settings, problems = read_settings(workspace, name)
    if not re.fullmatch(ID_PATTERN, name):
        problems = (file_not_an_id(name, Place(f"{FOLDER}/{name}.csv")), *problems)
    file = f"{FOLDER}/{name}.csv"
    try:
        recipients, found = read_entries(
            read_csv(workspace.read(file, LIMIT_BYTES), file),
            name,
            Defaults(settings.language or "", settings.consent or "") if settings else Defaults(),
        )
    except ProblemsFound as error:
        recipients, found = (), error.problems
    problems = (*problems, *found, *without_consent(recipients))
    if settings is None or errors_among(problems):
        raise ProblemsFound(problems)
    return MediaList(name, settings, recipients, problems)


def read_settings(workspace: Workspace, name: str) -> tuple[ListSettings | None, tuple[Problem, ...]]:
    """Return what holds for a whole list, or what is wrong with it.

    Raises:
        Unreadable: the file can not be read.
    """
    file = f"{FOLDER}/{name}.yaml"
    if not workspace.exists(file):
        what = "no file says what kind of list this is, so no release may go to it."
        fix = f"write {file} with one line, for example  kind: media"
        return None, (Problem(Place(f"{FOLDER}/{name}.csv"), "", what, fix, "list-untyped"),)
    prefix = f"media-lists/{name}#"
    return convert_source(ListSettings, parse(workspace.read(file, YAML_BYTES), file, prefix), prefix)


def without_consent(recipients: Sequence[Recipient]) -> tuple[Problem, ...]:
    """Return a warning if it is nowhere said why the office may write to some of a list."""
    silent = [recipient for recipient in recipients if not recipient.consent]
    if not silent:
        return ()
    many = "1 entry does" if len(silent) == 1 else f"{len(silent):,} entries do"
    what = f"{many} not say why the office may write there, this being the first."
    fix = (
        f"fill in the column consent, or write it once in {silent[0].list}.yaml:  consent: published address"
    )
    return (Problem(silent[0].place, "consent", what, fix, "consent-missing", "warning"),)
