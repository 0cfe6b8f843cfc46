"""What people do about a release: put its words forward, approve or reject a part, sign off the kit.

Each act is one signed record.  What may not be done is refused with the reason, before anything is written.
Not here: what records come to (`state`), and asking for keys (`cli`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date
from typing import Protocol

from presskit.errors import NotAllowed, Place, Problem, WrongUsage
from presskit.signoff.allowed import (
    Hand,
    chosen,
    held_up,
    require_early,
    require_entitled,
    require_ready,
    require_unsigned,
    would_close,
)
from presskit.signoff.canon import digest
from presskit.signoff.envelope import sign
from presskit.signoff.ledger import (
    EVIDENCE_BYTES,
    Ledger,
    NewRecord,
    add_record,
    folder_of,
)
from presskit.signoff.numbers import Allotted, allot
from presskit.signoff.records import Act, Decision, Logged, Method, statement_of
from presskit.signoff.scopes import Part, Scope
from presskit.signoff.standing import Standing
from presskit.workspace import Workspace

REMARK_CHARACTERS = 2_000
"""A reason or a note has so many at most: it is shown in full wherever the release's state is."""

BuildFiles = Callable[[str], Mapping[str, bytes]]
"""Given the reference, returns the kit's files as they go out: name → bytes."""


class Issue(Protocol):
    """What allotting a number needs to know of a release."""

    @property
    def issued(self) -> date:
        """Day of issue."""

    @property
    def reference(self) -> str | None:
        """The number typed, if any."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that shows an answer: a mail, a note of a call, a scan."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Closed:
    """A sign-off that is through."""

    record: Logged
    reference: str
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants to say about a release."""

    act: Act = "approve"
    scopes: tuple[str, ...] = ()  # "quote.dusto", "kit", "early"; none: whatever waits for them
    principal: str = ""  # whose answer it is, if not the signer's own
    method: Method = "key"
    evidence: Evidence | None = None
    break_glass: bool = False
    reason: str = ""
    note: str = ""
    seen: Mapping[str, str] = field(
        default_factory=dict
    )  # scope → digest of the words that were shown, if any


@dataclass(frozen=True, slots=True)
class Signed:
    """What came of an order."""

    records: tuple[Logged, ...]
    parts: tuple[Part, ...]  # answered
    kit: bool  # whether the whole kit was signed or rejected
    early: bool  # whether its being sent before its time was
    closed: Closed | None  # if that signed the kit off


@dataclass(frozen=True, slots=True)
class Meant:
    """What an order is about."""

    parts: tuple[Part, ...]
    whole: Scope | None  # the kit
    early: Scope | None  # that it is sent before its time

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """All of it."""
        return (*self.parts, *filter(None, (self.whole, self.early)))


def carry_out(
    order: Order, standing: Standing, hand: Hand, workspace: Workspace, issue: Issue, build: BuildFiles
) -> Signed:
    """Answer what an order names, parts first; return what was recorded.

    Raises:
        NotAllowed: something of it is not the signer's to say; nothing of it is recorded.
        WrongUsage: there is no such part, or a reason or evidence is missing.
    """
    about = meant(order, standing, hand)
    records: list[Logged] = []
    closed: Closed | None = None
    if about.parts:
        records.append(answer(standing, hand, workspace, about.parts, order))
    if about.whole and order.act == "reject":
        records.append(reject_kit(standing, hand, workspace, order.reason))
    elif about.whole:
        done = sign_kit(standing, hand, workspace, issue, build, order)
        closed = done if isinstance(done, Closed) else None
        records.append(done.record if isinstance(done, Closed) else done)
    if about.early:
        records.append(answer_early(standing, hand, workspace, about.early, order))
    return Signed(tuple(records), about.parts, about.whole is not None, about.early is not None, closed)


def meant(order: Order, standing: Standing, hand: Hand) -> Meant:
    """Return what an order is about; for errors see `carry_out`."""
    _require_reason(order, standing)
    who = order.principal or hand.holder.principal
    own = order.method == "key" and who == hand.holder.principal
    names = order.scopes or (("kit",) if order.break_glass else ())
    picked = chosen(standing, names, who, hand.holder.roles if own else frozenset())
    parts = tuple(scope for scope in picked if isinstance(scope, Part))
    whole, early = standing.scopes.whole, standing.scopes.early
    about = Meant(parts, whole if whole in picked else None, early if early in picked else None)
    _require_plain(order, standing, about, own=own)
    if about.early:
        require_early(standing, hand, order.act)
    _require_seen(order, standing, about.scopes)
    return about


