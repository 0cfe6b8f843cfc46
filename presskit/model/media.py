"""Who gets a release: lists of the media, each entry one address, with what a newsroom knows of it.

Not here: reading them (`load.media`), and who wants no more mail (`send.outbox.suppression`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from pydantic import Field

from presskit.errors import Place, Problem
from presskit.model.base import Language, Line, Model

ListKind = Literal["media", "partners", "staff", "other"]

Wish = Literal["pdf", "pdf-press", "docx", "html", "text"]
"""A file of the kit somebody wants."""

WISHES: tuple[Wish, ...] = get_args(Wish)


class ListSettings(Model):
    """What holds for a whole list: ``data/media-lists/<name>.yaml`` beside its entries in ``<name>.csv``."""

    kind: Annotated[ListKind, Field(examples=["media"])]  # a release goes to lists of the media only
    title: Line | None = None
    attach: tuple[Wish, ...] = ("pdf",)  # files of the kit that go along, unless an entry wishes otherwise
    link: tuple[Wish, ...] = ()  # files that are linked; see mail: kit_url in house.yaml
    trusted: Literal["yes", "no"] = "no"  # may get news under embargo before its time
    language: Language | None = None  # of entries that name none
    consent: Line | None = None  # why the office may write to them, for entries that do not say


@dataclass(frozen=True, slots=True)
class Address:
    """An e-mail address, checked."""

    typed: str  # as people write it, NFC: press@bücher.example
    envelope: (
        str  # as servers take it: press@xn--bcher-kva.example; not ASCII if the part before the @ is not
    )
    key: str  # the same for all spellings of one mailbox: what makes two entries one

    @property
    def domain(self) -> str:
        """The mail domain, in lower-case ASCII."""
        return self.key.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Recipient:
    """One entry of a list."""

    address: Address
    list: str  # name of the list
    place: Place  # file and line of the entry
    reporter: str = ""
    outlet: str = ""
    language: str = ""  # tag; "": any
    region: str = ""
    beat: tuple[str, ...] = ()  # what they report on
    accepts_embargo: bool = False
    wishes: tuple[Wish, ...] | None = None  # files they want attached; none named: as the list says
    consent: str = ""


@dataclass(frozen=True, slots=True)
class MediaList:
    """A list, read whole."""

    name: str
    settings: ListSettings
    recipients: tuple[Recipient, ...]  # in the order of the file; each address once
    warnings: tuple[Problem, ...] = ()  # what somebody should look at
