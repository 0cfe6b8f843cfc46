from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from re import sub

import pytest

from presskit.compose import compose
from presskit.document import nodes
from presskit.document.dump import dump
from presskit.document.walk import blocks, passages, plain, words
from presskit.errors import ProblemsFound
from presskit.load.office import load_registers
from presskit.load.release import load_release
from presskit.model.registers import Draft
from presskit.model.release import Release
from presskit.workspace import Workspace
from tests.compose.drafts import AGENCIES, REGISTERS, ROOT, draft, everything, pack

SEED = Path(__file__).with_name("seed.txt")


def seed() -> Draft:
    workspace = Workspace(ROOT, datetime(2026, 1, 1, tzinfo=UTC))
    registers, _ = load_registers(workspace)
    found, _ = load_release("ijfs-world-day", registers, workspace)
    return found


def cleared_seed() -> Draft:
    return replace(seed(), cleared=True)


def problems(found: Draft, language: str = "en-CA") -> list[tuple[str, str, str]]:
    with pytest.raises(ProblemsFound) as raised:
        compose(found, pack(language))
    return [(str(p.place), p.field, p.code) for p in raised.value.problems]


def test_the_seed_release_becomes_the_tree_it_always_became(golden: Callable[[str, str], None]) -> None:
    golden("compose/seed.tree", dump(compose(cleared_seed(), pack("en-CA"))))


def test_a_french_release_with_everything_becomes_the_tree_it_always_became(
    golden: Callable[[str, str], None],
) -> None:
    golden("compose/everything.tree", dump(compose(everything(), pack("fr-CA"))))


def test_the_seed_release_says_word_for_word_what_was_issued_in_that_order() -> None:
    issued = [sub(r"^(?:\d+\. |- )", "", line) for line in SEED.read_text("utf-8").splitlines()]
    composed = [line.replace("\u00a0", " ") for line in words(compose(seed(), pack("en-CA")))]
    start = composed.index(issued[0])
    assert composed[start : start + len(issued)] == issued
    assert composed[start + len(issued) :] == [
        "Media contact",
        "IJFS Media Relations",
        "media@example.org",
        "-30-",
    ]


def test_the_head_says_what_a_writer_needs() -> None:
    head = compose(everything(), pack("fr-CA")).head
    assert (
        head.title == "Le «\u00a0nouveau\u00a0» pont de l’Ouest est ouvert\u00a0: 12\u00a0000\u00a0passages"
    )
    assert (head.running_title, head.office, head.language, head.slug) == (
        "Pont ouvert",
        "Orillia",
        "fr-CA",
        "test",
    )
    assert head.summary.startswith(
        "Le pont de l’Ouest est ouvert depuis le 1er\u00a0juillet 2025 – enfin! Voir le site."
    )
    assert head.masthead == nodes.Masthead(
        "Ville d’Orillia", "COMMUNIQUÉ", "30\u00a0juillet 2025", "N°\u00a02025-14"
    )
    assert head.place == "ORILLIA (Ontario)"
    assert head.embargo == datetime(2025, 7, 30, 13, 30, tzinfo=UTC) == head.issued
    (attached,) = head.attachments
    assert (attached.name, attached.media_type) == ("release.json", "application/json")
    assert Release.model_validate(json.loads(attached.data)) == everything().release
    assert attached.description == "Les données structurées de ce communiqué"
    assert head.page_label == "Page {page} de {pages}"


def test_a_release_without_reference_or_short_headline_prints_none() -> None:
    head = compose(draft({}), pack("en-CA")).head
    assert (head.masthead.reference, head.running_title) == ("", "A headline")


def test_the_smallest_release_has_no_empty_sections() -> None:
    document = compose(draft({"end_mark": "no"}), pack("en-CA"))
    assert [type(block).__name__ for block in document.blocks] == ["Notice", "Headline", "Paragraph"]


def test_every_id_of_a_document_is_there_once_and_every_field_is_known() -> None:
    document = compose(everything(), pack("fr-CA"))
    ids = [block.id for block in blocks(document)]
    assert len(ids) > 30
    assert len(set(ids)) == len(ids)
    assert all(field for block in blocks(document) for field, _ in passages(block))


def test_what_is_said_in_another_language_is_marked_as_such() -> None:
    said = {block.id: block for block in blocks(compose(everything(), pack("fr-CA")))}
    paragraph = said["english"]
    assert isinstance(paragraph, nodes.Paragraph)
    assert paragraph.content == (nodes.Span("en-CA", (nodes.Text("He said “well done” on July\u00a030."),)),)
    quote = said["quote.smith"]
    assert isinstance(quote, nodes.Quote)
    (speech,) = quote.speech
    assert speech[1] == nodes.Span("en-CA", (nodes.Text("Great bridge, 5\u00a0lanes."),))
    assert plain(speech) == "«\u00a0Great bridge, 5\u00a0lanes.\u00a0»"


