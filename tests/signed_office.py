"""An office whose one release goes all the way from its key ring to the archive; the stages are made once.

Tests copy the folder of the stage they start from: making it anew costs seconds, a copy hundredths.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

from presskit import pipeline
from presskit.first_office import start_office
from presskit.signoff.acts import Evidence, Order, Signed
from presskit.signoff.keys import Key, seal
from presskit.signoff.ring_acts import NewHolder
from presskit.workspace import Workspace
from tests.signoff.office import key_of

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SLUG, OBJECT = "bridge-opening", "urn:presskit:example.org:bridge-opening"
RING_OBJECT = "urn:presskit:example.org:key-ring"
SOURCE = f"data/releases/{SLUG}/release.yaml"
FOLDER = f"data/releases/{SLUG}/sign-off"
PASSPHRASE = "four words that fit well"
FILES = tuple(f"{SLUG}{ending}" for ending in (".pdf", "-press.pdf", ".docx", ".html", ".txt"))
RELEASE = """\
headline: The bridge opens
issued: 2026-11-23
dateline: ORILLIA, ON
contacts: [ijfs-media]
body:
  - It opens on Monday.
  - quote: dusto
  - intro: "Agencies that helped include:"
    agencies: [opp]
quotes:
  - id: dusto
    speaker: dusto
    words: We walk across it together.
"""

HOLDERS = {
    "clerk": ("The Clerk", ("keeper", "officer")),
    "lee": ("Inspector Lee", ("release",)),
    "kim": ("Inspector Kim", ("release",)),
    "dusto": ("", ()),
}
"""Whose keys there are: person → name, roles.  The clerk keeps the ring and edits; Lee and Kim clear kits."""

Stage = Literal["founded", "requested", "approved", "signed", "archived"]


@dataclass
class Desk:
    """The office in a folder; a minute goes by with each act."""

    root: Path
    minutes: int = 0

    @property
    def workspace(self) -> Workspace:
        """The office's folder, a minute later than last time."""
        self.minutes += 1
        return Workspace(self.root, NOW + timedelta(minutes=self.minutes))

    @property
    def office(self) -> pipeline.Office:
        """The office as it is on disk now."""
        return pipeline.Office(self.workspace)

    def add_key(self, who: str, by: str = "clerk", *, key: Key | None = None) -> None:
        """Add somebody to the key ring; it takes the key of the same name."""
        name, roles = HOLDERS.get(who, (f"Person {who}", ()))
        holder = NewHolder(f"person:{who}", name, roles)
        pipeline.add_key(self.office, key_of(by), (key or key_of(who)).public, holder)

    def request(self, who: str = "clerk", slug: str = SLUG) -> None:
        """Put the words forward."""
        pipeline.request(slug, self.office, key_of(who))

    def sign(
        self, who: str, *scopes: str, slug: str = SLUG, reason: str = "", break_glass: bool = False
    ) -> Signed:
        """Sign what waits for somebody, or what is named."""
        order = Order("approve", scopes, break_glass=break_glass, reason=reason)
        return pipeline.sign(slug, self.office, key_of(who), order)

    def reject(self, who: str, *scopes: str, reason: str = "Not so.", slug: str = SLUG) -> Signed:
        """Reject what is named."""
        return pipeline.sign(slug, self.office, key_of(who), Order("reject", scopes, reason=reason))

    def vouch(self, principal: str = "agency:opp", mail: bytes = b"We agree.", slug: str = SLUG) -> Signed:
        """Enter an approval that came by mail, vouched for by the clerk."""
        order = Order("approve", (), principal, "mail", Evidence("answer.eml", mail))
        return pipeline.sign(slug, self.office, key_of("clerk"), order)

    def clear(self, slug: str = SLUG) -> Signed:
        """Take a release from its words to its sign-off."""
        self.request(slug=slug)
        self.sign("dusto", slug=slug)
        self.vouch(slug=slug)
        self.sign("lee", slug=slug)
        return self.sign("kim", slug=slug)

    def archive(self, who: str = "clerk", slug: str = SLUG) -> int:
        """Deposit a release; the version it has then."""
        return pipeline.deposit(slug, self.office, key_of(who)).deposited.version

    def edit(self, old: str, new: str, file: str = SOURCE) -> None:
        """Change words of a file."""
        content = (self.root / file).read_text("utf-8")
        assert old in content, f"{file} does not say {old!r}"
        (self.root / file).write_text(content.replace(old, new), "utf-8", newline="")

    def built(self, slug: str = SLUG) -> dict[str, bytes]:
        """Return the files of a kit as they lie in output/."""
        folder = self.root / "output" / slug
        return {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if p.is_file()}


class Stages:
    """The folders of all stages, each made from the one before when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.made: dict[Stage, Path] = {}

    def copy(self, stage: Stage, target: Path) -> Desk:
        """Return a copy of the office at a stage."""
        shutil.copytree(self._stage(stage), target)
        return Desk(target.resolve(), 100)

    def _stage(self, stage: Stage) -> Path:
        if stage not in self.made:
            root = self.folder / stage
            match stage:
                case "founded":
                    _found(root)
                case "requested":
                    self._next(root, "founded", Desk.request)
                case "approved":
                    self._next(root, "requested", lambda desk: (desk.sign("dusto"), desk.vouch()))
                case "signed":
                    self._next(root, "approved", lambda desk: (desk.sign("lee"), desk.sign("kim")))
                case "archived":
                    self._next(root, "signed", Desk.archive)
            self.made[stage] = root
        return self.made[stage]

    def _next(self, root: Path, before: Stage, act: Callable[[Desk], object]) -> None:
        shutil.copytree(self._stage(before), root)
        act(Desk(root, 20 * len(self.made)))


def _found(root: Path) -> None:
    workspace = start_office(root, NOW)
    shutil.rmtree(root / "data" / "releases")
    workspace.add(SOURCE, RELEASE.encode())
    desk = Desk(root)
    for who in HOLDERS:
        desk.add_key(who)


@cache
def sealed_key(who: str) -> bytes:
    """Return somebody's key file, which takes a third of a second to encrypt."""
    return seal(key_of(who), PASSPHRASE.encode())


def keep_keys(folder: Path, *names: str) -> None:
    """Lay keys into a folder as `presskit key new` does."""
    folder.mkdir(parents=True, exist_ok=True)
    for who in names:
        (folder / f"{who}.key").write_bytes(sealed_key(who))
        (folder / f"{who}.pub").write_text(f"{key_of(who).public.line} {who}\n")
