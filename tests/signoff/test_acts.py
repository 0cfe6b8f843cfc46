from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from presskit.errors import NotAllowed, PresskitError, WrongUsage
from presskit.signoff.acts import Order
from presskit.signoff.keyring import adding, delegating, revoking
from presskit.signoff.keys import read_public
from presskit.signoff.ledger import LOG
from presskit.signoff.received import receive
from presskit.signoff.requests import open_requests
from presskit.signoff.ring_acts import change_ring
from tests.signoff.office import FIRE, POLICE, QUOTE, SmallOffice, key_of, start


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    return start(tmp_path)


def answer(office: SmallOffice, name: str = QUOTE) -> str:
    return next(found.answer for found in office.state().parts if found.part.name == name)


def everything(office: SmallOffice) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in office.root.rglob("*") if p.is_file() and p.name != ".lock"}


REFUSED: dict[str, tuple[str, str, Callable[[SmallOffice], object]]] = {
    "another person's quote": ("NotAllowed", "role-lacking", lambda o: o.approve("person:editor", QUOTE)),
    "another agency's mention": ("NotAllowed", "role-lacking", lambda o: o.approve("agency:fire", POLICE)),
    "one's own and another's": (
        "NotAllowed",
        "role-lacking",
        lambda o: o.approve("agency:fire", FIRE, POLICE),
    ),
    "for somebody else with a key": (
        "NotAllowed",
        "role-lacking",
        lambda o: o.order("person:editor", Order(scopes=("quote.mayor",), principal="person:mayor")),
    ),
    "vouching without being an officer": (
        "NotAllowed",
        "role-lacking",
        lambda o: o.vouch("person:mayor", QUOTE, by="person:chief"),
    ),
    "vouching without evidence": (
        "WrongUsage",
        "evidence-missing",
        lambda o: o.vouch("person:mayor", QUOTE, mail=b""),
    ),
    "a key nobody knows": ("NotAllowed", "key-not-counting", lambda o: o.approve("nobody", QUOTE)),
    "a kit with parts missing": ("NotAllowed", "approval-missing", lambda o: o.sign_kit("person:chief")),
    "a broken glass with parts missing": (
        "NotAllowed",
        "approval-missing",
        lambda o: o.sign_kit("person:chief", break_glass=True, reason="a flood"),
    ),
    "a rejection without a reason": (
        "WrongUsage",
        "reason-missing",
        lambda o: o.order("person:mayor", Order("reject", ("quote.mayor",), reason=" \n")),
    ),
    "a broken glass without a reason": (
        "WrongUsage",
        "reason-missing",
        lambda o: o.order("person:chief", Order(scopes=("kit",), break_glass=True)),
    ),
    "a part there is not": (
        "WrongUsage",
        "scope-unknown",
        lambda o: o.order("person:mayor", Order(scopes=("quote.nobody",))),
    ),
    "nothing that waits for them": (
        "WrongUsage",
        "scope-unknown",
        lambda o: o.order("person:editor", Order()),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_may_not_be_done_is_refused_and_nothing_is_written(office: SmallOffice, name: str) -> None:
    kind, code, act = REFUSED[name]
    before = everything(office)
    with pytest.raises(PresskitError) as refused:
        act(office)
    assert type(refused.value).__name__ == kind
    assert code in {problem.code for problem in refused.value.problems}
    assert everything(office) == before


@pytest.mark.parametrize("who", ["person:editor", "person:officer", "agency:fire", "person:keeper"])
def test_nobody_without_the_role_signs_the_kit(office: SmallOffice, who: str) -> None:
    office.approve_all()
    with pytest.raises(NotAllowed, match="none of the roles that clear a kit"):
        office.sign_kit(who)


def test_an_authority_who_put_the_words_forward_does_not_clear_them(office: SmallOffice) -> None:
    office.submit("person:chief")
    for who, name in (("person:mayor", QUOTE), ("agency:fire", FIRE), ("agency:police", POLICE)):
        office.approve(who, name)
    with pytest.raises(NotAllowed, match="nobody clears their own words"):
        office.sign_kit("person:chief")
    office.sign_kit("person:deputy")
    office.sign_kit("person:director")
    assert office.state().cleared


def test_putting_the_same_words_forward_again_records_nothing(office: SmallOffice) -> None:
    assert office.submit() is not None
    before = everything(office)
    assert office.submit() is None
    assert everything(office) == before


def test_break_glass_signs_off_with_one_authority_and_a_second_confirms(office: SmallOffice) -> None:
    office.approve_all()
    office.sign_kit("person:chief", break_glass=True, reason="a flood")
    state = office.state()
    assert (state.stage, state.kit.second_owed) == ("signed_off", True)
    office.sign_kit("person:deputy")
    state = office.state()
    assert (state.stage, state.kit.second_owed) == ("signed_off", False)
    assert state.break_glass is not None
    assert state.break_glass.decision.reason == "a flood"


def test_a_kit_that_was_rejected_is_not_signed_off_by_break_glass_either(office: SmallOffice) -> None:
    office.approve_all()
    office.reject_kit("person:director", "not today")
    before = everything(office)
    with pytest.raises(NotAllowed, match="rejected it: not today"):
        office.sign_kit("person:chief", break_glass=True, reason="a flood")
    assert everything(office) == before


def test_a_delegation_can_be_given_taken_back_and_given_again(office: SmallOffice) -> None:
    def delegate(ends: bool) -> None:
        change_ring(
            "delegate",
            key_of("person:mayor"),
            lambda head: delegating("person:mayor", "person:editor", after=head, ends=ends),
            office.workspace,
        )

    for ends, expected in ((False, "approved"), (True, None), (False, "approved")):
        delegate(ends)
        if expected is None:
            with pytest.raises(NotAllowed):
                office.approve("person:editor", QUOTE)
        else:
            office.approve("person:editor", QUOTE)
            assert answer(office) == expected
    assert office.ledger().ring.left_out == ()


def test_the_same_statement_about_the_ring_is_not_entered_twice(office: SmallOffice) -> None:
    keeper, chief = key_of("person:keeper"), key_of("person:chief")
    office.ring(revoking(chief.key_id, "lost", after="x"))
    office.ring(adding(chief.public, "person:chief", "Head of Media", ["release"], after="y"))
    office.ring(revoking(chief.key_id, "lost again", after="z"))
    again = adding(chief.public, "person:chief", "Head of Media", ["release"], after="y")
    before = everything(office)
    with pytest.raises(NotAllowed, match="copy of an earlier record"):
        change_ring("add", keeper, lambda _: again, office.workspace)
    assert everything(office) == before


def test_who_has_no_key_in_the_ring_changes_nothing_in_it(office: SmallOffice) -> None:
    before = everything(office)
    with pytest.raises(NotAllowed, match="not signed by somebody who may say so"):
        change_ring(
            "add",
            key_of("nobody"),
            lambda head: adding(key_of("nobody").public, "person:nobody", "Nobody", ["keeper"], after=head),
            office.workspace,
        )
    assert everything(office) == before


def test_a_ring_of_which_a_record_is_gone_is_not_changed_by_anybody(office: SmallOffice) -> None:
    min((office.root / "data/sign-off/ring").glob("0001-*.json")).unlink()
    before = everything(office)
    for who in ("nobody", "person:keeper"):
        with pytest.raises(NotAllowed) as refused:
            change_ring(
                "add",
                key_of(who),
                lambda head: adding(key_of("nobody").public, "person:x", "X", ["keeper"], after=head),
                office.workspace,
            )
        assert [problem.code for problem in refused.value.problems] == ["record-missing"]
    assert everything(office) == before


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\udc80"])
def test_a_reason_that_hides_words_is_refused_plainly(office: SmallOffice, hidden: str) -> None:
    before = everything(office)
    with pytest.raises(WrongUsage) as refused:
        office.reject("person:mayor", QUOTE, reason=f"not {hidden}this")
    assert [problem.code for problem in refused.value.problems] == ["character-forbidden"]
    assert everything(office) == before


def test_whoever_signed_the_kit_is_told_so_instead_of_signing_it_again(office: SmallOffice) -> None:
    office.approve_all()
    office.sign_kit("person:chief")
    for _ in ("before it is signed off", "and after"):
        before = everything(office)
        with pytest.raises(WrongUsage, match="has signed this kit already"):
            office.sign_kit("person:chief")
        assert everything(office) == before
        if not office.state().cleared:
            office.sign_kit("person:deputy")
    assert office.state().cleared


def test_a_signature_taken_back_is_given_again(office: SmallOffice) -> None:
    office.approve_all()
    office.sign_kit("person:chief")
    office.reject_kit("person:chief")
    office.sign_kit("person:deputy")
    assert not office.state().cleared
    office.sign_kit("person:chief")
    assert office.state().cleared


def test_a_reason_is_short_enough_to_be_shown(office: SmallOffice) -> None:
    before = everything(office)
    with pytest.raises(WrongUsage, match="2,001 characters are more than the 2,000") as refused:
        office.reject("person:mayor", QUOTE, reason="x" * 2001)
    assert [problem.code for problem in refused.value.problems] == ["text-too-long"]
    assert everything(office) == before
    office.reject("person:mayor", QUOTE, reason="x" * 2000)


# --- answers signed elsewhere --------------------------------------------------------------------------


@pytest.fixture
def police(office: SmallOffice, tmp_path: Path) -> Path:
    """The key of an agency that has OpenSSH and no presskit, added to the ring."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("OpenSSH is not installed")
    key = tmp_path / "police"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True, timeout=30)
    public = read_public(key.with_suffix(".pub").read_text())
    office.ring(adding(public, "agency:police", "Example Police Service", [], after="ssh"))
    return key


def asked(office: SmallOffice, principal: str = "agency:police") -> bytes:
    requests = open_requests(office.standing(), office.workspace.now)
    return next(found.message for found in requests if found.principal == principal)


def signature(key: Path, message: bytes) -> str:
    command = ["ssh-keygen", "-Y", "sign", "-q", "-f", str(key), "-n", "signoff@presskit"]
    return subprocess.run(command, input=message, capture_output=True, check=True, timeout=30).stdout.decode()


def test_an_answer_signed_elsewhere_counts(office: SmallOffice, police: Path) -> None:
    message = asked(office)
    receive(office.standing(), message, signature(police, message), office.workspace)
    assert answer(office, POLICE) == "approved"
    assert office.standing().problems() == ()


def test_an_answer_signed_elsewhere_is_not_entered_again_after_it_was_taken_back(
    office: SmallOffice, police: Path
) -> None:
    message = asked(office)
    armoured = signature(police, message)
    receive(office.standing(), message, armoured, office.workspace)
    office.reject("agency:police", POLICE)
    before = everything(office)
    with pytest.raises(NotAllowed, match="copy of an earlier record"):
        receive(office.standing(), message, armoured, office.workspace)
    assert everything(office) == before
    assert answer(office, POLICE) == "rejected"


def test_an_answer_to_other_words_or_of_another_key_is_not_entered(office: SmallOffice, police: Path) -> None:
    message = asked(office)
    mayor = asked(office, "person:mayor")
    before = everything(office)
    for said, armoured in (
        (mayor, signature(police, mayor)),
        (mayor, signature(police, message)),
        (message, signature(police, message + b" ")),
        (message + b"}", signature(police, message + b"}")),
        (b"rubbish", signature(police, b"rubbish")),
        (message, "rubbish"),
    ):
        with pytest.raises(NotAllowed) as refused:
            receive(office.standing(), said, armoured, office.workspace)
        assert {problem.code for problem in refused.value.problems} == {"answer-invalid"}
    assert everything(office) == before
    office.edit("Partner agencies who help", "Partner agencies who pay")
    with pytest.raises(NotAllowed, match="the words have changed"):
        receive(office.standing(), message, signature(police, message), office.workspace)


def test_an_answer_signed_elsewhere_before_the_key_was_revoked_is_not_entered_afterwards(
    office: SmallOffice, police: Path
) -> None:
    message = asked(office)
    armoured = signature(police, message)
    office.ring(revoking(read_public(police.with_suffix(".pub").read_text()).key_id, "stolen", after=""))
    with pytest.raises(NotAllowed, match="no key of the key ring that counts"):
        receive(office.standing(), message, armoured, office.workspace)


def test_an_office_without_a_ring_lets_nobody_sign(tmp_path: Path) -> None:
    office = start(tmp_path / "new", ring=False)
    with pytest.raises(NotAllowed, match="not in the office's key ring"):
        office.submit()
    assert not (office.root / LOG).exists()
    assert office.state().stage == "in_review"
