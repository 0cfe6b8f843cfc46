"""How words stand that were archived and are being sent, whatever the office does meanwhile."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from presskit.errors import ArchiveDamaged, ProblemsFound, Unreadable
from presskit.signoff.acts import Order
from presskit.signoff.canon import digest
from presskit.signoff.envelope import sign
from presskit.signoff.keyring import revoking
from presskit.signoff.ledger import LOG, NewRecord
from presskit.signoff.records import statement_of
from presskit.signoff.scopes import words_of
from presskit.signoff.standing import Standing, log_mark, stand_on
from tests.signoff.office import (
    FILES,
    FIRE,
    KIT,
    POLICE,
    QUOTE,
    RELEASE,
    SLUG,
    SmallOffice,
    decision,
    key_of,
    start,
)

Words = Mapping[str, bytes]


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    """A release that is signed off, one answer by mail, and approved to be sent early."""
    office = start(tmp_path)
    office.submit()
    office.approve("person:mayor", QUOTE)
    office.approve("agency:police", POLICE)
    office.vouch("agency:fire", FIRE)
    office.sign_kit("person:chief")
    office.sign_kit("person:deputy")
    office.let_out_early("person:chief")
    return office


@pytest.fixture
def words(office: SmallOffice) -> Words:
    """What was archived of it."""
    return words_of(office.scopes())


def now(office: SmallOffice, words: Words) -> Standing:
    return stand_on(words, office.workspace)


def test_words_stand_as_the_release_does_that_they_were_archived_of(
    office: SmallOffice, words: Words
) -> None:
    sent, release = now(office, words), office.standing()
    assert sent.state.cleared
    assert sent.state.early is not None
    assert (sent.state.stage, sent.state.kit, sent.state.early) == (
        release.state.stage,
        release.state.kit,
        release.state.early,
    )
    assert sent.problems() == ()
    closing = sent.state.kit.closing
    assert closing is not None
    assert closing.decision.files == {name: digest(content) for name, content in FILES.items()}


def edit_a_paragraph(office: SmallOffice) -> None:
    office.edit("six rooms", "seven rooms")


def edit_a_quote(office: SmallOffice) -> None:
    office.edit("Nobody should", "Everybody should")


def move_the_embargo(office: SmallOffice) -> None:
    office.edit("T09:00-04:00", "T11:00-04:00")


def drop_the_embargo(office: SmallOffice) -> None:
    office.edit("embargo: 2025-06-03T09:00-04:00\n", "")


def ask_for_more_signatures(office: SmallOffice) -> None:
    house = office.root / "data/house.yaml"
    house.write_text(house.read_text("utf-8") + "sign_off:\n  quorum: 3\n", "utf-8")


def break_the_source(office: SmallOffice) -> None:
    (office.root / RELEASE).write_text("headline: [", "utf-8")


def put_other_words_forward(office: SmallOffice) -> None:
    office.edit("six rooms", "seven rooms")
    office.submit("person:director")


def revoke_a_key_that_has_signed(office: SmallOffice) -> None:
    office.ring(revoking(key_of("person:chief").key_id, "left the office", after="x"))


UNTOUCHED: list[Callable[[SmallOffice], None]] = [
    edit_a_paragraph,
    edit_a_quote,
    move_the_embargo,
    drop_the_embargo,
    ask_for_more_signatures,
    break_the_source,
    put_other_words_forward,
    revoke_a_key_that_has_signed,
]


@pytest.mark.parametrize("act", UNTOUCHED, ids=lambda act: act.__name__)
def test_what_says_nothing_about_these_words_stops_nothing(
    office: SmallOffice, words: Words, act: Callable[[SmallOffice], None]
) -> None:
    before = now(office, words).state.early
    act(office)
    after = now(office, words).state
    assert after.cleared
    assert after.early is not None
    assert before is not None
    assert after.early.decision == before.decision


def test_the_release_itself_does_not_stand_any_more_when_it_was_edited(
    office: SmallOffice, words: Words
) -> None:
    edit_a_paragraph(office)
    assert not office.state().cleared
    break_the_source(office)
    with pytest.raises(ProblemsFound):
        office.standing()
    assert now(office, words).state.cleared


def reject_the_kit(office: SmallOffice) -> None:
    office.reject_kit("person:chief")


def reject_the_kit_without_having_signed_it(office: SmallOffice) -> None:
    office.reject_kit("person:director")


def reject_a_quote(office: SmallOffice) -> None:
    office.reject("person:mayor", QUOTE)


def reject_a_mention_by_mail(office: SmallOffice) -> None:
    office.reject("agency:fire", FIRE)


def take_the_evidence_away(office: SmallOffice) -> None:
    (kept,) = (office.root / "data/releases" / SLUG / "sign-off/evidence").iterdir()
    kept.unlink()


def change_the_evidence(office: SmallOffice) -> None:
    (kept,) = (office.root / "data/releases" / SLUG / "sign-off/evidence").iterdir()
    kept.write_bytes(b"I do not agree.")


def take_a_record_away(office: SmallOffice) -> None:
    office.records()[-1].unlink()


def change_a_record(office: SmallOffice) -> None:
    record = office.records()[0]
    record.write_bytes(record.read_bytes() + b"\n")


def reject_it_and_take_the_rejection_away(office: SmallOffice) -> None:
    office.reject_kit("person:chief")
    office.records()[-1].unlink()


def reject_it_and_cut_the_log(office: SmallOffice) -> None:
    office.reject_kit("person:chief")
    log = office.root / LOG
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join([*lines[:3], *lines[4:]]))


def revoke_a_key_and_take_that_away(office: SmallOffice) -> None:
    office.ring(revoking(key_of("person:chief").key_id, "stolen", after="x"))
    (revoked,) = (office.root / "data/sign-off/ring").glob("0017-*.json")
    revoked.unlink()


def rename_the_release(office: SmallOffice) -> None:
    releases = office.root / "data/releases"
    (releases / SLUG).rename(releases / "other")


def lose_the_whole_ledger(office: SmallOffice) -> None:
    shutil.rmtree(office.root / "data/sign-off")


HALTED: list[Callable[[SmallOffice], None]] = [
    reject_the_kit,
    reject_the_kit_without_having_signed_it,
    reject_a_quote,
    reject_a_mention_by_mail,
    take_the_evidence_away,
    change_the_evidence,
    take_a_record_away,
    change_a_record,
    reject_it_and_take_the_rejection_away,
    reject_it_and_cut_the_log,
    revoke_a_key_and_take_that_away,
    rename_the_release,
    lose_the_whole_ledger,
]


@pytest.mark.parametrize("act", HALTED, ids=lambda act: act.__name__)
@pytest.mark.parametrize("edited", [False, True], ids=["as it was", "the release edited meanwhile"])
def test_a_mailing_has_no_sign_off_any_more(
    office: SmallOffice, words: Words, act: Callable[[SmallOffice], None], edited: bool
) -> None:
    assert now(office, words).state.cleared
    act(office)
    if edited and (office.root / RELEASE).exists():
        edit_a_paragraph(office)
    assert not now(office, words).state.cleared


@pytest.mark.parametrize("act", [take_a_record_away, change_a_record, revoke_a_key_and_take_that_away])
def test_nor_may_it_go_early_when_a_record_is_not_there(
    office: SmallOffice, words: Words, act: Callable[[SmallOffice], None]
) -> None:
    act(office)
    assert now(office, words).state.early is None


def test_what_was_rejected_goes_on_when_the_rejection_is_taken_back(
    office: SmallOffice, words: Words
) -> None:
    office.reject("person:mayor", QUOTE)
    office.approve("person:mayor", QUOTE)
    assert now(office, words).state.cleared


def test_taking_back_that_it_goes_early_leaves_the_sign_off(office: SmallOffice, words: Words) -> None:
    office.forbid_early("person:deputy")
    state = now(office, words).state
    assert state.cleared
    assert state.early is None


def test_a_sign_off_closed_with_a_key_that_was_revoked_before_is_none(tmp_path: Path) -> None:
    office = start(tmp_path)
    office.approve_all()
    office.sign_kit("person:chief")
    words = words_of(office.scopes())
    office.ring(revoking(key_of("person:deputy").key_id, "stolen", after="x"))
    said = decision(office.scopes(), "person:deputy", KIT, files={"clinic.pdf": "f"})
    content = sign(statement_of(said, office.scopes().kit), key_of("person:deputy"))
    office.enter(NewRecord("approve-deputy", content, {}))
    standing = now(office, words)
    assert standing.state.stage == "approved"
    assert [why for _, why in standing.state.left_out] == [
        "no key of the key ring that counts at that time has signed it"
    ]


def test_a_ledger_that_was_read_already_is_not_read_again(office: SmallOffice, words: Words) -> None:
    ledger = office.ledger()
    office.reject_kit("person:chief")
    assert stand_on(words, office.workspace, ledger).state.cleared
    assert not stand_on(words, office.workspace).state.cleared


def without_the_kit(words: Words) -> Words:
    return {name: content for name, content in words.items() if not name.startswith("kit@")}


def without_a_part(words: Words) -> Words:
    return {name: content for name, content in words.items() if not name.startswith("quote.")}


def with_another_quote(words: Words) -> Words:
    return {name: content.replace(b"Nobody", b"Everybody") for name, content in words.items()}


def garbled(words: Words) -> Words:
    return dict.fromkeys(words, b"[]")


def no_text(words: Words) -> Words:
    return dict.fromkeys(words, b"\xff")


def nested(words: Words) -> Words:
    return dict.fromkeys(words, b"[" * 100_000)


@pytest.mark.parametrize(
    "change", [without_the_kit, without_a_part, with_another_quote, garbled, no_text, nested]
)
def test_what_no_archived_version_holds_stands_for_nothing(
    office: SmallOffice, words: Words, change: Callable[[Words], Words]
) -> None:
    with pytest.raises(ArchiveDamaged) as refused:
        now(office, change(words))
    assert [problem.code for problem in refused.value.problems] == ["archive-damaged"]


def test_words_that_name_a_release_outside_the_project_are_not_looked_for(
    office: SmallOffice, words: Words
) -> None:
    lured = {name: content.replace(b"example.org/clinic", b"x/../../..") for name, content in words.items()}
    mended = lured[f"{KIT}.json"]
    for name in lured:
        mended = mended.replace(digest(words[name]).encode(), digest(lured[name]).encode())
    with pytest.raises(Unreadable, match="leads out of the project"):
        now(office, {**lured, f"{KIT}.json": mended})


# --- whether anything was added ------------------------------------------------------------------------


def test_the_mark_is_another_one_after_every_act_and_the_same_meanwhile(office: SmallOffice) -> None:
    marks = [log_mark(office.workspace)]
    acts: list[Callable[[], object]] = [
        lambda: office.reject("person:mayor", QUOTE),
        lambda: office.forbid_early("person:chief"),
        lambda: office.submit("person:director"),
        lambda: revoke_a_key_that_has_signed(office),
        lambda: office.order("person:mayor", Order()),
    ]
    for act in acts:
        act()
        marks.append(log_mark(office.workspace))
        office.standing()
        edit_a_paragraph(office)
        office.edit("seven rooms", "six rooms")
        assert log_mark(office.workspace) == marks[-1]
    assert len(set(marks)) == len(acts) + 1
    assert [size for size, _ in marks] == sorted(size for size, _ in marks)


def test_an_office_in_which_nothing_was_signed_yet_has_a_mark_too(tmp_path: Path) -> None:
    office = start(tmp_path, ring=False)
    assert log_mark(office.workspace) == (0, 0)
    office.ring(revoking("x", "nothing there", after=""))
    assert log_mark(office.workspace) > (0, 0)


def test_a_log_that_leads_out_of_the_project_is_refused(office: SmallOffice, tmp_path: Path) -> None:
    outside = shutil.move(office.root / LOG, tmp_path.parent / "log.jsonl")
    (office.root / LOG).symlink_to(outside)
    with pytest.raises(Unreadable):
        log_mark(office.workspace)
