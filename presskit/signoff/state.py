"""Who has approved what, what is missing, and whether the kit is signed off: a pure function.

It looks at the data (`scopes`), the records in the order of the log, and the key ring; nothing of its result
is stored, so nothing can get out of step.  Not here: reading files (`desk`), and how it is shown (`cli`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from presskit.signoff.keyring import OFFICER, Holder, Ring
from presskit.signoff.records import BadRecord, Decision, Logged, Seen, decision_in
from presskit.signoff.scopes import Part, Scopes

Stage = Literal["in_review", "approved", "signed_off"]
"""Something is not approved; all parts are, the office is not through; the kit may go out."""

Answer = Literal["missing", "approved", "changed", "rejected"]
"""Of one part: nobody has answered; approved as it stands; approved or rejected in other words; rejected."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A decision whose signature counts."""

    decision: Decision
    signer: Holder
    file: str
    seq: int

    @property
    def vouched(self) -> bool:
        """Whether an officer vouches for somebody who has not signed with a key."""
        return self.decision.method != "key"


@dataclass(frozen=True, slots=True)
class PartState:
    """How one quote or mention stands."""

    part: Part
    answer: Answer
    by: Counted | None = None  # the decision that makes it so
    rest_changed: bool = False  # approved, and the kit around it has changed since


@dataclass(frozen=True, slots=True)
class KitState:
    """How the whole kit stands with the office."""

    editors: tuple[str, ...] = ()  # who put these very words forward
    signers: tuple[Counted, ...] = ()  # a decision each of those who count towards the quorum
    not_counted: tuple[tuple[Counted, str], ...] = ()  # signed, but does not count, and why
    rejections: tuple[Counted, ...] = ()  # of those who could clear it; each holds it up until taken back
    lacking: tuple[str, ...] = ()  # roles of which nobody has signed
    closing: Counted | None = None  # the record that closed the sign-off, with the digests of the files
    second_owed: bool = False  # signed off by break-glass, and nobody has confirmed it yet


@dataclass(frozen=True, slots=True)
class State:
    """How one release stands."""

    stage: Stage
    parts: tuple[PartState, ...]
    kit: KitState
    break_glass: Counted | None = None  # marked for ever
    early: Counted | None = None  # lets trusted lists have it before its time, once it is cleared
    early_rejections: tuple[Counted, ...] = ()  # of those who could; each forbids it until taken back
    counted: tuple[Counted, ...] = ()  # every decision that counts, in the order of the log
    left_out: tuple[tuple[str, str], ...] = ()  # record → why it does not count

    @property
    def cleared(self) -> bool:
        """Whether the kit may go out as it stands."""
        return self.stage == "signed_off"

    @property
    def missing(self) -> tuple[PartState, ...]:
        """The parts that are not approved."""
        return tuple(found for found in self.parts if found.answer != "approved")


def evaluate(
    scopes: Scopes, records: Sequence[Logged], ring: Ring, evidence: Mapping[str, str] | None = None
) -> State:
    """Return how a release stands.

    Args:
        records: those of the release, in the order of the log.
        evidence: SHA-256 of each file of evidence that lies with the release, by any name.
    """
    counted, left_out = _counted(scopes, records, ring, frozenset((evidence or {}).values()))
    return replace(weigh(scopes, counted, ring), counted=tuple(counted), left_out=left_out)


def weigh(scopes: Scopes, counted: Sequence[Counted], ring: Ring) -> State:
    """Return how a release stands by decisions that count."""
    parts = tuple(_part_state(part, counted, scopes, ring) for part in scopes.parts)
    kit = _kit_state(scopes, counted)
    broken = next((c for c in reversed(counted) if _closes(c, scopes) and c.decision.break_glass), None)
    all_approved = all(found.answer == "approved" for found in parts)
    glass = kit.closing is not None and kit.closing.decision.break_glass
    through = kit.closing is not None and (glass or not kit.lacking) and not kit.rejections
    stage: Stage = "in_review" if not all_approved else "signed_off" if through else "approved"
    return _with_early(State(stage, parts, kit, broken), scopes, counted)


# --- which records count -------------------------------------------------------------------------------


