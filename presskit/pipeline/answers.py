"""The runs on what comes back from the media: read bounces and wishes, and keep the list of who gets no mail.

Not here: reading a message and what follows from it (`send.bounces`), and printing (`cli`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import unquote

from presskit.errors import BadSettings, Place, Problem, WrongUsage
from presskit.load.addresses import read_address
from presskit.model.media import Address
from presskit.office import Office
from presskit.pipeline.deciding import looked_into, opened
from presskit.workspace import HOUSE

if TYPE_CHECKING:
    from presskit.send.bounces.reading import Found
    from presskit.send.bounces.reports import Ours
    from presskit.send.outbox.store import Outbox
    from presskit.send.outbox.suppression import Suppressed

STANDARD_INPUT = Path("-")


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """Somebody who gets no more mail."""

    address: str
    was_already: bool


def read_answers(
    office: Office, paths: Sequence[Path], stream: IO[bytes], *, rehearsal: bool = False
) -> Iterator[Found]:
    """Yield what each message of some files and folders says, and do what follows.

    Args:
        stream: read where a path is ``-``.
        rehearsal: do nothing of it.

    Raises:
        WrongUsage: a path is no mail.
        Unreadable: a path may not be read, or the outbox can not be used.
    """
    from presskit.send.bounces.books import Books
    from presskit.send.bounces.mailboxes import read_path, read_stream
    from presskit.send.bounces.reading import read

    with opened(office.workspace) as outbox:
        books, ours = Books(outbox, office.workspace.now, rehearsal), _ours(office, outbox)
        for path in paths:
            mails = read_stream(stream, "standard input") if path == STANDARD_INPUT else read_path(path)
            yield from read(mails, ours, books)


def read_mailbox(
    office: Office, environment: Mapping[str, str], *, rehearsal: bool = False
) -> Iterator[Found]:
    """Yield what each new message of the office's mailbox says, and do what follows.

    Args:
        environment: where the name and password for it are.

    Raises:
        BadSettings: the house has no mailbox, or a password is missing.
        Unreadable: the mailbox can not be read, or the outbox can not be used.
    """
    from presskit.send.bounces.books import Books
    from presskit.send.bounces.imap import open_folder
    from presskit.send.bounces.reading import read
    from presskit.send.credentials import credentials

    mail = office.registers.house.mail
    if mail is None or mail.mailbox is None:
        what = "the house names no mailbox that bounces come to."
        fix = "write mail: mailbox: {host: …} in house.yaml, or name files: presskit bounces PATH"
        raise BadSettings(Problem(Place(HOUSE), "mail.mailbox", what, fix, "mail-settings"))
    login, root = credentials("imap", mail.mailbox.host, environment), office.workspace.root
    with opened(office.workspace) as outbox, open_folder(mail.mailbox, login, root) as folder:
        books, ours = Books(outbox, office.workspace.now, rehearsal), _ours(office, outbox)
        yield from read(folder.mails(books.mark(folder.name)), ours, books)
        books.set_mark(folder.name, folder.mark)


def without_mail(office: Office) -> tuple[Suppressed, ...]:
    """Return everybody who gets no mail, by address."""
    from presskit.send.outbox.suppression import suppressed

    with looked_into(office.workspace) as outbox:
        return suppressed(outbox)


def take_back(office: Office, address: str, reason: str = "") -> bool:
    """Let somebody get mail again; False if they get it already.

    Raises:
        WrongUsage: it is no address, or somebody who wants no mail is to get it without a reason.
    """
    from presskit.send.bounces.books import LIFTED
    from presskit.send.outbox.suppression import lift, note_event

    found = read_address(address)
    if isinstance(found, str):
        raise WrongUsage(_no_address(address, found))
    entry = next((one for one in without_mail(office) if one.key == found.key), None)
    if entry is None:
        return False
    if entry.reason not in ("bounced", "by hand") and not reason.strip():
        what = f"{entry.typed} gets no mail because of a wish ({entry.reason})."
        fix = 'say why that has changed: --reason "asked for it by phone"'
        raise WrongUsage(Problem(Place(f"address {entry.typed}"), "", what, fix, "reason-missing"))
    now = office.workspace.now
    event, detail = f"{LIFTED}:{found.key}:{now.isoformat()}", f"{entry.reason}: {reason}".strip(": ")
    with opened(office.workspace) as outbox:
        note_event(outbox, event, delivery=None, key=found.key, kind=LIFTED, status="", detail=detail, at=now)
        return lift(outbox, found.key)


def unsubscribe(
    office: Office, wishes: Sequence[str], reason: str = ""
) -> tuple[tuple[Unsubscribed, ...], tuple[Problem, ...]]:
    """Send some addresses no more mail; return them, and the problems of what is neither address nor tag.

    Args:
        wishes: addresses, tags of unsubscribe links, or whole links.

    Why: a wrong line holds up nobody else's wish.
    """
    from presskit.send.bounces.books import Books

    done: dict[str, Unsubscribed] = {}
    problems = []
    with opened(office.workspace) as outbox:
        books = Books(outbox, office.workspace.now)
        for wish in wishes:
            found = _whose(wish.strip(), outbox)
            if isinstance(found, Problem):
                problems.append(found)
            else:
                key, typed, number = found
                new = books.unsubscribe(key, typed, number, reason)
                done.setdefault(key, Unsubscribed(typed, was_already=not new))
    return tuple(done.values()), tuple(problems)


def _whose(wish: str, outbox: Outbox) -> tuple[str, str, int | None] | Problem:
    """Return the key and the spelling of a mailbox, and the delivery its tag is of."""
    from presskit.send.bounces.reports import TAG, read_tags
    from presskit.send.message.tokens import Tokens
    from presskit.send.outbox.deliveries import delivery

    for number in read_tags(unquote(wish), Tokens(outbox.key).read_tag):
        if about := delivery(outbox, number):
            return about.key, about.typed, number
    found = read_address(wish)
    if isinstance(found, Address):
        return found.key, found.typed, None
    if "@" not in wish and TAG.search(wish):
        what, fix = "this office made no such tag.", "copy it once more from the link, or write the address."
        return Problem(Place(f"tag {wish[:80]}"), "", what, fix, "tag-unknown")
    return _no_address(wish, found)


def _no_address(address: str, why: str) -> Problem:
    what = f"“{address[:80]}” is no e-mail address: {why}."
    return Problem(Place("address"), "", what, "write it as it stands in the media list.", "email-invalid")


def _ours(office: Office, outbox: Outbox) -> Ours:
    """Return how the office knows its own: an address people also write to for other reasons is not apart."""
    from presskit.send.bounces.reports import Ours
    from presskit.send.message.tokens import Tokens

    mail = office.registers.house.mail
    shared = (mail.sender, mail.reply_to, mail.bounces) if mail else ()
    apart = mail.unsubscribe if mail and mail.unsubscribe not in shared else None
    return Ours(Tokens(outbox.key).read_tag, (apart or "").casefold())
