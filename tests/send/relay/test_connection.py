from __future__ import annotations

import base64
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from presskit.model.mail import Relay
from presskit.send.credentials import Login
from presskit.send.relay import connection as module
from presskit.send.relay.connection import (
    Connection,
    InDoubt,
    PutOff,
    Refused,
    RelayProblem,
    Stale,
)
from presskit.send.relay.opening import open_relay
from presskit.send.relay.replies import REPLY_BYTES
from tests.send.talk import HANG_UP, SILENCE, Script, Talk, talk
from tests.servers.certificates import Authority
from tests.servers.running import free_port
from tests.servers.secure import secure_relay

HERE = "127.0.0.1"
SENDER, MAILBOX = "bounces@example.org", "desk@example.com"
HEAD, BODY = b"Subject: Bridge\r\n\r\n", b"It opens.\r\n..hidden\r\n..\r\nFrom here\r\n"
RECEIVED = b"Subject: Bridge\r\n\r\nIt opens.\r\n.hidden\r\n.\r\nFrom here\r\n"


def settings(port: int, **facts: Any) -> Relay:
    return Relay(**{"host": HERE, "port": port, "security": "none", **facts})


def opened(port: int, login: Login | None = None, root: Path = Path(), **facts: Any) -> Connection:
    return open_relay(settings(port, **facts), login, "desk.example.org", root)


@contextmanager
def talking(*scripts: Script) -> Iterator[tuple[Connection, Talk]]:
    with talk(*scripts) as relay:
        connection = opened(relay.port)
        try:
            yield connection, relay
        finally:
            connection.quit()


def offer(connection: Connection, mailbox: str = MAILBOX) -> None:
    connection.offer(SENDER, mailbox, HEAD, BODY)


def problem(port: int, login: Login | None = None, root: Path = Path(), **facts: Any) -> RelayProblem:
    with pytest.raises(RelayProblem) as told:
        opened(port, login, root, **facts)
    return told.value


def test_a_message_arrives_byte_for_byte_to_one_mailbox() -> None:
    with secure_relay("none") as relay:
        connection = opened(relay.port)
        offer(connection)
        assert connection.end() == (250, "2.0.0 kept")
        connection.quit()
        (message,) = relay.received
        assert (message.sender, message.recipients, message.content) == (SENDER, (MAILBOX,), RECEIVED)
        assert message.options == ("BODY=8BITMIME", f"SIZE={len(HEAD + BODY)}")


def test_a_connection_takes_one_message_after_the_other() -> None:
    with talking() as (connection, relay):
        for number in range(3):
            offer(connection)
            connection.end()
            assert connection.messages == number + 1
        assert relay.messages == [HEAD + BODY] * 3
        assert relay.connections == 1


def test_nothing_is_asked_for_that_the_relay_does_not_offer() -> None:
    with talking({"EHLO": "502 5.5.1 no", "HELO": "250 relay.example.org"}) as (connection, relay):
        offer(connection)
        connection.end()
        assert relay.heard[:3] == ["EHLO desk.example.org", "HELO desk.example.org", f"MAIL FROM:<{SENDER}>"]


@pytest.mark.parametrize("at", ["RCPT", "DATA"])
def test_a_refusal_is_of_this_message_and_the_connection_goes_on(at: str) -> None:
    with talking({at: ["550 5.1.1 no such user", "250 fine" if at == "RCPT" else "354 go on"]}) as (
        connection,
        relay,
    ):
        with pytest.raises(Refused) as told:
            offer(connection)
        assert (told.value.code, told.value.reply) == (550, "5.1.1 no such user")
        assert relay.verbs[-1] == "RSET"
        offer(connection)
        connection.end()
        assert relay.dots == [MAILBOX]


@pytest.mark.parametrize("at", ["RCPT", "DATA"])
@pytest.mark.parametrize("code", [421, 450])
def test_what_is_put_off_is_not_accepted(at: str, code: int) -> None:
    with talking({at: f"{code} 4.7.1 later"}) as (connection, relay):
        with pytest.raises(PutOff) as told:
            offer(connection)
        assert told.value == PutOff(code, "4.7.1 later", knows_mailbox=True)
        assert connection.is_closed == (code == 421)
        assert relay.dots == []


