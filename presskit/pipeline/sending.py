"""The runs of mail: plan a mailing, queue it, send what is due, say who got what.

Not here: how a message is made and handed over (`send`), and asking and printing (`cli`).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from presskit.clock import Clock
from presskit.errors import BadSettings, NotAllowed, Place, PresskitError, Problem, WrongUsage
from presskit.model.mail import Mail, Relay
from presskit.office import Office
from presskit.pipeline.deciding import looked_into, opened
from presskit.pipeline.outgoing import audience, bodies, draft_files, outgoing, why_older
from presskit.workspace import Workspace

if TYPE_CHECKING:
    from presskit.send.mailing.outgoing import Outgoing
    from presskit.send.mailing.plan import Plan, SendOrder
    from presskit.send.message.dkim import Signer
    from presskit.send.outbox.claims import Done
    from presskit.send.outbox.queue import Queued
    from presskit.send.outbox.store import Outbox
    from presskit.send.relay.connection import Connection
    from presskit.send.relay.gate import Release
    from presskit.send.relay.sender import Ended


def plan_mailing(order: SendOrder, office: Office) -> Plan:
    """Return what a mailing would come to; nothing is queued.

    Raises:
        NotAllowed: a release is not signed off and archived as it stands, a list is none of the media, or an
            embargo forbids it.
        ProblemsFound: a list has errors.
        BadSettings: the house does not say what sending needs.
    """
    from presskit.send.mailing.outgoing import Cover, letterhead_of
    from presskit.send.mailing.plan import Plan, timing_of
    from presskit.send.outbox.deliveries import earlier_revisions, had, queued_for

    settings = mail_settings(office)
    releases = tuple(outgoing(slug, office, test=bool(order.test)) for slug in order.slugs)
    _require_different(releases)
    kind, not_before = timing_of(order, releases, office.workspace.now)
    cover = Cover(settings, _checkpoint(office, test=kind == "test"), kind == "early", kind == "test")
    with looked_into(office.workspace) as outbox:
        _require_newest(releases, outbox, office)
        originals = had(outbox, (name for release in releases for name in release.originals))
        chosen = audience(order, office, outbox, originals, early=cover.early)
        same = [(r.slug, r.revision) for r in releases]
        known = frozenset() if order.test else queued_for(outbox, same)
        replaced = _waiting_for_others(outbox, same) if not order.test else {}
        earlier = earlier_revisions(outbox, same, {r.address.key for r in chosen.recipients})
    planned = Plan(
        order,
        kind,
        not_before,
        office.registers.house.time_zone,
        releases,
        tuple(letterhead_of(release, cover) for release in releases),
        cover,
        chosen,
        {key: message_id for key, (message_id, _) in originals.items()},
        known,
        earlier,
        replaced,
        {},
    )
    if not planned.new:
        raise NotAllowed(_nobody(planned))
    return replace(planned, bodies=bodies(planned))


def _waiting_for_others(outbox: Outbox, releases: Iterable[tuple[str, int]]) -> Mapping[int, int]:
    """Return how many deliveries wait of other revisions of some releases."""
    from presskit.send.outbox.deliveries import counts

    found = Counter[int]()
    for slug, revision in releases:
        found += Counter({n: s.get("queued", 0) for n, s in counts(outbox, slug).items() if n != revision})
    return dict(sorted(found.items()))


def _require_newest(releases: Iterable[Outgoing], outbox: Outbox, office: Office) -> None:
    """Raise `NotAllowed` if the outbox is older than what was archived of it: all would be sent again."""
    for slug in (name for release in releases for name in (*release.originals, release.slug)):
        if why := why_older(slug, outbox, office):
            fix = "put data/mail/outbox.db back from its newest copy, and send nothing before."
            raise NotAllowed(Problem(Place(f"release {slug}"), "", f"{why}.", fix, "outbox-shortened"))


def queue_mailing(planned: Plan, office: Office, clock: Clock) -> Queued:
    """Put a planned mailing into the outbox, all of it or nothing.

    What it corrects, and other versions of the same release, are sent no further.

    Raises:
        NotAllowed: more got what is corrected since this was planned.
        Unreadable: the outbox can not be written; nothing was queued.
    """
    from presskit.send.mailing.plan import mailing_of, meant_by
    from presskit.send.message.tokens import Tokens
    from presskit.send.outbox.decisions import cancel_others
    from presskit.send.outbox.embargo import arm
    from presskit.send.outbox.queue import queue as put

    now = office.workspace.now
    mailing, at = mailing_of(planned, now, arm(clock) if planned.waits else None)
    with opened(office.workspace) as outbox:
        _stop_originals(planned, outbox, now)
        if planned.kind != "test":
            for release in planned.outgoing:
                cancel_others(outbox, release.slug, release.revision, now)
        return put(outbox, mailing, meant_by(planned, at, Tokens(outbox.key), now))


def _stop_originals(planned: Plan, outbox: Outbox, now: datetime) -> None:
    """Send no more of what is corrected, and see that everybody who got it is among the recipients."""
    from presskit.send.outbox.decisions import cancel, halt
    from presskit.send.outbox.deliveries import had

    originals = [name for release in planned.outgoing for name in release.originals]
    if planned.kind == "test" or not originals:
        return
    for original in originals:
        halt(outbox, original, now, f"{planned.outgoing[0].slug} takes its place")
        cancel(outbox, original, now)
    more = len(had(outbox, originals).keys() - planned.had.keys())
    if more:
        what = f"{more:,} more got {originals[-1]} since this was planned; no more of it is sent now."
        place = Place(f"release {planned.outgoing[0].slug}")
        fix = "give the command again, and look once more."
        raise NotAllowed(Problem(place, "", what, fix, "count-differs"))


def send_due(
    office: Office,
    clock: Clock,
    *,
    waits: bool = False,
    tell: Callable[[Done], None] = lambda done: None,
) -> Ended:
    """Send what is due in the outbox, whoever queued it; what a crash left half done is put right first.

    Args:
        waits: stay until nothing is left, for what is due later, too.

    Raises:
        NotAllowed: another process is sending.
        BadSettings: the house names no relay.
    """
    from presskit.send.relay.gate import Gate
    from presskit.send.relay.letters import LetterBox
    from presskit.send.relay.sender import Rules, Sender, only_sender
    from presskit.signoff.standing import log_mark

    settings = mail_settings(office)
    relay = relay_settings(settings)
    rules = Rules(
        relay.connections, relay.messages_per_connection, relay.per_minute, settings.tries, waits=waits
    )
    with opened(office.workspace) as outbox, only_sender(outbox.path):
        gate = Gate(outbox, partial(why_not, office, outbox), partial(log_mark, office.workspace))
        letters = LetterBox(outbox, settings.bounces, _signer(settings, office.workspace))
        connect = partial(connection, office, relay)
        return Sender(outbox, connect, letters, gate, clock, rules, tell).run()


def why_not(office: Office, outbox: Outbox, release: Release) -> str | None:
    """Return why a release that is being sent may not go on, by the records as they are now."""
    from presskit.signoff.standing import stand_on

    words = {name: content.encode() for name, content in release.words.items()}
    try:
        found = stand_on(words, office.workspace).state
    except PresskitError as error:
        return f"its approvals can not be read: {error.problems[0].what}"
    if not found.cleared:
        return "it is not signed off any more: an approval was withdrawn, or the office holds it up"
    if found.kit.closing is None or found.kit.closing.decision.files != release.files:
        return "other files were signed off in its place"
    if release.kind == "early" and found.early is None:
        return "nobody allows any more that it goes out before its time"
    return _why_later(office, release) or why_older(release.slug, outbox, office)


def _why_later(office: Office, release: Release) -> str | None:
    """Return why a release may not go yet: somebody put its embargo off since it was queued.

    Why before that is signed off: who moves an embargo means it to hold.
    """
    try:
        embargo = office.load(release.slug).draft.embargo
    except PresskitError:  # it is being edited; its signatures are on the words that are sent
        return None
    if release.kind == "early" or embargo is None or embargo.timestamp() <= release.not_before:
        return None
    return f"its embargo was put off until {embargo.isoformat(timespec='minutes')} after this was queued"


def connection(office: Office, relay: Relay) -> Connection:
    """Return a connection to the office's relay, encrypted and logged in.

    Raises:
        RelayProblem: there is none.
        BadSettings: a password is missing.
    """
    from presskit.send.credentials import credentials
    from presskit.send.relay.opening import open_relay

    login = credentials("smtp", relay.host, os.environ)
    hello = relay.hello or office.registers.house.domain
    return open_relay(relay, login, hello, office.workspace.root)


def reach_relay(planned: Plan, office: Office) -> tuple[str, ...]:
    """Ask the relay whether it takes these messages, before anything is queued; return what to know.

    Raises:
        NotAllowed: the relay can not be reached, or takes no messages that large.
    """
    from presskit.send.relay.connection import RelayProblem

    relay = relay_settings(planned.cover.settings)
    place = Place("data/house.yaml")
    try:
        found = connection(office, relay)
    except RelayProblem as problem:
        fix = "see what is wrong: presskit doctor"
        raise NotAllowed(Problem(place, "mail: relay", f"{problem.why}.", fix, problem.code)) from problem
    found.quit()
    largest = max((len(body.prepared.body) for body in planned.bodies.values()), default=0) + 8_000
    if found.limit_bytes and largest > found.limit_bytes:
        what = f"{relay.host} takes at most {found.limit_bytes:,} bytes; the largest message has {largest:,}."
        fix = "lower attach_bytes: so that files are linked, or attach fewer."
        raise NotAllowed(Problem(place, "mail", what, fix, "attachment-too-large"))
    strange = sum(not r.address.envelope.isascii() for r in planned.new)
    if strange and not found.takes_utf8:
        return (f"{strange} addresses have letters {relay.host} does not take; they will be refused.",)
    return ()


def draft_mailing(planned: Plan, office: Office, folder: Path) -> tuple[Path, ...]:
    """Write each message of a plan as a file mail programs open as a draft; nothing is queued.

    Raises:
        WrongUsage: there is something of that name already.
        Unreadable: it can not be written; then nothing is left.
    """
    from presskit.archive.handing_out import hand_out

    return tuple(sorted(hand_out(draft_files(planned, office.workspace.now), folder).iterdir()))


def mail_settings(office: Office) -> Mail:
    """Return how the office sends.

    Raises:
        BadSettings: house.yaml does not say.
    """
    settings = office.registers.house.mail
    if settings is None:
        fix = "write a block mail: with sender: and relay:, as the README shows."
        what = "this office does not say how it sends mail."
        raise BadSettings(Problem(Place("data/house.yaml"), "mail", what, fix, "mail-settings"))
    return settings


def relay_settings(settings: Mail) -> Relay:
    """Return the office's relay; for what is raised see `mail_settings`."""
    if settings.relay is None:
        fix = "write under mail:  relay: {host: smtp.example.org}, or write drafts with --draft DIR."
        what = "this office names no relay, the mail server that takes its mail on."
        raise BadSettings(Problem(Place("data/house.yaml"), "mail: relay", what, fix, "mail-settings"))
    return settings.relay


