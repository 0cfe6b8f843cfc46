from __future__ import annotations

import json
from pathlib import Path

import pytest

from presskit.archive.store import Archive
from tests.archive.forgery import archive_of, facts_of, kept
from tests.cli.conftest import Call, GoTo, Said
from tests.signed_office import SLUG

CORRECTED = f"{SLUG}-correction"


def fine(said: Said) -> Said:
    assert said.code == 0, said.err
    return said


def test_a_correction_takes_the_same_sign_off_with_a_number_of_its_own(go_to: GoTo, call: Call) -> None:
    desk = go_to("archived")
    reason = "The bridge opens on Tuesday, not on Monday."
    said = fine(call("correct", SLUG, "--reason", reason))
    source = f"data/releases/{CORRECTED}/release.yaml"
    assert said.out == f"{source}\n"
    assert f"presskit check {CORRECTED}" in said.err
    desk.edit("opens on Monday", "opens on Tuesday", source)

    (stood,) = json.loads(fine(call("status", CORRECTED, "--json")).out)["releases"]
    assert {part["answer"] for part in stood["parts"]} == {"missing"}, "no approval is taken along"
    assert call("archive", CORRECTED, "--key", "clerk").code == 5

    closed = desk.clear(CORRECTED).closed
    assert closed is not None
    assert closed.reference == "2026-0002"
    assert reason in desk.built(CORRECTED)[f"{CORRECTED}.txt"].decode()
    assert (
        fine(call("archive", "--key", "clerk")).out
        == f"{SLUG}: version 1, there already\n{CORRECTED}: version 1\n"
    )
    facts = facts_of(kept(archive_of(desk), f"urn:presskit:example.org:{CORRECTED}"))
    assert (facts["corrects"], facts.get("withdraws"), facts["reference"]) == (SLUG, None, "2026-0002")
    assert "everything is as it was deposited" in fine(call("verify")).err


def test_a_withdrawal_takes_the_same_sign_off(go_to: GoTo, call: Call) -> None:
    desk = go_to("archived")
    fine(call("withdraw", SLUG, "--reason", "The opening is put off."))
    name = f"{SLUG}-withdrawal"
    (stood,) = json.loads(fine(call("status", name, "--json")).out)["releases"]
    assert (stood["parts"], stood["stage"]) == ([], "approved")
    fine(call("request", name, "--key", "clerk"))
    fine(call("sign", name, "--key", "lee"))
    assert "number: 2026-0002" in fine(call("sign", name, "--key", "kim")).out
    text = desk.built(name)[f"{name}.txt"].decode()
    assert "The opening is put off." in text
    assert "DRAFT" not in text
    fine(call("archive", name, "--key", "clerk"))
    assert facts_of(kept(archive_of(desk), f"urn:presskit:example.org:{name}"))["withdraws"] == SLUG
    first: Archive = archive_of(desk)
    assert len(first.versions(f"urn:presskit:example.org:{SLUG}")) == 1, "what went out stays as it was"


def test_a_second_correction_has_another_name(go_to: GoTo, call: Call) -> None:
    go_to("archived")
    fine(call("correct", SLUG, "--reason", "Once"))
    assert (
        fine(call("correct", SLUG, "--reason", "Twice")).out == f"data/releases/{CORRECTED}-2/release.yaml\n"
    )


@pytest.mark.parametrize("command", ["correct", "withdraw"])
def test_what_never_went_out_is_not_followed_up(go_to: GoTo, call: Call, command: str) -> None:
    desk = go_to("archived")
    desk.workspace.add(
        "data/releases/other/release.yaml", (desk.root / f"data/releases/{SLUG}/release.yaml").read_bytes()
    )
    said = call(command, "other", "--reason", "Wrong")
    assert (said.code, said.out) == (2, "")
    assert "this is not in the archive." in said.err
    assert [p.name for p in sorted(Path("data/releases").iterdir())] == [SLUG, "other"]


@pytest.mark.parametrize("command", ["correct", "withdraw"])
@pytest.mark.parametrize(
    ("reason", "told"), [("  ", "[reason-missing]"), ("a\u202eb", "[character-forbidden]")]
)
def test_a_reason_that_can_not_be_printed_is_refused(
    go_to: GoTo, call: Call, command: str, reason: str, told: str
) -> None:
    go_to("archived")
    said = call(command, SLUG, "--reason", reason)
    assert (said.code, said.out) == (2, "")
    assert told in said.err
    assert [p.name for p in Path("data/releases").iterdir()] == [SLUG]
