"""What is known of a kit's way out to the report that proves it: files, approvals, refusals, changes, mail.

Not here: finding it out (`signoff`, `archive`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, assert_never

from presskit.compose.paperwork import Clerk, Passage, grouped, instant, shown, text_of
from presskit.document import nodes
from presskit.model.house import AuditWording
from presskit.model.pack import Pack

Row = Sequence[str | tuple[nodes.Inline, ...]]


@dataclass(frozen=True, slots=True)
class File:
    """One file of a version."""

    name: str
    size_bytes: int
    sha256: str  # hexadecimal


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the kit that went out."""

    number: int
    at: datetime  # aware: when it was signed off
    reference: str  # "" for none
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Approval:
    """Somebody approved a passage, or the whole kit."""

    at: datetime  # aware
    who: str
    role: str  # speaker, agency, release authority …; "" for none
    scope: str  # "block:quote.mayor@en-CA", "kit@en-CA"
    how: str  # account, passkey, paper form …
    digest: str  # SHA-256, hexadecimal, of what was approved


@dataclass(frozen=True, slots=True)
class Rejection:
    """Somebody did not approve, or took an approval back."""

    at: datetime  # aware
    who: str
    scope: str
    reason: str


@dataclass(frozen=True, slots=True)
class BreakGlass:
    """The kit went out without all approvals, on one person's word."""

    at: datetime  # aware
    who: str
    reason: str
    made_good: str  # who approved it afterwards, and when; "" while that is owed


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a passage as they were in the earlier version, the later one, or both."""

    kind: Literal["kept", "removed", "added"]
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a version changed in one passage."""

    scope: str
    before: int  # number of the earlier version
    after: int
    pieces: tuple[Piece, ...]  # in reading order


@dataclass(frozen=True, slots=True)
class ToList:
    """A list of the media a mailing went to."""

    name: str
    mailboxes: int


@dataclass(frozen=True, slots=True)
class Mailing:
    """The kit was sent to the media, or is about to be; how many mailboxes that is, and never which."""

    queued: datetime  # aware
    first: datetime | None  # aware: when a mail server took the first message; None: it has taken none
    last: datetime | None
    version: int
    early: bool  # before the embargo ended
    lists: tuple[ToList, ...]
    messages: tuple[File, ...]  # without what is a recipient's own, as archived
    sent: int
    refused: int
    in_doubt: int  # perhaps taken
    waiting: int
    left_out: int  # get no more mail
    cancelled: int


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of the archive's log that this report can be held against."""

    origin: str
    size: int  # lines of the log
    root: str  # hash of all of them, as the checkpoint writes it
    at: datetime  # aware


@dataclass(frozen=True, slots=True)
class Audit:
    """Everything an audit report says of one kit, each list in order of time."""

    kit: str  # example.org/free-clinic
    slug: str
    language: str
    office: str  # short name, for the foot
    issuer: str
    headline: str  # of the newest version, as printed
    made: datetime  # aware: when the report was made
    versions: tuple[Version, ...]
    passages: tuple[Passage, ...]  # of the newest version: what the approvals are about
    approvals: tuple[Approval, ...]
    rejections: tuple[Rejection, ...]
    break_glass: tuple[BreakGlass, ...]
    changes: tuple[Change, ...]
    mailings: tuple[Mailing, ...]
    checkpoint: Checkpoint | None  # None: the archive has none yet


def compose_audit(report: Audit, pack: Pack) -> nodes.Document:
    """Return the audit report of a kit.

    Raises:
        BadLink: a passage has a link that no release can have.
        ValueError: the pack's date pattern can not be filled in.
    """
    clerk, labels = Clerk(pack, report.language), pack.wording.audit
    title = clerk.label(labels.title, headline=report.headline)
    head = clerk.head(
        title=title,
        kind=clerk.label(labels.kind),
        slug=report.slug,
        office=report.office,
        issuer=report.issuer,
        running=clerk.label(labels.kind),
        day=clerk.date(report.made.date()),
        kit=report.kit,
        dated=report.made,
    )
    asked = clerk.label(labels.intro, kit=report.kit, time=instant(report.made))
    blocks = (
        nodes.Headline("headline", "", text_of(title)),
        clerk.paragraph(nodes.Text(asked)),
        *_versions(report, clerk, labels),
        *_passages(report, clerk, labels),
        *_approvals(report, clerk, labels),
        *_rejections(report, clerk, labels),
        *_break_glass(report, clerk, labels),
        *_changes(report, clerk, labels),
        *_mailings(report, clerk, labels),
        *_checkpoint(report.checkpoint, clerk, labels),
    )
    return nodes.Document(head, blocks)


