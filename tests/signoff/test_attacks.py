from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from presskit.errors import NotAllowed, ProblemsFound
from presskit.load.convert import convert_source
from presskit.load.yaml import parse
from presskit.model.house import SignOff
from presskit.model.release import Release
from presskit.signoff.envelope import Statement, sign
from presskit.signoff.keyring import Ring, adding, delegating, revoking
from presskit.signoff.ledger import NewRecord, folder_of
from presskit.signoff.records import SIGN_OFF_KIND, Decision, Logged, statement_of
from presskit.signoff.scopes import Scopes, scopes_of
from presskit.signoff.state import State, evaluate
from tests.signoff.office import (
    AFTER_RING,
    FIRE,
    KIT,
    NOW,
    PACK,
    POLICE,
    QUOTE,
    RELEASE,
    SmallOffice,
    decision,
    key_of,
    logged,
    record,
    ring_of,
    ring_statements,
    start,
    through,
)

LATER = AFTER_RING + 10


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    return start(tmp_path, ring=False)


@pytest.fixture
def scopes(office: SmallOffice) -> Scopes:
    return office.scopes()


@pytest.fixture(scope="module")
def ring() -> Ring:
    return ring_of(ring_statements())


def answers(state: State) -> dict[str, str]:
    return {found.part.name: found.answer for found in state.parts}


def why(state: State) -> list[str]:
    return [reason for _, reason in state.left_out]


def test_the_whole_way_is_signed_off(scopes: Scopes, ring: Ring) -> None:
    state = evaluate(scopes, through(scopes), ring)
    assert (state.stage, state.left_out, state.kit.second_owed) == ("signed_off", (), False)
    assert state.break_glass is None


# --- the prototype's gaps ------------------------------------------------------------------------------


def test_a_role_claimed_by_the_record_is_worth_nothing(scopes: Scopes, ring: Ring) -> None:
    said = statement_of(decision(scopes, "person:mayor"), scopes.kit)
    claimed = Statement(said.kind, said.subjects, {**said.predicate, "role": "release", "roles": ["release"]})
    records = [*through(scopes)[:5], logged(claimed, LATER, key_of("person:mayor"))]
    state = evaluate(scopes, records, ring)
    assert state.stage == "approved"
    assert [note for _, note in state.kit.not_counted] == ["Alex Example has no role that clears a kit"]


def test_two_quotes_with_one_id_are_refused(office: SmallOffice) -> None:
    office.edit("facts:", "  - id: mayor\n    speaker: mayor\n    words: We have given up.\nfacts:")
    with pytest.raises(ProblemsFound) as refused:
        office.draft()
    assert "id-twice" in {problem.code for problem in refused.value.problems}


def test_two_quotes_with_one_id_are_never_both_approved(office: SmallOffice, ring: Ring) -> None:
    draft, scopes = office.draft(), office.scopes()
    quote = draft.release.quotes[0]
    twice = (quote.model_copy(update={"words": ("We have given up.",)}), quote)
    doubled = replace(draft, release=draft.release.model_copy(update={"quotes": twice}))
    state = evaluate(scopes_of(doubled, PACK), through(scopes), ring)
    assert [found.answer for found in state.parts if found.part.name == QUOTE] == ["changed", "approved"]
    assert state.stage == "in_review"


def test_delegates_written_in_the_kit_are_refused(office: SmallOffice) -> None:
    for field in ("delegates: [editor]", "approved_by: editor"):
        source = (office.root / RELEASE).read_text("utf-8").replace("speaker:", f"{field}\n    speaker:")
        _, problems = convert_source(Release, parse(source.encode(), RELEASE))
        assert [problem.code for problem in problems] == ["field-unknown"]


def test_a_delegate_nobody_named_in_the_ring_can_not_answer(scopes: Scopes, ring: Ring) -> None:
    assert answers(evaluate(scopes, [record(scopes, 9, "person:editor", QUOTE)], ring))[QUOTE] == "missing"


