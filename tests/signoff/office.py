"""A small office with a key ring, and shortcuts for what people in it do about its one release."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from presskit.load.office import load_registers
from presskit.load.release import load_release
from presskit.model.registers import Draft
from presskit.signoff.acts import (
    Closed,
    Evidence,
    Order,
    Signed,
    answer,
    carry_out,
    reject_kit,
    sign_kit,
    submit,
)
from presskit.signoff.allowed import Hand, hand_of
from presskit.signoff.envelope import Signer, Statement, read, sign
from presskit.signoff.keyring import RING_KIND, Ring, adding, make_ring
from presskit.signoff.keys import Key
from presskit.signoff.ledger import RING, Ledger, NewRecord, add_record, folder_of, open_ledger
from presskit.signoff.records import Act, Decision, Logged, statement_of
from presskit.signoff.scopes import Scopes, scopes_of
from presskit.signoff.standing import Standing, stand
from presskit.signoff.state import State
from presskit.workspace import Workspace

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PACK = "a" * 64
"""Digest of the template pack; what it looks like does not matter to sign-off."""

CITY = Path(__file__).parent.parent / "projects" / "city"
SLUG = "clinic"
RELEASE = f"data/releases/{SLUG}/release.yaml"
QUOTE, FIRE, POLICE = "block:quote.mayor@en-CA", "block:mention.fire@en-CA", "block:mention.police@en-CA"
KIT, EARLY = "kit@en-CA", "early@en-CA"
FILES = {"clinic.pdf": b"the PDF", "clinic.txt": b"the text"}

PEOPLE: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "person:keeper": ("Ring Keeper", ("keeper",)),
    "person:mayor": ("Alex Example", ()),
    "agency:fire": ("Example Fire Service", ()),
    "agency:police": ("Example Police Service", ()),
    "person:editor": ("Release Editor", ()),
    "person:officer": ("Press Officer", ("officer",)),
    "person:chief": ("Head of Media", ("release",)),
    "person:deputy": ("Deputy Head of Media", ("release",)),
    "person:director": ("Director", ("release",)),
}
"""Who is in the key ring: principal → name, roles; the first one keeps it."""


def key_of(name: str) -> Key:
    """Return somebody's key: the same in every test and process, worth nothing anywhere else."""
    return Key(Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest()))


def ring_statements(people: Mapping[str, tuple[str, tuple[str, ...]]] = PEOPLE) -> list[Statement]:
    """Return what makes the ring, the founding statement first."""
    return [
        adding(key_of(who).public, who, name, roles, after=str(place))
        for place, (who, (name, roles)) in enumerate(people.items())
    ]


def logged(statement: Statement, seq: int, *signers: Signer, at: datetime = NOW) -> Logged:
    """Return a record as the log would have it."""
    return Logged(f"{seq:04}.dsse.json", seq, at, read(sign(statement, *signers)))


def ring_of(statements: Iterable[Statement], signer: str = "person:keeper") -> Ring:
    """Return the ring that statements make, all signed by one key, from place 0 of the log on."""
    return make_ring(logged(said, seq, key_of(signer)) for seq, said in enumerate(statements))


AFTER_RING = len(PEOPLE)
"""The first place in the log behind the ring."""


def decision(scopes: Scopes, who: str, *names: str, act: Act = "approve", **other: object) -> Decision:
    """Return a decision on some scopes (none: the whole kit) with the digests they have now."""
    known = (*scopes.parts, scopes.whole, *((scopes.early,) if scopes.early else ()))
    digests = {scope.name: scope.digest for scope in known}
    return Decision(
        act=act,
        principal=who,
        scopes={name: digests[name] for name in names or (scopes.whole.name,)},
        whole=scopes.whole.digest,
        at=str(other.pop("at", NOW.isoformat())),
        **{"method": "key", "files": {}, "reason": "" if act != "reject" else "wrong", **other},  # type: ignore[arg-type]
    )


def record(scopes: Scopes, seq: int, who: str, *names: str, act: Act = "approve", **other: object) -> Logged:
    """Return a decision signed by the one who takes it, at a place in the log."""
    said = decision(scopes, who, *names, act=act, **{"at": f"place {seq}", **other})
    return logged(statement_of(said, scopes.kit), seq, key_of(who))


def through(scopes: Scopes, start: int = AFTER_RING) -> list[Logged]:
    """Return the records of a kit that is signed off."""
    files = {name: sha256(content).hexdigest() for name, content in FILES.items()}
    return [
        record(scopes, start, "person:editor", act="submit"),
        record(scopes, start + 1, "person:mayor", QUOTE),
        record(scopes, start + 2, "agency:fire", FIRE),
        record(scopes, start + 3, "agency:police", POLICE),
        record(scopes, start + 4, "person:chief"),
        record(scopes, start + 5, "person:deputy", files=files),
    ]


