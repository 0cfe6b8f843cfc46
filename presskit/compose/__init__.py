"""A draft and a template pack to the document: the words resolved and set, the order given by the template.

::

    draft ──desk──▶ view ──environment (Jinja2)──▶ XML text ──reader──▶ blocks
            names, titles, dates,        templates/<pack>/*.xml.j2       the tree
            Markdown, typography

Not here: how a document looks in any format (`writers`), or whether a release is right (`checks`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from presskit.document.nodes import Document
from presskit.errors import BadSettings

if TYPE_CHECKING:
    from presskit.model.pack import Pack
    from presskit.model.registers import Draft

TEMPLATE = "documents/news-release.xml.j2"
"""The template of a pack that prints a news release."""


def compose(draft: Draft, pack: Pack) -> Document:
    """Return the document of a draft, as the pack's templates order it.

    Raises:
        ProblemsFound: a name is missing in the release's language, a link leads nowhere, an id stands twice …
        BadSettings: a template or the wording is wrong.
    """
    from presskit.compose.desk import CopyDesk  # with Jinja2 some 60 ms, which the other commands do without
    from presskit.compose.environment import render
    from presskit.compose.failures import EXPECTED, template_problem
    from presskit.compose.head import make_head
    from presskit.compose.notices import make_notices
    from presskit.compose.reader import read
    from presskit.compose.release import view_release

    desk = CopyDesk(draft, pack)
    head, notices, release = make_head(desk), make_notices(desk), view_release(desk)
    desk.require_sound()
    folder = f"templates/{pack.name}"
    try:
        xml = render(pack.templates, TEMPLATE, {"release": release, "wording": desk.labels()})
    except EXPECTED as error:
        raise BadSettings(template_problem(error, folder, TEMPLATE, pack.templates)) from error
    return Document(head, (*notices, *read(xml, folder, TEMPLATE, draft.photos)))
