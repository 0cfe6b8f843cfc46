"""The options by which an officer vouches for the answer of somebody who has no key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from presskit.cli.outside import read_outside
from presskit.errors import Place, Problem, WrongUsage

if TYPE_CHECKING:
    from presskit.signoff.acts import Evidence
    from presskit.signoff.records import Method


class Vouched(NamedTuple):
    """How an answer came."""

    method: Method
    evidence: Evidence | None


def vouching_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say whose answer it is, how it came and what shows it."""
    options = (
        click.option("--for", "principal", metavar="WHO", help="Whose answer it is: person:ID or agency:ID."),
        click.option(
            "--by", "method", type=click.Choice(["mail", "phone", "paper"]), help="How the answer came."
        ),
        click.option(
            "--evidence",
            type=click.Path(dir_okay=False, path_type=Path),
            metavar="FILE",
            help="What shows it: the mail, a scan, a note of the call. It is kept with the record.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def evidence_of(principal: str | None, method: str | None, evidence: Path | None) -> Vouched:
    """Return how an answer came, with the file that shows it.

    Raises:
        WrongUsage: one of the options is missing, or the file can not be read.
    """
    from presskit.signoff.acts import Evidence
    from presskit.signoff.ledger import EVIDENCE_BYTES

    if principal is None and method is None and evidence is None:
        return Vouched("key", None)
    if principal is None or method is None or evidence is None:
        what = "it takes three to vouch for an answer: whose it is, how it came, and what shows it."
        fix = "give --for WHO, --by mail|phone|paper and --evidence FILE together."
        raise WrongUsage(Problem(Place("presskit"), "", what, fix, "evidence-missing"))
    content = read_outside(
        evidence, EVIDENCE_BYTES, "name the file that shows the answer.", "evidence-missing"
    )
    return Vouched(method, Evidence(evidence.name, content))  # type: ignore[arg-type]  # click has checked it
