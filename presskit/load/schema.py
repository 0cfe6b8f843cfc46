"""The JSON Schema of ``release.yaml``, so that editors complete its fields and mark mistakes while one types.

Not here: descriptions and examples of the fields (`model.release`), and what takes the registers to check.

Source: JSON Schema 2020-12.
"""

from __future__ import annotations

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from presskit.model.base import LINE_PATTERN
from presskit.model.release import Release, as_list, as_text

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_TYPED = ["string", "number", "boolean"]
"""What an editor takes a text for that is not in quotation marks: 2025, 1.10, true."""


def release_schema() -> dict[str, object]:
    """Return the JSON Schema of a release."""
    schema = Release.model_json_schema(schema_generator=_EditorSchema)
    return {"$schema": DIALECT, **schema, "title": "A news release for presskit"}


class _EditorSchema(GenerateJsonSchema):
    """pydantic's schema of the models, widened to what the models take before they convert it."""

    def field_title_should_be_set(self, schema: object) -> bool:
        """No titles: editors show the field's name already."""
        return False

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """A plain text may stand where fields or a list with nothing but a text may."""
        inner = super().function_before_schema(schema)
        plain = schema["function"].get("function") in (as_text, as_list)
        return {"anyOf": [{"type": _TYPED, "minLength": 1}, inner]} if plain else inner

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        """A text stays what was typed; line ends around it do not count."""
        inner = super().str_schema(schema)
        if inner.get("pattern") == LINE_PATTERN:
            del inner["pattern"]
        return {**inner, "type": _TYPED}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Defaults are shown where they say something."""
        inner = super().default_schema(schema)
        return {k: v for k, v in inner.items() if k != "default" or v not in (None, [], ())}
