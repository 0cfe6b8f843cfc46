from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest

from presskit import pipeline
from presskit.compose.audit import Audit
from presskit.errors import ArchiveDamaged, WrongUsage
from presskit.signoff.acts import Order
from presskit.signoff.envelope import sign
from presskit.signoff.ledger import NewRecord, add_record, folder_of
from presskit.signoff.records import statement_of
from tests.archive.forgery import archive_of, forge, kept
from tests.signed_office import SLUG, SOURCE, Desk, Stages
from tests.signoff.office import decision, key_of

KIT_ID = f"example.org/{SLUG}"
QUOTE, MENTION, KIT = "quote.dusto@en-CA", "mention.opp@en-CA", "kit@en-CA"
STRANGE = "Not so: 𒀀 and 桥, nor Zażółć."


@pytest.fixture
def desk(stages: Stages, tmp_path: Path) -> Desk:
    """An office with one version in its archive."""
    return stages.copy("archived", tmp_path / "office")


def report(desk: Desk) -> Audit:
    return pipeline.audit(SLUG, desk.office).report


def second_version(desk: Desk) -> None:
    """Reword the quote, have it rejected once, and let one person send it out."""
    desk.edit("We walk across it together.", "We all walk across it.")
    desk.edit("opens on Monday", "opens on Tuesday")
    desk.request()
    desk.reject("dusto", "quote.dusto", reason=STRANGE)
    desk.sign("dusto")
    desk.sign("lee", reason="The old bridge is closed.", break_glass=True)
    assert desk.archive() == 2


def test_a_version_is_told_with_the_digests_of_its_files(desk: Desk) -> None:
    (version,) = report(desk).versions
    files = {f.name: (f.size_bytes, f.sha256) for f in version.files}
    for name, content in desk.built().items():
        if not name.endswith("-audit.pdf"):
            assert files[f"kit/{name}"] == (len(content), sha256(content).hexdigest())
    assert set(kept(archive_of(desk))) - set(files) == {
        name for name in kept(archive_of(desk)) if name.startswith(("words/", "sign-off/"))
    }
    assert version.reference == "2026-0001"


def test_everybody_who_approved_is_named_with_what_how_and_in_which_role(desk: Desk) -> None:
    found = report(desk)
    said = [(a.who, a.role, a.scope, a.how) for a in found.approvals]
    assert said == [
        ("Dan Dusto", "speaker", QUOTE, "with a key"),
        ("Ontario Provincial Police", "agency", MENTION, "by mail, vouched for by The Clerk"),
        ("Inspector Lee", "release", KIT, "with a key"),
        ("Inspector Kim", "release", KIT, "with a key"),
    ]
    digests = {passage.scope: passage.digest for passage in found.passages}
    assert {a.scope: a.digest for a in found.approvals[:2]} == digests
    words = sha256(kept(archive_of(desk))["words/kit@en-CA.json"]).hexdigest()
    assert {a.digest for a in found.approvals[2:]} == {words}
    assert (found.rejections, found.break_glass, found.changes) == ((), (), ())


def test_times_are_those_of_the_log(desk: Desk) -> None:
    found = report(desk)
    assert [a.at for a in found.approvals] == sorted({a.at for a in found.approvals})
    assert found.versions[0].at == found.approvals[-1].at
    assert all(a.at.tzinfo is not None for a in found.approvals)


def test_words_that_were_changed_refused_and_sent_out_alone_are_all_told(desk: Desk) -> None:
    second_version(desk)
    found = report(desk)
    assert [version.number for version in found.versions] == [1, 2]
    assert [(r.who, r.scope, r.reason) for r in found.rejections] == [("Dan Dusto", QUOTE, STRANGE)]
    approved = [a.digest for a in found.approvals if a.scope == QUOTE]
    assert len(set(approved)) == len(approved) == 2
    assert approved[-1] == next(p.digest for p in found.passages if p.scope == QUOTE)
    (broken,) = found.break_glass
    assert (broken.who, broken.reason, broken.made_good) == (
        "Inspector Lee",
        "The old bridge is closed.",
        "",
    )
    pieces = {c.scope: [(p.kind, p.words.strip()) for p in c.pieces] for c in found.changes}
    assert pieces["quote dusto"] == [
        ("kept", "We"),
        ("added", "all"),
        ("kept", "walk across"),
        ("removed", "it together."),
        ("added", "it."),
    ]
    assert ("added", "Tuesday.") in pieces["text"]
    assert {(c.before, c.after) for c in found.changes} == {(1, 2)}


def test_who_makes_a_break_glass_good_is_told_once_it_is_archived(desk: Desk) -> None:
    second_version(desk)
    desk.sign("kim")
    assert report(desk).break_glass[0].made_good == ""
    assert desk.archive() == 3
    found = report(desk)
    assert len(found.break_glass) == 1
    confirmed = found.approvals[-1]
    assert confirmed.who == "Inspector Kim"
    assert found.break_glass[0].made_good == f"Inspector Kim, {confirmed.at:%Y-%m-%d %H:%M:%S} UTC"