@dataclass
class SmallOffice:
    """The City's office on disk; a minute goes by with each act."""

    root: Path
    minutes: int = 0

    @property
    def workspace(self) -> Workspace:
        """The office's folder, a minute later than last time."""
        self.minutes += 1
        return Workspace(self.root, NOW + timedelta(minutes=self.minutes))

    def draft(self, slug: str = SLUG) -> Draft:
        """Return a release as it is now."""
        registers, places = load_registers(self.workspace)
        return load_release(slug, registers, self.workspace, places)[0]

    def scopes(self, slug: str = SLUG) -> Scopes:
        """Return what of a release needs an approval."""
        return scopes_of(self.draft(slug), PACK)

    def ledger(self) -> Ledger:
        """Return the log and the ring as they are."""
        return open_ledger(self.workspace)

    def standing(self, slug: str = SLUG) -> Standing:
        """Return how a release stands."""
        return stand(self.draft(slug), PACK, self.workspace)

    def state(self, slug: str = SLUG) -> State:
        """Return what has been approved."""
        return self.standing(slug).state

    def hand(self, who: str) -> Hand:
        """Return somebody about to sign."""
        return hand_of(key_of(who), self.ledger().ring, self.workspace)

    def ring(self, statement: Statement, *signers: str) -> Logged:
        """Add a record to the key ring, signed by its keeper if nobody is named."""
        assert statement.kind == RING_KIND
        content = sign(statement, *map(key_of, signers or ("person:keeper",)))
        return add_record(RING, self.workspace, lambda _: NewRecord("ring", content, {}))

    def enter(self, new: NewRecord, slug: str = SLUG) -> Logged:
        """Add a record to those of a release, whatever it says."""
        return add_record(folder_of(slug), self.workspace, lambda _: new)

    def submit(self, who: str = "person:editor", slug: str = SLUG) -> Logged | None:
        """Put the words forward."""
        return submit(self.standing(slug), self.hand(who), self.workspace)

    def approve(self, who: str, *names: str, slug: str = SLUG) -> Logged:
        """Approve parts by name with one's own key."""
        return self._answer(who, names, Order(), slug)

    def reject(self, who: str, *names: str, reason: str = "wrong", slug: str = SLUG) -> Logged:
        """Reject parts by name, with one's own key."""
        return self._answer(who, names, Order("reject", reason=reason), slug)

    def vouch(self, who: str, *names: str, by: str = "person:officer", mail: bytes = b"I agree.") -> Logged:
        """Enter an approval that came by mail, vouched for by an officer."""
        order = Order(principal=who, method="mail", evidence=Evidence("answer.eml", mail))
        return self._answer(by, names, order, SLUG)

    def _answer(self, who: str, names: tuple[str, ...], order: Order, slug: str) -> Logged:
        standing = self.standing(slug)
        parts = [standing.scopes.by_name[name] for name in names]
        return answer(standing, self.hand(who), self.workspace, parts, order)

    def sign_kit(
        self,
        who: str,
        *,
        reason: str = "",
        break_glass: bool = False,
        slug: str = SLUG,
        build: Callable[[str], Mapping[str, bytes]] = lambda reference: FILES,
    ) -> Logged | Closed:
        """Sign off the whole kit."""
        standing, hand = self.standing(slug), self.hand(who)
        order = Order(break_glass=break_glass, reason=reason)
        return sign_kit(standing, hand, self.workspace, self.draft(slug).release, build, order)

    def reject_kit(self, who: str, reason: str = "wrong", slug: str = SLUG) -> Logged:
        """Reject the whole kit."""
        return reject_kit(self.standing(slug), self.hand(who), self.workspace, reason)

    def order(self, who: str, order: Order, slug: str = SLUG) -> Signed:
        """Have somebody say what an order says."""
        release, hand = self.draft(slug).release, self.hand(who)
        return carry_out(order, self.standing(slug), hand, self.workspace, release, lambda _: FILES)

    def let_out_early(self, who: str) -> Signed:
        """Approve that trusted lists get the release before its time."""
        return self.order(who, Order(scopes=("early",)))

    def forbid_early(self, who: str, reason: str = "an outlet broke it") -> Signed:
        """Reject that trusted lists get the release before its time."""
        return self.order(who, Order("reject", ("early",), reason=reason))

    def approve_all(self, slug: str = SLUG) -> None:
        """Put the words forward and have every part approved by its owner."""
        self.submit(slug=slug)
        for part in self.scopes(slug).parts:
            self.approve(part.principal, part.name, slug=slug)

    def clear(self, slug: str = SLUG) -> Closed:
        """Take a release all the way to its sign-off."""
        self.approve_all(slug)
        self.sign_kit("person:chief", slug=slug)
        closed = self.sign_kit("person:deputy", slug=slug)
        assert isinstance(closed, Closed)
        return closed

    def edit(self, old: str, new: str, file: str = RELEASE) -> None:
        """Change words of a file."""
        content = (self.root / file).read_text("utf-8")
        assert old in content, f"{file} does not say {old!r}"
        (self.root / file).write_text(content.replace(old, new), "utf-8", newline="")

    def records(self, slug: str = SLUG) -> list[Path]:
        """Return the record files of a release."""
        return sorted((self.root / folder_of(slug)).glob("*.dsse.json"))


def start(folder: Path, *, ring: bool = True) -> SmallOffice:
    """Return a new office, with everybody in its key ring unless told otherwise."""
    shutil.copytree(CITY / "data", folder / "data")
    office = SmallOffice(folder.resolve())
    for statement in ring_statements() if ring else ():
        office.ring(statement)
    return office
