from __future__ import annotations

import hashlib
import os
import smtplib
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.servers.certificates import Authority, Certificate
from tests.servers.faketime import believing
from tests.servers.faulty import FAULTS, Fault
from tests.servers.maildev import maildev
from tests.servers.postfix import postfix_relay, smtp_sink, smtp_source
from tests.servers.relay import Relay, relay
from tests.servers.running import HOST, is_open, listening, running
from tests.servers.secure import secure_relay

FIELDS = b"Message-ID: <1.abc@example.org>\r\nFrom: press@example.org\r\nSubject: Bridge\r\n"
HEAD = FIELDS + b"To: jane@example.com\r\n\r\n"
MESSAGE = HEAD + b"It opens on Monday.\r\n.hidden\r\n..\r\nFrom here\r\n"


def send(
    port: int, to: str = "jane@example.com", *, message: bytes = MESSAGE, patience_seconds: float = 30.0
) -> None:
    with smtplib.SMTP(HOST, port, local_hostname="desk.example.org", timeout=patience_seconds) as client:
        client.sendmail("press@example.org", [to], message)


def answer(port: int, message: bytes, patience_seconds: float = 30.0) -> str:
    """What a sender learns: "accepted", the reply's code, or nothing."""
    try:
        send(port, message=message, patience_seconds=patience_seconds)
    except smtplib.SMTPRecipientsRefused as refused:
        return str(next(iter(refused.recipients.values()))[0])
    except smtplib.SMTPResponseException as refused:
        return str(refused.smtp_code)
    except (smtplib.SMTPServerDisconnected, OSError):
        return "gone"
    return "accepted"


def test_the_relay_notes_what_it_accepts_as_it_was_before_dots_were_doubled(tmp_path: Path) -> None:
    with relay(tmp_path) as server:
        send(server.port)
        (accepted,) = server.accepted()
    assert accepted.message_id == "<1.abc@example.org>"
    assert (accepted.sender, accepted.recipients) == ("press@example.org", ("jane@example.com",))
    assert accepted.sha256 == hashlib.sha256(MESSAGE).hexdigest()
    assert accepted.bytes == len(MESSAGE)
    assert (accepted.too_long, accepted.bare_newlines) == (False, 0)
    assert abs(accepted.at - time.time()) < 60


