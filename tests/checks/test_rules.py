from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

import presskit.checks
from presskit.checks import DOCUMENT_RULES, KNOWN, RELEASE_RULES, check_release
from presskit.errors import CODES, Place, Problem
from presskit.load.office import load_registers
from presskit.load.release import load_release
from presskit.load.yaml import Places
from presskit.model.registers import Draft
from presskit.workspace import Workspace
from tests.projects import office

ROOT = Path(__file__).parent.parent.parent
CLINIC = "data/releases/clinic/release.yaml"
Find = Callable[..., list[str]]


@pytest.fixture
def find(tmp_path: Path) -> Find:
    """What one rule finds in the city's release, with a text of it replaced."""

    def run(code: str, old: str = "", new: str = "", file: str = CLINIC, more: str = "") -> list[str]:
        workspace = office("city", tmp_path / str(len(list(tmp_path.iterdir()))))
        path = workspace.root / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text((text.replace(old, new) if old else text) + more, "utf-8")
        draft, places = load(workspace, "clinic")
        found = [problem for problem in check_release(draft, places) if problem.code == code]
        assert all(problem.place.line or "missing" in code for problem in found)
        return [f"{problem.field}: {problem.what}" for problem in found]

    return run


def load(workspace: Workspace, slug: str) -> tuple[Draft, Places]:
    registers, places = load_registers(workspace)
    draft, own = load_release(slug, registers, workspace, places)
    return draft, places | own


def paragraphs(*texts: str) -> str:
    return "body:\n" + "".join(f"  - >-\n    {text}\n" for text in texts)


def test_the_sample_release_gets_the_warnings_it_deserves_and_no_others() -> None:
    draft, places = load(Workspace(ROOT, datetime(2026, 11, 23, tzinfo=UTC)), "ijfs-world-day")
    assert [str(problem).split("\n")[0] for problem in check_release(draft, places)] == [
        "data/rosters/ijfs.yaml:13:13: warning: members[1].agency: “Akwesasne Mohawk Police Service” stands "
        "after “Anishinabek Police Services”, while the list is alphabetical otherwise.",
        "data/rosters/ijfs.yaml:29:13: warning: members[17].agency: “Toronto Police Service” stands after "
        "“Treaty Three Police Service”, while the list is alphabetical otherwise.",
        "data/rosters/ijfs.yaml: warning: checked_on: nobody has noted when this was last checked.",
    ]


@pytest.mark.parametrize(("name", "slug"), [("city", "clinic"), ("ville", "passerelle")])
def test_sound_releases_get_no_warning(name: str, slug: str, tmp_path: Path) -> None:
    assert check_release(*load(office(name, tmp_path), slug)) == ()


GOOD_MARKS = [
    "He said “yes” and left.",
    "He said «oui», then « non ».",
    "“One “two” three.”",
    'He said "yes" and "no".',
    'A 12" pipe, a 6\' 2" man, 45° 25\' 17" north.',
    "A 12” pipe.",
    "It’s the ’90s; the officers’ cars.",
    "Er sagte „ja“ und „nein“.",
]
BAD_MARKS = {
    "He said “yes and left.": "“ opens a quotation that is not closed.",
    "He said yes” and left.": "” closes a quotation that is not opened.",
    "Il dit « oui et part.": "« opens a quotation that is not closed.",
    "“One” two” three “four.": "” closes a quotation that is not opened.",
    'He said "yes and left.': 'there is an odd number of straight quotation marks (").',
    "He said ”yes“ and left.": "” closes a quotation that is not opened.",
}


@pytest.mark.parametrize("text", GOOD_MARKS)
def test_marks_in_pairs_are_not_reported(text: str, find: Find) -> None:
    assert find("quote-marks-unpaired", "body:\n", paragraphs(text)) == []


@pytest.mark.parametrize(("text", "what"), BAD_MARKS.items())
def test_marks_without_partner_are_reported(text: str, what: str, find: Find) -> None:
    assert find("quote-marks-unpaired", "body:\n", paragraphs(text)) == [f"body[0]: {what}"]


