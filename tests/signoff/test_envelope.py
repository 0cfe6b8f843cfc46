from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from securesystemslib.dsse import Envelope as OutsideEnvelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import (  # type: ignore[attr-defined]  # it names no exports
    CryptoSigner,
    SSlibKey,
)

from presskit.signoff.canon import canonical
from presskit.signoff.envelope import (
    LIMIT_BYTES,
    PAYLOAD_TYPE,
    STATEMENT_TYPE,
    BadEnvelope,
    Signature,
    Statement,
    payload_of,
    pre_authentication,
    read,
    sign,
    write,
)
from presskit.signoff.keyring import Ring
from presskit.signoff.records import Logged, statement_of
from presskit.signoff.scopes import Scopes
from presskit.signoff.sshsig import NAMESPACE
from presskit.signoff.state import evaluate
from tests.signoff.office import NOW, QUOTE, decision, key_of, ring_of, ring_statements, start

MAYOR = key_of("person:mayor")


@pytest.fixture(scope="module")
def scopes(tmp_path_factory: pytest.TempPathFactory) -> Scopes:
    return start(tmp_path_factory.mktemp("office"), ring=False).scopes()


@pytest.fixture(scope="module")
def ring() -> Ring:
    return ring_of(ring_statements())


@pytest.fixture(scope="module")
def approval(scopes: Scopes) -> bytes:
    said = decision(scopes, "person:mayor", QUOTE, note="as agreed – with é", reason="x")
    return sign(statement_of(said, scopes.kit), MAYOR)


def outside_key(name: str) -> SSlibKey:
    key = key_of(name)
    return SSlibKey.from_crypto(key.private.public_key(), keyid=key.key_id)


# --- an outside judge ----------------------------------------------------------------------------------


def test_securesystemslib_verifies_our_records(approval: bytes) -> None:
    outside = OutsideEnvelope.from_dict(json.loads(approval))
    assert set(outside.verify([outside_key("person:mayor")], 1)) == {MAYOR.key_id}
    with pytest.raises(VerificationError):
        outside.verify([outside_key("person:chief")], 1)


def test_securesystemslib_finds_both_of_two_signatures(scopes: Scopes) -> None:
    both = sign(
        statement_of(decision(scopes, "person:mayor", QUOTE), scopes.kit), MAYOR, key_of("person:chief")
    )
    outside = OutsideEnvelope.from_dict(json.loads(both))
    assert len(outside.verify([outside_key("person:mayor"), outside_key("person:chief")], 2)) == 2


def test_a_record_signed_by_securesystemslib_counts(scopes: Scopes, ring: Ring) -> None:
    payload = payload_of(statement_of(decision(scopes, "person:mayor", QUOTE), scopes.kit))
    outside = OutsideEnvelope(payload, PAYLOAD_TYPE, {})
    outside.sign(CryptoSigner(MAYOR.private, outside_key("person:mayor")))
    assert approved(json.dumps(outside.to_dict()).encode(), scopes, ring)


def test_we_and_securesystemslib_sign_the_same_bytes() -> None:
    for payload in (b"", b"{}", "“é”".encode(), b"\0" * 1000):
        assert pre_authentication(payload) == OutsideEnvelope(payload, PAYLOAD_TYPE, {}).pae()


# --- records that were altered -------------------------------------------------------------------------


def approved(content: bytes, scopes: Scopes, ring: Ring) -> bool:
    """Whether a file makes the quote approved."""
    try:
        record = Logged("record", 20, NOW, read(content))
    except BadEnvelope:
        return False
    return evaluate(scopes, [record], ring).parts[0].answer == "approved"


def test_the_record_itself_counts(approval: bytes, scopes: Scopes, ring: Ring) -> None:
    assert approved(approval, scopes, ring)


def altered(value: Any) -> Iterator[Any]:
    """Yield a value with one thing in it changed, dropped, added or of another type, for each thing in it."""
    yield from ([], {}, None, 5, "", "x", True, [value])
    if isinstance(value, dict):
        for name in value:
            yield {key: inner for key, inner in value.items() if key != name}
            yield from ({**value, name: inner} for inner in altered(value[name]))
        yield {**value, "more": "x"}
    if isinstance(value, list):
        for at in range(len(value)):
            yield value[:at] + value[at + 1 :]
            yield from ([*value[:at], inner, *value[at + 1 :]] for inner in altered(value[at]))
        yield [*value, *value]
    if isinstance(value, str) and value:
        yield from (value + "x", value[:-1], value[1:], value.swapcase() + "\u202e")


