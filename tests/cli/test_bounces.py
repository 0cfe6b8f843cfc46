from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from presskit.send.message.tokens import Tokens
from presskit.send.outbox.store import OUTBOX, Outbox
from presskit.workspace import Workspace
from tests.cli.conftest import Call
from tests.send.bounces.dovecot import LOGIN, dovecot
from tests.send.bounces.samples import DESK, JANE, MAX, fill, sample


@pytest.fixture
def sent(office: Workspace) -> Tokens:
    """The office has sent six releases to three addresses."""
    with closing(Outbox.open(office.root / OUTBOX)) as outbox:
        return fill(outbox)


@pytest.fixture
def came_back(sent: Tokens, tmp_path: Path) -> str:
    """A folder of four messages: an address that is gone, a full mailbox, a wish, a question."""
    folder = tmp_path / "came back"
    folder.mkdir()
    names = {"postfix-unknown": 1, "gmail-full": 2, "wish-with-tag": 3, "question": 1}
    for place, (name, delivery) in enumerate(names.items(), 1):
        (folder / f"{place}.eml").write_bytes(sample(name, delivery, sent))
    return str(folder)


def without_mail(office: Workspace) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(office.root / OUTBOX)) as outbox:
        return set(outbox.execute("select typed, reason from suppressed"))


def test_what_came_back_is_told_with_what_follows(office: Workspace, came_back: str, call: Call) -> None:
    said = call("bounces", came_back)
    assert said.out.splitlines() == [
        "jane@news.example (The News)  5.1.1  gets no more mail: there is no such mailbox",
        "desk@news.example (The News)  5.2.2  counted: 1 of 5 within 30 days",
        "max@daily.example  gets no more mail: asked for it",
        "jane@news.example (The News)  something else: look at it yourself",
        f"    {came_back}/4.eml: “Re: The bridge opens”",
    ]
    assert said.err == "4 messages read: 2 without mail from now on, 1 counted, 1 to look at.\n"
    assert said.code == 0
    assert without_mail(office) == {(JANE, "bounced"), (MAX, "unsubscribed")}


def test_whatever_comes_back_of_a_delivery_in_doubt_ends_the_doubt(
    office: Workspace, sent: Tokens, came_back: str, call: Call, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(office.root / OUTBOX)) as outbox, outbox:
        outbox.execute("update delivery set state='in_doubt' where id in (2, 5)")
    (tmp_path / "arrived.eml").write_bytes(sample("arrived", 5, sent))
    ends = "    it was in doubt, and had been accepted: presskit outbox treat-as-sent"
    lines = call("bounces", came_back, str(tmp_path / "arrived.eml")).out.splitlines()
    assert [line for line in lines if "in doubt" in line] == [
        f"{ends} bridge desk@news.example",
        f"{ends} tunnel desk@news.example",
    ]


def test_reading_again_tells_nothing_new(came_back: str, call: Call) -> None:
    call("bounces", came_back)
    again = call("bounces", came_back)
    assert (again.out, again.err) == ("", "4 messages read: 4 known already.\n")


def test_a_dry_run_changes_nothing(office: Workspace, came_back: str, call: Call) -> None:
    first = call("bounces", came_back, "--dry-run")
    assert first.err.endswith("a dry run: nothing was done.\n")
    assert without_mail(office) == set()
    assert call("bounces", came_back).out == first.out


def test_programs_get_every_finding(
    sent: Tokens, came_back: str, call: Call, golden: Callable[[str, str], None]
) -> None:
    said = call("bounces", came_back, "--json")
    golden("cli/bounces.json", said.out.replace(came_back, "<folder>").replace(sent.tag(3), "<tag>"))


