from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest

from presskit.compose import TEMPLATE, compose
from presskit.document import nodes
from presskit.document.dump import dump
from presskit.document.walk import plain
from presskit.errors import ProblemsFound
from presskit.model.house import Wording
from presskit.model.registers import Draft
from presskit.writers import WRITERS
from tests.compose.drafts import draft, pack, with_templates
from tests.compose.test_compose import seed
from tests.writers.pdf.anatomy import opened, painted

LINES = {"en-CA": "DRAFT – not approved", "fr-CA": "ÉBAUCHE – non approuvée"}


def uncleared(**fields: object) -> Draft:
    return replace(draft(fields), cleared=False)


def notices(found: Draft, language: str = "en-CA") -> list[tuple[str, str]]:
    blocks = compose(found, pack(language)).blocks
    return [(block.kind, plain(block.content)) for block in blocks if isinstance(block, nodes.Notice)]


def test_a_release_as_loaded_is_a_draft_and_says_so_before_all_else(
    golden: Callable[[str, str], None],
) -> None:
    found = seed()
    assert not found.cleared
    document = compose(found, pack("en-CA"))
    label = (nodes.Text("DRAFT – not approved"),)
    assert document.blocks[0] == nodes.Notice("draft", "", "draft", label)
    golden("compose/draft.tree", dump(document))


@pytest.mark.parametrize("language", LINES)
def test_a_draft_is_marked_in_its_language_until_it_is_cleared(language: str) -> None:
    found = replace(draft({}, language=language), cleared=False)
    kind, line = notices(found, language)[0]
    assert (kind, line.replace("\u00a0", " ")) == ("draft", LINES[language])
    assert "draft" not in dict(notices(replace(found, cleared=True), language))


def test_no_template_can_lose_the_draft_line_in_any_format() -> None:
    bare = '<document><paragraph id="p" field="body[0]">Words.</paragraph></document>'
    templates = with_templates({TEMPLATE: bare})
    document = compose(uncleared(), templates)
    files = {name: writer.write(document, templates.theme) for name, writer in WRITERS.items()}
    words = {
        "text": files["text"].decode(),
        "html": files["html"].decode(),
        "docx": zipfile.ZipFile(io.BytesIO(files["docx"])).read("word/document.xml").decode(),
        "pdf": "".join(s.text for s in painted(opened(files["pdf"])).shown),
        "pdf-press": "".join(s.text for s in painted(opened(files["pdf-press"])).shown),
    }
    assert words.keys() == WRITERS.keys()
    assert [name for name, said in words.items() if "DRAFT – not approved" not in said] == []


def test_a_pack_without_words_for_it_marks_drafts_in_english() -> None:
    older = pack("en-CA").wording.model_dump(exclude={"draft", "correction", "withdrawal"})
    wording = Wording.model_validate(older)
    assert (wording.draft, wording.correction) == ("DRAFT – not approved", "CORRECTION: {words}")


def test_a_correction_says_what_is_corrected_between_draft_line_and_notice() -> None:
    found = uncleared(corrects="bridge", correction="It is *165* -- not 156.")
    assert notices(found) == [
        ("draft", "DRAFT – not approved"),
        ("correction", "CORRECTION: It is 165 – not 156."),
        ("immediate", "FOR IMMEDIATE RELEASE"),
    ]


def test_a_withdrawal_says_why_in_the_language_of_the_release() -> None:
    fields = {"withdraws": "pont", "correction": "Le pont reste fermé."}
    (first, _) = notices(draft(fields, language="fr-CA"), "fr-CA")
    assert first == ("withdrawal", "RETRAIT\u00a0: Le pont reste fermé.")


def test_no_block_can_take_the_id_of_the_draft_line() -> None:
    with pytest.raises(ProblemsFound, match="“draft” stands for this and for draft too"):
        compose(draft({"body": [{"id": "draft", "text": "Words."}]}), pack("en-CA"))


def test_the_number_allotted_at_sign_off_is_the_one_that_is_printed() -> None:
    found = draft({"reference": "2025-14"})
    numbers = [
        compose(one, pack("en-CA")).head.masthead.reference
        for one in (draft({}), found, replace(found, reference="2025-20"))
    ]
    assert numbers == ["", "No.\u00a02025-14", "No.\u00a02025-20"]
