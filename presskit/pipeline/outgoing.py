"""What goes out and to whom: a signed-off, archived release, and the lists it is sent to.

Not here: queueing and sending (`sending`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from secrets import token_bytes
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from presskit.errors import NotAllowed, Place, PresskitError, Problem, ProblemsFound, WrongUsage
from presskit.model.media import WISHES, ListSettings, MediaList, Recipient
from presskit.office import Office, all_problems, require_sound, write_files
from presskit.pipeline.archiving import history, is_archived, kept_files, newest_archived, open_archive
from presskit.pipeline.building import as_it_stands, sealed
from presskit.writers import WRITERS

if TYPE_CHECKING:
    from presskit.archive.history import Edition
    from presskit.model.registers import Draft
    from presskit.send.mailing.audience import Audience, Files
    from presskit.send.mailing.outgoing import Body, Outgoing
    from presskit.send.mailing.plan import Plan, SendOrder
    from presskit.send.outbox.store import Outbox
    from presskit.signoff.standing import Standing


def outgoing(slug: str, office: Office, *, test: bool) -> Outgoing:
    """Return a release as it is to be sent: the very bytes that were signed off and archived.

    Args:
        test: it goes to the office itself, and may be a draft.

    Raises:
        NotAllowed: it is not signed off, or not archived, as it stands.
    """
    from presskit.send.mailing.outgoing import Outgoing

    loaded, signed = as_it_stands(slug, office)
    if signed is None and not test:
        fix = f"see what is missing: presskit status {slug}"
        what = "this is not signed off as it stands, so it can not be sent."
        raise NotAllowed(Problem(Place(f"release {slug}"), "", what, fix, "sign-off-missing"))
    composed = office.compose(loaded, sealed=signed is not None and sealed(office))
    originals = _originals(loaded.draft, office)
    if signed is None:
        require_sound(all_problems(composed, WRITERS))
        built = write_files(composed, WRITERS)
        files = {wish: built[WRITERS[wish].file_name(slug)] for wish in WISHES}
        return Outgoing(
            loaded.draft, composed.document, composed.pack, files, 0, {}, (), originals=tuple(originals)
        )
    _require_archived(slug, newest_archived(slug, office), signed)
    found, kept = kept_files(slug, office)
    number = revision_of(history(slug, office), found)
    files = {wish: kept[f"kit/{WRITERS[wish].file_name(slug)}"] for wish in WISHES}
    words = {n.removeprefix("words/"): c.decode() for n, c in kept.items() if n.startswith("words/")}
    signers = tuple(signer.signer.name for signer in signed.state.kit.signers)
    early = signed.state.early is not None
    return Outgoing(
        *(loaded.draft, composed.document, composed.pack, files, number, words, signers, early),
        tuple(originals),
        max(filter(None, originals.values()), default=None),
    )


def _originals(draft: Draft, office: Office) -> Mapping[str, datetime | None]:
    """Return what a release corrects or withdraws, and what that did: the oldest first, with their embargoes.

    Why all of them: whom a correction did not reach has the original, and gets what corrects the correction.
    """
    found: dict[str, datetime | None] = {}
    name = draft.release.corrects or draft.release.withdraws
    while name and name not in found:
        found[name], facts = None, {}
        with suppress(WrongUsage):  # it was never archived, or purged
            facts = dict(history(name, office)[-1].facts)
        if embargo := facts.get("embargo"):
            found[name] = datetime.fromisoformat(str(embargo))
        name = facts.get("corrects") or facts.get("withdraws")
    return dict(reversed(found.items()))


def why_older(slug: str, outbox: Outbox, office: Office) -> str | None:
    """Return why the outbox can not be the one that sent a release: the archive knows of more deliveries.

    Why: an older copy is sound, too, and would send all again.  The archive is read first, since the outbox
    may go on meanwhile.
    """
    from presskit.archive.contents import SUMMARY, fields_in, release_id
    from presskit.send.outbox.deliveries import counts

    kept = b""
    with suppress(PresskitError):  # it has no record; whoever has to have the archive finds out by itself
        kept = open_archive(office).read(release_id(office.registers.house.domain, slug), SUMMARY)
    mailings = fields_in(kept).get("mailings", ())
    archived = sum((Counter(mailing["states"]) for mailing in mailings), Counter[str]())
    known = sum(map(Counter, counts(outbox, slug).values()), Counter[str]())
    for word, before, now in (
        ("deliveries", archived.total(), known.total()),
        ("messages sent", archived["sent"], known["sent"]),
    ):
        if now < before:
            return f"the archive knows of {before:,} {word} of {slug}, and the outbox of {now:,} only"
    return None


def revision_of(editions: Sequence[Edition], newest: Edition) -> int:
    """Return the first archived version with the kit of the newest one: later ones hold records of it."""
    kit = _kit(newest)
    return next(edition.number for edition in editions if _kit(edition) == kit)


def _kit(edition: Edition) -> Mapping[str, str]:
    return {name: sha512 for name, sha512 in edition.files.items() if name.startswith("kit/")}


def _require_archived(slug: str, found: Edition | None, signed: Standing) -> None:
    """Raise `NotAllowed` unless the newest archived version is this release with all its records."""
    if not is_archived(found, signed):
        what = "this is signed off, and not archived as it stands; only what is archived is sent."
        fix = f"deposit it: presskit archive {slug}"
        raise NotAllowed(Problem(Place(f"release {slug}"), "", what, fix, "not-archived"))


def audience(
    order: SendOrder,
    office: Office,
    outbox: Outbox,
    originals: Mapping[str, tuple[str, Recipient]],
    *,
    early: bool,
) -> Audience:
    """Return who gets a mailing: the lists that were named, or whoever got what is corrected, or testers.

    Raises:
        NotAllowed: a list is not one of the media; a tester is not of the office.
        ProblemsFound: lists have errors; carries those of all lists.
    """
    from presskit.load.media.filters import read_filter
    from presskit.send.mailing.audience import Audience, audience_of
    from presskit.send.outbox.suppression import suppressed

    if order.test:
        return Audience(_testers(order.test, office), {}, len(order.test))
    no_more = {found.key for found in suppressed(outbox)}
    wanted = read_filter(order.where) if order.where else lambda _: True
    lists = _lists(order.lists, office)
    found = audience_of(lists, wanted, no_more, early=early)
    listed = {recipient.address.key for recipient in found.recipients}
    those = [r for key, (_, r) in originals.items() if key not in listed]
    keeping = [r for r in those if r.accepts_embargo or not early]
    reached = [r for r in keeping if r.address.key not in no_more]
    return Audience(
        (*found.recipients, *reached),
        {**_settings_of(reached, office), **found.settings},
        found.listed + len(those),
        found.twice,
        found.filtered,
        found.no_embargo + len(those) - len(keeping),
        found.suppressed + len(keeping) - len(reached),
    )


def _lists(names: Sequence[str], office: Office) -> list[MediaList]:
    from presskit.load.media import load_list

    lists, problems = [], list[Problem]()
    for name in dict.fromkeys(names):
        try:
            lists.append(load_list(office.workspace, name))
        except ProblemsFound as error:
            problems += error.problems
    if problems:
        raise ProblemsFound(problems)
    return lists


def _settings_of(recipients: Iterable[Recipient], office: Office) -> Mapping[str, ListSettings]:
    """Return what the lists say that somebody stood on; those that are gone say nothing."""
    from presskit.load.media.lists import list_names, read_settings

    names = {recipient.list for recipient in recipients} & set(list_names(office.workspace))
    found = {name: read_settings(office.workspace, name)[0] for name in sorted(names)}
    return {name: settings for name, settings in found.items() if settings is not None}


def _testers(addresses: Sequence[str], office: Office) -> tuple[Recipient, ...]:
    """Return testers; a draft never leaves the office, however it is mistyped.

    Raises:
        NotAllowed: an address is none, or of another domain than the office's.
    """
    from presskit.load.addresses import read_address

    home, mail = office.registers.house.domain.lower(), office.registers.house.mail
    own = mail.sender.rpartition("@")[2].lower() if mail else home
    found, problems = [], []
    for typed in dict.fromkeys(addresses):
        address = read_address(typed)
        place = Place("presskit send")
        if isinstance(address, str):
            fix = "write it as you@example.org."
            problems.append(Problem(place, "--test", f"“{typed}”: {address}", fix, "email-invalid"))
        elif "%" in address.envelope or "!" in address.envelope:
            what = f"{typed} names a way through the office, and a mail server may follow it to the outside."
            problems.append(Problem(place, "--test", what, f"name an address at {home}.", "test-outside"))
        elif address.domain not in (home, own):
            what = f"{typed} is not of {home}, and a test may be a draft."
            problems.append(Problem(place, "--test", what, f"name an address at {home}.", "test-outside"))
        else:
            found.append(Recipient(address, "test", place))
    if problems:
        raise NotAllowed(problems)
    return tuple(found)


def bodies(planned: Plan) -> Mapping[tuple[int, Files], Body]:
    """Return the bodies a plan needs, each made once."""
    from presskit.send.mailing.audience import files_for
    from presskit.send.mailing.outgoing import body_of

    wanted = {
        (planned.language_of(recipient), files_for(recipient, planned.audience.settings)): None
        for recipient in planned.new
    }
    return {
        (edition, files): body_of(planned.outgoing[edition], files, planned.cover)
        for edition, files in wanted
    }


def draft_files(planned: Plan, now: datetime) -> Iterator[tuple[str, bytes]]:
    """Yield a name and a draft for each recipient of a plan."""
    from presskit.send.mailing.audience import files_for
    from presskit.send.message.drafts import draft
    from presskit.send.message.head import Addressed, write_head
    from presskit.send.message.tokens import KEY_BYTES, Tokens

    at = now.astimezone(ZoneInfo(planned.zone)).replace(microsecond=0)
    tokens, domain = Tokens(token_bytes(KEY_BYTES)), planned.letterheads[0].sender.rpartition("@")[2]
    digits = len(str(len(planned.new)))
    for number, recipient in enumerate(planned.new, 1):
        edition = planned.language_of(recipient)
        release, key = planned.outgoing[edition], recipient.address.key
        prepared = planned.bodies[edition, files_for(recipient, planned.audience.settings)].prepared
        addressed = Addressed(
            recipient.address.envelope,
            recipient.reporter,
            tokens.message_id(release.slug, max(1, release.revision), key, domain),
            "",
            at,
            planned.had.get(key, ""),
            utf8=not recipient.address.envelope.isascii(),
        )
        head = write_head(replace(planned.letterheads[edition], content=prepared.content), addressed)
        yield f"{number:0{digits}}-{release.slug}.eml", draft(prepared, head)
