"""An approval sheet and an audit report, with everything each can say."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from presskit.compose.audit import (
    Approval,
    Audit,
    BreakGlass,
    Change,
    Checkpoint,
    File,
    Mailing,
    Piece,
    Rejection,
    ToList,
    Version,
    compose_audit,
)
from presskit.compose.sheet import Passage, Sheet, compose_sheet
from presskit.document.nodes import Document
from tests.documents.content import HEADLINE, SPEECH
from tests.documents.parts import EASTERN, HEAD, pack

KIT = "example.org/ijfs-world-day"
NOON = datetime(2025, 7, 29, 16, 0, 5, tzinfo=UTC)
SPEAKER = "Acting Detective Inspector Dan Dusto, IJFS Lead"


def paperwork() -> dict[str, Document]:
    """Return the documents that are no release by name."""
    return {"sheet": compose_sheet(sheet(), pack()), "audit": compose_audit(audit(), pack())}


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


QUOTE = Passage("block:quote.dusto@en-CA", "quote", (SPEECH[1:-1],), SPEAKER, fingerprint("quote"))
MENTION = Passage(
    "block:agencies.1.opp@en-CA",
    "mention",
    ("IJFS partner agencies who supported this investigation include:",),
    "Ontario Provincial Police",
    fingerprint("mention"),
)


def sheet() -> Sheet:
    """The sheet of a person who speaks for an agency that is named too."""
    return Sheet(
        kit=KIT,
        slug="ijfs-world-day",
        language="en-CA",
        office="IJFS",
        issuer=HEAD.masthead.issuer,
        headline=HEADLINE,
        issued=datetime(2025, 7, 30, tzinfo=EASTERN),
        embargo="EMBARGOED UNTIL 9\u00a0a.m. EDT, Wednesday, July\u00a030, 2025",
        approver="the Ontario Provincial Police",
        passages=(QUOTE, MENTION),
        how=(
            "Please answer by noon on Tuesday, July\u00a029.",
            "Answer the e-mail this sheet came with, or complete the form below and send it to "
            "media@example.org.",
        ),
    )


def audit() -> Audit:
    """The report of a kit that was corrected, refused once and sent without all approvals."""
    files = (
        ("ijfs-world-day.pdf", 184_221),
        ("ijfs-world-day-press.pdf", 201_774),
        ("ijfs-world-day.txt", 5_120),
    )
    versions = tuple(
        Version(
            n,
            NOON + timedelta(days=n),
            f"2025-{13 + n}",
            tuple(File(name, size + n, fingerprint(f"{name} {n}")) for name, size in files),
        )
        for n in (1, 2)
    )
    return Audit(
        kit=KIT,
        slug="ijfs-world-day",
        language="en-CA",
        office="IJFS",
        issuer=HEAD.masthead.issuer,
        headline=HEADLINE,
        made=datetime(2025, 8, 5, 9, 30, tzinfo=EASTERN),
        versions=versions,
        passages=(QUOTE, MENTION),
        approvals=(
            Approval(NOON, "Dan Dusto", "speaker", QUOTE.scope, "passkey", QUOTE.digest),
            Approval(
                NOON + timedelta(minutes=7),
                "Media desk of the Ontario Provincial Police",
                "agency",
                MENTION.scope,
                "letter, entered by the release officer",
                MENTION.digest,
            ),
            Approval(
                NOON + timedelta(hours=1), "Release officer", "", "kit@en-CA", "account", fingerprint("kit")
            ),
        ),
        rejections=(
            Rejection(
                NOON - timedelta(hours=3),
                "Dan Dusto",
                QUOTE.scope,
                "I said \u201ccomplex and persistent\u201d, not \u201ccomplex\u201d.",
            ),
        ),
        break_glass=(
            BreakGlass(NOON + timedelta(hours=2), "Director", "A child is missing.", ""),
            BreakGlass(
                NOON + timedelta(days=1),
                "Director",
                "The same child was found.",
                "Release officer, 2025-07-31 08:00:00 UTC",
            ),
        ),
        changes=(
            Change(
                QUOTE.scope,
                1,
                2,
                (
                    Piece("kept", "Human trafficking is a"),
                    Piece("removed", "complex"),
                    Piece("added", "complex and persistent"),
                    Piece("kept", "threat."),
                ),
            ),
        ),
        mailings=(
            Mailing(
                queued=NOON + timedelta(days=1),
                first=NOON + timedelta(days=1, minutes=1),
                last=NOON + timedelta(days=1, minutes=1),
                version=1,
                early=True,
                lists=(ToList("trusted", 4),),
                messages=(File("deliveries/message-en-CA-1a2b3c4d.eml", 410_000, fingerprint("early")),),
                sent=4,
                refused=0,
                in_doubt=0,
                waiting=0,
                left_out=0,
                cancelled=0,
            ),
            Mailing(
                queued=NOON + timedelta(days=2),
                first=NOON + timedelta(days=2, minutes=1),
                last=NOON + timedelta(days=3),
                version=2,
                early=False,
                lists=(ToList("dailies", 1203), ToList("radio", 17)),
                messages=(
                    File("deliveries/message-en-CA-5e6f7a8b.eml", 410_000, fingerprint("with PDF")),
                    File("deliveries/message-en-CA-9c0d1e2f.eml", 90_000, fingerprint("text alone")),
                ),
                sent=1200,
                refused=9,
                in_doubt=1,
                waiting=6,
                left_out=3,
                cancelled=1,
            ),
            Mailing(
                queued=NOON + timedelta(days=4),
                first=None,
                last=None,
                version=2,
                early=False,
                lists=(ToList("dailies", 2),),
                messages=(File("deliveries/message-en-CA-5e6f7a8b.eml", 410_000, fingerprint("with PDF")),),
                sent=0,
                refused=0,
                in_doubt=0,
                waiting=2,
                left_out=0,
                cancelled=0,
            ),
        ),
        checkpoint=Checkpoint(
            "example.org/presskit", 4711, "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=", NOON
        ),
    )
