"""Sign-off by the command line, as the people of an office go through it."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Call, GoTo, Said
from tests.signed_office import FILES, FOLDER, SLUG, Desk, keep_keys
from tests.writers.pdf.anatomy import opened, painted

DRAFT = "DRAFT"


def fine(said: Said) -> Said:
    assert said.code == 0, said.err
    return said


def status(call: Call) -> dict[str, Any]:
    """How the release stands, as a program reads it."""
    (found,) = json.loads(fine(call("status", SLUG, "--json")).out)["releases"]
    assert isinstance(found, dict)
    return found


def answers(call: Call) -> dict[str, str]:
    return {part["scope"].split("@")[0][6:]: part["answer"] for part in status(call)["parts"]}


def text_of(desk: Desk) -> str:
    return desk.built()[f"{SLUG}.txt"].decode()


def test_a_release_goes_from_its_words_to_files_without_the_mark_of_a_draft(
    go_to: GoTo, call: Call, mail: str
) -> None:
    desk = go_to("founded")
    fine(call("build", SLUG))
    assert DRAFT in text_of(desk)
    assert fine(call("status")).out == f"{SLUG}: in review: 2 of 2 parts are not approved\n"

    asked = fine(call("request", SLUG, "--key", "clerk"))
    assert "To be asked: Acting Detective Inspector Dan Dusto (person:dusto), " in asked.err
    assert len(asked.out.splitlines()) == 8
    assert all(Path(line).stat().st_size for line in asked.out.splitlines())

    fine(call("sign", SLUG, "--key", "dusto"))
    vouched = ("--key", "clerk", "--for", "agency:opp", "--by", "mail", "--evidence", mail)
    fine(call("sign", SLUG, *vouched))
    assert answers(call) == {"quote.dusto": "approved", "mention.opp": "approved"}

    first = fine(call("sign", SLUG, "--key", "lee"))
    assert first.out == "approved: the whole kit\n"
    second = fine(call("sign", SLUG, "--key", "kim"))
    assert second.out.splitlines()[:2] == [
        "approved: the whole kit, which is signed off now",
        "number: 2026-0001",
    ]
    assert second.out.splitlines()[2:] == [f"output/{SLUG}/{name}" for name in FILES]

    built = desk.built()
    assert set(built) == set(FILES)
    assert DRAFT not in text_of(desk)
    assert "2026-0001" in text_of(desk)
    fine(call("build", SLUG))
    assert desk.built() == built, "a build gives the very bytes that were signed"
    assert f"{SLUG}: signed off\n" in fine(call("status", SLUG)).out


@pytest.mark.parametrize("suffix", [".pdf", "-press.pdf", ".docx", ".html", ".txt"])
def test_the_mark_of_a_draft_goes_with_sign_off_and_comes_back_with_an_edit(
    go_to: GoTo, call: Call, suffix: str
) -> None:
    desk = go_to("approved")
    fine(call("build", SLUG))
    draft = words_in(desk.built()[SLUG + suffix], suffix)
    fine(call("sign", SLUG, "--key", "lee"))
    fine(call("sign", SLUG, "--key", "kim"))
    signed = words_in(desk.built()[SLUG + suffix], suffix)
    desk.edit("Monday", "Tuesday")
    fine(call("build", SLUG))
    edited = words_in(desk.built()[SLUG + suffix], suffix)
    assert (DRAFT in draft, DRAFT in signed, DRAFT in edited) == (True, False, True)
    assert ("Monday" in signed, "Tuesday" in edited) == (True, True)


def words_in(content: bytes, suffix: str) -> str:
    """The words of a file, as its readers see them."""
    if suffix.endswith(".pdf"):
        return " ".join(shown.text for shown in painted(opened(content)).shown)
    if suffix == ".docx":
        with zipfile.ZipFile(io.BytesIO(content)) as found:
            return "".join(found.read(n).decode() for n in found.namelist() if n.endswith(".xml"))
    return content.decode()


def test_one_word_of_a_quote_voids_its_approval_and_the_kits_and_no_other(go_to: GoTo, call: Call) -> None:
    desk = go_to("signed")
    desk.edit("We walk across it together.", "We walk across it again.")
    found = status(call)
    assert (found["stage"], found["cleared"], found["editors"], found["signers"]) == (
        "in_review",
        False,
        [],
        [],
    )
    assert answers(call) == {"quote.dusto": "changed", "mention.opp": "approved"}
    lines = fine(call("status", SLUG)).out.splitlines()
    assert lines[0] == f"{SLUG}: in review: 1 of 2 parts is not approved"
    assert "other words were approved with a key on 2026-11-23; these are not" in lines[1]
    assert "approved by mail on 2026-11-23, vouched for by The Clerk; the rest has changed since" in lines[2]
    assert "not put forward by an editor yet" in lines[3]
    fine(call("build", SLUG, "-f", "text"))
    assert DRAFT in text_of(desk)


def test_an_edit_that_is_undone_needs_nobodys_signature(go_to: GoTo, call: Call) -> None:
    desk = go_to("signed")
    signed, records = desk.built(), sorted((desk.root / FOLDER).iterdir())
    desk.edit("together", "apart")
    fine(call("build", SLUG))
    assert desk.built() != signed
    desk.edit("apart", "together")
    assert status(call)["stage"] == "signed_off"
    fine(call("build", SLUG))
    assert desk.built() == signed
    assert sorted((desk.root / FOLDER).iterdir()) == records


def test_an_edit_elsewhere_voids_the_kit_alone(go_to: GoTo, call: Call) -> None:
    desk = go_to("signed")
    desk.edit("It opens on Monday.", "It opens on Tuesday.")
    assert set(answers(call).values()) == {"approved"}
    found = status(call)
    assert (found["stage"], found["signers"]) == ("approved", [])
    assert all(part["rest_changed"] for part in found["parts"])
    fine(call("request", SLUG, "--key", "clerk"))
    fine(call("sign", SLUG, "--key", "lee"))
    again = fine(call("sign", SLUG, "--key", "kim"))
    assert "number: 2026-0001" in again.out, "the number stays with the release"


def test_a_speaker_answers_with_openssh_alone(go_to: GoTo, call: Call, tmp_path: Path) -> None:
    desk = go_to("founded")
    key = ssh_key(tmp_path / "opp")
    added = call("key", "add", f"{key}.pub", "--for", "agency:opp", "--by", "clerk")
    assert "agency:opp is in the key ring" in fine(added).out
    fine(call("request", SLUG, "--key", "clerk"))
    statement = tmp_path / "agency-opp.statement"
    shutil.copy(desk.root / "output" / SLUG / "requests" / statement.name, statement)
    ssh("-Y", "sign", "-n", "signoff@presskit", "-f", str(key), str(statement))
    entered = call("sign", SLUG, "--received", str(statement), f"{statement}.sig")
    assert fine(entered).out.startswith(f"entered: {FOLDER}/")
    assert answers(call)["mention.opp"] == "approved"
    twice = call("sign", SLUG, "--received", str(statement), f"{statement}.sig")
    assert twice.code == 5
    assert "it is a copy of an earlier record" in twice.err


def test_an_answer_by_openssh_is_refused_when_the_words_have_changed(
    go_to: GoTo, call: Call, tmp_path: Path
) -> None:
    desk = go_to("founded")
    key = ssh_key(tmp_path / "opp")
    fine(call("key", "add", f"{key}.pub", "--for", "agency:opp", "--by", "clerk"))
    fine(call("request", SLUG, "--key", "clerk"))
    statement = desk.root / "output" / SLUG / "requests" / "agency-opp.statement"
    ssh("-Y", "sign", "-n", "signoff@presskit", "-f", str(key), str(statement))
    desk.edit("Agencies that helped include:", "Agencies that did not help include:")
    said = call("sign", SLUG, "--received", str(statement), f"{statement}.sig")
    assert said.code == 5
    assert "this answer would not count: the words have changed since it was asked for" in said.err
    assert "ask again: presskit request" in said.err


@pytest.mark.parametrize("spoil", ["statement", "signature", "stranger", "swapped"])
def test_an_answer_by_openssh_that_proves_nothing_is_refused(
    go_to: GoTo, call: Call, tmp_path: Path, spoil: str
) -> None:
    desk = go_to("requested")
    key = ssh_key(tmp_path / "opp")
    if spoil != "stranger":
        fine(call("key", "add", f"{key}.pub", "--for", "agency:opp", "--by", "clerk"))
    statement = desk.root / "output" / SLUG / "requests" / "agency-opp.statement"
    signature = Path(f"{statement}.sig")
    ssh("-Y", "sign", "-n", "signoff@presskit", "-f", str(key), str(statement))
    if spoil == "statement":
        statement.write_bytes(statement.read_bytes().replace(b'"approve"', b'"approvf"'))
    elif spoil == "signature":
        signature.write_text(signature.read_text()[:-60])
    elif spoil == "swapped":
        statement, signature = signature, statement
    before = len(list((desk.root / FOLDER).iterdir()))
    said = call("sign", SLUG, "--received", str(statement), str(signature))
    assert (said.code, said.out) == (5, "")
    assert "[answer-invalid]" in said.err
    assert len(list((desk.root / FOLDER).iterdir())) == before


def test_signing_with_ones_own_openssh_key_is_as_good(go_to: GoTo, call: Call, tmp_path: Path) -> None:
    go_to("requested")
    key = ssh_key(tmp_path / "second")
    fine(call("key", "add", f"{key}.pub", "--for", "person:dusto", "--by", "clerk"))
    fine(call("sign", SLUG, "--ssh-key", str(key)))
    assert answers(call)["quote.dusto"] == "approved"


def ssh_key(file: Path) -> Path:
    ssh("-t", "ed25519", "-N", "", "-C", "", "-f", str(file))
    return file


def ssh(*args: str) -> None:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not on this machine")
    subprocess.run(["ssh-keygen", "-q", *args], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("way", "words"), [("mail", "by mail"), ("phone", "by phone"), ("paper", "on paper")]
)
def test_an_officer_vouches_for_an_answer_and_its_evidence_is_kept(
    go_to: GoTo, call: Call, mail: str, way: str, words: str
) -> None:
    desk = go_to("requested")
    vouched = ("--for", "agency:opp", "--by", way, "--evidence", mail)
    fine(call("sign", SLUG, "--key", "clerk", *vouched, "--note", "Called back"))
    assert f"approved {words} on 2026-11-23, vouched for by The Clerk" in fine(call("status", SLUG)).out
    (kept,) = (desk.root / FOLDER / "evidence").iterdir()
    assert kept.read_bytes() == Path(mail).read_bytes()
    kept.write_text("We do not agree.")
    assert answers(call)["mention.opp"] == "missing"
    assert "the file that shows the answer is missing" in call("status", SLUG).err


def test_a_speakers_rejection_outweighs_a_delegates_approval(go_to: GoTo, call: Call) -> None:
    go_to("requested")
    fine(call("key", "delegate", "person:dusto", "person:lee", "--key", "dusto"))
    assert "person:lee answers for person:dusto" in fine(call("key", "list")).out
    fine(call("sign", SLUG, "--key", "lee"))
    assert answers(call)["quote.dusto"] == "approved"
    no = ("--scope", "quote.dusto", "--reason", "I did not say that")
    fine(call("reject", SLUG, "--key", "dusto", *no))
    assert answers(call)["quote.dusto"] == "rejected"
    fine(call("sign", SLUG, "--key", "lee", "--scope", "quote.dusto"))
    assert answers(call)["quote.dusto"] == "rejected"
    assert "rejected with a key on 2026-11-23: I did not say that" in fine(call("status", SLUG)).out
    fine(call("sign", SLUG, "--key", "dusto"))
    assert answers(call)["quote.dusto"] == "approved"


def test_a_delegate_no_longer_answers_when_that_has_ended(go_to: GoTo, call: Call) -> None:
    go_to("requested")
    fine(call("key", "delegate", "person:dusto", "person:lee", "--key", "dusto"))
    ended = fine(call("key", "delegate", "person:dusto", "person:lee", "--end", "--key", "clerk"))
    assert ended.out == "person:lee answers no longer for person:dusto\n"
    said = call("sign", SLUG, "--key", "lee", "--scope", "quote.dusto")
    assert said.code == 5
    assert "this needs Acting Detective Inspector Dan Dusto, not person:lee." in said.err


def test_a_rejection_of_the_kit_holds_it_up_until_it_is_taken_back(go_to: GoTo, call: Call) -> None:
    go_to("approved")
    fine(call("reject", SLUG, "--key", "lee", "--scope", "kit", "--reason", "The day is not confirmed"))
    fine(call("sign", SLUG, "--key", "kim"))
    assert status(call)["stage"] == "approved"
    assert "rejected by Inspector Lee" in fine(call("status", SLUG)).out
    assert "which is signed off now" in fine(call("sign", SLUG, "--key", "lee")).out


def test_a_broken_glass_signs_off_with_one_signature_and_owes_the_second(go_to: GoTo, call: Call) -> None:
    desk = go_to("approved")
    broken = call("sign", SLUG, "--key", "lee", "--break-glass", "--reason", "Nobody else is on duty")
    assert "which is signed off now" in fine(broken).out
    assert set(desk.built()) == set(FILES)
    found = status(call)
    assert (found["stage"], found["break_glass"], found["second_owed"]) == ("signed_off", True, True)
    words = fine(call("status", SLUG)).out
    assert "signed off by break-glass; a second approval is owed" in words
    assert "BREAK-GLASS by Inspector Lee" in words
    fine(call("sign", SLUG, "--key", "kim"))
    found = status(call)
    assert (found["break_glass"], found["second_owed"]) == (True, False)
    assert "BREAK-GLASS by Inspector Lee" in fine(call("status", SLUG)).out


def test_breaking_the_glass_signs_the_kit_also_for_somebody_whose_words_wait(go_to: GoTo, call: Call) -> None:
    desk = go_to("approved")
    desk.edit("    words: We walk", "    words: All walk")
    fine(call("key", "delegate", "person:dusto", "person:lee", "--key", "dusto"))
    said = call("sign", SLUG, "--key", "lee", "--break-glass", "--reason", "Nobody else is on duty")
    assert said.code == 5, "the quote is not approved yet, and breaking the glass does not approve it"
    assert "has not approved this." in said.err
    assert answers(call)["quote.dusto"] == "changed"


def test_a_revoked_key_signs_no_more_and_what_it_signed_still_counts(go_to: GoTo, call: Call) -> None:
    go_to("approved")
    fine(call("sign", SLUG, "--key", "lee"))
    gone = fine(call("revoke", "person:lee", "--reason", "Left the office", "--key", "clerk"))
    assert gone.out == "1 key of person:lee out of force\n"
    assert status(call)["signers"] == ["person:lee"]
    said = call("sign", SLUG, "--key", "lee")
    assert said.code == 5
    assert "the key of Inspector Lee was revoked: Left the office." in said.err
    assert "which is signed off now" in fine(call("sign", SLUG, "--key", "kim")).out


def test_a_speaker_signs_with_nothing_but_their_own_key_at_hand(
    go_to: GoTo, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_to("requested")
    keep_keys(tmp_path / "own", "dusto")
    monkeypatch.setenv("PRESSKIT_KEYS", str(tmp_path / "own"))
    said = fine(call("sign", SLUG))
    assert said.out.startswith("approved: quote.dusto@en-CA  Acting Detective Inspector Dan Dusto  ")


def test_people_put_words_forward_once(go_to: GoTo, call: Call) -> None:
    desk = go_to("requested")
    before = sorted((desk.root / FOLDER).iterdir())
    assert "you had put these words forward before." in fine(call("request", SLUG, "--key", "clerk")).err
    assert sorted((desk.root / FOLDER).iterdir()) == before


def test_evidence_that_was_spoilt_is_put_right_by_vouching_again(go_to: GoTo, call: Call, mail: str) -> None:
    desk = go_to("requested")
    vouched = ("sign", SLUG, "--key", "clerk", "--for", "agency:opp", "--by", "mail", "--evidence", mail)
    fine(call(*vouched))
    (kept,) = (desk.root / FOLDER / "evidence").iterdir()
    kept.write_text("")
    assert answers(call)["mention.opp"] == "missing"
    fine(call(*vouched))
    assert answers(call)["mention.opp"] == "approved"
    assert kept.read_bytes() == Path(mail).read_bytes()
