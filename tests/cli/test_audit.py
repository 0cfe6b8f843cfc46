from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.signed_office import SLUG, Desk


@pytest.fixture
def here(archived: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """An office with an archived release; the current folder is its top."""
    monkeypatch.chdir(archived.root)
    return archived


def test_the_report_s_path_is_printed_and_what_it_counts(here: Desk, call: Call) -> None:
    said = call("audit", SLUG)
    path = Path("output") / SLUG / f"{SLUG}-audit.pdf"
    assert (said.code, said.out) == (0, f"{path}\n")
    assert said.err == "1 version, 4 approvals, 0 rejections, 0 changes, 0 mailings.\n"
    assert path.read_bytes().startswith(b"%PDF-")


def test_programs_get_the_facts(here: Desk, call: Call) -> None:
    said = call("audit", SLUG, "--json")
    assert (said.code, said.err) == (0, "")
    facts = json.loads(said.out)
    assert (facts["command"], facts["exit_code"], facts["unprintable"]) == ("audit", 0, [])
    audit = facts["audit"]
    assert [a["who"] for a in audit["approvals"]][-2:] == ["Inspector Lee", "Inspector Kim"]
    assert audit["versions"][0]["at"].endswith("+00:00")
    assert {len(file["sha256"]) for file in audit["versions"][0]["files"]} == {64}
    assert audit["checkpoint"]["size"] == 2


def test_characters_that_were_replaced_are_told(here: Desk, call: Call) -> None:
    here.reject("dusto", "quote.dusto", reason="Not 桥.")
    here.sign("dusto", "quote.dusto")
    assert here.archive() == 2
    said = call("audit", SLUG)
    assert said.code == 0
    assert said.err.splitlines()[-1] == "no font of the theme has U+6865; the report prints their numbers."


def test_a_release_nobody_archived_has_no_report(here: Desk, call: Call) -> None:
    said = call("audit", "tunnel")
    assert (said.code, said.out) == (2, "")
    assert "this is not in the archive." in said.err


def test_a_damaged_archive_is_told_instead(here: Desk, call: Call) -> None:
    (pdf,) = (here.root / "output" / "archive").glob(f"**/kit/{SLUG}.pdf")
    pdf.write_bytes(pdf.read_bytes() + b"%")
    said = call("audit", SLUG)
    assert (said.code, said.out) == (7, "")
    assert "[archive-damaged]" in said.err