def _signer(settings: Mail, workspace: Workspace) -> Signer | None:
    """Return what signs the messages; ``None`` if the relay does.

    Raises:
        BadSettings: the key can not be used.
    """
    if settings.dkim is None:
        return None
    from presskit.send.message.dkim import signer_of

    return signer_of(settings.dkim, settings.sender, workspace.root)


def _nobody(planned: Plan) -> Problem:
    """Say why nobody is left."""
    found = planned.audience
    reasons = {
        "had it queued before": len(found.recipients),
        "get no more mail": found.suppressed,
        "have not agreed to keep embargoes": found.no_embargo,
        "are left out by --where": found.filtered,
    }
    told = ", ".join(f"{count:,} {why}" for why, count in reasons.items() if count)
    what = f"there is nobody to send this to{': ' + told if told else ''}."
    fix = "name another list; who has failed is tried again with: presskit outbox retry SLUG"
    return Problem(Place(f"release {planned.order.slugs[0]}"), "", what, fix, "nobody-left")


def _require_different(releases: Sequence[Outgoing]) -> None:
    """Raise `WrongUsage` if two releases of a mailing are in one language."""
    languages = [release.draft.language for release in releases]
    for index, language in enumerate(languages):
        if language in languages[:index]:
            other = releases[languages.index(language)].slug
            what = f"{other} and {releases[index].slug} are both in {language}."
            fix = "name releases that are the same news in several languages; send others one by one."
            raise WrongUsage(Problem(Place("presskit send"), "", what, fix, "usage-wrong"))


def _checkpoint(office: Office, *, test: bool) -> bytes:
    """Return the archive's newest checkpoint; b"" for a test where nothing was archived yet."""
    from presskit.archive.opening import for_reading

    try:
        return for_reading(office.registers.house, office.workspace).checkpoint()
    except PresskitError:
        if test:
            return b""
        raise
