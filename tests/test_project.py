from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import presskit
from presskit import errors
from presskit.cli import COMMANDS
from presskit.cli.send import EXAMPLES
from presskit.errors import ExitCode

ROOT = Path(__file__).parent.parent
TOP = {"pyproject.toml", "README.md", "presskit", "templates", "data", "output", "tests"}
NOT_OURS = {"build", "dist"}  # left by packaging tools, ignored by git


def sources() -> dict[str, ast.Module]:
    found = {p.relative_to(ROOT).as_posix(): p for p in sorted((ROOT / "presskit").rglob("*.py"))}
    assert len(found) > 20, "the guard looks in the wrong folder"
    return {name: ast.parse(path.read_text("utf-8")) for name, path in found.items()}


def functions(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.fixture(scope="module")
def readme() -> str:
    text = (ROOT / "README.md").read_text("utf-8")
    assert len(text) > 1000
    return text


def test_the_top_level_is_the_agreed_one() -> None:
    assert {p.name for p in ROOT.iterdir() if not p.name.startswith(".")} - NOT_OURS == TOP


def test_no_module_grows_past_400_lines() -> None:
    lengths = {name: len((ROOT / name).read_text("utf-8").splitlines()) for name in sources()}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_no_function_grows_past_50_lines() -> None:
    found = {
        f"{name}:{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for name, module in sources().items()
        for function in functions(module)
    }
    assert len(found) > 100
    assert {name: length for name, length in found.items() if length > 50} == {}


def test_the_drawing_of_the_package_names_every_part() -> None:
    parts = {name.split("/")[1].removesuffix(".py") for name in sources()}
    parts -= {"__init__", "__main__"}
    assert len(parts) > 8
    assert {part for part in parts if not re.search(rf"\b{part}\b", presskit.__doc__ or "")} == set()


def test_every_test_folder_is_a_package() -> None:
    folders = {p.parent for p in (ROOT / "tests").rglob("test_*.py")}
    assert len(folders) > 3
    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_every_command_is_in_the_readme(readme: str) -> None:
    assert [name for name in COMMANDS if f"presskit {name}" not in readme] == []


def test_the_guarantee_of_sending_is_the_same_in_the_help_and_in_the_readme(readme: str) -> None:
    said = " ".join(EXAMPLES.partition("What is guaranteed:")[2].split())
    assert len(said) > 500
    promised = " ".join(readme.replace("\n> ", " ").split())
    assert said in promised.replace("“", '"').replace("”", '"')


def test_every_option_is_in_the_readme(readme: str) -> None:
    assert [option for option in sorted(options()) if option not in readme] == []


def options() -> set[str]:
    group = presskit_group()
    commands = [group, *(group.get_command(click.Context(group), name) for name in COMMANDS)]
    found = {o for c in commands if c for p in c.params if isinstance(p, click.Option) for o in p.opts}
    assert len(found) > 8
    return {option for option in found if option.startswith("--")}


def presskit_group() -> click.Group:
    from presskit.cli import cli

    assert isinstance(cli, click.Group)
    return cli


def test_every_exit_code_is_in_the_readme(readme: str) -> None:
    listed = {int(number) for number in re.findall(r"^\|\s*`?(\d+)`?\s*\|", readme, re.MULTILINE)}
    assert {code.value for code in ExitCode} <= listed


def test_every_problem_code_is_in_the_readme(readme: str) -> None:
    assert len(errors.CODES) > 20
    assert [code for code in errors.CODES if f"`{code}`" not in readme] == []


def test_every_code_a_problem_is_given_is_a_registered_one() -> None:
    given = {code for module in sources().values() for code in codes_given(module)}
    assert len(given) > 10
    assert given - set(errors.CODES) == set()


def test_every_registered_code_is_given_somewhere() -> None:
    texts = {
        node.value
        for name, module in sources().items()
        if name != "presskit/errors.py"
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(errors.CODES) - texts == set()


def codes_given(module: ast.Module) -> set[str]:
    """The literal codes handed to Problem, directly or by way of a function of the module."""
    takers = {"Problem": 4}  # name → position of the code
    for function in functions(module):
        names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
        for call in calls(function, {"Problem": 4}):
            code = code_of(call, 4)
            if isinstance(code, ast.Name) and code.id in names:
                takers[function.name] = names.index(code.id) - (names[0] in ("self", "cls"))
    literals = set()
    for call in calls(module, takers):
        code = code_of(call, takers[name_of(call)])
        if isinstance(code, ast.Constant):
            literals.add(str(code.value))
    return literals


def calls(tree: ast.AST, takers: dict[str, int]) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call) and name_of(node) in takers)


def name_of(call: ast.Call) -> str:
    match call.func:
        case ast.Name(name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def code_of(call: ast.Call, position: int) -> ast.expr | None:
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    return named.get("code") or (call.args[position] if len(call.args) > position else None)
