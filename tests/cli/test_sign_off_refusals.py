"""What sign-off refuses: the exit code, the fact, the fix; and that nothing was recorded."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Call, GoTo, Said
from tests.signed_office import FOLDER, SLUG, Desk, Stage, keep_keys

VOUCHED = ("--for", "agency:opp", "--by", "mail", "--evidence", "MAIL")


def records(desk: Desk) -> list[str]:
    folder = desk.root / FOLDER
    log = desk.root / "data/sign-off/log.jsonl"
    return [*sorted(str(p) for p in folder.rglob("*")), log.read_text()]


@pytest.mark.parametrize(
    ("stage", "args", "code", "told"),
    [
        (
            "approved",
            ("sign", "--key", "clerk", "--scope", "kit"),
            5,
            "The Clerk has edited these words last, and nobody clears their own words.",
        ),
        (
            "requested",
            ("sign", "--key", "lee"),
            5,
            "Acting Detective Inspector Dan Dusto has not approved this.\n"
            "    fix: presskit request makes the sheet to ask with.  [approval-missing]",
        ),
        (
            "founded",
            ("sign", "--key", "lee"),
            5,
            "nobody has put these words forward as their editor yet.\n"
            "    fix: whoever edited them last does: presskit request",
        ),
        (
            "requested",
            ("sign", "--key", "dusto", "--scope", "quote.mayor"),
            2,
            "there is no part “quote.mayor”.\n"
            "    fix: choose one of: quote.dusto, mention.opp, kit.  [scope-unknown]",
        ),
        (
            "requested",
            ("sign", "--key", "dusto", "--scope", "mention.opp"),
            5,
            "this needs Ontario Provincial Police, not person:dusto.\n"
            "    fix: ask agency:opp, or have them name",
        ),
        (
            "approved",
            ("sign", "--key", "dusto"),
            2,
            "nothing of this release waits for person:dusto.\n"
            "    fix: see what waits for whom: presskit status",
        ),
        (
            "requested",
            ("sign", "--key", "clerk", "--for", "agency:opp", "--by", "mail"),
            2,
            "it takes three to vouch for an answer: whose it is, how it came, and what shows it.\n"
            "    fix: give --for WHO, --by mail|phone|paper and --evidence FILE together.",
        ),
        (
            "requested",
            ("sign", "--key", "clerk", "--by", "mail", "--evidence", "MAIL"),
            2,
            "it takes three to vouch for an answer",
        ),
        (
            "requested",
            ("sign", "--key", "clerk", "--for", "agency:opp", "--by", "mail", "--evidence", "none.eml"),
            2,
            "none.eml: this file can not be read: No such file or directory.\n"
            "    fix: name the file that shows the answer.  [evidence-missing]",
        ),
        (
            "requested",
            ("sign", "--key", "clerk", "--for", "agency:opp", "--by", "fax", "--evidence", "MAIL"),
            2,
            "'fax' is not one of 'mail', 'phone', 'paper'.",
        ),
        (
            "requested",
            ("sign", "--key", "lee", *VOUCHED),
            5,
            "Inspector Lee is no officer, so can not vouch for somebody else's answer.\n"
            "    fix: have an officer sign this.  [role-lacking]",
        ),
        (
            "approved",
            ("sign", "--key", "clerk", *VOUCHED),
            2,
            "nothing of this release waits for agency:opp.",
        ),
        (
            "approved",
            ("sign", "--key", "clerk", "--scope", "kit", *VOUCHED),
            5,
            "nobody can be vouched for where the whole kit is concerned.\n"
            "    fix: have them sign with a key of their own.  [role-lacking]",
        ),
        (
            "requested",
            ("sign", "--key", "dusto", "--scope", "quote.dusto", "--scope", "kit"),
            2,
            "a part, the whole kit and its being sent early are signed one by one.\n"
            "    fix: sign the quotes and mentions first",
        ),
        (
            "approved",
            ("sign", "--key", "lee", "--break-glass"),
            2,
            "breaking the glass needs a reason.\n    fix: add --reason and say why.  [reason-missing]",
        ),
        (
            "requested",
            ("sign", "--key", "dusto", "--scope", "quote.dusto", "--break-glass", "--reason", "Hurry"),
            2,
            "breaking the glass is for the whole kit",
        ),
        (
            "requested",
            ("reject", "--key", "dusto", "--scope", "quote.dusto"),
            2,
            "a rejection needs a reason.\n    fix: add --reason and say why.  [reason-missing]",
        ),
        (
            "requested",
            ("sign", "--key", "nobody"),
            2,
            "key nobody: there is no key “nobody” in KEYS.\n"
            "    fix: you have: clerk, dusto, kim, lee.  [key-unknown]",
        ),
        (
            "requested",
            ("sign",),
            2,
            "key: you have several keys.\n"
            "    fix: name one with --key: clerk, dusto, kim, lee.  [key-unknown]",
        ),
        (
            "requested",
            ("sign", "--key", "dusto", "--ssh-key", "some"),
            2,
            "--key and --ssh-key were both named.\n    fix: name one of them.  [usage-wrong]",
        ),
        (
            "requested",
            ("sign", "--ssh-key", "none"),
            2,
            "none.pub: this can not be used:",
        ),
        (
            "requested",
            ("sign", "--received", "none", "none.sig"),
            2,
            "none: this file can not be read: No such file or directory.\n"
            "    fix: name the statement file, then the .sig that ssh-keygen made of it.",
        ),
    ],
)
def test_it_is_refused_with_the_fix_and_nothing_is_recorded(
    go_to: GoTo, call: Call, keys: Path, mail: str, stage: Stage, args: tuple[str, ...], code: int, told: str
) -> None:
    desk = go_to(stage)
    before = records(desk)
    command, *options = (mail if arg == "MAIL" else arg for arg in args)
    said = call(command, SLUG, *options)
    assert (said.code, said.out) == (code, "")
    assert told.replace("KEYS", str(keys)) in said.err
    assert records(desk) == before


def test_an_answer_vouched_for_twice_does_not_sign_the_kit_of_an_officer_who_clears_kits(
    go_to: GoTo, call: Call, keys: Path, mail: str
) -> None:
    desk = go_to("founded")
    keep_keys(keys, "chief")
    roles = ("--role", "officer", "--role", "release")
    added = call(
        "key", "add", "chief", "--for", "person:chief", "--named", "The Chief", *roles, "--by", "clerk"
    )
    assert added.code == 0
    desk.request()
    desk.sign("dusto")
    args = ("sign", SLUG, "--key", "chief", "--for", "agency:opp", "--by", "mail", "--evidence", mail)
    assert call(*args).code == 0
    before = records(desk)
    assert call(*args).code == 2
    assert records(desk) == before


def test_vouching_can_be_switched_off(go_to: GoTo, call: Call, mail: str) -> None:
    desk = go_to("requested")
    desk.edit("  quorum: 2", "  vouching: no\n  quorum: 2", "data/house.yaml")
    args = ("--for", "agency:opp", "--by", "mail", "--evidence", mail)
    said = call("sign", SLUG, "--key", "clerk", *args)
    assert said.code == 5
    assert "this office takes signatures only, no answers by mail, phone or on paper." in said.err
    assert "fix: ask for a signature.  [role-lacking]" in said.err


def test_a_vouched_answer_counts_no_more_when_vouching_is_switched_off(go_to: GoTo, call: Call) -> None:
    desk = go_to("signed")
    desk.edit("  quorum: 2", "  vouching: no\n  quorum: 2", "data/house.yaml")
    said = call("status", SLUG)
    assert f"{SLUG}: in review: 1 of 2 parts is not approved\n" in said.out
    assert "this office does not accept answers an officer vouches for" in said.err


def test_a_wrong_passphrase_opens_nothing(go_to: GoTo, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = go_to("requested")
    before = records(desk)
    monkeypatch.setenv("PRESSKIT_PASSPHRASE", "not these words at all")
    said = call("sign", SLUG, "--key", "dusto")
    assert said == Said(
        5,
        "",
        "key dusto: the passphrase does not open this key file.\n"
        "    fix: try again; nobody can open a key whose passphrase is lost: make a new one."
        "  [passphrase-wrong]\n",
    )
    assert records(desk) == before


def test_a_passphrase_may_lie_in_a_file(
    go_to: GoTo, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_to("requested")
    (tmp_path / "passphrase").write_text(f"{os.environ['PRESSKIT_PASSPHRASE']}\n")
    monkeypatch.delenv("PRESSKIT_PASSPHRASE")
    monkeypatch.setenv("PRESSKIT_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    assert call("sign", SLUG, "--key", "dusto").code == 0
    monkeypatch.setenv("PRESSKIT_PASSPHRASE_FILE", str(tmp_path / "gone"))
    said = call("sign", SLUG, "--key", "dusto")
    assert said.code == 2
    assert "correct PRESSKIT_PASSPHRASE_FILE, or take it away and type the passphrase." in said.err


def test_nobody_can_be_asked_for_the_passphrase_without_a_terminal(
    go_to: GoTo, start: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_to("requested")
    monkeypatch.delenv("PRESSKIT_PASSPHRASE")
    monkeypatch.setattr(sys, "stdin", None)
    said = start("sign", SLUG, "--key", "dusto")
    assert said == Said(
        5,
        "",
        "key: nobody is there to type the passphrase.\n"
        "    fix: name a file that holds it in PRESSKIT_PASSPHRASE_FILE.  [passphrase-missing]\n",
    )


def test_who_has_no_key_is_told_to_make_one(
    go_to: GoTo, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_to("requested")
    monkeypatch.setenv("PRESSKIT_KEYS", str(tmp_path / "nowhere"))
    said = call("sign", SLUG)
    assert (said.code, said.err) == (
        2,
        "key: you have no key yet.\n    fix: make one: presskit key new NAME  [key-unknown]\n",
    )


def test_a_key_that_is_not_in_the_ring_signs_nothing(go_to: GoTo, call: Call, keys: Path) -> None:
    desk = go_to("requested")
    keep_keys(keys, "stranger")
    before = records(desk)
    for command in (("sign", SLUG), ("request", SLUG), ("reject", SLUG, "--reason", "No")):
        said = call(*command, "--key", "stranger")
        assert said.code == 5
        assert "this key is not in the office's key ring.\n    fix: ask a keeper of the ring" in said.err
    assert records(desk) == before


def test_a_release_with_errors_is_not_put_forward(go_to: GoTo, call: Call) -> None:
    desk = go_to("founded")
    desk.edit("headline:", "headlin: x\nheadline:")
    said = call("request", SLUG, "--key", "clerk")
    assert (said.code, said.out) == (1, "")
    assert "[field-unknown]" in said.err
    assert not (desk.root / FOLDER).exists()
    assert not (desk.root / "output" / SLUG).exists()


def test_a_log_somebody_changed_takes_nothing_more(go_to: GoTo, call: Call) -> None:
    desk = go_to("requested")
    log = desk.root / "data/sign-off/log.jsonl"
    log.write_bytes(log.read_bytes().replace(b"add-person-lee", b"add-person-leo"))
    said = call("reject", SLUG, "--key", "clerk", "--scope", "kit", "--reason", "No")
    assert said.code == 5
    assert "put back the log from a copy made before; records from here on do not count." in said.err
    assert (
        "data/sign-off/log.jsonl:3: this line does not follow from those before it"
        in call("status", SLUG).err
    )


@pytest.mark.parametrize("command", ["sign", "request", "reject"])
def test_a_release_there_is_not_is_named(go_to: GoTo, call: Call, command: str) -> None:
    go_to("founded")
    said = call(command, "brigde-opening", "--key", "lee")
    assert (said.code, said.out) == (2, "")
    assert f"did you mean “{SLUG}”?  [release-unknown]" in said.err