def test_a_speaker_id_under_another_persons_name_is_not_approved(office: SmallOffice, ring: Ring) -> None:
    office.edit("- id: mayor", "- id: editor", "data/people.yaml")
    office.edit("speaker: mayor", "speaker: editor")
    scopes = office.scopes()
    assert scopes.by_name[QUOTE].owner == "Alex Example"
    state = evaluate(scopes, [record(scopes, 9, "person:editor", QUOTE)], ring)
    assert answers(state)[QUOTE] == "missing"


def test_a_name_that_only_looks_the_same_is_not_approved(office: SmallOffice, ring: Ring) -> None:
    office.edit("Alex Example", "\N{CYRILLIC CAPITAL LETTER A}lex Example", "data/people.yaml")
    scopes = office.scopes()
    assert answers(evaluate(scopes, [record(scopes, 9, "person:mayor", QUOTE)], ring))[QUOTE] == "missing"


def test_a_speakers_rejection_outweighs_a_delegate(scopes: Scopes) -> None:
    said = [*ring_statements(), delegating("person:mayor", "person:editor", after="")]
    ring = ring_of(said)
    delegate, speaker = record(scopes, 20, "person:editor", QUOTE), record(scopes, 21, "person:mayor", QUOTE)
    rejected = record(scopes, 22, "person:mayor", QUOTE, act="reject")
    assert answers(evaluate(scopes, [delegate], ring))[QUOTE] == "approved"
    assert answers(evaluate(scopes, [delegate, rejected], ring))[QUOTE] == "rejected"
    again = record(scopes, 23, "person:editor", QUOTE)
    assert answers(evaluate(scopes, [delegate, rejected, again], ring))[QUOTE] == "rejected"
    back = record(scopes, 24, "person:mayor", QUOTE)
    assert answers(evaluate(scopes, [delegate, rejected, again, back], ring))[QUOTE] == "approved"
    assert answers(evaluate(scopes, [speaker, rejected], ring))[QUOTE] == "rejected"


def test_who_rejects_these_words_and_then_approves_older_ones_has_not_approved_these(
    office: SmallOffice,
) -> None:
    ring = ring_of([*ring_statements(), delegating("person:mayor", "person:editor", after="")])
    older = office.scopes()
    office.edit("rent and a doctor", "rent and a dentist")
    scopes = office.scopes()
    delegate = record(scopes, 20, "person:editor", QUOTE)
    rejected = record(scopes, 21, "person:mayor", QUOTE, act="reject")
    sheet_of_last_week = record(older, 22, "person:mayor", QUOTE)
    assert answers(evaluate(scopes, [delegate, rejected, sheet_of_last_week], ring))[QUOTE] == "rejected"


def test_who_rejected_older_words_and_approved_newer_ones_holds_up_nothing(office: SmallOffice) -> None:
    ring = ring_of([*ring_statements(), delegating("person:mayor", "person:editor", after="")])
    first = office.scopes()
    office.edit("rent and a doctor", "rent and a dentist")
    second = office.scopes()
    office.edit("rent and a dentist", "rent and care")
    third = office.scopes()
    records = [
        record(first, 20, "person:mayor", QUOTE, act="reject"),
        record(third, 21, "person:editor", QUOTE),
    ]
    assert answers(evaluate(third, records, ring))[QUOTE] == "rejected"
    records.append(record(second, 22, "person:mayor", QUOTE))
    assert answers(evaluate(third, records, ring))[QUOTE] == "approved"


