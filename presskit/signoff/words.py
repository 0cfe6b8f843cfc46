"""How a release stands, in the words of a newsroom.

Not here: working it out (`state`), and printing it (`cli`).
"""

from __future__ import annotations

from typing import assert_never

from presskit.signoff.records import Decision
from presskit.signoff.scopes import Scopes
from presskit.signoff.state import Counted, PartState, State

_WAYS = {"key": "with a key", "mail": "by mail", "phone": "by phone", "paper": "on paper"}


def stage_words(state: State) -> str:
    """Return the stage of a release: "in review: 3 of 12 parts are not approved"."""
    match state.stage:
        case "in_review":
            return f"in review: {_of(len(state.missing), len(state.parts), 'part')} not approved"
        case "approved" if state.kit.rejections:
            return "all parts are approved, and the office holds it up"
        case "approved":
            return "all parts are approved, and the office has not signed it off yet"
        case "signed_off" if state.kit.second_owed:
            return "signed off by break-glass; a second approval is owed"
        case "signed_off":
            return "signed off"
        case _:
            assert_never(state.stage)


def part_words(found: PartState) -> str:
    """Return how a part stands: "approved with a key on 2026-11-26"."""
    match found.answer:
        case "missing":
            return "not approved yet"
        case "approved" if found.by is not None:
            since = "; the rest has changed since" if found.rest_changed else ""
            return f"approved {how(found.by)}{since}"
        case "changed" if found.by is not None and found.rest_changed:
            return (
                f"approved {how(found.by)}, but the rest has changed since, which this office does not accept"
            )
        case "changed" if found.by is not None:
            return f"other words were approved {how(found.by)}; these are not"
        case "rejected" if found.by is not None:
            return f"rejected {how(found.by)}: {found.by.decision.reason}"
        case "approved" | "changed" | "rejected":
            return found.answer
        case _:
            assert_never(found.answer)


def kit_words(scopes: Scopes, state: State) -> tuple[str, ...]:
    """Return how the kit stands with the office, a line for each thing to know."""
    kit, policy = state.kit, scopes.policy
    lines = [f"put forward by {_names(kit.editors)}" if kit.editors else "not put forward by an editor yet"]
    lines += [f"signed by {c.signer.name} ({_role(c, scopes)}) {how(c)}" for c in kit.signers]
    lines += [f"signature of {c.signer.name} does not count: {why}" for c, why in kit.not_counted]
    lines += [f"rejected by {c.signer.name} {how(c)}: {c.decision.reason}" for c in kit.rejections]
    if state.break_glass is not None:
        broken = state.break_glass
        lines.append(f"BREAK-GLASS by {broken.signer.name} {how(broken)}: {broken.decision.reason}")
    if kit.closing is None or not state.cleared:
        lines.append(f"needs {_needed(policy.quorum, policy.roles)}, none of them its last editor")
    if kit.second_owed:
        lines.append("a second approval by somebody else is owed")
    if kit.closing is not None and kit.closing.decision.reference:
        lines.append(f"number {kit.closing.decision.reference}")
    return tuple(lines)


def early_words(scopes: Scopes, state: State) -> str:
    """Return whether trusted lists may get a release before its time; "" if it has no embargo."""
    if scopes.early is None:
        return ""
    if state.early_rejections:
        last = state.early_rejections[-1]
        why = f"rejected by {last.signer.name} {how(last)}: {last.decision.reason}"
        return f"{why}; nobody gets it before its time"
    if state.early is None:
        return "not approved: nobody gets it before its time"
    once = "" if state.cleared else ", once it is signed off"
    by = f"approved by {state.early.signer.name} {how(state.early)}"
    return f"{by}: trusted lists may get it before its time{once}"


def how(found: Counted) -> str:
    """Return how and when an answer came: "by phone on 2026-11-26, vouched for by The Clerk"."""
    vouched = f", vouched for by {found.signer.name}" if found.vouched else ""
    return f"{_WAYS[found.decision.method]} on {when(found.decision)}{vouched}"


def when(decision: Decision) -> str:
    """Return the day of a decision, as whoever decided says."""
    return decision.at[:10]


def _names(principals: tuple[str, ...]) -> str:
    return " and ".join(who.partition(":")[2] for who in principals)


def _role(found: Counted, scopes: Scopes) -> str:
    return ", ".join(role for role in scopes.policy.roles if role in found.signer.roles)


def _needed(quorum: int, roles: tuple[str, ...]) -> str:
    several = f"{quorum} people" if quorum > 1 else "one person"
    if len(roles) == 1:
        return f"{several} with the role “{roles[0]}”"
    return f"{several}, at least one for each of: {', '.join(roles)}"


def _of(count: int, total: int, noun: str) -> str:
    some = f"{count} of {total} {noun}s" if total > 1 else f"its only {noun}"
    return f"{some} {'is' if count == 1 or total == 1 else 'are'}"
