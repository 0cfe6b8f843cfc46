"""The JSON answers of sending, held to goldens: programs rely on their fields."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest

from tests.cli.conftest import Call, GoTo
from tests.cli.mail_office import MailOffice, mail_office
from tests.signed_office import SLUG

UNSTEADY = (
    (re.compile(r"[0-9a-f]{64}"), "<sha256>"),
    (re.compile(r"(?<=\.)[0-9a-f]{24}(?=@)"), "<token>"),
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d"), "<time>"),
)
"""What differs each time, and what stands in goldens instead."""

Golden = Callable[[str, str], None]


@pytest.fixture
def office(go_to: GoTo, call: Call) -> Iterator[MailOffice]:
    with mail_office(go_to("archived"), call) as found:
        yield found


def steady(answer: str) -> str:
    text = json.dumps(json.loads(answer), indent=2, ensure_ascii=False)
    for pattern, name in UNSTEADY:
        text = pattern.sub(name, text)
    return text + "\n"


@pytest.mark.parametrize("name", ["plan", "sent", "deliveries", "refused"])
def test_an_answer_has_the_fields_programs_rely_on(office: MailOffice, golden: Golden, name: str) -> None:
    match name:
        case "plan":
            said = office.send("--list", "dailies", "--dry-run", "--json", count=None)
        case "refused":
            said = office.send("--list", "dailies", "--json", count=4)
        case "sent":
            said = office.send("--list", "dailies", "--json")
        case _:
            office.send("--list", "dailies")
            said = office.call("deliveries", SLUG, "--json")
    assert json.loads(said.out)["exit_code"] == said.code
    golden(f"cli/send-{name}.json", steady(said.out))
