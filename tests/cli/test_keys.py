from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Call, GoTo, Said
from tests.signed_office import PASSPHRASE, SLUG, Desk, keep_keys
from tests.signoff.office import key_of


def fine(said: Said) -> Said:
    assert said.code == 0, said.err
    return said


def ring_of(desk: Desk) -> list[str]:
    return sorted(p.name for p in (desk.root / "data/sign-off/ring").iterdir())


@pytest.fixture
def new_office(go_to: GoTo, keys: Path) -> Desk:
    """An office without a key ring, and the clerk's key."""
    import shutil

    desk = go_to("founded")
    shutil.rmtree(desk.root / "data" / "sign-off")
    for file in keys.iterdir():
        if file.stem != "clerk":
            file.unlink()
    return desk


def test_a_new_key_is_encrypted_and_only_its_owners(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSKIT_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("PRESSKIT_PASSPHRASE", PASSPHRASE)
    said = fine(call("key", "new", "clerk"))
    private, public = tmp_path / "keys" / "clerk.key", tmp_path / "keys" / "clerk.pub"
    assert said.out.startswith("ssh-ed25519 ")
    assert public.read_text() == said.out.strip() + " clerk\n"
    assert private.read_bytes().startswith(b"-----BEGIN OPENSSH PRIVATE KEY-----")
    if sys.platform != "win32":
        assert stat.S_IMODE(private.stat().st_mode) == 0o600
        command = ["ssh-keygen", "-y", "-P", PASSPHRASE, "-f", str(private)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.stdout.split()[:2] == said.out.split(), done.stderr
    before = private.read_bytes()
    again = call("key", "new", "clerk")
    assert again.code == 2
    assert "there is a key “clerk” already." in again.err
    assert private.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "passphrase", "code", "told"),
    [
        ("Clerk", PASSPHRASE, 2, "“Clerk” can not be the name of a key.\n    fix: use lower-case letters"),
        ("../clerk", PASSPHRASE, 2, "[key-name]"),
        ("clerk", "short", 2, "the passphrase has 5 characters.\n    fix: take 12 or more"),
        ("clerk", "", 2, "[passphrase-short]"),
    ],
)
def test_a_bad_name_or_passphrase_makes_no_key(
    call: Call,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    passphrase: str,
    code: int,
    told: str,
) -> None:
    monkeypatch.setenv("PRESSKIT_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("PRESSKIT_PASSPHRASE", passphrase)
    said = call("key", "new", name)
    assert (said.code, said.out) == (code, "")
    assert told in said.err
    assert not (tmp_path / "keys").exists()


def test_the_first_key_founds_the_ring_and_its_keeper_adds_the_others(
    new_office: Desk, call: Call, tmp_path: Path
) -> None:
    clerk = ("--for", "person:clerk", "--named", "The Clerk", "--role", "keeper", "--role", "officer")
    first = fine(call("key", "add", "clerk", *clerk))
    assert first.out == f"person:clerk is in the key ring, fingerprint {key_of('clerk').public.fingerprint}\n"
    (tmp_path / "lee.pub").write_text(key_of("lee").public.line + " lee@laptop\n")
    lee = ("--for", "person:lee", "--named", "Inspector Lee", "--role", "release")
    fine(call("key", "add", str(tmp_path / "lee.pub"), *lee, "--from", "2026-01-01", "--until", "2026-12-31"))
    fine(call("key", "add", key_of("dusto").public.line, "--for", "person:dusto"))
    said = fine(call("key", "list"))
    assert said.out.splitlines() == [
        f"person:clerk  The Clerk  (keeper, officer; {key_of('clerk').public.fingerprint}; yours: clerk)",
        f"person:lee  Inspector Lee  (release; {key_of('lee').public.fingerprint})",
        f"person:dusto  Dan Dusto  (no role; {key_of('dusto').public.fingerprint})",
    ]
    assert "your own keys: clerk" in said.err


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (
            ("clerk", "--for", "person:clerk", "--named", "The Clerk"),
            5,
            "the founding record makes nobody the ring's keeper.",
        ),
        (
            ("clerk", "--for", "clerk", "--role", "keeper"),
            2,
            "“clerk” names nobody.\n    fix: write person:ID",
        ),
        (
            ("clerk", "--for", "person:nobody", "--role", "keeper"),
            2,
            "nobody says this one's name.\n    fix: say it with --named",
        ),
        (
            ("clerk", "--for", "person:dusto", "--named", "Somebody", "--role", "keeper"),
            2,
            "the register calls person:dusto “Dan Dusto”, not “Somebody”.",
        ),
        (("nothing.pub", "--for", "person:dusto"), 2, "there is no key and no file of that name."),
        (("data/house.yaml", "--for", "person:dusto"), 2, "this is not an Ed25519 key"),
        (("ssh-rsa AAAA", "--for", "person:dusto"), 2, "this is not an Ed25519 key"),
        (("clerk", "--for", "person:clerk", "--named", "C", "--from", "yesterday"), 2, "[usage-wrong]"),
        (
            ("clerk", "--for", "person:clerk", "--named", "C", "--role", "keepr"),
            2,
            "there is no role “keepr”.\n    fix: did you mean “keeper”?  [role-unknown]",
        ),
    ],
)
def test_a_ring_is_not_founded_by_mistake(
    new_office: Desk, call: Call, args: tuple[str, ...], code: int, told: str
) -> None:
    said = call("key", "add", *args)
    assert (said.code, said.out) == (code, "")
    assert told in said.err
    assert not (new_office.root / "data/sign-off/log.jsonl").exists()


