from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from presskit.errors import NotAllowed, PresskitError, WrongUsage
from presskit.signoff.acts import Evidence, Order, carry_out
from presskit.signoff.keyring import Ring
from presskit.signoff.records import Logged, statement_of
from presskit.signoff.scopes import Scopes, scopes_from, words_of
from presskit.signoff.state import Counted, evaluate
from presskit.signoff.words import early_words
from tests.signoff.office import (
    EARLY,
    FILES,
    KIT,
    QUOTE,
    SLUG,
    SmallOffice,
    decision,
    key_of,
    logged,
    record,
    ring_of,
    ring_statements,
    start,
)

EMBARGO = "2025-06-03T09:00:00-04:00"
NO_EMBARGO = "embargo: 2025-06-03T09:00-04:00\n", ""


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    return start(tmp_path)


@pytest.fixture
def scopes(office: SmallOffice) -> Scopes:
    return office.scopes()


@pytest.fixture
def ring() -> Ring:
    return ring_of(ring_statements())


def words(office: SmallOffice) -> str:
    standing = office.standing()
    return early_words(standing.scopes, standing.state)


def everything(office: SmallOffice) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in office.root.rglob("*") if p.is_file() and p.name != ".lock"}


# --- what is approved ----------------------------------------------------------------------------------


def test_it_is_of_kit_language_embargo_and_the_digest_of_the_whole_kit(scopes: Scopes) -> None:
    assert scopes.early is not None
    assert scopes.early.name == EARLY
    assert json.loads(scopes.early.content) == {
        "presskit": 1,
        "kit": f"example.org/{SLUG}",
        "lang": "en-CA",
        "early": {"embargo": EMBARGO, "whole": scopes.whole.digest},
    }


def test_a_release_without_an_embargo_has_nothing_of_the_kind(office: SmallOffice) -> None:
    office.edit(*NO_EMBARGO)
    assert office.scopes().early is None
    assert words(office) == ""


@pytest.mark.parametrize("embargoed", [True, False])
def test_it_comes_back_from_the_words_of_the_kit_and_is_no_file_among_them(
    office: SmallOffice, embargoed: bool
) -> None:
    if not embargoed:
        office.edit(*NO_EMBARGO)
    scopes = office.scopes()
    kept = words_of(scopes)
    assert len(kept) == 4
    assert f"{EARLY}.json" not in kept
    assert scopes_from(kept).early == scopes.early
    assert (scopes.early is not None) == embargoed


def test_what_is_laid_among_the_words_under_its_name_is_refused(scopes: Scopes) -> None:
    assert scopes.early is not None
    with pytest.raises(ValueError, match="garbled"):
        scopes_from(words_of(scopes) | {f"{EARLY}.json": scopes.early.content})


# --- who approves it -----------------------------------------------------------------------------------


def test_one_of_those_who_clear_kits_lets_it_out_and_the_kit_stands_as_before(office: SmallOffice) -> None:
    office.submit()
    before = office.state()
    done = office.let_out_early("person:chief")
    after = office.state()
    assert (done.early, done.kit, done.parts, done.closed) == (True, False, (), None)
    assert after.early is not None
    assert after.early.signer.principal == "person:chief"
    assert (after.stage, after.parts, after.kit) == (before.stage, before.parts, before.kit)
    assert after.left_out == ()
    assert office.standing().problems() == ()


def test_a_kit_is_signed_off_without_it_and_no_signature_gives_it_on_the_way(office: SmallOffice) -> None:
    office.approve_all()
    for who in ("person:chief", "person:deputy"):
        done = office.order(who, Order())
        assert (done.kit, done.early) == (True, False)
    assert office.state().cleared
    assert office.state().early is None


@pytest.mark.parametrize(
    "edit",
    [
        ("Nobody should have to choose", "Everybody has to choose"),
        ("six rooms", "seven rooms"),
        ("09:00-04:00", "09:30-04:00"),
        ("City opens its first", "City opens a second"),
    ],
)
def test_other_words_or_another_time_ask_for_it_anew(office: SmallOffice, edit: tuple[str, str]) -> None:
    office.submit()
    office.let_out_early("person:chief")
    old, new = edit
    office.edit(old, new)
    assert office.state().early is None
    office.edit(new, old)
    assert office.state().early is not None


def test_whoever_gave_it_takes_it_back_and_gives_it_again(office: SmallOffice) -> None:
    office.submit()
    for _ in range(2):
        office.let_out_early("person:chief")
        assert office.state().early is not None
        office.forbid_early("person:chief")
        assert office.state().early is None


def test_who_forbids_it_is_not_outvoted_by_another_who_clears_kits(office: SmallOffice) -> None:
    office.submit()
    office.let_out_early("person:chief")
    office.forbid_early("person:deputy")
    assert office.state().early is None
    office.let_out_early("person:director")
    assert office.state().early is None
    office.let_out_early("person:deputy")
    assert office.state().early is not None


