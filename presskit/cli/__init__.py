"""The ``presskit`` command: words on a command line in, one run of the pipeline and an exit code out.

Each command has a file of its own, imported when it is called; what a run needs beyond that (pydantic,
ReportLab …) is imported by the command's function, so that ``presskit --help`` answers at once.
Results go to stdout, messages and progress to stderr.  Not here: any step of a run (`pipeline`).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click

from presskit import __version__
from presskit.cli import report
from presskit.cli.run import Run
from presskit.errors import ExitCode, Place, PresskitError, Problem, WrongUsage

SECTIONS = {
    "Write": ("init", "new", "check", "build", "watch", "show"),
    "Sign off": ("key", "request", "status", "sign", "reject", "revoke"),
    "Keep": (
        *("archive", "verify", "find", "show-version", "diff", "restore", "export"),
        *("audit", "correct", "withdraw", "purge"),
    ),
    "Send": ("media", "send", "outbox", "deliveries", "bounces", "unsubscribe"),
    "Set up": ("doctor", "schema", "completion"),
}
"""Every command in the order a newcomer meets it; each is ``command`` in the module of its name."""

COMMANDS = tuple(name for names in SECTIONS.values() for name in names)


class Commands(click.Group):
    """The commands, imported when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command; ``None`` if there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"presskit.cli.{cmd_name.replace('-', '_')}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands with what each does, by what they are for."""
        for section, names in SECTIONS.items():
            found = ((name, self.get_command(ctx, name)) for name in names)
            rows = [(name, command.get_short_help_str(70)) for name, command in found if command]
            with formatter.section(section):
                formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that was called.

        Raises:
            WrongUsage: there is none of that name.
        """
        if args[0] in COMMANDS or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        from difflib import get_close_matches

        near = get_close_matches(args[0], COMMANDS, 1)
        fix = f"did you mean “{near[0]}”?" if near else f"choose one of: {', '.join(COMMANDS)}."
        what = f"there is no command “{args[0]}”."
        raise WrongUsage(Problem(Place("presskit"), "", what, fix, "usage-wrong"))


EXAMPLES = """\b
Examples:
  presskit init press-office
  cd press-office
  presskit new bridge-opening
  presskit check bridge-opening
  presskit build bridge-opening

\b
Exit codes:
  0 fine · 1 problems found · 2 wrong usage · 3 file unreadable · 4 settings wrong
  5 not allowed · 6 sent to some · 7 archive damaged · 70 our bug · 130 stopped
"""


@click.command(cls=Commands, epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="The office's folder, if it is not the current one or above it.",
)
@click.version_option(__version__, message="presskit %(version)s")
@click.pass_context
def cli(ctx: click.Context, project: Path | None) -> None:
    """Build the press kit of a news release from one source, have it signed off, archive it and send it."""
    run = ctx.ensure_object(Run)
    run.project, run.command = project, ctx.invoked_subcommand or ""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; whatever goes wrong is printed here and nowhere else."""
    args = list(sys.argv[1:] if argv is None else argv)
    run = Run(as_json="--json" in args)
    report.prepare_streams()
    try:
        return int(cli.main(args, prog_name="presskit", standalone_mode=False, obj=run) or ExitCode.OK)
    except PresskitError as error:
        report.failure(run, error.problems, error.exit_code)
        return error.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return ExitCode.USAGE
    except click.ClickException as error:
        report.failure(run, (_usage(error, run),), ExitCode.USAGE)
        return ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt):
        report.say("stopped.")
        return ExitCode.STOPPED
    except SystemExit:  # click leaves so after shell completion, and when nobody reads its help to the end
        return ExitCode.OK
    except Exception as error:
        report.bug(run, args, error)
        return ExitCode.BUG


def _usage(error: click.ClickException, run: Run) -> Problem:
    """Say a mistake click found the way all others are said."""
    called = f"presskit {run.command}".strip()
    message = error.format_message().replace("\n", " ")
    what = message if message.endswith((".", "?")) else f"{message}."
    return Problem(Place(called), "", what, f"see the examples of: {called} --help", "usage-wrong")
