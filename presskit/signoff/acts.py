"""What people do about a release: put its words forward, approve or reject a part, sign off the kit.

Each act is one signed record.  What may not be done is refused with the reason, before anything is written.
Not here: what records come to (`state`), and asking for keys (`cli`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date
from typing import Protocol

from presskit.errors import NotAllowed, Place, Problem, WrongUsage
from presskit.signoff.canon import digest
from presskit.signoff.envelope import Signer, sign
from presskit.signoff.keyring import OFFICER, Holder, Ring
from presskit.signoff.ledger import (
    EVIDENCE_BYTES,
    Ledger,
    NewRecord,
    add_record,
    folder_of,
)
from presskit.signoff.numbers import Allotted, allot
from presskit.signoff.records import Act, Decision, Logged, Method, statement_of
from presskit.signoff.scopes import Part
from presskit.signoff.standing import Standing
from presskit.signoff.state import Counted, weigh
from presskit.workspace import Workspace

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
class Hand:
    """Somebody about to sign."""

    signer: Signer
    holder: Holder


@dataclass(frozen=True, slots=True)
class Closed:
    """A sign-off that is through."""

    record: Logged
    reference: str
    files: Mapping[str, bytes]


def hand_of(signer: Signer, ring: Ring, workspace: Workspace) -> Hand:
    """Return who signs with a key.

    Raises:
        NotAllowed: the key is not in the office's key ring, or does not count now.
    """
    holder = ring.holder_at(signer.key_id, _NEWEST, workspace.now.astimezone(UTC).date())
    if holder is None:
        known = next((h for h in ring.holders if h.key.key_id == signer.key_id), None)
        what = _why_not(known)
        fix = "ask a keeper of the ring to add it: presskit key add (see presskit key --help)"
        raise NotAllowed(Problem(Place("key ring"), "", what, fix, "key-not-counting"))
    return Hand(signer, holder)


_NEWEST = 2**53
"""A place behind every record."""


def _why_not(holder: Holder | None) -> str:
    if holder is None:
        return "this key is not in the office's key ring."
    if holder.revoked_seq is not None:
        return f"the key of {holder.name} was revoked: {holder.reason}."
    return f"the key of {holder.name} counts only from {holder.start or 'ever'} to {holder.end or 'ever'}."


def submit(standing: Standing, hand: Hand, workspace: Workspace, note: str = "") -> Logged | None:
    """Put the words forward as their editor; return the record, ``None`` if that was done already."""
    if hand.holder.principal in standing.state.kit.editors:
        return None
    decision = _decision(standing, hand, workspace, "submit", (), note=note)
    return _add(standing, hand, workspace, lambda _: decision)


def answer(
    standing: Standing,
    hand: Hand,
    workspace: Workspace,
    parts: Sequence[Part],
    act: Act,
    *,
    principal: str = "",
    method: Method = "key",
    evidence: Evidence | None = None,
    reason: str = "",
    note: str = "",
) -> Logged:
    """Approve or reject parts, for oneself or by vouching for somebody's answer; return the record.

    Args:
        principal: who has answered, if it is not the one who signs.

    Raises:
        NotAllowed: the one who signs may not say so.
        WrongUsage: an answer that came otherwise than by key has no evidence.
    """
    who = principal or hand.holder.principal
    _require_entitled(standing, hand, parts, who, method)
    decision = _decision(standing, hand, workspace, act, parts, reason=reason, note=note)
    decision = replace(decision, principal=who, method=method)
    if method != "key":
        kept = _keep(evidence, standing, workspace)
        decision = replace(decision, evidence=digest(kept.content), evidence_name=kept.name)
    return _add(standing, hand, workspace, lambda _: decision)


def sign_kit(
    standing: Standing,
    hand: Hand,
    workspace: Workspace,
    issue: Issue,
    build: BuildFiles,
    *,
    break_glass: bool = False,
    reason: str = "",
    note: str = "",
) -> Logged | Closed:
    """Sign off the whole kit; the signature that makes the quorum closes it, with number and files.

    Raises:
        NotAllowed: a part is not approved, the one who signs has no role that clears a kit …
    """
    closed: list[tuple[str, Mapping[str, bytes]]] = []
    plain = _decision(standing, hand, workspace, "approve", (), reason=reason, note=note)
    plain = replace(plain, break_glass=break_glass)

    def decide(now: Standing) -> tuple[Decision, Allotted]:
        _require_ready(now, hand, break_glass=break_glass)
        if not _would_close(now, hand, plain):
            if break_glass:
                raise NotAllowed(_held_up(now))
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


# --- what may be done ----------------------------------------------------------------------------------


def _require_entitled(
    standing: Standing, hand: Hand, parts: Sequence[Part], who: str, method: Method
) -> None:
    """Raise if somebody's word on these parts would not count."""
    ring, policy = standing.ledger.ring, standing.scopes.policy
    place = Place(f"release {standing.scopes.slug}")
    if method != "key" and OFFICER not in hand.holder.roles:
        what = f"{hand.holder.name} is no officer, so can not vouch for somebody else's answer."
        raise NotAllowed(Problem(place, "", what, "have an officer sign this.", "role-lacking"))
    if method != "key" and policy.vouching == "no":
        what = "this office takes signatures only, no answers by mail, phone or on paper."
        raise NotAllowed(Problem(place, "", what, "ask for a signature.", "role-lacking"))
    if method == "key" and who != hand.holder.principal:
        what = f"{hand.holder.name} can not sign for {who}."
        fix = "say how the answer came: --by mail, phone or paper, with --evidence FILE."
        raise NotAllowed(Problem(place, "", what, fix, "role-lacking"))
    problems = [
        Problem(
            place,
            part.name,
            f"this needs {part.owner}, not {who}.",
            _ASK.format(part.principal),
            "role-lacking",
        )
        for part in parts
        if who != part.principal and who not in ring.delegates_at(part.principal, _NEWEST)
    ]
    problems += [
        Problem(
            place,
            part.name,
            f"the key ring knows {who} as “{hand.holder.name}”, not “{part.registered}”.",
            _NAME,
            "name-differs",
        )
        for part in parts
        if method == "key"
        and who == part.principal
        and part.kind == "quote"
        and hand.holder.name != part.registered
    ]
    if problems:
        raise NotAllowed(problems)


