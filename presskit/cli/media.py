"""``presskit media``: lists of the media, taken over, checked, shown and handed out."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from presskit.cli import report
from presskit.cli.outcome import Outcome, all_problems, near, worst
from presskit.cli.outside import read_outside, write_table
from presskit.cli.run import Group, Run, json_option
from presskit.errors import ExitCode, PresskitError

if TYPE_CHECKING:
    from presskit.load.media import Duplicate
    from presskit.model.media import ListKind, MediaList, Recipient

EXAMPLES = """\b
Examples:
  presskit media import reporters.xlsx --list ontario --consent "published address"
  presskit media import address-book.vcf --list ontario --merge
  presskit media check
  presskit media show ontario --where "language = fr and not outlet ~ radio"
  presskit media export ontario --where "beat = crime" --to crime.csv
"""

TOLD = 20
"""So many addresses are told one by one."""


def _lists_there(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the lists a shell may complete to."""
    from presskit.load.media import list_names

    run = Run(project=ctx.find_root().params.get("project"))
    try:
        return [name for name in list_names(run.workspace()) if name.startswith(incomplete)]
    except PresskitError:
        return []


names_argument = click.argument("names", nargs=-1, metavar="[LIST]...", shell_complete=_lists_there)
where_option = click.option("--where", metavar="CONDITION", help="Only entries for which this holds.")


@click.group(cls=Group, epilog=EXAMPLES)
def command() -> None:
    """Keep lists of the media.

    A list is a table, data/media-lists/NAME.csv, with a few settings in NAME.yaml.  A condition compares
    outlet, reporter, email, domain, language, region, beat, formats, consent or list with =, != or ~
    (contains), or names accepts_embargo alone; join several with and, or, not and parentheses.
    """


@command.command(name="import")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--list", "name", required=True, metavar="LIST", help="The list it becomes, or is added to.")
@click.option(
    "--kind",
    type=click.Choice(["media", "partners", "staff", "other"]),
    help="Of a new list; media if not said.",
)
@click.option("--merge", is_flag=True, help="Add to the list that is there.")
@click.option("--consent", default="", metavar="TEXT", help="Why the office may write to them.")
@click.option("--language", default="", metavar="TAG", help="Of entries that name none.")
@click.pass_obj
def import_list(
    run: Run,
    file: Path,
    name: str,
    kind: ListKind | None,
    merge: bool,
    consent: str,
    language: str,
) -> ExitCode:
    """Take over a list.

    FILE is a spreadsheet (.xlsx), a table (.csv) or contacts of an address book (.vcf).  Either all of it is
    taken over or nothing.  What is on a list already stays as it is.
    """
    from presskit.load.media.adding import Wanted, add_list
    from presskit.load.media.intake import LIMIT_BYTES, import_rows

    content = read_outside(file, LIMIT_BYTES, "look at its name and at who may read it.")
    table = import_rows(content, file.as_posix())
    added = add_list(run.workspace(), name, table, Wanted(kind, language, consent), merge=merge)
    if added.warnings:
        report.say(report.listing(added.warnings, colour=report.coloured(sys.stderr)))
    report.out(near(added.file))
    report.say(f"{_many(len(added.new), 'entry', 'entries')} added.")
    if added.known:
        were = _many(len(added.known), "address was", "addresses were")
        report.say(f"{were} on the list already; nothing of that is changed:")
        for there, _ in added.known[:TOLD]:
            report.say(f"  {there.address.typed}  (line {there.place.line})")
        if len(added.known) > TOLD:
            report.say(f"  … and {len(added.known) - TOLD:,} more.")
    return ExitCode.OK


@command.command()
@names_argument
@json_option
@click.pass_obj
def check(run: Run, names: tuple[str, ...]) -> ExitCode:
    """Print what is wrong with lists, and what stands on several.

    Without a name, all lists are checked.
    """
    from presskit.load.media import list_names, load_list, merge_lists

    workspace = run.workspace()
    outcomes, lists = [], []
    for name in names or list_names(workspace):
        try:
            lists.append(load_list(workspace, name))
            outcomes.append(Outcome(name, ExitCode.OK, lists[-1].warnings))
        except PresskitError as error:
            outcomes.append(Outcome(name, error.exit_code, error.problems))
    _, duplicates = merge_lists(lists)
    if run.as_json:
        answers = [_renamed(outcome.as_data()) for outcome in outcomes]
        pairs = [{"kept": _as_data(kept), "dropped": _as_data(gone)} for kept, gone in duplicates]
        report.answer(run, worst(outcomes), lists=answers, duplicates=pairs)
        return worst(outcomes)
    problems = all_problems(outcomes)
    if problems:
        report.out(report.listing(problems, colour=report.coloured(sys.stdout)))
    for line in _on_several(duplicates):
        report.say(line)
    report.say(f"{_many(len(outcomes), 'list', 'lists')} checked: {report.count(problems)}.")
    return worst(outcomes)