@pytest.mark.parametrize("who", ["person:keeper", "person:officer", "person:chief"])
def test_one_key_alone_signs_off_nothing(scopes: Scopes, ring: Ring, who: str) -> None:
    names = {QUOTE: "person:mayor", FIRE: "agency:fire", POLICE: "agency:police"}
    records: list[Logged] = []

    def enter(said: Decision) -> None:
        records.append(logged(statement_of(said, scopes.kit), 20 + len(records), key_of(who)))

    for owner in ("person:editor", "person:chief", "person:deputy"):
        for act in ("submit", "approve"):
            for method in ("key", "mail"):
                enter(
                    decision(scopes, owner, act=act, method=method, evidence="e", files={"clinic.pdf": "f"})
                )
    for name, owner in names.items():
        for method in ("key", "mail", "phone", "paper"):
            enter(decision(scopes, owner, name, method=method, evidence="e"))
    state = evaluate(scopes, records, ring, {"answer.eml": "e"})
    assert state.stage == ("approved" if who == "person:officer" else "in_review")
    assert state.kit.closing is None


def test_one_key_under_two_names_is_one_person(scopes: Scopes) -> None:
    chief = key_of("person:chief").public
    twice = adding(chief, "person:second-chief", "Second Head of Media", ["release"], after="")
    ring = ring_of([*ring_statements(), twice])
    second = decision(scopes, "person:second-chief", files={"clinic.pdf": "f"})
    records = [*through(scopes)[:5], logged(statement_of(second, scopes.kit), LATER, key_of("person:chief"))]
    state = evaluate(scopes, records, ring)
    assert state.stage == "approved"
    assert why(state) == ["it speaks for person:second-chief, whose key has not signed it"]


def test_the_same_authority_twice_is_one_person(scopes: Scopes, ring: Ring) -> None:
    twice = record(scopes, LATER, "person:chief", files={"clinic.pdf": "f"})
    assert evaluate(scopes, [*through(scopes)[:5], twice], ring).stage == "approved"


def test_nobody_clears_what_they_edited_last(scopes: Scopes, ring: Ring) -> None:
    edited = record(scopes, AFTER_RING, "person:deputy", act="submit")
    state = evaluate(scopes, [edited, *through(scopes)[1:]], ring)
    assert state.stage == "approved"
    assert [note for _, note in state.kit.not_counted] == [
        "Deputy Head of Media has edited these words last",
    ]


def test_a_kit_nobody_put_forward_is_not_signed_off(scopes: Scopes, ring: Ring) -> None:
    assert evaluate(scopes, through(scopes)[1:], ring).stage == "approved"


# --- records that are not what they seem ---------------------------------------------------------------


def test_an_unreadable_record_is_named_and_stops_nothing(tmp_path: Path) -> None:
    office = start(tmp_path)
    office.clear()
    for rubbish in (b"", b"{", b"[" * 100_000, b"\xff" * 99, b'{"payloadType": 5}'):
        file = f"{folder_of('clinic')}/rubbish-{len(rubbish)}.dsse.json"
        (office.root / file).write_bytes(rubbish)
    standing = office.standing()
    assert standing.state.cleared
    assert [problem.code for problem in standing.problems()] == ["record-left-out"] * 5


@pytest.mark.parametrize(
    "subject",
    [{"name": 5}, {"name": ["a"]}, {"digest": {"sha256": 5}}, {"digest": "x"}, {"name": None}],
    ids=str,
)
def test_a_statement_of_odd_shape_is_named_and_stops_nothing(
    tmp_path: Path, subject: dict[str, object]
) -> None:
    from presskit.signoff import canon, envelope

    office = start(tmp_path)
    office.clear()
    odd = {"name": f"example.org/clinic#{KIT}", "digest": {"sha256": "0" * 64}} | subject
    said = {
        "_type": envelope.STATEMENT_TYPE,
        "subject": [odd],
        "predicateType": SIGN_OFF_KIND,
        "predicate": {},
    }
    payload = canon.canonical(said)  # type: ignore[arg-type]
    key = key_of("person:mayor")
    signature = envelope.Signature(key.key_id, key.sign(envelope.pre_authentication(payload)), "raw")
    content = envelope.write([signature], payload)
    with pytest.raises(NotAllowed, match="can not be recorded"):
        office.enter(NewRecord("odd", content, {}))
    assert office.state().cleared


