from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.conftest import Call, GoTo
from tests.cli.mail_office import MailOffice, lists, mail_office
from tests.signed_office import RELEASE, SLUG

OTHER = "bridge-opening-uk"
REPORTERS = """\
email,language,consent
city@daily.example.org,en-CA,published address
news@radio.example.org,en-GB,published address
"""


@pytest.fixture
def office(go_to: GoTo, call: Call) -> Iterator[MailOffice]:
    """An office with the same news in two languages."""
    desk = go_to("archived")
    desk.workspace.add(f"data/releases/{OTHER}/release.yaml", f"language: en-GB\n{RELEASE}".encode())
    desk.clear(OTHER)
    desk.archive(slug=OTHER)
    with mail_office(desk, call) as found:
        lists(desk, entries=REPORTERS)
        yield found


def test_everybody_gets_the_one_in_their_language(office: MailOffice) -> None:
    assert office.send(OTHER, "--list", "dailies", count=2).code == 0
    assert (office.states(), office.states(OTHER)) == (
        {"city@daily.example.org": "sent"},
        {"news@radio.example.org": "sent"},
    )


def test_what_a_correction_of_another_language_holds_up_is_told(office: MailOffice, call: Call) -> None:
    later = ("--at", "2099-07-30T09:00-04:00", "--clock-is-right")
    assert office.send(OTHER, "--list", "dailies", *later, count=2).code == 0
    assert call("correct", SLUG, "--reason", "It was the wrong day.").code == 0
    office.desk.clear(f"{SLUG}-correction")
    office.desk.archive(slug=f"{SLUG}-correction")
    corrected = office.send("--list", "dailies", slug=f"{SLUG}-correction", count=2)
    assert (office.states(), office.states(OTHER)) == (
        {"city@daily.example.org": "cancelled"},
        {"news@radio.example.org": "waiting"},
    )
    assert corrected.code == 6
    for said in (corrected, call("outbox", "run")):
        assert f"presskit outbox go-on {SLUG}  [mailing-held]" in said.err
    assert call("outbox", "go-on", SLUG).code == 0
    assert "next at 2099-07-30 09:00:00" in call("outbox", "run").out
