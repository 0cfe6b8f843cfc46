from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from presskit.archive.purge import purge
from tests.archive.deposits import BRIDGE, MONDAY, OFFICE, new_archive, put_revision

if sys.platform == "win32":
    pytest.skip("folders are not synced on Windows", allow_module_level=True)

Event = tuple[str, str]  # what, and the path


class Watch:
    """Sees every sync and rename, and what was not synced before it was renamed."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self.events: list[Event] = []
        self.synced: dict[tuple[int, int], int] = {}  # file → its size when it was synced
        self.unsynced: list[str] = []

    def sync(self, descriptor: int) -> None:
        found = os.fstat(descriptor)
        self.synced[found.st_dev, found.st_ino] = found.st_size
        self.events.append(("sync", self._short(str(Path(f"/proc/self/fd/{descriptor}").readlink()))))

    def rename(self, source: str, target: str) -> None:
        if self.top not in Path(target).parents:
            return
        if "frontier" not in source:  # can be made anew
            for path in (Path(source), *Path(source).rglob("*")):
                found = path.stat()
                size = self.synced.get((found.st_dev, found.st_ino))
                if size is None or (path.is_file() and size != found.st_size):
                    self.unsynced.append(self._short(str(path)))
        self.events.append(("rename", self._short(target)))

    def _short(self, path: str) -> str:
        return Path(path).relative_to(self.top).as_posix()


@contextmanager
def watched(top: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    watch = Watch(top)
    fsync, rename, replace = os.fsync, os.rename, os.replace

    def syncing(descriptor: int) -> None:
        fsync(descriptor)
        watch.sync(descriptor)

    def renaming(source: str, target: str) -> None:
        watch.rename(os.fspath(source), os.fspath(target))
        rename(source, target)

    def replacing(source: str, target: str) -> None:
        watch.rename(os.fspath(source), os.fspath(target))
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", syncing)
        patch.setattr(os, "rename", renaming)
        patch.setattr(os, "replace", replacing)
        yield watch


def require_order(events: list[Event], *wanted: Event) -> None:
    """These events come in this order, with others between them."""
    rest = iter(events)
    for event in wanted:
        assert event in rest, f"{event} is missing, or comes too early, in {events}"


def test_a_version_is_on_the_disk_before_it_is_in_force_and_in_force_before_it_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = new_archive(tmp_path)
    folder = archive.site.folder(BRIDGE).relative_to(tmp_path).as_posix()
    parents = [str(parent) for parent in Path(folder).parents if str(parent) != "."]
    with watched(tmp_path, monkeypatch) as watch:
        put_revision(archive, BRIDGE, 1)
    assert watch.unsynced == []
    require_order(
        watch.events,
        ("sync", "archive.work/staging/intent.json"),
        ("sync", "archive.work/staging"),
        ("sync", "archive.work"),
        ("rename", folder),
        *(("sync", parent) for parent in parents),
        ("sync", "archive/log.jsonl"),
        ("rename", "archive/checkpoint"),
        ("sync", "archive"),
    )
    with watched(tmp_path, monkeypatch) as watch:
        put_revision(archive, BRIDGE, 2)
    assert watch.unsynced == []
    require_order(
        watch.events,
        ("sync", "archive.work/staging"),
        ("rename", f"{folder}/v2"),
        ("sync", folder),
        ("rename", f"{folder}/inventory.json"),
        ("sync", folder),
        ("rename", f"{folder}/inventory.json.sha512"),
        ("sync", folder),
        ("sync", "archive/log.jsonl"),
        ("rename", "archive/checkpoint"),
        ("sync", "archive"),
    )


def test_what_stays_of_a_removed_release_is_on_the_disk_before_the_content_leaves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = new_archive(tmp_path)
    put_revision(archive, BRIDGE, 1)
    folder = archive.site.folder(BRIDGE).relative_to(tmp_path).as_posix()
    with watched(tmp_path, monkeypatch) as watch:
        stub = purge(archive, BRIDGE, ground="Law", user_name="Desk", at=MONDAY, signer=OFFICE).stub
    require_order(
        watch.events,
        ("rename", f"archive/{stub}"),
        ("sync", "archive"),
        ("rename", "archive.work/staging/purged"),
        ("sync", folder.rpartition("/")[0]),
        ("sync", "archive/log.jsonl"),
        ("rename", "archive/checkpoint"),
    )


def test_a_new_archive_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with watched(tmp_path, monkeypatch) as watch:
        new_archive(tmp_path)
    assert watch.unsynced == []
    require_order(watch.events, ("rename", "archive"), ("sync", "."))