def test_the_last_editor_forbids_it_and_does_not_approve_it(office: SmallOffice) -> None:
    office.submit("person:deputy")
    office.let_out_early("person:chief")
    office.forbid_early("person:deputy")
    assert office.state().early is None


def test_who_puts_the_words_forward_afterwards_has_let_out_their_own(office: SmallOffice) -> None:
    office.submit()
    office.let_out_early("person:chief")
    office.submit("person:chief")
    assert office.state().early is None


def test_a_record_that_was_taken_away_may_have_forbidden_it(office: SmallOffice) -> None:
    office.submit()
    office.let_out_early("person:chief")
    office.forbid_early("person:deputy")
    (forbidden,) = (file for file in office.records() if "reject" in file.name)
    forbidden.unlink()
    assert office.state().early is None


def vouched(office: SmallOffice) -> object:
    order = Order(
        scopes=("early",), principal="person:chief", method="mail", evidence=Evidence("a.eml", b"Yes.")
    )
    return office.order("person:officer", order)


def twice(office: SmallOffice) -> object:
    return office.let_out_early("person:chief"), office.let_out_early("person:deputy")


def broken(office: SmallOffice) -> object:
    order = Order(scopes=("early",), break_glass=True, reason="a flood")
    return office.order("person:chief", order)


