from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

import presskit.archive
from presskit import pipeline
from presskit.archive.contents import MANIFEST, SUMMARY
from presskit.archive.differences import differences
from presskit.errors import ArchiveDamaged, NotAllowed
from presskit.send.message.body import prepare
from presskit.send.outbox.decisions import cancel
from presskit.signoff.canon import canonical
from presskit.writers.mail import MailBody
from tests.archive.forgery import CLERK, Edit, Files, archive_of, codes, forge, found_in, kept, layers
from tests.send.offered import mail
from tests.send.post import NOON, new_outbox, people, person, put
from tests.send.post import SLUG as MAILED
from tests.signed_office import OBJECT, RING_OBJECT, SLUG, Desk
from tests.signoff.office import key_of

LIST, HEADS = "deliveries/personal/deliveries.csv", "deliveries/personal/heads.txt"
OUTBOX = "data/mail/outbox.db"


@pytest.fixture
def sent(archived: Desk) -> Desk:
    """An office with a second version in its archive: one reporter has it, one does not, one waits."""
    assert MAILED == SLUG
    to = [
        person("city@one.example.com", reporter="Robin Secret", list="dailies"),
        person("news@two.example.com", outlet="Hidden Radio", list="radio"),
        person("desk@three.example.com", list="dailies"),
    ]
    mail(archived.root, to, "sent", "failed")
    assert archived.archive() == 2
    return archived


def message_in(files: Mapping[str, bytes]) -> str:
    (name,) = (name for name in files if name.startswith("deliveries/message-"))
    return name


def shrink(desk: Desk, to: int) -> None:
    """Put an outbox in the place of the office's that knows of so many deliveries."""
    for file in (desk.root / OUTBOX).parent.glob("outbox.db*"):
        file.unlink()
    if to:
        mail(desk.root, people(to))


# --- what joins and what stays -------------------------------------------------------------------------


def test_a_version_with_a_record_is_proved_as_any_other(sent: Desk) -> None:
    assert found_in(sent, archive_of(sent).checkpoint()) == ()
    assert archive_of(sent).versions(OBJECT)[2].message == "Signed off 2026-0001"


def test_an_outbox_that_is_gone_takes_nothing_out_of_the_archive(sent: Desk) -> None:
    before = kept(archive_of(sent))
    shrink(sent, 0)
    assert sent.archive() == 2
    sent.reject("lee", "kit")
    sent.sign("lee")
    assert sent.archive() == 3
    now = kept(archive_of(sent))
    assert {n: now[n] for n in now if n.startswith("deliveries/")} == {
        n: before[n] for n in before if n.startswith("deliveries/")
    }
    assert LIST in now
    assert not (sent.root / OUTBOX).exists()


@pytest.mark.parametrize("edited", [False, True])
def test_an_older_copy_of_the_outbox_is_noticed(sent: Desk, *, edited: bool) -> None:
    shrink(sent, 2)
    if edited:
        sent.edit("Monday", "Tuesday")
    with pytest.raises(NotAllowed) as refused:
        sent.archive()
    assert [problem.code for problem in refused.value.problems] == ["outbox-shortened"]
    assert "3 deliveries of this, and the outbox of 2 only" in refused.value.problems[0].what
    assert set(archive_of(sent).versions(OBJECT)) == {1, 2}


def test_what_an_edited_release_was_sent_as_is_not_touched_and_who_deposits_it_is_known(sent: Desk) -> None:
    before = kept(archive_of(sent))
    mail(sent.root, [person("late@example.com")])
    sent.edit("Monday", "Tuesday")
    sent.add_key("somebody")
    done = pipeline.deposit(SLUG, sent.office, key_of("lee"))
    assert (done.deposited.version, done.deposited.is_new) == (3, True)
    assert isinstance(done.why_record_alone, NotAllowed)
    now = kept(archive_of(sent))
    changed = {name for name in {*now, *before} if now.get(name) != before.get(name)}
    assert {name for name in changed if "message-" not in name} == {MANIFEST, SUMMARY, LIST}
    assert archive_of(sent).versions(OBJECT)[3].message == "Delivery record"
    assert archive_of(sent).versions(OBJECT)[3].user_name == "Inspector Lee"
    assert set(archive_of(sent).versions(RING_OBJECT)) == {1, 2}
    assert found_in(sent) == ()
    assert not pipeline.deposit(SLUG, sent.office, key_of("lee")).deposited.is_new


