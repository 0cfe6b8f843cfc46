from __future__ import annotations

import pytest

from presskit.load.characters import SHOWN
from presskit.load.yaml import parse

FORBIDDEN = {
    "\x00": "U+0000 NULL",
    "\x01": "U+0001 CONTROL CHARACTER",
    "\x0b": "U+000B LINE TABULATION",
    "\x1b": "U+001B ESCAPE",
    "\x7f": "U+007F DELETE",
    "\x85": "U+0085 NEXT LINE",
    "\x9f": "U+009F CONTROL CHARACTER",
    "\u2028": "U+2028 LINE SEPARATOR",
    "\u2029": "U+2029 PARAGRAPH SEPARATOR",
    "\u202a": "U+202A LEFT-TO-RIGHT EMBEDDING",
    "\u202d": "U+202D LEFT-TO-RIGHT OVERRIDE",
    "\u202e": "U+202E RIGHT-TO-LEFT OVERRIDE",
    "\u2066": "U+2066 LEFT-TO-RIGHT ISOLATE",
    "\u2069": "U+2069 POP DIRECTIONAL ISOLATE",
    "\ufdd0": "U+FDD0 NOT A CHARACTER",
    "\ufffe": "U+FFFE NOT A CHARACTER",
    "\uffff": "U+FFFF NOT A CHARACTER",
    "\U0001fffe": "U+1FFFE NOT A CHARACTER",
    "\U0010ffff": "U+10FFFF NOT A CHARACTER",
}
ALLOWED = {
    "tab": "\t",
    "zero width non-joiner": "\u200c",
    "zero width joiner": "\u200d",
    "left-to-right mark": "\u200e",
    "right-to-left mark": "\u200f",
    "soft hyphen": "\u00ad",
    "no-break space": "\u00a0",
    "narrow no-break space": "\u202f",
    "replacement character": "\ufffd",
    "private use": "\ue000",
    "emoji": "👩\u200d🚒",
}


@pytest.mark.parametrize(("character", "name"), FORBIDDEN.items(), ids=FORBIDDEN.values())
def test_a_character_nobody_can_see_is_named_at_its_own_place(character: str, name: str) -> None:
    source = parse(f"a: b\nbody:\n  - é one {character}two\n".encode(), "f.yaml")
    (problem,) = source.problems
    assert (str(problem.place), problem.code) == ("f.yaml:3:11", "character-forbidden")
    assert problem.what == f"here stands {name}, which can not be seen in print."
    assert source.tree is None


@pytest.mark.parametrize(("character", "name"), FORBIDDEN.items(), ids=FORBIDDEN.values())
def test_an_escape_smuggles_nothing_in(character: str, name: str) -> None:
    source = parse(f'a: b\nbody:\n  - "é one \\U{ord(character):08X}two"\n'.encode(), "f.yaml")
    (problem,) = source.problems
    assert (str(problem.place), problem.field) == ("f.yaml:3:12", "body[0]")
    assert problem.what == f"here stands {name}, which can not be seen in print."


@pytest.mark.parametrize("escape", [f"\\{letter}" for letter in ("0", *"abefvrNLP", "x07")])
def test_escapes_by_name_smuggle_nothing_in_either(escape: str) -> None:
    (problem,) = parse(f'a: "one {escape} two"\n'.encode(), "f.yaml").problems
    assert (str(problem.place), problem.code) == ("f.yaml:1:9", "character-forbidden")


@pytest.mark.parametrize("half", ["\\ud800", "\\uDFFF", "\\uD800\\uD800x", "x\\uDC00\\uD800"])
def test_half_a_character_is_refused(half: str) -> None:
    problems = parse(f'a: "{half}"\n'.encode(), "f.yaml").problems
    assert problems
    assert all("HALF A CHARACTER (SURROGATE)" in problem.what for problem in problems)


def test_two_halves_written_as_json_writes_them_make_one_character() -> None:
    assert parse(b'a: "\\ud83d\\uDE92!"\n', "f.yaml").tree == {"a": "🚒!"}


@pytest.mark.parametrize("character", ALLOWED.values(), ids=ALLOWED)
def test_what_languages_need_is_allowed(character: str) -> None:
    expected = {"a": f"one{character}two"}
    assert parse(f'a: "one{character}two"\n'.encode(), "f.yaml").tree == expected


def test_all_bad_characters_are_told_but_not_without_end() -> None:
    assert len(parse("a: \u202e\nb: \u2066\n".encode(), "f.yaml").problems) == 2
    assert len(parse(("a: " + "\u202e" * 500).encode(), "f.yaml").problems) == SHOWN


@pytest.mark.parametrize(
    ("content", "place", "words"),
    [
        (b"a: x\r\nb: caf\xe9\r\n", "f.yaml:2:7", "the byte 0xE9 belongs to no letter"),
        ("é: x\nb: ".encode() + b"\xed\xa0\x80", "f.yaml:2:4", "the byte 0xED"),
        ("a: x\n".encode("utf-16"), "f.yaml:1:1", "UTF-16"),
        (b"\x89PNG\r\n\x1a\n", "f.yaml:1:1", "the byte 0x89"),
        (b"\xef\xbb\xbfa: \xff", "f.yaml:1:4", "the byte 0xFF"),
    ],
    ids=["latin-1", "surrogate", "utf-16", "picture", "after a mark"],
)
def test_a_file_that_is_not_utf_8_is_told_where(content: bytes, place: str, words: str) -> None:
    (problem,) = parse(content, "f.yaml").problems
    assert (str(problem.place), problem.code) == (place, "file-not-text")
    assert words in problem.what


def test_accents_are_composed_in_names_and_values() -> None:
    assert parse("e\u0301: A\u030angstro\u0308m\n".encode(), "f.yaml").tree == {"é": "Ångström"}
