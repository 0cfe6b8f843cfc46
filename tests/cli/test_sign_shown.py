from __future__ import annotations

import json
import os
import sys
from dataclasses import replace

import pytest

from presskit import pipeline
from presskit.errors import NotAllowed
from presskit.signoff.acts import Order
from tests.cli.conftest import GoTo, environment, program
from tests.signed_office import SLUG, Desk
from tests.signoff.office import key_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")


def at_a_terminal(*args: str, answers: str) -> tuple[int, str]:
    """Run presskit with a person at the terminal; the exit code, and all they saw."""
    import pty

    child, terminal = pty.fork()
    if child == 0:
        command = program(*args)
        os.execve(command[0], command, environment())
    os.write(terminal, answers.encode())
    seen = b""
    try:
        while piece := os.read(terminal, 65_536):
            seen += piece
    except OSError:  # Linux ends so when the program has
        pass
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), seen.decode().replace("\r\n", "\n")


def records(desk: Desk) -> int:
    return len(list((desk.root / "data/releases" / SLUG / "sign-off").glob("*.dsse.json")))


def test_a_speaker_is_shown_her_own_words_and_no_others_before_she_signs(go_to: GoTo) -> None:
    desk = go_to("requested")
    code, seen = at_a_terminal("sign", SLUG, "--key", "dusto", answers="y\n")
    assert code == 0, seen
    assert "Acting Detective Inspector Dan Dusto, IJFS Lead:\n\nWe walk across it together." in seen
    assert "It opens on Monday." not in seen
    assert "approved: quote.dusto@en-CA" in seen
    assert records(desk) == 2


def test_an_officer_is_shown_the_whole_release_as_it_would_go_out(go_to: GoTo) -> None:
    go_to("approved")
    code, seen = at_a_terminal("sign", SLUG, "--key", "lee", answers="y\n")
    assert code == 0, seen
    assert "It opens on Monday." in seen
    assert "DRAFT" not in seen
    assert "approved: the whole kit" in seen


def test_who_says_no_has_signed_nothing(go_to: GoTo) -> None:
    desk = go_to("requested")
    code, seen = at_a_terminal("sign", SLUG, "--key", "dusto", answers="n\n")
    assert (code, records(desk)) == (130, 1), seen


def test_with_yes_nobody_is_asked(go_to: GoTo) -> None:
    go_to("requested")
    code, seen = at_a_terminal("sign", SLUG, "--key", "dusto", "--yes", "--json", answers="")
    assert code == 0, seen
    assert "We walk across it together." not in seen
    assert json.loads(seen[seen.index("{") :])["exit_code"] == 0


@pytest.mark.parametrize(("who", "scope"), [("dusto", "quote.dusto"), ("lee", "kit")])
def test_words_that_changed_since_they_were_shown_are_not_signed(go_to: GoTo, who: str, scope: str) -> None:
    desk = go_to("approved" if who == "lee" else "requested")
    order = Order(scopes=(scope,))
    shown = pipeline.to_be_signed(SLUG, desk.office, key_of(who), order)
    before = records(desk)
    desk.edit("We walk across it together.", "We never walk across it.")
    with pytest.raises(NotAllowed) as raised:
        pipeline.sign(SLUG, desk.office, key_of(who), replace(order, seen=shown.seen))
    assert [problem.code for problem in raised.value.problems] == ["words-changed"]
    assert records(desk) == before


def test_who_may_not_sign_the_kit_is_told_so_before_being_shown_it(go_to: GoTo) -> None:
    go_to("approved")
    code, seen = at_a_terminal("sign", SLUG, "--key", "clerk", "--scope", "kit", answers="y\n")
    assert code == 5, seen
    assert "has none of the roles that clear a kit" in seen
    assert "It opens on Monday." not in seen
