"""Inline content as runs: what is strong, stressed, linked, in another language or another script.

Source: ECMA-376 part 1, 17.3.2 (run properties, in the order of CT_RPr), 17.3.3 (run content), 17.16.22
(hyperlink); 17.7.3 (toggle properties).

Not here: paragraphs (`body`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, assert_never

from presskit.document import nodes
from presskit.model.theme import Theme
from presskit.writers.docx.markup import escaped, quoted

UNSAFE_IN_ADDRESS = re.compile(r"[\x00-\x20\"<>\\^`{|}]")
TEXT = '<w:t xml:space="preserve">'
CHARACTERS = {
    "\t": "<w:tab/>",
    "\n": "<w:br/>",
    "\u2011": "<w:noBreakHyphen/>",  # few fonts have the character; Word draws its own from a hyphen
    "\u00ad": "<w:softHyphen/>",  # as a character Word shows it in the middle of a line too
}
SPECIAL = re.compile("[\t\n\u2011\u00ad]")


class Scripts(NamedTuple):
    """The characters that need a font of their own, by the theme's fallbacks."""

    special: re.Pattern[str]  # any character that needs more than to be copied
    stretches: re.Pattern[str] | None  # stretches of one fallback: its group tells which
    names: tuple[str, ...]  # of the fonts, by group


@lru_cache(8)
def scripts_of(theme: Theme) -> Scripts:
    """Return what is to be looked for in texts under a theme."""
    classes = [
        "".join(
            f"\\U{int(a, 16):08x}-\\U{int(b, 16):08x}" for a, b in (r.split("-") for r in fallback.ranges)
        )
        for fallback in theme.fonts.fallbacks
    ]
    groups = [rf"([{found}]+(?:\s+[{found}]+)*)" for found in classes]
    special = re.compile(f"[&<>\t\n\u2011\u00ad{''.join(classes)}]")
    stretches = re.compile("|".join(groups)) if groups else None
    return Scripts(special, stretches, tuple(f.name for f in theme.fonts.fallbacks))


class Manner(NamedTuple):
    """How words are set at one depth of the inline tree."""

    style: str = ""  # character style; "": by strong and stressed
    strong: bool = False
    stressed: bool = False
    language: str = ""
    font: str = ""
    linked: bool = False


PLAIN = Manner()


class Runs:
    """Makes runs and keeps the addresses they lead to."""

    def __init__(self, theme: Theme) -> None:
        """Make one for a part of a release."""
        self._scripts = scripts_of(theme)
        self.addresses: dict[str, str] = {}  # address: relationship id

    def plain(self, text: str, style: str = "") -> str:
        """Return the runs of a text, in a character style if one is named."""
        return self._text(text, Manner(style=style)) if text else ""

    def of(self, content: Iterable[nodes.Inline], manner: Manner = PLAIN) -> str:
        """Return the runs of inline content."""
        return "".join([self._inline(inline, manner) for inline in content])

    def _inline(self, inline: nodes.Inline, manner: Manner) -> str:
        match inline:
            case nodes.Text(text):
                return self._text(text, manner)
            case nodes.Break():
                return f"<w:r>{properties(manner)}<w:br/></w:r>"
            case nodes.Strong(content):
                return self.of(content, manner._replace(strong=True))
            case nodes.Emphasis(content):
                return self.of(content, manner._replace(stressed=True))
            case nodes.Span(language, content):
                return self.of(content, manner._replace(language=language))
            case nodes.Link(url, content):
                return self._link(url, content, manner)
            case _:
                assert_never(inline)

    def _link(self, url: str, content: tuple[nodes.Inline, ...], manner: Manner) -> str:
        if manner.linked:  # 17.16.22: no link within a link
            return self.of(content, manner)
        target = self.addresses.setdefault(address(url), f"rIdLink{len(self.addresses) + 1}")
        runs = self.of(content, manner._replace(style="Hyperlink", linked=True))
        return f'<w:hyperlink r:id="{target}" w:history="1">{runs}</w:hyperlink>'

    def _text(self, text: str, manner: Manner) -> str:
        if not self._scripts.special.search(text):
            return f"<w:r>{properties(manner)}{TEXT}{text}</w:t></w:r>"
        stretches, at, runs = self._scripts.stretches, 0, []
        for found in stretches.finditer(text) if stretches else ():
            if found.start() > at:
                runs.append(_run(text[at : found.start()], manner))
            assert found.lastindex is not None
            runs.append(_run(found[0], manner._replace(font=self._scripts.names[found.lastindex - 1])))
            at = found.end()
        if at < len(text):
            runs.append(_run(text[at:], manner))
        return "".join(runs)


def _run(text: str, manner: Manner) -> str:
    content = f"{TEXT}{escaped(text)}</w:t>"
    if SPECIAL.search(text):
        for character, element in CHARACTERS.items():
            content = content.replace(character, f"</w:t>{element}{TEXT}")
        content = content.replace(f"{TEXT}</w:t>", "")
    return f"<w:r>{properties(manner)}{content}</w:r>"


@lru_cache(1024)
def properties(manner: Manner) -> str:
    """Return the properties of a run; "" when it has none.

    Why: strong and stressed are said twice, as a style and as such: two styles that both are bold, a
    heading's and Strong, cancel each other out (17.7.3), and a direct property does not.
    """
    style, strong, stressed, language, font, _ = manner
    style = style or ("Strong" if strong else "Emphasis" if stressed else "")
    parts = [f'<w:rStyle w:val="{style}"/>'] if style else []
    if font:
        name = quoted(font)
        parts.append(f'<w:rFonts w:ascii="{name}" w:eastAsia="{name}" w:hAnsi="{name}" w:cs="{name}"/>')
    if strong:
        parts.append("<w:b/><w:bCs/>")
    if stressed:
        parts.append("<w:i/><w:iCs/>")
    if language:
        parts.append(f'<w:lang w:val="{quoted(language)}"/>')
    return f"<w:rPr>{''.join(parts)}</w:rPr>" if parts else ""


def address(url: str) -> str:
    """Return an address as a relationship can carry it.

    Source: ECMA-376 part 2, 8.2 (targets are IRI references); Word calls a file with a blank or a brace in
    a target damaged.
    """
    return UNSAFE_IN_ADDRESS.sub(lambda found: f"%{ord(found[0]):02X}", url)
