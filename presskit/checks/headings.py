"""House rules about headings as they are printed.

Not here: the headline's length (`release`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from presskit.checks.rules import Finding
from presskit.document import nodes
from presskit.document.walk import blocks, plain

SMALL_WORDS = {
    "en": "THE OF AND FOR AGAINST WITH FROM ABOUT TO BY THAT OUR YOUR",
    "fr": "LES DES DU POUR CONTRE AVEC AUX DANS NOS VOS CHEZ",
}
"""Words no name or abbreviation consists of; in capitals they show that a piece of a heading was typed so."""


def half_capital(document: nodes.Document) -> Iterator[Finding]:
    """Headings of which a part is in capitals and a part is not.

    Source: "About THE IJFS" and "About WORLD DAY AGAINST TRAFFICKING IN PERSONS" in the release of July 2025.
    """
    small = SMALL_WORDS.get(document.head.language.split("-")[0], "").split()
    for block in blocks(document):
        if isinstance(block, nodes.Heading | nodes.Headline):
            words = re.findall(r"[^\W\d_]+", text := plain(block.content))
            shouted = [word for word in words if word in small]
            if shouted and any(not word.isupper() for word in words):
                what = f"“{text}” is partly in capitals: {', '.join(shouted)}."
                yield Finding(
                    block.field, what, "write it as a sentence; templates set capitals where wanted."
                )
