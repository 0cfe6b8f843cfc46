from __future__ import annotations

import pytest

from presskit.send.bounces.reports import read_tags
from presskit.send.message.tokens import Tokens
from tests.send.hostile import AS_IT_IS, NO_ADDRESSES, REFUSED
from tests.send.sample import TOKENS

OTHER = Tokens(bytes(32))
MOST = 2**63 - 1


def test_a_message_id_is_the_same_for_the_same_delivery_only() -> None:
    usual = ("nordwind", 1, "desk@example.com", "example.org")
    made = TOKENS.message_id(*usual)
    assert made == "<nordwind.1.bc297e18e02fbc28d13a5862@example.org>"
    others = {
        TOKENS.message_id("nordwind-2", *usual[1:]),
        TOKENS.message_id(usual[0], 11, *usual[2:]),
        TOKENS.message_id(*usual[:2], "desk2@example.com", usual[3]),
        TOKENS.message_id(*usual[:3], "press.example.org"),
        OTHER.message_id(*usual),
    }
    assert len(others - {made}) == 5


def test_the_parts_of_a_message_id_do_not_run_into_each_other() -> None:
    digests = {
        TOKENS.message_id(slug, revision, key, "example.org").rpartition(".")[0][-39:]
        for slug, revision, key in (("a", 1, "1a@b.c"), ("a", 11, "a@b.c"), ("a-1", 1, "a@b.c"))
    }
    assert len(digests) == 3


@pytest.mark.parametrize("text", [*REFUSED[:-1], "", "A", "a b", "a.b", "-a", "é", "a--b"])
def test_only_a_slug_and_a_domain_make_a_message_id(text: str) -> None:
    with pytest.raises(ValueError, match="make no Message-ID"):
        TOKENS.message_id(text, 1, "a@b.c", "example.org")
    if text not in ("A", "a.b", "a--b"):
        with pytest.raises(ValueError, match="make no Message-ID"):
            TOKENS.message_id("nordwind", 1, "a@b.c", text)


@pytest.mark.parametrize("delivery", [1, 9, 4711, 10**9, MOST])
def test_tags_and_bounce_addresses_are_read_back(delivery: int) -> None:
    tag = TOKENS.tag(delivery)
    number, _, digits = tag.partition(".")
    assert (int(number), len(digits)) == (delivery, 10)
    assert TOKENS.read_tag(tag) == TOKENS.read_tag(tag.upper()) == delivery
    for bounces in ("bounces@example.org", "bounces+press@example.org", "bounces.example.org"):
        address = TOKENS.bounce_address(bounces, delivery)
        assert list(read_tags(f"<{address.upper()}>", TOKENS.read_tag)) == [delivery]
        assert list(read_tags(address, OTHER.read_tag)) == []


def test_bounce_addresses_have_two_forms() -> None:
    tag = TOKENS.tag(4711)
    assert TOKENS.bounce_address("bounces@example.org", 4711) == f"bounces+{tag}@example.org"
    assert TOKENS.bounce_address("bounces.example.org", 4711) == f"b.{tag}@bounces.example.org"


def test_a_forged_tag_is_nobodys() -> None:
    tag = TOKENS.tag(4711)
    digits = "0123456789abcdef"
    changed = [tag[:i] + d + tag[i + 1 :] for i in range(5, 15) for d in digits if d != tag[i]]
    moved = [f"{number}{tag[4:]}" for number in (471, 4712, 14711, 0)]
    assert len(changed) == 150
    assert not [text for text in changed + moved if TOKENS.read_tag(text) is not None]


@pytest.mark.parametrize(
    "text",
    [
        *REFUSED,
        *AS_IT_IS,
        "",
        ".",
        "4711",
        "4711.",
        ".0123456789",
        "-1.0123456789",
        "04711.0123456789",
        "４７１１.0123456789",
        "4711.0123456789\n",
        f"{MOST + 1}.0123456789",
        "9" * 19 + ".0123456789",
        "9" * 5000 + ".0123456789",
    ],
)
def test_what_is_no_tag_is_nobodys(text: str) -> None:
    assert TOKENS.read_tag(text) is None


@pytest.mark.parametrize(
    "bounces",
    [*NO_ADDRESSES[:1], *NO_ADDRESSES[2:], "-a@example.org", "-", "exa mple.org", "a" * 50 + "@example.org"],
)
def test_a_bounce_address_is_one_servers_take(bounces: str) -> None:
    with pytest.raises(ValueError, match=r"no address|hyphen|can not be seen"):
        TOKENS.bounce_address(bounces, MOST)


@pytest.mark.parametrize("delivery", [0, -1, MOST + 1])
def test_only_numbers_of_deliveries_get_a_tag(delivery: int) -> None:
    with pytest.raises(ValueError, match="no number of a delivery"):
        TOKENS.tag(delivery)


def test_a_short_key_is_refused_and_no_key_is_shown() -> None:
    with pytest.raises(ValueError, match="at least 32 bytes"):
        Tokens(b"short")
    assert "key" not in repr(TOKENS)
