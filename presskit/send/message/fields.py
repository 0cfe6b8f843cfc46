"""One line of a message's head from a text, an address or tokens: refused, quoted, encoded and folded.

Why not the standard library's: given a headline that spells ``=?utf-8?q?=0d=0aBcc:…?=``, `EmailMessage` of
Python 3.11 decodes it and writes a line ``Bcc:``; its file names do the same.  Not here: which fields a
message has (`head`, `message`).

Source: RFC 5322, 2.1.1, 2.2.3, 3.2; RFC 2047; RFC 2231; RFC 6532, 3.2.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from presskit.load.addresses import LOCAL_BYTES, WHOLE_BYTES
from presskit.load.characters import FORBIDDEN, named

TEXT_WIDTH = 76
"""Of lines with encoded words, none of which is then longer than the 75 allowed.  Source: RFC 2047, 2."""

LINE_BYTES = 998
"""Of any line, without its end.  Source: RFC 5322, 2.1.1."""

MIDDLE = 50
"""Characters of a parameter on one line: leaves room for its name and number."""

TEXT_LENGTH = 2000
"""Characters a text in a field may have: a line of the office (`model.base.Line`) and what precedes it."""

NAMES = frozenset(
    """From To Subject Date Message-ID Reply-To In-Reply-To References Auto-Submitted List-Id List-Unsubscribe
    List-Unsubscribe-Post Presskit-Checkpoint MIME-Version Content-Type Content-Language Content-ID
    Content-Transfer-Encoding Content-Disposition DKIM-Signature X-Unsent""".split()
)
"""Every field presskit writes."""

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_BEYOND = r"(?![“”„‟‘’‚‛«»‹›])[^\x00-\x7f]"
DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_ADDRESS = re.compile(rf"{_ATEXT}+(?:\.{_ATEXT}+)*@{DOMAIN.pattern}")
_ADDRESS_UTF8 = re.compile(rf"(?:{_ATEXT}|{_BEYOND})+(?:\.(?:{_ATEXT}|{_BEYOND})+)*@{DOMAIN.pattern}")
_QUOTABLE = re.compile(r"[A-Za-z0-9=_-][A-Za-z0-9/=._-]*(?: [A-Za-z0-9/=._-]+)*")
_ATOMS = re.compile(rf"{_ATEXT}+(?: {_ATEXT}+)*")
_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*")
_BREAKS = re.compile(f"[\t\n]|{FORBIDDEN.pattern}")

_SPELLED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
"""Bytes an encoded word in a name may hold as they are.  Source: RFC 2047, 5 (3)."""

_UNESCAPED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_")
"""Bytes an extended parameter may hold as they are, and a few fewer.  Source: RFC 2231, 7."""


def text_field(name: str, text: str) -> bytes:
    """Return a field of running text: ``Subject``.

    Raises:
        ValueError: the text holds a line end or another character no text of the office may hold.
    """
    text = sound(text, name)
    room = TEXT_WIDTH - len(name) - 2
    plain = _PLAIN.fullmatch(text) and "=?" not in text and max(map(len, text.split(" "))) <= room
    return folded(name, text.split(" ") if plain else _encoded(text, room), TEXT_WIDTH)


def mailbox_field(name: str, display: str, address: str, *, utf8: bool = False) -> bytes:
    """Return a field of exactly one mailbox: ``From``, ``To``, ``Reply-To``.

    Args:
        display: who reads there; "": nobody is named.
        address: as servers take it, its domain in ASCII.
        utf8: whether what stands before the @ may be beyond ASCII; the servers then need SMTPUTF8.
    """
    address = sound_address(address, name, utf8=utf8)
    words = _phrase(sound(display, name), TEXT_WIDTH - len(name) - 2)
    return folded(name, [*words, f"<{address}>"] if words else [address], TEXT_WIDTH)


def token_field(name: str, tokens: Iterable[str]) -> bytes:
    """Return a field of words programs read: never encoded, and folded between them only where it must be."""
    tokens = tuple(tokens)
    for token in tokens:
        if not re.fullmatch("[!-~]+(?: [!-~]+)*", token):
            raise ValueError(f"{name}: {token[:60]!r} is not printable ASCII")
    return folded(name, tokens, LINE_BYTES)


def parameters_field(name: str, value: str, **parameters: str) -> bytes:
    """Return a field with parameters, those beyond plain ASCII or too long in numbered pieces."""
    words = [value, *(word for key, text in parameters.items() for word in _parameter(key, text))]
    return folded(name, [f"{word};" for word in words[:-1]] + words[-1:], TEXT_WIDTH)


def folded(name: str, words: Sequence[str], width: int) -> bytes:
    """Return a field with as many words on a line as fit, CRLF at its end.

    Raises:
        ValueError: the name is not one of ours, there are no words, or one is longer than a line can be.
    """
    if name not in NAMES:
        raise ValueError(f"{name[:60]!r} is no field of our messages")
    if not words:
        raise ValueError(f"{name} would be empty")
    lines = [f"{name}: {words[0]}"]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(f" {word}")
    field = "\r\n".join(lines).encode()
    if any(len(line) > LINE_BYTES for line in field.split(b"\r\n")):
        raise ValueError(f"{name} has a word longer than a line of a message can be")
    return field + b"\r\n"


def sound(text: str, name: str) -> str:
    """Return a text in NFC, or refuse it: line ends, controls, what hides what the text says, and excess.

    Source: `load.characters.FORBIDDEN`.
    """
    if found := _BREAKS.search(text):
        raise ValueError(f"{name} holds {named(found.group())}")
    if len(text) > TEXT_LENGTH:
        raise ValueError(f"{name} has more than {TEXT_LENGTH} characters")
    return unicodedata.normalize("NFC", text)


def sound_address(address: str, name: str, *, utf8: bool = False) -> str:
    """Return an address as it can stand in an envelope and a field, or refuse it.

    Why: a domain beyond ASCII is not converted here, since `load.addresses` knows the current rules.
    """
    local, _, domain = address.rpartition("@")
    long = len(local.encode(errors="replace")) > LOCAL_BYTES or len(local) + len(domain) >= WHOLE_BYTES
    if long or not (_ADDRESS_UTF8 if utf8 else _ADDRESS).fullmatch(address):
        raise ValueError(f"{name}: {address[:80]!r} is no address a server takes")
    if any(unicodedata.category(character)[0] in "CZ" for character in local):
        raise ValueError(f"{name}: {address[:80]!r} holds characters that can not be seen")
    return address


def _parameter(name: str, value: str) -> list[str]:
    """Return a parameter, whole or in numbered pieces.

    Why not quoted with backslashes: programs differ in what they take them for.
    """
    value = sound(value, name)
    if _QUOTABLE.fullmatch(value) and len(quoted := f'{name}="{value}"') < TEXT_WIDTH - 1:
        return [quoted]
    if len(whole := f"{name}*=utf-8''{_percented(value)}") < TEXT_WIDTH - 1:
        return [whole]
    pieces = _pieces(value, MIDDLE, lambda character: len(_percented(character)))
    numbered = [f"{name}*{number}*={_percented(piece)}" for number, piece in enumerate(pieces)]
    return [numbered[0].replace("=", "=utf-8''", 1), *numbered[1:]]


def _phrase(display: str, room: int) -> list[str]:
    """Return a name as the words before an address."""
    if not display:
        return []
    if "=?" in display or not _PLAIN.fullmatch(display):
        return _encoded(display, room)
    quoted = '"' + re.sub(r'(["\\])', r"\\\1", display) + '"'
    if len(quoted) > room:
        return _encoded(display, room)
    return [display if _ATOMS.fullmatch(display) else quoted]


def _encoded(text: str, room: int) -> list[str]:
    """Return encoded words, in whichever of the two encodings is shorter; no character is split."""
    if not text:
        return []
    room -= len("=?utf-8?q??=")
    length = len(text.encode())
    if len(_spelled(text)) <= (length + 2) // 3 * 4:
        return [f"=?utf-8?q?{_spelled(p)}?=" for p in _pieces(text, room, lambda c: len(_spelled(c)))]
    pieces = _pieces(text, room // 4 * 3, lambda c: len(c.encode()))
    return [f"=?utf-8?b?{base64.b64encode(piece.encode()).decode()}?=" for piece in pieces]


def _pieces(text: str, room: int, size: Callable[[str], int]) -> list[str]:
    """Cut a text between characters, so that no piece takes more room than there is."""
    pieces, start, used = [], 0, 0
    for end, character in enumerate(text):
        needed = size(character)
        if used + needed > room:
            pieces.append(text[start:end])
            start, used = end, 0
        used += needed
    return [*pieces, text[start:]]


def _spelled(text: str) -> str:
    """Return a text in the Q encoding."""
    return "".join(chr(b) if b in _SPELLED else "_" if b == 32 else f"={b:02X}" for b in text.encode())


def _percented(text: str) -> str:
    return "".join(chr(b) if b in _UNESCAPED else f"%{b:02X}" for b in text.encode())
