"""From things to look at to rows with a verdict, the fact and the fix.

Each is looked at within a guard of its own, those on the network all at once and for a limited time.
Not here: what is looked at (the other modules of this folder).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Thread
from time import monotonic
from typing import Literal

from presskit.errors import PresskitError, Problem, errors_among, in_reading_order

PATIENCE_SECONDS = 10.0
"""How long something on the network may take."""

Verdict = Literal["ok", "look", "wrong"]


@dataclass(frozen=True, slots=True)
class Row:
    """What was found about one thing."""

    subject: str  # in a word or two
    verdict: Verdict
    fact: str
    fix: str = ""
    code: str = ""  # of the problem, if it is one of the README's


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at."""

    group: str  # the heading its rows stand under
    subject: str  # of the row that says that looking failed
    look: Callable[[], Iterable[Row]]
    is_remote: bool = False  # asks somebody on the network


def look_at(
    checks: Sequence[Check], *, offline: bool = False, patience_seconds: float = PATIENCE_SECONDS
) -> tuple[tuple[str, Row], ...]:
    """Return the rows of all checks with their groups, in the order of the checks.

    Args:
        offline: leave out what is on the network, and say so.
    """
    found: list[list[Row]] = [[] for _ in checks]
    asking: list[tuple[Thread, Check, list[Row]]] = []
    for check, rows in zip(checks, found, strict=True):
        if check.is_remote and offline:
            rows.append(Row(check.subject, "look", "not asked", "ask again without --offline."))
        elif check.is_remote:  # a daemon: a server that never answers must not keep the program alive
            asking.append((Thread(target=_guarded, args=(check, rows), daemon=True), check, rows))
    started = monotonic()
    for thread, _, _ in asking:
        thread.start()
    for check, rows in zip(checks, found, strict=True):
        if not check.is_remote:
            _guarded(check, rows)
    for thread, check, rows in asking:
        thread.join(max(0.0, started + patience_seconds - monotonic()))
        if thread.is_alive():
            rows.append(_silent(check.subject, patience_seconds))
    return tuple((check.group, row) for check, rows in zip(checks, found, strict=True) for row in tuple(rows))


def told(subject: str, problems: Sequence[Problem]) -> Row:
    """Return problems as one row: the first in full, and how many more there are."""
    ordered = (*in_reading_order(errors_among(problems)), *in_reading_order(problems))
    first, more = ordered[0], len(set(problems)) - 1
    field = f" {first.field}:" if first.field else ""
    others = f" ({more} more problem{'s' if more > 1 else ''})" if more else ""
    verdict: Verdict = "wrong" if first.severity == "error" else "look"
    return Row(
        subject,
        verdict,
        f"{first.place}:{field} {first.what.removesuffix('.')}{others}",
        first.fix,
        first.code,
    )


def _guarded(check: Check, rows: list[Row]) -> None:
    """Add the rows of a check; whatever it raises is one more row, and those before it stay."""
    try:
        for row in check.look():
            rows.append(row)  # noqa: PERF402 (what was found before it failed is kept)
    except PresskitError as error:
        rows.append(told(check.subject, error.problems))
    except Exception as error:
        fact = f"presskit failed in looking at this ({type(error).__name__}: {error})"
        rows.append(Row(check.subject, "wrong", fact, "report it; all the rest was looked at.", "bug"))


def _silent(subject: str, patience_seconds: float) -> Row:
    fact = f"no answer in {patience_seconds:.0f} seconds"
    fix = "see whether the name and the port in data/house.yaml are right, and the network lets you there."
    return Row(subject, "wrong", fact, fix)