def test_a_message_that_was_called_off_and_took_another_form_is_not_in_the_newest_record(
    archived: Desk,
) -> None:
    mail(archived.root, people(1))
    archived.archive()
    first = message_in(kept(archive_of(archived)))
    archived.edit("Monday", "Tuesday")
    other = prepare(MailBody("In other words.\n", "<p>In other words.</p>", ()), (), "en-CA")
    with closing(new_outbox(archived.root)) as outbox:
        cancel(outbox, SLUG, NOON)
        put(outbox, people(1), body=other)
    assert archived.archive() == 3
    assert message_in(kept(archive_of(archived))) != first


def test_edited_words_that_are_signed_off_again_keep_the_record_of_the_old_ones(sent: Desk) -> None:
    sent.edit("Monday", "Tuesday")
    sent.request()
    sent.sign("lee")
    sent.sign("kim")
    assert sent.archive() == 3
    assert b"city@one.example.com" in kept(archive_of(sent))[LIST]
    assert b"Tuesday" in kept(archive_of(sent))["release.yaml"]
    assert found_in(sent) == ()


def test_a_draft_and_a_release_nobody_archived_are_refused_as_ever(archived: Desk) -> None:
    archived.edit("Monday", "Tuesday")
    with pytest.raises(NotAllowed) as refused:
        archived.archive()
    assert [problem.code for problem in refused.value.problems] == ["sign-off-missing"]
    shutil.rmtree(archived.root / "output" / "archive")
    mail(archived.root, people(1), "sent")
    with pytest.raises(NotAllowed) as refused:
        archived.archive()
    assert [problem.code for problem in refused.value.problems] == ["sign-off-missing"]
    assert pipeline.to_archive(archived.office) == ()


def test_a_deposit_is_due_of_what_was_signed_off_or_sent(sent: Desk) -> None:
    assert pipeline.to_archive(sent.office) == (SLUG,)
    sent.edit("Monday", "Tuesday")
    assert pipeline.signed_off(sent.office) == ()
    assert pipeline.to_archive(sent.office) == (SLUG,)


# --- what is tampered with -----------------------------------------------------------------------------


def another_address(files: Files) -> None:
    files[LIST] = files[LIST].replace(b"city@one", b"mayor@one")


def another_number(files: Files) -> None:
    files[SUMMARY] = files[SUMMARY].replace(b'"sent":1', b'"sent":9')


def another_message(files: Files) -> None:
    files[message_in(files)] += b"PS: Do not print this.\r\n"


def no_heads(files: Files) -> None:
    del files[HEADS]


def one_file_more(files: Files) -> None:
    files["deliveries/personal/more.csv"] = b"me@example.org\n"


TAMPERED: list[tuple[Edit, str]] = [
    (another_address, "file-not-signed"),
    (another_number, "file-not-signed"),
    (another_message, "file-not-signed"),
    (no_heads, "file-not-there"),
    (one_file_more, "file-not-listed"),
]


@pytest.mark.parametrize(("edit", "code"), TAMPERED)
def test_a_record_that_was_tampered_with_is_found_whatever_digests_fit(
    sent: Desk, edit: Edit, code: str
) -> None:
    forge(sent, edit)
    found = found_in(sent)
    assert "signature" in layers(found)
    assert codes(found) == {code}


def test_a_byte_changed_on_disk_is_found(sent: Desk) -> None:
    (file,) = (sent.root / "output" / "archive").glob(f"**/{LIST}")
    file.write_bytes(file.read_bytes().replace(b"city@one", b"mayr@one"))
    assert "fixity" in layers(found_in(sent))


@pytest.mark.skipif(
    os.environ.get("CI") != "true" and not (shutil.which("jq") and shutil.which("openssl")),
    reason="needs jq and openssl: run .ci/judges",
)
def test_a_stranger_s_check_takes_the_record_and_finds_it_tampered_with(sent: Desk) -> None:
    script = Path(presskit.archive.__file__).parent / "root" / "verify50.sh"

    def check() -> tuple[int, str]:
        done = subprocess.run(
            ["sh", str(script), str(archive_of(sent).root)], capture_output=True, text=True, timeout=120
        )
        return done.returncode, done.stdout.splitlines()[-1]

    assert check() == (0, "OK       everything matches")
    forge(sent, another_address)
    code, last = check()
    assert code == 1
    assert "is not the one in its signed list" in last


# --- what is told of it, and handed out ----------------------------------------------------------------


