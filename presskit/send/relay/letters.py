"""Rows of the outbox to the message of one delivery: the shared body, a head of its own, a signature.

Not here: how a head is written (`message.head`) and signed (`message.dkim`).
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from zoneinfo import ZoneInfo

from presskit.send.message.body import Prepared
from presskit.send.message.dkim import Signer
from presskit.send.message.head import Addressed, Letterhead, letterhead_from, write_head
from presskit.send.message.tokens import Tokens
from presskit.send.outbox.claims import Claim
from presskit.send.outbox.store import Outbox
from presskit.send.relay.sender import Letter

BODIES = 8
"""How many bodies are kept in memory."""


@dataclass(frozen=True, slots=True)
class _Variant:
    letterhead: Letterhead
    prepared: Prepared
    zone: ZoneInfo


class LetterBox:
    """Makes the message of any delivery of an outbox; threads share it."""

    def __init__(self, outbox: Outbox, bounces: str | None, signer: Signer | None) -> None:
        """Make one.

        Args:
            bounces: address or domain; none: bounces go to the sender.
        """
        self._outbox, self._bounces, self._signer = outbox, bounces, signer
        self._tokens = Tokens(outbox.key)
        self._variants: OrderedDict[int, _Variant] = OrderedDict()
        self._turn = Lock()

    def __call__(self, claimed: Claim, now: float) -> Letter:
        """Return the message; what was offered before is the same again, byte for byte.

        Raises:
            ValueError: a value can not stand in a head.
        """
        variant = self._variant(claimed.variant)
        letterhead, prepared = variant.letterhead, variant.prepared
        sender = letterhead.sender
        if self._bounces is not None:
            sender = self._tokens.bounce_address(self._bounces, claimed.id)
        head = claimed.head
        if head is None:
            addressed = Addressed(
                claimed.envelope,
                claimed.name,
                claimed.message_id,
                self._tokens.tag(claimed.id),
                datetime.fromtimestamp(now, variant.zone).replace(microsecond=0),
                claimed.answers,
                utf8=not claimed.envelope.isascii(),
            )
            head = write_head(letterhead, addressed)
            if self._signer is not None:
                head = self._signer.sign(head, prepared)
        return Letter(sender, head, prepared.body)

    def _variant(self, number: int) -> _Variant:
        with self._turn:
            found = self._variants.get(number)
            if found is None:
                found = self._read(number)
                self._variants[number] = found
                if len(self._variants) > BODIES:
                    self._variants.popitem(last=False)
            self._variants.move_to_end(number)
            return found

    def _read(self, number: int) -> _Variant:
        question = """
        select letterhead, variant.content, body.sha256, body.content as body, mailing.zone
        from variant join edition on edition.id=variant.edition join mailing on mailing.id=edition.mailing
        join body on body.sha256=variant.sha256 where variant.id=?
        """
        (row,) = self._outbox.rows(question, number)
        letterhead = letterhead_from(row["letterhead"], row["content"])
        return _Variant(
            letterhead, Prepared(row["body"], row["sha256"], row["content"]), ZoneInfo(row["zone"])
        )
