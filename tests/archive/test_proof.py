from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from presskit.archive.contents import MANIFEST, POSITIONS, ring_files
from presskit.archive.proof import kept_state, read_ring
from tests.archive.forgery import (
    CLERK,
    Edit,
    Files,
    archive_of,
    codes,
    facts_of,
    forge,
    found_in,
    kept,
    layers,
    rebuild,
    record_by,
    resigned,
    reword,
    rewrite_log,
    set_facts,
    take_out,
)
from tests.signed_office import NOW, OBJECT, RELEASE, RING_OBJECT, SLUG, Desk, Stages
from tests.signoff.office import key_of

PDF = f"kit/{SLUG}.pdf"


def replace_the_pdf(files: Files) -> None:
    files[PDF] += b"%evil"


def edit_the_quote_in_the_source(files: Files) -> None:
    files["release.yaml"] = files["release.yaml"].replace(b"together", b"apart")


def change_who_approved(files: Files) -> None:
    name = record_by(files, "dusto")
    outer = json.loads(files[name])
    outer["signatures"][0]["keyid"] = key_of("lee").key_id
    files[name] = json.dumps(outer).encode()


def take_out_the_speakers_approval(files: Files) -> None:
    take_out(files, record_by(files, "dusto"))


def replay_the_sign_off_on_other_words(files: Files) -> None:
    reword(files, "together", "apart")


def take_out_the_evidence(files: Files) -> None:
    (name,) = (n for n in files if n.startswith("sign-off/evidence/"))
    del files[name]


def swap_the_evidence(files: Files) -> None:
    (name,) = (n for n in files if n.startswith("sign-off/evidence/"))
    files[name] = b"We do not agree."


def rename_the_release(files: Files) -> None:
    set_facts(files, slug="tunnel-opening")


def add_a_file_nobody_signed(files: Files) -> None:
    files["kit/extra.pdf"] = b"%PDF extra"


def take_out_a_signed_file(files: Files) -> None:
    del files[f"kit/{SLUG}.docx"]


def only_one_authority(files: Files) -> None:
    take_out(files, record_by(files, "lee"))


def nothing_but_a_pdf(files: Files) -> None:
    manifest = files[MANIFEST]
    files.clear()
    files.update({PDF: b"%PDF evil", MANIFEST: manifest})


def approve_earlier_than_the_key_was_added(files: Files) -> None:
    lines = facts_of(files)["log"]
    for line in lines:
        line["seq"] = 0 if "dusto" in line["record"] else line["seq"]
    set_facts(files, log=lines)


OUTSIDER: dict[Edit, set[str]] = {
    replace_the_pdf: {"file-not-signed", "kit-not-signed"},  # 06
    edit_the_quote_in_the_source: {"file-not-signed"},  # 07
    change_who_approved: {"file-not-signed", "record-left-out", "approval-missing"},  # 08
    take_out_the_speakers_approval: {"file-not-there", "file-not-signed", "approval-missing"},  # 09
    replay_the_sign_off_on_other_words: {"file-not-signed", "approval-missing"},  # 14
    take_out_the_evidence: {"file-not-there", "record-left-out", "approval-missing"},
    swap_the_evidence: {"file-not-signed", "record-left-out", "approval-missing"},
    rename_the_release: {"file-not-signed", "version-misplaced"},
    add_a_file_nobody_signed: {"file-not-listed", "kit-not-signed"},
    take_out_a_signed_file: {"file-not-there", "kit-not-signed"},
    only_one_authority: {"file-not-there", "file-not-signed", "sign-off-missing"},
}
"""What somebody without a key can do so that all digests fit → what the signatures say to it."""

INSIDER: dict[Edit, set[str]] = {
    replace_the_pdf: {"kit-not-signed"},  # 18
    change_who_approved: {"record-left-out", "approval-missing"},
    take_out_the_speakers_approval: {"approval-missing"},
    replay_the_sign_off_on_other_words: {"approval-missing"},
    take_out_the_evidence: {"record-left-out", "approval-missing"},
    swap_the_evidence: {"record-left-out", "approval-missing"},
    rename_the_release: {"version-misplaced"},
    add_a_file_nobody_signed: {"kit-not-signed"},
    take_out_a_signed_file: {"kit-not-signed"},
    only_one_authority: {"sign-off-missing"},
    approve_earlier_than_the_key_was_added: {"record-left-out", "approval-missing"},
    nothing_but_a_pdf: {"proof-unreadable"},
}
"""What the one who deposits can do, with a key of the ring → what the signatures of the others say to it."""


def test_a_version_made_by_the_pipeline_is_borne_out_by_its_signatures(archived: Desk) -> None:
    assert found_in(archived, archive_of(archived).checkpoint()) == ()


@pytest.mark.parametrize(("edit", "wanted"), OUTSIDER.items(), ids=[e.__name__ for e in OUTSIDER])
def test_what_is_changed_without_a_key_is_noticed_by_signatures_and_log(
    archived: Desk, edit: Edit, wanted: set[str]
) -> None:
    forge(archived, edit)
    found = found_in(archived)
    assert layers(found) == {"signature", "log"}
    assert codes(found) == wanted