def test_a_statement_altered_in_any_field_under_the_old_signature_never_counts(
    approval: bytes, scopes: Scopes, ring: Ring
) -> None:
    envelope = read(approval)
    said, tried = json.loads(envelope.payload), 0
    for other in altered(said):
        if other == said:
            continue
        tried += 1
        for payload in (
            json.dumps(other).encode(),
            json.dumps(other, separators=(",", ":"), sort_keys=True).encode(),
        ):
            assert not approved(write(envelope.signatures, payload), scopes, ring), other
    assert tried > 150


def test_a_statement_altered_in_any_field_and_signed_anew_by_another_never_counts_and_stops_nothing(
    approval: bytes, scopes: Scopes, ring: Ring
) -> None:
    said, tried = json.loads(read(approval).payload), 0
    for other in [said, *altered(said)]:
        try:
            payload = canonical(other)
        except ValueError:
            continue
        tried += 1
        for name in ("nobody", "person:editor", "person:officer", "person:keeper"):
            key = key_of(name)
            signature = key.sign(pre_authentication(payload))
            for key_id in (key.key_id, MAYOR.key_id):
                content = write([Signature(key_id, signature, "raw")], payload)
                assert not approved(content, scopes, ring), (name, other)
    assert tried > 150


def test_a_statement_of_odd_shape_signed_by_its_own_author_stops_nothing(
    approval: bytes, scopes: Scopes, ring: Ring
) -> None:
    said, counted = json.loads(read(approval).payload), 0
    free = {"at", "note", "reason", "more", "context"}
    for other in altered(said):
        try:
            payload = canonical(other)
        except ValueError:
            continue
        content = write([Signature(MAYOR.key_id, MAYOR.sign(pre_authentication(payload)), "raw")], payload)
        if approved(content, scopes, ring):
            counted += 1
            differs = {
                k
                for k in {*said["predicate"], *other["predicate"]}
                if said["predicate"].get(k) != other["predicate"].get(k)
            }
            assert differs <= free or other["predicate"] == said["predicate"], other
            assert [(s["name"], s["digest"]["sha256"]) for s in other["subject"]] == [
                (s["name"], s["digest"]["sha256"]) for s in said["subject"]
            ]
            assert (other["_type"], other["predicateType"]) == (said["_type"], said["predicateType"])
    assert counted > 5


def test_an_envelope_altered_in_any_field_never_stops_anything(
    approval: bytes, scopes: Scopes, ring: Ring
) -> None:
    whole, tried = json.loads(approval), 0
    for other in altered(whole):
        tried += 1
        if approved(json.dumps(other).encode(), scopes, ring):
            assert other["payload"] == whole["payload"]
            assert whole["signatures"][0]["sig"] in str(other["signatures"])
    assert tried > 50


CLASSES = {
    "nothing": b"",
    "zero": b"\0",
    "space": b" ",
    "digit": b"7",
    "letter": b"k",
    "brace": b"}",
    "quote": b'"',
    "high": b"\xff",
    "utf-8": "é".encode(),
}


@pytest.mark.parametrize("kind", CLASSES)
def test_a_file_altered_at_any_byte_says_the_same_or_nothing(
    approval: bytes, scopes: Scopes, ring: Ring, kind: str
) -> None:
    payload, refused = read(approval).payload, 0
    for at in range(len(approval)):
        hurt = approval[:at] + CLASSES[kind] + approval[at + 1 :]
        if approved(hurt, scopes, ring):
            assert read(hurt).payload == payload
        else:
            refused += 1
    assert refused > len(approval) // 2


