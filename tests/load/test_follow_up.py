from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from presskit import pipeline
from presskit.errors import WrongUsage
from presskit.first_office import start_office
from presskit.load.follow_up import FollowUp, follow_up_files, free_slug
from presskit.load.office import load_registers
from presskit.load.pack import load_pack
from presskit.load.release import load_release
from presskit.model.registers import Draft
from presskit.model.release import Release
from presskit.workspace import Workspace
from tests.projects import office
from tests.signed_office import SLUG, Desk

TODAY = date(2026, 11, 26)
NEW = {"issued", "corrects", "correction"}
NEVER = {"embargo", "reference", "withdraws"}
OFFICES = [
    ("seed", "ijfs-world-day"),
    ("city", "clinic"),
    ("ville", "passerelle"),
    ("province", "flood"),
    ("hostile", "names"),
]
CLINIC = "data/releases/clinic/release.yaml"


def workspace_of(name: str, folder: Path) -> Workspace:
    if name == "seed":
        return start_office(folder / "seed", datetime(2026, 11, 26, tzinfo=UTC))
    return office(name, folder)


def draft_of(workspace: Workspace, slug: str) -> Draft:
    registers, places = load_registers(workspace)
    return load_release(slug, registers, workspace, places)[0]


def followed(
    workspace: Workspace, slug: str, kind: FollowUp = "correction", reason: str = "It was wrong."
) -> Draft:
    """The follow-up of a release, put where the office would edit it and loaded again."""
    draft = draft_of(workspace, slug)
    wording = load_pack(workspace, "news-release", draft.language).wording
    files = follow_up_files(draft, kind, reason, TODAY, wording, "a day")
    assert list(files)[-1] == "release.yaml"
    for name, content in files.items():
        workspace.add(f"data/releases/follow-up/{name}", content)
    return draft_of(workspace, "follow-up")


def with_clinic(folder: Path, content: str | bytes) -> Workspace:
    workspace = office("city", folder)
    source = content.encode() if isinstance(content, str) else content
    workspace.add(CLINIC, source, replace=True)
    return workspace


def clinic(folder: Path, old: str = "", new: str = "") -> str:
    text = office("city", folder).read(CLINIC).decode()
    assert old in text
    return text.replace(old, new) if old else text


def fields(release: Release) -> Mapping[str, object]:
    return release.model_dump(exclude_defaults=True)


@pytest.mark.parametrize(("name", "slug"), OFFICES)
def test_a_correction_says_what_the_other_release_said_and_what_it_corrects(
    name: str, slug: str, tmp_path: Path
) -> None:
    workspace = workspace_of(name, tmp_path)
    old, new = draft_of(workspace, slug), followed(workspace, slug)
    said = {name: value for name, value in fields(old.release).items() if name not in NEW | NEVER}
    assert len(said) >= 3
    assert fields(new.release) == {
        **said,
        "issued": TODAY,
        "corrects": slug,
        "correction": "It was wrong.",
    }
    assert new.embargo is None
    assert {n: photo.data for n, photo in new.photos.items()} == {n: p.data for n, p in old.photos.items()}


@pytest.mark.parametrize(("name", "slug"), OFFICES)
def test_every_line_that_is_taken_over_stays_as_it_was_typed(name: str, slug: str, tmp_path: Path) -> None:
    workspace = workspace_of(name, tmp_path)
    before, after = (
        found.source.decode().splitlines() for found in (draft_of(workspace, slug), followed(workspace, slug))
    )
    given_up = [line for line in before if line not in after]
    assert all(line.startswith(("issued:", "embargo:", "reference:")) for line in given_up)
    added = [line for line in after if line not in before]
    assert [line.partition(":")[0] for line in added] == ["corrects", "correction", "issued"]
    assert [line for line in after if line not in added] == [line for line in before if line not in given_up]


def test_the_seed_keeps_its_comments(tmp_path: Path) -> None:
    source = followed(workspace_of("seed", tmp_path), "ijfs-world-day").source.decode()
    assert source.startswith("# yaml-language-server: $schema=../../release.schema.json\n")
    assert source.count("#") == len([line for line in source.splitlines() if "#" in line]) > 10
    assert "# added: the text has only" not in source


