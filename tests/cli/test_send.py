from __future__ import annotations

import json
from collections.abc import Iterator
from email import message_from_bytes, policy
from io import StringIO
from pathlib import Path

import pytest

from tests.cli.conftest import Call, GoTo
from tests.cli.mail_office import ALL, MailOffice, lists, relays
from tests.servers.secure import secure_relay
from tests.signed_office import SLUG, SOURCE, Stage


@pytest.fixture
def at_stage(go_to: GoTo, call: Call) -> Iterator[dict[Stage, MailOffice]]:
    with secure_relay("none") as relay:

        class Offices(dict[Stage, MailOffice]):
            def __missing__(self, stage: Stage) -> MailOffice:
                desk = go_to(stage)
                relays(desk, relay.port)
                lists(desk)
                return MailOffice(desk, relay, call)

        yield Offices()


@pytest.fixture
def office(at_stage: dict[Stage, MailOffice]) -> MailOffice:
    return at_stage["archived"]


def test_each_recipient_gets_one_message_with_nobody_elses_address(office: MailOffice) -> None:
    said = office.send("--list", "dailies")
    assert (said.code, said.out) == (0, "3 sent\n")
    inboxes = office.inboxes()
    assert inboxes.keys() == ALL
    for address, (message,) in inboxes.items():
        assert [a.addr_spec for a in message["To"].addresses] == [address]
        assert not message["Cc"] and not message["Bcc"]
        others = ALL - {address}
        assert not any(other.encode() in bytes(message) for other in others)


def test_the_message_says_what_was_signed_and_brings_the_signed_pdf(office: MailOffice) -> None:
    office.send("--list", "dailies")
    ((message,), *_) = office.inboxes().values()
    signed = office.desk.built()
    plain = message.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().replace("\r\n", "\n").startswith(signed[f"{SLUG}.txt"].decode())
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == (f"{SLUG}.pdf", signed[f"{SLUG}.pdf"])
    assert message["Subject"] == "The bridge opens"
    assert message["Auto-Submitted"] == "auto-generated"


def test_nothing_is_sent_before_the_number_of_recipients_is_typed(office: MailOffice) -> None:
    assert [office.send("--list", "dailies", count=count).code for count in (None, 2, 4, 0)] == [5] * 4
    said = office.send("--list", "dailies", count=4)
    assert "[count-differs]" in said.err
    assert office.relay.received == []
    assert office.states() == {}


def test_sending_again_sends_nothing_twice(office: MailOffice) -> None:
    office.send("--list", "dailies")
    again = office.send("--list", "dailies")
    assert again.code == 5
    assert "3 had it queued before" in again.err
    assert len(office.relay.received) == 3


def test_the_page_shows_who_gets_what_and_a_dry_run_changes_nothing(office: MailOffice) -> None:
    said = office.send("--list", "dailies", "--where", "language = fr", "--dry-run", count=None)
    assert said.code == 0
    for words in (
        "version 1, number 2026-0001, en-CA",
        "by Inspector Lee and Inspector Kim",
        "1 recipient: dailies 1",
        "Chef de pupitre, Le Quotidien <pupitre@quotidien.example.org>",
        f"attached: {SLUG}.pdf",
        "2 not wanted by --where",
    ):
        assert words in said.out
    assert office.relay.received == []
    assert not (office.desk.root / "data/mail").exists()


@pytest.mark.parametrize("stage", ["founded", "approved", "signed"])
def test_only_what_is_signed_off_and_archived_is_sent(
    at_stage: dict[Stage, MailOffice], stage: Stage
) -> None:
    office = at_stage[stage]
    said = office.send("--list", "dailies")
    assert said.code == 5
    assert ("[not-archived]" if stage == "signed" else "[sign-off-missing]") in said.err
    assert office.relay.received == []


def test_a_test_may_be_a_draft_and_says_so_but_never_leaves_the_office(
    at_stage: dict[Stage, MailOffice],
) -> None:
    office = at_stage["founded"]
    said = office.send("--test", "me@example.org", "--test", "desk@Example.org", count=None)
    assert said.code == 0
    ((message,), _) = office.inboxes().values()
    assert message["Subject"].startswith("[TEST] ")
    assert "DRAFT" in message["Subject"]
    outside = office.send("--test", "me@example.net", "--test", "me@sub.example.org", count=None)
    assert outside.code == 5
    assert outside.err.count("[test-outside]") == 2
    through = office.send("--test", "me%example.net@example.org", "--test", "example.net!me@example.org")
    assert through.err.count("[test-outside]") == 2
    assert len(office.relay.received) == 2


