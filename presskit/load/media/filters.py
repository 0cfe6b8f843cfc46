"""From a condition as people write it to a test of recipients: ``language = fr and not outlet ~ radio``.

::

    condition = part {"or" part}           part = negated {"and" negated}
    negated   = ["not"] (test | "(" condition ")")
    test      = "accepts_embargo" | field ("=" | "!=" | "~") value

Not here: which lists are asked (`lists`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple, NoReturn

from presskit.errors import Place, Problem, WrongUsage
from presskit.load.media.cells import Refused, read_language, read_yes_no
from presskit.load.media.columns import column_called
from presskit.load.suggest import did_you_mean, quoted
from presskit.model.media import WISHES, Recipient

Filter = Callable[[Recipient], bool]

LIMIT_CHARACTERS = 2000
LIMIT_DEPTH = 40

_WORDS: dict[str, Callable[[Recipient], tuple[str, ...]]] = {
    "list": lambda recipient: (recipient.list,),
    "outlet": lambda recipient: (recipient.outlet,),
    "reporter": lambda recipient: (recipient.reporter,),
    "email": lambda recipient: (recipient.address.typed, recipient.address.envelope),
    "domain": lambda recipient: (recipient.address.domain, recipient.address.typed.rpartition("@")[2]),
    "language": lambda recipient: (recipient.language,),
    "region": lambda recipient: (recipient.region,),
    "beat": lambda recipient: recipient.beat or ("",),
    "formats": lambda recipient: recipient.wishes or ("",),
    "consent": lambda recipient: (recipient.consent,),
}
"""The words of an entry a field stands for; a test holds if it holds for one of them."""

_EMBARGO = "accepts_embargo"
_FIELDS = (*_WORDS, _EMBARGO)

_TOKEN = re.compile(
    r"""\s*(?:(?P<quoted>"[^"]*"|'[^']*'|“[^”]*”|«[^»]*»)|(?P<sign>!=|[=~()])|(?P<word>[^\s=!~()"“”«»]+)|(?P<other>\S))"""
)


class _Token(NamedTuple):
    text: str
    column: int  # from 1
    kind: str  # quoted, sign, word, other; end

    def is_word(self, word: str) -> bool:
        return self.kind == "word" and self.text.casefold() == word

    def is_sign(self, *signs: str) -> bool:
        return self.kind == "sign" and self.text in signs


def read_filter(text: str) -> Filter:
    """Return a test of recipients.

    Case and accents do not count.  ``language = fr`` holds for fr-CA, ``beat = crime`` if one of several is.

    Raises:
        WrongUsage: it is not written as a condition; says where.
    """
    if len(text) > LIMIT_CHARACTERS:
        what = f"this condition has {len(text):,} characters; {LIMIT_CHARACTERS:,} are the most."
        _wrong(1, what, "shorten it.")
    parser = _Parser(list(_tokens(text)))
    found = parser.condition(0)
    rest = parser.next
    if rest.kind != "end":
        fix = "put and or or before it, or put several words of one value in quotation marks."
        if rest.text == ")":
            fix = "open it before, or delete it."
        _wrong(rest.column, f"nothing can follow here, but {quoted(rest.text)} does.", fix)
    return found


def _tokens(text: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        found = match[kind]
        if kind == "other":
            fix = (
                "close the quotation mark."
                if found in "\"'“«"
                else "write = or != or ~ between field and value."
            )
            _wrong(match.start(kind) + 1, f"{quoted(found)} can not stand here.", fix)
        yield _Token(found[1:-1] if kind == "quoted" else found, match.start(kind) + 1, kind)
    yield _Token("", len(text.rstrip()) + 1, "end")


class _Parser:
    """A condition being read; the next token decides what comes."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens, self._index = tokens, 0

    @property
    def next(self) -> _Token:
        return self._tokens[self._index]

    def _take(self) -> _Token:
        token = self.next
        self._index += token.kind != "end"
        return token

    def condition(self, depth: int) -> Filter:
        """Read what stands up to a closing parenthesis or the end."""
        parts = [self._part(depth)]
        while self.next.is_word("or"):
            self._take()
            parts.append(self._part(depth))
        return parts[0] if len(parts) == 1 else lambda recipient: any(part(recipient) for part in parts)

    def _part(self, depth: int) -> Filter:
        parts = [self._negated(depth)]
        while self.next.is_word("and"):
            self._take()
            parts.append(self._negated(depth))
        return parts[0] if len(parts) == 1 else lambda recipient: all(part(recipient) for part in parts)

    def _negated(self, depth: int) -> Filter:
        if depth == LIMIT_DEPTH:
            _wrong(
                self.next.column, "this condition is nested too deeply.", "divide it, or write it plainer."
            )
        if self.next.is_word("not"):
            self._take()
            inner = self._negated(depth + 1)
            return lambda recipient: not inner(recipient)
        if not self.next.is_sign("("):
            return self._test()
        opened = self._take()
        inner = self.condition(depth + 1)
        if not self.next.is_sign(")"):
            fix = f"write ) where the part from character {opened.column} on ends."
            _wrong(self.next.column, "here the parenthesis should be closed that is opened before.", fix)
        self._take()
        return inner

    def _test(self) -> Filter:
        token = self._take()
        field = _field(token)
        if not self.next.is_sign("=", "!=", "~"):
            if field == _EMBARGO:
                return lambda recipient: recipient.accepts_embargo
            what = f"what {field} has to be is missing."
            _wrong(
                self.next.column, what, f"write, for example  {field} = {_EXAMPLES.get(field, 'something')}"
            )
        sign, value = self._take().text, self._take()
        if value.kind not in ("word", "quoted"):
            _wrong(value.column, f"the value after {sign} is missing.", 'write it; nothing at all is "".')
        return _comparison(field, sign, value)