@command.command()
@names_argument
@where_option
@json_option
@click.pass_obj
def show(run: Run, names: tuple[str, ...], where: str | None) -> ExitCode:
    """Show what lists there are, or who is on some of them.

    With names or a condition, entries are listed, each address once.
    """
    from presskit.load.media import list_names, load_list, merge_lists

    workspace = run.workspace()
    wanted = _wanted(where)
    lists = [load_list(workspace, name) for name in dict.fromkeys(names or list_names(workspace))]
    recipients, _ = merge_lists(lists)
    found = [recipient for recipient in recipients if wanted(recipient)]
    if run.as_json:
        report.answer(
            run, ExitCode.OK, lists=[_summary(one) for one in lists], entries=[_as_data(one) for one in found]
        )
        return ExitCode.OK
    for one in lists if not (names or where) else ():
        report.out(_in_words(one))
    for recipient in found if names or where else ():
        report.out(_line(recipient))
    report.say(f"{_many(len(found), 'address', 'addresses')} on {_many(len(lists), 'list', 'lists')}.")
    return ExitCode.OK


@command.command()
@click.argument("name", metavar="LIST", shell_complete=_lists_there)
@where_option
@click.option("--to", "target", type=click.Path(path_type=Path), metavar="FILE", help="A new file.")
@click.pass_obj
def export(run: Run, name: str, where: str | None, target: Path | None) -> ExitCode:
    """Hand out a list as a table.

    It goes to the terminal or, for spreadsheets, into a new file.  What a spreadsheet could take for a
    formula gets an apostrophe before it.
    """
    from presskit.load.media import load_list, write_list

    wanted = _wanted(where)
    found = [recipient for recipient in load_list(run.workspace(), name).recipients if wanted(recipient)]
    content = write_list(found)
    if target is None:
        report.out(content.decode().removesuffix("\n"))
    else:
        write_table(target, content)
        report.out(near(target))
    report.say(f"{_many(len(found), 'entry', 'entries')}.")
    return ExitCode.OK


def _wanted(where: str | None) -> Callable[[Recipient], bool]:
    from presskit.load.media import read_filter

    return (lambda _: True) if where is None else read_filter(where)


def _on_several(duplicates: Sequence[Duplicate]) -> list[str]:
    """Return a line for each two lists that share addresses."""
    shared = Counter((kept.list, gone.list) for kept, gone in duplicates)
    first = {(kept.list, gone.list): kept.address.typed for kept, gone in reversed(duplicates)}
    return [
        f"“{one}” and “{other}” share {_many(many, 'address', 'addresses')}, such as {first[one, other]}; "
        f"a release to both goes there once, as “{one}” says."
        for (one, other), many in shared.items()
    ]


def _summary(one: MediaList) -> dict[str, Any]:
    languages = Counter(recipient.language for recipient in one.recipients)
    return {
        "name": one.name,
        "kind": one.settings.kind,
        "title": one.settings.title,
        "entries": len(one.recipients),
        "languages": dict(sorted(languages.items())),
        "accept_embargo": sum(recipient.accepts_embargo for recipient in one.recipients),
    }


def _in_words(one: MediaList) -> str:
    facts = _summary(one)
    languages = ", ".join(f"{many} {tag or 'any language'}" for tag, many in facts["languages"].items())
    title = f"  {one.settings.title}" if one.settings.title else ""
    entries = _many(facts["entries"], "entry", "entries")
    embargo = f"{facts['accept_embargo']:,} accept embargoes"
    return f"{one.name}{title}  ({one.settings.kind}): {entries}; {languages}; {embargo}"


def _line(recipient: Recipient) -> str:
    """Return an entry as one line; what is not known is left out."""
    embargo = "accepts embargoes" if recipient.accepts_embargo else ""
    files = "" if recipient.wishes is None else f"wants {', '.join(recipient.wishes) or 'no files'}"
    parts = (
        recipient.reporter,
        recipient.outlet,
        recipient.language,
        recipient.region,
        ", ".join(recipient.beat),
    )
    return "  ".join(filter(None, (recipient.address.typed, *parts, embargo, files)))


def _as_data(recipient: Recipient) -> dict[str, Any]:
    return {
        "email": recipient.address.typed,
        "list": recipient.list,
        "line": recipient.place.line,
        "reporter": recipient.reporter,
        "outlet": recipient.outlet,
        "language": recipient.language,
        "region": recipient.region,
        "beat": recipient.beat,
        "accepts_embargo": recipient.accepts_embargo,
        "formats": recipient.wishes,
        "consent": recipient.consent,
    }


def _renamed(answer: dict[str, object]) -> dict[str, object]:
    return {"name": answer["slug"], "exit_code": answer["exit_code"], "problems": answer["problems"]}


def _many(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"
