"""``presskit bounces``: what came back by mail in, who gets no more mail out."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from presskit.cli import report
from presskit.cli.outside import write_table
from presskit.cli.run import Run, json_option
from presskit.errors import ExitCode, Place, Problem, WrongUsage

if TYPE_CHECKING:
    from presskit.pipeline import Office
    from presskit.send.bounces.reading import Finding, Found
    from presskit.send.outbox.suppression import Suppressed

EXAMPLES = """\b
Examples:
  presskit bounces ~/Maildir --dry-run
  presskit bounces --imap
  presskit bounces --list
  presskit bounces --lift jane@news.example
  presskit bounces --export without-mail.csv
"""

COLUMNS = ("address", "reason", "since", "source", "detail")


@click.command(epilog=EXAMPLES)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option("--imap", "by_imap", is_flag=True, help="Read the mailbox named in house.yaml.")
@click.option("--dry-run", is_flag=True, help="Only say what would follow.")
@click.option("--list", "show", is_flag=True, help="List who gets no mail, since when and why.")
@click.option("--export", "target", metavar="FILE", help="Write that list as CSV; - prints it.")
@click.option("--lift", metavar="ADDRESS", help="Let somebody get mail again.")
@click.option("--reason", default="", metavar="TEXT", help="Why they get mail again; a wish needs one.")
@json_option
@click.pass_obj
def command(
    run: Run,
    paths: tuple[Path, ...],
    by_imap: bool,
    dry_run: bool,
    show: bool,
    target: str | None,
    lift: str | None,
    reason: str,
) -> ExitCode:
    """Read bounces and wishes to unsubscribe.

    With --list, --lift and --export you keep the list of who gets no mail.  A PATH is a Maildir, a folder of
    .eml files, an mbox file or one message; - reads standard input.  Each message counts once, and nothing is
    deleted.  An address that does not exist gets no more mail at once; full mailboxes and the like are
    counted.
    """
    from presskit import pipeline

    asked = [bool(paths or by_imap), show, target is not None, lift is not None]
    if sum(asked) != 1:
        what = "say one thing: what to read, or what to do with the list of who gets no mail."
        fix = "name files or --imap; or --list, --export FILE, --lift ADDRESS."
        raise WrongUsage(Problem(Place("presskit bounces"), "", what, fix, "usage-wrong"))
    office = pipeline.Office(run.workspace())
    if lift is not None:
        return _lift(run, office, lift, reason)
    if asked[0]:
        return _read(run, office, paths, by_imap=by_imap, dry_run=dry_run)
    without = pipeline.without_mail(office)
    if target is not None:
        return _export(run, without, target)
    if run.as_json:
        report.answer(
            run, ExitCode.OK, without_mail=[dict(zip(COLUMNS, _row(one), strict=True)) for one in without]
        )
        return ExitCode.OK
    for one in without:
        detail = f"  {one.detail}" if one.detail else ""
        report.out(f"{one.typed}  {one.reason}  {one.at:%Y-%m-%d}{detail}")
    report.say(f"{_addresses(len(without))} without mail.")
    return ExitCode.OK


def _read(run: Run, office: Office, paths: tuple[Path, ...], *, by_imap: bool, dry_run: bool) -> ExitCode:
    """Read what came back and print what it says."""
    counted: Counter[str] = Counter()
    found = list(_told(run, _all(office, paths, by_imap=by_imap, dry_run=dry_run), counted))
    if run.as_json:
        report.answer(run, ExitCode.OK, dry_run=dry_run, counts=dict(sorted(counted.items())), findings=found)
        return ExitCode.OK
    report.say(_summary(counted))
    if dry_run:
        report.say("a dry run: nothing was done.")
    return ExitCode.OK


def _all(office: Office, paths: tuple[Path, ...], *, by_imap: bool, dry_run: bool) -> Iterator[Found]:
    from presskit import pipeline

    yield from pipeline.read_answers(office, paths, sys.stdin.buffer, rehearsal=dry_run)
    if by_imap:
        yield from pipeline.read_mailbox(office, os.environ, rehearsal=dry_run)


def _told(run: Run, found: Iterable[Found], counted: Counter[str]) -> Iterator[dict[str, object]]:
    """Print each finding as it comes; yield those that are news, as data."""
    from presskit.send.bounces.mailboxes import Unread
    from presskit.send.bounces.reading import Finding

    for one in found:
        match one:
            case Finding():
                counted[one.verdict.step] += 1
                if not run.as_json and (one.verdict.step != "nothing" or one.ends_doubt):
                    report.out(_line(one))
                yield _as_data(one)
            case Unread():
                counted["unread"] += 1
                if not run.as_json:
                    report.out(f"{one.place}  can not be read, and stays where it is: {one.why}")
                yield {"place": one.place, "kind": "unread", "follows": one.why}
            case _:
                counted["known"] += 1


def _line(found: Finding) -> str:
    """Return one line about a finding, and the words that came with it where somebody has to look."""
    who, about = found.address or "somebody", found.delivery
    if about is not None and about.outlet:
        who += f" ({about.outlet})"
    line = "  ".join(part for part in (who, found.report.status, found.verdict.words) if part)
    if found.ends_doubt and about is not None:
        settled = f"presskit outbox treat-as-sent {about.slug} {about.typed}"
        line += f"\n    it was in doubt, and had been accepted: {settled}"
    if found.verdict.step != "tell":
        return line
    return f"{line}\n    {found.place}" + (f": “{found.report.text}”" if found.report.text else "")


def _as_data(found: Finding) -> dict[str, object]:
    about, said = found.delivery, found.report
    return {
        "place": found.place,
        "kind": said.kind,
        "address": found.address,
        "outlet": about.outlet if about else "",
        "release": about.slug if about else "",
        "status": said.status,
        "text": said.text,
        "step": found.verdict.step,
        "follows": found.verdict.words,
        "ends_doubt": found.ends_doubt,
    }


def _summary(counted: Counter[str]) -> str:
    """Return how many messages there were, and what follows from how many."""
    words = {
        "suppress": "without mail from now on",
        "count": "counted",
        "tell": "to look at",
        "nothing": "of which nothing follows",
        "unread": "not readable",
        "known": "known already",
    }
    total = counted.total()
    parts = ", ".join(f"{counted[step]} {said}" for step, said in words.items() if counted[step])
    return f"{total} message{'' if total == 1 else 's'} read{f': {parts}' if parts else ''}."


def _lift(run: Run, office: Office, address: str, reason: str) -> ExitCode:
    """Let somebody get mail again, and say whether they did not before."""
    from presskit import pipeline

    lifted = pipeline.take_back(office, address, reason)
    if run.as_json:
        report.answer(run, ExitCode.OK, address=address, lifted=lifted)
    else:
        again = f"{address} gets mail again; what they missed: presskit outbox retry SLUG {address}"
        report.say(again if lifted else f"{address} was not without mail.")
    return ExitCode.OK


def _export(run: Run, without: tuple[Suppressed, ...], target: str) -> ExitCode:
    """Write who gets no mail as CSV."""
    from presskit.load.media.cells import guarded
    from presskit.load.media.writing import write_rows

    table = write_rows([COLUMNS, *(map(guarded, _row(one)) for one in without)])
    if target == "-":
        report.out(table.decode().removesuffix("\n"))
    else:
        write_table(Path(target), table)
    report.say(f"{_addresses(len(without))} written.")
    return ExitCode.OK


def _row(one: Suppressed) -> tuple[str, ...]:
    return (one.typed, one.reason, f"{one.at:%Y-%m-%dT%H:%M:%SZ}", one.source, one.detail)


def _addresses(count: int) -> str:
    return "1 address" if count == 1 else f"{count} addresses"