def _versions(report: Audit, clerk: Clerk, labels: AuditWording) -> Iterator[nodes.Block]:
    yield clerk.heading(clerk.label(labels.versions))
    if not report.versions:
        yield _none(clerk, labels)
    for version in report.versions:
        number = f" · {shown(version.reference)}" if version.reference else ""
        said = clerk.label(labels.version, number=str(version.number), time=instant(version.at))
        rows = [(shown(f.name), str(f.size_bytes), grouped(f.sha256)) for f in version.files]
        yield clerk.table(said + number, _labels(clerk, labels.file, labels.size, labels.sha256), rows)


def _passages(report: Audit, clerk: Clerk, labels: AuditWording) -> Iterator[nodes.Block]:
    if report.passages:
        yield clerk.heading(clerk.label(labels.passages))
    for passage in report.passages:
        yield clerk.heading(shown(passage.scope), level=3)
        yield from clerk.passage(passage)


def _approvals(report: Audit, clerk: Clerk, labels: AuditWording) -> Iterator[nodes.Block]:
    rows = [
        (_when(one.at), _approver(one), _lines(one.scope, grouped(one.digest))) for one in report.approvals
    ]
    who, part = f"{labels.who} / {labels.how}", f"{labels.part} / {labels.fingerprint}"
    header = _labels(clerk, labels.when, who, part)
    yield from _listed(labels.approvals, header, rows, clerk, labels)


def _rejections(report: Audit, clerk: Clerk, labels: AuditWording) -> Iterator[nodes.Block]:
    rows = [(_when(r.at), shown(r.who), shown(r.scope), shown(r.reason)) for r in report.rejections]
    header = _labels(clerk, labels.when, labels.who, labels.part, labels.reason)
    yield from _listed(labels.rejections, header, rows, clerk, labels)


def _break_glass(report: Audit, clerk: Clerk, labels: AuditWording) -> Iterator[nodes.Block]:
    rows = [
        (_when(b.at), shown(b.who), shown(b.reason), shown(b.made_good) or clerk.label(labels.owed))
        for b in report.break_glass
    ]
    header = _labels(clerk, labels.when, labels.who, labels.reason, labels.made_good)
    yield from _listed(labels.break_glass, header, rows, clerk, labels)


def _changes(report: Audit, clerk: Clerk, labels: AuditWording) -> Iterator[nodes.Block]:
    yield clerk.heading(clerk.label(labels.changes))
    if not report.changes:
        yield _none(clerk, labels)
    for change in report.changes:
        numbers = {"before": str(change.before), "after": str(change.after)}
        yield clerk.heading(clerk.label(labels.change, part=change.scope, **numbers), level=3)
        pieces = [_piece(piece, clerk, labels) for piece in change.pieces]
        content = [inline for piece in pieces for inline in (nodes.Text(" "), *piece)][1:]
        yield clerk.paragraph(*content)


def _piece(piece: Piece, clerk: Clerk, labels: AuditWording) -> tuple[nodes.Inline, ...]:
    """Return a piece; that it is removed or added is said in words too.

    Source: WCAG 2.2, 1.3.1 and 1.4.1: what looks say, words have to say.
    """
    words = text_of(shown(piece.words))
    match piece.kind:
        case "kept":
            return words
        case "removed":
            said = clerk.label(labels.removed)
            return nodes.Text(f"[{said} "), nodes.Emphasis(words), nodes.Text("]")
        case "added":
            said = clerk.label(labels.added)
            return nodes.Text(f"[{said} "), nodes.Strong(words), nodes.Text("]")
        case _:
            assert_never(piece.kind)


