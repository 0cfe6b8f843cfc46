from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from presskit import pipeline
from presskit.archive.contents import FACTS, REGISTERS, release_id, ring_id
from presskit.archive.keeping import Keeper, archived_ring, signed_off
from presskit.archive.opening import archived_file
from presskit.errors import BadSettings, NotAllowed
from presskit.pipeline.building import build_signed
from presskit.signoff.allowed import hand_of
from presskit.signoff.canon import digest
from tests.archive.forgery import archive_of, found_in, kept
from tests.signed_office import OBJECT, RING_OBJECT, SLUG, Desk, Stages
from tests.signoff.office import key_of


@dataclass(frozen=True, slots=True)
class Slow(Keeper):
    """A keeper who, between looking and depositing, is overtaken by Lee."""

    desk: Desk
    overtaken: list[str]

    def _newest(self, object_id: str) -> tuple[int, Mapping[str, bytes]]:
        found = Keeper._newest(self, object_id)
        if object_id not in self.overtaken:
            self.overtaken.append(object_id)
            self.desk.archive("lee")
        return found


@pytest.fixture
def signed(stages: Stages, tmp_path: Path) -> Desk:
    return stages.copy("signed", tmp_path / "office")


def test_who_is_overtaken_finds_it_there_already(signed: Desk) -> None:
    signed.archive("kim")
    signed.add_key("somebody")
    signed.edit("Monday", "Tuesday")
    signed.request()
    signed.sign("lee")
    signed.sign("kim")
    office = signed.office
    draft = office.load(SLUG).draft
    standing = office.standing(draft)
    holder = hand_of(key_of("clerk"), standing.ledger.ring, office.workspace).holder
    keeper = Slow(archive_of(signed), key_of("clerk"), holder, office.workspace, signed, [])
    done = keeper.keep(draft, standing, build_signed(SLUG, office, standing), office.pack_digest("en-CA"))
    assert keeper.overtaken == [RING_OBJECT, OBJECT]
    assert (done.deposited.version, done.deposited.is_new) == (2, False)
    archive = archive_of(signed)
    assert (set(archive.versions(OBJECT)), set(archive.versions(RING_OBJECT))) == ({1, 2}, {1, 2})
    assert archive.versions(OBJECT)[2].user_name == "Inspector Lee"
    assert found_in(signed) == ()


def test_only_what_is_signed_off_has_a_closing_record(stages: Stages, tmp_path: Path, signed: Desk) -> None:
    closing = signed_off(signed.office.standing(signed.office.load(SLUG).draft))
    assert closing.decision.reference == "2026-0001"
    draft = stages.copy("approved", tmp_path / "draft")
    with pytest.raises(NotAllowed, match="sign-off-missing"):
        signed_off(draft.office.standing(draft.office.load(SLUG).draft))


def test_the_archives_own_ring_knows_everybody_who_signed(archived: Desk) -> None:
    ring = archived_ring(archive_of(archived), archived.office.registers.house.domain)
    assert ring == archived.office.ledger().ring


def test_an_archived_file_is_given_back_or_nothing(archived: Desk) -> None:
    office = archived.office
    name = f"{SLUG}.pdf"
    found = archived_file(office.registers.house, office.workspace, SLUG, name)
    assert found == archived.built()[name]
    assert archived_file(office.registers.house, office.workspace, SLUG, "other.pdf") is None
    assert archived_file(office.registers.house, office.workspace, "other", name) is None


def test_words_are_kept_so_that_their_digest_is_the_one_that_was_signed(archived: Desk) -> None:
    files = kept(archive_of(archived))
    parts = archived.office.standing(archived.office.load(SLUG).draft).scopes.parts
    assert {part.name: digest(files[f"words/{part.name.removeprefix('block:')}.json"]) for part in parts} == {
        part.name: part.digest for part in parts
    }


def test_facts_say_where_each_record_stands_in_the_log(archived: Desk) -> None:
    facts = json.loads(kept(archive_of(archived))[FACTS])
    assert [line["seq"] for line in facts["log"]] == [4, 5, 6, 7, 8]
    assert facts["log_lines"] == 9
    assert (facts["slug"], facts["state"], facts["break_glass"]) == (SLUG, "signed_off", False)
    assert "house" in json.loads(kept(archive_of(archived))[REGISTERS])


def test_ids_name_the_office_and_the_release() -> None:
    assert release_id("example.org", SLUG) == OBJECT
    assert ring_id("example.org") == RING_OBJECT


def test_a_file_where_the_archive_should_be_is_told_and_left_alone(signed: Desk) -> None:
    (signed.root / "output" / "archive").write_text("a file in the way")
    for act in (signed.archive, lambda: pipeline.verify(signed.office)):
        with pytest.raises(BadSettings, match="Not a directory") as refused:
            act()
        assert [problem.code for problem in refused.value.problems] == ["archive-foreign"]
    assert (signed.root / "output" / "archive").read_text() == "a file in the way"


def cut_off_the_last_record(desk: Desk) -> None:
    """What somebody does who wants a rejection never to have been: the log still hangs together."""
    log = desk.workspace.root / "data/sign-off/log.jsonl"
    *lines, last = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines))
    (desk.workspace.root / json.loads(last)["record"]).unlink()


def test_a_record_cut_off_the_log_is_missed_when_the_next_version_is_archived(signed: Desk) -> None:
    signed.reject("lee", "kit")
    signed.sign("lee")
    assert signed.archive() == 1
    cut_off_the_last_record(signed)
    cut_off_the_last_record(signed)
    assert signed.office.standing(signed.office.load(SLUG).draft).state.cleared
    with pytest.raises(NotAllowed) as raised:
        signed.archive()
    assert [problem.code for problem in raised.value.problems] == ["log-shortened"]
    assert set(archive_of(signed).versions(OBJECT)) == {1}


def test_a_ring_founded_anew_does_not_take_the_place_of_the_archived_one(signed: Desk) -> None:
    signed.archive()
    log = signed.workspace.root / "data/sign-off/log.jsonl"
    whole = log.read_bytes()
    signed.add_key("somebody")
    signed.archive()
    log.write_bytes(whole)
    with pytest.raises(NotAllowed) as raised:
        signed.archive()
    assert [problem.code for problem in raised.value.problems] == ["log-shortened"]


def test_who_has_no_role_in_the_office_deposits_nothing(signed: Desk) -> None:
    with pytest.raises(NotAllowed) as raised:
        signed.archive("dusto")
    assert [problem.code for problem in raised.value.problems] == ["role-lacking"]
    assert archive_of(signed).objects() == ()
