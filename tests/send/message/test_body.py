from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from email.message import MIMEPart
from hashlib import sha256
from pathlib import Path
from smtplib import SMTP
from socket import socket
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Server
from aiosmtpd.smtp import Envelope, Session

from presskit.send.message.body import Attachment, Prepared, prepare, unstuffed
from presskit.send.message.head import write_head
from presskit.writers.mail import MailBody, Picture
from tests.send.hostile import AS_IT_IS, REFUSED
from tests.send.sample import (
    BODY,
    FILES,
    HTML,
    PDF,
    PNG,
    TEXT,
    addressed,
    assert_lines_fit,
    letterhead,
    nfc,
    prepared,
    received,
    said,
)

ROOT = Path(__file__).parents[3]


def structure(message: MIMEPart) -> Any:
    kind = message.get_content_type()
    return [kind, *map(structure, message.iter_parts())] if message.is_multipart() else kind


def test_a_message_is_nested_as_mail_programs_expect() -> None:
    message = received(prepared(), write_head(letterhead(), addressed()))
    assert structure(message) == [
        "multipart/mixed",
        ["multipart/alternative", "text/plain", ["multipart/related", "text/html", "image/png"]],
        "application/pdf",
    ]
    assert message["Content-Language"] == "fr-CA" and message["MIME-Version"] == "1.0"
    related = next(part for part in message.walk() if part.get_content_subtype() == "related")
    assert related.get_param("type") == "text/html"


def test_levels_that_hold_one_thing_are_left_out() -> None:
    bare = replace(BODY, pictures=())
    assert structure(received(prepare(bare, (), "fr"))) == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    with_file = structure(received(prepare(bare, FILES, "fr")))
    assert with_file == [
        "multipart/mixed",
        ["multipart/alternative", "text/plain", "text/html"],
        "application/pdf",
    ]
    with_picture = structure(received(prepare(BODY, (), "fr")))
    assert with_picture == [
        "multipart/alternative",
        "text/plain",
        ["multipart/related", "text/html", "image/png"],
    ]


def test_words_pictures_and_files_arrive_as_they_were() -> None:
    message = received(prepared())
    assert said(message, "plain") == TEXT
    assert said(message, "html") == HTML + "\n"
    (file,) = message.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("nordwind.pdf", PDF)
    assert file.get_content_disposition() == "attachment"
    picture = next(part for part in message.walk() if part.get_content_type() == "image/png")
    assert (picture["Content-ID"], picture.get_content()) == ("<logo@press.example.org>", PNG)
    assert (picture.get_content_disposition(), picture.get_filename()) == ("inline", "logo.png")


def test_the_body_is_as_it_goes_over_the_wire() -> None:
    whole = prepared()
    assert_lines_fit(whole.body)
    assert re.search(rb"^\.\.hidden file\r$", whole.body, re.MULTILINE)
    assert not re.search(rb"^\.(?!\.)", whole.body, re.MULTILINE)
    assert max(map(len, unstuffed(whole).split(b"\r\n"))) <= 76
    assert whole.sha256 == sha256(whole.body).hexdigest()


class Inbox:
    """What a mail server took, byte for byte."""

    def __init__(self) -> None:
        self.contents: list[bytes] = []

    async def handle_DATA(self, server: Server, session: Session, envelope: Envelope) -> str:
        assert envelope.original_content is not None
        self.contents.append(envelope.original_content)
        return "250 OK"


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, SMTP]]:
    inbox = Inbox()
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        with SMTP("127.0.0.1", port, "press.example.org") as client:
            yield inbox, client
    finally:
        server.stop()


def test_a_server_takes_out_the_dots_that_were_put_in(inbox: tuple[Inbox, SMTP]) -> None:
    arrived, client = inbox
    dots = MailBody(".\n..\n.first\n" + ("x" * 75 + ".") * 9 + "\n.", ".<p>.</p>\n.\n", ())
    client.ehlo()
    for whole in (prepared(), prepare(dots, (), "en"), prepare(dots, FILES, "en")):
        head = write_head(letterhead(content=whole.content), addressed())
        assert client.docmd("MAIL FROM:<a@example.org>")[0] == 250
        assert client.docmd("RCPT TO:<b@example.com>")[0] == 250
        assert client.docmd("DATA")[0] == 354
        client.send(head + whole.body + b".\r\n")
        assert client.getreply()[0] == 250
        assert arrived.contents.pop() == head + unstuffed(whole)


@pytest.mark.parametrize(
    "text", ["", "\n", "one line", "one line\n", "a\r\nb\rc\n", "trailing \t\n \n\n\n", "\x0c\0"]
)
def test_text_ends_with_one_line_end(text: str) -> None:
    plain = said(received(prepare(MailBody(text, "<p>", ()), (), "en")), "plain")
    expected = text.replace("\r\n", "\n").replace("\r", "\n")
    assert plain == (expected if expected.endswith("\n") else expected + "\n")


