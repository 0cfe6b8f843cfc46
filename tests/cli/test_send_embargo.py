from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest

from presskit.pipeline import sending
from presskit.pipeline.deciding import looked_into
from presskit.send.relay.gate import Release, under_way
from presskit.workspace import Workspace
from tests.cli.conftest import Call, GoTo
from tests.cli.mail_office import MailOffice, lists, mail_office
from tests.signed_office import SLUG, SOURCE

EMBARGO, LATER = "2099-07-30T09:00-04:00", "2099-07-31T09:00-04:00"


@pytest.fixture
def office(go_to: GoTo, call: Call) -> Iterator[MailOffice]:
    """An office whose release is signed off under embargo for many years."""
    desk = go_to("founded")
    desk.edit("issued: 2026-11-23\n", f"issued: 2026-11-23\nembargo: {EMBARGO}\n", SOURCE)
    desk.clear()
    desk.archive()
    with mail_office(desk, call) as found:
        yield found


def test_under_embargo_it_has_to_be_said_what_is_meant(office: MailOffice) -> None:
    said = office.send("--list", "dailies")
    assert said.code == 5
    assert "[embargo-undecided]" in said.err
    early = office.send("--list", "dailies", "--at", "2098-07-30T09:00-04:00")
    assert early.code == 5
    assert "[embargo-undecided]" in early.err
    assert (office.relay.received, office.states()) == ([], {})


def test_held_until_the_embargo_ends_nothing_is_offered_before(office: MailOffice, call: Call) -> None:
    said = office.send("--list", "dailies", "--hold", "--clock-is-right")
    assert said.code == 0, said.err
    assert "when the embargo ends" in said.err
    assert set(office.states().values()) == {"waiting"}
    assert call("outbox", "run").code == 0
    assert office.relay.received == []


def test_a_draft_waits_for_no_embargo(office: MailOffice, tmp_path: Path) -> None:
    for options in (("--hold",), ("--at", "2099-08-01T09:00-04:00"), ()):
        said = office.send("--list", "dailies", *options, "--draft", str(tmp_path / "drafts"), count=None)
        assert said.code == (2 if options else 5)
    assert not (tmp_path / "drafts").exists()


