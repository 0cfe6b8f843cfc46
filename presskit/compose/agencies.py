"""Agency lists of the release and rosters of the registers to what a template prints.

Not here: whether the order, the membership or the number is right (`checks`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from presskit.compose import view
from presskit.compose.desk import CopyDesk
from presskit.model.agencies import dictionary_key
from presskit.model.house import RosterUnder, Wording
from presskit.model.release import AgencyListBlock


def agency_list(block: AgencyListBlock, list_id: str, field: str, desk: CopyDesk) -> view.AgencyList:
    """Return one agency list of the release, in the order given or sorted by name."""
    named = _named(block.agencies, desk)
    if block.order == "alphabetical":
        named.sort(key=lambda entry: dictionary_key(entry[1]))
    intro = desk.words(block.intro, f"{field}.intro") if block.intro else Markup("")
    return _list(named, block.form, intro, desk.take(list_id, field), field, desk)


def roster(boilerplate_id: str, under: RosterUnder, desk: CopyDesk) -> view.AgencyList:
    """Return the roster printed under a boilerplate, as it is on the release date."""
    field = f"boilerplates/{boilerplate_id}#roster"
    members = desk.registers.rosters[under.id].members_on(desk.release.issued)
    intro = Markup.escape(desk.named(under.intro, f"{field}.intro"))
    list_id = desk.take(f"boilerplate.{boilerplate_id}.roster", field)
    return _list(_named(members, desk), under.form, intro, list_id, field, desk)


def sentence(names: Sequence[str], wording: Wording) -> str:
    """Return names joined as the language joins them, with a full stop.

    Source: The Canadian Press Stylebook, "Comma": none before the and of a simple series.
    """
    if len(names) < 2:
        joined = "".join(names)
    elif len(names) == 2:
        joined = wording.list_two.join(names)
    else:
        joined = wording.list_comma.join(names[:-1]) + wording.list_and + names[-1]
    return joined if joined.endswith(".") else f"{joined}."


def _named(agency_ids: Iterable[str], desk: CopyDesk) -> list[tuple[str, str]]:
    """Return each agency's id and its official name on the release date."""
    named = []
    for agency_id in agency_ids:
        names = desk.registers.agencies[agency_id].name_on(desk.release.issued)
        named.append((agency_id, desk.named(names, f"agencies#{agency_id}.name")))
    return named


def _list(
    named: Sequence[tuple[str, str]],
    form: str,
    intro: Markup,
    list_id: str,
    field: str,
    desk: CopyDesk,
) -> view.AgencyList:
    items = []
    for agency_id, name in named:
        source = f"agencies#{agency_id}.name"
        item_id = desk.take_free(f"{list_id}.{agency_id}", source)
        items.append(view.Item(item_id, source, Markup.escape(name)))
    joined = sentence([name for _, name in named], desk.wording)
    return view.AgencyList(list_id, field, form, intro, tuple(items), Markup.escape(joined))
