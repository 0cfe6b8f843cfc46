"""Turns what arrives encrypted, and from whom, into a list: aiosmtpd, in a thread of the test.

Not here: its certificates (`certificates`), and relays that fail (`relay`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.certificates import Certificate
from tests.servers.running import HOST, free_port

Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class Received:
    """A message as it came."""

    sender: str  # of the envelope
    recipients: tuple[str, ...]
    content: bytes  # CRLF, without the dots that were stuffed in
    options: tuple[str, ...]  # of MAIL: BODY=8BITMIME, SMTPUTF8 …
    is_encrypted: bool
    user: str  # who had logged in; "": nobody


@dataclass(slots=True)
class SecureRelay:
    """A mail server as offices have them."""

    port: int
    host: str = HOST
    received: list[Received] = field(default_factory=list)


class _Keeping:
    """Keeps each message."""

    def __init__(self, relay: SecureRelay) -> None:
        self._relay = relay

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self._relay.received.append(
            Received(
                envelope.mail_from or "",
                tuple(envelope.rcpt_tos),
                content,
                tuple(envelope.mail_options),
                server.transport.get_extra_info("cipher") is not None,
                session.auth_data if isinstance(session.auth_data, str) else "",
            )
        )
        return "250 2.0.0 kept"


class _Controller(Controller):
    """Starts servers that believe an encrypted connection to be one, even if no STARTTLS was said on it."""

    def factory(self) -> SMTP:
        server = SMTP(self.handler, **self.SMTP_kwargs)
        if self.ssl_context is not None:
            server._auth_require_tls = False
        return server


@contextmanager
def _silenced(*names: str) -> Iterator[None]:
    """Keep loggers quiet: aiosmtpd warns of what it does itself, and of whoever does not trust it."""
    loggers = [logging.getLogger(name) for name in names]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


@contextmanager
def secure_relay(
    security: Security,
    certificate: Certificate | None = None,
    *,
    login: tuple[str, str] | None = None,
    utf8: bool = True,
    limit_bytes: int = 33_554_432,
) -> Iterator[SecureRelay]:
    """Run it.

    Args:
        certificate: what it shows; none with `security="none"`.
        login: the one name and password it takes; with it, it takes no mail from anybody else.
        utf8: whether it offers SMTPUTF8.
    """
    kept = SecureRelay(free_port())

    def check(server: Any, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        if not isinstance(data, LoginPassword) or login is None:
            return AuthResult(success=False)
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == login, handled=False, auth_data=given[0])

    settings: dict[str, Any] = {"enable_SMTPUTF8": utf8, "data_size_limit": limit_bytes}
    if login is not None:
        settings |= {"authenticator": check, "auth_required": True}
    if security == "starttls" and certificate is not None:
        settings |= {"tls_context": certificate.context(), "require_starttls": True}
    if security == "tls" and certificate is not None:
        settings |= {"ssl_context": certificate.context()}
    controller = _Controller(
        _Keeping(kept), hostname=HOST, port=kept.port, server_hostname="localhost", **settings
    )
    with _silenced("mail.log", "asyncio"):
        controller.start()
        try:
            yield kept
        finally:
            controller.stop()
