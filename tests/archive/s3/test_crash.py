from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from presskit.archive.layout import INVENTORY, LOG, SIDECAR, object_path
from presskit.archive.recover import Recovered
from presskit.archive.s3.archive import S3Archive
from presskit.archive.s3.bucket import Bucket
from presskit.archive.s3.object import unfinished
from presskit.archive.store import Archive
from presskit.errors import ArchiveDamaged, NotAllowed, Unreadable
from tests.archive.deposits import BRIDGE, BUDGET, MONDAY, OFFICE, kit, put, put_revision
from tests.archive.s3.buckets import (
    Server,
    anew,
    contents,
    copied,
    faults,
    new_bucket,
    new_s3_archive,
    settings,
    slip_in,
)

FOLDER = object_path(BRIDGE)
WRITES = {1: 13, 2: 10}  # of the deposit of each revision; between two of them the bucket does not change


def lines(archive: S3Archive) -> list[tuple[object, object]]:
    return [(line["action"], line["version"]) for line in archive.site.log.read().about(BRIDGE)]


def in_force_only(server: Server, archive: S3Archive) -> None:
    """Deposit revision 2 up to its commit point and no further."""

    def die(asked: str) -> None:
        if asked.startswith("PUT") and asked.endswith(f"/v2/{INVENTORY}"):
            server.is_dead = True

    server.well()
    server.after = die
    with pytest.raises(Unreadable):
        put_revision(archive, BRIDGE, 2)
    server.well()


@pytest.fixture(scope="module")
def filled(served: tuple[Server, str]) -> dict[str, S3Archive]:
    """Archives with no version, one, and two of which the second was put in force and no more."""
    server, url = served
    with pytest.MonkeyPatch.context() as monkeypatch:
        settings(url, monkeypatch)
        empty = new_s3_archive()
        one = copied(empty)
        put_revision(one, BRIDGE, 1)
        broken_off = copied(one)
        in_force_only(server, broken_off)
        return {"empty": empty, "one": one, "broken off": broken_off}


@pytest.mark.parametrize(
    ("revision", "write"), [(revision, write) for revision in WRITES for write in range(WRITES[revision])]
)
def test_a_deposit_that_dies_at_any_write_is_there_whole_or_not_at_all(
    revision: int, write: int, server: Server, filled: dict[str, S3Archive], tmp_path: Path
) -> None:
    archive = copied(filled["one" if revision == 2 else "empty"])
    archive.site.make_sure()
    server.well()
    server.dies_at = write
    with pytest.raises(Unreadable, match="bucket-silent"):
        put_revision(archive, BRIDGE, revision)
    server.well()
    untouched = copied(archive)

    archive.recover(at=MONDAY, signer=OFFICE)
    assert faults(archive, tmp_path / "copy") == []
    copy = Archive.open(tmp_path / "copy")
    versions = list(copy.versions(BRIDGE)) if copy.objects() else []
    assert versions in (list(range(1, revision)), list(range(1, revision + 1)))
    for version in versions:
        found = {name: copy.read(BRIDGE, name, version) for name in copy.files(BRIDGE, version)}
        assert found == kit("bridge", version)
    assert [version for _, version in lines(archive)] == versions

    last = put(untouched, BRIDGE, kit("bridge", 9), expect=len(versions))
    assert last.version == len(versions) + 1
    assert faults(untouched, tmp_path / "untouched") == []
    assert unfinished(FOLDER, list(untouched.bucket.listing(f"{FOLDER}/"))) == []


@pytest.mark.parametrize(("revision", "before"), [(1, "empty"), (2, "one")])
def test_a_deposit_has_as_many_writes_as_these_tests_think(
    revision: int, before: str, server: Server, filled: dict[str, S3Archive]
) -> None:
    archive = copied(filled[before])
    archive.site.make_sure()
    server.well()
    put_revision(archive, BRIDGE, revision)
    assert server.writes == WRITES[revision]
    assert len(server.asked) < 26


@pytest.mark.parametrize("write", range(WRITES[2]))
def test_a_write_that_comes_twice_does_no_harm(
    write: int, server: Server, filled: dict[str, S3Archive], tmp_path: Path
) -> None:
    archive = copied(filled["one"])
    archive.site.make_sure()
    server.well()
    server.doubles = write
    assert put_revision(archive, BRIDGE, 2).version == 2
    server.well()
    assert lines(archive) == [("deposit", 1), ("deposit", 2)]
    assert faults(archive, tmp_path / "copy") == []


