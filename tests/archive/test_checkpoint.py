from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presskit.archive.checkpoint import read_checkpoint, write_checkpoint
from presskit.archive.merkle import Frontier, root_of
from presskit.archive.note import BadNote, key_hash, open_note, sign_note
from presskit.signoff.chain import leaf_digest
from presskit.signoff.keys import PublicKey
from tests.archive.deposits import OFFICE, ORIGIN, STRANGER

LEAVES = [leaf_digest(b"line %d" % number) for number in range(5)]
NOTE = write_checkpoint(ORIGIN, Frontier().grown(LEAVES), OFFICE)
KEYS = [OFFICE.public]


def test_a_checkpoint_says_how_long_the_log_was_and_what_stood_in_it() -> None:
    found = read_checkpoint(NOTE, ORIGIN, KEYS)
    assert (found.origin, found.size, found.root) == (ORIGIN, 5, root_of(LEAVES))
    lines = NOTE.decode().split("\n")
    assert lines[:2] == ["example.org/archive", "5"]
    assert lines[3] == ""
    assert lines[4].startswith("— example.org/archive ")


def test_the_example_of_the_standard_opens() -> None:
    name = "PeterNeumann"
    verifier = base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    )
    signed = (
        f"{text}\n— {name} x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6"
        "RyyBwJnAM=\n"
    )
    peter = PublicKey(verifier[1:])
    assert key_hash(name, peter).hex() == "c74f20a3"
    assert open_note(signed.encode(), name, [peter]) == text


@given(st.integers(0, len(NOTE) - 1), st.integers(1, 255))
def test_no_changed_byte_of_a_checkpoint_passes(at: int, change: int) -> None:
    garbled = bytes(byte ^ (change if here == at else 0) for here, byte in enumerate(NOTE))
    with pytest.raises(BadNote):
        read_checkpoint(garbled, ORIGIN, KEYS)


@given(st.integers(0, len(NOTE) - 1))
def test_no_cut_checkpoint_passes(at: int) -> None:
    for cut in (NOTE[:at], NOTE[:at] + NOTE[at + 1 :]):
        with pytest.raises(BadNote):
            read_checkpoint(cut, ORIGIN, KEYS)


@given(st.integers(0, len(NOTE)), st.binary(min_size=1, max_size=4))
def test_nothing_can_be_slipped_into_a_checkpoint(at: int, more: bytes) -> None:
    with pytest.raises(BadNote):
        read_checkpoint(NOTE[:at] + more + NOTE[at:], ORIGIN, KEYS)


def test_the_spare_bits_of_base64_are_looked_at() -> None:
    text = NOTE.decode()
    assert text.endswith("=\n")
    last = text[-3]
    twin = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = twin[twin.index(last) ^ 1]
    spelled = text[:-3] + other + text[-2:]
    encoded = [t.rsplit(" ", 1)[1].strip() for t in (text, spelled)]
    assert base64.b64decode(encoded[0]) == base64.b64decode(encoded[1])
    with pytest.raises(BadNote, match="as it is written"):
        read_checkpoint(spelled.encode(), ORIGIN, KEYS)


def test_a_checkpoint_counts_only_with_the_key_and_name_that_are_asked_for() -> None:
    with pytest.raises(BadNote, match="no known key"):
        read_checkpoint(NOTE, ORIGIN, [STRANGER.public])
    with pytest.raises(BadNote, match="no known key"):
        read_checkpoint(NOTE, "example.org/other", KEYS)
    forged = sign_note(NOTE.decode().split("\n\n")[0] + "\n", ORIGIN, STRANGER)
    with pytest.raises(BadNote, match="no known key"):
        read_checkpoint(forged, ORIGIN, KEYS)


def test_a_key_is_known_by_name_and_bytes_together() -> None:
    lines = NOTE.decode().split("\n")
    signature = base64.b64decode(lines[4].rsplit(" ", 1)[1])[4:]
    stolen = key_hash("example.org/other", OFFICE.public) + signature
    lines[4] = f"— {ORIGIN} {base64.b64encode(stolen).decode()}"
    with pytest.raises(BadNote, match="no known key"):
        read_checkpoint("\n".join(lines).encode(), ORIGIN, KEYS)


def test_a_wrong_signature_is_not_outweighed_by_a_right_one() -> None:
    wrong = sign_note("another text\n", ORIGIN, OFFICE).decode().split("\n\n")[1]
    for note in (NOTE + wrong.encode(), NOTE.replace("— ".encode(), f"{wrong}— ".encode())):
        with pytest.raises(BadNote, match="does not fit"):
            read_checkpoint(note, ORIGIN, KEYS)


def test_a_witness_may_sign_below() -> None:
    text = NOTE.decode().split("\n\n")[0] + "\n"
    below = sign_note(text, "witness.example.net", STRANGER).decode().split("\n\n")[1]
    both = NOTE + below.encode()
    assert read_checkpoint(both, ORIGIN, KEYS).size == 5
    assert open_note(both, "witness.example.net", [STRANGER.public]) == text


@pytest.mark.parametrize(
    "text",
    [
        "example.org/other\n5\n{root}\n",
        "example.org/archive\n05\n{root}\n",
        "example.org/archive\n-5\n{root}\n",
        "example.org/archive\n٥\n{root}\n",
        "example.org/archive\n5\nAAAA\n",
        "example.org/archive\n5\n{root}\nmore\n",
        "example.org/archive\n5\n",
    ],
)
def test_what_the_office_signed_must_be_a_checkpoint_of_this_log(text: str) -> None:
    root = base64.b64encode(root_of(LEAVES)).decode()
    note = sign_note(text.format(root=root), ORIGIN, OFFICE)
    with pytest.raises(BadNote):
        read_checkpoint(note, ORIGIN, KEYS)


def test_a_flood_of_signatures_is_not_read() -> None:
    line = NOTE.decode().split("\n")[4] + "\n"
    with pytest.raises(BadNote, match="signatures"):
        read_checkpoint(NOTE + line.encode() * 200, ORIGIN, KEYS)
    with pytest.raises(BadNote, match="bytes"):
        read_checkpoint(NOTE + line.encode() * 20_000, ORIGIN, KEYS)
