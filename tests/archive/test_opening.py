from __future__ import annotations

from pathlib import Path

import pytest

from presskit import pipeline
from presskit.archive.opening import for_deposits
from presskit.archive.s3.archive import S3Archive
from presskit.errors import ArchiveDamaged, NotAllowed, Unreadable
from tests.archive.s3.buckets import Server, new_bucket, slip_in
from tests.signed_office import OBJECT, SLUG, Desk, Stages
from tests.signoff.office import key_of


@pytest.fixture
def in_a_bucket(stages: Stages, tmp_path: Path, server: Server) -> Desk:
    """A signed-off office whose archive is to lie in a bucket."""
    desk = stages.copy("signed", tmp_path / "office")
    assert server.dies_at is None
    desk.edit("folder: output/archive", f"folder: s3://{new_bucket().name}/press", "data/house.yaml")
    return desk


def test_an_archive_in_a_bucket_is_used_as_one_in_a_folder_is(in_a_bucket: Desk) -> None:
    desk = in_a_bucket
    with pytest.raises(Unreadable):
        pipeline.verify(desk.office)
    assert (desk.archive(), desk.archive()) == (1, 1)
    found = pipeline.verify(desk.office)
    assert (found.objects, found.versions, found.findings) == (2, 2, ())
    assert [one.slug for one in pipeline.find(desk.office, "monday")] == [SLUG]
    edition, files = pipeline.kept_files(SLUG, desk.office)
    assert (edition.number, edition.by) == (1, "The Clerk")
    assert files[f"kit/{SLUG}.pdf"] == desk.built()[f"{SLUG}.pdf"]


def test_the_copy_that_is_read_from_follows_the_bucket_and_can_be_deleted(in_a_bucket: Desk) -> None:
    desk = in_a_bucket
    desk.archive()
    assert len(pipeline.history(SLUG, desk.office)) == 1
    desk.edit("Monday", "Tuesday")
    desk.request()
    desk.sign("lee")
    desk.sign("kim")
    assert desk.archive() == 2
    assert [one.number for one in pipeline.history(SLUG, desk.office)] == [1, 2]
    for path in sorted((desk.root / "output/archive.mirror").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    assert [one.number for one in pipeline.history(SLUG, desk.office)] == [1, 2]


def test_a_check_looks_at_the_bucket_and_not_at_an_older_copy(in_a_bucket: Desk) -> None:
    desk = in_a_bucket
    desk.archive()
    assert pipeline.verify(desk.office).findings == ()
    archive = pipeline.archiving.open_archive(desk.office)
    content = archive.site.folder(OBJECT).relative_to(archive.root) / "v1/content/kit" / f"{SLUG}.txt"
    bucket = for_deposits(desk.office.registers.house, desk.workspace)
    assert isinstance(bucket, S3Archive)
    slip_in(bucket, content.as_posix())
    assert {finding.file.rpartition("/")[2] for finding in pipeline.verify(desk.office).findings} >= {
        f"{SLUG}.txt"
    }
    with pytest.raises(ArchiveDamaged):
        pipeline.kept_files(SLUG, desk.office)


def test_nothing_is_removed_from_a_bucket(in_a_bucket: Desk) -> None:
    desk = in_a_bucket
    desk.archive()
    with pytest.raises(NotAllowed) as raised:
        pipeline.purge(SLUG, desk.office, key_of("lee"), "A court order.")
    assert [problem.code for problem in raised.value.problems] == ["archive-bucket"]
    assert len(pipeline.history(SLUG, desk.office)) == 1
