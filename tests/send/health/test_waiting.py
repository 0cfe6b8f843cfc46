from __future__ import annotations

from pathlib import Path

import pytest

from presskit.clock import SystemClock
from presskit.disk import one_at_a_time
from presskit.send.health import waiting
from presskit.send.health.rows import Check, Row, look_at
from presskit.send.outbox.claims import Done, claim, mark_dot, note
from presskit.send.outbox.decisions import halt
from presskit.send.outbox.embargo import judged_by
from presskit.send.outbox.store import OUTBOX, Outbox
from tests.send.post import NOON, NOW, new_outbox, people, put


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An office whose outbox holds a mailing to three."""
    found = new_outbox(tmp_path)
    assert put(found, people(3)).deliveries == 3
    found.close()
    return tmp_path


def looked_at(root: Path) -> list[Row]:
    return [row for _, row in look_at([Check("", "outbox", lambda: waiting.outbox(root))])]


def test_where_nothing_was_ever_sent_no_outbox_is_made(tmp_path: Path) -> None:
    assert looked_at(tmp_path) == [Row("outbox", "ok", "nothing was ever sent")]
    assert list(tmp_path.iterdir()) == []


def test_an_outbox_that_is_whole_is_fine_and_stays_as_it_was(root: Path) -> None:
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    assert looked_at(root) == [Row("outbox", "ok", "whole; 3 deliveries waiting to be sent")]
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("start", [100, 5 * 4096, 14 * 4096])
def test_a_damaged_outbox_is_wrong(start: int, root: Path) -> None:
    file = root / OUTBOX
    content = bytearray(file.read_bytes())
    content[start : start + 200] = b"\xff" * 200
    file.write_bytes(content)
    (row,) = looked_at(root)
    assert (row.subject, row.verdict, row.code) == ("outbox", "wrong", "outbox-unusable")
    assert row.fact.startswith(("its file is damaged: ", f"{file}: the outbox can not be used: "))


@pytest.mark.parametrize("content", [b"", b"this was never an outbox" * 100])
def test_what_is_no_outbox_is_wrong_and_is_not_written_over(content: bytes, root: Path) -> None:
    (root / OUTBOX).write_bytes(content)
    (row,) = looked_at(root)
    assert (row.verdict, row.code) == ("wrong", "outbox-unusable")
    assert (root / OUTBOX).read_bytes() == content


def test_what_only_the_relay_knows_is_wrong_until_somebody_decides(root: Path) -> None:
    found = Outbox.open(root / OUTBOX)
    claimed = claim(found, NOW, judged_by(SystemClock()))
    assert claimed is not None
    note(found, Done(claimed, "in_doubt", NOW, 0, "no answer"))
    found.close()
    _, row = looked_at(root)
    assert (row.subject, row.verdict) == ("in doubt", "wrong")
    assert row.fact == "of 1 delivery only the relay knows whether it was accepted"


def test_what_is_halted_is_to_be_looked_at(root: Path) -> None:
    found = Outbox.open(root / OUTBOX)
    halt(found, "bridge-opening", NOON, "an approval was taken back")
    halt(found, "", NOON, "stopped by hand")
    found.close()
    _, everything, one = looked_at(root)
    assert everything == Row(
        "stopped",
        "look",
        "outbox: this is halted: stopped by hand",
        "settle that, then: presskit outbox go-on",
        "mailing-held",
    )
    assert one.fact == "release bridge-opening: this is halted: an approval was taken back"
    assert one.fix == "settle that, then: presskit outbox go-on bridge-opening"


def test_what_is_held_back_is_to_be_looked_at(root: Path) -> None:
    found = Outbox.open(root / OUTBOX)
    with found.transaction() as rows:
        rows.execute("update mailing set held='the clock jumped'")
    found.close()
    _, row = looked_at(root)
    assert (row.verdict, row.fact) == ("look", "release bridge-opening: this is held back: the clock jumped")
    assert row.fix == "see what time it is, then: presskit outbox go-on bridge-opening --clock-is-right"


def test_a_run_that_was_cut_short_is_told_but_not_one_that_goes_on(root: Path) -> None:
    found = Outbox.open(root / OUTBOX)
    timely = judged_by(SystemClock())
    claimed = claim(found, NOW, timely)
    assert claimed is not None
    assert mark_dot(found, claimed, b"From: press@example.org\r\n\r\n", NOW, timely)
    found.close()
    _, row = looked_at(root)
    assert (row.subject, row.verdict) == ("sender", "look")
    assert row.fact == "a run was cut short while it was sending 1 delivery"
    with one_at_a_time((root / OUTBOX).with_name("sender.lock")):
        assert [row.subject for row in looked_at(root)] == ["outbox"]