@pytest.mark.parametrize("at", ["RCPT", "DATA"])
@pytest.mark.parametrize("reply", [HANG_UP, "what?", b"\xff\x00\r\n", b"250-" + b"x" * 9000 + b"\r\n"])
def test_an_answer_that_is_none_before_the_message_accepts_nothing(at: str, reply: str | bytes) -> None:
    with talking({at: [reply]}) as (connection, relay):
        with pytest.raises(PutOff):
            offer(connection)
        assert connection.is_closed
        assert relay.dots == []


def test_a_relay_that_says_yes_where_it_should_wait_is_out_of_step() -> None:
    with talking({"DATA": "250 2.0.0 kept"}) as (connection, relay):
        with pytest.raises(PutOff) as told:
            offer(connection)
        assert told.value.code == 250
        assert connection.is_closed
        assert relay.dots == []


def test_a_relay_that_answers_before_the_end_has_accepted_nothing() -> None:
    with talking({"DATA": "354 go on\r\n250 2.0.0 kept"}) as (connection, relay):
        offer(connection)
        with pytest.raises(PutOff) as told:
            connection.end()
        assert told.value.reply == "it answered before the end of the message: 250 2.0.0 kept"
        assert connection.is_closed
        assert relay.dots == []


def test_a_relay_that_refuses_before_the_end_is_understood() -> None:
    with talking({"DATA": "354 go on\r\n552 5.3.4 too large"}) as (connection, relay):
        offer(connection)
        with pytest.raises(Refused) as told:
            connection.end()
        assert (told.value.code, told.value.reply) == (552, "5.3.4 too large")
        assert connection.is_closed
        assert relay.dots == []


def test_a_relay_that_hangs_up_before_the_end_leaves_no_doubt() -> None:
    with talking({"message": HANG_UP}) as (connection, relay):
        with pytest.raises(PutOff):  # while it comes, or just before its end
            offer(connection)
            _until(lambda: relay.ended == 1)
            connection.end()
        assert connection.is_closed
        assert relay.dots == []


def test_an_answer_to_another_message_is_never_taken_for_this_ones() -> None:
    with talking({"dot": ["250 2.0.0 kept\r\n250 2.0.0 kept"]}) as (connection, relay):
        offer(connection)
        connection.end()
        with pytest.raises(Stale):
            offer(connection)
        assert relay.dots == [MAILBOX]


@pytest.mark.parametrize(("code", "closes"), [(421, True), (451, False)])
def test_an_end_can_be_put_off(code: int, closes: bool) -> None:
    with talking({"dot": f"{code} 4.3.0 later"}) as (connection, _):
        offer(connection)
        with pytest.raises(PutOff) as told:
            connection.end()
        assert (told.value.code, told.value.reply) == (code, "4.3.0 later")
        assert connection.is_closed == closes


def test_an_end_can_be_refused_and_the_connection_goes_on() -> None:
    with talking({"dot": ["554 5.6.0 no", "250 2.0.0 kept"]}) as (connection, relay):
        offer(connection)
        with pytest.raises(Refused) as told:
            connection.end()
        assert (told.value.code, told.value.reply) == (554, "5.6.0 no")
        offer(connection)
        connection.end()
        assert len(relay.messages) == 1


