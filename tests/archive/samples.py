"""Releases as they lie in an archive, with real signatures, for the tests of what reads them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from presskit.archive.layout import key_name
from presskit.archive.store import Archive
from presskit.signoff.canon import Value, canonical, digest
from presskit.signoff.envelope import Signer, Statement, sign
from presskit.signoff.keys import Key
from presskit.signoff.records import Act, Decision, Method, statement_of

DOMAIN = "example.org"
ORIGIN = "example.org/archive"
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
LIST_KIND = "urn:presskit:archived:v1"


def key_of(name: str) -> Key:
    """The same key for the same name, each time."""
    return Key(Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest()))


OFFICE, SPEAKER, AUTHORITY = key_of("office"), key_of("speaker"), key_of("authority")
KEYS = OFFICE, SPEAKER, AUTHORITY


@dataclass(frozen=True, slots=True)
class Sample:
    """One release, ready to be archived."""

    slug: str = "clinic-opens"
    headline: str = "City opens its first free clinic"
    text: str = "Nobody pays at the door of the new clinic on Mill Street.\n\nIt opens on Monday."
    words: tuple[str, ...] = ("Nobody should have to choose between rent and a doctor.",)
    language: str = "en-CA"
    issued: str = "2026-03-02"
    reference: str = "2026-14"
    state: str = "signed_off"
    agency: str = "Orillia Fire Department"
    extra: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def object_id(self) -> str:
        return f"urn:presskit:{DOMAIN}:{self.slug}"

    @property
    def kit(self) -> str:
        return f"{DOMAIN}/{self.slug}"

    def block(self, identity: str, **fields: Value) -> bytes:
        block: dict[str, Value] = {"id": identity, "type": identity.split(".")[0], **fields}
        return canonical({"presskit": 1, "kit": self.kit, "lang": self.language, "block": block})

    def files(self) -> dict[str, bytes]:
        """All files of the version, the signed list too."""
        found = self.printed()
        found |= {f"words/{scope}.json": content for scope, content in self.scopes().items()}
        records, evidence = self.records(found)
        found |= {f"sign-off/{n:04}-{name}.dsse.json": made for n, (name, made) in enumerate(records, 1)}
        found |= {"sign-off/evidence/0002-mail.eml": evidence, **self.extra}
        subjects = {name: digest(content) for name, content in found.items()}
        found["manifest.dsse.json"] = sign(Statement(LIST_KIND, subjects, {"slug": self.slug}), OFFICE)
        return found

    def printed(self) -> dict[str, bytes]:
        spoken = "\n\n".join(f"“{words}”" for words in self.words)
        running = (
            f"NEWS RELEASE\nNo. {self.reference}\n\n{self.headline}\n\n{self.text}\n\n"
            f"QUOTES\n\n{spoken}\n– Sam Rivers, Mayor\n\n1. {self.agency}\n"
        )
        kit = {
            suffix: f"{suffix} of {running}".encode() for suffix in (".pdf", "-press.pdf", ".docx", ".html")
        }
        facts: dict[str, Value] = {
            "slug": self.slug,
            "kit": self.kit,
            "language": self.language,
            "headline": self.headline,
            "issued": self.issued,
            "embargo": None,
            "reference": self.reference,
            "pack_sha256": digest(b"pack"),
            "presskit": "0.1.0",
            "state": self.state,
            "log": [{"record": "0001-rivers", "seq": 0, "at": "2026-03-01T12:00:00Z"}],
        }
        return {
            "release.yaml": f"headline: {self.headline}\n# ask the lawyer again\n".encode(),
            "registers.json": canonical({"people": [{"id": "rivers", "email": "rivers@example.org"}]}),
            "photos/ribbon.jpg": b"\xff\xd8 a ribbon",
            **{f"kit/{self.slug}{suffix}": content for suffix, content in kit.items()},
            f"kit/{self.slug}.txt": running.encode(),
            "version.json": canonical(facts),
        }

    def scopes(self) -> dict[str, bytes]:
        speaker: Value = {"id": "rivers", "name": "Sam Rivers", "title": "Mayor"}
        whole: Value = {"release": {"headline": self.headline, "body": [self.text]}}
        return {
            f"quote.rivers@{self.language}": self.block(
                "quote.rivers", speaker=speaker, words=list(self.words)
            ),
            f"mention.fire@{self.language}": self.block(
                "mention.fire", agency={"id": "fire", "name": self.agency}, said=["Partners:"]
            ),
            f"kit@{self.language}": canonical(
                {"presskit": 1, "kit": self.kit, "lang": self.language, "whole": whole}
            ),
        }

    def records(self, files: Mapping[str, bytes]) -> tuple[list[tuple[str, bytes]], bytes]:
        evidence = b"From: chief@fire.example.org\nSubject: Re: your release\n\nFine with us.\n"
        quote, mention, whole = self.scopes()
        other = self.block("quote.rivers", words=["We never meant to wait so long."])
        kit = {
            n.removeprefix("kit/"): digest(content) for n, content in files.items() if n.startswith("kit/")
        }
        return [
            (
                "rivers",
                self._decided(
                    "reject",
                    "person:rivers",
                    {quote: digest(other)},
                    SPEAKER,
                    reason="Too soft: call 705-555-0199.",
                ),
            ),
            (
                "fire",
                self._decided(
                    "approve",
                    "agency:fire",
                    {mention: ""},
                    OFFICE,
                    method="mail",
                    evidence=digest(evidence),
                    evidence_name="0002-mail.eml",
                ),
            ),
            (
                "rivers",
                self._decided("approve", "person:rivers", {quote: ""}, SPEAKER, note="Glad that we waited."),
            ),
            ("office", self._decided("submit", "person:editor", {whole: ""}, OFFICE)),
            ("chief", self._decided("approve", "person:chief-of-staff", {whole: ""}, AUTHORITY, files=kit)),
        ], evidence

    def _decided(
        self,
        act: Act,
        principal: str,
        scopes: Mapping[str, str],
        signer: Signer,
        *,
        method: Method = "key",
        files: Mapping[str, str] | None = None,
        reason: str = "",
        note: str = "",
        evidence: str = "",
        evidence_name: str = "",
    ) -> bytes:
        words = self.scopes()
        seen = {
            scope if scope.startswith("kit@") else f"block:{scope}": found or digest(words[scope])
            for scope, found in scopes.items()
        }
        whole = digest(words[f"kit@{self.language}"])
        decision = Decision(
            act,
            principal,
            method,
            seen,
            files or {},
            whole,
            "2026-03-01T12:00:00Z",
            reason,
            note,
            evidence,
            evidence_name,
        )
        return sign(statement_of(decision, self.kit), signer)


def archive_of(root: Path, samples: Iterable[Sample]) -> Archive:
    """A new archive with each of the samples as one more version of its object."""
    archive = Archive.open(root, create=True, origin=ORIGIN)
    for key in KEYS:
        (root / key_name(key.key_id)).write_bytes(key.public.pem)
    for sample in samples:
        deposit(archive, sample.object_id, sample.files())
    return archive


def deposit(archive: Archive, object_id: str, files: Mapping[str, bytes]) -> None:
    archive.deposit(
        object_id,
        files,
        message="deposit",
        user_name="Press office",
        user_address="",
        at=AT,
        expect=None,
        signer=OFFICE,
    )
