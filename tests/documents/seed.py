"""The seed release as a tree: what data/releases/ijfs-world-day says."""

from __future__ import annotations

from dataclasses import replace

from presskit.document.nodes import Attachment, Document, Headline
from tests.documents.content import ABOUT_DAY, ABOUT_IJFS, BODY, HEADLINE, MEMBERS, PARTNERS
from tests.documents.parts import (
    HEAD,
    about,
    agencies,
    contacts,
    end_mark,
    notice,
    paragraph,
    quote,
    section,
    words,
)


def seed() -> Document:
    """Return the seed release, complete."""
    paragraphs = [paragraph(n, text) for n, text in enumerate(BODY, 1)]
    data = b"headline: 80 individuals charged\nissued: 2025-07-30\n"
    attachment = Attachment(
        "ijfs-world-day.yaml", "application/yaml", data, "The structured data of this release"
    )
    partners = agencies("agencies.1", "body[6]", "numbered", PARTNERS)
    members = agencies("boilerplate.ijfs.roster", "boilerplates/ijfs#roster", "bulleted", MEMBERS)
    return Document(
        replace(HEAD, attachments=(attachment,)),
        (
            notice(),
            Headline("headline", "headline", words(HEADLINE)),
            replace(paragraphs[0], dateline="(ORILLIA, ON) – "),
            *paragraphs[1:],
            replace(partners, intro=words("IJFS partner agencies who supported this investigation include:")),
            section("quotes", "quotes", "QUOTES", (quote("dusto"),)),
            about(
                "ijfs",
                "About THE IJFS",
                ABOUT_IJFS,
                (replace(members, intro=words("The participating police agencies include:")),),
            ),
            about("world-day", "About WORLD DAY AGAINST TRAFFICKING IN PERSONS", ABOUT_DAY),
            contacts(),
            end_mark(),
        ),
    )
