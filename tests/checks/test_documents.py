from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from presskit.checks import check_document
from presskit.document import nodes
from presskit.document.nodes import (
    Document,
    Emphasis,
    Heading,
    Inline,
    Link,
    Paragraph,
    Section,
    Strong,
    Text,
)
from presskit.load.office import load_registers
from presskit.load.release import load_release
from presskit.load.yaml import Places
from presskit.model.registers import Draft
from tests.projects import office


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> tuple[Draft, Places]:
    workspace = office("city", tmp_path_factory.mktemp("office"))
    registers, places = load_registers(workspace)
    draft, own = load_release("clinic", registers, workspace, places)
    return draft, places | own


def document(*blocks: nodes.Block, language: str = "en-CA") -> Document:
    masthead = nodes.Masthead("City", "NEWS RELEASE", "June 3, 2025", "")
    issued = datetime(2025, 6, 3, tzinfo=UTC)
    head = nodes.Head(
        "x", language, "x", "City", "x", issued, "x", masthead, "{page}", "Picture", "EXAMPLE, ON"
    )
    return Document(head, blocks)


def heading(words: str, field: str = "body[1].heading") -> Heading:
    return Heading("x", field, 2, (Text(words),))


def paragraph(*content: Inline) -> Paragraph:
    return Paragraph("x", "body[0]", content)


def found(clinic: tuple[Draft, Places], *blocks: nodes.Block, language: str = "en-CA") -> list[str]:
    problems = check_document(document(*blocks, language=language), *clinic)
    assert all(problem.place.line for problem in problems)
    return [f"{problem.code} {problem.field}" for problem in problems]


@pytest.mark.parametrize(
    "words",
    [
        "About THE IJFS",
        "About WORLD DAY AGAINST TRAFFICKING IN PERSONS",
        "Notes FOR editors",
        "THE office here",
    ],
)
def test_a_heading_partly_in_capitals_is_reported(words: str, clinic: tuple[Draft, Places]) -> None:
    assert found(clinic, heading(words)) == ["heading-case body[1].heading"]


@pytest.mark.parametrize(
    "words",
    [
        "About the IJFS",
        "NASA and ESA sign AN-12 deal",
        "QUOTES",
        "ABOUT THE IJFS",
        "Court in Orillia, ON",
        "WHO and the US on IT",
        "À propos de la SQ",
        "Émission de l’OPP à 10 h ET 12 h",
    ],
)
def test_a_heading_with_abbreviations_or_all_in_capitals_is_not(
    words: str, clinic: tuple[Draft, Places]
) -> None:
    assert found(clinic, heading(words)) == []
    assert found(clinic, heading(words), language="fr-CA") == []


def test_headings_of_sections_and_the_headline_are_looked_at_too(clinic: tuple[Draft, Places]) -> None:
    section = Section("x", "", "boilerplate", heading("About THE City", "boilerplates/city#heading"), ())
    headline = nodes.Headline("headline", "headline", (Text("City OF Example opens clinic"),))
    assert found(clinic, headline, section) == ["heading-case headline", "heading-case heading"]
    french = heading("Les mesures POUR la santé")
    assert found(clinic, french, language="fr-CA") == ["heading-case body[1].heading"]
    assert found(clinic, french) == []


@pytest.mark.parametrize("words", ["here", "Click here", "HERE.", "read more…", "this link", "more info"])
def test_a_link_that_says_nothing_is_reported(words: str, clinic: tuple[Draft, Places]) -> None:
    link = Link("https://example.org", (Strong((Text(words),)),))
    assert found(clinic, paragraph(Text("See "), Emphasis((link,)))) == ["link-vague body[0]"]


@pytest.mark.parametrize(("words", "language"), [("Cliquez ici", "fr-CA"), ("« ici »", "fr"), ("aquí", "es")])
def test_a_link_that_says_nothing_is_reported_in_its_language(
    words: str, language: str, clinic: tuple[Draft, Places]
) -> None:
    block = paragraph(Link("https://example.org", (Text(words),)))
    assert found(clinic, block, language=language) == ["link-vague body[0]"]
    assert found(clinic, block, language="iu-Cans-CA") == []


@pytest.mark.parametrize("words", ["the clinic’s hours", "example.org", "Here comes the sun", "More rooms"])
def test_a_link_that_names_what_is_there_is_not_reported(words: str, clinic: tuple[Draft, Places]) -> None:
    assert found(clinic, paragraph(Link("https://example.org", (Text(words),)))) == []


def test_a_link_without_encryption_is_reported(clinic: tuple[Draft, Places]) -> None:
    unsafe, mail = Link("HTTP://example.org", (Text("hours"),)), Link("mailto:a@example.org", (Text("a"),))
    contact = nodes.Contact("contact.x", "people#press-desk", ((unsafe,), (mail,)))
    assert found(clinic, contact) == ["link-insecure press-desk"]


def test_the_house_turns_document_rules_off_too(clinic: tuple[Draft, Places]) -> None:
    draft, places = clinic
    house = draft.registers.house.model_copy(update={"rules": {"heading-case": "off", "link-vague": "error"}})
    strict = replace(draft, registers=replace(draft.registers, house=house))
    blocks = heading("About THE City"), paragraph(Link("https://example.org", (Text("here"),)))
    problems = check_document(document(*blocks), strict, places)
    assert [(problem.code, problem.severity) for problem in problems] == [("link-vague", "error")]
