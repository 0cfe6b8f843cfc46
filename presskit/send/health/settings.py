"""What house.yaml says of mail, who the lists name, and the key that signs messages.

Not here: whether the servers answer (`servers`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from presskit.errors import PresskitError
from presskit.model.house import House
from presskit.model.mail import Mail
from presskit.model.media import MediaList
from presskit.send.credentials import exposed
from presskit.send.health.rows import Row, told
from presskit.workspace import HOUSE, Workspace


def settings(house: House) -> Iterator[Row]:
    """Yield whether house.yaml says all that sending needs."""
    mail = house.mail
    if mail is None:
        fix = f"say in {HOUSE} under mail: at least sender: and relay: (see the README)."
        yield Row(
            "mail", "look", "house.yaml has nothing under mail:, so nothing can be sent", fix, "mail-settings"
        )
        return
    yield _sender(mail, house.domain)
    yield Row("answers", "ok", f"go to {mail.reply_to or 'the media contact each release names first'}")
    if mail.bounces is None:
        fix = f"name an address under mail: bounces: in {HOUSE}, such as bounces@{house.domain}"
        yield Row(
            "bounces", "look", "come to the sender, and nobody can tell to which delivery they belong", fix
        )
    else:
        yield Row("bounces", "ok", f"come to {mail.bounces}")
    by_click = ", or one click" if mail.unsubscribe_url else ""
    yield Row("unsubscribing", "ok", f"by mail to {mail.unsubscribe or mail.sender}{by_click}")
    yield Row("files on the web", "ok", mail.kit_url or "not linked, since kit_url is not set")


def lists(house: House, workspace: Workspace) -> Iterator[Row]:
    """Yield whether each list can be read, and how many it names."""
    from presskit.load.media import list_names, load_list

    names = list_names(workspace)
    if not names:
        fix = "make one with: presskit media import FILE --list NAME"
        yield Row("lists", "look", "there is no list of the media yet", fix)
    for name in names:
        try:
            yield _list(load_list(workspace, name), house)
        except PresskitError as error:
            yield told(f"list {name}", error.problems)


def dkim(mail: Mail, root: Path) -> Iterator[Row]:
    """Yield whether the key that signs messages can be used, and what has to stand in the DNS for it.

    Raises:
        BadSettings: it can not be used.
    """
    from presskit.send.message.dkim import public_record, signer_of

    if mail.dkim is None:
        yield Row("DKIM", "ok", "presskit does not sign messages, so the relay has to")
        return
    signer = signer_of(mail.dkim, mail.sender, root)
    if warning := exposed(root / mail.dkim.key_file):
        yield told("DKIM key", (warning,))
    record = f"{signer.record_name} TXT {public_record(signer)}"
    yield Row(
        "DKIM", "ok", f"presskit signs messages of {signer.domain}; this has to stand in the DNS: {record}"
    )


def _sender(mail: Mail, domain: str) -> Row:
    theirs = mail.sender.rpartition("@")[2].casefold()
    if theirs == domain.casefold() or theirs.endswith(f".{domain.casefold()}"):
        return Row("sender", "ok", mail.sender)
    fact = f"{mail.sender} is not an address of {domain}, so that receivers may take it for a forgery"
    fix = f"write an address of {domain} under mail: sender:, or correct domain: in {HOUSE}."
    return Row("sender", "look", fact, fix)


def _list(found: MediaList, house: House) -> Row:
    subject, count = f"list {found.name}", len(found.recipients)
    fact = "1 recipient" if count == 1 else f"{count} recipients"
    if found.settings.kind != "media":
        return Row(subject, "ok", f"{fact}, of the kind {found.settings.kind}: no release goes there")
    if found.settings.link and house.mail is not None and house.mail.kit_url is None:
        wanted = ", ".join(found.settings.link)
        fix = f"say under mail: kit_url: in {HOUSE} where the files lie on the web, or attach them."
        return Row(
            subject,
            "wrong",
            f"{fact}; it wants links to {wanted}, but nobody knows where",
            fix,
            "mail-settings",
        )
    if found.warnings:
        row = told(subject, found.warnings)
        return replace(row, fact=f"{fact}; {row.fact}")
    return Row(subject, "ok", fact)
