from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from presskit.archive import layout
from presskit.archive.export import bag, export_bag, export_plain
from presskit.archive.store import Archive
from presskit.errors import ArchiveDamaged, WrongUsage
from tests.archive.samples import OFFICE, Sample, archive_of

CLINIC = Sample()
CORRECTED = Sample(headline="City opens a free clinic")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return archive_of(tmp_path / "archive", [CLINIC, CORRECTED])


def test_a_plain_folder_has_the_files_of_that_version_and_no_other(archive: Archive) -> None:
    assert export_plain(archive, CLINIC.object_id, 1) == CLINIC.files()
    assert export_plain(archive, CLINIC.object_id, 2) == CORRECTED.files()


def test_a_bag_has_the_files_below_data_and_a_digest_for_each(archive: Archive) -> None:
    found = export_bag(archive, CLINIC.object_id, 1)
    assert {name: found[f"data/{name}"] for name in CLINIC.files()} == CLINIC.files()
    listed = dict(line.split("  ", 1)[::-1] for line in found["manifest-sha512.txt"].decode().splitlines())
    assert listed == {
        f"data/{name}": hashlib.sha512(content).hexdigest() for name, content in CLINIC.files().items()
    }
    tags = dict(line.split("  ", 1)[::-1] for line in found["tagmanifest-sha512.txt"].decode().splitlines())
    assert set(tags) == {"bag-info.txt", "bagit.txt", "manifest-sha512.txt"}
    assert all(hashlib.sha512(found[name]).hexdigest() == digest for name, digest in tags.items())


def test_a_bag_says_what_it_is_and_when_it_was_deposited(archive: Archive) -> None:
    found = export_bag(archive, CLINIC.object_id, 2)
    size = sum(len(content) for content in CORRECTED.files().values())
    assert found["bagit.txt"] == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    assert found["bag-info.txt"].decode() == (
        f"Bag-Size: {size / 1000:.1f} kB\n"
        "Bagging-Date: 2026-03-02\n"
        "External-Description: deposit\n"
        "External-Identifier: urn:presskit:example.org:clinic-opens/v2\n"
        f"Payload-Oxum: {size}.{len(CORRECTED.files())}\n"
    )


def test_the_date_is_that_of_the_deposit_in_universal_time(archive: Archive) -> None:
    late = datetime.fromisoformat("2026-12-31T20:30-05:00")
    archive.deposit(
        "urn:x",
        {"a": b""},
        message="",
        user_name="x",
        user_address="",
        at=late.astimezone(UTC),
        expect=0,
        signer=OFFICE,
    )
    information = export_bag(archive, "urn:x", 1)["bag-info.txt"].decode().splitlines()
    assert information == [
        "Bag-Size: 0 bytes",
        "Bagging-Date: 2027-01-01",
        "External-Identifier: urn:x/v1",
        "Payload-Oxum: 0.1",
    ]


def test_line_ends_and_percent_signs_in_names_are_encoded() -> None:
    found = bag({"100%.txt": b"a", "a\r\nb": b"b", "a%0Ab": b"c"}, {})
    listed = [line.split("  ", 1)[1] for line in found["manifest-sha512.txt"].decode().splitlines()]
    assert listed == ["data/100%25.txt", "data/a%0D%0Ab", "data/a%250Ab"]
    assert {"data/100%.txt", "data/a\r\nb", "data/a%0Ab"} <= set(found)


def test_a_value_of_several_lines_becomes_one() -> None:
    assert (
        b"External-Description: a Bagging-Date: b\n"
        in bag({}, {"External-Description": "a\nBagging-Date: b"})["bag-info.txt"]
    )


@pytest.mark.parametrize("export", [export_plain, export_bag])
def test_only_what_was_deposited_is_handed_out(archive: Archive, export: type) -> None:
    for object_id, version in (("urn:nothing", 1), (CLINIC.object_id, 3), (CLINIC.object_id, 0)):
        with pytest.raises(WrongUsage):
            export(archive, object_id, version)
    (archive.root / layout.object_path(CLINIC.object_id) / "v1/content/release.yaml").write_bytes(b"other")
    with pytest.raises(ArchiveDamaged):
        export(archive, CLINIC.object_id, 1)


def test_the_same_version_gives_the_same_bag(archive: Archive) -> None:
    one, other = (export_bag(Archive.open(archive.root), CLINIC.object_id, 1) for _ in range(2))
    assert list(one.items()) == list(other.items())