_ASK = "ask {}, or have them name a delegate: presskit key delegate"
_NAME = "correct the name in data/people.yaml, or have a keeper add the key anew under the right name."


def _require_ready(now: Standing, hand: Hand, *, break_glass: bool) -> None:
    """Raise if the kit can not be signed off yet, or not by this person."""
    place = Place(f"release {now.scopes.slug}")
    roles = now.scopes.policy.roles
    problems = [
        Problem(
            place,
            found.part.name,
            f"{found.part.owner} has not approved this.",
            "presskit request makes the sheet to ask with.",
            "approval-missing",
        )
        for found in now.state.missing
    ]
    if not hand.holder.roles.intersection(roles):
        what = f"{hand.holder.name} has none of the roles that clear a kit: {', '.join(roles)}."
        problems.append(Problem(place, "", what, "have somebody sign who has one.", "role-lacking"))
    editors = now.state.kit.editors
    if not editors and not break_glass:
        what = "nobody has put these words forward as their editor yet."
        fix = "whoever edited them last does: presskit request (the kit is cleared by others)."
        problems.append(Problem(place, "", what, fix, "approval-missing"))
    if hand.holder.principal in editors and not break_glass:
        what = f"{hand.holder.name} has edited these words last, and nobody clears their own words."
        problems.append(Problem(place, "", what, "have somebody else sign.", "role-lacking"))
    if problems:
        raise NotAllowed(problems)


def _held_up(now: Standing) -> Problem:
    held = now.state.kit.rejections
    why = (
        f"{held[0].signer.name} has rejected it: {held[0].decision.reason}."
        if held
        else "it would not count."
    )
    fix = "settle it with whoever rejected it; they take it back by signing."
    return Problem(
        Place(f"release {now.scopes.slug}"), "", f"this can not be signed off: {why}", fix, "approval-missing"
    )


def _would_close(now: Standing, hand: Hand, plain: Decision) -> bool:
    """Whether the kit would be signed off if this decision covered its files: asked of the state itself."""
    if now.state.cleared:
        return False
    trial = Counted(replace(plain, files={_TRIAL: ""}), hand.holder, _TRIAL, _NEWEST)
    after = weigh(now.scopes, (*now.state.counted, trial), now.ledger.ring)
    return after.cleared


_TRIAL = "trial"


# --- writing it down -----------------------------------------------------------------------------------


def _decision(
    standing: Standing,
    hand: Hand,
    workspace: Workspace,
    act: Act,
    parts: Sequence[Part],
    *,
    reason: str = "",
    note: str = "",
) -> Decision:
    whole = standing.scopes.whole
    return Decision(
        act=act,
        principal=hand.holder.principal,
        method="key",
        scopes={part.name: part.digest for part in parts} or {whole.name: whole.digest},
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
    if not workspace.exists(path):
        workspace.add(path, kept.content)
    return kept


def _file_name(evidence: Evidence) -> str:
    """Return a name that is safe everywhere and never taken by another file."""
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in evidence.name)
    return f"{digest(evidence.content)[:12]}-{safe.strip('.-')[-80:] or 'evidence'}"
