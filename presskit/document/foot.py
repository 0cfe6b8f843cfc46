"""What stands under a release in a message, and is no part of it: who sends it, why, and what proves it.

Not here: its words (`compose.cover`), and how it looks (`writers.mail`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Foot:
    """The lines under a release, in reading order."""

    lines: tuple[str, ...]  # sentences, already in their final typography
    links: tuple[tuple[str, str], ...] = ()  # label and address: https: or mailto:
    checkpoint: str = ""  # of the archive, a signed note: not one character of it may change; "": none yet
    meaning: str = ""  # what the checkpoint is good for, printed before it
