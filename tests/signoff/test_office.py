from __future__ import annotations

from pathlib import Path

from tests.signoff.office import start


def test_a_release_goes_from_review_to_its_sign_off(tmp_path: Path) -> None:
    office = start(tmp_path)
    assert office.state().stage == "in_review"
    office.approve_all()
    assert office.state().stage == "approved"
    office.sign_kit("person:chief")
    assert office.state().stage == "approved"
    office.sign_kit("person:deputy")
    assert office.state().stage == "signed_off"
    assert office.standing().problems() == ()