@pytest.mark.parametrize("kind", ["https://slsa.dev/provenance/v1", "urn:presskit:archived:v1", ""])
def test_another_in_toto_statement_is_no_approval(scopes: Scopes, ring: Ring, kind: str) -> None:
    said = statement_of(decision(scopes, "person:mayor", QUOTE), scopes.kit)
    other = logged(Statement(kind, said.subjects, said.predicate), 20, key_of("person:mayor"))
    state = evaluate(scopes, [other], ring)
    assert answers(state)[QUOTE] == "missing"
    assert why(state) == ["it is no sign-off record"]


def test_a_record_of_another_kit_language_or_wording_is_no_approval(office: SmallOffice, ring: Ring) -> None:
    english = office.scopes()
    approved = record(english, 20, "person:mayor", QUOTE)
    shutil.copytree(office.root / "data/releases/clinic", office.root / "data/releases/clinic-2")
    assert why(evaluate(office.scopes("clinic-2"), [approved], ring)) == ["it is about another release"]
    office.edit("headline:", "language: fr-CA\nheadline:")
    french = evaluate(office.scopes(), [approved], ring)
    assert answers(french)["block:quote.mayor@fr-CA"] == "missing"
    office.edit("language: fr-CA\n", "")
    office.edit("domain: example.org", "domain: example.com", "data/house.yaml")
    assert why(evaluate(office.scopes(), [approved], ring)) == ["it is about another release"]


def test_a_quote_in_another_language_is_another_scope(office: SmallOffice, ring: Ring) -> None:
    english = office.scopes()
    approved = record(english, 20, "person:mayor", QUOTE)
    office.edit("    speaker: mayor", "    speaker: mayor\n    language: fr-CA")
    french = office.scopes().by_name["block:quote.mayor@fr-CA"]
    assert french.digest != english.by_name[QUOTE].digest
    assert answers(evaluate(office.scopes(), [approved], ring))["block:quote.mayor@fr-CA"] == "missing"


def test_a_record_that_speaks_of_two_kits_is_no_approval(scopes: Scopes, ring: Ring) -> None:
    said = statement_of(decision(scopes, "person:mayor", QUOTE), scopes.kit)
    both = Statement(said.kind, {**said.subjects, "example.org/other#kit@en-CA": "0" * 64}, said.predicate)
    state = evaluate(scopes, [logged(both, 20, key_of("person:mayor"))], ring)
    assert why(state) == ["it mixes this release with something else"]


def test_an_approval_entered_again_after_a_rejection_counts_once(scopes: Scopes, ring: Ring) -> None:
    approved = record(scopes, 20, "person:mayor", QUOTE)
    rejected = record(scopes, 21, "person:mayor", QUOTE, act="reject")
    replayed = replace(approved, seq=22, file="0022.dsse.json")
    state = evaluate(scopes, [approved, rejected, replayed], ring)
    assert answers(state)[QUOTE] == "rejected"
    assert state.left_out == (("0022.dsse.json", "it is a copy of an earlier record"),)


def test_a_copy_that_did_not_count_does_not_spoil_the_record_that_does(scopes: Scopes, ring: Ring) -> None:
    said = statement_of(decision(scopes, "person:mayor", QUOTE), scopes.kit)
    forged, real = logged(said, 20, key_of("nobody")), logged(said, 21, key_of("person:mayor"))
    assert answers(evaluate(scopes, [forged, real], ring))[QUOTE] == "approved"


def test_an_old_record_of_the_ring_entered_again_brings_no_key_back() -> None:
    said = ring_statements()
    stolen = key_of("person:chief")
    ring = ring_of([*said, revoking(stolen.key_id, "stolen", after=""), said[6]])
    assert ring.holder_at(stolen.key_id, 99, NOW.date()) is None
    assert [reason for _, reason in ring.left_out] == ["it is a copy of an earlier record"]


