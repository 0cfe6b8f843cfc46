from __future__ import annotations

import base64
import hashlib
import json
import socket
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from presskit.archive.inventory import digest_of
from presskit.archive.layout import DECLARATION, INVENTORY, LOG, object_path
from presskit.archive.s3.archive import S3Archive
from presskit.archive.s3.bucket import Retention
from presskit.archive.s3.site import create_site, open_site
from presskit.archive.store import Archive
from presskit.errors import (
    ArchiveDamaged,
    BadSettings,
    NotAllowed,
    PresskitError,
    Unreadable,
    WrongUsage,
)
from presskit.signoff.chain import next_line
from tests.archive.deposits import BRIDGE, BUDGET, MONDAY, OFFICE, ORIGIN, kit, put, put_revision
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


@pytest.fixture(scope="module")
def filled(served: tuple[Server, str]) -> S3Archive:
    """Two releases, one with two versions."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        settings(served[1], monkeypatch)
        archive = new_s3_archive()
        for object_id, revision in ((BRIDGE, 1), (BRIDGE, 2), (BUDGET, 1)):
            put_revision(archive, object_id, revision)
        return archive


def code_of(error: pytest.ExceptionInfo[PresskitError]) -> str:
    (problem,) = error.value.problems
    assert problem.fix
    return problem.code


def test_what_was_deposited_comes_back_version_by_version(server: Server, filled: S3Archive) -> None:
    for revision in (1, 2):
        files = filled.files(BRIDGE, revision)
        assert {name: filled.read(BRIDGE, name, revision) for name in files} == kit("bridge", revision)
    assert filled.files(BRIDGE) == filled.files(BRIDGE, 2)
    assert filled.read(BRIDGE, "release.yaml") == kit("bridge", 2)["release.yaml"]
    assert filled.objects() == (BRIDGE, BUDGET)
    versions = filled.versions(BRIDGE)
    assert [(n, v.created, v.user_address) for n, v in versions.items()] == [
        (1, "2026-11-24T09:30:00Z", "mailto:desk@example.org"),
        (2, "2026-11-25T09:30:00Z", "mailto:desk@example.org"),
    ]


def test_the_log_and_its_checkpoint_are_those_of_an_archive_on_a_disk(
    server: Server, filled: S3Archive, tmp_path: Path
) -> None:
    on_disk = Archive.open(tmp_path / "archive", create=True, origin=ORIGIN)
    for object_id, revision in ((BRIDGE, 1), (BRIDGE, 2), (BUDGET, 1)):
        deposited = put_revision(on_disk, object_id, revision)
    assert filled.checkpoint() == on_disk.checkpoint()
    lines = filled.site.log.read().lines
    assert json.loads(lines[2])["inventory_sha512"] == deposited.inventory_sha512


def test_a_deposit_says_where_it_is(server: Server) -> None:
    archive = new_s3_archive()
    first = put_revision(archive, BRIDGE, 1)
    second = put_revision(archive, BUDGET, 1)
    assert [(d.version, d.log_seq, d.is_new, bool(d.recovered)) for d in (first, second)] == [
        (1, 0, True, False),
        (1, 1, True, False),
    ]
    assert first.inventory_sha512 == digest_of(contents(archive.bucket)[f"{FOLDER}/v1/{INVENTORY}"])


def test_the_same_files_again_add_nothing(server: Server, filled: S3Archive) -> None:
    archive = copied(filled)
    before = contents(archive.bucket)
    again = put(archive, BRIDGE, kit("bridge", 2))
    assert (again.version, again.log_seq, again.is_new) == (2, 1, False)
    assert contents(archive.bucket) == before


def test_content_that_was_there_before_is_not_stored_again(server: Server, filled: S3Archive) -> None:
    paths = [path for path in contents(filled.bucket) if path.startswith(f"{FOLDER}/v2/content/")]
    assert sorted(path.rpartition("content/")[2] for path in paths) == [
        "kit/bridge.pdf",
        "release.yaml",
        "sign-off/0001-approved.dsse.json",
    ]


def test_every_write_brings_its_digest_for_the_server_to_check(server: Server, filled: S3Archive) -> None:
    bucket = filled.bucket
    content = contents(bucket)
    for path in (LOG, f"{FOLDER}/v1/content/release.yaml", f"{FOLDER}/v2/{INVENTORY}"):
        head = bucket.client.head_object(Bucket=bucket.name, Key=bucket.prefix + path, ChecksumMode="ENABLED")
        assert head["ChecksumSHA256"] == base64.b64encode(hashlib.sha256(content[path]).digest()).decode()


def test_who_saw_an_older_version_is_refused(server: Server, filled: S3Archive) -> None:
    archive = copied(filled)
    for expect in (0, 1, 3):
        with pytest.raises(NotAllowed) as error:
            put(archive, BRIDGE, kit("bridge", 3), expect=expect)
        assert code_of(error) == "archive-stale"
    assert put(archive, BRIDGE, kit("bridge", 3), expect=2).version == 3


@pytest.mark.parametrize(
    ("object_id", "name", "version"),
    [
        ("urn:presskit:example.org:none", "release.yaml", None),
        (BRIDGE, "none", None),
        (BRIDGE, "release.yaml", 9),
    ],
)
def test_what_is_not_there_is_not_read(
    object_id: str, name: str, version: int | None, server: Server, filled: S3Archive
) -> None:
    with pytest.raises(WrongUsage) as error:
        filled.read(object_id, name, version)
    assert code_of(error) == "archive-unknown"


@pytest.mark.parametrize("name", ["../release.yaml", "/release.yaml", "a//b", "nul", "a\nb", "Release.yaml"])
def test_names_that_can_not_be_kept_are_refused_before_anything_is_written(
    name: str, server: Server, filled: S3Archive
) -> None:
    server.well()
    with pytest.raises(WrongUsage) as error:
        put(filled, BRIDGE, {name: b"evil", "release.yaml": b"fine"})
    assert code_of(error) == "archive-name"
    assert server.asked == []


def test_a_release_that_was_removed_by_law_is_neither_read_nor_replaced(
    server: Server, filled: S3Archive
) -> None:
    archive = copied(filled)
    log = archive.site.log.read()
    facts = {**log.about(BUDGET)[-1], "action": "purge"}
    assert archive.bucket.put(LOG, log.content + next_line(log.lines[-1], facts) + b"\n", log.etag)
    with pytest.raises(NotAllowed) as error:
        put(archive, BUDGET, kit("budget", 2))
    assert code_of(error) == "archive-purged"


@pytest.mark.parametrize("name", ["v2/content/release.yaml", f"v2/{INVENTORY}"])
@pytest.mark.parametrize("content", [b"{}", None])
def test_a_file_that_is_changed_or_gone_is_not_read(
    name: str, content: bytes | None, server: Server, filled: S3Archive
) -> None:
    archive = copied(filled)
    if content is None:
        archive.bucket.delete(f"{FOLDER}/{name}")
    else:
        slip_in(archive, f"{FOLDER}/{name}", content)
    if content is None and name.endswith(INVENTORY):
        with pytest.raises(ArchiveDamaged):
            put_revision(archive, BRIDGE, 3)
    else:
        with pytest.raises(ArchiveDamaged):
            archive.read(BRIDGE, "release.yaml", 2)


def test_one_damaged_object_hides_no_other(server: Server, filled: S3Archive) -> None:
    archive = copied(filled)
    slip_in(archive, f"{FOLDER}/v2/{INVENTORY}", b"{")
    assert archive.objects() == (BUDGET,)


def test_an_archive_is_opened_by_its_address(server: Server, filled: S3Archive) -> None:
    opened = S3Archive.open(f"s3://{filled.bucket.name}/office/archive/")
    assert opened.read(BRIDGE, "release.yaml") == kit("bridge", 2)["release.yaml"]
    assert opened.site.origin == ORIGIN


def test_an_archive_may_be_all_of_a_bucket_and_others_lie_beside(server: Server, tmp_path: Path) -> None:
    bucket = new_bucket()
    whole = S3Archive.open(f"s3://{bucket.name}", create=True, origin=ORIGIN)
    put_revision(whole, BRIDGE, 1)
    assert faults(whole, tmp_path / "whole") == []
    other = new_bucket()
    two = [
        S3Archive.open(f"s3://{other.name}/{name}", create=True, origin=ORIGIN)
        for name in ("arch", "archive")
    ]
    put_revision(two[0], BRIDGE, 1)
    assert [archive.objects() for archive in two] == [(BRIDGE,), ()]


def test_an_archive_that_is_not_there_is_made_only_when_asked(server: Server) -> None:
    bucket = new_bucket()
    with pytest.raises(Unreadable) as error:
        S3Archive.open(bucket.url)
    assert code_of(error) == "archive-missing"
    made = S3Archive.open(bucket.url, create=True, origin=ORIGIN)
    put_revision(made, BRIDGE, 1)
    assert S3Archive.open(bucket.url, create=True, origin="example.org/other").site.origin == ORIGIN


def test_a_creation_that_dies_at_any_write_is_done_by_the_next(server: Server, tmp_path: Path) -> None:
    server.well()
    new_s3_archive()
    writes = server.writes - 1  # without the bucket itself
    assert writes == 9
    for write in range(writes):
        bucket = new_bucket()
        server.well()
        server.dies_at = write
        with pytest.raises(Unreadable):
            create_site(bucket, ORIGIN)
        server.well()
        with pytest.raises(Unreadable, match="archive-missing"):
            open_site(bucket)
        made = S3Archive(create_site(replace(bucket, is_sure=False), ORIGIN))
        assert faults(made, tmp_path / str(write)) == []


@pytest.mark.parametrize(
    ("key", "content"),
    [
        ("minutes.txt", b"of a meeting"),
        ("origin.txt", b"example.org/another\n"),
        (DECLARATION, b"ocfl_1.0\n"),
    ],
)
def test_nothing_is_made_where_something_else_lies(key: str, content: bytes, server: Server) -> None:
    bucket = new_bucket()
    bucket.put(key, content)
    with pytest.raises(BadSettings) as error:
        S3Archive.open(bucket.url, create=True, origin=ORIGIN)
    assert code_of(error) == "archive-foreign"
    assert contents(bucket) == {key: content}


@pytest.mark.parametrize("ignored", ["HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH"])
def test_a_server_that_ignores_conditions_is_refused_before_anything_is_deposited(
    ignored: str, server: Server, filled: S3Archive
) -> None:
    archive = copied(filled)
    before = contents(archive.bucket)
    server.ignores = (ignored,)
    for write in (
        lambda: put_revision(archive, BRIDGE, 3),
        lambda: archive.recover(at=MONDAY, signer=OFFICE),
        lambda: S3Archive.open(new_bucket().url, create=True),
    ):
        with pytest.raises(BadSettings) as error:
            write()
        assert code_of(error) == "bucket-unconditional"
    assert contents(archive.bucket) == before
    assert archive.read(BRIDGE, "release.yaml") == kit("bridge", 2)["release.yaml"]


@pytest.mark.parametrize(
    ("status", "code", "kind", "expected"),
    [
        ("403 Forbidden", "AccessDenied", Unreadable, "bucket-refused"),
        ("403 Forbidden", "InvalidAccessKeyId", Unreadable, "bucket-refused"),
        ("403 Forbidden", "SignatureDoesNotMatch", Unreadable, "bucket-refused"),
        ("404 Not Found", "NoSuchBucket", Unreadable, "bucket-missing"),
        ("501 Not Implemented", "NotImplemented", BadSettings, "bucket-unconditional"),
        ("503 Slow Down", "SlowDown", Unreadable, "bucket-silent"),
        ("500 Internal Server Error", "InternalError", Unreadable, "bucket-silent"),
        ("200 OK", "", Unreadable, "bucket-silent"),
    ],
)
def test_what_the_server_refuses_is_said_plainly(
    status: str, code: str, kind: type[PresskitError], expected: str, server: Server, filled: S3Archive
) -> None:
    archive = anew(filled)
    server.refuses = (status, code)
    for ask in (
        lambda: put_revision(archive, BRIDGE, 3),
        lambda: archive.recover(at=MONDAY, signer=OFFICE),
    ):
        with pytest.raises(kind) as error:
            ask()
        assert code_of(error) == expected


def test_a_bucket_that_is_not_there_is_said_plainly(server: Server) -> None:
    with pytest.raises(Unreadable) as error:
        S3Archive.open("s3://nobody-made-this/archive", create=True)
    assert code_of(error) == "bucket-missing"


def test_without_a_key_it_says_where_the_key_goes(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(BadSettings) as error:
        S3Archive.open("s3://presskit/archive")
    assert code_of(error) == "bucket-key"


def test_a_profile_that_is_not_there_is_said_plainly(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(BadSettings) as error:
        S3Archive.open("s3://presskit/archive")
    assert code_of(error) == "bucket-key"


def test_a_server_without_a_proper_address_is_said(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "nowhere")
    with pytest.raises(BadSettings) as error:
        S3Archive.open("s3://presskit/archive")
    assert code_of(error) == "bucket-address"


def test_a_server_that_is_not_there_or_never_answers_is_said_plainly(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(Unreadable) as error:
            S3Archive.open("s3://presskit/archive", timeout_seconds=0.3)
        assert code_of(error) == "bucket-silent"
    with pytest.raises(Unreadable) as error:
        S3Archive.open("s3://presskit/archive", timeout_seconds=0.3)
    assert code_of(error) == "bucket-silent"


def test_without_boto3_it_says_what_to_install(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "boto3"]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(BadSettings, match=r"presskit-pipeline\[s3\]") as error:
        S3Archive.open("s3://presskit/archive")
    assert code_of(error) == "extra-missing"


def test_a_locked_bucket_keeps_what_was_deposited(server: Server) -> None:
    until = datetime(2076, 1, 1, tzinfo=UTC)
    bucket = replace(new_bucket(locked=True), retention=Retention("COMPLIANCE", until))
    archive = S3Archive.open(bucket.url, create=True, origin=ORIGIN, retention=bucket.retention)
    put_revision(archive, BRIDGE, 1)
    put_revision(archive, BRIDGE, 2)
    kept = set()
    for path in archive.bucket.listing():
        head = bucket.client.head_object(Bucket=bucket.name, Key=bucket.prefix + path)
        if "ObjectLockMode" in head:
            assert (head["ObjectLockMode"], head["ObjectLockRetainUntilDate"]) == ("COMPLIANCE", until)
            kept.add(path)
    assert {path for path in archive.bucket.listing() if "/v1/" in path or "/v2/" in path} <= kept
    assert not {LOG, f"{FOLDER}/{INVENTORY}"} & kept  # these are replaced with each deposit


def test_a_retention_for_a_bucket_without_lock_is_refused(server: Server) -> None:
    retention = Retention("GOVERNANCE", datetime(2076, 1, 1, tzinfo=UTC))
    with pytest.raises(BadSettings) as error:
        S3Archive.open(new_bucket().url, create=True, retention=retention)
    assert code_of(error) == "bucket-unlocked"