LEARNED: dict[Fault, str] = {
    "connect_drop": "gone",
    "banner_421": "421",
    "greeting_long": "accepted",
    "mail_451": "451",
    "mail_530": "530",
    "mail_garbage": "-1",
    "rcpt_450": "450",
    "rcpt_drop": "gone",
    "data_452": "452",
    "data_drop": "gone",
    "dot_451": "451",
    "dot_421": "421",
    "dot_554": "554",
    "accepted_drop": "gone",
    "accepted_garbage": "-1",
    "accepted_overlong": "500",
    "accepted_long": "accepted",
    "accepted_stall": "gone",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_made_and_noted_and_its_name_tells_if_the_message_was_accepted(
    fault: Fault, tmp_path: Path
) -> None:
    message = MESSAGE + (b"x" * 70 + b"\r\n") * 1000
    patience_seconds = 1.0 if fault == "accepted_stall" else 30.0
    with relay(tmp_path, {fault: 1.0}, stall_seconds=60.0) as server:
        learned = answer(server.port, message, patience_seconds)
        assert learned == LEARNED[fault]
        assert fault in {failed.kind for failed in server.faults()}
        assert bool(server.accepted()) == (fault.startswith("accepted") or learned == "accepted")


def test_addresses_that_begin_with_bad_are_refused_for_ever(tmp_path: Path) -> None:
    with relay(tmp_path) as server, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(server.port, "bad7@example.com")
    assert refused.value.recipients == {"bad7@example.com": (550, b"5.1.1 no such user")}
    assert server.accepted() == []


def test_the_same_seed_makes_the_same_faults(tmp_path: Path) -> None:
    def made(seed: int, folder: Path) -> list[str]:
        with relay(folder, {"rcpt_450": 0.4, "dot_451": 0.3}, seed=seed) as server:
            return [learned(server, f"r{number}@example.com") for number in range(25)]

    first = made(5, tmp_path / "first")
    assert len(set(first)) == 3
    assert made(5, tmp_path / "again") == first
    assert made(6, tmp_path / "other") != first


def learned(server: Relay, to: str) -> str:
    try:
        send(server.port, to)
    except smtplib.SMTPException as refused:
        return type(refused).__name__
    return "accepted"


def test_the_relay_counts_how_many_connections_are_open_at_once(tmp_path: Path) -> None:
    with relay(tmp_path) as server:
        with smtplib.SMTP(HOST, server.port) as first, smtplib.SMTP(HOST, server.port) as second:
            assert (first.noop()[0], second.noop()[0]) == (250, 250)
        send(server.port)
        assert server.most_connections() == 2


def test_a_line_longer_than_mail_may_have_and_a_bare_newline_are_noted(tmp_path: Path) -> None:
    with relay(tmp_path) as server, smtplib.SMTP(HOST, server.port) as client:
        client.ehlo()
        client.docmd("MAIL", "FROM:<press@example.org>")
        client.docmd("RCPT", "TO:<jane@example.com>")
        client.docmd("DATA")
        client.send(HEAD + b"x" * 1000 + b"\r\none\ntwo\r\n.\r\n")
        assert client.getreply()[0] == 250
        (accepted,) = server.accepted()
    assert (accepted.too_long, accepted.bare_newlines) == (True, 1)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (Authority.good, ""),
        (Authority.for_another, "mismatch"),
        (Authority.run_out, "expired"),
    ],
)
def test_only_the_right_certificate_is_trusted(
    make: Callable[[Authority], Certificate], why: str, authority: Authority
) -> None:
    trusting = ssl.create_default_context(cafile=str(authority.file))
    with (
        secure_relay("starttls", make(authority)) as server,
        smtplib.SMTP(server.host, server.port) as client,
    ):
        if why:
            with pytest.raises(ssl.SSLCertVerificationError, match=why):
                client.starttls(context=trusting)
            client.close()
        else:
            assert client.starttls(context=trusting)[0] == 220
            client.sendmail("press@example.org", ["jane@example.com"], MESSAGE)
            (received,) = server.received
            assert received.is_encrypted
            assert received.content == MESSAGE


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_who_is_asked_for_a_password_needs_the_right_one(security: str, authority: Authority) -> None:
    trusting = ssl.create_default_context(cafile=str(authority.file))

    def connected(port: int) -> smtplib.SMTP:
        if security == "tls":
            return smtplib.SMTP_SSL(HOST, port, context=trusting)
        client = smtplib.SMTP(HOST, port)
        client.starttls(context=trusting)
        return client

    login = ("desk", "correct horse")
    with secure_relay("tls" if security == "tls" else "starttls", authority.good(), login=login) as server:
        with connected(server.port) as client:
            client.ehlo()
            assert client.mail("press@example.org")[0] == 530
            with pytest.raises(smtplib.SMTPAuthenticationError):
                client.login("desk", "wrong horse")
        with connected(server.port) as client:
            client.login(*login)
            client.sendmail("press@example.org", ["jane@example.com"], MESSAGE)
    (received,) = server.received
    assert (received.user, received.is_encrypted) == ("desk", True)


def test_postfix_hands_mail_on_and_its_log_tells_what_became_of_it(tmp_path: Path) -> None:
    with relay(tmp_path) as next_hop, postfix_relay(next_hop.port) as postfix:
        send(postfix.port)
        assert postfix.status("<1.abc@example.org>") == "sent"
        (accepted,) = next_hop.accepted()
        assert accepted.message_id == "<1.abc@example.org>"
    assert not is_open(postfix.port)
    assert not postfix.folder.exists()


def test_postfix_keeps_what_the_next_server_puts_off(tmp_path: Path) -> None:
    with relay(tmp_path, {"rcpt_450": 1.0}) as next_hop, postfix_relay(next_hop.port) as postfix:
        send(postfix.port)
        assert postfix.status("<1.abc@example.org>") == "deferred"
        assert next_hop.accepted() == []


