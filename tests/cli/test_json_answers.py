"""The JSON answer of each command of sign-off and archive, held to a golden: programs rely on its fields."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from presskit import __version__
from tests.cli.conftest import Call, GoTo
from tests.signed_office import SLUG, Stage

UNSTEADY = (
    (re.compile(r"[0-9a-f]{128}"), "<sha512>"),
    (re.compile(r"[0-9a-f]{64}"), "<sha256>"),
    (re.compile(r"-[0-9a-f]{8}(?=\.dsse\.json)"), "-<digest>"),
    (re.compile(r"(?<=evidence/)[0-9a-f]{12}"), "<digest>"),
)
"""Digests of what changes with every template, and what stands in goldens instead."""

CASES: dict[str, tuple[Stage, tuple[str, ...]]] = {
    "status": ("approved", ("status", SLUG)),
    "status-signed": ("signed", ("status",)),
    "request": ("founded", ("request", SLUG, "--key", "clerk")),
    "sign": ("requested", ("sign", SLUG, "--key", "dusto")),
    "reject": ("requested", ("reject", SLUG, "--key", "dusto", "--reason", "No")),
    "key-list": ("founded", ("key", "list")),
    "archive": ("signed", ("archive", "--key", "clerk")),
    "archive-again": ("archived", ("archive", "--key", "clerk")),
    "archive-draft": ("approved", ("archive", SLUG, "--key", "clerk")),
    "verify": ("archived", ("verify",)),
    "verify-unknown": ("archived", ("verify", "nothing")),
    "show-version-list": ("archived", ("show-version", SLUG)),
    "show-version": ("archived", ("show-version", SLUG, "1")),
    "find": ("archived", ("find", "bridge")),
    "refused": ("requested", ("sign", SLUG, "--key", "lee")),
}


@pytest.mark.parametrize("name", CASES)
def test_an_answer_has_the_fields_programs_rely_on(
    go_to: GoTo, call: Call, golden: Callable[[str, str], None], name: str
) -> None:
    stage, args = CASES[name]
    go_to(stage)
    said = call(*args, "--json")
    answer = json.loads(said.out)
    assert (answer["presskit"], answer["command"], answer["exit_code"]) == (1, args[0], said.code)
    assert all(ord(character) < 128 for character in said.out)
    text = json.dumps(answer, indent=2, ensure_ascii=False).replace(f'"{__version__}"', '"<presskit>"')
    for pattern, name_of in UNSTEADY:
        text = pattern.sub(name_of, text)
    golden(f"cli/{name}.json", text + "\n")


def test_a_diff_has_the_fields_programs_rely_on(
    go_to: GoTo, call: Call, golden: Callable[[str, str], None]
) -> None:
    desk = go_to("archived")
    desk.edit("Monday", "Tuesday")
    desk.request()
    desk.sign("lee")
    desk.sign("kim")
    desk.archive()
    said = call("diff", SLUG, "1", "2", "--json")
    golden("cli/diff.json", json.dumps(json.loads(said.out), indent=2, ensure_ascii=False) + "\n")
