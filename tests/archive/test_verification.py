from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from presskit import pipeline
from presskit.archive.contents import FACTS
from presskit.errors import WrongUsage
from presskit.signoff.canon import canonical
from tests.archive.forgery import CLERK, Files, archive_of, codes, forge, kept
from tests.signed_office import OBJECT, RING_OBJECT, SLUG, Desk, Stages
from tests.signoff.office import key_of


def test_it_says_how_much_was_looked_at_and_by_which_ring(archived: Desk) -> None:
    found = pipeline.verify(archived.office, (), [archive_of(archived).checkpoint()])
    assert (found.objects, found.versions, found.checkpoints, found.findings) == (2, 2, 1, ())
    assert found.key_ring == archived.office.ledger().ring.founding


def test_one_release_is_looked_at_with_the_key_ring(archived: Desk) -> None:
    assert pipeline.verify(archived.office, [SLUG]).objects == 2


def test_all_names_that_were_never_archived_are_told_at_once(archived: Desk) -> None:
    with pytest.raises(WrongUsage) as error:
        pipeline.verify(archived.office, [SLUG, "other", "third"])
    assert [p.place.file for p in error.value.problems] == ["release other", "release third"]


def test_a_named_release_that_is_gone_is_damage_and_not_wrong_usage(archived: Desk) -> None:
    shutil.rmtree(archive_of(archived).site.folder(OBJECT))
    assert "object-removed" in codes(pipeline.verify(archived.office, [SLUG]).findings, "log")


def test_without_the_archives_ring_nothing_is_proved(archived: Desk) -> None:
    shutil.rmtree(archive_of(archived).site.folder(RING_OBJECT))
    found = pipeline.verify(archived.office).findings
    assert "object-removed" in codes(found, "log")
    assert {"list-unsigned", "record-left-out"} <= codes(found)


def test_an_unreadable_ring_is_told_and_the_offices_own_proves_the_rest(archived: Desk) -> None:
    def garble(files: Files) -> None:
        files["positions.json"] = b"[]"

    forge(archived, garble, object_id=RING_OBJECT, signer=CLERK)
    found = pipeline.verify(archived.office).findings
    assert "ring-unreadable" in codes(found)
    assert {f.object_id for f in found if f.layer == "signature"} == {RING_OBJECT}


def test_an_office_that_changes_its_domain_keeps_what_it_archived(archived: Desk) -> None:
    archived.edit("domain: example.org", "domain: press.example.org", "data/house.yaml")
    found = pipeline.verify(archived.office)
    assert (found.objects, found.findings) == (2, ())


def test_a_rejection_that_the_depositor_left_out_is_known_to_the_offices_log(
    stages: Stages, tmp_path: Path
) -> None:
    signed = stages.copy("signed", tmp_path / "office")
    signed.reject("lee", "kit")
    signed.sign("lee")
    signed.minutes += 5
    signed.archive()
    assert pipeline.verify(signed.office).findings == ()
    rejection = next(name for name in kept(archive_of(signed), OBJECT) if "-reject-" in name)

    def leave_out(files: Files) -> None:
        del files[rejection]
        facts = json.loads(files[FACTS])
        facts["log"] = [entry for entry in facts["log"] if entry["record"] != rejection]
        files[FACTS] = canonical(facts)

    forge(signed, leave_out, signer=CLERK)
    found = [f for f in pipeline.verify(signed.office).findings if f.layer == "signature"]
    assert [(f.code, f.file) for f in found] == [("record-withheld", rejection)]


@pytest.mark.parametrize("name", ["swapped", "added"])
def test_a_key_file_that_is_none_of_the_offices_is_named(archived: Desk, name: str) -> None:
    root = archive_of(archived).root
    (own,) = root.glob("key-*.pem")
    file = own if name == "swapped" else root / "key-0123456789abcdef.pem"
    file.write_bytes(key_of("stranger").public.pem)
    found = pipeline.verify(archived.office).findings
    assert [(f.code, f.file) for f in found] == [("key-file-wrong", file.name)]