def test_a_draft_of_an_embargo_taken_for_ended_needs_a_right_clock(
    office: MailOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ahead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Ahead:
            return cls(2099, 7, 31, tzinfo=UTC)

    monkeypatch.setattr("presskit.cli.run.datetime", Ahead)
    monkeypatch.setattr("presskit.clock.SystemClock.synchronised", lambda self: False)
    drafts = ("--list", "dailies", "--draft", str(tmp_path / "drafts"))
    said = office.send(*drafts, count=None)
    assert said.code == 5
    assert "[clock-unsure]" in said.err
    assert office.send(*drafts, "--clock-is-right", count=None).code == 0


def test_nobody_vouches_for_the_clock_by_saying_nothing(
    office: MailOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("presskit.clock.SystemClock.synchronised", lambda self: False)
    said = office.send("--list", "dailies", "--hold")
    assert said.code == 5
    assert "[clock-unsure]" in said.err
    assert office.states() == {}


def test_before_its_time_it_goes_to_trusted_lists_only_after_an_approval_of_its_own(
    office: MailOffice, call: Call
) -> None:
    early = "--embargoed-to-trusted"
    assert "[early-missing]" in office.send("--list", "dailies", early, count=2).err
    office.desk.sign("lee", "early")
    office.desk.archive()
    assert "[list-not-trusted]" in office.send("--list", "dailies", early, count=2).err
    lists(office.desk, settings="kind: media\ntrusted: yes\n")
    said = office.send("--list", "dailies", early, count=2)
    assert said.code == 0, said.err
    assert "BEFORE THE EMBARGO ENDS" in said.err
    inboxes = office.inboxes()
    assert inboxes.keys() == {"city@daily.example.org", "pupitre@quotidien.example.org"}
    assert all(message["Subject"].startswith("EMBARGOED until ") for (message,) in inboxes.values())
    rest = office.send("--list", "dailies", "--hold", "--clock-is-right", count=1)
    assert rest.code == 0, rest.err
    assert office.states()["news@radio.example.org"] == "waiting"


def test_an_embargo_that_only_an_unsure_clock_takes_for_ended_is_asked_about(
    office: MailOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    after = datetime.fromisoformat(EMBARGO) + timedelta(hours=1)
    monkeypatch.setattr("presskit.cli.run.Run.workspace", lambda run: Workspace(office.desk.root, after))
    monkeypatch.setattr("presskit.clock.SystemClock.synchronised", lambda self: False)
    said = office.send("--list", "dailies")
    assert (said.code, office.states()) == (5, {})
    assert "[clock-unsure]" in said.err
    assert "its embargo ended on Thursday 30 July 2099, 09:00 (America/Toronto)" in said.err
    assert office.send("--list", "dailies", "--clock-is-right").code == 0


def follow_up(office: MailOffice, embargo: str = "", original: str = SLUG) -> str:
    """Correct a release; the correction is signed off and archived."""
    slug = f"{original}-correction"
    assert office.call("correct", original, "--reason", "It was the wrong day.").code == 0
    source = f"data/releases/{slug}/release.yaml"
    office.desk.edit("headline:", f"{embargo}headline:", source)
    office.desk.clear(slug)
    office.desk.archive(slug=slug)
    return slug


def test_a_correction_does_not_tell_the_news_before_the_embargo_of_what_it_corrects(
    office: MailOffice,
) -> None:
    slug = follow_up(office)
    assert (
        "[embargo-undecided]" in office.send("--list", "dailies", slug=follow_up(office, original=slug)).err
    )
    for options in ((), ("--at", "2098-07-30T09:00-04:00"), ("--embargoed-to-trusted",)):
        said = office.send("--list", "dailies", *options, slug=slug)
        assert said.code == 5
        assert "[embargo-undecided]" in said.err
    held = office.send("--list", "dailies", "--hold", "--clock-is-right", slug=slug)
    assert held.code == 0, held.err
    assert "when the embargo ends: Thursday 30 July 2099, 09:00" in held.err
    assert office.relay.received == []


def test_a_correction_before_its_time_reaches_who_got_the_original_so(office: MailOffice) -> None:
    lists(office.desk, settings="kind: media\ntrusted: yes\n")
    office.desk.sign("lee", "early")
    office.desk.archive()
    assert office.send("--list", "dailies", "--embargoed-to-trusted", count=2).code == 0
    slug = follow_up(office, f"embargo: {EMBARGO}\n")
    office.desk.sign("lee", "early", slug=slug)
    office.desk.archive(slug=slug)
    said = office.send("--embargoed-to-trusted", count=2, slug=slug)
    assert said.code == 0, said.err
    assert set(office.states(slug)) == {"city@daily.example.org", "pupitre@quotidien.example.org"}


def test_who_got_a_release_without_an_embargo_has_agreed_to_none(go_to: GoTo, call: Call) -> None:
    with mail_office(go_to("archived"), call) as office:
        assert office.send("--list", "dailies").code == 0
        slug = follow_up(office, f"embargo: {EMBARGO}\n")
        office.desk.sign("lee", "early", slug=slug)
        office.desk.archive(slug=slug)
        said = office.send("--embargoed-to-trusted", slug=slug)
        assert "3 have not agreed to keep embargoes" in said.err
        assert (said.code, office.states(slug)) == (5, {})


def test_without_an_embargo_there_is_nothing_to_hold_for(go_to: GoTo, call: Call) -> None:
    desk = go_to("archived")
    lists(desk)
    for option in ("--hold", "--embargoed-to-trusted"):
        said = call("send", SLUG, "--list", "dailies", option, "--count", "3")
        assert said.code == 5
        assert "[embargo-passed]" in said.err


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2099-07-30T09:00", "embargo-format"),
        ("2025-03-09T02:30-05:00", "embargo-nonexistent"),
        ("2025-11-02T01:30-04:00", "embargo-ambiguous"),
        ("2020-07-30T09:00-04:00", "time-passed"),
    ],
)
def test_a_time_that_can_be_read_in_two_ways_or_has_passed_is_refused(
    go_to: GoTo, call: Call, typed: str, code: str
) -> None:
    lists(go_to("archived"))
    said = call("send", SLUG, "--list", "dailies", "--at", typed, "--count", "3")
    assert said.code in (2, 5)
    assert f"[{code}]" in said.err


def waiting(office: MailOffice) -> tuple[Release, ...]:
    """The releases the outbox has yet to send."""
    with looked_into(office.desk.workspace) as outbox:
        return under_way(outbox)


def why_not(office: MailOffice, release: Release) -> str | None:
    """Why one of them may not go by now."""
    with looked_into(office.desk.workspace) as outbox:
        return sending.why_not(office.desk.office, outbox, release)


def test_an_embargo_that_is_put_off_holds_what_waits_for_the_old_one(office: MailOffice) -> None:
    assert office.send("--list", "dailies", "--hold", "--clock-is-right").code == 0
    assert [why_not(office, release) for release in waiting(office)] == [None]
    office.desk.edit(EMBARGO, LATER)
    assert [why_not(office, release) for release in waiting(office)] == [
        f"its embargo was put off until {LATER} after this was queued"
    ]


def test_a_version_signed_off_anew_takes_the_place_of_the_one_that_waits(office: MailOffice) -> None:
    hold = ("--list", "dailies", "--hold", "--clock-is-right")
    assert office.send(*hold).code == 0
    office.desk.edit("It opens on Monday.", "It opens on Tuesday.")
    office.desk.request()
    office.desk.sign("lee")
    office.desk.sign("kim")
    office.desk.archive()
    said = office.send(*hold)
    assert said.code == 0, said.err
    assert "version 1 still waits for 3; no more of it is sent" in said.err
    assert [(r.revision, why_not(office, r)) for r in waiting(office)] == [(2, None)]


def test_what_is_held_back_by_its_clock_goes_on_with_the_time_that_is_taken_for_right(
    office: MailOffice, call: Call
) -> None:
    assert office.send("--list", "dailies", "--hold", "--clock-is-right").code == 0
    with looked_into(office.desk.workspace) as outbox, outbox.transaction() as rows:
        rows.execute("update mailing set held='the clock jumped'")
    silent = call("outbox", "go-on", SLUG)
    assert silent.out == ""
    assert "held back: the clock jumped" in silent.err
    said = call("outbox", "go-on", SLUG, "--clock-is-right")
    assert said.out.startswith(f"goes on: {SLUG}")
    assert re.fullmatch(r"taken for right: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(America/Toronto\)\.\n", said.err)
