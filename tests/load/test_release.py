from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from presskit.errors import Place, ProblemsFound, Unreadable, WrongUsage
from presskit.load.office import load_registers
from presskit.load.release import load_release
from presskit.model.registers import Draft
from presskit.model.release import AgencyListBlock, HeadingBlock, ListBlock, TableBlock, TextBlock
from presskit.workspace import Workspace
from tests.projects import office


def load(name: str, slug: str, folder: Path) -> Draft:
    return loaded(office(name, folder), slug)


def loaded(workspace: Workspace, slug: str) -> Draft:
    registers, places = load_registers(workspace)
    return load_release(slug, registers, workspace, places)[0]


def changed(folder: Path, old: str, new: str) -> Workspace:
    """The clinic's release with one thing changed."""
    workspace = office("city", folder)
    file = workspace.root / "data/releases/clinic/release.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    return workspace


def test_a_draft_holds_the_release_with_all_it_refers_to(tmp_path: Path) -> None:
    draft = load("city", "clinic", tmp_path)
    assert (draft.slug, draft.language) == ("clinic", "en-CA")
    assert draft.release.headline == "City opens its first free clinic"
    assert draft.release.body == (
        TextBlock(text="The City opens a clinic."),
        HeadingBlock(heading="Who helps"),
        AgencyListBlock(
            agencies=("fire", "police"),
            intro="Partner agencies who help include:",
            members_of="partners",
            lead_agency="fire",
        ),
    )
    assert draft.release.quotes[0].words == ("Nobody should have to choose between rent and a doctor.",)
    assert draft.registers.people["mayor"].title_on(date(2022, 11, 14)).title["en"] == "Councillor"  # type: ignore[union-attr, index]
    assert draft.source == (tmp_path / "city/data/releases/clinic/release.yaml").read_bytes()


def test_the_day_of_issue_is_midnight_in_the_house_s_time_zone(tmp_path: Path) -> None:
    issued = load("city", "clinic", tmp_path).issued
    assert issued.isoformat() == "2025-06-03T00:00:00-04:00"
    assert getattr(issued.tzinfo, "key", "") == "America/Toronto"


@pytest.mark.parametrize(
    ("typed", "instant", "zone"),
    [
        ("2025-06-03T09:00-04:00", datetime(2025, 6, 3, 13, tzinfo=UTC), "America/Toronto"),
        ("2025-06-03 09:00:30-04:00", datetime(2025, 6, 3, 13, 0, 30, tzinfo=UTC), "America/Toronto"),
        ("2025-06-03T09:00Z", datetime(2025, 6, 3, 9, tzinfo=UTC), "America/Toronto"),
        ("2025-06-03T06:00-07:00[America/Phoenix]", datetime(2025, 6, 3, 13, tzinfo=UTC), "America/Phoenix"),
        ("2025-06-03T05:00-08:00[Etc/GMT+8]", datetime(2025, 6, 3, 13, tzinfo=UTC), "Etc/GMT+8"),
        ("2025-03-09T02:30Z", datetime(2025, 3, 9, 2, 30, tzinfo=UTC), "America/Toronto"),
    ],
)
def test_an_embargo_is_an_instant_in_the_zone_it_names_or_the_house_s(
    typed: str, instant: datetime, zone: str, tmp_path: Path
) -> None:
    embargo = loaded(changed(tmp_path, "2025-06-03T09:00-04:00", f"'{typed}'"), "clinic").embargo
    assert embargo is not None
    assert embargo == instant
    assert getattr(embargo.tzinfo, "key", "") == zone


def test_without_an_embargo_there_is_none(tmp_path: Path) -> None:
    assert loaded(changed(tmp_path, "embargo: 2025-06-03T09:00-04:00", "embargo:"), "clinic").embargo is None


def test_a_release_without_language_is_in_the_house_s(tmp_path: Path) -> None:
    assert loaded(changed(tmp_path, "issued:", "language:\nissued:"), "clinic").language == "en-CA"
    french = changed(tmp_path / "other", "issued:", "language: fr\nissued:")
    assert loaded(french, "clinic").language == "fr"


def test_all_kinds_of_blocks_are_read(tmp_path: Path) -> None:
    body = load("province", "flood", tmp_path).release.body
    kinds = [type(block).__name__.removesuffix("Block") for block in body]
    assert kinds == ["Text", "Figure", "Heading", "List", "Table", "PageBreak", "AgencyList", "Figure"]
    nested, table, agencies = body[3], body[4], body[6]
    assert isinstance(nested, ListBlock)
    assert [item.text for item in nested.list[0].items[1].items] == ["on foot", "by car"]
    assert isinstance(table, TableBlock)
    assert table.rows[2] == ("April 30", "3.60", "NO")
    assert isinstance(agencies, AgencyListBlock)
    assert len(agencies.agencies) == 60


