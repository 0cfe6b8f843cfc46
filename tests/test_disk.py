from __future__ import annotations

from pathlib import Path

import pytest

from presskit.disk import append_line, whole_lines, write_through


def test_lines_come_back_as_they_were_added(tmp_path: Path) -> None:
    journal = tmp_path / "log.jsonl"
    for line in (b"one", b"two"):
        append_line(journal, line)
    assert whole_lines(journal, 100) == b"one\ntwo\n"


@pytest.mark.parametrize("torn", [b"thr", b"x" * 200_000])
def test_a_torn_last_line_is_left_out_and_cut_off_by_the_next(tmp_path: Path, torn: bytes) -> None:
    journal = tmp_path / "log.jsonl"
    append_line(journal, b"one")
    with journal.open("ab") as file:
        file.write(torn)
    assert whole_lines(journal, 1_000_000) == b"one\n"
    append_line(journal, b"two")
    assert journal.read_bytes() == b"one\ntwo\n"


def test_a_journal_that_is_only_a_torn_line_starts_anew(tmp_path: Path) -> None:
    journal = tmp_path / "log.jsonl"
    journal.write_bytes(b"to")
    append_line(journal, b"one")
    assert journal.read_bytes() == b"one\n"


def test_a_journal_larger_than_expected_is_not_read(tmp_path: Path) -> None:
    journal = tmp_path / "log.jsonl"
    append_line(journal, b"one")
    with pytest.raises(OSError, match="more than 3 bytes"):
        whole_lines(journal, 3)


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    write_through(tmp_path / "a", b"1")
    with pytest.raises(FileExistsError):
        write_through(tmp_path / "a", b"2")
    assert (tmp_path / "a").read_bytes() == b"1"
