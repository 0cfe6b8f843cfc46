from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presskit.archive.merkle import (
    EMPTY,
    Frontier,
    consistency_proof,
    continues,
    includes,
    inclusion_proof,
    node,
    root_of,
)
from presskit.signoff.chain import leaf_digest

# The leaves and roots that certificate transparency's implementations test each other with.
LEAVES = [
    leaf_digest(bytes.fromhex(text))
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
MANY = [leaf_digest(b"line %d" % number) for number in range(40)]


def by_definition(leaves: Sequence[bytes]) -> bytes:
    """The root as RFC 9162, 2.1.1 words it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return node(by_definition(leaves[:middle]), by_definition(leaves[middle:]))


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize("size", range(41))
def test_a_root_is_what_the_standard_defines(size: int) -> None:
    assert root_of(MANY[:size]) == by_definition(MANY[:size])
    assert Frontier().grown(MANY[:size]).size == size


def test_an_empty_log_has_a_root() -> None:
    assert Frontier().root == EMPTY


@given(st.integers(0, 40), st.integers(0, 40))
def test_a_frontier_grows_to_the_same_root_in_steps(first: int, second: int) -> None:
    low, high = sorted((first, second))
    assert Frontier().grown(MANY[:low]).grown(MANY[low:high]) == Frontier().grown(MANY[:high])


def test_every_line_of_every_log_can_be_proven() -> None:
    for size in range(1, 41):
        root = root_of(MANY[:size])
        for index in range(size):
            proof = inclusion_proof(MANY[:size], index)
            assert includes(root, size, index, MANY[index], proof)
            assert len(proof) <= 6


def test_every_log_can_be_proven_to_continue_every_shorter_one() -> None:
    for size in range(1, 41):
        for old in range(1, size + 1):
            proof = consistency_proof(MANY[:size], old)
            assert continues(root_of(MANY[:old]), old, root_of(MANY[:size]), size, proof)


def test_a_log_does_not_continue_a_longer_one() -> None:
    for old in (0, 6):
        with pytest.raises(ValueError, match="does not continue"):
            consistency_proof(LEAVES[:5], old)


def flipped(digest: bytes, bit: int) -> bytes:
    return bytes(byte ^ (1 << bit % 8 if at == bit // 8 else 0) for at, byte in enumerate(digest))


BITS = st.integers(0, 255)


@given(st.integers(2, 40), st.data())
def test_no_changed_field_of_an_inclusion_proof_passes(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    bit = data.draw(BITS)
    leaves = MANY[:size]
    root, leaf, proof = root_of(leaves), leaves[index], inclusion_proof(leaves, index)
    at = data.draw(st.integers(0, len(proof) - 1))
    changed = [*proof[:at], flipped(proof[at], bit), *proof[at + 1 :]]
    assert not includes(root, size, index, leaf, changed)
    assert not includes(flipped(root, bit), size, index, leaf, proof)
    assert not includes(root, size, index, flipped(leaf, bit), proof)
    assert not includes(root, size, index, leaf, proof[:-1])
    assert not includes(root, size, index, leaf, [*proof, proof[0]])
    other = data.draw(st.integers(-2, size + 2).filter(lambda n: n != index))
    assert not includes(root, size, other, leaf, proof)


@given(st.integers(2, 40), st.data())
def test_no_changed_field_of_a_consistency_proof_passes(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size - 1))
    bit = data.draw(BITS)
    before, now = root_of(MANY[:old]), root_of(MANY[:size])
    proof = consistency_proof(MANY[:size], old)
    at = data.draw(st.integers(0, len(proof) - 1))
    changed = [*proof[:at], flipped(proof[at], bit), *proof[at + 1 :]]
    assert not continues(before, old, now, size, changed)
    assert not continues(flipped(before, bit), old, now, size, proof)
    assert not continues(before, old, flipped(now, bit), size, proof)
    assert not continues(before, old, now, size, proof[:-1])
    assert not continues(before, old, now, size, [*proof, proof[0]])
    assert not continues(before, 0, now, size, proof)
    assert not continues(before, size, now, old, proof)
    assert not continues(before, size, now, size, [])
