"""The runs of sign-off: put words forward, approve and reject them, sign a kit off, keep the key ring.

Not here: what an approval is worth (`signoff`), and printing (`cli`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from presskit.office import PDFS, Office, all_problems, cleared, require_sound, write_files
from presskit.writers import WRITERS

if TYPE_CHECKING:
    from presskit.signoff.acts import Order, Signed
    from presskit.signoff.envelope import Signer, Statement
    from presskit.signoff.keys import PublicKey
    from presskit.signoff.records import Logged
    from presskit.signoff.requests import Requested, ToBeSigned
    from presskit.signoff.ring_acts import NewHolder
    from presskit.signoff.standing import Standing

Seal = Callable[[str, bytes, str], bytes]
"""Given a file's name, its bytes and the release's number, returns what goes out: the PDF signed visibly, the
others as they are."""


def standing(slug: str, office: Office) -> Standing:
    """Return who has approved what of a release, what is missing, and what has changed since."""
    return office.standing(office.load(slug).draft, afresh=True)


def request(slug: str, office: Office, signer: Signer, note: str = "") -> Requested:
    """Put a release's words forward, and write the papers for everybody whose approval is missing.

    Raises:
        ProblemsFound: the release has errors.
        NotAllowed: the key is not in the key ring.
    """
    from presskit.signoff.acts import submit
    from presskit.signoff.allowed import hand_of
    from presskit.signoff.requests import Requested, open_requests, request_files, stale_papers

    loaded = office.load(slug)
    composed = office.compose(loaded)
    warnings = require_sound(all_problems(composed, PDFS))
    now = office.standing(loaded.draft, afresh=True)
    record = submit(now, hand_of(signer, now.ledger.ring, office.workspace), office.workspace, note)
    asked = open_requests(now, office.workspace.now)
    files = dict[str, bytes]()
    for found in asked:
        files |= request_files(found, now.scopes.kit, composed.document, composed.pack)
    office.workspace.discard(f"{slug}/requests", stale_papers(office.workspace, slug, files))
    paths = office.workspace.save(f"{slug}/requests", files) if files else ()
    return Requested(record, asked, paths, warnings)


def sign(slug: str, office: Office, signer: Signer, order: Order, seal: Seal | None = None) -> Signed:
    """Approve or reject parts of a release, or its whole kit; return what was recorded.

    The signature that makes the quorum signs the kit off: it gets its number, and its files are built anew
    without the mark of a draft; that signature covers their bytes.

    Args:
        seal: signs the PDF visibly, if the office does so.

    Raises:
        ProblemsFound: the release has errors.
        NotAllowed: something is not the signer's to say, or not yet; nothing is recorded.
    """
    from presskit.signoff.acts import carry_out
    from presskit.signoff.allowed import hand_of

    loaded = office.load(slug)
    now = office.standing(loaded.draft, afresh=True)
    hand = hand_of(signer, now.ledger.ring, office.workspace)

    def final_files(reference: str) -> Mapping[str, bytes]:
        composed = office.compose(cleared(loaded, reference), sealed=seal is not None)
        require_sound(all_problems(composed, PDFS))
        files = write_files(composed, WRITERS)
        return {name: seal(name, content, reference) if seal else content for name, content in files.items()}

    done = carry_out(order, now, hand, office.workspace, loaded.draft.release, final_files)
    if done.closed is not None:
        office.workspace.save(slug, done.closed.files)
    return done


def to_be_signed(slug: str, office: Office, signer: Signer, order: Order) -> ToBeSigned:
    """Return the words somebody is about to sign, made of what the signature will cover.

    Raises:
        NotAllowed: the key is not in the key ring, or something is not the signer's to say.
    """
    from presskit.signoff.acts import meant
    from presskit.signoff.allowed import hand_of, require_ready
    from presskit.signoff.requests import ToBeSigned, passage_of, time_in

    loaded = office.load(slug)
    now = office.standing(loaded.draft, afresh=True)
    hand = hand_of(signer, now.ledger.ring, office.workspace)
    about = meant(order, now, hand)
    if about.whole:
        require_ready(now, hand, break_glass=order.break_glass)
    composed = office.compose(cleared(loaded, "")) if about.whole or about.early else None
    (text,) = write_files(composed, ("text",)).values() if composed else (b"",)
    passages, seen = tuple(map(passage_of, about.parts)), {scope.name: scope.digest for scope in about.scopes}
    return ToBeSigned(passages, text.decode(), time_in(about.early) if about.early else "", seen)


def receive(slug: str, office: Office, message: bytes, signature: str) -> Logged:
    """Enter an approval that was signed elsewhere with OpenSSH; return the record.

    Raises:
        NotAllowed: it would not count.
    """
    from presskit.signoff.received import receive as enter

    return enter(standing(slug, office), message, signature, office.workspace)


def add_key(office: Office, signer: Signer, key: PublicKey, holder: NewHolder) -> Logged:
    """Add somebody's key to the key ring; the first one founds it.

    Raises:
        WrongUsage: it is not clear who that is, or the key is in the ring already.
        NotAllowed: the one who signs is no keeper of the ring.
    """
    from presskit.signoff.keyring import adding
    from presskit.signoff.ring_acts import change_ring, name_of, require_addable

    require_addable(key, holder.roles, office.ledger().ring, office.registers.house.sign_off)
    name = name_of(holder.principal, holder.name, office.registers)
    make = partial(adding, key, holder.principal, name, holder.roles, start=holder.start, end=holder.end)
    file = f"add-{holder.principal.replace(':', '-')}"
    return change_ring(file, signer, partial(_after, make), office.workspace)


def revoke(office: Office, signer: Signer, who: str, reason: str) -> tuple[Logged, ...]:
    """Take keys out of force, from now on; what they signed before still counts.

    Raises:
        WrongUsage: there is no such key.
        NotAllowed: the one who signs is neither a keeper nor the key's owner.
    """
    from presskit.signoff.keyring import revoking
    from presskit.signoff.ring_acts import change_ring, keys_meant

    found = keys_meant(who, office.ledger().ring)
    name, workspace = f"revoke-{found[0].principal.replace(':', '-')}", office.workspace
    return tuple(
        change_ring(name, signer, partial(_after, partial(revoking, h.key.key_id, reason)), workspace)
        for h in found
    )


def delegate(office: Office, signer: Signer, principal: str, to: str, *, ends: bool = False) -> Logged:
    """Let somebody answer for somebody else, or no longer.

    Raises:
        NotAllowed: the one who signs is neither a keeper nor the one who is answered for.
    """
    from presskit.signoff.keyring import delegating
    from presskit.signoff.ring_acts import change_ring

    make = partial(delegating, principal, to, ends=ends)
    name = f"{'undelegate' if ends else 'delegate'}-{principal.replace(':', '-')}"
    return change_ring(name, signer, partial(_after, make), office.workspace)


def _after(make: Callable[..., Statement], head: str) -> Statement:
    """Return a statement about the key ring as it follows the head of the log."""
    return make(after=head)