@pytest.mark.parametrize(("edit", "wanted"), INSIDER.items(), ids=[e.__name__ for e in INSIDER])
def test_what_an_insider_changes_and_logs_anew_is_noticed_by_signatures_and_checkpoint(
    archived: Desk, edit: Edit, wanted: set[str]
) -> None:
    outside = archive_of(archived).checkpoint()
    forge(archived, edit, signer=CLERK)
    rewrite_log(archive_of(archived), CLERK)
    found = found_in(archived, outside)
    assert layers(found) == {"signature", "checkpoint"}
    assert codes(found) == wanted
    assert codes(found_in(archived)) == wanted, "the signatures do not need the checkpoint"


def test_one_release_served_as_another_is_noticed_by_signatures_and_log(archived: Desk) -> None:
    archived.workspace.add("data/releases/tunnel/release.yaml", RELEASE.replace("bridge", "tunnel").encode())
    archived.clear("tunnel")
    archived.archive(slug="tunnel")
    archive = archive_of(archived)
    rebuild(archive, OBJECT, [kept(archive, "urn:presskit:example.org:tunnel")])
    found = found_in(archived)
    assert layers(found) == {"signature", "log"}
    assert codes(found) == {"version-misplaced"}


def test_an_unsigned_version_on_top_is_noticed_by_signatures_and_log(archived: Desk) -> None:
    archive = archive_of(archived)
    first = kept(archive)
    rebuild(archive, OBJECT, [first, first | {PDF: b"%PDF evil"}])
    found = found_in(archived)
    assert layers(found) == {"signature", "log"}
    assert {finding.version for finding in found} == {2}


def test_a_list_of_files_signed_by_a_stranger_does_not_count(archived: Desk) -> None:
    forge(archived, lambda files: None, signer=key_of("stranger"))
    assert codes(found_in(archived)) == {"list-unsigned"}


def test_a_missing_list_of_files_is_noticed(archived: Desk) -> None:
    forge(archived, lambda files: files.pop(MANIFEST))
    assert "list-missing" in codes(found_in(archived))


def test_a_kit_deposited_by_hand_with_one_authority_is_noticed_by_signatures_alone(
    stages: Stages, archived: Desk, tmp_path: Path
) -> None:
    archive = archive_of(archived)
    files = kept(archive)
    only_one_authority(files)
    archive.deposit(
        OBJECT,
        resigned(files, CLERK),
        message="Signed off",
        user_name="The Clerk",
        user_address="",
        at=NOW,
        expect=1,
        signer=CLERK,
    )
    found = found_in(archived, archive.checkpoint())
    assert layers(found) == {"signature"}
    assert codes(found) == {"sign-off-missing"}


@pytest.mark.parametrize("name", [POSITIONS, "a ring record"])
def test_a_key_ring_that_lost_a_file_is_said_to_be_unreadable(archived: Desk, name: str) -> None:
    def lose(files: Files) -> None:
        del files[name if name in files else next(n for n in files if n.startswith("ring/"))]

    forge(archived, lose, object_id=RING_OBJECT, signer=CLERK)
    assert "ring-unreadable" in codes(found_in(archived))


@pytest.mark.parametrize("content", [b"[]", b"{}", b'{"ring": 1}', b"not JSON", b'{"ring": [{}]}'])
def test_a_key_ring_with_garbled_positions_is_said_to_be_unreadable(archived: Desk, content: bytes) -> None:
    forge(archived, lambda files: files.update({POSITIONS: content}), object_id=RING_OBJECT, signer=CLERK)
    assert "ring-unreadable" in codes(found_in(archived))


@pytest.mark.parametrize("content", [b"[]", b"{}", b"not JSON", b'{"log": 7}', b'{"log": [{"record": "x"}]}'])
def test_garbled_facts_are_said_to_prove_nothing(archived: Desk, content: bytes) -> None:
    forge(archived, lambda files: files.update({"version.json": content}), signer=CLERK)
    assert codes(found_in(archived)) == {"proof-unreadable"}


def test_a_key_ring_founded_by_somebody_else_is_noticed(
    archived: Desk, stages: Stages, tmp_path: Path
) -> None:
    other = stages.copy("founded", tmp_path / "other")
    shutil.rmtree(other.root / "data" / "sign-off")
    other.add_key("clerk", "other-clerk", key=key_of("other-clerk"))
    other.add_key("lee", "other-clerk")
    foreign = ring_files(other.office.ledger(), other.workspace)

    def replace_the_ring(files: Files) -> None:
        for name in [n for n in files if n.startswith("ring/")]:
            del files[name]
        files.update(foreign)

    forge(archived, replace_the_ring, object_id=RING_OBJECT, signer=CLERK)
    rewrite_log(archive_of(archived), CLERK)
    assert {"ring-differs", "list-unsigned", "record-left-out"} <= codes(found_in(archived))


def test_a_ring_rolled_back_is_noticed_by_the_log(archived: Desk) -> None:
    archived.add_key("new-clerk")
    archived.edit("Monday", "Tuesday")
    archived.request()
    archived.sign("lee")
    archived.sign("kim")
    archived.archive()
    archive = archive_of(archived)
    assert len(archive.versions(RING_OBJECT)) == 2
    rebuild(archive, RING_OBJECT, [kept(archive, RING_OBJECT, 1)])
    assert "version-removed" in codes(found_in(archived), "log")


def test_words_and_records_of_a_version_say_how_it_stood(archived: Desk) -> None:
    archive = archive_of(archived)
    state = kept_state(kept(archive), read_ring(kept(archive, RING_OBJECT)))
    assert state.cleared
    assert [part.part.principal for part in state.parts] == ["agency:opp", "person:dusto"]
    assert [signer.signer.principal for signer in state.kit.signers] == ["person:lee", "person:kim"]