@pytest.mark.parametrize("signer", ["nobody", "person:editor", "person:officer"])
def test_a_forged_approval_does_not_count(scopes: Scopes, ring: Ring, signer: str) -> None:
    said = statement_of(decision(scopes, "person:mayor", QUOTE), scopes.kit)
    assert answers(evaluate(scopes, [logged(said, 20, key_of(signer))], ring))[QUOTE] == "missing"


# --- vouched answers -----------------------------------------------------------------------------------


def test_evidence_that_was_swapped_takes_the_approval_with_it(tmp_path: Path) -> None:
    office = start(tmp_path)
    office.vouch("person:mayor", QUOTE)
    assert answers(office.state())[QUOTE] == "approved"
    [mail] = (office.root / folder_of("clinic") / "evidence").iterdir()
    mail.write_bytes(b"I do not agree.")
    state = office.state()
    assert answers(state)[QUOTE] == "missing"
    assert why(state) == ["the file that shows the answer is missing, or is not the one that was attached"]


def test_nobody_is_vouched_for_where_the_kit_is_concerned(scopes: Scopes, ring: Ring) -> None:
    said = decision(scopes, "person:deputy", method="mail", evidence="e", files={"clinic.pdf": "f"})
    vouched = logged(statement_of(said, scopes.kit), LATER, key_of("person:officer"))
    state = evaluate(scopes, [*through(scopes)[:5], vouched], ring, {"mail.eml": "e"})
    assert state.stage == "approved"
    assert why(state) == ["nobody can be vouched for where the whole kit is concerned"]


def test_rubbish_among_the_evidence_is_named_and_stops_nothing(tmp_path: Path) -> None:
    office = start(tmp_path)
    office.vouch("person:mayor", QUOTE)
    folder = office.root / folder_of("clinic") / "evidence"
    (folder / "a folder").mkdir()
    with (folder / "scan.pdf").open("wb") as large:
        large.truncate(30_000_000)
    standing = office.standing()
    assert answers(standing.state)[QUOTE] == "approved"
    assert {problem.code for problem in standing.problems()} == {"file-unreadable", "file-too-large"}


# --- the rules themselves ------------------------------------------------------------------------------


@pytest.mark.parametrize("weaker", ["quorum: 1", "roles: [officer, release]", "vouching: no"])
def test_a_rule_changed_after_signing_voids_the_kit_and_no_part(tmp_path: Path, weaker: str) -> None:
    office = start(tmp_path)
    office.clear()
    with (office.root / "data/house.yaml").open("a") as house:
        house.write(f"sign_off:\n  {weaker}\n")
    state = office.state()
    assert set(answers(state).values()) == {"approved"}
    assert (state.stage, state.kit.signers) == ("approved", ())


def test_break_glass_is_marked_for_ever_and_owes_a_second(office: SmallOffice, ring: Ring) -> None:
    scopes = office.scopes()
    glass = record(
        scopes, LATER, "person:chief", break_glass=True, reason="a flood", files={"clinic.pdf": "f"}
    )
    broken = [*through(scopes)[:4], glass]
    state = evaluate(scopes, broken, ring)
    assert (state.stage, state.kit.second_owed) == ("signed_off", True)
    confirmed = evaluate(scopes, [*broken, record(scopes, LATER + 1, "person:deputy")], ring)
    assert (confirmed.stage, confirmed.kit.second_owed) == ("signed_off", False)
    assert confirmed.break_glass is not None
    office.edit("City opens", "City closes")
    edited = evaluate(office.scopes(), broken, ring)
    assert (edited.stage, edited.break_glass is not None) == ("approved", True)


