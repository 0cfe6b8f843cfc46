"""A signed-off, archived release to the messages that carry it: one body for all who get the same files.

Not here: whether it may go (`relay.gate`, `outbox.embargo`), and to whom (`audience`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from presskit.compose.cover import foot_of, subject_of
from presskit.document.nodes import Document
from presskit.errors import NotAllowed, Place, Problem
from presskit.load.addresses import read_address
from presskit.model.base import in_language
from presskit.model.mail import Mail
from presskit.model.media import Address, Wish
from presskit.model.pack import Pack
from presskit.model.registers import Draft
from presskit.send.mailing.audience import Files
from presskit.send.message.body import Attachment, Prepared, prepare
from presskit.send.message.head import Letterhead
from presskit.signoff.canon import digest
from presskit.writers import WRITERS
from presskit.writers.mail import write_mail

ENCODED = 1.37
"""How much larger a file gets in a message: four characters for three bytes, and line ends."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A release as it is to be sent."""

    draft: Draft  # with its number
    document: Document
    pack: Pack
    files: Mapping[Wish, bytes]  # the signed files
    revision: int  # the archived version that first held them; 0: a draft
    words: Mapping[str, str]  # what its signatures are on, as archived
    signed_by: tuple[str, ...]
    early: bool = False  # somebody allows that trusted lists get it before its embargo ends
    originals: tuple[str, ...] = ()  # what it corrects or withdraws, and what that did; the oldest first
    embargo_before: datetime | None = None  # the last one of theirs, as they were archived

    @property
    def slug(self) -> str:
        """Its name."""
        return self.draft.slug

    @property
    def embargo(self) -> datetime | None:
        """When its news may be out: a correction tells the news of what it corrects."""
        return max(filter(None, (self.draft.embargo, self.embargo_before)), default=None)

    @property
    def digests(self) -> Mapping[str, str]:
        """The signed files, each name with its SHA-256; none of a draft."""
        found = {WRITERS[wish].file_name(self.slug): digest(content) for wish, content in self.files.items()}
        return found if self.revision else {}


@dataclass(frozen=True, slots=True)
class Cover:
    """What is around a release in this mailing."""

    settings: Mail
    checkpoint: bytes  # of the archive, its newest; b"" for a test of a draft
    early: bool = False
    test: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """A message but for its head."""

    prepared: Prepared
    attached: tuple[str, ...]  # names of files
    linked: tuple[str, ...]  # addresses


def body_of(outgoing: Outgoing, wished: Files, cover: Cover) -> Body:
    """Return the body that carries a release with some files.

    Files that would make it larger than the office wants are linked instead.

    Raises:
        NotAllowed: it would not say what was signed, or files that are too large can be linked nowhere.
    """
    files = _within_limit(outgoing, wished, cover.settings)
    attached = tuple(WRITERS[wish].file_name(outgoing.slug) for wish in files.attach)
    linked = tuple((wish, _address(outgoing, wish, cover.settings)) for wish in files.link)
    foot = foot_of(
        outgoing.draft,
        outgoing.pack,
        early=cover.early,
        attached=attached,
        downloads=linked,
        unsubscribe=f"mailto:{cover.settings.unsubscribe or cover.settings.sender}?subject=unsubscribe",
        checkpoint=cover.checkpoint.decode(),
    )
    mail = write_mail(outgoing.document, outgoing.pack.theme, foot)
    signed = outgoing.files["text"].decode()
    if not mail.text.startswith(signed):
        what = "the message would not say, word for word, what was signed off."
        fix = "have the kit signed off again: the templates or presskit have changed since."
        raise NotAllowed(Problem(Place(f"release {outgoing.slug}"), "", what, fix, "mail-words-differ"))
    attachments = [
        Attachment(name, WRITERS[wish].media_type.partition(";")[0], outgoing.files[wish])
        for wish, name in zip(files.attach, attached, strict=True)
    ]
    return Body(
        prepare(mail, attachments, outgoing.draft.language), attached, tuple(url for _, url in linked)
    )


def letterhead_of(outgoing: Outgoing, cover: Cover) -> Letterhead:
    """Return what all messages of a release have in common in their heads."""
    settings, draft = cover.settings, outgoing.draft
    house = draft.registers.house
    name = in_language(settings.sender_name or house.short_name, draft.language) or ""
    reply_to, reply_to_name = _reply_to(outgoing, settings)
    return Letterhead(
        sender_name=name,
        sender=in_ascii(settings.sender, "mail: sender"),
        subject=subject_of(draft, outgoing.pack, early=cover.early, test=cover.test),
        list_id=f"media.{house.domain}",
        unsubscribe=in_ascii(settings.unsubscribe or settings.sender, "mail: unsubscribe"),
        unsubscribe_url=settings.unsubscribe_url,
        reply_to=reply_to,
        reply_to_name=reply_to_name,
        checkpoint=cover.checkpoint,
    )


def in_ascii(address: str, field: str) -> str:
    """Return one of the office's own addresses as servers take it.

    Raises:
        NotAllowed: it is none a server takes.
    """
    found = read_address(address)
    if isinstance(found, Address) and found.envelope.isascii():
        return found.envelope
    why = found if isinstance(found, str) else "its part before the @ has letters not every server takes"
    what, fix = f"“{address}” can not send or get mail: {why}", "write another address."
    raise NotAllowed(Problem(Place("data/house.yaml"), field, what, fix, "mail-settings"))


def _reply_to(outgoing: Outgoing, settings: Mail) -> tuple[str, str]:
    """Return who answers reporters: whoever the house names, else the first contact with an address."""
    if settings.reply_to is not None:
        return in_ascii(settings.reply_to, "mail: reply_to"), ""
    people = outgoing.draft.registers.people
    for contact in outgoing.draft.release.contacts:
        if address := people[contact].email:
            return in_ascii(address, f"contact {contact}"), people[contact].name
    return "", ""


def _within_limit(outgoing: Outgoing, wished: Files, settings: Mail) -> Files:
    """Return what is attached and linked, so that a message is not larger than the office wants.

    The photos in the text go along in any case.
    """
    photos = sum(len(photo.data) for photo in outgoing.draft.photos.values())
    attached = sum(len(outgoing.files[wish]) for wish in wished.attach)
    if (photos + attached) * ENCODED <= settings.attach_bytes:
        return wished
    can_be_linked = settings.kit_url is not None and photos * ENCODED <= settings.attach_bytes
    if not can_be_linked:
        size, most = (photos + attached) * ENCODED, settings.attach_bytes
        what = f"photos and attached files make {size:,.0f} bytes, and the office sends at most {most:,}."
        fix = "attach fewer, raise attach_bytes:, take smaller photos, or set kit_url: to link the files."
        raise NotAllowed(Problem(Place("data/house.yaml"), "mail", what, fix, "attachment-too-large"))
    return Files((), tuple(dict.fromkeys((*wished.attach, *wished.link))))


def _address(outgoing: Outgoing, wish: Wish, settings: Mail) -> str:
    """Return where a file of the kit lies on the web.

    Raises:
        NotAllowed: the house does not say.
    """
    if settings.kit_url is None:
        what = "a list asks for links, and house.yaml does not say where on the web the kit's files lie."
        fix = 'write under mail:  kit_url: "https://news.example.org/{slug}/"'
        raise NotAllowed(Problem(Place("data/house.yaml"), "mail", what, fix, "mail-settings"))
    folder = settings.kit_url.replace("{slug}", outgoing.slug).rstrip("/")
    return f"{folder}/{WRITERS[wish].file_name(outgoing.slug)}"
