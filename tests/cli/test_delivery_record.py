from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from presskit import pipeline
from presskit.archive.contents import MANIFEST
from presskit.archive.keeping import CIRCUMSTANCES
from tests.cli.conftest import Call, GoTo, Said
from tests.cli.mail_office import ALL, MailOffice, lists, mail_office
from tests.signed_office import SLUG, SOURCE

SUMMARY, PERSONAL = "deliveries/summary.json", "deliveries/personal"


@pytest.fixture
def office(go_to: GoTo, call: Call) -> Iterator[MailOffice]:
    with mail_office(go_to("archived"), call) as found:
        yield found


@pytest.fixture
def sent(office: MailOffice) -> MailOffice:
    """Two of three reporters have it."""
    assert office.send("--list", "dailies", "--where", "beat = crime", count=2).code == 0
    return office


def archive(office: MailOffice, *slugs: str) -> Said:
    return office.call("archive", *slugs, "--key", "clerk")


def kept(office: MailOffice, version: int | None = None) -> Mapping[str, bytes]:
    return pipeline.kept_files(SLUG, office.desk.office, version)[1]


def summary(office: MailOffice) -> dict[str, Any]:
    found = json.loads(kept(office)[SUMMARY])
    assert isinstance(found, dict)
    return found


def mailboxes(office: MailOffice) -> set[str]:
    rows = csv.DictReader(io.StringIO(kept(office)[f"{PERSONAL}/deliveries.csv"].decode()))
    return {row["mailbox"] for row in rows}


def test_what_was_sent_joins_the_archive_as_the_next_version_and_only_once(sent: MailOffice) -> None:
    assert archive(sent).out == f"{SLUG}: version 2\n"
    before, now = kept(sent, 1), kept(sent, 2)
    assert {name for name in now.keys() - before.keys() if not name.endswith(".eml")} == {
        SUMMARY,
        *(f"{PERSONAL}/{name}" for name in ("deliveries.csv", "attempts.csv", "heads.txt")),
    }
    assert before.keys() < now.keys()
    assert {name for name in before if before[name] != now[name]} <= {MANIFEST, *CIRCUMSTANCES}
    assert archive(sent).out == f"{SLUG}: version 2, there already\n"
    assert archive(sent, SLUG).out == f"{SLUG}: version 2, there already\n"


def test_a_record_that_grew_is_the_next_version(sent: MailOffice) -> None:
    archive(sent)
    assert len(mailboxes(sent)) == 2
    assert sent.send("--list", "dailies", count=1).code == 0
    assert archive(sent).out == f"{SLUG}: version 3\n"
    assert mailboxes(sent) == ALL
    assert [mailing["states"] for mailing in summary(sent)["mailings"]] == [{"sent": 2}, {"sent": 1}]


def test_a_version_that_adds_the_record_is_no_new_revision_to_send(sent: MailOffice) -> None:
    sent.send("--list", "dailies", count=1)
    archive(sent)
    said = sent.send("--list", "dailies", count=0)
    assert said.code == 5
    assert "[nobody-left]" in said.err
    lists(sent.desk, "radio", entries="email,consent\nlate@radio.example.org,published address\n")
    assert sent.send("--list", "radio", count=1).out == "1 sent\n"
    assert [mailing["version"] for mailing in (archive(sent), summary(sent))[1]["mailings"]] == [1, 1, 1]


def test_the_message_and_a_head_of_the_record_are_what_a_reporter_got(sent: MailOffice) -> None:
    archive(sent)
    files = kept(sent)
    heads = files[f"{PERSONAL}/heads.txt"]
    (message,) = (files[name] for name in files if name.startswith("deliveries/message-"))
    _, _, body = message.partition(b"\r\n\r\n")
    assert len(sent.relay.received) == 2
    for received in sent.relay.received:
        head, end, rest = received.content.partition(b"\r\n\r\n")
        assert head + end in heads
        assert rest == body


def test_a_test_and_a_release_nobody_was_sent_leave_no_record(office: MailOffice) -> None:
    assert archive(office).out == f"{SLUG}: version 1, there already\n"
    assert not (office.desk.root / "data/mail").exists()
    assert office.send("--test", "me@example.org", count=None).code == 0
    assert archive(office).out == f"{SLUG}: version 1, there already\n"


