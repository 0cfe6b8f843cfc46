from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import assume, example, given
from hypothesis import strategies as st

from presskit.load import addresses
from presskit.load.addresses import LOCAL_BYTES, WHOLE_BYTES, read_address
from presskit.model.media import Address


def good(text: str) -> Address:
    found = read_address(text)
    assert isinstance(found, Address), found
    return found


def refused(text: str) -> str:
    found = read_address(text)
    assert isinstance(found, str), found
    return found


@pytest.mark.parametrize(
    ("text", "typed", "envelope", "key"),
    [
        ("jane@example.org", "jane@example.org", "jane@example.org", "jane@example.org"),
        (" jane@example.org ", "jane@example.org", "jane@example.org", "jane@example.org"),
        ("Jane.Doe@News.Example", "Jane.Doe@news.example", "Jane.Doe@news.example", "jane.doe@news.example"),
        ("press@BÜCHER.example", "press@bücher.example", "press@xn--bcher-kva.example", None),
        ("press@xn--bcher-kva.example", "press@bücher.example", "press@xn--bcher-kva.example", None),
        ("Rédaction@example.org", "Rédaction@example.org", "Rédaction@example.org", "rédaction@example.org"),
        ("re\u0301daction@example.org", "rédaction@example.org", "rédaction@example.org", None),
        ("o'neil+news@a.test", "o'neil+news@a.test", "o'neil+news@a.test", None),
        ("desk@新闻.example", "desk@新闻.example", "desk@xn--efvy88h.example", None),
    ],
)
def test_an_address_has_a_form_for_people_one_for_servers_and_a_key(
    text: str, typed: str, envelope: str, key: str | None
) -> None:
    assert good(text) == Address(typed, envelope, key or envelope)