def _mailings(report: Audit, clerk: Clerk, labels: AuditWording) -> Iterator[nodes.Block]:
    yield clerk.heading(clerk.label(labels.sent))
    if not report.mailings:
        yield clerk.paragraph(nodes.Text(clerk.label(labels.not_sent)))
        return
    yield clerk.paragraph(nodes.Text(clerk.label(labels.sent_meaning)))
    rows = [
        (
            _lines(*_span(mailing), clerk.label(labels.early) if mailing.early else ""),
            _lines(*(f"{one.name}: {one.mailboxes}" for one in mailing.lists)),
            _lines(*_outcome(mailing, clerk, labels)),
            _lines(*";\n".join(grouped(one.sha256) for one in mailing.messages).split("\n")),
        )
        for mailing in report.mailings
    ]
    yield clerk.table("", _labels(clerk, labels.when, labels.lists, labels.outcome, labels.message), rows)


def _span(mailing: Mailing) -> Iterator[str]:
    """Yield when a mailing went, from its first message to its last; when it was queued if none went."""
    first = instant(mailing.first or mailing.queued)
    yield from first.split(" ", 1)
    if mailing.last and (last := instant(mailing.last)) != first:
        yield f"– {last}"


def _outcome(mailing: Mailing, clerk: Clerk, labels: AuditWording) -> Iterator[str]:
    """Yield how many mailboxes got it; what did not go well is told even where there is none of it."""
    always = (
        (labels.accepted, mailing.sent),
        (labels.refused, mailing.refused),
        (labels.in_doubt, mailing.in_doubt),
    )
    others = (
        (labels.waiting, mailing.waiting),
        (labels.left_out, mailing.left_out),
        (labels.cancelled, mailing.cancelled),
    )
    for label, count in (*always, *(pair for pair in others if pair[1])):
        yield clerk.label(label, count=str(count))


def _checkpoint(found: Checkpoint | None, clerk: Clerk, labels: AuditWording) -> Iterator[nodes.Block]:
    yield clerk.heading(clerk.label(labels.checkpoint))
    if found is None:
        yield _none(clerk, labels)
        return
    yield clerk.paragraph(nodes.Text(clerk.label(labels.checkpoint_meaning)))
    row = shown(found.origin), str(found.size), grouped(found.root), _when(found.at)
    header = _labels(clerk, labels.origin, labels.lines, labels.root, labels.when)
    yield clerk.table("", header, [row])


def _listed(
    heading: str, header: Sequence[str], rows: Sequence[Row], clerk: Clerk, labels: AuditWording
) -> Iterable[nodes.Block]:
    """Return a heading with its table, or the word that there is nothing to list."""
    found = clerk.table("", header, rows) if rows else _none(clerk, labels)
    return clerk.heading(clerk.label(heading)), found


def _none(clerk: Clerk, labels: AuditWording) -> nodes.Paragraph:
    return clerk.paragraph(nodes.Text(clerk.label(labels.none)))


def _labels(clerk: Clerk, *labels: str) -> tuple[str, ...]:
    return tuple(map(clerk.label, labels))


def _approver(approval: Approval) -> tuple[nodes.Inline, ...]:
    """Return who approved, in which role and how, on a line each that says where it ends."""
    name = f"{approval.who}, {approval.role}" if approval.role else approval.who
    return _lines(f"{name};", approval.how)


def _when(moment: datetime) -> tuple[nodes.Inline, ...]:
    """Return an instant with the time of day on a line of its own."""
    return _lines(*instant(moment).split(" ", 1))


def _lines(*lines: str) -> tuple[nodes.Inline, ...]:
    """Return texts on a line each; one that says nothing takes none."""
    said = [inline for line in lines if (text := shown(line)) for inline in (nodes.Break(), nodes.Text(text))]
    return tuple(said[1:])