def test_who_edited_the_words_does_not_make_a_break_glass_good(desk: Desk) -> None:
    desk.edit("opens on Monday", "opens on Tuesday")
    desk.request("kim")
    desk.sign("lee", reason="The old bridge is closed.", break_glass=True)
    own = statement_of(decision(pipeline.standing(SLUG, desk.office).scopes, "person:kim"), KIT_ID)
    new = NewRecord("approve", sign(own, key_of("kim")), {})
    add_record(folder_of(SLUG), desk.workspace, lambda _: new)
    desk.archive()
    assert [a.who for a in report(desk).approvals][-2:] == ["Inspector Lee", "Inspector Kim"]
    assert report(desk).break_glass[0].made_good == ""


def test_an_answer_by_a_delegate_says_for_whom(stages: Stages, tmp_path: Path) -> None:
    desk = stages.copy("requested", tmp_path / "office")
    desk.add_key("aide")
    pipeline.delegate(desk.office, key_of("clerk"), "person:dusto", "person:aide")
    pipeline.sign(SLUG, desk.office, key_of("aide"), Order("approve", ("quote.dusto",)))
    desk.vouch()
    desk.sign("lee")
    desk.sign("kim")
    desk.archive()
    first = report(desk).approvals[0]
    assert (first.who, first.role) == ("Person aide", "for Acting Detective Inspector Dan Dusto")


def test_the_checkpoint_is_the_newest_one_of_the_archive(desk: Desk) -> None:
    second_version(desk)
    found = report(desk).checkpoint
    assert found is not None
    origin, size, root, *_ = archive_of(desk).checkpoint().decode().split("\n")
    assert (found.origin, str(found.size), found.root) == (origin, size, root)
    entries = archive_of(desk).site.log.chain().entries
    assert len(entries) == found.size
    assert found.at == datetime.fromisoformat(str(entries[-1].facts["at"]))


def test_a_character_no_font_has_is_printed_as_its_number_and_told(desk: Desk) -> None:
    second_version(desk)
    done = pipeline.audit(SLUG, desk.office)
    assert done.unprintable == ("𒀀", "桥")
    assert done.path == desk.root / "output" / SLUG / f"{SLUG}-audit.pdf"
    assert done.path.read_bytes().startswith(b"%PDF-")
    assert done.report.rejections[0].reason == STRANGE


def test_the_same_archive_gives_the_same_report(desk: Desk) -> None:
    second_version(desk)
    now = desk.workspace
    first, again = (pipeline.audit(SLUG, pipeline.Office(now)) for _ in range(2))
    assert asdict(first.report) == asdict(again.report)
    content = first.path.read_bytes()
    first.path.unlink()
    assert pipeline.audit(SLUG, pipeline.Office(now)).path.read_bytes() == content


def test_a_report_in_french_says_everything_in_french(stages: Stages, tmp_path: Path) -> None:
    desk = stages.copy("founded", tmp_path / "office")
    house = (desk.root / "data/house.yaml").read_text("utf-8")
    for line in [line for line in house.splitlines() if line.startswith("  en: ")]:
        desk.edit(line, f"{line}\n  fr: Nom français", "data/house.yaml")
    desk.edit("contacts: [ijfs-media]\n", "")
    desk.edit("headline: The bridge opens\n", "language: fr-CA\nheadline: Le *pont* s'ouvre\n")
    desk.edit("  - quote: dusto\n", "")
    desk.edit('  - intro: "Agencies that helped include:"\n    agencies: [opp]\n', "")
    source = desk.root / SOURCE
    text = source.read_text("utf-8")
    source.write_text(text[: text.index("quotes:")], "utf-8")
    desk.request()
    desk.sign("lee")
    desk.sign("kim")
    desk.archive()
    found = report(desk)
    assert found.headline == "Le pont s’ouvre"
    assert {a.how for a in found.approvals} == {"avec une clé"}


def test_a_damaged_archive_vouches_for_nothing(desk: Desk) -> None:
    def edit(files: dict[str, bytes]) -> None:
        files["release.yaml"] += b"# forged\n"

    forge(desk, edit)
    with pytest.raises(ArchiveDamaged, match="not the file that was signed") as refused:
        report(desk)
    assert {problem.code for problem in refused.value.problems} == {"archive-damaged"}
    assert not (desk.root / "output" / SLUG / f"{SLUG}-audit.pdf").exists()


def test_a_forged_checkpoint_is_not_quoted(desk: Desk) -> None:
    note = archive_of(desk).root / "checkpoint"
    note.write_bytes(note.read_bytes().replace(b"\n2\n", b"\n1\n"))
    with pytest.raises(ArchiveDamaged):
        report(desk)


def test_what_is_not_archived_has_no_report(stages: Stages, tmp_path: Path) -> None:
    desk = stages.copy("archived", tmp_path / "office")
    with pytest.raises(WrongUsage) as refused:
        pipeline.audit("tunnel", desk.office)
    assert [problem.code for problem in refused.value.problems] == ["not-archived"]