def test_a_test_can_be_sent_again_and_keeps_nobody_from_the_real_message(office: MailOffice) -> None:
    lists(office.desk, entries="email,consent\nme@example.org,published address\n")
    for _ in range(2):
        assert office.send("--test", "me@example.org", count=None).code == 0
    assert office.send("--list", "dailies", count=1).code == 0
    subjects = [message["Subject"] for message in office.inboxes()["me@example.org"]]
    assert subjects == ["[TEST] The bridge opens", "[TEST] The bridge opens", "The bridge opens"]


def test_a_release_goes_to_lists_of_the_media_only(office: MailOffice) -> None:
    lists(office.desk, "witnesses", settings="kind: other\n")
    said = office.send("--list", "witnesses", "--list", "dailies")
    assert said.code == 5
    assert "[list-kind]" in said.err
    assert office.relay.received == []


def test_an_address_on_two_lists_gets_one_message(office: MailOffice) -> None:
    lists(office.desk, "radio", entries="email,consent\nNEWS@radio.example.org,published address\n")
    assert office.send("--list", "dailies", "--list", "radio").code == 0
    assert {address: len(found) for address, found in office.inboxes().items()} == dict.fromkeys(ALL, 1)


def test_a_condition_is_asked_of_each_entry_and_who_keeps_no_embargo_anywhere_keeps_none(
    office: MailOffice,
) -> None:
    radio = "email,beat,accepts_embargo,consent\nnews@radio.example.org,sport,yes,published address\n"
    lists(office.desk, "radio", entries=radio)
    both = ("--list", "dailies", "--list", "radio", "--dry-run", "--where")
    assert "1 recipient: radio 1" in office.send(*both, "list = radio", count=None).out
    assert "1 recipient: radio 1" in office.send(*both, "beat = sport", count=None).out
    assert "1 recipient: dailies 1" in office.send(*both, "accepts_embargo = no", count=None).out


def test_status_tells_how_far_a_release_has_gone(office: MailOffice, call: Call) -> None:
    call("outbox", "halt", SLUG, "--reason", "A name is wrong")
    office.send("--list", "dailies")
    said = call("status", SLUG).out
    assert f"version 1 to 0 of 3, 3 waiting: presskit deliveries {SLUG}" in said
    assert "this is halted: A name is wrong." in said


def test_who_unsubscribed_gets_nothing_whatever_list_they_are_on(office: MailOffice, call: Call) -> None:
    assert call("unsubscribe", "news@radio.example.org").code == 0
    assert office.send("--list", "dailies", count=2).code == 0
    assert office.inboxes().keys() == ALL - {"news@radio.example.org"}


def test_drafts_are_written_for_each_recipient_and_nothing_is_queued(
    office: MailOffice, tmp_path: Path
) -> None:
    folder = tmp_path / "drafts"
    said = office.send("--list", "dailies", "--draft", str(folder), count=None)
    assert said.code == 0
    found = [message_from_bytes(p.read_bytes(), policy=policy.default) for p in sorted(folder.iterdir())]
    assert [message["X-Unsent"] for message in found] == ["1", "1", "1"]
    assert {message["To"].addresses[0].addr_spec for message in found} == ALL
    assert (office.relay.received, office.states()) == ([], {})
    assert office.send("--list", "dailies", "--draft", str(folder), count=None).code == 2


