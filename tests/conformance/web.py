"""What a page and a message have to stand alike: the HTML checker, and proof that axe notices what breaks.

Not here: the judges themselves (`judges`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.conformance import judges

GUESS = "This document appears to be written in"  # the checker's guess at the language of odd words


def invalid(files: Sequence[Path]) -> dict[str, list[str]]:
    """Return what the HTML checker finds in each file in which it finds something."""
    found = {
        file.stem: [finding for finding in findings if GUESS not in finding]
        for file, findings in judges.html_validator(list(files)).items()
    }
    return {name: findings for name, findings in found.items() if findings}


def unnoticed(breaks: Mapping[str, tuple[Path, str, str]], folder: Path) -> list[str]:
    """Return the rules of axe that say nothing of a file in which what they are about is broken.

    Args:
        breaks: by rule a file, what stands in it, and what takes its place.
    """
    views = {}
    for rule, (source, whole, broken) in breaks.items():
        text = source.read_text("utf-8")
        assert whole in text, rule
        file = folder / f"{rule}.html"
        file.write_text(text.replace(whole, broken), "utf-8")
        views[rule] = judges.View(file, 320)
    verdicts = judges.axe_views(list(views.values()))
    return [
        rule
        for rule, view in views.items()
        if not any(finding.startswith(rule) for finding in verdicts[view])
    ]
