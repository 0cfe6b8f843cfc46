"""Who may do what about a release: asked of the state and the key ring, refused with the reason.

Not here: doing it (`acts`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC

from presskit.errors import NotAllowed, Place, Problem, WrongUsage
from presskit.signoff.envelope import Signer
from presskit.signoff.keyring import OFFICER, Holder, Ring
from presskit.signoff.records import Act, Decision, Method
from presskit.signoff.scopes import Part, Scope
from presskit.signoff.standing import Standing
from presskit.signoff.state import Counted, weigh
from presskit.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody about to sign."""

    signer: Signer
    holder: Holder


def hand_of(signer: Signer, ring: Ring, workspace: Workspace) -> Hand:
    """Return who signs with a key.

    Raises:
        NotAllowed: the key is not in the office's key ring, or does not count now.
    """
    holder = ring.holder_at(signer.key_id, NEWEST, workspace.now.astimezone(UTC).date())
    if holder is None:
        known = next((h for h in ring.holders if h.key.key_id == signer.key_id), None)
        what = _why_not(known)
        fix = "ask a keeper of the ring to add it: presskit key add (see presskit key --help)"
        raise NotAllowed(Problem(Place("key ring"), "", what, fix, "key-not-counting"))
    return Hand(signer, holder)


NEWEST = 2**53
"""A place behind every record."""


def _why_not(holder: Holder | None) -> str:
    if holder is None:
        return "this key is not in the office's key ring."
    if holder.revoked_seq is not None:
        return f"the key of {holder.name} was revoked: {holder.reason}."
    return f"the key of {holder.name} counts only from {holder.start or 'ever'} to {holder.end or 'ever'}."


def open_to(standing: Standing, who: str) -> tuple[Part, ...]:
    """Return the parts somebody may answer for that are not approved."""
    ring = standing.ledger.ring
    parts = (found.part for found in standing.state.missing)
    return tuple(p for p in parts if who == p.principal or who in ring.delegates_at(p.principal, NEWEST))


def require_entitled(
    standing: Standing, holder: Holder, parts: Sequence[Part], who: str, method: Method
) -> None:
    """Raise if somebody's word on these parts would not count.

    Args:
        holder: of the key that signs.
    """
    ring, policy = standing.ledger.ring, standing.scopes.policy
    place = Place(f"release {standing.scopes.slug}")
    if method != "key" and OFFICER not in holder.roles:
        what = f"{holder.name} is no officer, so can not vouch for somebody else's answer."
        raise NotAllowed(Problem(place, "", what, "have an officer sign this.", "role-lacking"))
    if method != "key" and policy.vouching == "no":
        what = "this office takes signatures only, no answers by mail, phone or on paper."
        raise NotAllowed(Problem(place, "", what, "ask for a signature.", "role-lacking"))
    if method == "key" and who != holder.principal:
        what = f"{holder.name} can not sign for {who}."
        fix = "say how the answer came: --by mail, phone or paper, with --evidence FILE."
        raise NotAllowed(Problem(place, "", what, fix, "role-lacking"))
    problems = [
        Problem(
            place,
            part.short,
            f"this needs {part.owner}, not {who}.",
            _ASK.format(part.principal),
            "role-lacking",
        )
        for part in parts
        if who != part.principal and who not in ring.delegates_at(part.principal, NEWEST)
    ]
    problems += [
        Problem(
            place,
            part.short,
            f"the key ring knows {who} by another name than “{part.registered}”.",
            _NAME,
            "name-differs",
        )
        for part in parts
        if who == part.principal
        and part.kind == "quote"
        and not (holder.name == part.registered if method == "key" else ring.knows_as(who, part.registered))
    ]
    if problems:
        raise NotAllowed(problems)


_ASK = "ask {}, or have them name a delegate: presskit key delegate"
_NAME = "correct the name in data/people.yaml, or have a keeper add the key anew under the right name."


def require_ready(now: Standing, hand: Hand, *, break_glass: bool) -> None:
    """Raise if the kit can not be signed off yet, or not by this person."""
    place = Place(f"release {now.scopes.slug}")
    problems = [
        Problem(
            place,
            found.part.short,
            f"{found.part.owner} has not approved this.",
            "presskit request makes the sheet to ask with.",
            "approval-missing",
        )
        for found in now.state.missing
    ]
    problems += [*now.holding_up(), *_roleless(now, hand)]
    if not break_glass:
        problems += _own_words(now, hand)
    if problems:
        raise NotAllowed(problems)


