from __future__ import annotations

import socket
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from presskit.model.house import House
from presskit.send.health import servers
from presskit.send.health.rows import Check, Row, look_at
from tests.servers.certificates import Authority
from tests.servers.relay import relay
from tests.servers.running import free_port
from tests.servers.secure import secure_relay

LOGIN = ("press", "deep secret")
KNOWN = {"PRESSKIT_SMTP_USER": "press", "PRESSKIT_SMTP_PASSWORD": "deep secret"}
LONG_BEFORE = datetime.now(UTC) - timedelta(days=40, hours=12)
"""A day on which the certificates of the tests are good for some weeks yet."""


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def asked(
    port: int,
    root: Path,
    environment: Mapping[str, str] = KNOWN,
    *,
    host: str = "localhost",
    attach_bytes: int = 10_000_000,
    now: datetime = LONG_BEFORE,
    **settings: Any,
) -> list[Row]:
    """What the doctor finds of a relay."""
    named = {"host": host, "port": port, "ca_file": "authority.pem", **settings}
    mail = {"sender": "press@example.org", "relay": named, "attach_bytes": attach_bytes}
    names = {"name": {"en": "Example"}, "short_name": {"en": "Ex"}, "domain": "example.org"}
    fields = {**names, "time_zone": "America/Toronto", "language": "en-CA", "mail": mail}
    house = House.model_validate(fields)
    check = Check("", "relay", lambda: servers.relay(house, root, environment, now), is_remote=True)
    return [row for _, row in look_at([check])]


def only_wrong(rows: list[Row]) -> Row:
    (row,) = (row for row in rows if row.verdict != "ok")
    return row


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_relay_that_takes_the_offices_mail_is_fine(
    security: Any, authority: Authority, tmp_path: Path
) -> None:
    good = authority.good()
    with secure_relay(security, good, login=LOGIN) as server:
        found = asked(server.port, tmp_path, security=security)
        assert server.received == []
    ends = x509.load_pem_x509_certificate(good.chain.read_bytes()).not_valid_after_utc
    assert [(row.subject, row.verdict, row.fact) for row in found] == [
        ("login", "ok", "press is let in"),
        ("relay", "ok", f"localhost:{server.port} answers, encrypted"),
        ("certificate", "ok", f"proves localhost until {ends:%Y-%m-%d}, 41 days from now"),
        ("size", "ok", "the relay takes 33,554,432 bytes, 10,000,000 are the most to be attached"),
        ("letters", "ok", "the relay takes 8-bit text, and all before the @ of an address"),
    ]


def test_a_certificate_that_ends_soon_is_to_be_looked_at(authority: Authority, tmp_path: Path) -> None:
    with secure_relay("starttls", authority.good(), login=LOGIN) as server:
        found = asked(server.port, tmp_path, now=datetime.now(UTC))
    row = only_wrong(found)
    assert (row.subject, row.verdict) == ("certificate", "look")
    assert row.fact.endswith("0 days from now")
    assert row.fix == "ask whoever keeps the server to renew it; from that day on nothing is sent."


def test_a_certificate_for_another_name_is_wrong(authority: Authority, tmp_path: Path) -> None:
    with secure_relay("starttls", authority.for_another(), login=LOGIN) as server:
        row = only_wrong(asked(server.port, tmp_path))
    assert (row.verdict, row.code) == ("wrong", "relay-certificate")
    assert "certificate is not valid for 'localhost'" in row.fact
    assert row.fix.startswith("write the name that stands in it")


def test_a_certificate_that_has_run_out_is_wrong(authority: Authority, tmp_path: Path) -> None:
    with secure_relay("starttls", authority.run_out(), login=LOGIN) as server:
        row = only_wrong(asked(server.port, tmp_path))
    assert row.code == "relay-certificate"
    assert "certificate has expired" in row.fact


def test_a_certificate_of_an_authority_nobody_knows_is_wrong(authority: Authority, tmp_path: Path) -> None:
    with secure_relay("tls", authority.good(), login=LOGIN) as server:
        row = only_wrong(asked(server.port, tmp_path, security="tls", ca_file=None))
    assert row.code == "relay-certificate"
    assert "unable to get local issuer certificate" in row.fact


def test_a_relay_without_encryption_is_wrong(authority: Authority, tmp_path: Path) -> None:
    with relay(tmp_path / "relay") as server:
        row = only_wrong(asked(server.port, tmp_path))
    assert (row.verdict, row.code) == ("wrong", "relay-insecure")
    assert row.fact == "localhost offers no encryption (no STARTTLS)"