def test_a_message_may_come_in_by_standard_input(
    office: Workspace, sent: Tokens, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = io.TextIOWrapper(io.BytesIO(sample("qmail", 2, sent)))
    monkeypatch.setattr("sys.stdin", letter)
    assert call("bounces", "-").code == 0
    assert without_mail(office) == {(DESK, "bounced")}


def test_the_mailbox_of_the_house_is_read_where_it_was_left(
    office: Workspace, sent: Tokens, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    with dovecot() as server:
        mailbox = f"{{host: localhost, port: {server.tls_port}, ca_file: {server.authority}}}"
        house = office.read("data/house.yaml").decode()
        assert "\n  sender:" in house
        house = house.replace(
            "\n  sender:", f"\n  unsubscribe: stop@example.org\n  mailbox: {mailbox}\n  sender:", 1
        )
        office.add("data/house.yaml", house.encode(), replace=True)
        monkeypatch.setenv("PRESSKIT_IMAP_USER", LOGIN.user)
        monkeypatch.setenv("PRESSKIT_IMAP_PASSWORD", LOGIN.password)
        server.deliver(sample("exchange-unknown", 1, sent))
        server.deliver(sample("wish-without-words").replace(JANE.encode(), DESK.encode()))
        assert call("bounces", "--imap", "--dry-run").err.startswith("2 messages read: 2 without mail")
        assert call("bounces", "--imap").err == "2 messages read: 2 without mail from now on.\n"
        server.deliver(sample("exim", 3, sent))
        assert call("bounces", "--imap").err == "1 message read: 1 without mail from now on.\n"
        assert without_mail(office) == {(JANE, "bounced"), (DESK, "unsubscribed"), (MAX, "bounced")}
        monkeypatch.setenv("PRESSKIT_IMAP_PASSWORD", "wrong")
        refused = call("bounces", "--imap")
        assert (refused.code, "[mailbox-unreadable]" in refused.err) == (3, True)


def test_a_house_without_a_mailbox_is_told_how_to_name_one(sent: Tokens, call: Call) -> None:
    said = call("bounces", "--imap")
    assert (said.code, said.out) == (4, "")
    assert "the house names no mailbox that bounces come to." in said.err


@pytest.mark.parametrize(
    "args", [(), ("--list", "--imap"), ("x.eml", "--lift", JANE), ("--list", "--export", "-")]
)
def test_one_thing_is_asked_for_at_a_time(office: Workspace, call: Call, args: tuple[str, ...]) -> None:
    said = call("bounces", *args)
    assert (said.code, "say one thing" in said.err) == (2, True)


def test_a_file_that_is_not_there_is_told(sent: Tokens, call: Call) -> None:
    said = call("bounces", "absent")
    assert (said.code, "[file-missing]" in said.err) == (2, True)


def test_who_gets_no_mail_is_listed_with_the_reason_and_the_day(came_back: str, call: Call) -> None:
    call("bounces", came_back)
    said = call("bounces", "--list")
    first, second = said.out.splitlines()
    assert first.startswith("jane@news.example  bounced  20")
    assert "  5.1.1 550 5.1.1 <jane@news.example>: Recipient address rejected" in first
    assert second.startswith("max@daily.example  unsubscribed  20")
    assert said.err == "2 addresses without mail.\n"
    listed = json.loads(call("bounces", "--list", "--json").out)["without_mail"]
    assert tuple(listed[0][name] for name in ("address", "reason", "source")) == (
        JANE,
        "bounced",
        "hard:1",
    )


def test_an_office_that_never_sent_has_an_empty_list_and_gets_no_outbox(
    office: Workspace, call: Call
) -> None:
    said = call("bounces", "--list")
    assert (said.code, said.out, said.err) == (0, "", "0 addresses without mail.\n")
    assert not (office.root / OUTBOX).exists()


def test_the_list_can_be_taken_elsewhere_as_csv(came_back: str, call: Call, tmp_path: Path) -> None:
    call("bounces", came_back)
    call("unsubscribe", "+1@news.example", "--reason", "=HYPERLINK(1)")
    file = tmp_path / "without.csv"
    assert call("bounces", "--export", str(file)).err == "3 addresses written.\n"
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))
    assert [(row["address"], row["reason"]) for row in rows] == [
        ("'+1@news.example", "unsubscribed"),
        (JANE, "bounced"),
        (MAX, "unsubscribed"),
    ]
    assert rows[0]["detail"] == "'=HYPERLINK(1)"
    assert call("bounces", "--export", "-").out == file.read_text("utf-8-sig")
    refused = call("bounces", "--export", str(file))
    assert (refused.code, "[file-exists]" in refused.err) == (3, True)


