from __future__ import annotations

import errno
import os
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest

from presskit.errors import Unreadable
from presskit.send.outbox import store as module
from presskit.send.outbox.store import OUTBOX, Outbox
from tests.send.post import new_outbox, people, put, states


def test_what_was_committed_is_there_after_a_restart(tmp_path: Path) -> None:
    with closing(new_outbox(tmp_path)) as outbox:
        put(outbox, people(3))
        key = outbox.key
    with closing(new_outbox(tmp_path)) as outbox:
        assert states(outbox) == ["queued"] * 3
        assert outbox.key == key
        assert outbox.sound() == "ok"


def test_each_transaction_is_on_the_disk_before_the_next_step(tmp_path: Path) -> None:
    with closing(new_outbox(tmp_path)) as outbox:
        assert outbox.value("pragma synchronous") == 2  # FULL
        assert outbox.value("pragma journal_mode") == "wal"
        assert outbox.value("pragma foreign_keys") == 1


def test_what_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    with closing(new_outbox(tmp_path)) as outbox:
        with pytest.raises(ZeroDivisionError), outbox.transaction() as rows:
            rows.execute("insert into halt values ('', 0, '')")
            rows.execute(f"select {1 / 0}")
        assert outbox.value("select count(*) from halt") == 0
        put(outbox, people(1))  # and the next transaction can begin


def test_only_its_owner_can_read_who_gets_what(tmp_path: Path) -> None:
    with closing(new_outbox(tmp_path)) as outbox:
        put(outbox, people(1))
        files = sorted((tmp_path / OUTBOX).parent.glob("outbox.db*"))
        assert {file.name for file in files} >= {"outbox.db", "outbox.db-wal"}
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_several_can_make_it_at_the_same_moment(tmp_path: Path) -> None:
    start, found = threading.Barrier(8), list[bytes]()

    def make() -> None:
        start.wait()
        with closing(new_outbox(tmp_path)) as outbox:
            found.append(outbox.key)

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_full_disk_is_told_with_what_to_do(tmp_path: Path) -> None:
    with closing(new_outbox(tmp_path)) as outbox:
        pages = outbox.value("pragma page_count")
        outbox.rows(f"pragma max_page_count={pages}")
        with pytest.raises(Unreadable) as told:
            put(outbox, people(2000))
        (problem,) = told.value.problems
        assert "full" in problem.what and "make room on the disk" in problem.fix
        assert problem.code == "outbox-unusable"
        assert states(outbox) == []


def test_another_program_that_goes_on_writing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.05)
    with closing(new_outbox(tmp_path)) as outbox, closing(new_outbox(tmp_path)) as other:
        with other.transaction(), pytest.raises(Unreadable) as told:
            put(outbox, people(1))
        assert "try again" in told.value.problems[0].fix
        put(outbox, people(1))
        assert states(other) == ["queued"]


def test_another_program_that_writes_for_a_moment_is_waited_for(tmp_path: Path) -> None:
    with closing(new_outbox(tmp_path)) as outbox, closing(new_outbox(tmp_path)) as other:
        begun = threading.Event()

        def write() -> None:
            with other.transaction() as rows:
                rows.execute("insert into halt values ('x', 0, '')")
                begun.set()
                threading.Event().wait(0.2)

        writer = threading.Thread(target=write)
        writer.start()
        begun.wait()
        put(outbox, people(1))
        writer.join()
        assert outbox.value("select count(*) from halt") == 1


def test_a_mistake_of_ours_stays_a_bug(tmp_path: Path) -> None:
    with closing(new_outbox(tmp_path)) as outbox:
        put(outbox, people(1))
        with pytest.raises(sqlite3.IntegrityError), outbox.transaction() as rows:
            rows.execute("delete from variant")
        with pytest.raises(sqlite3.ProgrammingError):
            outbox.rows("select ?")


def test_a_file_that_is_no_outbox_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / OUTBOX
    file.parent.mkdir(parents=True)
    file.write_bytes(b"Dear editor, " * 1000)
    with pytest.raises(Unreadable, match="not a database"):
        Outbox.open(file)
    assert file.read_bytes() == b"Dear editor, " * 1000


@pytest.mark.parametrize("version", [0, 1])
def test_a_database_of_another_program_is_refused_and_left_alone(version: int, tmp_path: Path) -> None:
    file = tmp_path / OUTBOX
    file.parent.mkdir(parents=True)
    with closing(sqlite3.connect(file)) as other:
        other.execute("create table t(x)")
        other.execute(f"pragma user_version={version}")
        other.commit()
    before = file.read_bytes()
    with pytest.raises(Unreadable, match="another program made it"):
        Outbox.open(file)
    assert file.read_bytes() == before


def test_an_outbox_of_a_newer_presskit_is_refused(tmp_path: Path) -> None:
    with closing(new_outbox(tmp_path)) as outbox:
        outbox.rows(f"pragma user_version={module.VERSION + 1}")
    with pytest.raises(Unreadable, match="newer presskit"):
        new_outbox(tmp_path)


def test_a_damaged_file_is_told_and_never_made_anew(tmp_path: Path) -> None:
    with closing(new_outbox(tmp_path)) as outbox:
        put(outbox, people(500))
    file = tmp_path / OUTBOX
    content = file.read_bytes()
    damaged = content[:8192] + b"\xa5" * (len(content) - 8192)
    file.write_bytes(damaged)
    with pytest.raises(Unreadable, match="put it back from a copy"):
        new_outbox(tmp_path)
    assert file.read_bytes() == damaged


def test_an_outbox_that_lost_all_it_held_is_never_taken_for_a_new_one(tmp_path: Path) -> None:
    file = tmp_path / "outbox.db"
    Outbox.open(file).close()
    os.truncate(file, 0)
    with pytest.raises(Unreadable, match="it is empty"):
        Outbox.open(file)
    assert file.read_bytes() == b""


def test_what_a_crash_leaves_while_it_is_made_is_no_outbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "outbox.db"

    def crash(*names: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(os, "link", crash)
        Outbox.open(file)
    assert list(tmp_path.iterdir()) == []
    Outbox.open(file).close()
    assert [p.name for p in tmp_path.iterdir()] == ["outbox.db"]


def test_where_a_file_has_one_name_only_it_is_made_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*names: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    Outbox.open(tmp_path / "outbox.db").close()
    assert [p.name for p in tmp_path.iterdir()] == ["outbox.db"]


def test_a_folder_nobody_can_make_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"")
    with pytest.raises(Unreadable, match="can not be used"):
        new_outbox(tmp_path)


def test_an_outbox_nowhere_is_empty_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with closing(Outbox.nowhere()) as outbox:
        assert states(outbox) == []
    assert list(tmp_path.iterdir()) == []
