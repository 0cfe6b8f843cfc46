"""From plain texts, lists and fields to models, with every mistake found at once.

pydantic finds the mistakes, `mistakes` words them.  Not here: what a field may hold (`model`), and whether
what it names exists (`references`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar, get_args

from pydantic import BaseModel, ValidationError

from presskit.errors import Problem
from presskit.load.mistakes import Spot, not_fields, problem_of
from presskit.load.yaml import Places, Source, Tree
from presskit.model.base import Model
from presskit.model.release import KINDS

M = TypeVar("M", bound=Model)


def convert(
    model: type[M], tree: Tree | None, places: Places, path: str = ""
) -> tuple[M | None, tuple[Problem, ...]]:
    """Return the model a tree makes, or everything that keeps it from being one.

    Args:
        path: of the tree's root: "" in a release, "people#dusto" in a register.
    """
    if not isinstance(tree, dict):
        return None, (not_fields(Spot(path, path, "", (model,), tree), places),)
    try:
        return model.model_validate(tree), ()
    except ValidationError as error:
        details = error.errors(include_url=False)
    found = (problem_of(detail, _spot(detail["loc"], model, tree, path), places) for detail in details)
    return None, tuple(problem for problem in found if problem is not None)


def convert_source(model: type[M], source: Source, path: str = "") -> tuple[M | None, tuple[Problem, ...]]:
    """Return the model a whole file makes, or everything that is wrong with the file."""
    if source.tree is None and source.problems:
        return None, source.problems
    converted, problems = convert(model, source.tree, source.places, path)
    return converted, (*source.problems, *problems)


def _spot(location: tuple[int | str, ...], model: type[Model], tree: Tree, path: str) -> Spot:
    """Return where one of pydantic's errors lies in the file.

    Why: pydantic's location also names the kind of a block and the fields a plain text was made into, which
    do not stand in the file.
    """
    outer, name, node = path, "", tree
    models: tuple[type[BaseModel], ...] = (model,)
    for number, part in enumerate(location, 1):
        if isinstance(part, int):
            if isinstance(node, list):
                outer, path, name = path, f"{path}[{part}]", ""
                node = node[part] if part < len(node) else ""
        elif part in KINDS and len(models) > 1:
            models = (KINDS[part],)
        elif isinstance(node, dict):
            outer, name = path, part
            path = f"{path}.{part}" if path and not path.endswith("#") else path + part
            field = next((m.model_fields[part] for m in models if part in m.model_fields), None)
            node = node.get(part, "")
            if field is not None and number < len(location):
                models = tuple(_models_in(field.annotation))
    return Spot(path, outer, name, models, node)


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    """Yield the models a field's type names, those within them left out."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    else:
        for part in get_args(annotation):
            yield from _models_in(part)