def _counted(
    scopes: Scopes, records: Iterable[Logged], ring: Ring, evidence: frozenset[str]
) -> tuple[list[Counted], tuple[tuple[str, str], ...]]:
    """Return the decisions that count, and each record that does not with the reason."""
    counted: list[Counted] = []
    left_out: list[tuple[str, str]] = []
    seen = Seen()
    for record in records:
        try:
            found = _count(scopes, record, ring, evidence)
            seen.require_new(record)
            counted.append(found)
        except BadRecord as error:
            left_out.append((record.file, str(error)))
    return counted, tuple(left_out)


def _count(scopes: Scopes, record: Logged, ring: Ring, evidence: frozenset[str]) -> Counted:
    decision = decision_in(record.envelope.statement, scopes.kit)
    signers = ring.signers_of(record.envelope, record.seq, record.day)
    if not signers:
        raise BadRecord("no key of the key ring that counts at that time has signed it")
    if decision.method == "key":
        own = next((s for s in signers if s.principal == decision.principal), None)
        if own is None:
            raise BadRecord(f"it speaks for {decision.principal}, whose key has not signed it")
        return Counted(decision, own, record.file, record.seq)
    officer = next((s for s in signers if OFFICER in s.roles), None)
    if officer is None:
        raise BadRecord("it vouches for somebody else, and no officer has signed it")
    if decision.act == "submit" or any(name.startswith(_WHOLE) for name in decision.scopes):
        raise BadRecord("nobody can be vouched for where the whole kit is concerned")
    if scopes.policy.vouching == "no":
        raise BadRecord("this office does not accept answers an officer vouches for")
    if decision.evidence not in evidence:
        raise BadRecord("the file that shows the answer is missing, or is not the one that was attached")
    return Counted(decision, officer, record.file, record.seq)


_WHOLE = "kit@", "early@"
"""How the names of scopes begin in which nobody but the office itself decides, with keys."""


# --- one part ------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Answers:
    """The answers to one part, as they come in."""

    approvals: dict[str, Counted] = field(default_factory=dict)  # who → of the words as they stand
    rejections: dict[str, Counted] = field(default_factory=dict)
    others: list[Counted] = field(default_factory=list)  # approvals of other words


def _part_state(part: Part, counted: Iterable[Counted], scopes: Scopes, ring: Ring) -> PartState:
    answers = _Answers()
    for found in counted:
        if part.name in found.decision.scopes and _may_answer(part, found, ring):
            _take(answers, part, found)
    if answers.rejections:
        return PartState(part, "rejected", list(answers.rejections.values())[-1])
    if answers.approvals:
        whole = scopes.whole.digest
        newest = max(answers.approvals.values(), key=lambda found: (found.decision.whole == whole, found.seq))
        rest_changed = newest.decision.whole != whole
        if rest_changed and scopes.policy.rest_changed == "void":
            return PartState(part, "changed", newest, rest_changed=True)
        return PartState(part, "approved", newest, rest_changed)
    if answers.others:
        return PartState(part, "changed", answers.others[-1])
    return PartState(part, "missing")


def _may_answer(part: Part, found: Counted, ring: Ring) -> bool:
    """Whether somebody's word on a part counts: their own, or as a delegate named in the key ring.

    A person's own word counts only if the key ring knows them by the name that is printed.
    """
    who = found.decision.principal
    if who == part.principal:
        named = ring.knows_as(who, part.registered) if found.vouched else found.signer.name == part.registered
        return part.kind == "mention" or named
    return who in ring.delegates_at(part.principal, found.seq)


def _take(answers: _Answers, part: Part, found: Counted) -> None:
    """Enter one answer; the last word of each counts, and that of the part's owner outweighs all others'.

    Why: who rejects these very words and then approves others (an older sheet) has not approved these.
    """
    who, owner = found.decision.principal, found.decision.principal == part.principal
    as_it_stands = found.decision.scopes[part.name] == part.digest
    if found.decision.act == "reject":
        answers.approvals.pop(who, None)
        if as_it_stands or owner:
            answers.rejections[who] = found
    elif found.decision.act == "approve":
        held = answers.rejections.get(who)
        if as_it_stands or (held and held.decision.scopes[part.name] != part.digest):
            answers.rejections.pop(who, None)
        if as_it_stands:
            answers.approvals[who] = found
            if owner:
                answers.rejections.clear()
        else:
            answers.others.append(found)


