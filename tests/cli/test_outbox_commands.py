from __future__ import annotations

import json
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from presskit.send.outbox.store import Outbox
from presskit.send.relay.sender import only_sender
from tests.cli.conftest import Call, GoTo, environment, program
from tests.cli.mail_office import ALL, MailOffice, lists, mail_office, relays
from tests.servers.relay import Relay, relay
from tests.signed_office import SLUG, Desk

CONNECTIONS = 2


@pytest.fixture
def office(go_to: GoTo, call: Call) -> Iterator[MailOffice]:
    with mail_office(go_to("archived"), call) as found:
        yield found


def many(number: int) -> str:
    rows = (f"r{n}@news{n % 3}.example.org,published address" for n in range(number))
    return "\n".join(("email,consent", *rows, ""))


def accepted(server: Relay) -> Counter[str]:
    return Counter(who for message in server.accepted() for who in message.recipients)


def kill_in_the_middle(desk: Desk, server: Relay, *args: str) -> None:
    """Start the command, and kill it when the relay has taken a few messages."""
    running = subprocess.Popen(
        program(*args), cwd=desk.root, env=environment(), stderr=subprocess.PIPE, stdout=subprocess.PIPE
    )
    deadline = time.monotonic() + 60
    while len(server.accepted()) < 4 and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    running.kill()
    out, err = running.communicate()
    assert running.returncode == -9, (out + err).decode()


def test_killed_in_the_middle_it_goes_on_and_nobody_gets_it_twice(
    go_to: GoTo, call: Call, tmp_path: Path
) -> None:
    desk = go_to("archived")
    with relay(tmp_path / "relay", answer_seconds=0.15) as server:
        relays(desk, server.port)
        lists(desk, entries=many(14))
        kill_in_the_middle(desk, server, "send", SLUG, "--list", "dailies", "--count", "14")
        at_kill = sum(accepted(server).values())
        assert 0 < at_kill < 14
        said = call("outbox", "run")
        got = accepted(server)
        doubtful = [line for line in call("deliveries", SLUG, "--state", "in-doubt").out.splitlines() if line]
        assert len(doubtful) <= CONNECTIONS
        assert said.code == (6 if doubtful else 0)
        assert set(got.values()) == {1}
        assert len(got) >= 14 - len(doubtful)
        assert call("deliveries", SLUG).out.count("sent  ") == 14 - len(doubtful)


def test_what_is_in_doubt_is_decided_by_a_person(go_to: GoTo, call: Call, tmp_path: Path) -> None:
    desk = go_to("archived")
    with relay(tmp_path / "relay", {"accepted_drop": 1.0}) as server:
        relays(desk, server.port)
        lists(desk)
        said = call("send", SLUG, "--list", "dailies", "--count", "3")
        assert (said.code, said.out) == (6, "3 in doubt\n")
        later = call("outbox", "run")
        assert (later.code, later.out) == (6, "nothing was due\n"), (
            "what is in doubt is told until it is decided"
        )
        assert f"presskit deliveries {SLUG} --state in-doubt" in later.err
        assert (
            call("outbox", "treat-as-sent", SLUG, "City@daily.example.org").out
            == "1 delivery taken for sent\n"
        )
        again = call("outbox", "resend", SLUG)
        assert again.out.startswith("2 deliveries queued again")
        assert call("outbox", "run").code == 6
        first, second = server.accepted()[:3], server.accepted()[3:]
        assert {m.message_id: m.sha256 for m in second}.items() <= {
            m.message_id: m.sha256 for m in first
        }.items()
        assert len(second) == 2


def test_refused_deliveries_are_tried_again_and_no_others(go_to: GoTo, call: Call, tmp_path: Path) -> None:
    desk = go_to("archived")
    entries = (
        "email,consent\nbad@news.example.org,published address\ngood@news.example.org,published address\n"
    )
    with relay(tmp_path / "relay") as server:
        relays(desk, server.port)
        lists(desk, entries=entries)
        said = call("send", SLUG, "--list", "dailies", "--count", "2")
        assert said.code == 6
        assert "bad@news.example.org: refused: 550" in said.err
        assert call("deliveries", SLUG, "--state", "refused").out.count("\n") == 1
        assert call("outbox", "retry", SLUG).out.startswith("1 delivery queued again")
        assert call("outbox", "run").code == 6
        assert accepted(server) == {"good@news.example.org": 1}
        assert call("outbox", "retry", SLUG, "good@news.example.org").code == 5


