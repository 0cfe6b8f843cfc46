from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from presskit.errors import NotAllowed
from presskit.load.media import read_filter
from presskit.model.media import ListSettings, MediaList, Recipient, Wish
from presskit.send.mailing.audience import Files, audience_of, files_for, language_for
from tests.send.post import person

EVERYBODY = read_filter("not outlet = nobody")


def media(name: str, *recipients: Recipient, **settings: Any) -> MediaList:
    return MediaList(name, ListSettings(**{"kind": "media", **settings}), recipients)


def addresses(
    *lists: MediaList, where: str = "", suppressed: tuple[str, ...] = (), early: bool = False
) -> list[str]:
    wanted = read_filter(where) if where else EVERYBODY
    return [r.address.typed for r in audience_of(lists, wanted, suppressed, early=early).recipients]


@pytest.mark.parametrize(
    ("reads", "gets"), [("en-CA", 0), ("fr-CA", 1), ("fr", 1), ("fr-FR", 1), ("en", 0), ("de", 0), ("", 0)]
)
def test_everybody_gets_their_language_else_the_first(reads: str, gets: int) -> None:
    assert language_for(person("a@example.org", language=reads), ["en-CA", "fr-CA"]) == gets


def test_the_very_language_goes_before_a_kindred_one() -> None:
    assert language_for(person("a@example.org", language="fr-CA"), ["fr-FR", "fr-CA"]) == 1


@pytest.mark.parametrize(
    ("wishes", "files"),
    [
        (None, Files(("pdf",), ("docx", "html"))),
        ((), Files((), ("docx", "html"))),
        (("docx", "docx"), Files(("docx",), ("html",))),
    ],
)
def test_what_somebody_wishes_goes_before_what_the_list_says(
    wishes: tuple[Wish, ...] | None, files: Files
) -> None:
    settings = {"dailies": ListSettings(kind="media", attach=("pdf",), link=("docx", "html"))}
    assert files_for(person("a@example.org", list="dailies", wishes=wishes), settings) == files


def test_somebody_whose_list_is_gone_gets_the_pdf() -> None:
    assert files_for(person("a@example.org", list="gone"), {}) == Files(("pdf",), ())


def test_a_condition_is_asked_of_each_entry() -> None:
    dailies = media("dailies", person("a@example.org", list="dailies", beat=("crime",)))
    sport = media("sport", person("A@example.org", list="sport", beat=("sport",)), person("b@example.org"))
    assert addresses(dailies, sport, where="beat = sport") == ["A@example.org"]
    assert addresses(dailies, sport, where="beat = crime") == ["a@example.org"]
    assert addresses(dailies, sport, where="beat = weather") == []


def test_before_its_time_news_goes_to_those_who_agreed_wherever_they_stand() -> None:
    agreed, doubtful = (
        person("a@example.org", accepts_embargo=True),
        person("b@example.org", accepts_embargo=True),
    )
    first = media("first", agreed, doubtful, trusted="yes")
    second = media("second", person("b@example.org"), person("c@example.org"), trusted="yes")
    assert addresses(first, second, early=True) == ["a@example.org"]
    assert addresses(first, second, where="accepts_embargo", early=True) == ["a@example.org"]
    assert addresses(first, second) == ["a@example.org", "b@example.org", "c@example.org"]


def test_everybody_who_is_left_out_is_counted_once() -> None:
    a, b, c, d = (person(f"{name}@example.org", region=name, accepts_embargo=name != "b") for name in "abcd")
    found = audience_of(
        [media("one", a, b, c, trusted="yes"), media("two", replace(c, list="two"), d, trusted="yes")],
        read_filter("region != a"),
        {"d@example.org"},
        early=True,
    )
    assert [r.address.key for r in found.recipients] == ["c@example.org"]
    assert (found.listed, found.twice, found.filtered, found.no_embargo, found.suppressed) == (5, 1, 1, 1, 1)


@pytest.mark.parametrize("kind", ["partners", "staff", "other"])
def test_all_lists_that_are_none_of_the_media_are_named_at_once(kind: str) -> None:
    lists = [media("one", kind=kind), media("two"), media("three", kind=kind)]
    with pytest.raises(NotAllowed) as caught:
        audience_of(lists, EVERYBODY, (), early=False)
    assert [problem.code for problem in caught.value.problems] == ["list-kind", "list-kind"]


def test_news_under_embargo_goes_early_to_trusted_lists_only() -> None:
    with pytest.raises(NotAllowed, match="list-not-trusted"):
        audience_of([media("one")], EVERYBODY, (), early=True)
