"""The servers mail goes to and bounces are read from: reached, proved, logged in to, and left as they were.

Not here: sending (`relay`) and reading bounces (`bounces`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from presskit.errors import PresskitError
from presskit.model.house import House
from presskit.model.mail import Relay
from presskit.send.bounces.imap import open_folder
from presskit.send.credentials import Login, Service, credentials, exposed, password_file
from presskit.send.health.rows import Row, told
from presskit.send.relay.connection import Connection, RelayProblem, certificate_end
from presskit.send.relay.opening import open_relay
from presskit.workspace import HOUSE

SOON_DAYS = 21
"""How long before its end a certificate is pointed out."""

Environment = Mapping[str, str]


def relay(house: House, root: Path, environment: Environment, now: datetime) -> Iterator[Row]:
    """Yield whether the relay would take the office's mail: reached, proved, logged in, and large enough."""
    if house.mail is None or (settings := house.mail.relay) is None:
        yield Row("relay", "ok", "none is named in house.yaml, so presskit makes drafts only")
        return
    login, rows = _login("smtp", settings.host, environment)
    yield from rows
    hello = settings.hello or house.domain
    try:
        connection = open_relay(settings, login, hello, root)
    except RelayProblem as problem:
        fix = _FIXES.get(problem.code, _FIXES["relay-unreachable"])
        yield Row("relay", "wrong", problem.why, fix, problem.code)
        return
    try:
        yield from _let_in(login, connection, rows)
        yield from _offered(settings, connection, house.mail.attach_bytes, now)
    finally:
        connection.quit()


def mailbox(house: House, root: Path, environment: Environment, now: datetime) -> Iterator[Row]:
    """Yield whether the mailbox that bounces come to can be opened."""
    if house.mail is None or (settings := house.mail.mailbox) is None:
        yield Row("mailbox", "ok", "none is named in house.yaml; bounces are read from files only")
        return
    login, rows = _login("imap", settings.host, environment)
    yield from rows
    if login is None:
        if not rows:
            fix = "set PRESSKIT_IMAP_USER and PRESSKIT_IMAP_PASSWORD_FILE."
            yield Row("mailbox", "wrong", "nobody is named who may read it", fix, "password-missing")
        return
    with open_folder(settings, login, root) as folder:
        fact = f"{settings.host}:{settings.port} lets {login.user} read {settings.folder}"
        yield Row("mailbox", "ok", fact)
        if (ends := certificate_end(folder.server.sock)) is not None:
            yield _certificate("certificate (mailbox)", settings.host, ends, now)


_FIXES = {
    "relay-unreachable": f"see whether host: and port: in {HOUSE} are right, and the network lets you there.",
    "relay-certificate": "write the name that stands in it, or name its authority in ca_file:, or ask whoever"
    " keeps the server for a new one.",
    "relay-insecure": "ask whoever keeps the server to turn on STARTTLS; or write security: tls, port: 465.",
    "relay-login": "correct PRESSKIT_SMTP_USER and the password that goes with it.",
}


def _login(service: Service, host: str, environment: Environment) -> tuple[Login | None, tuple[Row, ...]]:
    """Return who logs in, and what is wrong with that."""
    name = "password" if service == "smtp" else "password (mailbox)"
    try:
        login = credentials(service, host, environment)
    except PresskitError as error:
        return None, (told(name, error.problems),)
    file = password_file(service, environment)
    warning = exposed(file) if file is not None and login is not None else None
    return login, (told(name, (warning,)),) if warning else ()


def _let_in(login: Login | None, connection: Connection, rows: tuple[Row, ...]) -> Iterator[Row]:
    if login is not None:
        yield Row("login", "ok", f"{login.user} is let in")
    elif "auth" in connection.features and not rows:
        fix = "set PRESSKIT_SMTP_USER and PRESSKIT_SMTP_PASSWORD_FILE, unless it knows this machine."
        yield Row(
            "login", "look", "nobody logs in, but the relay asks for passwords", fix, "password-missing"
        )


def _offered(settings: Relay, connection: Connection, attach_bytes: int, now: datetime) -> Iterator[Row]:
    """Yield what a relay says of itself."""
    how = "without encryption, on this machine" if settings.security == "none" else "encrypted"
    yield Row("relay", "ok", f"{settings.host}:{settings.port} answers, {how}")
    if (ends := connection.certificate_ends) is not None:
        yield _certificate("certificate", settings.host, ends, now)
    limit = connection.limit_bytes
    if limit and limit < attach_bytes:
        fact = f"the relay takes {limit:,} bytes, but up to {attach_bytes:,} are to be attached"
        yield Row("size", "wrong", fact, f"write attach_bytes: {limit} or less under mail: in {HOUSE}.")
    else:
        says = f"the relay takes {limit:,} bytes" if limit else "the relay does not say how much it takes"
        yield Row("size", "ok", f"{says}, {attach_bytes:,} are the most to be attached")
    letters = "all" if connection.takes_utf8 else "none but those of plain English"
    eight = "8-bit" if "8bitmime" in connection.features else "7-bit"
    yield Row("letters", "ok", f"the relay takes {eight} text, and {letters} before the @ of an address")


def _certificate(subject: str, host: str, ends: datetime, now: datetime) -> Row:
    days = (ends - now).days
    fact = f"proves {host} until {ends:%Y-%m-%d}, {days} days from now"
    fix = "ask whoever keeps the server to renew it; from that day on nothing is sent."
    return Row(subject, "look", fact, fix) if days < SOON_DAYS else Row(subject, "ok", fact)