def submit(standing: Standing, hand: Hand, workspace: Workspace, note: str = "") -> Logged | None:
    """Put the words forward as their editor; return the record, ``None`` if that was done already."""
    if hand.holder.principal in standing.state.kit.editors:
        return None
    decision = _decision(standing, hand, workspace, "submit", (), note=note)
    return _add(standing, hand, workspace, lambda _: decision)


def answer(
    standing: Standing, hand: Hand, workspace: Workspace, parts: Sequence[Part], order: Order
) -> Logged:
    """Approve or reject parts, for oneself or by vouching for somebody's answer; return the record.

    Raises:
        NotAllowed: the one who signs may not say so.
        WrongUsage: an answer that came otherwise than by key has no evidence.
    """
    if not parts:
        raise ValueError("an answer is about a part; the whole kit is signed by sign_kit")
    who = order.principal or hand.holder.principal
    require_entitled(standing, hand.holder, parts, who, order.method)
    decision = _decision(standing, hand, workspace, order.act, parts, reason=order.reason, note=order.note)
    decision = replace(decision, principal=who, method=order.method)
    if order.method != "key":
        kept = _keep(order.evidence, standing, workspace)
        decision = replace(decision, evidence=digest(kept.content), evidence_name=kept.name)
    return _add(standing, hand, workspace, lambda _: decision)


def sign_kit(
    standing: Standing, hand: Hand, workspace: Workspace, issue: Issue, build: BuildFiles, order: Order
) -> Logged | Closed:
    """Sign off the whole kit; the signature that makes the quorum closes it, with number and files.

    Raises:
        NotAllowed: a part is not approved, the one who signs has no role that clears a kit …
        WrongUsage: their signature counts already.
    """
    closed: list[tuple[str, Mapping[str, bytes]]] = []
    plain = _decision(standing, hand, workspace, "approve", (), reason=order.reason, note=order.note)
    plain = replace(plain, break_glass=order.break_glass)

    def decide(now: Standing) -> tuple[Decision, Allotted]:
        """Return the signature for the kit as it stands now: the closing one has the number and the files."""
        require_ready(now, hand, break_glass=order.break_glass)
        if not would_close(now, hand, plain):
            if order.break_glass:
                raise NotAllowed(held_up(now))
            require_unsigned(now, hand)
            return plain, Allotted("", {})
        number = allot(now.scopes.kit, issue.reference, issue.issued, now.scopes.policy, now.ledger.chain)
        files = build(number.reference)
        closed.append((number.reference, files))
        digests = {name: digest(content) for name, content in files.items()}
        return replace(plain, files=digests, reference=number.reference), number

    record = _add_numbered(standing, hand, workspace, decide)
    return Closed(record, *closed[0]) if closed else record


def reject_kit(standing: Standing, hand: Hand, workspace: Workspace, reason: str) -> Logged:
    """Reject the whole kit, or take a signature on it back; return the record."""
    decision = _decision(standing, hand, workspace, "reject", (), reason=reason)
    return _add(standing, hand, workspace, lambda _: decision)


def answer_early(standing: Standing, hand: Hand, workspace: Workspace, early: Scope, order: Order) -> Logged:
    """Approve or reject that trusted lists get a release before its time; return the record.

    Raises:
        NotAllowed: it is not for the one who signs to say.
        WrongUsage: it is approved already.
    """
    decision = _decision(standing, hand, workspace, order.act, (early,), reason=order.reason, note=order.note)

    def decide(now: Standing) -> Decision:
        require_early(now, hand, order.act)
        return decision

    return _add(standing, hand, workspace, decide)


def _require_reason(order: Order, standing: Standing) -> None:
    if (order.act == "reject" or order.break_glass) and not order.reason.strip():
        what = (
            "a rejection needs a reason." if order.act == "reject" else "breaking the glass needs a reason."
        )
        place = Place(f"release {standing.scopes.slug}")
        raise WrongUsage(Problem(place, "reason", what, "add --reason and say why.", "reason-missing"))


def _require_seen(order: Order, standing: Standing, scopes: Sequence[Scope]) -> None:
    """Raise if words were shown, and others stand there now."""
    if order.seen and any(order.seen.get(scope.name) != scope.digest for scope in scopes):
        what = "the words have changed since they were shown."
        place = Place(f"release {standing.scopes.slug}")
        raise NotAllowed(Problem(place, "", what, "look at them again, then sign.", "words-changed"))


