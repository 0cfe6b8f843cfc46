from __future__ import annotations

from functools import cache

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from presskit.send.message.body import Prepared, prepare, unstuffed
from presskit.send.message.dkim import Signer, load_signer, public_record
from presskit.send.message.head import write_head
from presskit.writers.mail import MailBody
from tests.send.hostile import AS_IT_IS, REFUSED
from tests.send.sample import FILES, addressed, assert_lines_fit, letterhead, prepared, raw_field

KINDS = ("rsa", "ed25519")

SHORT_RSA = b"""-----BEGIN PRIVATE KEY-----
MIIB5AIBADANBgkqhkiG9w0BAQEFAASCAc4wggHKAgEAAmEA1za+RemGT30A7Jk0
8CM++wJlaVzVqTUrbh0N4U/F+MdxHA5Sqzflp8+4dHA5KmD923AE8TCwQMyEGwrk
Y+Bs95zEX1qoJ/hwN5wZjOZYot0PsJkxIh2iyjk8WfG9ApvhAgMBAAECYEA99CBU
bCZQLzVxKk9Ahi1Rcso3zwO6fmNZQupt8K+pgUcZs22uutwT8oC3eyj+WFzAc0c2
PZKnt/0yCaCtpt2EG6uEdSB8olPimYyy5B4/0csgBGJUbVoofFrvw/vkXQIxAO62
ntk3jdH09K5WXyY5s1ST3eQuHuktxKBzFXpmlHsI5u9c/hxgfNUS8YZAtZeJMwIx
AObMekomoxhdzOPuQgWqf/cIn4IK24scp/IfF1FYU+BhYci1rrFnDAoxoY4PSbdO
mwIwVF6ROB6tbkaQcEmwqXb9TehRJYOzgyCc/USPk8pLskyMKo+IdIkZtclTOesH
A38HAjAtysY8rhvP+tRrKNuqmiCXl/tl5teWa1IbJPYQarEBpPCszPdjNWnbH+vI
7tmWaB8CMQC3/fEoroWuoMo/nkkPVEN/kV+uXl9/PkW96hvltfhioIoL84qsR86X
YXkOXYdrt+I=
-----END PRIVATE KEY-----
"""
"""Of 768 bits; cryptography makes none as short."""


def new_key(kind: str) -> rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey:
    return rsa.generate_private_key(65537, 2048) if kind == "rsa" else ed25519.Ed25519PrivateKey.generate()


key_of = cache(new_key)


def pem(
    key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey,
    protection: serialization.KeySerializationEncryption | None = None,
) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection or NoEncryption())


def signer(kind: str) -> Signer:
    return load_signer(pem(key_of(kind)), "example.org", "press2026")


def verified(kind: str, message: bytes, record: str = "") -> bool:
    """Whether an outside judge, who finds our key in the DNS, takes a message for ours."""

    def look_up(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"press2026._domainkey.example.org."
        return (record or public_record(signer(kind))).encode()

    return bool(dkim.verify(message, dnsfunc=look_up))


def signed(kind: str, whole: Prepared, **fields: str) -> bytes:
    head = write_head(letterhead(content=whole.content, **fields), addressed())
    return signer(kind).sign(head, whole) + unstuffed(whole)


@pytest.mark.parametrize("kind", KINDS)
def test_an_outside_judge_takes_the_message_for_ours(kind: str) -> None:
    message = signed(kind, prepared())
    assert_lines_fit(message)
    assert message.startswith(
        f"DKIM-Signature: v=1; a={kind}-sha256; c=relaxed/simple; d=example.org;".encode()
    )
    assert verified(kind, message)
    other = load_signer(pem(new_key(kind)), "example.org", "press2026")
    assert not verified(kind, message, public_record(other))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"\r\n..\r\n", b"\r\n.\r\n"),
        (b"JVBERi0", b"JVBERj0"),
        (b"douze_", b"treize_"),
        (b"\r\nList-Unsubscribe: <https://example.org", b"\r\nList-Unsubscribe: <https://example.com"),
        (b"=One-Click", b"=Two-Click"),
        (b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click", b""),
        (b"To: City desk", b"To: Town desk"),
        (b"media@example.org", b"other@example.org"),
        (b"09:30:15", b"09:30:16"),
        (b"Message-ID: <", b"Message-ID: <x"),
        (b"desk@example.org", b"disk@example.org"),
        (b"auto-generated", b"no"),
        (b"multipart/mixed", b"multipart/other"),
        (b"Presskit-Checkpoint: ", b"Presskit-Checkpoint: A"),
        (b"MIME-Version: 1.0", b"MIME-Version: 1.1"),
    ],
)
def test_a_changed_message_is_not_ours(kind: str, was: bytes, becomes: bytes) -> None:
    message = signed(kind, prepared(), subject="Opération « Nordwind » : douze arrestations")
    assert was in message
    assert not verified(kind, message.replace(was, becomes, 1))