def test_only_a_keeper_adds_keys(go_to: GoTo, call: Call, keys: Path) -> None:
    desk = go_to("founded")
    keep_keys(keys, "stranger")
    before = ring_of(desk)
    stranger = ("stranger", "--for", "person:stranger", "--named", "S", "--role", "release")
    for by in ((), ("--by", "lee"), ("--by", "dusto")):
        said = call("key", "add", *stranger, *by)
        assert said.code == 5
        assert "this would not count: it is not signed by somebody who may say so." in said.err
        assert "fix: ask a keeper of the ring: The Clerk.  [key-ring-refused]" in said.err
    assert ring_of(desk) == before


def test_a_key_that_is_in_force_is_not_added_again(go_to: GoTo, call: Call) -> None:
    desk = go_to("founded")
    before = ring_of(desk)
    again = (
        "key",
        "add",
        "lee",
        "--for",
        "person:lee",
        "--named",
        "Inspector Lee",
        "--role",
        "officer",
        "--by",
    )
    said = call(*again, "clerk")
    assert (said.code, said.out) == (2, "")
    assert "this key is in the ring already: person:lee, release." in said.err
    assert "fix: revoke it first, then add it with all its roles." in said.err
    assert ring_of(desk) == before
    fine(call("revoke", "person:lee", "--reason", "Other roles", "--key", "clerk"))
    fine(call(*again, "clerk"))
    assert "(officer; " in fine(call("key", "list")).out


def test_a_key_counts_from_its_first_day_to_its_last(new_office: Desk, call: Call, keys: Path) -> None:
    keep_keys(keys, "dusto", "lee")
    clerk = ("--for", "person:clerk", "--named", "C", "--role", "keeper", "--role", "officer")
    fine(call("key", "add", "clerk", *clerk))
    fine(call("key", "add", "dusto", "--for", "person:dusto", "--until", "2026-11-22", "--by", "clerk"))
    fine(call("request", SLUG, "--key", "clerk"))
    said = call("sign", SLUG, "--key", "dusto")
    assert said.code == 5
    assert "the key of Dan Dusto counts only from ever to 2026-11-22." in said.err


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (
            ("person:nobody", "--reason", "Gone"),
            2,
            "no key in force is “person:nobody”'s.\n    fix: name a fingerprint",
        ),
        (("person:lee", "--key", "clerk"), 2, "Missing option '--reason'."),
        (
            ("person:kim", "--reason", "Gone", "--key", "lee"),
            5,
            "it is not signed by somebody who may say so.",
        ),
    ],
)
def test_keys_are_not_revoked_by_mistake(
    go_to: GoTo, call: Call, args: tuple[str, ...], code: int, told: str
) -> None:
    desk = go_to("founded")
    before = ring_of(desk)
    said = call("revoke", *args, *(() if "--key" in args else ("--key", "clerk")))
    assert (said.code, said.out) == (code, "")
    assert told in said.err
    assert ring_of(desk) == before


def test_people_revoke_their_own_key_by_its_fingerprint(go_to: GoTo, call: Call) -> None:
    go_to("founded")
    fingerprint = key_of("lee").public.fingerprint
    fine(call("revoke", fingerprint, "--reason", "Laptop stolen", "--key", "lee"))
    assert "revoked: Laptop stolen" in fine(call("key", "list")).out
    (lee,) = (
        k for k in json.loads(call("key", "list", "--json").out)["keys"] if k["principal"] == "person:lee"
    )
    assert lee["revoked"] == "Laptop stolen"


def test_only_oneself_or_a_keeper_names_a_delegate(go_to: GoTo, call: Call) -> None:
    desk = go_to("founded")
    before = ring_of(desk)
    said = call("key", "delegate", "person:dusto", "person:lee", "--key", "lee")
    assert said.code == 5
    assert "it is not signed by somebody who may say so." in said.err
    assert call("key", "delegate", "dusto", "lee", "--key", "clerk").code == 5
    assert ring_of(desk) == before
    fine(call("key", "delegate", "agency:opp", "person:lee", "--key", "clerk"))


def test_an_office_without_keys_says_so(new_office: Desk, call: Call, keys: Path) -> None:
    for file in keys.iterdir():
        file.unlink()
    said = fine(call("key", "list"))
    assert said == Said(0, "", "there is no key ring yet.\nyour own keys: none\n")


def test_the_last_keeper_is_not_revoked_for_the_ring_could_never_be_changed_again(
    go_to: GoTo, call: Call
) -> None:
    go_to("founded")
    said = call("revoke", "person:clerk", "--reason", "Left the office", "--key", "clerk")
    assert (said.code, said.out) == (5, "")
    assert "nobody would be left to keep the key ring" in said.err