def test_a_quotation_of_several_paragraphs_closes_only_the_last(find: Find) -> None:
    code = "quote-marks-unpaired"
    assert find(code, "body:\n", paragraphs("He said: “One.", "“Two.", "“Three.” He left.")) == []
    assert find(code, "body:\n", paragraphs("He said: “One.", "Two.”")) == [
        "body[0]: “ opens a quotation that is not closed.",
        "body[1]: ” closes a quotation that is not opened.",
    ]
    words = "    words: Nobody should have to choose between rent and a doctor.\nfacts:\n"
    spoken = "    words: [“One., “Two.]\nfacts:\n  - “Three.”\n"
    assert find(code, words, spoken) == ["quotes[0].words[1]: “ opens a quotation that is not closed."]


def test_marks_are_looked_at_wherever_words_are_typed(find: Find) -> None:
    code, what = "quote-marks-unpaired", "“ opens a quotation that is not closed."
    for old, field in (
        ("free clinic\n", "headline"),
        ("on Tuesday\n", "subhead"),
        ("opens a clinic.\n", "body[0]"),
        ("Who helps\n", "body[1].heading"),
        ("a doctor.\n", "quotes[0].words[0]"),
        ("six rooms.\n", "facts[0]"),
    ):
        assert find(code, old, old.replace("\n", " “\n")) == [f"{field}: {what}"]
    listed = "body:\n  - list:\n      - text: one\n        items: [two “]\n"
    assert find(code, "body:\n", listed) == [f"body[0].list[0].items[0]: {what}"]
    assert find(code, more="notes:\n  - three “\n") == [f"notes[0]: {what}"]
    city = "data/boilerplates/city.yaml"
    assert find(code, "its residents.", "its “residents.", city) == [f"body[0]: {what}"]


def test_languages_that_open_with_another_s_closing_mark_are_left_alone(find: Find) -> None:
    text = "body:\n  - text: Hon sade ”ja” och »nej«.\n    language: sv\n"
    assert find("quote-marks-unpaired", "body:\n", text) == []


def test_straight_and_curly_marks_in_one_text_are_reported(find: Find) -> None:
    code = "quote-marks-mixed"
    assert find(code, "body:\n", paragraphs('He said “yes” and "no".')) == [
        'body[0]: straight (") and typographic (“ ”) quotation marks stand in one text.'
    ]
    assert find(code, "body:\n", paragraphs('He said "yes".', "He said “no”.", 'A 12" “pipe”.')) == []


SAID = [
    "“We are proud of what was done here,” said the mayor.",
    "The mayor said: “We are proud.”",
    "“Yes,” said the mayor.",
    "The mayor added, “No.”",
    '"This is what we wanted all along."',
    "He spoke of “knowledge, skills and confidence” in schools.",
    "« Nous sommes très fiers », a déclaré la mairesse.",
    "La mairesse a dit : « Oui. »",
    "„Wir sind stolz auf alle hier“",
    "“It goes on in the next paragraph",
    "A clinic “of their own”: “Nobody should have to choose again.”",
    "“We Are Proud Of This City,” said the mayor.",
]
NOT_SAID = [
    "The City Business Integrity Commission (“BIC”) was told.",
    "He was found “not guilty” and left.",
    "The festival “Actonbury” and the “Brilliantly British” day are back.",
    "The report “Management and Disposition of Excess Weapons Plutonium” is out.",
    "The sign says “No entry” and he said “yes” and left.",
    "A board with “No entry” says where.",
    'A 12" pipe, a 6\' 2" man, a 3" nail and four more words.',
    "The mayor said that nobody is to choose; the officers’ cars left.",
    "“Nobody should have to choose between rent and a doctor,” said the mayor.",
    "Nobody should “have to *choose* between rent” and care.",
    'It’s the ’90s. ““ ”” « » ""',
]


@pytest.mark.parametrize("text", SAID)
def test_words_in_quotation_marks_that_are_nobody_s_quote_are_reported(text: str, find: Find) -> None:
    (found,) = find("quote-unattributed", "body:\n", paragraphs(text))
    assert found.startswith("body[0]: “")
    assert found.endswith("”: these words stand in quotation marks, and nobody is asked to approve them.")


