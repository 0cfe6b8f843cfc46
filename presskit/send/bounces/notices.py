"""What a mail server says became of one message: from a report in fields (RFC 3464) or from free text.

Not here: which delivery it is about (`reports`), and what follows from it (`verdict`).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Literal

from presskit.send.bounces.parts import blocks, field, parse, shown, words

Action = Literal["failed", "delayed", "arrived"]

_ACTIONS: dict[str, Action] = {
    "failed": "failed",
    "delayed": "delayed",
    "delivered": "arrived",
    "relayed": "arrived",
    "expanded": "arrived",
}
"""Source: RFC 3464, 2.3.3."""

_BEST_FIRST: tuple[Action, ...] = ("arrived", "delayed", "failed")

_CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
"""Source: RFC 3463, 2."""

_REPLY = re.compile(r"(?<![\d.])([45])[0-7]\d(?=[ -])")
"""The code of a server's reply; RFC 5321, 4.2."""

_SAID = (
    (
        re.compile(r"(?:mail)?box (?:is )?full|over ?quota|quota (?:is )?exceeded|exceeded .*quota", re.I),
        "5.2.2",
    ),
    (re.compile(r"(?:user|recipient|mailbox|account|address) (?:is )?unknown", re.I), "5.1.1"),
    (
        re.compile(
            r"(?:unknown|no such|nonexistent|invalid) (?:local )?(?:user|recipient|mailbox|account)", re.I
        ),
        "5.1.1",
    ),
    (
        re.compile(
            r"no mailbox here by that name|(?:user|account|mailbox).{0,30} (?:does not|doesn't) exist", re.I
        ),
        "5.1.1",
    ),
    (
        re.compile(
            r"(?:host|domain)(?: name)? (?:unknown|not found)|no such (?:host|domain)|unrouteable", re.I
        ),
        "5.1.2",
    ),
)
"""What servers without codes say, and the code it stands for."""

_TEXT_LINES, _TEXT_BYTES = 1_000, 50_000
"""So much of a message is searched for a bounce in free text, with some fifty patterns."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a mail server says of one message to one address."""

    action: Action
    address: str  # as the server writes it
    status: str  # 5.1.1
    text: str  # its own words, fit to be shown


def from_report(message: Message) -> Notice | None:
    """Return the best that a delivery report says; ``None`` if the message holds no report.

    Source: RFC 3464; RFC 6533 (addresses beyond ASCII).
    Why: a message of ours has one recipient; where a report has several, that one forwards mail, and one that
    arrived is enough.
    """
    return min(_in_report(message), key=lambda notice: _BEST_FIRST.index(notice.action), default=None)


def _in_report(message: Message) -> Iterator[Notice]:
    for block in blocks(message, "message/delivery-status", "message/global-delivery-status"):
        diagnostic = _after_type(field(block, "Diagnostic-Code"))
        said = field(block, "Action").partition(" ")[0].casefold()
        code = field(block, "Status")
        if not said and not code:
            continue  # the block about the message as a whole
        status = _closest(code, diagnostic)
        action = _ACTIONS.get(said) or ("arrived" if status.startswith("2") else "failed")
        address = field(block, "Original-Recipient") or field(block, "Final-Recipient")
        yield Notice(action, _after_type(address).strip("<>"), status, shown(diagnostic))


def from_text(content: bytes) -> Notice | None:
    """Return what a bounce written as free text says; ``None`` if flufl.bounce takes it for none."""
    from flufl.bounce import all_failures

    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it would print every failure of its own
    window = b"\n".join(content[:_TEXT_BYTES].split(b"\n")[:_TEXT_LINES]) + b"\n"
    message = parse(window)
    try:
        temporary, permanent = all_failures(message)
    except Exception:  # some of its patterns fail on messages without a sender, and on others
        return None
    if not temporary and not permanent:
        return None
    address = min(permanent or temporary).decode("ascii", "replace")
    text = _around(words(message) or window.partition(b"\n\n")[2].decode("utf-8", "replace"), address)
    action: Action = "failed" if permanent else "delayed"
    return Notice(action, shown(address), _closest("" if permanent else "4.0.0", text), shown(text))


def _closest(status: str, text: str) -> str:
    """Return the most telling code: the report's, unless it is general and the server's reply says more."""
    given = _CODE.search(status)
    if given and (given[2], given[3]) != ("0", "0"):
        return given.group()
    first, replied = given[1] if given else "", _REPLY.search(text)
    found = next((code for code in _CODE.finditer(text) if first in ("", code[1])), None)
    if found:
        return found.group()
    spoken = next((code for pattern, code in _SAID if pattern.search(text)), "5.0.0")
    return f"{first or (replied[1] if replied else '5')}{spoken[1:]}"


def _after_type(value: str) -> str:
    """Return what follows "rfc822;" or "smtp;"; all of it where a server left that out."""
    kind, semicolon, rest = value.partition(";")
    return rest.strip() if semicolon and re.fullmatch(r"[\w.-]{1,40}", kind.strip()) else value.strip()


def _around(text: str, address: str) -> str:
    """Return what stands after the address in a bounce's text, which is the reason as a rule."""
    start = max(text.find(address), 0)
    return text[start : start + 500]
