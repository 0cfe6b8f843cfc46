"""``presskit verify``: the archive in, everything out that is not as it was deposited."""

from __future__ import annotations

from pathlib import Path

import click

from presskit.cli import report
from presskit.cli.outside import read_outside
from presskit.cli.run import Run, json_option, slugs_argument
from presskit.errors import ExitCode, Place, Problem, WrongUsage

LIMIT_BYTES = 100_000

EXAMPLES = """\b
Examples:
  presskit verify
  presskit verify bridge-opening
  presskit verify --checkpoint from-a-mail.txt
"""


@click.command(epilog=EXAMPLES)
@slugs_argument
@click.option("--all", "everything", is_flag=True, help="The whole archive; so it is without a name, too.")
@click.option(
    "--checkpoint",
    "checkpoints",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A checkpoint kept outside the office, or a message to the media (.eml). Several times.",
)
@json_option
@click.pass_obj
def command(run: Run, slugs: tuple[str, ...], everything: bool, checkpoints: tuple[Path, ...]) -> ExitCode:
    """Check the archive.

    Structure, digests, signatures and the log are checked, and the checkpoints you name.  What is wrong is
    said with the file it is wrong with; the exit code is 7 then.
    """
    from presskit import pipeline

    if everything and slugs:
        what, fix = "--all and a release were named.", "name one of them."
        raise WrongUsage(Problem(Place("presskit verify"), "", what, fix, "usage-wrong"))
    office = pipeline.Office(run.workspace())
    found = pipeline.verify(office, slugs, tuple(map(_note, checkpoints)))
    code = ExitCode.ARCHIVE_DAMAGED if found.findings else ExitCode.OK
    if run.as_json:
        report.answer(
            run,
            code,
            objects=found.objects,
            versions=found.versions,
            checkpoints=found.checkpoints,
            key_ring=found.key_ring,
            findings=[
                {
                    "layer": f.layer,
                    "object": f.object_id,
                    "version": f.version,
                    "file": f.file,
                    "what": f.what,
                    "fix": f.fix,
                    "code": f.code,
                }
                for f in found.findings
            ],
        )
        return code
    for finding in found.findings:
        report.out(str(finding))
    several = "1 thing is" if len(found.findings) == 1 else f"{len(found.findings)} things are"
    verdict = f"{several} wrong" if found.findings else "everything is as it was deposited"
    report.say(f"{found.objects} objects, {found.versions} versions checked: {verdict}.")
    if found.checkpoints:
        report.say(
            f"held against {found.checkpoints} checkpoint{'s' if found.checkpoints > 1 else ''} from outside."
        )
    else:
        report.say("no checkpoint from outside was named, so that a log written anew would not be noticed.")
    report.say(f"key ring: {found.key_ring[:16] or 'none'} (compare it with what the office gave out).")
    return code


def _note(path: Path) -> bytes:
    return read_outside(path, LIMIT_BYTES, "name a file that holds a checkpoint as it was sent.")
