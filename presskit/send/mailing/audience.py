"""Lists and rules to whom a mailing goes: each mailbox once, in its language, with the files it wishes.

Not here: reading lists (`load.media`), and writing the messages (`outgoing`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from presskit.errors import NotAllowed, Place, Problem
from presskit.load.media.merging import merge_lists
from presskit.model.media import ListSettings, MediaList, Recipient, Wish


@dataclass(frozen=True, slots=True)
class Audience:
    """Who gets a mailing, and how many of the lists do not."""

    recipients: tuple[Recipient, ...]  # in the order of the lists
    settings: Mapping[str, ListSettings]  # by name of the list
    listed: int = 0  # entries of all lists
    twice: int = 0  # stand on several lists
    filtered: int = 0  # left out by the filter
    no_embargo: int = 0  # would have to keep an embargo, and have not agreed to
    suppressed: int = 0  # bounced or unsubscribed


def audience_of(
    lists: Sequence[MediaList],
    wanted: Callable[[Recipient], bool],
    suppressed: Collection[str],
    *,
    early: bool,
) -> Audience:
    """Return who of some lists gets a mailing.

    Args:
        wanted: asked of every entry; somebody on several lists gets it if one of their entries is wanted.
        suppressed: keys of mailboxes that get no more mail.
        early: it is under embargo and goes before its time, to those who have agreed to keep it.

    Raises:
        NotAllowed: a list is not one of the media, or for early mail not one of those trusted.
    """
    require_kinds(lists, early=early)
    everybody, dropped = merge_lists(lists)
    agreed = {recipient.address.key: recipient.accepts_embargo for recipient in everybody}
    wished, _ = merge_lists(replace(one, recipients=tuple(filter(wanted, one.recipients))) for one in lists)
    chosen = [replace(r, accepts_embargo=agreed[r.address.key]) for r in wished]
    keeping = [r for r in chosen if r.accepts_embargo or not early]
    left = tuple(r for r in keeping if r.address.key not in suppressed)
    return Audience(
        left,
        {found.name: found.settings for found in lists},
        listed=sum(len(found.recipients) for found in lists),
        twice=len(dropped),
        filtered=len(everybody) - len(chosen),
        no_embargo=len(chosen) - len(keeping),
        suppressed=len(keeping) - len(left),
    )


def require_kinds(lists: Iterable[MediaList], *, early: bool) -> None:
    """Raise `NotAllowed` for every list a release must not go to."""
    problems = []
    for found in lists:
        place = Place(f"data/media-lists/{found.name}.yaml")
        if found.settings.kind != "media":
            what = f"“{found.name}” is a list of {found.settings.kind}, and a release goes to the media only."
            fix = "choose another list; change kind: only if everybody on it is a reporter or an outlet."
            problems.append(Problem(place, "kind", what, fix, "list-kind"))
        elif early and found.settings.trusted != "yes":
            what = f"“{found.name}” is not trusted with news before its time."
            fix = "send it with --hold, or write trusted: yes if each of them has agreed to keep embargoes."
            problems.append(Problem(place, "trusted", what, fix, "list-not-trusted"))
    if problems:
        raise NotAllowed(problems)


def language_for(recipient: Recipient, languages: Sequence[str]) -> int:
    """Return which of the languages a recipient gets, as its index; the first if theirs is not among them."""
    wanted = recipient.language
    if wanted:
        for index, language in enumerate(languages):
            if language == wanted:
                return index
        for index, language in enumerate(languages):
            if language.split("-")[0] == wanted.split("-")[0]:
                return index
    return 0


@dataclass(frozen=True, slots=True)
class Files:
    """Which files of the kit go along with a message, and which it links to."""

    attach: tuple[Wish, ...]
    link: tuple[Wish, ...]


def files_for(recipient: Recipient, settings: Mapping[str, ListSettings]) -> Files:
    """Return what a recipient wishes, else what their list says."""
    found = settings.get(recipient.list, ListSettings(kind="media"))
    attach = found.attach if recipient.wishes is None else recipient.wishes
    return Files(tuple(dict.fromkeys(attach)), tuple(w for w in dict.fromkeys(found.link) if w not in attach))
