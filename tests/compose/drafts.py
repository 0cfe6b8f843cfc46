"""Drafts made by hand: the smallest one, and a French one that holds everything a release can hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from presskit.load.pack import load_pack
from presskit.model.agencies import Agency, Roster
from presskit.model.house import Boilerplate, House
from presskit.model.pack import Pack
from presskit.model.people import Person
from presskit.model.registers import Draft, Photo, Registers
from presskit.model.release import Release
from presskit.workspace import Workspace

ROOT = Path(__file__).parents[2]
TORONTO = ZoneInfo("America/Toronto")
DAY = date(2025, 7, 30)


@cache
def pack(language: str) -> Pack:
    """The pack presskit comes with, in one language."""
    return load_pack(Workspace(ROOT, datetime(2026, 1, 1, tzinfo=UTC)), "news-release", language)


def with_templates(templates: Mapping[str, str], language: str = "en-CA") -> Pack:
    """The pack with some of its templates replaced."""
    shipped = pack(language)
    return Pack(shipped.name, {**shipped.templates, **templates}, shipped.wording, shipped.theme)


HOUSE = House.model_validate(
    {
        "name": {"en": "City of Orillia", "fr": "Ville d'Orillia"},
        "short_name": {"en": "Orillia", "fr": "Orillia"},
        "domain": "example.org",
        "time_zone": "America/Toronto",
        "language": "en-CA",
    }
)

AGENCIES = {
    agency.id: agency
    for agency in map(
        Agency.model_validate,
        (
            {
                "id": "opp",
                "name": {"en": "Ontario Provincial Police", "fr": "Police provinciale de l'Ontario"},
            },
            {"id": "etienne", "name": {"en": "St. Stephen Police", "fr": "Étienne-Brûlé Police"}},
            {"id": "durham", "name": {"en": "Durham Regional Police", "fr": "Police régionale de Durham"}},
            {
                "id": "sudbury",
                "name": {"en": "Greater Sudbury Police", "fr": "Police du Grand Sudbury"},
                "former_names": [
                    {"name": {"en": "Sudbury Police", "fr": "Police de Sudbury"}, "end": "2025-12-31"}
                ],
            },
        ),
    )
}

PEOPLE = {
    person.id: person
    for person in map(
        Person.model_validate,
        (
            {
                "id": "roy",
                "name": "Anne Roy",
                "titles": [
                    {
                        "rank": {"en": "Sgt.", "fr": "Sgte"},
                        "title": {"en": "Lead", "fr": "Responsable"},
                        "end": "2025-12-31",
                    },
                    {"rank": {"en": "Insp.", "fr": "Insp."}, "start": "2026-01-01"},
                ],
                "organisation": {"en": "Joint Unit", "fr": "Unité mixte"},
                "phone": "+1 705 555-0123, poste 12",
                "email": "anne.roy@example.org",
            },
            {"id": "desk", "name": "Media Desk", "phone": "1-888-BE-FOUND"},
            {
                "id": "smith",
                "name": "J. O'Neill-Smith",
                "organisation": {"en": "City of Orillia", "fr": "Ville d'Orillia"},
            },
        ),
    )
}

REGISTERS = Registers(
    house=HOUSE,
    people=PEOPLE,
    agencies=AGENCIES,
    rosters={
        "unit": Roster.model_validate(
            {
                "name": {"en": "Members", "fr": "Membres"},
                "members": [
                    {"agency": "opp"},
                    {"agency": "durham", "start": "2026-01-01"},
                    {"agency": "etienne", "end": "2025-07-30"},
                ],
            }
        )
    },
    boilerplates={
        "unit": Boilerplate.model_validate(
            {
                "heading": {"en": "About the unit", "fr": "À propos de l'unité"},
                "body": {"en": "It is new.", "fr": ["Elle est nouvelle.", "Elle compte 12 personnes."]},
                "roster": {"id": "unit", "intro": {"en": "Members:", "fr": "Membres:"}, "form": "columns"},
            }
        )
    },
)

PHOTO = Photo("pont.png", "image/png", b"not looked at", 1200, 800)

SOURCE = b"headline: as typed\n"


def draft(release: Mapping[str, Any], *, language: str = "en-CA", embargo: datetime | None = None) -> Draft:
    """A draft of a release, with the registers above."""
    fields = {"headline": "A headline", "issued": DAY, "body": ["A paragraph."], **release}
    return Draft(
        slug="test",
        language=language,
        release=Release.model_validate(fields),
        registers=REGISTERS,
        photos={PHOTO.name: PHOTO},
        source=SOURCE,
        issued=embargo or datetime(2025, 7, 30, tzinfo=TORONTO),
        embargo=embargo,
        cleared=True,
    )


def everything() -> Draft:
    """A release in French with every kind of block, each agency form, marks, links and an embargo."""
    release = {
        "headline": 'Le "nouveau" pont de l\'Ouest est ouvert: 12 000 passages',
        "short_headline": "Pont ouvert",
        "subhead": "Après 3 ans & 5 mois",
        "reference": "2025-14",
        "dateline": "ORILLIA (Ontario)",
        "body": [
            "Le pont *de l'Ouest* est **ouvert** depuis le 1er juillet 2025 -- enfin! Voir [le site](https://example.org/a--b?c=1&d=2).",
            {"id": "english", "text": 'He said "well done" on July 30.', "language": "en-CA"},
            {"heading": "Les travaux"},
            {
                "id": "phases",
                "form": "numbered",
                "list": [
                    "Première phase",
                    {"text": "Deuxième phase", "items": ["nord", {"text": "sud", "items": ["a", "b"]}]},
                ],
            },
            {"agencies": ["sudbury", "opp", "etienne"], "intro": "Partenaires:", "order": "alphabetical"},
            {"id": "puces", "agencies": ["sudbury", "opp"], "form": "bulleted"},
            {"agencies": ["sudbury", "opp", "etienne"], "intro": "Avec", "form": "sentence"},
            {"agencies": ["sudbury", "opp"], "form": "columns"},
            {
                "photo": "pont.png",
                "alt": 'Un pont "neuf"',
                "caption": "Le pont, *vu du sud*",
                "credit": "Ville d'Orillia",
            },
            {"table": "Passages", "header": ["Mois", "Nombre"], "rows": [["Juin", "9 000"], ["Juillet", ""]]},
            {"quote": "smith"},
            {"page_break": "yes"},
            "Fin <b>du</b> texte &amp; c'est tout.",
        ],
        "quotes": [
            {"id": "roy", "speaker": "roy", "words": ['Nous sommes "très" fiers.', "C'est tout."]},
            {"id": "smith", "speaker": "smith", "words": ["“Great bridge, 5 lanes.”"], "language": "en-CA"},
        ],
        "facts": ["5 voies", "12 000 passages par jour"],
        "boilerplates": ["unit"],
        "notes": [{"heading": "Photos"}, "Des photos sont *disponibles*."],
        "contacts": ["roy", "desk"],
    }
    return draft(release, language="fr-CA", embargo=datetime(2025, 7, 30, 13, 30, tzinfo=UTC))
