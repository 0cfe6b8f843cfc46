"""How the office sends: the settings under ``mail:`` in ``data/house.yaml``; never a password.

Not here: who gets a release (`media`), and where passwords come from (`send.credentials`).
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from presskit.model.base import Email, Line, Model, PerLanguage, WebAddress, refusal

HERE = ("localhost", "127.0.0.1", "::1")
"""Hosts that are this machine, to which mail may go without encryption."""

Host = Annotated[str, StringConstraints(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9.:_-]+$")]
"""The name or address of a server."""

Port = Annotated[int, Field(ge=1, le=65_535)]


def _with(*gaps: str) -> AfterValidator:
    """Check an address that has gaps: each of those named stands in it."""

    def check(address: str) -> str:
        if missing := [gap for gap in gaps if f"{{{gap}}}" not in address]:
            what = f"“{address}” has no place for what is to be filled in."
            raise refusal("label-gap", what, f"write {{{missing[0]}}} where it belongs.")
        return address

    return AfterValidator(check)


def _bounces(value: str) -> str:
    """Return an address or a bare domain, or refuse it."""
    bare = value.rpartition("@")[2]
    if "." not in bare or value.startswith(("-", "@")) or any(c.isspace() or c in '<>,;:"' for c in value):
        what = f"“{value}” is neither an address nor a domain."
        raise refusal("value-invalid", what, "write bounces@example.org, or bounces.example.org.")
    return value


class Relay(Model):
    """The one mail server everything is handed to."""

    host: Host
    port: Port = 587
    security: Literal["starttls", "tls", "none"] = "starttls"  # none: only to a server on this machine
    ca_file: Line | None = None  # PEM, if the server's certificate is signed by the office's own authority
    hello: Host | None = None  # what the office's machine calls itself; the house's domain if nothing is said
    connections: Annotated[int, Field(ge=1, le=20)] = 2
    messages_per_connection: Annotated[int, Field(ge=1, le=10_000)] = 100
    per_minute: Annotated[int, Field(ge=0, le=1_000_000)] = 0  # messages; 0: as fast as it takes them

    @model_validator(mode="after")
    def _encrypted(self) -> Self:
        if self.security == "none" and self.host not in HERE:
            what = f"mail to {self.host} would go without encryption."
            raise refusal("relay-insecure", what, "write security: starttls, or tls.")
        return self


class Dkim(Model):
    """Who signs the messages, if the relay does not."""

    selector: Host
    key_file: Line  # RSA or Ed25519, PEM without a passphrase; anywhere on this machine
    domain: Host | None = None  # the sender's if nothing is said


class Mailbox(Model):
    """Where bounces and wishes to unsubscribe arrive, to be read by IMAP over TLS."""

    host: Host
    port: Port = 993
    folder: Line = "INBOX"
    security: Literal["tls", "starttls", "none"] = "tls"  # none: only to a server on this machine
    ca_file: Line | None = None

    @model_validator(mode="after")
    def _encrypted(self) -> Self:
        if self.security == "none" and self.host not in HERE:
            what = f"the password for {self.host} would go without encryption."
            raise refusal("relay-insecure", what, "write security: tls.")
        return self


class Mail(Model):
    """What every message to the media has in common."""

    sender: Email  # From:
    sender_name: PerLanguage | None = None  # the house's short name if nothing is said
    reply_to: Email | None = None  # the release's first media contact with an address if nothing is said
    relay: Relay | None = None  # none: drafts only
    bounces: Annotated[Line, AfterValidator(_bounces)] | None = None  # bounces@… (gets +tags) or a domain
    unsubscribe: Email | None = None  # mail to it is a wish to get no more; the sender if nothing is said
    unsubscribe_url: Annotated[WebAddress, _with("token")] | None = None  # https; one click, RFC 8058
    kit_url: Annotated[WebAddress, _with("slug")] | None = None  # folder on the web the kit's files lie in
    attach_bytes: Annotated[int, Field(ge=0, le=50_000_000)] = 10_000_000  # of a message; above: links
    tries: Annotated[int, Field(ge=1, le=50)] = 8  # of a delivery the relay puts off
    dkim: Dkim | None = None
    mailbox: Mailbox | None = None

    @model_validator(mode="after")
    def _one_click(self) -> Self:
        if self.unsubscribe_url is not None and not self.unsubscribe_url.startswith("https://"):
            what = f"“{self.unsubscribe_url}” is not encrypted, and one-click unsubscribing asks for it."
            raise refusal("url-invalid", what, "write an address that starts with https://")
        return self
