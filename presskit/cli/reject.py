"""``presskit reject``: say no to a part, the whole kit or its being sent early, or take an approval back."""

from __future__ import annotations

from pathlib import Path

import click

from presskit.cli.run import Run, json_option, slug_argument
from presskit.cli.sign import tell
from presskit.cli.signer import chosen_signer, signer_options
from presskit.cli.vouching import evidence_of, vouching_options
from presskit.errors import ExitCode

EXAMPLES = """\b
Examples:
  presskit reject bridge-opening --scope quote.mayor --reason "I did not say that"
  presskit reject bridge-opening --scope kit --reason "The figures are not confirmed"
  presskit reject bridge-opening --scope early --reason "An outlet broke the embargo"
  presskit reject bridge-opening --for agency:opp --by phone --evidence call.txt --reason "Not us"
"""


@click.command(epilog=EXAMPLES)
@slug_argument
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="PART",
    help="quote.ID, mention.ID, kit or early. Several times.",
)
@click.option("--reason", default="", metavar="TEXT", help="Why; it goes on record.")
@vouching_options
@signer_options
@json_option
@click.pass_obj
def command(
    run: Run,
    slug: str,
    scopes: tuple[str, ...],
    reason: str,
    principal: str | None,
    method: str | None,
    evidence: Path | None,
    key_name: str | None,
    ssh_key: Path | None,
) -> ExitCode:
    """Reject a part or the whole kit, with the reason.

    It also takes back an approval given before.  A speaker's or agency's own rejection outweighs all
    delegates, until they approve; that of somebody who clears kits holds the kit up, until they sign.
    With --scope early nobody gets the release before its time.
    """
    from presskit import pipeline
    from presskit.signoff.acts import Order

    workspace = run.workspace()
    pipeline.require_known((slug,), workspace)
    found = evidence_of(principal, method, evidence)
    order = Order("reject", scopes, principal or "", found.method, found.evidence, reason=reason)
    done = pipeline.sign(slug, pipeline.Office(workspace), chosen_signer(key_name, ssh_key), order)
    tell(run, slug, done, "rejected", workspace.root)
    return ExitCode.OK
