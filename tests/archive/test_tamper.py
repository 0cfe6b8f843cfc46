from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from presskit.archive.findings import Finding
from presskit.archive.verify import Files, verify
from tests.archive.attacks import ATTACKS, Attack
from tests.archive.deposits import BRIDGE, BUDGET, OFFICE, filled, found_in, kit


def approved(object_id: str, version: int, files: Files) -> Iterator[Finding]:
    """Stands for the signature layer: knows the digests the people who signed have seen, and nothing else."""
    slug = object_id.rpartition(":")[2]
    signed = {name: hashlib.sha256(content).digest() for name, content in kit(slug, version).items()}
    there = {name: hashlib.sha256(read()).digest() for name, read in files.items()}
    if signed != there:
        yield Finding("signature", object_id, version, "", "this is not what was signed.", "-", "unsigned")


def test_without_tampering_there_is_no_alarm(tmp_path: Path) -> None:
    archive, checkpoints = filled(tmp_path)
    assert found_in(archive, checkpoints, approved) == ()


@pytest.mark.parametrize(("attack", "layers"), ATTACKS.values(), ids=ATTACKS.keys())
def test_an_attack_is_noticed_by_its_layers(tmp_path: Path, attack: Attack, layers: frozenset[str]) -> None:
    archive, checkpoints = filled(tmp_path)
    attack(archive)
    found = found_in(archive, checkpoints, approved)
    assert {finding.layer for finding in found} == layers


@pytest.mark.parametrize(("attack", "layers"), ATTACKS.values(), ids=ATTACKS.keys())
def test_every_attack_is_noticed_without_looking_at_signatures(
    tmp_path: Path, attack: Attack, layers: frozenset[str]
) -> None:
    archive, checkpoints = filled(tmp_path)
    attack(archive)
    assert {finding.layer for finding in found_in(archive, checkpoints)} == layers - {"signature"} != set()


def test_there_are_twenty_attacks_and_each_layer_alone_sees_one() -> None:
    assert len(ATTACKS) == 20
    alone = {next(iter(layers)) for _, layers in ATTACKS.values() if len(layers) == 1}
    assert alone == {"structure", "fixity", "log", "checkpoint"}


def test_without_a_checkpoint_outside_the_insider_is_not_noticed(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    ATTACKS["19 insider erases the newest version everywhere"][0](archive)
    assert found_in(archive) == ()


def test_only_the_release_that_was_named_is_looked_at(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    ATTACKS["01 flip a bit"][0](archive)
    assert verify(archive, object_ids=[BUDGET], keys=[OFFICE.public]) == ()
    (found,) = verify(archive, object_ids=[BRIDGE], keys=[OFFICE.public])
    assert (found.object_id, found.version, found.file.rpartition("/v3/")[2]) == (
        BRIDGE,
        3,
        "content/kit/bridge.pdf",
    )
