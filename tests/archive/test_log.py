from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from presskit.archive.checkpoint import read_checkpoint
from presskit.archive.log import Log
from presskit.archive.merkle import root_of
from presskit.errors import ArchiveDamaged
from presskit.signoff.canon import Value
from presskit.signoff.chain import leaf_digest
from tests.archive.deposits import BRIDGE, BUDGET, OFFICE, ORIGIN, new_archive


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return new_archive(tmp_path).site.log


def about(object_id: str, version: int) -> Mapping[str, Value]:
    return {"object": object_id, "version": version, "action": "deposit", "at": "2026-11-23T09:30:00Z"}


def grow(log: Log, count: int, object_id: str = BRIDGE) -> None:
    for version in range(1, count + 1):
        log.append(about(object_id, version), OFFICE)


def size_and_root(log: Log) -> tuple[int, bytes]:
    found = read_checkpoint((log.root / "checkpoint").read_bytes(), ORIGIN, [OFFICE.public])
    return found.size, found.root


def root_of_lines(log: Log) -> bytes:
    return root_of([leaf_digest(line) for line in log.file.read_bytes().splitlines()])


def test_each_line_has_a_number_and_a_signed_checkpoint(log: Log) -> None:
    for number in range(9):
        assert log.append(about(BRIDGE, number + 1), OFFICE) == number
        assert size_and_root(log) == (number + 1, root_of_lines(log))
    chain = log.chain()
    assert (len(chain.entries), chain.broken_at) == (9, None)


def test_the_newest_line_about_an_object_is_found(log: Log) -> None:
    assert log.last_of(BRIDGE) is None
    grow(log, 3)
    grow(log, 2, BUDGET)
    grow(log, 1, BRIDGE + "-2")
    found = log.last_of(BRIDGE)
    assert found is not None
    assert (found["object"], found["version"]) == (BRIDGE, 3)
    assert log.last_of(BRIDGE + "-") is None
    quoted = '"object":"' + BUDGET
    assert log.last_of(quoted) is None


def test_a_torn_line_is_not_yet_a_line(log: Log) -> None:
    grow(log, 2)
    with log.file.open("ab") as file:
        file.write(b'{"action":"deposit","object":"' + BRIDGE.encode() + b'","version":3')
    assert log.torn_bytes() > 40
    found = log.last_of(BRIDGE)
    assert found is not None
    assert found["version"] == 2
    assert len(log.chain().entries) == 2
    log.append(about(BRIDGE, 3), OFFICE)
    assert (log.torn_bytes(), len(log.chain().entries)) == (0, 3)
    assert size_and_root(log) == (3, root_of_lines(log))


def test_adding_reads_the_end_of_the_log_only(log: Log) -> None:
    grow(log, 5)
    true_root = root_of_lines(log)
    content = log.file.read_bytes()
    first = content.index(b"\n")
    log.file.write_bytes(b"x" * first + content[first:])
    assert log.frontier().root == true_root, "the whole log was read again"


@pytest.mark.parametrize(
    "kept",
    [
        b"",
        b"{",
        b"[]",
        b'{"bytes": 1, "lines": 1, "last": "", "tops": []}',
        b'{"bytes": -5, "lines": 1, "last": "00", "tops": ["00"]}',
        b'{"bytes": 99999999, "lines": 1, "last": "00", "tops": ["00"]}',
        b'{"bytes": "x", "lines": null, "last": 1, "tops": 1}',
    ],
)
def test_a_kept_frontier_that_does_not_fit_is_made_anew(log: Log, kept: bytes) -> None:
    grow(log, 5)
    (log.work / "frontier.json").write_bytes(kept)
    assert log.frontier().root == root_of_lines(log)
    (log.work / "frontier.json").unlink()
    grow(log, 1, BUDGET)
    assert size_and_root(log) == (6, root_of_lines(log))


def test_a_frontier_kept_of_another_log_is_not_believed(log: Log) -> None:
    grow(log, 3)
    kept = json.loads((log.work / "frontier.json").read_bytes())
    kept["last"] = "0" * 64
    kept["tops"] = ["0" * 64, "1" * 64]
    (log.work / "frontier.json").write_text(json.dumps(kept))
    assert log.frontier().root == root_of_lines(log)


def test_a_frontier_kept_before_the_last_lines_is_continued(log: Log) -> None:
    grow(log, 3)
    old = (log.work / "frontier.json").read_bytes()
    grow(log, 4, BUDGET)
    (log.work / "frontier.json").write_bytes(old)
    assert log.frontier().size == 7
    assert log.frontier().root == root_of_lines(log)


def test_a_log_shorter_than_its_checkpoint_is_damage(log: Log) -> None:
    grow(log, 3)
    lines = log.file.read_bytes().splitlines(keepends=True)
    log.file.write_bytes(b"".join(lines[:2]))
    with pytest.raises(ArchiveDamaged, match="2 lines, but its newest checkpoint saw 3"):
        log.is_signed()


def test_a_log_other_than_its_checkpoint_is_damage(log: Log) -> None:
    grow(log, 3)
    note = (log.root / "checkpoint").read_bytes()
    log.file.write_bytes(b"")
    (log.root / "checkpoint").unlink()
    grow(log, 3, BUDGET)
    (log.root / "checkpoint").write_bytes(note)
    with pytest.raises(ArchiveDamaged, match="not the log its newest checkpoint"):
        log.is_signed()


@pytest.mark.parametrize("note", [b"", b"\xff\xfe", b"origin\nmany\nroot\n", b"origin\n3\n!\n\n"])
def test_a_checkpoint_that_can_not_be_read_is_damage(log: Log, note: bytes) -> None:
    grow(log, 3)
    (log.root / "checkpoint").write_bytes(note)
    with pytest.raises(ArchiveDamaged, match="can not be read"):
        log.is_signed()


@pytest.mark.parametrize("last", [b"not json", b'{"seq": "x"}', b"[]", b"x" * 70_000])
def test_nothing_is_added_behind_a_line_that_can_not_be_read(log: Log, last: bytes) -> None:
    grow(log, 2)
    with log.file.open("ab") as file:
        file.write(last + b"\n")
    with pytest.raises(ArchiveDamaged, match="can not be read"):
        log.append(about(BRIDGE, 3), OFFICE)