def test_a_comment_below_what_is_given_up_stays_with_what_follows(tmp_path: Path) -> None:
    new = "embargo: 2025-06-03T09:00-04:00\n\n# Where the clinic is.\n"
    workspace = with_clinic(tmp_path / "a", clinic(tmp_path / "b", "embargo: 2025-06-03T09:00-04:00\n", new))
    assert b"\n\n# Where the clinic is.\ndateline: EXAMPLE, ON\n" in followed(workspace, "clinic").source


def test_an_embargo_never_goes_along_whatever_way_it_is_written(tmp_path: Path) -> None:
    for number, typed in enumerate(
        (
            "embargo:\n  2025-06-03T09:00-04:00\n",
            "embargo: >-\n  2025-06-03T09:00-04:00\n\n",
            "'embargo': '2025-06-03T09:00-04:00'\n",
            "embargo : 2025-06-03T09:00-04:00 # until nine\n",
            'embargo: "2025-06-03T09:00\\\n  -04:00"\n',
        )
    ):
        text = clinic(tmp_path / f"a{number}", "embargo: 2025-06-03T09:00-04:00\n", typed)
        workspace = with_clinic(tmp_path / f"b{number}", text)
        assert draft_of(workspace, "clinic").embargo is not None
        new = followed(workspace, "clinic")
        assert new.embargo is None
        assert b"09:00" not in new.source


def test_a_withdrawal_has_no_embargo_either(tmp_path: Path) -> None:
    workspace = office("city", tmp_path)
    assert draft_of(workspace, "clinic").embargo is not None
    assert followed(workspace, "clinic", "withdrawal").embargo is None


@pytest.mark.parametrize("kind", ["correction", "withdrawal"])
def test_neither_approvals_nor_the_number_go_along(kind: FollowUp, archived: Desk) -> None:
    path = pipeline.follow_up(SLUG, archived.office, kind, "The bridge opens on Tuesday.")
    assert path == archived.root / "data" / "releases" / f"{SLUG}-{kind}" / "release.yaml"
    assert pipeline.standing(SLUG, archived.office).state.cleared
    state = pipeline.standing(path.parent.name, archived.office).state
    assert (state.cleared, state.counted, state.kit.signers) == (False, (), ())
    assert [found.answer for found in state.parts] == (["missing"] * 2 if kind == "correction" else [])
    assert pipeline.history(SLUG, archived.office)[-1].reference.encode() not in path.read_bytes()
    another = pipeline.follow_up(SLUG, archived.office, kind, "Again.")
    assert another.parent.name == f"{SLUG}-{kind}-2"


def test_a_withdrawal_names_the_day_in_words(archived: Desk) -> None:
    path = pipeline.follow_up(SLUG, archived.office, "withdrawal", "It stays closed.")
    assert "The release of Nov. 23, 2026 with the headline" in path.read_text("utf-8").replace("\u00a0", " ")


def test_the_correction_of_a_correction_corrects_the_newer_one(tmp_path: Path) -> None:
    workspace = office("city", tmp_path)
    followed(workspace, "clinic", reason="One.")
    draft = draft_of(workspace, "follow-up")
    wording = load_pack(workspace, "news-release", "en-CA").wording
    files = follow_up_files(draft, "correction", "Two.", TODAY, wording, "a day")
    workspace.add("data/releases/second/release.yaml", files["release.yaml"])
    second = draft_of(workspace, "second").release
    assert (second.corrects, second.correction) == ("follow-up", "Two.")
    assert b"One." not in files["release.yaml"]


@pytest.mark.parametrize(
    "source",
    [
        "{headline: Doors open, issued: 2025-06-03, body: [It opens.]}\n",
        "--- {headline: Doors open, issued: 2025-06-03,\nbody: [It opens.]}\n",
        "  headline: Doors open\n  issued: 2025-06-03\n  body: [It opens.]\n",
        "{\nheadline: Doors open,\nissued: 2025-06-03,\nbody: [It opens.]\n}\n",
    ],
)
def test_a_source_without_a_line_for_each_field_is_refused_plainly(source: str, tmp_path: Path) -> None:
    with pytest.raises(WrongUsage) as refused:
        followed(with_clinic(tmp_path, source), "clinic")
    assert str(refused.value) == (
        f"{CLINIC}: this release can not be taken over: its fields do not stand on lines of their own.\n"
        "    fix: write each field on a line of its own, or make the correction by hand: presskit new SLUG"
        "  [follow-up-impossible]"
    )