def test_a_signature_without_its_last_bit_does_not_count(approval: bytes, scopes: Scopes, ring: Ring) -> None:
    envelope = read(approval)
    good = envelope.signatures[0].content
    for at in range(len(good) * 8):
        hurt = bytearray(good)
        hurt[at // 8] ^= 1 << at % 8
        content = write([Signature(MAYOR.key_id, bytes(hurt), "raw")], envelope.payload)
        assert not approved(content, scopes, ring)


def test_a_raw_signature_is_no_signature_of_openssh(approval: bytes, scopes: Scopes, ring: Ring) -> None:
    envelope = read(approval)
    content = write([Signature(MAYOR.key_id, envelope.signatures[0].content, "sshsig")], envelope.payload)
    assert not approved(content, scopes, ring)


def as_openssh_signs(name: str, message: bytes) -> bytes:
    """A signature of the kind ssh-keygen makes.  Source: OpenSSH, PROTOCOL.sshsig."""

    def string(content: bytes) -> bytes:
        return len(content).to_bytes(4, "big") + content

    key, hashed = key_of(name), hashlib.sha512(message).digest()
    head = string(NAMESPACE.encode()) + string(b"") + string(b"sha512")
    signature = string(b"ssh-ed25519") + string(key.sign(b"SSHSIG" + head + string(hashed)))
    public = string(b"ssh-ed25519") + string(key.public.raw)
    return b"SSHSIG" + (1).to_bytes(4, "big") + string(public) + head + string(signature)


@pytest.mark.parametrize(("name", "expected"), [("person:mayor", True), ("nobody", False)])
def test_an_openssh_signature_under_somebody_elses_key_id_does_not_count(
    approval: bytes, scopes: Scopes, ring: Ring, name: str, expected: bool
) -> None:
    payload = read(approval).payload
    blob = as_openssh_signs(name, pre_authentication(payload))
    assert approved(write([Signature(MAYOR.key_id, blob, "sshsig")], payload), scopes, ring) is expected


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it can not be read as a signed record"),
        (b"[]", "it can not be read as a signed record"),
        (b"\xff", "it can not be read as a signed record"),
        (b"[" * 200_000, "it can not be read as a signed record"),
        (b" " * (LIMIT_BYTES + 1), "it has more than 1,000,000 bytes"),
        (b'{"payloadType": "text/plain"}', "it carries 'text/plain', not a statement"),
    ],
    ids=["empty", "list", "bytes", "deep", "large", "other"],
)
def test_rubbish_is_no_record(content: bytes, why: str) -> None:
    with pytest.raises(BadEnvelope) as refused:
        read(content)
    assert str(refused.value) == why


def signed(said: object) -> bytes:
    payload = canonical(said)  # type: ignore[arg-type]
    return write([Signature(MAYOR.key_id, MAYOR.sign(pre_authentication(payload)), "raw")], payload)


def test_another_type_of_statement_is_refused_whatever_it_says(approval: bytes) -> None:
    said = json.loads(read(approval).payload)
    for kind in ("https://in-toto.io/Statement/v0.1", "https://in-toto.io/Link/v1", "", None, 5):
        with pytest.raises(BadEnvelope):
            read(signed({**said, "_type": kind}))
    assert read(signed({**said, "_type": STATEMENT_TYPE}))


def test_a_statement_that_names_a_subject_twice_is_refused(approval: bytes) -> None:
    said = json.loads(read(approval).payload)
    with pytest.raises(BadEnvelope, match="subjects are garbled"):
        read(signed({**said, "subject": said["subject"] * 2}))


def test_a_statement_not_written_in_the_one_way_is_refused(approval: bytes) -> None:
    said = json.loads(read(approval).payload)
    plain = json.dumps(said).encode()
    content = write([Signature(MAYOR.key_id, MAYOR.sign(pre_authentication(plain)), "raw")], plain)
    with pytest.raises(BadEnvelope, match="not written in the one way"):
        read(content)


def test_a_field_twice_in_a_statement_is_refused(approval: bytes) -> None:
    payload = read(approval).payload.replace(b'{"_type"', b'{"_type":"x","_type"', 1)
    content = write([Signature(MAYOR.key_id, MAYOR.sign(pre_authentication(payload)), "raw")], payload)
    with pytest.raises(BadEnvelope, match="not written in the one way"):
        read(content)


def test_more_signatures_than_anybody_needs_are_refused(approval: bytes) -> None:
    envelope = read(approval)
    with pytest.raises(BadEnvelope, match="21 signatures"):
        read(write(envelope.signatures * 21, envelope.payload))


def test_what_was_signed_reads_back(tmp_path: Path) -> None:
    said = Statement("urn:example:v1", {"b": "1" * 64, "a": "0" * 64}, {"note": "“é”", "n": 5, "list": ["x"]})
    assert read(sign(said, MAYOR)).statement == said