# --- the whole kit -------------------------------------------------------------------------------------


def _kit_state(scopes: Scopes, counted: Sequence[Counted]) -> KitState:
    """Return how the kit stands with the office: only decisions on exactly these words count."""
    editors: dict[str, None] = {}
    signed: dict[str, Counted] = {}
    closing: dict[str, Counted] = {}
    rejected: dict[str, Counted] = {}
    for found in counted:
        if found.decision.scopes.get(scopes.whole.name) != scopes.whole.digest:
            continue
        who = found.signer.principal
        if found.decision.act == "submit":
            editors[who] = None
        elif found.decision.act == "reject":
            signed.pop(who, None)
            closing.pop(who, None)
            if found.signer.roles.intersection(scopes.policy.roles):
                rejected[who] = found
        else:
            rejected.pop(who, None)
            signed[who] = found
            if _closes(found, scopes):
                closing[who] = found
    weighed = _weighed(scopes, tuple(editors), signed, closing)
    return replace(weighed, rejections=tuple(rejected.values()))


def _closes(found: Counted, scopes: Scopes) -> bool:
    """Whether a record closes a sign-off of this kit: it approves the whole and covers the files' bytes."""
    decision = found.decision
    return (
        decision.act == "approve"
        and bool(decision.files)
        and scopes.whole.name in decision.scopes
        and bool(found.signer.roles.intersection(scopes.policy.roles))
    )


def _weighed(
    scopes: Scopes, editors: tuple[str, ...], signed: Mapping[str, Counted], closing: Mapping[str, Counted]
) -> KitState:
    policy = scopes.policy
    signers: list[Counted] = []
    not_counted: list[tuple[Counted, str]] = []
    for who, found in signed.items():
        if not found.signer.roles.intersection(policy.roles):
            not_counted.append((found, f"{found.signer.name} has no role that clears a kit"))
        elif who in editors:
            not_counted.append((found, f"{found.signer.name} has edited these words last"))
        elif not editors and not found.decision.break_glass:
            not_counted.append((found, "nobody has put these words forward as their editor yet"))
        else:
            signers.append(found)
    roles = frozenset[str]().union(*(found.signer.roles for found in signers))
    lacking = [role for role in policy.roles if role not in roles]
    lacking += ["any"] * max(0, policy.quorum - len(signers) - len(lacking))
    state = KitState(editors, tuple(signers), tuple(not_counted))
    broken = next((c for c in closing.values() if c.decision.break_glass), None)
    if broken is not None:
        confirmed = any(found.signer.principal != broken.signer.principal for found in signers)
        return replace(state, closing=broken, second_owed=not confirmed)
    counts = {found.signer.principal for found in signers}
    last = max((found for who, found in closing.items() if who in counts), key=lambda c: c.seq, default=None)
    return replace(state, lacking=tuple(lacking), closing=last)


# --- before its time -----------------------------------------------------------------------------------


def _with_early(state: State, scopes: Scopes, counted: Iterable[Counted]) -> State:
    """Return the state with who lets trusted lists have the release before its time, and who forbids it.

    One of those who clear kits does, by the same rule: nobody who has edited these words last.
    """
    editors, approved, rejected = state.kit.editors, dict[str, Counted](), dict[str, Counted]()
    for found in counted:
        if not _on_early(found, scopes):
            continue
        who = found.signer.principal
        if found.decision.act == "reject":
            approved.pop(who, None)
            rejected[who] = found
        elif found.decision.act == "approve":
            rejected.pop(who, None)
            approved[who] = found
    able = [found for who, found in approved.items() if editors and who not in editors]
    newest = max(able, key=lambda found: found.seq, default=None)
    return replace(state, early=None if rejected else newest, early_rejections=tuple(rejected.values()))


def _on_early(found: Counted, scopes: Scopes) -> bool:
    """Whether a decision is about sending exactly these words early, by somebody who clears kits."""
    early = scopes.early
    if early is None or found.decision.scopes.get(early.name) != early.digest:
        return False
    return bool(found.signer.roles.intersection(scopes.policy.roles))