_EXAMPLES = {
    "language": "fr",
    "beat": "crime",
    "formats": "pdf",
    "email": "desk@example.org",
    "domain": "example.org",
}


def _field(token: _Token) -> str:
    name = token.text.casefold()
    if token.kind == "word" and name in _FIELDS:
        return name
    called = column_called(name) if token.kind == "word" else None
    if called in _FIELDS:
        return str(called)
    if token.kind == "end":
        _wrong(token.column, "here a field is missing.", f"use one of: {', '.join(_FIELDS)}.")
    return _wrong(token.column, f"there is no field {quoted(token.text)}.", did_you_mean(name, _FIELDS))


def _comparison(field: str, sign: str, value: _Token) -> Filter:
    """Return the test that compares a field with a value."""
    try:
        if field == _EMBARGO:
            if sign == "~":
                raise Refused("accepts_embargo holds no words.", "write accepts_embargo, alone.", "")
            wanted = read_yes_no(value.text) == (sign == "=")
            return lambda recipient: recipient.accepts_embargo == wanted
        if field == "language" and sign != "~":
            tag = read_language(value.text)
            return _of_language(tag) if sign == "=" else _not(_of_language(tag))
        if field == "formats" and sign != "~" and value.text and value.text not in WISHES:
            raise Refused(f"there is no format {quoted(value.text)}.", did_you_mean(value.text, WISHES), "")
    except Refused as refused:
        _wrong(value.column, refused.what, refused.fix)
    words, sought = _WORDS[field], _plain(value.text)
    if sign == "~":
        return lambda recipient: any(sought in _plain(word) for word in words(recipient))

    def same(recipient: Recipient) -> bool:
        return any(sought == _plain(word) for word in words(recipient))

    return same if sign == "=" else _not(same)


def _of_language(tag: str) -> Filter:
    within = f"{tag}-" if tag else "\0"
    return lambda recipient: recipient.language == tag or recipient.language.startswith(within)


def _not(test: Filter) -> Filter:
    return lambda recipient: not test(recipient)


def _plain(words: str) -> str:
    """Return words without case and accents."""
    if words.isascii():
        return words.lower()
    decomposed = unicodedata.normalize("NFKD", words.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _wrong(column: int, what: str, fix: str) -> NoReturn:
    raise WrongUsage(Problem(Place("--where", 1, column), "", what, fix, "filter-wrong"))
