"""``presskit status``: who has approved what of a release, what is missing, what changed since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from presskit.cli import report
from presskit.cli.run import Run, json_option, quiet_option, slugs_argument
from presskit.errors import ExitCode, PresskitError, Problem, in_reading_order

if TYPE_CHECKING:
    from presskit.pipeline import Office
    from presskit.signoff.standing import Standing

EXAMPLES = """\b
Examples:
  presskit status
  presskit status bridge-opening
  presskit status bridge-opening --json
"""


@click.command(epilog=EXAMPLES)
@slugs_argument
@json_option
@quiet_option
@click.pass_obj
def command(run: Run, slugs: tuple[str, ...], quiet: bool) -> ExitCode:
    """Show how releases stand with those who approve them.

    One release is shown with all its parts; several, a line each.  The exit code is 0 however they stand.
    """
    from presskit import pipeline

    workspace = run.workspace()
    pipeline.require_known(slugs, workspace)
    wanted = tuple(dict.fromkeys(slugs)) or pipeline.releases(workspace)
    office = pipeline.Office(workspace)
    found = {slug: _standing(slug, office) for slug in wanted}
    failed = [error for error in found.values() if isinstance(error, PresskitError)]
    code = failed[0].exit_code if failed else ExitCode.OK
    if run.as_json:
        report.answer(run, code, releases=[_as_data(slug, how) for slug, how in found.items()])
        return code
    for slug, how in found.items():
        _show(slug, how, office, whole=len(slugs) == 1, quiet=quiet)
    return code


def _standing(slug: str, office: Office) -> Standing | PresskitError:
    from presskit import pipeline

    try:
        return pipeline.standing(slug, office)
    except PresskitError as error:
        return error


def _show(slug: str, found: Standing | PresskitError, office: Office, *, whole: bool, quiet: bool) -> None:
    from presskit import pipeline
    from presskit.signoff.words import early_words, kit_words, part_words, stage_words

    if isinstance(found, PresskitError):
        report.out(f"{slug}: can not be read ({report.count(found.problems)})")
        _tell(found.problems)
        return
    report.out(f"{slug}: {stage_words(found.state)}")
    if whole:
        rows = [(p.part.short, p.part.owner, part_words(p)) for p in found.state.parts]
        rows += [
            ("kit" if not i else "", "the office" if not i else "", line)
            for i, line in enumerate(kit_words(found.scopes, found.state))
        ]
        if early := early_words(found.scopes, found.state):
            rows.append(("early", "the office", early))
        newest = pipeline.newest_archived(slug, office)
        archived = found.state.cleared and pipeline.is_archived(newest, found)
        if newest is not None:
            since = "" if archived else "; words, approvals or the look have changed since"
            rows.append(("archive", "", f"version {newest.number} is kept as it was signed off{since}"))
        rows += [("sent", "", line) for line in _sent(slug, office)]
        report.out(columns(rows))
        if not quiet and (step := _next(slug, found, archived=archived)):
            report.say(f"\nNext: {step}")
    _tell(found.problems())


def _sent(slug: str, office: Office) -> Iterator[str]:
    """Yield to how many each version was sent."""
    from presskit import pipeline
    from presskit.send.outbox.deliveries import NAMES

    for version, counts in pipeline.sent_versions(office, slug).items():
        rest = {NAMES[state].replace("_", " "): count for state, count in counts.items() if state != "sent"}
        more = "".join(f", {count:,} {word}" for word, count in sorted(rest.items()))
        sent, all_of_them = counts.get("sent", 0), sum(counts.values())
        yield f"version {version} to {sent:,} of {all_of_them:,}{more}: presskit deliveries {slug}"
    yield from (problem.what for held, problem in pipeline.undecided(office) if held in ("", slug))


def columns(rows: Sequence[tuple[str, ...]]) -> str:
    """Return rows as text, each column as wide as its longest entry; the last one is not filled up."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]) - 1)]
    lines = ["  ".join((*(row[at].ljust(width) for at, width in enumerate(widths)), row[-1])) for row in rows]
    return "\n".join(f"  {line}".rstrip() for line in lines)


def _next(slug: str, found: Standing, *, archived: bool) -> str:
    """Return the command that comes next, "" if there is none."""
    state = found.state
    if state.cleared:
        return "" if archived else f"presskit archive {slug}"
    if not state.kit.editors:
        return f"presskit request {slug}"
    if state.missing:
        return f"the sheets in output/{slug}/requests/, then presskit sign {slug} for each answer"
    return f"presskit sign {slug}"


def _tell(problems: tuple[Problem, ...]) -> None:
    for problem in in_reading_order(problems):
        report.say(str(problem))


def _as_data(slug: str, found: Standing | PresskitError) -> dict[str, Any]:
    if isinstance(found, PresskitError):
        return {"slug": slug, "problems": [report.as_data(problem) for problem in found.problems]}
    state = found.state
    closing = state.kit.closing
    return {
        "slug": slug,
        "kit": found.scopes.kit,
        "stage": state.stage,
        "cleared": state.cleared,
        "reference": closing.decision.reference if closing else "",
        "break_glass": state.break_glass is not None,
        "second_owed": state.kit.second_owed,
        "parts": [
            {
                "scope": part.part.name,
                "digest": part.part.digest,
                "owner": part.part.owner,
                "principal": part.part.principal,
                "answer": part.answer,
                "rest_changed": part.rest_changed,
                "by": part.by.decision.principal if part.by else None,
                "method": part.by.decision.method if part.by else None,
                "at": part.by.decision.at if part.by else None,
                "record": part.by.file if part.by else None,
            }
            for part in state.parts
        ],
        "kit_digest": found.scopes.whole.digest,
        "early": _early(found),
        "editors": list(state.kit.editors),
        "signers": [signer.signer.principal for signer in state.kit.signers],
        "lacking": list(state.kit.lacking) if not state.cleared else [],
        "problems": [report.as_data(problem) for problem in found.problems()],
    }


def _early(found: Standing) -> dict[str, Any] | None:
    """Return whether trusted lists may get a release before its time; ``None`` without an embargo."""
    early, by = found.scopes.early, found.state.early
    if early is None:
        return None
    return {
        "scope": early.name,
        "digest": early.digest,
        "approved": by is not None,
        "by": by.decision.principal if by else None,
        "at": by.decision.at if by else None,
        "record": by.file if by else None,
    }
