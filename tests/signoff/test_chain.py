from __future__ import annotations

import pytest

from presskit.signoff.canon import Unsignable, canonical
from presskit.signoff.chain import NOTHING_BEFORE, next_line, read_chain


def journal(count: int) -> list[bytes]:
    lines: list[bytes] = []
    for number in range(count):
        lines.append(next_line(lines[-1] if lines else None, {"record": f"r{number}", "at": "2026-11-23"}))
    return lines


def written(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def test_an_empty_journal_is_a_whole_chain() -> None:
    assert read_chain(b"").entries == ()
    assert read_chain(b"").head == NOTHING_BEFORE


def test_every_line_follows_from_the_one_before() -> None:
    chain = read_chain(written(journal(4)))
    assert [entry.facts["record"] for entry in chain.entries] == ["r0", "r1", "r2", "r3"]
    assert [entry.seq for entry in chain.entries] == [0, 1, 2, 3]
    assert chain.broken_at is None


def changed(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[1].replace(b"r1", b"r9"), *lines[2:]]


def taken_out(lines: list[bytes]) -> list[bytes]:
    return [lines[0], *lines[2:]]


def swapped(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[2], lines[1], lines[3]]


def written_otherwise(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[1].replace(b",", b", ", 1), *lines[2:]]


def twice(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[0], *lines[1:]]


@pytest.mark.parametrize("hurt", [changed, taken_out, swapped, written_otherwise, twice])
def test_a_line_that_was_touched_breaks_the_chain_there_or_behind_it(hurt: object) -> None:
    assert callable(hurt)
    chain = read_chain(written(hurt(journal(4))))
    assert chain.broken_at in (2, 3)
    assert len(chain.entries) == chain.broken_at - 1


@pytest.mark.parametrize(
    "rubbish", [b"\n", b"[]\n", b"{}\n", b"\xff\n", b"[" * 100_000 + b"\n", b'{"seq":0.5}\n']
)
def test_rubbish_breaks_the_chain_and_stops_nothing(rubbish: bytes) -> None:
    assert read_chain(written(journal(2)) + rubbish).broken_at == 3


def test_what_no_digest_can_stand_for_is_refused() -> None:
    for value in (0.5, "a\u202eb", "\u200bzero"):
        with pytest.raises(Unsignable):
            canonical({"words": value})  # type: ignore[dict-item]


def test_the_same_words_in_other_bytes_are_the_same() -> None:
    assert canonical({"a": "Caf\u00e9\nx"}) == canonical({"a": " Cafe\u0301\r\nx ", "b": None})