def test_break_glass_without_a_reason_or_with_a_part_missing_is_nothing(scopes: Scopes, ring: Ring) -> None:
    files = {"clinic.pdf": "f"}
    silent = record(scopes, LATER, "person:chief", break_glass=True, reason=" ", files=files)
    state = evaluate(scopes, [*through(scopes)[:4], silent], ring)
    assert (state.stage, why(state)) == ("approved", ["it breaks the glass without a reason"])
    glass = record(scopes, LATER, "person:chief", break_glass=True, reason="a flood", files=files)
    assert evaluate(scopes, [*through(scopes)[:3], glass], ring).stage == "in_review"


def test_a_rejection_of_the_kit_holds_it_up_until_taken_back(scopes: Scopes, ring: Ring) -> None:
    rejected = record(scopes, LATER, "person:chief", act="reject")
    assert evaluate(scopes, [*through(scopes), rejected], ring).stage == "approved"
    back = record(scopes, LATER + 1, "person:chief")
    assert evaluate(scopes, [*through(scopes), rejected, back], ring).stage == "signed_off"
    director = record(scopes, LATER, "person:director", act="reject")
    held = evaluate(scopes, [*through(scopes), director], ring)
    assert (held.stage, len(held.kit.signers), held.kit.lacking) == ("approved", 2, ())
    somebody = record(scopes, LATER, "agency:fire", act="reject")
    assert evaluate(scopes, [*through(scopes), somebody], ring).stage == "signed_off"


# --- edits elsewhere -----------------------------------------------------------------------------------


def hard(scopes: Scopes) -> Scopes:
    return replace(scopes, policy=SignOff(rest_changed="void"))


def test_an_edit_elsewhere_warns_or_voids_as_the_house_says(office: SmallOffice, ring: Ring) -> None:
    approved = record(office.scopes(), 20, "person:mayor", QUOTE)
    office.edit("City opens", "City closes")
    soft = evaluate(office.scopes(), [approved], ring)
    assert answers(soft)[QUOTE] == "approved"
    assert [found.part.name for found in soft.parts if found.rest_changed] == [QUOTE]
    assert answers(evaluate(hard(office.scopes()), [approved], ring))[QUOTE] == "changed"


def test_a_speaker_who_approves_again_after_an_edit_elsewhere_is_heard_beside_a_delegate(
    office: SmallOffice,
) -> None:
    ring = ring_of([*ring_statements(), delegating("person:mayor", "person:editor", after="")])
    before = office.scopes()
    office.edit("City opens", "City closes")
    after = hard(office.scopes())
    records = [
        record(before, 20, "person:mayor", QUOTE),
        record(before, 21, "person:editor", QUOTE),
        record(after, 22, "person:mayor", QUOTE),
    ]
    for order in (records, [records[1], records[0], records[2]]):
        assert answers(evaluate(after, order, ring))[QUOTE] == "approved"
    late = [record(after, 20, "person:mayor", QUOTE), record(before, 21, "person:editor", QUOTE)]
    assert answers(evaluate(after, late, ring))[QUOTE] == "approved"
    assert answers(evaluate(after, late[::-1], ring))[QUOTE] == "approved"
    state = evaluate(after, records, ring)
    assert not any(found.rest_changed for found in state.parts if found.part.name == QUOTE)


def test_who_signs_last_closes_also_if_they_had_signed_before(scopes: Scopes, ring: Ring) -> None:
    files = {"clinic.pdf": "f" * 64}
    first = record(scopes, 20, "person:chief", files=files)
    again = record(scopes, 22, "person:chief", files=files)
    records = [*through(scopes)[:4], first, record(scopes, 21, "person:deputy", files=files)]
    for expected in (21, 22):
        closing = evaluate(scopes, records, ring).kit.closing
        assert closing is not None
        assert closing.seq == expected
        records.append(again)


