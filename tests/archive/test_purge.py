from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from presskit.archive.purge import Purged, purge
from presskit.archive.store import Archive
from presskit.errors import ArchiveDamaged, NotAllowed, WrongUsage
from presskit.signoff.envelope import read
from presskit.signoff.keys import Key
from tests.archive.deposits import (
    BRIDGE,
    BUDGET,
    MONDAY,
    OFFICE,
    STRANGER,
    filled,
    found_in,
    kit,
    put,
    put_revision,
    tree,
)

GROUND = "Youth Criminal Justice Act, s. 110"


def remove(archive: Archive, object_id: str = BRIDGE, signer: Key = OFFICE) -> Purged:
    return purge(archive, object_id, ground=GROUND, user_name="Records desk", at=MONDAY, signer=signer)


def test_the_content_is_gone_and_the_chain_holds(tmp_path: Path) -> None:
    archive, checkpoints = filled(tmp_path)
    words = [content for revision in (1, 2, 3) for content in kit("bridge", revision).values()]
    shared = [content for revision in (1, 2, 3) for content in kit("budget", revision).values()]
    done = remove(archive)
    assert (done.versions, done.log_seq) == (3, 6)
    assert archive.objects() == (BUDGET,)
    left = tree(archive.root) | tree(archive.site.work)
    only_there = set(words) - set(shared)
    assert len(only_there) == 7
    for content in only_there:
        assert not any(content in found for found in left.values())
    assert not archive.site.folder(BRIDGE).parent.exists()
    assert found_in(archive, [*checkpoints, archive.checkpoint()]) == ()


def test_what_stays_says_who_and_when_and_on_what_ground(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    digests = [line.facts["inventory_sha512"] for line in archive.site.log.chain().entries[::2]]
    envelope = read((archive.root / remove(archive).stub).read_bytes())
    assert envelope.signed_by(OFFICE.public)
    assert envelope.statement.predicate == {
        "object": BRIDGE,
        "by": "Records desk",
        "ground": GROUND,
        "purged": "2026-11-23T09:30:00Z",
        "versions": [{"version": n, "inventory_sha512": d} for n, d in enumerate(digests, 1)],
    }
    last = archive.site.log.last_of(BRIDGE)
    assert last is not None
    assert (last["action"], last["version"]) == ("purge", 3)


def test_what_stays_names_no_file_and_no_word_of_the_release(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    stub = json.loads((archive.root / remove(archive).stub).read_bytes())
    text = base64.b64decode(stub["payload"]).decode()
    for name in kit("bridge", 1):
        assert name not in text


def test_others_are_deposited_as_before(tmp_path: Path) -> None:
    archive, checkpoints = filled(tmp_path)
    remove(archive)
    assert put_revision(archive, BUDGET, 4).log_seq == 7
    assert found_in(archive, [*checkpoints, archive.checkpoint()]) == ()


def test_what_was_removed_is_not_read_nor_deposited_nor_removed_again(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    remove(archive)
    before = tree(archive.root)
    for attempt in (
        lambda: archive.read(BRIDGE, "release.yaml"),
        lambda: put(archive, BRIDGE, kit("bridge", 4)),
        lambda: remove(archive),
    ):
        with pytest.raises(NotAllowed, match="removed from the archive by law"):
            attempt()
    assert tree(archive.root) == before


def test_what_is_not_there_can_not_be_removed(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    with pytest.raises(WrongUsage, match="not in the archive"):
        remove(archive, "urn:presskit:example.org:none")


@pytest.mark.parametrize("ground", ["", "  ", "two\nlines", "x" * 501])
def test_a_removal_needs_a_ground_in_one_line(tmp_path: Path, ground: str) -> None:
    archive, _ = filled(tmp_path)
    with pytest.raises(WrongUsage, match="ground"):
        purge(archive, BRIDGE, ground=ground, user_name="Desk", at=MONDAY, signer=OFFICE)
    assert BRIDGE in archive.objects()


def test_a_damaged_release_is_not_removed_as_if_it_were_whole(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    (archive.site.folder(BRIDGE) / "v3" / "inventory.json").write_bytes(b"{}")
    with pytest.raises(ArchiveDamaged):
        remove(archive)


def codes(archive: Archive) -> set[str]:
    return {finding.code for finding in found_in(archive)}


def test_a_removal_nobody_logged_is_noticed(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    (archive.root / f"purged-{'0' * 64}.json").write_bytes(b"{}")
    assert codes(archive) == {"purged-unproven"}


def test_what_stays_is_held_to_the_log(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    stub = archive.root / remove(archive).stub
    whole = stub.read_bytes()
    for content in (whole.replace(b"\n", b"\n "), b"{}", b""):
        stub.write_bytes(content)
        assert codes(archive) == {"purged-unproven"}
    stub.unlink()
    assert codes(archive) == {"purged-unproven"}
    stub.write_bytes(whole)
    assert codes(archive) == set()


def test_a_removal_signed_by_a_stranger_is_noticed(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    remove(archive, signer=STRANGER)
    put_revision(archive, BUDGET, 4)
    assert codes(archive) == {"purged-unproven"}


def test_what_stays_of_another_release_does_not_count(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    stubs = [archive.root / remove(archive, object_id).stub for object_id in (BRIDGE, BUDGET)]
    one, two = (stub.read_bytes() for stub in stubs)
    stubs[0].write_bytes(two)
    stubs[1].write_bytes(one)
    assert codes(archive) == {"purged-unproven"}


def test_removed_content_that_comes_back_is_noticed(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    folder = archive.site.folder(BRIDGE)
    kept = tree(folder)
    remove(archive)
    for name, content in kept.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    assert codes(archive) == {"purged-still-there"}
