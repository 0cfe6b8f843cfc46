"""Delivery numbers and recipients as tokens nobody else can make: in Message-IDs, bounce addresses and links.

The same delivery always gets the same tokens, in every attempt and on every machine that has the key.
Not here: where the key is kept (`send.outbox`), and what a bounce leads to (`send.bounces`).
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field

from presskit.load.addresses import LOCAL_BYTES
from presskit.send.message.fields import DOMAIN, sound_address

KEY_BYTES = 32
"""A key has at least as many."""

TAG = re.compile(r"([1-9][0-9]{0,18})\.([0-9a-f]{10})", re.ASCII)
"""A delivery's number and ten digits only we can work out: 4711.0123456789."""

_MOST = 2**63 - 1
"""The highest number of a row in SQLite."""

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What makes tokens and knows its own again."""

    key: bytes = field(repr=False)  # of this outbox, random, kept with it

    def __post_init__(self) -> None:
        if len(self.key) < KEY_BYTES:
            raise ValueError(f"a key of tokens has at least {KEY_BYTES} bytes")

    def message_id(self, slug: str, revision: int, address_key: str, domain: str) -> str:
        """Return the Message-ID of one revision of a release to one address.

        Args:
            address_key: the same for all spellings of a mailbox: `model.media.Address.key`.
            domain: the sender's, in ASCII.
        """
        if not _SLUG.fullmatch(slug) or revision < 1 or not DOMAIN.fullmatch(domain):
            raise ValueError(f"{slug[:80]!r}, {revision} and {domain[:80]!r} make no Message-ID")
        digest = self._mac("message-id", slug, str(revision), address_key)
        return f"<{slug}.{revision}.{digest[:24]}@{domain}>"

    def tag(self, delivery_id: int) -> str:
        """Return a delivery's number with the ten digits that prove it is ours."""
        if not 1 <= delivery_id <= _MOST:
            raise ValueError(f"{delivery_id} is no number of a delivery")
        return f"{delivery_id}.{self._mac('delivery', str(delivery_id))[:10]}"

    def read_tag(self, text: str) -> int | None:
        """Return the number of the delivery a tag is of; ``None`` if we did not make it."""
        found = TAG.fullmatch(text.lower()) if len(text) <= LOCAL_BYTES else None
        if found is None or int(found[1]) > _MOST:
            return None
        delivery_id = int(found[1])
        return delivery_id if hmac.compare_digest(self.tag(delivery_id), found[0]) else None

    def bounce_address(self, bounces: str, delivery_id: int) -> str:
        """Return where bounces of one delivery go: the sender in the envelope.

        Args:
            bounces: an address, which gets a tag behind a +, or a domain all mail to which arrives.
        Why: an address never starts with a hyphen, which mail servers take for an option.
        """
        local, at, domain = bounces.rpartition("@")
        tag = self.tag(delivery_id)
        address = f"{local}+{tag}@{domain}" if at else f"b.{tag}@{domain}"
        if bounces.startswith("-"):
            raise ValueError(f"{bounces[:80]!r} starts with a hyphen")
        sound_address(bounces if at else f"b@{domain}", "bounces")
        return sound_address(address, "bounces")

    def _mac(self, purpose: str, *parts: str) -> str:
        """Return an HMAC-SHA256 in hexadecimal, with the lengths of the parts, so that none runs on."""
        said = "".join(f"{len(part)}:{part}," for part in (purpose, *parts))
        return hmac.digest(self.key, said.encode(), "sha256").hex()