def _require_plain(order: Order, standing: Standing, about: Meant, *, own: bool) -> None:
    """Raise if an order says of parts what only the kit can be said of, or of the kit what only parts can."""
    place = Place(f"release {standing.scopes.slug}")
    if (about.whole or about.early) and not own:
        what = "nobody can be vouched for where the whole kit is concerned."
        raise NotAllowed(
            Problem(place, "kit", what, "have them sign with a key of their own.", "role-lacking")
        )
    kinds = [kind for kind in (about.parts, about.whole, about.early) if kind]
    if len(kinds) > 1 and order.act == "approve":
        what = "a part, the whole kit and its being sent early are signed one by one."
        fix = "sign the quotes and mentions first, then: --scope kit"
        raise WrongUsage(Problem(place, "scope", what, fix, "usage-wrong"))
    if (about.parts or about.early) and order.break_glass:
        what = "breaking the glass is for the whole kit: nothing else is approved by it."
        raise WrongUsage(Problem(place, "scope", what, "leave out --scope, or --break-glass.", "usage-wrong"))


# --- writing it down -----------------------------------------------------------------------------------


def _decision(
    standing: Standing,
    hand: Hand,
    workspace: Workspace,
    act: Act,
    scopes: Sequence[Scope],
    *,
    reason: str = "",
    note: str = "",
) -> Decision:
    whole = standing.scopes.whole
    for name, text in (("reason", reason), ("note", note)):
        if len(text) > REMARK_CHARACTERS:
            what = f"{len(text):,} characters are more than the {REMARK_CHARACTERS:,} it may have."
            fix = "say it shorter; a paper can be kept as evidence instead."
            place = Place(f"release {standing.scopes.slug}")
            raise WrongUsage(Problem(place, name, what, fix, "text-too-long"))
    return Decision(
        act=act,
        principal=hand.holder.principal,
        method="key",
        scopes={scope.name: scope.digest for scope in scopes} or {whole.name: whole.digest},
        files={},
        whole=whole.digest,
        at=workspace.now.astimezone(UTC).isoformat(timespec="seconds"),
        reason=reason,
        note=note,
    )


def _add(
    standing: Standing, hand: Hand, workspace: Workspace, decide: Callable[[Standing], Decision]
) -> Logged:
    return _add_numbered(standing, hand, workspace, lambda now: (decide(now), Allotted("", {})))


def _add_numbered(
    standing: Standing,
    hand: Hand,
    workspace: Workspace,
    decide: Callable[[Standing], tuple[Decision, Allotted]],
) -> Logged:
    """Add the record of a decision that is made by the ledger as it is then."""

    def make(ledger: Ledger) -> NewRecord:
        decision, number = decide(standing.with_ledger(ledger, workspace))
        who = decision.principal.replace(":", "-")
        decision = replace(decision, after=ledger.chain.head)
        content = sign(statement_of(decision, standing.scopes.kit), hand.signer)
        return NewRecord(f"{decision.act}-{who}", content, number.facts)

    return add_record(folder_of(standing.scopes.slug), workspace, make)


def _keep(evidence: Evidence | None, standing: Standing, workspace: Workspace) -> Evidence:
    """Keep a file of evidence with the release."""
    place = Place(f"release {standing.scopes.slug}")
    if evidence is None or not evidence.content:
        what = "an answer by mail, phone or on paper needs a file that shows it."
        fix = "add --evidence FILE: the mail, a scan, or your note of the call."
        raise WrongUsage(Problem(place, "", what, fix, "evidence-missing"))
    if len(evidence.content) > EVIDENCE_BYTES:
        what = f"{evidence.name} has more than the {EVIDENCE_BYTES:,} bytes evidence may have."
        raise WrongUsage(Problem(place, "", what, "make it smaller.", "file-too-large"))
    kept = replace(evidence, name=_file_name(evidence))
    path = f"{folder_of(standing.scopes.slug)}/evidence/{kept.name}"
    workspace.add(path, kept.content, replace=True)  # its name is made of its bytes: what differs was spoilt
    return kept


def _file_name(evidence: Evidence) -> str:
    """Return a name that is safe everywhere and never taken by another file."""
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in evidence.name)
    return f"{digest(evidence.content)[:12]}-{safe.strip('.-')[-80:] or 'evidence'}"