def require_early(now: Standing, hand: Hand, act: Act) -> None:
    """Raise if it is not this person's to say whether trusted lists get a release before its time.

    Who clears kits may; to approve it, nobody who has edited the words last.
    """
    problems = [*_roleless(now, hand)]
    if act == "approve":
        problems += [*now.holding_up(), *_own_words(now, hand)]
    if problems:
        raise NotAllowed(problems)
    if act == "approve" and now.state.early is not None:
        what = f"{now.state.early.signer.name} has approved already that trusted lists get this early."
        fix = f"see how it stands: presskit status {now.scopes.slug}"
        raise WrongUsage(Problem(Place(f"release {now.scopes.slug}"), "early", what, fix, "scope-unknown"))


def _roleless(now: Standing, hand: Hand) -> Iterator[Problem]:
    """Yield a problem if somebody has no role that clears a kit."""
    roles = now.scopes.policy.roles
    if not hand.holder.roles.intersection(roles):
        what = f"{hand.holder.name} has none of the roles that clear a kit: {', '.join(roles)}."
        fix = "have somebody sign who has one."
        yield Problem(Place(f"release {now.scopes.slug}"), "", what, fix, "role-lacking")


def _own_words(now: Standing, hand: Hand) -> Iterator[Problem]:
    """Yield a problem if somebody is, for all one knows, the last editor of the words they would clear."""
    place, editors = Place(f"release {now.scopes.slug}"), now.state.kit.editors
    if not editors:
        what = "nobody has put these words forward as their editor yet."
        fix = "whoever edited them last does: presskit request (the kit is cleared by others)."
        yield Problem(place, "", what, fix, "approval-missing")
    if hand.holder.principal in editors:
        what = f"{hand.holder.name} has edited these words last, and nobody clears their own words."
        yield Problem(place, "", what, "have somebody else sign.", "role-lacking")


def require_unsigned(now: Standing, hand: Hand) -> None:
    """Raise if this person has signed the kit already, or enough others have: one more says nothing new."""
    own = hand.holder.principal in {found.signer.principal for found in now.state.kit.signers}
    if own or (now.state.cleared and not now.state.kit.second_owed):
        what = (
            f"{hand.holder.name} has signed this kit already." if own else "this kit is signed off already."
        )
        fix = f"see what is still missing: presskit status {now.scopes.slug}"
        raise WrongUsage(Problem(Place(f"release {now.scopes.slug}"), "", what, fix, "scope-unknown"))


def held_up(now: Standing) -> Problem:
    """Return why a kit can not be signed off although its parts are approved."""
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


def would_close(now: Standing, hand: Hand, plain: Decision) -> bool:
    """Whether the kit would be signed off if this decision covered its files: asked of the state itself."""
    if now.state.cleared:
        return False
    trial = Counted(replace(plain, files={_TRIAL: ""}), hand.holder, _TRIAL, NEWEST)
    after = weigh(now.scopes, (*now.state.counted, trial), now.ledger.ring)
    return after.cleared


_TRIAL = "trial"


def chosen(standing: Standing, names: Sequence[str], who: str, roles: frozenset[str]) -> tuple[Scope, ...]:
    """Return what somebody means: parts, the whole kit, or that it may be sent before its time.

    Args:
        names: "quote.dusto", "mention.opp", "kit", "early", with or without "block:" and "@en-CA"; none: what
            waits for this person, and if nothing does, the kit for those who have one of its roles.

    Raises:
        WrongUsage: there is no such part, no embargo, or nothing waits for this person.
    """
    place = Place(f"release {standing.scopes.slug}")
    if names:
        found = [_named(name, standing, place) for name in names]
        return tuple(dict.fromkeys(found))
    if waiting := open_to(standing, who):
        return waiting
    if roles.isdisjoint(standing.scopes.policy.roles):
        what = f"nothing of this release waits for {who}."
        fix = "see what waits for whom: presskit status, or name a part with --scope."
        raise WrongUsage(Problem(place, "", what, fix, "scope-unknown"))
    return (standing.scopes.whole,)


def _named(name: str, standing: Standing, place: Place) -> Scope:
    bare, whole, early = name.removeprefix("block:"), standing.scopes.whole, standing.scopes.early
    if bare in ("kit", whole.name):
        return whole
    if bare in ("early", whole.name.replace("kit@", "early@", 1)):
        if early is not None:
            return early
        what = "this release has no embargo, so nobody can get it before its time."
        fix = "leave out --scope early, or write the embargo into release.yaml."
        raise WrongUsage(Problem(place, "scope", what, fix, "embargo-missing"))
    parts = standing.scopes.parts
    found = [p for p in parts if bare in (p.name.removeprefix("block:"), p.short)]
    if not found:
        there = ", ".join(p.short for p in parts[:12])
        kit = "kit, early" if early else "kit"
        fix = f"choose one of: {there}, {kit}." if parts else f"this release has only this to sign: {kit}."
        raise WrongUsage(Problem(place, "scope", f"there is no part “{name}”.", fix, "scope-unknown"))
    return found[0]
