"""Quotes and contacts of the release to what a template prints: the words, and the person of the register.

Not here: whether a quote is cleared or repeated (`checks`).
"""

from __future__ import annotations

import re

from presskit.compose import view
from presskit.compose.desk import CopyDesk
from presskit.model.people import Person
from presskit.model.release import Quote

_EXTENSION = re.compile(r"[\s,;]*(?:ext\.?|extension|x|poste|p\.)\s*(\d+)$", re.IGNORECASE)


def quote(found: Quote, field: str, placed: str, desk: CopyDesk) -> view.Quote:
    """Return a quote with its speaker's name, rank and title on the release date.

    Args:
        placed: the field that puts it where it stands.
    """
    quote_id = desk.take(f"quote.{found.id}", placed)
    speech = desk.speech(found.words, f"{field}.words", found.language)
    name, title, organisation = _called(desk.registers.people[found.speaker], desk)
    return view.Quote(quote_id, field, speech, name, title or organisation)


def contact(person_id: str, field: str, desk: CopyDesk) -> view.Contact:
    """Return how to reach a person or desk of the register."""
    person = desk.registers.people[person_id]
    source = f"people#{person_id}"
    name, title, organisation = _called(person, desk)
    phone = desk.printable(person.phone or "", f"{source}.phone")
    return view.Contact(
        id=desk.take(f"contact.{person_id}", field),
        field=source,
        name=name,
        title=title,
        organisation=organisation,
        phone=phone,
        phone_url=phone_url(phone),
        email=desk.printable(person.email or "", f"{source}.email"),
    )


def phone_url(phone: str) -> str:
    """Return the address that dials a number; "" where letters make it none a telephone can dial.

    Source: RFC 3966, 3: digits without separators, and the extension as a parameter.
    """
    extension = _EXTENSION.search(phone)
    number = phone[: extension.start()] if extension else phone
    digits = re.sub(r"[\s().–-]", "", number)
    if not re.fullmatch(r"\+?[0-9]{3,15}", digits):
        return ""
    return f"tel:{digits}" + (f";ext={extension[1]}" if extension else "")


def _called(person: Person, desk: CopyDesk) -> tuple[str, str, str]:
    """Return a person's name with the rank before it, title and organisation on the release date."""
    source = f"people#{person.id}"
    held = person.title_on(desk.release.issued)
    number = person.titles.index(held) if held else 0
    rank = desk.named(held.rank if held else None, f"{source}.titles[{number}].rank")
    title = desk.named(held.title if held else None, f"{source}.titles[{number}].title")
    name = desk.plain(f"{rank} {person.name}" if rank else person.name, f"{source}.name")
    return name, title, desk.named(person.organisation, f"{source}.organisation")
