from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from presskit.signoff.envelope import Statement, sign
from presskit.signoff.keyring import RING_KIND, Ring, adding, delegating, make_ring, revoking
from presskit.signoff.ledger import NewRecord
from presskit.signoff.records import Logged, statement_of
from presskit.signoff.state import evaluate
from tests.signoff.office import (
    NOW,
    QUOTE,
    decision,
    key_of,
    logged,
    start,
)

TODAY = NOW.date()
FOUNDING = adding(key_of("person:keeper").public, "person:keeper", "Ring Keeper", ["keeper"], after="")


def added(who: str, *roles: str, after: str = "", **days: date) -> Statement:
    return adding(key_of(who).public, who, who.partition(":")[2], roles, after=after, **days)


def ring_by(*said: tuple[Statement, str]) -> Ring:
    """The ring of statements, each with the name of the key that signs it."""
    return make_ring(logged(statement, seq, key_of(who)) for seq, (statement, who) in enumerate(said))


def founded(*said: tuple[Statement, str]) -> Ring:
    return ring_by((FOUNDING, "person:keeper"), *said)


def counts(ring: Ring, who: str, seq: int = 99, day: date = TODAY) -> bool:
    return ring.holder_at(key_of(who).key_id, seq, day) is not None


def reasons(ring: Ring) -> list[str]:
    return [reason for _, reason in ring.left_out]


def test_the_first_record_founds_the_ring() -> None:
    ring = founded()
    assert [holder.principal for holder in ring.holders] == ["person:keeper"]
    assert len(ring.founding) == 64


@pytest.mark.parametrize(
    ("said", "signer", "reason"),
    [
        (FOUNDING, "person:editor", "the founding record is not signed by the key it adds"),
        (
            added("person:chief", "release"),
            "person:chief",
            "the founding record makes nobody the ring's keeper",
        ),
        (revoking("0" * 64, "lost", after=""), "person:keeper", "its principal is missing or garbled"),
        (Statement("urn:presskit:sign-off:v1", {}, {"action": "add"}), "x", "it is no record of a key ring"),
    ],
)
def test_a_ring_is_founded_by_its_keeper_alone(said: Statement, signer: str, reason: str) -> None:
    ring = ring_by((said, signer))
    assert (ring.holders, reasons(ring)) == ((), [reason])


def test_only_keepers_add() -> None:
    chief = added("person:chief", "release", "officer")
    ring = founded((chief, "person:keeper"), (added("person:friend", "keeper"), "person:chief"))
    assert counts(ring, "person:chief")
    assert not counts(ring, "person:friend")
    assert ring.left_out == (("0002.dsse.json", "it is not signed by somebody who may say so"),)


def test_a_second_keeper_adds_too() -> None:
    ring = founded(
        (added("person:second", "keeper"), "person:keeper"), (added("person:chief"), "person:second")
    )
    assert counts(ring, "person:chief")


def test_a_keeper_that_was_revoked_adds_nobody() -> None:
    second = key_of("person:second").key_id
    ring = founded(
        (added("person:second", "keeper"), "person:keeper"),
        (revoking(second, "left", after=""), "person:keeper"),
        (added("person:friend"), "person:second"),
    )
    assert not counts(ring, "person:friend")


@pytest.mark.parametrize(("seq", "expected"), [(1, False), (2, True), (3, True), (4, False), (5, False)])
def test_what_counts_is_the_place_in_the_log(seq: int, expected: bool) -> None:
    ring = founded(
        (added("person:chief"), "person:keeper"),
        (added("person:deputy"), "person:keeper"),
        (added("person:editor"), "person:keeper"),
        (revoking(key_of("person:chief").key_id, "stolen", after=""), "person:keeper"),
    )
    assert counts(ring, "person:chief", seq) is expected


