from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from presskit.errors import Unreadable
from presskit.model.mail import Mailbox
from presskit.send.bounces.books import Books
from presskit.send.bounces.imap import Mark, open_folder
from presskit.send.bounces.mailboxes import Mail
from presskit.send.credentials import Login
from presskit.send.outbox.store import Outbox
from tests.send.bounces.dovecot import LOGIN, Dovecot, dovecot
from tests.send.bounces.samples import NOW, sample
from tests.servers.certificates import Authority
from tests.servers.running import free_port

ONE, TWO, THREE = (sample(name) for name in ("qmail", "question", "vacation"))


@pytest.fixture(scope="module")
def running() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest.fixture
def server(running: Dovecot) -> Dovecot:
    """A server with an empty inbox."""
    for file in running.folder.glob("mail/*/*.test*"):
        file.unlink()
    return running


def by_tls(server: Dovecot, folder: str = "INBOX") -> Mailbox:
    return Mailbox(host="localhost", port=server.tls_port, folder=folder, ca_file=str(server.authority))


def by_starttls(server: Dovecot) -> Mailbox:
    authority = str(server.authority)
    return Mailbox(host="localhost", port=server.plain_port, security="starttls", ca_file=authority)


def without_encryption(server: Dovecot) -> Mailbox:
    return Mailbox(host="localhost", port=server.plain_port, security="none")


def fetched(mailbox: Mailbox, after: Mark | None = None) -> tuple[list[bytes], Mark]:
    with open_folder(mailbox, LOGIN, Path("/")) as folder:
        found = [one.content.replace(b"\r\n", b"\n") for one in folder.mails(after) if isinstance(one, Mail)]
        return found, folder.mark


def why_not(mailbox: Mailbox, login: Login | None = LOGIN) -> str:
    with pytest.raises(Unreadable) as refused, open_folder(mailbox, login, Path("/")):
        pass
    return refused.value.problems[0].what


@pytest.mark.parametrize("way", [by_tls, by_starttls, without_encryption])
def test_messages_come_in_the_order_they_arrived(server: Dovecot, way: Callable[[Dovecot], Mailbox]) -> None:
    server.deliver(ONE)
    server.deliver(TWO)
    assert fetched(way(server))[0] == [ONE, TWO]


def test_only_what_is_new_since_the_mark_is_fetched(server: Dovecot) -> None:
    server.deliver(ONE)
    found, mark = fetched(by_tls(server))
    assert found == [ONE]
    assert fetched(by_tls(server), mark) == ([], mark)
    server.deliver(TWO)
    server.deliver(THREE)
    found, later = fetched(by_tls(server), mark)
    assert (found, later.uid) == ([TWO, THREE], mark.uid + 2)


def test_a_mailbox_that_was_numbered_anew_is_read_from_the_start(server: Dovecot) -> None:
    server.deliver(ONE)
    _, mark = fetched(by_tls(server))
    assert fetched(by_tls(server), Mark(mark.validity - 1, mark.uid))[0] == [ONE]


def test_nothing_is_marked_as_read_or_deleted(server: Dovecot) -> None:
    file = server.deliver(ONE)
    fetched(by_tls(server))
    assert file.read_bytes() == ONE


def test_a_folder_may_have_any_name(server: Dovecot) -> None:
    server.deliver(ONE, '.Zur&APw-ck & "mehr"'.replace("& ", "&- "))
    assert fetched(by_tls(server, 'Zurück & "mehr"'))[0] == [ONE]


def test_a_huge_message_is_fetched_in_part(server: Dovecot) -> None:
    server.deliver(ONE + b"x" * 70 + b"\n" + (b"y" * 70 + b"\n") * 30_000)
    assert len(fetched(by_tls(server))[0][0]) < 1_000_000


def test_a_wrong_password_is_told(server: Dovecot) -> None:
    why = why_not(by_tls(server), Login("büro", "wrong"))
    assert why == "this mailbox can not be read: [AUTHENTICATIONFAILED] Authentication failed."


def test_a_folder_that_does_not_exist_is_told(server: Dovecot) -> None:
    why = why_not(by_tls(server, "Bounces"))
    assert why.startswith("this mailbox can not be read: Mailbox doesn't exist: Bounces")


def test_a_server_nobody_vouches_for_gets_no_password(server: Dovecot, tmp_path: Path) -> None:
    stranger = Mailbox(host="localhost", port=server.tls_port, ca_file=str(Authority(tmp_path).file))
    assert why_not(stranger).startswith("this mailbox can not be read: its certificate is not believed: ")
    assert "Login" not in (server.folder / "log").read_text().splitlines()[-1]


def test_a_server_that_is_not_there_is_told() -> None:
    mailbox = Mailbox(host="localhost", port=free_port())
    assert why_not(mailbox) == "this mailbox can not be read: Connection refused."


def test_a_file_of_an_authority_that_is_missing_is_told(server: Dovecot) -> None:
    mailbox = Mailbox(host="localhost", port=server.tls_port, ca_file="absent.pem")
    assert why_not(mailbox) == "this mailbox can not be read: No such file or directory."


def test_how_far_a_folder_was_read_is_remembered(tmp_path: Path) -> None:
    with closing(Outbox.open(tmp_path / "outbox.db")) as outbox:
        books = Books(outbox, NOW)
        assert books.mark("imap://localhost/INBOX") is None
        books.set_mark("imap://localhost/INBOX", Mark(7, 12))
        Books(outbox, NOW, rehearsal=True).set_mark("imap://localhost/INBOX", Mark(7, 99))
        assert books.mark("imap://localhost/INBOX") == Mark(7, 12)
        assert books.mark("imap://localhost/Other") is None