@pytest.mark.parametrize("text", NOT_SAID)
def test_terms_titles_and_words_of_the_release_s_quotes_are_left_alone(text: str, find: Find) -> None:
    assert find("quote-unattributed", "body:\n", paragraphs(text)) == []


def test_quotes_retyped_anywhere_but_under_quotes_are_seen(find: Find) -> None:
    code, said = "quote-unattributed", "“We shall never ask for money.”"
    for old, field in (
        ("free clinic\n", "headline"),
        ("on Tuesday\n", "subhead"),
        ("opens a clinic.\n", "body[0]"),
        ("Who helps\n", "body[1].heading"),
        ("six rooms.\n", "facts[0]"),
    ):
        (found,) = find(code, old, old.replace("\n", f" {said}\n"))
        assert found.startswith(f"{field}: {said}")
    listed = f"body:\n  - list:\n      - text: one\n        items: [two {said}]\n"
    (found,) = find(code, "body:\n", listed)
    assert found.startswith("body[0].list[0].items[0]: ")
    (found,) = find(code, more=f"notes:\n  - {said}\n")
    assert found.startswith("notes[0]: ")
    assert find(code, "a doctor.\n", f"a doctor. {said}\n") == []
    assert find(code, "its residents.", f"its residents. {said}", "data/boilerplates/city.yaml") == []


def test_a_speaker_without_a_title_on_the_day_is_reported(find: Find) -> None:
    people = "data/people.yaml"
    assert find("quote-title-date", "start: 2022-11-15", "start: 2025-06-04", people) == [
        "quotes[0].speaker: Alex Example has no title on 2025-06-03, the day of issue."
    ]
    assert find("quote-title-date", "start: 2022-11-15", "start: 2025-06-03", people) == []
    assert find("quote-title-date", "speaker: mayor", "speaker: press-desk") == []


LETTERS = "abcdefghijklmnop"


def listing(order: Sequence[str], more: str = "") -> str:
    return f"body:\n  - agencies: [{', '.join(f'x-{letter}' for letter in order)}]\n{more}"


def agencies_of(find: Find, order: Sequence[str], more: str = "") -> list[str]:
    """What agency-order finds in a list of agencies A to P in this order."""
    return find("agency-order", "body:\n", listing(order, more))


@pytest.fixture
def alphabet(find: Find, monkeypatch: pytest.MonkeyPatch) -> Find:
    """The same, with agencies A to P in the register."""
    kept = office

    def with_letters(name: str, folder: Path) -> Workspace:
        workspace = kept(name, folder)
        file = workspace.root / "data" / "agencies.yaml"
        entries = "".join(f"- id: x-{letter}\n  name: {letter.upper()} Service\n" for letter in LETTERS)
        file.write_text(file.read_text("utf-8") + entries, "utf-8")
        return workspace

    monkeypatch.setattr("tests.checks.test_rules.office", with_letters)
    return find


def test_one_entry_out_of_order_is_reported(alphabet: Find) -> None:
    assert agencies_of(alphabet, "abcdefhgijklmnop") == [
        "body[0].agencies[7]: “G Service” stands after “H Service”, while the list is alphabetical otherwise."
    ]


@pytest.mark.parametrize(
    ("order", "more"),
    [
        (LETTERS, ""),
        ("p" + LETTERS[:-1], ""),  # the leading agency first
        ("badcfehgjilknmpo", ""),  # an order of its own
        (LETTERS[::-1], ""),
        ("bacdefg", ""),  # too short to tell
        ("abcdefhgijklmnop", "    order: alphabetical\n"),  # sorted when printed
    ],
)
def test_an_order_that_is_meant_is_not_reported(order: str, more: str, alphabet: Find) -> None:
    assert agencies_of(alphabet, order, more) == []