@pytest.mark.parametrize("claimed", ["1999-01-01T00:00:00+00:00", "2999-01-01T00:00:00+00:00"])
def test_a_record_before_the_revocation_counts_and_one_after_does_not_whatever_it_claims(
    tmp_path: Path, claimed: str
) -> None:
    office = start(tmp_path)
    scopes = office.scopes()
    mayor = key_of("person:mayor")

    def approved(at: str) -> bytes:
        return sign(statement_of(decision(scopes, "person:mayor", QUOTE, at=at), scopes.kit), mayor)

    office.enter(NewRecord("before", approved(claimed), {}))
    office.ring(revoking(mayor.key_id, "stolen", after=""))
    rejected = decision(scopes, "person:mayor", QUOTE, act="reject", at=claimed)
    office.enter(NewRecord("after", sign(statement_of(rejected, scopes.kit), mayor), {}))
    state = office.state()
    assert [found.answer for found in state.parts if found.part.name == QUOTE] == ["approved"]
    assert [why for _, why in state.left_out] == [
        "no key of the key ring that counts at that time has signed it"
    ]


def test_one_may_revoke_ones_own_key_and_nobody_elses() -> None:
    chief, deputy = key_of("person:chief").key_id, key_of("person:deputy").key_id
    ring = founded(
        (added("person:chief"), "person:keeper"),
        (added("person:deputy"), "person:keeper"),
        (revoking(deputy, "a rival", after=""), "person:chief"),
        (revoking(chief, "lost", after=""), "person:chief"),
        (revoking(chief, "lost again", after=""), "person:keeper"),
    )
    assert (counts(ring, "person:chief"), counts(ring, "person:deputy")) == (False, True)
    assert reasons(ring) == [
        "it is not signed by somebody who may say so",
        "it takes back a key that is not in force",
    ]
    assert [holder.reason for holder in ring.holders if holder.principal == "person:chief"] == ["lost"]


def test_a_key_counts_on_its_first_and_last_day_and_on_no_other() -> None:
    first, last = NOW.date(), NOW.date() + timedelta(days=2)
    ring = founded((added("person:chief", start=first, end=last), "person:keeper"))
    days = [first + timedelta(days=n) for n in range(-1, 4)]
    assert [counts(ring, "person:chief", day=day) for day in days] == [False, True, True, True, False]


def test_a_delegation_holds_from_its_place_in_the_log_until_it_is_taken_back() -> None:
    given = delegating("person:mayor", "person:editor", after="2")
    ring = founded(
        (added("person:mayor"), "person:keeper"),
        (given, "person:mayor"),
        (added("person:deputy"), "person:keeper"),
        (delegating("person:mayor", "person:editor", after="4", ends=True), "person:mayor"),
        (delegating("person:mayor", "person:editor", after="5"), "person:keeper"),
    )
    there = [bool(ring.delegates_at("person:mayor", seq)) for seq in range(2, 7)]
    assert there == [False, True, False, False, True]
    assert reasons(ring) == []


@pytest.mark.parametrize("ends", [False, True])
def test_nobody_else_gives_or_takes_a_delegation(ends: bool) -> None:
    ring = founded(
        (added("person:mayor"), "person:keeper"),
        (added("person:editor"), "person:keeper"),
        (delegating("person:mayor", "person:deputy", after="3"), "person:mayor"),
        (delegating("person:mayor", "person:editor", after="4", ends=ends), "person:editor"),
    )
    assert ring.delegates_at("person:mayor", 99) == {"person:deputy"}
    assert reasons(ring) == ["it is not signed by somebody who may say so"]


def test_a_delegate_hands_nothing_on() -> None:
    ring = founded(
        (added("person:mayor"), "person:keeper"),
        (added("person:deputy"), "person:keeper"),
        (delegating("person:mayor", "person:deputy", after=""), "person:mayor"),
        (delegating("person:deputy", "person:editor", after=""), "person:deputy"),
    )
    assert ring.delegates_at("person:mayor", 99) == {"person:deputy"}


def test_a_person_signs_with_either_of_two_keys_until_one_is_revoked() -> None:
    second = adding(key_of("telephone").public, "person:chief", "chief", ["release"], after="")
    ring = founded(
        (added("person:chief", "release"), "person:keeper"),
        (second, "person:keeper"),
        (added("person:deputy"), "person:keeper"),
        (revoking(key_of("telephone").key_id, "lost", after=""), "person:keeper"),
    )
    assert (counts(ring, "telephone", 3), counts(ring, "telephone", 4)) == (True, False)
    assert (counts(ring, "person:chief", 3), counts(ring, "person:chief", 9)) == (True, True)