def test_what_waits_is_said_and_keeps_nothing_from_being_archived(office: MailOffice) -> None:
    office.call("outbox", "halt", SLUG, "--reason", "We are asked to wait.")
    office.send("--list", "dailies")
    assert archive(office).out == f"{SLUG}: version 2\n"
    assert summary(office)["waiting"] == 3
    office.call("outbox", "go-on", SLUG)
    assert office.call("outbox", "run").code == 0
    assert archive(office).out == f"{SLUG}: version 3\n"
    assert (summary(office)["waiting"], summary(office)["mailings"][0]["states"]) == (0, {"sent": 3})


@pytest.mark.parametrize(
    ("old", "new", "exit_code", "code"),
    [("Monday", "Tuesday", 5, "sign-off-missing"), ("headline:", "headlin:", 1, "field-unknown")],
)
def test_the_record_of_a_release_edited_since_joins_the_words_that_were_sent(
    sent: MailOffice, old: str, new: str, exit_code: int, code: str
) -> None:
    sent.desk.edit(old, new, SOURCE)
    said = archive(sent)
    assert (said.code, said.out) == (0, f"{SLUG}: version 2, its delivery record alone\n")
    assert kept(sent)["release.yaml"] == kept(sent, 1)["release.yaml"]
    assert len(mailboxes(sent)) == 2
    assert sent.call("verify").code == 0
    named = archive(sent, SLUG)
    assert (named.code, f"[{code}]" in named.err) == (exit_code, True)
    assert named.out == f"{SLUG}: version 2, its delivery record alone, there already\n"


def test_the_record_of_a_release_whose_source_is_gone_joins_the_archive(sent: MailOffice) -> None:
    (sent.desk.root / SOURCE).unlink()
    assert archive(sent).out == f"{SLUG}: version 2, its delivery record alone\n"
    assert sent.call("verify").code == 0


def test_versions_are_shown_compared_and_restored_with_their_record(sent: MailOffice, tmp_path: Path) -> None:
    archive(sent)
    assert f"{PERSONAL}/deliveries.csv" in sent.call("show-version", SLUG, "2").out
    assert len(sent.call("show-version", SLUG).out.splitlines()) == 2
    same = sent.call("diff", SLUG, "1", "2")
    assert (same.code, same.out) == (0, "")
    assert same.err.startswith("the words are the same.\nwhat is known of its deliveries differs: ")
    assert json.loads(sent.call("diff", SLUG, "1", "2", "--json").out)["deliveries_differ"] is True
    assert sent.call("diff", SLUG, "2", "2").err == "the words are the same.\n"
    assert sent.call("restore", SLUG, "--to", str(tmp_path / "restored")).code == 0
    restored = tmp_path / "restored" / PERSONAL / "heads.txt"
    assert restored.read_bytes() == kept(sent)[f"{PERSONAL}/heads.txt"]


def test_the_audit_report_tells_what_the_archive_has_of_it(sent: MailOffice) -> None:
    said = sent.call("audit", SLUG)
    assert (said.code, said.err.splitlines()) == (
        0,
        [
            "1 version, 4 approvals, 0 rejections, 0 changes, 0 mailings.",
            f"more is known of its deliveries than the archive has; deposit it: presskit archive {SLUG}",
        ],
    )
    archive(sent)
    assert sent.call("audit", SLUG).err == "2 versions, 4 approvals, 0 rejections, 0 changes, 1 mailing.\n"
    said = sent.call("audit", SLUG, "--json")
    facts = json.loads(said.out)
    assert facts["behind_outbox"] is False
    (mailing,) = facts["audit"]["mailings"]
    assert (mailing["sent"], mailing["lists"]) == (2, [{"name": "dailies", "mailboxes": 2}])
    assert "@daily.example.org" not in said.out


def test_a_damaged_outbox_is_told_and_nothing_is_deposited(sent: MailOffice) -> None:
    outbox = sent.desk.root / "data/mail/outbox.db"
    outbox.write_bytes(b"Dear editor, " * 1000)
    said = archive(sent)
    assert (said.code, said.out) == (3, "")
    assert "[outbox-unusable]" in said.err