def test_an_agency_outside_the_roster_is_reported(find: Find) -> None:
    assert find("agency-not-member", "[fire, police]", "[fire, transit]") == [
        "body[2].agencies[1]: “transit” does not belong to the roster “partners” on 2025-06-03."
    ]
    assert find("agency-not-member", "end: 2025-12-31", "end: 2025-06-02", "data/rosters/partners.yaml") == [
        "body[2].agencies[1]: “police” does not belong to the roster “partners” on 2025-06-03."
    ]
    assert find("agency-not-member", "end: 2025-12-31", "end: 2025-06-03", "data/rosters/partners.yaml") == []


def test_a_leading_agency_outside_the_list_is_reported(find: Find) -> None:
    assert find("agency-lead-missing", "lead_agency: fire", "lead_agency: transit") == [
        "body[2].lead_agency: “transit” leads and is not in the list."
    ]
    assert find("agency-lead-missing") == []


def test_a_roster_is_stale_counted_to_the_day_of_issue(find: Find) -> None:
    roster = "data/rosters/partners.yaml"
    assert find("roster-stale", "2025-05-01", "2024-06-03", roster) == []
    assert find("roster-stale", "2025-05-01", "2024-06-02", roster) == [
        "checked_on: this was last checked 366 days before the day of issue; 365 are allowed."
    ]
    house = "data/house.yaml"
    assert (
        len(find("roster-stale", "language: en-CA", "language: en-CA\nchecked_within_days: 32", house)) == 1
    )
    assert find("roster-stale", "language: en-CA", "language: en-CA\nchecked_within_days: 33", house) == []


def test_a_boilerplate_is_stale_only_if_a_check_was_noted(find: Find) -> None:
    city = "data/boilerplates/city.yaml"
    assert find("roster-stale", file=city, more="checked_on: 2025-01-01\n") == []
    assert find("roster-stale", file=city, more="checked_on: 2020-06-03\n") == [
        "checked_on: this was last checked 1826 days before the day of issue; 365 are allowed."
    ]


@pytest.mark.parametrize(
    ("intro", "before", "field"),
    [
        ("11 agencies helped:", "", "body[3].intro"),
        ("The three partner agencies are:", "", "body[3].intro"),
        ("Eleven Ontario police services:", "", "body[3].intro"),
        ("They are:", "Four people were held. 11 agencies helped.", "body[2]"),
        ("They are:", "It took 3 departments.", "body[2]"),
    ],
)
def test_a_number_of_agencies_that_differs_from_the_list_is_reported(
    intro: str, before: str, field: str, find: Find
) -> None:
    found = counted(intro, before, find)
    assert [line.partition(": ")[0] for line in found] == [field]
    assert found[0].endswith("are counted here, and 2 are listed.")


@pytest.mark.parametrize(
    ("intro", "before"),
    [
        ("2 agencies helped:", "Two partner agencies helped."),
        ("They are:", "11 agencies met last year. They agreed."),
        ("They are:", "More than 60 agencies exist. At least 3 agencies helped."),
        ("They are:", "11 of the 20 agencies helped."),
        ("They are:", "In 2025 agencies met; 80 people and 165 charges, 1.5 partners."),
        ("They are:", "3,100 partners helped."),
        ("They are:", "Three of our partners helped."),
    ],
)
def test_other_numbers_are_not_taken_for_a_count(intro: str, before: str, find: Find) -> None:
    assert counted(intro, before, find) == []


def counted(intro: str, before: str, find: Find) -> list[str]:
    old = '  - intro: "Partner agencies who help include:"\n'
    new = f'  - {before or "It is free."}\n  - intro: "{intro}"\n'
    return find("agency-count", old, new)


def test_a_long_headline_is_reported(find: Find) -> None:
    assert find("headline-long", "City opens its first free clinic", "x" * 140) == []
    assert find("headline-long", "City opens its first free clinic", "x" * 141) == [
        "headline: this headline has 141 characters; the house allows 140."
    ]
    limit = "short_name: City\nheadline_characters: 20\n"
    assert len(find("headline-long", "short_name: City\n", limit, "data/house.yaml")) == 1


