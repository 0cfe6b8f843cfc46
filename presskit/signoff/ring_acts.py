"""What keepers do with the key ring: add a key, take one out of force, let somebody answer for somebody else.

Not here: what the ring's records come to (`keyring`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date

from presskit.errors import NotAllowed, Place, Problem, WrongUsage
from presskit.load.suggest import did_you_mean
from presskit.model.base import in_language
from presskit.model.house import SignOff
from presskit.model.registers import Registers
from presskit.signoff.envelope import Signer, Statement, read, sign
from presskit.signoff.keyring import KEEPER, OFFICER, PRINCIPAL, Holder, Ring, make_ring
from presskit.signoff.keys import PublicKey
from presskit.signoff.ledger import RING, Ledger, NewRecord, add_record, ring_records
from presskit.signoff.records import Logged
from presskit.workspace import Workspace

MakeStatement = Callable[[str], Statement]
"""Given the head of the log, returns what is to be signed."""


@dataclass(frozen=True, slots=True)
class NewHolder:
    """Somebody whose key is to be added."""

    principal: str  # "person:lee", "agency:durham"
    name: str  # "": as the registers have it
    roles: tuple[str, ...]
    start: date | None = None
    end: date | None = None


def change_ring(name: str, signer: Signer, make: MakeStatement, workspace: Workspace) -> Logged:
    """Add a record to the key ring and return it; the first one founds the ring.

    Args:
        name: what the record's file is called.

    Raises:
        NotAllowed: it would not count, or a record of the ring is missing.
    """

    def decide(ledger: Ledger) -> NewRecord:
        """Return the record, made behind what the ledger holds by now, if it would count."""
        if gone := [found for found in ledger.problems if found.code in ("record-missing", "record-changed")]:
            raise NotAllowed(gone)
        content = sign(make(ledger.chain.head), signer)
        records = ring_records(ledger, workspace)
        at = workspace.now.astimezone(UTC)
        after = make_ring((*records, Logged(_NEW, len(ledger.chain.entries), at, read(content))))
        for file, why in after.left_out:
            if file == _NEW:
                raise NotAllowed(_would_not_count(why, ledger.ring))
        if not any(KEEPER in holder.roles and holder.revoked_seq is None for holder in after.holders):
            what = "nobody would be left to keep the key ring, and it could never be changed again."
            fix = "add another keeper first: presskit key add … --role keeper"
            raise NotAllowed(Problem(Place("key ring"), "", what, fix, "key-ring-refused"))
        return NewRecord(name, content, {})

    return add_record(RING, workspace, decide)


_NEW = "new"


def _would_not_count(why: str, ring: Ring) -> Problem:
    keepers = [
        holder.name for holder in ring.holders if "keeper" in holder.roles and holder.revoked_seq is None
    ]
    fix = (
        f"ask a keeper of the ring: {', '.join(keepers)}."
        if keepers
        else "found the ring first: presskit key add"
    )
    return Problem(Place("key ring"), "", f"this would not count: {why}.", fix, "key-ring-refused")


def name_of(principal: str, named: str, registers: Registers) -> str:
    """Return the name the key ring is to know somebody by: as it was given, else as the registers have it.

    Raises:
        WrongUsage: it is neither person:… nor agency:…, or nobody says the name.
    """
    place = Place(principal[:80])
    kind, _, found = principal.partition(":")
    if not PRINCIPAL.fullmatch(principal):
        what, fix = f"“{principal[:80]}” names nobody.", "write person:ID or agency:ID, as in data/."
        raise WrongUsage(Problem(place, "", what, fix, "principal-unknown"))
    person, agency = registers.people.get(found), registers.agencies.get(found)
    if kind == "person" and person is not None:
        registered = person.name
    elif kind == "agency" and agency is not None:
        registered = in_language(agency.name, registers.house.language) or ""
    else:
        registered = ""
    if registered and named not in ("", registered) and kind == "person":
        what = f"the register calls {principal} “{registered}”, not “{named}”."
        fix = "leave out --named, or correct data/people.yaml."
        raise WrongUsage(Problem(place, "", what, fix, "name-differs"))
    if not (named or registered):
        fix = "say it with --named, or add the person or agency to data/."
        raise WrongUsage(Problem(place, "", "nobody says this one's name.", fix, "principal-unknown"))
    return named or registered


def require_addable(key: PublicKey, roles: Iterable[str], ring: Ring, policy: SignOff) -> None:
    """Raise `WrongUsage` if a key is in the ring already, or a role means nothing in this office.

    Why: the first entry of a key that is in force counts, so a second one would change nothing.
    """
    place, known = Place("key ring"), (KEEPER, OFFICER, *policy.roles)
    for role in roles:
        if role not in known:
            fix = did_you_mean(role, known, "see roles: under sign_off: in data/house.yaml")
            raise WrongUsage(Problem(place, "role", f"there is no role “{role[:40]}”.", fix, "role-unknown"))
    for holder in ring.holders:
        if holder.key == key and holder.revoked_seq is None:
            held = ", ".join(sorted(holder.roles)) or "no role"
            what = f"this key is in the ring already: {holder.principal}, {held}."
            fix = "revoke it first, then add it with all its roles."
            raise WrongUsage(Problem(place, "", what, fix, "key-ring-refused"))


def keys_meant(who: str, ring: Ring) -> tuple[Holder, ...]:
    """Return the keys in force somebody means: by fingerprint, key id, or whose they are.

    Raises:
        WrongUsage: there is none.
    """
    in_force = [holder for holder in ring.holders if holder.revoked_seq is None]
    found = tuple(h for h in in_force if who in (h.principal, h.key.fingerprint, h.key.key_id))
    if not found:
        listed = ", ".join(sorted({h.principal for h in in_force})) or "nobody"
        what = f"no key in force is “{who[:80]}”'s."
        fix = f"name a fingerprint (presskit key list), or one of: {listed}."
        raise WrongUsage(Problem(Place("key ring"), "", what, fix, "key-unknown"))
    return found
