"""From what somebody typed to an e-mail address that servers take, or to why it is none.

Whether mail to it arrives, nobody can tell from its looks, and nobody is asked.  Not here: addresses with
a name before them, which headers of messages hold (`send.message.head`).

Source: RFC 5321, 4.5.3.1 (lengths); RFC 6531, 3.3 (letters beyond ASCII); RFC 5891 (domains beyond ASCII).
"""

from __future__ import annotations

import re
import unicodedata

from presskit.load.characters import named
from presskit.model.media import Address

LOCAL_BYTES = 64
WHOLE_BYTES = 254

_PLAIN = re.compile(
    r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+(?P<top>[a-z]{2,63})", re.ASCII
)
"""What most addresses look like, in lower case."""

_PLAIN_LENGTH = 63
"""Up to this length no part of an address can be too long."""

_NOWHERE = {
    "arpa": "its domain is for machines",
    "invalid": "its domain can not exist",
    "local": "its domain exists within one network only",
    "localhost": "its domain is this machine",
    "onion": "its domain takes no mail",
}
"""Last parts of domains nobody outside can be written to; example and test are for examples and tests.

Source: IANA, Special-Use Domain Names; RFC 6761.
"""

_CURLY = re.compile("[“”„‟‘’‚‛«»‹›]")

_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Letters and marks without a shape.

Source: Unicode Character Database, Default_Ignorable_Code_Point, without the categories C and Z.
"""


def read_address(text: str) -> Address | str:
    """Return an address, or why it is none: words that go on after "… is no e-mail address: "."""
    text = text.strip()
    return _plain(text) or _wrong_at_sight(text) or _validated(text)


def _plain(text: str) -> Address | None:
    """Return an address that looks like most do; ``None`` if it has to be looked at more closely.

    Why: email-validator takes 22 µs for one, this 2 µs; a test holds it to what email-validator makes of it.
    """
    lower = text.lower()
    found = _PLAIN.fullmatch(lower) if len(text) <= _PLAIN_LENGTH and text.isascii() else None
    if found is None or found["top"] in _NOWHERE:
        return None
    if lower == text:
        return Address(text, text, text)
    local, _, domain = text.partition("@")
    typed = f"{local}@{domain.lower()}"
    return None if local.isalpha() else Address(typed, typed, lower)  # Info may become info: RFC 2142


def _wrong_at_sight(text: str) -> str:
    """Return what a person would see is wrong; "" if there is nothing like that."""
    local, at, domain = text.rpartition("@")
    if not text:
        return "nothing is written here"
    if "<" in text or ">" in text:
        return "write the address alone, without a name and without < and >"
    if text.count("@") > 1 and re.search(r"[,;\s]", text):
        return "there are several; give each a line of its own"
    if unseen := next((c for c in text if unicodedata.category(c)[0] in "CZ" or _UNSEEN.match(c)), ""):
        return (
            "there is a space in it" if unseen == " " else f"it holds {named(unseen)}, which can not be seen"
        )
    if not at:
        return "it has no @"
    if curly := _CURLY.search(text):
        return f"it has a quotation mark, {curly.group()}"
    if domain.startswith("["):
        return "the number of a computer stands where a domain belongs"
    if len(local.encode()) > LOCAL_BYTES:
        return f"more than {LOCAL_BYTES} bytes stand before the @"
    if len(text.encode()) > WHOLE_BYTES:
        return f"it has more than {WHOLE_BYTES} bytes"
    if nowhere := _NOWHERE.get(domain.rpartition(".")[2].casefold()):
        return nowhere
    return "its domain has no period" if domain.isalnum() and domain.isascii() else ""


def _validated(text: str) -> Address | str:
    """Return what email-validator makes of an address, or says against it."""
    from email_validator import EmailNotValidError, validate_email  # 27 ms, and most lists never need it

    try:
        found = validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        reason = str(error).removesuffix(".").replace("@-sign", "@")
        return reason[:1].lower() + reason[1:]
    domain = found.ascii_domain.casefold()
    envelope = f"{found.local_part}@{domain}"
    if "." not in domain:
        return "its domain has no period"
    if domain.rpartition(".")[2] in _NOWHERE:
        return _NOWHERE[domain.rpartition(".")[2]]
    if len(found.local_part.encode()) > LOCAL_BYTES:  # composed, some letters take more bytes
        return f"more than {LOCAL_BYTES} bytes stand before the @"
    folded = unicodedata.normalize("NFD", found.local_part).casefold()
    key = f"{unicodedata.normalize('NFC', folded)}@{domain}"
    typed = envelope if found.domain == domain else f"{found.local_part}@{found.domain}"
    return Address(typed, envelope, envelope if key == envelope else key)