def test_signatures_that_cover_no_files_sign_off_nothing(scopes: Scopes, ring: Ring) -> None:
    records = [*through(scopes)[:5], record(scopes, LATER, "person:deputy")]
    state = evaluate(scopes, records, ring)
    assert (state.stage, len(state.kit.signers), state.kit.lacking) == ("approved", 2, ())
    by_editor = record(scopes, LATER + 1, "person:editor", files={"clinic.pdf": "f"})
    assert evaluate(scopes, [*records, by_editor], ring).stage == "approved"


def test_a_key_that_has_expired_signs_nothing(scopes: Scopes) -> None:
    limited = adding(key_of("second").public, "person:mayor", "Alex Example", [], after="", end=NOW.date())
    ring = ring_of([*ring_statements(), limited])
    said = statement_of(decision(scopes, "person:mayor", QUOTE), scopes.kit)
    today = logged(said, 20, key_of("second"))
    tomorrow = logged(said, 20, key_of("second"), at=NOW + timedelta(days=1))
    assert answers(evaluate(scopes, [today], ring))[QUOTE] == "approved"
    assert answers(evaluate(scopes, [tomorrow], ring))[QUOTE] == "missing"


def test_a_copied_release_brings_no_approval_along(tmp_path: Path) -> None:
    office = start(tmp_path)
    office.clear()
    shutil.copytree(office.root / "data/releases/clinic", office.root / "data/releases/clinic-2")
    standing = office.standing("clinic-2")
    assert set(answers(standing.state).values()) == {"missing"}
    assert standing.state.kit.signers == ()
    assert {problem.code for problem in standing.problems()} == {"record-left-out"}
    for path in office.records("clinic-2"):
        copied = NewRecord("copied", path.read_bytes(), {})
        office.enter(copied, "clinic-2")
    entered = office.standing("clinic-2").state
    assert set(answers(entered).values()) == {"missing"}
    assert {reason for _, reason in entered.left_out} == {"it is about another release"}
    assert office.state().cleared


def test_a_record_too_large_to_be_read_is_not_written(tmp_path: Path) -> None:
    office = start(tmp_path)
    said = decision(office.scopes(), "person:mayor", QUOTE, act="reject", reason="no " * 400_000)
    content = sign(statement_of(said, office.scopes().kit), key_of("person:mayor"))
    with pytest.raises(NotAllowed, match="can not be recorded"):
        office.enter(NewRecord("reject-person-mayor", content, {}))
    assert office.records() == []
    assert len(office.ledger().chain.entries) == AFTER_RING
    office.approve("person:mayor", QUOTE)


def test_signing_needs_a_signer(scopes: Scopes) -> None:
    from presskit.signoff.envelope import BadEnvelope, read

    with pytest.raises(BadEnvelope, match="0 signatures"):
        read(sign(statement_of(decision(scopes, "person:mayor", QUOTE), scopes.kit)))


def test_nobody_is_vouched_for_under_another_persons_name(tmp_path: Path) -> None:
    office = start(tmp_path)
    office.edit("- id: mayor", "- id: editor", "data/people.yaml")
    office.edit("speaker: mayor", "speaker: editor")
    before = office.records()
    with pytest.raises(NotAllowed) as refused:
        office.vouch("person:editor", QUOTE)
    assert [problem.code for problem in refused.value.problems] == ["name-differs"]
    assert office.records() == before
    said = decision(office.scopes(), "person:editor", QUOTE, method="mail", evidence="e")
    vouched = logged(statement_of(said, "example.org/clinic"), 20, key_of("person:officer"))
    state = evaluate(office.scopes(), [vouched], ring_of(ring_statements()), {"mail.eml": "e"})
    assert answers(state)[QUOTE] == "missing"


def test_somebody_the_ring_does_not_know_is_vouched_for_as_the_register_has_them(tmp_path: Path) -> None:
    office = start(tmp_path)
    office.edit("    speaker: mayor", "    speaker: press-desk")
    office.vouch("person:press-desk", QUOTE)
    assert answers(office.state())[QUOTE] == "approved"
