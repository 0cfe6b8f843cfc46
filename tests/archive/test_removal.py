from __future__ import annotations

from pathlib import Path

import pytest

from presskit import pipeline
from presskit.errors import NotAllowed, PresskitError
from presskit.signoff.envelope import read
from tests.archive.forgery import archive_of, codes, found_in
from tests.signed_office import OBJECT, SLUG, Desk
from tests.signoff.office import key_of

GROUND = "Court order of 2026-11-24"


def test_who_clears_kits_removes_and_what_stays_says_so(archived: Desk) -> None:
    outside = archive_of(archived).checkpoint()
    done = pipeline.purge(SLUG, archived.office, key_of("lee"), GROUND)
    assert done.versions == 1
    envelope = read((archive_of(archived).root / done.stub).read_bytes())
    assert envelope.signed_by(key_of("lee").public)
    said = envelope.statement.predicate
    assert (said["object"], said["by"], said["ground"]) == (OBJECT, "Inspector Lee", GROUND)
    assert found_in(archived, outside, archive_of(archived).checkpoint()) == ()


@pytest.mark.parametrize("who", ["clerk", "dusto", "stranger"])
def test_nobody_else_removes_anything(archived: Desk, who: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        pipeline.purge(SLUG, archived.office, key_of(who), GROUND)
    assert {p.code for p in refused.value.problems} <= {"role-lacking", "key-not-counting"}
    assert found_in(archived) == ()
    assert archive_of(archived).versions(OBJECT)


@pytest.mark.parametrize("ground", ["", "  ", "one\ntwo", "x" * 501, "a\x1bb"])
def test_a_ground_that_says_nothing_removes_nothing(archived: Desk, ground: str) -> None:
    with pytest.raises(PresskitError):
        pipeline.purge(SLUG, archived.office, key_of("lee"), ground)
    assert archive_of(archived).versions(OBJECT)


def test_a_note_of_removal_that_somebody_wrote_proves_nothing(archived: Desk) -> None:
    done = pipeline.purge(SLUG, archived.office, key_of("lee"), GROUND)
    file: Path = archive_of(archived).root / done.stub
    file.write_bytes(file.read_bytes().replace(b"a", b"b", 1))
    assert "purged-unproven" in codes(found_in(archived), "log")