def test_a_wrong_password_is_wrong_and_never_shown(authority: Authority, tmp_path: Path) -> None:
    with secure_relay("starttls", authority.good(), login=LOGIN) as server:
        row = only_wrong(asked(server.port, tmp_path, {**KNOWN, "PRESSKIT_SMTP_PASSWORD": "hunter2"}))
    assert (row.verdict, row.code) == ("wrong", "relay-login")
    assert row.fact.startswith("localhost does not let press in: 535 5.7.8")
    assert row.fix == "correct PRESSKIT_SMTP_USER and the password that goes with it."
    assert "hunter2" not in str(row)


def test_without_a_password_all_else_is_looked_at(authority: Authority, tmp_path: Path) -> None:
    with secure_relay("starttls", authority.good(), login=LOGIN) as server:
        found = asked(
            server.port, tmp_path, {"PRESSKIT_SMTP_USER": "press", "PRESSKIT_SMTP_PASSWORD_FILE": "/none"}
        )
    row = only_wrong(found)
    assert (row.subject, row.verdict, row.code) == ("password", "wrong", "password-missing")
    assert [row.subject for row in found] == ["password", "relay", "certificate", "size", "letters"]


def test_a_relay_that_asks_for_passwords_where_none_is_known_is_to_be_looked_at(
    authority: Authority, tmp_path: Path
) -> None:
    with secure_relay("starttls", authority.good(), login=LOGIN) as server:
        row = only_wrong(asked(server.port, tmp_path, {}))
    assert (row.subject, row.verdict, row.code) == ("login", "look", "password-missing")


def test_a_password_file_everybody_can_read_is_to_be_looked_at(authority: Authority, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("deep secret\n")
    file.chmod(0o644)
    environment = {"PRESSKIT_SMTP_USER": "press", "PRESSKIT_SMTP_PASSWORD_FILE": str(file)}
    with secure_relay("starttls", authority.good(), login=LOGIN) as server:
        found = asked(server.port, tmp_path, environment)
    assert only_wrong(found).code == "secret-exposed"
    assert "press is let in" in [row.fact for row in found]


def test_nobody_at_the_port_is_wrong(authority: Authority, tmp_path: Path) -> None:
    port = free_port()
    row = only_wrong(asked(port, tmp_path))
    assert (row.code, row.fact) == (
        "relay-unreachable",
        f"localhost:{port} can not be reached: Connection refused",
    )


def test_a_name_nobody_knows_is_wrong(authority: Authority, tmp_path: Path) -> None:
    row = only_wrong(asked(587, tmp_path, host="relay.invalid"))
    assert row.code == "relay-unreachable"
    assert row.fact.startswith("relay.invalid:587 can not be reached: ")


def test_a_server_that_never_greets_is_told_in_time(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        mail = {"sender": "press@example.org", "relay": {"host": "127.0.0.1", "port": port}}
        names = {"name": {"en": "Example"}, "short_name": {"en": "Ex"}, "domain": "example.org"}
        house = House.model_validate({**names, "time_zone": "UTC", "language": "en-CA", "mail": mail})
        check = Check("", "relay", lambda: servers.relay(house, tmp_path, {}, LONG_BEFORE), is_remote=True)
        ((_, row),) = look_at([check], patience_seconds=0.2)
    assert (row.verdict, row.fact) == ("wrong", "no answer in 0 seconds")


def test_a_relay_that_takes_less_than_is_attached_is_wrong(authority: Authority, tmp_path: Path) -> None:
    with secure_relay("starttls", authority.good(), login=LOGIN, limit_bytes=5_000_000) as server:
        row = only_wrong(asked(server.port, tmp_path))
    assert row.fact == "the relay takes 5,000,000 bytes, but up to 10,000,000 are to be attached"
    assert row.fix == "write attach_bytes: 5000000 or less under mail: in data/house.yaml."


def test_a_relay_on_this_machine_may_go_without_encryption_and_password(tmp_path: Path) -> None:
    with secure_relay("none", utf8=False) as server:
        found = asked(server.port, tmp_path, {}, security="none", ca_file=None)
    assert {row.verdict for row in found} == {"ok"}
    assert [row.fact for row in found if row.subject in ("relay", "letters")] == [
        f"localhost:{server.port} answers, without encryption, on this machine",
        "the relay takes 8-bit text, and none but those of plain English before the @ of an address",
    ]
