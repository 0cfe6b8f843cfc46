"""Lines of a log to one root, and proofs that a line is in it and that it only grew.

Digests in, digests out.  Not here: what the lines say (`log`), and signing the root (`note`).

Source: RFC 9162 (Certificate Transparency 2.0), 2.1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

EMPTY = hashlib.sha256(b"").digest()
"""The root of a log without lines.  Source: RFC 9162, 2.1.1."""


def node(left: bytes, right: bytes) -> bytes:
    """Return the digest over two digests.  Source: RFC 9162, 2.1.1: a node is hashed behind a one."""
    return hashlib.sha256(b"\1" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """What is needed of a log to add lines and to know its root: the tops of its full trees."""

    size: int = 0  # lines
    tops: tuple[bytes, ...] = ()  # the largest first; one per bit set in the size

    def grown(self, leaves: Iterable[bytes]) -> Frontier:
        """Return the frontier with more lines; ``leaves`` are their digests."""
        size, tops = self.size, list(self.tops)
        for leaf in leaves:
            carry, rest = leaf, size
            while rest & 1:
                carry, rest = node(tops.pop(), carry), rest >> 1
            tops.append(carry)
            size += 1
        return Frontier(size, tuple(tops))

    @property
    def root(self) -> bytes:
        """The digest that stands for all lines."""
        if not self.tops:
            return EMPTY
        *left, found = self.tops
        for top in reversed(left):
            found = node(top, found)
        return found


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over the digests of all lines."""
    return Frontier().grown(leaves).root


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return what shows that a line is in the log.  Source: RFC 9162, 2.1.3.1."""
    proof: list[bytes] = []
    low, high = 0, len(leaves)
    while high - low > 1:
        middle = low + _largest_power_below(high - low)
        if index < middle:
            proof.append(root_of(leaves[middle:high]))
            high = middle
        else:
            proof.append(root_of(leaves[low:middle]))
            low = middle
    return proof[::-1]


def includes(root: bytes, size: int, index: int, leaf: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the log of this size and root holds the line at the index.

    Source: RFC 9162, 2.1.3.2.
    """
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node(other, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node(found, other)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """Return what shows that the log of the old size is how this one began.  Source: RFC 9162, 2.1.4.1.

    Raises:
        ValueError: the log never had that size.
    """
    if not 0 < old_size <= len(leaves):
        raise ValueError(f"a log of {len(leaves)} lines does not continue one of {old_size}")
    proof: list[bytes] = []
    low, high, whole = 0, len(leaves), True
    while old_size != high:
        middle = low + _largest_power_below(high - low)
        if old_size <= middle:
            proof.append(root_of(leaves[middle:high]))
            high = middle
        else:
            proof.append(root_of(leaves[low:middle]))
            low, whole = middle, False
    if not whole:
        proof.append(root_of(leaves[low:high]))
    return proof[::-1]


def continues(old_root: bytes, old_size: int, new_root: bytes, new_size: int, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the new log begins with all lines of the old one.

    Source: RFC 9162, 2.1.4.2.
    """
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    steps = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not steps:
        return False
    at, last = old_size - 1, new_size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = steps[0]
    for other in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node(other, old), node(other, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node(new, other)
        at, last = at >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def _largest_power_below(size: int) -> int:
    """Return the largest power of two that is smaller than the size, which is at least 2."""
    return 1 << (size - 1).bit_length() - 1
