"""What is still missing to the papers each outside approver gets: their own words, and nothing else.

Each gets a sheet as PDF and Word file, the text of a mail, and a file that `ssh-keygen` can sign.  Not here:
what an answer is worth (`state`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from presskit.compose.sheet import Passage, Sheet, compose_sheet
from presskit.document.nodes import Document, Notice
from presskit.document.walk import plain
from presskit.errors import Problem
from presskit.model.pack import Pack
from presskit.signoff.envelope import payload_of, pre_authentication
from presskit.signoff.records import Decision, Logged, statement_of
from presskit.signoff.scopes import Part, Scope
from presskit.signoff.standing import Standing
from presskit.workspace import Workspace
from presskit.writers import WRITERS

FORMATS = "pdf", "docx", "text"


@dataclass(frozen=True, slots=True)
class Request:
    """What one approver is asked."""

    principal: str  # "person:dusto"
    owner: str  # their name as it is printed
    parts: tuple[Part, ...]
    message: bytes  # what ssh-keygen is to sign

    @property
    def name(self) -> str:
        """What the files are called."""
        return self.principal.replace(":", "-")


@dataclass(frozen=True, slots=True)
class Requested:
    """What came of putting a release's words forward."""

    record: Logged | None  # none: they had been put forward by the same person
    requests: tuple[Request, ...]
    paths: tuple[Path, ...]  # of the papers
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ToBeSigned:
    """What somebody is shown before they sign."""

    passages: tuple[Passage, ...]
    kit: str  # text of the whole release; "" if only parts are signed
    early: str  # the time before which trusted lists may get it; "" if that is not signed
    seen: Mapping[str, str]  # scope → digest


def open_requests(standing: Standing, now: datetime) -> tuple[Request, ...]:
    """Return a request for everybody whose approval is missing, in the order of the release."""
    asked: dict[str, list[Part]] = {}
    for found in standing.state.missing:
        asked.setdefault(found.part.principal, []).append(found.part)
    return tuple(_request(principal, parts, standing, now) for principal, parts in asked.items())


def _request(principal: str, parts: list[Part], standing: Standing, now: datetime) -> Request:
    decision = Decision(
        act="approve",
        principal=principal,
        method="key",
        scopes={part.name: part.digest for part in parts},
        files={},
        whole=standing.scopes.whole.digest,
        at=now.astimezone(UTC).isoformat(timespec="seconds"),
    )
    message = pre_authentication(payload_of(statement_of(decision, standing.scopes.kit)))
    return Request(principal, parts[0].owner, tuple(parts), message)


def request_files(request: Request, kit: str, document: Document, pack: Pack) -> Mapping[str, bytes]:
    """Return the papers of one request, by file name.

    Args:
        document: the release, for its head only.
    """
    sheet = compose_sheet(_sheet(request, kit, document, pack), pack)
    files = {
        WRITERS[name].file_name(request.name): WRITERS[name].write(sheet, pack.theme) for name in FORMATS
    }
    return {**files, f"{request.name}.statement": request.message}


def stale_papers(workspace: Workspace, slug: str, fresh: Collection[str]) -> tuple[str, ...]:
    """Return the papers of earlier requests that are asked of nobody now: who finds one might answer it.

    Answers that came back, such as a .sig, are no papers of ours.
    """
    names = workspace.names(f"output/{slug}/requests")
    return tuple(name for name in names if _PAPER.fullmatch(name) and name not in fresh)


_PAPER = re.compile(r"(person|agency)-[a-z0-9-]+\.(pdf|docx|txt|statement)")


def _sheet(request: Request, kit: str, document: Document, pack: Pack) -> Sheet:
    head, labels = document.head, pack.wording.sheet
    embargoes = [b for b in document.blocks if isinstance(b, Notice) and b.kind == "embargo"]
    return Sheet(
        kit=kit,
        slug=f"{head.slug}-{request.name}",
        language=head.language,
        office=head.office,
        issuer=head.masthead.issuer,
        headline=head.title,
        issued=head.issued,
        embargo=plain(embargoes[0].content) if embargoes else "",
        approver=request.owner,
        passages=tuple(map(passage_of, request.parts)),
        how=(labels.how_reply, labels.how_sign.replace("{file}", f"{request.name}.statement")),
    )


def time_in(early: Scope) -> str:
    """Return the time before which a release is let out to trusted lists: made of what the digest covers."""
    return str(json.loads(early.content)["early"]["embargo"])


def shown_scope(name: str) -> str:
    """Return a scope as people read it: quote.dusto@en-CA."""
    return name.removeprefix("block:")


def passage_of(part: Part) -> Passage:
    """Return a part as it is shown to whoever answers for it: made of exactly what its digest covers."""
    block = json.loads(part.content)["block"]
    if part.kind == "mention":
        said = tuple(intro for intro in block["said"] if intro)
        return Passage(shown_scope(part.name), "mention", said, block["agency"]["name"], part.digest)
    speaker = block["speaker"]
    title = speaker.get("title") or speaker.get("organisation") or ""
    return Passage(
        shown_scope(part.name),
        "quote",
        tuple(block["words"]),
        ", ".join(filter(None, (part.owner, title))),
        part.digest,
    )