Act = Callable[[SmallOffice], object]
REFUSED: dict[str, tuple[str, str, Act]] = {
    "an answer somebody vouches for": ("NotAllowed", "role-lacking", vouched),
    "breaking the glass": ("WrongUsage", "usage-wrong", broken),
    "together with the kit": (
        "WrongUsage",
        "usage-wrong",
        lambda o: o.order("person:chief", Order(scopes=("kit", "early"))),
    ),
    "forbidding without a reason": (
        "WrongUsage",
        "reason-missing",
        lambda o: o.forbid_early("person:chief", " "),
    ),
    "after other words were shown": (
        "NotAllowed",
        "words-changed",
        lambda o: o.order("person:chief", Order(scopes=("early",), seen={EARLY: "0" * 64})),
    ),
    "in another language": (
        "WrongUsage",
        "scope-unknown",
        lambda o: o.order("person:chief", Order(scopes=("early@fr-CA",))),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_may_not_be_said_of_it_is_refused_and_nothing_is_written(office: SmallOffice, name: str) -> None:
    kind, code, act = REFUSED[name]
    office.submit()
    before = everything(office)
    with pytest.raises(PresskitError) as refused:
        act(office)
    assert type(refused.value).__name__ == kind
    assert [problem.code for problem in refused.value.problems] == [code]
    assert everything(office) == before


OTHERS = ["person:editor", "person:officer", "person:mayor", "agency:fire", "person:keeper"]


@pytest.mark.parametrize("act", [SmallOffice.let_out_early, SmallOffice.forbid_early])
@pytest.mark.parametrize("who", OTHERS)
def test_who_does_not_clear_kits_has_no_say(
    office: SmallOffice, who: str, act: Callable[[SmallOffice, str], object]
) -> None:
    office.submit()
    before = everything(office)
    with pytest.raises(PresskitError, match="none of the roles that clear a kit"):
        act(office, who)
    assert everything(office) == before


def test_nobody_lets_out_their_own_words_or_those_nobody_put_forward(office: SmallOffice) -> None:
    with pytest.raises(PresskitError, match="nobody has put these words forward"):
        office.let_out_early("person:chief")
    office.submit("person:chief")
    with pytest.raises(PresskitError, match="nobody clears their own words"):
        office.let_out_early("person:chief")
    assert len(office.records()) == 1


def test_it_is_not_approved_twice(office: SmallOffice) -> None:
    office.submit()
    office.let_out_early("person:chief")
    for who in ("person:chief", "person:deputy"):
        with pytest.raises(PresskitError, match="Head of Media has approved already that trusted lists get"):
            office.let_out_early(who)
    assert len(office.records()) == 2


def test_two_who_approve_it_at_once_are_told_apart_by_the_log(office: SmallOffice) -> None:
    office.submit()
    seen, release = office.standing(), office.draft().release
    office.let_out_early("person:chief")
    hand = office.hand("person:deputy")
    with pytest.raises(WrongUsage, match="Head of Media has approved already"):
        carry_out(Order(scopes=("early",)), seen, hand, office.workspace, release, lambda _: FILES)
    assert len(office.records()) == 2


def test_it_is_not_approved_while_a_record_is_missing_and_can_be_forbidden(office: SmallOffice) -> None:
    office.submit()
    office.forbid_early("person:director")
    office.records()[-1].unlink()
    with pytest.raises(NotAllowed) as refused:
        office.let_out_early("person:chief")
    assert [problem.code for problem in refused.value.problems] == ["record-missing"]
    office.forbid_early("person:deputy")
    assert len(office.records()) == 2


@pytest.mark.parametrize("act", ["approve", "reject"])
@pytest.mark.parametrize("name", ["early", EARLY])
def test_without_an_embargo_there_is_nothing_to_answer(office: SmallOffice, act: str, name: str) -> None:
    office.edit(*NO_EMBARGO)
    office.submit()
    before = everything(office)
    order = Order("reject" if act == "reject" else "approve", (name,), reason="so")
    with pytest.raises(PresskitError, match="this release has no embargo") as refused:
        office.order("person:chief", order)
    assert [problem.code for problem in refused.value.problems] == ["embargo-missing"]
    assert everything(office) == before


def test_a_part_is_not_rejected_when_the_rest_of_the_order_is_refused(office: SmallOffice) -> None:
    before = everything(office)
    with pytest.raises(PresskitError, match="none of the roles"):
        office.order("person:mayor", Order("reject", ("quote.mayor", "early"), reason="no"))
    assert everything(office) == before


# --- what forgers and the hasty put into the log -------------------------------------------------------


def early_by(scopes: Scopes, ring: Ring, *records: Logged) -> Counted | None:
    submitted = record(scopes, 9, "person:editor", act="submit")
    return evaluate(scopes, [submitted, *records], ring).early


def test_a_record_counts_only_for_who_may_let_it_out(scopes: Scopes, ring: Ring) -> None:
    for who in (*OTHERS, "nobody"):
        assert early_by(scopes, ring, record(scopes, 20, who, EARLY)) is None
    assert early_by(scopes, ring, record(scopes, 20, "person:chief", EARLY)) is not None


def test_a_record_that_forbids_it_counts_only_of_who_may_let_it_out(scopes: Scopes, ring: Ring) -> None:
    given = record(scopes, 20, "person:chief", EARLY)
    for who in OTHERS:
        assert early_by(scopes, ring, given, record(scopes, 21, who, EARLY, act="reject")) is not None
    assert early_by(scopes, ring, given, record(scopes, 21, "person:director", EARLY, act="reject")) is None


def test_an_officer_who_vouches_for_it_is_left_out(scopes: Scopes, ring: Ring) -> None:
    said = decision(scopes, "person:chief", EARLY, method="mail", evidence="e")
    entered = logged(statement_of(said, scopes.kit), 20, key_of("person:officer"))
    state = evaluate(scopes, [entered], ring, {"answer.eml": "e"})
    assert [why for _, why in state.left_out] == [
        "nobody can be vouched for where the whole kit is concerned"
    ]


@pytest.mark.parametrize("names", [(KIT,), (QUOTE,), (KIT, QUOTE)])
def test_no_other_approval_is_taken_for_it_nor_it_for_another(
    scopes: Scopes, ring: Ring, names: tuple[str, ...]
) -> None:
    assert early_by(scopes, ring, record(scopes, 20, "person:chief", *names)) is None
    submitted = record(scopes, 9, "person:editor", act="submit")
    before = evaluate(scopes, [submitted], ring)
    after = evaluate(scopes, [submitted, record(scopes, 20, "person:chief", EARLY)], ring)
    assert (after.stage, after.parts, after.kit) == (before.stage, before.parts, before.kit)


def test_the_digest_of_the_kit_under_its_name_does_not_count(scopes: Scopes, ring: Ring) -> None:
    said = replace(decision(scopes, "person:chief", EARLY), scopes={EARLY: scopes.whole.digest})
    forged = logged(statement_of(said, scopes.kit), 20, key_of("person:chief"))
    assert early_by(scopes, ring, forged) is None


def test_an_approval_under_another_embargo_or_of_another_kit_is_not_replayed(
    office: SmallOffice, ring: Ring
) -> None:
    scopes = office.scopes()
    office.edit("T09:00-04:00", "T11:00-04:00")
    later = office.scopes()
    given = record(later, 20, "person:chief", EARLY)
    assert early_by(later, ring, given) is not None
    assert early_by(scopes, ring, given) is None
    other = replace(scopes, kit="example.org/other")
    assert early_by(scopes, ring, record(other, 20, "person:chief", EARLY)) is None


def test_a_key_revoked_before_it_signed_lets_nothing_out_and_after_it_takes_nothing_back(
    scopes: Scopes, ring: Ring
) -> None:
    given = record(scopes, 20, "person:chief", EARLY)
    for place, counts in ((20, False), (21, True)):
        holders = (replace(h, revoked_seq=place) if "chief" in h.principal else h for h in ring.holders)
        assert (early_by(scopes, replace(ring, holders=tuple(holders)), given) is not None) == counts


# --- in words ------------------------------------------------------------------------------------------


def test_how_it_stands_is_said_in_words(office: SmallOffice) -> None:
    office.approve_all()
    assert words(office) == "not approved: nobody gets it before its time"
    office.let_out_early("person:chief")
    given = "approved by Head of Media with a key on 2026-11-23: trusted lists may get it before its time"
    assert words(office) == f"{given}, once it is signed off"
    office.sign_kit("person:chief")
    office.sign_kit("person:deputy")
    assert words(office) == given
    office.forbid_early("person:chief")
    taken = "rejected by Head of Media with a key on 2026-11-23: an outlet broke it"
    assert words(office) == f"{taken}; nobody gets it before its time"
