"""``presskit sign``: approve a quote, a mention or the whole kit of a release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from presskit.cli import report
from presskit.cli.outcome import near
from presskit.cli.outside import read_outside
from presskit.cli.run import Run, json_option, slug_argument
from presskit.cli.signer import chosen_signer, signer_options
from presskit.cli.vouching import evidence_of, vouching_options
from presskit.errors import ExitCode

if TYPE_CHECKING:
    from presskit.pipeline import Office, Seal
    from presskit.signoff.acts import Order, Signed
    from presskit.signoff.envelope import Signer

RECEIVED_BYTES = 1_000_000

EXAMPLES = """\b
Examples:
  presskit sign bridge-opening
  presskit sign bridge-opening --scope quote.mayor
  presskit sign bridge-opening --for agency:durham --by mail --evidence answer.eml
  presskit sign bridge-opening --received agency-opp.statement agency-opp.statement.sig
  presskit sign bridge-opening --scope kit --break-glass --reason "Nobody else is on duty"
  presskit sign bridge-opening --scope early
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
@vouching_options
@click.option(
    "--received",
    nargs=2,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="STATEMENT SIG",
    help="Enter an approval that was signed elsewhere with ssh-keygen.",
)
@click.option(
    "--break-glass", is_flag=True, help="One signature for the kit instead of several; needs --reason."
)
@click.option(
    "--reason", default="", metavar="TEXT", help="Why the glass is broken; it stays on record for ever."
)
@click.option("--note", default="", metavar="TEXT", help="A note that goes on record.")
@click.option("--yes", is_flag=True, help="Sign without being shown the words and asked.")
@signer_options
@json_option
@click.pass_obj
def command(
    run: Run,
    slug: str,
    scopes: tuple[str, ...],
    principal: str | None,
    method: str | None,
    evidence: Path | None,
    received: tuple[Path, Path] | None,
    break_glass: bool,
    reason: str,
    note: str,
    yes: bool,
    key_name: str | None,
    ssh_key: Path | None,
) -> ExitCode:
    """Approve what waits for you, or sign off the kit.

    Without --scope: the quotes and mentions that wait for you; if none does, the whole kit.  On a terminal
    you are shown the words first, and exactly those are signed.  The signature that makes the quorum signs
    the kit off: it gets its number, and its files are built without the mark of a draft.

    --scope early is for a release under embargo, and is never signed by itself: trusted media lists may get
    the release, as it stands, before its time.  One of those who clear kits says so; other words or another
    time ask for it anew.  The kit does not wait for it.
    """
    from presskit import pipeline
    from presskit.signoff.acts import Order

    workspace = run.workspace()
    pipeline.require_known((slug,), workspace)
    office = pipeline.Office(workspace)
    if received is not None:
        return _enter(run, slug, office, received)
    found = evidence_of(principal, method, evidence)
    order = Order("approve", scopes, principal or "", found.method, found.evidence, break_glass, reason, note)
    signer = chosen_signer(key_name, ssh_key)
    if not yes and report.somebody_is_there():
        order = replace(order, seen=_shown(slug, office, signer, order))
    done = pipeline.sign(slug, office, signer, order, seal_of(office))
    tell(run, slug, done, "approved", workspace.root)
    return ExitCode.OK


def _shown(slug: str, office: Office, signer: Signer, order: Order) -> Mapping[str, str]:
    """Show what is about to be signed and ask; return what was shown."""
    from presskit import pipeline

    words = pipeline.to_be_signed(slug, office, signer, order)
    if words.kit:
        report.say(words.kit)
    for passage in words.passages:
        said = "\n\n".join(passage.words) or "(named in a list without an introduction)"
        report.say(f"{passage.attribution}:\n\n{said}\n")
    if words.early:
        report.say(f"Trusted lists may get this before its time, {words.early}.\n")
    whose = f"{order.principal} approves" if order.principal else "you approve"
    click.confirm(f"Record that {whose} exactly this?", abort=True, err=True)
    return words.seen


def _enter(run: Run, slug: str, office: Office, received: tuple[Path, Path]) -> ExitCode:
    from presskit import pipeline

    fix = "name the statement file, then the .sig that ssh-keygen made of it."
    statement, signature = (read_outside(path, RECEIVED_BYTES, fix) for path in received)
    record = pipeline.receive(slug, office, statement, signature.decode("utf-8", "replace"))
    if run.as_json:
        report.answer(run, ExitCode.OK, slug=slug, records=[record.file])
    else:
        report.out(f"entered: {record.file}")
    return ExitCode.OK


def seal_of(office: Office) -> Seal | None:
    """Return what signs the PDF visibly; ``None`` if the office does not do so."""
    certificate = office.registers.house.sign_off.certificate
    if certificate is None:
        return None
    from presskit.cli.signer import passphrase
    from presskit.signoff.sealing import sealing

    return sealing(
        office.workspace.root / certificate,
        lambda: passphrase(
            f"Passphrase of {Path(certificate).name}", variable="PRESSKIT_CERTIFICATE_PASSPHRASE"
        ),
        office.workspace.now,
    )


def tell(run: Run, slug: str, done: Signed, word: str, root: Path) -> None:
    """Print what was recorded, and what it led to."""
    closed = done.closed
    if run.as_json:
        files = sorted(closed.files) if closed else []
        report.answer(
            run,
            ExitCode.OK,
            slug=slug,
            records=[record.file for record in done.records],
            scopes=[part.name for part in done.parts] + ["kit"] * done.kit + ["early"] * done.early,
            signed_off=closed is not None,
            reference=closed.reference if closed else "",
            files=files,
        )
        return
    for part in done.parts:
        report.out(f"{word}: {part.name.removeprefix('block:')}  {part.owner}  {part.digest[:16]}")
    if done.kit:
        report.out(f"{word}: the whole kit" + (", which is signed off now" if closed else ""))
    if done.early:
        report.out(f"{word}: sending it to trusted lists before its time")
    if closed is not None:
        if closed.reference:
            report.out(f"number: {closed.reference}")
        for name in closed.files:
            report.out(near(root / "output" / slug / name))
    for record in done.records:
        report.say(f"record: {record.file}")
    if closed is not None:
        report.say(f"\nNext: presskit archive {slug}")