def test_smtp_sink_takes_what_smtp_source_sends(tmp_path: Path) -> None:
    with smtp_sink(tmp_path) as port:
        assert 0 < smtp_source(port, 20, 10_000, 2) < 20


def test_maildev_reads_a_message_with_an_attachment(tmp_path: Path) -> None:
    mixed = b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
    text = b"Content-Type: text/plain\r\n\r\nIt opens.\r\n--b\r\n"
    sheet = b"Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\n%PDF"
    with maildev(tmp_path) as server:
        send(server.port, message=FIELDS + mixed + text + sheet + b"\r\n--b--\r\n")
        read = server.message("<1.abc@example.org>")
        assert (read["subject"], read["text"].strip()) == ("Bridge", "It opens.")
        assert server.attachment(read, "a.pdf").strip() == b"%PDF"


CLOCKS = "import time; print(time.time(), time.clock_gettime(time.CLOCK_BOOTTIME), flush=True)"


def test_a_program_believes_another_time_and_its_boot_clock_stays_true(tmp_path: Path) -> None:
    now = tmp_path / "now"
    now.write_text("+86400", "ascii")
    program = f"{CLOCKS}; input(); {CLOCKS}"
    with subprocess.Popen(
        (sys.executable, "-c", program),
        env=believing(now),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        before = [float(word) for word in process.stdout.readline().split()]
        now.write_text("-3600", "ascii")
        said, _ = process.communicate("\n")
        after = [float(word) for word in said.split()]
    true, boot = time.time(), time.clock_gettime(time.CLOCK_BOOTTIME)
    assert abs(before[0] - true - 86_400) < 60
    assert abs(after[0] - true + 3_600) < 60
    assert abs(before[1] - boot) < 60
    assert abs(after[1] - boot) < 60


def servers(folder: Path) -> Iterator[tuple[str, AbstractContextManager[object]]]:
    yield "faulty", relay(folder)
    yield "secure", secure_relay("none")
    yield "postfix", postfix_relay(1)
    yield "smtp-sink", smtp_sink(folder)
    yield "maildev", maildev(folder)


@pytest.mark.parametrize("name", ["faulty", "secure", "postfix", "smtp-sink", "maildev"])
def test_every_server_takes_connections_from_this_machine_alone(name: str, tmp_path: Path) -> None:
    (found,) = (server for title, server in servers(tmp_path) if title == name)
    before = listening(_children())  # of tests that ran here earlier, and keep a server
    with found:
        mine = listening(_children()) - before
    assert len(mine) == (2 if name == "maildev" else 1)
    assert {address for address, _ in mine} == {HOST}


def _children() -> set[int]:
    """All processes this one has started, and theirs."""
    found, new = set[int](), {os.getpid()}
    while new:
        found |= new
        parents = {int(p.name): _parent(p) for p in Path("/proc").iterdir() if p.name.isdigit()}
        new = {pid for pid, parent in parents.items() if parent in found} - found
    return found


def _parent(folder: Path) -> int:
    try:
        return int((folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1])
    except OSError:
        return 0


def test_a_server_that_listens_everywhere_would_be_found(tmp_path: Path) -> None:
    open_to_all = (
        "s = socket.create_server(('', 0)); t = socket.create_server(('::', 0), family=socket.AF_INET6)"
    )
    program = f"import socket, time; {open_to_all}; print('up', flush=True); time.sleep(60)"
    with running((sys.executable, "-c", program), tmp_path) as started:
        while not started.said.read_bytes():
            time.sleep(0.01)
        assert {address for address, _ in listening(started.pids())} == {"0.0.0.0", "::"}


def test_a_program_ends_with_its_test_and_so_do_those_it_started(tmp_path: Path) -> None:
    child_too = "p = subprocess.Popen(['sleep', '60']); print(p.pid, flush=True); time.sleep(60)"
    program = f"import subprocess, time; {child_too}"
    with running((sys.executable, "-c", program), tmp_path) as started:
        while not started.said.read_bytes():
            time.sleep(0.01)
        child = int(started.said.read_text("ascii"))
        assert started.pids() == {started.process.pid, child}
    assert started.pids() <= {child}  # at most what nobody has buried yet
    assert started.process.returncode == -9
