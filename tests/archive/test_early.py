"""A release that was approved to be sent before its time, in the archive."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from presskit import pipeline
from presskit.archive.proof import kept_state, read_ring
from presskit.archive.readme import README
from presskit.signoff.canon import canonical, digest
from presskit.signoff.scopes import Scope, scopes_from
from presskit.signoff.standing import stand_on
from tests.archive.forgery import CLERK, Files, archive_of, codes, forge, found_in, kept, record_by
from tests.signed_office import RING_OBJECT, SLUG, Desk, Stages

WORDS = ["words/kit@en-CA.json", "words/mention.opp@en-CA.json", "words/quote.dusto@en-CA.json"]
EMBARGO = "2026-11-24T09:00:00-05:00"


@pytest.fixture
def desk(stages: Stages, tmp_path: Path) -> Desk:
    """An office with a release under embargo, signed off."""
    desk = stages.copy("founded", tmp_path / "office")
    desk.edit("dateline:", "embargo: 2026-11-24T09:00-05:00\ndateline:")
    desk.clear()
    return desk


def words_in(files: Files) -> dict[str, bytes]:
    return {name.removeprefix("words/"): c for name, c in files.items() if name.startswith("words/")}


def may_go_early(desk: Desk, version: int) -> bool:
    """Whether it was approved when a version was deposited, by what the archive holds."""
    archive = archive_of(desk)
    state = kept_state(kept(archive, version=version), read_ring(kept(archive, RING_OBJECT)))
    assert state.cleared
    assert state.left_out == ()
    return state.early is not None


def checked_by_a_stranger(desk: Desk) -> None:
    """Run the archive's own shell script over it, where jq and openssl are."""
    if os.environ.get("CI") == "true" or (shutil.which("jq") and shutil.which("openssl")):
        root = archive_of(desk).root
        done = subprocess.run(
            ["sh", "verify50.sh", "."], cwd=root, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stdout


def test_the_approval_is_archived_with_the_rest_and_all_of_it_verifies(desk: Desk) -> None:
    desk.sign("lee", "early")
    assert desk.archive() == 1
    files = kept(archive_of(desk))
    assert [name for name in files if name.startswith("words/")] == WORDS
    assert may_go_early(desk, 1)
    assert found_in(desk, archive_of(desk).checkpoint()) == ()
    checked_by_a_stranger(desk)


def test_a_version_from_before_the_approval_stays_in_order_and_the_next_one_holds_it(desk: Desk) -> None:
    assert desk.archive() == 1
    desk.sign("kim", "early")
    assert found_in(desk) == ()
    sent = stand_on(words_in(kept(archive_of(desk))), desk.workspace)
    assert (sent.state.cleared, sent.state.early is not None) == (True, True)
    assert desk.archive() == 2
    desk.reject("kim", "early")
    assert not stand_on(words_in(kept(archive_of(desk))), desk.workspace).state.early
    assert desk.archive() == 3
    assert [may_go_early(desk, version) for version in (1, 2, 3)] == [False, True, False]
    first, *others = (words_in(kept(archive_of(desk), version=version)) for version in (1, 2, 3))
    assert others == [first, first]
    assert found_in(desk, archive_of(desk).checkpoint()) == ()
    checked_by_a_stranger(desk)


def test_a_version_made_by_an_insider_without_the_rejection_is_noticed(desk: Desk) -> None:
    desk.sign("kim", "early")
    desk.reject("kim", "early", reason="An outlet broke it.")
    desk.sign("lee", "early")
    desk.archive()

    def leave_the_rejection_out(files: Files) -> None:
        (rejected,) = (name for name in files if "-reject-person-kim-" in name)
        facts = json.loads(files["version.json"])
        facts["log"] = [line for line in facts["log"] if line["record"] != rejected]
        files["version.json"] = canonical(facts)
        del files[rejected]

    assert not may_go_early(desk, 1)
    forge(desk, leave_the_rejection_out, signer=CLERK)
    assert may_go_early(desk, 1)
    assert "record-withheld" in {finding.code for finding in found_in(desk)}


def test_a_forged_approval_is_told(desk: Desk) -> None:
    desk.sign("lee", "early")
    desk.archive()
    approvals = [n for n in kept(archive_of(desk)) if "-approve-person-lee-" in n]

    def put_kims_name_to_it(files: Files) -> None:
        outer = json.loads(files[approvals[-1]])
        outer["signatures"][0]["keyid"] = json.loads(files[record_by(files, "kim")])["signatures"][0]["keyid"]
        files[approvals[-1]] = json.dumps(outer).encode()

    assert len(approvals) == 2
    forge(desk, put_kims_name_to_it, signer=CLERK)
    assert codes(found_in(desk)) == {"record-left-out"}


def test_the_audit_report_says_who_let_it_out(desk: Desk) -> None:
    desk.sign("lee", "early")
    desk.archive()
    (row,) = (a for a in pipeline.audit(SLUG, desk.office).report.approvals if a.scope == "early@en-CA")
    assert (row.who, row.role) == ("Inspector Lee", "release")


def test_a_release_without_an_embargo_is_archived_as_ever(archived: Desk) -> None:
    files = kept(archive_of(archived))
    assert [name for name in files if name.startswith("words/")] == WORDS
    assert scopes_from(words_in(files)).early is None


def test_what_the_archive_tells_a_stranger_gives_what_was_signed(desk: Desk) -> None:
    desk.archive()
    words = words_in(kept(archive_of(desk)))
    kit = words["kit@en-CA.json"]
    (line,) = (line for line in README.splitlines() if line.startswith('{"early"'))
    line = line.replace("SHA-256 of words/kit@....json", digest(kit))
    for filled in (EMBARGO, f"example.org/{SLUG}", "en-CA"):
        line = line.replace('"..."', f'"{filled}"', 1)
    assert scopes_from(words).early == Scope("early@en-CA", line.encode())
