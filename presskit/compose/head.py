"""A draft to the document's head: what a writer needs besides the blocks.

Not here: anything printed in the run of the text (the templates).
"""

from __future__ import annotations

import json

from presskit.compose.desk import CopyDesk
from presskit.document import nodes
from presskit.document.walk import plain
from presskit.model.release import TextBlock


def make_head(desk: CopyDesk) -> nodes.Head:
    """Return the head; names that are missing in the release's language are noted at the desk."""
    draft, release, wording, house = desk.draft, desk.release, desk.wording, desk.registers.house
    title = plain(desk.inlines(release.headline, "headline"))
    short = release.short_headline
    return nodes.Head(
        title=title,
        language=desk.language,
        slug=draft.slug,
        office=desk.named(house.short_name, "house#short_name"),
        running_title=plain(desk.inlines(short, "short_headline")) if short else title,
        issued=draft.issued,
        summary=_summary(desk),
        masthead=nodes.Masthead(
            issuer=desk.named(house.name, "house#name"),
            kind=desk.fill(wording.kind),
            date=desk.date(release.issued),
            reference=_reference(desk),
        ),
        page_label=wording.page_label,
        picture_label=desk.fill(wording.picture_label),
        place=desk.plain(release.dateline or "", "dateline"),
        attachments=(nodes.Attachment("release.json", "application/json", _data(desk), wording.data_label),),
        embargo=draft.embargo,
    )


def _data(desk: CopyDesk) -> bytes:
    """Return the release as data.

    Why: the office's own file is not attached, since the remarks in it are nobody else's business.
    """
    fields = desk.release.model_dump(mode="json", exclude_defaults=True)
    return (json.dumps(fields, ensure_ascii=False, indent=2) + "\n").encode()


def _summary(desk: CopyDesk) -> str:
    """Return the words of the first paragraph, "" if there is none."""
    for i, block in enumerate(desk.release.body):
        if isinstance(block, TextBlock):
            return plain(desk.inlines(block.text, f"body[{i}]", block.language))
    return ""


def _reference(desk: CopyDesk) -> str:
    """Return the reference number with its label, "" before there is one."""
    reference = desk.draft.reference or desk.release.reference
    return (
        desk.fill(desk.wording.reference, reference=desk.plain(reference, "reference")) if reference else ""
    )