def test_titles_agencies_and_rosters_are_those_of_the_release_date() -> None:
    fields = {"body": ["A.", {"agencies": ["sudbury"]}], "boilerplates": ["unit"]}
    fields |= {"quotes": [{"id": "roy", "speaker": "roy", "words": "Yes."}]}
    before = words(compose(draft(fields), pack("en-CA")))
    after = words(compose(draft({**fields, "issued": "2026-01-01"}), pack("en-CA")))
    assert "Sudbury Police" in before and "Greater Sudbury Police" in after
    assert "– Sgt.\u00a0Anne Roy, Lead" in before and "– Insp.\u00a0Anne Roy, Joint Unit" in after
    assert "St.\u00a0Stephen Police" in before and "Durham Regional Police" not in before
    assert "Durham Regional Police" in after and "St.\u00a0Stephen Police" not in after


def test_an_agency_that_stands_twice_in_a_list_gets_an_id_of_its_own() -> None:
    document = compose(draft({"body": ["A.", {"agencies": ["opp", "durham", "opp"]}]}), pack("en-CA"))
    (agencies,) = (block for block in blocks(document) if isinstance(block, nodes.AgencyList))
    assert [item.id for item in agencies.items] == ["agencies.1.opp", "agencies.1.durham", "agencies.1.opp.2"]


def test_names_missing_in_the_release_language_are_reported_together_each_with_its_file() -> None:
    registers = replace(
        REGISTERS,
        agencies={"opp": AGENCIES["opp"].model_copy(update={"name": {"en": "Ontario Provincial Police"}})},
        boilerplates={
            "unit": REGISTERS.boilerplates["unit"].model_copy(
                update={"body": {"en": ("It.",)}, "roster": None}
            )
        },
    )
    found = draft({"body": ["A.", {"agencies": ["opp"]}], "boilerplates": ["unit"]}, language="fr")
    assert problems(replace(found, registers=registers), "fr") == [
        ("data/agencies.yaml", "agencies#opp.name", "name-language-missing"),
        ("data/boilerplates/unit.yaml", "boilerplates/unit#body", "name-language-missing"),
    ]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"body": ["[x](javascript:alert(1))"]}, ("body[0]", "link-scheme")),
        ({"body": ["[x](relative/page)"]}, ("body[0]", "link-scheme")),
        ({"body": ['[x](https://example.org "a title")']}, ("body[0]", "link-scheme")),
        ({"body": ["a\u0008b"]}, ("body[0]", "character-forbidden")),
        ({"subhead": "a\ufffeb"}, ("subhead", "character-forbidden")),
        ({"body": [{"id": "a", "text": "A."}, {"id": "a", "text": "B."}]}, ("body[1]", "id-twice")),
        ({"body": [{"id": "headline", "text": "A."}]}, ("body[0]", "id-twice")),
        ({"body": [{"id": "quotes", "text": "A."}]}, ("body[0]", "id-twice")),
        ({"body": [{"heading": "A"}], "dateline": "ORILLIA"}, ("dateline", "dateline-nowhere")),
    ],
)
def test_what_can_not_be_printed_is_a_problem_of_its_field(
    fields: dict[str, object], problem: tuple[str, str]
) -> None:
    assert [(field, code) for _, field, code in problems(draft(fields))] == [problem]


def nested(levels: int) -> dict[str, object]:
    item: dict[str, object] = {"text": "the end"}
    for _ in range(levels - 1):
        item = {"text": "more", "items": [item]}
    return {"body": [{"list": [item]}]}


def test_a_list_of_nine_levels_is_printed_and_one_of_ten_is_not() -> None:
    assert "the end" in words(compose(draft(nested(9)), pack("en-CA")))
    ((_, field, code),) = problems(draft(nested(10)))
    assert (field, code) == ("body[0].list[0]" + ".items[0]" * 8, "list-too-deep")


def test_the_same_draft_gives_the_same_tree_in_every_process() -> None:
    script = (
        "from tests.compose.drafts import everything, pack\n"
        "from presskit.compose import compose\n"
        "from presskit.document.dump import dump\n"
        "import sys; sys.stdout.buffer.write(dump(compose(everything(), pack('fr-CA'))).encode())\n"
    )
    trees = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed_number, "PYTHONPATH": str(ROOT), "TZ": zone},
            capture_output=True,
            check=True,
        ).stdout
        for seed_number, zone in (("0", "UTC"), ("1", "Asia/Tokyo"))
    }
    assert trees == {dump(compose(everything(), pack("fr-CA"))).encode()}


def test_importing_compose_loads_neither_jinja_nor_babel_nor_markdown() -> None:
    script = "import sys, presskit.compose; print(*{'jinja2', 'babel', 'markdown_it'} & sys.modules.keys())"
    command = [sys.executable, "-c", script]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert loaded.stdout.strip() == ""