def test_a_source_in_one_block_can_be_withdrawn_all_the_same(tmp_path: Path) -> None:
    workspace = with_clinic(tmp_path, "{headline: Doors open, issued: 2025-06-03, body: [It opens.]}\n")
    assert followed(workspace, "clinic", "withdrawal").release.withdraws == "clinic"


def test_the_line_ends_and_marks_of_other_systems_are_no_hindrance(tmp_path: Path) -> None:
    plain = followed(with_clinic(tmp_path / "a", clinic(tmp_path / "b")), "clinic")
    for number, (mark, line_end) in enumerate(((b"", b"\r\n"), (b"\xef\xbb\xbf", b"\r\n"), (b"", b"\r"))):
        content = mark + clinic(tmp_path / f"c{number}").encode().replace(b"\n", line_end)
        new = followed(with_clinic(tmp_path / f"d{number}", content), "clinic")
        assert new.release == plain.release
        assert new.source.count(b"\r\n") == (new.source.count(b"\n") if line_end == b"\r\n" else 0)


@pytest.mark.parametrize(
    "text",
    [
        lambda text: "---\n" + text,
        lambda text: text.rstrip("\n"),
        lambda text: text + "...\n",
        lambda text: text + "notes:\n  - |+\n    One.\n\n    Two.\n\n",
        lambda text: text.replace("contacts: [", "contacts:\n  [\n").replace("desk]", "desk\n]"),
        lambda text: text.replace("boilerplates: [city]", "boilerplates:\n- city"),
        lambda text: text.replace("reference: 2025-14\n", "") + "reference: 2025-14\n# the end\n",
        lambda text: text + "notes:\n- |\n  One.\ncorrection: x\ncorrects: other",
        lambda text: text.replace("dateline: ", "? dateline\n: ").replace("reference: ", "? reference\n: "),
    ],
    ids=[
        "start",
        "no line end",
        "end",
        "kept line ends",
        "brackets",
        "flush list",
        "given up last",
        "no line end then",
        "explicit",
    ],
)
def test_odd_ways_of_writing_are_taken_over(text: Callable[[str], str], tmp_path: Path) -> None:
    source = text(clinic(tmp_path / "a"))
    workspace = with_clinic(tmp_path / "b", source)
    workspace.add("data/releases/other/release.yaml", clinic(tmp_path / "c").encode())
    old = fields(draft_of(workspace, "clinic").release)
    new = fields(followed(workspace, "clinic").release)
    kept = set(old) - NEW - NEVER
    assert {name: new[name] for name in kept} == {name: old[name] for name in kept}
    assert set(new) == kept | NEW


REASONS = [
    'The clinic said: "July 8", not #18.',
    "It's {open}: [now], *really* & 100 %; a\\b",
    "One line.\nAnother line.\n\nA third: - not a list\n# not a comment",
    "Windows\r\nand Macintosh\rlines",
    "👩‍🚒 an emoji, é, שלום and 桥梁",
    "e\u0301 in two characters",
    "null",
    "2026-11-26",
    "- ",
    "---",
    "!tag &anchor *alias `tick @at %percent | > ?",
    "\ttabs\tin it",
    "y" * 50_000,
]


