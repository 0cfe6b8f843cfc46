from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from presskit.errors import Place
from presskit.load.media import merge_lists
from presskit.model.media import Address, ListSettings, MediaList, Recipient

MEDIA = ListSettings(kind="media")


def media_list(name: str, *entries: tuple[str, bool]) -> MediaList:
    recipients = tuple(
        Recipient(Address(key, key, key), name, Place(f"{name}.csv", line), accepts_embargo=accepts)
        for line, (key, accepts) in enumerate(entries, 2)
    )
    return MediaList(name, MEDIA, recipients)


def test_an_address_on_several_lists_is_taken_once_and_the_first_stays() -> None:
    north = media_list("north", ("a@x.test", False), ("b@x.test", False))
    south = media_list("south", ("c@x.test", False), ("a@x.test", False))
    recipients, duplicates = merge_lists([north, south])
    assert recipients == (*north.recipients, south.recipients[0])
    assert duplicates == ((north.recipients[0], south.recipients[1]),)


def test_news_under_embargo_goes_only_to_whom_every_list_trusts() -> None:
    lists = [
        media_list(n, ("a@x.test", n != "south"), ("b@x.test", True)) for n in ("north", "south", "west")
    ]
    recipients, duplicates = merge_lists(lists)
    assert [(one.address.key, one.list, one.accepts_embargo) for one in recipients] == [
        ("a@x.test", "north", False),
        ("b@x.test", "north", True),
    ]
    assert [kept.accepts_embargo for kept, _ in duplicates] == [False, True, False, True]


def test_whoever_is_not_trusted_first_is_not_trusted_later() -> None:
    lists = [media_list("north", ("a@x.test", False)), media_list("south", ("a@x.test", True))]
    [found], _ = merge_lists(lists)
    assert not found.accepts_embargo


def test_no_lists_have_no_recipients() -> None:
    assert merge_lists([]) == ((), ())


ENTRIES = st.lists(
    st.tuples(st.sampled_from(["a@x.test", "b@x.test", "c@x.test"]), st.booleans()), unique_by=lambda e: e[0]
)


@given(st.lists(ENTRIES, max_size=5))
def test_nobody_is_lost_and_nobody_is_twice(several: list[list[tuple[str, bool]]]) -> None:
    lists = [media_list(f"list-{n}", *entries) for n, entries in enumerate(several)]
    recipients, duplicates = merge_lists(lists)
    every = [one for media in lists for one in media.recipients]
    keys = [one.address.key for one in recipients]
    assert keys == list(dict.fromkeys(one.address.key for one in every))
    assert len(recipients) + len(duplicates) == len(every)
    for one in recipients:
        assert one.accepts_embargo == all(
            e.accepts_embargo for e in every if e.address.key == one.address.key
        )
    assert all(kept in recipients and gone in every for kept, gone in duplicates)
