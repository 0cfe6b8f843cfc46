from __future__ import annotations

import pytest
from pydantic import ValidationError

from presskit.compose.agencies import sentence
from presskit.compose.quotes import phone_url
from presskit.model.agencies import dictionary_key
from presskit.model.house import Wording
from tests.compose.drafts import ROOT, pack

EN, FR = pack("en-CA").wording, pack("fr-CA").wording
PACK = ROOT / "templates" / "news-release"


def labels(language: str) -> set[str]:
    lines = (PACK / f"wording.{language}.yaml").read_text("utf-8").splitlines()
    return {line.split(":")[0] for line in lines if line and line[0] not in "# "}


def test_every_label_in_english_is_there_in_french_but_those_french_has_no_use_for() -> None:
    assert len(labels("en")) > 20
    assert labels("en") - labels("fr") == {"time_noon", "day_periods"}
    assert labels("fr") - labels("en") == {"first_of_month"}


@pytest.mark.parametrize("document", ["sheet", "audit", "mail"])
def test_every_label_of_sheet_report_and_message_is_there_in_both_languages(document: str) -> None:
    known = set(type(getattr(EN, document)).model_fields)
    assert len(known) > 14
    for wording, language in ((EN, "en"), (FR, "fr")):
        assert getattr(wording, document).model_fields_set == known, language
    assert {getattr(EN, document)} - {type(getattr(EN, document))()} == set()


def test_labels_keep_the_spaces_they_need() -> None:
    assert (EN.dateline, EN.attribution_dash, EN.list_and) == ("({place}) – ", "– ", " and ")
    assert FR.quote_marks == ("«\u00a0", "\u00a0»")


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("embargo", "EMBARGOED UNTIL {tme}"),
        ("embargo", "EMBARGOED"),
        ("dateline", "({place}, {date}) – "),
        ("page_label", "{pages}"),
        ("credit", "{}"),
    ],
)
def test_a_label_with_a_gap_nobody_fills_or_without_the_one_it_needs_is_refused(
    label: str, text: str
) -> None:
    with pytest.raises(ValidationError, match=r"label-gap|filled in"):
        Wording.model_validate({**EN.model_dump(), label: text})


@pytest.mark.parametrize(("label", "entries"), [("months", ["May"]), ("day_periods", ["a.m."])])
def test_a_list_of_labels_is_whole_or_not_there(label: str, entries: list[str]) -> None:
    with pytest.raises(ValidationError, match="entries"):
        Wording.model_validate({**EN.model_dump(), label: entries})
    assert Wording.model_validate({**EN.model_dump(), label: []})


def test_names_are_joined_as_the_language_joins_them() -> None:
    assert sentence(["A"], EN) == "A."
    assert sentence(["A", "B"], EN) == "A and B."
    assert sentence(["A", "B", "C Inc."], EN) == "A, B and C Inc."
    assert sentence(["A", "B", "C"], FR) == "A, B et C."


def test_alphabetical_order_counts_accents_and_case_only_between_equals() -> None:
    names = ["Zoo", "école", "Ecole", "École", "Œuvre", "Otter", "oeuf", "Saint-Luc", "Saint Jean"]
    assert sorted(names, key=dictionary_key) == [
        *("Ecole", "École", "école", "oeuf", "Œuvre", "Otter", "Saint Jean", "Saint-Luc", "Zoo"),
    ]


@pytest.mark.parametrize(
    ("phone", "url"),
    [
        ("705-330-3738", "tel:7053303738"),
        ("+1 (705) 330-3738", "tel:+17053303738"),
        ("705 330-3738, ext. 12", "tel:7053303738;ext=12"),
        ("705 330-3738 poste 12", "tel:7053303738;ext=12"),
        ("1-888-BE-FOUND", ""),
        ("705 330-3738 or 705 330-3739", ""),
        ("", ""),
    ],
)
def test_a_number_can_be_dialled_where_it_is_one(phone: str, url: str) -> None:
    assert phone_url(phone) == url