def test_drafts_that_can_not_be_written_leave_nothing_half_done(office: MailOffice, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    said = office.send("--list", "dailies", "--draft", str(tmp_path / "file" / "drafts"), count=None)
    assert said.code == 3
    assert "[file-unwritable]" in said.err
    assert [path.name for path in tmp_path.iterdir() if "draft" in path.name] == []


def test_a_correction_goes_to_exactly_those_who_got_the_original_in_the_same_thread(
    office: MailOffice, call: Call
) -> None:
    office.send("--list", "dailies", "--where", "beat = crime", count=2)
    assert call("correct", SLUG, "--reason", "The day was wrong.").code == 0
    correction = f"{SLUG}-correction"
    office.desk.clear(correction)
    office.desk.archive(slug=correction)
    before = {address: message["Message-ID"] for address, (message,) in office.inboxes().items()}
    office.relay.received.clear()
    said = office.send(count=2, slug=correction)
    assert said.code == 0, said.err
    inboxes = office.inboxes()
    assert {address: message["In-Reply-To"] for address, (message,) in inboxes.items()} == before
    assert all(message["Subject"].startswith("CORRECTION: ") for (message,) in inboxes.values())
    late = office.send("--list", "dailies", count=1)
    assert "halted" in call("deliveries", SLUG).err
    assert late.code == 6
    assert office.inboxes().keys() == before.keys()


def test_whom_a_correction_did_not_reach_gets_what_corrects_the_correction(
    office: MailOffice, call: Call
) -> None:
    office.send("--list", "dailies", "--where", "beat = crime", count=2)
    first, second = f"{SLUG}-correction", f"{SLUG}-correction-correction"
    for original, slug in ((SLUG, first), (first, second)):
        assert call("correct", original, "--reason", "The day was wrong.").code == 0
        office.desk.clear(slug)
        office.desk.archive(slug=slug)
    said = office.send(count=2, slug=second)
    assert said.code == 0, said.err
    assert f"corrects {first}; 2 got that or {SLUG}, and no more of it is sent" in said.err
    assert office.states(second) == office.states()


def test_without_a_list_a_release_that_corrects_nothing_goes_nowhere(office: MailOffice) -> None:
    said = office.send(count=0)
    assert said.code == 5
    assert "[nobody-left]" in said.err


def test_the_answer_for_programs_counts_what_became_of_each(office: MailOffice) -> None:
    said = office.send("--list", "dailies", "--json")
    facts = json.loads(said.out)
    assert said.err == ""
    assert {
        name: facts[name] for name in ("exit_code", "queued", "sent", "refused", "in_doubt", "problems")
    } == {
        "exit_code": 0,
        "queued": 3,
        "sent": 3,
        "refused": 0,
        "in_doubt": 0,
        "problems": [],
    }


def test_without_settings_for_mail_it_is_told_what_to_write(office: MailOffice) -> None:
    house = office.desk.root / "data/house.yaml"
    text = house.read_text("utf-8")
    house.write_text(
        text.replace("mail: ", "# mail: ").replace("  sender:", "#").replace("  relay:", "#"), "utf-8"
    )
    before, _, after = house.read_text("utf-8").partition("    host: 127")
    house.write_text(
        before + "#" + after.replace("\n    port", "\n#").replace("\n    security", "\n#"), "utf-8"
    )
    said = office.send("--list", "dailies")
    assert said.code == 4
    assert "[mail-settings]" in said.err


def test_a_relay_that_is_not_there_leaves_nothing_queued(office: MailOffice) -> None:
    relays_nowhere = (office.desk.root / "data/house.yaml").read_text("utf-8")
    port = f"port: {office.relay.port}"
    (office.desk.root / "data/house.yaml").write_text(relays_nowhere.replace(port, "port: 9"), "utf-8")
    said = office.send("--list", "dailies")
    assert said.code == 5
    assert "[relay-unreachable]" in said.err
    assert office.states() == {}


def test_a_release_edited_after_its_sign_off_is_not_sent(office: MailOffice) -> None:
    office.desk.edit("It opens on Monday.", "It opens on Tuesday.", SOURCE)
    said = office.send("--list", "dailies")
    assert said.code == 5
    assert "[sign-off-missing]" in said.err


@pytest.mark.parametrize("option", ["--quiet", "--json"])
@pytest.mark.parametrize(("typed", "code"), [("3", 0), (" 0,003 ", 0), ("2", 5), ("three", 5)])
def test_whoever_types_the_number_has_seen_the_page(
    office: MailOffice, monkeypatch: pytest.MonkeyPatch, option: str, typed: str, code: int
) -> None:
    monkeypatch.setattr("presskit.cli.report.somebody_is_there", lambda: True)
    monkeypatch.setattr("sys.stdin", StringIO(f"{typed}\n"))
    said = office.send("--list", "dailies", option, count=None)
    assert said.code == code
    assert "3 recipients: dailies 3" in said.err
    assert len(office.relay.received) == (3 if code == 0 else 0)
