"""Timing in one process: jobs in turn, so that all meet the same machine; medians after a warm-up.

A job runs a few times before the next takes its turn, and the first of these runs is not counted: it pays
for the rubbish and the cold caches the job before left behind.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

TURN = 5  # runs of a job in a row; the first is not counted


def _nothing() -> None:
    """Prepare nothing."""


class Job(NamedTuple):
    """One thing to time, and what has to be laid out for it first."""

    run: Callable[[], object]
    prepare: Callable[[], object] = _nothing  # not timed


def medians_ms(rounds: int, jobs: Callable[[], Mapping[str, Job]]) -> dict[str, float]:
    """Return each job's median in milliseconds.

    Args:
        rounds: turns of each job; the first turn is the warm-up.
        jobs: makes the jobs of one run, each with data of its own.
    """
    times: dict[str, list[float]] = {}
    for number in range(rounds + 1):
        fresh = [jobs() for _ in range(TURN)]
        for name in fresh[0]:
            runs = [_timed_ms(found[name]) for found in fresh][1:]
            times.setdefault(name, []).extend(runs if number else ())
    return {name: statistics.median(found) for name, found in times.items()}


def _timed_ms(job: Job) -> float:
    job.prepare()
    started = time.perf_counter()
    job.run()
    return (time.perf_counter() - started) * 1000


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows as aligned text under a title."""
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    aligned = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]
    return "\n".join(("", title, *aligned))
