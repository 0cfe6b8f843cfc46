from __future__ import annotations

from pathlib import Path

import pytest

from presskit.signoff.words import kit_words, part_words, stage_words
from tests.signoff.office import FIRE, POLICE, QUOTE, SmallOffice, start


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    return start(tmp_path)


def kit(office: SmallOffice) -> tuple[str, ...]:
    standing = office.standing()
    return kit_words(standing.scopes, standing.state)


def parts(office: SmallOffice) -> dict[str, str]:
    return {found.part.name: part_words(found) for found in office.state().parts}


def set_policy(office: SmallOffice, lines: str) -> None:
    house = office.root / "data/house.yaml"
    house.write_text(house.read_text("utf-8") + f"sign_off:\n{lines}", "utf-8")


NEEDS_TWO = "needs 2 people with the role “release”, none of them its last editor"


def test_nobody_has_answered(office: SmallOffice) -> None:
    assert stage_words(office.state()) == "in review: 3 of 3 parts are not approved"
    assert set(parts(office).values()) == {"not approved yet"}
    assert kit(office) == ("not put forward by an editor yet", NEEDS_TWO)


def test_some_have_answered_each_in_their_way(office: SmallOffice) -> None:
    office.submit()
    office.approve("person:mayor", QUOTE)
    office.vouch("agency:fire", FIRE)
    assert stage_words(office.state()) == "in review: 1 of 3 parts is not approved"
    assert parts(office) == {
        QUOTE: "approved with a key on 2026-11-23",
        FIRE: "approved by mail on 2026-11-23, vouched for by Press Officer",
        POLICE: "not approved yet",
    }
    assert kit(office)[0] == "put forward by editor"


def test_a_part_is_rejected_with_its_reason(office: SmallOffice) -> None:
    office.reject("person:mayor", QUOTE, reason="I did not say that")
    assert parts(office)[QUOTE] == "rejected with a key on 2026-11-23: I did not say that"


def test_words_have_changed_since_they_were_approved(office: SmallOffice) -> None:
    office.approve("person:mayor", QUOTE)
    office.approve("agency:fire", FIRE)
    office.edit("Nobody should have to choose", "Everybody has to choose")
    assert parts(office)[QUOTE] == "other words were approved with a key on 2026-11-23; these are not"
    assert parts(office)[FIRE] == "approved with a key on 2026-11-23; the rest has changed since"


def test_an_office_that_accepts_no_change_elsewhere_says_so(office: SmallOffice) -> None:
    set_policy(office, "  rest_changed: void\n")
    office.approve("agency:fire", FIRE)
    office.edit("six rooms", "seven rooms")
    told = "but the rest has changed since, which this office does not accept"
    assert parts(office)[FIRE] == f"approved with a key on 2026-11-23, {told}"


def test_all_parts_are_approved_and_the_office_is_not_through(office: SmallOffice) -> None:
    office.approve_all()
    office.sign_kit("person:chief")
    assert stage_words(office.state()) == "all parts are approved, and the office has not signed it off yet"
    assert kit(office) == (
        "put forward by editor",
        "signed by Head of Media (release) with a key on 2026-11-23",
        NEEDS_TWO,
    )


def test_the_office_holds_a_kit_up(office: SmallOffice) -> None:
    office.approve_all()
    office.reject_kit("person:chief", "The day is not confirmed")
    assert stage_words(office.state()) == "all parts are approved, and the office holds it up"
    assert "rejected by Head of Media with a key on 2026-11-23: The day is not confirmed" in kit(office)


def test_a_kit_is_signed_off_with_its_number(office: SmallOffice) -> None:
    office.clear()
    assert stage_words(office.state()) == "signed off"
    assert kit(office) == (
        "put forward by editor",
        "signed by Head of Media (release) with a key on 2026-11-23",
        "signed by Deputy Head of Media (release) with a key on 2026-11-23",
        "number 2025-14",
    )


def test_a_broken_glass_is_said_for_ever(office: SmallOffice) -> None:
    office.approve_all()
    office.sign_kit("person:chief", break_glass=True, reason="a flood")
    broken = "BREAK-GLASS by Head of Media with a key on 2026-11-23: a flood"
    assert stage_words(office.state()) == "signed off by break-glass; a second approval is owed"
    assert {broken, "a second approval by somebody else is owed"} <= set(kit(office))
    office.sign_kit("person:deputy")
    assert stage_words(office.state()) == "signed off"
    assert broken in kit(office)
    assert "a second approval by somebody else is owed" not in kit(office)


def test_a_signature_that_does_not_count_is_said_with_the_reason(office: SmallOffice) -> None:
    office.approve_all()
    office.sign_kit("person:chief")
    office.submit("person:chief")
    told = "signature of Head of Media does not count: Head of Media has edited these words last"
    assert told in kit(office)
    assert kit(office)[0] == "put forward by editor and chief"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("  quorum: 1\n", "needs one person with the role “release”, none of them its last editor"),
        (
            "  roles: [release, legal]\n",
            "needs 2 people, at least one for each of: release, legal, none of them its last editor",
        ),
    ],
)
def test_what_the_office_needs_is_said_in_words(office: SmallOffice, lines: str, told: str) -> None:
    set_policy(office, lines)
    assert told in kit(office)


def test_a_release_with_one_part_speaks_of_its_only_part(office: SmallOffice) -> None:
    office.edit('  - intro: "Partner agencies who help include:"\n    agencies: [fire, police]\n', "")
    office.edit("    members_of: partners\n    lead_agency: fire\n", "")
    assert stage_words(office.state()) == "in review: its only part is not approved"