def test_a_bounced_address_is_taken_back(office: Workspace, came_back: str, call: Call) -> None:
    call("bounces", came_back)
    assert call("bounces", "--lift", "Jane@NEWS.example").err == (
        "Jane@NEWS.example gets mail again; what they missed: presskit outbox retry SLUG Jane@NEWS.example\n"
    )
    assert without_mail(office) == {(MAX, "unsubscribed")}
    assert call("bounces", "--lift", JANE).err == "jane@news.example was not without mail.\n"


def test_who_asked_for_no_mail_is_taken_back_only_with_a_reason_that_is_kept(
    office: Workspace, came_back: str, call: Call
) -> None:
    call("bounces", came_back)
    refused = call("bounces", "--lift", MAX)
    assert (refused.code, "[reason-missing]" in refused.err) == (2, True)
    assert (MAX, "unsubscribed") in without_mail(office)
    assert call("bounces", "--lift", MAX, "--reason", "asked for it by phone", "--json").code == 0
    assert without_mail(office) == {(JANE, "bounced")}
    with closing(sqlite3.connect(office.root / OUTBOX)) as outbox:
        kept = outbox.execute("select detail from event where kind='lifted'").fetchall()
    assert kept == [("unsubscribed: asked for it by phone",)]


def test_what_is_no_address_is_not_taken_back(sent: Tokens, call: Call) -> None:
    said = call("bounces", "--lift", "jane")
    assert (said.code, "“jane” is no e-mail address: it has no @." in said.err) == (2, True)


def test_an_address_is_unsubscribed_once(office: Workspace, sent: Tokens, call: Call) -> None:
    said = call("unsubscribe", "JANE@news.example", "--reason", "asked by phone")
    assert (said.code, said.out) == (0, "JANE@news.example  gets no more mail\n")
    assert call("unsubscribe", JANE).out == "jane@news.example  got none already\n"
    assert call("unsubscribe", JANE, JANE).out == "jane@news.example  got none already\n"
    assert without_mail(office) == {("JANE@news.example", "unsubscribed")}


def test_a_bounced_address_can_be_unsubscribed(office: Workspace, came_back: str, call: Call) -> None:
    call("bounces", came_back)
    assert call("unsubscribe", JANE).out == "jane@news.example  gets no more mail\n"
    assert (JANE, "unsubscribed") in without_mail(office)


def test_a_tag_stands_for_the_address_it_was_made_for(office: Workspace, sent: Tokens, call: Call) -> None:
    link = f"https://www.example.org/stop?t={sent.tag(2)}"
    said = call(
        "unsubscribe", sent.tag(3), link, f"mailto:stop@example.org?subject=unsubscribe%20{sent.tag(1)}"
    )
    assert said.code == 0
    assert without_mail(office) == {(MAX, "unsubscribed"), (DESK, "unsubscribed"), (JANE, "unsubscribed")}


def test_a_wrong_line_holds_up_nobody_elses_wish(
    office: Workspace, sent: Tokens, call: Call, tmp_path: Path
) -> None:
    file = tmp_path / "clicks.txt"
    file.write_text(f"\ufeff# clicks\n{sent.tag(1)}\n\n1.0123456789\nno one\n{MAX}\n", encoding="utf-8")
    said = call("unsubscribe", "--from-file", str(file))
    assert said.code == 1
    assert (
        "[tag-unknown]" in said.err and "“no one” is no e-mail address: there is a space in it." in said.err
    )
    assert without_mail(office) == {(JANE, "unsubscribed"), (MAX, "unsubscribed")}


def test_programs_are_told_who_was_unsubscribed(sent: Tokens, call: Call) -> None:
    answer = json.loads(call("unsubscribe", JANE, "1.0123456789", "--json").out)
    assert answer["unsubscribed"] == [{"address": JANE, "was_already": False}]
    assert [problem["code"] for problem in answer["problems"]] == ["tag-unknown"]
    assert answer["exit_code"] == 1


def test_somebody_has_to_be_named(office: Workspace, call: Call) -> None:
    said = call("unsubscribe")
    assert (said.code, "nobody is named." in said.err) == (2, True)