def test_a_halted_release_waits_until_somebody_lets_it_go_on(office: MailOffice, call: Call) -> None:
    assert call("outbox", "halt", SLUG, "--reason", "A name is wrong.").code == 0
    said = office.send("--list", "dailies")
    assert said.code == 6
    assert "this is halted: A name is wrong" in said.err
    assert (office.relay.received, set(office.states().values())) == ([], {"waiting"})
    assert call("outbox", "go-on", SLUG).code == 0
    assert call("outbox", "run").out == "3 sent\n"
    assert office.inboxes().keys() == ALL


def test_halting_everything_halts_everything(office: MailOffice, call: Call) -> None:
    call("outbox", "halt")
    assert office.send("--list", "dailies").code == 6
    assert call("outbox", "go-on").out == "goes on: everything; send it with: presskit outbox run\n"
    assert call("outbox", "run").out == "3 sent\n"


def test_what_was_cancelled_can_be_sent_after_all(office: MailOffice, call: Call) -> None:
    call("outbox", "halt", SLUG)
    office.send("--list", "dailies")
    assert call("outbox", "cancel", SLUG).out.startswith("3 deliveries taken out")
    call("outbox", "go-on", SLUG)
    assert call("outbox", "run").out == "nothing was due\n"
    assert office.send("--list", "dailies").code == 0
    assert len(office.relay.received) == 3


def test_an_approval_that_is_withdrawn_stops_what_is_queued(office: MailOffice, call: Call) -> None:
    call("outbox", "halt", SLUG)
    office.send("--list", "dailies")
    office.desk.reject("dusto", "quote.dusto")
    call("outbox", "go-on", SLUG)
    said = call("outbox", "run")
    assert said.code == 6
    assert "an approval was withdrawn" in said.err
    assert office.relay.received == []


def test_another_kit_signed_off_in_its_place_stops_what_is_queued(office: MailOffice, call: Call) -> None:
    call("outbox", "halt", SLUG)
    office.send("--list", "dailies")
    found = office.desk.root / "data/mail/outbox.db"
    with closing(Outbox.open(found)) as outbox, outbox.transaction() as rows:
        files = json.loads(rows.execute("select files from edition").fetchone()[0])
        assert files.keys() == office.desk.built().keys()
        rows.execute("update edition set files=?", (json.dumps({**files, f"{SLUG}.pdf": "0" * 64}),))
    call("outbox", "go-on", SLUG)
    said = call("outbox", "run")
    assert said.code == 6
    assert "other files were signed off in its place" in said.err
    assert office.relay.received == []


def test_there_is_nothing_to_decide_about_what_was_never_sent(office: MailOffice, call: Call) -> None:
    for decision in ("retry", "resend", "treat-as-sent", "cancel"):
        said = call("outbox", decision, SLUG)
        assert said.code == 5
        assert "[delivery-unknown]" in said.err
    assert "nothing was queued" in call("deliveries", SLUG).err


def test_what_was_refused_of_an_older_version_is_not_tried_again_beside_a_newer_one(
    go_to: GoTo, call: Call, tmp_path: Path
) -> None:
    desk = go_to("archived")
    with relay(tmp_path / "relay") as server:
        relays(desk, server.port)
        lists(desk, entries="email,consent\nbad@news.example.org,published address\n")
        assert call("send", SLUG, "--list", "dailies", "--count", "1").code == 6
        desk.edit("opens on Monday", "opens on Tuesday")
        desk.request()
        desk.sign("lee")
        desk.sign("kim")
        desk.archive()
        assert call("send", SLUG, "--list", "dailies", "--count", "1").code == 6
        assert call("outbox", "retry", SLUG).out.startswith("1 delivery queued again")
        assert "is halted" not in call("outbox", "run").err
        states = [d["state"] for d in json.loads(call("deliveries", SLUG, "--json").out)["deliveries"]]
        assert states == ["refused", "refused"]


def test_what_is_queued_while_another_sends_is_said_to_go_with_that(office: MailOffice, call: Call) -> None:
    (office.desk.root / "data/mail").mkdir()
    with only_sender(office.desk.root / "data/mail/outbox.db"):
        said = office.send("--list", "dailies")
        assert (said.code, said.out) == (6, "queued, not sent yet\n")
        assert "[sender-busy]" in said.err
        assert call("outbox", "run").code == 5
    assert call("outbox", "run").out == "3 sent\n"