def test_an_embargo_of_an_older_release_is_reported(find: Find) -> None:
    own = "embargo: 2025-06-03T09:00-04:00"
    assert find("embargo-stale", own, "embargo: 2025-06-02T23:59-04:00") == [
        "embargo: this ends before the day of issue, 2025-06-03; it may be that of an older release."
    ]
    assert find("embargo-stale", own, "embargo: 2025-06-03T00:00-04:00") == []
    assert find("embargo-stale") == []


def test_a_release_without_place_or_contact_is_reported(find: Find) -> None:
    assert find("dateline-missing", "dateline: EXAMPLE, ON\n") == ["dateline: there is no place."]
    assert find("contact-missing", "contacts: [press-desk]\n") == ["contacts: there is no contact."]
    assert find("dateline-missing") == find("contact-missing") == []


def flood(tmp_path: Path, old: str, new: str) -> list[Problem]:
    workspace = office("province", tmp_path)
    file = workspace.root / "data/releases/flood/release.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    return list(check_release(*load(workspace, "flood")))


def test_a_photo_too_small_to_print_is_reported(tmp_path: Path) -> None:
    found = flood(tmp_path, "", "")
    assert [(p.code, p.field, p.severity) for p in found] == [("image-small", "body[7].photo", "warning")]
    assert found[0].what == "this photo is 600 pixels wide: it is printed 51 mm wide, for lack of more."


@pytest.mark.parametrize("alt", ["river.jpg", "River", "IMG_2041", "DSC01234.JPG", "image", "Photo 1", "x"])
def test_a_description_that_describes_nothing_is_reported(alt: str, tmp_path: Path) -> None:
    found = flood(tmp_path, "Brown water stands under the arches of a stone bridge.", alt)
    assert [(p.field, p.severity) for p in found if p.code == "alt-missing"] == [("body[1].alt", "error")]


@pytest.mark.parametrize("alt", ["A river", "Photo of the mayor", "The river.jpg sign", "Rivers"])
def test_a_description_in_words_is_not_reported(alt: str, tmp_path: Path) -> None:
    found = flood(tmp_path, "Brown water stands under the arches of a stone bridge.", alt)
    assert [p for p in found if p.code == "alt-missing"] == []


def test_the_house_sets_how_grave_a_rule_is(tmp_path: Path) -> None:
    workspace = office("city", tmp_path)
    (workspace.root / CLINIC).write_text("headline: x\nissued: 2025-06-03\nbody:\n  - y\n", "utf-8")
    house = workspace.root / "data/house.yaml"
    rules = "rules:\n  contact-missing: error\n  dateline-missing: off\n  agncy-order: off\n  xyz: error\n"
    house.write_text(house.read_text("utf-8") + rules, "utf-8")
    found = check_release(*load(workspace, "clinic"))
    assert [(p.code, p.field, p.severity) for p in found] == [
        ("rule-unknown", "rules.agncy-order", "error"),
        ("rule-unknown", "rules.xyz", "error"),
        ("contact-missing", "contacts", "error"),
    ]
    assert found[0].place == Place("data/house.yaml", 11, 3)
    assert found[0].fix == "did you mean “agency-order”?"
    assert found[1].fix.startswith("use one of: agency-count, ")


def test_every_rule_is_registered_documented_and_says_where_it_comes_from() -> None:
    rules = {rule.code: rule.find.__doc__ or "" for rule in RELEASE_RULES}
    rules |= {rule.code: rule.find.__doc__ or "" for rule in DOCUMENT_RULES}
    assert len(rules) == len(KNOWN) == len(set(KNOWN)) > 12
    assert set(rules) <= set(CODES)
    assert [code for code, text in rules.items() if "Source:" not in text] == []


def test_no_rule_looks_at_the_clock() -> None:
    files = sorted(Path(presskit.checks.__path__[0]).glob("*.py"))
    assert len(files) > 6
    calls = {
        f"{file.name}: {ast.unparse(node)}"
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("now", "today", "utcnow", "time", "monotonic")
    }
    assert calls == set()
