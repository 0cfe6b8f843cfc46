"""From the office's settings to a connection to its relay: reached, encrypted, its name proved, logged in.

Not here: what is said on it afterwards (`connection`), and whose password it is (`send.credentials`).

Source: RFC 3207 (STARTTLS); RFC 4954 (AUTH).
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from pathlib import Path
from typing import TYPE_CHECKING

from presskit.model.mail import Relay
from presskit.send.relay.connection import COMMAND_SECONDS, Connection, RelayProblem
from presskit.send.relay.replies import Client, EncryptedClient, said

if TYPE_CHECKING:
    from presskit.send.credentials import Login

CONNECT_SECONDS = 30.0


def open_relay(settings: Relay, login: Login | None, hello: str, root: Path) -> Connection:
    """Return a connection on which mail may go: encrypted, the server's name proved, logged in.

    Args:
        hello: the name this machine gives.
        root: the folder a relative `ca_file` is in.

    Raises:
        RelayProblem: there is none.
    """
    context = _trusting(settings, root) if settings.security != "none" else None
    try:
        client = _connected(settings, hello, context)
    except ssl.SSLCertVerificationError as error:
        why = f"the certificate of {settings.host} can not be trusted: {error.verify_message}"
        raise RelayProblem(why, True, "relay-certificate") from error
    except smtplib.SMTPNotSupportedError as error:
        why = f"{settings.host} offers no encryption (no STARTTLS)"
        raise RelayProblem(why, True, "relay-insecure") from error
    except (smtplib.SMTPException, OSError, ValueError) as error:
        why = f"{settings.host}:{settings.port} can not be reached: {said(error)}"
        raise RelayProblem(why, _is_lasting(error)) from error
    if login is not None:
        _log_in(client, settings, login)
    return Connection(client)


def _is_lasting(error: Exception) -> bool:
    """Whether trying again will not help: there is no such host, or it does not begin with encryption."""
    match error:
        case socket.gaierror():
            return error.errno == socket.EAI_NONAME
        case ssl.SSLError():
            return error.reason in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE")
        case _:
            return False


def _connected(settings: Relay, hello: str, context: ssl.SSLContext | None) -> smtplib.SMTP:
    """Return a client that was greeted, and has encrypted if it has to."""
    server = settings.host, settings.port
    client: smtplib.SMTP
    if settings.security == "tls":
        client = EncryptedClient(*server, local_hostname=hello, timeout=CONNECT_SECONDS, context=context)
    else:
        client = Client(*server, local_hostname=hello, timeout=CONNECT_SECONDS)
    try:
        client.ehlo_or_helo_if_needed()
        if settings.security == "starttls":
            client.starttls(context=context)
            client.ehlo_or_helo_if_needed()
        wire = client.sock
        if wire is not None:
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            wire.settimeout(COMMAND_SECONDS)
    except BaseException:
        client.close()
        raise
    return client


def _trusting(settings: Relay, root: Path) -> ssl.SSLContext:
    """Return what proves the server's name: the system's authorities, or the office's own."""
    try:
        return ssl.create_default_context(
            cafile=None if settings.ca_file is None else str(root / settings.ca_file)
        )
    except (OSError, ValueError) as error:
        why = f"the certificate authority in {settings.ca_file} can not be read: {said(error)}"
        raise RelayProblem(why, True, "relay-certificate") from error


def _log_in(client: smtplib.SMTP, settings: Relay, login: Login) -> None:
    try:
        client.login(login.user, login.password)
    except smtplib.SMTPAuthenticationError as error:
        client.close()
        why = f"{settings.host} does not let {login.user} in: {_number_of(error)}"
        raise RelayProblem(why, 500 <= error.smtp_code < 600, "relay-login") from error
    except UnicodeEncodeError as error:
        client.close()
        why = "the name or the password has letters beyond ASCII, which can not be sent"
        raise RelayProblem(why, True, "relay-login") from error
    except (smtplib.SMTPException, OSError, ValueError) as error:
        client.close()
        lasting = isinstance(error, smtplib.SMTPNotSupportedError)
        why = _number_of(error) if isinstance(error, smtplib.SMTPResponseException) else said(error)
        raise RelayProblem(f"{settings.host} takes no password: {why}", lasting, "relay-login") from error


def _number_of(error: smtplib.SMTPResponseException) -> str:
    """Return the number of a reply without its words, in which a server may repeat the password."""
    enhanced = re.match(rb"[245]\.\d{1,3}\.\d{1,3}(?= )", _bytes(error.smtp_error))
    return f"{error.smtp_code} {enhanced[0].decode()}" if enhanced else str(error.smtp_code)


def _bytes(words: bytes | str) -> bytes:
    return words.encode("utf-8", "replace") if isinstance(words, str) else words