@pytest.mark.parametrize(
    "added",
    [
        b"From: other@example.org",
        b"Subject: other",
        b"To: other@example.com",
        b"Reply-To: other@example.com",
        b"In-Reply-To: <other@example.com>",
        b"References: <other@example.com>",
        b"List-Unsubscribe: <https://example.com/>",
    ],
)
def test_a_field_added_on_the_way_breaks_the_signature(added: bytes) -> None:
    message = signed("rsa", prepared())
    assert verified("rsa", b"Received: from relay.example.org; Tue, 24 Nov 2026 13:00:20 +0000\r\n" + message)
    assert not verified("rsa", added + b"\r\n" + message)


def test_other_spacing_on_the_way_changes_nothing() -> None:
    message = signed("rsa", prepared())
    assert verified(
        "rsa", message.replace(b">, <mailto:", b">,\r\n\t <mailto:").replace(b"Subject: ", b"SUBJECT:  ")
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_time_of_the_signature_is_the_heads(kind: str) -> None:
    message = signed(kind, prepared())
    assert "t=1795525215;" in raw_field(message.partition(b"\r\n\r\n")[0], "DKIM-Signature")
    assert signed(kind, prepared()) == message


@pytest.mark.parametrize("text", ["", "\n\n\n", "a\n\n\n", ".\n", "..", "a \nb\t\n"])
def test_dots_and_empty_lines_do_not_disturb_the_signature(text: str) -> None:
    for files in ((), FILES):
        assert verified("ed25519", signed("ed25519", prepare(MailBody(text, text, ()), files, "en")))


@pytest.mark.parametrize("text", [text for text in AS_IT_IS if len(text) < 400])
def test_strange_names_do_not_disturb_the_signature(text: str) -> None:
    whole = prepared()
    head = write_head(letterhead(subject=text, sender_name=text), addressed(name=text))
    assert verified("ed25519", signer("ed25519").sign(head, whole) + unstuffed(whole))


def test_an_address_beyond_ascii_does_not_disturb_the_signature() -> None:
    whole = prepared()
    head = write_head(letterhead(), addressed(address="søren@example.com", utf8=True))
    assert verified("rsa", signer("rsa").sign(head, whole) + unstuffed(whole))


def test_the_body_is_hashed_once() -> None:
    ours, whole = signer("ed25519"), prepared()
    head = write_head(letterhead(), addressed())
    first = ours.sign(head, whole)
    assert list(ours.body_hashes) == [whole.sha256]
    assert ours.sign(head, Prepared(b"never looked at\r\n", whole.sha256, whole.content)) == first


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_that_is_there_twice_is_not_signed(kind: str) -> None:
    head = write_head(letterhead(), addressed())
    for line in (b"From: other@example.org\r\n", b"SUBJECT : other\r\n", b"no field\r\n", b" \r\n"):
        with pytest.raises(ValueError, match="twice, or a line that is no field"):
            signer(kind).sign(
                line + head + line if line == b"SUBJECT : other\r\n" else line + head, prepared()
            )
    with pytest.raises(ValueError, match="twice"):
        signer(kind).sign(signer(kind).sign(signer(kind).sign(head, prepared()), prepared()), prepared())


def test_a_head_without_from_or_date_is_not_signed() -> None:
    head = write_head(letterhead(), addressed())
    for name in (b"From", b"Date"):
        with pytest.raises(ValueError, match="without From and Date"):
            signer("rsa").sign(head.replace(name + b": ", b"X-" + name + b": ", 1), prepared())


def test_the_record_to_publish_has_the_form_the_dns_wants() -> None:
    assert signer("rsa").record_name == "press2026._domainkey.example.org"
    assert public_record(signer("rsa")).startswith("v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A")
    assert len(public_record(signer("ed25519"))) == len("v=DKIM1; k=ed25519; p=") + 44


@pytest.mark.parametrize("key", [key_of("rsa"), key_of("ed25519")])
def test_a_key_with_a_passphrase_is_refused(key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey) -> None:
    locked = pem(key, serialization.BestAvailableEncryption(b"secret"))
    with pytest.raises(ValueError, match="asks for a passphrase"):
        load_signer(locked, "example.org", "press")


def test_a_key_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="another kind than RSA and Ed25519"):
        load_signer(pem(ec.generate_private_key(ec.SECP256R1())), "example.org", "press")


def test_a_key_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="768 bits; receivers take none below 1024"):
        load_signer(SHORT_RSA, "example.org", "press")


@pytest.mark.parametrize("kind", ["empty", "garbled", "public", "cut"])
def test_what_is_no_private_key_is_refused(kind: str) -> None:
    whole = pem(key_of("ed25519"))
    public = (
        key_of("rsa").public_key().public_bytes(Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    content = {"empty": b"", "garbled": whole.replace(b"M", b"A"), "public": public, "cut": whole[:60]}[kind]
    with pytest.raises(ValueError, match="no private key in PEM"):
        load_signer(content, "example.org", "press")


@pytest.mark.parametrize("name", [*REFUSED, "", "a b", "-a", "a;b", "bücher.example", "a..b"])
def test_names_that_can_not_stand_in_the_dns_are_refused(name: str) -> None:
    for domain, selector in ((name, "press"), ("example.org", name)):
        with pytest.raises(ValueError, match="can not stand in the DNS"):
            load_signer(pem(key_of("ed25519")), domain, selector)


def test_a_key_is_never_shown() -> None:
    assert repr(signer("rsa")) == "Signer(domain='example.org', selector='press2026')"