@pytest.mark.parametrize("kind", ["correction", "withdrawal"])
@pytest.mark.parametrize("reason", REASONS, ids=range(len(REASONS)))
def test_a_reason_is_taken_word_for_word(reason: str, kind: FollowUp, tmp_path: Path) -> None:
    said = followed(office("city", tmp_path), "clinic", kind, reason).release.correction
    typed = reason.replace("\r\n", "\n").replace("\r", "\n").strip()
    assert said == unicodedata.normalize("NFC", typed)


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("", "reason-missing"),
        (" \r\n\t", "reason-missing"),
        ("It is \u202egnorw", "character-forbidden"),
        ("It is \x1b[31mred", "character-forbidden"),
        ("a byte of another code page: \udce9", "character-forbidden"),
        ("next\x85line", "character-forbidden"),
        ("y" * 50_001, "text-too-long"),
    ],
)
@pytest.mark.parametrize("kind", ["correction", "withdrawal"])
def test_a_reason_that_could_not_be_printed_is_refused(
    reason: str, code: str, kind: FollowUp, tmp_path: Path
) -> None:
    with pytest.raises(WrongUsage) as refused:
        followed(office("city", tmp_path), "clinic", kind, reason)
    assert {problem.code for problem in refused.value.problems} == {code}
    assert {problem.place.file for problem in refused.value.problems} == {"release clinic"}


@pytest.mark.parametrize(("name", "slug"), OFFICES)
def test_a_withdrawal_of_any_release_loads(name: str, slug: str, tmp_path: Path) -> None:
    workspace = workspace_of(name, tmp_path)
    old, new = draft_of(workspace, slug), followed(workspace, slug, "withdrawal")
    assert (new.release.withdraws, new.release.issued) == (slug, TODAY)
    assert new.release.contacts == old.release.contacts
    assert new.release.dateline == old.release.dateline
    assert new.language == old.language
    assert not new.release.quotes
    assert new.photos == {}
    assert new.release.reference is None


def test_a_withdrawal_asks_in_the_language_of_the_release(tmp_path: Path) -> None:
    english = followed(office("city", tmp_path), "clinic", "withdrawal").release
    assert english.headline == "Withdrawn: City opens its first free clinic"
    assert [block.model_dump(exclude_defaults=True) for block in english.body] == [
        {
            "text": "The release of a day with the headline “City opens its first free clinic” is withdrawn. "
            "Please do not use it any more."
        }
    ]
    french = office("ville", tmp_path)
    headline = draft_of(french, "passerelle").release.headline
    withdrawn = followed(french, "passerelle", "withdrawal").release
    assert withdrawn.language == "fr-CA"
    assert withdrawn.headline == f"Retiré : {headline}"
    (text,) = (block.model_dump()["text"] for block in withdrawn.body)
    assert text.startswith("Le communiqué du a day intitulé «")
    assert headline in text


def test_a_headline_that_looks_like_a_gap_is_left_alone(tmp_path: Path) -> None:
    text = clinic(tmp_path / "a", "City opens its first free clinic", '"{date} and {headline} {other}"')
    withdrawn = followed(with_clinic(tmp_path / "b", text), "clinic", "withdrawal").release
    assert withdrawn.headline == "Withdrawn: {date} and {headline} {other}"


def test_a_headline_too_long_to_be_withdrawn_is_told(tmp_path: Path) -> None:
    text = clinic(tmp_path / "a", "City opens its first free clinic", "w" * 1000)
    with pytest.raises(WrongUsage, match="headline") as refused:
        followed(with_clinic(tmp_path / "b", text), "clinic", "withdrawal")
    assert [problem.code for problem in refused.value.problems] == ["text-too-long"]


def test_a_follow_up_gets_a_name_nothing_has() -> None:
    assert free_slug("clinic", "correction", ["clinic"]) == "clinic-correction"
    assert free_slug("clinic", "withdrawal", ["clinic", "clinic-correction"]) == "clinic-withdrawal"
    taken = ["clinic", "clinic-correction", "clinic-correction-2"]
    assert free_slug("clinic", "correction", taken) == "clinic-correction-3"


@pytest.mark.parametrize("slug", ["c" * 80, "-".join(["ab"] * 26) + "-c", "clinic"])
def test_a_thousand_follow_ups_of_the_longest_name_have_names_that_fit(slug: str) -> None:
    taken = [slug]
    for _ in range(1_000):
        new = free_slug(slug, "correction", taken)
        Release.model_validate(
            {"headline": "x", "issued": "2026-01-01", "body": ["y"], "corrects": new, "correction": "z"}
        )
        taken.append(new)
    assert len(set(taken)) == 1_001
    assert max(map(len, taken)) <= 80
