"""Timing in one process: jobs in turn, so that all meet the same machine; medians after a warm-up."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence

WARM_UP = 5  # rounds not counted

Job = Callable[[], object]


def medians_ms(rounds: int, jobs_of_round: Callable[[int], Mapping[str, Job]]) -> dict[str, float]:
    """Return each job's median in milliseconds; the jobs of a round run one after the other, in turn."""
    times: dict[str, list[float]] = {}
    for number in range(rounds + WARM_UP):
        jobs = list(jobs_of_round(number).items())
        turn = number % len(
            jobs
        )  # each job comes after each other one, whose rubbish and cold caches it meets
        for name, job in (*jobs[turn:], *jobs[:turn]):
            started = time.perf_counter()
            job()
            times.setdefault(name, []).append((time.perf_counter() - started) * 1000)
    return {name: statistics.median(found[min(WARM_UP, len(found) // 3) :]) for name, found in times.items()}


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows as aligned text under a title."""
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    aligned = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]
    return "\n".join(("", title, *aligned))
