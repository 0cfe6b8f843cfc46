from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from presskit.load.schema import release_schema
from presskit.load.yaml import parse
from presskit.model.base import Model
from presskit.model.release import KINDS, ListItem, Quote, Release

ROOT = Path(__file__).parent.parent.parent
RELEASES = sorted(
    file for data in (ROOT, *ROOT.glob("tests/projects/*")) for file in data.glob("data/releases/*/*.yaml")
)
BAD = Path(__file__).parent / "bad" / "release"


@pytest.fixture(scope="module")
def judge() -> jsonschema.Draft202012Validator:
    schema = release_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


def as_an_editor_reads_it(file: Path) -> Any:
    """The file with numbers, booleans and nothing; dates stay texts, as in the core schema of YAML 1.2."""
    return texts_for_dates(YAML(typ="safe", pure=True).load(file.read_text("utf-8")))


def texts_for_dates(value: Any) -> Any:
    match value:
        case dict():
            return {name: texts_for_dates(entry) for name, entry in value.items()}
        case list():
            return [texts_for_dates(entry) for entry in value]
        case None | bool() | int() | float() | str():
            return value
    return value.isoformat()


@pytest.mark.parametrize("file", RELEASES, ids=lambda file: file.parent.name)
def test_good_releases_fit_the_schema(file: Path, judge: jsonschema.Draft202012Validator) -> None:
    assert [error.message for error in judge.iter_errors(parse(file.read_bytes(), "f.yaml").tree)] == []
    assert [error.message for error in judge.iter_errors(as_an_editor_reads_it(file))] == []


def test_there_are_good_releases_of_every_kind() -> None:
    assert len(RELEASES) >= 5


@pytest.mark.parametrize(
    "code",
    [
        "field-missing",
        "field-unknown",
        "field-type",
        "block-unknown",
        "value-not-allowed",
        "id-invalid",
        "list-too-long",
    ],
)
def test_mistakes_an_editor_can_see_are_seen_by_the_schema(
    code: str, judge: jsonschema.Draft202012Validator
) -> None:
    tree = parse((BAD / f"{code}.yaml").read_bytes(), "f.yaml").tree
    assert list(judge.iter_errors(tree))


def test_every_field_is_described_and_those_with_a_form_have_examples() -> None:
    models: tuple[type[Model], ...] = (*KINDS.values(), ListItem, Quote, Release)
    fields = {f"{m.__name__}.{name}": field for m in models for name, field in m.model_fields.items()}
    assert len(fields) > 40
    assert [name for name, field in fields.items() if not field.description] == []
    formed = ("issued", "embargo", "language", "dateline", "photo", "speaker", "id")
    assert [n for n, f in fields.items() if n.split(".")[1] in formed and not f.examples] == []


def test_every_example_fits_its_field() -> None:
    schema = release_schema()
    examples = list(examples_in(schema))
    assert len(examples) > 15
    for holder, example in examples:
        whole = {**holder, "$defs": schema["$defs"]}
        assert list(jsonschema.Draft202012Validator(whole).iter_errors(example)) == [], example


def examples_in(schema: Any) -> Iterator[tuple[dict[str, Any], Any]]:
    if isinstance(schema, dict):
        for example in schema.get("examples", ()):
            yield schema, example
        for part in schema.values():
            yield from examples_in(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from examples_in(part)
