"""``presskit completion``: the lines that let a shell complete commands, options and releases."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from presskit.cli import report
from presskit.errors import ExitCode

EXAMPLES = """\b
Examples:
  presskit completion bash >> ~/.bashrc
  presskit completion zsh >> ~/.zshrc
  presskit completion fish > ~/.config/fish/completions/presskit.fish
"""


@click.command(epilog=EXAMPLES)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> ExitCode:
    """Print what lets a shell complete words.

    Add it to the shell's start file: Tab then completes commands, options and releases.
    """
    completion = get_completion_class(shell)
    assert completion is not None
    report.out(completion(ctx.find_root().command, {}, "presskit", "_PRESSKIT_COMPLETE").source())
    return ExitCode.OK
