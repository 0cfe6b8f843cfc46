"""How much a template may do: what stops a loop that does not end, and an output that grows without end.

Work is counted, not time, so that the same template stops at the same spot on every machine: each pass
through a loop, a macro or an included part costs what stands in it, and each value what it prints.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

LIMIT = 20_000_000
"""What one document may cost, in characters: some ten thousand pages."""

PASS = 200
"""What a pass costs besides the characters in it."""


class Runaway(Exception):
    """A template has used up its budget."""


_left: ContextVar[list[int]] = ContextVar("_left")


@contextmanager
def budget(limit: int = LIMIT) -> Iterator[None]:
    """Give what runs inside so much to spend."""
    token = _left.set([limit])
    try:
        yield
    finally:
        _left.reset(token)


def spend(cost: int) -> None:
    """Take the cost off what is left.

    Raises:
        Runaway: nothing is left.
    """
    left = _left.get()
    left[0] -= cost
    if left[0] < 0:
        raise Runaway
