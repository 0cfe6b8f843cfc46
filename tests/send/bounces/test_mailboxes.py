from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from presskit.errors import Unreadable, WrongUsage
from presskit.send.bounces.mailboxes import Mail, Unread, read_path, read_stream
from presskit.send.bounces.parts import MESSAGE_BYTES, plain
from tests.send.bounces.samples import sample

ONE, TWO, THREE = (sample(name) for name in ("qmail", "question", "vacation"))


def contents(path: Path) -> list[bytes]:
    return [one.content for one in read_path(path) if isinstance(one, Mail)]


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    """A Maildir with one message that was seen and two new ones."""
    folder = tmp_path / "Maildir"
    for name, content in (("cur/1.a:2,S", ONE), ("new/2.b", TWO), ("new/3.c", THREE)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "tmp").mkdir()
    (folder / "tmp" / "4.d").write_bytes(b"half a mess")
    (folder / "new" / ".hidden").write_bytes(b"index")
    return folder


def test_a_maildir_is_read_new_and_seen_and_left_as_it_is(maildir: Path) -> None:
    before = sorted((file, file.stat().st_mtime_ns) for file in maildir.rglob("*"))
    assert contents(maildir) == [TWO, THREE, ONE]
    assert sorted((file, file.stat().st_mtime_ns) for file in maildir.rglob("*")) == before


def test_links_and_pipes_in_a_maildir_are_told_and_not_followed(maildir: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (maildir / "new" / "0.link").symlink_to(tmp_path / "secret")
    os.mkfifo(maildir / "new" / "1.pipe")
    found = list(read_path(maildir))
    assert [(Path(one.place).name, one.why) for one in found if isinstance(one, Unread)] == [
        ("0.link", "it is a link"),
        ("1.pipe", "it is no plain file"),
    ]
    assert len(found) == 5


def test_a_folder_linked_into_a_maildir_is_not_read(maildir: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "1.x").write_text("From: a@b.example\n\nx")
    (maildir / "cur" / "1.a:2,S").unlink()
    (maildir / "cur").rmdir()
    (maildir / "cur").symlink_to(tmp_path / "elsewhere")
    assert contents(maildir) == [TWO, THREE]


def test_a_folder_of_saved_messages_is_read_by_name(tmp_path: Path) -> None:
    (tmp_path / "b.eml").write_bytes(TWO)
    (tmp_path / "a.EML").write_bytes(ONE)
    (tmp_path / "note.txt").write_text("not mail")
    assert contents(tmp_path) == [ONE, TWO]


def test_a_folder_without_mail_is_refused(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("not mail")
    with pytest.raises(WrongUsage, match=r"(?s)this folder holds no mail.*\[file-missing\]"):
        list(read_path(tmp_path))


def test_an_mbox_is_taken_apart_at_its_from_lines(tmp_path: Path) -> None:
    mbox, from_line = tmp_path / "mbox", b"From MAILER-DAEMON Mon Nov 23 09:31:02 2026\n"
    quoted = TWO + b"\n>From here on it is text.\nFrom here, too.\n"
    mbox.write_bytes(from_line + ONE + b"\n" + from_line + quoted + b"\n" + from_line + THREE)
    assert [one.strip() for one in contents(mbox)] == [one.strip() for one in (ONE, quoted, THREE)]
    assert [one.place for one in read_path(mbox)][1] == f"{mbox}, message 2"


def test_one_message_may_be_named_or_come_in_by_standard_input(tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(ONE)
    assert contents(tmp_path / "one.eml") == [ONE]
    assert list(read_stream(io.BytesIO(ONE), "standard input")) == [Mail("standard input", ONE)]
    assert list(read_stream(io.BytesIO(b""), "standard input")) == []


def test_of_a_huge_message_the_beginning_is_read(tmp_path: Path) -> None:
    mbox = tmp_path / "mbox"
    huge = b"From: a@b.example\n\n" + b"x" * 70 * 1_000 + b"\n" + (b"x" * 70 + b"\n") * 50_000
    mbox.write_bytes(b"From a\n" + huge + b"\nFrom b\n" + ONE)
    first, second = contents(mbox)
    assert MESSAGE_BYTES <= len(first) < MESSAGE_BYTES + 70_000
    assert second == ONE


def test_the_same_message_is_the_same_from_every_kind_of_mailbox() -> None:
    kept = ONE.replace(b"Subject:", b"Status: RO\nX-UID: 17\nX-Mozilla-Status: 0001\nSubject:", 1)
    assert plain(kept) == plain(ONE) == plain(ONE.replace(b"\n", b"\r\n")) == plain(b"\n" + ONE + b"\n\n")
    assert plain(TWO) != plain(ONE)


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match=r"(?s)there is nothing of this name.*\[file-missing\]"):
        read_path(tmp_path / "absent")
    with pytest.raises(WrongUsage, match=r"(?s)neither a file nor a folder.*\[file-unreadable\]"):
        read_path(Path("/dev/null"))


def test_a_message_of_a_maildir_that_vanishes_meanwhile_is_told(maildir: Path) -> None:
    found = read_path(maildir)
    first = next(found)
    (maildir / "new" / "3.c").unlink()
    assert isinstance(first, Mail)
    assert next(found) == Unread((maildir / "new" / "3.c").as_posix(), "No such file or directory")


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="only Linux has a file that can not be read")
def test_a_file_that_can_not_be_read_is_told() -> None:
    with pytest.raises(Unreadable, match=r"this mail can not be read: Input/output error\."):
        list(read_path(Path("/proc/self/mem")))
