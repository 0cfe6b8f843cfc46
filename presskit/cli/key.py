"""``presskit key``: keys of one's own, and the office's key ring."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from presskit.cli import report
from presskit.cli.run import Group, Run, json_option
from presskit.cli.signer import chosen_signer, passphrase, signer_options
from presskit.errors import ExitCode, Place, Problem, WrongUsage

if TYPE_CHECKING:
    from presskit.signoff.keys import PublicKey

EXAMPLES = """\b
Examples:
  presskit key new clerk
  presskit key add clerk --for person:clerk --named "The Clerk" --role keeper --role officer
  presskit key add lee.pub --for person:lee --named "The Inspector" --role release
  presskit key delegate person:mayor person:spokesperson
  presskit key list
"""


@click.group(cls=Group, epilog=EXAMPLES)
def command() -> None:
    """Make keys and keep the key ring.

    A key is what you sign with; it lies encrypted outside the office's folder.  The key ring says whose key
    counts, and as what.  The first key that is added founds the ring.
    """


@command.command()
@click.argument("name")
def new(name: str) -> ExitCode:
    """Make a key of your own.

    Its public half is printed: give it to a keeper of the key ring.
    """
    from presskit.signoff.keybox import key_folder, make_key

    folder = key_folder()
    public = make_key(name, passphrase("New passphrase", twice=True), folder)
    report.out(public.line)
    report.say(f"\nThe key is {folder / name}.key, encrypted; the public half {name}.pub beside it.")
    report.say(f"Fingerprint: {public.fingerprint}")
    report.say("Nobody can open it without the passphrase, and nobody can find that out for you.")
    return ExitCode.OK


@command.command()
@click.argument("key")
@click.option("--for", "principal", required=True, metavar="WHO", help="person:ID or agency:ID of data/.")
@click.option("--named", metavar="NAME", help="The holder's name; without it, the one in data/.")
@click.option(
    "--role", "roles", multiple=True, metavar="ROLE", help="keeper, officer, release … Several times."
)
@click.option(
    "--from", "start", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="First day it counts."
)
@click.option("--until", "end", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="Last day it counts.")
@click.option(
    "--by", "by", metavar="NAME", help="Your own key that signs this, if not the one that is added."
)
@click.pass_obj
def add(
    run: Run,
    key: str,
    principal: str,
    named: str | None,
    roles: tuple[str, ...],
    start: datetime | None,
    end: datetime | None,
    by: str | None,
) -> ExitCode:
    """Add a key to the key ring.

    KEY is the name of a key of yours, a .pub file, or the line that stands in one.  Roles: a keeper keeps
    the ring, an officer puts words forward and vouches for answers, those named in house.yaml (release)
    clear kits.
    """
    from presskit import pipeline
    from presskit.signoff.ring_acts import NewHolder

    public, own = _public(key)
    signer = chosen_signer(by or own, None)
    first, last = (moment.date() if moment else None for moment in (start, end))
    holder = NewHolder(principal, named or "", roles, first, last)
    record = pipeline.add_key(pipeline.Office(run.workspace()), signer, public, holder)
    report.out(f"{principal} is in the key ring, fingerprint {public.fingerprint}")
    report.say(f"record: {record.file}")
    return ExitCode.OK


def _public(key: str) -> tuple[PublicKey, str | None]:
    """Return the public key somebody means, and the name of the private one if it is their own."""
    from presskit.signoff.keybox import key_folder, key_names, public_key
    from presskit.signoff.keys import BadKey, read_public

    if key in key_names(key_folder()):
        return public_key(key, key_folder()), key
    try:
        text = key if key.startswith("ssh-") else Path(key).read_bytes()[:10_000].decode("utf-8", "replace")
        return read_public(text), None
    except (OSError, BadKey) as error:
        why = error if isinstance(error, BadKey) else "there is no key and no file of that name"
        fix = "name a key of yours (presskit key list), a .pub file, or put its line in quotation marks."
        raise WrongUsage(Problem(Place(f"key {key[:40]}"), "", f"{why}.", fix, "key-unknown")) from error


@command.command()
@click.argument("principal", metavar="WHO")
@click.argument("delegate", metavar="TO")
@click.option("--end", is_flag=True, help="From now on no longer.")
@signer_options
@click.pass_obj
def delegate(
    run: Run, principal: str, delegate: str, end: bool, key_name: str | None, ssh_key: Path | None
) -> ExitCode:
    """Let somebody answer for somebody else.

    Both are written person:ID or agency:ID.  Signed by WHO themselves, or by a keeper of the ring.
    """
    from presskit import pipeline

    signer = chosen_signer(key_name, ssh_key)
    office = pipeline.Office(run.workspace())
    record = pipeline.delegate(office, signer, principal, delegate, ends=end)
    no_longer = " no longer" if end else ""
    report.out(f"{delegate} answers{no_longer} for {principal}")
    report.say(f"record: {record.file}")
    return ExitCode.OK


@command.command(name="list")
@json_option
@click.pass_obj
def list_keys(run: Run) -> ExitCode:
    """List the key ring and your own keys."""
    from presskit.signoff.keybox import key_folder, key_names, public_key
    from presskit.signoff.ledger import open_ledger

    ledger = open_ledger(run.workspace())
    own = {public_key(name, key_folder()).key_id: name for name in key_names(key_folder())}
    rows: list[dict[str, Any]] = [
        {
            "principal": holder.principal,
            "name": holder.name,
            "roles": sorted(holder.roles),
            "fingerprint": holder.key.fingerprint,
            "from": _iso(holder.start),
            "until": _iso(holder.end),
            "revoked": holder.reason if holder.revoked_seq is not None else None,
            "yours": own.get(holder.key.key_id),
        }
        for holder in ledger.ring.holders
    ]
    delegations = [(d.principal, d.to) for d in ledger.ring.delegations if d.ended_seq is None]
    problems = [report.as_data(problem) for problem in ledger.all_problems()]
    if run.as_json:
        report.answer(
            run,
            ExitCode.OK,
            founded=ledger.ring.founding,
            keys=rows,
            delegations=[{"principal": principal, "to": to} for principal, to in delegations],
            own=sorted(own.values()),
            problems=problems,
        )
        return ExitCode.OK
    for row in rows:
        marks = [", ".join(row["roles"]) or "no role", row["fingerprint"]]
        marks += [f"revoked: {row['revoked']}"] if row["revoked"] else []
        marks += [f"yours: {row['yours']}"] if row["yours"] else []
        report.out(f"{row['principal']}  {row['name']}  ({'; '.join(marks)})")
    for principal, to in delegations:
        report.out(f"{to} answers for {principal}")
    report.say(f"founded by the record {ledger.ring.founding[:16]}" if rows else "there is no key ring yet.")
    report.say(f"your own keys: {', '.join(sorted(own.values())) or 'none'}")
    for problem in ledger.all_problems():
        report.say(str(problem))
    return ExitCode.OK


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
