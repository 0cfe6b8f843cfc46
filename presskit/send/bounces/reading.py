"""From messages to findings: each is read, matched with the delivery it is about, judged, and entered.

Not here: where messages come from (`mailboxes`, `imap`), and printing what was found (`cli`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from presskit.load.addresses import read_address
from presskit.model.media import Address
from presskit.send.bounces.books import Books, Entry
from presskit.send.bounces.mailboxes import Mail, Unread
from presskit.send.bounces.parts import plain
from presskit.send.bounces.reports import Ours, Report, read_report
from presskit.send.bounces.verdict import Verdict, follow
from presskit.send.outbox.deliveries import Delivery, by_message_id, deliveries_to, delivery


@dataclass(frozen=True, slots=True)
class Finding:
    """What one message says, about whom, and what follows."""

    place: str  # where the message is
    report: Report
    verdict: Verdict
    address: str  # as people write it
    delivery: Delivery | None  # the one it is about, else the last to that address
    is_shown: bool  # a mark of ours shows that it is about this delivery

    @property
    def ends_doubt(self) -> bool:
        """Whether a delivery in doubt is known now to have been accepted: else nobody could answer it."""
        return self.is_shown and self.delivery is not None and self.delivery.state == "in_doubt"


@dataclass(frozen=True, slots=True)
class Known:
    """A message that was read before, or says again what another said."""

    place: str


Found = Finding | Unread | Known


def read(mails: Iterable[Mail | Unread], ours: Ours, books: Books) -> Iterator[Found]:
    """Yield what each message says, and do what follows."""
    for mail in mails:
        if isinstance(mail, Unread):
            yield _unread(mail, _digest(f"{mail.place}\0{mail.why}".encode()), books)
            continue
        content = plain(mail.content)
        digest = _digest(content)
        try:
            report = read_report(content, ours)
        except Exception as error:  # whatever a message is made to break, the next one is read
            why = str(error) or type(error).__name__
            yield _unread(Unread(mail.place, f"it is not written as mail is ({why})"), digest, books)
            continue
        yield _entered(mail.place, report, digest, books)


def _entered(place: str, report: Report, digest: str, books: Books) -> Found:
    """Return what follows from a report, done."""
    about = _about(report, books)
    mailbox = _mailbox(report.address)
    key = about.key if about else mailbox.key if mailbox else ""
    # One message fails once, however often servers say so; a wish is one each time it is said.
    counts_once = about is not None and report.kind in ("hard", "soft", "delayed", "arrived")
    event = f"{report.kind}:{about.id}" if counts_once and about else f"{report.kind}:{digest}"
    if books.has(event):
        return Known(place)
    last = about or next(iter(reversed(list(deliveries_to(books.outbox, key)))), None)
    at = books.when(report.at)
    history = books.history(key, at, ours=about is not None, written_to=last is not None)
    verdict = follow(report, history)
    typed = about.typed if about else mailbox.typed if mailbox else report.address
    number = about.id if about else None
    words = report.text if report.status else ""  # a server's; what people write is not kept
    books.enter(Entry(event, report.kind, key, typed, number, report.status, words, at), verdict)
    return Finding(place, report, verdict, typed, last, is_shown=about is not None)


def _about(report: Report, books: Books) -> Delivery | None:
    """Return the delivery a mark of ours shows."""
    if report.delivery is not None and (found := delivery(books.outbox, report.delivery)):
        return found
    found_by_id = (by_message_id(books.outbox, message_id) for message_id in report.messages)
    return next((found for found in found_by_id if found), None)


def _mailbox(address: str) -> Address | None:
    """Return an address somebody else wrote, if it is one."""
    found = read_address(address)
    return found if isinstance(found, Address) else None


def _unread(unread: Unread, digest: str, books: Books) -> Unread | Known:
    """Return a message that can not be read, when it is met for the first time."""
    event = f"unread:{digest}"
    if books.has(event):
        return Known(unread.place)
    entry = Entry(event, "unread", "", "", None, "", f"{unread.place}: {unread.why}", books.now)
    books.enter(entry, Verdict("tell", unread.why))
    return unread


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:32]
