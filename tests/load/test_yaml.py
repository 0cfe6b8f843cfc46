from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from presskit.errors import BadSettings, Place, ProblemsFound, Unreadable
from presskit.load.characters import FORBIDDEN
from presskit.load.office import load_registers
from presskit.load.yaml import LIMIT_DEPTH, LIMIT_VALUES, Places, Tree, parse
from tests.projects import office

AS_TYPED = [
    "NO", "no", "yes", "on", "true", "null", "~", "10:30", "1:02:03", "01234", "1.10", "0o7", "0x1F", "1e3",
    "1_000", "-0", ".inf", ".nan", "2025-07-30", "2025-07-30T09:00-04:00", "=", "<<", "-30-", "a:b", "a#b",
]  # fmt: skip


def value(text: str, file: str = "f.yaml") -> Tree | None:
    source = parse(text.encode(), file)
    assert source.problems == ()
    return source.tree


@pytest.mark.parametrize("typed", AS_TYPED)
@pytest.mark.parametrize(
    "written", ["a: {}", "a: {}  # remark", "a: >-\n  {}", "a: '{}'", 'a: "{}"'], ids=range(5)
)
def test_a_value_stays_the_text_that_was_typed(typed: str, written: str) -> None:
    assert value(written.format(typed)) == {"a": typed}


@pytest.mark.parametrize("typed", AS_TYPED)
def test_a_list_entry_stays_the_text_that_was_typed(typed: str) -> None:
    assert value(f"- {typed}\n- x") == [typed, "x"]


TEXTS = st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: not FORBIDDEN.search(text))


@given(TEXTS)
@example("\u200d\u200e\u200f\u00ad\u200c")
@example("e\u0301")
@example("🚒\U0001f469\u200d\U0001f692")
def test_any_text_survives_in_single_quotation_marks(text: str) -> None:
    line = text.replace("\n", " ").replace("\t", " ")
    assert value("a: '" + line.replace("'", "''") + "'\n") == {"a": unicodedata.normalize("NFC", line)}


@given(TEXTS)
def test_any_text_survives_in_double_quotation_marks(text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    assert value(f'a: "{escaped}"\n') == {"a": unicodedata.normalize("NFC", text)}


@given(TEXTS)
def test_any_lines_survive_under_a_bar(text: str) -> None:
    lines = "".join(f"  {line}\n" for line in f"x{text}x".split("\n"))
    assert value(f"a: |-\n{lines}b: c\n") == {"a": unicodedata.normalize("NFC", f"x{text}x"), "b": "c"}


@given(TEXTS)
def test_any_text_survives_written_as_escapes_as_json_writes_them(text: str) -> None:
    units = text.encode("utf-16-be")
    escaped = "".join(f"\\u{units[i]:02x}{units[i + 1]:02X}" for i in range(0, len(units), 2))
    assert value(f'a: "{escaped}"\n') == {"a": unicodedata.normalize("NFC", text)}


YAML_LETTERS = "ab:-#'\"\\[]{},&*!|>%@`? \n\t\r\ufeff\x85…0"


@given(st.binary(max_size=200) | st.text(st.sampled_from(YAML_LETTERS)).map(str.encode))
def test_any_bytes_give_a_tree_or_problems_but_never_a_crash(content: bytes) -> None:
    source = parse(content, "f.yaml")
    assert source.problems or source.tree is None or isinstance(source.tree, str | list | dict)
    assert all(problem.place.file == "f.yaml" for problem in source.problems)


def test_a_mark_at_the_start_and_windows_line_ends_change_nothing() -> None:
    text = "a: x\nb:\n  - y\n  - >-\n    one\n    two\n"
    plain = parse(text.encode(), "f.yaml")
    windows = parse(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(), "f.yaml")
    old_macintosh = parse(text.replace("\n", "\r").encode(), "f.yaml")
    assert plain.tree == {"a": "x", "b": ["y", "one two"]}
    assert windows == plain
    assert old_macintosh == plain


def test_every_value_has_its_place_and_a_deeper_field_that_of_what_it_lies_in() -> None:
    places = parse(b"# remark\na: x\nbody:\n  - one\n  - list: [p, q]\n    id:\n", "f.yaml").places
    found = {
        field: places.find(field)
        for field in [
            "",
            "a",
            "body",
            "body[0]",
            "body[1].list[1]",
            "body[1].id",
            "body[1].list[7].text",
            "c[2].d",
        ]
    }
    assert {field: (place.line, place.column) for field, place in found.items()} == {
        "": (0, 0),
        "a": (2, 4),
        "body": (4, 3),
        "body[0]": (4, 5),
        "body[1].list[1]": (5, 15),
        "body[1].id": (6, 5),
        "body[1].list[7].text": (5, 11),
        "c[2].d": (0, 0),
    }
    assert places.name("body[1].list") == Place("f.yaml", 5, 5)
    assert places.empty == {"body[1].id"}


@pytest.mark.parametrize("text", ["", "\n\n", "# remark\n", "---\n", "--- # remark\n", "\ufeff"])
def test_a_file_without_anything_in_it_holds_nothing(text: str) -> None:
    assert value(text) is None


def test_of_a_field_that_stands_twice_the_first_counts() -> None:
    source = parse(b"a: x\nb:\n  c: y\na: z\nb:\n  c: w\n", "f.yaml")
    assert source.tree == {"a": "x", "b": {"c": "y"}}
    assert source.places.find("b.c") == Place("f.yaml", 3, 6)
    assert [str(problem.place) for problem in source.problems] == ["f.yaml:4:1", "f.yaml:5:1"]


def test_fields_of_a_register_are_found_by_its_name_even_where_nothing_is_known_of_it() -> None:
    release = parse(b"a: x\n", "data/releases/x/release.yaml").places
    places = release | parse(b"name:\n  en: x\n", "data/house.yaml", "house#").places
    assert places.find("house#name.en") == Place("data/house.yaml", 2, 7)
    assert places.find("house#name.fr") == Place("data/house.yaml", 2, 3)
    assert places.find("house#rules.x") == Place("data/house.yaml")
    assert places.find("rosters/ijfs#members[3].agency") == Place("data/rosters/ijfs.yaml")
    assert places.find("b") == Place("data/releases/x/release.yaml")
    assert Places().find("b") == Place("data")


def test_entries_of_a_register_are_found_by_id(tmp_path: Path) -> None:
    _, places = load_registers(office("city", tmp_path))
    assert places.find("people#mayor.titles[1].title.fr") == Place("data/people.yaml", 6, 31)
    assert places.find("agencies#transit.former_names[0].end") == Place("data/agencies.yaml", 9, 12)
    assert places.find("people#press-desk") == Place("data/people.yaml", 8, 3)


@pytest.mark.parametrize(
    "deep",
    [
        lambda n: "[" * n + "]" * n,
        lambda n: "- " * n + "x",
        lambda n: "{a: " * n + "x" + "}" * n,
        lambda n: "\n".join(f"{'  ' * i}a:" for i in range(n)) + " x",
    ],
    ids=["brackets", "hyphens", "braces", "indentation"],
)
def test_depth_has_a_limit_whatever_it_is_made_of(deep: Callable[[int], str]) -> None:
    assert parse(deep(LIMIT_DEPTH).encode(), "f.yaml").problems == ()
    for depth in (LIMIT_DEPTH + 1, 20_000 if deep(2).count("\n") == 0 else 200):
        (problem,) = parse(deep(depth).encode(), "f.yaml").problems
        assert problem.code == "file-too-deep"


def test_the_number_of_values_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert LIMIT_VALUES > 50_000
    monkeypatch.setattr("presskit.load.yaml.LIMIT_VALUES", 100)
    assert parse(b"- x\n" * 99, "f.yaml").problems == ()
    (problem,) = parse(b"- x\n" * 200, "f.yaml").problems
    assert (problem.code, problem.place) == ("file-too-large", Place("f.yaml", 100, 3))
    assert parse(b"a: x\n" * 200, "f.yaml").problems[-1].code == "file-too-large"


def test_what_would_grow_when_expanded_is_refused_before_it_does() -> None:
    laughs = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 60))
    (problem,) = parse(laughs.encode(), "f.yaml").problems
    assert (problem.code, str(problem.place)) == ("yaml-syntax", "f.yaml:1:5")
    (problem,) = parse(b"a: [*b]\n", "f.yaml").problems
    assert (problem.code, str(problem.place)) == ("yaml-syntax", "f.yaml:1:5")


