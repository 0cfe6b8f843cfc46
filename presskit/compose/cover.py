"""A draft to what goes around it in a message: the subject, and the lines of the foot.

Not here: the message itself (`writers.mail`, `send`), and who gets it (`send`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from presskit.compose.desk import CopyDesk
from presskit.document.foot import Foot
from presskit.document.walk import plain
from presskit.model.house import MailWording
from presskit.model.media import Wish
from presskit.model.pack import Pack
from presskit.model.registers import Draft

SUBJECT_CHARACTERS = 150
"""A longer subject is cut: mail programs show some 40 to 90 characters, and nobody reads on from there."""

LEAST_CHARACTERS = 40  # of a headline that are left, however long the labels before it are
ELLIPSIS = "…"

SOFT = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
"""What only tells a typesetter where lines may end."""


def subject_of(draft: Draft, pack: Pack, *, early: bool, test: bool) -> str:
    """Return the subject: the headline on one line, after what a reporter has to know before it.

    Args:
        early: it goes to those who may have it before the end of the embargo.
        test: it goes to the office itself.

    Raises:
        ProblemsFound: the headline has a problem.
        BadSettings: a date can not be written in the pack's pattern.
    """
    desk, labels = CopyDesk(draft, pack), pack.wording.mail
    headline = _line(plain(desk.inlines(draft.release.headline, "headline")))
    forms, time = _forms(desk, early=early), desk.embargo()
    if draft.release.withdraws:
        headline = _bare(headline, desk)
    desk.require_sound()

    def subject(words: str) -> str:
        for form in forms:
            words = desk.fill(form, headline=words, time=time)
        return _line(desk.fill(labels.subject_test, subject=words) if test else words)

    free = max(LEAST_CHARACTERS, SUBJECT_CHARACTERS - len(subject("")))
    return subject(_cut(headline, free))


def foot_of(
    draft: Draft,
    pack: Pack,
    *,
    early: bool,
    attached: Sequence[str] = (),
    downloads: Sequence[tuple[Wish, str]] = (),
    unsubscribe: str = "",
    checkpoint: str = "",
) -> Foot:
    """Return what stands under a release in a message.

    Args:
        early: it goes to those who may have it before the end of the embargo.
        attached: names of the files that go along.
        downloads: files of the kit that lie on the web, each with its address.
        unsubscribe: address to ask for no more mail: https: or mailto:.
        checkpoint: the archive's newest signed note, as it is.

    Raises:
        ProblemsFound: the office has no name in the release's language.
        BadSettings: a date can not be written in the pack's pattern.
    """
    desk, labels = CopyDesk(draft, pack), pack.wording.mail
    named, time = _downloads(labels), desk.embargo() if early else ""
    office = desk.named(draft.registers.house.short_name, "house#short_name")
    desk.require_sound()
    lines = [  # names of files stay as they are: none gets other hyphens
        desk.fill(labels.early, time=time) if time else "",
        desk.fill(labels.attached).replace("{files}", ", ".join(attached)) if attached else "",
        desk.fill(labels.why, issuer=office),
    ]
    links = [(desk.fill(named[kind]), url) for kind, url in downloads]
    if unsubscribe:
        links.append((desk.fill(labels.unsubscribe), unsubscribe))
    return Foot(
        lines=tuple(filter(None, lines)),
        links=tuple(links),
        checkpoint=checkpoint,
        meaning=desk.fill(labels.checkpoint_meaning) if checkpoint else "",
    )


def _forms(desk: CopyDesk, *, early: bool) -> list[str]:
    """Return the labels around the headline, the innermost first."""
    draft, release, labels = desk.draft, desk.release, desk.wording.mail
    named = (
        (release.withdraws, labels.subject_withdrawal),
        (release.corrects, labels.subject_correction),
        (early and draft.embargo, labels.subject_embargo),
        (not draft.cleared, labels.subject_draft),
    )
    return [form for holds, form in named if holds]


def _bare(headline: str, desk: CopyDesk) -> str:
    """Return the headline of what is withdrawn.

    Why: a withdrawal's own headline says already what its subject is to say.
    """
    before, _, after = desk.wording.withdrawn_headline.partition("{headline}")
    said = _line(desk.fill(before)), _line(desk.fill(after))
    return headline.removeprefix(said[0]).removesuffix(said[1]).strip()


def _downloads(labels: MailWording) -> Mapping[Wish, str]:
    return {
        "pdf": labels.pdf,
        "pdf-press": labels.pdf_press,
        "docx": labels.docx,
        "html": labels.html,
        "text": labels.text,
    }


def _line(text: str) -> str:
    """Return text on one line with plain spaces: a mail program's list is no printed page."""
    return " ".join(text.translate(SOFT).split())


def _cut(text: str, most: int) -> str:
    """Return the text in at most so many characters, cut between words where there are any."""
    if len(text) <= most:
        return text
    words = text[:most].rpartition(" ")[0] or text[: most - len(ELLIPSIS)]
    return words.rstrip(" ,;:–—-") + ELLIPSIS