@pytest.mark.parametrize(
    "spellings",
    [
        ("Desk@Example.org", "desk@example.org", "DESK@EXAMPLE.ORG"),
        ("a@bücher.example", "A@BÜCHER.EXAMPLE", "a@xn--bcher-kva.example", "a@bu\u0308cher.example"),
        ("a@example.org", "a@example。org", "a@ｅxample.org"),
        ("straße@example.org", "STRASSE@example.org"),
        ("é@example.org", "e\u0301@example.org", "É@example.org"),
        ("\u1fbc\u0323@example.org", "\u03b1\u0323\u03b9@example.org"),
    ],
)
def test_all_spellings_of_one_mailbox_have_one_key(spellings: tuple[str, ...]) -> None:
    assert len({good(text).key for text in spellings}) == 1
    assert len(spellings) > 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "nothing is written here"),
        ("  ", "nothing is written here"),
        ("jane", "it has no @"),
        ("jane@newsroom", "its domain has no period"),
        ("jane@test", "its domain has no period"),
        ("Jane <jane@example.org>", "write the address alone, without a name and without < and >"),
        ("<jane@example.org>", "write the address alone, without a name and without < and >"),
        ("a@example.org, b@example.org", "there are several; give each a line of its own"),
        ("a@example.org;b@example.org", "there are several; give each a line of its own"),
        ("jane doe@example.org", "there is a space in it"),
        ("a\u200b@example.org", "it holds U+200B ZERO WIDTH SPACE, which can not be seen"),
        ("a@exa\u00admple.org", "it holds U+00AD SOFT HYPHEN, which can not be seen"),
        ("a\u3164@example.org", "it holds U+3164 HANGUL FILLER, which can not be seen"),
        ("a\u00a0b@example.org", "it holds U+00A0 NO-BREAK SPACE, which can not be seen"),
        ("a\x00@example.org", "it holds U+0000 NULL, which can not be seen"),
        ("a@example.org\r\nBcc:b", "it holds U+000D CARRIAGE RETURN, which can not be seen"),
        ("“jane”@example.org", "it has a quotation mark, “"),
        ("o’neil@example.org", "it has a quotation mark, ’"),
        ("a@[192.0.2.1]", "the number of a computer stands where a domain belongs"),
        ("x" * (LOCAL_BYTES + 1) + "@example.org", "more than 64 bytes stand before the @"),
        ("é" * (LOCAL_BYTES // 2 + 1) + "@example.org", "more than 64 bytes stand before the @"),
        ("\u0958" * (LOCAL_BYTES // 3) + "@example.org", "more than 64 bytes stand before the @"),
        ("a@" + "b." * 130 + "org", "it has more than 254 bytes"),
        ("a@printer.local", "its domain exists within one network only"),
        ("A@Printer.LOCAL", "its domain exists within one network only"),
        ("a@localhost", "its domain is this machine"),
        ("a@x.onion", "its domain takes no mail"),
        ("a@x.invalid", "its domain can not exist"),
        (
            "a@x.ｌocal",
            "the part after the @ is a special-use or reserved name that cannot be used with email",
        ),
        ("a..b@example.org", "an email address cannot have two periods in a row"),
        ("a@ex_ample.org", "the part after the @ contains invalid characters: '_'"),
        ("mailto:a@example.org", "the email address contains invalid characters before the @: ':'"),
    ],
)
def test_what_is_no_address_is_told_in_plain_words(text: str, why: str) -> None:
    assert refused(text) == why


def test_an_address_may_have_as_many_bytes_as_servers_must_take_and_no_more() -> None:
    assert good("x" * LOCAL_BYTES + "@example.org")
    domain = ".".join(["d" * 63, "d" * 63, "d" * 57])
    whole = "x" * LOCAL_BYTES + f"@{domain}.org"
    assert len(whole) == WHOLE_BYTES
    assert good(whole)
    assert refused(f"{'x' * LOCAL_BYTES}@d{domain}.org") == "it has more than 254 bytes"
    wide = ".".join([f"ü{'x' * 55}"] * 4)  # 237 bytes as it is typed, 261 as servers see it
    assert "too" in refused(f"a@{wide}.org")


LOCAL = st.text(st.sampled_from("abz019_+-.!#'*=AZ"), min_size=1, max_size=70)
LABEL = st.text(st.sampled_from("abz019-_AZ"), min_size=1, max_size=20)
TOP = st.sampled_from(
    ["org", "example", "test", "local", "arpa", "invalid", "onion", "localhost", "o", "4", "x-y"]
)
ADDRESSES = st.builds(
    lambda local, labels, top: f"{local}@{'.'.join([*labels, top])}", LOCAL, st.lists(LABEL, max_size=4), TOP
)


SHORT = st.from_regex(addresses._PLAIN, fullmatch=True) | ADDRESSES


@given(SHORT | SHORT.map(str.upper) | SHORT.map(str.title))
@example("info@example.org")
@example("Info@Example.org")
@example("WebMaster@example.org")
@example("Jane.Doe@News.EXAMPLE")
@example("-@0.org")
@example("a@0.test")
@example("a.\u212a@x.test")
@example("postmaster@a-b.c.example")
def test_what_the_short_way_takes_email_validator_takes_with_the_same_result(text: str) -> None:
    short = addresses._plain(text)
    if short is None:
        return
    found = validate_email(text, check_deliverability=False, test_environment=True, strict=True)
    assert (short.typed, short.envelope) == (found.normalized, found.ascii_email)
    assert addresses._validated(text) == short == read_address(text)


def test_the_short_way_is_the_usual_one() -> None:
    usual = ["jane.doe@example.org", "Jane.Doe@Example.org", "desk@news.star.example", "o_neil+x@a-b.test"]
    assert all(addresses._plain(text) for text in usual)


@given(ADDRESSES | st.emails() | st.text(max_size=80))
@example("a@x.test")
def test_nothing_is_taken_that_email_validator_refuses(text: str) -> None:
    found = read_address(text)
    if isinstance(found, Address):
        checked = validate_email(text.strip(), check_deliverability=False, test_environment=True, strict=True)
        assert found.domain == checked.ascii_domain.casefold()
        assert not any(unicodedata.category(c)[0] in "CZ" for c in found.typed + found.envelope + found.key)


@given(st.emails())
def test_what_email_validator_takes_is_taken_unless_it_is_too_long(text: str) -> None:
    try:
        validate_email(text, check_deliverability=False, test_environment=True, strict=True)
    except EmailNotValidError:
        assume(False)
    assert isinstance(read_address(text), Address)


INTERNATIONAL = st.builds(
    lambda local, label: f"{local}@{label}.example",
    st.text(st.sampled_from("aZéÉßſİıΣςǅﬁ\u0301\u0345ͅ新а"), min_size=1, max_size=8),
    st.text(st.sampled_from("aZéÉßüÜ新а0"), min_size=1, max_size=8),
)


@given(INTERNATIONAL | ADDRESSES)
@example("\u0345a@example.org")
@example("ŭ@aǆ.example")
def test_every_form_of_an_address_reads_as_the_same_mailbox(text: str) -> None:
    found = read_address(text)
    assume(isinstance(found, Address))
    assert isinstance(found, Address)
    for form in (found.typed, found.envelope, found.key):
        again = read_address(form)
        assert isinstance(again, Address)
        assert again.key == found.key
    assert good(found.typed) == found
    assert found.domain.isascii()
    assert found.domain == found.envelope.rpartition("@")[2]


def test_plain_addresses_are_read_without_email_validator() -> None:
    code = (
        "import sys; from presskit.load.addresses import read_address; read_address('a@example.org');"
        "assert 'email_validator' not in sys.modules; read_address('a@bücher.example');"
        "assert 'email_validator' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
