"""What a house rule is: a code, how grave it is unless the house says otherwise, and what it finds.

Not here: any rule (one file for each subject).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from presskit.errors import Severity

S = TypeVar("S")


class Finding(NamedTuple):
    """One thing a rule found."""

    field: str
    what: str
    fix: str


@dataclass(frozen=True, slots=True)
class Rule(Generic[S]):
    """A house rule over a subject: the draft, or the composed document with its draft."""

    code: str
    severity: Severity  # unless house.yaml says otherwise
    find: Callable[[S], Iterable[Finding]]
