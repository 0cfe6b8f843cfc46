"""Turns archives that presskit wrote into the findings of ocfl-py and bagit, many of them in one call.

Not here: what other judges say of single files (`judges`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.judges import JudgeFailed, _reports, _run, _shown, _tool

PYTHON = "ocfl-py/bin/python"


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What the judges found; an empty list is a pass."""

    objects: Mapping[Path, list[str]]  # codes of OCFL, "E023"
    roots: Mapping[Path, list[str]]
    bags: Mapping[Path, list[str]]


def judge(objects: Sequence[Path] = (), roots: Sequence[Path] = (), bags: Sequence[Path] = ()) -> Verdicts:
    """Return what ocfl-py finds in objects and storage roots, and bagit in bags.

    Raises:
        JudgeFailed: a judge crashed, is absent, or passed over a folder.
    Source: OCFL 1.0 and 1.1, by ocfl-py, whose author edits the specification; RFC 8493, by bagit.
    """
    asked = {"objects": objects, "roots": roots, "bags": bags}
    given = {
        kind: [str(folder.resolve(strict=True)) for folder in folders] for kind, folders in asked.items()
    }
    script = Path(__file__).with_name("ocfl_judge.py")
    done = _run((str(_tool("ocfl-py", PYTHON)), str(script)), given=json.dumps(given))
    (said,) = _reports(done)
    if {kind: list(found) for kind, found in said.items()} != given or not any(given.values()):
        raise JudgeFailed(f"not every folder was judged: {_shown(done)}")
    found = {kind: dict(zip(folders, said[kind].values(), strict=True)) for kind, folders in asked.items()}
    return Verdicts(**found)
