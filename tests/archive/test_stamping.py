from __future__ import annotations

from pathlib import Path

import pytest

from presskit.archive.stamping import authority_roots, check_stamps, stamp, stamped_checkpoints
from presskit.errors import BadSettings, Unreadable
from tests.archive.authority import serving, stamps
from tests.archive.deposits import BRIDGE, kit, new_archive, put, tree
from tests.signoff.certificates import root

ROOTS = (root().pem,)


def test_an_empty_archive_has_nothing_to_be_stamped(tmp_path: Path) -> None:
    assert stamp(new_archive(tmp_path), "http://127.0.0.1:9/") is None


def test_each_checkpoint_is_stamped_once_and_all_stay(tmp_path: Path) -> None:
    archive = new_archive(tmp_path)
    put(archive, BRIDGE, kit("bridge", 1))
    with serving(stamps(tmp_path, root())) as url:
        first = stamp(archive, url)
        before = tree(archive.root)
        assert stamp(archive, url) == first
        assert tree(archive.root) == before
        put(archive, BRIDGE, kit("bridge", 2))
        second = stamp(archive, url)
    assert first is not None
    assert second is not None
    assert (first.name, second.name) == ("timestamp-1.tsr", "timestamp-2.tsr")
    assert stamped_checkpoints(archive)[1] == archive.checkpoint()
    assert list(check_stamps(archive, ROOTS)) == []
    assert list(archive.site.work.glob("timestamp-*")) == []


def test_an_authority_that_refuses_leaves_nothing_behind(tmp_path: Path) -> None:
    archive = new_archive(tmp_path)
    put(archive, BRIDGE, kit("bridge", 1))
    before = tree(archive.root)
    with serving(lambda _: b"no", status=500) as url, pytest.raises(Unreadable):
        stamp(archive, url)
    assert tree(archive.root) == before


def test_swapped_stamps_are_found(tmp_path: Path) -> None:
    archive = new_archive(tmp_path)
    with serving(stamps(tmp_path, root())) as url:
        for revision in (1, 2):
            put(archive, BRIDGE, kit("bridge", revision))
            stamp(archive, url)
    one, two = (archive.root / f"timestamp-{n}.tsr" for n in (1, 2))
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    assert [(f.file, f.layer, f.code) for f in check_stamps(archive, ROOTS)] == [
        ("timestamp-1.tsr", "checkpoint", "timestamp-invalid"),
        ("timestamp-2.tsr", "checkpoint", "timestamp-invalid"),
    ]


def test_roots_are_read_from_the_offices_folder(tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_bytes(root().pem)
    assert authority_roots(("root.pem",), tmp_path) == ROOTS
    with pytest.raises(BadSettings, match="timestamp-settings"):
        authority_roots(("none.pem",), tmp_path)