@pytest.mark.parametrize("ending", [f"v1/{INVENTORY}", LOG])
def test_an_answer_that_gets_lost_is_asked_for_again(
    ending: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "3")
    archive = S3Archive.open(new_bucket().url, create=True)
    server.loses = ending
    assert put_revision(archive, BRIDGE, 1).version == 1
    assert server.loses == "nothing"
    assert lines(archive) == [("deposit", 1)]


@pytest.mark.parametrize("write", range(5))
def test_a_recovery_that_dies_is_done_by_the_next(
    write: int, server: Server, filled: dict[str, S3Archive], tmp_path: Path
) -> None:
    archive = copied(filled["broken off"])
    archive.site.make_sure()
    server.well()
    server.dies_at = write
    with pytest.raises(Unreadable):
        archive.recover(at=MONDAY, signer=OFFICE)
    server.well()
    assert archive.recover(at=MONDAY, signer=OFFICE)
    assert not archive.recover(at=MONDAY, signer=OFFICE)
    assert lines(archive) == [("deposit", 1), ("recovered", 2)]
    assert faults(archive, tmp_path / "copy") == []


def test_what_was_put_in_force_is_logged_by_the_next_deposit(
    server: Server, filled: dict[str, S3Archive]
) -> None:
    archive = copied(filled["broken off"])
    third = put_revision(archive, BRIDGE, 3)
    assert third.recovered == Recovered(logged=((BRIDGE, 2),), rolled=(BRIDGE,))
    assert lines(archive) == [("deposit", 1), ("recovered", 2), ("deposit", 3)]


def test_a_deposit_after_a_crash_knows_that_its_own_version_is_there(
    server: Server, filled: dict[str, S3Archive]
) -> None:
    archive = copied(filled["broken off"])
    with pytest.raises(NotAllowed, match="archive-stale"):
        put_revision(archive, BRIDGE, 2)
    again = put(archive, BRIDGE, kit("bridge", 2))
    assert (again.version, again.is_new) == (2, False)


def test_forgotten_uploads_are_removed_after_a_day_and_not_before(server: Server) -> None:
    archive = new_s3_archive()
    put_revision(archive, BRIDGE, 1)
    before = contents(archive.bucket)

    server.well()
    server.dies_at = 4
    with pytest.raises(Unreadable):
        put_revision(archive, BRIDGE, 2)
    server.well()
    uploads = contents(archive.bucket).keys() - before.keys()
    assert len(uploads) == 3
    now = datetime.now(UTC)
    assert archive.recover(at=now, signer=OFFICE) == Recovered()
    assert archive.recover(at=now + timedelta(days=2), signer=OFFICE) == Recovered(pruned=3)
    assert contents(archive.bucket) == before


def test_uploads_removed_under_a_slow_writer_are_put_back(server: Server, tmp_path: Path) -> None:
    archive = new_s3_archive()
    put_revision(archive, BRIDGE, 1)
    other = anew(archive)
    done: list[int] = []

    def tidy(asked: str) -> None:
        if asked.endswith(f"/v2/{INVENTORY}") and asked.startswith("PUT") and not done:
            done.append(0)
            done[0] = other.recover(at=datetime.now(UTC) + timedelta(days=2), signer=OFFICE).pruned

    server.before = tidy
    put_revision(archive, BRIDGE, 2)
    assert done == [3]
    assert faults(archive, tmp_path / "copy") == []


def test_what_somebody_else_put_there_is_never_removed(server: Server) -> None:
    archive = new_s3_archive()
    put_revision(archive, BRIDGE, 1)
    strays = [f"{FOLDER}/v1/content/slipped-in.txt", f"{FOLDER}/v2/content/slipped-in.txt", "aaa/bbb/ccc/d/e"]
    for stray in strays:
        archive.bucket.client.put_object(
            Bucket=archive.bucket.name, Key=archive.bucket.prefix + stray, Body=b"stray"
        )
    assert archive.recover(at=MONDAY + timedelta(days=9999), signer=OFFICE) == Recovered()
    assert contents(archive.bucket).keys() >= set(strays)


Damage = Callable[[Bucket], None]


def drop(name: str) -> Damage:
    return lambda bucket: bucket.delete(f"{FOLDER}/{name}")


