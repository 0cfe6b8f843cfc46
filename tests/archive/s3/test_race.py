from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

import pytest

from presskit.archive.inventory import Version, next_inventory, write_inventory
from presskit.archive.layout import INVENTORY, object_path
from presskit.archive.s3.archive import S3Archive
from presskit.archive.s3.object import lay_down, put_in_force
from presskit.archive.store import Archive
from presskit.errors import NotAllowed
from tests.archive.deposits import BRIDGE, BUDGET, MONDAY, OFFICE, kit, put, put_revision
from tests.archive.s3.buckets import Server, anew, contents, copied, faults, new_s3_archive, settings

FOLDER = object_path(BRIDGE)
REQUESTS = 23  # of the deposit of revision 2


@pytest.fixture(scope="module")
def one(served: tuple[Server, str]) -> S3Archive:
    """An archive with one version."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        settings(served[1], monkeypatch)
        archive = new_s3_archive()
        put_revision(archive, BRIDGE, 1)
        return archive


def logged(archive: S3Archive, object_id: str = BRIDGE) -> list[object]:
    return [line["version"] for line in archive.site.log.read().about(object_id)]


def letting_in(server: Server, request: int, rival: S3Archive, files: dict[str, bytes]) -> list[int]:
    """Let a rival deposit before the request of that number; what it got is in the list afterwards."""
    got: list[int] = []
    server.well()

    def let_in(asked: str) -> None:
        if len(server.asked) == request + 1 and not got:
            got.append(0)
            got[0] = put(rival, BRIDGE, files).version

    server.before = let_in
    return got


@pytest.mark.parametrize("request_number", range(REQUESTS))
def test_a_rival_at_any_moment_of_a_deposit_loses_nothing(
    request_number: int, server: Server, one: S3Archive, tmp_path: Path
) -> None:
    archive = copied(one)
    archive.site.make_sure()
    theirs, ours = kit("bridge", 77), kit("bridge", 2)
    got = letting_in(server, request_number, anew(archive), theirs)
    mine = put(archive, BRIDGE, ours).version
    assert sorted((mine, got[0])) == [2, 3]
    assert logged(archive) == [1, 2, 3]
    assert faults(archive, tmp_path / "copy") == []
    copy = Archive.open(tmp_path / "copy")
    for number, files in ((1, kit("bridge", 1)), (mine, ours), (got[0], theirs)):
        assert {name: copy.read(BRIDGE, name, number) for name in copy.files(BRIDGE, number)} == files


@pytest.mark.parametrize("request_number", [1, 6, 9])
def test_who_expected_the_number_a_rival_got_is_refused_and_leaves_nothing(
    request_number: int, server: Server, one: S3Archive, tmp_path: Path
) -> None:
    archive = copied(one)
    archive.site.make_sure()
    letting_in(server, request_number, anew(archive), kit("bridge", 77))
    with pytest.raises(NotAllowed, match="archive-stale"):
        put(archive, BRIDGE, kit("bridge", 2), expect=1)
    assert list(archive.versions(BRIDGE)) == [1, 2]
    assert logged(archive) == [1, 2]
    assert faults(archive, tmp_path / "copy") == []


def test_two_who_deposit_the_same_at_once_make_one_version(server: Server, one: S3Archive) -> None:
    archive = copied(one)
    archive.site.make_sure()
    got = letting_in(server, 8, anew(archive), kit("bridge", 2))
    again = put(archive, BRIDGE, kit("bridge", 2))
    assert (again.version, got) == (2, [2])
    assert logged(archive) == [1, 2]


def test_only_one_list_of_a_version_is_ever_in_force(server: Server, one: S3Archive) -> None:
    bucket = copied(one).bucket
    before = one._inventory(BRIDGE)
    written = []
    for name in ("first", "second"):
        version = Version("2026-11-24T09:30:00Z", name, "Desk", "", {})
        inventory, fresh = next_inventory(before, BRIDGE, {"release.yaml": name.encode()}, version)
        listed, laid = lay_down(bucket, FOLDER, inventory, fresh)
        written.append(write_inventory(listed))
        assert all(contents(bucket)[f"{FOLDER}/{path}"] == content for path, content in laid.items())
    assert put_in_force(bucket, FOLDER, 2, written[0])
    assert not put_in_force(bucket, FOLDER, 2, written[1])
    assert put_in_force(bucket, FOLDER, 2, written[0])  # the first, whose answer got lost
    assert contents(bucket)[f"{FOLDER}/v2/{INVENTORY}"] == written[0]


def test_four_at_once_get_contiguous_versions(server: Server, one: S3Archive, tmp_path: Path) -> None:
    archive = copied(one)

    def work(writer: int) -> list[int]:
        mine = anew(archive)
        return [put(mine, BRIDGE, kit("bridge", 100 * writer + n)).version for n in range(2)]

    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(work, (1, 2, 3, 4)))
    assert sorted(chain(*got)) == list(range(2, 10))
    assert logged(archive) == list(range(1, 10))
    for writer, numbers in zip((1, 2, 3, 4), got, strict=True):
        for n, number in enumerate(numbers):
            assert (
                archive.read(BRIDGE, "release.yaml", number)
                == kit("bridge", 100 * writer + n)["release.yaml"]
            )
    assert faults(archive, tmp_path / "copy") == []
    assert archive.recover(at=MONDAY, signer=OFFICE).pruned == 0


def test_two_programs_at_once_lose_no_line_of_the_log(server: Server, one: S3Archive, tmp_path: Path) -> None:
    archive = copied(one)
    code = (
        "import sys; from presskit.archive.s3.archive import S3Archive; from tests.archive.deposits import *;"
        "archive = S3Archive.open(sys.argv[1]);"
        "[put(archive, sys.argv[2], kit('x', n)) for n in range(5)]"
    )
    programs = [
        subprocess.Popen((sys.executable, "-c", code, archive.bucket.url, object_id))
        for object_id in (BUDGET, f"{BUDGET}-two")
    ]
    assert [program.wait(timeout=60) for program in programs] == [0, 0]
    for object_id in (BUDGET, f"{BUDGET}-two"):
        assert list(archive.versions(object_id)) == logged(archive, object_id) == [1, 2, 3, 4, 5]
    assert len(archive.site.log.read().lines) == 11
    assert faults(archive, tmp_path / "copy") == []