def test_five_thousand_agencies_load(tmp_path: Path) -> None:
    workspace = office("city", tmp_path)
    entries = "".join(f"- id: agency-{i}\n  name: Agency number {i}\n" for i in range(5000))
    file = workspace.root / "data" / "agencies.yaml"
    file.write_text(file.read_text("utf-8") + entries, "utf-8")
    registers, places = load_registers(workspace)
    assert len(registers.agencies) == 5003
    assert places.find("agencies#agency-4999.name").line == 9 + 2 * 5000


def test_a_file_of_more_than_two_million_bytes_is_not_read(tmp_path: Path) -> None:
    workspace = office("city", tmp_path)
    (workspace.root / "data" / "people.yaml").write_bytes(b"#" * 2_000_001)
    with pytest.raises(Unreadable) as caught:
        load_registers(workspace)
    assert [problem.code for problem in caught.value.problems] == ["file-too-large"]


def test_problems_of_the_house_and_of_the_registers_come_together(tmp_path: Path) -> None:
    workspace = office("city", tmp_path)
    for name, more in (("house", "name: twice\ntime_zone: Mars\nrulez: {}\n"), ("people", "- id: mayor\n")):
        file = workspace.root / "data" / f"{name}.yaml"
        file.write_text(file.read_text("utf-8").replace("America/Toronto", "Mars") + more, "utf-8")
    with pytest.raises(BadSettings) as caught:
        load_registers(workspace)
    assert [(problem.place.file, problem.code) for problem in caught.value.problems] == [
        ("data/house.yaml", "field-twice"),
        ("data/house.yaml", "field-twice"),
        ("data/house.yaml", "field-unknown"),
        ("data/people.yaml", "field-missing"),
        ("data/people.yaml", "id-twice"),
    ]


def test_problems_of_all_registers_come_together(tmp_path: Path) -> None:
    workspace = office("city", tmp_path)
    for name in ("people", "agencies", "rosters/partners", "boilerplates/city"):
        file = workspace.root / "data" / f"{name}.yaml"
        file.write_text(file.read_text("utf-8").replace("name:", "nmae:").replace("body:", "bdoy:"), "utf-8")
    with pytest.raises(ProblemsFound) as caught:
        load_registers(workspace)
    assert {problem.place.file for problem in caught.value.problems} == {
        "data/people.yaml",
        "data/agencies.yaml",
        "data/rosters/partners.yaml",
        "data/boilerplates/city.yaml",
    }