def test_a_french_release_is_read_letter_by_letter(tmp_path: Path) -> None:
    draft = load("ville", "passerelle", tmp_path)
    assert draft.language == "fr-CA"
    assert draft.release.headline == "La passerelle de l’île ouvre : 1 200 mètres à pied ou à vélo"
    assert draft.release.quotes[0].words == (
        "C’est un « oui » à la marche, au vélo et à l’air pur.",
        "Merci à toutes les équipes.",
    )


def test_hostile_words_are_read_letter_by_letter(tmp_path: Path) -> None:
    release = load("hostile", "names", tmp_path).release
    assert release.headline == "{headline} %s <script>alert(1)</script> & \\n ]]> --> {{ 7*7 }} ${PATH}"
    assert release.dateline == "NO: 10:30"


@pytest.mark.parametrize(
    ("slug", "code", "fix"),
    [
        ("../city/data/releases/clinic", "slug-format", "write it as city-data-releases-clinic"),
        ("Clinic", "slug-format", "write it as clinic"),
        ("", "slug-format", "use lower-case letters, digits and single hyphens."),
        ("…", "slug-format", "use lower-case letters, digits and single hyphens."),
        ("Archive", "slug-format", "use lower-case letters, digits and single hyphens."),
        ("archive", "slug-format", "give it another name: archive-news, for example."),
        ("key-ring", "slug-format", "give it another name: key-ring-news, for example."),
        ("c" * 81, "slug-format", f"write it as {'c' * 80}"),
        ("clinc", "release-unknown", "did you mean “clinic”?"),
        ("flood", "release-unknown", "make it with: presskit new SLUG; or use clinic."),
    ],
)
def test_a_release_that_does_not_exist_is_refused(slug: str, code: str, fix: str, tmp_path: Path) -> None:
    workspace = office("city", tmp_path)
    registers, _ = load_registers(workspace)
    with pytest.raises(WrongUsage) as caught:
        load_release(slug, registers, workspace)
    (problem,) = caught.value.problems
    assert (problem.code, problem.fix) == (code, fix)


def test_a_release_behind_a_link_out_of_the_project_is_not_read(tmp_path: Path) -> None:
    workspace = office("city", tmp_path)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "release.yaml").write_text("headline: Secret\n", "utf-8")
    (workspace.root / "data/releases/secret").symlink_to(outside, target_is_directory=True)
    registers, _ = load_registers(workspace)
    with pytest.raises((Unreadable, WrongUsage)) as caught:
        load_release("secret", registers, workspace)
    assert "Secret" not in str(caught.value)


def test_problems_of_fields_references_photos_and_tables_come_together(tmp_path: Path) -> None:
    text = Path(__file__).parent.joinpath("bad/release/everything-at-once.yaml").read_text("utf-8")
    workspace = office("city", tmp_path)
    workspace.add("data/releases/clinic/release.yaml", text.encode(), replace=True)
    registers, _ = load_registers(workspace)
    with pytest.raises(ProblemsFound) as caught:
        load_release("clinic", registers, workspace)
    codes = {problem.code for problem in caught.value.problems}
    assert {"field-type", "date-invalid", "agency-unknown", "photo-missing", "embargo-format"} <= codes


@pytest.mark.parametrize(
    ("old", "new", "fix"),
    [
        (
            "headline: City",
            "# headline: City",
            "add it, for example  headline: City opens its first free clinic",
        ),
        ("issued: 2025-06-03", "issued:", "write it, for example  issued: 2025-07-30"),
        ("speaker: mayor", "speaker: ''", "write it, for example  speaker: mayor"),
        ("reference: 2025-14", "reference: ''", "write it, or delete the line."),
        ("subhead:", "subheads:", "did you mean “subhead”?"),
        (
            "speaker: mayor",
            "speaker: mayor\n    by: mayor",
            "delete it; or use one of: id, speaker, words, language.",
        ),
        ("lead_agency: fire", "Lead agency: fire", "did you mean “lead_agency”?"),
    ],
)
def test_a_fix_says_what_to_write(old: str, new: str, fix: str, tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound) as caught:
        loaded(changed(tmp_path, old, new), "clinic")
    assert [problem.fix for problem in caught.value.problems] == [fix]


def test_without_the_registers_places_a_problem_of_theirs_names_the_file(tmp_path: Path) -> None:
    workspace = changed(tmp_path, "agencies: [fire, police]", "agencies: [transit]")
    workspace = Workspace(workspace.root, workspace.now)
    file = workspace.root / "data/releases/clinic/release.yaml"
    file.write_text("language: fr\n" + file.read_text("utf-8").replace("[city]", "[]"), "utf-8")
    registers, places = load_registers(workspace)
    for known, place in ((None, Place("data/agencies.yaml")), (places, Place("data/agencies.yaml", 6, 9))):
        with pytest.raises(ProblemsFound) as caught:
            load_release("clinic", registers, workspace, *([known] if known else []))
        found = {problem.field: problem.place for problem in caught.value.problems}
        assert found["transit.name"] == place
