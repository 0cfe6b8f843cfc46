from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from presskit.signoff.envelope import payload_in
from presskit.signoff.requests import open_requests, passage_of
from tests.signed_office import NOW, SLUG, Desk, Stages
from tests.signoff.office import FIRE, QUOTE, SmallOffice, start
from tests.writers.pdf.anatomy import opened, painted


def papers(desk: Desk) -> dict[str, bytes]:
    folder = desk.root / "output" / SLUG / "requests"
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


@pytest.fixture
def asked(stages: Stages, tmp_path: Path) -> dict[str, bytes]:
    return papers(stages.copy("requested", tmp_path / "office"))


def test_everybody_who_is_missing_gets_a_request_and_nobody_else(tmp_path: Path) -> None:
    office: SmallOffice = start(tmp_path)
    assert [r.principal for r in open_requests(office.standing(), NOW)] == [
        "person:mayor",
        "agency:fire",
        "agency:police",
    ]
    office.approve("person:mayor", QUOTE)
    office.reject("agency:fire", FIRE)
    asked = open_requests(office.standing(), NOW)
    assert [r.principal for r in asked] == ["agency:fire", "agency:police"]
    assert asked[0].name == "agency-fire"


def test_each_gets_a_sheet_in_three_forms_and_a_file_to_sign(asked: dict[str, bytes]) -> None:
    assert list(asked) == [
        f"{who}{suffix}"
        for who in ("agency-opp", "person-dusto")
        for suffix in (".docx", ".pdf", ".statement", ".txt")
    ]


def words_of(name: str, content: bytes) -> str:
    if name.endswith(".pdf"):
        return " ".join(shown.text for shown in painted(opened(content)).shown)
    if name.endswith(".docx"):
        with zipfile.ZipFile(io.BytesIO(content)) as found:
            return found.read("word/document.xml").decode()
    return content.decode()


@pytest.mark.parametrize("suffix", [".docx", ".pdf", ".txt"])
def test_a_sheet_shows_ones_own_words_and_nobody_elses(asked: dict[str, bytes], suffix: str) -> None:
    speaker = words_of(suffix, asked[f"person-dusto{suffix}"])
    agency = words_of(suffix, asked[f"agency-opp{suffix}"])
    assert ("We walk across it together." in speaker, "We walk across" in agency) == (True, False)
    assert ("Ontario Provincial Police" in agency, "Ontario Provincial Police" in speaker) == (True, False)
    assert "It opens on Monday." not in speaker + agency, "the rest of the release is not theirs to see"


def test_the_file_to_sign_is_about_exactly_the_words_on_the_sheet(tmp_path: Path) -> None:
    standing = start(tmp_path).standing()
    request = open_requests(standing, NOW)[0]
    (part,) = request.parts
    assert passage_of(part).words == ("Nobody should have to choose between rent and a doctor.",)
    assert payload_in(request.message)
    assert f'"sha256":"{part.digest}"'.encode() in request.message


def test_a_statement_carries_the_decision_the_approver_is_asked_for(asked: dict[str, bytes]) -> None:

    said = json.loads(payload_in(asked["agency-opp.statement"]))
    assert said["predicate"]["decision"] == "approve"
    assert said["predicate"]["principal"] == "agency:opp"
    assert [subject["name"] for subject in said["subject"]] == [
        "example.org/bridge-opening#block:mention.opp@en-CA"
    ]


def test_a_sheet_that_is_asked_of_nobody_now_is_taken_away_and_an_answer_is_not(
    stages: Stages, tmp_path: Path
) -> None:
    desk = stages.copy("requested", tmp_path / "office")
    requests = desk.root / "output" / SLUG / "requests"
    answer = requests / "agency-opp.statement.sig"
    answer.write_text("an answer", "utf-8")
    assert (requests / "agency-opp.pdf").exists()
    desk.edit("agencies: [opp]", "agencies: [durham]")
    desk.request()
    assert not list(requests.glob("agency-opp.p*")) and not (requests / "agency-opp.statement").exists()
    assert (requests / "agency-durham.pdf").exists()
    assert answer.read_text("utf-8") == "an answer"