def test_two_versions_whose_words_are_the_same_differ_in_no_word(sent: Desk) -> None:
    archive = archive_of(sent)
    assert differences(kept(archive, OBJECT, 1), kept(archive, OBJECT, 2)) == ()


def test_the_report_tells_how_many_got_it_and_names_nobody(sent: Desk) -> None:
    done = pipeline.audit(SLUG, sent.office)
    assert not done.is_behind
    (mailing,) = done.report.mailings
    files = kept(archive_of(sent))
    assert [(one.name, one.mailboxes) for one in mailing.lists] == [("dailies", 2), ("radio", 1)]
    assert (mailing.sent, mailing.refused, mailing.in_doubt, mailing.waiting) == (1, 1, 0, 1)
    assert mailing.first == mailing.last == datetime(2026, 11, 24, 12, tzinfo=UTC)
    (message,) = mailing.messages
    assert (message.name, message.sha256) == (
        message_in(files),
        sha256(files[message.name]).hexdigest(),
    )
    said = repr(done.report)
    assert "ecret" not in said
    assert "@one.example.com" not in said


def test_a_report_made_before_the_record_was_archived_says_that_it_lacks_some(sent: Desk) -> None:
    mail(sent.root, [person("late@example.com")])
    assert pipeline.audit(SLUG, sent.office).is_behind
    sent.archive()
    done = pipeline.audit(SLUG, sent.office)
    assert not done.is_behind
    assert [one.waiting for one in done.report.mailings] == [1, 1]
    assert [one.first for one in done.report.mailings][1] is None


@pytest.mark.parametrize("garbled", [b"[]", b"{}", b'{"mailings":[{"states":1}]}', b"\xff"])
def test_a_garbled_summary_is_told_and_makes_nothing_public(sent: Desk, garbled: bytes) -> None:
    def garble(files: Files) -> None:
        files[SUMMARY] = garbled

    forge(sent, garble, signer=CLERK)
    with pytest.raises(ArchiveDamaged):
        pipeline.audit(SLUG, sent.office)
    package = pipeline.export(SLUG, sent.office, "foi", 2)
    assert not [path for path in package if path.startswith("public/v2/deliveries/message")]
    assert (f"public/v2/{SUMMARY}" in package) is garbled.startswith(b'{"')


def test_an_foi_package_keeps_apart_who_got_it(sent: Desk) -> None:
    package = pipeline.export(SLUG, sent.office, "foi", 2)
    rows = csv.DictReader(io.StringIO(package["index.csv"].decode()))
    why = {row["path"]: row["why"] for row in rows if "/deliveries/" in row["path"]}
    names = "names who it was sent to, with addresses and what their mail servers said"
    message = message_in(kept(archive_of(sent)))
    assert why == {
        f"public/v2/{message}": "went out as it is",
        f"public/v2/{SUMMARY}": "how many it went to; names nobody",
        **{
            f"personal/v2/deliveries/personal/{name}": names
            for name in ("attempts.csv", "deliveries.csv", "heads.txt")
        },
    }
    for path, content in package.items():
        if path.startswith(("public/", "advice/")):
            assert b"ecret" not in content
            assert b"one.example.com" not in content


def test_a_message_that_only_waits_is_not_public(archived: Desk) -> None:
    mail(archived.root, people(2), "failed")
    archived.archive()
    package = pipeline.export(SLUG, archived.office, "foi")
    message = message_in(kept(archive_of(archived)))
    assert f"personal/v2/{message}" in package
    assert f"public/v2/{SUMMARY}" in package


def test_a_message_other_than_the_one_that_went_is_not_public(sent: Desk) -> None:
    def another(files: Files) -> None:
        summary = json.loads(files[SUMMARY])
        summary["mailings"][0]["messages"][0]["sha256"] = "0" * 64
        files[SUMMARY] = canonical(summary)

    forge(sent, another, signer=CLERK)
    package = pipeline.export(SLUG, sent.office, "foi", 2)
    assert [path for path in package if path.startswith("public/") and path.endswith(".eml")] == []


@pytest.mark.parametrize("form", ["plain", "bag"])
def test_the_record_is_handed_out_with_its_version(sent: Desk, form: str) -> None:
    package = pipeline.export(SLUG, sent.office, form)
    before = "data/" if form == "bag" else ""
    files = kept(archive_of(sent))
    assert {name: package[f"{before}{name}"] for name in files} == files
    assert f"{before}{LIST}" in package
