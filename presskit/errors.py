"""What presskit tells people when something is wrong: the place, the fact, the fix, the code.

The tree of what can be raised, each with the exit status it carries::

    PresskitError            70  a bug of ours
    ├── ProblemsFound         1  the release or the registers have problems
    ├── WrongUsage            2  the command was called wrongly
    ├── Unreadable            3  a file or folder can not be read or written
    ├── BadSettings           4  house.yaml, the theme, the wording or a template is wrong
    ├── NotAllowed            5  a sign-off is missing, or an embargo forbids it
    ├── PartlySent            6  sent to some, not to all
    └── ArchiveDamaged        7  the archive is damaged

Not here: finding problems (`load`, `compose`, `checks`) and printing them (`cli`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

Severity = Literal["error", "warning"]


class ExitCode(IntEnum):
    """Exit status of the ``presskit`` command; documented in the README and never renumbered."""

    OK = 0
    PROBLEMS = 1
    USAGE = 2
    UNREADABLE = 3
    SETTINGS = 4
    NOT_ALLOWED = 5
    PARTLY_SENT = 6
    ARCHIVE_DAMAGED = 7
    BUG = 70
    STOPPED = 130


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A spot in a source file."""

    file: str  # path from the project folder, with forward slashes
    line: int = 0  # from 1; 0: the file as a whole
    column: int = 0  # from 1, in characters

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing a person must mend (error) or should look at (warning)."""

    place: Place
    field: str  # in plain words or as it stands in the file, "body[2]"
    what: str  # a sentence that quotes the value
    fix: str  # what to do, in the imperative
    code: str  # stable, kebab-case, listed in the README
    severity: Severity = "error"

    def __str__(self) -> str:
        field = f" {self.field}:" if self.field else ""
        kind = " warning:" if self.severity == "warning" else ""
        return f"{self.place}:{kind}{field} {self.what}\n    fix: {self.fix}  [{self.code}]"


class PresskitError(Exception):
    """Base of everything shown to people without a traceback."""

    exit_code = ExitCode.BUG

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        found = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.problems = in_reading_order(found)
        super().__init__("\n".join(map(str, self.problems)))


class ProblemsFound(PresskitError):
    """The release or the registers have problems; carries all of them."""

    exit_code = ExitCode.PROBLEMS


class WrongUsage(PresskitError):
    """The command was called with something that does not exist or does not fit."""

    exit_code = ExitCode.USAGE


class Unreadable(PresskitError):
    """A file or folder is missing, is not text, is too large, or can not be written."""

    exit_code = ExitCode.UNREADABLE


class BadSettings(PresskitError):
    """house.yaml, the theme, the wording or a template is wrong."""

    exit_code = ExitCode.SETTINGS


class NotAllowed(PresskitError):
    """A sign-off is missing, or an embargo forbids it."""

    exit_code = ExitCode.NOT_ALLOWED


class PartlySent(PresskitError):
    """The release went to some recipients, not to all."""

    exit_code = ExitCode.PARTLY_SENT


class ArchiveDamaged(PresskitError):
    """A deposited version is not what it was."""

    exit_code = ExitCode.ARCHIVE_DAMAGED


def in_reading_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems sorted by file, line and column, each once."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda p: (p.place, p.field, p.code)))


def errors_among(problems: Sequence[Problem], *, strict: bool = False) -> tuple[Problem, ...]:
    """Return the problems that stop a build: errors, and with ``strict`` warnings too."""
    return tuple(p for p in problems if strict or p.severity == "error")
