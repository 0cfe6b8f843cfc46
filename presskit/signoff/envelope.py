"""Statements in signed envelopes: what a record file holds, in and out.

An in-toto statement says something about named digests; a DSSE envelope carries it with its signatures.  Not
here: what our statements say (`records`), and whose signatures count (`keyring`).

Source: in-toto Attestation Framework, Statement v1; DSSE 1.0.2.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from presskit.signoff.canon import Value, canonical
from presskit.signoff.keys import PublicKey
from presskit.signoff.sshsig import BadSignature, SshSignature, holds, read_blob

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
LIMIT_BYTES = 1_000_000
SIGNATURES_LIMIT = 20


class BadEnvelope(ValueError):
    """A file is no envelope with a statement of the kind that was asked for."""


class Signer(Protocol):
    """Whatever can sign: a key in memory, or ssh-keygen."""

    @property
    def key_id(self) -> str:
        """What records name the key by."""

    @property
    def kind(self) -> Literal["raw", "sshsig"]:
        """How its signatures are written."""

    def sign(self, message: bytes) -> bytes:
        """Return the signature over a message."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said, about which digests."""

    kind: str  # the predicate's type
    subjects: Mapping[str, str]  # name → SHA-256 in hexadecimal
    predicate: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature of an envelope; not checked yet."""

    key_id: str
    content: bytes
    kind: Literal["raw", "sshsig"]


@dataclass(frozen=True, slots=True)
class Envelope:
    """A statement as it was signed."""

    payload: bytes
    statement: Statement
    signatures: tuple[Signature, ...]

    def signed_by(self, key: PublicKey) -> bool:
        """Whether one of the signatures is this key's, over exactly this payload."""
        return any(_holds(found, key, pre_authentication(self.payload)) for found in self.signatures)


def payload_of(statement: Statement) -> bytes:
    """Return a statement as the bytes that are signed."""
    subjects: list[Value] = [
        {"name": name, "digest": {"sha256": found}} for name, found in sorted(statement.subjects.items())
    ]
    return canonical(
        {
            "_type": STATEMENT_TYPE,
            "subject": subjects,
            "predicateType": statement.kind,
            "predicate": statement.predicate,
        }
    )


def pre_authentication(payload: bytes) -> bytes:
    """Return what is signed in truth: the type and the payload, each with its length.

    Source: DSSE 1.0.2, "Pre-Authentication Encoding".
    """
    kind = PAYLOAD_TYPE.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def payload_in(message: bytes) -> bytes:
    """Return the payload of what was signed in truth.

    Raises:
        BadEnvelope: the bytes are none.
    """
    payload = message.rpartition(b"}")[0] + b"}"
    start = payload.find(b"{")
    if start < 0 or pre_authentication(payload[start:]) != message:
        raise BadEnvelope("this is not a file presskit made to be signed")
    return payload[start:]


def sign(statement: Statement, *signers: Signer) -> bytes:
    """Return the file of a statement signed by each of the signers."""
    payload = payload_of(statement)
    message = pre_authentication(payload)
    return write([Signature(s.key_id, s.sign(message), s.kind) for s in signers], payload)


def with_ssh_signature(payload: bytes, signature: SshSignature) -> bytes:
    """Return the file of a statement signed by ssh-keygen."""
    return write([Signature(signature.key.key_id, signature.blob, "sshsig")], payload)


def write(signatures: Sequence[Signature], payload: bytes) -> bytes:
    """Return an envelope as a file of JSON."""
    listed = [
        {"keyid": s.key_id, "sig": base64.b64encode(s.content).decode()}
        | ({"kind": "sshsig"} if s.kind == "sshsig" else {})
        for s in signatures
    ]
    envelope = {
        "payloadType": PAYLOAD_TYPE,
        "payload": base64.b64encode(payload).decode(),
        "signatures": listed,
    }
    return (json.dumps(envelope, indent=1) + "\n").encode()


def read(content: bytes) -> Envelope:
    """Return the envelope in a file.

    Raises:
        BadEnvelope: it is none, or what it carries is no statement.
    """
    if len(content) > LIMIT_BYTES:
        raise BadEnvelope(f"it has more than {LIMIT_BYTES:,} bytes")
    try:
        outer = json.loads(content)
        if outer["payloadType"] != PAYLOAD_TYPE:
            raise BadEnvelope(f"it carries {str(outer['payloadType'])[:60]!r}, not a statement")
        payload = base64.b64decode(outer["payload"], validate=True)
        signatures = tuple(_signature(found) for found in outer["signatures"])
        inner = json.loads(payload)
        if canonical(inner) != payload:
            raise BadEnvelope("its statement is not written in the one way it can be")
        if inner["_type"] != STATEMENT_TYPE:
            raise BadEnvelope("what it carries is no in-toto statement")
        subjects = {subject["name"]: subject["digest"]["sha256"] for subject in inner["subject"]}
        statement = Statement(inner["predicateType"], subjects, inner["predicate"])
    except BadEnvelope:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadEnvelope("it can not be read as a signed record") from error
    texts = (statement.kind, *subjects, *subjects.values())
    if len(subjects) != len(inner["subject"]) or not all(isinstance(text, str) for text in texts):
        raise BadEnvelope("its subjects are garbled")
    if not isinstance(statement.predicate, dict):
        raise BadEnvelope("its statement is garbled")
    if not signatures or len(signatures) > SIGNATURES_LIMIT:
        raise BadEnvelope(f"it has {len(signatures)} signatures")
    return Envelope(payload, statement, signatures)


def _signature(found: Mapping[str, str]) -> Signature:
    kind: Literal["raw", "sshsig"] = "sshsig" if found.get("kind") == "sshsig" else "raw"
    return Signature(str(found["keyid"]), base64.b64decode(found["sig"], validate=True), kind)


def _holds(found: Signature, key: PublicKey, message: bytes) -> bool:
    if found.key_id != key.key_id:
        return False
    if found.kind == "raw":
        return key.verifies(message, found.content)
    try:
        signature = read_blob(found.content)
    except BadSignature:
        return False
    return signature.key == key and holds(signature, message)
