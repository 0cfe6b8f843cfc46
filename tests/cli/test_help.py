from __future__ import annotations

import re
import shlex

import click
import pytest

from presskit import __version__
from presskit.cli import COMMANDS, cli
from presskit.errors import ExitCode
from presskit.writers import WRITERS
from tests.cli.conftest import Call, Said

HEAVY = {
    "pydantic",
    "reportlab",
    "docx",
    "rich",
    "babel",
    "jinja2",
    "lxml",
    "ruamel",
    "uharfbuzz",
    "watchfiles",
    "cryptography",
    "rfc8785",
    "css_inline",
    "email_validator",
    "python_calamine",
    "sqlite3",
    "smtplib",
    "imaplib",
    "ssl",
    "keyring",
    "flufl",
    "boto3",
    "pyhanko",
}

LOADED = """
import sys
from presskit.cli import COMMANDS, main
for name in COMMANDS:
    main([name, "--help"])
main(["--help"])
main(["completion", "fish"])
print(sorted(name for name in sys.modules if "." not in name), file=sys.stderr)
"""


def test_no_help_imports_what_it_does_not_need(start: Call) -> None:
    said = start(code=LOADED)
    assert said.code == 0, said.err
    loaded = set(re.findall(r"'(\w+)'", said.err))
    assert {"click", "presskit"} <= loaded
    assert said.out.count("Usage: presskit") == len(COMMANDS) + 1
    assert loaded & HEAVY == set()


def test_the_version_is_one_line_on_stdout(call: Call) -> None:
    assert call("--version") == Said(0, f"presskit {__version__}\n", "")


def test_help_names_every_command_and_every_exit_code(call: Call) -> None:
    said = call("--help")
    assert (said.code, said.err) == (0, "")
    listed = said.out.partition("Write:")[2].partition("Examples:")[0]
    assert re.findall(r"^  ([a-z-]+)  ", listed, re.MULTILINE) == list(COMMANDS)
    numbers = set(re.findall(r"\b(\d+) [a-z]", said.out.partition("Exit codes:")[2]))
    assert numbers == {str(code.value) for code in ExitCode}


@pytest.mark.parametrize("args", [(), *((name,) for name in COMMANDS)], ids=lambda args: " ".join(args))
def test_every_help_fits_a_terminal_and_is_not_cut_off(args: tuple[str, ...], call: Call) -> None:
    said = call(*args, "--help")
    assert (said.code, said.err) == (0, "")
    usage, *lines = said.out.splitlines()
    assert usage.startswith("Usage: presskit")
    assert [line for line in lines if len(line) > 100 or line.endswith("...")] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_example_can_be_copied(name: str, call: Call) -> None:
    examples = re.findall(
        r"^ +presskit (.+)$", call(name, "--help").out.partition("Examples:")[2], re.MULTILINE
    )
    assert len(examples) >= 2
    assert isinstance(cli, click.Group)
    for example in examples:
        command, *args = shlex.split(re.split(r" [>|]", example)[0])
        found = cli.get_command(click.Context(cli), command)
        assert command == name
        assert found is not None
        found.make_context(command, args)  # raises where a word is not understood


def test_the_help_of_format_names_what_there_is(call: Call) -> None:
    text = " ".join(call("build", "--help").out.split())
    named = text.partition("Write only this: ")[2].partition(".")[0]
    assert set(re.split(r", | or ", named)) == set(WRITERS)


def test_without_a_command_the_help_is_shown_and_it_is_wrong_usage(call: Call) -> None:
    said = call()
    assert (said.code, said.out) == (2, "")
    assert "Sign off:" in said.err


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_completion_is_printed_for_a_shell(shell: str, call: Call) -> None:
    said = call("completion", shell)
    assert (said.code, said.err) == (0, "")
    assert "_PRESSKIT_COMPLETE" in said.out


def test_a_shell_completes_releases(fine: str, start: Call) -> None:
    env = {"_PRESSKIT_COMPLETE": "fish_complete", "COMP_WORDS": "presskit build br", "COMP_CWORD": "br"}
    said = start(env=env)
    assert (said.code, said.err) == (0, "")
    assert fine in said.out
