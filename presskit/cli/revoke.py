"""``presskit revoke``: take somebody's key out of force."""

from __future__ import annotations

from pathlib import Path

import click

from presskit.cli import report
from presskit.cli.run import Run
from presskit.cli.signer import chosen_signer, signer_options
from presskit.errors import ExitCode

EXAMPLES = """\b
Examples:
  presskit revoke person:lee --reason "Left the office"
  presskit revoke SHA256:abc… --reason "Laptop stolen"
"""


@click.command(epilog=EXAMPLES)
@click.argument("who")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it goes on record.")
@signer_options
@click.pass_obj
def command(run: Run, who: str, reason: str, key_name: str | None, ssh_key: Path | None) -> ExitCode:
    """Take a key out of force, from now on.

    WHO is person:ID, agency:ID or a fingerprint.  What the key signed before still counts: the place in
    the log decides, not the time a record claims.
    """
    from presskit import pipeline

    office = pipeline.Office(run.workspace())
    records = pipeline.revoke(office, chosen_signer(key_name, ssh_key), who, reason)
    report.out(f"{len(records)} key{'s' if len(records) > 1 else ''} of {who} out of force")
    for record in records:
        report.say(f"record: {record.file}")
    return ExitCode.OK