def test_somebody_who_takes_over_a_name_is_heard_from_then_on_only(tmp_path: Path) -> None:
    office = start(tmp_path)
    office.approve("person:mayor", QUOTE)
    office.ring(revoking(key_of("person:mayor").key_id, "left office", after=""))
    office.ring(adding(key_of("successor").public, "person:mayor", "Robin Example", [], after=""))
    assert next(found for found in office.state().parts if found.part.name == QUOTE).answer == "approved"
    office.edit("rent and a doctor", "rent and care")
    scopes = office.scopes()
    said = decision(scopes, "person:mayor", QUOTE)
    by_successor = logged(statement_of(said, scopes.kit), 99, key_of("successor"))
    state = evaluate(scopes, [by_successor], office.ledger().ring)
    assert next(found for found in state.parts if found.part.name == QUOTE).answer == "missing"


def odd(**other: object) -> Statement:
    predicate = {**added("person:chief").predicate, **other}
    return Statement(RING_KIND, {"key-ring": "0" * 64}, predicate)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (odd(action="bless"), "it says “bless”, which means nothing in a key ring"),
        (odd(action=5), "its action is missing or garbled"),
        (odd(principal="chief"), "“chief” is neither person:… nor agency:…"),
        (odd(principal="person:Chief"), "“person:Chief” is neither person:… nor agency:…"),
        (odd(principal="person:chief\n"), None),
        (odd(principal="person:сhief"), "“person:сhief” is neither person:… nor agency:…"),
        (odd(principal="person:chief too"), "“person:chief too” is neither person:… nor agency:…"),
        (odd(principal=["person:chief"]), "its principal is missing or garbled"),
        (odd(roles="release"), "its roles are garbled"),
        (odd(roles=[["release"]]), "its roles are garbled"),
        (odd(roles=None), "its roles are garbled"),
        (odd(key="ssh-rsa AAAA"), "this is not an Ed25519 key of the form “ssh-ed25519 AAAA…”"),
        (odd(key=""), "this is not an Ed25519 key of the form “ssh-ed25519 AAAA…”"),
        (odd(start="yesterday"), "its start is no date"),
        (odd(end=20261123), "its end is no date"),
        (odd(name=5), "its name is missing or garbled"),
        (delegating("mayor", "person:x", after=""), "it names somebody who is neither person:… nor agency:…"),
        (revoking("0" * 64, "lost", after=""), "it takes back a key that is not in force"),
    ],
)
def test_a_garbled_record_is_named_and_the_next_one_counts(said: Statement, reason: str | None) -> None:
    ring = founded((said, "person:keeper"), (added("person:deputy"), "person:keeper"))
    assert reasons(ring) == ([reason] if reason else [])
    assert counts(ring, "person:deputy")


def test_signatures_of_two_people_on_one_record_are_both_found() -> None:
    ring = founded((added("person:chief"), "person:keeper"), (added("person:deputy"), "person:keeper"))
    both: Sequence[Logged] = [logged(odd(), 9, key_of("person:deputy"), key_of("person:chief"))]
    signers = ring.signers_of(both[0].envelope, 9, NOW.date())
    assert [holder.principal for holder in signers] == ["person:deputy", "person:chief"]


def test_a_ring_whose_founding_record_is_gone_is_not_founded_anew(tmp_path: Path) -> None:
    office = start(tmp_path)
    office.clear()
    usurper = adding(key_of("usurper").public, "person:usurper", "Usurper", ["keeper", "release"], after="")
    office.ring(usurper, "usurper")
    founding = min((office.root / "data/sign-off/ring").glob("0001-*.json"))
    founding.unlink()
    ledger = office.ledger()
    assert ledger.ring.holders == ()
    assert "record-missing" in {problem.code for problem in ledger.all_problems()}
    assert office.state().stage == "in_review"


def test_a_file_in_the_ring_that_the_log_does_not_name_is_named(tmp_path: Path) -> None:
    office = start(tmp_path)
    (office.root / "data/sign-off/ring/0009-extra.dsse.json").write_bytes(b"{}")
    assert [problem.code for problem in office.ledger().all_problems()] == ["record-left-out"]
