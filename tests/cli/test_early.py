"""That a release under embargo is sent before its time, approved and taken back by the command line."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from tests.cli.conftest import Call, GoTo, Said
from tests.cli.test_sign_shown import at_a_terminal, records
from tests.signed_office import SLUG, Desk

TIME = "2026-11-24T09:00:00-05:00"


@pytest.fixture
def desk(go_to: GoTo) -> Desk:
    """An office with a release under embargo, signed off."""
    desk = go_to("founded")
    desk.edit("dateline:", "embargo: 2026-11-24T09:00-05:00\ndateline:")
    desk.clear()
    return desk


def fine(said: Said) -> Said:
    assert said.code == 0, said.err
    return said


def row(call: Call) -> str:
    """What status says of it."""
    lines = fine(call("status", SLUG)).out.splitlines()
    (found,) = (line.split(maxsplit=3)[3] for line in lines if line.startswith("  early "))
    return found


def data(call: Call) -> Any:
    (found,) = json.loads(fine(call("status", SLUG, "--json")).out)["releases"]
    return found["early"]


def test_it_is_approved_shown_and_taken_back(desk: Desk, call: Call) -> None:
    assert row(call) == "not approved: nobody gets it before its time"
    signed = fine(call("sign", SLUG, "--key", "lee", "--scope", "early"))
    assert signed.out == "approved: sending it to trusted lists before its time\n"
    given = "approved by Inspector Lee with a key on 2026-11-23: trusted lists may get it before its time"
    assert row(call) == given
    taken = fine(call("reject", SLUG, "--key", "lee", "--scope", "early", "--reason", "An outlet broke it"))
    assert taken.out == "rejected: sending it to trusted lists before its time\n"
    why = "rejected by Inspector Lee with a key on 2026-11-23: An outlet broke it"
    assert row(call) == f"{why}; nobody gets it before its time"
    assert "bridge-opening: signed off\n" in fine(call("status", SLUG)).out


def test_programs_read_how_it_stands(desk: Desk, call: Call) -> None:
    before = data(call)
    digest = before.pop("digest")
    assert before == {"scope": "early@en-CA", "approved": False, "by": None, "at": None, "record": None}
    answer = json.loads(fine(call("sign", SLUG, "--key", "kim", "--scope", "early", "--json")).out)
    assert (answer["scopes"], answer["signed_off"]) == (["early"], False)
    after = data(call)
    assert after.pop("at").startswith("2026-11-23T")
    assert after == {
        "scope": "early@en-CA",
        "digest": digest,
        "approved": True,
        "by": "person:kim",
        "record": answer["records"][0],
    }


def test_without_an_embargo_there_is_no_row_and_nothing_to_sign(go_to: GoTo, call: Call) -> None:
    go_to("signed")
    assert "early" not in fine(call("status", SLUG)).out
    assert data(call) is None
    said = call("sign", SLUG, "--key", "lee", "--scope", "early")
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        "release bridge-opening: scope: this release has no embargo, so nobody can get it before its time.\n"
        "    fix: leave out --scope early, or write the embargo into release.yaml.  [embargo-missing]\n"
    )


def test_who_edited_the_words_or_clears_no_kits_does_not_let_it_out(desk: Desk, call: Call) -> None:
    said = call("sign", SLUG, "--key", "clerk", "--scope", "early")
    assert said.code == 5
    assert "The Clerk has none of the roles that clear a kit: release." in said.err
    assert "The Clerk has edited these words last, and nobody clears their own words." in said.err
    assert row(call) == "not approved: nobody gets it before its time"


def test_an_edit_asks_for_it_anew(desk: Desk, call: Call) -> None:
    fine(call("sign", SLUG, "--key", "lee", "--scope", "early"))
    desk.edit("09:00-05:00", "10:00-05:00")
    assert row(call) == "not approved: nobody gets it before its time"
    desk.request()
    fine(call("sign", SLUG, "--key", "lee", "--scope", "early"))
    assert row(call).endswith("trusted lists may get it before its time, once it is signed off")


def test_a_part_that_there_is_not_is_told_with_all_there_is(desk: Desk, call: Call) -> None:
    said = call("sign", SLUG, "--key", "lee", "--scope", "erly")
    assert said.code == 2
    assert "choose one of: quote.dusto, mention.opp, kit, early." in said.err


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 130)])
def test_whoever_lets_it_out_sees_the_release_and_the_time(desk: Desk, answer: str, code: int) -> None:
    before = records(desk)
    found, seen = at_a_terminal("sign", SLUG, "--key", "lee", "--scope", "early", answers=answer)
    assert found == code, seen
    assert "It opens on Monday." in seen
    assert f"Trusted lists may get this before its time, {TIME}." in seen
    assert "DRAFT" not in seen
    assert records(desk) == before + (code == 0)