def change(name: str, content: bytes) -> Damage:
    def changed(bucket: Bucket) -> None:
        stored = bucket.get(name)
        assert stored is not None
        assert bucket.put(name, content, stored.etag)

    return changed


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (drop(f"v2/{INVENTORY}"), "1 versions, but 2 were logged"),
        (change(f"{FOLDER}/v2/{INVENTORY}", b"{}"), "is wrong"),
        (drop("v2/content/release.yaml"), ""),
        (change(LOG, b""), "2 versions, but 0 were logged"),
        (change(LOG, b"{"), "ends within a line"),
        (lambda bucket: bucket.delete(LOG), "the log is missing"),
    ],
)
def test_what_no_crash_leaves_is_not_made_to_look_whole(
    damage: Damage, words: str, server: Server, tmp_path: Path
) -> None:
    archive = new_s3_archive()
    put_revision(archive, BRIDGE, 1)
    put_revision(archive, BRIDGE, 2)
    damage(archive.bucket)
    if words:
        with pytest.raises(ArchiveDamaged, match=words):
            archive.recover(at=MONDAY, signer=OFFICE)
        with pytest.raises(ArchiveDamaged):
            put_revision(archive, BRIDGE, 3)
    if words != "the log is missing":
        assert faults(archive, tmp_path / "copy")


@pytest.mark.parametrize("name", ["v2/content/release.yaml", "v2/content/kit/bridge.pdf"])
def test_a_version_in_force_whose_content_is_gone_is_damage(
    name: str, server: Server, filled: dict[str, S3Archive]
) -> None:
    archive = copied(filled["broken off"])
    archive.bucket.delete(f"{FOLDER}/{name}")
    with pytest.raises(ArchiveDamaged, match="this file is missing"):
        archive.recover(at=MONDAY, signer=OFFICE)


@pytest.mark.parametrize("strange", ["id", "past", "number"])
def test_a_version_that_does_not_follow_from_those_before_it_is_never_logged(
    strange: str, server: Server, filled: dict[str, S3Archive]
) -> None:
    archive = copied(filled["one"])
    document = json.loads(contents(archive.bucket)[f"{FOLDER}/v1/{INVENTORY}"])
    document["versions"]["v2"] = {**document["versions"]["v1"], "created": "2026-12-01T09:30:00Z"}
    document["head"] = "v2"
    if strange == "id":
        document["id"] = BUDGET
    elif strange == "past":
        document["versions"]["v1"]["message"] = "never said"
    else:
        document["versions"]["v3"] = document["versions"]["v2"]
        document["head"] = "v3"
    slip_in(archive, f"{FOLDER}/v2/{INVENTORY}", json.dumps(document).encode())
    for put_right in (
        lambda: archive.recover(at=MONDAY, signer=OFFICE),
        lambda: put_revision(archive, BRIDGE, 3),
    ):
        with pytest.raises(ArchiveDamaged):
            put_right()
    assert lines(archive) == [("deposit", 1)]


def test_copies_that_are_behind_are_brought_forward(server: Server, tmp_path: Path) -> None:
    archive = new_s3_archive()
    put_revision(archive, BRIDGE, 1)
    behind = {name: archive.bucket.get(f"{FOLDER}/{name}") for name in (INVENTORY, SIDECAR)}
    put_revision(archive, BRIDGE, 2)
    for name, stored in behind.items():
        assert stored is not None
        change(f"{FOLDER}/{name}", stored.content)(archive.bucket)
    assert archive.recover(at=MONDAY, signer=OFFICE) == Recovered(rolled=(BRIDGE,))
    assert faults(archive, tmp_path / "copy") == []


@pytest.mark.parametrize(
    ("when", "ending", "versions"),
    [
        ("before", "/v2/content/release.yaml", 1),
        ("before", f"/v2/{INVENTORY}", 1),
        ("after", f"/v2/{INVENTORY}", 2),
        ("after", f"bridge/{INVENTORY}", 2),
        ("before", LOG, 2),
        ("before", "checkpoint", 2),
    ],
)
def test_a_program_that_is_killed_leaves_a_whole_version_or_none(
    when: str, ending: str, versions: int, server: Server, tmp_path: Path
) -> None:
    archive = new_s3_archive()
    put_revision(archive, BRIDGE, 1)
    server.well()
    code = (
        "import sys; from presskit.archive.s3.archive import S3Archive; from tests.archive.deposits import *;"
        "print('ready', flush=True); sys.stdin.readline();"
        "put_revision(S3Archive.open(sys.argv[1]), BRIDGE, 2)"
    )
    command = (sys.executable, "-c", code, archive.bucket.url)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:

        def kill(asked: str) -> None:
            if asked.startswith("PUT") and asked.endswith(ending):
                os.kill(program.pid, signal.SIGKILL)
                program.wait()
                server.is_dead = True

        server.before, server.after = (kill, server.after) if when == "before" else (server.before, kill)
        program.communicate("go\n", timeout=30)
    assert program.returncode == -signal.SIGKILL
    server.well()
    archive.recover(at=MONDAY, signer=OFFICE)
    assert list(archive.versions(BRIDGE)) == list(range(1, versions + 1))
    assert faults(archive, tmp_path / "copy") == []