def test_the_same_content_is_the_same_bytes_in_every_process() -> None:
    whole = prepared()
    head = write_head(letterhead(), addressed())
    assert (prepared(), write_head(letterhead(), addressed())) == (whole, head)
    code = (
        "from tests.send.sample import *; from presskit.send.message.head import write_head; "
        "from hashlib import *;"
        "print(prepared().sha256, sha256(write_head(letterhead(), addressed())).hexdigest())"
    )
    for seed in ("1", "4711"):
        environment = {"PYTHONHASHSEED": seed, "TZ": "Asia/Kathmandu", "LC_ALL": "C"}
        ran = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert ran.stdout.split() == [whole.sha256, sha256(head).hexdigest()]


def test_any_change_of_the_content_changes_the_boundaries() -> None:
    changed = (
        prepared(),
        prepare(replace(BODY, text=TEXT + "!"), FILES, "fr-CA"),
        prepare(replace(BODY, html=HTML + "!"), FILES, "fr-CA"),
        prepare(replace(BODY, pictures=(Picture("logo", "image/png", PNG),)), FILES, "fr-CA"),
        prepare(BODY, (replace(FILES[0], data=PDF + b"!"),), "fr-CA"),
        prepare(BODY, (replace(FILES[0], name="other.pdf"),), "fr-CA"),
    )
    assert len({whole.content for whole in changed}) == len(changed)


def test_a_body_that_quotes_boundaries_is_still_read_whole() -> None:
    quoted = "\n".join(f"--{b}\n--{b}--" for b in re.findall(r'boundary="([^"]+)"', (wire(prepared()))))
    assert quoted.count("=_") == 6
    message = received(
        prepare(MailBody(quoted, quoted, ()), (Attachment("a.txt", "text/plain", quoted.encode()),), "en")
    )
    assert said(message, "plain") == said(message, "html") == quoted + "\n"


def wire(whole: Prepared) -> str:
    return (whole.content + whole.body).decode()


def file_names(name: str) -> list[str | None]:
    message = received(prepare(BODY, (Attachment(name, "application/pdf", PDF),), "en"))
    return [part.get_filename() for part in message.iter_attachments()]


@pytest.mark.parametrize(
    "name", [n for n in AS_IT_IS if len(n) <= 200 and not re.search(r"[/\\]|^\s|\s$", n)]
)
def test_a_file_name_arrives_as_it_is(name: str) -> None:
    assert file_names(name) == [nfc(name)]
    assert_lines_fit(prepare(BODY, (Attachment(name, "application/pdf", PDF),), "en").body)


@pytest.mark.parametrize(
    "name",
    [
        "Communiqué « Nordwind » – 24 nov. 2026 – opération de la Sûreté et de l'Agence.pdf",
        "Пресс-релиз о совместной операции полиции и таможенной службы, ноябрь 2026 года.pdf",
        "警察発表" * 45 + ".pdf",
        "a" * 196 + ".pdf",
        "a" * 195 + "é.pdf",
        "with space.pdf",
        ".hidden",
    ],
)
def test_a_long_file_name_comes_in_pieces_and_arrives_whole(name: str) -> None:
    whole = prepare(BODY, (Attachment(name, "application/pdf", PDF),), "en")
    assert max(map(len, whole.body.split(b"\r\n"))) <= 77
    assert file_names(name) == [nfc(name)]


@pytest.mark.parametrize(
    "name", [*REFUSED, "", "a" * 201, " a.pdf", "a.pdf ", "../a.pdf", "a/b.pdf", "a\\b.pdf", "/etc/passwd"]
)
def test_a_file_name_that_leaves_its_line_or_its_folder_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"holds U|can not be an attachment's name"):
        prepare(BODY, (Attachment(name, "application/pdf", PDF),), "en")


@pytest.mark.parametrize("text", [*REFUSED, "a b", "<a>", "é", "a@b@c", ""])
def test_a_content_id_is_plain(text: str) -> None:
    with pytest.raises(ValueError, match="Content-ID"):
        prepare(replace(BODY, pictures=(Picture(text, "image/png", PNG),)), (), "en")


@pytest.mark.parametrize(
    "media_type",
    [
        *(f"application/{text}" for text in REFUSED),
        "pdf",
        "multipart/mixed",
        "message/rfc822",
        "a/b; name=c",
        "a/b\n",
    ],
)
def test_a_media_type_is_one_of_a_file(media_type: str) -> None:
    with pytest.raises(ValueError, match="no media type of a file"):
        prepare(BODY, (Attachment("a", media_type, PDF),), "en")


@pytest.mark.parametrize("language", [*REFUSED, "", "en, fr", "é", "en_CA", "a"])
def test_a_language_is_a_tag(language: str) -> None:
    with pytest.raises(ValueError, match="no language tag"):
        prepare(BODY, (), language)


def test_an_empty_file_arrives_empty() -> None:
    (file,) = received(prepare(BODY, (Attachment("a", "application/pdf", b""),), "en")).iter_attachments()
    assert file.get_content() == b""
