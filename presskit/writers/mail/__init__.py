"""The tree as the body of an e-mail: the release whole, as plain text and as HTML, with a foot below it.

Nothing is hidden in the HTML, nothing is loaded from elsewhere and nobody is counted: what a reporter reads
is the release.  Not here: heads, attachments and MIME (`send`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from presskit.document import nodes
from presskit.document.foot import Foot
from presskit.document.walk import blocks
from presskit.model.theme import Theme
from presskit.writers.mail.elements import message_html
from presskit.writers.mail.style import inlined_rules
from presskit.writers.text import COLUMNS, colon_of, fill, write_text
from presskit.writers.theme import logo_of

if TYPE_CHECKING:
    from css_inline import CSSInliner

__all__ = ["Foot", "MailBody", "Picture", "write_mail"]

RULE = "-" * COLUMNS
"""Between the release and the foot; “-- ” alone would make mail programs fold away what follows.

Source: RFC 3676, 4.3 (usenet signature convention).
"""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture the HTML shows, to be sent along with it."""

    cid: str  # Content-ID without its angle brackets
    media_type: Literal["image/jpeg", "image/png"]
    data: bytes


@dataclass(frozen=True, slots=True)
class MailBody:
    """One release as a reporter reads it, in two forms that say the same."""

    text: str  # lines ended by LF
    html: str
    pictures: tuple[Picture, ...]  # in reading order


def write_mail(document: nodes.Document, theme: Theme, foot: Foot) -> MailBody:
    """Return the body of the message that carries a release; its text begins with the kit's, to the byte."""
    shown = {figure.id: _picture(figure) for figure in _figures(document, theme)}
    html = message_html(document, theme, foot, {figure_id: p.cid for figure_id, p in shown.items()})
    text = write_text(document, theme).decode() + _foot_text(foot, document.head.language)
    return MailBody(text, _inliner(theme).inline(html), tuple(shown.values()))


def _figures(document: nodes.Document, theme: Theme) -> Iterator[nodes.Figure]:
    """Yield the logo, if any, and the pictures of the release."""
    if logo := logo_of(theme):
        yield logo
    yield from (block for block in blocks(document) if isinstance(block, nodes.Figure))


def _picture(figure: nodes.Figure) -> Picture:
    """Return a figure's picture under a name that is the same whenever the same picture stands there.

    Source: RFC 2392, 2 and RFC 5322, 3.6.4: a Content-ID is written like a Message-ID.
    """
    image = figure.image
    name = re.sub("[^a-z0-9]+", "-", figure.id.lower()).strip("-")[:40].strip("-") or "picture"
    return Picture(f"{name}.{sha256(image.data).hexdigest()[:16]}@presskit", image.media_type, image.data)


@lru_cache(16)
def _inliner(theme: Theme) -> CSSInliner:
    """Return what writes a theme's rules into the elements they are for; it never loads anything."""
    from css_inline import CSSInliner

    return CSSInliner(
        inline_style_tags=False,
        keep_style_tags=True,
        load_remote_stylesheets=False,
        extra_css=inlined_rules(theme),
    )


def _foot_text(foot: Foot, language: str) -> str:
    """Return the foot as plain text, its checkpoint as it is: somebody may want to copy and check it."""
    colon = colon_of(language)
    links = "\n".join(_link(f"{label}{colon}", f"<{url}>") for label, url in foot.links)
    parts = (RULE, *map(fill, foot.lines), links, fill(foot.meaning), foot.checkpoint.rstrip("\n"))
    return "".join(f"\n{part}\n" for part in parts if part)


def _link(label: str, address: str) -> str:
    """Return label and address; an address is never cut, since it would lead nowhere."""
    line = fill(label + address)
    return line if address in line else f"{fill(label)}\n{address}"
