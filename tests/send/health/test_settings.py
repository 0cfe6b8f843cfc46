from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from presskit.model.house import House
from presskit.model.mail import Mail
from presskit.send.health import settings
from presskit.send.health.rows import Check, Row, look_at
from presskit.workspace import Workspace
from tests.signed_office import NOW

LISTS = "data/media-lists"
PRESS = """\
email,reporter,outlet,language
jane@example.com,Jane Roe,Example Daily,en
desk@example.net,,Radio Example,en
"""
PLAIN = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def house(**mail: Any) -> House:
    names = {"name": {"en": "Example"}, "short_name": {"en": "Ex"}, "domain": "example.org"}
    fields: dict[str, Any] = {**names, "time_zone": "America/Toronto", "language": "en-CA"}
    return House.model_validate({**fields, "mail": mail} if mail else fields)


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    """A folder for lists."""
    return Workspace(tmp_path.resolve(), NOW)


def listed(office: Workspace, settings_text: str, entries: str = PRESS, of: House | None = None) -> Row:
    office.add(f"{LISTS}/press.yaml", settings_text.encode())
    office.add(f"{LISTS}/press.csv", entries.encode())
    (row,) = settings.lists(of or house(sender="press@example.org"), office)
    return row


def test_an_office_that_does_not_send_is_told_what_sending_needs() -> None:
    (row,) = settings.settings(house())
    assert (row.verdict, row.code) == ("look", "mail-settings")
    assert row.fact == "house.yaml has nothing under mail:, so nothing can be sent"


def test_the_least_settings_are_told_with_what_follows_from_them() -> None:
    found = list(settings.settings(house(sender="press@example.org")))
    assert [(row.subject, row.verdict, row.fact) for row in found] == [
        ("sender", "ok", "press@example.org"),
        ("answers", "ok", "go to the media contact each release names first"),
        ("bounces", "look", "come to the sender, and nobody can tell to which delivery they belong"),
        ("unsubscribing", "ok", "by mail to press@example.org"),
        ("files on the web", "ok", "not linked, since kit_url is not set"),
    ]


def test_full_settings_are_all_fine() -> None:
    found = settings.settings(
        house(
            sender="press@news.Example.org",
            reply_to="desk@example.org",
            bounces="bounces.example.org",
            unsubscribe="no-more@example.org",
            unsubscribe_url="https://example.org/no-more/{token}",
            kit_url="https://example.org/kits/{slug}/",
        )
    )
    assert [(row.verdict, row.fact) for row in found] == [
        ("ok", "press@news.Example.org"),
        ("ok", "go to desk@example.org"),
        ("ok", "come to bounces.example.org"),
        ("ok", "by mail to no-more@example.org, or one click"),
        ("ok", "https://example.org/kits/{slug}/"),
    ]


@pytest.mark.parametrize("domain", ["example.com", "notexample.org"])
def test_a_sender_of_another_domain_is_to_be_looked_at(domain: str) -> None:
    row, *_ = settings.settings(house(sender=f"press@{domain}"))
    assert row.verdict == "look"
    assert row.fact.startswith(f"press@{domain} is not an address of example.org")


def test_a_list_is_told_with_how_many_it_names(office: Workspace) -> None:
    row = listed(office, "kind: media\nconsent: published address\n")
    assert row == Row("list press", "ok", "2 recipients")


def test_without_lists_nobody_gets_anything_which_is_to_be_looked_at(office: Workspace) -> None:
    (row,) = settings.lists(house(), office)
    assert (row.verdict, row.fact) == ("look", "there is no list of the media yet")


def test_a_list_with_mistakes_is_wrong_and_hides_no_other(office: Workspace) -> None:
    office.add(f"{LISTS}/broken.csv", b"email\nnobody at home\n")
    office.add(f"{LISTS}/broken.yaml", b"kind: media\n")
    office.add(f"{LISTS}/press.csv", PRESS.encode())
    office.add(f"{LISTS}/press.yaml", b"kind: media\nconsent: published address\n")
    broken, press = settings.lists(house(), office)
    assert (broken.subject, broken.verdict) == ("list broken", "wrong")
    assert broken.fact.startswith("data/media-lists/broken.csv:2:1: email: ")
    assert press.verdict == "ok"


def test_a_list_with_something_to_look_at_still_says_how_many_it_names(office: Workspace) -> None:
    row = listed(office, "kind: media\n")
    assert (row.verdict, row.code) == ("look", "consent-missing")
    assert row.fact.startswith("2 recipients; data/media-lists/press.csv:2")


def test_a_list_that_names_nobody_is_wrong(office: Workspace) -> None:
    row = listed(office, "kind: media\n", "email,reporter\n")
    assert (row.subject, row.verdict) == ("list press", "wrong")


def test_no_release_goes_to_a_list_of_another_kind(office: Workspace) -> None:
    row = listed(office, "kind: staff\nconsent: employed here\n")
    assert row.fact == "2 recipients, of the kind staff: no release goes there"


def test_links_that_lead_nowhere_are_wrong(office: Workspace) -> None:
    text = "kind: media\nlink: [docx, html]\nconsent: published address\n"
    row = listed(office, text)
    assert (row.verdict, row.code) == ("wrong", "mail-settings")
    assert row.fact == "2 recipients; it wants links to docx, html, but nobody knows where"
    linked = house(sender="press@example.org", kit_url="https://example.org/{slug}/")
    (fine,) = settings.lists(linked, office)
    assert fine.verdict == "ok"


def signing(tmp_path: Path, pem: bytes | None, mode: int = 0o600) -> list[Row]:
    if pem is not None:
        (tmp_path / "mail.key").write_bytes(pem)
        (tmp_path / "mail.key").chmod(mode)
    dkim = {"selector": "press", "key_file": "mail.key"}
    mail = Mail.model_validate({"sender": "press@example.org", "dkim": dkim})
    return [row for _, row in look_at([Check("", "DKIM", lambda: settings.dkim(mail, tmp_path))])]


def test_who_does_not_sign_messages_leaves_it_to_the_relay(tmp_path: Path) -> None:
    (row,) = settings.dkim(Mail.model_validate({"sender": "press@example.org"}), tmp_path)
    assert (row.verdict, row.fact) == ("ok", "presskit does not sign messages, so the relay has to")


def test_the_record_for_the_dns_is_told(tmp_path: Path) -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    (row,) = signing(tmp_path, key.private_bytes(*PLAIN))
    assert row == Row(
        "DKIM",
        "ok",
        "presskit signs messages of example.org; this has to stand in the DNS: "
        "press._domainkey.example.org TXT v=DKIM1; k=ed25519; p=A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=",
    )


def test_a_key_everybody_can_read_is_to_be_looked_at(tmp_path: Path) -> None:
    first, second = signing(tmp_path, Ed25519PrivateKey.generate().private_bytes(*PLAIN), 0o644)
    assert (first.subject, first.verdict, first.code) == ("DKIM key", "look", "secret-exposed")
    assert second.verdict == "ok"


@pytest.mark.parametrize(
    ("pem", "why"),
    [(None, "can not be read: No such file or directory"), (b"a note", "holds no private key in PEM")],
)
def test_a_key_that_can_not_sign_is_wrong(pem: bytes | None, why: str, tmp_path: Path) -> None:
    (row,) = signing(tmp_path, pem)
    assert (row.verdict, row.code) == ("wrong", "dkim-key")
    assert row.fact.startswith(f"data/house.yaml: mail: dkim: the key file mail.key {why}")