ENDLESS = b"250-x\r\n" * (REPLY_BYTES // 7 + 1)


@pytest.mark.parametrize(
    "reply", [HANG_UP, "354 go on", "999 what", "ok", b"\xff\xfe\r\n", b"250 " + b"x" * 9000, ENDLESS]
)
def test_an_answer_to_the_end_that_is_none_leaves_a_doubt(reply: str | bytes) -> None:
    with talking({"dot": [reply]}) as (connection, relay):
        offer(connection)
        with pytest.raises(InDoubt):
            connection.end()
        assert connection.is_closed
        assert relay.dots == [MAILBOX]


def test_an_answer_without_end_is_not_listened_to_for_ever() -> None:
    with talking({"dot": [ENDLESS]}) as (connection, _):
        offer(connection)
        with pytest.raises(InDoubt) as told:
            connection.end()
        assert told.value.reply == "Connection unexpectedly closed: its reply does not end"


def test_an_answer_that_does_not_come_in_time_leaves_a_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ANSWER_SECONDS", 0.05)
    with talking({"dot": SILENCE}) as (connection, _):
        offer(connection)
        with pytest.raises(InDoubt) as told:
            connection.end()
        assert told.value.reply == "no answer in time"


def test_a_reply_of_ten_thousand_lines_is_a_reply_and_little_of_it_is_kept() -> None:
    with talking({"dot": [b"250-2.0.0 kept\r\n" * 10_000 + b"250 2.0.0 kept\r\n"]}) as (connection, _):
        offer(connection)
        code, reply = connection.end()
        assert code == 250
        assert len(reply) == 300


def test_a_reply_can_not_move_the_cursor_or_hide_what_follows() -> None:
    raw = "550-5.1.1 \x1b[2J\x07no\r\n550 \u202esuch\u2028user\x85\t!\r\n".encode()
    with talking({"RCPT": [raw]}) as (connection, _):
        with pytest.raises(Refused) as told:
            offer(connection)
        assert told.value.reply == "5.1.1 [2J no such user !"


@pytest.mark.parametrize("goodbye", [HANG_UP, "421 4.4.2 idle for too long"])
def test_a_connection_that_was_closed_meanwhile_is_stale(goodbye: str) -> None:
    with talking({"MAIL": ["250 2.1.0 ok", goodbye]}) as (connection, relay):
        offer(connection)
        connection.end()
        with pytest.raises(Stale):
            offer(connection)
        assert connection.is_closed
        assert len(relay.messages) == 1


def test_a_relay_that_took_leave_between_messages_is_heard_before_one_begins() -> None:
    with talking({"dot": "250 2.0.0 kept\r\n421 4.4.2 enough"}) as (connection, relay):
        offer(connection)
        connection.end()
        with pytest.raises(Stale) as told:
            offer(connection)
        assert "421 4.4.2 enough" in told.value.reply
        assert relay.verbs.count("MAIL") == 1


@pytest.mark.parametrize("goodbye", [HANG_UP, "421 4.3.2 shutting down"])
def test_a_new_connection_that_is_closed_at_once_is_a_relay_that_is_not_well(goodbye: str) -> None:
    with talking({"MAIL": goodbye}) as (connection, _):
        with pytest.raises(RelayProblem) as told:
            offer(connection)
        assert (told.value.lasting, told.value.code) == (False, "relay-unreachable")


@pytest.mark.parametrize(
    ("reply", "code"),
    [("530 5.7.0 Authentication required", "relay-login"), ("550 5.7.1 not your address", "relay-sender")],
)
def test_a_relay_that_takes_nothing_from_us_refuses_nobody(reply: str, code: str) -> None:
    with talking({"MAIL": reply}) as (connection, _):
        with pytest.raises(RelayProblem) as told:
            offer(connection)
        assert (told.value.lasting, told.value.code) == (True, code)
        assert told.value.why == f"the relay takes no mail from {SENDER}: {reply}"


def test_a_relay_that_wants_no_mail_for_now_says_nothing_of_the_mailbox() -> None:
    with talking({"MAIL": ["451 4.7.1 slow down", "552 5.3.4 too large"]}) as (connection, _):
        with pytest.raises(PutOff) as told:
            offer(connection)
        assert told.value == PutOff(451, "4.7.1 slow down", knows_mailbox=False)
        with pytest.raises(Refused):
            offer(connection)


def test_a_message_that_is_too_large_is_not_even_offered() -> None:
    with talking({"EHLO": "250-relay.example.org\r\n250 SIZE 40"}) as (connection, relay):
        assert connection.limit_bytes == 40
        with pytest.raises(Refused) as told:
            offer(connection)
        assert told.value.code == 552
        assert "40 bytes" in told.value.reply
        assert "MAIL" not in relay.verbs


@pytest.mark.parametrize("size", ["SIZE", "SIZE 0", "SIZE ²", "SIZE x", f"SIZE {'9' * 5000}", "SIZE -1"])
def test_a_limit_that_says_nothing_is_none(size: str) -> None:
    greeting = b"250-relay.example.org\r\n250 " + size.encode("latin-1") + b"\r\n"
    with talking({"EHLO": [greeting]}) as (connection, _):
        assert connection.limit_bytes == 0
        offer(connection)
        connection.end()


def test_a_mailbox_beyond_ascii_goes_where_the_relay_takes_such() -> None:
    with secure_relay("none") as relay:
        connection = opened(relay.port)
        offer(connection, "jörg@example.com")
        connection.end()
        connection.quit()
        assert relay.received[0].recipients == ("jörg@example.com",)
        assert "SMTPUTF8" in relay.received[0].options


def test_a_mailbox_beyond_ascii_is_refused_where_it_does_not() -> None:
    with secure_relay("none", utf8=False) as relay:
        connection = opened(relay.port)
        assert not connection.takes_utf8
        with pytest.raises(Refused):
            offer(connection, "jörg@example.com")
        offer(connection)
        connection.end()
        connection.quit()
        assert len(relay.received) == 1


def test_what_is_dropped_is_not_accepted() -> None:
    with talking() as (connection, relay):
        offer(connection)
        connection.drop()
        _until(lambda: relay.ended == 1)
        assert relay.dots == []
        with pytest.raises(PutOff):
            connection.end()
        connection.drop()


def test_a_relay_that_takes_no_leave_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEAVE_SECONDS", 0.05)
    with talking({"QUIT": SILENCE}) as (connection, _):
        started = time.monotonic()
        connection.quit()
        assert time.monotonic() - started < 5
        assert connection.is_closed


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_goes_encrypted_to_a_relay_that_proves_its_name(security: Any, authority: Authority) -> None:
    with secure_relay(security, authority.good(), login=("desk", "secret")) as relay:
        root, file = authority.file.parent, authority.file.name
        connection = opened(relay.port, Login("desk", "secret"), root, security=security, ca_file=file)
        assert connection.certificate_ends is not None
        offer(connection)
        connection.end()
        offer(connection)  # nothing unasked is heard where encryption says things of its own
        connection.end()
        connection.quit()
        assert [message.is_encrypted for message in relay.received] == [True, True]
        assert {message.user for message in relay.received} == {"desk"}
        assert relay.received[0].content == RECEIVED


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize(("name", "why"), [("for_another", "mismatch"), ("run_out", "expired")])
def test_a_wrong_certificate_ends_it_at_once(
    security: Any, name: str, why: str, authority: Authority
) -> None:
    with secure_relay(security, getattr(authority, name)()) as relay:
        found = problem(relay.port, security=security, ca_file=str(authority.file))
    assert (found.lasting, found.code) == (True, "relay-certificate")
    assert why in found.why


def test_an_authority_nobody_knows_ends_it_at_once(authority: Authority, tmp_path: Path) -> None:
    with secure_relay("starttls", authority.good()) as relay:
        found = problem(relay.port, security="starttls")
    assert (found.lasting, found.code) == (True, "relay-certificate")
    found = problem(1, security="starttls", ca_file="gone.pem", root=tmp_path)
    assert (found.lasting, found.code) == (True, "relay-certificate")
    assert "gone.pem" in found.why


def test_no_mail_and_no_password_goes_unencrypted_where_encryption_was_taken_out() -> None:
    with talk() as relay:
        found = problem(relay.port, Login("desk", "secret"), security="starttls")
        assert (found.lasting, found.code) == (True, "relay-insecure")
        assert not {"AUTH", "MAIL"} & set(relay.verbs)


def test_encryption_that_is_not_there_for_now_is_waited_for() -> None:
    script = {"EHLO": "250-relay.example.org\r\n250 STARTTLS", "STARTTLS": "454 4.7.0 not now"}
    with talk(script) as relay:
        found = problem(relay.port, security="starttls")
        assert not found.lasting
        assert "454 4.7.0 not now" in found.why
        assert "MAIL" not in relay.verbs


def test_a_relay_that_does_not_begin_with_encryption_ends_it_at_once() -> None:
    with talk() as relay:
        assert problem(relay.port, security="tls").lasting


def test_a_wrong_password_ends_it_at_once_and_is_not_shown(authority: Authority) -> None:
    with secure_relay("starttls", authority.good(), login=("desk", "secret")) as relay:
        found = problem(
            relay.port, Login("desk", "wrong-word"), security="starttls", ca_file=str(authority.file)
        )
    assert (found.lasting, found.code) == (True, "relay-login")
    assert found.why.endswith("does not let desk in: 535 5.7.8")


@pytest.mark.parametrize(("code", "lasting"), [("535", True), ("454", False)])
def test_a_relay_that_repeats_the_password_is_not_quoted(code: str, lasting: bool) -> None:
    sent = base64.b64encode(b"\0desk\0wrong-word").decode()
    reply = f"{code} 5.7.8 no: {sent} wrong-word"
    with talk({"EHLO": "250-relay.example.org\r\n250 AUTH PLAIN", "AUTH": reply}) as relay:
        found = problem(relay.port, Login("desk", "wrong-word"))
    assert (found.lasting, found.why) == (lasting, f"127.0.0.1 does not let desk in: {code} 5.7.8")


def test_a_password_that_can_not_be_sent_is_not_shown_either(authority: Authority) -> None:
    with secure_relay("starttls", authority.good(), login=("desk", "secret")) as relay:
        found = problem(relay.port, Login("desk", "grün"), security="starttls", ca_file=str(authority.file))
    assert (found.lasting, found.code) == (True, "relay-login")
    assert "ü" not in found.why and "\\xfc" not in found.why


def test_a_relay_that_asks_for_no_password_is_not_told_one() -> None:
    with talk() as relay:
        found = problem(relay.port, Login("desk", "secret"))
        assert (found.lasting, found.code) == (True, "relay-login")
        assert "AUTH" not in relay.verbs


def test_a_login_that_fails_for_now_is_tried_again() -> None:
    with talk({"EHLO": "250-relay.example.org\r\n250 AUTH PLAIN", "AUTH": "454 4.7.0 later"}) as relay:
        assert not problem(relay.port, Login("desk", "secret")).lasting


@pytest.mark.parametrize("greeting", [HANG_UP, "554 5.3.2 no", "421 4.3.2 busy", "hello"])
def test_a_relay_that_does_not_greet_is_tried_again(greeting: str) -> None:
    with talk({"greeting": greeting}) as relay:
        found = problem(relay.port)
    assert (found.lasting, found.code) == (False, "relay-unreachable")


def test_a_greeting_without_end_is_given_up_on() -> None:
    with talk({"EHLO": [ENDLESS]}) as relay:
        assert not problem(relay.port).lasting


def test_a_relay_that_is_not_there_is_tried_again() -> None:
    found = problem(free_port())
    assert (found.lasting, found.code) == (False, "relay-unreachable")
    assert "refused" in found.why


@pytest.mark.parametrize(("number", "lasting"), [(socket.EAI_NONAME, True), (socket.EAI_AGAIN, False)])
def test_a_host_that_does_not_exist_is_told_from_a_network_that_is_down(
    number: int, lasting: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resolve(*_: Any, **__: Any) -> None:
        raise socket.gaierror(number, "no such name")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert problem(25, host="localhost").lasting == lasting


def _until(come: Any) -> None:
    end = time.monotonic() + 10
    while not come():
        assert time.monotonic() < end
        time.sleep(0.002)
